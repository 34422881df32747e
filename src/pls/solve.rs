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
//!
//! The iteration needs covariances of neighbouring constructs only (and, under the path scheme, correlations of the
//! predictors of one equation); the others are found once, from the final weights.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::estimate::{Estimate, Estimates, Failure, Scope};
use super::plan::{Block, Plan};
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

    /// Correlations that [`Estimates::scale`] reads, in its order.
    #[inline(always)]
    fn gather(&mut self, plan: &Plan, s: &[R]) {
        let (p, blocks) = (plan.items, &plan.blocks);
        let within = blocks.iter().map(|block| block.len * block.len.saturating_sub(1) / 2);
        let pairs = || plan.adjacent.iter().chain(&plan.beside);
        let across = pairs().map(|&(j, l)| blocks[j].len * blocks[l].len);
        self.work.near.resize(within.chain(across).sum(), R::zero());
        let both = plan.adjacent.iter().map(|&(j, l)| blocks[j].len + blocks[l].len);
        self.work.proxies.resize(both.sum(), R::zero());
        let mut near = self.work.near.iter_mut();
        let mut take = |row: &[R]| {
            for (r, near) in row.iter().zip(&mut near) {
                *near = *r;
                R::keep();
            }
        };
        // Each pair of a block once: an item's correlation with itself is 1.
        for block in blocks {
            let end = block.start + block.len;
            (block.start..end).for_each(|a| take(&s[a * p + a + 1..a * p + end]));
        }
        for &(j, l) in pairs() {
            let (one, two) = (&blocks[j], &blocks[l]);
            for a in one.start..one.start + one.len {
                take(&s[a * p + two.start..][..two.len]);
            }
        }
    }

    /// Scores to unit variance; then covariances of items with the scores next to their own, and the correlations of scores
    /// that the iteration needs. Reads what [`Estimates::gather`] has found.
    #[inline(always)]
    pub(super) fn scale(&mut self, plan: &Plan, between_too: bool) {
        let k = plan.constructs();
        let all = std::mem::take(&mut self.work.near);
        let mut near = all.as_slice();
        let mut row = |len: usize| {
            let (row, rest) = near.split_at(len);
            near = rest;
            row
        };
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            let mut between = R::zero();
            let mut norm = R::zero();
            let mut weights = &self.weights[own.clone()];
            while let Some((w, rest)) = weights.split_first() {
                norm += *w * *w;
                between += *w * dot(rest, row(rest.len()));
                weights = rest;
                R::keep();
            }
            let variance = norm + (between + between);
            self.fail(!variance.above(R::splat(1e-14) * norm), Failure::NoVariance(j));
            let stretch = R::one() / variance.sqrt();
            for w in &mut self.weights[own] {
                *w *= stretch;
                R::keep();
            }
        }
        if between_too {
            let weights = |j: usize| {
                let block: &Block = &plan.blocks[j];
                &self.weights[block.start..block.start + block.len]
            };
            let mut proxies = self.work.proxies.as_mut_slice();
            for &(j, l) in &plan.adjacent {
                let (v, w) = (weights(j), weights(l));
                // Items of l with score j, and items of j with score l.
                let (with_j, rest) = std::mem::take(&mut proxies).split_at_mut(w.len());
                let (with_l, rest) = rest.split_at_mut(v.len());
                proxies = rest;
                let mut correlation = R::zero();
                let mut first = true;
                for (x, cell) in v.iter().zip(with_l) {
                    let mut covariance = R::zero();
                    let all = w.iter().zip(row(w.len())).zip(with_j.iter_mut());
                    if first {
                        for ((y, r), with_j) in all {
                            covariance += *y * *r;
                            *with_j = *x * *r;
                            R::keep();
                        }
                    } else {
                        for ((y, r), with_j) in all {
                            covariance += *y * *r;
                            *with_j += *x * *r;
                            R::keep();
                        }
                    }
                    first = false;
                    *cell = covariance;
                    correlation += *x * covariance;
                }
                self.proxy_correlations[j * k + l] = correlation;
                self.proxy_correlations[l * k + j] = correlation;
            }
            for &(j, l) in &plan.beside {
                let (v, w) = (weights(j), weights(l));
                let mut correlation = R::zero();
                for x in v {
                    correlation += *x * dot(w, row(w.len()));
                    R::keep();
                }
                self.proxy_correlations[j * k + l] = correlation;
                self.proxy_correlations[l * k + j] = correlation;
            }
            for j in 0..k {
                self.proxy_correlations[j * k + j] = R::one();
            }
        }
        self.work.near = all;
    }

    /// Covariances of all items with all scores, and the correlations of all scores, from weights that are scaled.
    #[inline(always)]
    pub(super) fn cross(&mut self, plan: &Plan, s: &[R]) {
        let p = plan.items;
        let k = plan.constructs();
        let by_score = &mut self.work.by_score;
        by_score.clear();
        by_score.resize(k * p, R::zero());
        for (block, covariance) in plan.blocks.iter().zip(by_score.chunks_mut(p.max(1))) {
            for a in block.start..block.start + block.len {
                let w = self.weights[a];
                for (sum, r) in covariance.iter_mut().zip(&s[a * p..(a + 1) * p]) {
                    *sum += w * *r;
                    R::keep();
                }
            }
        }
        for (j, block) in plan.blocks.iter().enumerate() {
            self.proxy_correlations[j * k + j] = R::one();
            for l in 0..j {
                let mut c = R::zero();
                for i in block.start..block.start + block.len {
                    c += self.weights[i] * by_score[l * p + i];
                }
                self.proxy_correlations[j * k + l] = c;
                self.proxy_correlations[l * k + j] = c;
            }
        }
        for (i, row) in self.cross.chunks_mut(k.max(1)).enumerate() {
            for (cell, covariance) in row.iter_mut().zip(by_score.chunks(p.max(1))) {
                *cell = covariance[i];
                R::keep();
            }
        }
    }

    /// Of the same no more than covariances of the items with their own score, and correlations of scores that stand in an
    /// equation together; to the same bits.
    #[inline(always)]
    fn own_cross(&mut self, plan: &Plan, s: &[R]) {
        let (p, k) = (plan.items, plan.constructs());
        for (j, block) in plan.blocks.iter().enumerate() {
            let own = block.start..block.start + block.len;
            self.proxy_correlations[j * k + j] = R::one();
            for i in own.clone() {
                let mut covariance = R::zero();
                for (w, r) in self.weights[own.clone()].iter().zip(&s[i * p..][own.clone()]) {
                    covariance += *w * *r;
                    R::keep();
                }
                self.cross[i * k + j] = covariance;
            }
        }
        for &(l, j) in &plan.joined {
            let (one, two) = (&plan.blocks[l], &plan.blocks[j]);
            let mut c = R::zero();
            for i in two.start..two.start + two.len {
                let mut covariance = R::zero();
                // Above the diagonal, where all correlations stand.
                for a in one.start..one.start + one.len {
                    covariance += self.weights[a] * s[a * p + i];
                }
                c += self.weights[i] * covariance;
                R::keep();
            }
            self.proxy_correlations[j * k + l] = c;
            self.proxy_correlations[l * k + j] = c;
        }
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

/// Sum of the products of weights and correlations.
#[inline(always)]
fn dot<R: Real>(weights: &[R], row: &[R]) -> R {
    let mut sum = R::zero();
    for (w, r) in weights.iter().zip(row) {
        sum += *w * *r;
        R::keep();
    }
    sum
}
