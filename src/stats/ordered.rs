//! Order statistics found only as far as they are asked for.

use super::quantile::position;

/// Values per bin, on average.
const PER_BIN: usize = 8;

/// Values whose ranks are put in place bin by bin: the first question deals them out to bins of equal width, and a bin is
/// sorted when a rank in it is asked for, so that a dozen quantiles cost two passes instead of a sort.
#[derive(Debug, Clone, Default)]
pub struct Ordered {
    values: Vec<f64>,
    /// Where each bin starts, and the end; empty before the first question.
    starts: Vec<usize>,
    sorted: Vec<bool>,
    /// Room for dealing.
    dealt: Vec<f64>,
    ends: Vec<usize>,
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
        self.starts.clear();
        // Without a branch: nearly always all of them are.
        if !self.values.iter().fold(true, |all, x| all & x.is_finite()) {
            self.values.retain(|x| x.is_finite());
        }
        (!self.values.is_empty()).then_some(self)
    }

    /// The values: as they came before the first question about a rank, in no particular order after it.
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
        if self.starts.is_empty() {
            self.deal();
        }
        let rank = rank.min(self.values.len() - 1);
        let bin = self.starts.partition_point(|start| *start <= rank) - 1;
        if !self.sorted[bin] {
            self.values[self.starts[bin]..self.starts[bin + 1]].sort_unstable_by(f64::total_cmp);
            self.sorted[bin] = true;
        }
        self.values[rank]
    }

    /// Deals the values out to their bins.
    fn deal(&mut self) {
        let bins = self.values.len().div_ceil(PER_BIN);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for x in &self.values {
            least = least.min(*x);
            most = most.max(*x);
        }
        let scale = bins as f64 / (most - least);
        // Never falls as x grows, however it is rounded; where nothing varies all values share a bin.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the bins")]
        let bin = |x: f64| (((x - least) * scale).min(bins as f64 - 1.0)) as u32 as usize;
        let ends = &mut self.ends;
        ends.clear();
        ends.resize(bins + 1, 0);
        for x in &self.values {
            ends[bin(*x) + 1] += 1;
        }
        for at in 0..bins {
            ends[at + 1] += ends[at];
        }
        self.starts.clone_from(ends);
        self.dealt.resize(self.values.len(), 0.0);
        for x in &self.values {
            let next = &mut ends[bin(*x)];
            self.dealt[*next] = *x;
            *next += 1;
        }
        std::mem::swap(&mut self.values, &mut self.dealt);
        self.sorted.clear();
        self.sorted.resize(bins, false);
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
}
