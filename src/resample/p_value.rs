//! p-values for the hypothesis that a quantity is 0.

use super::monte_carlo;
use crate::assess::Tails;
use crate::model::words;
use crate::stats::distribution::{normal_density, normal_two_sided, student_t_two_sided};

words! {
    /// Where p-values come from.
    PValue: "p-value" {
        /// `t = θ/s` and the normal distribution (default; cSEM).
        Normal = "normal",
        /// `t = θ/s` and Student's t with n − 1 degrees of freedom.
        T = "t",
        /// The level at which the percentile interval just reaches 0: twice the smaller share of resamples on either side
        /// of 0 (seminr from 2.4 on), but never less than B resamples can tell, `2/(B + 1)` (Davison & Hinkley 1997,
        /// chapter 4).
        Percentile = "percentile",
    }
}

/// p by the normal distribution, for the direction of `t` if one-tailed.
pub(super) fn normal(t: f64, tails: Tails) -> f64 {
    share_of(tails) * normal_two_sided(t)
}

/// p by Student's t; `None` without degrees of freedom.
pub(super) fn student(t: f64, df: f64, tails: Tails) -> Option<f64> {
    Some(share_of(tails) * student_t_two_sided(t, df)?)
}

/// p by inversion of the percentile interval, for the direction of the estimate if one-tailed. Resamples at 0 speak for 0 on
/// either side; where no other does, p is the [`least`] that can be told.
pub(super) fn percentile(original: f64, draws: &[f64], tails: Tails) -> f64 {
    let (below, above) = monte_carlo::on_either_side(draws, 0.0);
    let fewest = match tails {
        Tails::Two => below.min(above),
        Tails::One if original >= 0.0 => below,
        Tails::One => above,
    };
    let share = fewest / draws.len().max(1) as f64;
    (2.0 * share_of(tails) * share).max(least(draws.len(), tails)).min(1.0)
}

/// The smallest p that `count` resamples can tell: that of one more, beyond 0.
pub(super) fn least(count: usize, tails: Tails) -> f64 {
    (2.0 * share_of(tails) / (count as f64 + 1.0)).min(1.0)
}

/// A share of resamples as a p-value, and whether it is no more than a bound: none has what is asked for.
pub(super) fn of_share(having: usize, count: usize) -> (f64, bool) {
    let none = having == 0;
    (if none { least(count, Tails::One) } else { having as f64 / count.max(1) as f64 }, none)
}

/// Monte Carlo error of p by t, where the standard error has the relative error `sd_error`.
pub(super) fn error_by_t(t: f64, sd_error: f64, tails: Tails) -> f64 {
    2.0 * share_of(tails) * normal_density(t) * t.abs() * sd_error
}

/// Monte Carlo error of p by inversion, from `count` resamples.
pub(super) fn error_by_share(p: f64, count: usize, tails: Tails) -> f64 {
    let factor = 2.0 * share_of(tails);
    factor * monte_carlo::of_share(p / factor, count)
}

/// One tail is half of both.
fn share_of(tails: Tails) -> f64 {
    match tails {
        Tails::One => 0.5,
        Tails::Two => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_are_twice_one() {
        assert!((normal(1.959_963_984_540_054, Tails::Two) - 0.05).abs() < 1e-15);
        assert!((normal(-1.959_963_984_540_054, Tails::One) - 0.025).abs() < 1e-15);
        assert!(student(1.0, 1.0, Tails::One).is_some_and(|p| (p - 0.25).abs() < 1e-14));
        assert_eq!(student(1.0, 0.0, Tails::Two), None);
    }

    #[test]
    fn inversion_counts_resamples_beyond_zero() {
        let draws = [-0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
        assert_eq!(percentile(0.3, &draws, Tails::Two), 0.5);
        assert_eq!(percentile(0.3, &draws, Tails::One), 0.25);
        assert_eq!(percentile(-0.3, &draws, Tails::One), 0.875, "the one at 0 speaks for 0");
        // Nothing beyond 0 is not nothing, and an estimate that is always 0 has no p below 1.
        assert_eq!(percentile(0.3, &draws[2..], Tails::Two), 2.0 / 7.0);
        assert_eq!(percentile(0.3, &draws[2..], Tails::One), 1.0 / 7.0);
        assert_eq!(percentile(0.3, &draws[7..], Tails::Two), 1.0);
        assert_eq!(percentile(0.0, &[0.0; 9], Tails::Two), 1.0);
        assert_eq!((of_share(0, 9), of_share(3, 9)), ((0.1, true), (3.0 / 9.0, false)));
        // A share of .25 of 8 errs by √(.25 · .75/8).
        assert!((error_by_share(0.5, 8, Tails::Two) - 2.0 * (0.1875_f64 / 8.0).sqrt()).abs() < 1e-15);
        assert!((error_by_share(0.25, 8, Tails::One) - (0.1875_f64 / 8.0).sqrt()).abs() < 1e-15);
    }
}
