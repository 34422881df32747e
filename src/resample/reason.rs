//! Why a resample does not count: it has no estimate, or one that cannot be.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use std::collections::BTreeMap;

use serde::Serialize;

use crate::moments::NoCorrelation;
use crate::moments::kernel::NoMoments;
use crate::pls::{Estimates, Failure, NoEstimate, Plan, PlsFit};
use crate::stats::linear;
use crate::stats::real::{LANES, Mask, Real};

/// Why a resample does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An item, or a score, has no variance.
    NoVariance,
    /// An item has no answer at all.
    NoAnswer,
    /// A Mode B block or the predictors of an equation are collinear.
    Collinear,
    /// The weights did not settle.
    NotConverged,
    /// A block's correlations give no reliability.
    NoReliability,
    /// Two items have no correlation of the kind asked for.
    NoCorrelation,
    /// A loading beyond ±1.
    LoadingAboveOne,
    /// A reliability above 1.
    ReliabilityAboveOne,
    /// Construct correlations are not positive semidefinite.
    NotPositive,
}

impl Reason {
    /// Its key in JSON and in files of resamples.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoVariance => "no_variance",
            Self::NoAnswer => "no_answer",
            Self::Collinear => "collinear",
            Self::NotConverged => "not_converged",
            Self::NoReliability => "no_reliability",
            Self::NoCorrelation => "no_correlation",
            Self::LoadingAboveOne => "loading_above_one",
            Self::ReliabilityAboveOne => "reliability_above_one",
            Self::NotPositive => "not_positive",
        }
    }

    /// What of a place is to blame.
    fn blames(self) -> &'static str {
        match self {
            Self::NoVariance => "the variance of",
            Self::NoAnswer => "the answers to",
            Self::Collinear => "collinearity in",
            Self::NotConverged => "the weights of",
            Self::NoReliability | Self::ReliabilityAboveOne => "the reliability of",
            Self::LoadingAboveOne => "the loading of",
            Self::NoCorrelation | Self::NotPositive => "the correlation of",
        }
    }

    /// In words, for notes below tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoVariance => "an item or score without variance",
            Self::NoAnswer => "an item without any answer",
            Self::Collinear => "collinear items or predictors",
            Self::NotConverged => "weights that did not settle",
            Self::NoReliability => "a block without a reliability",
            Self::NoCorrelation => "a correlation that does not exist",
            Self::LoadingAboveOne => "a loading beyond 1",
            Self::ReliabilityAboveOne => "a reliability above 1",
            Self::NotPositive => "construct correlations that are not positive semidefinite",
        }
    }
}

/// Where in the model, by positions; those of items, constructs and equations belong to a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nowhere in particular.
    Whole,
    /// An item of the answers.
    Answer(u32),
    /// Two of them.
    Answers(u32, u32),
    /// An item of the stage.
    Item(u32),
    /// A construct.
    Construct(u32),
    /// Two of them.
    Constructs(u32, u32),
    /// The equation of an outcome.
    Equation(u32),
}

/// Why a resample does not count, and what in the model makes it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    pub(super) reason: Reason,
    place: Place,
    /// The stage that the place belongs to; the last, or the only one, if it is not said.
    stage: Option<u8>,
}

impl Cause {
    fn new(reason: Reason, place: Place) -> Self {
        Self { reason, place, stage: None }
    }

    /// The same in one of several stages, whose items need not be answers; `None` is the last.
    pub(super) fn in_stage(self, stage: Option<usize>) -> Self {
        let place = match self.place {
            Place::Answer(i) => Place::Item(i),
            place => place,
        };
        Self { place, stage: stage.and_then(|stage| u8::try_from(stage).ok()), ..self }
    }

    /// The name of the place; empty if there is none.
    fn name(self, fit: &PlsFit) -> String {
        let stage = self.stage.and_then(|at| fit.earlier().get(usize::from(at))).unwrap_or(fit);
        let of = |names: &[String], at: u32| names.get(at as usize).cloned().unwrap_or_default();
        let (answers, constructs) = (&fit.answer_moments().items, stage.constructs());
        match self.place {
            Place::Whole => String::new(),
            Place::Answer(i) => of(answers, i),
            Place::Answers(i, j) => format!("{} ↔ {}", of(answers, i), of(answers, j)),
            Place::Item(i) => of(&stage.moments.items, i),
            Place::Construct(j) => of(&constructs, j),
            Place::Constructs(i, j) => format!("{} ↔ {}", of(&constructs, i), of(&constructs, j)),
            Place::Equation(j) => format!("{} ~ …", of(&constructs, j)),
        }
    }
}

/// A place in the model, and how many resamples do not count because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Culprit {
    /// Why they do not count.
    pub reason: Reason,
    /// The item, the construct, two of either (`A ↔ B`), or the equation (`Y ~ …`). Where several are to blame, it is that
    /// with the largest loading, reliability or correlation.
    pub name: String,
    /// In how many resamples.
    pub resamples: usize,
}

