//! Missing answers: what the cases that lack an item answer to the others.
//!
//! With `h_j` 1 where item j is missing, a resample's moments need `Σ w h_j z_k` for every item k, `Σ w h_j`, and
//! `Σ w h_j h_k` for the few pairs that lack the same case. The first two are a product like the large one, over the cases
//! that lack the item: where bytes are multiplied, the same kernel does it.

use super::Batch;
use super::product::{Bytes, Counts, GROUP, PANEL, Products, STRIP};
use crate::stats::real::{LANES, Real};
use crate::stats::simd::{Level, Work, keep_lanes};
use crate::survey::Sample;

/// Items whose sums are found at a time, so that they stay in registers.
const QUARTET: usize = 4;

/// The missing answers of a sample.
#[derive(Debug, Clone, Default)]
pub(super) struct Holes {
    /// The number of items and one more, filled up to whole strips.
    width: usize,
    /// The cases that lack an answer, in their order; elsewhere an incomplete case is its position here.
    pub(super) cases: Vec<usize>,
    /// Per item the incomplete cases that lack it.
    pub(super) of_item: Vec<Vec<usize>>,
    /// Per item its row among those that are missing somewhere, counted from 1; row 0 is that of all others.
    rows: Vec<usize>,
    /// All incomplete cases, and those that lack two items or more.
    pub(super) all: Vec<usize>,
    pub(super) shared: Vec<usize>,
    /// The incomplete cases in which both items of a pair are missing, pair after pair with `k < j`, and where those of each
    /// pair start; the end last.
    both: Vec<usize>,
    both_from: Vec<usize>,
    /// Their encoded answers and a 1, which counts: case after case, filled up to whole strips with zeros.
    answers: Vec<f64>,
    /// The same as bytes, item after item of those that are missing somewhere: strips of the groups of four cases that lack
    /// it, and where each item starts.
    bytes: Vec<Products>,
    /// The cases of each group, and where the groups of each item start; the end last.
    groups: Vec<[Option<usize>; GROUP]>,
    groups_from: Vec<usize>,
}

impl Holes {
    /// The missing answers of a sample, given the encoded ones, zeros in place of those.
    pub(super) fn of(sample: &Sample, encoded: &[Vec<f64>]) -> Self {
        let lacks = |case: usize| sample.columns.iter().any(|column| column[case].is_nan());
        let cases: Vec<usize> = (0..sample.cases()).filter(|&case| lacks(case)).collect();
        let of_item: Vec<Vec<usize>> = sample
            .columns
            .iter()
            .map(|column| (0..cases.len()).filter(|&at| column[cases[at]].is_nan()).collect())
            .collect();
        let mut row = 0;
        let mut next = |lacking: &Vec<usize>| {
            row += usize::from(!lacking.is_empty());
            if lacking.is_empty() { 0 } else { row }
        };
        let rows = of_item.iter().map(&mut next).collect();
        let items = encoded.len();
        let width = (items + 1).next_multiple_of(STRIP);
        let mut answers = Vec::new();
        for (at, &case) in cases.iter().enumerate() {
            answers.extend(encoded.iter().map(|column| column[case]));
            answers.push(1.0);
            answers.resize((at + 1) * width, 0.0);
        }
        let (mut both, mut both_from) = (Vec::new(), vec![0]);
        for j in 0..items {
            for k in 0..j {
                both.extend(common(&of_item[j], &of_item[k]));
                both_from.push(both.len());
            }
        }
        let mut shared = both.clone();
        shared.sort_unstable();
        shared.dedup();
        let all = (0..cases.len()).collect();
        Self { width, cases, of_item, rows, all, shared, both, both_from, answers, ..Self::default() }
    }

    /// Forgets what the product of bytes needs.
    pub(super) fn without_bytes(&mut self) {
        self.bytes.clear();
        self.groups.clear();
        self.groups_from.clear();
    }

    /// Prepares the product of bytes, given the encoded answers as such.
    pub(super) fn as_bytes(&mut self, encoded: &[Vec<i8>]) {
        self.groups_from.push(0);
        for lacking in self.of_item.iter().filter(|lacking| !lacking.is_empty()) {
            let first = self.groups.len();
            for four in lacking.chunks(GROUP) {
                self.groups.push(std::array::from_fn(|at| four.get(at).map(|&slot| self.cases[slot])));
            }
            self.groups_from.push(self.groups.len());
            let mut columns = encoded.iter().map(Some).chain([None]).peekable();
            while columns.peek().is_some() {
                let strip: Vec<_> = columns.by_ref().take(STRIP).collect();
                for four in &self.groups[first..] {
                    let mut products = [[0; GROUP]; STRIP];
                    for (products, column) in products.iter_mut().zip(&strip) {
                        for (product, case) in products.iter_mut().zip(four) {
                            let answer = |case: usize| column.map_or(1, |column| column[case]);
                            *product = case.map_or(0, answer);
                        }
                    }
                    self.bytes.push(products);
                }
            }
        }
    }

