//! Documents as a workbook: a sheet of contents and words, then one sheet per table with typed cells.
//!
//! Numbers stay numbers at full precision and are shown as APA sets them; words are written as text and never as
//! formulas, whatever they begin with.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::columns::is_numeric;
use super::{Block, Document, DocumentError, Exhibit, checks_table};
use crate::table::{Cell, Verdict};

/// Excel takes no longer names of sheets.
const LONGEST_NAME: usize = 31;
/// Excel takes no longer texts in a cell.
const LONGEST_TEXT: usize = 32_767;

/// Width of the column of words on the first sheet, and widest column of words on any other, in characters.
const FRONT_WIDTH: usize = 100;
const WIDEST: usize = 60;

/// A name that Excel allows and that no other sheet has.
fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let clean: String =
        wanted.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c }).collect();
    let clean = if clean.trim().is_empty() { "table".to_owned() } else { clean };
    // Excel counts in UTF-16.
    let cut = |text: &str, most: usize| {
        let mut out = String::new();
        for c in text.chars() {
            if out.encode_utf16().count() + c.len_utf16() > most {
                break;
            }
            out.push(c);
        }
        out
    };
    // Excel keeps this name for itself.
    let reserved = |name: &str| name.eq_ignore_ascii_case("history");
    let free = |name: &str| {
        !reserved(name) && !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let whole = cut(&clean, LONGEST_NAME);
    if free(&whole) {
        return whole;
    }
    // Among as many names as there are sheets one is free.
    (2..=taken.len() + 3)
        .map(|i| format!("{}_{i}", cut(&clean, LONGEST_NAME - 5)))
        .find(|name| free(name))
        .unwrap_or(whole)
}

/// Text as Excel takes it.
fn clean(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    match text.char_indices().nth(LONGEST_TEXT - 1) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

/// How numbers are shown: no leading zero for what cannot exceed 1, a true minus.
fn number_format(digits: usize, bounded: bool) -> String {
    let places = "0".repeat(digits);
    let body = match (digits, bounded) {
        (0, _) => "0".to_owned(),
        (_, true) => format!(".{places}"),
        (_, false) => format!("0.{places}"),
    };
    format!("{body};\"−\"{body};{body}")
}

/// Probabilities, with the ends in words.
const PROBABILITY: &str = "[<0.0005]\"< .001\";[>0.9995]\"> .999\";.000";

fn fill(verdict: Verdict) -> Option<(u32, u32)> {
    match verdict {
        Verdict::Ok => Some((0x00E6_F4EC, 0x0017_703F)),
        Verdict::Check => Some((0x00FD_F1DB, 0x008A_5300)),
        Verdict::Fail => Some((0x00FD_EAE8, 0x00B3_261E)),
        Verdict::Info | Verdict::NotApplicable => None,
    }
}

fn tinted(format: Format, verdict: Option<Verdict>) -> Format {
    match verdict.and_then(fill) {
        Some((back, ink)) => {
            format.set_background_color(Color::RGB(back)).set_font_color(Color::RGB(ink)).set_bold()
        }
        None => format,
    }
}

/// One column of a sheet: a column of the table, or one end of an interval.
#[derive(Clone, Copy)]
enum Source {
    Whole(usize),
    Low(usize),
    High(usize),
    /// Small words below the cells of a column of words.
    Below(usize),
}

fn sources(exhibit: &Exhibit) -> Vec<(Source, String)> {
    let table = &exhibit.table;
    let say = |english: &'static str| table.language.say(english).into_owned();
    let mut out = Vec::new();
    for (c, column) in table.columns.iter().enumerate() {
        if table.is_interval(c) {
            out.push((Source::Low(c), format!("{}, {}", column.heading, say("low"))));
            out.push((Source::High(c), format!("{}, {}", column.heading, say("high"))));
            continue;
        }
        out.push((Source::Whole(c), column.heading.clone()));
        if !is_numeric(Some(column)) && exhibit.below.keys().any(|(_, at)| *at == c) {
            out.push((Source::Below(c), say("Label")));
        }
    }
    out
}

/// Writes one sheet per table.
struct Sheet<'a> {
    page: &'a mut Worksheet,
    row: u32,
    /// Whether words wrap in the first column.
    wraps: bool,
}

