//! Endogeneity by Gaussian copulas, as the field applies it to PLS-SEM (Hult, Hair, Proksch, Sarstedt, Pinkwart & Ringle
//! 2018, doi:10.1509/jim.17.0151; Becker, Proksch & Ringle 2022, doi:10.1007/s11747-021-00805-y).
//!
//! 1. The scores of the predictors are tested for normality: of a normal predictor the copula term is a linear function,
//!    and the method says nothing.
//! 2. Every equation is estimated with the copula terms of every combination of its predictors (see [`copula_term`]), on
//!    construct scores, with an intercept: without it the estimates are biased.
//! 3. Everything is bootstrapped from the cases on, weights and copula terms included, since the usual standard errors
//!    ignore that the terms are estimated.
//!
//! A copula term whose interval leaves 0 out is a sign of endogeneity. Products, controls and binary predictors get no term:
//! the first are functions of others, the second are taken as exogenous, and two values make no distribution.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::copula::{CopulaDistribution, copula_term};
use super::least_squares::CrossProducts;
use super::{EffectError, two_values};
use crate::diagnostic::{Diagnostic, nearest};
use crate::pls::{PlsError, PlsFit, Source};
use crate::resample::{Summary, bootstrap_counts, check_values};
use crate::stats::normality::{self, Test};

/// More predictors than this have more combinations than anyone reads.
const MOST_CANDIDATES: usize = 8;

/// How the method is applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopulaSettings {
    /// Number of resamples.
    pub resamples: usize,
    /// Seed; stream b of it gives resample b.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Distribution function behind the terms.
    pub distribution: CopulaDistribution,
    /// Outcomes to look at; none is all.
    pub outcomes: Vec<String>,
    /// Predictors that may be endogenous; none is all that can have a term.
    pub endogenous: Vec<String>,
    /// Most memory for the coefficients of all resamples, in mebibytes.
    pub max_memory: usize,
}

impl Default for CopulaSettings {
    fn default() -> Self {
        Self {
            resamples: 10_000,
            seed: 42,
            level: 0.95,
            distribution: CopulaDistribution::Empirical,
            outcomes: Vec::new(),
            endogenous: Vec::new(),
            max_memory: 2_048,
        }
    }
}

/// Tests of normality of one predictor's scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NormalityOfScore {
    /// The predictor.
    pub construct: String,
    /// Kolmogorov-Smirnov test with Lilliefors' correction.
    pub lilliefors: Option<Test>,
    /// Cramér-von Mises test.
    pub cramer_von_mises: Option<Test>,
    /// Anderson-Darling test.
    pub anderson_darling: Option<Test>,
}

impl NormalityOfScore {
    /// Whether every test that exists rejects normality at 5 %.
    pub fn rejected(&self) -> bool {
        let tests = [&self.lilliefors, &self.cramer_von_mises, &self.anderson_darling];
        tests.iter().any(|test| test.is_some())
            && tests.iter().all(|test| test.as_ref().is_none_or(|test| test.p < 0.05))
    }
}

/// One coefficient of an equation with copula terms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CopulaCoefficient {
    /// The predictor.
    pub predictor: String,
    /// The coefficient.
    pub effect: Summary,
}

/// One equation with the copula terms of one combination of predictors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CopulaModel {
    /// The outcome.
    pub outcome: String,
    /// Predictors with a copula term.
    pub endogenous: Vec<String>,
    /// Coefficients of the predictors.
    pub paths: Vec<CopulaCoefficient>,
    /// Coefficients of the copula terms.
    pub copulas: Vec<CopulaCoefficient>,
}

/// An analysis of endogeneity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Endogeneity {
    /// Normality of the predictors' scores.
    pub normality: Vec<NormalityOfScore>,
    /// Every combination, outcome by outcome; those without any copula term first.
    pub models: Vec<CopulaModel>,
    /// Predictors without a copula term, each with the reason.
    pub without_term: Vec<(String, String)>,
    /// Distribution function behind the terms.
    pub distribution: CopulaDistribution,
    /// Level of the intervals.
    pub level: f64,
    /// Number of resamples asked for.
    pub resamples: usize,
    /// Those that gave an estimate.
    pub admissible: usize,
    /// The seed.
    pub seed: u64,
}

/// One equation made ready: predictors and, among them, those that may be endogenous.
struct Aim {
    outcome: usize,
    predictors: Vec<usize>,
    candidates: Vec<usize>,
    /// Every combination of candidates, the empty one first.
    combinations: Vec<Vec<usize>>,
}

impl Aim {
    /// Coefficients of all combinations one after the other, predictors then copula terms; NaN where there are none.
    fn coefficients(
        &self,
        scores: &[Vec<f64>],
        terms: &[Option<Vec<f64>>],
        weights: Option<&[f64]>,
        out: &mut Vec<f64>,
    ) {
        let mut columns: Vec<&[f64]> = vec![&scores[self.outcome]];
        columns.extend(self.predictors.iter().map(|&j| scores[j].as_slice()));
        columns.extend(self.candidates.iter().filter_map(|&j| terms[j].as_deref()));
        let products = CrossProducts::of(&columns, weights);
        let k = self.predictors.len();
        for combination in &self.combinations {
            let mut x: Vec<usize> = (1..=k).collect();
            for j in combination {
                if let Some(at) = self.candidates.iter().position(|known| known == j) {
                    x.push(1 + k + at);
                }
            }
            match products.regress(&x, 0) {
                Some(regression) => out.extend(regression.coefficients),
                None => out.extend(vec![f64::NAN; x.len()]),
            }
        }
    }
}

