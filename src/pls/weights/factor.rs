//! One common factor per block: its loadings by maximum likelihood, and its scores.
//!
//! The model of a block is `S = λλ' + Ψ`, Ψ diagonal. With θ = ln ψ, and eigenvalues γ and eigenvectors ω of
//! `Ψ^-½ S Ψ^-½`, the function that maximum likelihood minimises is `f(θ) = Σ_{m>1} (γ_m − ln γ_m − 1)`, its gradient
//! `g_i = Σ_{m>1} (1 − γ_m) ω_im²`, and its matrix of second derivatives close to
//! `G_ij = (Σ_{m>1} ω_im ω_jm)²` (Jöreskog 1967, doi:10.1007/BF02289658; Lawley & Maxwell 1971). Newton steps with
//! step halving lead to the minimum; then `λ = Ψ^½ ω_1 √(γ_1 − 1)`.
//!
//! Weights of the scores, up to scale: Bartlett `Ψ⁻¹λ`, regression `S⁻¹λ` with `S` as the model implies it, which is
//! proportional to it: with one factor both scores correlate perfectly.
//!
//! Blocks of two items do not identify the model; their loadings are taken to be equal. A single item is its factor.
//! Where an item would have no unique part (Heywood case), its unique variance goes towards 10⁻⁶, the
//! least there is, and stops where the likelihood no longer tells values apart.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::{Solved, block_correlations};
use crate::stats::linear;

/// Smallest unique variance.
const LEAST_UNIQUE: f64 = 1e-6;
/// A gradient this small is zero.
const FLAT: f64 = 1e-11;
/// Newton needs a handful of steps; a Heywood case some more.
const MOST_STEPS: usize = 500;

/// Which weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Score {
    /// `Ψ⁻¹λ`
    Bartlett,
    /// `Σ⁻¹λ`
    Regression,
}

/// Loadings and unique variances of one factor.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pls) struct OneFactor {
    /// Loadings, their sum positive.
    pub(in crate::pls) loadings: Vec<f64>,
    /// Unique variances.
    pub(in crate::pls) unique: Vec<f64>,
}

/// Weights of factor scores for all blocks.
pub(super) fn solve(plan: &Plan, s: &[f64], score: Score) -> Result<Solved, Failure> {
    let mut solved = Solved { converged: true, ..Solved::default() };
    for (j, block) in plan.blocks.iter().enumerate() {
        let own = block_correlations(plan, s, j);
        let factor = one_factor(&own, block.len).ok_or(Failure::NoReliability(j))?;
        let bartlett = factor.loadings.iter().zip(&factor.unique).map(|(l, u)| l / u);
        match score {
            Score::Bartlett => solved.weights.extend(bartlett),
            Score::Regression => {
                // Σ⁻¹λ = Ψ⁻¹λ / (1 + λ'Ψ⁻¹λ)
                let information: f64 =
                    factor.loadings.iter().zip(&factor.unique).map(|(l, u)| l * l / u).sum();
                solved.weights.extend(bartlett.map(|w| w / (1.0 + information)));
            }
        }
        solved.loadings.extend(factor.loadings);
    }
    Ok(solved)
}

