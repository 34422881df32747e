//! Model-implied correlations.
//!
//! With loadings `Λ` (zero outside blocks) and construct correlations `V`, the items correlate
//! `Σ = Λ V Λ' + Θ`, `Θ` restoring the unit diagonal. Composites make no claim about the correlations within their
//! block, so the sample's values stand there; so do pairs of items with correlated errors.
//!
//! The **saturated** model lets all constructs correlate freely (`V = P`); the **estimated** model derives `V` from
//! the paths: exogenous correlations `Φ`, `V_xy = Φ G'(I − B)⁻ᵀ`,
//! `V_yy = (I − B)⁻¹ (G Φ G' + Ψ)(I − B)⁻ᵀ` with its diagonal set to 1.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::conventions::ComponentSource;
use super::leaves::{self, Answers};
use crate::pls::{Estimate, Estimates, Plan, PlsFit, propagation};
use crate::stats::linear;
use crate::stats::real::Real;

/// Correlations that a model implies.
#[derive(Debug, Clone, PartialEq)]
pub struct Implied {
    /// Of the constructs, row-major.
    pub constructs: Vec<f64>,
    /// Of the items of the model as written, row-major; products and repeated items are none of them.
    pub items: Vec<f64>,
}

impl Implied {
    /// Implied by the paths (`saturated = false`) or by free construct correlations, components of composites correlating as
    /// `components` says.
    pub fn of(fit: &PlsFit, saturated: bool, components: ComponentSource) -> Self {
        // What joins paths to correlations needs them in standard deviations.
        let mut standardised = fit.estimate.clone();
        standardised.paths = fit.standardised_paths();
        if let Some(staged) = &fit.staged {
            let constructs = Self::constructs_by(&fit.plan, &standardised, saturated);
            let estimates: Vec<&Estimate> = leaves::stages(fit).iter().map(|stage| &stage.estimate).collect();
            let mut items = Vec::new();
            let s = &fit.answer_moments().correlation;
            Answers::of(&staged.stages).implied(&estimates, s, (&constructs, components), &mut items);
            return Self { constructs, items };
        }
        Self::by(&fit.plan, &standardised, &fit.moments.correlation, saturated)
    }

    /// The same for any estimate of a plan from the correlations `s`, its paths in standard deviations.
    pub(crate) fn by(plan: &Plan, estimate: &Estimate, s: &[f64], saturated: bool) -> Self {
        let constructs = Self::constructs_by(plan, estimate, saturated);
        let items = item_correlations(plan, estimate, s, &constructs);
        Self { constructs, items }
    }

    /// Its constructs alone.
    fn constructs_by(plan: &Plan, estimate: &Estimate, saturated: bool) -> Vec<f64> {
        let mut v = Vec::new();
        implied_constructs(plan, estimate, saturated, &mut v);
        v
    }
}

/// Sum of the squared differences between observed and implied correlations below the diagonal, without writing the implied
/// ones down: all that SRMR and d_ULS need, in every resample. `v` is a buffer.
#[inline(always)]
pub(crate) fn squared_residuals<R: Real>(
    plan: &Plan,
    estimate: &Estimates<R>,
    s: &[R],
    saturated: bool,
    v: &mut Vec<R>,
) -> R {
    let (p, k) = (plan.items, plan.constructs());
    implied_constructs(plan, estimate, saturated, v);
    let loadings = &estimate.loadings;
    let mut sum = R::zero();
    for (i, own) in plan.blocks.iter().enumerate() {
        for a in own.start..own.start + own.len {
            let row = &s[a * p..a * p + p];
            for (j, other) in plan.blocks[..i].iter().enumerate() {
                let scale = loadings[a] * v[i * k + j];
                let items = other.start..other.start + other.len;
                for (r, loading) in row[items.clone()].iter().zip(&loadings[items]) {
                    let residual = *r - scale * *loading;
                    sum += residual * residual;
                }
            }
            // Composites and correlated errors leave nothing to explain within a block.
            if own.reflective {
                for b in own.start..a {
                    if !own.correlated.contains(&(b - own.start, a - own.start)) {
                        let residual = row[b] - loadings[a] * loadings[b];
                        sum += residual * residual;
                    }
                }
            }
        }
    }
    sum
}

