//! Order statistics found only as far as they are asked for.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::quantile::position;
use super::real::{LANES, Lanes, Mask, Real};
use super::simd::{Level, Work};

/// Values per bin, on average.
const PER_BIN: usize = 8;
/// Fewer values than this are dealt out all at once.
const MANY: usize = 1_024;
/// So many of the values show where the ends begin.
const SAMPLE: usize = 256;
/// Share of the values at either end.
const END: usize = SAMPLE / 10;

/// Values whose ranks are found as they are asked for.
///
/// What is asked for lies mostly near an end, so the tenths at both ends are set apart first. An end, or everything where
/// a rank between them is asked for, is dealt out to bins of equal width, and a bin is sorted when a rank in it is asked
/// for: a dozen quantiles cost a few passes instead of a sort.
#[derive(Debug, Clone, Default)]
pub struct Ordered {
    values: Vec<f64>,
    /// Whether the ends have been set apart.
    parted: bool,
    low: Bins,
    high: Bins,
    all: Bins,
    /// Room for setting apart.
    sample: Vec<f64>,
    below: Vec<f64>,
    above: Vec<f64>,
}

impl Ordered {
    /// Takes the finite values over; `None` if there is none.
    pub fn new(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        Self::of(values.into_iter().collect())
    }

    /// The same of values that are given away.
    pub fn of(values: Vec<f64>) -> Option<Self> {
        Self { values, ..Self::default() }.begin()
    }

    /// The same in the memory of another, whose values are forgotten.
    pub fn again(mut self, values: &[f64]) -> Option<Self> {
        self.values.clear();
        self.values.extend_from_slice(values);
        self.begin()
    }

    fn begin(mut self) -> Option<Self> {
        self.parted = false;
        self.low.values.clear();
        self.high.values.clear();
        self.all.values.clear();
        let mut finite = true;
        Level::best().run(Finite { values: &self.values, all: &mut finite });
        if !finite {
            self.values.retain(|x| x.is_finite());
        }
        (!self.values.is_empty()).then_some(self)
    }

    /// The values as they came.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Never: there is at least one value.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The value of this rank, counted from 0; the largest beyond the end.
    pub fn at(&mut self, rank: usize) -> f64 {
        let rank = rank.min(self.values.len() - 1);
        if !self.parted {
            self.part();
        }
        let high = self.values.len() - self.high.values.len();
        if rank < self.low.values.len() {
            return self.low.at(rank);
        }
        if rank >= high {
            return self.high.at(rank - high);
        }
        if self.all.values.is_empty() {
            self.all.deal(&self.values);
        }
        self.all.at(rank)
    }

    /// Sets the ends apart: everything below one mark and everything above another, so that ranks stay what they are.
    fn part(&mut self) {
        self.parted = true;
        let count = self.values.len();
        if count < MANY {
            return;
        }
        let sample = &mut self.sample;
        sample.clear();
        sample.extend(self.values.iter().step_by(count / SAMPLE).take(SAMPLE));
        let (_, low, _) = sample.select_nth_unstable_by(END, f64::total_cmp);
        let low = *low;
        let (_, high, _) = sample.select_nth_unstable_by(SAMPLE - 1 - END, f64::total_cmp);
        let high = *high;
        self.below.resize(count, 0.0);
        self.above.resize(count, 0.0);
        let (mut lower, mut higher) = (0, 0);
        // Without a branch, which would be guessed wrongly at every tenth value.
        for x in &self.values {
            self.below[lower] = *x;
            lower += usize::from(*x < low);
            self.above[higher] = *x;
            higher += usize::from(*x > high);
        }
        self.low.deal(&self.below[..lower]);
        self.high.deal(&self.above[..higher]);
    }

    /// Quantile of type 7 (Hyndman & Fan 1996), as [`super::quantile::quantile`].
    pub fn quantile(&mut self, p: f64) -> f64 {
        let (rank, fraction) = position(self.values.len(), p);
        let low = self.at(rank);
        if fraction == 0.0 {
            return low;
        }
        low + fraction * (self.at(rank + 1) - low)
    }
}

/// Values dealt out to bins of equal width, each sorted once somebody asks.
#[derive(Debug, Clone, Default)]
struct Bins {
    /// Bin after bin.
    values: Vec<f64>,
    /// Where each bin starts, and the end.
    starts: Vec<usize>,
    sorted: Vec<bool>,
    /// Where the next value of a bin goes, while dealing.
    next: Vec<usize>,
}

