//! What one set of correlations gives, and what estimating it takes along.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::plan::Plan;
use crate::stats::real::{LANES, Mask, Real};

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

/// How much of an estimate is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// What the equations need: an item's covariances with other scores than its own, and the correlations of constructs
    /// that stand in no equation together, are not a number.
    Equations,
}

/// What one set of correlations gives.
pub type Estimate = Estimates<f64>;

/// What one set of correlations gives, or each of sixteen side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimates<R: Real> {
    /// Outer weights of unit-variance scores, per item.
    pub weights: Vec<R>,
    /// Covariance of every item with every score, `items × constructs`.
    pub cross: Vec<R>,
    /// Correlations of the scores, `constructs × constructs`.
    pub proxy_correlations: Vec<R>,
    /// Loadings on the own construct, corrected where the plan says so.
    pub loadings: Vec<R>,
    /// `Q`: correlation of score and construct, 1 where nothing is corrected. `Q²` is rho_A.
    pub reliability_roots: Vec<R>,
    /// Correlations of the constructs.
    pub construct_correlations: Vec<R>,
    /// Path coefficients, in the model's order of paths.
    pub paths: Vec<R>,
    /// R² per equation.
    pub r_squared: Vec<R>,
    /// Inner weights, row = receiving construct. Of several side by side, those that settle first go on moving here until
    /// the last has settled.
    pub inner_weights: Vec<R>,
    /// Iterations run; of several side by side, those of the last.
    pub iterations: usize,
    /// Last value of the stopping criterion.
    pub change: R,
    /// Whether the criterion fell below the tolerance.
    pub converged: R::Mask,
    pub(super) work: Work<R>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Work<R: Real> {
    /// Loadings that an algorithm found along with its weights.
    pub(super) factor_loadings: Vec<R>,
    /// Lanes that have not failed, and why the others have.
    pub(super) alive: R::Mask,
    pub(super) failed: [Option<Failure>; LANES],
    /// Weights before the last step, unscaled weights of this and the last step, weights that have settled.
    pub(super) old: Vec<R>,
    pub(super) raw: Vec<R>,
    pub(super) raw_old: Vec<R>,
    pub(super) settled: Vec<R>,
    /// Covariances of the items with each score, score after score.
    pub(super) by_score: Vec<R>,
    /// Correlations that the iteration reads, and covariances of items with neighbouring scores that it makes of them, in
    /// its order: they are read again and again, so they lie side by side.
    pub(super) near: Vec<R>,
    pub(super) proxies: Vec<R>,
    pub(super) a: Vec<R>,
    pub(super) b: Vec<R>,
    /// Mode B blocks' Cholesky factors, or their correlations, one after the other.
    pub(super) factors: Vec<Vec<R>>,
    pub(super) fixed: Vec<R>,
}

impl<R: Real> Estimates<R> {
    /// Notes a failure for the lanes of a mask; those that have failed before keep their reason.
    #[inline(always)]
    pub(super) fn fail(&mut self, mask: R::Mask, why: Failure) {
        let new = mask & self.work.alive;
        if new.any() {
            for at in 0..R::WIDTH {
                if new.holds(at) {
                    self.work.failed[at] = Some(why);
                }
            }
            self.work.alive = self.work.alive & !new;
        }
    }

    /// Why a lane has no estimate, if it has none.
    pub fn failure(&self, lane: usize) -> Option<Failure> {
        self.work.failed[lane]
    }

    #[inline(always)]
    pub(super) fn begin(&mut self, plan: &Plan) {
        let (p, k) = (plan.items, plan.constructs());
        self.work.alive = R::Mask::all(true);
        self.work.failed = [None; LANES];
        self.weights.resize(p, R::zero());
        for (weight, start) in self.weights.iter_mut().zip(&plan.start) {
            *weight = R::splat(*start);
            R::keep();
        }
        self.cross.resize(p * k, R::nan());
        self.proxy_correlations.resize(k * k, R::zero());
        // What the iteration does not set stays 0.
        self.inner_weights.clear();
        self.inner_weights.resize(k * k, R::zero());
        self.work.raw.resize(p, R::zero());
    }

    /// One of several estimates side by side.
    pub fn take(&self, lane: usize, out: &mut Estimate) {
        let copy = |from: &[R], to: &mut Vec<f64>| {
            to.clear();
            to.extend(from.iter().map(|x| x.lane(lane)));
        };
        copy(&self.weights, &mut out.weights);
        copy(&self.cross, &mut out.cross);
        copy(&self.proxy_correlations, &mut out.proxy_correlations);
        copy(&self.loadings, &mut out.loadings);
        copy(&self.reliability_roots, &mut out.reliability_roots);
        copy(&self.construct_correlations, &mut out.construct_correlations);
        copy(&self.paths, &mut out.paths);
        copy(&self.r_squared, &mut out.r_squared);
        copy(&self.inner_weights, &mut out.inner_weights);
        out.iterations = self.iterations;
        out.change = self.change.lane(lane);
        out.converged = self.converged.holds(lane);
    }
}

impl Estimate {
    /// The failure noted, if any.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        self.failure(0).map_or(Ok(()), Err)
    }
}
