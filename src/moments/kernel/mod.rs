//! Moments of many resamples at once: one matrix product.
//!
//! A resample is a row of case weights `w`. All it needs are `Σ w z_j` and `Σ w z_j z_k`, so with the answers and
//! their pairwise products as the `q = p + p(p+1)/2` columns of `Z`, the sums of `B` resamples are the product of `Z'`
//! (`q × n`) with the weights (`n × B`).
//!
//! * **Whole-number answers** are centred near their mean and kept whole, so that sums are exact: their order does
//!   not matter and every machine gives the same bits. Products up to 127 (any scale of up to 23 points) are
//!   multiplied as bytes, larger ones in single precision while `n max|z|² < 2²⁴`, and in double precision beyond.
//! * **Real-valued answers** are shifted by the full-sample mean and divided by the full-sample standard
//!   deviation once; then one-pass sums in double precision are as good as two passes. A resample in which
//!   an item has lost almost all of its variance is done again by two passes.
//! * **Missing answers** are zeros in `Z`. The mean of the resample's observed answers is put in their place by a
//!   correction that visits the missing cells only: with `h_j` 1 where item j is missing and `x_j = z_j + μ_j h_j`,
//!   `Σ w x_j x_k = Σ w z_j z_k + μ_j Σ w h_j z_k + μ_k Σ w h_k z_j + μ_j μ_k Σ w h_j h_k`.
//!
//! The road: [`Kernel::new`] encodes a sample; a [`Batch`] takes rows of counts or weights; [`Kernel::sums`] multiplies;
//! [`Kernel::finish`] turns the sums of one resample, or of sixteen side by side, into correlations. Cases are taken
//! `CHUNK` at a time, so memory beyond the answers and the rows themselves does not grow with their number.
//! [`Kernel::naive`] does the same from the definition, one resample at a time; the tests compare the two.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

mod batch;
mod finish;
mod holes;
mod product;
#[cfg(test)]
mod tests;

use super::deviations;
use crate::stats::real::{LANES, Real};
use crate::survey::Sample;
pub use batch::{Batch, Start, Tally};
use holes::Holes;
use product::{Bytes, GROUP, Gemm, PANEL, Products, STRIP};

/// Cases per product: a panel's counts over them and a strip of `Z` stay in 32 KiB of cache, 16 and 6 of them.
const CHUNK: usize = 512;
/// Columns per product of `matrixmultiply`.
const COLUMNS: usize = 8 * STRIP;
/// Columns that are not there.
const NO_PRODUCTS: Products = [[0; GROUP]; STRIP];
/// Resamples per batch, at most.
pub const BLOCK: usize = 4 * PANEL;
/// Cases from which on a batch holds fewer resamples, to bound its memory.
const MANY_CASES: usize = 1 << 18;
/// `Z` as bytes up to this size leaves room beside it in the second cache.
const SMALL: usize = 1 << 20;
/// `Z` as bytes is kept up to this size, and made anew for every batch beyond.
const KEPT: usize = 16 << 20;

/// Why a resample has no moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMoments {
    /// This item has no variance in the resample.
    Constant(usize),
    /// This item has no answer in the resample.
    Unanswered(usize),
}

/// Moments of one resample, or of sixteen; the buffers are reused.
#[derive(Debug, Clone)]
pub struct Resampled<R: Real = f64> {
    /// Correlations, row-major.
    pub correlation: Vec<R>,
    /// Standard deviations in the units of the answers, if they are wanted.
    pub sd: Vec<R>,
    /// Per lane why it has no moments.
    pub failed: [Option<NoMoments>; LANES],
    /// Lanes whose sums may have lost their digits: [`Kernel::naive`] decides.
    pub doubtful: R::Mask,
    /// Per item j the item from which on its row holds correlations with items before it, 0 for all; above the diagonal
    /// there are always all.
    mirrored: Vec<usize>,
    own: Vec<OfItem<R>>,
    /// Weighted answers in the cases that lack an item, where the product has not found them ([`Holes`]).
    lost: Vec<R>,
}

/// What is known of an item in a resample.
#[derive(Debug, Clone, Copy, Default)]
struct OfItem<R> {
    /// Mean of its answers, and their weighted sum with the mean where they are missing.
    mean: R,
    sum: R,
    /// What takes its deviations to unit length.
    inverse: R,
    /// Where the weighted answers of the cases that lack it stand.
    lost: usize,
}

impl<R: Real> Resampled<R> {
    /// Buffers for `p` items.
    pub fn new(p: usize) -> Self {
        Self {
            correlation: vec![R::zero(); p * p],
            sd: vec![R::zero(); p],
            failed: [None; LANES],
            doubtful: R::Mask::default(),
            mirrored: vec![0; p],
            own: vec![OfItem::default(); p],
            lost: Vec::new(),
        }
    }

    /// Buffers in which a correlation stands below the diagonal only if both items are of one block; elsewhere there is
    /// none. Standard deviations are left out. Blocks are given by their lengths.
    pub fn in_blocks(p: usize, lengths: impl IntoIterator<Item = usize>) -> Self {
        let mut all = Self::new(p);
        all.correlation.fill(R::nan());
        all.sd.clear();
        let mut start = 0;
        for len in lengths {
            let end = (start + len).min(p);
            all.mirrored[start..end].fill(start);
            start = end;
        }
        all
    }

