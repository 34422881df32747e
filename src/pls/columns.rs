//! Case-level columns: standardised answers, scores, and products of them.
//!
//! Everything linear in the items has its moments from their correlations; only products need the cases. A column is
//! standardised under the case weights in use, missing answers taking the mean, before anything is multiplied.

use crate::survey::Sample;

/// Answers and how much each case counts.
#[derive(Debug, Clone, Copy)]
pub struct Cases<'a> {
    /// The answers.
    pub sample: &'a Sample,
    /// Weights of the cases; `None` for the sample's own.
    pub weights: Option<&'a [f64]>,
}

/// Standardised items of a sample under case weights.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Standardised answers per item, 0 where missing.
    z: Vec<Vec<f64>>,
    /// Means of the answers.
    pub(super) mean: Vec<f64>,
    /// Their standard deviations, divisor Σw − 1.
    pub(super) sd: Vec<f64>,
    weights: Vec<f64>,
    pub(super) total: f64,
}

impl Columns {
    /// `None` if an item does not vary or has no answer.
    pub(super) fn new(cases: &Cases<'_>) -> Option<Self> {
        let count = cases.sample.cases();
        let weights = cases
            .weights
            .or(cases.sample.weights.as_deref())
            .map_or_else(|| vec![1.0; count], <[f64]>::to_vec);
        let total: f64 = weights.iter().sum();
        let (mut means, mut sds, mut z) = (Vec::new(), Vec::new(), Vec::new());
        for column in &cases.sample.columns {
            let seen = || column.iter().zip(&weights).filter(|(x, _)| !x.is_nan());
            let weight: f64 = seen().map(|(_, w)| w).sum();
            let mean = seen().map(|(x, w)| w * x).sum::<f64>() / weight;
            let squares: f64 = seen().map(|(x, w)| w * (x - mean) * (x - mean)).sum();
            let sd = (squares / (total - 1.0)).sqrt();
            if sd.is_nan() || sd <= 0.0 {
                return None;
            }
            means.push(mean);
            sds.push(sd);
            z.push(column.iter().map(|x| if x.is_nan() { 0.0 } else { (x - mean) / sd }).collect());
        }
        Some(Self { z, mean: means, sd: sds, weights, total })
    }

    /// The combination of the standardised items with these coefficients.
    pub(super) fn combine(&self, form: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.weights.len()];
        for (coefficient, column) in form.iter().zip(&self.z).filter(|(c, _)| **c != 0.0) {
            out.iter_mut().zip(column).for_each(|(sum, x)| *sum += coefficient * x);
        }
        out
    }

    /// An item as it was answered, the mean where the answer is missing.
    pub(super) fn raw(&self, item: usize) -> Vec<f64> {
        self.z[item].iter().map(|x| self.mean[item] + self.sd[item] * x).collect()
    }

    /// Covariances of a centred column with all items, divisor Σw − 1.
    pub(super) fn covariances(&self, column: &[f64]) -> Vec<f64> {
        self.z.iter().map(|z| self.covariance(column, z)).collect()
    }

    /// Covariance of two columns of which one is centred.
    pub(super) fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        self.sum_of_products(a, b) / (self.total - 1.0)
    }

    fn sum_of_products(&self, a: &[f64], b: &[f64]) -> f64 {
        self.weights.iter().zip(a.iter().zip(b)).map(|(w, (x, y))| w * x * y).sum()
    }

    /// Takes the mean off a column and gives it.
    pub(super) fn centre(&self, column: &mut [f64]) -> f64 {
        let mean = self.weights.iter().zip(column.iter()).map(|(w, x)| w * x).sum::<f64>() / self.total;
        for x in column.iter_mut() {
            *x -= mean;
        }
        mean
    }

    /// Sum over the cases of the product of columns, each to a power.
    pub(super) fn power_sum(&self, powers: &[(&[f64], u32)]) -> f64 {
        let term = |i: usize| -> f64 {
            powers.iter().map(|(column, power)| column[i].powi(i32::try_from(*power).unwrap_or(0))).product()
        };
        self.weights.iter().enumerate().filter(|(_, w)| **w != 0.0).map(|(i, w)| w * term(i)).sum()
    }
}
