//! Order statistics found only as far as they are asked for.

use super::quantile::position;

/// Values whose ranks are put in place one by one: each question partitions what no earlier question has settled, so that
/// a handful of quantiles costs a few passes instead of a sort.
#[derive(Debug, Clone)]
pub struct Ordered {
    values: Vec<f64>,
    /// Ranks that are in place, ascending.
    settled: Vec<usize>,
}

impl Ordered {
    /// Takes the finite values over; `None` if there is none.
    pub fn new(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
        (!values.is_empty()).then_some(Self { values, settled: Vec::new() })
    }

    /// The values, in no particular order.
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
        if let Err(place) = self.settled.binary_search(&rank) {
            let from = if place == 0 { 0 } else { self.settled[place - 1] + 1 };
            let to = self.settled.get(place).copied().unwrap_or(self.values.len());
            self.values[from..to].select_nth_unstable_by(rank - from, f64::total_cmp);
            self.settled.insert(place, rank);
        }
        self.values[rank]
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
        assert!(Ordered::new([f64::NAN]).is_none());
    }
}
