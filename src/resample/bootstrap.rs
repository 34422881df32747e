//! The nonparametric bootstrap (Efron 1979), and every other resampling that yields a distribution of estimates.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::bootstrapped::Bootstrapped;
use super::chacha::Key;
use super::contrast::Contrast;
use super::engine::{Engine, Rows, Values};
use super::folds::Folds;
use super::interval::IntervalKind;
use super::memory::{Extent, check_memory};
use super::quantities::{Kind, Quantities};
use super::reason::{Culprit, Reason, blamed, culprits, in_words};
use super::scheme::{Design, Method, Sampler, Scheme, of_cases_used};
use super::settings::{Bootstrap, Imputation, Inadmissible};
use super::summary::Evidence;
use super::{ResampleError, invalid, studentize};
use crate::assess::Formative;
use crate::diagnostic::Diagnostic;
use crate::moments::{Correlation, Moments};
use crate::pls::{PlsError, PlsFit, Source};
use crate::stats::ordered::Ordered;
use crate::survey::Sample;

/// Fewest resamples that are worth a portion per thread.
const BLOCK: usize = 128;
/// Resamples per thread between two looks at whether to stop, once these take less time than [`PATIENCE`]; of more, the
/// first values would have left the caches before the last are written.
const MOST_AT_ONCE: usize = 8 * BLOCK;
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
        let extent = self.extent(quantities.list.len(), asked, scheme, sample.cases());
        check_memory(&extent, self.max_memory)?;
        let formative = formative(fit);
        let silent = self.silent(&quantities, &formative);
        let mut original = quantities.of_sample(fit);
        for q in &silent {
            original[*q] = f64::NAN;
        }
        // Impossible estimates are set apart below, so that both treatments can be shown.
        let engine =
            Engine::new(sample, source.as_ref(), &fit.plan, &quantities, true).aligned(self.sign_change, fit);
        let sampler =
            scheme.sampler(sample.cases(), self.seed).map_err(|error| of_cases_used(error, sample))?;
        let mut found = Found::default();
        found.extend(&engine, &sampler, asked, watch);
        if self.inadmissible == Inadmissible::Replace && given.is_none() {
            // What is drawn besides takes memory as well.
            let most = (MOST_REPLACEMENTS * asked).min(asked + extent.more_resamples(self.max_memory));
            while found.len() < most && !(watch.stop)() {
                let missing = asked.saturating_sub(found.possible()).min(most - found.len());
                if missing == 0 {
                    break;
                }
                found.extend(&engine, &sampler, missing, watch);
            }
        }
        let replacing = self.inadmissible == Inadmissible::Replace && given.is_none();
        let lacking = found.len() < asked || (replacing && found.possible() < asked && (watch.stop)());
        let mut interrupted = lacking.then_some(asked);
        let left_out = if self.wants(IntervalKind::Bca) {
            self.left_out(&engine, scheme, sample.cases())?
        } else {
            Vec::new()
        };
        let mut counts = found.counting(self.inadmissible);
        let errors = if self.wants(IntervalKind::Studentized) {
            let (errors, reached) =
                studentize::errors(&engine, &sampler, quantities.list.len(), &counts, watch);
            // A resample without its standard errors is not finished.
            if reached < counts.len() {
                interrupted = interrupted.or(Some(asked));
                counts.truncate(reached);
                found.truncate(reached);
            }
            errors
        } else {
            Vec::new()
        };
        for q in silent {
            if let Some(column) = found.0.columns.get_mut(q) {
                column.fill(f64::NAN);
            }
        }
        self.gather(
            (fit, formative),
            scheme,
            found,
            Extras { counts, left_out, errors },
            (original, quantities, interrupted),
        )
    }

    /// Quantities that do not apply: HTMT of formative constructs.
    fn silent(&self, quantities: &Quantities, formative: &[String]) -> Vec<usize> {
        if self.formative != Formative::NotApplicable {
            return Vec::new();
        }
        let is_ratio = |kind: Kind| matches!(kind, Kind::Htmt | Kind::Htmt2);
        let all = quantities.list.iter().enumerate();
        all.filter(|(_, q)| is_ratio(q.kind) && (formative.contains(&q.from) || formative.contains(&q.to)))
            .map(|(at, _)| at)
            .collect()
    }

    /// What the run holds in memory.
    fn extent(&self, quantities: usize, resamples: usize, scheme: &Scheme, cases: usize) -> Extent {
        Extent {
            quantities,
            resamples,
            left_out: if self.wants(IntervalKind::Bca) { rows_left_out(scheme, cases) } else { 0 },
            errors: if self.wants(IntervalKind::Studentized) { resamples } else { 0 },
        }
    }

    /// Memory that the values of a run will take, in MiB: those recorded, those with a case left out (BCa), standard errors
    /// in every resample (studentized). What a portion of resamples is worked out in comes on top.
    pub fn memory(&self, fit: &PlsFit, scheme: &Scheme) -> f64 {
        let contrasts =
            self.contrasts.iter().filter_map(|text| Contrast::parse(text, &fit.model).ok()).collect();
        let quantities = Quantities::of(fit, self.htmt, &self.record, contrasts);
        let resamples = self.requested(scheme, fit.n());
        self.extent(quantities.list.len(), resamples, scheme, fit.n()).mebibytes()
    }

    /// Selects what counts, and summarises it.
    fn gather(
        &self,
        (fit, formative): (&PlsFit, Vec<String>),
        scheme: &Scheme,
        found: Found,
        extras: Extras,
        (original, quantities, interrupted): (Vec<f64>, Quantities, Option<usize>),
    ) -> Result<Bootstrapped, ResampleError> {
        let admissible = extras.counts.iter().filter(|counts| **counts).count();
        let reasons = found.tally();
        let culprits = found.culprits(fit);
        if admissible == 0 {
            return Err(none_counts(&reasons, &culprits));
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
        let requested = match interrupted {
            // Interrupted while others were drawn in the place of some.
            Some(asked) if found.len() >= asked => found.possible(),
            Some(_) => found.len(),
            None => self.requested(scheme, fit.n()),
        };
        let Values { columns, reasons: causes, .. } = found.0;
        let flags: Vec<Option<Reason>> =
            causes.into_iter().map(|cause| cause.map(|cause| cause.reason)).collect();
        let each: Vec<_> = columns
            .into_par_iter()
            .enumerate()
            .map_init(Ordered::default, |room, (q, values)| {
                let other = differs.then(|| select(&values, &other));
                let draws = if all { values } else { select(&values, &extras.counts) };
                let (left_out, errors) = (column(&extras.left_out, q), column(&extras.errors, q));
                let evidence = Evidence { original: original[q], draws: &draws, left_out, errors };
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
            culprits,
            numbers: extras.counts.iter().enumerate().filter(|(_, c)| **c).map(|(b, _)| b).collect(),
            flags,
            quantities: quantities.list,
            original,
            draws: Vec::with_capacity(each.len()),
            summaries: Vec::with_capacity(each.len()),
            intervals: Vec::with_capacity(each.len()),
            otherwise: differs.then(Vec::new),
            units: scheme.units(fit.n()),
            left_out: extras.left_out,
            model: Arc::clone(&fit.model),
            formative,
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

    /// Estimates with each unit left out; with very many units, each of 1,000 random groups of them. Within strata they are
    /// moved to a common mean: a stratum keeps its size in every resample, so that what differs between strata is no skewness
    /// (Davison & Hinkley 1997, section 5.3).
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
        let strata = match scheme {
            Scheme::Drawn(_, design) => design.strata.as_ref(),
            _ => None,
        };
        let rows = rows_left_out(scheme, cases);
        let scheme = if clusters.is_none() && cases > MOST_LEFT_OUT {
            Scheme::Folds(Folds { k: GROUPS_LEFT_OUT, repeats: 1, seed: self.seed })
        } else {
            Scheme::Drawn(Method::Jackknife, Design { strata: None, clusters })
        };
        let sampler = scheme.sampler(cases, self.seed)?;
        let mut found = Found::default();
        found.extend(engine, &sampler, rows, Watch::default());
        let counts = found.counting(self.inadmissible);
        let strata = strata.filter(|_| sampler.leaves_out()).map(|strata| {
            let of = |unit: usize| {
                let mut first = None;
                sampler.each_of(unit, |case| first = first.or(Some(case)));
                first.and_then(|case| strata.of_case.get(case).copied()).unwrap_or_default()
            };
            (0..rows).filter(|unit| counts[*unit]).map(of).collect::<Vec<usize>>()
        });
        let columns = found.0.columns.into_iter();
        let counting = |column: Vec<f64>| -> Vec<f64> {
            column.into_iter().zip(&counts).filter(|(_, c)| **c).map(|(x, _)| x).collect()
        };
        Ok(columns
            .map(|column| {
                let mut values = counting(column);
                if let Some(strata) = &strata {
                    within(&mut values, strata);
                }
                values
            })
            .collect())
    }
}

/// Moves the values of every stratum to the mean of all; those that do not exist stay as they are.
fn within(values: &mut [f64], strata: &[usize]) {
    let mean = |of: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = of.filter(|x| x.is_finite()).fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
        sum / count
    };
    let all = mean(&mut values.iter().copied());
    let count = strata.iter().max().map_or(0, |most| most + 1);
    for stratum in 0..count {
        let members = || strata.iter().enumerate().filter(|(_, s)| **s == stratum).map(|(at, _)| at);
        let own = mean(&mut members().filter_map(|at| values.get(at).copied()));
        for at in members() {
            values[at] += all - own;
        }
    }
}

/// How many estimates with something left out BCa takes.
fn rows_left_out(scheme: &Scheme, cases: usize) -> usize {
    match scheme {
        Scheme::Drawn(_, Design { clusters: Some(clusters), .. }) => clusters.len(),
        _ if cases > MOST_LEFT_OUT => GROUPS_LEFT_OUT,
        _ => cases,
    }
}

/// Constructs that their items form.
fn formative(fit: &PlsFit) -> Vec<String> {
    let names = fit.written().construct_names().into_iter();
    names.filter(|name| fit.is_formative(name)).collect()
}

/// One column of several; nothing where there are none.
fn column(list: &[Vec<f64>], q: usize) -> &[f64] {
    list.get(q).map_or(&[], Vec::as_slice)
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
        let threads = rayon::current_num_threads();
        let mut portion = BLOCK * threads;
        while self.len() < end && !(watch.stop)() {
            let start = self.len();
            let len = portion.min(end - start);
            let clock = Instant::now();
            let counts = |b: usize, counts: &mut [u16]| sampler.counts(start + b, counts);
            let any = |b: usize, weights: &mut [f64]| sampler.fill(start + b, weights);
            let less = |b: usize, lose: &mut dyn FnMut(usize, f64)| {
                sampler.each_of(start + b, |case| lose(case, 1.0));
            };
            let rows = if let Some(seed) = sampler.plain_seed() {
                Rows::Drawn(Key::of(seed), start as u64)
            } else if sampler.leaves_out() {
                Rows::Less(&all, &less)
            } else if sampler.is_counted() {
                Rows::Counts(&counts)
            } else {
                Rows::Weights(&any)
            };
            engine.run(len, &rows, watch.progress, &mut self.0);
            if clock.elapsed() < PATIENCE {
                portion = (2 * portion).min(MOST_AT_ONCE * threads);
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
    pub(super) fn tally(&self) -> BTreeMap<Reason, usize> {
        let mut tally = BTreeMap::new();
        for cause in self.0.reasons.iter().flatten() {
            *tally.entry(cause.reason).or_insert(0) += 1;
        }
        tally
    }

    /// What in the model they are lost to.
    pub(super) fn culprits(&self, fit: &PlsFit) -> Vec<Culprit> {
        culprits(self.0.reasons.iter().flatten().copied(), fit)
    }

    /// Forgets all but the first `len` resamples.
    fn truncate(&mut self, len: usize) {
        self.0.columns.iter_mut().for_each(|column| column.truncate(len));
        self.0.counted.truncate(len);
        self.0.reasons.truncate(len);
    }
}

fn none_counts(reasons: &BTreeMap<Reason, usize>, culprits: &[Culprit]) -> ResampleError {
    if reasons.is_empty() {
        return invalid(
            Diagnostic::error("TP0604", "the run was interrupted before any resample was finished")
                .hint("ask for fewer resamples"),
        );
    }
    let why = in_words(reasons);
    let problem = Diagnostic::error("TP0604", format!("no resample has an admissible estimate: {why}"));
    let problem = match blamed(culprits) {
        Some(blamed) => problem.hint(format!("most often because of {blamed}")),
        None => problem,
    };
    invalid(problem.hint("keep impossible estimates with `--inadmissible keep`, or mend the model first"))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::groups::Groups;
    use super::*;
    use crate::{Model, Pls, Survey};

    #[test]
    fn within_strata_only_what_differs_inside_is_left() {
        let mut values = [1.0, 2.0, 3.0, 11.0, f64::NAN, 13.0];
        within(&mut values, &[0, 0, 0, 1, 1, 1]);
        // Means 2 and 12 become 6.
        assert_eq!(values[..4], [5.0, 6.0, 7.0, 5.0]);
        assert!(values[4].is_nan() && values[5] == 7.0);
    }

    #[test]
    fn bca_within_strata_takes_its_acceleration_from_inside_them() {
        let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let model = Model::parse("PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nATT ~ PU").unwrap();
        let fit = Pls::default().fit(&model, &survey).unwrap();
        let of_case: Vec<usize> = (0..fit.n()).map(|case| usize::from(case % 3 == 0)).collect();
        let names = vec!["a".to_owned(), "b".to_owned()];
        let strata = Some(Groups { column: "g".to_owned(), names, of_case: of_case.clone() });
        let settings = Bootstrap {
            resamples: 100,
            intervals: vec![IntervalKind::Bca],
            record: vec![Kind::Path],
            ..Bootstrap::default()
        };
        let plain = settings.run(&fit).unwrap();
        let scheme = settings.scheme(Design { strata, clusters: None });
        let drawn = settings.run_scheme(&fit, &scheme, Watch::default()).unwrap();
        let mean = |values: &[f64], stratum: usize| {
            let own: Vec<f64> =
                values.iter().zip(&of_case).filter(|(_, s)| **s == stratum).map(|(x, _)| *x).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let (before, after) = (&plain.left_out[0], &drawn.left_out[0]);
        assert!((mean(before, 0) - mean(before, 1)).abs() > 1e-7);
        assert!((mean(after, 0) - mean(after, 1)).abs() < 1e-12);
        let deviation = |values: &[f64], case: usize| values[case] - mean(values, of_case[case]);
        assert!((0..fit.n()).all(|case| (deviation(before, case) - deviation(after, case)).abs() < 1e-12));
    }

    #[test]
    fn replacing_stops_at_the_memory_allowed_and_says_so() {
        // Ten cases of two correlated factors: hardly a resample is possible.
        let mut text = "a1,a2,a3,b1,b2,b3\n".to_owned();
        for i in 0..12 {
            let row = [i % 5, i % 5 + i % 2, i % 4, i % 5 + i % 3, i % 3, i % 7];
            text.push_str(&row.map(|x: i32| x.to_string()).join(","));
            text.push('\n');
        }
        let survey = Survey::from_bytes("s.csv", text.as_bytes()).unwrap();
        let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A").unwrap();
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &survey).unwrap();
        let settings = |max_memory| Bootstrap {
            resamples: 40_000,
            record: vec![Kind::Path, Kind::Weight, Kind::Loading],
            inadmissible: Inadmissible::Replace,
            max_memory,
            ..Bootstrap::default()
        };
        // 13 quantities of 40,000 resamples take 3.97 MiB: within 4 there is next to no room for others.
        let tight = settings(4).run(&fit).unwrap();
        assert!(tight.memory() <= 4.0 && tight.admissible < 40_000, "{}", tight.accounting());
        assert!(tight.accounting().contains("Not all could be replaced: 40000 were asked for"));
    }
}
