//! Rows of counts or weights, laid out for the product.

#![allow(clippy::inline_always, reason = "one call per drawn case, and lane code")]

use super::product::{Counts, GROUP, Gemm, PANEL};
use super::{Kernel, Way};
use crate::stats::real::{LANES, Real};

/// The resamples of one product, and after [`Kernel::sums`] their sums.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Places for resamples, a multiple of the panel.
    pub(super) width: usize,
    cases: usize,
    /// Counts: panel after panel, group of cases after group.
    pub(super) counts: Vec<Counts>,
    /// Room for the counts of one resample.
    row: Vec<u8>,
    /// Weights, case after case, resample by resample.
    weights: Vec<f64>,
    /// Whether the rows are weights.
    pub(super) general: bool,
    /// Largest count.
    pub(super) most: usize,
    /// Per resample the sum of its row.
    total: Vec<f64>,
    /// Per sixteen resamples and incomplete case its counts or weights.
    incomplete: Vec<f64>,
    slots: usize,
    /// Resamples per panel of the sums, and the sums of exact products.
    pub(super) panel: usize,
    pub(super) whole: Vec<i32>,
    /// Sums of other products.
    pub(super) real: Vec<f64>,
    /// Weighted answers in the cases that lack an item, beside exact products of bytes ([`Holes`](super::Holes)).
    pub(super) lost: Vec<i32>,
}

impl Kernel {
    /// Empties a batch for up to `resamples` rows of counts, or of weights in general.
    pub fn open(&self, batch: &mut Batch, resamples: usize, general: bool) {
        let width = resamples.next_multiple_of(PANEL);
        batch.width = width;
        batch.cases = self.cases;
        batch.general = general;
        batch.most = 0;
        batch.counts.clear();
        batch.weights.clear();
        if general {
            batch.weights.resize(self.cases * width, 0.0);
        } else {
            batch.counts.resize(self.cases.div_ceil(GROUP) * (width / PANEL), Counts::NONE);
        }
        batch.total.clear();
        batch.total.resize(width, 0.0);
        batch.incomplete.clear();
        batch.incomplete.resize(self.holes.cases.len() * width, 0.0);
        batch.slots = self.holes.cases.len();
    }

    /// Whether counts of at most `most` that add up to `total` keep the product exact.
    fn holds(&self, most: u16, total: f64) -> bool {
        let limit = match self.way {
            Way::Bytes(_) => 2_147_483_648.0,
            Way::Single => 16_777_216.0,
            Way::Double => f64::INFINITY,
        };
        u8::try_from(most).is_ok() && total * self.largest < limit
    }

    /// Enters the cases that are drawn for resample `at`, case by case; `false` as for [`Kernel::enter_counts`].
    #[must_use]
    pub fn enter_drawn(&self, batch: &mut Batch, at: usize, draw: impl FnOnce(&mut Tally<'_>)) -> bool {
        // Counted side by side and then put in place: places are far apart, and a processor that looks at the lower half of
        // an address takes one for another.
        let mut row = std::mem::take(&mut batch.row);
        row.clear();
        row.resize(self.cases.next_multiple_of(GROUP), 0);
        let mut tally = Tally { counts: &mut row, drawn: 0 };
        draw(&mut tally);
        let drawn = tally.drawn;
        let most = row.iter().fold(0, |most: u8, count| most.max(*count));
        let sum: u64 = row
            .chunks(1 << 16)
            .map(|part| u64::from(part.iter().map(|count| u32::from(*count)).sum::<u32>()))
            .sum();
        let total = drawn as f64;
        // A count that has run over is 256 short.
        let fits = sum == drawn && self.holds(most.into(), total);
        if fits {
            batch.most = batch.most.max(usize::from(most));
            batch.total[at] = total;
            let fours = row.as_chunks::<GROUP>().0;
            for (place, four) in batch.counts[at / PANEL * fours.len()..].iter_mut().zip(fours) {
                place.0[at % PANEL] = *four;
            }
        }
        batch.row = row;
        fits
    }

    /// Enters a row of counts as resample `at`; `false` if a count or their sum is too large for the exact product, so
    /// that the batch has to be opened for weights.
    #[must_use]
    pub fn enter_counts(&self, batch: &mut Batch, at: usize, row: &[u16]) -> bool {
        let most = row.iter().copied().max().unwrap_or(0);
        let total = row.iter().map(|c| u64::from(*c)).sum::<u64>() as f64;
        if !self.holds(most, total) {
            return false;
        }
        batch.most = batch.most.max(usize::from(most));
        batch.total[at] = total;
        let fours = row.chunks(GROUP);
        for (place, four) in batch.counts[at / PANEL * fours.len()..].iter_mut().zip(fours) {
            #[allow(clippy::cast_possible_truncation, reason = "counts are at most 255 (checked above)")]
            place.0[at % PANEL].iter_mut().zip(four).for_each(|(count, c)| *count = *c as u8);
        }
        true
    }

    /// Enters a row of weights as resample `at` of a batch opened for them.
    pub fn enter_weights(&self, batch: &mut Batch, at: usize, row: &[f64]) {
        batch.total[at] = row.iter().sum();
        for (cell, w) in batch.weights.iter_mut().skip(at).step_by(batch.width).zip(row) {
            *cell = *w;
        }
        for (slot, &case) in self.holes.cases.iter().enumerate() {
            batch.incomplete[(at / LANES * self.holes.cases.len() + slot) * LANES + at % LANES] = row[case];
        }
    }
}

/// The counts of one resample while its cases are drawn.
#[derive(Debug)]
pub struct Tally<'a> {
    counts: &'a mut [u8],
    drawn: u64,
}

