//! Tables for the terminal: at most 100 columns wide, numbers aligned on the decimal point, wide tables
//! split into parts that repeat the first column.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use super::cell::{Align, Cell, Table};
use super::format::{apa, apa_p, fixed};

/// Widest line a table may take.
const WIDTH: usize = 100;
const GAP: &str = "  ";

impl Cell {
    /// The cell as a reader sees it.
    pub fn show(&self) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::Number { value, digits, bounded: true } => apa(*value, *digits),
            Self::Number { value, digits, bounded: false } => fixed(*value, *digits),
            Self::Integer(value) => value.to_string().replace('-', "−"),
            Self::Probability(p) => apa_p(*p),
            Self::Interval { low, high, digits } => {
                format!("[{}, {}]", apa(*low, *digits), apa(*high, *digits))
            }
            Self::Verdict(verdict, reason) if reason.is_empty() => {
                format!("{} {}", verdict.symbol(), verdict.word())
            }
            Self::Verdict(verdict, reason) => format!("{} {}: {reason}", verdict.symbol(), verdict.word()),
            Self::NotApplicable(reason) if reason.is_empty() => "n/a".to_owned(),
            Self::NotApplicable(reason) => format!("n/a: {reason}"),
            Self::Blank => String::new(),
        }
    }
}

/// Where the decimal point of a rendered number stands; the end for whole numbers.
fn point(text: &str) -> usize {
    let digits = text.find('.').map_or(text, |at| &text[..at]);
    digits.width()
}

/// The cells of one column, padded to one width.
fn set_column(heading: &str, cells: &[String], align: Align) -> (usize, Vec<String>) {
    let padded: Vec<String> = match align {
        Align::Left => cells.to_vec(),
        Align::Decimal => {
            let numeric = |text: &String| text.chars().any(|c| c.is_ascii_digit()) && !text.starts_with('[');
            let before = cells.iter().filter(|t| numeric(t)).map(|t| point(t)).max().unwrap_or(0);
            cells
                .iter()
                .map(|t| if numeric(t) { format!("{}{t}", " ".repeat(before - point(t))) } else { t.clone() })
                .collect()
        }
    };
    let body = padded.iter().map(|t| t.width()).max().unwrap_or(0);
    let width = body.max(heading.width());
    let set = |text: &str, inner: usize| {
        let fill = inner - text.width().min(inner);
        match align {
            Align::Left => format!("{text}{}", " ".repeat(width - text.width())),
            Align::Decimal => {
                let block = format!("{text}{}", " ".repeat(fill));
                format!("{}{block}", " ".repeat(width - block.width()))
            }
        }
    };
    let mut lines = vec![match align {
        Align::Left => format!("{heading}{}", " ".repeat(width - heading.width())),
        Align::Decimal => format!("{}{heading}", " ".repeat(width - heading.width())),
    }];
    lines.extend(padded.iter().map(|text| set(text, body)));
    (width, lines)
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        let columns: Vec<(usize, Vec<String>)> = self
            .columns
            .iter()
            .enumerate()
            .map(|(c, column)| {
                let cells: Vec<String> =
                    self.rows.iter().map(|row| row.get(c).map(Cell::show).unwrap_or_default()).collect();
                set_column(&column.heading, &cells, column.align)
            })
            .collect();
        let mut next = 1.min(columns.len());
        loop {
            let mut part: Vec<usize> = (0..1.min(columns.len())).collect();
            let mut width: usize = part.iter().map(|&c| columns[c].0).sum();
            while next < columns.len() && (part.len() == 1 || width + GAP.len() + columns[next].0 <= WIDTH) {
                width += GAP.len() + columns[next].0;
                part.push(next);
                next += 1;
            }
            let rule = "─".repeat(width);
            writeln!(f, "{rule}")?;
            for line in 0..=self.rows.len() {
                let cells: Vec<&str> = part.iter().map(|&c| columns[c].1[line].as_str()).collect();
                writeln!(f, "{}", cells.join(GAP).trim_end())?;
                if line == 0 {
                    writeln!(f, "{rule}")?;
                }
            }
            writeln!(f, "{rule}")?;
            if next >= columns.len() {
                break;
            }
        }
        for note in &self.notes {
            for line in wrap(note, WIDTH) {
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

/// Breaks words into lines of at most `width` columns; a longer word stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    #[test]
    fn numbers_align_on_the_point_and_wide_characters_count_twice() {
        let mut table = Table::new(
            "t",
            "Paths",
            vec![Column::words("path", "Path"), Column::numbers("estimate", "Estimate")],
        );
        table.push(vec![Cell::text("信任 → B"), Cell::bounded(0.25)]);
        table.push(vec![Cell::text("A → B"), Cell::number(-12.5)]);
        table.note("A note.");
        let expected = "Paths\n──────────────────\nPath      Estimate\n──────────────────\n信任 → B      .250\nA → B      −12.500\n──────────────────\nA note.\n";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn a_wide_table_is_split_and_repeats_its_first_column() {
        let mut columns = vec![Column::words("name", "Name")];
        columns.extend((0..20).map(|i| Column::numbers("x", &format!("Column{i:02}"))));
        let mut table = Table::new("t", "Wide", columns);
        let mut row = vec![Cell::text("row")];
        row.extend((0..20).map(|i| Cell::number(f64::from(i))));
        table.push(row);
        let text = table.to_string();
        assert!(text.lines().all(|line| line.width() <= WIDTH));
        assert!(text.matches("row").count() >= 2);
        assert!(text.contains("Column19"));
    }
}
