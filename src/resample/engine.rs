//! From case weights to the values of every quantity, resample by resample.
//!
//! [`Engine::run`] takes what makes a resample (a row of counts or of weights), estimates the model in each, and
//! gives one column of values per quantity. Blocks of resamples go to the threads; a resample's values depend on
//! its row alone, never on its neighbours, the block or the thread.
//!
//! Three roads lead to an estimate. Pearson correlations follow from weighted moments, so a block of resamples shares
//! one matrix product ([`Kernel`]); where the weights come from the PLS iteration, sixteen resamples are then estimated
//! side by side ([`Lanes`]), and other weightings take them one by one. Everything that must look at the cases again
//! (other correlations, quantified answers) goes resample by resample through its [`Source`]. A model in stages takes the
//! first road for its answers, and looks at the cases for its products alone.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

use super::chacha::Key;
use super::distances::Distances;
use super::draw::bootstrap_draws;
use super::quantities::Quantities;
use super::reading::{Desk, Stage};
use super::reason::{Cause, Reason, impossible};
use super::side_by_side::Wide;
use super::signs::{SignChange, align};
use crate::moments::kernel::{Batch, Kernel, Resampled, Start};
use crate::pls::{Cases, Estimate, Failure, NoEstimate, Plan, PlsFit, Source, StageResult, Stages, Turn};
use crate::stats::real::{LANES, Lanes, Mask, Real};
use crate::stats::simd::Level;
use crate::survey::Sample;

/// What resample b lacks: tells every case and how much of its weight is gone.
pub(super) type Loses<'a> = dyn Fn(usize, &mut dyn FnMut(usize, f64)) + Sync + 'a;

/// What makes resample b: it fills a row, one entry per case, that holds zeros before.
///
/// Weights that the sample's cases have themselves are multiplied in by the engine.
pub(super) enum Rows<'a> {
    /// Cases drawn from all with replacement; resample b from the stream of this number and b more.
    Drawn(Key, u64),
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
            Self::Drawn(key, first) => {
                bootstrap_draws(key, first + b as u64, row.len(), |case| row[case] += 1.0);
            }
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
    pub(super) reasons: Vec<Option<Cause>>,
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
    pub(super) kernel: Kernel,
    sample: &'a Sample,
    /// What makes estimates that do not follow from Pearson moments.
    source: Option<&'a Source>,
    pub(super) plan: &'a Plan,
    pub(super) quantities: &'a Quantities,
    /// Whether impossible estimates (a loading beyond 1, …) count.
    pub(super) keep: bool,
    pub(super) level: Level,
    /// How signs are corrected after an estimate, and towards which one.
    signs: Option<(SignChange, &'a PlsFit)>,
    /// Rooms that no thread is in: their memory has been touched before, and that of new ones costs.
    rooms: Mutex<Vec<Room>>,
}

/// What one thread works with, from block to block.
#[derive(Default)]
pub(super) struct Room {
    pub(super) wide: Wide,
    pub(super) batch: Batch,
    counts: Vec<u16>,
    pub(super) row: Vec<f64>,
    estimate: Estimate,
    desk: Desk<f64>,
    values: Vec<f64>,
    stages: Vec<StageResult>,
}

/// What stands behind the estimate of a last stage; nothing for a plain model.
#[derive(Default)]
struct Before<'a> {
    stages: &'a [Stage<'a, f64>],
    /// What makes one of them impossible.
    impossible: Option<Cause>,
    distances: Option<Distances<f64>>,
}

/// Where the resamples of one block are entered: a piece of every column of values, and of both flags.
pub(super) struct Done<'a> {
    columns: Vec<&'a mut [f64]>,
    pub(super) counted: &'a mut [bool],
    pub(super) reasons: &'a mut [Option<Cause>],
}