/// The places that resamples were lost to, most of them first.
pub(super) fn culprits(causes: impl IntoIterator<Item = Cause>, fit: &PlsFit) -> Vec<Culprit> {
    let mut counted = BTreeMap::new();
    for cause in causes {
        *counted.entry(cause).or_insert(0) += 1;
    }
    // One construct may stand in several stages.
    let mut by_name: BTreeMap<(Reason, String), usize> = BTreeMap::new();
    for (cause, resamples) in counted {
        *by_name.entry((cause.reason, cause.name(fit))).or_default() += resamples;
    }
    let named = by_name.into_iter().filter(|((_, name), _)| !name.is_empty());
    let mut named: Vec<Culprit> =
        named.map(|((reason, name), resamples)| Culprit { reason, name, resamples }).collect();
    named.sort_by_key(|culprit| std::cmp::Reverse(culprit.resamples));
    named
}

/// `12 with a loading beyond 1, 3 with weights that did not settle`.
pub(super) fn in_words(reasons: &BTreeMap<Reason, usize>) -> String {
    let each = reasons.iter().map(|(reason, count)| format!("{count} with {}", reason.words()));
    each.collect::<Vec<_>>().join(", ")
}

/// `the loading of PU3 in 10, the correlation of PU ↔ ATT in 2`, the first few; `None` without any.
pub(super) fn blamed(culprits: &[Culprit]) -> Option<String> {
    let each = culprits
        .iter()
        .map(|culprit| format!("{} {} in {}", culprit.reason.blames(), culprit.name, culprit.resamples));
    (!culprits.is_empty()).then(|| listed(&each.collect::<Vec<_>>()))
}

/// The first few, and how many more.
pub(super) fn listed(items: &[String]) -> String {
    const MOST: usize = 3;
    let shown = items.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A position, as places hold it.
#[allow(clippy::cast_possible_truncation, reason = "models have fewer items than that")]
fn short(position: usize) -> u32 {
    position as u32
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        let construct = |j| Place::Construct(short(j));
        match failure {
            Failure::NoVariance(j) => Self::new(Reason::NoVariance, construct(j)),
            Failure::CollinearBlock(j) => Self::new(Reason::Collinear, construct(j)),
            Failure::CollinearPredictors(j) => Self::new(Reason::Collinear, Place::Equation(short(j))),
            Failure::NotConverged => Self::new(Reason::NotConverged, Place::Whole),
            Failure::NoReliability(j) => Self::new(Reason::NoReliability, construct(j)),
        }
    }
}

impl From<NoEstimate> for Cause {
    fn from(why: NoEstimate) -> Self {
        match why {
            NoEstimate::Correlation(NoCorrelation::Item(i)) => {
                Self::new(Reason::NoVariance, Place::Answer(short(i)))
            }
            NoEstimate::Correlation(NoCorrelation::Pairs(pairs)) => {
                let first = pairs.first().map(|&(i, j)| Place::Answers(short(i), short(j)));
                Self::new(Reason::NoCorrelation, first.unwrap_or(Place::Whole))
            }
            NoEstimate::Correlation(NoCorrelation::Subset) => Self::new(Reason::NoCorrelation, Place::Whole),
            NoEstimate::Weights(failure) => failure.into(),
        }
    }
}

impl From<NoMoments> for Cause {
    fn from(why: NoMoments) -> Self {
        match why {
            NoMoments::Constant(i) => Self::new(Reason::NoVariance, Place::Answer(short(i))),
            NoMoments::Unanswered(i) => Self::new(Reason::NoAnswer, Place::Answer(short(i))),
        }
    }
}

/// Position of the largest value of a lane, by size.
#[cold]
#[inline(never)]
fn largest<R: Real>(values: &[R], lane: usize) -> u32 {
    let size = |at: &usize| values[*at].lane(lane).abs();
    let found = (0..values.len()).max_by(|a, b| size(a).total_cmp(&size(b)));
    short(found.unwrap_or_default())
}

/// The two of `k` constructs that correlate most in a lane.
#[cold]
#[inline(never)]
fn closest<R: Real>(correlations: &[R], k: usize, lane: usize) -> Place {
    let pairs = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
    let size = |(i, j): &(usize, usize)| correlations[i * k + j].lane(lane).abs();
    let found = pairs.max_by(|a, b| size(a).total_cmp(&size(b)));
    found.map_or(Place::Whole, |(i, j)| Place::Constructs(short(i), short(j)))
}

/// Notes a cause in the lanes of a mask that have none so far; the place is looked for in those alone.
#[inline(always)]
fn note<R: Real>(
    causes: &mut [Option<Cause>; LANES],
    mask: R::Mask,
    reason: Reason,
    place: impl Fn(usize) -> Place,
) {
    if mask.any() {
        for (at, noted) in causes.iter_mut().enumerate().take(R::WIDTH) {
            if noted.is_none() && mask.holds(at) {
                *noted = Some(Cause::new(reason, place(at)));
            }
        }
    }
}

