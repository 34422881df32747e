//! Moderation: what a product of constructs does to the effects of its factors.
//!
//! In a product `A:B` the first factor is the focal predictor and the second its moderator, unless only the first is binary
//! or [`Settings::moderators`] says otherwise; a power (`A:A`) makes a construct its own moderator. The **simple slope** of
//! the focal predictor is the derivative of the outcome at a value of the moderator (see [`Equation`]). All other moderators
//! stand at their means. Along a chain the slopes multiply to the **conditional indirect effect**; where it is linear in the
//! moderator its change per unit is the **index of moderated mediation** (Hayes 2015, doi:10.1080/00273171.2014.962683).
//!
//! Values are in standard deviations of the scores about their mean, those of unstandardised constructs in their own units.
//! A binary moderator takes its two values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draws::{Draws, coefficient};
use super::equation::{Equation, Term};
use super::johnson_neyman::{Band, Region, crossings, johnson_neyman_points, regions};
use super::{EffectError, two_values};
use crate::assess::Assessment;
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Chain, ConstructId, Interaction, words};
use crate::pls::{PlsFit, ProductScale};
use crate::resample::{Bootstrapped, Summary};
use crate::stats::distribution::normal_quantile;

words! {
    /// Where the points of Johnson and Neyman come from.
    JohnsonNeyman: "way to Johnson-Neyman points" {
        /// The percentile bounds of the resampled effects (default; cSEM).
        Percentile = "percentile",
        /// Variances and covariance of the resampled coefficients, and normal quantiles (Bauer & Curran 2005).
        Covariance = "covariance",
    }
}

/// What is probed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Constructs that act as moderators where a product leaves the choice.
    pub moderators: Vec<String>,
    /// Values of moderators in place of −1, 0 and 1.
    pub values: BTreeMap<String, Vec<f64>>,
    /// Where the points of Johnson and Neyman come from.
    pub johnson_neyman: Option<JohnsonNeyman>,
}

impl Settings {
    /// Whether they suit a fit, before it is bootstrapped for them.
    ///
    /// # Errors
    /// [`EffectError::Invalid`] if the model has no product, or what is named is no factor of one.
    pub fn check(&self, fit: &PlsFit) -> Result<(), EffectError> {
        check(fit, self)
    }
}

/// Points of the grid over the range of a moderator.
const GRID: usize = 41;

/// A product and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InteractionEffect {
    /// The product, `A:B`.
    pub name: String,
    /// The outcome.
    pub outcome: String,
    /// The focal predictor.
    pub focal: String,
    /// Its moderators.
    pub moderators: Vec<String>,
    /// The path of the product.
    pub effect: Summary,
    /// Effect size.
    pub f_squared: Option<f64>,
    /// The numbers that a chart of a product of two constructs needs; `None` for other products.
    pub two_way: Option<TwoWay>,
}

/// `y = slope·x + moderator_slope·z + product·(xz − mean of xz)`, other predictors at their means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TwoWay {
    /// Coefficient of the focal predictor x.
    pub slope: f64,
    /// Coefficient of the moderator z.
    pub moderator_slope: f64,
    /// Coefficient of their product.
    pub product: f64,
    /// Mean of the product.
    pub mean: f64,
    /// Variance of `slope` over the resamples.
    pub slope_variance: f64,
    /// Variance of `product`.
    pub product_variance: f64,
    /// Their covariance.
    pub covariance: f64,
    /// Least and greatest value of the moderator.
    pub range: Option<(f64, f64)>,
}

/// A moderator at a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct At {
    /// The moderator.
    pub moderator: String,
    /// Its value.
    pub value: f64,
    /// The value as a reader sees it.
    pub label: String,
}

/// An effect at values of moderators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionalEffect {
    /// The chain or path.
    pub name: String,
    /// Where it begins: the focal predictor.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// The moderators and their values.
    pub at: Vec<At>,
    /// The effect there.
    pub effect: Summary,
}

/// Where a conditional effect differs from 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Probe {
    /// The focal predictor.
    pub focal: String,
    /// The outcome.
    pub outcome: String,
    /// The moderator.
    pub moderator: String,
    /// Values of further moderators.
    pub at: Vec<At>,
    /// Least and greatest value in the sample.
    pub range: (f64, f64),
    /// Values at which the interval begins or ceases to hold 0.
    pub points: Vec<f64>,
    /// The regions between them, each with the share of cases whose moderator lies there.
    pub regions: Vec<(Region, f64)>,
    /// The effect and its bounds over the range.
    pub bands: Vec<Band>,
}

