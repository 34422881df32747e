//! Moments of many resamples at once: one matrix product.
//!
//! A resample is a row of case weights `w`. All it needs are `Σ w z_j` and `Σ w z_j z_k`, so with the
//! pairwise products of case i in row i of `Z` (`n × q`, `q = p + p(p+1)/2`), the sums of `B` resamples are the
//! product `W Z` of a `B × n` by an `n × q` matrix.
//!
//! * **Whole-number answers** are centred on the middle code and kept whole. As long as
//!   `n max|z|² < 2²⁴`, single precision adds them without any rounding: the sums are exact, so their order does
//!   not matter and every machine gives the same bits.
//! * **Real-valued answers** are shifted by the full-sample mean and divided by the full-sample standard
//!   deviation once; then one-pass sums in double precision are as good as two passes. A resample in which
//!   an item has lost almost all of its variance is done again by two passes.
//! * **Missing answers** are zeros in `Z`. The mean of the resample's observed answers is put in their place by a
//!   correction that visits the missing cells only: with `d_j = m_j (z_j − μ_j)`,
//!   `Σ w d_j d_k = Σ w z_j z_k − μ_k Σ w z_j m_k − μ_j Σ w m_j z_k + μ_j μ_k Σ w m_j m_k`.
//!
//! [`Kernel::naive`] does the same from the definition, one resample at a time; the tests compare the two.

// The product itself is a call into `matrixmultiply`, whose interface is raw pointers.
#![allow(unsafe_code)]

use super::deviations;
use crate::survey::Sample;

/// Resamples per product: large enough that packing `Z` costs little, small enough to stay in cache.
pub const BLOCK: usize = 128;
/// Cases per product: bounds the memory for `Z` whatever n is.
const CHUNK: usize = 1024;

/// Why a resample has no moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMoments {
    /// This item has no variance in the resample.
    Constant(usize),
    /// This item has no answer in the resample.
    Unanswered(usize),
}

/// One resample's moments; the buffers are reused from resample to resample.
#[derive(Debug, Clone)]
pub struct Resampled {
    /// Correlations, row-major.
    pub correlation: Vec<f64>,
    /// Standard deviations in the units of the answers.
    pub sd: Vec<f64>,
    lost: Lost,
    mean: Vec<f64>,
}

impl Resampled {
    /// Buffers for `p` items.
    pub fn new(p: usize) -> Self {
        let lost = Lost { weight: vec![0.0; p], answers: Vec::new() };
        Self { correlation: vec![0.0; p * p], sd: vec![0.0; p], lost, mean: vec![0.0; p] }
    }
}

/// Answers encoded once for all resamples.
#[derive(Debug, Clone)]
pub struct Kernel {
    cases: usize,
    items: usize,
    /// Encoded answers, item after item, 0 where missing.
    encoded: Vec<Vec<f64>>,
    /// Divisor that took the answers to the encoded scale.
    scale: Vec<f64>,
    /// Full-sample variance on the encoded scale, missing cells at the mean.
    variance: Vec<f64>,
    /// Positions of missing answers per item.
    missing: Vec<Vec<usize>>,
    /// Encoded answers of the cases that have a missing one, case after case, and where each case stands.
    incomplete: Vec<f64>,
    place: Vec<usize>,
    /// Per pair of items with `k < j` the cases in which both are missing.
    both: Vec<Vec<usize>>,
    exact: bool,
}

