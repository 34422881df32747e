//! What the generalised canonical correlations share: weights that give every score variance 1, and block-wise ascent.
//!
//! With all other scores held, each objective has an exact best score of block j. Going through the blocks and taking it
//! each time never lowers the objective, and stops at a point that no single block can better. Since that may be a
//! local optimum, the ascent starts from several points and the best end is kept.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::maxvar::{End, solve as eigen};
use super::triangular::{backward, factors, forward};
use crate::stats::linear;

/// An ascent under way.
pub(super) struct Ascent<'a> {
    plan: &'a Plan,
    s: &'a [f64],
    factors: &'a [Vec<f64>],
    weights: Vec<f64>,
    /// `S_il w_l`: items × constructs.
    cross: Vec<f64>,
}

impl<'a> Ascent<'a> {
    fn new(plan: &'a Plan, s: &'a [f64], factors: &'a [Vec<f64>], start: &[f64]) -> Self {
        let cross = vec![0.0; plan.items * plan.constructs()];
        let mut ascent = Self { plan, s, factors, weights: start.to_vec(), cross };
        for j in 0..plan.constructs() {
            ascent.rescale(j);
        }
        ascent
    }

    /// Score of block j to variance 1, and its covariances with all items.
    fn rescale(&mut self, j: usize) {
        let block = &self.plan.blocks[j];
        let own = block.start..block.start + block.len;
        let (p, k) = (self.plan.items, self.plan.constructs());
        for i in 0..p {
            let row = &self.s[i * p + block.start..i * p + block.start + block.len];
            self.cross[i * k + j] = row.iter().zip(&self.weights[own.clone()]).map(|(r, w)| r * w).sum();
        }
        let variance: f64 = own.clone().map(|i| self.weights[i] * self.cross[i * k + j]).sum();
        let root = variance.max(1e-300).sqrt();
        self.weights[own].iter_mut().for_each(|w| *w /= root);
        (0..p).for_each(|i| self.cross[i * k + j] /= root);
    }

    /// Correlation of two scores.
    pub(super) fn correlation(&self, j: usize, l: usize) -> f64 {
        let block = &self.plan.blocks[j];
        let k = self.plan.constructs();
        (block.start..block.start + block.len).map(|i| self.weights[i] * self.cross[i * k + l]).sum()
    }

    /// Correlations of all scores, row-major.
    pub(super) fn correlations(&self) -> Vec<f64> {
        let k = self.plan.constructs();
        (0..k * k).map(|at| if at / k == at % k { 1.0 } else { self.correlation(at / k, at % k) }).collect()
    }

    /// Covariances of the items of block j with the other scores, one vector per score, in coordinates in which the block's
    /// items are uncorrelated.
    pub(super) fn whitened(&self, j: usize) -> Vec<Vec<f64>> {
        let block = &self.plan.blocks[j];
        let k = self.plan.constructs();
        (0..k)
            .filter(|&l| l != j)
            .map(|l| {
                let mut x: Vec<f64> =
                    (block.start..block.start + block.len).map(|i| self.cross[i * k + l]).collect();
                forward(&self.factors[j], block.len, &mut x);
                x
            })
            .collect()
    }
}

/// The unit vector that maximises `u' X G X' u`, `X` with the given columns, `G` symmetric; `None` if all is zero.
pub(super) fn leading(columns: &[Vec<f64>], g: &[f64]) -> Option<Vec<f64>> {
    let m = columns.len();
    let k = columns.first()?.len();
    let mut matrix = vec![0.0; k * k];
    for a in 0..m {
        for b in 0..m {
            let weight = g[a * m + b];
            for i in 0..k {
                for j in 0..k {
                    matrix[i * k + j] += weight * columns[a][i] * columns[b][j];
                }
            }
        }
    }
    if matrix.iter().all(|x| x.abs() < 1e-300) {
        return None;
    }
    linear::symmetric_eigen(&matrix, k).1.into_iter().next()
}

/// Ascends from several starts and keeps the best end.
///
/// `best` gives the best score of block j in whitened coordinates, of any length, `None` to keep it as it is; `objective`
/// is what it raises.
pub(super) fn ascend(
    plan: &Plan,
    s: &[f64],
    best: &dyn Fn(&Ascent<'_>, usize) -> Option<Vec<f64>>,
    objective: &dyn Fn(&Ascent<'_>) -> f64,
) -> Result<Solved, Failure> {
    let factors = factors(plan, s)?;
    let starts = [
        eigen(plan, s, End::Largest)?.weights,
        vec![1.0; plan.items],
        eigen(plan, s, End::Smallest)?.weights,
    ];
    let mut kept: Option<(f64, Solved)> = None;
    for start in starts {
        let mut ascent = Ascent::new(plan, s, &factors, &start);
        let mut solved = Solved::default();
        while solved.iterations < plan.max_iterations && !solved.converged {
            solved.iterations += 1;
            let old = ascent.weights.clone();
            for (j, block) in plan.blocks.iter().enumerate() {
                let own = block.start..block.start + block.len;
                let Some(mut u) = best(&ascent, j) else { continue };
                backward(&factors[j], block.len, &mut u);
                // An eigenvector may come out either way; keep the score's direction.
                let along: f64 =
                    own.clone().zip(&u).map(|(i, u)| u * ascent.cross[i * plan.constructs() + j]).sum();
                let turn = if along < 0.0 { -1.0 } else { 1.0 };
                for (w, u) in ascent.weights[own].iter_mut().zip(&u) {
                    *w = turn * u;
                }
                ascent.rescale(j);
            }
            solved.change = ascent.weights.iter().zip(&old).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            solved.converged = solved.change < plan.tolerance;
        }
        let value = objective(&ascent);
        solved.weights = ascent.weights;
        if kept.as_ref().is_none_or(|(before, _)| value > before + 1e-12) {
            kept = Some((value, solved));
        }
    }
    kept.map(|(_, solved)| solved).ok_or(Failure::NotConverged)
}
