//! Folds of a cross-validation, and permutations of group membership.

use super::groups::Groups;
use super::random::{Purpose, shuffle, stream_for};

/// Repeated k-fold cross-validation: in every repeat each case belongs to one of `k` folds, whose sizes differ by one at
/// most. As many folds as cases leave one out at a time.
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
        self.k * self.repeats
    }

    /// The fold of every case in a repeat. With as many folds as cases, case i is fold i.
    pub fn assignment(&self, repeat: usize, cases: usize) -> Vec<usize> {
        let k = self.k.max(1);
        let mut folds: Vec<usize> = (0..cases).map(|case| case % k).collect();
        if k < cases {
            shuffle(&mut stream_for(self.seed, Purpose::Folds, repeat as u64), &mut folds);
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
    fn permutations_keep_the_sizes_of_the_groups() {
        let of_case: Vec<usize> = (0..30).map(|i| usize::from(i % 3 == 0)).collect();
        let groups = Groups { column: "g".to_owned(), names: vec!["a".to_owned(), "b".to_owned()], of_case };
        let (one, other) = (permuted(&groups, 1, 0), permuted(&groups, 1, 1));
        assert_ne!(one, other);
        assert_eq!(one, permuted(&groups, 1, 0));
        assert!([one, other].iter().all(|labels| labels.iter().sum::<usize>() == 10));
    }
}
