//! From case weights to the values of every quantity, resample by resample.
//!
//! [`Engine::run`] takes what makes a resample (a row of counts or of weights), estimates the model in each, and
//! gives one column of values per quantity. Blocks of resamples go to the threads; a resample's values depend on
//! its row alone, never on its neighbours, the block or the thread.
//!
//! Three roads lead to an estimate. Pearson correlations follow from weighted moments, so a block of resamples shares
//! one matrix product ([`Kernel`]); where the weights come from the PLS iteration, eight resamples are then estimated
//! side by side ([`Lanes`]), and other weightings take them one by one. Everything that must look at the cases again
//! (other correlations, quantified answers) goes resample by resample through its [`Source`]. A model in stages takes the
//! first road for its answers, and looks at the cases for its products alone.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use super::quantities::Quantities;
use super::reading::{Desk, Stage};
use super::signs::{SignChange, align};
use crate::moments::NoCorrelation;
use crate::moments::kernel::{Batch, Kernel, NoMoments, Resampled, Start};
use crate::pls::{Cases, Estimate, Estimates, Failure, NoEstimate, Plan, PlsFit, Source, Stages, Turn};
use crate::stats::linear;
use crate::stats::real::{LANES, Lanes, Mask, Real};
use crate::stats::simd::{Level, Work};
use crate::survey::Sample;

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

impl From<Failure> for Reason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoVariance(_) => Self::NoVariance,
            Failure::CollinearBlock(_) | Failure::CollinearPredictors(_) => Self::Collinear,
            Failure::NotConverged => Self::NotConverged,
            Failure::NoReliability(_) => Self::NoReliability,
        }
    }
}

impl From<NoEstimate> for Reason {
    fn from(why: NoEstimate) -> Self {
        match why {
            NoEstimate::Correlation(NoCorrelation::Item(_)) => Self::NoVariance,
            NoEstimate::Correlation(_) => Self::NoCorrelation,
            NoEstimate::Weights(failure) => failure.into(),
        }
    }
}

impl From<NoMoments> for Reason {
    fn from(why: NoMoments) -> Self {
        match why {
            NoMoments::Constant(_) => Self::NoVariance,
            NoMoments::Unanswered(_) => Self::NoAnswer,
        }
    }
}

/// What resample b lacks: tells every case and how much of its weight is gone.
pub(super) type Loses<'a> = dyn Fn(usize, &mut dyn FnMut(usize, f64)) + Sync + 'a;

