//! Consistent PLS (Dijkstra & Henseler 2015, doi:10.25300/MISQ/2015/39.2.02): correlations of common
//! factors, corrected for the measurement error in their scores.
//!
//! For a block with weights `w` and item correlations `S`, loadings are proportional to `v` (`v = w` under Mode A,
//! `v = S w` under Mode B): `λ = c v`, where `c` makes the off-diagonal elements of `λλ'` reproduce those of `S`.
//! `Q = w'λ` is the correlation of score and factor, `Q²` is rho_A, and `P_ij = C_ij / (Q_i Q_j)`.

use super::plan::{Block, Plan};
use super::settings::Correction;
use super::solve::{Estimate, Failure};
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
