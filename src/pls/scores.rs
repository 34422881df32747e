//! Scores from weights: their scale, their correlations, and those of items with them.
//!
//! The iteration needs covariances of neighbouring constructs only (and, under the path scheme, correlations of the
//! predictors of one equation); the others are found once, from the final weights.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::estimate::{Estimates, Failure};
use super::plan::{Block, Plan};
use crate::stats::real::Real;

impl<R: Real> Estimates<R> {
    /// Correlations that [`Estimates::scale`] reads, in its order.
    #[inline(always)]
    pub(super) fn gather(&mut self, plan: &Plan, s: &[R]) {
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
    pub(super) fn own_cross(&mut self, plan: &Plan, s: &[R]) {
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