    /// Puts the moments of one resample into a lane.
    pub fn put(&mut self, lane: usize, one: &Resampled) {
        let pairs = self.correlation.iter_mut().zip(&one.correlation);
        for (all, one) in pairs.chain(self.sd.iter_mut().zip(&one.sd)) {
            all.set_lane(lane, *one);
        }
    }
}

/// How the product is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Bytes, exact.
    Bytes(Bytes),
    /// Single precision, exact for whole numbers of this size.
    Single,
    /// Double precision.
    Double,
}

/// Answers encoded once for all resamples.
#[derive(Debug, Clone)]
pub struct Kernel {
    cases: usize,
    items: usize,
    /// Encoded answers, item after item, 0 where missing.
    encoded: Vec<Vec<f64>>,
    /// The same as bytes, where they fit.
    bytes: Vec<Vec<i8>>,
    /// The items whose product each column of `Z` is; the second is `None` for the answers themselves.
    columns: Vec<(usize, Option<usize>)>,
    /// `Z` as bytes: chunk after chunk, strip after strip, group of cases after group; empty if it is not kept.
    z: Vec<Products>,
    /// Largest product.
    largest: f64,
    /// Divisor that took the answers to the encoded scale.
    scale: Vec<f64>,
    /// Full-sample variance on the encoded scale, missing cells at the mean.
    variance: Vec<f64>,
    holes: Holes,
    /// Whether the answers are whole numbers and their sums exact.
    whole: bool,
    way: Way,
}

impl Kernel {
    /// Encodes a sample.
    pub fn new(sample: &Sample) -> Self {
        let cases = sample.cases();
        let whole = sample.columns.iter().flatten().filter(|x| !x.is_nan()).all(|x| x.fract() == 0.0);
        let mut largest: f64 = 0.0;
        let mut encoded = Vec::new();
        let mut scale = Vec::new();
        let mut variance = Vec::new();
        for column in &sample.columns {
            let (mean, d) = deviations(column);
            let spread = d.iter().map(|x| x * x).sum::<f64>() / (cases.max(2) - 1) as f64;
            let (centre, unit) = if whole {
                (mean.round(), 1.0)
            } else {
                (mean, if spread > 0.0 { spread.sqrt() } else { 1.0 })
            };
            let z: Vec<f64> =
                column.iter().map(|x| if x.is_nan() { 0.0 } else { (x - centre) / unit }).collect();
            largest = z.iter().fold(largest, |m, x| m.max(x.abs()));
            variance.push(spread / (unit * unit));
            scale.push(unit);
            encoded.push(z);
        }
        let items = encoded.len();
        let holes = Holes::of(sample, &encoded);
        let products = (0..items).flat_map(|j| (0..=j).map(move |k| (j, Some(k))));
        let columns = (0..items).map(|j| (j, None)).chain(products).collect();
        let largest = largest * largest;
        let fits = |limit: f64| whole && cases as f64 * largest < limit;
        let way = match Bytes::best() {
            Some(way) if largest <= 127.0 && fits(2_147_483_648.0) => Way::Bytes(way),
            _ if fits(16_777_216.0) => Way::Single,
            _ => Way::Double,
        };
        let mut kernel = Self {
            cases,
            items,
            encoded,
            bytes: Vec::new(),
            columns,
            z: Vec::new(),
            largest,
            scale,
            variance,
            holes,
            whole,
            way,
        };
        kernel.take(way);
        kernel
    }

    /// Prepares a way of multiplying.
    fn take(&mut self, way: Way) {
        self.way = way;
        self.bytes.clear();
        self.z.clear();
        self.holes.without_bytes();
        if !matches!(way, Way::Bytes(_)) {
            return;
        }
        // Whole numbers of at most 11 in size.
        #[allow(clippy::cast_possible_truncation)]
        let byte = |column: &Vec<f64>| column.iter().map(|x| *x as i8).collect();
        self.bytes = self.encoded.iter().map(byte).collect();
        self.holes.as_bytes(&self.bytes);
        let size = self.chunks() * self.strips() * self.groups();
        if size * size_of::<Products>() <= KEPT {
            let mut z = vec![NO_PRODUCTS; size];
            for (at, strip) in z.chunks_mut(self.groups().max(1)).enumerate() {
                self.fill_bytes(at / self.strips(), at % self.strips(), strip);
            }
            self.z = z;
        }
    }