/// What makes resample b: it fills a row, one entry per case, that holds zeros before.
///
/// Weights that the sample's cases have themselves are multiplied in by the engine.
pub(super) enum Rows<'a> {
    /// How often each case is drawn.
    Counts(&'a (dyn Fn(usize, &mut [u16]) + Sync)),
    /// Weights of any size.
    Weights(&'a (dyn Fn(usize, &mut [f64]) + Sync)),
    /// One row of weights less what resample b names: cases, and how much of their weight is gone.
    Less(&'a [f64], &'a Loses<'a>),
}

impl Rows<'_> {
    /// The row of resample `b` as weights.
    fn weights(&self, b: usize, row: &mut [f64]) {
        match self {
            Self::Weights(fill) => fill(b, row),
            Self::Less(base, loses) => {
                row.copy_from_slice(base);
                loses(b, &mut |case, weight| row[case] -= weight);
            }
            Self::Counts(fill) => {
                let mut counts = vec![0; row.len()];
                fill(b, &mut counts);
                row.iter_mut().zip(counts).for_each(|(w, c)| *w = f64::from(c));
            }
        }
    }
}

/// What all resamples gave.
#[derive(Default)]
pub(super) struct Values {
    /// Per quantity its value in every resample, NaN in those that do not count.
    pub(super) columns: Vec<Vec<f64>>,
    /// Per resample whether it counts.
    pub(super) counted: Vec<bool>,
    /// Per resample what is wrong with it; one that is kept in spite of it counts all the same.
    pub(super) reasons: Vec<Option<Reason>>,
}

impl Values {
    /// Room for the values of `quantities` in `resamples` more resamples.
    pub(super) fn reserve(&mut self, quantities: usize, resamples: usize) {
        self.columns.resize(quantities, Vec::new());
        self.columns.iter_mut().for_each(|column| column.reserve_exact(resamples));
    }
}

/// Estimates one model in many resamples of one sample.
pub(super) struct Engine<'a> {
    kernel: Kernel,
    sample: &'a Sample,
    /// What makes estimates that do not follow from Pearson moments.
    source: Option<&'a Source>,
    plan: &'a Plan,
    quantities: &'a Quantities,
    /// Whether impossible estimates (a loading beyond 1, …) count.
    keep: bool,
    level: Level,
    /// How signs are corrected after an estimate, and towards which one.
    signs: Option<(SignChange, &'a PlsFit)>,
}

/// What one thread works with, from block to block.
#[derive(Default)]
struct Room {
    batch: Batch,
    counts: Vec<u16>,
    row: Vec<f64>,
    estimate: Estimate,
    desk: Desk<f64>,
    values: Vec<f64>,
}

/// Resamples of one block: values quantity by quantity, and the two flags of each resample.
struct Done {
    values: Vec<f64>,
    counted: Vec<bool>,
    reasons: Vec<Option<Reason>>,
}

impl Done {
    /// Enters the resamples from `at` that count.
    fn enter<R: Real>(&mut self, at: usize, counted: R::Mask, values: &[R]) {
        let len = self.counted.len();
        let to = len.min(at + R::WIDTH);
        for (lane, counts) in self.counted[at..to].iter_mut().enumerate() {
            *counts = counted.holds(lane);
        }
        for (column, value) in self.values.chunks_mut(len).zip(values) {
            let value = R::select(counted, *value, R::nan());
            for (lane, cell) in column[at..to].iter_mut().enumerate() {
                *cell = value.lane(lane);
            }
        }
    }
}

impl<'a> Engine<'a> {
    /// An engine; with a `source` every resample goes through it.
    pub(super) fn new(
        sample: &'a Sample,
        source: Option<&'a Source>,
        plan: &'a Plan,
        quantities: &'a Quantities,
        keep: bool,
    ) -> Self {
        let level = Level::best();
        Self { kernel: Kernel::new(sample), sample, source, plan, quantities, keep, level, signs: None }
    }

    /// How many quantities it records.
    pub(super) fn quantities(&self) -> usize {
        self.quantities.list.len()
    }

    /// Corrects the signs of every estimate towards those of the sample's, stage by stage. Resamples are then estimated one
    /// by one.
    pub(super) fn aligned(mut self, rule: SignChange, fit: &'a PlsFit) -> Self {
        self.signs = (rule != SignChange::None).then_some((rule, fit));
        self
    }

    /// The estimate with its signs corrected.
    fn align(&self, s: &[f64], estimate: &mut Estimate) -> Result<(), Failure> {
        match self.signs {
            Some((rule, fit)) => align(rule, &fit.estimate, self.plan, s, estimate),
            None => Ok(()),
        }
    }

    /// Estimates `requested` resamples and appends what they give, telling `progress` how many each finished block held.
    pub(super) fn run(
        &self,
        requested: usize,
        rows: &Rows,
        progress: &(dyn Fn(usize) + Sync),
        found: &mut Values,
    ) {
        let size = self.kernel.batch_size();
        let start = match rows {
            Rows::Less(base, _) => Some(self.kernel.start(&self.weighted(base))),
            _ => None,
        };
        let blocks: Vec<Done> = (0..requested.div_ceil(size))
            .into_par_iter()
            .map_init(Room::default, |room, block| {
                let range = block * size..requested.min((block + 1) * size);
                let len = range.len();
                let done = self.block(range, rows, start.as_ref(), room);
                progress(len);
                done
            })
            .collect();
        found.columns.resize(self.quantities.list.len(), Vec::new());
        found.columns.par_iter_mut().enumerate().for_each(|(q, column)| {
            for done in &blocks {
                let len = done.counted.len();
                column.extend_from_slice(&done.values[q * len..(q + 1) * len]);
            }
        });
        found.counted.extend(blocks.iter().flat_map(|done| done.counted.iter().copied()));
        found.reasons.extend(blocks.iter().flat_map(|done| done.reasons.iter().copied()));
    }

    /// One block of resamples.
    fn block(&self, range: Range<usize>, rows: &Rows, start: Option<&Start>, room: &mut Room) -> Done {
        let len = range.len();
        let mut done = Done {
            values: vec![f64::NAN; len * self.quantities.list.len()],
            counted: vec![false; len],
            reasons: vec![None; len],
        };
        let stages = self.source.and_then(Source::by_moments);
        if let (Some(source), None) = (self.source, stages) {
            let Room { row, desk, values, estimate, .. } = room;
            for (at, b) in range.enumerate() {
                self.weights(rows, b, row);
                match source.estimate(self.plan, self.sample, Some(row), estimate) {
                    Ok((moments, _)) => match self.align(&moments.correlation, estimate) {
                        Ok(()) => {
                            let found = (&*estimate, moments.correlation.as_slice());
                            self.enter(&mut done, at, found, (&[], None), desk, values);
                        }
                        Err(failure) => done.reasons[at] = Some(failure.into()),
                    },
                    Err(why) => done.reasons[at] = Some(why.into()),
                }
            }
            return done;
        }
        self.multiply(range.clone(), rows, start, room);
        if let Some(stages) = stages {
            self.in_stages(stages, range, rows, room, &mut done);
        } else if self.plan.iterates() && self.signs.is_none() {
            self.side_by_side(range, rows, room, &mut done);
        } else {
            self.one_by_one(range, rows, room, &mut done);
        }
        done
    }

    /// The row of a resample: a case drawn twice counts twice, with its own weight each time.
    fn weights(&self, rows: &Rows, b: usize, row: &mut Vec<f64>) {
        row.clear();
        row.resize(self.sample.cases(), 0.0);
        rows.weights(b, row);
        if let Some(own) = &self.sample.weights {
            row.iter_mut().zip(own).for_each(|(count, weight)| *count *= weight);
        }
    }

    /// Weights of the cases, each times the sample's own.
    fn weighted(&self, base: &[f64]) -> Vec<f64> {
        match &self.sample.weights {
            Some(own) => base.iter().zip(own).map(|(w, own)| w * own).collect(),
            None => base.to_vec(),
        }
    }

    /// The sums of a block's resamples, exact where its rows are counts that allow it; from a start without a product.
    fn multiply(&self, range: Range<usize>, rows: &Rows, start: Option<&Start>, room: &mut Room) {
        let Room { batch, counts, row, .. } = room;
        if let (Rows::Less(_, loses), Some(start)) = (rows, start) {
            let own = |case: usize| self.sample.weights.as_ref().map_or(1.0, |own| own[case]);
            self.kernel.open_less(batch, range.len());
            for (at, b) in range.enumerate() {
                self.kernel.enter_less(batch, at, start, |lose| {
                    loses(b, &mut |case, weight| lose(case, weight * own(case)));
                });
            }
            return;
        }
        if let (Rows::Counts(draw), None) = (rows, &self.sample.weights) {
            self.kernel.open(batch, range.len(), false);
            counts.resize(self.sample.cases(), 0);
            let exact = range.clone().enumerate().all(|(at, b)| {
                counts.fill(0);
                draw(b, counts);
                self.kernel.enter_counts(batch, at, counts)
            });
            if exact {
                return self.kernel.sums(batch);
            }
        }
        self.kernel.open(batch, range.len(), true);
        for (at, b) in range.enumerate() {
            self.weights(rows, b, row);
            self.kernel.enter_weights(batch, at, row);
        }
        self.kernel.sums(batch);
    }

    /// Moments that the sums could not decide, from the definition.
    fn decide<R: Real>(
        &self,
        lane: usize,
        rows: &Rows,
        b: usize,
        row: &mut Vec<f64>,
        moments: &mut Resampled<R>,
    ) {
        if moments.doubtful.holds(lane) && moments.failed[lane].is_none() {
            self.weights(rows, b, row);
            let mut one = Resampled::new(self.kernel.items());
            match self.kernel.naive(row, &mut one) {
                Ok(()) => moments.put(lane, &one),
                Err(why) => moments.failed[lane] = Some(why),
            }
        }
    }

    fn one_by_one(&self, range: Range<usize>, rows: &Rows, room: &mut Room, done: &mut Done) {
        let mut moments = Resampled::<f64>::new(self.kernel.items());
        let Room { batch, row, desk, values, estimate, .. } = room;
        for (at, b) in range.enumerate() {
            self.kernel.finish(batch, at, &mut moments);
            self.decide(0, rows, b, row, &mut moments);
            if let Some(why) = moments.failed[0] {
                done.reasons[at] = Some(why.into());
            } else if let Err(failure) = estimate
                .run(self.plan, &moments.correlation)
                .and_then(|()| self.align(&moments.correlation, estimate))
            {
                done.reasons[at] = Some(failure.into());
            } else {
                let found = (&*estimate, moments.correlation.as_slice());
                self.enter(done, at, found, (&[], None), desk, values);
            }
        }
    }

    /// A model in stages: the moments of the answers are given, the cases are needed for products.
    fn in_stages(&self, stages: &Stages, range: Range<usize>, rows: &Rows, room: &mut Room, done: &mut Done) {
        let mut moments = Resampled::<f64>::new(self.kernel.items());
        let mut results = Vec::new();
        let Room { batch, row, desk, values, .. } = room;
        for (at, b) in range.enumerate() {
            self.kernel.finish(batch, at, &mut moments);
            self.decide(0, rows, b, row, &mut moments);
            if let Some(why) = moments.failed[0] {
                done.reasons[at] = Some(why.into());
                continue;
            }
            self.weights(rows, b, row);
            let cases = Cases { sample: self.sample, weights: Some(row.as_slice()) };
            let turn = self.signs.map(|(rule, fit)| {
                move |at: usize, plan: &Plan, s: &[f64], estimate: &mut Estimate| {
                    let sample = fit.earlier().get(at).unwrap_or(fit);
                    align(rule, &sample.estimate, plan, s, estimate)
                }
            });
            let turn = turn.as_ref().map(|turn| turn as &Turn<'_>);
            let ran = stages.run(&moments.correlation, &moments.sd, Some(&cases), turn, &mut results);
            if let Err((_, why)) = ran {
                done.reasons[at] = Some(why.into());
                continue;
            }
            let Some((last, before)) = results.split_last() else { continue };
            let earlier: Vec<Stage<'_, f64>> =
                before.iter().map(|stage| (&stage.estimate, stage.correlation.as_slice())).collect();
            let none = stages.stages.iter().zip(&earlier).find_map(|(stage, (estimate, _))| {
                let [reason, ..] = impossible(&stage.plan, estimate);
                // A construct that repeats items shares their errors, and only its scores are used.
                let shared = reason == Some(Reason::NotPositive) && stage.repeating().next().is_some();
                reason.filter(|_| !shared)
            });
            self.enter(done, at, (&last.estimate, &last.correlation), (&earlier, none), desk, values);
        }
    }

    fn side_by_side(&self, range: Range<usize>, rows: &Rows, room: &mut Room, done: &mut Done) {
        let mut moments = Resampled::<Lanes>::new(self.kernel.items());
        let mut estimates = Estimates::<Lanes>::default();
        let (mut desk, mut values) = (Desk::default(), Vec::new());
        let Room { batch, row, .. } = room;
        for (group, bs) in range.clone().step_by(LANES).enumerate() {
            let first = group * LANES;
            self.level.run(Finish { kernel: &self.kernel, batch, first, moments: &mut moments });
            let here = bs..range.end.min(bs + LANES);
            for (lane, b) in here.clone().enumerate() {
                self.decide(lane, rows, b, row, &mut moments);
            }
            let mut reasons = [None; LANES];
            self.level.run(Solve {
                plan: self.plan,
                correlation: &moments.correlation,
                estimates: &mut estimates,
                reasons: &mut reasons,
            });
            let mut counted = <Lanes as Real>::Mask::all(false);
            for (lane, &impossible) in reasons.iter().enumerate().take(here.len()) {
                let none = moments.failed[lane].map(Reason::from);
                let none = none.or(estimates.failure(lane).map(Reason::from));
                counted.set(lane, none.is_none() && (impossible.is_none() || self.keep));
                done.reasons[first + lane] = none.or(impossible);
            }
            if counted.any() {
                self.level.run(Read {
                    quantities: self.quantities,
                    plan: self.plan,
                    estimates: &estimates,
                    correlation: &moments.correlation,
                    desk: &mut desk,
                    values: &mut values,
                });
                done.enter(first, counted, &values);
            }
        }
    }

    /// Enters an estimate unless it, or an earlier stage, is impossible; `desk` and `values` are buffers.
    fn enter(
        &self,
        done: &mut Done,
        at: usize,
        found: Stage<'_, f64>,
        (earlier, before): (&[Stage<'_, f64>], Option<Reason>),
        desk: &mut Desk<f64>,
        values: &mut Vec<f64>,
    ) {
        let [reason, ..] = impossible(self.plan, found.0);
        let reason = before.or(reason);
        done.reasons[at] = reason;
        if reason.is_none() || self.keep {
            self.quantities.read(self.plan, found, earlier, desk, values);
            done.enter(at, true, values);
        }
    }
}

/// The moments of eight resamples.
struct Finish<'a> {
    kernel: &'a Kernel,
    batch: &'a Batch,
    first: usize,
    moments: &'a mut Resampled<Lanes>,
}

impl Work for Finish<'_> {
    #[inline(always)]
    fn run(self) {
        self.kernel.finish(self.batch, self.first, self.moments);
    }
}

/// The estimates of eight resamples, and what makes them impossible.
struct Solve<'a> {
    plan: &'a Plan,
    correlation: &'a [Lanes],
    estimates: &'a mut Estimates<Lanes>,
    reasons: &'a mut [Option<Reason>; LANES],
}

impl Work for Solve<'_> {
    #[inline(always)]
    fn run(self) {
        self.estimates.solve(self.plan, self.correlation);
        *self.reasons = impossible(self.plan, self.estimates);
    }
}

