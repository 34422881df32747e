//! The nonparametric bootstrap (Efron 1979): cases drawn with replacement.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ResampleError;
use super::draw::{GENERATOR, bootstrap_counts};
use super::quantities::{Quantities, Quantity};
use super::summary::Summary;
use crate::assess::Htmt;
use crate::diagnostic::Diagnostic;
use crate::model::words;
use crate::moments::kernel::{BLOCK, Kernel, NoMoments, Resampled};
use crate::moments::{Correlation, NoCorrelation};
use crate::pls::{Estimate, Failure, NoEstimate, Plan, PlsError, PlsFit, Source};
use crate::stats::linear;
use crate::survey::Sample;

words! {
    /// When missing answers are replaced by means.
    Imputation: "imputation" {
        /// In every resample, by the resample's means: the replacement is part of the estimator, so its uncertainty
        /// belongs into the standard error (default; seminr).
        EachResample = "each-resample",
        /// Once, by the full sample's means, before resampling.
        Once = "once",
    }
}

words! {
    /// What is done about resamples whose estimate exists but is impossible: a loading or reliability beyond 1,
    /// construct or implied correlations that are not positive semidefinite.
    Inadmissible: "treatment of inadmissible resamples" {
        /// They are left out and counted (default; cSEM).
        Drop = "drop",
        /// They are kept (seminr). Resamples without an estimate are left out all the same.
        Keep = "keep",
    }
}

/// Bootstrap settings, and with [`run`](Bootstrap::run) the bootstrap itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bootstrap {
    /// Number of resamples; at least 10,000 for final results (Streukens & Leroi-Werelds 2016,
    /// doi:10.1016/j.emj.2016.06.003).
    pub resamples: usize,
    /// Seed; stream b of it gives resample b.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// When missing answers are replaced.
    pub imputation: Imputation,
    /// What is done about impossible estimates.
    pub inadmissible: Inadmissible,
    /// Which HTMT is recorded.
    pub htmt: Htmt,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self {
            resamples: 10_000,
            seed: 42,
            level: 0.95,
            imputation: Imputation::EachResample,
            inadmissible: Inadmissible::Drop,
            htmt: Htmt::Absolute,
        }
    }
}

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

/// Result of a bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrapped {
    /// Settings.
    pub settings: Bootstrap,
    /// Generator, or that the resamples were given.
    pub generator: &'static str,
    /// Resamples asked for.
    pub requested: usize,
    /// Resamples that count.
    pub admissible: usize,
    /// Resamples with an impossible estimate or none, by reason. They are counted here whether or not they are kept.
    pub reasons: BTreeMap<Reason, usize>,
    /// Per resample whether its estimate exists and is possible.
    pub flags: Vec<Option<Reason>>,
    /// What was recorded.
    pub quantities: Vec<Quantity>,
    /// The full-sample value of each quantity.
    pub original: Vec<f64>,
    /// Per quantity its value in every counted resample, in the order of the resamples.
    pub draws: Vec<Vec<f64>>,
    /// Per quantity its summary.
    pub summaries: Vec<Option<Summary>>,
    /// The model, for names and tables.
    pub model: Arc<crate::model::Model>,
}

/// One resample: its values, and what is wrong with it.
type Outcome = (Option<Vec<f64>>, Option<Reason>);

impl Bootstrap {
    /// Bootstraps a fit.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if the fit has no answers (it came from a correlation table), a setting is out of
    /// range, or no resample has an estimate.
    pub fn run(&self, fit: &PlsFit) -> Result<Bootstrapped, ResampleError> {
        self.run_with(fit, &|_| {})
    }

