//! The nonparametric bootstrap (Efron 1979), and every other resampling that yields a distribution of estimates.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::bootstrapped::{Bootstrapped, mebibytes};
use super::contrast::Contrast;
use super::engine::{Engine, Rows, Values};
use super::folds::Folds;
use super::interval::IntervalKind;
use super::quantities::Quantities;
use super::reason::Reason;
use super::scheme::{Design, Method, Sampler, Scheme};
use super::settings::{Bootstrap, Imputation, Inadmissible};
use super::summary::Evidence;
use super::{ResampleError, invalid, studentize};
use crate::diagnostic::Diagnostic;
use crate::moments::{Correlation, Moments};
use crate::pls::{PlsError, PlsFit, Source};
use crate::stats::ordered::Ordered;
use crate::survey::Sample;

/// Fewest resamples that are worth a portion per thread.
const BLOCK: usize = 128;
/// Resamples between two looks at whether to stop, once these take less time than [`PATIENCE`].
const MOST_AT_ONCE: usize = 64 * BLOCK;
const PATIENCE: Duration = Duration::from_millis(200);
/// With more units than this, BCa leaves out groups of them instead of one at a time.
const MOST_LEFT_OUT: usize = 10_000;
const GROUPS_LEFT_OUT: usize = 1_000;
/// Replacing gives up after this many times the resamples asked for.
const MOST_REPLACEMENTS: usize = 20;

