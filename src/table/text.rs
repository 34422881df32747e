//! Tables for the terminal: at most 100 columns wide unless a width is given, numbers aligned on the decimal point, wide
//! tables split into parts of about the same width that repeat what tells the rows apart.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Language;
use super::cell::{Align, Cell, Table, Verdict};
use super::format::{apa, apa_p, below, fixed, interval};

/// Widest line a table may take where no width is given.
const WIDTH: usize = 100;
const GAP: &str = "  ";
/// What stands in place of the rows of a table that has none.
pub(crate) const EMPTY: &str = "There is nothing to show here.";

impl Cell {
    /// The cell as a reader sees it, in English.
    pub fn show(&self) -> String {
        self.show_in(Language::English)
    }

    /// The cell as a reader sees it. Words are those of the cell; verdicts are said in the language.
    pub fn show_in(&self, language: Language) -> String {
        let verdict_words =
            |verdict: &Verdict| format!("{} {}", verdict.symbol(), language.say(verdict.word()));
        match self {
            Self::Text(words) => words.clone(),
            Self::Number { value, digits, bounded: true } => apa(*value, *digits),
            Self::Number { value, digits, bounded: false } => fixed(*value, *digits),
            Self::Integer(value) => value.to_string().replace('-', "−"),
            Self::Probability(p) => apa_p(*p),
            Self::ProbabilityBelow(p) => below(*p),
            Self::Interval { low, high, digits } => interval(*low, *high, *digits),
            Self::Verdict(verdict, reason) if reason.is_empty() => verdict_words(verdict),
            Self::Verdict(verdict, reason) => {
                format!("{}{}{reason}", verdict_words(verdict), language.colon())
            }
            Self::NotApplicable(reason) if reason.is_empty() => language.say("n/a").into_owned(),
            Self::NotApplicable(reason) => format!("{}{}{reason}", language.say("n/a"), language.colon()),
            Self::Blank => String::new(),
        }
    }
}

/// Where the decimal point of a rendered number stands; the end for whole numbers.
fn point(text: &str) -> usize {
    let digits = text.find('.').map_or(text, |at| &text[..at]);
    digits.width()
}

/// Widest that the first column of words may be; any other takes what is left beside it.
const FIRST: usize = 46;

