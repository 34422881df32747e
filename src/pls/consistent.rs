//! Consistent PLS (Dijkstra & Henseler 2015, doi:10.25300/MISQ/2015/39.2.02): correlations of common
//! factors, corrected for the measurement error in their scores.
//!
//! For a block with weights `w` and item correlations `S`, loadings are proportional to `v` (`v = w` under Mode A,
//! `v = S w` under Mode B): `λ = c v`, where `c` makes the off-diagonal elements of `λλ'` reproduce those of `S`.
//! `Q = w'λ` is the correlation of score and factor, `Q²` is rho_A, and `P_ij = C_ij / (Q_i Q_j)`.
//!
//! Croon (2002) does the same for sum scores, principal components and factor scores, with `λ` from a one-factor model of
//! each block; GSCA with measurement error brings its own `λ`; a reliability may also be given.

use super::plan::{Block, Plan};
use super::settings::{Correction, Weighting};
use super::solve::{Estimate, Failure};
use super::weights::block_correlations;
use super::weights::factor::one_factor;
use crate::model::Mode;

impl Estimate {
    /// Loadings, reliabilities and construct correlations from the weights.
    ///
    /// # Errors
    /// [`Failure::NoReliability`] where a block's correlations give no finite correction.
    pub fn correct(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        let k = plan.constructs();
        self.loadings.resize(plan.items, 0.0);
        self.reliability_roots.clear();
        self.reliability_roots.resize(k, 1.0);
        for (j, block) in plan.blocks.iter().enumerate() {
            for i in 0..block.len {
                self.loadings[block.start + i] = self.own(plan, block, j, i);
            }
            if !block.corrected {
                continue;
            }
            if let Some(reliability) = block.reliability {
                self.given(block, j, k, reliability);
                continue;
            }
            if let Some(loadings) = self.factor(plan, s, j)? {
                let w = &self.weights[block.start..block.start + block.len];
                let q: f64 = w.iter().zip(&loadings).map(|(w, l)| w * l).sum();
                // A factor has no sign of its own; it takes that of its score.
                let turn = if q < 0.0 { -1.0 } else { 1.0 };
                self.reliability_roots[j] = turn * q;
                for (loading, l) in self.loadings[block.start..].iter_mut().zip(&loadings) {
                    *loading = turn * l;
                }
                continue;
            }
            let v: Vec<f64> = match block.mode {
                Mode::B => (0..block.len).map(|i| self.own(plan, block, j, i)).collect(),
                _ => self.weights[block.start..block.start + block.len].to_vec(),
            };
            let c = scale(plan, block, s, &v)
                .filter(|c| c.is_finite() && *c > 0.0)
                .ok_or(Failure::NoReliability(j))?;
            let w = &self.weights[block.start..block.start + block.len];
            self.reliability_roots[j] = c * w.iter().zip(&v).map(|(w, v)| w * v).sum::<f64>();
            if block.loadings_corrected {
                for (i, v) in v.iter().enumerate() {
                    self.loadings[block.start + i] = c * v;
                }
            }
        }
        self.construct_correlations.clone_from(&self.proxy_correlations);
        for i in 0..k {
            for j in (0..k).filter(|&j| j != i) {
                self.construct_correlations[i * k + j] /=
                    self.reliability_roots[i] * self.reliability_roots[j];
            }
        }
        Ok(())
    }
}

impl Estimate {
    /// A given reliability: under Mode A `λ = Q w / w'w`, otherwise `λ = Q S w`.
    fn given(&mut self, block: &Block, j: usize, k: usize, reliability: f64) {
        let q = reliability.sqrt();
        self.reliability_roots[j] = q;
        let own = block.start..block.start + block.len;
        let norm: f64 = self.weights[own.clone()].iter().map(|w| w * w).sum();
        for i in own {
            self.loadings[i] = match block.mode {
                Mode::A => q * self.weights[i] / norm,
                _ => q * self.cross[i * k + j],
            };
        }
    }

    /// Loadings that do not follow from the weights: of a factor model for block j, by Croon, or of the whole model, by
    /// GSCA with measurement error. `None` where they follow from the weights.
    fn factor(&self, plan: &Plan, s: &[f64], j: usize) -> Result<Option<Vec<f64>>, Failure> {
        let block = &plan.blocks[j];
        let found = |stretch: f64| {
            let own = self.work.factor_loadings.get(block.start..block.start + block.len);
            own.map(|own| own.iter().map(|l| l * stretch).collect::<Vec<f64>>())
        };
        Ok(match plan.weighting {
            Weighting::GscaM => found(1.0),
            Weighting::Bartlett | Weighting::Regression => found(plan.factor_stretch),
            Weighting::Unit | Weighting::Pca => {
                let own = block_correlations(plan, s, j);
                let factor = one_factor(&own, block.len).ok_or(Failure::NoReliability(j))?;
                Some(factor.loadings.iter().map(|l| l * plan.factor_stretch).collect())
            }
            _ => None,
        })
    }
}

/// `c`, from the pairs of the block whose errors are not declared correlated.
fn scale(plan: &Plan, block: &Block, s: &[f64], v: &[f64]) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = (0..block.len)
        .flat_map(|b| (0..b).map(move |a| (a, b)))
        .filter(|pair| !block.correlated.contains(pair))
        .map(|(a, b)| (s[(block.start + a) * plan.items + block.start + b], v[a] * v[b]))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let count = pairs.len() as f64;
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|&(s, t)| f(s, t)).sum::<f64>();
    let squared = match plan.correction {
        Correction::SquaredEuclid => sum(&|s, t| s * t) / sum(&|_, t| t * t),
        Correction::EuclidWeighted => sum(&|s, t| s * t / (1.0 - s * s)) / sum(&|s, t| t * t / (1.0 - s * s)),
        Correction::FisherTransformed => return fisher(&pairs),
        Correction::MeanGeometric => {
            let product: f64 = pairs.iter().map(|&(s, t)| s / t).product();
            product.abs().powf(1.0 / count)
        }
        Correction::MeanArithmetic => sum(&|s, t| s / t) / count,
        Correction::MeanHarmonic => count / sum(&|s, t| t / s),
    };
    // A negative value would make the loadings imaginary; as in cSEM its size is kept, and the
    // admissibility checks report the block.
    Some(squared.abs().sqrt())
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