/// What makes each estimate impossible, if anything.
#[inline(always)]
pub(super) fn impossible<R: Real>(plan: &Plan, estimates: &Estimates<R>) -> [Option<Cause>; LANES] {
    let mut causes = [None; LANES];
    note::<R>(&mut causes, !estimates.converged, Reason::NotConverged, |_| Place::Whole);
    if plan.blocks.iter().any(|block| block.corrected) {
        let limit = R::splat(1.0 + 1e-10);
        let mut above = R::Mask::all(false);
        for loading in &estimates.loadings {
            above = above | loading.abs().above(limit);
        }
        let place = |lane| Place::Item(largest(&estimates.loadings, lane));
        note::<R>(&mut causes, above, Reason::LoadingAboveOne, place);
        let mut above = R::Mask::all(false);
        for root in &estimates.reliability_roots {
            above = above | (*root * *root).above(limit);
        }
        let place = |lane| Place::Construct(largest(&estimates.reliability_roots, lane));
        note::<R>(&mut causes, above, Reason::ReliabilityAboveOne, place);
        // Positive semidefinite up to the 1e-8 that the full-sample check allows.
        let k = plan.constructs();
        let mut shifted = estimates.construct_correlations.clone();
        // Where no lane has weights there are none; each has its own reason then.
        if shifted.len() == k * k {
            for j in 0..k {
                shifted[j * k + j] += R::splat(1e-8);
            }
            let place = |lane| closest(&estimates.construct_correlations, k, lane);
            note::<R>(&mut causes, !linear::cholesky(&mut shifted, k), Reason::NotPositive, place);
        }
    }
    causes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::resample::{Bootstrap, Inadmissible, Kind};
    use crate::{Model, Pls, Survey};

    /// Two factors of three items, the last of which has little to do with the others.
    fn answers(cases: usize) -> String {
        let mut state = 9_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let mut text = "a1,a2,a3,b1,b2,b3\n".to_owned();
        for _ in 0..cases {
            let (a, b) = (noise(), noise());
            let row = [a, a + 0.7 * noise(), 0.2 * a + noise(), b + a, a + b + noise(), b + noise()];
            text.push_str(&row.map(|x| format!("{:.0}", 3.0 * x)).join(","));
            text.push('\n');
        }
        text
    }

    #[test]
    fn the_item_with_the_largest_loading_is_to_blame_alone_and_in_lanes() {
        let survey = Survey::from_bytes("s.csv", answers(30).as_bytes()).unwrap();
        let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A").unwrap();
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &survey).unwrap();
        let settings = Bootstrap {
            resamples: 400,
            record: vec![Kind::Loading],
            inadmissible: Inadmissible::Keep,
            ..Bootstrap::default()
        };
        let boot = settings.run(&fit).unwrap();
        // Every loading beyond 1 is told of the item in which it is largest, and of no other.
        let mut expected: BTreeMap<String, usize> = BTreeMap::new();
        for (at, b) in boot.numbers.iter().enumerate() {
            if boot.flags[*b] != Some(Reason::LoadingAboveOne) {
                continue;
            }
            let largest = (0..6).max_by(|i, j| boot.draws[*i][at].abs().total_cmp(&boot.draws[*j][at].abs()));
            let item = &boot.quantities[largest.unwrap()].from;
            *expected.entry(item.clone()).or_default() += 1;
        }
        assert!(expected.values().sum::<usize>() > 10, "{expected:?}");
        let told = boot.culprits.iter().filter(|culprit| culprit.reason == Reason::LoadingAboveOne);
        let told: BTreeMap<String, usize> =
            told.map(|culprit| (culprit.name.clone(), culprit.resamples)).collect();
        assert_eq!(told, expected);
        assert!(boot.culprits.windows(2).all(|pair| pair[0].resamples >= pair[1].resamples));
        // One by one they are the same.
        let aligned = Bootstrap { sign_change: crate::resample::SignChange::Dominant, ..settings };
        assert_eq!(aligned.run(&fit).unwrap().culprits, boot.culprits);
        let (item, count) = (&boot.culprits[0].name, boot.culprits[0].resamples);
        assert!(boot.accounting().contains(&format!("{item} in {count}")), "{}", boot.accounting());
    }

    #[test]
    fn what_has_no_estimate_is_named_with_its_place() {
        // Few cases of which most say the same: an item that does not vary is soon drawn.
        let mut text = "a1,a2,b1,b2\n".to_owned();
        for i in 0..8 {
            text.push_str(&format!("{},{},{},{}\n", i % 3, i % 4, i % 5, i32::from(i == 0)));
        }
        let survey = Survey::from_bytes("s.csv", text.as_bytes()).unwrap();
        let model = Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A").unwrap();
        let fit = Pls::default().fit(&model, &survey).unwrap();
        let boot = Bootstrap { resamples: 100, ..Bootstrap::default() }.run(&fit).unwrap();
        let found = boot.culprits.iter().find(|culprit| culprit.reason == Reason::NoVariance).unwrap();
        assert_eq!(found.name, "b2");
        assert!(boot.lost().contains("without variance"), "{}", boot.lost());
        assert_eq!(blamed(&[]), None);
        let four = vec![found.clone(); 5];
        let words = blamed(&four).unwrap();
        assert!(words.starts_with("the variance of b2 in") && words.ends_with("and 2 more"), "{words}");
    }
}
