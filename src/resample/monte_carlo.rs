//! How much another seed would change a number: standard errors over the draw of the resamples.
//!
//! * A quantile at level p lies, seed by seed, between the quantiles at `p ± √(p(1 − p)/B)`; half that distance is its error.
//! * A share `s` has the error `√(s(1 − s)/B)`.
//! * A standard deviation has the relative error `√((κ − 1)/(4B))`, κ the kurtosis of the values (3 for normal ones).
//!
//! The last digit that two seeds share is one or two of these errors away; rule X12 calls a verdict uncertain that a
//! change of two errors would turn.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use crate::stats::ordered::Ordered;
use crate::stats::real::{LANES, Lanes, Real};
use crate::stats::simd::{Level, Work};

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
    let mut both = [Lanes::zero(); 2];
    Level::best().run(Each {
        values,
        fill: mean,
        out: &mut both,
        add: |[second, fourth]: &mut [Lanes; 2], x: Lanes| {
            let away = x - Lanes::splat(mean);
            let square = away * away;
            *second += square;
            *fourth += square * square;
        },
    });
    (total(both[0]), total(both[1]))
}

/// Sum of values, sixteen partial sums side by side.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut sum = [Lanes::zero()];
    let whole = values.len() / LANES * LANES;
    Level::best().run(Each {
        values: &values[..whole],
        fill: 0.0,
        out: &mut sum,
        add: |[sum]: &mut [Lanes; 1], x: Lanes| *sum += x,
    });
    let rest: f64 = values[whole..].iter().sum();
    total(sum[0]) + rest
}

/// How many values are at or below a bound, and how many at or above it.
pub(super) fn on_either_side(values: &[f64], bound: f64) -> (f64, f64) {
    let mut counts = [Lanes::zero(); 2];
    let whole = values.len() / LANES * LANES;
    Level::best().run(Each {
        values: &values[..whole],
        fill: bound,
        out: &mut counts,
        add: |[below, above]: &mut [Lanes; 2], x: Lanes| {
            let bound = Lanes::splat(bound);
            *below += Lanes::select(x.above(bound), Lanes::zero(), Lanes::one());
            *above += Lanes::select(bound.above(x), Lanes::zero(), Lanes::one());
        },
    });
    let rest = &values[whole..];
    let below = rest.iter().filter(|x| **x <= bound).count() as f64;
    let above = rest.iter().filter(|x| **x >= bound).count() as f64;
    (total(counts[0]) + below, total(counts[1]) + above)
}

/// Adds values up, sixteen at a time; the last are filled up.
struct Each<'a, const N: usize, F> {
    values: &'a [f64],
    fill: f64,
    out: &'a mut [Lanes; N],
    add: F,
}

impl<const N: usize, F: Fn(&mut [Lanes; N], Lanes)> Work for Each<'_, N, F> {
    #[inline(always)]
    fn run(self) {
        let mut sums = *self.out;
        let groups = self.values.chunks_exact(LANES);
        let rest = groups.remainder();
        for group in groups {
            (self.add)(&mut sums, Lanes::load(group));
        }
        if !rest.is_empty() {
            let mut last = Lanes::splat(self.fill);
            rest.iter().enumerate().for_each(|(lane, x)| last.set_lane(lane, *x));
            (self.add)(&mut sums, last);
        }
        *self.out = sums;
    }
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
        for (bound, below, above) in
            [(-1.0, 0.0, 29.0), (0.0, 1.0, 29.0), (1.75, 15.0, 15.0), (9.0, 29.0, 0.0)]
        {
            assert_eq!(on_either_side(&values, bound), (below, above));
        }
    }

    #[test]
    fn nothing_varies_nothing_errs() {
        let mut same = Ordered::new([2.0; 50]).unwrap();
        assert_eq!(of_quantile(&mut same, 0.025, 0.0), 0.0);
        assert_eq!(of_sd(powers(&[2.0; 50], 2.0), 50), 0.0);
        assert_eq!(of_share(1.0, 50), 0.0);
    }
}
