//! Heterotrait-monotrait ratio of correlations (Henseler, Ringle & Sarstedt 2015, doi:10.1007/s11747-014-0403-8).
//!
//! Mean correlation between the items of two constructs over the geometric mean of the mean correlations within
//! each. HTMT2 (Roemer, Schuberth & Henseler 2021, doi:10.1108/IMDS-02-2021-0082) takes geometric means instead of
//! arithmetic ones and needs congeneric items only. A single item counts as a monotrait correlation of 1.

use crate::model::words;
use crate::stats::real::Real;

words! {
    /// Which means, and what is done about negative correlations.
    Htmt: "HTMT convention" {
        /// Arithmetic means of absolute correlations (default; seminr, SmartPLS).
        Absolute = "absolute",
        /// Arithmetic means, signs kept (cSEM, which prints the absolute value of the ratio).
        Signed = "signed",
        /// Geometric means (HTMT2); undefined where signs are mixed.
        Geometric = "geometric",
    }
}

/// HTMT of two disjoint sets of items; `None` where it is undefined.
///
/// `r(a, b)` gives the correlation of any two items.
pub fn htmt(kind: Htmt, one: &[usize], two: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    let across =
        mean(kind, one.iter().flat_map(|&a| two.iter().map(move |&b| (a, b))).map(|(a, b)| r(a, b)))?;
    let within = |set: &[usize]| {
        if set.len() == 1 {
            return Some(1.0);
        }
        mean(
            kind,
            set.iter()
                .enumerate()
                .flat_map(|(i, &a)| set[..i].iter().map(move |&b| (a, b)))
                .map(|(a, b)| r(a, b)),
        )
    };
    let ratio = across / (within(one)? * within(two)?).sqrt();
    ratio.is_finite().then_some(ratio)
}

/// HTMT of every pair of consecutive blocks of `lengths` items in the `p × p` correlations `s`, pairs in the order
/// (0, 1), (0, 2), …, (1, 2), …; NaN where it is undefined. For resampling: what a block shares with all its pairs
/// is found once, and sixteen resamples may stand side by side.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]
pub(crate) fn htmt_of_blocks<R: Real>(kind: Htmt, lengths: &[usize], s: &[R], p: usize, out: &mut Vec<R>) {
    let mut within = Vec::with_capacity(lengths.len());
    let mut start = 0;
    for &len in lengths {
        let mut mean = Mean::default();
        for a in start..start + len {
            mean.add(kind, &s[a * p + start..a * p + a]);
        }
        within.push(if len == 1 { R::one() } else { mean.value(kind) });
        start += len;
    }
    let mut start = 0;
    for (i, &len) in lengths.iter().enumerate() {
        let mut other = start + len;
        for (j, &wide) in lengths.iter().enumerate().skip(i + 1) {
            let mut across = Mean::default();
            for a in start..start + len {
                across.add(kind, &s[a * p + other..a * p + other + wide]);
            }
            let ratio = across.value(kind) / (within[i] * within[j]).sqrt();
            out.push(ratio.if_finite());
            other += wide;
        }
        start += len;
    }
}

/// Factors of a geometric mean that are multiplied before a logarithm is taken: even of numbers that are 0 but for rounding
/// (10⁻¹⁷) the product stays above the smallest double.
const FACTORS: usize = 16;

/// A mean in the making.
struct Mean<R> {
    count: usize,
    sum: R,
    negative: R,
    /// Product of the last numbers, of which no logarithm has been taken.
    product: R,
}

impl<R: Real> Default for Mean<R> {
    fn default() -> Self {
        Self { count: 0, sum: R::zero(), negative: R::zero(), product: R::one() }
    }
}

#[allow(clippy::inline_always, reason = "as above")]
impl<R: Real> Mean<R> {
    #[inline(always)]
    fn add(&mut self, kind: Htmt, values: &[R]) {
        for &value in values {
            self.count += 1;
            match kind {
                Htmt::Absolute => self.sum += value.abs(),
                Htmt::Signed => self.sum += value,
                Htmt::Geometric => {
                    self.negative += R::select(value.below(R::zero()), R::one(), R::zero());
                    self.product *= value.abs();
                    if self.count.is_multiple_of(FACTORS) {
                        self.sum += self.product.map(f64::ln);
                        self.product = R::one();
                    }
                }
            }
        }
    }

