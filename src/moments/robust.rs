//! Correlations of the minimum covariance determinant; see [`crate::stats::mcd`].
//!
//! Missing answers take the item's mean first. Case weights are counts here (a bootstrap's); other weights are
//! refused, since a subset of cases cannot hold a part of one.

use super::NoCorrelation;
use crate::stats::mcd;
use crate::survey::Sample;

/// Robust correlations, row-major.
pub(super) fn correlations(sample: &Sample, weights: Option<&[f64]>) -> Result<Vec<f64>, NoCorrelation> {
    let columns: Vec<Vec<f64>> = sample
        .columns
        .iter()
        .map(|column| {
            let drawn: Vec<f64> = match weights {
                None => column.clone(),
                Some(weights) => column
                    .iter()
                    .zip(weights)
                    .flat_map(|(x, w)| {
                        // Counts are small whole numbers.
                        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                        let times = w.round() as usize;
                        std::iter::repeat_n(*x, times)
                    })
                    .collect(),
            };
            let seen = || drawn.iter().filter(|x| !x.is_nan());
            let mean = seen().sum::<f64>() / seen().count().max(1) as f64;
            drawn.iter().map(|x| if x.is_nan() { mean } else { *x }).collect()
        })
        .collect();
    mcd::estimate(&columns).map(|found| found.correlation).ok_or(NoCorrelation::Subset)
}