/// Fits one factor to `k × k` correlations; `None` where the items share nothing.
pub(in crate::pls) fn one_factor(s: &[f64], k: usize) -> Option<OneFactor> {
    match k {
        0 => return None,
        1 => return Some(OneFactor { loadings: vec![1.0], unique: vec![LEAST_UNIQUE] }),
        2 => {
            let r = s[1];
            if r.is_nan() || r.abs() <= 1e-12 || r.abs() >= 1.0 {
                return None;
            }
            let l = r.abs().sqrt();
            return Some(OneFactor { loadings: vec![l, l * r.signum()], unique: vec![1.0 - r.abs(); 2] });
        }
        _ => {}
    }
    let inverse = linear::inverse(s, k)?;
    let lowest = LEAST_UNIQUE.ln();
    // Jöreskog's start: what the other items leave of an item, somewhat less.
    let mut theta: Vec<f64> =
        (0..k).map(|i| ((1.0 - 0.5 / k as f64) / inverse[i * k + i]).ln().max(lowest)).collect();
    let mut here = Profile::at(s, k, &theta);
    for _ in 0..MOST_STEPS {
        let gradient = here.gradient(k);
        // At the bound only a way back inside counts.
        let bound: Vec<bool> = (0..k).map(|i| theta[i] <= lowest && gradient[i] > 0.0).collect();
        if (0..k).all(|i| bound[i] || gradient[i].abs() < FLAT) {
            break;
        }
        let mut g = here.curvature(k);
        let mut step: Vec<f64> = (0..k).map(|i| if bound[i] { 0.0 } else { -gradient[i] }).collect();
        for i in 0..k {
            for j in 0..k {
                if i != j && (bound[i] || bound[j]) {
                    g[i * k + j] = 0.0;
                }
            }
            g[i * k + i] += 1e-10;
        }
        if linear::cholesky(&mut g, k) {
            linear::cholesky_solve(&g, k, &mut step);
        }
        // Down along Newton's direction, and where that leads nowhere, along the gradient.
        let steepest: Vec<f64> = (0..k).map(|i| if bound[i] { 0.0 } else { -gradient[i] }).collect();
        let mut moved = false;
        for direction in [&step, &steepest] {
            let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
            let mut length = if longest > 2.0 { 2.0 / longest } else { 1.0 };
            for _ in 0..50 {
                let next: Vec<f64> =
                    theta.iter().zip(direction).map(|(t, d)| (t + length * d).max(lowest)).collect();
                let there = Profile::at(s, k, &next);
                if there.value < here.value && next != theta {
                    (theta, here, moved) = (next, there, true);
                    break;
                }
                length *= 0.5;
            }
            if moved {
                break;
            }
        }
        if !moved {
            break;
        }
    }
    let unique: Vec<f64> = theta.iter().map(|t| t.exp()).collect();
    let first = here.vectors.first()?;
    let shared = (here.values.first()? - 1.0).max(0.0).sqrt();
    if shared <= 1e-6 {
        return None;
    }
    let mut loadings: Vec<f64> = first.iter().zip(&unique).map(|(v, u)| u.sqrt() * v * shared).collect();
    if loadings.iter().sum::<f64>() < 0.0 {
        for l in &mut loadings {
            *l = -*l;
        }
    }
    // A factor is what at least two items share.
    let mut sizes: Vec<f64> = loadings.iter().map(|l| l.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    if sizes.iter().take(2).product::<f64>() < 1e-6 {
        return None;
    }
    loadings.iter().all(|l| l.is_finite()).then_some(OneFactor { loadings, unique })
}

/// The function at one θ, with what its derivatives need.
struct Profile {
    value: f64,
    values: Vec<f64>,
    vectors: Vec<Vec<f64>>,
}

impl Profile {
    fn at(s: &[f64], k: usize, theta: &[f64]) -> Self {
        let scale: Vec<f64> = theta.iter().map(|t| (-0.5 * t).exp()).collect();
        let scaled: Vec<f64> = (0..k * k).map(|at| s[at] * scale[at / k] * scale[at % k]).collect();
        let (values, vectors) = linear::symmetric_eigen(&scaled, k);
        let value = values.iter().skip(1).map(|g| g - g.max(1e-300).ln() - 1.0).sum();
        Self { value, values, vectors }
    }

    fn gradient(&self, k: usize) -> Vec<f64> {
        let rest = || self.values.iter().zip(&self.vectors).skip(1);
        (0..k).map(|i| rest().map(|(g, v)| (1.0 - g) * v[i] * v[i]).sum()).collect()
    }

    fn curvature(&self, k: usize) -> Vec<f64> {
        let rest = |i: usize, j: usize| self.vectors.iter().skip(1).map(|v| v[i] * v[j]).sum::<f64>();
        (0..k * k).map(|at| rest(at / k, at % k).powi(2)).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn implied(l: &[f64]) -> Vec<f64> {
        let k = l.len();
        (0..k * k).map(|at| if at / k == at % k { 1.0 } else { l[at / k] * l[at % k] }).collect()
    }

    #[test]
    fn a_factor_model_gives_its_loadings_back() {
        for l in [&[0.9, 0.5, 0.7][..], &[0.8, 0.6, 0.4, -0.7, 0.3]] {
            let factor = one_factor(&implied(l), l.len()).unwrap();
            for (got, want) in factor.loadings.iter().zip(l) {
                assert!((got - want).abs() < 1e-8, "{got} {want}");
            }
        }
    }

    #[test]
    fn three_items_are_solved_by_hand() {
        // λ₁² = r₁₂ r₁₃ / r₂₃
        let s = [1.0, 0.5, 0.4, 0.5, 1.0, 0.3, 0.4, 0.3, 1.0];
        let factor = one_factor(&s, 3).unwrap();
        assert!((factor.loadings[0] - (0.5_f64 * 0.4 / 0.3).sqrt()).abs() < 1e-8);
        assert!((factor.loadings[1] - (0.5_f64 * 0.3 / 0.4).sqrt()).abs() < 1e-8);
    }

    #[test]
    fn likelihood_equations_hold_where_the_model_does_not() {
        // diag(S − λλ' − Ψ) = 0 and (S − Σ) Ψ⁻¹ λ = 0 at the minimum.
        let s = [1.0, 0.6, 0.4, 0.3, 0.6, 1.0, 0.35, 0.5, 0.4, 0.35, 1.0, 0.45, 0.3, 0.5, 0.45, 1.0];
        let OneFactor { loadings: l, unique: u } = one_factor(&s, 4).unwrap();
        for i in 0..4 {
            assert!((l[i] * l[i] + u[i] - 1.0).abs() < 1e-8);
            let residual: f64 = (0..4)
                .map(|j| {
                    let sigma = l[i] * l[j] + if i == j { u[i] } else { 0.0 };
                    (s[i * 4 + j] - sigma) * l[j] / u[j]
                })
                .sum();
            assert!(residual.abs() < 1e-7);
        }
    }

    #[test]
    fn degenerate_blocks_have_no_factor_or_a_bounded_one() {
        assert!(one_factor(&implied(&[0.0, 0.0, 0.0]), 3).is_none());
        assert!(one_factor(&[1.0, 0.0, 0.0, 1.0], 2).is_none());
        assert!(one_factor(&[1.0; 9], 3).is_none());
        // r₁₂ r₁₃ / r₂₃ > 1: a Heywood case.
        let factor = one_factor(&[1.0, 0.7, 0.7, 0.7, 1.0, 0.3, 0.7, 0.3, 1.0], 3).unwrap();
        assert!(factor.unique[0] < 1e-2 && (factor.loadings[0] - 1.0).abs() < 1e-2, "{factor:?}");
    }
}
