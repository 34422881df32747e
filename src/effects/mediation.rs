//! Mediation: how an effect reaches its outcome.
//!
//! **Type** (Zhao, Lynch & Chen 2010, doi:10.1086/651257): with the intervals of the indirect and the direct effect,
//! complementary (both differ from 0, same sign), competitive (both, opposite signs), indirect-only, direct-only, no effect.
//!
//! **Variance accounted for**: indirect over total effect. It has a meaning only where no two effects of the pair have
//! opposite signs; elsewhere it does not apply.
//!
//! **Upsilon** (Lachowicz, Preacher & Kelley 2018, doi:10.1037/met0000165): variance of the outcome that the predictor
//! explains indirectly. Along a chain the outcome changes by `(Π b_i) x`, whose variance is `(Π b_i)² var x`; with variances
//! 1 the squared indirect effect remains: `υ = a²b²` for one mediator, `a²d²b²` for two in a row. Parallel chains carry the
//! same x, so that together they explain `(Σ Π b_i)²`, which for two mediators is `a₁²b₁² + a₂²b₂² + 2a₁b₁a₂b₂`. Squares of
//! estimates are too large on average by their variances; the adjusted form takes these away, `Π (b_i² − var b_i)`.

use serde::Serialize;

use super::EffectError;
use super::draws::{Draws, coefficient};
use crate::assess::Thresholds;
use crate::diagnostic::Diagnostic;
use crate::model::{Model, words};
use crate::pls::PlsFit;
use crate::resample::{Bootstrapped, Inference, Summary};

words! {
    /// Type of mediation.
    MediationType: "type of mediation" {
        /// Indirect and direct effect differ from 0 and point the same way.
        Complementary = "complementary",
        /// Indirect and direct effect differ from 0 and point in opposite directions.
        Competitive = "competitive",
        /// Only the indirect effect differs from 0.
        IndirectOnly = "indirect-only",
        /// The indirect effect differs from 0, and the model has no direct path to compare it with.
        NoDirectPath = "no-direct-path",
        /// Only the direct effect differs from 0.
        DirectOnly = "direct-only",
        /// Neither differs from 0.
        NoEffect = "no-effect",
    }
}

impl MediationType {
    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Complementary => "mediation; part of the effect is direct, in the same direction",
            Self::Competitive => "mediation; the direct effect works against it",
            Self::IndirectOnly => "mediation; no direct effect is left",
            Self::NoDirectPath => "an indirect effect; its type cannot be told without a direct path",
            Self::DirectOnly => "no mediation; the effect is direct",
            Self::NoEffect => "neither effect differs from 0",
        }
    }
}

/// The type that two effects amount to, each given as its estimate and whether its interval leaves 0 out; `None` stands for
/// a direct path that the model does not have.
pub fn classify(indirect: (f64, bool), direct: Option<(f64, bool)>) -> MediationType {
    let Some(direct) = direct else {
        return if indirect.1 { MediationType::NoDirectPath } else { MediationType::NoEffect };
    };
    match (indirect.1, direct.1) {
        (true, true) if (indirect.0 > 0.0) == (direct.0 > 0.0) => MediationType::Complementary,
        (true, true) => MediationType::Competitive,
        (true, false) => MediationType::IndirectOnly,
        (false, true) => MediationType::DirectOnly,
        (false, false) => MediationType::NoEffect,
    }
}

/// Indirect over total effect; `None` if any two of the effects that make up the total have opposite signs, or the total
/// is 0.
pub fn variance_accounted_for(indirect: f64, parts: &[f64]) -> Option<f64> {
    let total: f64 = parts.iter().sum();
    let opposed = parts.iter().any(|x| *x > 0.0) && parts.iter().any(|x| *x < 0.0);
    (!opposed && total != 0.0).then(|| indirect / total)
}

/// Upsilon of chains between the same two constructs, each given by its standardised paths.
pub fn upsilon(chains: &[&[f64]]) -> f64 {
    chains.iter().map(|chain| chain.iter().product::<f64>()).sum::<f64>().powi(2)
}

/// Upsilon of one chain less what the sampling variance of its paths adds, from pairs of path and variance.
pub fn adjusted_upsilon(chain: &[(f64, f64)]) -> f64 {
    chain.iter().map(|(b, variance)| b * b - variance).product()
}

/// The indirect effect along one chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpecificEffect {
    /// The chain, `A → B → C`.
    pub name: String,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// The effect.
    pub effect: Summary,
    /// The direct effect; `None` if the model has no such path.
    pub direct: Option<Summary>,
    /// Type of mediation.
    pub mediation: MediationType,
    /// Variance accounted for; `None` where it has no meaning.
    pub vaf: Option<f64>,
    /// Upsilon.
    pub upsilon: Option<Summary>,
    /// Upsilon, adjusted for sampling variance.
    pub adjusted_upsilon: f64,
}