    /// The mean; NaN of nothing, and of mixed signs if it is geometric.
    #[inline(always)]
    fn value(&self, kind: Htmt) -> R {
        let count = R::splat(self.count as f64);
        if kind != Htmt::Geometric {
            return self.sum / count;
        }
        let size = ((self.sum + self.product.map(f64::ln)) / count).map(f64::exp);
        let all = !count.above(self.negative);
        let some = self.negative.above(R::zero());
        R::select(all, -size, R::select(some, R::nan(), size))
    }
}

/// The pair of items across the constructs with the largest absolute correlation: where to look first.
pub fn htmt_pair(one: &[usize], two: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<(usize, usize)> {
    one.iter()
        .flat_map(|&a| two.iter().map(move |&b| (a, b)))
        .max_by(|x, y| r(x.0, x.1).abs().total_cmp(&r(y.0, y.1).abs()))
}

fn mean(kind: Htmt, values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut count = 0_usize;
    let mut sum = 0.0;
    let mut negative = 0_usize;
    for value in values {
        count += 1;
        negative += usize::from(value < 0.0);
        sum += match kind {
            Htmt::Absolute => value.abs(),
            Htmt::Signed => value,
            Htmt::Geometric => value.abs().ln(),
        };
    }
    if count == 0 {
        return None;
    }
    let mean = sum / count as f64;
    match kind {
        // All signs alike: the mean of the sizes with the sign put back. Mixed: undefined.
        Htmt::Geometric if negative == 0 => Some(mean.exp()),
        Htmt::Geometric if negative == count => Some(-mean.exp()),
        Htmt::Geometric => None,
        _ => Some(mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_the_same_as_pairs() {
        let p = 6;
        let s: Vec<f64> = (0..p * p)
            .map(|at| {
                let (a, b) = ((at / p).max(at % p), (at / p).min(at % p));
                if a == b { 1.0 } else { 0.2 + 0.1 * (a as f64) - 0.13 * (b as f64) }
            })
            .collect();
        let sets = [vec![0, 1], vec![2], vec![3, 4, 5]];
        for kind in [Htmt::Absolute, Htmt::Signed, Htmt::Geometric] {
            let mut all = Vec::new();
            htmt_of_blocks(kind, &[2, 1, 3], &s, p, &mut all);
            for (got, (i, j)) in all.iter().zip([(0, 1), (0, 2), (1, 2)]) {
                let one = htmt(kind, &sets[i], &sets[j], |a, b| s[a * p + b]);
                assert!(one.map_or(got.is_nan(), |one| (one - got).abs() < 1e-14), "{kind} {one:?} {got}");
            }
        }
    }

    #[test]
    fn parallel_items_give_the_construct_correlation() {
        // Loadings .8, construct correlation .5: within .64, across .32.
        let r = |a: usize, b: usize| if (a < 3) == (b < 3) { 0.64 } else { 0.32 };
        for kind in [Htmt::Absolute, Htmt::Signed, Htmt::Geometric] {
            let value = htmt(kind, &[0, 1, 2], &[3, 4], r);
            assert!(value.is_some_and(|v| (v - 0.5).abs() < 1e-14));
        }
        let flipped = |a: usize, b: usize| if (a < 3) == (b < 3) { 0.64 } else { -0.32 };
        assert!(htmt(Htmt::Signed, &[0, 1], &[3, 4], flipped).is_some_and(|v| (v + 0.5).abs() < 1e-14));
        assert!(htmt(Htmt::Absolute, &[0, 1], &[3, 4], flipped).is_some_and(|v| (v - 0.5).abs() < 1e-14));
        let mixed = |a: usize, b: usize| if (a, b) == (0, 3) { -0.3 } else { 0.4 };
        assert_eq!(htmt(Htmt::Geometric, &[0, 1], &[3, 4], mixed), None);
    }
}
