//! One table as a table of Word: as many parts as the page needs, in letters as large as it allows.

use docx_rs::{
    AlignmentType, BorderType, Paragraph, Run, Table as WordTable, TableCell, TableCellBorder,
    TableCellBorderPosition, TableCellBorders, TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use super::Exhibit;
use super::columns::{decimals, is_numeric, most_decimals, parts, reach, rows_of, widths};
use crate::table::printable;

/// Width of the text on A4 with margins of 25 mm, in twentieths of a point.
pub(super) const TEXT_WIDTH: usize = 9070;
/// Sizes of tables in half points; the largest that fits is taken.
const SIZES: [usize; 4] = [20, 18, 16, 15];
/// Left and right of each cell, in twentieths of a point.
const CELL_MARGIN: usize = 50;
/// A column of long words may be as narrow as this many characters.
const NARROWEST: usize = 14;
/// Longer words are broken anyway.
const LONGEST_WORD: usize = 22;

/// Words; docx-rs escapes what XML reads as markup.
pub(super) fn run(text: &str) -> Run {
    Run::new().add_text(printable(text))
}

fn border(position: TableCellBorderPosition, size: usize) -> TableCellBorder {
    TableCellBorder::new(position).border_type(BorderType::Single).size(size).color("000000")
}

/// Widths of columns in letters of this size: as wide as their text wants, and as narrow as it may be.
fn room(exhibit: &Exhibit, size: usize) -> Vec<(usize, usize)> {
    // A digit is a little more than half as wide as the size is high; half points are ten twentieths.
    let room = |chars: usize| chars * size * 10 * 54 / 100 + 2 * CELL_MARGIN;
    let wide = widths(exhibit).into_iter().enumerate();
    wide.map(|(c, chars)| (room(chars + 1), room(chars.min(narrowest(exhibit, c)) + 1))).collect()
}

/// Headings and words wrap between words, numbers and intervals never.
fn narrowest(exhibit: &Exhibit, column: usize) -> usize {
    let table = &exhibit.table;
    let heading = table.columns.get(column);
    let longest_word = |text: &str| text.split(' ').map(reach).max().unwrap_or(0).min(LONGEST_WORD);
    let whole = is_numeric(heading) || table.is_interval(column);
    let cells = (0..table.rows.len()).map(|r| {
        let shown = table.shown(r, column);
        if whole { reach(&shown) + reach(exhibit.sign(r, column)) } else { longest_word(&shown) }
    });
    let cells = cells.max().unwrap_or(0).max(heading.map_or(0, |column| longest_word(&column.heading)));
    if whole { cells } else { cells.max(NARROWEST) }
}

/// The size of letters, and the columns in parts that fit on the page. Smaller letters are preferred to words that
/// wrap.
pub(super) fn fit(exhibit: &Exhibit) -> (usize, Vec<Vec<usize>>) {
    let whole = || vec![(0..exhibit.table.columns.len()).collect()];
    let wide = |size: usize| room(exhibit, size).into_iter().map(|(wide, _)| wide).sum::<usize>();
    let narrow = |size: usize| room(exhibit, size).into_iter().map(|(_, narrow)| narrow).collect::<Vec<_>>();
    let as_wished = SIZES.into_iter().find(|&size| wide(size) <= TEXT_WIDTH);
    let wrapped = SIZES.into_iter().skip(1).find(|&size| narrow(size).iter().sum::<usize>() <= TEXT_WIDTH);
    if let Some(size) = as_wished.or(wrapped) {
        return (size, whole());
    }
    (SIZES[3], parts(&exhibit.table, &narrow(SIZES[3]), 0, TEXT_WIDTH))
}

/// What each column of a part gets: its wish if there is room, else a share of what is left beyond the narrowest.
fn grid(exhibit: &Exhibit, part: &[usize], size: usize) -> Vec<usize> {
    let rooms = room(exhibit, size);
    let of = |c: &usize| rooms.get(*c).copied().unwrap_or((1, 1));
    let wish: usize = part.iter().map(|c| of(c).0).sum();
    let least: usize = part.iter().map(|c| of(c).1).sum();
    if wish <= TEXT_WIDTH || wish == least {
        // A little air, as far as the page allows: other faces are wider than those reckoned with.
        let airy = (wish * 112 / 100).clamp(wish, TEXT_WIDTH.max(wish));
        return part.iter().map(|c| of(c).0 * airy / wish.max(1)).collect();
    }
    let spare = TEXT_WIDTH.saturating_sub(least);
    part.iter()
        .map(|c| {
            let (wide, narrow) = of(c);
            narrow + (wide - narrow) * spare / (wish - least)
        })
        .collect()
}

/// Some columns of a table as a table of Word.
pub(super) fn set(exhibit: &Exhibit, part: &[usize], size: usize, marked: bool) -> WordTable {
    let table = &exhibit.table;
    let grid = grid(exhibit, part, size);
    let total: usize = grid.iter().sum();
    let cell = |at: usize, lines: Vec<Run>, numeric: bool, top: usize, bottom: usize| {
        let align = if numeric { AlignmentType::Right } else { AlignmentType::Left };
        let mut borders = TableCellBorders::with_empty();
        if top > 0 {
            borders = borders.set(border(TableCellBorderPosition::Top, top));
        }
        if bottom > 0 {
            borders = borders.set(border(TableCellBorderPosition::Bottom, bottom));
        }
        let mut cell =
            TableCell::new().width(grid.get(at).copied().unwrap_or(0), WidthType::Dxa).set_borders(borders);
        for (line, text) in lines.into_iter().enumerate() {
            // Small words stand below the text.
            let text = text.size(if line == 0 { size } else { size.saturating_sub(3) });
            cell = cell.add_paragraph(Paragraph::new().style("TableText").align(align).add_run(text));
        }
        cell
    };
    let heading = part.iter().enumerate().map(|(at, &c)| {
        let column = table.columns.get(c);
        let words = column.map_or("", |column| column.heading.as_str());
        cell(at, vec![run(words)], is_numeric(column), 8, 4)
    });
    let mut rows = vec![TableRow::new(heading.collect()).cant_split()];
    let shown = rows_of(table, part);
    let last = shown.last().copied();
    for r in shown {
        let top = if exhibit.begins_group(r) { 2 } else { 0 };
        let bottom = if Some(r) == last { 8 } else { 0 };
        let cells = part.iter().enumerate().map(|(at, &c)| {
            let numeric = is_numeric(table.columns.get(c));
            let shown = table.shown(r, c);
            let sign = if marked { exhibit.sign(r, c) } else { "" };
            let text = if numeric { aligned(&shown, most_decimals(exhibit, c)) } else { shown };
            let text = run(&format!("{sign}{text}"));
            let mut lines = vec![if sign.is_empty() { text } else { text.bold() }];
            if let Some(below) = exhibit.below.get(&(r, c)) {
                lines.push(run(below).color("595959"));
            }
            cell(at, lines, numeric, top, bottom)
        });
        rows.push(TableRow::new(cells.collect()).cant_split());
    }
    WordTable::without_borders(rows)
        .set_grid(grid)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, CELL_MARGIN, 0, CELL_MARGIN))
        .width(total, WidthType::Dxa)
}

/// A number with blanks as wide as the digits that it lacks, so that a right-aligned column stands on the point.
fn aligned(shown: &str, most: usize) -> String {
    if !shown.chars().any(|c| c.is_ascii_digit()) {
        return shown.to_owned();
    }
    let own = decimals(shown);
    let point = if own == 0 && most > 0 { "\u{2008}" } else { "" };
    format!("{shown}{point}{}", "\u{2007}".repeat(most.saturating_sub(own)))
}