impl Tally<'_> {
    /// Counts a case, which must be one of the kernel's.
    #[inline(always)]
    pub fn add(&mut self, case: usize) {
        if let Some(count) = self.counts.get_mut(case) {
            *count = count.wrapping_add(1);
            self.drawn += 1;
        }
    }
}

/// Sums of one row of weights, from which those of rows that lack something of it follow.
#[derive(Debug, Clone)]
pub struct Start {
    sums: Vec<f64>,
    total: f64,
    /// Weights of the incomplete cases.
    incomplete: Vec<f64>,
}

impl Kernel {
    /// Sums of a row of weights.
    pub fn start(&self, weights: &[f64]) -> Start {
        let of = |&(j, k): &(usize, Option<usize>)| {
            let one = weights.iter().zip(&self.encoded[j]).map(|(w, x)| w * x);
            match k {
                None => one.sum(),
                Some(k) => one.zip(&self.encoded[k]).map(|(x, y)| x * y).sum::<f64>(),
            }
        };
        Start {
            sums: self.columns.iter().map(of).collect(),
            total: weights.iter().sum(),
            incomplete: self.holes.cases.iter().map(|&case| weights[case]).collect(),
        }
    }

    /// Empties a batch for up to `resamples` rows that follow from a start; it needs no [`Kernel::sums`].
    pub fn open_less(&self, batch: &mut Batch, resamples: usize) {
        self.open(batch, 0, true);
        batch.width = resamples.next_multiple_of(LANES);
        batch.panel = batch.width;
        batch.total.resize(batch.width, 0.0);
        batch.incomplete.resize(self.holes.cases.len() * batch.width, 0.0);
        batch.whole.clear();
        batch.real.clear();
        batch.real.resize(self.columns.len() * batch.width, 0.0);
    }

    /// Enters as resample `at` the row of the start less what `loses` names: cases, and how much of their weight is gone.
    pub fn enter_less(
        &self,
        batch: &mut Batch,
        at: usize,
        start: &Start,
        loses: impl FnOnce(&mut dyn FnMut(usize, f64)),
    ) {
        let mut total = start.total;
        let mut sums = start.sums.clone();
        let place = |slot: usize| (at / LANES * self.holes.cases.len() + slot) * LANES + at % LANES;
        for (slot, weight) in start.incomplete.iter().enumerate() {
            batch.incomplete[place(slot)] = *weight;
        }
        let mut answers = Vec::with_capacity(self.items);
        loses(&mut |case, weight| {
            total -= weight;
            if let Ok(slot) = self.holes.cases.binary_search(&case) {
                batch.incomplete[place(slot)] -= weight;
            }
            answers.clear();
            answers.extend(self.encoded.iter().map(|column| column[case]));
            for (sum, &(j, k)) in sums.iter_mut().zip(&self.columns) {
                *sum -= weight * k.map_or(answers[j], |k| answers[j] * answers[k]);
            }
        });
        batch.total[at] = total;
        for (cell, sum) in batch.real.iter_mut().skip(at).step_by(batch.width).zip(sums) {
            *cell = sum;
        }
    }
}

impl Batch {
    /// Weights of some cases, case after case, in the precision of the product; `buffer` is room to work in.
    pub(super) fn spread<T: Gemm>(
        &self,
        cases: std::ops::Range<usize>,
        buffer: &mut Vec<f64>,
        out: &mut [T],
    ) {
        let width = self.width;
        let groups = self.cases.div_ceil(GROUP);
        for (case, out) in cases.zip(out.chunks_mut(width)) {
            let row = if self.general {
                &self.weights[case * width..(case + 1) * width]
            } else {
                buffer.clear();
                for panel in self.counts.chunks(groups) {
                    buffer.extend(panel[case / GROUP].0.iter().map(|four| f64::from(four[case % GROUP])));
                }
                buffer.as_slice()
            };
            out.iter_mut().zip(row).for_each(|(out, w)| *out = T::from_f64(*w));
        }
    }

    /// Takes down the counts of these incomplete cases.
    pub(super) fn note_incomplete(&mut self, cases: &[usize], slots: &[usize]) {
        let groups = self.cases.div_ceil(GROUP);
        for (panel, counts) in self.counts.chunks(groups.max(1)).enumerate() {
            for &slot in slots {
                let (four, at) = (&counts[cases[slot] / GROUP], cases[slot] % GROUP);
                for (group, lanes) in four.0.chunks(LANES).enumerate() {
                    let place = (panel * PANEL / LANES + group) * self.slots + slot;
                    let cells = &mut self.incomplete[place * LANES..][..LANES];
                    cells.iter_mut().zip(lanes).for_each(|(cell, four)| *cell = f64::from(four[at]));
                }
            }
        }
    }

    /// Sums of the rows from resample `first`.
    #[inline(always)]
    pub(super) fn total<R: Real>(&self, first: usize) -> R {
        R::load(&self.total[first..])
    }

    /// Weights of the incomplete cases in the resamples from `first`, [`LANES`] apart.
    #[inline(always)]
    pub(super) fn incomplete(&self, first: usize) -> &[f64] {
        &self.incomplete[(first / LANES * self.slots * LANES + first % LANES).min(self.incomplete.len())..]
    }

    /// Where the sums of column 0 for the resamples from `first` stand, given the columns per panel.
    #[inline(always)]
    pub(super) fn place(&self, first: usize, columns: usize) -> usize {
        first / self.panel * columns * self.panel + first % self.panel
    }
}
