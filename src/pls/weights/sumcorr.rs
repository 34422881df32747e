//! SUMCORR: scores whose correlations have the largest sum (Horst 1961; Kettenring 1971).
//!
//! With the other scores held, `Σ_l corr(y_j, y_l)` is largest for the regression of their sum on block j.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::canonical::{Ascent, ascend};

pub(super) fn solve(plan: &Plan, s: &[f64]) -> Result<Solved, Failure> {
    ascend(plan, s, &best, &|ascent| ascent.correlations().iter().sum())
}

fn best(ascent: &Ascent<'_>, j: usize) -> Option<Vec<f64>> {
    let columns = ascent.whitened(j);
    let size = columns.first()?.len();
    let sum: Vec<f64> = (0..size).map(|i| columns.iter().map(|column| column[i]).sum()).collect();
    sum.iter().any(|x| x.abs() > 1e-300).then_some(sum)
}
