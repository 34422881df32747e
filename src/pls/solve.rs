//! The PLS iteration, as a function of correlations alone.
//!
//! Notation (Wold 1982; Lohmöller 1989): `S` the correlations of the items, `w_j` the outer weights of block
//! j, `C = W S W'` the correlations of the scores, `e_jl` the inner weights, `r_j = Σ_l e_jl cov(x_j, y_l)`
//! the covariances of the items of block j with their inner proxy.
//!
//! 1. start: `w = 1`, scaled so that every score has variance 1;
//! 2. inner weights from `C` (path, factorial or centroid scheme);
//! 3. outer weights of all blocks from the old scores: Mode A `w_j = r_j`, Mode B `w_j = S_jj⁻¹ r_j`, …;
//! 4. scale, compare, repeat from 2.
//!
//! Nothing here allocates after the first call with a plan, so that tens of thousands of resamples cost no
//! more than their arithmetic.

use super::plan::{Block, Plan};
use super::settings::{Criterion, SignRule, Weighting};
use crate::model::{Mode, Scheme};
use crate::stats::linear;

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Failure {
    /// The score of this construct has no variance.
    NoVariance(usize),
    /// The items of this block are collinear, so that Mode B has no weights.
    CollinearBlock(usize),
    /// The predictors of this construct are collinear.
    CollinearPredictors(usize),
    /// The limit was reached before the weights settled.
    NotConverged,
    /// The off-diagonal correlations of this block give no positive reliability.
    NoReliability(usize),
}

/// What one set of correlations gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimate {
    /// Outer weights of unit-variance scores, per item.
    pub weights: Vec<f64>,
    /// Covariance of every item with every score, `items × constructs`.
    pub cross: Vec<f64>,
    /// Correlations of the scores, `constructs × constructs`.
    pub proxy_correlations: Vec<f64>,
    /// Loadings on the own construct, corrected where the plan says so.
    pub loadings: Vec<f64>,
    /// `Q`: correlation of score and construct, 1 where nothing is corrected. `Q²` is rho_A.
    pub reliability_roots: Vec<f64>,
    /// Correlations of the constructs.
    pub construct_correlations: Vec<f64>,
    /// Path coefficients, in the model's order of paths.
    pub paths: Vec<f64>,
    /// R² per equation.
    pub r_squared: Vec<f64>,
    /// Inner weights, row = receiving construct.
    pub inner_weights: Vec<f64>,
    /// Iterations run.
    pub iterations: usize,
    /// Last value of the stopping criterion.
    pub change: f64,
    /// Whether the criterion fell below the tolerance.
    pub converged: bool,
    pub(super) work: Work,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Work {
    /// Loadings that an algorithm found along with its weights.
    pub(super) factor_loadings: Vec<f64>,
    old: Vec<f64>,
    raw: Vec<f64>,
    raw_old: Vec<f64>,
    inner: Vec<f64>,
    by_score: Vec<f64>,
    a: Vec<f64>,
    b: Vec<f64>,
    /// Cholesky factors of the Mode B blocks, one after the other.
    factors: Vec<Vec<f64>>,
    fixed: Vec<f64>,
}

impl Estimate {
    /// Estimates weights from the correlations `s` (row-major), then orients the constructs.
    ///
    /// A stop at the limit is not a failure here: `converged` says so.
    ///
    /// # Errors
    /// [`Failure`] where an inverse does not exist.
    pub fn weigh(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        let constructs = plan.constructs();
        self.weights.clone_from(&plan.start);
        self.cross.resize(plan.items * constructs, 0.0);
        self.proxy_correlations.resize(constructs * constructs, 0.0);
        self.inner_weights.resize(constructs * constructs, 0.0);
        self.work.raw.resize(plan.items, 0.0);
        self.work.inner.resize(plan.items, 0.0);
        if !matches!(plan.weighting, Weighting::PlsPm | Weighting::Unit | Weighting::Pca) {
            return self.weigh_by(plan, s);
        }
        self.prepare(plan, s)?;
        self.scale(plan, s)?;
        self.work.raw_old.clone_from(&self.weights);
        self.converged = false;
        self.iterations = 0;
        let iterates =
            plan.blocks.iter().any(|b| b.fixed.is_none() && !matches!(b.mode, Mode::Unit | Mode::Pca));
        while iterates && self.iterations < plan.max_iterations {
            self.iterations += 1;
            self.inner(plan)?;
            self.outer(plan)?;
            self.work.old.clone_from(&self.weights);
            self.weights.clone_from(&self.work.raw);
            self.scale(plan, s)?;
            self.change = self.criterion(plan.criterion);
            std::mem::swap(&mut self.work.raw, &mut self.work.raw_old);
            if self.change < plan.tolerance {
                self.converged = true;
                break;
            }
        }
        if !iterates {
            self.converged = true;
            self.change = 0.0;
            self.inner(plan)?;
        }
        self.orient(plan);
        Ok(())
    }