/// How an indirect effect changes with a moderator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModeratedMediation {
    /// The chain, `A → B → C`.
    pub name: String,
    /// The moderator.
    pub moderator: String,
    /// Change per unit of the moderator; `None` where the effect is not linear in it.
    pub index: Option<Summary>,
    /// The effect at the last value of the moderator less that at the first.
    pub difference: Option<Summary>,
    /// These two values.
    pub between: (At, At),
}

/// A predicted outcome, for plots of simple slopes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The focal predictor.
    pub focal: String,
    /// Its value.
    pub value: f64,
    /// The moderators and their values.
    pub at: Vec<At>,
    /// The outcome.
    pub outcome: String,
    /// What is predicted, all other predictors at their means.
    pub predicted: f64,
}

/// Predictions over a grid of two constructs, all others at their means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surface {
    /// Values of the focal predictor.
    pub focal: Vec<f64>,
    /// Values of the moderator.
    pub moderator: Vec<f64>,
    /// Per value of the moderator the outcome at every value of the focal predictor.
    pub predicted: Vec<Vec<f64>>,
}

/// Moderation analysis of a bootstrapped model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moderation {
    /// Every product.
    pub interactions: Vec<InteractionEffect>,
    /// Simple slopes.
    pub simple_slopes: Vec<ConditionalEffect>,
    /// Regions of significance; a binary moderator has none.
    pub johnson_neyman: Vec<Probe>,
    /// Indirect effects at values of their moderators.
    pub conditional_indirect: Vec<ConditionalEffect>,
    /// Indices of moderated mediation.
    pub moderated_mediation: Vec<ModeratedMediation>,
    /// Predictions along the simple slopes.
    pub predictions: Vec<Prediction>,
    /// How the points were found.
    pub points_by: JohnsonNeyman,
    /// Level of the intervals.
    pub level: f64,
    /// Resamples that count, and why others do not.
    pub accounting: String,
    /// Whether products are cleared of their factors, so that slopes at 0 are those without the product.
    pub orthogonal: bool,
}

/// A probe to make: an equation, its focal predictor and one or more moderators.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Aim {
    equation: usize,
    focal: usize,
    moderators: Vec<usize>,
}

/// A construct as a moderator: its values, and where it stands when others vary.
#[derive(Debug, Clone, PartialEq)]
struct Scale {
    mean: f64,
    values: Vec<(f64, String)>,
    binary: bool,
    /// Score of every case in the construct's units.
    cases: Vec<f64>,
}

struct Analyst<'a> {
    fit: &'a PlsFit,
    draws: Draws,
    equations: Vec<Equation>,
    scales: Vec<Scale>,
    way: JohnsonNeyman,
}

impl Moderation {
    /// Analyses every product of a bootstrapped fit.
    ///
    /// # Errors
    /// [`EffectError::Invalid`] if the model has no product, the fit has no answers, or the settings name what is no factor
    /// of a product.
    pub fn of(
        fit: &PlsFit,
        assessment: &Assessment,
        boot: &Bootstrapped,
        settings: &Settings,
    ) -> Result<Self, EffectError> {
        check(fit, settings)?;
        let scores = fit.scores().ok_or_else(|| {
            EffectError::from(Diagnostic::error("TP0803", "moderation needs the answers of the cases"))
        })?;
        let scales = (0..scores.len()).map(|j| scale(fit, j, &scores[j], settings)).collect();
        let way = settings.johnson_neyman.unwrap_or(JohnsonNeyman::Percentile);
        let equations = equations(fit);
        let draws = in_units(fit, Draws::of(boot));
        let analyst = Analyst { fit, draws, equations, scales, way };
        let (aims, interactions) = analyst.aims(assessment, settings);
        let mut result = Self {
            interactions,
            simple_slopes: Vec::new(),
            johnson_neyman: Vec::new(),
            conditional_indirect: Vec::new(),
            moderated_mediation: Vec::new(),
            predictions: Vec::new(),
            points_by: way,
            level: analyst.draws.level,
            accounting: boot.accounting(),
            orthogonal: interaction(fit) == Interaction::Orthogonal,
        };
        for aim in &aims {
            analyst.slopes(aim, &mut result);
            result.johnson_neyman.extend(analyst.probes(aim));
        }
        analyst.chains(&aims, &mut result);
        Ok(result)
    }

