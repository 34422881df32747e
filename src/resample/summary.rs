//! What the resampled values of one quantity say.

use serde::{Deserialize, Serialize};

use super::interval::{Centre, Ground, Interval, IntervalKind, acceleration};
use super::scheme::Method;
use super::{monte_carlo, p_value};
use crate::assess::Tails;
use crate::stats::ordered::Ordered;
use crate::table::Cell;

pub use super::p_value::PValue;

/// Summary of one quantity over the resamples that count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// Estimate from the full sample.
    pub original: f64,
    /// Mean of the resamples.
    pub mean: f64,
    /// Estimated bias: `mean − original`; of a jackknife `(n − 1)(mean − original)`.
    pub bias: f64,
    /// Standard error: the standard deviation of the resamples (divisor B − 1); of a jackknife that times
    /// `(n − 1)/√n`, n the number of cases, or of groups that are left out in turn: `SE² = (k − 1)/k Σ (θ_i − θ̄)²`. Where
    /// cases are dealt into groups several times, the mean of the variances. `None` for fewer than two.
    pub sd: Option<f64>,
    /// `original / sd`; `None` where the quantity does not vary.
    pub t: Option<f64>,
    /// p-value for the hypothesis that the quantity is 0, as the settings choose it.
    pub p: Option<f64>,
    /// p by the normal distribution.
    pub p_normal: Option<f64>,
    /// p by Student's t with n − 1 degrees of freedom.
    pub p_t: Option<f64>,
    /// p by inversion of the percentile interval; `None` for a jackknife.
    pub p_percentile: Option<f64>,
    /// Standard error of `p` over seeds.
    pub p_error: Option<f64>,
    /// The smallest value that `p` can have with so many resamples: `2/(B + 1)`, with one tail `1/(B + 1)`. `None` where
    /// `p` comes from a distribution.
    pub p_least: Option<f64>,
    /// Lower bound of the first kind of interval at the first level; NaN where there is no such interval.
    pub low: f64,
    /// Upper bound; NaN likewise.
    pub high: f64,
    /// Standard error of the lower bound over seeds.
    pub low_error: Option<f64>,
    /// Standard error of the upper bound over seeds.
    pub high_error: Option<f64>,
    /// One-sided upper bound at the first level, of the same kind; NaN likewise.
    pub upper: f64,
    /// Standard error of that bound over seeds.
    pub upper_error: Option<f64>,
    /// Resamples in which the quantity is defined.
    pub draws: usize,
}

impl Summary {
    /// The summary with a percentile interval; `None` if no value is defined.
    pub fn of(original: f64, draws: &[f64], level: f64) -> Option<Self> {
        let inference = Inference { levels: vec![level], ..Inference::default() };
        inference.of(Evidence { original, draws, ..Evidence::default() }).map(|(summary, _)| summary)
    }

    /// The p-value as a table shows it: one that no resample speaks against is told as a bound.
    pub fn p_cell(&self) -> Cell {
        match self.p {
            Some(p) if self.p_is_bound() => Cell::ProbabilityBelow(p),
            Some(p) => Cell::Probability(p),
            None => Cell::NotApplicable(String::new()),
        }
    }

    /// Whether no resample speaks against the p-value, so that it is known to be at most that only.
    pub fn p_is_bound(&self) -> bool {
        self.p.zip(self.p_least).is_some_and(|(p, least)| p <= least)
    }

    /// Whether there is an interval that leaves 0 out.
    pub fn excludes_zero(&self) -> bool {
        self.leaves_zero_out() == Some(true)
    }

    /// The interval as a table shows it.
    pub fn interval_cell(&self) -> Cell {
        Cell::interval(self.low, self.high)
    }

    /// Whether the interval leaves 0 out; `None` where there is none.
    pub fn leaves_zero_out(&self) -> Option<bool> {
        (!self.low.is_nan() && !self.high.is_nan()).then_some(self.low > 0.0 || self.high < 0.0)
    }
}

