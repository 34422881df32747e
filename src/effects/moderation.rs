//! Moderation: what a product of constructs does to the effects of its factors.
//!
//! In a product `A:B` the first factor is the focal predictor and the second its moderator, unless only the first is binary
//! or [`Settings::moderators`] says otherwise; a power (`A:A`) makes a construct its own moderator. The **simple slope** of
//! the focal predictor is the derivative of the outcome at a value of the moderator (see [`super::Equation`]). All other
//! moderators stand at their means. Along a chain the slopes multiply to the **conditional indirect effect**; where it is
//! linear in the moderator its change per unit is the **index of moderated mediation** (Hayes 2015, doi:10.1080/00273171.2014.962683).
//!
//! Values are in standard deviations of the scores about their mean, those of unstandardised constructs in their own units.
//! A binary moderator takes its two values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::EffectError;
use super::draws::Draws;
use super::equation::Term;
use super::johnson_neyman::{Band, Region};
use super::moderator::{Scale, equations, in_units, in_units_of, points, range, scale, term_mean};
use super::probing::Analyst;
use crate::assess::{Assessment, Thresholds};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{ConstructId, Interaction, words};
use crate::pls::PlsFit;
use crate::resample::{Bootstrapped, Inference, IntervalKind, Summary};

words! {
    /// Where the points of Johnson and Neyman come from.
    JohnsonNeyman: "way to Johnson-Neyman points" {
        /// The bounds of the resampled effects, percentiles unless other intervals are asked for (default; cSEM).
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

/// Points of a grid over the range of a construct.
pub(super) const GRID: usize = 41;

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

/// A predicted outcome, for charts of simple slopes.
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
    /// Predictions along the simple slopes, at the ends of a line and along a curve.
    pub predictions: Vec<Prediction>,
    /// How the points were found.
    pub points_by: JohnsonNeyman,
    /// The kind of the intervals.
    #[serde(skip)]
    pub interval: IntervalKind,
    /// Level of the intervals.
    pub level: f64,
    /// How intervals and p-values are made.
    #[serde(serialize_with = "Inference::as_words")]
    pub inference: Inference,
    /// Resamples that count, and why others do not.
    pub accounting: String,
    /// Whether products are cleared of their factors, so that slopes at 0 are those without the product.
    pub orthogonal: bool,
    /// What sizes are judged by.
    #[serde(skip)]
    pub thresholds: Thresholds,
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
            EffectError::from(
                Diagnostic::error("TP0803", "moderation needs the answers of the cases")
                    .hint("give the survey file: a table of correlations holds no answers"),
            )
        })?;
        let scales = (0..scores.len()).map(|j| scale(fit, j, &scores[j], settings)).collect();
        let way = settings.johnson_neyman.unwrap_or(JohnsonNeyman::Percentile);
        let equations = equations(fit);
        let draws = in_units(fit, Draws::of(boot));
        let analyst = Analyst { fit, draws, equations, scales, way };
        let (aims, interactions) = analyst.aims(assessment, settings);
        stands(&interactions, settings)?;
        let mut result = Self {
            interactions,
            simple_slopes: Vec::new(),
            johnson_neyman: Vec::new(),
            conditional_indirect: Vec::new(),
            moderated_mediation: Vec::new(),
            predictions: Vec::new(),
            points_by: way,
            level: analyst.draws.inference().level(),
            inference: analyst.draws.inference().clone(),
            interval: analyst.draws.inference().kind(),
            accounting: boot.accounting(),
            orthogonal: fit.settings.interaction_of(fit.written()) == Interaction::Orthogonal,
            thresholds: assessment.thresholds.clone(),
        };
        for aim in &aims {
            analyst.slopes(aim, &mut result);
            analyst.predictions(aim, &mut result);
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

/// Values are given to moderators.
fn stands(interactions: &[InteractionEffect], settings: &Settings) -> Result<(), EffectError> {
    let moderators = || interactions.iter().flat_map(|one| one.moderators.iter().map(String::as_str));
    let Some(name) = settings.values.keys().find(|name| moderators().all(|known| known != *name)) else {
        return Ok(());
    };
    let mut all: Vec<String> = moderators().map(|name| format!("`{name}`")).collect();
    all.sort();
    all.dedup();
    let message = format!("`{name}` is given values, but moderates nothing here");
    Err(Diagnostic::error("TP0804", message)
        .hint(format!("the moderators are {}", all.join(", ")))
        .hint(format!("or make it one: `--moderator {name}`"))
        .into())
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
        return Err(Diagnostic::error("TP0804", format!("`{name}` is given no value to stand at"))
            .hint("name finite numbers, such as `--at AGE=20,40`")
            .into());
    }
    Ok(())
}
