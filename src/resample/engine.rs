//! From case weights to the values of every quantity, resample by resample.
//!
//! [`Engine::run`] takes what makes a resample (a row of counts or of weights), estimates the model in each, and
//! gives one column of values per quantity. Blocks of resamples go to the threads; a resample's values depend on
//! its row alone, never on its neighbours, the block or the thread.
//!
//! Two roads lead to an estimate. Pearson correlations follow from weighted moments, so a block of resamples shares
//! one matrix product ([`Kernel`]). Everything that must look at the cases again (other correlations, quantified
//! answers) goes resample by resample through its [`Source`]. A model in stages takes the first road for its answers, and
//! looks at the cases for its products alone.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::quantities::Quantities;
use crate::moments::NoCorrelation;
use crate::moments::kernel::{BLOCK, Kernel, NoMoments, Resampled};
use crate::pls::{Cases, Estimate, Failure, NoEstimate, Plan, Source};
use crate::stats::linear;
use crate::survey::Sample;

/// Why a resample does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An item, or a score, has no variance.
    NoVariance,
    /// An item has no answer at all.
    NoAnswer,
    /// A Mode B block or the predictors of an equation are collinear.
    Collinear,
    /// The weights did not settle.
    NotConverged,
    /// A block's correlations give no reliability.
    NoReliability,
    /// Two items have no correlation of the kind asked for.
    NoCorrelation,
    /// A loading beyond ±1.
    LoadingAboveOne,
    /// A reliability above 1.
    ReliabilityAboveOne,
    /// Construct correlations are not positive semidefinite.
    NotPositive,
}

impl Reason {
    /// In words, for notes below tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoVariance => "an item or score without variance",
            Self::NoAnswer => "an item without any answer",
            Self::Collinear => "collinear items or predictors",
            Self::NotConverged => "weights that did not settle",
            Self::NoReliability => "a block without a reliability",
            Self::NoCorrelation => "a correlation that does not exist",
            Self::LoadingAboveOne => "a loading beyond 1",
            Self::ReliabilityAboveOne => "a reliability above 1",
            Self::NotPositive => "construct correlations that are not positive semidefinite",
        }
    }
}

impl From<Failure> for Reason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoVariance(_) => Self::NoVariance,
            Failure::CollinearBlock(_) | Failure::CollinearPredictors(_) => Self::Collinear,
            Failure::NotConverged => Self::NotConverged,
            Failure::NoReliability(_) => Self::NoReliability,
        }
    }
}

impl From<NoEstimate> for Reason {
    fn from(why: NoEstimate) -> Self {
        match why {
            NoEstimate::Correlation(NoCorrelation::Item(_)) => Self::NoVariance,
            NoEstimate::Correlation(_) => Self::NoCorrelation,
            NoEstimate::Weights(failure) => failure.into(),
        }
    }
}

impl From<NoMoments> for Reason {
    fn from(why: NoMoments) -> Self {
        match why {
            NoMoments::Constant(_) => Self::NoVariance,
            NoMoments::Unanswered(_) => Self::NoAnswer,
        }
    }
}

/// What makes resample b: it fills a row, one entry per case, that holds zeros before.
///
/// Weights that the sample's cases have themselves are multiplied in by the engine.
pub(super) enum Rows<'a> {
    /// How often each case is drawn.
    Counts(&'a (dyn Fn(usize, &mut [u16]) + Sync)),
    /// Weights of any size.
    Weights(&'a (dyn Fn(usize, &mut [f64]) + Sync)),
}

impl Rows<'_> {
    /// The row of resample `b` as weights.
    fn weights(&self, b: usize, row: &mut [f64]) {
        match self {
            Self::Weights(fill) => fill(b, row),
            Self::Counts(fill) => {
                let mut counts = vec![0; row.len()];
                fill(b, &mut counts);
                row.iter_mut().zip(counts).for_each(|(w, c)| *w = f64::from(c));
            }
        }
    }
}

/// What all resamples gave.
pub(super) struct Values {
    /// Per quantity its value in every resample, NaN in those that do not count.
    pub(super) columns: Vec<Vec<f64>>,
    /// Per resample whether it counts.
    pub(super) counted: Vec<bool>,
    /// Per resample what is wrong with it; one that is kept in spite of it counts all the same.
    pub(super) reasons: Vec<Option<Reason>>,
}

impl Values {
    /// Resamples that count.
    pub(super) fn admissible(&self) -> usize {
        self.counted.iter().filter(|counted| **counted).count()
    }

    /// How many resamples have each reason.
    pub(super) fn tally(&self) -> BTreeMap<Reason, usize> {
        let mut tally = BTreeMap::new();
        for reason in self.reasons.iter().flatten() {
            *tally.entry(*reason).or_insert(0) += 1;
        }
        tally
    }

    /// Columns of the resamples that count, in their order.
    pub(super) fn counted_columns(self) -> Vec<Vec<f64>> {
        if self.counted.iter().all(|counted| *counted) {
            return self.columns;
        }
        let counted = &self.counted;
        self.columns
            .into_par_iter()
            .map(|column| column.into_iter().zip(counted).filter(|(_, c)| **c).map(|(x, _)| x).collect())
            .collect()
    }
}

/// Estimates one model in many resamples of one sample.
pub(super) struct Engine<'a> {
    kernel: Kernel,
    sample: &'a Sample,
    /// What makes estimates that do not follow from Pearson moments.
    source: Option<&'a Source>,
    plan: &'a Plan,
    quantities: &'a Quantities,
    /// Whether impossible estimates (a loading beyond 1, …) count.
    keep: bool,
}

