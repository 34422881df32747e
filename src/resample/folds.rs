//! Folds of cases or clusters, and permutations of group membership.

use super::groups::Groups;
use super::random::{Purpose, shuffle, stream_for};

/// Repeated k folds: in every repeat each case belongs to one of `k` folds, whose sizes differ by one at most. As many folds
/// as cases leave one out at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folds {
    /// Number of folds.
    pub k: usize,
    /// How often the cases are dealt out anew.
    pub repeats: usize,
    /// Seed; stream r of it deals repeat r.
    pub seed: u64,
}

impl Folds {
    /// Leaves each of `cases` cases out once.
    pub fn leave_one_out(cases: usize) -> Self {
        Self { k: cases, repeats: 1, seed: 0 }
    }

    /// Training sets altogether.
    pub fn rows(&self) -> usize {
        self.k.saturating_mul(self.repeats)
    }

    /// Whether so many units are left out one by one, in their order.
    pub fn leaves_one_out(&self, units: usize) -> bool {
        self.k >= units
    }

    /// The fold of every case in a repeat. With as many folds as cases, case i is fold i.
    pub fn assignment(&self, repeat: usize, cases: usize) -> Vec<usize> {
        let k = self.k.max(1);
        let mut folds: Vec<usize> = (0..cases).map(|case| case % k).collect();
        if !self.leaves_one_out(cases) {
            shuffle(&mut stream_for(self.seed, Purpose::Folds, repeat as u64), &mut folds);
        }
        folds
    }

    /// The fold of every unit in a repeat, dealt stratum by stratum: each stratum is spread over all folds as evenly as it can
    /// be, and so are all units (Kott 2001).
    pub fn dealt(&self, repeat: usize, strata: &[Vec<usize>]) -> Vec<usize> {
        let k = self.k.max(1);
        let mut folds = vec![0; strata.iter().map(Vec::len).sum()];
        let mut rng = stream_for(self.seed, Purpose::Folds, repeat as u64);
        let mut next = 0;
        for members in strata {
            let mut order = members.clone();
            shuffle(&mut rng, &mut order);
            for unit in order {
                if let Some(fold) = folds.get_mut(unit) {
                    *fold = next % k;
                }
                next += 1;
            }
        }
        folds
    }

    /// Weights of training set `row` (fold `row % k` of repeat `row / k`): 0 for the cases held out, 1 for the others.
    pub fn training(&self, row: usize, weights: &mut [f64]) {
        let k = self.k.max(1);
        let folds = self.assignment(row / k, weights.len());
        for (weight, fold) in weights.iter_mut().zip(folds) {
            *weight = f64::from(u8::from(fold != row % k));
        }
    }
}

/// The group of every case in permutation `b` of the seed: the groups keep their sizes, membership is random.
pub fn permuted(groups: &Groups, seed: u64, b: usize) -> Vec<usize> {
    let mut labels = groups.of_case.clone();
    shuffle(&mut stream_for(seed, Purpose::Permutation, b as u64), &mut labels);
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_have_equal_sizes_and_every_case_is_held_out_once_per_repeat() {
        let folds = Folds { k: 4, repeats: 3, seed: 9 };
        for repeat in 0..3 {
            let mut held_out = vec![0; 23];
            for fold in 0..4 {
                let mut weights = vec![9.0; 23];
                folds.training(repeat * 4 + fold, &mut weights);
                let out = weights.iter().filter(|w| **w == 0.0).count();
                assert!((5..=6).contains(&out));
                weights.iter().zip(&mut held_out).for_each(|(w, h)| *h += i32::from(*w == 0.0));
            }
            assert!(held_out.iter().all(|times| *times == 1));
        }
        assert_ne!(folds.assignment(0, 23), folds.assignment(1, 23));
        assert_eq!(folds.assignment(2, 23), folds.assignment(2, 23));
        assert_eq!(folds.rows(), 12);
    }

    #[test]
    fn leave_one_out_takes_the_cases_in_order() {
        let folds = Folds::leave_one_out(5);
        let mut weights = vec![0.0; 5];
        folds.training(3, &mut weights);
        assert_eq!(weights, [1.0, 1.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn strata_are_spread_over_all_folds() {
        let strata = [(0..7).collect::<Vec<_>>(), (7..20).collect(), (20..23).collect()];
        let folds = Folds { k: 3, repeats: 2, seed: 4 };
        for repeat in 0..2 {
            let fold = folds.dealt(repeat, &strata);
            let size =
                |of: &mut dyn Iterator<Item = usize>, f: usize| of.filter(|unit| fold[*unit] == f).count();
            for f in 0..3 {
                for members in &strata {
                    let own = size(&mut members.iter().copied(), f);
                    assert!((members.len() / 3..=members.len().div_ceil(3)).contains(&own), "{own}");
                }
                assert!((7..=8).contains(&size(&mut (0..23), f)));
            }
        }
        assert_ne!(folds.dealt(0, &strata), folds.dealt(1, &strata));
    }

    #[test]
    fn permutations_keep_the_sizes_of_the_groups() {
        let of_case: Vec<usize> = (0..30).map(|i| usize::from(i % 3 == 0)).collect();
        let groups = Groups { column: "g".to_owned(), names: vec!["a".to_owned(), "b".to_owned()], of_case };
        let (one, other) = (permuted(&groups, 1, 0), permuted(&groups, 1, 1));
        assert_ne!(one, other);
        assert_eq!(one, permuted(&groups, 1, 0));
        assert!([one, other].iter().all(|labels| labels.iter().sum::<usize>() == 10));
    }
}