    /// Predictions over two constructs of a product, for a surface.
    pub fn surface(
        fit: &PlsFit,
        focal: &str,
        moderator: &str,
        outcome: &str,
        steps: usize,
    ) -> Option<Surface> {
        let find = |name: &str| fit.model.find(name).map(ConstructId::index);
        let (x, z, y) = (find(focal)?, find(moderator)?, find(outcome)?);
        let scores = fit.scores()?;
        let scales: Vec<Scale> =
            (0..scores.len()).map(|j| scale(fit, j, &scores[j], &Settings::default())).collect();
        let equation = equations(fit).into_iter().find(|equation| equation.outcome == y)?;
        let paths = in_units_of(fit, &fit.estimate.paths);
        let grid = |j: usize| range(&scales[j].cases).map(|range| points(range, steps));
        let (xs, zs) = (grid(x)?, grid(z)?);
        let mean = |term: &Term| term_mean(&scales, term);
        let rows = zs
            .iter()
            .map(|&at_z| {
                let at = |x_value: f64| {
                    let value = |f: usize| match f {
                        f if f == x => x_value,
                        f if f == z => at_z,
                        f => scales[f].mean,
                    };
                    equation.predict(&paths, &value, &mean)
                };
                xs.iter().map(|&x_value| at(x_value)).collect()
            })
            .collect();
        Some(Surface { focal: xs, moderator: zs, predicted: rows })
    }
}

/// What settings ask that the model does not have.
fn check(fit: &PlsFit, settings: &Settings) -> Result<(), EffectError> {
    let products: Vec<&[String]> = fit.model.constructs().iter().filter_map(|c| c.factors()).collect();
    if products.is_empty() {
        return Err(Diagnostic::error("TP0802", "the model has no interaction to probe")
            .hint("write a product of two predictors of the same outcome: `Y ~ A + B + A:B`")
            .into());
    }
    let named = settings.moderators.iter().chain(settings.values.keys());
    let factors = || products.iter().copied().flatten().map(String::as_str);
    for name in named {
        if factors().all(|factor| factor != name) {
            let problem = Diagnostic::error("TP0804", format!("`{name}` is no factor of an interaction"));
            if let Some(near) = nearest(name, factors()) {
                return Err(problem.hint(format!("did you mean `{near}`?")).into());
            }
            let mut all: Vec<String> = factors().map(|factor| format!("`{factor}`")).collect();
            all.sort();
            all.dedup();
            return Err(problem.hint(format!("the factors are {}", all.join(", "))).into());
        }
    }
    if let Some((name, _)) =
        settings.values.iter().find(|(_, v)| v.is_empty() || v.iter().any(|x| !x.is_finite()))
    {
        return Err(Diagnostic::error("TP0804", format!("`{name}` is given no value to stand at")).into());
    }
    Ok(())
}