/// The quantities of eight resamples.
struct Read<'a> {
    quantities: &'a Quantities,
    plan: &'a Plan,
    estimates: &'a Estimates<Lanes>,
    correlation: &'a [Lanes],
    desk: &'a mut Desk<Lanes>,
    values: &'a mut Vec<Lanes>,
}

impl Work for Read<'_> {
    #[inline(always)]
    fn run(self) {
        self.quantities.read(self.plan, (self.estimates, self.correlation), &[], self.desk, self.values);
    }
}

/// What makes each estimate impossible, if anything.
#[inline(always)]
fn impossible<R: Real>(plan: &Plan, estimates: &Estimates<R>) -> [Option<Reason>; LANES] {
    let mut reasons = [None; LANES];
    let mut note = |mask: R::Mask, reason: Reason| {
        if mask.any() {
            for (at, noted) in reasons.iter_mut().enumerate().take(R::WIDTH) {
                if noted.is_none() && mask.holds(at) {
                    *noted = Some(reason);
                }
            }
        }
    };
    note(!estimates.converged, Reason::NotConverged);
    if plan.blocks.iter().any(|block| block.corrected) {
        let limit = R::splat(1.0 + 1e-10);
        let mut above = R::Mask::all(false);
        for loading in &estimates.loadings {
            above = above | loading.abs().above(limit);
        }
        note(above, Reason::LoadingAboveOne);
        let mut above = R::Mask::all(false);
        for root in &estimates.reliability_roots {
            above = above | (*root * *root).above(limit);
        }
        note(above, Reason::ReliabilityAboveOne);
        // Positive semidefinite up to the 1e-8 that the full-sample check allows.
        let k = plan.constructs();
        let mut shifted = estimates.construct_correlations.clone();
        // Where no lane has weights there are none; each has its own reason then.
        if shifted.len() == k * k {
            for j in 0..k {
                shifted[j * k + j] += R::splat(1e-8);
            }
            note(!linear::cholesky(&mut shifted, k), Reason::NotPositive);
        }
    }
    reasons
}