/// All indirect effects of a pair together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TotalIndirect {
    /// Where they begin.
    pub from: String,
    /// Where they end.
    pub to: String,
    /// How many chains there are.
    pub chains: usize,
    /// Their sum.
    pub indirect: Summary,
    /// The direct effect; `None` if the model has no such path.
    pub direct: Option<Summary>,
    /// Both together.
    pub total: Summary,
    /// Type of mediation.
    pub mediation: MediationType,
    /// Variance accounted for; `None` where it has no meaning.
    pub vaf: Option<f64>,
    /// Upsilon.
    pub upsilon: Option<Summary>,
}

/// Difference of two indirect effects of the same pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contrast {
    /// The chain that the other is taken from.
    pub first: String,
    /// The other chain.
    pub second: String,
    /// First less second.
    pub difference: Summary,
}

/// Mediation analysis of a bootstrapped model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mediation {
    /// Every specific indirect effect.
    pub specific: Vec<SpecificEffect>,
    /// Per pair all of its indirect effects together.
    pub total: Vec<TotalIndirect>,
    /// Every two indirect effects of the same pair.
    pub contrasts: Vec<Contrast>,
    /// Pairs with so many chains that their differences are left out, and how many.
    pub uncompared: Vec<(String, String, usize)>,
    /// Whether the model has products, so that some paths hold at a moderator of 0 only.
    pub moderated: bool,
    /// Level of the intervals.
    pub level: f64,
    /// How intervals and p-values are made.
    #[serde(serialize_with = "Inference::as_words")]
    pub inference: Inference,
    /// Resamples that count, and why others do not.
    pub accounting: String,
    /// What sizes are judged by.
    #[serde(skip)]
    pub thresholds: Thresholds,
}

/// Pairs with more chains than these are not compared chain by chain: differences grow with the square.
const MOST_CONTRASTED: usize = 20;

/// A chain in positions.
struct Route {
    name: String,
    ends: (usize, usize),
    paths: Vec<usize>,
}

impl Route {
    fn effect(&self, b: &[f64]) -> f64 {
        self.paths.iter().map(|&path| coefficient(b, path)).product()
    }
}

fn routes(model: &Model) -> Vec<Route> {
    let chains = model.chains();
    let route = |chain: &crate::model::Chain| {
        let (first, last) = (chain.constructs.first()?, chain.constructs.last()?);
        // What a product does along a chain is moderated mediation.
        (!is_product(model, first.index())).then(|| Route {
            name: chain.name(model),
            ends: (first.index(), last.index()),
            paths: chain.paths(model).into_iter().map(crate::model::PathId::index).collect(),
        })
    };
    chains.iter().filter_map(route).collect()
}

/// Whether a construct is a product of others.
pub(super) fn is_product(model: &Model, construct: usize) -> bool {
    model.constructs().get(construct).is_some_and(|construct| construct.factors().is_some())
}

impl Mediation {
    /// Whether there is something to analyse, before a fit is bootstrapped for it.
    ///
    /// # Errors
    /// `TP0801` if the model has no mediator, `TP0809` if it has more chains than are followed.
    pub fn check(fit: &PlsFit) -> Result<(), EffectError> {
        if fit.plan.chains.is_empty() {
            let words = "the model has no mediator: no path leads on from an outcome";
            return Err(Diagnostic::error("TP0801", words)
                .hint("a mediator has a path into it and one out of it: `M ~ X` and `Y ~ M + X`")
                .into());
        }
        if fit.plan.chains.len() >= Model::MOST_CHAINS && fit.model.chains_are_cut() {
            let words = format!("the model has more than {} chains of paths", Model::MOST_CHAINS);
            return Err(Diagnostic::error("TP0809", words)
                .hint("leave out paths that no theory asks for; total effects are in `trustpath bootstrap`")
                .into());
        }
        Ok(())
    }

