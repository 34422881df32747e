//! The basic bootstrap interval: the percentile interval mirrored at the estimate, because `θ_b − θ` stands for `θ − truth`.

use super::{Bounds, percentile};
use crate::stats::ordered::Ordered;

/// `[2c − q(1 − tail), 2c − q(tail)]` around the centre `c`.
pub(super) fn bounds(draws: &mut Ordered, centre: f64, tail: f64) -> Bounds {
    let direct = percentile::bounds(draws, tail);
    Bounds {
        low: 2.0 * centre - direct.high,
        high: 2.0 * centre - direct.low,
        low_error: direct.high_error,
        high_error: direct.low_error,
    }
}
