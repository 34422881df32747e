//! What the draws of one quantity say.

use serde::Serialize;

use crate::stats::{distribution, quantile::quantile};

/// Summary of one quantity over the admissible resamples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// Estimate from the full sample.
    pub original: f64,
    /// Mean of the resamples.
    pub mean: f64,
    /// Standard deviation of the resamples (divisor B − 1): the standard error. `None` for fewer than two.
    pub sd: Option<f64>,
    /// `original / sd`; `None` where the quantity does not vary.
    pub t: Option<f64>,
    /// Two-sided p-value of `t` by the normal distribution, for the hypothesis that the quantity is 0.
    pub p: Option<f64>,
    /// Lower bound of the percentile interval (quantiles of type 7).
    pub low: f64,
    /// Upper bound of the percentile interval.
    pub high: f64,
    /// One-sided upper bound at the same level: the quantile at `level`.
    pub upper: f64,
    /// Resamples in which the quantity is defined.
    pub draws: usize,
}

impl Summary {
    /// Summarises draws; `None` if none is defined.
    pub fn of(original: f64, draws: &[f64], level: f64) -> Option<Self> {
        let mut values: Vec<f64> = draws.iter().copied().filter(|x| x.is_finite()).collect();
        let count = values.len();
        if count == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
        let sd = (count > 1).then(|| (squares / (count as f64 - 1.0)).sqrt());
        // A quantity that is fixed by construction (a single item's loading) varies by rounding only.
        let t = sd.filter(|sd| *sd > 1e-12 * original.abs().max(1e-12)).map(|sd| original / sd);
        let tail = (1.0 - level) / 2.0;
        Some(Self {
            original,
            mean,
            sd,
            t,
            p: t.map(distribution::normal_two_sided),
            low: quantile(&mut values, tail)?,
            high: quantile(&mut values, 1.0 - tail)?,
            upper: quantile(&mut values, level)?,
            draws: count,
        })
    }
}
