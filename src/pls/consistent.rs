//! Consistent PLS (Dijkstra & Henseler 2015, doi:10.25300/MISQ/2015/39.2.02): correlations of common
//! factors, corrected for the measurement error in their scores.
//!
//! For a block with weights `w` and item correlations `S`, loadings are proportional to `v` (`v = w` under Mode A,
//! `v = S w` under Mode B): `λ = c v`, where `c` makes the off-diagonal elements of `λλ'` reproduce those of `S`.
//! `Q = w'λ` is the correlation of score and factor, `Q²` is rho_A, and `P_ij = C_ij / (Q_i Q_j)`.
//!
//! Croon (2002) does the same for sum scores, principal components and factor scores, with `λ` from a one-factor model of
//! each block; GSCA with measurement error brings its own `λ`; a reliability may also be given.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::estimate::{Estimate, Estimates, Failure};
use super::plan::{Block, Plan};
use super::settings::{Correction, Weighting};
use super::weights::factor::one_factor;
use crate::model::Mode;
use crate::stats::real::Real;

impl Estimate {
    /// Loadings, reliabilities and construct correlations from the weights.
    ///
    /// # Errors
    /// [`Failure::NoReliability`] where a block's correlations give no finite correction.
    pub fn correct(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        self.disattenuate(plan, s);
        self.outcome()
    }
}

impl<R: Real> Estimates<R> {
    /// [`Estimate::correct`], failures being noted.
    #[inline(always)]
    pub(super) fn disattenuate(&mut self, plan: &Plan, s: &[R]) {
        let k = plan.constructs();
        self.loadings.resize(plan.items, R::zero());
        self.reliability_roots.clear();
        self.reliability_roots.resize(k, R::one());
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            for i in own.clone() {
                self.loadings[i] = self.cross[i * k + j];
            }
            if !block.corrected {
                continue;
            }
            if let Some(reliability) = block.reliability {
                self.given(block, j, k, reliability);
                continue;
            }
            if self.factor(plan, s, j) {
                let mut q = R::zero();
                for i in own.clone() {
                    q += self.weights[i] * self.loadings[i];
                }
                // A factor has no sign of its own; it takes that of its score.
                let turned = q.below(R::zero());
                self.reliability_roots[j] = R::select(turned, -q, q);
                for loading in &mut self.loadings[own] {
                    *loading = R::select(turned, -*loading, *loading);
                    R::keep();
                }
                continue;
            }
            // Loadings are proportional to the weights, under Mode B to the covariances with the score.
            let v = if block.mode == Mode::B { &self.loadings } else { &self.weights };
            let v = &v[own.clone()];
            let c = scale(plan, block, s, v);
            let mut q = R::zero();
            for (w, v) in self.weights[own.clone()].iter().zip(v) {
                q += *w * *v;
            }
            self.reliability_roots[j] = c * q;
            if block.loadings_corrected {
                for i in own {
                    let v = if block.mode == Mode::B { self.loadings[i] } else { self.weights[i] };
                    self.loadings[i] = c * v;
                    R::keep();
                }
            }
            let sound = c.above(R::zero()) & c.below(R::splat(f64::INFINITY));
            self.fail(!sound, Failure::NoReliability(j));
        }
        self.construct_correlations.clone_from(&self.proxy_correlations);
        for i in 0..k {
            for j in (0..k).filter(|&j| j != i && (plan.blocks[i].corrected || plan.blocks[j].corrected)) {
                self.construct_correlations[i * k + j] /=
                    self.reliability_roots[i] * self.reliability_roots[j];
            }
        }
    }

    /// A given reliability: under Mode A `λ = Q w / w'w`, otherwise `λ = Q S w`.
    #[inline(always)]
    fn given(&mut self, block: &Block, j: usize, k: usize, reliability: f64) {
        let q = R::splat(reliability.sqrt());
        self.reliability_roots[j] = q;
        let own = block.start..block.start + block.len;
        let mut norm = R::zero();
        for w in &self.weights[own.clone()] {
            norm += *w * *w;
        }
        for i in own {
            self.loadings[i] = match block.mode {
                Mode::A => q * self.weights[i] / norm,
                _ => q * self.cross[i * k + j],
            };
        }
    }

    /// Loadings that do not follow from the weights: of a factor model for block j, by Croon, or of the whole model, by
    /// GSCA with measurement error. `false` where they follow from the weights.
    #[inline(always)]
    fn factor(&mut self, plan: &Plan, s: &[R], j: usize) -> bool {
        let block = &plan.blocks[j];
        let own = block.start..block.start + block.len;
        match plan.weighting {
            Weighting::GscaM | Weighting::Bartlett | Weighting::Regression => {
                let stretch = if plan.weighting == Weighting::GscaM { 1.0 } else { plan.factor_stretch };
                let Some(found) = self.work.factor_loadings.get(own.clone()) else { return false };
                for (loading, l) in self.loadings[own].iter_mut().zip(found) {
                    *loading = *l * R::splat(stretch);
                }
            }
            Weighting::Unit | Weighting::Pca => {
                let correlations: Vec<R> =
                    own.clone().flat_map(|a| s[a * plan.items..][own.clone()].iter().copied()).collect();
                let found = R::one_by_one(&correlations, &mut self.loadings[own], |s, loadings| {
                    let Some(factor) = one_factor(s, loadings.len()) else { return false };
                    loadings
                        .iter_mut()
                        .zip(&factor.loadings)
                        .for_each(|(to, l)| *to = l * plan.factor_stretch);
                    true
                });
                self.fail(!found, Failure::NoReliability(j));
            }
            _ => return false,
        }
        true
    }
}

