//! BC and BCa: percentile intervals whose levels undo bias and skewness (Efron 1981; 1987).
//!
//! `z₀ = Φ⁻¹(share of θ_b ≤ θ)` measures the bias of the median, the acceleration `a` how the standard error changes with
//! the parameter. The bound at level p is the quantile at `Φ(z₀ + (z₀ + z_p)/(1 − a (z₀ + z_p)))`; with `a = 0` that is BC,
//! with `z₀ = 0` as well the percentile interval.

use super::{Bounds, Centre, quantile};
use crate::stats::distribution::{normal_cdf, normal_density, normal_quantile};
use crate::stats::ordered::Ordered;

/// Bounds at the corrected levels.
pub(super) fn bounds(draws: &mut Ordered, original: f64, acceleration: f64, tail: f64) -> Bounds {
    let count = draws.len() as f64;
    let below = draws.values().iter().filter(|x| **x <= original).count() as f64;
    // An estimate outside all resampled values would need a level of exactly 0 or 1.
    let share = (below / count).clamp(0.5 / count, 1.0 - 0.5 / count);
    let z0 = normal_quantile(share);
    let z0_error = (share * (1.0 - share) / count).sqrt() / normal_density(z0);
    let mut bound = |p: f64| {
        let z = z0 + normal_quantile(p);
        let slack = 1.0 - acceleration * z;
        // Beyond the pole of the correction the bound is the last value on its side.
        let corrected = if slack > 0.0 { z0 + z / slack } else { z.signum() * f64::INFINITY };
        let level_error =
            if corrected.is_finite() { 2.0 * normal_density(corrected) * z0_error } else { 0.0 };
        quantile(draws, normal_cdf(corrected), level_error)
    };
    let (low, low_error) = bound(tail);
    let (high, high_error) = bound(1.0 - tail);
    Bounds { low, high, low_error, high_error }
}

/// Acceleration from leave-one-out estimates: `a = Σ d³ / (6 (Σ d²)^1.5)`, `d` the centre less the estimate; 0 where
/// nothing varies.
pub fn acceleration(original: f64, left_out: &[f64], centre: Centre) -> f64 {
    let finite = || left_out.iter().copied().filter(|x| x.is_finite());
    let count = finite().count();
    if count == 0 {
        return 0.0;
    }
    let centre = match centre {
        Centre::Mean => finite().sum::<f64>() / count as f64,
        Centre::Estimate => original,
    };
    let squares: f64 = finite().map(|x| (centre - x).powi(2)).sum();
    let cubes: f64 = finite().map(|x| (centre - x).powi(3)).sum();
    let a = cubes / (6.0 * squares.powf(1.5));
    if a.is_finite() { a } else { 0.0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::percentile;
    use super::*;

    #[test]
    fn without_bias_and_acceleration_it_is_the_percentile_interval() {
        // Symmetric around the estimate, half of the values at or below it.
        let values = (0..1000).map(|i| (f64::from(i) - 499.0) / 100.0);
        let mut draws = Ordered::new(values).unwrap();
        let original = draws.quantile(0.4999);
        let share = draws.values().iter().filter(|x| **x <= original).count();
        assert_eq!(share, 500);
        for tail in [0.005, 0.025, 0.05] {
            let plain = percentile::bounds(&mut draws, tail);
            let corrected = bounds(&mut draws, original, 0.0, tail);
            assert!((plain.low - corrected.low).abs() < 1e-9 && (plain.high - corrected.high).abs() < 1e-9);
        }
    }

    #[test]
    fn an_estimate_above_most_draws_moves_the_interval_up_and_positive_acceleration_does_too() {
        let mut draws = Ordered::new((0..1000).map(f64::from)).unwrap();
        let plain = percentile::bounds(&mut draws, 0.025);
        let moved = bounds(&mut draws, 700.0, 0.0, 0.025);
        assert!(moved.low > plain.low && moved.high > plain.high);
        let faster = bounds(&mut draws, 499.0, 0.1, 0.025);
        assert!(faster.low > plain.low && faster.high > plain.high);
        let outside = bounds(&mut draws, 1e9, 5.0, 0.025);
        assert!(outside.low.is_finite() && outside.high == 999.0);
    }

    #[test]
    fn acceleration_of_a_mean_is_a_sixth_of_the_skewness_over_the_root_of_n() {
        let x: [f64; 5] = [0.0, 1.0, 1.0, 2.0, 9.0];
        let mean = x.iter().sum::<f64>() / 5.0;
        let left_out: Vec<f64> = x.iter().map(|v| (5.0 * mean - v) / 4.0).collect();
        let (m2, m3) = (
            x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 5.0,
            x.iter().map(|v| (v - mean).powi(3)).sum::<f64>() / 5.0,
        );
        let expected = m3 / m2.powf(1.5) / 6.0 / 5.0_f64.sqrt();
        assert!((acceleration(mean, &left_out, Centre::Mean) - expected).abs() < 1e-14);
        assert!((acceleration(mean, &left_out, Centre::Estimate) - expected).abs() < 1e-14);
        assert_eq!(acceleration(1.0, &[1.0, 1.0], Centre::Mean), 0.0);
        assert_eq!(acceleration(1.0, &[], Centre::Mean), 0.0);
    }
}