impl Endogeneity {
    /// Analyses a fit.
    ///
    /// # Errors
    /// [`EffectError::Invalid`] if the fit has no answers, no predictor can have a term, the settings name what is not
    /// there, or no resample has an estimate.
    pub fn of(
        fit: &PlsFit,
        settings: &CopulaSettings,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, EffectError> {
        let (Some(sample), Some(scores)) = (fit.answers(), fit.scores()) else {
            return Err(Diagnostic::error("TP0803", "copula terms need the answers of the cases")
                .hint("give the survey file: a table of correlations holds no answers")
                .into());
        };
        if settings.resamples < 2 || !(settings.level > 0.0 && settings.level < 1.0) {
            let message =
                format!("{} resamples at level {} cannot be summarised", settings.resamples, settings.level);
            let problem = Diagnostic::error("TP0603", message);
            return Err(problem.hint("ask for at least 2 resamples and a level between 0 and 1").into());
        }
        let (aims, without_term) = aims(fit, settings)?;
        let source = Source::of(fit, sample).map_err(|error| match error {
            PlsError::Invalid(problems) => EffectError::Invalid(problems),
            PlsError::Survey(error) => Diagnostic::error("TP0605", error.to_string()).into(),
        })?;
        let mut candidates: Vec<usize> = aims.iter().flat_map(|aim| aim.candidates.iter().copied()).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let all = |scores: &[Vec<f64>], weights: Option<&[f64]>| {
            let term = |j: usize| {
                candidates.contains(&j).then(|| copula_term(&scores[j], weights, settings.distribution))
            };
            let terms: Vec<Option<Vec<f64>>> = (0..scores.len()).map(term).collect();
            let mut out = Vec::new();
            for aim in &aims {
                aim.coefficients(scores, &terms, weights, &mut out);
            }
            out
        };
        let original = all(&scores, sample.weights.as_deref());
        check_values("coefficients", original.len(), settings.resamples, settings.max_memory)?;
        let rows: Vec<Option<Vec<f64>>> = (0..settings.resamples)
            .into_par_iter()
            .map(|b| {
                let mut counts = vec![0; sample.cases()];
                bootstrap_counts(settings.seed, b as u64, &mut counts);
                let own = |i: usize| sample.weights.as_ref().map_or(1.0, |weights| weights[i]);
                let weights: Vec<f64> =
                    counts.iter().enumerate().map(|(i, count)| f64::from(*count) * own(i)).collect();
                let row = fit.rescored(&source, &weights).ok().map(|scores| all(&scores, Some(&weights)));
                progress(1);
                row
            })
            .collect();
        let rows: Vec<Vec<f64>> = rows.into_iter().flatten().collect();
        if rows.is_empty() {
            return Err(Diagnostic::error("TP0604", "no resample has an estimate")
                .hint("look at the estimate first: `trustpath fit`")
                .into());
        }
        let summaries: Vec<Option<Summary>> = (0..original.len())
            .into_par_iter()
            .map(|at| {
                let draws: Vec<f64> = rows.iter().map(|row| row[at]).collect();
                let value = original[at];
                value.is_finite().then(|| Summary::of(value, &draws, settings.level)).flatten()
            })
            .collect();
        let name = |j: usize| fit.model.constructs()[j].name.clone();
        let mut models = Vec::new();
        let mut at = 0;
        for aim in &aims {
            for combination in &aim.combinations {
                let mut coefficients = |list: &[usize]| {
                    let found = list.iter().enumerate().filter_map(|(i, &j)| {
                        Some(CopulaCoefficient { predictor: name(j), effect: (*summaries.get(at + i)?)? })
                    });
                    let found: Vec<CopulaCoefficient> = found.collect();
                    at += list.len();
                    found
                };
                let paths = coefficients(&aim.predictors);
                let copulas = coefficients(combination);
                models.push(CopulaModel {
                    outcome: name(aim.outcome),
                    endogenous: combination.iter().map(|&j| name(j)).collect(),
                    paths,
                    copulas,
                });
            }
        }
        let normality = candidates
            .iter()
            .map(|&j| NormalityOfScore {
                construct: name(j),
                lilliefors: normality::lilliefors(&scores[j]),
                cramer_von_mises: normality::cramer_von_mises(&scores[j]),
                anderson_darling: normality::anderson_darling(&scores[j]),
            })
            .collect();
        Ok(Self {
            normality,
            models,
            without_term,
            distribution: settings.distribution,
            level: settings.level,
            resamples: settings.resamples,
            admissible: rows.len(),
            seed: settings.seed,
        })
    }
}

/// The equations to look at, and the predictors that get no term.
#[allow(clippy::type_complexity, reason = "used once")]
fn aims(fit: &PlsFit, settings: &CopulaSettings) -> Result<(Vec<Aim>, Vec<(String, String)>), EffectError> {
    let constructs = fit.model.constructs();
    let name = |j: usize| constructs[j].name.as_str();
    let outcomes = || fit.plan.equations.iter().map(|equation| name(equation.outcome));
    let predictors = || fit.plan.equations.iter().flat_map(|equation| &equation.predictors).map(|&j| name(j));
    known(&settings.outcomes, &outcomes(), "outcome")?;
    known(&settings.endogenous, &predictors(), "predictor")?;
    let mut without: Vec<(String, String)> = Vec::new();
    let mut aims = Vec::new();
    for equation in &fit.plan.equations {
        if !settings.outcomes.is_empty() && settings.outcomes.iter().all(|o| o != name(equation.outcome)) {
            continue;
        }
        let mut candidates = Vec::new();
        for &j in &equation.predictors {
            let may_be = settings.endogenous.is_empty() || settings.endogenous.iter().any(|e| e == name(j));
            let Some(reason) = no_term(fit, j) else {
                candidates.extend(may_be.then_some(j));
                continue;
            };
            if without.iter().all(|(known, _)| known != name(j)) {
                without.push((name(j).to_owned(), reason.to_owned()));
            }
        }
        if candidates.is_empty() {
            continue;
        }
        if candidates.len() > MOST_CANDIDATES {
            let message = format!(
                "`{}` has {} predictors that may be endogenous, which make {} combinations",
                name(equation.outcome),
                candidates.len(),
                (1_u64 << candidates.len().min(60)) - 1
            );
            return Err(Diagnostic::error("TP0807", message)
                .hint(format!(
                    "name those in doubt, at most {MOST_CANDIDATES}: `--endogenous {}`",
                    name(candidates[0])
                ))
                .into());
        }
        aims.push(Aim {
            outcome: equation.outcome,
            predictors: equation.predictors.clone(),
            combinations: combinations(&candidates),
            candidates,
        });
    }
    if aims.is_empty() {
        return Err(Diagnostic::error("TP0808", "no predictor can have a copula term")
            .hint("products, controls and binary predictors have none")
            .into());
    }
    Ok((aims, without))
}

/// Names that were asked for must be there.
fn known<'a>(
    asked: &[String],
    there: &(impl Iterator<Item = &'a str> + Clone),
    what: &str,
) -> Result<(), EffectError> {
    for name in asked {
        if there.clone().all(|known| known != name) {
            let problem = Diagnostic::error("TP0804", format!("`{name}` is no {what} of this model"));
            return Err(match nearest(name, there.clone()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem,
            }
            .into());
        }
    }
    Ok(())
}

/// Why a predictor has no copula term.
fn no_term(fit: &PlsFit, j: usize) -> Option<&'static str> {
    let construct = &fit.model.constructs()[j];
    if construct.factors().is_some() {
        return Some("a product");
    }
    if fit.model.about.controls.contains(&construct.name) {
        return Some("a control");
    }
    let scores = fit.scores()?;
    two_values(scores.get(j)?).map(|_| "binary")
}