impl Sheet<'_> {
    fn words(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.page.write_string_with_format(self.row, 0, clean(text), format)?;
        if self.wraps {
            // Not every program makes room for wrapped words by itself.
            let lines = text.width().div_ceil(FRONT_WIDTH - 6).max(1);
            self.page.set_row_height(self.row, 15.0 * lines as f64)?;
        }
        self.row += 1;
        Ok(())
    }

    fn table(&mut self, exhibit: &Exhibit) -> Result<(), XlsxError> {
        let sources = sources(exhibit);
        let head = Format::new()
            .set_bold()
            .set_border_bottom(FormatBorder::Thin)
            .set_border_top(FormatBorder::Medium);
        let mut widths = vec![0_usize; sources.len()];
        let heading = self.row;
        for (at, (source, words)) in sources.iter().enumerate() {
            let numeric = match source {
                Source::Whole(c) => is_numeric(exhibit.table.columns.get(*c)),
                Source::Below(_) => false,
                Source::Low(_) | Source::High(_) => true,
            };
            let format = if numeric { head.clone().set_align(FormatAlign::Right) } else { head.clone() };
            self.page.write_string_with_format(heading, column(at), clean(words), &format)?;
            if let Some(width) = widths.get_mut(at) {
                *width = words.width();
            }
        }
        self.row += 1;
        for r in 0..exhibit.table.rows.len() {
            let mut lines = 1;
            for (at, (source, _)) in sources.iter().enumerate() {
                let width = self.cell(exhibit, r, *source, column(at))?;
                lines = lines.max(width.div_ceil(WIDEST));
                if let Some(widest) = widths.get_mut(at) {
                    *widest = (*widest).max(width);
                }
            }
            if lines > 1 {
                self.page.set_row_height(self.row, 15.0 * lines as f64)?;
            }
            self.row += 1;
            // What stands below numbers, such as upper bounds, has a line of its own.
            let mut any = false;
            for (at, (source, _)) in sources.iter().enumerate() {
                if let Source::Whole(c) = source
                    && is_numeric(exhibit.table.columns.get(*c))
                    && let Some(words) = exhibit.below.get(&(r, *c))
                {
                    let small = Format::new().set_font_size(8).set_align(FormatAlign::Right);
                    self.page.write_string_with_format(self.row, column(at), clean(words), &small)?;
                    any = true;
                }
            }
            self.row += u32::from(any);
        }
        for (at, width) in widths.iter().enumerate() {
            self.page.set_column_width(column(at), (*width as f64 + 2.0).clamp(7.0, WIDEST as f64 + 2.0))?;
        }
        self.page.set_freeze_panes(heading + 1, 1)?;
        self.page.set_repeat_rows(heading, heading)?;
        Ok(())
    }

    /// Writes one cell; returns how wide it is shown.
    fn cell(&mut self, exhibit: &Exhibit, r: usize, source: Source, at: u16) -> Result<usize, XlsxError> {
        let table = &exhibit.table;
        let (Source::Whole(c) | Source::Low(c) | Source::High(c) | Source::Below(c)) = source;
        let Some(cell) = table.rows.get(r).and_then(|row| row.get(c)) else { return Ok(0) };
        let row = self.row;
        if let Source::Below(_) = source {
            let words = exhibit.below.get(&(r, c)).map_or("", String::as_str);
            if !words.is_empty() {
                self.page.write_string(row, at, clean(words))?;
            }
            return Ok(words.width());
        }
        let mark = exhibit.marks.get(&(r, c)).copied();
        let number = |value: f64, format: &str| {
            let format = tinted(Format::new().set_num_format(format).set_align(FormatAlign::Right), mark);
            (value, format)
        };
        let (value, format) = match (cell, source) {
            (Cell::Number { value, digits, bounded }, _) => number(*value, &number_format(*digits, *bounded)),
            (Cell::Integer(value), _) => number(*value as f64, &number_format(0, false)),
            (Cell::Probability(p), _) => number(*p, PROBABILITY),
            (Cell::Interval { low, digits, .. }, Source::Low(_)) => {
                number(*low, &number_format(*digits, true))
            }
            (Cell::Interval { high, digits, .. }, _) => number(*high, &number_format(*digits, true)),
            // The upper end of what is no interval stays empty.
            (_, Source::High(_)) => return Ok(0),
            _ => {
                let shown = cell.show_in(table.language);
                let verdict = match cell {
                    Cell::Verdict(verdict, _) => Some(*verdict),
                    _ => mark,
                };
                if !shown.is_empty() {
                    let long = shown.width() > WIDEST;
                    let format = Format::new().set_align(FormatAlign::Top);
                    let format = tinted(if long { format.set_text_wrap() } else { format }, verdict);
                    self.page.write_string_with_format(row, at, clean(&shown), &format)?;
                }
                return Ok(shown.width());
            }
        };
        if value.is_finite() {
            self.page.write_number_with_format(row, at, value, &format)?;
        } else {
            self.page.write_string(row, at, table.language.say("n/a"))?;
        }
        Ok(table.shown(r, c).width())
    }
}

