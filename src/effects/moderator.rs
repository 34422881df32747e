//! Constructs as moderators: their values, their units, and the equations that they stand in.

use super::draws::Draws;
use super::equation::{Equation, Term};
use super::moderation::Settings;
use super::two_values;
use crate::model::ConstructId;
use crate::pls::{PlsFit, ProductScale};

/// A construct as a moderator: its values, and where it stands when others vary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) mean: f64,
    pub(super) values: Vec<(f64, String)>,
    pub(super) binary: bool,
    /// Score of every case in the construct's units.
    pub(super) cases: Vec<f64>,
}

/// The equations of the fit as terms.
pub(super) fn equations(fit: &PlsFit) -> Vec<Equation> {
    let position = |name: &String| fit.model.find(name).map(ConstructId::index);
    let term = |predictor: usize, path: usize| {
        let construct = &fit.model.constructs()[predictor];
        let factors = construct
            .factors()
            .map_or_else(|| vec![predictor], |names| names.iter().filter_map(position).collect());
        Term { path, factors }
    };
    fit.plan
        .equations
        .iter()
        .map(|equation| Equation {
            outcome: equation.outcome,
            terms: equation.predictors.iter().zip(&equation.paths).map(|(&x, &path)| term(x, path)).collect(),
        })
        .collect()
}

/// What a path is multiplied by so that it refers to the product of its factors: 1, but for standardised products.
fn unit_factors(fit: &PlsFit) -> Vec<f64> {
    let standardised = fit.settings.product_scale == ProductScale::Standardized;
    let factor = |path: &crate::model::Path| {
        let from = fit.model.construct(path.from);
        let item = from.indicators.first().map_or(0, |id| id.index());
        if standardised && from.factors().is_some() {
            1.0 / fit.moments.sd.get(item).copied().unwrap_or(1.0)
        } else {
            1.0
        }
    };
    fit.model.paths().iter().map(factor).collect()
}

pub(super) fn in_units_of(fit: &PlsFit, paths: &[f64]) -> Vec<f64> {
    paths.iter().zip(unit_factors(fit)).map(|(b, factor)| b * factor).collect()
}

pub(super) fn in_units(fit: &PlsFit, draws: Draws) -> Draws {
    draws.scaled(&unit_factors(fit))
}

/// A construct as a moderator.
pub(super) fn scale(fit: &PlsFit, j: usize, scores: &[f64], settings: &Settings) -> Scale {
    let construct = &fit.model.constructs()[j];
    let raw = construct.raw;
    let answers = answers(fit, &construct.name);
    let (mean, sd) = match (&answers, raw) {
        (Some((_, mean, _)), true) => (*mean, fit.scales.get(j).copied().unwrap_or(1.0)),
        _ => (0.0, 1.0),
    };
    let cases: Vec<f64> = scores.iter().map(|z| mean + sd * z).collect();
    let two = answers.as_ref().and_then(|(values, ..)| two_values(values));
    let values = match (settings.values.get(&construct.name), two, &answers) {
        (Some(values), ..) => values.iter().map(|&v| (v, label(v, raw))).collect(),
        (None, Some(pair), Some((_, mean, sd))) => pair
            .iter()
            .map(|&v| (if raw { v } else { (v - mean) / sd }, format!("{} = {v}", construct.name)))
            .collect(),
        (None, _, _) if raw => {
            [-1.0, 0.0, 1.0].iter().map(|k| (mean + k * sd, format!("{:.3}", mean + k * sd))).collect()
        }
        _ => [-1.0, 0.0, 1.0].iter().map(|&v| (v, label(v, false))).collect(),
    };
    Scale { mean, values, binary: two.is_some(), cases }
}

/// `−1 SD`, `mean`, `+1 SD`.
fn label(value: f64, raw: bool) -> String {
    match (raw, value) {
        (true, value) => format!("{value}"),
        (false, 0.0) => "mean".to_owned(),
        (false, value) if value < 0.0 => format!("−{} SD", -value),
        (false, value) => format!("+{value} SD"),
    }
}

/// The answers behind a construct of a single item, with their mean and standard deviation.
fn answers(fit: &PlsFit, construct: &str) -> Option<(Vec<f64>, f64, f64)> {
    let written = fit.written();
    let found = written.construct(written.find(construct)?);
    let [item] = found.indicators.as_slice() else { return None };
    let name = &written.indicator(*item).name;
    let sample = fit.answers()?;
    let at = sample.items.iter().position(|known| known == name)?;
    let values: Vec<f64> = sample.columns.get(at)?.iter().copied().filter(|x| !x.is_nan()).collect();
    // Those that the scores were standardised by; cases may be weighted.
    let (mean, sd) = match &fit.staged {
        Some(staged) => (staged.moments.mean.get(at)?, staged.moments.sd.get(at)?),
        None => (fit.moments.mean.get(at)?, fit.moments.sd.get(at)?),
    };
    Some((values, *mean, *sd))
}

pub(super) fn range(cases: &[f64]) -> Option<(f64, f64)> {
    let low = cases.iter().copied().fold(f64::INFINITY, f64::min);
    let high = cases.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low < high).then_some((low, high))
}

pub(super) fn points((low, high): (f64, f64), steps: usize) -> Vec<f64> {
    let last = steps.max(2) - 1;
    (0..=last).map(|i| low + (high - low) * i as f64 / last as f64).collect()
}

/// The mean of a term over the cases.
pub(super) fn term_mean(scales: &[Scale], term: &Term) -> f64 {
    let cases = scales.first().map_or(0, |scale| scale.cases.len());
    let product = |i: usize| term.factors.iter().map(|&f| scales[f].cases[i]).product::<f64>();
    (0..cases).map(product).sum::<f64>() / cases.max(1) as f64
}