/// Sums of one block of resamples.
#[derive(Debug, Clone)]
pub struct Sums {
    columns: usize,
    values: Vec<f64>,
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
        let mut missing: Vec<Vec<usize>> = Vec::new();
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
            missing.push(column.iter().enumerate().filter(|(_, x)| x.is_nan()).map(|(i, _)| i).collect());
            variance.push(spread / (unit * unit));
            scale.push(unit);
            encoded.push(z);
        }
        // Fractional weights make fractional sums.
        let exact =
            sample.weights.is_none() && whole && cases as f64 * largest * largest < f64::from(1 << 24);
        let items = encoded.len();
        let mut place = vec![usize::MAX; cases];
        let mut incomplete = Vec::new();
        for &i in missing.iter().flatten() {
            if place[i] == usize::MAX {
                place[i] = incomplete.len() / items.max(1);
                incomplete.extend(encoded.iter().map(|column: &Vec<f64>| column[i]));
            }
        }
        let pairs = (0..items).flat_map(|j| (0..j).map(move |k| (j, k)));
        let both = pairs.map(|(j, k)| common(&missing[j], &missing[k]).collect()).collect();
        Self { cases, items, encoded, scale, variance, missing, incomplete, place, both, exact }
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
        self.exact
    }

    fn columns(&self) -> usize {
        self.items + self.items * (self.items + 1) / 2
    }

    /// Sums of a block: `weights` holds one row of `cases()` weights per resample.
    pub fn sums(&self, weights: &[f64]) -> Sums {
        if self.exact && weights.iter().all(|w| w.fract() == 0.0) {
            self.multiply::<f32>(weights)
        } else {
            self.multiply::<f64>(weights)
        }
    }

    fn multiply<T: Gemm>(&self, weights: &[f64]) -> Sums {
        let q = self.columns();
        let rows = weights.len() / self.cases.max(1);
        let mut values = vec![0.0; rows * q];
        let mut z = vec![T::default(); CHUNK.min(self.cases) * q];
        let mut w = vec![T::default(); CHUNK.min(self.cases) * rows];
        let mut out = vec![T::default(); rows * q];
        let mut start = 0;
        while start < self.cases {
            let len = CHUNK.min(self.cases - start);
            self.fill(&mut z[..len * q], start, len);
            for row in 0..rows {
                for i in 0..len {
                    w[row * len + i] = T::from_f64(weights[row * self.cases + start + i]);
                }
            }
            T::gemm(&w[..rows * len], &z[..len * q], &mut out, rows, len, q);
            for (sum, part) in values.iter_mut().zip(&out) {
                *sum += part.to_f64();
            }
            start += len;
        }
        Sums { columns: q, values }
    }

    /// Rows of `Z` for the cases from `start`: the answers, then the products with `k ≤ j`.
    fn fill<T: Gemm>(&self, z: &mut [T], start: usize, len: usize) {
        let q = self.columns();
        let p = self.items;
        let mut case = vec![T::default(); p];
        for i in 0..len {
            for (cell, column) in case.iter_mut().zip(&self.encoded) {
                *cell = T::from_f64(column[start + i]);
            }
            let row = &mut z[i * q..(i + 1) * q];
            row[..p].copy_from_slice(&case);
            let mut at = p;
            for (j, &x) in case.iter().enumerate() {
                for (cell, &y) in row[at..=at + j].iter_mut().zip(&case) {
                    *cell = x * y;
                }
                at += j + 1;
            }
        }
    }

    /// Moments of the resample in row `row` of a block, from its sums.
    ///
    /// # Errors
    /// Names the first item without variance or without an answer.
    pub fn finish(
        &self,
        sums: &Sums,
        row: usize,
        weights: &[f64],
        out: &mut Resampled,
    ) -> Result<(), NoMoments> {
        let p = self.items;
        let s = &sums.values[row * sums.columns..(row + 1) * sums.columns];
        let total: f64 = weights.iter().sum();
        let degrees = total - 1.0;
        self.count_lost(weights, &mut out.lost);
        let lost = &out.lost;
        // The resample's mean of the observed answers.
        let mean = &mut out.mean;
        for j in 0..p {
            let observed = total - lost.weight[j];
            if observed <= 0.0 {
                return Err(NoMoments::Unanswered(j));
            }
            mean[j] = s[j] / observed;
        }
        let mut at = p;
        for j in 0..p {
            for k in 0..=j {
                let product = s[at];
                at += 1;
                out.correlation[j * p + k] = if self.missing[j].is_empty() && self.missing[k].is_empty() {
                    // n S_jk − S_j S_k stays whole, so whole-number answers lose nothing before this division.
                    (total * product - s[j] * s[k]) / (total * degrees)
                } else {
                    // Answers seen on one side but not on the other are taken away; `z` is zero where missing.
                    let j_seen_by_k = s[j] - lost.answers[k * p + j];
                    let k_seen_by_j = s[k] - lost.answers[j * p + k];
                    let both = if j == k {
                        lost.weight[j]
                    } else {
                        self.both[j * (j - 1) / 2 + k].iter().map(|&i| weights[i]).sum()
                    };
                    let seen = total - lost.weight[j] - lost.weight[k] + both;
                    (product - mean[k] * j_seen_by_k - mean[j] * k_seen_by_j + mean[j] * mean[k] * seen)
                        / degrees
                };
            }
        }
        for j in 0..p {
            let variance = out.correlation[j * p + j];
            let floor = if self.exact { 0.0 } else { 1e-4 * self.variance[j] };
            if variance.is_nan() || variance <= floor {
                if self.exact {
                    return Err(NoMoments::Constant(j));
                }
                // One-pass sums may have lost their digits: decide from the definition.
                return self.naive(weights, out);
            }
        }
        self.standardise(out);
        Ok(())
    }

    /// What the missing cells take away from a resample.
    fn count_lost(&self, weights: &[f64], lost: &mut Lost) {
        let p = self.items;
        if self.incomplete.is_empty() {
            return;
        }
        lost.weight.fill(0.0);
        lost.answers.resize(p * p, 0.0);
        lost.answers.fill(0.0);
        for (j, missing) in self.missing.iter().enumerate() {
            for &i in missing.iter().filter(|&&i| weights[i] != 0.0) {
                let w = weights[i];
                lost.weight[j] += w;
                let case = &self.incomplete[self.place[i] * p..(self.place[i] + 1) * p];
                for (sum, z) in lost.answers[j * p..(j + 1) * p].iter_mut().zip(case) {
                    *sum += w * z;
                }
            }
        }
    }

    /// Covariances on the lower triangle become correlations and standard deviations.
    fn standardise(&self, out: &mut Resampled) {
        let p = self.items;
        let encoded_sd: Vec<f64> = (0..p).map(|j| out.correlation[j * p + j].sqrt()).collect();
        for j in 0..p {
            out.sd[j] = encoded_sd[j] * self.scale[j];
            out.correlation[j * p + j] = 1.0;
            for k in 0..j {
                let r = out.correlation[j * p + k] / (encoded_sd[j] * encoded_sd[k]);
                out.correlation[j * p + k] = r;
                out.correlation[k * p + j] = r;
            }
        }
    }

    /// The same from the definition: weighted means, then weighted products of deviations.
    ///
    /// # Errors
    /// Names the first item without variance or without an answer.
    pub fn naive(&self, weights: &[f64], out: &mut Resampled) -> Result<(), NoMoments> {
        let p = self.items;
        let total: f64 = weights.iter().sum();
        let mut centred: Vec<Vec<f64>> = Vec::with_capacity(p);
        for (j, column) in self.encoded.iter().enumerate() {
            let mut here = weights.to_vec();
            for &i in &self.missing[j] {
                here[i] = 0.0;
            }
            let seen: f64 = here.iter().sum();
            if seen <= 0.0 {
                return Err(NoMoments::Unanswered(j));
            }
            let mean = here.iter().zip(column).map(|(w, x)| w * x).sum::<f64>() / seen;
            centred
                .push(here.iter().zip(column).map(|(&w, x)| if w == 0.0 { 0.0 } else { x - mean }).collect());
        }
        for j in 0..p {
            for k in 0..=j {
                let sum: f64 =
                    weights.iter().zip(centred[j].iter().zip(&centred[k])).map(|(w, (x, y))| w * x * y).sum();
                out.correlation[j * p + k] = sum / (total - 1.0);
            }
            let variance = out.correlation[j * p + j];
            if variance.is_nan() || variance <= 1e-20 * self.variance[j].max(f64::MIN_POSITIVE) {
                return Err(NoMoments::Constant(j));
            }
        }
        self.standardise(out);
        Ok(())
    }
}

