//! Documents as a workbook: a sheet of contents and words, then one sheet per table with typed cells.
//!
//! Numbers stay numbers at full precision and are shown as APA sets them; words are written as text and never as
//! formulas, whatever they begin with.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};

use super::sheet::{FRONT_WIDTH, ROW, Sheet, clean, front_lines};
use super::{Block, Document, DocumentError, Exhibit, Light, checks_table};
use crate::table::Verdict;

/// Excel takes no longer names of sheets.
const LONGEST_NAME: usize = 31;

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
        let mut names = vec![sheet_name(&self.language.say("Contents"), &[])];
        let tables = self.tables(&mut names);
        let front = book.add_worksheet();
        front.set_name(names.first().cloned().unwrap_or_default())?;
        front.set_column_width(0, FRONT_WIDTH as f64)?;
        front.set_paper_size(9);
        // A column that is wider than the page is cut, not shrunk, by some programs.
        front.set_margins(0.4, 0.4, 0.75, 0.75, 0.3, 0.3);
        // Shrunk by hand, since fitting to the page would undo the breaks between pages.
        front.set_print_scale(PRINTED);
        let mut sheet = Sheet { page: front, row: 0, wraps: true, height: 0.0 };
        let mut pages = Pages::default();
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
                sheet.skip(1);
                // A heading does not stand alone at the end of a page.
                pages.keep(&sheet, 2.0 * ROW + part.blocks.first().map_or(0.0, tallness));
                sheet.words(&part.heading, &bold)?;
            }
            for block in &part.blocks {
                pages.keep(&sheet, tallness(block));
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
                            sheet.skip(1);
                            if !exhibit.reading.is_empty() {
                                sheet.words(&exhibit.reading, &wrapped)?;
                            }
                        }
                        next += 1;
                        if let Block::Checks(lights) = block {
                            for light in lights {
                                pages.keep(&sheet, 3.0 * ROW);
                                problem(&mut sheet, light, &wrapped)?;
                            }
                        }
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
                            pages.keep(&sheet, room(work));
                            sheet.words(work, &wrapped)?;
                        }
                    }
                }
            }
        }
        sheet.page.set_page_breaks(&pages.breaks)?;
        for (name, words, exhibit) in &tables {
            let sheet = book.add_worksheet();
            sheet.set_name(name)?;
            let mut sheet = Sheet { page: sheet, row: 0, wraps: false, height: 0.0 };
            sheet.words(words, &bold)?;
            let widths = sheet.table(exhibit)?;
            for note in
                exhibit.table.notes.iter().chain(Some(&exhibit.reading).filter(|words| !words.is_empty()))
            {
                sheet.below(note, &widths, &wrapped)?;
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

/// A check that asks for something, on the first sheet: what it is, its worst case, what to do.
fn problem(sheet: &mut Sheet<'_>, light: &Light, format: &Format) -> Result<(), DocumentError> {
    if matches!(light.verdict, Verdict::Check | Verdict::Fail) {
        let parts = [light.rule.as_str(), light.quantity.as_str()];
        let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let parts = [light.tally.as_str(), light.worst.as_str(), light.advice.as_str()];
        let words = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        sheet.words(&format!("{} {name}: {words}", light.verdict.symbol()), format)?;
    }
    Ok(())
}

/// Points per px.
const POINTS: f64 = 0.75;
/// Per cent of its size at which the first sheet is printed.
const PRINTED: u16 = 95;
/// What fits on a page of A4 between its margins, in points of the sheet.
const PAGE: f64 = 730.0;
/// Widest and highest picture in px: what fits on a page.
const WIDEST: f64 = 555.0;
const HIGHEST: f64 = 860.0;

/// Where the first sheet is parted when it is printed, so that no picture is cut.
#[derive(Default)]
struct Pages {
    breaks: Vec<u32>,
    /// Height of the sheet above the last break.
    above: f64,
}

impl Pages {
    /// Begins a page where what comes next would not fit on the one before.
    fn keep(&mut self, sheet: &Sheet<'_>, height: f64) {
        let used = sheet.height - self.above;
        if used > 0.0 && used + height > PAGE {
            self.breaks.push(sheet.row);
            self.above = sheet.height;
        }
    }
}

/// How far a picture is shrunk to fit on a page.
fn shrunk(width: f64, height: f64) -> f64 {
    (WIDEST / width.max(1.0)).min(HIGHEST / height.max(1.0)).min(1.0)
}

/// Height of a text on the first sheet in points.
fn room(text: &str) -> f64 {
    ROW * front_lines(text) as f64
}

/// Height of a block in points; of a list of works only that of its heading and the first.
fn tallness(block: &Block) -> f64 {
    match block {
        Block::Paragraph(words) | Block::Lead(words) | Block::Note(words) | Block::Paste(words) => {
            room(words)
        }
        Block::Alarm(_, heading, lines) => room(heading) + lines.iter().map(|line| room(line)).sum::<f64>(),
        Block::Checks(_) => 4.0 * ROW,
        Block::Exhibit(exhibit) => ROW + room(&exhibit.reading),
        Block::Figure(figure) => {
            let (width, height) = figure.size();
            3.0 * ROW + height * shrunk(width, height) * POINTS
        }
        Block::References(_, works) => ROW + works.first().map_or(0.0, |work| room(work)),
    }
}

/// A drawing on the sheet of contents, as wide as its column and no higher than a page.
#[cfg(feature = "png")]
fn picture(sheet: &mut Sheet<'_>, figure: &super::Figure) -> Result<(), DocumentError> {
    let refuse = |error: crate::plot::PlotError| DocumentError::Figure {
        figure: figure.title.clone(),
        reason: error.to_string(),
    };
    let raster = crate::plot::rasterise(&figure.svg, 2.0).map_err(refuse)?;
    let width = f64::from(raster.natural_width);
    let whole = f64::from(raster.width.max(1));
    let natural = width * f64::from(raster.height) / whole;
    let scale = shrunk(width, natural) * width / whole;
    let image = rust_xlsxwriter::Image::new_from_buffer(&raster.bytes)?
        .set_scale_width(scale)
        .set_scale_height(scale)
        .set_alt_text(figure.alternative().chars().take(240).collect::<String>());
    sheet.page.insert_image(sheet.row, 0, &image)?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a picture is some hundreds of rows high"
    )]
    let rows = (f64::from(raster.height) * scale * POINTS / ROW).ceil() as u32;
    sheet.skip(rows + 1);
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
    fn pictures_fit_on_a_page() {
        let figure = |width: &str, height: &str| super::super::Figure {
            svg: format!("<svg xmlns=\"x\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 1 1\"></svg>"),
            ..super::super::Figure::default()
        };
        assert_eq!(figure("200", "100").size(), (200.0, 100.0));
        assert!((figure("25.4mm", "50.8mm").size().1 - 192.0).abs() < 1e-9);
        assert_eq!(figure("x", "").size(), (0.0, 0.0));
        for (width, height) in [("700", "4000"), ("3000", "900"), ("10", "10")] {
            let tall = tallness(&Block::Figure(figure(width, height)));
            assert!(tall > 3.0 * ROW && tall < PAGE, "{tall}");
        }
        let tall = tallness(&Block::Figure(figure("100", "200")));
        assert!((tall - 150.0 - 3.0 * ROW).abs() < 1e-9, "{tall}");
    }

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
}