/// Someone who follows a run and may end it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Is told how many resamples each finished block held.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// Says whether to stop; what was finished by then is summarised.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Default for Watch<'_> {
    fn default() -> Self {
        Self { progress: &|_| {}, stop: &|| false }
    }
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
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
        let scheme = self.scheme(Design::default());
        self.run_scheme(fit, &scheme, Watch { progress, ..Watch::default() })
    }

    /// Estimates the model in given resamples, each a list of case numbers from 0.
    ///
    /// # Errors
    /// As [`Bootstrap::run`], and for case numbers that do not exist.
    pub fn run_given(&self, fit: &PlsFit, resamples: &[Vec<usize>]) -> Result<Bootstrapped, ResampleError> {
        self.run_scheme(fit, &Scheme::Indices(resamples.to_vec()), Watch::default())
    }

    /// Estimates the model in every row of a scheme.
    ///
    /// # Errors
    /// As [`Bootstrap::run`], and where the scheme does not fit the cases.
    pub fn run_scheme(
        &self,
        fit: &PlsFit,
        scheme: &Scheme,
        watch: Watch<'_>,
    ) -> Result<Bootstrapped, ResampleError> {
        let Some(sample) = fit.answers() else {
            return Err(invalid(
                Diagnostic::error("TP0601", "a bootstrap needs the answers, not only their correlations")
                    .hint("give the survey file instead of the correlation table"),
            ));
        };
        let given = scheme.rows(sample.cases());
        let asked = given.unwrap_or(self.resamples);
        self.check(asked, scheme)?;
        let once = (self.imputation == Imputation::Once).then(|| completed(sample));
        let sample: &Sample = once.as_ref().unwrap_or(sample);
        let source = source_of(fit, sample)?;
        let contrasts: Vec<Contrast> =
            self.contrasts.iter().map(|text| Contrast::parse(text, &fit.model)).collect::<Result<_, _>>()?;
        let quantities = Quantities::of(fit, self.htmt, &self.record, contrasts);
        self.check_memory(quantities.list.len(), asked)?;
        let original = quantities.of_sample(fit);
        // Impossible estimates are set apart below, so that both treatments can be shown.
        let engine =
            Engine::new(sample, source.as_ref(), &fit.plan, &quantities, true).aligned(self.sign_change, fit);
        let sampler = scheme.sampler(sample.cases(), self.seed)?;
        let mut found = Found::default();
        found.extend(&engine, &sampler, asked, watch);
        if self.inadmissible == Inadmissible::Replace && given.is_none() {
            while found.len() < MOST_REPLACEMENTS * asked && !(watch.stop)() {
                let missing = asked.saturating_sub(found.possible());
                if missing == 0 {
                    break;
                }
                found.extend(&engine, &sampler, missing, watch);
            }
        }
        let interrupted = (found.len() < asked).then_some(asked);
        let left_out = if self.wants(IntervalKind::Bca) {
            self.left_out(&engine, scheme, sample.cases())?
        } else {
            Vec::new()
        };
        let counts = found.counting(self.inadmissible);
        let errors = if self.wants(IntervalKind::Studentized) {
            studentize::errors(&engine, &sampler, quantities.list.len(), &counts, watch)
        } else {
            Vec::new()
        };
        self.gather(
            fit,
            scheme,
            found,
            &Extras { counts, left_out, errors },
            (original, quantities, interrupted),
        )
    }

    /// Memory that the recorded values of a run will take, in MiB; what a portion of resamples is worked out in comes on top.
    pub fn memory(&self, fit: &PlsFit, scheme: &Scheme) -> f64 {
        let contrasts =
            self.contrasts.iter().filter_map(|text| Contrast::parse(text, &fit.model).ok()).collect();
        let quantities = Quantities::of(fit, self.htmt, &self.record, contrasts);
        mebibytes(quantities.list.len(), self.requested(scheme, fit.n()))
    }

    /// Selects what counts, and summarises it.
    fn gather(
        &self,
        fit: &PlsFit,
        scheme: &Scheme,
        found: Found,
        extras: &Extras,
        (original, quantities, interrupted): (Vec<f64>, Quantities, Option<usize>),
    ) -> Result<Bootstrapped, ResampleError> {
        let admissible = extras.counts.iter().filter(|counts| **counts).count();
        let reasons = found.tally();
        if admissible == 0 {
            return Err(none_counts(&reasons));
        }
        let inference = self.inference(scheme.units(fit.n()));
        let other = match self.inadmissible {
            Inadmissible::Keep => found.counting(Inadmissible::Drop),
            _ => found.counting(Inadmissible::Keep),
        };
        let differs = other != extras.counts && other.iter().any(|counts| *counts);
        let all = admissible == extras.counts.len();
        let select = |column: &[f64], counts: &[bool]| -> Vec<f64> {
            column.iter().zip(counts).filter(|(_, counts)| **counts).map(|(x, _)| *x).collect()
        };
        let requested = if interrupted.is_some() { found.len() } else { self.requested(scheme, fit.n()) };
        let Values { columns, reasons: flags, .. } = found.0;
        let of = |list: &[Vec<f64>], q: usize| list.get(q).cloned().unwrap_or_default();
        let each: Vec<_> = columns
            .into_par_iter()
            .enumerate()
            .map_init(Ordered::default, |room, (q, column)| {
                let other = differs.then(|| select(&column, &other));
                let draws = if all { column } else { select(&column, &extras.counts) };
                let (left_out, errors) = (of(&extras.left_out, q), of(&extras.errors, q));
                let evidence =
                    Evidence { original: original[q], draws: &draws, left_out: &left_out, errors: &errors };
                let (summary, intervals) = inference.of_in(evidence, room).unzip();
                let otherwise = other.map(|draws| {
                    // Studentized intervals have no standard errors for resamples that were set apart.
                    inference
                        .of_in(Evidence { draws: &draws, errors: &[], ..evidence }, room)
                        .map(|(summary, _)| summary)
                });
                (draws, summary, intervals.unwrap_or_default(), otherwise)
            })
            .collect();
        let mut result = Bootstrapped {
            settings: self.clone(),
            generator: scheme.generator(),
            scheme: scheme.words(),
            requested,
            interrupted,
            admissible,
            reasons,
            numbers: extras.counts.iter().enumerate().filter(|(_, c)| **c).map(|(b, _)| b).collect(),
            flags,
            quantities: quantities.list,
            original,
            draws: Vec::with_capacity(each.len()),
            summaries: Vec::with_capacity(each.len()),
            intervals: Vec::with_capacity(each.len()),
            otherwise: differs.then(Vec::new),
            units: scheme.units(fit.n()),
            left_out: extras.left_out.clone(),
            model: Arc::clone(&fit.model),
            formative: fit
                .written()
                .construct_names()
                .into_iter()
                .filter(|name| fit.is_formative(name))
                .collect(),
            htmt_bounds: vec![0.85, 0.90, 1.0],
        };
        for (draws, summary, intervals, otherwise) in each {
            result.draws.push(draws);
            result.summaries.push(summary);
            result.intervals.push(intervals);
            if let (Some(all), Some(one)) = (&mut result.otherwise, otherwise) {
                all.push(one);
            }
        }
        Ok(result)
    }

    /// Resamples that were asked for.
    fn requested(&self, scheme: &Scheme, cases: usize) -> usize {
        scheme.rows(cases).unwrap_or(self.resamples)
    }

    /// Refuses to record more than fits into the memory allowed.
    fn check_memory(&self, quantities: usize, resamples: usize) -> Result<(), ResampleError> {
        let mebibytes = mebibytes(quantities, resamples).ceil();
        if mebibytes <= self.max_memory as f64 {
            return Ok(());
        }
        Err(invalid(
            Diagnostic::error(
                "TP0606",
                format!(
                    "{quantities} quantities of {resamples} resamples take {mebibytes:.0} MiB; {} MiB are allowed",
                    self.max_memory
                ),
            )
            .hint("record less, such as `--record paths,htmt`, or draw fewer resamples")
            .hint(format!("or allow more: `--max-memory {mebibytes:.0}`")),
        ))
    }

    /// Estimates with each unit left out; with very many units, each of 1,000 random groups of them.
    fn left_out(
        &self,
        engine: &Engine<'_>,
        scheme: &Scheme,
        cases: usize,
    ) -> Result<Vec<Vec<f64>>, ResampleError> {
        let clusters = match scheme {
            Scheme::Drawn(_, design) => design.clusters.clone(),
            _ => None,
        };
        let scheme = if clusters.is_none() && cases > MOST_LEFT_OUT {
            Scheme::Folds(Folds { k: GROUPS_LEFT_OUT, repeats: 1, seed: self.seed })
        } else {
            Scheme::Drawn(Method::Jackknife, Design { strata: None, clusters })
        };
        let sampler = scheme.sampler(cases, self.seed)?;
        let rows = scheme.rows(cases).unwrap_or(cases);
        let mut found = Found::default();
        found.extend(engine, &sampler, rows, Watch::default());
        let counts = found.counting(self.inadmissible);
        let columns = found.0.columns.into_iter();
        Ok(columns
            .map(|column| column.into_iter().zip(&counts).filter(|(_, c)| **c).map(|(x, _)| x).collect())
            .collect())
    }
}

