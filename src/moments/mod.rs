//! From cases to moments: everything a path model needs to know about the answers.
//!
//! [`Moments`] holds means, standard deviations and correlations of the items. They come from a
//! [`Sample`], from a published table, or, for many resamples at once, from the
//! batched kernel in [`kernel`].

mod correlation;
mod from_file;
pub mod kernel;
mod ordinal;
mod robust;
mod spearman;

use crate::stats::real::{LANES, Lanes, Real};
use crate::stats::simd::{Level, Work};
use crate::survey::Sample;

pub(crate) use correlation::ordinal_items;
pub use correlation::{Correlation, NoCorrelation, Polyserial, Recipe};
pub use from_file::MomentsError;

/// Means, standard deviations (n − 1) and correlations of the items.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Names of the items.
    pub items: Vec<String>,
    /// Number of cases behind them.
    pub cases: usize,
    /// Mean per item; zeros for a correlation table.
    pub mean: Vec<f64>,
    /// Standard deviation per item (n − 1); ones for a correlation table.
    pub sd: Vec<f64>,
    /// Correlations, row-major, `items × items`.
    pub correlation: Vec<f64>,
}

impl Moments {
    /// Moments of a sample by two passes, weighted if its cases are; missing answers count as the mean of the
    /// observed ones. Correlations are Pearson's; for others see [`Recipe`].
    pub fn of(sample: &Sample) -> Self {
        if let Some(weights) = &sample.weights {
            return Self::weighted(sample, weights);
        }
        let (fours, rest) = sample.columns.as_chunks::<4>();
        let mut deviations = Vec::with_capacity(sample.columns.len());
        for [a, b, c, d] in fours {
            deviations.extend(deviations_of([a, b, c, d]));
        }
        deviations.extend(rest.iter().map(|column| self::deviations(column)));
        let cases = sample.cases();
        let p = deviations.len();
        let denominator = (cases.max(2) - 1) as f64;
        let mut correlation = vec![0.0; p * p];
        Level::best().run(Products { deviations: &deviations, out: &mut correlation });
        let sd: Vec<f64> = (0..p).map(|j| (correlation[j * p + j] / denominator).sqrt()).collect();
        for j in 0..p {
            correlation[j * p + j] = 1.0;
            for k in 0..j {
                let r = correlation[j * p + k] / denominator / (sd[j] * sd[k]);
                correlation[j * p + k] = r;
                correlation[k * p + j] = r;
            }
        }
        let mean = deviations.into_iter().map(|(mean, _)| mean).collect();
        Self { items: sample.items.clone(), cases, mean, sd, correlation }
    }

    /// Moments under case weights, whatever weights the sample has itself: means `Σwx / Σw`, covariances
    /// `Σw(x − x̄)(y − ȳ) / (Σw − 1)`.
    pub fn weighted(sample: &Sample, weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let p = sample.columns.len();
        let mut mean = Vec::with_capacity(p);
        let mut centred: Vec<Vec<f64>> = Vec::with_capacity(p);
        for column in &sample.columns {
            let seen = || column.iter().zip(weights).filter(|(x, w)| !x.is_nan() && **w != 0.0);
            let weight: f64 = seen().map(|(_, w)| w).sum();
            let average = if weight > 0.0 { seen().map(|(x, w)| w * x).sum::<f64>() / weight } else { 0.0 };
            mean.push(average);
            centred.push(column.iter().map(|x| if x.is_nan() { 0.0 } else { x - average }).collect());
        }
        let covariance = |a: &[f64], b: &[f64]| {
            weights.iter().zip(a.iter().zip(b)).map(|(w, (x, y))| w * x * y).sum::<f64>() / (total - 1.0)
        };
        let sd: Vec<f64> = centred.iter().map(|d| covariance(d, d).sqrt()).collect();
        let mut correlation = vec![0.0; p * p];
        for j in 0..p {
            correlation[j * p + j] = 1.0;
            for k in 0..j {
                let r = covariance(&centred[j], &centred[k]) / (sd[j] * sd[k]);
                correlation[j * p + k] = r;
                correlation[k * p + j] = r;
            }
        }
        Self { items: sample.items.clone(), cases: sample.cases(), mean, sd, correlation }
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item at all.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Correlation of two items.
    pub fn r(&self, a: usize, b: usize) -> f64 {
        self.correlation[a * self.items.len() + b]
    }

    /// The moments of some of the items, in the given order.
    #[must_use]
    pub fn select(&self, which: &[usize]) -> Self {
        let k = which.len();
        let mut correlation = vec![0.0; k * k];
        for (i, &a) in which.iter().enumerate() {
            for (j, &b) in which.iter().enumerate() {
                correlation[i * k + j] = self.r(a, b);
            }
        }
        Self {
            items: which.iter().map(|&i| self.items[i].clone()).collect(),
            cases: self.cases,
            mean: which.iter().map(|&i| self.mean[i]).collect(),
            sd: which.iter().map(|&i| self.sd[i]).collect(),
            correlation,
        }
    }
}

/// Sums of products of all pairs of columns, on the lower triangle. Every eighth case goes to a sum of its own, so the bits
/// are the same whatever the instructions.
struct Products<'a> {
    deviations: &'a [(f64, Vec<f64>)],
    out: &'a mut [f64],
}

