//! Documents as a workbook: a sheet of contents and words, then one sheet per table with typed cells.
//!
//! Numbers stay numbers at full precision and are shown as APA sets them; words are written as text and never as
//! formulas, whatever they begin with.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};

use super::sheet::{FRONT_WIDTH, Sheet, clean};
use super::{Block, Document, DocumentError, Exhibit, checks_table};

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
}