/// Excel has 16,384 columns; a table beyond that is refused by the library, not wrapped around.
fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

impl Document {
    /// The document as a workbook.
    ///
    /// # Errors
    /// [`DocumentError::Workbook`] if Excel's limits are exceeded.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, DocumentError> {
        let mut book = Workbook::new();
        // The time of writing would make two runs differ.
        let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(
            &DocProperties::new()
                .set_title(clean(&self.title).chars().take(250).collect::<String>())
                .set_creation_datetime(&epoch),
        );
        let title = Format::new().set_bold().set_font_size(14);
        let bold = Format::new().set_bold();
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let plain = Format::new();
        let mut names = vec![sheet_name(&self.language.say("Contents"), &[])];
        let tables = self.tables(&mut names);
        let front = book.add_worksheet();
        front.set_name(names.first().cloned().unwrap_or_default())?;
        front.set_column_width(0, FRONT_WIDTH as f64)?;
        front.set_paper_size(9);
        front.set_print_fit_to_pages(1, 0);
        let mut sheet = Sheet { page: front, row: 0, wraps: true };
        if !self.title.is_empty() {
            sheet.words(&self.title, &title)?;
        }
        for line in self.other_title.iter().map(|(title, _)| title).chain(&self.subtitle) {
            sheet.words(line, &wrapped)?;
        }
        for (name, value) in &self.strip {
            sheet.words(&format!("{name}: {value}"), &wrapped)?;
        }
        let (mut next, mut figures) = (0, 0);
        for part in &self.parts {
            if !part.heading.is_empty() {
                sheet.row += 1;
                sheet.words(&part.heading, &bold)?;
            }
            for block in &part.blocks {
                match block {
                    Block::Paragraph(words)
                    | Block::Lead(words)
                    | Block::Note(words)
                    | Block::Paste(words) => {
                        sheet.words(words, &wrapped)?;
                    }
                    Block::Alarm(verdict, heading, lines) => {
                        sheet.words(&format!("{} {heading}", verdict.symbol()), &bold)?;
                        for line in lines {
                            sheet.words(&format!("– {line}"), &wrapped)?;
                        }
                    }
                    Block::Checks(_) | Block::Exhibit(_) => {
                        if let Some((name, words, exhibit)) = tables.get(next) {
                            let target = format!("internal:'{name}'!A1");
                            sheet.page.write_url_with_text(sheet.row, 0, target.as_str(), clean(words))?;
                            sheet.row += 1;
                            if !exhibit.reading.is_empty() {
                                sheet.words(&exhibit.reading, &wrapped)?;
                            }
                        }
                        next += 1;
                    }
                    Block::Figure(figure) => {
                        figures += 1;
                        let words = format!(
                            "{} {figures}. {}. {}",
                            self.language.say("Figure"),
                            figure.title.trim_end_matches('.'),
                            figure.caption
                        );
                        sheet.words(&words, &wrapped)?;
                        picture(&mut sheet, figure)?;
                    }
                    Block::References(heading, works) => {
                        sheet.words(heading, &bold)?;
                        for work in works {
                            sheet.words(work, &wrapped)?;
                        }
                    }
                }
            }
        }
        for (name, words, exhibit) in &tables {
            let sheet = book.add_worksheet();
            sheet.set_name(name)?;
            let mut sheet = Sheet { page: sheet, row: 0, wraps: false };
            sheet.words(words, &bold)?;
            sheet.table(exhibit)?;
            for note in &exhibit.table.notes {
                sheet.words(note, &plain)?;
            }
            if !exhibit.reading.is_empty() {
                sheet.words(&exhibit.reading, &plain)?;
            }
            sheet.page.set_landscape();
            sheet.page.set_paper_size(9);
            sheet.page.set_print_fit_to_pages(1, 0);
        }
        Ok(book.save_to_buffer()?)
    }

    /// Every table with the name of its sheet and its numbered title.
    fn tables(&self, names: &mut Vec<String>) -> Vec<(String, String, Exhibit)> {
        let mut tables = Vec::new();
        let mut number = 0;
        for block in self.parts.iter().flat_map(|part| &part.blocks) {
            let (words, exhibit) = match block {
                Block::Checks(lights) => {
                    let exhibit = Exhibit::new(checks_table(lights, self.language));
                    (exhibit.table.title.clone(), exhibit)
                }
                Block::Exhibit(exhibit) => {
                    number += 1;
                    let words = format!("{} {number}. {}", self.language.say("Table"), exhibit.table.title);
                    (words, exhibit.clone())
                }
                _ => continue,
            };
            let name = sheet_name(&exhibit.table.key, names);
            names.push(name.clone());
            tables.push((name, words, exhibit));
        }
        tables
    }
}

