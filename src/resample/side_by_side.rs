//! Sixteen resamples at a time: moments, estimates and quantities in the lanes of wide vectors.
//!
//! A lane has the bits of the same resample alone ([`crate::stats::real`]).

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use std::ops::Range;

use super::engine::{Done, Engine, Room, Rows};
use super::quantities::Quantities;
use super::reading::Desk;
use super::reason::{Cause, impossible};
use crate::moments::kernel::{Batch, Kernel, Resampled};
use crate::pls::{Estimates, Plan, Scope};
use crate::stats::real::{LANES, Lanes, Mask, Real};
use crate::stats::simd::Work;

/// What sixteen resamples are worked out in.
#[derive(Default)]
pub(super) struct Wide {
    moments: Option<Resampled<Lanes>>,
    estimates: Estimates<Lanes>,
    desk: Desk<Lanes>,
    /// The values of a block, group after group: columns lie far apart, so that a piece of each is written at once.
    block: Vec<Lanes>,
}

impl Engine<'_> {
    /// A block of resamples in groups of sixteen.
    pub(super) fn side_by_side(
        &self,
        range: Range<usize>,
        rows: &Rows,
        room: &mut Room,
        done: &mut Done<'_>,
    ) {
        let Room { batch, row, wide: Wide { moments, estimates, desk, block }, .. } = room;
        let scope = self.quantities.scope(self.plan);
        let moments = moments.get_or_insert_with(|| {
            let (items, blocks) = (self.kernel.items(), &self.plan.blocks);
            // Item by item, in the order of the blocks.
            let in_order = blocks.is_sorted_by_key(|block| block.start);
            if scope == Scope::Equations && in_order {
                Resampled::in_blocks(items, blocks.iter().map(|block| block.len))
            } else {
                Resampled::new(items)
            }
        });
        block.clear();
        for (group, bs) in range.clone().step_by(LANES).enumerate() {
            let first = group * LANES;
            self.level.run(Finish { kernel: &self.kernel, batch, first, moments });
            let here = bs..range.end.min(bs + LANES);
            for (lane, b) in here.clone().enumerate() {
                self.decide(lane, rows, b, row, moments);
            }
            let mut reasons = [None; LANES];
            self.level.run(Solve {
                plan: self.plan,
                scope,
                correlation: &moments.correlation,
                estimates,
                reasons: &mut reasons,
            });
            let mut counted = <Lanes as Real>::Mask::all(false);
            for (lane, &impossible) in reasons.iter().enumerate().take(here.len()) {
                let none = moments.failed[lane].map(Cause::from);
                let none = none.or(estimates.failure(lane).map(Cause::from));
                let counts = none.is_none() && (impossible.is_none() || self.keep);
                counted.set(lane, counts);
                done.counted[first + lane] = counts;
                done.reasons[first + lane] = none.or(impossible);
            }
            let from = block.len();
            if counted.any() {
                self.level.run(Read {
                    quantities: self.quantities,
                    plan: self.plan,
                    estimates,
                    correlation: &moments.correlation,
                    desk,
                    values: block,
                });
            } else {
                block.resize(from + self.quantities(), Lanes::nan());
            }
            if (!counted).any() {
                for value in &mut block[from..] {
                    *value = Lanes::select(counted, *value, Lanes::nan());
                }
            }
        }
        self.level.run(Enter { values: block, done });
    }
}

/// The values of a block.
struct Enter<'a, 'b> {
    values: &'a [Lanes],
    done: &'a mut Done<'b>,
}

impl Work for Enter<'_, '_> {
    #[inline(always)]
    fn run(self) {
        self.done.enter_all(self.values);
    }
}

/// The moments of sixteen resamples.
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

/// The estimates of sixteen resamples, and what makes them impossible.
struct Solve<'a> {
    plan: &'a Plan,
    scope: Scope,
    correlation: &'a [Lanes],
    estimates: &'a mut Estimates<Lanes>,
    reasons: &'a mut [Option<Cause>; LANES],
}

impl Work for Solve<'_> {
    #[inline(always)]
    fn run(self) {
        self.estimates.solve(self.plan, self.correlation, self.scope);
        *self.reasons = impossible(self.plan, self.estimates);
    }
}

/// The quantities of sixteen resamples.
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
        let found = (self.estimates, self.correlation);
        self.quantities.read(self.plan, found, &[], None, self.desk, self.values);
    }
}