/// `c`, from the pairs of the block whose errors are not declared correlated; 0 where there is none.
#[inline(always)]
fn scale<R: Real>(plan: &Plan, block: &Block, s: &[R], v: &[R]) -> R {
    let (mut above, mut below, mut product) = (R::zero(), R::zero(), R::one());
    let mut count = 0_u32;
    let fisher_pairs =
        if plan.correction == Correction::FisherTransformed { block.len * block.len } else { 0 };
    let mut pairs = Vec::with_capacity(fisher_pairs);
    for b in 0..block.len {
        for a in 0..b {
            if block.correlated.contains(&(a, b)) {
                continue;
            }
            count += 1;
            let (s, t) = (s[(block.start + a) * plan.items + block.start + b], v[a] * v[b]);
            match plan.correction {
                Correction::SquaredEuclid => {
                    above += s * t;
                    below += t * t;
                }
                Correction::EuclidWeighted => {
                    let rest = R::one() - s * s;
                    above += s * t / rest;
                    below += t * t / rest;
                }
                Correction::FisherTransformed => pairs.extend([s, t]),
                Correction::MeanGeometric => product *= s / t,
                Correction::MeanArithmetic => above += s / t,
                Correction::MeanHarmonic => below += t / s,
            }
        }
    }
    if count == 0 {
        return R::zero();
    }
    let number = R::splat(f64::from(count));
    let squared = match plan.correction {
        Correction::SquaredEuclid | Correction::EuclidWeighted => above / below,
        Correction::MeanGeometric => product.abs().map(|x| x.powf(1.0 / f64::from(count))),
        Correction::MeanArithmetic => above / number,
        Correction::MeanHarmonic => number / below,
        Correction::FisherTransformed => {
            let mut c = [R::zero()];
            let found = R::one_by_one(&pairs, &mut c, |pairs, c| {
                let pairs: Vec<(f64, f64)> = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                let found = fisher(&pairs);
                c[0] = found.unwrap_or(0.0);
                found.is_some()
            });
            return R::select(found, c[0], R::zero());
        }
    };
    // A negative value would make the loadings imaginary; as in cSEM its size is kept, and the
    // admissibility checks report the block.
    squared.abs().sqrt()
}

/// Least squares of Fisher's z of `c² t` on that of `s`, by golden section over the `c²` that keep `|c² t| < 1`.
fn fisher(pairs: &[(f64, f64)]) -> Option<f64> {
    let z = |r: f64| 0.5 * ((1.0 + r) / (1.0 - r)).ln();
    let loss = |c2: f64| pairs.iter().map(|&(s, t)| (z(s) - z(c2 * t)).powi(2)).sum::<f64>();
    let largest = pairs.iter().map(|(_, t)| t.abs()).fold(0.0, f64::max);
    if largest == 0.0 || pairs.iter().any(|(s, _)| s.abs() >= 1.0) {
        return None;
    }
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.0, (1.0 - 1e-12) / largest);
    for _ in 0..200 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(left) < loss(right) { high = right } else { low = left }
    }
    Some((0.5 * (low + high)).sqrt())
}
