//! The nonparametric bootstrap (Efron 1979): cases drawn with replacement.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ResampleError;
use super::draw::{GENERATOR, bootstrap_counts};
use super::engine::{Engine, Reason, Rows};
use super::quantities::{Quantities, Quantity};
use super::summary::Summary;
use crate::assess::Htmt;
use crate::diagnostic::Diagnostic;
use crate::model::words;
use crate::moments::Correlation;
use crate::pls::{PlsError, PlsFit, Source};
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
        let draw = |b: usize, counts: &mut [u16]| bootstrap_counts(self.seed, b as u64, counts);
        self.resample(fit, self.resamples, GENERATOR, &Rows::Counts(&draw), progress)
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
        let draw = |b: usize, weights: &mut [f64]| {
            for &case in &resamples[b] {
                weights[case] += 1.0;
            }
        };
        self.resample(fit, resamples.len(), "given resamples", &Rows::Weights(&draw), &|_| {})
    }

    fn resample(
        &self,
        fit: &PlsFit,
        requested: usize,
        generator: &'static str,
        rows: &Rows,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Bootstrapped, ResampleError> {
        let Some(sample) = fit.answers() else {
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
        let source = if fit.settings.correlation == Correlation::Pearson && fit.staged.is_none() {
            None
        } else {
            Some(Source::of(fit, sample).map_err(|error| match error {
                PlsError::Invalid(problems) => ResampleError::Invalid(problems),
                PlsError::Survey(error) => invalid(Diagnostic::error("TP0605", error.to_string())),
            })?)
        };
        let quantities = Quantities::of(fit, self.htmt);
        let mut original = Vec::new();
        quantities.read(&fit.plan, &fit.estimate, &fit.moments.correlation, &mut original);
        let keep = self.inadmissible == Inadmissible::Keep;
        let engine = Engine::new(sample, source.as_ref(), &fit.plan, &quantities, keep);
        let values = engine.run(requested, rows, progress);
        let reasons = values.tally();
        let admissible = values.admissible();
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
        let flags = values.reasons.clone();
        let draws = values.counted_columns();
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
