//! How many cases a path of a given size needs (Kock & Hadaya 2018, doi:10.1111/isj.12131).
//!
//! * Inverse square root: a standard error of `1/√N` gives `N ≥ ((z_level + z_power) / |β|)²`.
//! * Gamma-exponential: a standard error of `e^(−e|β|/√N) / √N`, so that N is the smallest with
//!   `|β| √N e^(e|β|/√N) ≥ z_level + z_power`. For |β| = .197 the methods give 160 and 146, as published.
//!
//! The published constant 2.486 is one-tailed at 5 % with power .80. Two-tailed tests need 2.802.

use std::f64::consts::E;

use crate::model::words;
use crate::stats::distribution::normal_quantile;

words! {
    /// In how many directions a path is tested.
    Tails: "number of tails" {
        /// One: the direction was hypothesised.
        One = "one",
        /// Two.
        Two = "two",
    }
}

/// Sizes above this are of no interest to a questionnaire.
const MOST: usize = 100_000_000;

/// `z_level + z_power`; `None` where level or power is not strictly between 0 and 1, or the sum is not positive.
fn constant(tails: Tails, level: f64, power: f64) -> Option<f64> {
    let open = |p: f64| p > 0.0 && p < 1.0;
    if !open(level) || !open(power) {
        return None;
    }
    let tail = match tails {
        Tails::One => level,
        Tails::Two => level / 2.0,
    };
    let sum = normal_quantile(1.0 - tail) + normal_quantile(power);
    (sum > 0.0).then_some(sum)
}

/// Cases that a path of size `beta` needs at level .05 and power .80; `None` for 0 or what is no number.
pub fn inverse_square_root(beta: f64, tails: Tails) -> Option<usize> {
    inverse_square_root_at(beta, tails, 0.05, 0.80)
}

/// Cases that a path of size `beta` needs at a level and power of choice.
pub fn inverse_square_root_at(beta: f64, tails: Tails, level: f64, power: f64) -> Option<usize> {
    let n = (constant(tails, level, power)? / beta.abs()).powi(2).ceil();
    // The largest count of interest is far below where a float skips whole numbers.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a small count")]
    (n.is_finite() && n <= MOST as f64).then_some(n as usize)
}

/// Cases that a path of size `beta` needs by the gamma-exponential method, at level .05 and power .80.
pub fn gamma_exponential(beta: f64, tails: Tails) -> Option<usize> {
    let needed = constant(tails, 0.05, 0.80)?;
    let b = beta.abs();
    let enough = |n: usize| {
        let root = (n as f64).sqrt();
        b * root * (E * b / root).exp() >= needed
    };
    // The exponential only ever lowers the demand, and from √N = e|β| on the left side grows with N.
    let high = inverse_square_root(beta, tails)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
    let mut low = (E * b).powi(2).floor().min(high as f64) as usize;
    let mut high = high;
    while high > low + 1 {
        let middle = usize::midpoint(low, high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// The smallest path that `n` cases show at level .05 and power .80 (inverse square root); `None` without cases.
pub fn detectable(n: usize, tails: Tails) -> Option<f64> {
    (n > 0).then_some(())?;
    Some(constant(tails, 0.05, 0.80)? / (n as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_table_is_met() {
        for (beta, n) in [(0.10, 619), (0.15, 275), (0.20, 155), (0.25, 99), (0.30, 69), (0.40, 39)] {
            assert_eq!(inverse_square_root(beta, Tails::One), Some(n), "{beta}");
            assert_eq!(inverse_square_root(-beta, Tails::One), Some(n), "{beta}");
        }
        for (beta, n) in [(0.10, 785), (0.20, 197), (0.30, 88)] {
            assert_eq!(inverse_square_root(beta, Tails::Two), Some(n), "{beta}");
        }
    }

    #[test]
    fn both_methods_meet_the_published_example() {
        assert_eq!(inverse_square_root(0.197, Tails::One), Some(160));
        assert_eq!(gamma_exponential(0.197, Tails::One), Some(146));
    }

    #[test]
    fn constants_at_other_levels() {
        for (level, published) in [(0.01, 3.168), (0.05, 2.486), (0.10, 2.123)] {
            assert!(constant(Tails::One, level, 0.80).is_some_and(|c| (c - published).abs() < 1e-3));
        }
        assert_eq!(constant(Tails::One, 0.0, 0.8), None);
        assert_eq!(constant(Tails::One, 0.05, 1.0), None);
    }

    #[test]
    fn the_smallest_path_needs_what_there_is() {
        for n in [10, 155, 2_000] {
            let beta = detectable(n, Tails::One).unwrap_or_default();
            let needed = inverse_square_root(beta * (1.0 + 1e-12), Tails::One);
            assert_eq!(needed, Some(n));
        }
    }

    #[test]
    fn nothing_needs_no_number_of_cases() {
        for beta in [0.0, f64::NAN, 1e-9] {
            assert_eq!(inverse_square_root(beta, Tails::One), None, "{beta}");
            assert_eq!(gamma_exponential(beta, Tails::One), None, "{beta}");
        }
        assert_eq!(detectable(0, Tails::One), None);
        for beta in [0.9, 1.0, 1.7, 5.0] {
            let n = gamma_exponential(beta, Tails::One);
            assert!(n.is_some_and(|n| n >= 1) && n <= inverse_square_root(beta, Tails::One), "{beta}");
        }
    }
}
