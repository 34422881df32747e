//! χ² and what is made of it.
//!
//! With `X² = N F` and `df` of the model, `X₀²` and `df₀` of the baseline in which no items correlate (observed predictors
//! excepted), p items:
//!
//! ```text
//! CFI = 1 − max(X² − df, 0) / max(X₀² − df₀, X² − df, 0)     TLI = 1 − (X² − df) df₀ / ((X₀² − df₀) df)
//! RMSEA = √(max(X² − df, 0) / (N df))                        SRMR = √(Σ_{i≥j} ((s_ij − σ_ij)/√(s_ii s_jj))² / (p(p+1)/2))
//! ```
//!
//! (Bentler 1990, doi:10.1037/0033-2909.107.2.238; Tucker & Lewis 1973; Steiger 1990; Hu & Bentler 1999,
//! doi:10.1080/10705519909540118). The interval of RMSEA and the tests of close fit are those of the noncentral χ²
//! (Browne & Cudeck 1993).

use nalgebra::DMatrix;
use serde::Serialize;

use super::parameters::Layout;
use super::structure::{State, correlation};
use super::{Likelihood, Sem};
use crate::stats::distribution::{chi_square_quantile, chi_square_upper};
use crate::stats::noncentral_chi_square::{cdf, noncentrality};

/// Fit measures, with lavaan's names. `None` where a model without degrees of freedom has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitMeasures {
    /// Free parameters.
    pub npar: usize,
    /// Half of `F` at the minimum.
    pub fmin: f64,
    /// `N F`.
    pub chisq: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// Probability of so large a χ² if the model holds.
    pub pvalue: Option<f64>,
    /// χ² of the baseline.
    pub baseline_chisq: f64,
    /// Its degrees of freedom.
    pub baseline_df: usize,
    /// Its probability.
    pub baseline_pvalue: Option<f64>,
    /// Comparative fit index.
    pub cfi: f64,
    /// Tucker-Lewis index.
    pub tli: f64,
    /// Bollen's relative fit index.
    pub rfi: Option<f64>,
    /// Normed fit index.
    pub nfi: f64,
    /// Parsimony-adjusted NFI.
    pub pnfi: f64,
    /// Incremental fit index.
    pub ifi: f64,
    /// Relative noncentrality index.
    pub rni: f64,
    /// Log-likelihood of the model.
    pub logl: f64,
    /// Log-likelihood of the saturated model.
    pub unrestricted_logl: f64,
    /// Akaike's criterion.
    pub aic: f64,
    /// Schwarz's criterion.
    pub bic: f64,
    /// BIC adjusted for sample size (Sclove 1987).
    pub sabic: f64,
    /// Cases.
    pub ntotal: usize,
    /// Root mean square error of approximation.
    pub rmsea: f64,
    /// Lower bound of its 90 % interval.
    pub rmsea_ci_lower: Option<f64>,
    /// Upper bound.
    pub rmsea_ci_upper: Option<f64>,
    /// Probability of so large a χ² if RMSEA is at most .05.
    pub rmsea_pvalue: Option<f64>,
    /// Probability of so small a χ² if RMSEA is at least .08.
    pub rmsea_notclose_pvalue: Option<f64>,
    /// Root mean square residual covariance.
    pub rmr: f64,
    /// Standardised (Bentler).
    pub srmr: f64,
    /// Root mean square residual correlation (Bollen).
    pub crmr: f64,
    /// Standardised as in Mplus.
    pub srmr_mplus: f64,
    /// Hoelter's critical number of cases at 5 %.
    pub cn_05: Option<f64>,
    /// And at 1 %.
    pub cn_01: Option<f64>,
    /// Goodness of fit index.
    pub gfi: f64,
    /// Adjusted for degrees of freedom.
    pub agfi: Option<f64>,
    /// Parsimony goodness of fit.
    pub pgfi: f64,
    /// Noncentrality index of R. P. `McDonald` (1989).
    pub mfi: f64,
    /// Expected cross-validation index.
    pub ecvi: f64,
}

/// `ln|A|` of a positive definite matrix.
fn ln_det(a: &DMatrix<f64>) -> f64 {
    let cholesky = a.clone().cholesky();
    cholesky.map_or(f64::NAN, |c| 2.0 * c.l().diagonal().iter().map(|x| x.ln()).sum::<f64>())
}