/// How resampled values are turned into intervals and p-values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inference {
    /// How the values were made.
    pub method: Method,
    /// Kinds of intervals, the one to report first.
    pub intervals: Vec<IntervalKind>,
    /// Levels, the one to report first.
    pub levels: Vec<f64>,
    /// Two tails leave half of 1 − level outside on each side, one tail all of it: each bound alone has the level.
    pub tails: Tails,
    /// Where p comes from.
    pub p_value: PValue,
    /// Whether normal, t, basic and studentized intervals are centred on the estimate less its bias (cSEM).
    pub bias_corrected: bool,
    /// What the acceleration of BCa is measured from.
    pub acceleration: Centre,
    /// Degrees of freedom of t.
    pub df: f64,
    /// Groups that a jackknife leaves out in turn, if not every case.
    pub folds: Option<usize>,
}

impl Default for Inference {
    fn default() -> Self {
        Self {
            method: Method::Bootstrap,
            intervals: vec![IntervalKind::Percentile],
            levels: vec![0.95],
            tails: Tails::Two,
            p_value: PValue::Normal,
            bias_corrected: false,
            acceleration: Centre::Mean,
            df: f64::INFINITY,
            folds: None,
        }
    }
}

/// What is known of one quantity.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Estimate from the full sample.
    pub original: f64,
    /// Resampled values; those that are not finite are left out.
    pub draws: &'a [f64],
    /// Numbers of these resamples, which tell the deals of a jackknife of groups apart; none is those from 0 on.
    pub numbers: &'a [usize],
    /// Estimates with each case left out, for BCa.
    pub left_out: &'a [f64],
    /// Standard error within each resample, in the order of `draws`, for studentized intervals.
    pub errors: &'a [f64],
}

impl Inference {
    /// Summary and intervals of one quantity, kind by kind and level by level; `None` if no resampled value exists. A
    /// kind of interval that cannot be made from the evidence is left out; a single value makes none.
    pub fn of(&self, evidence: Evidence<'_>) -> Option<(Summary, Vec<Interval>)> {
        self.of_in(evidence, &mut Ordered::default())
    }