impl Work for Products<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it must be compiled with the instructions it is run with")]
    fn run(self) {
        let p = self.deviations.len();
        for (j, (_, a)) in self.deviations.iter().enumerate() {
            let others = self.deviations[..=j].chunks(4).zip(self.out[j * p..=j * p + j].chunks_mut(4));
            for (others, out) in others {
                if let [(_, b), (_, c), (_, d), (_, e)] = others {
                    out.copy_from_slice(&dots(a, [b, c, d, e]));
                } else {
                    for ((_, b), out) in others.iter().zip(out) {
                        [*out] = dots(a, [b]);
                    }
                }
            }
        }
    }
}

/// Sums of products of a column with each of some others; several at a time, for an addition waits for the one before.
#[inline(always)]
#[allow(clippy::inline_always, reason = "as above")]
fn dots<const N: usize>(a: &[f64], others: [&[f64]; N]) -> [f64; N] {
    let (groups, rest) = a.as_chunks::<LANES>();
    let mut sums = [Lanes::zero(); N];
    for (at, x) in groups.iter().enumerate() {
        for (sum, other) in sums.iter_mut().zip(&others) {
            *sum += Lanes(*x) * Lanes::load(&other[at * LANES..]);
        }
        Lanes::keep();
    }
    let mut out = [0.0; N];
    for ((out, other), sums) in out.iter_mut().zip(others).zip(sums) {
        for (x, y) in rest.iter().zip(&other[groups.len() * LANES..]) {
            *out += x * y;
        }
        for lane in sums.0 {
            *out += lane;
        }
    }
    out
}

/// Mean of the observed answers and the deviations from it, 0 where the answer is missing.
pub(crate) fn deviations(column: &[f64]) -> (f64, Vec<f64>) {
    let [one] = deviations_of([column]);
    one
}

/// The same of several columns of one length, whose sums run side by side: an addition waits for the one before.
fn deviations_of<const N: usize>(columns: [&[f64]; N]) -> [(f64, Vec<f64>); N] {
    let sums_of = |columns: [&[f64]; N]| {
        let mut sums = [0.0; N];
        for case in 0..columns.first().map_or(0, |column| column.len()) {
            for (sum, column) in sums.iter_mut().zip(&columns) {
                *sum += if column[case].is_nan() { 0.0 } else { column[case] };
            }
        }
        sums
    };
    let counts = columns.map(|column| column.iter().filter(|x| !x.is_nan()).count());
    let sums = sums_of(columns);
    let mut found = std::array::from_fn(|n| {
        let mean = if counts[n] == 0 { 0.0 } else { sums[n] / counts[n] as f64 };
        let away = |x: &f64| if x.is_nan() { 0.0 } else { x - mean };
        (mean, columns[n].iter().map(away).collect::<Vec<f64>>())
    });
    // A large mean is rounded: what it is off by would stand between observed answers and missing ones, which lie on the
    // mean exactly.
    let sums = sums_of(found.each_ref().map(|(_, deviations)| deviations.as_slice()));
    for (n, (mean, deviations)) in found.iter_mut().enumerate() {
        let off = sums[n] / counts[n].max(1) as f64;
        for (d, x) in deviations.iter_mut().zip(columns[n]) {
            *d -= if x.is_nan() { 0.0 } else { off };
        }
        *mean += off;
    }
    found
}