    /// Analyses every chain of a bootstrapped fit. Products are taken at moderators of 0, their mean.
    pub fn of(fit: &PlsFit, boot: &Bootstrapped) -> Self {
        let draws = Draws::of(boot);
        let model = &fit.model;
        let routes = routes(model);
        let name = |at: usize| model.constructs()[at].name.clone();
        let mut pairs: Vec<(usize, usize)> = routes.iter().map(|route| route.ends).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let direct_path = |(from, to): (usize, usize)| {
            model.paths().iter().position(|path| (path.from.index(), path.to.index()) == (from, to))
        };
        let mut specific = Vec::new();
        let mut total = Vec::new();
        let mut contrasts = Vec::new();
        let mut uncompared = Vec::new();
        for pair in pairs {
            let here: Vec<&Route> = routes.iter().filter(|route| route.ends == pair).collect();
            let path = direct_path(pair);
            let direct = path.and_then(|path| draws.summary(|b| coefficient(b, path)));
            let b = &draws.original;
            let mut parts: Vec<f64> = here.iter().map(|route| route.effect(b)).collect();
            parts.extend(path.map(|path| coefficient(b, path)));
            let about_direct = direct.map(|s| (s.original, s.excludes_zero()));
            // Paths of unstandardised constructs to standard deviations of both ends.
            let ratio = fit.scales[pair.0] / fit.scales[pair.1];
            let indirect = |b: &[f64]| here.iter().map(|route| route.effect(b)).sum::<f64>();
            let of_pair = || {
                let sum = draws.summary(indirect)?;
                Some(TotalIndirect {
                    from: name(pair.0),
                    to: name(pair.1),
                    chains: here.len(),
                    indirect: sum,
                    direct,
                    total: draws.summary(|b| indirect(b) + path.map_or(0.0, |path| coefficient(b, path)))?,
                    mediation: classify((sum.original, sum.excludes_zero()), about_direct),
                    // Without a direct path everything is indirect, which says nothing.
                    vaf: path.and_then(|_| variance_accounted_for(sum.original, &parts)),
                    upsilon: draws.summary(|b| (ratio * indirect(b)).powi(2)),
                })
            };
            total.extend(of_pair());
            specific.extend(here.iter().filter_map(|route| {
                let effect = draws.summary(|b| route.effect(b))?;
                let variance = |path: usize| {
                    draws
                        .summary(|b| coefficient(b, path))
                        .and_then(|summary| summary.sd)
                        .map_or(0.0, |sd| sd * sd)
                };
                let paths: Vec<(f64, f64)> =
                    route.paths.iter().map(|&path| (coefficient(b, path), variance(path))).collect();
                Some(SpecificEffect {
                    name: route.name.clone(),
                    from: name(pair.0),
                    to: name(pair.1),
                    effect,
                    direct,
                    mediation: classify((effect.original, effect.excludes_zero()), about_direct),
                    vaf: (parts.len() > 1).then(|| variance_accounted_for(effect.original, &parts)).flatten(),
                    upsilon: draws.summary(|b| upsilon(&[&[ratio * route.effect(b)]])),
                    adjusted_upsilon: ratio * ratio * adjusted_upsilon(&paths),
                })
            }));
            if here.len() > MOST_CONTRASTED {
                uncompared.push((name(pair.0), name(pair.1), here.len()));
                continue;
            }
            for (at, first) in here.iter().enumerate() {
                contrasts.extend(here.iter().skip(at + 1).filter_map(|second| {
                    Some(Contrast {
                        first: first.name.clone(),
                        second: second.name.clone(),
                        difference: draws.summary(|b| first.effect(b) - second.effect(b))?,
                    })
                }));
            }
        }
        Self {
            specific,
            total,
            contrasts,
            uncompared,
            moderated: model.constructs().iter().any(|construct| construct.factors().is_some()),
            level: draws.inference().level(),
            inference: draws.inference().clone(),
            accounting: boot.accounting(),
            thresholds: Thresholds::default(),
        }
    }

    /// The same with thresholds of one's own.
    #[must_use]
    pub fn with_thresholds(self, thresholds: Thresholds) -> Self {
        Self { thresholds, ..self }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn types_follow_signs_and_intervals() {
        use MediationType::{Competitive, Complementary, DirectOnly, IndirectOnly, NoDirectPath, NoEffect};
        for (indirect, direct, expected) in [
            ((0.2, true), (0.3, true), Complementary),
            ((-0.2, true), (-0.3, true), Complementary),
            ((-0.2, true), (0.3, true), Competitive),
            ((0.2, true), (0.3, false), IndirectOnly),
            ((0.2, false), (0.3, true), DirectOnly),
            ((0.2, false), (0.3, false), NoEffect),
        ] {
            assert_eq!(classify(indirect, Some(direct)), expected);
        }
        assert_eq!(classify((0.2, true), None), NoDirectPath);
        assert_eq!(classify((0.2, false), None), NoEffect);
    }

    #[test]
    fn a_share_of_the_total_needs_one_direction() {
        assert_eq!(variance_accounted_for(0.2, &[0.2, 0.3]), Some(0.4));
        assert_eq!(variance_accounted_for(0.2, &[0.2]), Some(1.0));
        assert_eq!(variance_accounted_for(-0.2, &[-0.2, 0.3]), None);
        assert_eq!(variance_accounted_for(0.1, &[0.1, -0.1, 0.3]), None);
        assert_eq!(variance_accounted_for(0.0, &[0.0, 0.0]), None);
    }

    #[test]
    fn upsilon_of_parallel_chains_has_the_mixed_term() {
        let (a1, b1, a2, b2): (f64, f64, f64, f64) = (0.5, 0.4, 0.3, 0.6);
        let expanded = (a1 * b1).powi(2) + (a2 * b2).powi(2) + 2.0 * a1 * b1 * a2 * b2;
        assert!((upsilon(&[&[a1, b1], &[a2, b2]]) - expanded).abs() < 1e-15);
        assert!((upsilon(&[&[a1, a2, b2]]) - (a1 * a2 * b2).powi(2)).abs() < 1e-15);
        assert!((adjusted_upsilon(&[(0.5, 0.01), (0.4, 0.0025)]) - 0.24 * 0.1575).abs() < 1e-15);
        assert_eq!(adjusted_upsilon(&[(0.5, 0.0), (0.4, 0.0)]), upsilon(&[&[0.5, 0.4]]));
    }
}