/// How the fit's products were estimated.
fn interaction(fit: &PlsFit) -> Interaction {
    fit.settings.interaction.or(fit.model.about.interaction).unwrap_or(Interaction::TwoStage)
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

fn in_units_of(fit: &PlsFit, paths: &[f64]) -> Vec<f64> {
    paths.iter().zip(unit_factors(fit)).map(|(b, factor)| b * factor).collect()
}

fn in_units(fit: &PlsFit, draws: Draws) -> Draws {
    draws.scaled(&unit_factors(fit))
}

/// A construct as a moderator.
fn scale(fit: &PlsFit, j: usize, scores: &[f64], settings: &Settings) -> Scale {
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

fn range(cases: &[f64]) -> Option<(f64, f64)> {
    let low = cases.iter().copied().fold(f64::INFINITY, f64::min);
    let high = cases.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low < high).then_some((low, high))
}

fn points((low, high): (f64, f64), steps: usize) -> Vec<f64> {
    let last = steps.max(2) - 1;
    (0..=last).map(|i| low + (high - low) * i as f64 / last as f64).collect()
}

/// The mean of a term over the cases.
fn term_mean(scales: &[Scale], term: &Term) -> f64 {
    let cases = scales.first().map_or(0, |scale| scale.cases.len());
    let product = |i: usize| term.factors.iter().map(|&f| scales[f].cases[i]).product::<f64>();
    (0..cases).map(product).sum::<f64>() / cases.max(1) as f64
}

impl Analyst<'_> {
    fn name(&self, j: usize) -> String {
        self.fit.model.constructs()[j].name.clone()
    }

    /// What is probed, and every product.
    fn aims(&self, assessment: &Assessment, settings: &Settings) -> (Vec<Aim>, Vec<InteractionEffect>) {
        let mut aims: Vec<Aim> = Vec::new();
        let mut interactions = Vec::new();
        for (at, equation) in self.equations.iter().enumerate() {
            for term in equation.terms.iter().filter(|term| term.factors.len() > 1) {
                let (focal, moderators) = self.roles(term, settings);
                let outcome = self.name(equation.outcome);
                let product = self.fit.model.paths().get(term.path).map(|path| path.from.index());
                let name = product.map_or_else(String::new, |j| self.name(j));
                if let Some(effect) = self.draws.summary(|b| coefficient(b, term.path)) {
                    interactions.push(InteractionEffect {
                        two_way: self.two_way(equation, term, focal, &moderators),
                        f_squared: assessment.f_squared.get(&name, &outcome),
                        name,
                        outcome,
                        focal: self.name(focal),
                        moderators: moderators.iter().map(|&m| self.name(m)).collect(),
                        effect,
                    });
                }
                aims.push(Aim { equation: at, focal, moderators });
            }
        }
        // What is probed at all combinations of more moderators needs no probe of its own.
        let covered = |one: &Aim| {
            aims.iter().any(|other| {
                (other.equation, other.focal) == (one.equation, one.focal)
                    && other.moderators.len() > one.moderators.len()
                    && one.moderators.iter().all(|m| other.moderators.contains(m))
            })
        };
        let mut chosen: Vec<Aim> = Vec::new();
        for aim in aims.iter().filter(|aim| !covered(aim)) {
            if !chosen.contains(aim) {
                chosen.push(aim.clone());
            }
        }
        (chosen, interactions)
    }

    /// The numbers behind a product of two constructs whose slope nothing else moderates.
    fn two_way(
        &self,
        equation: &Equation,
        term: &Term,
        focal: usize,
        moderators: &[usize],
    ) -> Option<TwoWay> {
        let [moderator] = *moderators else { return None };
        if moderator == focal || term.factors.len() != 2 {
            return None;
        }
        let path = |j: usize| equation.terms.iter().find(|term| term.factors == [j]).map(|term| term.path);
        let (x, z) = (path(focal)?, path(moderator)?);
        let line = Line::of(&self.draws, &|b, at| coefficient(b, x) + coefficient(b, term.path) * at);
        Some(TwoWay {
            slope: coefficient(&self.draws.original, x),
            moderator_slope: coefficient(&self.draws.original, z),
            product: coefficient(&self.draws.original, term.path),
            mean: term_mean(&self.scales, term),
            slope_variance: line.v.0,
            product_variance: line.v.2,
            covariance: line.v.1,
            range: range(&self.scales[moderator].cases),
        })
    }

    /// The focal predictor of a product and its moderators.
    fn roles(&self, term: &Term, settings: &Settings) -> (usize, Vec<usize>) {
        let said = |j: usize| settings.moderators.contains(&self.name(j));
        let mut factors = term.factors.clone();
        // Those named as moderators and binary ones go last; otherwise the order is kept.
        factors.sort_by_key(|&j| (said(j), self.scales[j].binary));
        let focal = factors.remove(0);
        let mut moderators: Vec<usize> = Vec::new();
        for j in factors {
            if !moderators.contains(&j) {
                moderators.push(j);
            }
        }
        (focal, moderators)
    }

    /// Every combination of values of some moderators.
    fn combinations(&self, moderators: &[usize]) -> Vec<Vec<(usize, f64, String)>> {
        let mut all: Vec<Vec<(usize, f64, String)>> = vec![Vec::new()];
        for &j in moderators {
            all = all
                .into_iter()
                .flat_map(|chosen| {
                    self.scales[j].values.iter().map(move |(value, label)| {
                        let mut next = chosen.clone();
                        next.push((j, *value, label.clone()));
                        next
                    })
                })
                .collect();
        }
        all
    }

    fn shown(&self, at: &[(usize, f64, String)]) -> Vec<At> {
        let show = |(j, value, label): &(usize, f64, String)| At {
            moderator: self.name(*j),
            value: *value,
            label: label.clone(),
        };
        at.iter().map(show).collect()
    }

    /// Where constructs stand: at the values given, else at their means.
    fn value(&self, at: &[(usize, f64, String)], j: usize) -> f64 {
        at.iter().find(|(known, ..)| *known == j).map_or(self.scales[j].mean, |(_, value, _)| *value)
    }

    fn slopes(&self, aim: &Aim, result: &mut Moderation) {
        let equation = &self.equations[aim.equation];
        let (focal, outcome) = (self.name(aim.focal), self.name(equation.outcome));
        for at in self.combinations(&aim.moderators) {
            let effect = self.draws.summary(|b| equation.slope(b, aim.focal, &|j| self.value(&at, j)));
            if let Some(effect) = effect {
                result.simple_slopes.push(ConditionalEffect {
                    name: format!("{focal} → {outcome}"),
                    from: focal.clone(),
                    to: outcome.clone(),
                    at: self.shown(&at),
                    effect,
                });
            }
            // A power is a curve, which its slopes alone do not draw.
            if aim.moderators.contains(&aim.focal) {
                continue;
            }
            let ends = match self.scales[aim.focal].values.as_slice() {
                [(first, _), .., (last, _)] => vec![*first, *last],
                other => other.iter().map(|(value, _)| *value).collect(),
            };
            for value in ends {
                let stand = |j: usize| if j == aim.focal { value } else { self.value(&at, j) };
                let predicted =
                    equation.predict(&self.draws.original, &stand, &|term| term_mean(&self.scales, term));
                result.predictions.push(Prediction {
                    focal: focal.clone(),
                    value,
                    at: self.shown(&at),
                    outcome: outcome.clone(),
                    predicted,
                });
            }
        }
    }

    /// Regions over the first moderator that is not binary, at every combination of the others.
    fn probes(&self, aim: &Aim) -> Vec<Probe> {
        let Some(&moderator) = aim.moderators.iter().find(|&&j| !self.scales[j].binary) else {
            return Vec::new();
        };
        let Some(range) = range(&self.scales[moderator].cases) else { return Vec::new() };
        let others: Vec<usize> = aim.moderators.iter().copied().filter(|&j| j != moderator).collect();
        let equation = &self.equations[aim.equation];
        let grid = points(range, GRID);
        let probe = |at: Vec<(usize, f64, String)>| {
            let slope = |b: &[f64], z: f64| {
                equation.slope(b, aim.focal, &|j| if j == moderator { z } else { self.value(&at, j) })
            };
            let band = |z: f64| {
                let missing = Band { at: z, effect: f64::NAN, low: f64::NAN, high: f64::NAN };
                self.draws.summary(|b| slope(b, z)).map_or(missing, |s| Band {
                    at: z,
                    effect: s.original,
                    low: s.low,
                    high: s.high,
                })
            };
            let line = Line::of(&self.draws, &slope);
            let normal = |z: f64| line.band(z, self.draws.level);
            let linear = equation.degree(aim.focal, moderator) == 1;
            let by_covariance = self.way == JohnsonNeyman::Covariance && linear;
            let (points, regions, bands) = if by_covariance {
                let critical = normal_quantile(0.5 + self.draws.level / 2.0);
                let points = johnson_neyman_points(line.b, line.v, critical);
                let regions = regions(range, &points, &normal);
                (points, regions, grid.iter().map(|&z| normal(z)).collect())
            } else {
                let points = crossings(&grid, &band);
                let regions = regions(range, &points, &band);
                (points, regions, grid.iter().map(|&z| band(z)).collect())
            };
            let cases = &self.scales[moderator].cases;
            let share = |region: &Region| {
                let inside = |z: &&f64| **z >= region.from && (**z < region.to || region.to >= range.1);
                cases.iter().filter(inside).count() as f64 / cases.len().max(1) as f64
            };
            Probe {
                focal: self.name(aim.focal),
                outcome: self.name(equation.outcome),
                moderator: self.name(moderator),
                at: self.shown(&at),
                range,
                points,
                regions: regions.iter().map(|region| (*region, share(region))).collect(),
                bands,
            }
        };
        self.combinations(&others).into_iter().map(probe).collect()
    }

    /// Conditional indirect effects and their indices.
    fn chains(&self, aims: &[Aim], result: &mut Moderation) {
        let chains = self.fit.model.chains();
        let plain = |chain: &&Chain| {
            chain.constructs.iter().all(|id| self.fit.model.construct(*id).factors().is_none())
        };
        for chain in chains.iter().filter(plain) {
            let links: Vec<(&Equation, usize)> = chain
                .constructs
                .iter()
                .zip(chain.constructs.iter().skip(1))
                .filter_map(|(from, to)| {
                    let equation = self.equations.iter().find(|equation| equation.outcome == to.index())?;
                    Some((equation, from.index()))
                })
                .collect();
            // Moderators of any link, as the probes have them.
            let mut moderators: Vec<usize> = Vec::new();
            for (equation, from) in &links {
                let here = aims.iter().filter(|aim| {
                    self.equations[aim.equation].outcome == equation.outcome && aim.focal == *from
                });
                for &j in here.flat_map(|aim| &aim.moderators) {
                    if !moderators.contains(&j) {
                        moderators.push(j);
                    }
                }
            }
            if !moderators.is_empty() && links.len() + 1 == chain.constructs.len() {
                self.chain(&chain.name(&self.fit.model), chain, &links, &moderators, result);
            }
        }
    }

    fn chain(
        &self,
        name: &str,
        chain: &Chain,
        links: &[(&Equation, usize)],
        moderators: &[usize],
        result: &mut Moderation,
    ) {
        let end = |id: Option<&ConstructId>| id.map_or_else(String::new, |id| self.name(id.index()));
        let effect = |b: &[f64], at: &dyn Fn(usize) -> f64| -> f64 {
            links.iter().map(|(equation, from)| equation.slope(b, *from, at)).product()
        };
        for at in self.combinations(moderators) {
            if let Some(summary) = self.draws.summary(|b| effect(b, &|j| self.value(&at, j))) {
                result.conditional_indirect.push(ConditionalEffect {
                    name: name.to_owned(),
                    from: end(chain.constructs.first()),
                    to: end(chain.constructs.last()),
                    at: self.shown(&at),
                    effect: summary,
                });
            }
        }
        for &moderator in moderators {
            let values = &self.scales[moderator].values;
            let (Some(first), Some(last)) = (values.first(), values.last()) else { continue };
            let at = |b: &[f64], value: f64| {
                effect(b, &|j| if j == moderator { value } else { self.scales[j].mean })
            };
            let degree: i32 = links.iter().map(|(equation, from)| equation.degree(*from, moderator)).sum();
            let index = self.draws.summary(|b| at(b, 1.0) - at(b, 0.0)).filter(|_| degree == 1);
            let show = |(value, label): &(f64, String)| At {
                moderator: self.name(moderator),
                value: *value,
                label: label.clone(),
            };
            result.moderated_mediation.push(ModeratedMediation {
                name: name.to_owned(),
                moderator: self.name(moderator),
                index,
                difference: self.draws.summary(|b| at(b, last.0) - at(b, first.0)),
                between: (show(first), show(last)),
            });
        }
    }
}

