//! The probes of a moderation analysis: slopes, regions and indirect effects at values of moderators.

use super::draws::{Draws, coefficient};
use super::equation::{Equation, Term};
use super::johnson_neyman::{Band, Region, crossings, johnson_neyman_points, regions};
use super::moderation::{
    At, ConditionalEffect, GRID, InteractionEffect, JohnsonNeyman, ModeratedMediation, Moderation,
    Prediction, Probe, Settings, TwoWay,
};
use super::moderator::{Scale, points, range, term_mean};
use crate::assess::Assessment;
use crate::model::{Chain, ConstructId};
use crate::pls::PlsFit;
use crate::stats::distribution::normal_quantile;

/// A probe to make: an equation, its focal predictor and one or more moderators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aim {
    equation: usize,
    focal: usize,
    moderators: Vec<usize>,
}

/// Everything that probes are made from.
pub(super) struct Analyst<'a> {
    pub(super) fit: &'a PlsFit,
    pub(super) draws: Draws,
    pub(super) equations: Vec<Equation>,
    pub(super) scales: Vec<Scale>,
    pub(super) way: JohnsonNeyman,
}

impl Analyst<'_> {
    fn name(&self, j: usize) -> String {
        self.fit.model.constructs()[j].name.clone()
    }

    /// What is probed, and every product.
    pub(super) fn aims(
        &self,
        assessment: &Assessment,
        settings: &Settings,
    ) -> (Vec<Aim>, Vec<InteractionEffect>) {
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

    pub(super) fn slopes(&self, aim: &Aim, result: &mut Moderation) {
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
        }
    }

    /// The outcome over the focal predictor at every combination of its moderators: the ends of a line, or a curve where a
    /// power of the predictor stands in the equation.
    pub(super) fn predictions(&self, aim: &Aim, result: &mut Moderation) {
        let equation = &self.equations[aim.equation];
        let values: Vec<f64> = if equation.moderators(aim.focal).contains(&aim.focal) {
            range(&self.scales[aim.focal].cases).map_or_else(Vec::new, |range| points(range, GRID))
        } else {
            match self.scales[aim.focal].values.as_slice() {
                [(first, _), .., (last, _)] => vec![*first, *last],
                other => other.iter().map(|(value, _)| *value).collect(),
            }
        };
        let moderators: Vec<usize> = aim.moderators.iter().copied().filter(|j| *j != aim.focal).collect();
        for at in self.combinations(&moderators) {
            for &value in &values {
                let stand = |j: usize| if j == aim.focal { value } else { self.value(&at, j) };
                let predicted =
                    equation.predict(&self.draws.original, &stand, &|term| term_mean(&self.scales, term));
                result.predictions.push(Prediction {
                    focal: self.name(aim.focal),
                    value,
                    at: self.shown(&at),
                    outcome: self.name(equation.outcome),
                    predicted,
                });
            }
        }
    }

    /// Regions over the first moderator that is not binary, at every combination of the others.
    pub(super) fn probes(&self, aim: &Aim) -> Vec<Probe> {
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
            let normal = |z: f64| line.band(z, self.draws.inference().level());
            let linear = equation.degree(aim.focal, moderator) == 1;
            let by_covariance = self.way == JohnsonNeyman::Covariance && linear;
            let (points, regions, bands) = if by_covariance {
                let critical = normal_quantile(0.5 + self.draws.inference().level() / 2.0);
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
    pub(super) fn chains(&self, aims: &[Aim], result: &mut Moderation) {
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