/// What intervals need besides the resampled values.
struct Extras {
    /// Per resample drawn whether it counts.
    counts: Vec<bool>,
    /// Per quantity its estimates with each unit left out.
    left_out: Vec<Vec<f64>>,
    /// Per quantity its standard error in every counted resample.
    errors: Vec<Vec<f64>>,
}

/// Everything that resamples gave so far.
#[derive(Default)]
pub(super) struct Found(pub(super) Values);

impl Found {
    /// Runs the next `count` rows, in portions that grow as long as they are quick.
    pub(super) fn extend(
        &mut self,
        engine: &Engine<'_>,
        sampler: &Sampler<'_>,
        count: usize,
        watch: Watch<'_>,
    ) {
        let end = self.len() + count;
        self.0.reserve(engine.quantities(), count);
        let all = vec![1.0; sampler.cases()];
        let mut portion = BLOCK * rayon::current_num_threads();
        while self.len() < end && !(watch.stop)() {
            let start = self.len();
            let len = portion.min(end - start);
            let clock = Instant::now();
            let counts = |b: usize, counts: &mut [u16]| sampler.counts(start + b, counts);
            let any = |b: usize, weights: &mut [f64]| sampler.fill(start + b, weights);
            let less = |b: usize, lose: &mut dyn FnMut(usize, f64)| {
                sampler.each_of(start + b, |case| lose(case, 1.0));
            };
            let rows = if sampler.leaves_out() {
                Rows::Less(&all, &less)
            } else if sampler.is_counted() {
                Rows::Counts(&counts)
            } else {
                Rows::Weights(&any)
            };
            engine.run(len, &rows, watch.progress, &mut self.0);
            if clock.elapsed() < PATIENCE {
                portion = (2 * portion).min(MOST_AT_ONCE);
            }
        }
    }

    /// Resamples so far.
    fn len(&self) -> usize {
        self.0.reasons.len()
    }

    /// Resamples whose estimate exists and is possible.
    fn possible(&self) -> usize {
        self.0.reasons.iter().filter(|reason| reason.is_none()).count()
    }

    /// Which resamples count under a treatment.
    pub(super) fn counting(&self, treatment: Inadmissible) -> Vec<bool> {
        match treatment {
            Inadmissible::Keep => self.0.counted.clone(),
            _ => self.0.reasons.iter().map(Option::is_none).collect(),
        }
    }

    /// How many resamples have each reason.
    pub(super) fn tally(&self) -> std::collections::BTreeMap<Reason, usize> {
        let mut tally = std::collections::BTreeMap::new();
        for reason in self.0.reasons.iter().flatten() {
            *tally.entry(*reason).or_insert(0) += 1;
        }
        tally
    }
}

fn none_counts(reasons: &std::collections::BTreeMap<Reason, usize>) -> ResampleError {
    if reasons.is_empty() {
        return invalid(
            Diagnostic::error("TP0604", "the run was interrupted before any resample was finished")
                .hint("ask for fewer resamples"),
        );
    }
    let why: Vec<String> =
        reasons.iter().map(|(reason, count)| format!("{count} with {}", reason.words())).collect();
    invalid(
        Diagnostic::error("TP0604", format!("no resample has an admissible estimate: {}", why.join(", ")))
            .hint("keep impossible estimates with `--inadmissible keep`, or mend the model first"),
    )
}

/// What makes the estimates that do not follow from Pearson moments, if the fit is one of those.
pub(super) fn source_of(fit: &PlsFit, sample: &Sample) -> Result<Option<Source>, ResampleError> {
    if fit.settings.correlation == Correlation::Pearson && fit.staged.is_none() {
        return Ok(None);
    }
    Source::of(fit, sample).map(Some).map_err(|error| match error {
        PlsError::Invalid(problems) => ResampleError::Invalid(problems),
        PlsError::Survey(error) => invalid(Diagnostic::error("TP0605", error.to_string())),
    })
}

/// The sample with every missing answer replaced by its item's mean: the mean of the estimate, weighted where cases are.
pub(super) fn completed(sample: &Sample) -> Sample {
    let means = match &sample.weights {
        Some(weights) => Moments::weighted(sample, weights).mean,
        None => Moments::of(sample).mean,
    };
    let mut sample = sample.clone();
    for (column, mean) in sample.columns.iter_mut().zip(means) {
        column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = mean);
    }
    sample
}