/// Column of a table as lines: the heading, then the lines of each row, all of one width.
struct Block {
    width: usize,
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Block {
    fn new(heading: &str, cells: &[String], align: Align, most: usize) -> Self {
        let (heading, rows): (Vec<String>, Vec<Vec<String>>) = match align {
            Align::Left => (fold(heading, most), cells.iter().map(|text| fold(text, most)).collect()),
            Align::Decimal => {
                let numeric =
                    |text: &String| text.chars().any(|c| c.is_ascii_digit()) && !text.starts_with('[');
                let before = cells.iter().filter(|t| numeric(t)).map(|t| point(t)).max().unwrap_or(0);
                let aligned = cells.iter().map(|t| {
                    if numeric(t) { format!("{}{t}", " ".repeat(before - point(t))) } else { t.clone() }
                });
                (fold(heading, most), aligned.map(|text| vec![text]).collect())
            }
        };
        let widest = |lines: &[String]| lines.iter().map(|line| line.width()).max().unwrap_or(0);
        let body = rows.iter().map(|lines| widest(lines)).max().unwrap_or(0);
        let width = body.max(widest(&heading));
        // Numbers keep their places within a block that stands at the right of the column.
        let set = |text: &str, inner: usize| match align {
            Align::Left => pad(text, width),
            Align::Decimal => {
                let block = pad(text, inner);
                format!("{}{block}", " ".repeat(width - block.width()))
            }
        };
        Self {
            width,
            heading: heading.iter().map(|line| set(line, line.width())).collect(),
            rows: rows.iter().map(|lines| lines.iter().map(|line| set(line, body)).collect()).collect(),
        }
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A text as lines that fit into a column of words; a longer word is cut, nothing is left out.
fn fold(text: &str, most: usize) -> Vec<String> {
    if text.width() <= most {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    for line in wrap(text, most) {
        let mut rest = String::new();
        for c in line.chars() {
            if rest.width() + c.width().unwrap_or(0) > most {
                lines.push(std::mem::take(&mut rest));
            }
            rest.push(c);
        }
        lines.push(rest);
    }
    lines
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(WIDTH))
    }
}

/// How many of the `widths` with gaps between them fit into each part of `room`, at least one.
fn filled(widths: &[usize], gap: usize, room: usize) -> Vec<usize> {
    let mut parts = Vec::new();
    let (mut taken, mut count) = (0, 0);
    for width in widths {
        if count > 0 && taken + gap + width > room {
            parts.push(count);
            (taken, count) = (0, 0);
        }
        taken += width + if count > 0 { gap } else { 0 };
        count += 1;
    }
    parts.push(count);
    parts
}

/// How many columns go into each part: as few parts as need be, each as narrow as that allows, so that no column stands alone
/// without need. A column that belongs to the one before stays with it, such as an interval with its estimate.
pub(crate) fn parted(widths: &[usize], belongs: &[bool], gap: usize, room: usize) -> Vec<usize> {
    let mut units: Vec<(usize, usize)> = Vec::new();
    for (c, width) in widths.iter().enumerate() {
        match units.last_mut() {
            Some((count, whole)) if belongs.get(c) == Some(&true) && *whole + gap + width <= room => {
                *count += 1;
                *whole += gap + width;
            }
            _ => units.push((1, *width)),
        }
    }
    let wholes: Vec<usize> = units.iter().map(|(_, whole)| *whole).collect();
    let mut counts = units.iter().map(|(count, _)| *count);
    balanced(&wholes, gap, room).into_iter().map(|units| counts.by_ref().take(units).sum()).collect()
}

/// The same number of parts as need be, each as narrow as that allows.
fn balanced(widths: &[usize], gap: usize, room: usize) -> Vec<usize> {
    let fewest = filled(widths, gap, room).len();
    let least = widths.iter().copied().max().unwrap_or(0);
    (least..room)
        .map(|room| filled(widths, gap, room))
        .find(|parts| parts.len() == fewest)
        .unwrap_or_else(|| filled(widths, gap, room))
}

impl Table {
    /// The table as text, at most `width` columns wide as far as its words can be folded.
    pub fn to_text(&self, width: usize) -> String {
        let mut out: Vec<String> = wrap(&self.title, width);
        if self.rows.is_empty() {
            out.extend(wrap(&self.language.say(EMPTY), width));
        } else {
            self.set(width, &mut out);
        }
        out.extend(self.notes.iter().flat_map(|note| wrap(note, width)));
        out.push(String::new());
        out.join("\n")
    }

    /// Its lines between title and notes.
    fn set(&self, width: usize, out: &mut Vec<String>) {
        let mut columns = self.blocks(width);
        let mut named = self.naming(&columns, width);
        let whole: usize = columns.iter().map(|column| column.width + GAP.len()).sum();
        if whole > width + GAP.len() && !self.tell_apart(named) {
            // What tells the rows apart is too wide to be repeated: numbers do.
            let numbers: Vec<String> = (1..=self.rows.len()).map(|row| row.to_string()).collect();
            let number = Block::new("#", &numbers, Align::Decimal, width);
            columns = self.blocks(width.saturating_sub(number.width + GAP.len()));
            columns.insert(0, number);
            named = 1;
        }
        let (names, others) = columns.split_at(named.min(columns.len()));
        let taken: usize = names.iter().map(|column| column.width + GAP.len()).sum();
        let widths: Vec<usize> = others.iter().map(|column| column.width).collect();
        // The numbers of rows, where there are any, are no column of the table.
        let first = self.columns.len().saturating_sub(others.len());
        let belongs: Vec<bool> = (first..self.columns.len()).map(|c| self.is_interval(c)).collect();
        let mut rest = others;
        let mut next = first;
        let parts = parted(&widths, &belongs, GAP.len(), width.saturating_sub(taken));
        for &count in &parts {
            let (now, later) = rest.split_at(count.min(rest.len()));
            rest = later;
            let shown = self.rows_of_part(parts.len() == 1, &(next..next + count).collect::<Vec<_>>());
            next += count;
            let part: Vec<&Block> = names.iter().chain(now).collect();
            let wide: usize = part.iter().map(|column| column.width + GAP.len()).sum();
            let rule = "─".repeat(wide.saturating_sub(GAP.len()));
            out.push(rule.clone());
            let heading: Vec<&[String]> = part.iter().map(|column| column.heading.as_slice()).collect();
            write_row(&part, &heading, out);
            out.push(rule.clone());
            for row in shown {
                let cells: Vec<&[String]> =
                    part.iter().map(|column| column.rows.get(row).map_or(&[][..], Vec::as_slice)).collect();
                write_row(&part, &cells, out);
            }
            out.push(rule);
        }
    }

    /// Rows of a part of the table: all of them if it is whole, else those in which these columns hold something.
    pub(crate) fn rows_of_part(&self, whole: bool, columns: &[usize]) -> Vec<usize> {
        let filled = |row: &Vec<Cell>| {
            columns.iter().any(|&c| row.get(c).is_some_and(|cell| !matches!(cell, Cell::Blank)))
        };
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| whole || filled(row)).map(|(r, _)| r).collect()
    }

    /// The columns, none so wide that it would not fit beside the first one into `width`.
    fn blocks(&self, width: usize) -> Vec<Block> {
        let mut columns: Vec<Block> = Vec::with_capacity(self.columns.len());
        for (c, column) in self.columns.iter().enumerate() {
            let cells: Vec<String> = (0..self.rows.len()).map(|row| self.shown(row, c)).collect();
            let alone = self.columns.len() == 1;
            let most = columns.first().map_or(if alone { width } else { FIRST.min(width / 2) }, |first| {
                width.saturating_sub(GAP.len() + first.width)
            });
            columns.push(Block::new(&column.heading, &cells, column.align, most));
        }
        columns
    }

    /// Whether the first columns are different in every row.
    fn tell_apart(&self, columns: usize) -> bool {
        let names: std::collections::HashSet<Vec<String>> =
            (0..self.rows.len()).map(|row| (0..columns).map(|c| self.shown(row, c)).collect()).collect();
        names.len() == self.rows.len()
    }

    /// How many leading columns tell the rows apart, so that each part of a split table repeats them: as few columns of words
    /// as do, or one if none do in a third of the width.
    fn naming(&self, columns: &[Block], width: usize) -> usize {
        let mut taken = 0;
        for (c, column) in columns.iter().enumerate() {
            taken += column.width + GAP.len();
            let words = self.columns.get(c).is_some_and(|column| column.align == Align::Left);
            if !words || (c > 0 && taken > width / 3) {
                break;
            }
            if self.tell_apart(c + 1) {
                return c + 1;
            }
        }
        1.min(columns.len())
    }
}

/// One row of cells, each of one or more lines.
fn write_row(part: &[&Block], cells: &[&[String]], out: &mut Vec<String>) {
    let height = cells.iter().map(|lines| lines.len()).max().unwrap_or(0);
    for at in 0..height {
        let line: Vec<String> = part
            .iter()
            .zip(cells)
            .map(|(column, lines)| pad(lines.get(at).map_or("", String::as_str), column.width))
            .collect();
        out.push(line.join(GAP).trim_end().to_owned());
    }
}

/// Breaks words into lines of at most `width` columns; a longer word stands alone.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
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

