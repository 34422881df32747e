//! The percentile interval: quantiles of the resampled values.

use super::{Bounds, quantile};
use crate::stats::ordered::Ordered;

/// `[q(tail), q(1 − tail)]`.
pub(super) fn bounds(draws: &mut Ordered, tail: f64) -> Bounds {
    let (low, low_error) = quantile(draws, tail, 0.0);
    let (high, high_error) = quantile(draws, 1.0 - tail, 0.0);
    Bounds { low, high, low_error, high_error }
}
