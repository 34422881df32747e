//! A fit and its assessment as tables, one file per theme.

mod blindfolding;
mod differences;
mod discriminant;
mod fit;
mod measurement;
mod ordinal;
mod rivals;
mod sample_size;
mod stages;
mod structure;
mod verdicts;

pub use differences::{differences_table, programs_table, settings_table};
pub(crate) use discriminant::FORMATIVE_HTMT;
pub use sample_size::sample_size_table;
#[cfg(feature = "report")]
pub(crate) use structure::weighting_name;
#[cfg(feature = "report")]
pub(crate) use verdicts::Tally;

use crate::model::Mode;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Matrix, Table, Vector, Verdict};

/// A cell of a vector: not applicable where it has no value.
pub(super) fn cell(vector: &Vector, name: &str, reason: &str) -> Cell {
    vector.get(name).map_or_else(|| Cell::NotApplicable(reason.to_owned()), Cell::bounded)
}

/// Whether reliability and AVE are questions of construct `j`: several items that it does not consist of.
pub(crate) fn has_reliability(fit: &PlsFit, j: usize) -> bool {
    fit.plan.blocks.get(j).is_some_and(|block| block.len > 1 && !matches!(block.mode, Mode::B | Mode::Bnnls))
}

/// Whether a block's weights come from a regression on its items: these need not correlate, so that what compares
/// correlations within and between blocks (HTMT) does not apply.
pub(crate) fn is_formative(fit: &PlsFit, j: usize) -> bool {
    fit.model.constructs().get(j).is_some_and(|construct| fit.is_formative(&construct.name))
}

/// The worse of two verdicts; `n/a` gives way.
pub(super) fn worse(a: Verdict, b: Verdict) -> Verdict {
    let rank = |v: Verdict| match v {
        Verdict::NotApplicable => 0,
        Verdict::Info => 1,
        Verdict::Ok => 2,
        Verdict::Check => 3,
        Verdict::Fail => 4,
    };
    if rank(a) >= rank(b) { a } else { b }
}

pub(super) fn lower_triangle(key: &str, title: &str, matrix: &Matrix) -> Table {
    let mut columns = vec![Column::words("construct", "")];
    columns.extend(matrix.cols().iter().map(|name| Column::numbers(name, name)));
    let mut table = Table::new(key, title, columns);
    for (r, name) in matrix.rows().iter().enumerate() {
        let mut row = vec![Cell::text(name)];
        row.extend((0..=r).map(|c| matrix.at(r, c).map_or(Cell::Blank, Cell::bounded)));
        table.push(row);
    }
    table
}
