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
//! more than their arithmetic. Everything is written over [`Real`]: one estimate, or sixteen resamples side by side. A
//! lane that has settled keeps its weights while its neighbours go on, so it ends with the bits it would have alone.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::estimate::{Estimate, Estimates, Failure, Scope};
use super::plan::Plan;
use super::settings::{Criterion, SignRule, Weighting};
use crate::model::{Mode, Scheme};
use crate::stats::linear;
use crate::stats::real::{LANES, Mask, Real};

impl<R: Real> Estimates<R> {
    /// Weights of the PLS iteration, scaled and oriented; failures are noted.
    #[inline(always)]
    pub(super) fn iterate(&mut self, plan: &Plan, s: &[R], scope: Scope) {
        self.begin(plan);
        if scope == Scope::Equations {
            self.proxy_correlations.fill(R::nan());
        }
        self.prepare(plan, s);
        self.gather(plan, s);
        self.scale(plan, true);
        self.work.raw_old.clone_from(&self.weights);
        self.work.settled.clone_from(&self.weights);
        self.converged = R::Mask::all(false);
        self.change = R::zero();
        self.iterations = 0;
        let iterates =
            plan.blocks.iter().any(|b| b.fixed.is_none() && !matches!(b.mode, Mode::Unit | Mode::Pca));
        // Lanes that have neither failed nor settled; what the others go on to do is of no consequence.
        let mut running = self.work.alive;
        let tolerance = R::splat(plan.tolerance);
        while iterates && self.iterations < plan.max_iterations && running.any() {
            self.iterations += 1;
            let before = self.work.alive;
            self.work.alive = running;
            self.inner(plan);
            self.outer(plan);
            std::mem::swap(&mut self.work.old, &mut self.weights);
            self.weights.clone_from(&self.work.raw);
            self.scale(plan, true);
            let lost = running & !self.work.alive;
            running = self.work.alive;
            self.work.alive = before & !lost;
            let change = self.criterion(plan.criterion);
            std::mem::swap(&mut self.work.raw, &mut self.work.raw_old);
            self.change = R::select(running, change, self.change);
            let done = running & change.below(tolerance);
            self.converged = self.converged | done;
            let last = self.iterations == plan.max_iterations;
            let ended = if last { running } else { done };
            if ended.any() {
                for (settled, w) in self.work.settled.iter_mut().zip(&self.weights) {
                    *settled = R::select(ended, *w, *settled);
                    R::keep();
                }
            }
            running = running & !done;
        }
        if !self.work.alive.any() {
            return;
        }
        self.weights.clone_from(&self.work.settled);
        if !iterates {
            self.converged = R::Mask::all(true);
            self.inner(plan);
        }
        match scope {
            Scope::All => self.cross(plan, s),
            Scope::Equations => self.own_cross(plan, s),
        }
        self.orient(plan);
    }

    /// Factors of Mode B blocks and weights that do not change.
    #[inline(always)]
    fn prepare(&mut self, plan: &Plan, s: &[R]) {
        let p = plan.items;
        self.work.factors.resize(plan.blocks.len(), Vec::new());
        for (j, block) in plan.blocks.iter().enumerate() {
            let (start, len) = (block.start, block.len);
            if matches!(block.mode, Mode::B | Mode::Bnnls | Mode::Pca) {
                let factor = &mut self.work.factors[j];
                factor.clear();
                for a in start..start + len {
                    factor.extend_from_slice(&s[a * p + start..a * p + start + len]);
                }
            }
            let weights = &mut self.weights[start..start + len];
            if let Some(fixed) = &block.fixed {
                weights.iter_mut().zip(fixed).for_each(|(w, f)| *w = R::splat(*f));
                continue;
            }
            match block.mode {
                Mode::B => {
                    let sound = linear::cholesky(&mut self.work.factors[j], len);
                    self.fail(!sound, Failure::CollinearBlock(j));
                }
                Mode::Pca => {
                    let found = R::one_by_one(&self.work.factors[j], weights, |s, w| {
                        let (_, vectors) = linear::symmetric_eigen(s, w.len());
                        let Some(first) = vectors.first() else { return false };
                        let sign = if first.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
                        w.iter_mut().zip(first).for_each(|(w, v)| *w = sign * v);
                        true
                    });
                    self.fail(!found, Failure::NoVariance(j));
                }
                Mode::Unit => weights.fill(R::one()),
                Mode::A | Mode::Bnnls => {}
            }
        }
        self.work.fixed.clone_from(&self.weights);
    }

