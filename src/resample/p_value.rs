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
        /// of 0 (seminr from 2.4 on).
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

/// p by inversion of the percentile interval, for the direction of the estimate if one-tailed.
pub(super) fn percentile(original: f64, draws: &[f64], tails: Tails) -> f64 {
    let at_or_below = draws.iter().filter(|x| **x <= 0.0).count() as f64 / draws.len().max(1) as f64;
    match tails {
        Tails::Two => 2.0 * at_or_below.min(1.0 - at_or_below),
        Tails::One if original >= 0.0 => at_or_below,
        Tails::One => 1.0 - at_or_below,
    }
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
        assert_eq!(percentile(-0.3, &draws, Tails::One), 0.75);
        // A share of .25 of 8 errs by √(.25 · .75/8).
        assert!((error_by_share(0.5, 8, Tails::Two) - 2.0 * (0.1875_f64 / 8.0).sqrt()).abs() < 1e-15);
        assert!((error_by_share(0.25, 8, Tails::One) - (0.1875_f64 / 8.0).sqrt()).abs() < 1e-15);
    }
}
