//! Effect size f² (Cohen 1988): `(R² − R² without the predictor) / (1 − R²)`.

use super::conventions::FSquared;
use crate::pls::{Estimate, Plan, PlsFit};
use crate::stats::linear;
use crate::stats::real::Real;
use crate::table::Matrix;

/// f² of a path from its coefficient, the VIF of its predictor and the R² of its outcome: R² loses `b²/VIF` without the
/// path, as long as the weights stay as they are.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn effect_size<R: Real>(b: R, vif: R, r_squared: R) -> R {
    b * b / (vif * (R::one() - r_squared))
}

/// f² of every path, predictor × outcome.
pub(crate) fn f_squared(fit: &PlsFit, convention: FSquared) -> Matrix {
    let k = fit.plan.constructs();
    let p = &fit.estimate.construct_correlations;
    let mut matrix = Matrix::zeros(fit.constructs(), fit.constructs());
    for (equation, &r2) in fit.plan.equations.iter().zip(&fit.estimate.r_squared) {
        for &x in &equation.predictors {
            let rest: Vec<usize> = equation.predictors.iter().copied().filter(|&other| other != x).collect();
            let without = match convention {
                FSquared::FixedWeights if rest.is_empty() => Some(0.0),
                FSquared::FixedWeights => {
                    linear::regress(|i, j| p[i * k + j], &rest, equation.outcome).map(|(_, r2)| r2)
                }
                // Moments have no plan that could be run without a path; their weights come from a stage before.
                FSquared::Reestimated if fit.is_by_moments() && rest.is_empty() => Some(0.0),
                FSquared::Reestimated if fit.is_by_moments() => {
                    linear::regress(|i, j| p[i * k + j], &rest, equation.outcome).map(|(_, r2)| r2)
                }
                FSquared::Reestimated => reestimated(fit, x, equation.outcome),
            };
            let value = without.map_or(f64::NAN, |without| (r2 - without) / (1.0 - r2));
            matrix.set(x, equation.outcome, value);
        }
    }
    matrix
}

/// R² of `outcome` after the whole model is estimated again without the path from `x`; 0 if that was its only path.
fn reestimated(fit: &PlsFit, x: usize, outcome: usize) -> Option<f64> {
    let plan = without_path(&fit.plan, x, outcome);
    let mut estimate = Estimate::default();
    estimate.run(&plan, &fit.moments.correlation).ok()?;
    let at = plan.equations.iter().position(|equation| equation.outcome == outcome);
    Some(at.map_or(0.0, |at| estimate.r_squared[at]))
}

fn without_path(plan: &Plan, from: usize, to: usize) -> Plan {
    let mut plan = plan.clone();
    plan.predecessors[to].retain(|&l| l != from);
    plan.successors[from].retain(|&l| l != to);
    for equation in plan.equations.iter_mut().filter(|equation| equation.outcome == to) {
        if let Some(at) = equation.predictors.iter().position(|&l| l == from) {
            equation.predictors.remove(at);
            equation.paths.remove(at);
        }
    }
    plan.equations.retain(|equation| !equation.predictors.is_empty());
    // A construct that loses its only path leaves the model: it keeps its starting weights, which nothing reads.
    for j in [from, to] {
        if plan.predecessors[j].is_empty() && plan.successors[j].is_empty() {
            let block = &mut plan.blocks[j];
            block.fixed = Some(vec![1.0; block.len]);
            block.corrected = false;
            block.reliability = None;
        }
    }
    plan.chains.clear();
    plan.find_pairs();
    plan
}