    /// Number of cases.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.items
    }

    /// Whether sums of whole-number weights are exact.
    pub fn is_exact(&self) -> bool {
        self.whole
    }

    /// Resamples per batch.
    pub fn batch_size(&self) -> usize {
        if self.cases >= MANY_CASES {
            return PANEL;
        }
        // A small `Z` is read again cheaply: then a batch's sums, those over missing answers and the correlations made of
        // them stay in the second cache with it.
        let small = !self.z.is_empty() && self.z.len() * size_of::<Products>() <= SMALL;
        if small { 2 * PANEL } else { BLOCK }
    }

    fn chunks(&self) -> usize {
        self.cases.div_ceil(CHUNK)
    }

    fn strips(&self) -> usize {
        self.columns.len().div_ceil(STRIP)
    }

    /// Groups of cases in a chunk; the last of several may have fewer.
    fn groups(&self) -> usize {
        self.cases.min(CHUNK).div_ceil(GROUP)
    }

    /// The cases of a chunk.
    fn chunk(&self, at: usize) -> std::ops::Range<usize> {
        at * CHUNK..self.cases.min((at + 1) * CHUNK)
    }

    /// One strip of `Z` over one chunk, as bytes, into places that hold zeros.
    fn fill_bytes(&self, chunk: usize, strip: usize, out: &mut [Products]) {
        let cases = self.chunk(chunk);
        // Multiplied case after case, which the compiler does many at a time, and then put in place.
        let mut column = [0; CHUNK];
        for (c, &(j, k)) in self.columns.iter().skip(strip * STRIP).take(STRIP).enumerate() {
            let one = &self.bytes[j][cases.clone()];
            match k {
                None => column[..one.len()].copy_from_slice(one),
                Some(k) => {
                    for (z, (x, y)) in column.iter_mut().zip(one.iter().zip(&self.bytes[k][cases.clone()])) {
                        *z = x * y;
                    }
                }
            }
            for (out, four) in out.iter_mut().zip(column[..one.len().next_multiple_of(GROUP)].as_chunks().0) {
                out[c] = *four;
            }
        }
    }

    /// The sums of a batch's resamples.
    pub fn sums(&self, batch: &mut Batch) {
        match self.way {
            Way::Bytes(way) if !batch.general => self.multiply_bytes(way, batch),
            Way::Single if !batch.general => self.multiply::<f32>(batch),
            _ => self.multiply::<f64>(batch),
        }
        if !batch.general {
            let as_bytes = !batch.whole.is_empty();
            batch.note_incomplete(
                &self.holes.cases,
                if as_bytes { &self.holes.shared } else { &self.holes.all },
            );
        }
    }

    fn multiply_bytes(&self, way: Bytes, batch: &mut Batch) {
        let (strips, size) = (self.strips(), self.groups());
        let panels = batch.width / PANEL;
        let groups = self.cases.div_ceil(GROUP);
        batch.panel = PANEL;
        batch.real.clear();
        batch.whole.resize(panels * strips * STRIP * PANEL, 0);
        // Counts of up to 255 times products of up to 127.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let largest = batch.most * self.largest as usize;
        let mut made = vec![NO_PRODUCTS; if self.z.is_empty() { size } else { 0 }];
        for chunk in 0..self.chunks() {
            let cases = self.chunk(chunk);
            let span = cases.start / GROUP..cases.end.div_ceil(GROUP);
            for strip in 0..strips {
                let z = if self.z.is_empty() {
                    made.fill(NO_PRODUCTS);
                    self.fill_bytes(chunk, strip, &mut made);
                    made.as_slice()
                } else {
                    &self.z[(chunk * strips + strip) * size..][..size]
                };
                for panel in 0..panels {
                    let counts = &batch.counts[panel * groups..][span.clone()];
                    let sums = &mut batch.whole[(panel * strips + strip) * STRIP * PANEL..][..STRIP * PANEL];
                    way.add(z, counts, largest, chunk == 0, sums);
                }
            }
        }
        self.holes.multiply(way, largest, groups, batch);
    }

    fn multiply<T: Gemm>(&self, batch: &mut Batch) {
        let (q, width) = (self.columns.len(), batch.width);
        batch.panel = width;
        batch.whole.clear();
        batch.real.clear();
        batch.real.resize(q * width, 0.0);
        let longest = self.cases.min(CHUNK);
        let mut z = vec![T::default(); longest * COLUMNS.min(q)];
        let mut w = vec![T::default(); longest * width];
        let mut out = vec![T::default(); COLUMNS.min(q) * width];
        let mut case = Vec::new();
        for chunk in 0..self.chunks() {
            let cases = self.chunk(chunk);
            let len = cases.len();
            batch.spread(cases.clone(), &mut case, &mut w);
            for first in (0..q).step_by(COLUMNS) {
                let columns = &self.columns[first..q.min(first + COLUMNS)];
                for (z, &(j, k)) in z.chunks_mut(len).zip(columns) {
                    let one = self.encoded[j][cases.clone()].iter();
                    match k {
                        None => z.iter_mut().zip(one).for_each(|(z, x)| *z = T::from_f64(*x)),
                        Some(k) => {
                            for (z, (x, y)) in z.iter_mut().zip(one.zip(&self.encoded[k][cases.clone()])) {
                                *z = T::from_f64(x * y);
                            }
                        }
                    }
                }
                let m = columns.len();
                T::gemm(&z[..m * len], &w[..len * width], &mut out[..m * width], m, len, width);
                for (sum, part) in batch.real[first * width..].iter_mut().zip(&out[..m * width]) {
                    *sum += part.to_f64();
                }
            }
        }
    }
}
