//! How much another seed would change a number: standard errors over the draw of the resamples.
//!
//! * A quantile at level p lies, seed by seed, between the quantiles at `p ± √(p(1 − p)/B)`; half that distance is its error.
//! * A share `s` has the error `√(s(1 − s)/B)`.
//! * A standard deviation has the relative error `√((κ − 1)/(4B))`, κ the kurtosis of the values (3 for normal ones).
//!
//! The last digit that two seeds share is one or two of these errors away; rule X12 calls a verdict uncertain that a
//! change of two errors would turn.

use crate::stats::ordered::Ordered;
use crate::stats::real::{LANES, Lanes, Real};

/// Errors within which a verdict counts as uncertain (rule X12).
pub(super) const UNCERTAIN: f64 = 2.0;

/// Error of the quantile at level `p`, which is itself known to within `level_error`.
pub(super) fn of_quantile(draws: &mut Ordered, p: f64, level_error: f64) -> f64 {
    let reach = (p * (1.0 - p) / draws.len() as f64 + level_error * level_error).sqrt();
    (draws.quantile(p + reach) - draws.quantile(p - reach)) / 2.0
}

/// Error of a share of `count` values.
pub(super) fn of_share(share: f64, count: usize) -> f64 {
    (share * (1.0 - share) / count.max(1) as f64).sqrt()
}

/// Sums of the second and fourth powers of the deviations from a mean.
pub(super) fn powers(values: &[f64], mean: f64) -> (f64, f64) {
    let mean = Lanes::splat(mean);
    let (mut second, mut fourth) = (Lanes::zero(), Lanes::zero());
    let mut add = |x: Lanes| {
        let square = (x - mean) * (x - mean);
        second += square;
        fourth += square * square;
    };
    let eights = values.chunks_exact(LANES);
    let rest = eights.remainder();
    eights.for_each(|eight| add(Lanes::load(eight)));
    // What is left over, with the mean in the other lanes.
    let mut last = mean;
    rest.iter().enumerate().for_each(|(lane, x)| last.set_lane(lane, *x));
    add(last);
    (total(second), total(fourth))
}

/// Sum of values, eight partial sums side by side.
pub(super) fn sum(values: &[f64]) -> f64 {
    let eights = values.chunks_exact(LANES);
    let rest: f64 = eights.remainder().iter().sum();
    total(eights.fold(Lanes::zero(), |sum, eight| sum + Lanes::load(eight))) + rest
}

fn total(lanes: Lanes) -> f64 {
    lanes.0.iter().sum()
}

/// Relative error of the standard deviation of `count` values from their [`powers`].
pub(super) fn of_sd((second, fourth): (f64, f64), count: usize) -> f64 {
    let count = count as f64;
    if second <= 0.0 {
        return 0.0;
    }
    let kurtosis = fourth * count / (second * second);
    ((kurtosis - 1.0).max(0.0) / (4.0 * count)).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::resample::random::stream;
    use crate::stats::distribution::normal_quantile;
    use rand::Rng;

    /// Normal values from a seed.
    fn normal(seed: u64, count: usize) -> Vec<f64> {
        let mut rng = stream(seed, 0);
        (0..count).map(|_| normal_quantile((f64::from(rng.next_u32()) + 0.5) / 2.0_f64.powi(32))).collect()
    }

    #[test]
    fn errors_are_the_spread_over_seeds() {
        let (count, seeds) = (1_000, 400);
        let mut bounds = Vec::new();
        let mut deviations = Vec::new();
        let (mut claimed_bound, mut claimed_sd) = (0.0, 0.0);
        for seed in 0..seeds {
            let values = normal(seed, count);
            let mean = values.iter().sum::<f64>() / count as f64;
            let both = powers(&values, mean);
            claimed_sd += of_sd(both, count) / seeds as f64;
            deviations
                .push((values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count as f64 - 1.0)).sqrt());
            let mut ordered = Ordered::new(values).unwrap();
            claimed_bound += of_quantile(&mut ordered, 0.975, 0.0) / seeds as f64;
            bounds.push(ordered.quantile(0.975));
        }
        let spread = |x: &[f64]| {
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)).sqrt()
        };
        assert!((claimed_bound / spread(&bounds) - 1.0).abs() < 0.15, "{claimed_bound} {}", spread(&bounds));
        assert!((claimed_sd / spread(&deviations) - 1.0).abs() < 0.15);
    }

    #[test]
    fn eight_partial_sums_are_a_sum() {
        let values: Vec<f64> = (0..29).map(|i| f64::from(i) / 8.0).collect();
        assert_eq!(sum(&values), 406.0 / 8.0);
        let second: f64 = values.iter().map(|x| (x - 1.75).powi(2)).sum();
        let fourth: f64 = values.iter().map(|x| (x - 1.75).powi(4)).sum();
        let found = powers(&values, 1.75);
        assert!((found.0 - second).abs() < 1e-10 && (found.1 / fourth - 1.0).abs() < 1e-14);
        assert_eq!(sum(&[]), 0.0);
    }

    #[test]
    fn nothing_varies_nothing_errs() {
        let mut same = Ordered::new([2.0; 50]).unwrap();
        assert_eq!(of_quantile(&mut same, 0.025, 0.0), 0.0);
        assert_eq!(of_sd(powers(&[2.0; 50], 2.0), 50), 0.0);
        assert_eq!(of_share(1.0, 50), 0.0);
    }
}