    /// Factors of Mode B blocks and weights that do not change.
    fn prepare(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        let p = plan.items;
        self.work.factors.resize(plan.blocks.len(), Vec::new());
        self.work.fixed.resize(p, 0.0);
        for (j, block) in plan.blocks.iter().enumerate() {
            let range = block.start..block.start + block.len;
            if let Some(fixed) = &block.fixed {
                self.weights[range.clone()].copy_from_slice(fixed);
            }
            let factor = &mut self.work.factors[j];
            if matches!(block.mode, Mode::B | Mode::Bnnls | Mode::Pca) {
                factor.clear();
                for a in range.clone() {
                    factor.extend_from_slice(&s[a * p + block.start..a * p + block.start + block.len]);
                }
            }
            match block.mode {
                Mode::B if block.fixed.is_none() && !linear::cholesky(factor, block.len) => {
                    return Err(Failure::CollinearBlock(j));
                }
                Mode::Pca => {
                    let (_, vectors) = linear::symmetric_eigen(factor, block.len);
                    let first = vectors.first().ok_or(Failure::NoVariance(j))?;
                    let sign = if first.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
                    if block.fixed.is_none() {
                        for (w, v) in self.weights[range].iter_mut().zip(first) {
                            *w = sign * v;
                        }
                    }
                }
                Mode::Unit if block.fixed.is_none() => self.weights[range].fill(1.0),
                _ => {}
            }
        }
        self.work.fixed.clone_from(&self.weights);
        Ok(())
    }

