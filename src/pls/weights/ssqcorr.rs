//! SSQCORR: scores whose squared correlations have the largest sum (Kettenring 1971).
//!
//! With the other scores held, `Σ_l corr(y_j, y_l)² = u' X X' u`, `X` the covariances of the block's uncorrelated
//! coordinates with the other scores; the first eigenvector is best.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::canonical::{Ascent, ascend, leading};

pub(super) fn solve(plan: &Plan, s: &[f64]) -> Result<Solved, Failure> {
    ascend(plan, s, &best, &|ascent| ascent.correlations().iter().map(|r| r * r).sum())
}

fn best(ascent: &Ascent<'_>, j: usize) -> Option<Vec<f64>> {
    let columns = ascent.whitened(j);
    let m = columns.len();
    let identity: Vec<f64> = (0..m * m).map(|at| f64::from(u8::from(at / m == at % m))).collect();
    leading(&columns, &identity)
}