/// A slope that is linear in its moderator, with the covariance of its two coefficients over the resamples.
struct Line {
    b: (f64, f64),
    v: (f64, f64, f64),
}

impl Line {
    fn of(draws: &Draws, slope: &(dyn Fn(&[f64], f64) -> f64 + Sync)) -> Self {
        let original = &draws.original;
        let at_0 = draws.values(|b| slope(b, 0.0));
        let change = draws.values(|b| slope(b, 1.0) - slope(b, 0.0));
        let b0 = slope(original, 0.0);
        let count = at_0.len() as f64;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / count;
        let (m0, m1) = (mean(&at_0), mean(&change));
        let covariance = |x: &[f64], mx: f64, y: &[f64], my: f64| {
            x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / (count - 1.0)
        };
        Self {
            b: (b0, slope(original, 1.0) - b0),
            v: (
                covariance(&at_0, m0, &at_0, m0),
                covariance(&at_0, m0, &change, m1),
                covariance(&change, m1, &change, m1),
            ),
        }
    }

    fn band(&self, z: f64, level: f64) -> Band {
        let effect = self.b.0 + self.b.1 * z;
        let variance = (self.v.0 + 2.0 * z * self.v.1 + z * z * self.v.2).max(0.0);
        let half = normal_quantile(0.5 + level / 2.0) * variance.sqrt();
        Band { at: z, effect, low: effect - half, high: effect + half }
    }
}