/// Sums over the missing cells of one resample.
#[derive(Debug, Clone)]
struct Lost {
    /// Per item the weight of the cases that lack it.
    weight: Vec<f64>,
    /// Per item j and item k the weighted answers to k in the cases that lack j; empty if nothing is missing.
    answers: Vec<f64>,
}

/// Members of both ascending lists.
fn common<'a>(a: &'a [usize], b: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    let mut rest = b.iter().copied().peekable();
    a.iter().copied().filter(move |&x| {
        while rest.next_if(|&y| y < x).is_some() {}
        rest.peek() == Some(&x)
    })
}

/// The two precisions of the product.
trait Gemm: Copy + Default + std::ops::Mul<Output = Self> {
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    /// `out = a b` for row-major `a` (`m × k`) and `b` (`k × n`).
    fn gemm(a: &[Self], b: &[Self], out: &mut [Self], m: usize, k: usize, n: usize);
}

macro_rules! gemm {
    ($float:ty, $function:path) => {
        impl Gemm for $float {
            #[allow(clippy::cast_possible_truncation, reason = "only whole numbers below 2^24 become f32")]
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[allow(clippy::cast_possible_wrap, reason = "slice lengths are below isize::MAX")]
            fn gemm(a: &[Self], b: &[Self], out: &mut [Self], m: usize, k: usize, n: usize) {
                assert!(a.len() >= m * k && b.len() >= k * n && out.len() >= m * n);
                // SAFETY: the pointers come from slices that hold at least m·k, k·n and m·n elements
                // (asserted above), the strides stay inside them, and `out` overlaps neither input
                // because it is borrowed mutably.
                unsafe {
                    $function(
                        m,
                        k,
                        n,
                        1.0,
                        a.as_ptr(),
                        k as isize,
                        1,
                        b.as_ptr(),
                        n as isize,
                        1,
                        0.0,
                        out.as_mut_ptr(),
                        n as isize,
                        1,
                    );
                }
            }
        }
    };
}
gemm!(f32, matrixmultiply::sgemm);
gemm!(f64, matrixmultiply::dgemm);

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts in tests"
)]
mod tests {
    use super::*;
    use crate::moments::Moments;

