//! Composite reliabilities.
//!
//! * `rho_C` (Jöreskog 1971; Dillon-Goldstein's rho): `(Σλ)² / ((Σλ)² + Σ(1 − λ²) + 2 Σ θ_ab)`, the reliability of the
//!   sum score; `θ_ab` are the error covariances of pairs that the model lets correlate (Raykov 1997).
//! * `rho_A` (Dijkstra & Henseler 2015): `(w'w)² · w'(S − diag S)w / w'(ww' − diag ww')w`, the reliability of
//!   the PLS score of Mode A.

use crate::stats::linear;
use crate::stats::real::{Real, defined};

/// Reliability of the sum score from the loadings and the sum of the error covariances (0 unless the model lets
/// errors correlate); `None` for fewer than two items.
pub fn rho_c(loadings: &[f64], error_covariance: f64) -> Option<f64> {
    defined(joreskog(loadings, error_covariance))
}

/// [`rho_c`] of one estimate or sixteen side by side; NaN for fewer than two items.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn joreskog<R: Real>(loadings: &[R], error_covariance: R) -> R {
    if loadings.len() < 2 {
        return R::nan();
    }
    let (mut sum, mut errors) = (R::zero(), R::zero());
    for loading in loadings {
        sum += *loading;
        errors += R::one() - *loading * *loading;
    }
    let truth = sum * sum;
    let total = truth + errors + R::splat(2.0) * error_covariance;
    R::select(total.above(R::zero()), truth / total, R::nan())
}

/// Congeneric reliability of a weighted score: `(w'λ)² / w'Rw`, where `r(a, b)` are the block's correlations as observed
/// or as the model implies them. Equal weights with observed correlations, or the model's weights with implied ones,
/// are variants that cSEM offers. `None` for fewer than two items.
pub fn congeneric(w: &[f64], loadings: &[f64], r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    if w.len() < 2 {
        return None;
    }
    let truth = w.iter().zip(loadings).map(|(w, l)| w * l).sum::<f64>().powi(2);
    let all = (0..w.len()).flat_map(|a| (0..w.len()).map(move |b| (a, b)));
    let total: f64 = all.map(|(a, b)| w[a] * w[b] * r(a, b)).sum();
    (total > 0.0).then(|| truth / total)
}

/// Tau-equivalent reliability of a weighted score: mean off-diagonal correlation times `(Σw)²`, for weights that give the
/// score unit variance. With equal weights it is the standardised alpha. `None` for fewer than two items.
pub fn tau_equivalent(w: &[f64], r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    let k = w.len();
    if k < 2 {
        return None;
    }
    let off: f64 = (0..k).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| r(a, b)).sum();
    Some(off / ((k * (k - 1) / 2) as f64) * w.iter().sum::<f64>().powi(2))
}

/// Dillon-Goldstein's rho as plspm computes it: [`rho_c`] with the loadings on the block's first principal component, from
/// the block's correlations (row-major). A check of unidimensionality that does not depend on the model. `None` for
/// fewer than two items.
pub fn rho_dg(correlation: &[f64], k: usize) -> Option<f64> {
    let (values, vectors) = linear::symmetric_eigen(correlation, k);
    let root = values.first()?.max(0.0).sqrt();
    let loadings: Vec<f64> = vectors.first()?.iter().map(|v| v * root).collect();
    rho_c(&loadings, 0.0)
}

/// Reliability of a Mode A score; `w` must give it unit variance, `r(a, b)` are the item correlations.
///
/// `None` for fewer than two items, or where no pair of items has weight.
pub fn rho_a(w: &[f64], r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    defined(dijkstra_henseler(w, r))
}

/// [`rho_a`] of one estimate or sixteen side by side; NaN where it does not exist.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn dijkstra_henseler<R: Real>(w: &[R], r: impl Fn(usize, usize) -> R) -> R {
    let (mut explained, mut possible, mut norm) = (R::zero(), R::zero(), R::zero());
    for a in 0..w.len() {
        for b in 0..a {
            let both = w[a] * w[b];
            explained += both * r(a, b);
            possible += both * both;
        }
        norm += w[a] * w[a];
    }
    // Fewer than two items: 0/0.
    (norm * norm * explained / possible).if_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rho_dg_of_equal_correlations_has_a_closed_form() {
        // First component of k equal correlations: loadings √((1 + (k − 1) r)/k).
        let r = [1.0, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 0.5, 1.0];
        let sum: f64 = 9.0 * 2.0 / 3.0;
        assert!(rho_dg(&r, 3).is_some_and(|rho| (rho - sum / (sum + 1.0)).abs() < 1e-14));
        assert_eq!(rho_dg(&[1.0], 1), None);
    }

    #[test]
    fn tau_equivalent_items_have_one_reliability() {
        // Three items with loading .8: sum score and PLS score coincide.
        let loadings = [0.8; 3];
        let expected = 5.76 / (5.76 + 1.08);
        let c = rho_c(&loadings, 0.0);
        let variance: f64 = 3.0 + 6.0 * 0.64;
        let w = [1.0 / variance.sqrt(); 3];
        let a = rho_a(&w, |_, _| 0.64);
        assert!(c.is_some_and(|c| (c - expected).abs() < 1e-14));
        assert!(a.is_some_and(|a| (a - expected).abs() < 1e-14));
        assert_eq!(rho_a(&[1.0], |_, _| 1.0), None);
    }
}
