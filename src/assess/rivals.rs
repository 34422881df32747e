//! Rival models of the same data: which of them explains an outcome best without being needlessly large?
//!
//! Per outcome that at least two models measure by the same items, the information criteria of its equation
//! (Sharma, Sarstedt, Shmueli, Kim & Thiele 2019, doi:10.17705/1jais.00538; Sharma, Shmueli, Sarstedt, Danks & Ray 2021,
//! doi:10.1111/deci.12329), how far each lies above the lowest, `Δᵢ`, and weights
//! `exp(−Δᵢ/2) / Σ exp(−Δⱼ/2)`: the relative likelihoods of the models (Burnham & Anderson 2002; Wagenmakers & Farrell 2004,
//! doi:10.3758/BF03206482; for PLS Danks, Sharma & Sarstedt 2020, doi:10.1016/j.jbusres.2020.03.019). BIC and Geweke and
//! Meese's GM are the ones these studies recommend.
//!
//! GM and Mallows' Cp measure errors by the error of a saturated model. Rivals need one yardstick, so all take the smallest
//! error among the rivals' saturated models; the GM of a single model ([`super::criteria`]) takes its own.
//!
//! The criteria of the whole model compare only models of the same items (`full`) or constructs (`structural`). Models
//! need not be nested.

use serde::Serialize;

use super::conventions::{Conventions, CriteriaSource};
use super::criteria::criteria;
use super::model_criteria::ModelCriteria;
use super::{Assessment, saturated};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::pls::PlsFit;
use crate::stats::linear;

/// One model's account of an outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RivalCriteria {
    /// The model.
    pub model: String,
    /// Its predictors of the outcome.
    pub predictors: Vec<String>,
    /// R² of the outcome, as the criteria take it.
    pub r_squared: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Above the lowest.
    pub aic_delta: f64,
    /// Akaike weight.
    pub aic_weight: f64,
    /// Bayes (Schwarz).
    pub bic: f64,
    /// Above the lowest.
    pub bic_delta: f64,
    /// BIC weight.
    pub bic_weight: f64,
    /// Geweke and Meese; `None` where a saturated model has no estimate.
    pub gm: Option<f64>,
    /// Above the lowest.
    pub gm_delta: Option<f64>,
}

/// The rivals' accounts of one outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RivalOutcome {
    /// The outcome.
    pub outcome: String,
    /// One line per model that explains it.
    pub models: Vec<RivalCriteria>,
}

/// One model as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RivalModel {
    /// The model.
    pub model: String,
    /// Number of constructs.
    pub constructs: usize,
    /// Number of paths.
    pub paths: usize,
    /// SRMR of the estimated model.
    pub srmr: f64,
    /// Criteria of the paths.
    pub structural: Option<ModelCriteria>,
    /// Criteria of the whole model.
    pub full: Option<ModelCriteria>,
    /// Akaike weight from the full criteria; `None` unless all models have the same items.
    pub aic_weight: Option<f64>,
    /// BIC weight from the full criteria; likewise.
    pub bic_weight: Option<f64>,
    /// Models with the same constructs and items that hold all its paths and more.
    pub nested_in: Vec<String>,
}

/// A comparison of rival models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rivals {
    /// Number of cases.
    pub n: usize,
    /// Outcomes in the order in which the models name them.
    pub outcomes: Vec<RivalOutcome>,
    /// Outcomes of several models that cannot be compared, with the reason.
    pub not_compared: Vec<(String, String)>,
    /// The models.
    pub models: Vec<RivalModel>,
    /// Whether all models have the same items.
    pub same_items: bool,
    /// Whether all models have the same constructs.
    pub same_constructs: bool,
}

/// `Δ` and weights of a criterion.
pub fn criterion_weights(values: &[f64]) -> Vec<(f64, f64)> {
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let likelihoods: Vec<f64> = values.iter().map(|value| (-0.5 * (value - lowest)).exp()).collect();
    let total: f64 = likelihoods.iter().sum();
    values.iter().zip(likelihoods).map(|(value, likelihood)| (value - lowest, likelihood / total)).collect()
}

