//! Confidence intervals from resampled values, one kind per file.
//!
//! With `θ` the estimate of the sample, `θ_b` those of `B` resamples, `m` their mean and `s` their standard deviation, and
//! `q(p)` their quantile of type 7, an interval that leaves `α` outside on each side is
//!
//! * normal `θ ± z s`, t `θ ± t s` ([`normal`]),
//! * percentile `[q(α), q(1 − α)]` ([`percentile`]),
//! * basic `[2θ − q(1 − α), 2θ − q(α)]` ([`basic`]),
//! * BC and BCa: the percentile interval at levels that undo bias and skewness ([`bias_corrected`]),
//! * studentized `[θ − q_t(1 − α) s, θ − q_t(α) s]` with quantiles of `(θ_b − θ)/s_b` ([`studentized`]).
//!
//! Sources: Efron & Tibshirani (1993), An introduction to the bootstrap; Davison & Hinkley (1997), Bootstrap methods and
//! their application. Which to report: percentile for PLS and consistent PLS (Aguirre-Urreta & Rönkkö 2018), BCa where the
//! distribution is clearly skewed (Hair et al. 2022).

mod basic;
mod bias_corrected;
mod normal;
mod percentile;
mod studentized;

pub use bias_corrected::acceleration;

use serde::Serialize;

use super::monte_carlo;
use crate::model::words;
use crate::stats::ordered::Ordered;

words! {
    /// How an interval is made.
    IntervalKind: "interval" {
        /// Quantiles of the resampled values (default; Efron 1979).
        Percentile = "percentile",
        /// Percentiles corrected for bias and skewness (Efron 1987, doi:10.1080/01621459.1987.10478410).
        Bca = "bca",
        /// Percentiles corrected for bias (Efron 1981).
        Bc = "bc",
        /// Percentiles mirrored at the estimate (Davison & Hinkley 1997).
        Basic = "basic",
        /// Estimate and standard error, quantiles of the normal distribution.
        Normal = "normal",
        /// Estimate and standard error, quantiles of Student's t with n − 1 degrees of freedom.
        T = "t",
        /// Quantiles of studentized values, whose standard errors come from a jackknife or bootstrap inside every
        /// resample.
        Studentized = "studentized",
    }
}

impl IntervalKind {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Percentile => "percentile",
            Self::Bca => "BCa",
            Self::Bc => "BC",
            Self::Basic => "basic bootstrap",
            Self::Normal => "normal",
            Self::T => "t",
            Self::Studentized => "studentized",
        }
    }

    /// Where its bounds come from, in a few words.
    pub fn source(self) -> &'static str {
        match self {
            Self::Percentile => "quantiles of type 7",
            Self::Bca => "levels corrected for bias and skewness",
            Self::Bc => "levels corrected for bias",
            Self::Basic => "quantiles mirrored at the estimate",
            Self::Normal => "estimate ± z SE",
            Self::T => "estimate ± t SE",
            Self::Studentized => "quantiles of studentized values",
        }
    }
}

words! {
    /// What the leave-one-out estimates deviate from in the acceleration of BCa.
    Centre: "centre of the acceleration" {
        /// Their mean (default; Efron 1987).
        Mean = "mean",
        /// The estimate of the sample (cSEM).
        Estimate = "estimate",
    }
}

/// One interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// How it was made.
    pub kind: IntervalKind,
    /// Its level; with one tail, that of each bound alone.
    pub level: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Standard error of the lower bound over seeds; `None` where nothing is random.
    pub low_error: Option<f64>,
    /// Standard error of the upper bound over seeds.
    pub high_error: Option<f64>,
}

/// Both bounds of an interval with their Monte Carlo errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) low_error: f64,
    pub(super) high_error: f64,
}

/// What the intervals of one quantity are made from.
#[derive(Debug)]
pub(super) struct Ground {
    /// The resampled values.
    pub(super) draws: Ordered,
    /// The sample's estimate.
    pub(super) original: f64,
    /// Where symmetric intervals are centred: the estimate, or the estimate less its bias.
    pub(super) centre: f64,
    /// Standard error.
    pub(super) sd: f64,
    /// Whether the values differ by more than rounding.
    pub(super) varies: bool,
    /// Relative Monte Carlo error of the standard error; 0 if nothing is random.
    pub(super) sd_error: f64,
    /// Degrees of freedom of t.
    pub(super) df: f64,
    /// Acceleration for BCa.
    pub(super) acceleration: f64,
    /// Studentized values.
    pub(super) ratios: Option<Ordered>,
}

impl Ground {
    /// The interval that leaves `tail` outside on each side; `None` where the kind cannot be made from what is known.
    pub(super) fn bounds(&mut self, kind: IntervalKind, tail: f64) -> Option<Bounds> {
        match kind {
            IntervalKind::Percentile => Some(percentile::bounds(&mut self.draws, tail)),
            IntervalKind::Basic => Some(basic::bounds(&mut self.draws, self.centre, tail)),
            IntervalKind::Bc => Some(bias_corrected::bounds(&mut self.draws, self.original, 0.0, tail)),
            IntervalKind::Bca => {
                Some(bias_corrected::bounds(&mut self.draws, self.original, self.acceleration, tail))
            }
            IntervalKind::Normal => Some(normal::bounds(self.centre, self.sd, self.sd_error, tail)),
            IntervalKind::T => normal::bounds_t(self.centre, self.sd, self.sd_error, self.df, tail),
            // What does not vary has no ratios, and one value is its interval.
            IntervalKind::Studentized if !self.varies && self.draws.len() > 1 => {
                Some(normal::bounds(self.centre, 0.0, 0.0, tail))
            }
            IntervalKind::Studentized => {
                Some(studentized::bounds(self.ratios.as_mut()?, self.centre, self.sd, tail))
            }
        }
    }
}

/// Quantile and its Monte Carlo error at a level that is itself uncertain by `level_error`.
fn quantile(draws: &mut Ordered, p: f64, level_error: f64) -> (f64, f64) {
    (draws.quantile(p), monte_carlo::of_quantile(draws, p, level_error))
}