impl FitMeasures {
    pub(super) fn of(
        sem: &Sem,
        layout: &Layout,
        observed: &DMatrix<f64>,
        state: &State,
        n: usize,
        df: usize,
    ) -> Self {
        let p = observed.nrows();
        let cases = n as f64;
        let scale = if sem.likelihood == Likelihood::Normal { cases } else { cases - 1.0 };
        let trace = observed.component_mul(&state.inverse).sum();
        let saturated = ln_det(observed);
        let f = state.ln_det + trace - saturated - p as f64;
        let chisq = (scale * f).max(0.0);
        // Observed predictors keep their covariances in the baseline.
        let x = &layout.x;
        let among_x = ln_det(&DMatrix::from_fn(x.len(), x.len(), |i, j| observed[(x[i], x[j])]));
        let alone: f64 = (0..p).filter(|i| !x.contains(i)).map(|i| observed[(i, i)].ln()).sum();
        let baseline_chisq = (scale * (alone + among_x - saturated)).max(0.0);
        let pairs = |k: usize| k * k.saturating_sub(1) / 2;
        let baseline_df = pairs(p) - pairs(x.len());
        let (d, d0) = (df as f64, baseline_df as f64);
        let over = (df > 0).then_some(d);
        let (misfit, baseline) = (chisq - d, baseline_chisq - d0);
        let npar = layout.free;
        // Of what is given, the likelihood says nothing.
        let constant = (p - x.len()) as f64 * (2.0 * std::f64::consts::PI).ln();
        let logl = -0.5 * cases * (constant + state.ln_det - among_x + trace - x.len() as f64);
        let unrestricted_logl = -0.5 * cases * (constant + saturated - among_x + (p - x.len()) as f64);
        let k = npar as f64;
        let tail = |rmsea: f64| cdf(chisq, d, scale * d * rmsea * rmsea);
        let bound = |p: f64| over.and_then(|d| noncentrality(chisq, d, p).map(|l| (l / (scale * d)).sqrt()));
        let statistics = (p * (p + 1) / 2) as f64;
        // What is given is not fitted, and does not count as such.
        let fitted =
            DMatrix::from_fn(
                p,
                p,
                |i, j| {
                    if x.contains(&i) && x.contains(&j) { 0.0 } else { observed[(i, j)] }
                },
            );
        let ratio = &state.inverse * fitted;
        let miss = &state.inverse * (observed - &state.sigma);
        let square_trace = |a: &DMatrix<f64>| a.component_mul(&a.transpose()).sum();
        let gfi = 1.0 - square_trace(&miss) / square_trace(&ratio);
        let critical = |level: f64| {
            let quantile = chi_square_quantile(level, d)?;
            (chisq > 0.0).then(|| quantile / (chisq / scale) + 1.0)
        };
        let (rmr, srmr, crmr, srmr_mplus) = residuals(observed, &state.sigma);
        Self {
            npar,
            fmin: 0.5 * f,
            chisq,
            df,
            pvalue: over.and_then(|d| chi_square_upper(chisq, d)),
            baseline_chisq,
            baseline_df,
            baseline_pvalue: chi_square_upper(baseline_chisq, d0),
            cfi: {
                let most = baseline.max(misfit).max(0.0);
                if most == 0.0 { 1.0 } else { 1.0 - misfit.max(0.0) / most }
            },
            tli: match over {
                Some(d) if baseline != 0.0 => 1.0 - misfit * d0 / (baseline * d),
                _ => 1.0,
            },
            rfi: over.map(|d| 1.0 - (chisq / d) / (baseline_chisq / d0)),
            nfi: (baseline_chisq - chisq) / baseline_chisq,
            pnfi: d / d0 * (baseline_chisq - chisq) / baseline_chisq,
            ifi: (baseline_chisq - chisq) / (baseline_chisq - d),
            rni: 1.0 - misfit / baseline,
            logl,
            unrestricted_logl,
            aic: -2.0 * logl + 2.0 * k,
            bic: -2.0 * logl + k * cases.ln(),
            sabic: -2.0 * logl + k * ((cases + 2.0) / 24.0).ln(),
            ntotal: n,
            rmsea: over.map_or(0.0, |d| (misfit.max(0.0) / (scale * d)).sqrt()),
            rmsea_ci_lower: bound(0.95),
            rmsea_ci_upper: bound(0.05),
            rmsea_pvalue: over.and_then(|_| tail(0.05)).map(|p| 1.0 - p),
            rmsea_notclose_pvalue: over.and_then(|_| tail(0.08)),
            rmr,
            srmr,
            crmr,
            srmr_mplus,
            cn_05: critical(0.95),
            cn_01: critical(0.99),
            gfi,
            agfi: over.map(|d| 1.0 - statistics / d * (1.0 - gfi)),
            pgfi: d / statistics * gfi,
            mfi: (-0.5 * misfit / scale).exp(),
            ecvi: chisq / scale + 2.0 * k / scale,
        }
    }

    /// Names and values, in order.
    pub fn named(&self) -> Vec<(String, Option<f64>)> {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => {
                fields.into_iter().map(|(key, value)| (key, value.as_f64())).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// RMR, SRMR (Bentler), CRMR (Bollen), SRMR (Mplus).
fn residuals(observed: &DMatrix<f64>, sigma: &DMatrix<f64>) -> (f64, f64, f64, f64) {
    let p = observed.nrows();
    let (r, implied) = (correlation(observed), correlation(sigma));
    let lower = || (0..p).flat_map(|i| (0..=i).map(move |j| (i, j)));
    let statistics = (p * (p + 1) / 2) as f64;
    let mean = |sum: f64, count: f64| if count > 0.0 { (sum / count).sqrt() } else { 0.0 };
    let raw: f64 = lower().map(|(i, j)| (observed[(i, j)] - sigma[(i, j)]).powi(2)).sum();
    let standardised: f64 = lower()
        .map(|(i, j)| (observed[(i, j)] - sigma[(i, j)]).powi(2) / (observed[(i, i)] * observed[(j, j)]))
        .sum();
    let correlations: f64 = lower().map(|(i, j)| (r[(i, j)] - implied[(i, j)]).powi(2)).sum();
    let variances: f64 =
        (0..p).map(|i| ((observed[(i, i)] - sigma[(i, i)]) / observed[(i, i)]).powi(2)).sum();
    (
        mean(raw, statistics),
        mean(standardised, statistics),
        mean(correlations, statistics - p as f64),
        mean(correlations + variances, statistics),
    )
}