/// Items of a construct in alphabetical order, and how they are weighted.
fn measured(fit: &PlsFit, construct: &str) -> Option<(Vec<String>, String)> {
    let id = fit.model.find(construct)?;
    let block = fit.plan.blocks.get(id.index())?;
    let mut items = fit.moments.items.get(block.start..block.start + block.len)?.to_vec();
    items.sort();
    Some((items, block.mode.to_string()))
}

/// R² of an outcome's equation from the correlations that the conventions choose, and 1 − R² of the saturated model.
fn explained(fit: &PlsFit, conventions: Conventions, outcome: &str) -> Option<(f64, Option<f64>)> {
    let j = fit.model.find(outcome)?.index();
    let equation = fit.plan.equations.iter().find(|equation| equation.outcome == j)?;
    let c = match conventions.criteria_source {
        CriteriaSource::Constructs => &fit.estimate.construct_correlations,
        CriteriaSource::Scores => &fit.estimate.proxy_correlations,
    };
    let k = fit.plan.constructs();
    let (_, r2) = linear::regress(|a, b| c[a * k + b], &equation.predictors, j)?;
    let left =
        saturated::saturated_r_squared(fit).into_iter().find(|(at, _)| *at == j).map(|(_, r2)| 1.0 - r2);
    Some((r2, left.filter(|left| *left > 0.0)))
}