    /// Scores to unit variance; then covariances of items with scores and correlations of scores.
    ///
    /// Covariances are gathered score by score as sums of rows of `s`, which the compiler turns into vector code,
    /// and laid out item by item at the end.
    pub(super) fn scale(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        let p = plan.items;
        let k = plan.constructs();
        let by_score = &mut self.work.by_score;
        by_score.clear();
        by_score.resize(k * p, 0.0);
        for ((j, block), covariance) in plan.blocks.iter().enumerate().zip(by_score.chunks_mut(p.max(1))) {
            let own = block.start..block.start + block.len;
            for a in own.clone() {
                let w = self.weights[a];
                for (sum, r) in covariance.iter_mut().zip(&s[a * p..(a + 1) * p]) {
                    *sum += w * r;
                }
            }
            let w = &mut self.weights[own.clone()];
            let variance: f64 = w.iter().zip(&covariance[own]).map(|(w, c)| w * c).sum();
            if variance.is_nan() || variance <= 1e-14 * w.iter().map(|x| x * x).sum::<f64>() {
                return Err(Failure::NoVariance(j));
            }
            let root = variance.sqrt();
            for x in w.iter_mut().chain(covariance.iter_mut()) {
                *x /= root;
            }
        }
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            self.proxy_correlations[j * k + j] = 1.0;
            for l in 0..j {
                let other = &by_score[l * p..(l + 1) * p];
                let c: f64 =
                    self.weights[own.clone()].iter().zip(&other[own.clone()]).map(|(w, c)| w * c).sum();
                self.proxy_correlations[j * k + l] = c;
                self.proxy_correlations[l * k + j] = c;
            }
        }
        for (i, row) in self.cross.chunks_mut(k.max(1)).enumerate() {
            for (cell, covariance) in row.iter_mut().zip(by_score.chunks(p.max(1))) {
                *cell = covariance[i];
            }
        }
        Ok(())
    }

    /// Inner weights from the correlations of the scores.
    pub(super) fn inner(&mut self, plan: &Plan) -> Result<(), Failure> {
        let k = plan.constructs();
        let c = &self.proxy_correlations;
        let e = &mut self.inner_weights;
        e.fill(0.0);
        for j in 0..k {
            let joined = |l: usize| {
                l != j
                    && (plan.all_neighbours
                        || plan.predecessors[j].contains(&l)
                        || plan.successors[j].contains(&l))
            };
            match plan.scheme {
                Scheme::Factorial => {
                    (0..k).filter(|&l| joined(l)).for_each(|l| e[j * k + l] = c[j * k + l]);
                }
                Scheme::Centroid => {
                    (0..k).filter(|&l| joined(l)).for_each(|l| e[j * k + l] = sign(c[j * k + l]));
                }
                Scheme::Path => {
                    if plan.all_neighbours {
                        (0..k).filter(|&l| joined(l)).for_each(|l| e[j * k + l] = c[j * k + l]);
                        continue;
                    }
                    for &l in &plan.successors[j] {
                        e[j * k + l] = c[j * k + l];
                    }
                    let from = &plan.predecessors[j];
                    let m = from.len();
                    self.work.a.resize(m * m, 0.0);
                    self.work.b.resize(m, 0.0);
                    for (x, &fx) in from.iter().enumerate() {
                        for (y, &fy) in from.iter().enumerate() {
                            self.work.a[x * m + y] = c[fx * k + fy];
                        }
                        self.work.b[x] = c[fx * k + j];
                    }
                    if !linear::cholesky(&mut self.work.a[..m * m], m) {
                        return Err(Failure::CollinearPredictors(j));
                    }
                    linear::cholesky_solve(&self.work.a, m, &mut self.work.b[..m]);
                    for (x, &fx) in from.iter().enumerate() {
                        e[j * k + fx] = self.work.b[x];
                    }
                }
            }
        }
        Ok(())
    }

    /// Unscaled outer weights of all blocks from the old scores, into `work.raw`.
    fn outer(&mut self, plan: &Plan) -> Result<(), Failure> {
        let k = plan.constructs();
        let work = &mut self.work;
        for (j, block) in plan.blocks.iter().enumerate() {
            let e = &self.inner_weights[j * k..(j + 1) * k];
            let own = block.start..block.start + block.len;
            for i in own.clone() {
                let cross = &self.cross[i * k..(i + 1) * k];
                work.inner[i] = e.iter().zip(cross).map(|(e, c)| e * c).sum();
            }
            let raw = &mut work.raw[own.clone()];
            if block.fixed.is_some() {
                raw.copy_from_slice(&work.fixed[own]);
                continue;
            }
            match block.mode {
                Mode::A => raw.copy_from_slice(&work.inner[own]),
                Mode::B => {
                    raw.copy_from_slice(&work.inner[own]);
                    linear::cholesky_solve(&work.factors[j], block.len, raw);
                }
                Mode::Bnnls => {
                    let weights =
                        linear::nnls(&work.factors[j], &work.inner[own]).ok_or(Failure::CollinearBlock(j))?;
                    raw.copy_from_slice(&weights);
                }
                Mode::Unit | Mode::Pca => raw.copy_from_slice(&work.fixed[own]),
            }
        }
        Ok(())
    }

    fn criterion(&self, criterion: Criterion) -> f64 {
        let changes = self.weights.iter().zip(&self.work.old).map(|(new, old)| (new - old, *new));
        match criterion {
            Criterion::MaxAbsolute => changes.map(|(d, _)| d.abs()).fold(0.0, f64::max),
            Criterion::SumAbsolute => changes.map(|(d, _)| d.abs()).sum(),
            Criterion::MaxSquared => changes.map(|(d, _)| d * d).fold(0.0, f64::max),
            Criterion::MaxRelative => {
                changes.filter(|(_, new)| *new != 0.0).map(|(d, new)| (d / new).abs()).fold(0.0, f64::max)
            }
            Criterion::SumSquaredUnscaled => self
                .work
                .raw
                .iter()
                .zip(&self.work.raw_old)
                .map(|(new, old)| (old.abs() - new.abs()).powi(2))
                .sum(),
        }
    }

    /// Turns constructs so that they point the way the rule says.
    pub(super) fn orient(&mut self, plan: &Plan) {
        let k = plan.constructs();
        for (j, block) in plan.blocks.iter().enumerate() {
            let loadings = (block.start..block.start + block.len).map(|i| self.cross[i * k + j]);
            let direction = match (block.dominant, plan.sign) {
                (Some(item), _) => self.cross[(block.start + item) * k + j],
                (None, SignRule::SumOfLoadings) => loadings.sum(),
                (None, SignRule::Majority) => loadings.map(sign).sum::<f64>() - 0.5,
                (None, SignRule::None) => 1.0,
            };
            if direction < 0.0 {
                for i in block.start..block.start + block.len {
                    self.weights[i] = -self.weights[i];
                }
                for i in 0..plan.items {
                    self.cross[i * k + j] = -self.cross[i * k + j];
                }
                for l in (0..k).filter(|&l| l != j) {
                    for at in [j * k + l, l * k + j] {
                        self.proxy_correlations[at] = -self.proxy_correlations[at];
                        self.inner_weights[at] = -self.inner_weights[at];
                    }
                }
            }
        }
    }

    /// Loading of item `i` of `block` (construct `j`) on its score.
    pub(super) fn own(&self, plan: &Plan, block: &Block, j: usize, i: usize) -> f64 {
        self.cross[(block.start + i) * plan.constructs() + j]
    }
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}