/// Construct correlations: as they are, or along the paths, outcome after outcome in causal order.
///
/// For a recursive model with uncorrelated residuals, `cov(y, z) = Σ_x b_x cov(x, z)` for every z that stands
/// before y; that is the matrix formula above, row by row.
#[inline(always)]
pub(crate) fn implied_constructs<R: Real>(
    plan: &Plan,
    estimate: &Estimates<R>,
    saturated: bool,
    v: &mut Vec<R>,
) {
    let k = plan.constructs();
    let p = &estimate.construct_correlations;
    v.clear();
    v.extend_from_slice(p);
    if saturated || plan.paths == 0 {
        return;
    }
    if plan.recursive {
        in_order(plan, estimate, v);
    } else {
        let inputs = [estimate.paths.as_slice(), p].concat();
        R::one_by_one(&inputs, v, |inputs, v| {
            let (paths, p) = inputs.split_at(estimate.paths.len());
            in_cycles(plan, paths, p, v);
            true
        });
    }
    // What the model frees beyond the paths is as observed.
    for &(a, b) in &plan.correlated {
        v[a * k + b] = p[a * k + b];
        v[b * k + a] = p[a * k + b];
    }
}

/// The same where paths run in cycles, by the matrix formula.
fn in_cycles(plan: &Plan, paths: &[f64], p: &[f64], v: &mut [f64]) {
    let k = plan.constructs();
    let Some(spread) = propagation(plan, paths) else { return v.fill(f64::NAN) };
    // Covariances of what comes from outside: exogenous constructs, and residuals of the others.
    let mut outside = vec![0.0; k * k];
    let explained: Vec<Option<f64>> = (0..k)
        .map(|j| {
            let equation = plan.equations.iter().find(|equation| equation.outcome == j)?;
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
    v.copy_from_slice(&linear::product(&linear::product(&spread, &outside, k), &transposed, k));
    (0..k).for_each(|j| v[j * k + j] = 1.0);
}

/// Along the paths; `v` holds the observed correlations, of which those of exogenous constructs stay.
#[inline(always)]
fn in_order<R: Real>(plan: &Plan, estimate: &Estimates<R>, v: &mut [R]) {
    let k = plan.constructs();
    let p = &estimate.construct_correlations;
    for j in 0..k {
        v[j * k + j] = R::one();
    }
    for (at, equation) in plan.equations.iter().enumerate() {
        let y = equation.outcome;
        // Outcomes that come later have no implied correlations yet.
        for z in (0..k).filter(|&z| z != y && plan.equations[at..].iter().all(|later| later.outcome != z)) {
            let mut covariance = R::zero();
            for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
                covariance += estimate.paths[path] * v[x * k + z];
            }
            v[y * k + z] = covariance;
            v[z * k + y] = covariance;
        }
        // Residual variance from the sample, the rest along the paths: not exactly 1 where a predictor's own
        // correlations are not reproduced. It is passed on as it is and set to 1 only at the end.
        let (mut along, mut observed) = (R::zero(), R::zero());
        for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
            along += estimate.paths[path] * v[x * k + y];
            observed += estimate.paths[path] * p[x * k + y];
        }
        v[y * k + y] = along + R::one() - observed;
    }
    for j in 0..k {
        v[j * k + j] = R::one();
    }
}

fn item_correlations(plan: &Plan, estimate: &Estimate, s: &[f64], v: &[f64]) -> Vec<f64> {
    let p = plan.items;
    let k = plan.constructs();
    let blocks = plan.blocks.iter().enumerate();
    let block: Vec<usize> = blocks.flat_map(|(j, block)| std::iter::repeat_n(j, block.len)).collect();
    let loading = &estimate.loadings;
    let mut sigma = vec![0.0; p * p];
    for a in 0..p {
        for b in 0..p {
            let (i, j) = (block[a], block[b]);
            sigma[a * p + b] = if a == b {
                1.0
            } else if i == j && !plan.blocks[i].reflective {
                s[a * p + b]
            } else {
                loading[a] * v[i * k + j] * loading[b]
            };
        }
    }
    for block in &plan.blocks {
        for &(a, b) in &block.correlated {
            let (a, b) = (block.start + a, block.start + b);
            sigma[a * p + b] = s[a * p + b];
            sigma[b * p + a] = s[a * p + b];
        }
    }
    sigma
}