/// Every combination of some predictors, smaller ones first, the empty one before all.
fn combinations(of: &[usize]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = (0..1_u32 << of.len())
        .map(|mask| of.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, &j)| j).collect())
        .collect();
    all.sort_by_key(Vec::len);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_come_by_size_and_once_each() {
        assert_eq!(
            combinations(&[4, 7, 9]),
            [vec![], vec![4], vec![7], vec![9], vec![4, 7], vec![4, 9], vec![7, 9], vec![4, 7, 9]]
        );
    }

    /// Endogeneity that a Gaussian copula describes exactly: x is exponential with normal score x*, and the error holds a
    /// part of x*. With the copula term the slope is that of the population, without it is not.
    #[test]
    fn a_copula_term_takes_the_bias_away() {
        use crate::stats::distribution::{normal_cdf, normal_quantile};
        let n = 4000;
        let mut state = 88_172_645_463_325_252_u64;
        let mut u = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        };
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let star = normal_quantile(u());
            let value = -(1.0 - normal_cdf(star)).ln();
            let error = 0.6 * star + 0.8 * normal_quantile(u());
            x.push(value);
            y.push(1.0 + 0.5 * value + error);
        }
        let scores = vec![x, y];
        let aim = |combinations| Aim { outcome: 1, predictors: vec![0], candidates: vec![0], combinations };
        for distribution in CopulaDistribution::ALL {
            let terms = vec![Some(copula_term(&scores[0], None, *distribution)), None];
            let mut found = Vec::new();
            aim(vec![vec![], vec![0]]).coefficients(&scores, &terms, None, &mut found);
            // The term's standard error is about .03 here.
            assert!((found[0] - 0.5).abs() > 0.4, "{found:?}");
            assert!(
                (found[1] - 0.5).abs() < 0.1 && (found[2] - 0.6).abs() < 0.1,
                "{distribution}: {found:?}"
            );
        }
    }
}