    /// Inner weights from the correlations of the scores.
    #[inline(always)]
    pub(super) fn inner(&mut self, plan: &Plan) {
        let k = plan.constructs();
        if plan.all_neighbours || plan.scheme != Scheme::Path {
            for j in 0..k {
                for l in 0..k {
                    let joined = plan.all_neighbours
                        || plan.predecessors[j].contains(&l)
                        || plan.successors[j].contains(&l);
                    if joined && l != j {
                        let c = self.proxy_correlations[j * k + l];
                        self.inner_weights[j * k + l] =
                            if plan.scheme == Scheme::Centroid { c.sign() } else { c };
                    }
                }
            }
            return;
        }
        // Outcomes of the same predictors share their factor.
        let (mut last, mut sound): (&[usize], _) = (&[], R::Mask::all(true));
        for j in 0..k {
            for &l in &plan.successors[j] {
                self.inner_weights[j * k + l] = self.proxy_correlations[j * k + l];
            }
            let from = plan.predecessors[j].as_slice();
            if let [only] = from {
                self.inner_weights[j * k + only] = self.proxy_correlations[only * k + j];
                continue;
            }
            let m = from.len();
            if m == 0 {
                continue;
            }
            let (c, work) = (&self.proxy_correlations, &mut self.work);
            if from != last {
                work.a.resize(m * m, R::zero());
                work.b.resize(m, R::zero());
                for (x, &fx) in from.iter().enumerate() {
                    for (y, &fy) in from.iter().enumerate() {
                        work.a[x * m + y] = c[fx * k + fy];
                    }
                }
                sound = linear::cholesky(&mut work.a[..m * m], m);
                last = from;
            }
            for (b, &fx) in work.b.iter_mut().zip(from) {
                *b = c[fx * k + j];
            }
            linear::cholesky_solve(&work.a[..m * m], m, &mut work.b[..m]);
            for (x, &fx) in from.iter().enumerate() {
                self.inner_weights[j * k + fx] = self.work.b[x];
            }
            self.fail(!sound, Failure::CollinearPredictors(j));
        }
    }

