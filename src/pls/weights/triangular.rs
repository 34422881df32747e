//! Cholesky factors of the blocks' correlations, and solving by them.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::block_correlations;
use crate::stats::linear;

/// Cholesky factors `L_j` of the blocks' correlations.
pub(super) fn factors(plan: &Plan, s: &[f64]) -> Result<Vec<Vec<f64>>, Failure> {
    (0..plan.constructs())
        .map(|j| {
            let mut own = block_correlations(plan, s, j);
            if linear::cholesky(&mut own, plan.blocks[j].len) {
                Ok(own)
            } else {
                Err(Failure::CollinearBlock(j))
            }
        })
        .collect()
}

/// `L⁻¹ x` in place.
pub(super) fn forward(l: &[f64], k: usize, x: &mut [f64]) {
    for i in 0..k {
        let sum: f64 = (0..i).map(|j| l[i * k + j] * x[j]).sum();
        x[i] = (x[i] - sum) / l[i * k + i];
    }
}

/// `L⁻ᵀ x` in place.
pub(super) fn backward(l: &[f64], k: usize, x: &mut [f64]) {
    for i in (0..k).rev() {
        let sum: f64 = (i + 1..k).map(|j| l[j * k + i] * x[j]).sum();
        x[i] = (x[i] - sum) / l[i * k + i];
    }
}
