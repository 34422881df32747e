//! The studentized interval (bootstrap-t): quantiles of `(θ_b − θ)/s_b`, where `s_b` is the standard error that resample b
//! gives of itself.

use super::{Bounds, quantile};
use crate::stats::ordered::Ordered;

/// `[c − q(1 − tail) sd, c − q(tail) sd]` around the centre `c`, quantiles of the ratios.
pub(super) fn bounds(ratios: &mut Ordered, centre: f64, sd: f64, tail: f64) -> Bounds {
    let (low, low_error) = quantile(ratios, tail, 0.0);
    let (high, high_error) = quantile(ratios, 1.0 - tail, 0.0);
    Bounds {
        low: centre - high * sd,
        high: centre - low * sd,
        low_error: high_error * sd,
        high_error: low_error * sd,
    }
}
