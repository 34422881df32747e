//! One sheet of a workbook: typed cells, numbers shown as APA sets them, words that are never formulas.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::Exhibit;
use super::columns::is_numeric;
use crate::table::{Cell, Verdict};

/// Excel takes no longer texts in a cell.
const LONGEST_TEXT: usize = 32_767;

/// Width of the column of words on the first sheet, and widest column of words on any other, in characters.
pub(super) const FRONT_WIDTH: usize = 80;
const WIDEST: usize = 60;
/// Width of a column that nobody set, and the least width of what stands below a table.
const UNSET: usize = 8;
const NOTE_WIDTH: usize = 80;

/// Text as Excel takes it.
pub(super) fn clean(text: &str) -> String {
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
pub(super) struct Sheet<'a> {
    pub(super) page: &'a mut Worksheet,
    pub(super) row: u32,
    /// Whether words wrap in the first column.
    pub(super) wraps: bool,
    /// Height of the rows above in points, as far as words wrap.
    pub(super) height: f64,
}

/// Lines that a text takes on the first sheet.
pub(super) fn front_lines(text: &str) -> usize {
    text.width().div_ceil(FRONT_WIDTH - 6).max(1)
}

/// Height of a row in points.
pub(super) const ROW: f64 = 15.0;

impl Sheet<'_> {
    /// Leaves rows out.
    pub(super) fn skip(&mut self, rows: u32) {
        self.row += rows;
        self.height += ROW * f64::from(rows);
    }

    pub(super) fn words(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.page.write_string_with_format(self.row, 0, clean(text), format)?;
        if self.wraps {
            // Not every program makes room for wrapped words by itself.
            let lines = front_lines(text);
            self.page.set_row_height(self.row, ROW * lines as f64)?;
            self.height += ROW * (lines - 1) as f64;
        }
        self.skip(1);
        Ok(())
    }

    /// Writes a table; returns the widths of its columns.
    pub(super) fn table(&mut self, exhibit: &Exhibit) -> Result<Vec<usize>, XlsxError> {
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
                self.page.set_row_height(self.row, ROW * lines as f64)?;
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
        for (at, width) in widths.iter_mut().enumerate() {
            *width = (*width + 2).clamp(7, WIDEST + 2);
            self.page.set_column_width(column(at), *width as f64)?;
        }
        self.page.set_freeze_panes(heading + 1, 1)?;
        self.page.set_repeat_rows(heading, heading)?;
        Ok(widths)
    }

    /// Words below a table, wrapped over its columns, so that they do not widen the printed page.
    pub(super) fn below(&mut self, text: &str, widths: &[usize], wrapped: &Format) -> Result<(), XlsxError> {
        let (mut columns, mut room) = (widths.len(), widths.iter().sum::<usize>());
        while room < NOTE_WIDTH {
            room += UNSET;
            columns += 1;
        }
        let lines = text.width().div_ceil((room * 9 / 10).max(1)).max(1);
        self.page.set_row_height(self.row, ROW * lines as f64)?;
        if columns > 1 {
            self.page.merge_range(self.row, 0, self.row, column(columns - 1), &clean(text), wrapped)?;
        } else {
            self.page.write_string_with_format(self.row, 0, clean(text), wrapped)?;
        }
        self.row += 1;
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
            (Cell::ProbabilityBelow(p), _) => number(*p, &format!("\"{}\"", cell.show())),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_apa_sets_them() {
        assert_eq!(number_format(3, true), ".000;\"−\".000;.000");
        assert_eq!(number_format(2, false), "0.00;\"−\"0.00;0.00");
        assert_eq!(number_format(0, false), "0;\"−\"0;0");
    }
}
