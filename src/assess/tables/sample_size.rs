//! How many cases paths of several sizes need.

use super::super::rules::known;
use super::super::sample_size::{Tails, detectable, gamma_exponential, inverse_square_root};
use crate::table::{Cell, Column, Table, apa};

/// Sizes of paths that are planned for.
const SIZES: [f64; 7] = [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40];

/// Cases that paths need by both methods of Kock & Hadaya (2018), against the `n` at hand, and a sentence for the
/// method section.
pub fn sample_size_table(n: usize) -> Table {
    let mut table = Table::new(
        "sample_size",
        "Sample size",
        vec![
            Column::numbers("path", "|β|"),
            Column::numbers("inverse_square_root_one", "Root, one-tailed"),
            Column::numbers("gamma_exponential_one", "Gamma, one-tailed"),
            Column::numbers("inverse_square_root_two", "Root, two-tailed"),
            Column::numbers("gamma_exponential_two", "Gamma, two-tailed"),
            Column::words("shown", &format!("n = {n} shows it")),
        ],
    );
    let cell = |n: Option<usize>| n.map_or(Cell::Blank, Cell::count);
    for beta in SIZES {
        let root = |tails| inverse_square_root(beta, tails);
        let enough = |tails| root(tails).is_some_and(|needed| n >= needed);
        table.push(vec![
            Cell::of(Some(beta), 2, true),
            cell(root(Tails::One)),
            cell(gamma_exponential(beta, Tails::One)),
            cell(root(Tails::Two)),
            cell(gamma_exponential(beta, Tails::Two)),
            Cell::text(match (enough(Tails::One), enough(Tails::Two)) {
                (_, true) => "yes",
                (true, false) => "one-tailed only",
                (false, false) => "no",
            }),
        ]);
    }
    table.note("At 5 % and power .80. Root: inverse square root method; gamma: gamma-exponential method, less demanding where paths are large.");
    for id in ["D01", "D03", "D04"] {
        table.note(known(id).footnote());
    }
    if let (Some(one), Some(two)) = (detectable(n, Tails::One), detectable(n, Tails::Two)) {
        let root = inverse_square_root(0.2, Tails::One).unwrap_or_default();
        let gamma = gamma_exponential(0.2, Tails::One).unwrap_or_default();
        table.note(format!(
            "Method: \"At a level of 5 % (one-tailed) and a power of .80, a path of |β| = .20 needs {root} cases by the \
             inverse square root method and {gamma} by the gamma-exponential method (Kock & Hadaya, 2018); the {n} cases \
             at hand show paths from |β| = {} on ({} if tested two-tailed).\"",
            apa(one, 3),
            apa(two, 3)
        ));
    }
    table
}