impl Bins {
    fn deal(&mut self, values: &[f64]) {
        let bins = values.len().div_ceil(PER_BIN);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for x in values {
            least = least.min(*x);
            most = most.max(*x);
        }
        let scale = bins as f64 / (most - least);
        // Never falls as x grows, however it is rounded; where nothing varies all values share a bin.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the bins")]
        let bin = |x: f64| (((x - least) * scale).min(bins as f64 - 1.0)) as u32 as usize;
        let next = &mut self.next;
        next.clear();
        next.resize(bins + 1, 0);
        for x in values {
            next[bin(*x) + 1] += 1;
        }
        for at in 0..bins {
            next[at + 1] += next[at];
        }
        self.starts.clone_from(next);
        self.values.resize(values.len(), 0.0);
        for x in values {
            let next = &mut next[bin(*x)];
            self.values[*next] = *x;
            *next += 1;
        }
        self.sorted.clear();
        self.sorted.resize(bins, false);
    }

    fn at(&mut self, rank: usize) -> f64 {
        let bin = self.starts.partition_point(|start| *start <= rank) - 1;
        if !self.sorted[bin] {
            self.values[self.starts[bin]..self.starts[bin + 1]].sort_unstable_by(f64::total_cmp);
            self.sorted[bin] = true;
        }
        self.values[rank]
    }
}

/// Whether all values are finite.
struct Finite<'a> {
    values: &'a [f64],
    all: &'a mut bool,
}

impl Work for Finite<'_> {
    #[inline(always)]
    fn run(self) {
        let groups = self.values.chunks_exact(LANES);
        let rest = groups.remainder().iter().all(|x| x.is_finite());
        let mut finite = <Lanes as Real>::Mask::all(true);
        for group in groups {
            finite = finite & Lanes::load(group).abs().below(Lanes::splat(f64::INFINITY));
        }
        *self.all = rest && !(!finite).any();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::stats::quantile::quantile;

    #[test]
    fn ranks_and_quantiles_are_those_of_a_sort_in_any_order_of_questions() {
        let values: Vec<f64> = (0..501_u32).map(|i| f64::from((i * 7919) % 503) / 17.0).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let mut ordered = Ordered::new(values.iter().copied().chain([f64::NAN])).unwrap();
        for rank in [250, 0, 500, 17, 16, 18, 400, 250, 999] {
            assert_eq!(ordered.at(rank).to_bits(), sorted[rank.min(500)].to_bits());
        }
        for p in [0.975, 0.025, 0.5, 0.0, 1.0, 0.9875, 0.333] {
            let expected = quantile(&mut values.clone(), p).unwrap();
            assert_eq!(ordered.quantile(p).to_bits(), expected.to_bits(), "{p}");
        }
        assert_eq!(ordered.len(), 501);
        // Nothing that varies, one value far away, both zeros, the ends of what a number can be.
        for mut values in [
            vec![0.1; 40],
            (0..40).map(|i| if i == 7 { 1e300 } else { f64::from(i) * 1e-9 }).collect(),
            vec![0.0, -0.0, 0.0, -0.0, 5e-324, -5e-324, 0.0, -0.0, 0.0, 0.0, -0.0, 0.0],
            vec![f64::MAX, -f64::MAX, 1.0, 2.0, -f64::MAX, 0.5, 3.0, 4.0, 5.0, 6.0],
        ] {
            let mut ordered = Ordered::new(values.clone()).unwrap();
            values.sort_by(f64::total_cmp);
            let found: Vec<u64> = (0..values.len()).rev().map(|rank| ordered.at(rank).to_bits()).collect();
            assert!(found.iter().rev().eq(values.iter().map(|x| x.to_bits()).collect::<Vec<_>>().iter()));
        }
        assert!(Ordered::new([f64::NAN]).is_none());
    }

    #[test]
    fn ranks_of_many_values_are_those_of_a_sort_whether_near_an_end_or_not() {
        let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761) >> 8) / 16_777_216.0;
        for values in [
            (0..5_000).map(noise).collect::<Vec<_>>(),
            // Many ties, both zeros, everything the same but one, ascending, all in one half.
            (0..5_000).map(|i| (noise(i) * 8.0).floor() - 3.0).collect(),
            (0..5_000).map(|i| if i % 2 == 0 { 0.0 } else { -0.0 }).collect(),
            (0..5_000).map(|i| if i == 4_321 { 1e300 } else { 0.5 }).collect(),
            (0..5_000).map(f64::from).collect(),
            (0..5_000).map(|i| (-30.0 * noise(i)).exp()).collect(),
        ] {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let mut ordered = Ordered::new(values.clone()).unwrap();
            for rank in (0..5_000).step_by(7).chain([4_999, 0, 1, 4_998, 2_500]) {
                assert_eq!(ordered.at(rank).to_bits(), sorted[rank].to_bits(), "{rank}");
            }
            assert_eq!(ordered.values(), values);
            // The memory is used again by fewer values, and by more.
            for part in [&values[..900], &values[..4_000], &values[..]] {
                let mut sorted = part.to_vec();
                sorted.sort_by(f64::total_cmp);
                ordered = ordered.again(part).unwrap();
                for rank in [part.len() / 40, part.len() / 2, part.len() - 3] {
                    assert_eq!(ordered.at(rank).to_bits(), sorted[rank].to_bits());
                }
            }
        }
    }
}
