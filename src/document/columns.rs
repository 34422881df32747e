//! How wide the columns of a table are, and how a table that is too wide is split.

use unicode_width::UnicodeWidthChar;

use super::Exhibit;
use crate::table::{Align, Column, Table, parted};

/// Words wider than this many characters wrap within their column.
pub(super) const LONG: usize = 38;

/// How wide a text is set in a proportional face, in digits: capitals and arrows are wider than digits, points and
/// blanks narrower.
pub(super) fn reach(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            ' ' | '.' | ',' | ';' | ':' | 'i' | 'j' | 'l' | 't' | 'f' | '|' => 6,
            '[' | ']' | '(' | ')' | '-' | 'r' | 'I' | '\u{2007}' | '\u{2008}' => 8,
            'm' | 'w' | 'M' | 'W' => 16,
            'A'..='Z' => 14,
            'a'..='z' => 9,
            '→' | '↔' | '≤' | '≥' => 20,
            c => 10 * c.width().unwrap_or(0),
        })
        .sum();
    tenths.div_ceil(10)
}

/// Widths of the columns in characters, with the small words below cells; long words count as one column that wraps.
pub(super) fn widths(exhibit: &Exhibit) -> Vec<usize> {
    let table = &exhibit.table;
    (0..table.columns.len())
        .map(|c| {
            let heading = table.columns.get(c).map_or(0, |column| reach(&column.heading));
            let cells = (0..table.rows.len()).map(|r| {
                let below = exhibit.below.get(&(r, c)).map_or(0, |words| reach(words) * 8 / 10);
                below.max(reach(&table.shown(r, c)) + reach(exhibit.sign(r, c)))
            });
            cells.max().unwrap_or(0).max(heading).clamp(1, LONG)
        })
        .collect()
}

/// Columns in parts of at most `room` characters, about as wide as each other; every part begins with the first column, and
/// no column is lost.
pub(super) fn parts(table: &Table, widths: &[usize], gap: usize, room: usize) -> Vec<Vec<usize>> {
    let Some((first, others)) = widths.split_first() else { return vec![Vec::new()] };
    let belongs: Vec<bool> = (1..widths.len()).map(|c| table.is_interval(c)).collect();
    let mut next = 1;
    parted(others, &belongs, gap, room.saturating_sub(first + gap))
        .into_iter()
        .map(|count| {
            let part = std::iter::once(0).chain(next..next + count).collect();
            next += count;
            part
        })
        .collect()
}

/// Rows of a part: those in which something stands beside the repeated first column.
pub(super) fn rows_of(table: &Table, part: &[usize]) -> Vec<usize> {
    table.rows_of_part(part.len() == table.columns.len(), part.get(1..).unwrap_or_default())
}

/// Digits after the point of a number; none for words.
pub(super) fn decimals(shown: &str) -> usize {
    let numeric = shown.chars().any(|c| c.is_ascii_digit()) && !shown.starts_with('[');
    let (true, Some((_, after))) = (numeric, shown.rsplit_once('.')) else { return 0 };
    after.chars().take_while(char::is_ascii_digit).count()
}

/// Most digits after the point in a column of numbers.
pub(super) fn most_decimals(exhibit: &Exhibit, column: usize) -> usize {
    if !is_numeric(exhibit.table.columns.get(column)) {
        return 0;
    }
    (0..exhibit.table.rows.len()).map(|r| decimals(&exhibit.table.shown(r, column))).max().unwrap_or(0)
}

/// Whether a column holds numbers.
pub(super) fn is_numeric(column: Option<&Column>) -> bool {
    column.is_some_and(|column| column.align == Align::Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_table_is_split_and_repeats_its_first_column() {
        let table = Table::default();
        assert_eq!(parts(&table, &[10, 5, 5, 5], 1, 22), [vec![0, 1, 2], vec![0, 3]]);
        assert_eq!(parts(&table, &[10, 5, 1, 1, 1], 1, 22), [vec![0, 1, 2, 3, 4]]);
        assert_eq!(
            parts(&table, &[10, 3, 3, 3, 3], 1, 22),
            [vec![0, 1, 2], vec![0, 3, 4]],
            "none stands alone"
        );
        assert_eq!(parts(&table, &[10, 50], 1, 22), [vec![0, 1]]);
        assert_eq!(parts(&table, &[], 1, 22), [Vec::<usize>::new()]);
        assert_eq!(parts(&table, &[3], 1, 22), [vec![0]]);
    }

    #[test]
    fn capitals_and_arrows_take_more_room_than_points() {
        assert_eq!((reach(".123"), reach("1234"), reach("构念"), reach("")), (4, 4, 4, 0));
        assert!(reach("PEOU → ATT") > 12 && reach("will fit") < 8);
    }

    #[test]
    fn decimals_are_those_of_numbers() {
        assert_eq!((decimals(".250"), decimals("12"), decimals("n/a"), decimals("[.1, .2]")), (3, 0, 0, 0));
        assert_eq!(decimals("< .001"), 3);
    }
}