/// Resamples of one block: values quantity by quantity, and the two flags of each resample.
struct Done {
    values: Vec<f64>,
    counted: Vec<bool>,
    reasons: Vec<Option<Reason>>,
}

impl Done {
    /// Enters one resample that counts.
    fn enter(&mut self, at: usize, values: &[f64]) {
        let len = self.counted.len();
        self.counted[at] = true;
        for (column, value) in self.values.chunks_mut(len).zip(values) {
            column[at] = *value;
        }
    }
}

impl<'a> Engine<'a> {
    /// An engine; with a `source` every resample goes through it.
    pub(super) fn new(
        sample: &'a Sample,
        source: Option<&'a Source>,
        plan: &'a Plan,
        quantities: &'a Quantities,
        keep: bool,
    ) -> Self {
        Self { kernel: Kernel::new(sample), sample, source, plan, quantities, keep }
    }

    /// Estimates `requested` resamples, telling `progress` how many each finished block held.
    pub(super) fn run(&self, requested: usize, rows: &Rows, progress: &(dyn Fn(usize) + Sync)) -> Values {
        let blocks: Vec<Done> = (0..requested.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let range = block * BLOCK..requested.min((block + 1) * BLOCK);
                let len = range.len();
                let done = self.block(range, rows);
                progress(len);
                done
            })
            .collect();
        let columns = (0..self.quantities.list.len())
            .into_par_iter()
            .map(|q| {
                let mut column = Vec::with_capacity(requested);
                for done in &blocks {
                    let len = done.counted.len();
                    column.extend_from_slice(&done.values[q * len..(q + 1) * len]);
                }
                column
            })
            .collect();
        let counted = blocks.iter().flat_map(|done| done.counted.iter().copied()).collect();
        let reasons = blocks.iter().flat_map(|done| done.reasons.iter().copied()).collect();
        Values { columns, counted, reasons }
    }

    /// One block of resamples: rows, one matrix product, then an estimate per row.
    fn block(&self, range: std::ops::Range<usize>, rows: &Rows) -> Done {
        let cases = self.sample.cases();
        let len = range.len();
        let mut done = Done {
            values: vec![f64::NAN; len * self.quantities.list.len()],
            counted: vec![false; len],
            reasons: vec![None; len],
        };
        let mut weights = vec![0.0; len * cases];
        for (row, b) in weights.chunks_mut(cases.max(1)).zip(range) {
            rows.weights(b, row);
            // A case drawn twice counts twice, with its own weight each time.
            if let Some(own) = &self.sample.weights {
                row.iter_mut().zip(own).for_each(|(count, weight)| *count *= weight);
            }
        }
        let mut estimate = Estimate::default();
        let mut values = Vec::new();
        let stages = self.source.and_then(Source::by_moments);
        if let (Some(source), None) = (self.source, stages) {
            for (at, row) in weights.chunks(cases.max(1)).enumerate() {
                match source.estimate(self.plan, self.sample, Some(row), &mut estimate) {
                    Ok((moments, _)) => {
                        self.enter(&mut done, at, &estimate, &moments.correlation, &mut values);
                    }
                    Err(why) => done.reasons[at] = Some(why.into()),
                }
            }
            return done;
        }
        let sums = self.kernel.sums(&weights);
        let mut moments = Resampled::new(self.kernel.items());
        let mut results = Vec::new();
        for (at, row) in weights.chunks(cases.max(1)).enumerate() {
            if let Err(why) = self.kernel.finish(&sums, at, row, &mut moments) {
                done.reasons[at] = Some(why.into());
            } else if let Some(stages) = stages {
                let cases = Cases { sample: self.sample, weights: Some(row) };
                match stages.run(&moments.correlation, &moments.sd, Some(&cases), &mut results) {
                    Err((_, why)) => done.reasons[at] = Some(why.into()),
                    Ok(()) => {
                        if let Some(last) = results.last() {
                            self.enter(&mut done, at, &last.estimate, &last.correlation, &mut values);
                        }
                    }
                }
            } else if let Err(failure) = estimate.run(self.plan, &moments.correlation) {
                done.reasons[at] = Some(failure.into());
            } else {
                self.enter(&mut done, at, &estimate, &moments.correlation, &mut values);
            }
        }
        done
    }

    /// Enters an estimate unless it is impossible; `values` is a buffer.
    fn enter(&self, done: &mut Done, at: usize, estimate: &Estimate, s: &[f64], values: &mut Vec<f64>) {
        let reason = impossible(self.plan, estimate);
        done.reasons[at] = reason;
        if reason.is_none() || self.keep {
            values.clear();
            self.quantities.read(self.plan, estimate, s, values);
            done.enter(at, values);
        }
    }
}

/// What makes an estimate impossible, if anything.
fn impossible(plan: &Plan, estimate: &Estimate) -> Option<Reason> {
    if !estimate.converged {
        return Some(Reason::NotConverged);
    }
    if !plan.blocks.iter().any(|block| block.corrected) {
        return None;
    }
    if estimate.loadings.iter().any(|l| l.abs() > 1.0 + 1e-10) {
        return Some(Reason::LoadingAboveOne);
    }
    if estimate.reliability_roots.iter().any(|q| q * q > 1.0 + 1e-10) {
        return Some(Reason::ReliabilityAboveOne);
    }
    // Positive semidefinite up to the 1e-8 that the full-sample check allows.
    let k = plan.constructs();
    let mut shifted = estimate.construct_correlations.clone();
    for j in 0..k {
        shifted[j * k + j] += 1e-8;
    }
    (!linear::cholesky(&mut shifted, k)).then_some(Reason::NotPositive)
}