    /// [`Bootstrap::run`], telling `progress` how many resamples each finished block held.
    ///
    /// # Errors
    /// As [`Bootstrap::run`].
    pub fn run_with(
        &self,
        fit: &PlsFit,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Bootstrapped, ResampleError> {
        let draw = |b: usize, counts: &mut [f64]| bootstrap_counts(self.seed, b as u64, counts);
        self.resample(fit, self.resamples, GENERATOR, &draw, progress)
    }

    /// Estimates the model in given resamples, each a list of case numbers from 0.
    ///
    /// # Errors
    /// As [`Bootstrap::run`], and for case numbers that do not exist.
    pub fn run_given(&self, fit: &PlsFit, resamples: &[Vec<usize>]) -> Result<Bootstrapped, ResampleError> {
        let cases = fit.n();
        for (b, cases_drawn) in resamples.iter().enumerate() {
            if let Some(wrong) = cases_drawn.iter().find(|&&case| case >= cases) {
                return Err(invalid(Diagnostic::error(
                    "TP0602",
                    format!("resample {b} names case {wrong}, but there are {cases} cases, numbered from 0"),
                )));
            }
            if cases_drawn.len() < 3 {
                return Err(invalid(Diagnostic::error(
                    "TP0602",
                    format!("resample {b} holds {} cases; at least 3 are needed", cases_drawn.len()),
                )));
            }
        }
        let draw = |b: usize, counts: &mut [f64]| {
            for &case in &resamples[b] {
                counts[case] += 1.0;
            }
        };
        self.resample(fit, resamples.len(), "given resamples", &draw, &|_| {})
    }

    fn resample(
        &self,
        fit: &PlsFit,
        requested: usize,
        generator: &'static str,
        draw: &(dyn Fn(usize, &mut [f64]) + Sync),
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Bootstrapped, ResampleError> {
        let Some(sample) = &fit.sample else {
            return Err(invalid(
                Diagnostic::error("TP0601", "a bootstrap needs the answers, not only their correlations")
                    .hint("give the survey file instead of the correlation table"),
            ));
        };
        if requested < 2 || !(self.level > 0.0 && self.level < 1.0) {
            return Err(invalid(
                Diagnostic::error(
                    "TP0603",
                    format!("{requested} resamples at level {} cannot be summarised", self.level),
                )
                .hint("ask for at least 2 resamples and a level between 0 and 1, such as 0.95"),
            ));
        }
        let once = (self.imputation == Imputation::Once).then(|| completed(sample));
        let sample = once.as_ref().unwrap_or(sample);
        let kernel = Kernel::new(sample);
        let source = if fit.settings.correlation == Correlation::Pearson {
            None
        } else {
            Some(Source::new(&fit.model, sample, &fit.settings).map_err(|error| match error {
                PlsError::Invalid(problems) => ResampleError::Invalid(problems),
                PlsError::Survey(error) => invalid(Diagnostic::error("TP0605", error.to_string())),
            })?)
        };
        let quantities = Quantities::of(fit, self.htmt);
        let mut original = Vec::new();
        quantities.read(&fit.plan, &fit.estimate, &fit.moments.correlation, &mut original);
        let worker = Worker {
            kernel: &kernel,
            sample,
            source: source.as_ref(),
            plan: &fit.plan,
            quantities: &quantities,
            keep: self.inadmissible,
        };
        let blocks: Vec<Vec<Outcome>> = (0..requested.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                let range = block * BLOCK..requested.min((block + 1) * BLOCK);
                let done = worker.block(range.clone(), draw);
                progress(range.len());
                done
            })
            .collect();
        let mut reasons = BTreeMap::new();
        let mut flags = Vec::with_capacity(requested);
        let mut draws = vec![Vec::with_capacity(requested); original.len()];
        for (values, reason) in blocks.into_iter().flatten() {
            flags.push(reason);
            if let Some(reason) = reason {
                *reasons.entry(reason).or_insert(0) += 1;
            }
            for (column, value) in draws.iter_mut().zip(values.into_iter().flatten()) {
                column.push(value);
            }
        }
        let admissible = draws.first().map_or(0, Vec::len);
        if admissible == 0 {
            let why: Vec<String> =
                reasons.iter().map(|(reason, count)| format!("{count} with {}", reason.words())).collect();
            return Err(invalid(
                Diagnostic::error(
                    "TP0604",
                    format!("no resample has an admissible estimate: {}", why.join(", ")),
                )
                .hint("keep impossible estimates with `--inadmissible keep`, or mend the model first"),
            ));
        }
        let summaries = draws
            .par_iter()
            .zip(&original)
            .map(|(column, &original)| Summary::of(original, column, self.level))
            .collect();
        Ok(Bootstrapped {
            settings: self.clone(),
            generator,
            requested,
            admissible,
            reasons,
            flags,
            quantities: quantities.list,
            original,
            draws,
            summaries,
            model: Arc::clone(&fit.model),
        })
    }
}

fn invalid(diagnostic: Diagnostic) -> ResampleError {
    ResampleError::Invalid(diagnostic.into())
}

/// The sample with every missing answer replaced by its item's mean.
fn completed(sample: &Sample) -> Sample {
    let mut sample = sample.clone();
    for column in &mut sample.columns {
        let observed: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
        let mean = observed.iter().sum::<f64>() / observed.len().max(1) as f64;
        column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = mean);
    }
    sample
}

