//! GENVAR: scores whose correlation matrix has the smallest determinant (Steel 1951; Kettenring 1971).
//!
//! With the other scores held, `det C = det C_{−j} (1 − c' C_{−j}⁻¹ c)`, `c` the correlations with score j; so the best score
//! maximises `u' X C_{−j}⁻¹ X' u`: it is the one that the other scores explain best.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::canonical::{Ascent, ascend, leading};
use crate::stats::linear;

pub(super) fn solve(plan: &Plan, s: &[f64]) -> Result<Solved, Failure> {
    let k = plan.constructs();
    // A singular matrix is the best there can be.
    ascend(plan, s, &best, &|ascent| -linear::ln_det(&ascent.correlations(), k).unwrap_or(f64::NEG_INFINITY))
}

fn best(ascent: &Ascent<'_>, j: usize) -> Option<Vec<f64>> {
    let columns = ascent.whitened(j);
    let m = columns.len();
    let k = m + 1;
    let all = ascent.correlations();
    let others: Vec<f64> =
        (0..k * k).filter(|at| at / k != j && at % k != j).filter_map(|at| all.get(at).copied()).collect();
    leading(&columns, &linear::inverse(&others, m)?)
}