    #[test]
    fn parts_of_a_split_table_are_about_as_wide_and_follow_the_width() {
        let columns: Vec<Column> = std::iter::once(Column::words("name", "Name"))
            .chain((0..12).map(|i| Column::numbers("x", &format!("Column{i:02}"))))
            .collect();
        let mut table = Table::new("t", "Wide", columns);
        let mut row = vec![Cell::text("row")];
        row.extend((0..12).map(|i| Cell::number(f64::from(i))));
        table.push(row);
        // 4 and two blanks for the name; 9 columns of 8 fill a line of 100, so that 3 would stand alone.
        let parts = |width: usize| -> Vec<usize> {
            let text = table.to_text(width);
            assert!(text.lines().all(|line| line.width() <= width), "{text}");
            text.lines()
                .filter(|line| line.starts_with("Name"))
                .map(|l| l.matches("Column").count())
                .collect()
        };
        assert_eq!(parts(100), [6, 6]);
        assert_eq!(parts(60), [4, 4, 4]);
        assert_eq!(parts(130), [12]);
        assert_eq!(filled(&[50, 60, 8], 2, 100), [1, 2]);
        assert_eq!(balanced(&[30, 30, 30, 8], 2, 100), [2, 2]);
        assert_eq!(balanced(&[200], 2, 100), [1], "what does not fit stands anyway");
        assert_eq!(parted(&[30, 30, 30, 30], &[false, false, true, false], 2, 100), [3, 1]);
        assert_eq!(parted(&[30, 30, 30, 30], &[false, true, true, true], 2, 100), [3, 1]);
        assert_eq!(parted(&[], &[], 2, 100), [0]);
    }

