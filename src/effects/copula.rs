//! The Gaussian copula term of a predictor (Park & Gupta 2012, doi:10.1287/mksc.1120.0718).
//!
//! If predictor and error are joined by a Gaussian copula, the part of the error that goes with the predictor x is
//! proportional to `x* = Φ⁻¹(H(x))`, H its distribution function. With x* among the predictors the coefficient of x is
//! consistent, and that of x* says whether x is endogenous. If x is normal, x* is a linear function of x and nothing can be
//! told apart: hence the tests of normality first (Becker, Proksch & Ringle 2022, doi:10.1007/s11747-021-00805-y).

use crate::model::words;
use crate::stats::distribution::normal_quantile;

words! {
    /// The distribution function H whose normal quantiles are the copula term.
    CopulaDistribution: "distribution function" {
        /// Share of the cases at or below x; for the largest x, whose quantile would be infinite, n/(n + 1) (default;
        /// Becker, Proksch & Ringle 2022).
        Empirical = "empirical",
        /// The same with 1 − 10⁻⁷ for the largest x (Park & Gupta 2012; Hult et al. 2018).
        ParkGupta = "park-gupta",
        /// Midranks over n + 1, symmetric in both tails.
        Rank = "rank",
    }
}

/// The copula term of values under case weights (counts of a bootstrap, say); a case of weight 0 gets NaN.
pub fn copula_term(values: &[f64], weights: Option<&[f64]>, distribution: CopulaDistribution) -> Vec<f64> {
    let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| weight(i) > 0.0).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let total: f64 = order.iter().map(|&i| weight(i)).sum();
    let mut term = vec![f64::NAN; values.len()];
    let mut below = 0.0;
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let here: f64 = tie.iter().map(|&i| weight(i)).sum();
        let share = match distribution {
            CopulaDistribution::Rank => (below + f64::midpoint(here, 1.0)) / (total + 1.0),
            // Sums of weights may miss the total by a rounding.
            _ if below + here < total * (1.0 - 1e-12) => (below + here) / total,
            CopulaDistribution::Empirical => total / (total + 1.0),
            CopulaDistribution::ParkGupta => 1.0 - 1e-7,
        };
        let quantile = normal_quantile(share);
        for &i in tie {
            term[i] = quantile;
        }
        below += here;
    }
    term
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "tests")]
mod tests {
    use super::*;
    use CopulaDistribution::{Empirical, ParkGupta, Rank};

    #[test]
    fn shares_of_the_cases_become_normal_quantiles() {
        let values = [3.0, 1.0, 2.0, 2.0];
        let close = |got: Vec<f64>, shares: [f64; 4]| {
            assert!(got.iter().zip(shares).all(|(g, s)| (g - normal_quantile(s)).abs() < 1e-12), "{got:?}");
        };
        close(copula_term(&values, None, Empirical), [0.8, 0.25, 0.75, 0.75]);
        close(copula_term(&values, None, ParkGupta), [1.0 - 1e-7, 0.25, 0.75, 0.75]);
        close(copula_term(&values, None, Rank), [0.8, 0.2, 0.5, 0.5]);
    }

    #[test]
    fn counts_repeat_cases_and_a_case_left_out_has_no_term() {
        for distribution in [Empirical, ParkGupta, Rank] {
            let weighted = copula_term(&[5.0, 1.0, 2.0, 9.0], Some(&[1.0, 2.0, 1.0, 0.0]), distribution);
            let plain = copula_term(&[5.0, 1.0, 1.0, 2.0], None, distribution);
            assert_eq!([weighted[0], weighted[1], weighted[2]], [plain[0], plain[1], plain[3]]);
            assert!(weighted[3].is_nan());
        }
    }

    #[test]
    fn the_term_is_monotone_and_blind_to_scale() {
        let values: Vec<f64> = (0..50).map(|i| f64::from((i * 37) % 50)).collect();
        let cubed: Vec<f64> = values.iter().map(|x| x.powi(3) - 8.0).collect();
        assert_eq!(copula_term(&values, None, Rank), copula_term(&cubed, None, Rank));
    }
}
