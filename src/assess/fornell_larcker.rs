//! The Fornell-Larcker criterion (1981, doi:10.1177/002224378101800104): a construct should share more variance
//! with its items than with any other construct, `√AVE_i > |r_ij|`.

use super::conventions::FornellLarcker;
use crate::table::Matrix;

/// The table in the chosen form; `ave(j)` is NaN where AVE does not apply. The root form fills the lower triangle.
pub(super) fn fornell_larcker(
    form: FornellLarcker,
    names: &[String],
    ave: &[f64],
    correlations: &[f64],
) -> Matrix {
    let k = names.len();
    Matrix::from_fn(names.to_vec(), names.to_vec(), |i, j| match form {
        FornellLarcker::Root if i == j => ave[i].sqrt(),
        FornellLarcker::Root if i < j => f64::NAN,
        FornellLarcker::Root => correlations[i * k + j],
        FornellLarcker::Squared if i == j => ave[i],
        FornellLarcker::Squared => correlations[i * k + j].powi(2),
    })
}
