//! Why a resample does not count: it has no estimate, or one that cannot be.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use serde::Serialize;

use crate::moments::NoCorrelation;
use crate::moments::kernel::NoMoments;
use crate::pls::{Estimates, Failure, NoEstimate, Plan};
use crate::stats::linear;
use crate::stats::real::{LANES, Mask, Real};

/// Why a resample does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An item, or a score, has no variance.
    NoVariance,
    /// An item has no answer at all.
    NoAnswer,
    /// A Mode B block or the predictors of an equation are collinear.
    Collinear,
    /// The weights did not settle.
    NotConverged,
    /// A block's correlations give no reliability.
    NoReliability,
    /// Two items have no correlation of the kind asked for.
    NoCorrelation,
    /// A loading beyond ±1.
    LoadingAboveOne,
    /// A reliability above 1.
    ReliabilityAboveOne,
    /// Construct correlations are not positive semidefinite.
    NotPositive,
}

impl Reason {
    /// Its key in JSON and in files of resamples.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoVariance => "no_variance",
            Self::NoAnswer => "no_answer",
            Self::Collinear => "collinear",
            Self::NotConverged => "not_converged",
            Self::NoReliability => "no_reliability",
            Self::NoCorrelation => "no_correlation",
            Self::LoadingAboveOne => "loading_above_one",
            Self::ReliabilityAboveOne => "reliability_above_one",
            Self::NotPositive => "not_positive",
        }
    }

    /// In words, for notes below tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoVariance => "an item or score without variance",
            Self::NoAnswer => "an item without any answer",
            Self::Collinear => "collinear items or predictors",
            Self::NotConverged => "weights that did not settle",
            Self::NoReliability => "a block without a reliability",
            Self::NoCorrelation => "a correlation that does not exist",
            Self::LoadingAboveOne => "a loading beyond 1",
            Self::ReliabilityAboveOne => "a reliability above 1",
            Self::NotPositive => "construct correlations that are not positive semidefinite",
        }
    }
}

impl From<Failure> for Reason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoVariance(_) => Self::NoVariance,
            Failure::CollinearBlock(_) | Failure::CollinearPredictors(_) => Self::Collinear,
            Failure::NotConverged => Self::NotConverged,
            Failure::NoReliability(_) => Self::NoReliability,
        }
    }
}

impl From<NoEstimate> for Reason {
    fn from(why: NoEstimate) -> Self {
        match why {
            NoEstimate::Correlation(NoCorrelation::Item(_)) => Self::NoVariance,
            NoEstimate::Correlation(_) => Self::NoCorrelation,
            NoEstimate::Weights(failure) => failure.into(),
        }
    }
}

impl From<NoMoments> for Reason {
    fn from(why: NoMoments) -> Self {
        match why {
            NoMoments::Constant(_) => Self::NoVariance,
            NoMoments::Unanswered(_) => Self::NoAnswer,
        }
    }
}

/// What makes each estimate impossible, if anything.
#[inline(always)]
pub(super) fn impossible<R: Real>(plan: &Plan, estimates: &Estimates<R>) -> [Option<Reason>; LANES] {
    let mut reasons = [None; LANES];
    let mut note = |mask: R::Mask, reason: Reason| {
        if mask.any() {
            for (at, noted) in reasons.iter_mut().enumerate().take(R::WIDTH) {
                if noted.is_none() && mask.holds(at) {
                    *noted = Some(reason);
                }
            }
        }
    };
    note(!estimates.converged, Reason::NotConverged);
    if plan.blocks.iter().any(|block| block.corrected) {
        let limit = R::splat(1.0 + 1e-10);
        let mut above = R::Mask::all(false);
        for loading in &estimates.loadings {
            above = above | loading.abs().above(limit);
        }
        note(above, Reason::LoadingAboveOne);
        let mut above = R::Mask::all(false);
        for root in &estimates.reliability_roots {
            above = above | (*root * *root).above(limit);
        }
        note(above, Reason::ReliabilityAboveOne);
        // Positive semidefinite up to the 1e-8 that the full-sample check allows.
        let k = plan.constructs();
        let mut shifted = estimates.construct_correlations.clone();
        // Where no lane has weights there are none; each has its own reason then.
        if shifted.len() == k * k {
            for j in 0..k {
                shifted[j * k + j] += R::splat(1e-8);
            }
            note(!linear::cholesky(&mut shifted, k), Reason::NotPositive);
        }
    }
    reasons
}