impl Rivals {
    /// Compares models, each with its name.
    ///
    /// # Errors
    /// `TP0460` for fewer than two models or two of one name, `TP0461` where the models rest on other cases, `TP0462` where
    /// no outcome can be compared.
    pub fn of(fits: &[(String, &PlsFit)], conventions: Conventions) -> Result<Self, Diagnostics> {
        check(fits)?;
        let mut names: Vec<String> = Vec::new();
        for (_, fit) in fits {
            for name in fit.r_squared().names() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        let (mut outcomes, mut not_compared) = (Vec::new(), Vec::new());
        for name in names {
            match outcome(fits, conventions, &name) {
                Ok(found) => outcomes.push(found),
                Err(reason) => not_compared.push((name, reason)),
            }
        }
        if outcomes.is_empty() {
            let mut problem = Diagnostic::error("TP0462", "the models share no outcome that can be compared");
            for (name, reason) in &not_compared {
                problem = problem.hint(format!("`{name}`: {reason}"));
            }
            return Err(problem
                .hint("rival models explain the same outcome, measured by the same items, in different ways")
                .into());
        }
        Ok(whole(fits, conventions, outcomes, not_compared))
    }
}

fn check(fits: &[(String, &PlsFit)]) -> Result<(), Diagnostics> {
    let [(first_name, first), rest @ ..] = fits else {
        return Err(Diagnostic::error("TP0460", "there is no model to compare")
            .hint("give at least two models of the same answers")
            .into());
    };
    if rest.is_empty() {
        return Err(Diagnostic::error("TP0460", "a comparison needs two models")
            .hint("give at least two models of the same answers")
            .into());
    }
    let mut problems = Vec::new();
    for (at, (name, fit)) in fits.iter().enumerate() {
        if fits.iter().take(at).any(|(other, _)| other == name) {
            problems.push(
                Diagnostic::error("TP0460", format!("two of the models are called `{name}`"))
                    .hint("give each model a name of its own"),
            );
        }
        let cases = |fit: &PlsFit| fit.sample.as_ref().map(|sample| sample.origin.clone());
        if fit.n() != first.n() || cases(fit) != cases(first) {
            problems.push(
                Diagnostic::error(
                    "TP0461",
                    format!(
                        "`{name}` rests on {} cases, `{first_name}` on {}: criteria of different cases cannot be compared",
                        fit.n(),
                        first.n()
                    ),
                )
                .hint("listwise deletion leaves out cases by the items of each model: use `--missing mean`")
                .hint("or give a file of the cases that answered every item of all models"),
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Diagnostics(problems)) }
}

/// The accounts of one outcome, or why there is no comparison.
fn outcome(fits: &[(String, &PlsFit)], conventions: Conventions, name: &str) -> Result<RivalOutcome, String> {
    let explaining: Vec<_> = fits
        .iter()
        .filter_map(|(model, fit)| Some((model, *fit, explained(fit, conventions, name)?)))
        .collect();
    let [(first, reference, _), rest @ ..] = explaining.as_slice() else {
        return Err("no model has an estimate of it".to_owned());
    };
    if rest.is_empty() {
        return Err(format!("only `{first}` explains it"));
    }
    let own = measured(reference, name);
    if let Some((model, ..)) = rest.iter().find(|(_, fit, _)| measured(fit, name) != own) {
        return Err(format!(
            "`{model}` measures it by other items, or weighs them otherwise, than `{first}`"
        ));
    }
    let yardstick: Option<f64> = explaining
        .iter()
        .map(|(.., (_, left))| *left)
        .collect::<Option<Vec<f64>>>()
        .map(|all| all.into_iter().fold(f64::INFINITY, f64::min));
    let mut models: Vec<RivalCriteria> = explaining
        .iter()
        .map(|(model, fit, (r2, _))| {
            let predictors: Vec<String> = fit
                .model
                .find(name)
                .map(|id| {
                    let names = fit.model.predecessors(id).into_iter();
                    names.map(|x| fit.model.construct(x).name.clone()).collect()
                })
                .unwrap_or_default();
            let c = criteria(*r2, fit.n(), predictors.len(), yardstick.map(|left| 1.0 - left));
            RivalCriteria {
                model: (*model).clone(),
                predictors,
                r_squared: *r2,
                aic: c.aic,
                aic_delta: 0.0,
                aic_weight: 0.0,
                bic: c.bic,
                bic_delta: 0.0,
                bic_weight: 0.0,
                gm: c.gm,
                gm_delta: None,
            }
        })
        .collect();
    if models.iter().any(|m| !(m.aic.is_finite() && m.bic.is_finite())) {
        return Err("a model explains it wholly, so that the criteria do not exist".to_owned());
    }
    let aic = criterion_weights(&models.iter().map(|m| m.aic).collect::<Vec<_>>());
    let bic = criterion_weights(&models.iter().map(|m| m.bic).collect::<Vec<_>>());
    let gm = models.iter().map(|m| m.gm).collect::<Option<Vec<f64>>>().map(|gm| criterion_weights(&gm));
    for (at, model) in models.iter_mut().enumerate() {
        (model.aic_delta, model.aic_weight) = aic[at];
        (model.bic_delta, model.bic_weight) = bic[at];
        model.gm_delta = gm.as_ref().map(|gm| gm[at].0);
    }
    Ok(RivalOutcome { outcome: name.to_owned(), models })
}

fn whole(
    fits: &[(String, &PlsFit)],
    conventions: Conventions,
    outcomes: Vec<RivalOutcome>,
    not_compared: Vec<(String, String)>,
) -> Rivals {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let items = |fit: &PlsFit| sorted(fit.moments.items.clone());
    let constructs = |fit: &PlsFit| sorted(fit.constructs());
    let paths = |fit: &PlsFit| -> Vec<(String, String)> {
        let name = |id| fit.model.construct(id).name.clone();
        fit.model.paths().iter().map(|path| (name(path.from), name(path.to))).collect()
    };
    let alike = |one: &PlsFit, other: &PlsFit| {
        constructs(one) == constructs(other)
            && one.constructs().iter().all(|name| measured(one, name) == measured(other, name))
    };
    let same = |what: &dyn Fn(&PlsFit) -> Vec<String>| fits.windows(2).all(|w| what(w[0].1) == what(w[1].1));
    let (same_items, same_constructs) = (same(&items), same(&constructs));
    let mut models: Vec<RivalModel> = fits
        .iter()
        .map(|(name, fit)| {
            let assessment = Assessment::of(fit, conventions);
            let own = paths(fit);
            let nested_in = fits
                .iter()
                .filter(|(_, other)| {
                    let theirs = paths(other);
                    alike(fit, other) && theirs.len() > own.len() && own.iter().all(|p| theirs.contains(p))
                })
                .map(|(other, _)| other.clone())
                .collect();
            RivalModel {
                model: name.clone(),
                constructs: fit.plan.constructs(),
                paths: own.len(),
                srmr: assessment.fit.srmr(),
                structural: assessment.model_criteria_structural,
                full: assessment.model_criteria_full,
                aic_weight: None,
                bic_weight: None,
                nested_in,
            }
        })
        .collect();
    let full: Option<Vec<ModelCriteria>> = models.iter().map(|m| m.full).collect();
    if let (true, Some(full)) = (same_items, full) {
        let aic = criterion_weights(&full.iter().map(|c| c.aic).collect::<Vec<_>>());
        let bic = criterion_weights(&full.iter().map(|c| c.bic).collect::<Vec<_>>());
        for ((model, aic), bic) in models.iter_mut().zip(aic).zip(bic) {
            (model.aic_weight, model.bic_weight) = (Some(aic.1), Some(bic.1));
        }
    }
    let n = fits.first().map_or(0, |(_, fit)| fit.n());
    Rivals { n, outcomes, not_compared, models, same_items, same_constructs }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{Model, Moments, Pls};

    fn fit(paths: &str) -> PlsFit {
        let model = Model::parse(&format!("A =~ a\nB =~ b\nC =~ c1 + c2\n{paths}")).unwrap();
        let r = [1.0, 0.3, 0.5, 0.4, 0.3, 1.0, 0.1, 0.2, 0.5, 0.1, 1.0, 0.6, 0.4, 0.2, 0.6, 1.0];
        let moments = Moments {
            items: ["a", "b", "c1", "c2"].map(str::to_owned).to_vec(),
            cases: 150,
            mean: vec![0.0; 4],
            sd: vec![1.0; 4],
            correlation: r.to_vec(),
        };
        Pls::default().fit_moments(&model, moments).unwrap()
    }

    #[test]
    fn weights_are_relative_likelihoods() {
        let found = criterion_weights(&[10.0, 12.0, 10.0]);
        let small = (-1.0_f64).exp();
        assert!((found[0].1 - 1.0 / (2.0 + small)).abs() < 1e-15 && (found[1].0 - 2.0).abs() < 1e-15);
        assert!((found.iter().map(|f| f.1).sum::<f64>() - 1.0).abs() < 1e-15);
        assert!(criterion_weights(&[]).is_empty());
        // Far apart: no overflow.
        assert_eq!(criterion_weights(&[-1e5, 1e5])[1].1, 0.0);
    }

    #[test]
    fn the_smaller_model_wins_where_the_larger_adds_nothing() {
        let (small, large) = (fit("C ~ A\nA ~ B"), fit("C ~ A + B\nA ~ B"));
        let rivals =
            Rivals::of(&[("small".into(), &small), ("large".into(), &large)], Conventions::default())
                .unwrap();
        let outcome = rivals.outcomes.iter().find(|o| o.outcome == "C").unwrap();
        assert!(outcome.models[0].bic_delta == 0.0 && outcome.models[1].bic_delta > 0.0);
        assert!(outcome.models[0].bic_weight > 0.5);
        assert_eq!(rivals.models[0].nested_in, ["large"]);
        assert!(rivals.models[1].nested_in.is_empty() && rivals.same_items);
        // The criteria are those of the models one by one, but for the yardstick of GM.
        let alone = Assessment::of(&large, Conventions::default()).criteria["C"];
        assert!((outcome.models[1].bic - alone.bic).abs() < 1e-12);
        // ΔBIC from the definition.
        let (r1, r2) = (outcome.models[0].r_squared, outcome.models[1].r_squared);
        let delta = 150.0 * ((1.0 - r2) / (1.0 - r1)).ln() + 150.0_f64.ln();
        assert!((outcome.models[1].bic_delta - delta).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let one = fit("C ~ A\nA ~ B");
        let code =
            |fits: &[(String, &PlsFit)]| Rivals::of(fits, Conventions::default()).unwrap_err().0[0].code;
        assert_eq!(code(&[]), "TP0460");
        assert_eq!(code(&[("a".into(), &one)]), "TP0460");
        assert_eq!(code(&[("a".into(), &one), ("a".into(), &one)]), "TP0460");
        let mut fewer = one.clone();
        let mut moments = (*fewer.moments).clone();
        moments.cases = 99;
        fewer.moments = moments.into();
        assert_eq!(code(&[("a".into(), &one), ("b".into(), &fewer)]), "TP0461");
        let other = fit("B ~ A\nB ~ C");
        assert_eq!(code(&[("a".into(), &one), ("b".into(), &other)]), "TP0462");
    }
}
