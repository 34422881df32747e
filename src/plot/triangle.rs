//! Names at the sides of a lower triangle of pairs.

use super::measure::{Weight, wrap};
use super::theme::Theme;

/// Names of rows and columns, line by line.
pub(crate) struct Names {
    /// The first thing, where columns are numbers: it has no row of pairs.
    pub(crate) first: Option<Vec<String>>,
    /// From the second thing on.
    pub(crate) rows: Vec<Vec<String>>,
    /// All but the last.
    pub(crate) columns: Vec<Vec<String>>,
    /// Whether columns are numbers, so that cells are as narrow as what stands in them.
    pub(crate) numbered: bool,
    /// Whether the page is narrow.
    pub(crate) narrow: bool,
}

/// More things than this are numbered (more than two on a narrow page), and their columns show the numbers alone, as in tables of correlations.
const MOST_WORDS: usize = 7;

/// Names beside and below a triangle.
pub(crate) fn names(all: &[String], theme: &Theme) -> Names {
    let small = theme.small;
    let narrow = theme.is_narrow();
    let numbered = all.len() > if narrow { 2 } else { MOST_WORDS };
    let row = small * if narrow { 7.5 } else { 15.0 };
    let shown =
        |at: usize, name: &String| if numbered { format!("{}. {name}", at + 1) } else { name.clone() };
    let mut rows: Vec<Vec<String>> = all
        .iter()
        .enumerate()
        .map(|(at, name)| wrap(&shown(at, name), small, Weight::Regular, row))
        .collect();
    let first = (!rows.is_empty()).then(|| rows.remove(0)).filter(|_| numbered);
    let columns = all.iter().enumerate().take(all.len().saturating_sub(1)).map(|(at, name)| {
        if numbered { vec![format!("{}", at + 1)] } else { wrap(name, small, Weight::Regular, small * 7.0) }
    });
    let columns = columns.collect();
    Names { first, rows, columns, numbered, narrow }
}

/// Where rows of these heights begin, from the first.
pub(crate) fn starts(heights: &[f64]) -> Vec<f64> {
    heights
        .iter()
        .scan(0.0, |y, height| {
            let start = *y;
            *y += height;
            Some(start)
        })
        .collect()
}