impl Done<'_> {
    /// Enters a resample that counts.
    fn enter(&mut self, at: usize, values: &[f64]) {
        self.counted[at] = true;
        for (column, value) in self.columns.iter_mut().zip(values) {
            column[at] = *value;
        }
    }

    /// Enters the values of all resamples: of the first sixteen all quantities, then of the next.
    #[inline(always)]
    pub(super) fn enter_all(&mut self, values: &[Lanes]) {
        let quantities = self.columns.len();
        for (q, column) in self.columns.iter_mut().enumerate() {
            let (groups, rest) = column.as_chunks_mut::<LANES>();
            let mut values = values.iter().skip(q).step_by(quantities);
            groups.iter_mut().zip(&mut values).for_each(|(cells, value)| *cells = value.0);
            if let Some(value) = values.next() {
                rest.iter_mut().zip(value.0).for_each(|(cell, value)| *cell = value);
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
        let (kernel, rooms) = (Kernel::new(sample), Mutex::default());
        Self { kernel, sample, source, plan, quantities, keep, level, signs: None, rooms }
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
        let (before, all) = (found.counted.len(), found.counted.len() + requested);
        found.columns.resize(self.quantities(), Vec::new());
        found.columns.par_iter_mut().for_each(|column| column.resize(all, f64::NAN));
        found.counted.resize(all, false);
        found.reasons.resize(all, None);
        let flags = found.counted[before..].chunks_mut(size).zip(found.reasons[before..].chunks_mut(size));
        let mut blocks: Vec<Done> = flags
            .map(|(counted, reasons)| Done {
                columns: Vec::with_capacity(self.quantities()),
                counted,
                reasons,
            })
            .collect();
        for column in &mut found.columns {
            for (block, piece) in blocks.iter_mut().zip(column[before..].chunks_mut(size)) {
                block.columns.push(piece);
            }
        }
        blocks.into_par_iter().enumerate().for_each(|(block, mut done)| {
            let range = block * size..requested.min((block + 1) * size);
            let len = range.len();
            let mut room = self.rooms.lock().ok().and_then(|mut rooms| rooms.pop()).unwrap_or_default();
            self.block(range, rows, start.as_ref(), &mut room, &mut done);
            if let Ok(mut rooms) = self.rooms.lock() {
                rooms.push(room);
            }
            progress(len);
        });
    }

    /// One block of resamples.
    fn block(
        &self,
        range: Range<usize>,
        rows: &Rows,
        start: Option<&Start>,
        room: &mut Room,
        done: &mut Done<'_>,
    ) {
        let stages = self.source.and_then(Source::by_moments);
        if let (Some(source), None) = (self.source, stages) {
            self.case_by_case(source, range, rows, room, done);
            return;
        }
        self.multiply(range.clone(), rows, start, room);
        if let Some(stages) = stages {
            self.in_stages(stages, range, rows, room, done);
        } else if self.plan.iterates() && self.signs.is_none() {
            self.side_by_side(range, rows, room, done);
        } else {
            self.one_by_one(range, rows, room, done);
        }
    }

    /// Resamples whose correlations are made anew from the cases.
    fn case_by_case(
        &self,
        source: &Source,
        range: Range<usize>,
        rows: &Rows,
        room: &mut Room,
        done: &mut Done<'_>,
    ) {
        for (at, b) in range.enumerate() {
            self.weights(rows, b, &mut room.row);
            if let Some(stages) = &source.stages {
                match source.recipe.moments(self.sample, Some(&room.row)) {
                    Ok(moments) => self.staged(stages, at, &moments.correlation, &moments.sd, room, done),
                    Err(why) => done.reasons[at] = Some(NoEstimate::Correlation(why).into()),
                }
                continue;
            }
            let Room { row, desk, values, estimate, .. } = room;
            match source.estimate(self.plan, self.sample, Some(row), estimate) {
                Ok((moments, _)) => match self.align(&moments.correlation, estimate) {
                    Ok(()) => {
                        let found = (&*estimate, moments.correlation.as_slice());
                        self.enter(done, at, found, &Before::default(), (desk, values));
                    }
                    Err(failure) => done.reasons[at] = Some(failure.into()),
                },
                Err(why) => done.reasons[at] = Some(why.into()),
            }
        }
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
        if let (Rows::Drawn(key, stream), None) = (rows, &self.sample.weights) {
            self.kernel.open(batch, range.len(), false);
            let cases = self.sample.cases();
            let exact = range.clone().enumerate().all(|(at, b)| {
                self.kernel.enter_drawn(batch, at, |tally| {
                    bootstrap_draws(key, stream + b as u64, cases, |case| tally.add(case));
                })
            });
            if exact {
                return self.kernel.sums(batch);
            }
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
    pub(super) fn decide<R: Real>(
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

    fn one_by_one(&self, range: Range<usize>, rows: &Rows, room: &mut Room, done: &mut Done<'_>) {
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
                self.enter(done, at, found, &Before::default(), (desk, values));
            }
        }
    }

    /// A model in stages: the moments of the answers are given, the cases are needed for products.
    fn in_stages(
        &self,
        stages: &Stages,
        range: Range<usize>,
        rows: &Rows,
        room: &mut Room,
        done: &mut Done<'_>,
    ) {
        let mut moments = Resampled::<f64>::new(self.kernel.items());
        for (at, b) in range.enumerate() {
            self.kernel.finish(&room.batch, at, &mut moments);
            self.decide(0, rows, b, &mut room.row, &mut moments);
            if let Some(why) = moments.failed[0] {
                done.reasons[at] = Some(why.into());
                continue;
            }
            self.weights(rows, b, &mut room.row);
            self.staged(stages, at, &moments.correlation, &moments.sd, room, done);
        }
    }

    /// One resample of a model in stages, its case weights in the room's row.
    fn staged(
        &self,
        stages: &Stages,
        at: usize,
        s: &[f64],
        sd: &[f64],
        room: &mut Room,
        done: &mut Done<'_>,
    ) {
        let Room { row, desk, values, stages: results, .. } = room;
        let cases = Cases { sample: self.sample, weights: Some(row.as_slice()) };
        let turn = self.signs.map(|(rule, fit)| {
            move |at: usize, plan: &Plan, s: &[f64], estimate: &mut Estimate| {
                let sample = fit.earlier().get(at).unwrap_or(fit);
                align(rule, &sample.estimate, plan, s, estimate)
            }
        });
        let turn = turn.as_ref().map(|turn| turn as &Turn<'_>);
        if let Err((stage, why)) = stages.run(s, sd, Some(&cases), turn, results) {
            let earlier = (stage + 1 < stages.stages.len()).then_some(stage);
            done.reasons[at] = Some(Cause::from(why).in_stage(earlier));
            return;
        }
        let Some((last, before)) = results.split_last() else { return };
        let earlier: Vec<Stage<'_, f64>> =
            before.iter().map(|stage| (&stage.estimate, stage.correlation.as_slice())).collect();
        let none = stages.stages.iter().zip(&earlier).enumerate().find_map(|(at, (stage, (estimate, _)))| {
            let [cause, ..] = impossible(&stage.plan, estimate);
            // A construct that repeats items shares their errors, and only its scores are used.
            let shared =
                |cause: &Cause| cause.reason == Reason::NotPositive && stage.repeating().next().is_some();
            cause.filter(|cause| !shared(cause)).map(|cause| cause.in_stage(Some(at)))
        });
        let scales = (last.scales.as_slice(), s);
        let distances =
            self.quantities.distances_in_stages(self.plan, &last.estimate, &earlier, scales, desk);
        let before = Before { stages: &earlier, impossible: none, distances };
        self.enter(done, at, (&last.estimate, &last.correlation), &before, (desk, values));
    }

    /// Enters an estimate unless it, or an earlier stage, is impossible; the last two are buffers.
    fn enter(
        &self,
        done: &mut Done<'_>,
        at: usize,
        found: Stage<'_, f64>,
        before: &Before<'_>,
        (desk, values): (&mut Desk<f64>, &mut Vec<f64>),
    ) {
        let [reason, ..] = impossible(self.plan, found.0);
        let reason = before.impossible.or(reason);
        done.reasons[at] = reason;
        if reason.is_none() || self.keep {
            values.clear();
            self.quantities.read(self.plan, found, before.stages, before.distances, desk, values);
            done.enter(at, values);
        }
    }
}