    /// A small deterministic stream of numbers in 0..1.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    fn sample(cases: usize, items: usize, seed: u64, f: impl Fn(f64, f64) -> f64, missing: f64) -> Sample {
        let mut u = noise(seed);
        let mut columns = vec![Vec::new(); items];
        for _ in 0..cases {
            let common = u();
            for column in &mut columns {
                let x = f(common, u());
                column.push(if u() < missing { f64::NAN } else { x });
            }
        }
        Sample {
            items: (0..items).map(|i| format!("x{i}")).collect(),
            columns,
            origin: (0..cases).collect(),
            account: crate::survey::Account::default(),
            fingerprint: String::new(),
            weights: None,
        }
    }

    fn counts(cases: usize, rows: usize, seed: u64) -> Vec<f64> {
        let mut u = noise(seed);
        let mut weights = vec![0.0; cases * rows];
        for row in weights.chunks_mut(cases) {
            for _ in 0..cases {
                row[((u() * cases as f64) as usize).min(cases - 1)] += 1.0;
            }
        }
        weights
    }

    /// The definition, on gathered rows: mean of the observed answers, two passes.
    fn gathered(sample: &Sample, weights: &[f64]) -> Moments {
        let rows: Vec<usize> =
            weights.iter().enumerate().flat_map(|(i, &w)| std::iter::repeat_n(i, w as usize)).collect();
        let mut drawn = sample.clone();
        drawn.columns = sample.columns.iter().map(|c| rows.iter().map(|&i| c[i]).collect()).collect();
        drawn.origin = rows;
        Moments::of(&drawn)
    }

    fn check(sample: &Sample, tolerance: f64) {
        let kernel = Kernel::new(sample);
        let rows = 7;
        let weights = counts(sample.cases(), rows, 99);
        let sums = kernel.sums(&weights);
        let p = kernel.items();
        let mut fast = Resampled::new(p);
        let mut slow = Resampled::new(p);
        for (row, weights) in weights.chunks(sample.cases()).enumerate() {
            kernel.finish(&sums, row, weights, &mut fast).unwrap();
            kernel.naive(weights, &mut slow).unwrap();
            let truth = gathered(sample, weights);
            for (at, r) in truth.correlation.iter().enumerate() {
                assert!((fast.correlation[at] - r).abs() < tolerance, "{} {r}", fast.correlation[at]);
                assert!((slow.correlation[at] - r).abs() < tolerance);
            }
            for (sd, truth) in fast.sd.iter().zip(&truth.sd) {
                assert!((sd / truth - 1.0).abs() < tolerance);
            }
        }
    }

    fn likert(common: f64, own: f64) -> f64 {
        ((common + own) * 3.5).floor().min(6.0) + 1.0
    }

    #[test]
    fn moments_equal_the_definition() {
        check(&sample(120, 6, 1, likert, 0.0), 1e-13);
        check(&sample(120, 6, 2, likert, 0.1), 1e-13);
        check(&sample(2_500, 5, 3, likert, 0.02), 1e-12);
        check(&sample(90, 6, 4, |a, b| a + b, 0.0), 1e-12);
        check(&sample(90, 6, 5, |a, b| a + b, 0.15), 1e-12);
        // Means of a million, standard deviations of one.
        check(&sample(90, 6, 6, |a, b| 1e6 + 3.0 * (a + b), 0.0), 1e-9);
        check(&sample(90, 6, 7, |a, b| 1e6 + 3.0 * (a + b), 0.2), 1e-9);
    }

    #[test]
    fn whole_numbers_are_summed_exactly_in_any_order() {
        let forwards = sample(300, 4, 8, likert, 0.0);
        let mut backwards = forwards.clone();
        for column in &mut backwards.columns {
            column.reverse();
        }
        let weights = counts(300, 1, 5);
        let reversed: Vec<f64> = weights.iter().rev().copied().collect();
        let (a, b) = (Kernel::new(&forwards), Kernel::new(&backwards));
        assert!(a.is_exact());
        assert_eq!(a.sums(&weights).values, b.sums(&reversed).values);
    }

    #[test]
    fn a_resample_without_variance_or_answers_is_named() {
        let mut data = sample(20, 3, 9, likert, 0.0);
        data.columns[1][0] = 3.0;
        data.columns[1][1] = 3.0;
        let kernel = Kernel::new(&data);
        let mut weights = vec![0.0; 20];
        weights[0] = 10.0;
        weights[1] = 10.0;
        let mut out = Resampled::new(3);
        let constant = (0..3).find(|&j| data.columns[j][0] == data.columns[j][1]);
        assert_eq!(
            kernel.finish(&kernel.sums(&weights), 0, &weights, &mut out).err(),
            constant.map(NoMoments::Constant)
        );
        data.columns[2][0] = f64::NAN;
        data.columns[2][1] = f64::NAN;
        let kernel = Kernel::new(&data);
        assert_eq!(
            kernel.finish(&kernel.sums(&weights), 0, &weights, &mut out),
            Err(NoMoments::Unanswered(2))
        );
    }
}
