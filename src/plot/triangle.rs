//! Names at the sides of a lower triangle of pairs.

use super::measure::{Weight, width, wrap};
use super::theme::{MM_PER_PX, Theme};

/// Names of rows and columns, line by line, and the least width of a cell.
pub(crate) struct Names {
    /// The first thing, where columns are numbers: it has no row of pairs.
    pub(crate) first: Option<Vec<String>>,
    /// From the second thing on.
    pub(crate) rows: Vec<Vec<String>>,
    /// All but the last.
    pub(crate) columns: Vec<Vec<String>>,
    pub(crate) least: f64,
}

/// More things than this are numbered, and their columns show the numbers alone, as in tables of correlations.
const MOST_WORDS: usize = 7;
/// On a page below this width in px, three and more are numbered, and names broken sooner.
const NARROW: f64 = 480.0;

/// Names beside and below a triangle.
pub(crate) fn names(all: &[String], theme: &Theme) -> Names {
    let small = theme.small;
    let narrow = theme.max_width_mm.is_some_and(|mm| mm / MM_PER_PX < NARROW);
    let numbered = all.len() > if narrow { 2 } else { MOST_WORDS };
    let row = small * if narrow { 9.5 } else { 15.0 };
    let shown = |at: usize, name: &String| if numbered { format!("{}. {name}", at + 1) } else { name.clone() };
    let mut rows: Vec<Vec<String>> =
        all.iter().enumerate().map(|(at, name)| wrap(&shown(at, name), small, Weight::Regular, row)).collect();
    let first = (!rows.is_empty()).then(|| rows.remove(0)).filter(|_| numbered);
    let columns = all.iter().enumerate().take(all.len().saturating_sub(1)).map(|(at, name)| {
        if numbered { vec![format!("{}", at + 1)] } else { wrap(name, small, Weight::Regular, small * 7.0) }
    });
    let columns = columns.collect();
    let least = if numbered { width("−.00 ✗", small, Weight::Bold) } else { small * 4.6 };
    Names { first, rows, columns, least }
}
