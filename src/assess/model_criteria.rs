//! Information criteria of the whole model from the likelihood of normal data:
//! `ln L = −½ n (p ln 2π + tr(S Σ⁻¹) + ln det Σ)`, `AIC = −2 ln L + 2k`, `BIC = −2 ln L + k ln n`,
//! `HQ = −2 ln L + 2k ln ln n`.
//!
//! The **structural** criteria compare the construct correlations with those implied by the paths, `k` counting the
//! correlations of exogenous constructs and the paths; the **full** criteria compare the items' correlations with
//! those implied by the model, `k` the correlations less the degrees of freedom (cSEM; Akaike 1974, Schwarz 1978,
//! Hannan & Quinn 1979).

use serde::Serialize;

use super::implied::Implied;
use crate::pls::PlsFit;
use crate::stats::linear;

/// Criteria of a whole model; smaller is better, among models of the same data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ModelCriteria {
    /// Akaike.
    pub aic: f64,
    /// Bayes (Schwarz).
    pub bic: f64,
    /// Hannan-Quinn.
    pub hq: f64,
}

/// Criteria from observed and implied correlations (`p × p`), `k` parameters and `n` cases; `None` unless the implied
/// correlations are positive definite.
pub fn model_criteria(
    observed: &[f64],
    implied: &[f64],
    p: usize,
    k: f64,
    n: usize,
) -> Option<ModelCriteria> {
    let inverse = linear::inverse(implied, p)?;
    let trace: f64 = observed.iter().zip(&inverse).map(|(s, i)| s * i).sum();
    let n = n as f64;
    let deviance = n * (p as f64 * (2.0 * std::f64::consts::PI).ln() + trace + linear::ln_det(implied, p)?);
    Some(ModelCriteria {
        aic: deviance + 2.0 * k,
        bic: deviance + k * n.ln(),
        hq: deviance + 2.0 * k * n.ln().ln(),
    })
}

/// Criteria of the paths and of the whole model.
pub(super) fn of(fit: &PlsFit, implied: &Implied, df: i64) -> (Option<ModelCriteria>, Option<ModelCriteria>) {
    let constructs = fit.plan.constructs();
    let exogenous = constructs - fit.plan.equations.len();
    let free = (exogenous * exogenous.saturating_sub(1) / 2 + fit.plan.paths) as f64;
    let p = fit.answer_moments().len();
    let all = (p * p.saturating_sub(1) / 2) as f64 - df as f64;
    let correlations = &fit.estimate.construct_correlations;
    (
        model_criteria(correlations, &implied.constructs, constructs, free, fit.n()),
        model_criteria(&fit.answer_moments().correlation, &implied.items, p, all, fit.n()),
    )
}

#[cfg(test)]
mod tests {
    use super::model_criteria;

    #[test]
    fn a_perfect_fit_has_the_deviance_of_its_determinant() {
        let r = [1.0, 0.6, 0.6, 1.0];
        let found = model_criteria(&r, &r, 2, 1.0, 100);
        let deviance = 100.0 * (2.0 * std::f64::consts::TAU.ln() + 2.0 + 0.64_f64.ln());
        assert!(found.is_some_and(|c| (c.aic - deviance - 2.0).abs() < 1e-9));
        assert!(model_criteria(&r, &[1.0; 4], 2, 1.0, 100).is_none());
    }
}