    /// The same in memory that is kept from one quantity to the next.
    pub(super) fn of_in(
        &self,
        evidence: Evidence<'_>,
        room: &mut Ordered,
    ) -> Option<(Summary, Vec<Interval>)> {
        let original = evidence.original;
        let draws = std::mem::take(room).again(evidence.draws)?;
        let jackknife = self.method == Method::Jackknife;
        let count = draws.len() as f64;
        let mean = monte_carlo::sum(draws.values()) / count;
        let powers = monte_carlo::powers(draws.values(), mean);
        let mut sd = (draws.len() > 1).then(|| (powers.0 / (count - 1.0)).sqrt());
        let mut bias = mean - original;
        if jackknife {
            // Units without an estimate are units all the same.
            let n = if self.df.is_finite() { self.df + 1.0 } else { count };
            sd = self.over_deals(&evidence).or(sd).map(|sd| sd * (n - 1.0) / n.sqrt());
            bias *= n - 1.0;
        }
        // A quantity that is fixed by construction (a single item's loading) varies by rounding only.
        let varies = |sd: &f64| *sd > 1e-12 * original.abs().max(1e-12);
        let t = sd.filter(varies).map(|sd| original / sd).filter(|t| t.is_finite());
        let sd_error = if jackknife { 0.0 } else { monte_carlo::of_sd(powers, draws.len()) };
        let p_normal = t.map(|t| p_value::normal(t, self.tails));
        let df = self.df;
        let p_t = t.and_then(|t| {
            if df.is_finite() {
                p_value::student(t, df, self.tails)
            } else {
                Some(p_value::normal(t, self.tails))
            }
        });
        let p_percentile = (!jackknife).then(|| p_value::percentile(original, draws.values(), self.tails));
        let p = match self.p_value {
            PValue::Normal => p_normal,
            PValue::T => p_t,
            PValue::Percentile => p_percentile.filter(|_| t.is_some()),
        };
        let p_least = (!jackknife && p.is_some() && self.p_value == PValue::Percentile)
            .then(|| p_value::least(draws.len(), self.tails));
        let p_error = match self.p_value {
            _ if jackknife => None,
            PValue::Percentile => p.map(|p| p_value::error_by_share(p, draws.len(), self.tails)),
            _ => t.map(|t| p_value::error_by_t(t, sd_error, self.tails)),
        };
        let count = draws.len();
        let ratios = evidence.draws.iter().zip(evidence.errors).map(|(x, se)| (x - original) / se);
        let mut ground = Ground {
            draws,
            original,
            centre: if self.bias_corrected { original - bias } else { original },
            // What varies by rounding only does not vary: ratios of rounding errors say nothing.
            sd: sd.unwrap_or(0.0),
            varies: t.is_some(),
            sd_error,
            df,
            acceleration: acceleration(original, evidence.left_out, self.acceleration),
            ratios: Ordered::new(ratios),
        };
        let random = |error: f64| (!jackknife).then_some(error);
        let mut intervals = Vec::new();
        // One value is no distribution, and what the sample does not have is no centre of an interval.
        let exists = original.is_finite();
        let kinds = self.intervals.iter().filter(|kind| exists || **kind == IntervalKind::Percentile);
        for &kind in kinds.filter(|_| count > 1) {
            for &level in &self.levels {
                let tail = match self.tails {
                    Tails::Two => (1.0 - level) / 2.0,
                    Tails::One => 1.0 - level,
                };
                if let Some(bounds) = ground.bounds(kind, tail) {
                    intervals.push(Interval {
                        kind,
                        level,
                        low: bounds.low,
                        high: bounds.high,
                        low_error: random(bounds.low_error),
                        high_error: random(bounds.high_error),
                    });
                }
            }
        }
        let asked = self.intervals.first().zip(self.levels.first());
        let first = asked.and_then(|(kind, level)| {
            intervals.iter().find(|found| found.kind == *kind && found.level == *level).copied()
        });
        let upper = first.and_then(|first| ground.bounds(first.kind, 1.0 - first.level));
        *room = ground.draws;
        let summary = Summary {
            original,
            mean,
            bias,
            sd,
            t,
            p,
            p_normal,
            p_t,
            p_percentile,
            p_error,
            p_least,
            low: first.map_or(f64::NAN, |first| first.low),
            high: first.map_or(f64::NAN, |first| first.high),
            low_error: first.and_then(|first| first.low_error),
            high_error: first.and_then(|first| first.high_error),
            upper: upper.map_or(f64::NAN, |upper| upper.high),
            upper_error: upper.and_then(|upper| random(upper.high_error)),
            draws: count,
        };
        Some((summary, intervals))
    }
}

