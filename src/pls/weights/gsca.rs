//! Generalised structured component analysis (Hwang & Takane 2004, doi:10.1007/BF02295841).
//!
//! One least-squares criterion for the whole model: `‖V − A'W‖²` in the metric of `S`, where `W` holds the weights (one row
//! per score), `V = [I; W]` all items and scores as functions of the items, and `A = [loadings | B']` says what the scores
//! explain of them. Common factors have loadings in `A`, composites have none. Alternating:
//!
//! 1. `A` by least squares: loadings are correlations with the own score, paths regressions on scores;
//! 2. weights block by block: with `β = e_t' − A_j.` and `Δ = A'W − V` without score j,
//!    `w_j = S_jj⁻¹ (β Δ S_.j)' / ββ'`, at once brought to a score of variance 1, before the next block is looked at.

use nalgebra::DMatrix;

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::triangular::factors;
use crate::stats::linear;

pub(super) fn solve(plan: &Plan, s: &[f64]) -> Result<Solved, Failure> {
    let (p, k) = (plan.items, plan.constructs());
    let factors = factors(plan, s)?;
    let s = DMatrix::from_row_slice(p, p, s);
    let mut w = DMatrix::<f64>::zeros(k, p);
    for (j, block) in plan.blocks.iter().enumerate() {
        (block.start..block.start + block.len).for_each(|i| w[(j, i)] = plan.start[i]);
    }
    (0..k).try_for_each(|j| rescale(&s, &mut w, j))?;
    let mut solved = Solved::default();
    while solved.iterations < plan.max_iterations && !solved.converged {
        solved.iterations += 1;
        let old = w.clone();
        let a = coefficients(plan, &s, &w)?;
        for (j, block) in plan.blocks.iter().enumerate() {
            let mut beta = -a.row(j);
            beta[p + j] += 1.0;
            // β Δ, where Δ = A'W₋ⱼ − V₋ₜ
            let onto = &beta * a.transpose();
            let mut delta = DMatrix::<f64>::zeros(1, p);
            for l in (0..k).filter(|&l| l != j) {
                delta += w.row(l) * (onto[l] - beta[p + l]);
            }
            (0..p).for_each(|i| delta[i] -= beta[i]);
            let target = &delta * &s;
            let mut own: Vec<f64> =
                (block.start..block.start + block.len).map(|i| target[i] / beta.norm_squared()).collect();
            linear::cholesky_solve(&factors[j], block.len, &mut own);
            // A composite that nothing is joined to stays as it is.
            if own.iter().any(|x| x.abs() > 1e-300) {
                own.iter().enumerate().for_each(|(at, x)| w[(j, block.start + at)] = *x);
                rescale(&s, &mut w, j)?;
            }
        }
        solved.change = (&w - &old).amax();
        solved.converged = solved.change < plan.tolerance;
    }
    for (j, block) in plan.blocks.iter().enumerate() {
        solved.weights.extend((block.start..block.start + block.len).map(|i| w[(j, i)]));
    }
    Ok(solved)
}

/// `A`: constructs × (items, constructs).
fn coefficients(plan: &Plan, s: &DMatrix<f64>, w: &DMatrix<f64>) -> Result<DMatrix<f64>, Failure> {
    let (p, k) = (plan.items, plan.constructs());
    let cross = w * s;
    let c = &cross * w.transpose();
    let mut a = DMatrix::zeros(k, p + k);
    for (j, block) in plan.blocks.iter().enumerate().filter(|(_, block)| block.reflective) {
        (block.start..block.start + block.len).for_each(|i| a[(j, i)] = cross[(j, i)]);
    }
    for equation in &plan.equations {
        let (b, _) = linear::regress(|i, j| c[(i, j)], &equation.predictors, equation.outcome)
            .ok_or(Failure::CollinearPredictors(equation.outcome))?;
        equation.predictors.iter().zip(b).for_each(|(&x, b)| a[(x, p + equation.outcome)] = b);
    }
    Ok(a)
}

/// Score j to variance 1.
fn rescale(s: &DMatrix<f64>, w: &mut DMatrix<f64>, j: usize) -> Result<(), Failure> {
    let row = w.row(j);
    let variance = (row * s * row.transpose())[0];
    if variance.is_nan() || variance <= 1e-14 * row.norm_squared() {
        return Err(Failure::NoVariance(j));
    }
    w.row_mut(j).scale_mut(1.0 / variance.sqrt());
    Ok(())
}