struct Worker<'a> {
    kernel: &'a Kernel,
    sample: &'a Sample,
    /// What makes correlations other than Pearson's.
    source: Option<&'a Source>,
    plan: &'a Plan,
    quantities: &'a Quantities,
    keep: Inadmissible,
}

impl Worker<'_> {
    /// One block of resamples: counts, one matrix product, then an estimate per row.
    fn block(
        &self,
        range: std::ops::Range<usize>,
        draw: &(dyn Fn(usize, &mut [f64]) + Sync),
    ) -> Vec<Outcome> {
        let cases = self.kernel.cases();
        let mut weights = vec![0.0; range.len() * cases];
        for (row, b) in weights.chunks_mut(cases.max(1)).zip(range) {
            draw(b, row);
            // A case drawn twice counts twice, with its own weight each time.
            if let Some(own) = &self.sample.weights {
                row.iter_mut().zip(own).for_each(|(count, weight)| *count *= weight);
            }
        }
        if let Some(source) = self.source {
            return weights.chunks(cases.max(1)).map(|row| self.other(source, row)).collect();
        }
        let sums = self.kernel.sums(&weights);
        let mut moments = Resampled::new(self.kernel.items());
        let mut estimate = Estimate::default();
        weights
            .chunks(cases.max(1))
            .enumerate()
            .map(|(row, weights)| {
                if let Err(why) = self.kernel.finish(&sums, row, weights, &mut moments) {
                    let reason = match why {
                        NoMoments::Constant(_) => Reason::NoVariance,
                        NoMoments::Unanswered(_) => Reason::NoAnswer,
                    };
                    return (None, Some(reason));
                }
                if let Err(failure) = estimate.run(self.plan, &moments.correlation) {
                    return (None, Some(failure.into()));
                }
                self.outcome(&estimate, &moments.correlation)
            })
            .collect()
    }

    /// One resample by correlations that no product of answers gives.
    fn other(&self, source: &Source, weights: &[f64]) -> Outcome {
        let mut estimate = Estimate::default();
        match source.estimate(self.plan, self.sample, Some(weights), &mut estimate) {
            Ok((moments, _)) => self.outcome(&estimate, &moments.correlation),
            Err(why) => (None, Some(why.into())),
        }
    }

    fn outcome(&self, estimate: &Estimate, correlation: &[f64]) -> Outcome {
        let reason = impossible(self.plan, estimate);
        if reason.is_some() && self.keep == Inadmissible::Drop {
            return (None, reason);
        }
        let mut values = Vec::with_capacity(self.quantities.list.len());
        self.quantities.read(self.plan, estimate, correlation, &mut values);
        (Some(values), reason)
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