impl Inference {
    /// The root of the mean variance of the deals of a jackknife of groups; `None` if there is but one.
    fn over_deals(&self, evidence: &Evidence<'_>) -> Option<f64> {
        let k = self.folds.filter(|k| *k > 0)?;
        if evidence.numbers.last().is_none_or(|last| *last < k) {
            return None;
        }
        let values = evidence.numbers.iter().map(|b| b / k).zip(evidence.draws.iter().copied());
        let values: Vec<(usize, f64)> = values.filter(|(_, x)| x.is_finite()).collect();
        let variance = |deal: &[(usize, f64)]| {
            let count = deal.len() as f64;
            let mean = deal.iter().map(|(_, x)| x).sum::<f64>() / count;
            deal.iter().map(|(_, x)| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0)
        };
        let deals = values.chunk_by(|a, b| a.0 == b.0).filter(|deal| deal.len() > 1);
        let variances: Vec<f64> = deals.map(variance).collect();
        (!variances.is_empty()).then(|| (variances.iter().sum::<f64>() / variances.len() as f64).sqrt())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(levels: &[f64]) -> Inference {
        Inference {
            intervals: IntervalKind::ALL.to_vec(),
            levels: levels.to_vec(),
            df: 49.0,
            ..Inference::default()
        }
    }

    proptest! {
        #[test]
        fn intervals_are_ordered_and_nested(
            draws in prop::collection::vec(-3.0..3.0_f64, 20..200),
            original in -1.0..1.0_f64,
            left_out in prop::collection::vec(-1.0..1.0_f64, 5..20),
        ) {
            let errors: Vec<f64> = draws.iter().map(|x| 0.5 + x.abs()).collect();
            let evidence = Evidence { original, draws: &draws, left_out: &left_out, errors: &errors, ..Evidence::default() };
            let (summary, intervals) = all(&[0.99, 0.95, 0.9, 0.5]).of(evidence).unwrap();
            prop_assert_eq!(intervals.len(), IntervalKind::ALL.len() * 4);
            for of_kind in intervals.chunks(4) {
                for interval in of_kind {
                    prop_assert!(interval.low <= interval.high + 1e-12, "{:?}", interval);
                    prop_assert!(interval.low_error.unwrap() >= 0.0 && interval.high_error.unwrap() >= 0.0);
                }
                for pair in of_kind.windows(2) {
                    prop_assert!(pair[0].low <= pair[1].low + 1e-12 && pair[1].high <= pair[0].high + 1e-12);
                }
            }
            prop_assert!((0.0..=1.0).contains(&summary.p_percentile.unwrap()));
        }

        /// Values in pairs about the estimate have no bias, and leave-one-out estimates in pairs no skewness.
        #[test]
        fn without_bias_and_acceleration_bca_is_the_percentile_interval(
            away in prop::collection::vec(1e-3..3.0_f64, 10..150),
            left_out in prop::collection::vec(1e-3..1.0_f64, 3..20),
            original in -1.0..1.0_f64,
        ) {
            let pairs = |away: &[f64]| away.iter().flat_map(|x| [original - x, original + x]).collect::<Vec<_>>();
            let (draws, left_out) = (pairs(&away), pairs(&left_out));
            let evidence = Evidence { original, draws: &draws, left_out: &left_out, ..Evidence::default() };
            let how = Inference {
                intervals: vec![IntervalKind::Percentile, IntervalKind::Bca, IntervalKind::Bc],
                ..all(&[0.95, 0.9, 0.5])
            };
            let (_, found) = how.of(evidence).unwrap();
            let (plain, corrected) = found.split_at(3);
            for (at, interval) in corrected.iter().enumerate() {
                let plain = plain[at % 3];
                prop_assert!((plain.low - interval.low).abs() < 1e-7, "{:?} {:?}", plain, interval);
                prop_assert!((plain.high - interval.high).abs() < 1e-7, "{:?} {:?}", plain, interval);
            }
        }

        #[test]
        fn one_tail_at_95_is_two_tails_at_90(draws in prop::collection::vec(-3.0..3.0_f64, 20..60)) {
            let evidence = Evidence { original: 0.2, draws: &draws, ..Evidence::default() };
            let one = Inference { tails: Tails::One, ..all(&[0.95]) }.of(evidence).unwrap();
            let two = all(&[0.9]).of(evidence).unwrap();
            for (a, b) in one.1.iter().zip(&two.1) {
                prop_assert!((a.low - b.low).abs() < 1e-9 && (a.high - b.high).abs() < 1e-9);
            }
            // The upper bound of one tail is the bound of its own interval.
            prop_assert!((one.0.upper - one.0.high).abs() < 1e-9);
        }
    }

    #[test]
    fn a_jackknife_of_the_mean_has_the_textbook_standard_error() {
        let x = [1.0, 4.0, 2.0, 8.0, 5.0];
        let mean = 4.0;
        let left_out: Vec<f64> = x.iter().map(|v| (20.0 - v) / 4.0).collect();
        let how = Inference {
            method: Method::Jackknife,
            intervals: vec![IntervalKind::T],
            df: 4.0,
            ..Inference::default()
        };
        let (summary, _) =
            how.of(Evidence { original: mean, draws: &left_out, ..Evidence::default() }).unwrap();
        let squares: f64 = x.iter().map(|v| (v - mean) * (v - mean)).sum();
        assert!((summary.sd.unwrap() - (squares / 4.0 / 5.0).sqrt()).abs() < 1e-14);
        assert!(summary.bias.abs() < 1e-14 && summary.p_error.is_none() && summary.low_error.is_none());
    }

    #[test]
    fn nothing_that_varies_is_no_number_that_is_not_finite() {
        let (summary, intervals) = all(&[0.95])
            .of(Evidence {
                original: 1.0,
                draws: &[1.0; 30],
                left_out: &[1.0; 9],
                errors: &[0.0; 30],
                ..Evidence::default()
            })
            .unwrap();
        assert_eq!((summary.t, summary.p), (None, None));
        assert!(intervals.iter().all(|i| (i.low, i.high) == (1.0, 1.0)), "{intervals:?}");
        assert_eq!(intervals.len(), IntervalKind::ALL.len());
        assert!(Inference::default().of(Evidence { draws: &[f64::NAN], ..Evidence::default() }).is_none());
    }

    #[test]
    fn what_cannot_be_made_takes_nothing_else_along() {
        // Without standard errors inside the resamples there is no studentized interval, and no other in its place.
        let draws: Vec<f64> = (0..40).map(|i| f64::from(i) / 40.0).collect();
        let how = Inference {
            intervals: vec![IntervalKind::Studentized, IntervalKind::Percentile],
            ..Inference::default()
        };
        let (summary, intervals) =
            how.of(Evidence { original: 0.5, draws: &draws, ..Evidence::default() }).unwrap();
        assert_eq!(intervals.len(), 1);
        assert!(summary.low.is_nan() && summary.high.is_nan() && summary.upper.is_nan());
        assert!(summary.sd.is_some() && summary.p.is_some() && summary.low_error.is_none());
        assert_eq!(summary.leaves_zero_out(), None);
        assert_eq!(summary.interval_cell().show(), "n/a");
        // What the sample does not have has the quantiles of its resamples and nothing that starts from the estimate.
        let (none, intervals) = all(&[0.95])
            .of(Evidence {
                original: f64::NAN,
                draws: &draws,
                left_out: &[0.1, 0.2],
                errors: &[0.1; 40],
                ..Evidence::default()
            })
            .unwrap();
        assert_eq!(intervals.iter().map(|i| i.kind).collect::<Vec<_>>(), [IntervalKind::Percentile]);
        assert!(none.t.is_none() && none.p.is_none() && none.low < none.high);
        // One value is no distribution.
        let (one, intervals) = all(&[0.95])
            .of(Evidence {
                original: 0.5,
                draws: &[0.4],
                left_out: &[0.1, 0.2],
                errors: &[0.1],
                ..Evidence::default()
            })
            .unwrap();
        assert!(intervals.is_empty() && one.low.is_nan() && one.sd.is_none() && one.p.is_none());
        assert_eq!((one.mean, one.draws), (0.4, 1));
    }

    #[test]
    fn p_by_inversion_is_told_as_a_bound_where_nothing_speaks_against_it() {
        let draws: Vec<f64> = (1..=199).map(|i| f64::from(i) / 40.0).collect();
        let how = Inference { p_value: PValue::Percentile, ..Inference::default() };
        let (summary, _) = how.of(Evidence { original: 2.0, draws: &draws, ..Evidence::default() }).unwrap();
        assert_eq!((summary.p, summary.p_least), (Some(0.01), Some(0.01)));
        assert_eq!(summary.p_cell().show(), "< .010");
        let (normal, _) = Inference::default()
            .of(Evidence { original: 2.0, draws: &draws, ..Evidence::default() })
            .unwrap();
        assert_eq!(normal.p_least, None);
        assert_eq!(normal.p_percentile, Some(0.01));
    }
}