    #[test]
    fn a_table_without_rows_is_a_sentence() {
        let mut table = Table::new("t", "Pairs", vec![Column::words("a", "A"), Column::numbers("b", "B")]);
        table.note("Why.");
        assert_eq!(table.to_string(), format!("Pairs\n{EMPTY}\nWhy.\n"));
        assert_eq!(table.to_markdown(), format!("**Pairs**\n\n{EMPTY}\n\n*Why.*\n"));
        assert!(!table.clone().translated(Language::Chinese).to_string().contains(EMPTY));
    }

    #[test]
    fn rows_of_a_split_table_are_numbered_where_their_names_are_too_long_to_repeat() {
        let columns =
            vec![Column::words("a", "First"), Column::words("b", "Second"), Column::numbers("x", "x")];
        let mut table = Table::new("t", "Differences", columns);
        for second in ["one", "two"] {
            table.push(vec![
                Cell::text("long ".repeat(9)),
                Cell::text(format!("{}{second}", "wide ".repeat(10))),
                Cell::number(0.5),
            ]);
        }
        let text = table.to_string();
        assert_eq!(text.lines().filter(|line| line.starts_with("#  ")).count(), 2, "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("2  ")).count(), 2, "{text}");
        assert!(text.lines().all(|line| line.width() <= WIDTH), "{text}");
    }

    #[test]
    fn parts_of_a_split_table_repeat_what_tells_rows_apart() {
        let mut columns = vec![Column::words("outcome", "Outcome"), Column::words("model", "Model")];
        columns.extend((0..20).map(|i| Column::numbers("x", &format!("Column{i:02}"))));
        let mut table = Table::new("t", "Wide", columns);
        for model in ["full", "reduced"] {
            let mut row = vec![Cell::text("PU"), Cell::text(model)];
            row.extend((0..20).map(|i| Cell::number(f64::from(i))));
            table.push(row);
        }
        let text = table.to_string();
        assert!(text.lines().all(|line| line.width() <= WIDTH));
        assert!(text.matches("reduced").count() >= 2, "{text}");
        assert_eq!(text.matches("reduced").count(), text.matches("PU").count() / 2);
    }

    #[test]
    fn lines_keep_to_their_width_in_columns() {
        assert_eq!(wrap("aa bb ccccc d", 5), ["aa bb", "ccccc", "d"]);
        assert_eq!(wrap("信任 态度 a", 5), ["信任", "态度", "a"]);
    }

    #[test]
    fn long_words_are_folded_and_kept() {
        let mut table =
            Table::new("t", "Long", vec![Column::words("name", "Name"), Column::words("text", "Text")]);
        let (name, text) = ("q".repeat(150), "some words ".repeat(30));
        table.push(vec![Cell::text(&name), Cell::text(&text)]);
        let shown = table.to_string();
        assert!(shown.lines().all(|line| line.width() <= WIDTH), "{shown}");
        assert_eq!(shown.matches('q').count(), 150);
        assert_eq!(shown.matches("some").count(), 30);
    }
}