    /// Numbers per panel that the product of bytes finds.
    fn panel(&self) -> usize {
        self.groups_from.len() * self.width * PANEL
    }

    /// The weighted answers of the cases that lack an item, item after item, for each resample of a batch of counts that has
    /// so many groups of cases per panel.
    pub(super) fn multiply(&self, way: Bytes, largest: usize, groups: usize, batch: &mut Batch) {
        if self.cases.is_empty() {
            return;
        }
        let panels = batch.width / PANEL;
        batch.lost.resize(panels * self.panel(), 0);
        let mut gathered = vec![Counts::NONE; self.groups.len()];
        for (counts, lost) in batch.counts.chunks(groups).zip(batch.lost.chunks_mut(self.panel())) {
            Level::best().run(Gather { counts, groups: &self.groups, out: &mut gathered });
            let mut bytes = self.bytes.as_slice();
            let (nothing, lost) = lost.split_at_mut(self.width * PANEL);
            nothing.fill(0);
            for (span, lost) in self.groups_from.windows(2).zip(lost.chunks_mut(self.width * PANEL)) {
                let counts = &gathered[span[0]..span[1]];
                for sums in lost.chunks_mut(STRIP * PANEL) {
                    let (strip, rest) = bytes.split_at(counts.len());
                    way.add(strip, counts, largest.max(1), true, sums);
                    bytes = rest;
                }
            }
        }
    }

    /// Where the sums of item j for the resamples from `first` stand among those, [`PANEL`] apart.
    #[inline(always)]
    pub(super) fn place(&self, j: usize, first: usize) -> usize {
        first / PANEL * self.panel() + self.rows[j] * self.width * PANEL + first % PANEL
    }

    /// The same for one group of resamples from the weights of the incomplete cases, without a product of bytes.
    #[inline(always)]
    pub(super) fn add_up<R: Real>(&self, incomplete: &[f64], out: &mut Vec<R>) {
        out.resize(self.of_item.len() * self.width, R::zero());
        for (lacking, out) in self.of_item.iter().zip(out.chunks_mut(self.width)) {
            for (at, out) in out.as_chunks_mut::<QUARTET>().0.iter_mut().enumerate() {
                // Four names instead of an array, which the compiler would take apart.
                let (mut a, mut b, mut c, mut d) = (R::zero(), R::zero(), R::zero(), R::zero());
                for &slot in lacking {
                    let weight = R::load(&incomplete[slot * LANES..]);
                    let [x, y, z, u] =
                        self.answers[slot * self.width + at * QUARTET..].as_chunks::<QUARTET>().0[0];
                    a += weight * R::splat(x);
                    b += weight * R::splat(y);
                    c += weight * R::splat(z);
                    d += weight * R::splat(u);
                    R::keep();
                }
                *out = [a, b, c, d];
            }
        }
    }

    /// Numbers per item in [`Holes::add_up`].
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Of the pairs of item j with those before it, the incomplete cases that lack both.
    #[inline(always)]
    pub(super) fn both(&self, j: usize) -> impl Iterator<Item = &[usize]> {
        let from = j * j.saturating_sub(1) / 2;
        self.both_from[from..=from + j].windows(2).map(|span| &self.both[span[0]..span[1]])
    }

    /// Whether an item is answered by all.
    #[inline(always)]
    pub(super) fn spare(&self, j: usize) -> bool {
        self.of_item[j].is_empty()
    }
}

/// Counts of cases that lie apart, put side by side.
struct Gather<'a> {
    counts: &'a [Counts],
    groups: &'a [[Option<usize>; GROUP]],
    out: &'a mut [Counts],
}

impl Work for Gather<'_> {
    #[inline(always)]
    fn run(self) {
        for (cases, out) in self.groups.iter().zip(self.out) {
            let mut words = [0; PANEL];
            for (at, case) in cases.iter().enumerate() {
                let Some(case) = case else { continue };
                let (from, to) = (case % GROUP * 8, at * 8);
                for (word, four) in words.iter_mut().zip(&self.counts[case / GROUP].0) {
                    *word |= (u32::from_le_bytes(*four) >> from & 255) << to;
                }
                keep_lanes();
            }
            for (out, word) in out.0.iter_mut().zip(words) {
                *out = word.to_le_bytes();
            }
        }
    }
}

/// Members of both ascending lists.
fn common<'a>(a: &'a [usize], b: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    let mut rest = b.iter().copied().peekable();
    a.iter().copied().filter(move |&x| {
        while rest.next_if(|&y| y < x).is_some() {}
        rest.peek() == Some(&x)
    })
}
