//! The nonparametric bootstrap (Efron 1979), and every other resampling that yields a distribution of estimates.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::answers::{completed, source_of};
use super::bootstrapped::Bootstrapped;
use super::contrast::Contrast;
use super::engine::{Engine, Values};
use super::found::Found;
use super::given::of_cases_used;
use super::interval::IntervalKind;
use super::left_out::rows_left_out;
use super::memory::{Extent, check_memory};
use super::quantities::{Kind, Quantities};
use super::reason::{Culprit, Reason, blamed, in_words};
use super::scheme::{Design, Scheme};
use super::settings::{Bootstrap, Imputation, Inadmissible};
use super::summary::Evidence;
use super::watch::Watch;
use super::{ResampleError, invalid, studentize};
use crate::assess::Formative;
use crate::diagnostic::Diagnostic;
use crate::pls::PlsFit;
use crate::stats::ordered::Ordered;
use crate::survey::Sample;

/// Replacing gives up after this many times the resamples asked for.
const MOST_REPLACEMENTS: usize = 20;

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
        let sampler =
            scheme.sampler(sample.cases(), self.seed).map_err(|error| of_cases_used(error, sample))?;
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
        let numbers = numbers_of(&extras.counts);
        let numbers_otherwise = numbers_of(&other);
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
                let evidence =
                    Evidence { original: original[q], draws: &draws, numbers: &numbers, left_out, errors };
                let (summary, intervals) = inference.of_in(evidence, room).unzip();
                let otherwise = other.map(|draws| {
                    // Studentized intervals have no standard errors for resamples that were set apart.
                    inference
                        .of_in(
                            Evidence { draws: &draws, numbers: &numbers_otherwise, errors: &[], ..evidence },
                            room,
                        )
                        .map(|(summary, _)| summary)
                });
                (draws, summary, intervals.unwrap_or_default(), otherwise)
            })
            .collect();
        let mut result = Bootstrapped {
            settings: Self { p_value: Some(self.p_value()), ..self.clone() },
            generator: scheme.generator(fit.n()),
            scheme: scheme.words(),
            requested,
            interrupted,
            admissible,
            reasons,
            culprits,
            numbers,
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

/// Numbers of the resamples that count.
fn numbers_of(counts: &[bool]) -> Vec<usize> {
    counts.iter().enumerate().filter(|(_, counts)| **counts).map(|(b, _)| b).collect()
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{Model, Pls, Survey};

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
    /// Sums less the cases of a group give the estimate that the weights of the others give.
    #[test]
    fn a_group_left_out_is_weighed_by_nothing() {
        let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let model = Model::parse("PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nATT ~ PU").unwrap();
        let fit = Pls::default().fit(&model, &survey).unwrap();
        for (k, repeats) in [(2, 3), (7, 2), (fit.n() - 1, 1)] {
            let groups = Bootstrap {
                method: super::super::Method::Jackknife,
                folds: Some(k),
                repeats: Some(repeats),
                ..Bootstrap::default()
            };
            let left_out = groups.run(&fit).unwrap();
            let folds = super::super::Folds { k, repeats, seed: groups.seed };
            let rows = (0..folds.rows()).map(|row| {
                let mut weights = vec![0.0; fit.n()];
                folds.training(row, &mut weights);
                weights
            });
            let weighed = Bootstrap::default()
                .run_scheme(&fit, &Scheme::Weights(rows.collect()), Watch::default())
                .unwrap();
            assert_eq!(left_out.flags.len(), k * repeats);
            for (one, other) in left_out.draws.iter().zip(&weighed.draws) {
                let both = one.iter().zip(other);
                assert!(one.len() == other.len() && both.clone().all(|(a, b)| (a - b).abs() < 1e-10));
            }
        }
    }
}