/// A drawing on the sheet of contents, as wide as its column.
#[cfg(feature = "png")]
fn picture(sheet: &mut Sheet<'_>, figure: &super::Figure) -> Result<(), DocumentError> {
    let refuse = |error: crate::plot::PlotError| DocumentError::Figure {
        figure: figure.title.clone(),
        reason: error.to_string(),
    };
    let raster = crate::plot::rasterise(&figure.svg, 2.0).map_err(refuse)?;
    let width = f64::from(raster.natural_width).min(700.0);
    let scale = width / f64::from(raster.width.max(1));
    let image = rust_xlsxwriter::Image::new_from_buffer(&raster.bytes)?
        .set_scale_width(scale)
        .set_scale_height(scale)
        .set_alt_text(figure.alternative().chars().take(240).collect::<String>());
    sheet.page.insert_image(sheet.row, 0, &image)?;
    // Rows are 20 px high.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rows = (f64::from(raster.height) * scale / 20.0).ceil() as u32;
    sheet.row += rows + 2;
    Ok(())
}

#[cfg(not(feature = "png"))]
#[allow(clippy::unnecessary_wraps, reason = "same shape as with the feature")]
fn picture(_: &mut Sheet<'_>, _: &super::Figure) -> Result<(), DocumentError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_legal_and_different_names() {
        let long = "x".repeat(500);
        let first = sheet_name(&long, &[]);
        assert_eq!(first.len(), 31);
        let second = sheet_name(&long, std::slice::from_ref(&first));
        assert!(second != first && second.len() <= 31);
        assert_eq!(sheet_name("a/b:[c]'", &[]), "a_b__c__");
        assert_eq!(sheet_name("Paths", &["paths".to_owned()]), "Paths_2");
        assert_eq!(sheet_name("History", &[]), "History_2");
        assert_eq!(sheet_name(" ", &[]), "table");
    }

    #[test]
    fn numbers_are_shown_as_apa_sets_them() {
        assert_eq!(number_format(3, true), ".000;\"−\".000;.000");
        assert_eq!(number_format(2, false), "0.00;\"−\"0.00;0.00");
        assert_eq!(number_format(0, false), "0;\"−\"0;0");
    }
}
