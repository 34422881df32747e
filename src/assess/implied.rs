//! Model-implied correlations.
//!
//! With loadings `Λ` (zero outside blocks) and construct correlations `V`, the items correlate
//! `Σ = Λ V Λ' + Θ`, `Θ` restoring the unit diagonal. Composites make no claim about the correlations within their
//! block, so the sample's values stand there; so do pairs of items with correlated errors.
//!
//! The **saturated** model lets all constructs correlate freely (`V = P`); the **estimated** model derives `V` from
//! the paths: exogenous correlations `Φ`, `V_xy = Φ G'(I − B)⁻ᵀ`,
//! `V_yy = (I − B)⁻¹ (G Φ G' + Ψ)(I − B)⁻ᵀ` with its diagonal set to 1.

use crate::model::Kind;
use crate::pls::{Estimate, PlsFit};
use crate::stats::linear;

/// Correlations that a model implies.
#[derive(Debug, Clone, PartialEq)]
pub struct Implied {
    /// Of the constructs, row-major.
    pub constructs: Vec<f64>,
    /// Of the items, row-major.
    pub items: Vec<f64>,
}

impl Implied {
    /// Implied by the paths (`saturated = false`) or by free construct correlations.
    pub fn of(fit: &PlsFit, saturated: bool) -> Self {
        let constructs = if saturated || fit.plan.paths == 0 {
            fit.estimate.construct_correlations.clone()
        } else {
            by_paths(fit)
        };
        let items = item_correlations(fit, &constructs);
        Self { constructs, items }
    }
}

/// Construct correlations along the paths, outcome after outcome in causal order.
///
/// For a recursive model with uncorrelated residuals, `cov(y, z) = Σ_x b_x cov(x, z)` for every z that stands
/// before y; that is the matrix formula above, row by row.
fn by_paths(fit: &PlsFit) -> Vec<f64> {
    let mut v = if fit.plan.recursive { in_order(fit) } else { in_cycles(fit) };
    let k = fit.plan.constructs();
    // What the model frees beyond the paths is as observed.
    for &(a, b) in &fit.plan.correlated {
        v[a * k + b] = fit.estimate.construct_correlations[a * k + b];
        v[b * k + a] = v[a * k + b];
    }
    v
}

/// The same where paths run in cycles, by the matrix formula.
fn in_cycles(fit: &PlsFit) -> Vec<f64> {
    let k = fit.plan.constructs();
    let p = &fit.estimate.construct_correlations;
    let paths = fit.standardised_paths();
    let mut standardised: Estimate = fit.estimate.clone();
    standardised.paths.clone_from(&paths);
    let Some(spread) = standardised.propagation(&fit.plan) else { return vec![f64::NAN; k * k] };
    // Covariances of what comes from outside: exogenous constructs, and residuals of the others.
    let mut outside = vec![0.0; k * k];
    let explained: Vec<Option<f64>> = (0..k)
        .map(|j| {
            let equation = fit.plan.equations.iter().find(|equation| equation.outcome == j)?;
            let steps = equation.predictors.iter().zip(&equation.paths);
            Some(steps.map(|(&x, &path)| paths[path] * p[x * k + j]).sum())
        })
        .collect();
    for a in 0..k {
        for b in 0..k {
            outside[a * k + b] = match (explained[a], explained[b]) {
                (None, None) => p[a * k + b],
                (Some(explained), _) if a == b => 1.0 - explained,
                _ => 0.0,
            };
        }
    }
    let transposed: Vec<f64> = (0..k * k).map(|at| spread[(at % k) * k + at / k]).collect();
    let mut v = linear::product(&linear::product(&spread, &outside, k), &transposed, k);
    (0..k).for_each(|j| v[j * k + j] = 1.0);
    v
}

fn in_order(fit: &PlsFit) -> Vec<f64> {
    let k = fit.plan.constructs();
    let p = &fit.estimate.construct_correlations;
    let paths = fit.standardised_paths();
    let endogenous: Vec<usize> = fit.plan.equations.iter().map(|equation| equation.outcome).collect();
    let mut v = vec![0.0; k * k];
    let mut placed: Vec<usize> = (0..k).filter(|j| !endogenous.contains(j)).collect();
    for &a in &placed {
        for &b in &placed {
            v[a * k + b] = if a == b { 1.0 } else { p[a * k + b] };
        }
    }
    for equation in &fit.plan.equations {
        let y = equation.outcome;
        for &z in &placed {
            let covariance: f64 = equation
                .predictors
                .iter()
                .zip(&equation.paths)
                .map(|(&x, &path)| paths[path] * v[x * k + z])
                .sum();
            v[y * k + z] = covariance;
            v[z * k + y] = covariance;
        }
        let along = |m: &[f64]| -> f64 {
            let steps = equation.predictors.iter().zip(&equation.paths);
            steps.map(|(&x, &path)| paths[path] * m[x * k + y]).sum()
        };
        // Residual variance from the sample, the rest along the paths: not exactly 1 where a predictor's own
        // correlations are not reproduced. It is passed on as it is and set to 1 only at the end.
        v[y * k + y] = along(&v) + 1.0 - along(p);
        placed.push(y);
    }
    for j in 0..k {
        v[j * k + j] = 1.0;
    }
    v
}

fn item_correlations(fit: &PlsFit, v: &[f64]) -> Vec<f64> {
    let p = fit.moments.len();
    let k = fit.plan.constructs();
    let block: Vec<usize> = (0..p).map(|i| fit.block_of(i)).collect();
    let loading = &fit.estimate.loadings;
    let mut sigma = vec![0.0; p * p];
    for a in 0..p {
        for b in 0..p {
            let (i, j) = (block[a], block[b]);
            let composite = i == j && fit.model.constructs()[i].kind == Kind::Composite;
            sigma[a * p + b] = if a == b {
                1.0
            } else if composite {
                fit.moments.r(a, b)
            } else {
                loading[a] * v[i * k + j] * loading[b]
            };
        }
    }
    for (a, b) in fit.model.correlated_errors() {
        let (a, b) = (a.index(), b.index());
        sigma[a * p + b] = fit.moments.r(a, b);
        sigma[b * p + a] = fit.moments.r(a, b);
    }
    sigma
}
