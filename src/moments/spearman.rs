//! Spearman's rank correlations: Pearson's correlations of midranks (Spearman 1904, doi:10.2307/1412159).
//!
//! Missing answers take the mean rank, as they take the mean answer elsewhere.

use crate::moments::Moments;
use crate::stats::rank::midranks;
use crate::survey::Sample;

/// Rank correlations, row-major.
pub(super) fn correlations(sample: &Sample, weights: Option<&[f64]>) -> Vec<f64> {
    let mut ranked = sample.clone();
    for column in &mut ranked.columns {
        *column = midranks(column, weights);
    }
    match weights {
        Some(weights) => Moments::weighted(&ranked, weights).correlation,
        None => Moments::of(&ranked).correlation,
    }
}
