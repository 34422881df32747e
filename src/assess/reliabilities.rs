//! Reliability and convergent validity of every construct, in the definitions that were chosen.

use super::conventions::{Conventions, Formative, NegativeAlpha, RhoA, RhoC, SingleItem};
use super::{alpha, ave, rho};
use crate::model::Mode;
use crate::pls::PlsFit;
use crate::stats::linear;
use crate::table::Vector;

/// Reliability and convergent validity per construct.
pub(super) struct Reliabilities {
    pub(super) alpha: Vector,
    pub(super) rho_a: Vector,
    pub(super) rho_c: Vector,
    pub(super) rho_c_sample_cor: Vector,
    pub(super) rho_c_weighted_model_implied: Vector,
    pub(super) rho_t_weighted: Vector,
    pub(super) rho_dg: Vector,
    pub(super) ave: Vector,
}

impl Reliabilities {
    pub(super) fn of(fit: &PlsFit, conventions: Conventions) -> Self {
        let names = fit.constructs();
        let k = names.len();
        let p = fit.moments.len();
        let blocks = &fit.plan.blocks;
        let r = |a: usize, b: usize| fit.moments.correlation[a * p + b];
        let per_construct = |f: &dyn Fn(usize) -> Option<f64>| {
            Vector::from_pairs(names.iter().cloned().zip((0..k).map(|j| f(j).unwrap_or(f64::NAN))))
        };
        // What single items and formative blocks are given instead of a reliability.
        let reliability = |j: usize, f: &dyn Fn() -> Option<f64>| {
            // Regression weights make no use of internal consistency, unless a factor's score is corrected for it.
            let formative = matches!(blocks[j].mode, Mode::B | Mode::Bnnls) && !blocks[j].corrected;
            if formative && conventions.formative == Formative::Zero {
                Some(0.0)
            } else if blocks[j].len == 1 {
                (conventions.single_item != SingleItem::NotApplicable).then_some(1.0)
            } else if formative && conventions.formative == Formative::NotApplicable {
                None
            } else {
                f()
            }
        };
        let items = |j: usize| blocks[j].start..blocks[j].start + blocks[j].len;
        let loadings = |j: usize| &fit.estimate.loadings[items(j)];
        let alpha = per_construct(&|j| {
            let start = blocks[j].start;
            if blocks[j].len == 1 && conventions.single_item == SingleItem::OneButAlpha {
                return None;
            }
            let alpha =
                reliability(j, &|| alpha::cronbach_alpha(blocks[j].len, |a, b| r(start + a, start + b)));
            match conventions.negative_alpha {
                NegativeAlpha::Kept => alpha,
                NegativeAlpha::Zero => alpha.map(|alpha| alpha.max(0.0)),
            }
        });
        let rho_a = per_construct(&|j| {
            let start = blocks[j].start;
            if let Some(given) = blocks[j].reliability {
                return Some(given);
            }
            reliability(j, &|| match blocks[j].mode {
                _ if blocks[j].corrected || conventions.rho_a == RhoA::AsModelled => {
                    Some(fit.estimate.reliability_roots[j].powi(2))
                }
                Mode::B | Mode::Bnnls => Some(1.0),
                _ => rho::rho_a(&fit.estimate.weights[items(j)], |a, b| r(start + a, start + b)),
            })
        });
        let rho_c = per_construct(&|j| {
            reliability(j, &|| match conventions.rho_c {
                RhoC::Loadings => rho::rho_c(loadings(j), error_covariance(fit, j)),
                RhoC::FirstComponent => rho::rho_c(&first_component(fit, j), 0.0),
            })
        });
        let weights = |j: usize| &fit.estimate.weights[items(j)];
        let rho_c_sample_cor = per_construct(&|j| {
            let start = blocks[j].start;
            let equal = vec![1.0; blocks[j].len];
            reliability(j, &|| rho::congeneric(&equal, loadings(j), |a, b| r(start + a, start + b)))
        });
        let rho_c_weighted_model_implied = per_construct(&|j| {
            // The block as a common factor implies it, whatever the construct is taken for.
            let (l, start) = (loadings(j), blocks[j].start);
            let implied = |a: usize, b: usize| {
                if a == b {
                    1.0
                } else if blocks[j].correlated.contains(&(a.min(b), a.max(b))) {
                    r(start + a, start + b)
                } else {
                    l[a] * l[b]
                }
            };
            reliability(j, &|| rho::congeneric(weights(j), l, implied))
        });
        let rho_t_weighted = per_construct(&|j| {
            let start = blocks[j].start;
            reliability(j, &|| rho::tau_equivalent(weights(j), |a, b| r(start + a, start + b)))
        });
        let ave = per_construct(&|j| reliability(j, &|| ave::average_variance_extracted(loadings(j))));
        let rho_dg =
            per_construct(&|j| reliability(j, &|| rho::rho_dg(&block_correlations(fit, j), blocks[j].len)));
        Self {
            alpha,
            rho_a,
            rho_c,
            rho_c_sample_cor,
            rho_c_weighted_model_implied,
            rho_t_weighted,
            rho_dg,
            ave,
        }
    }
}

/// Sum of the error covariances that the model frees within a block.
fn error_covariance(fit: &PlsFit, j: usize) -> f64 {
    let block = &fit.plan.blocks[j];
    let loading = &fit.estimate.loadings;
    let pairs = block.correlated.iter().map(|(a, b)| (block.start + a, block.start + b));
    pairs.map(|(a, b)| fit.moments.r(a, b) - loading[a] * loading[b]).sum()
}

/// Correlations of a block's items with its first principal component, `√λ v`.
fn first_component(fit: &PlsFit, j: usize) -> Vec<f64> {
    let k = fit.plan.blocks[j].len;
    let (values, vectors) = linear::symmetric_eigen(&block_correlations(fit, j), k);
    let root = values.first().copied().unwrap_or(0.0).max(0.0).sqrt();
    vectors.first().into_iter().flatten().map(|v| root * v).collect()
}

/// Correlations of a block's items.
pub(super) fn block_correlations(fit: &PlsFit, j: usize) -> Vec<f64> {
    let block = &fit.plan.blocks[j];
    let range = block.start..block.start + block.len;
    range.clone().flat_map(|a| range.clone().map(move |b| (a, b))).map(|(a, b)| fit.moments.r(a, b)).collect()
}