    /// Unscaled outer weights of all blocks from the old scores, into `work.raw`.
    #[inline(always)]
    fn outer(&mut self, plan: &Plan) {
        let k = plan.constructs();
        let work = &mut self.work;
        for (j, (block, neighbours)) in plan.blocks.iter().zip(&plan.neighbours).enumerate() {
            let inner = &self.inner_weights[j * k..(j + 1) * k];
            for (i, raw) in work.raw[block.start..block.start + block.len].iter_mut().enumerate() {
                let mut sum = R::zero();
                for &(l, place) in neighbours {
                    sum += inner[l] * work.proxies[place + i];
                    R::keep();
                }
                *raw = sum;
            }
        }
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            let raw = &mut work.raw[own.clone()];
            if block.fixed.is_some() || matches!(block.mode, Mode::Unit | Mode::Pca) {
                raw.copy_from_slice(&work.fixed[own]);
                continue;
            }
            match block.mode {
                Mode::B => linear::cholesky_solve(&work.factors[j], block.len, raw),
                Mode::Bnnls => {
                    let mut inputs = work.factors[j].clone();
                    inputs.extend_from_slice(raw);
                    let found = R::one_by_one(&inputs, raw, |inputs, w| {
                        let (s, inner) = inputs.split_at(w.len() * w.len());
                        linear::nnls(s, inner).is_some_and(|weights| {
                            w.copy_from_slice(&weights);
                            true
                        })
                    });
                    let alive = work.alive;
                    let new = !found & alive;
                    if new.any() {
                        for at in 0..R::WIDTH {
                            if new.holds(at) {
                                work.failed[at] = Some(Failure::CollinearBlock(j));
                            }
                        }
                        work.alive = alive & found;
                    }
                }
                _ => {}
            }
        }
    }

    #[inline(always)]
    fn criterion(&self, criterion: Criterion) -> R {
        let mut all = R::zero();
        if criterion == Criterion::SumSquaredUnscaled {
            for (new, old) in self.work.raw.iter().zip(&self.work.raw_old) {
                let d = old.abs() - new.abs();
                all += d * d;
            }
            return all;
        }
        for (new, old) in self.weights.iter().zip(&self.work.old) {
            let d = *new - *old;
            all = match criterion {
                Criterion::MaxAbsolute => all.larger(d.abs()),
                Criterion::SumAbsolute => all + d.abs(),
                Criterion::MaxSquared => all.larger(d * d),
                // A weight of 0 has no relative change.
                _ => all.larger(R::select(new.abs().above(R::zero()), (d / *new).abs(), R::zero())),
            };
        }
        all
    }

    /// Turns constructs so that they point the way the rule says.
    #[inline(always)]
    pub(super) fn orient(&mut self, plan: &Plan) {
        let k = plan.constructs();
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            let mut direction = R::zero();
            match (block.dominant, plan.sign) {
                (Some(item), _) => direction = self.cross[(block.start + item) * k + j],
                (None, SignRule::SumOfLoadings) => {
                    for i in own.clone() {
                        direction += self.cross[i * k + j];
                    }
                }
                (None, SignRule::Majority) => {
                    for i in own.clone() {
                        direction += self.cross[i * k + j].sign();
                    }
                    direction -= R::splat(0.5);
                }
                (None, SignRule::None) => {}
            }
            let turned = direction.below(R::zero());
            if !turned.any() {
                continue;
            }
            let turn = |x: &mut R| {
                *x = R::select(turned, -*x, *x);
                R::keep();
            };
            self.weights[own].iter_mut().for_each(turn);
            for i in 0..plan.items {
                turn(&mut self.cross[i * k + j]);
            }
            for l in (0..k).filter(|&l| l != j) {
                for at in [j * k + l, l * k + j] {
                    turn(&mut self.proxy_correlations[at]);
                    turn(&mut self.inner_weights[at]);
                }
            }
        }
    }
}

impl Estimate {
    /// Estimates weights from the correlations `s` (row-major), then orients the constructs.
    ///
    /// A stop at the limit is not a failure here: `converged` says so.
    ///
    /// # Errors
    /// [`Failure`] where an inverse does not exist.
    pub fn weigh(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        if plan.iterates() {
            self.iterate(plan, s, Scope::All);
            return self.outcome();
        }
        self.begin(plan);
        self.weigh_by(plan, s)
    }

    /// Scales weights that were found elsewhere, and finds the correlations of their scores.
    pub(super) fn settle(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        self.work.alive = true;
        self.work.failed = [None; LANES];
        let (p, k) = (plan.items, plan.constructs());
        self.cross.resize(p * k, 0.0);
        self.proxy_correlations.resize(k * k, 0.0);
        self.inner_weights.resize(k * k, 0.0);
        self.gather(plan, s);
        self.scale(plan, false);
        self.outcome()?;
        self.cross(plan, s);
        Ok(())
    }
}

impl Plan {
    /// Whether its weights come from the PLS iteration (or need none), so that sixteen can be found side by side.
    pub fn iterates(&self) -> bool {
        matches!(self.weighting, Weighting::PlsPm | Weighting::Unit | Weighting::Pca)
    }
}
