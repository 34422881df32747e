//! Global fit: how far the correlations that the model implies are from those observed.
//!
//! With `S` observed, `Σ` implied, `D = S − Σ`, p items:
//!
//! * `SRMR = √(Σ_{i≥j} d_ij² / (p(p+1)/2))` (Hu & Bentler 1999);
//! * `d_ULS = ½ Σ d_ij²`, `d_G = ½ Σ (ln φ_i)²` with φ the eigenvalues of `S⁻¹Σ` (Dijkstra & Henseler 2015; cSEM
//!   takes base-10 logarithms, see [`FitIndices::d_g_log10`]);
//! * `d_ML = tr(SΣ⁻¹) − ln|SΣ⁻¹| − p`, `χ² = (n − 1) d_ML`;
//! * `NFI = (F₀ − F)/F₀` with `F₀ = −ln|S|` (Bentler & Bonett 1980), NNFI, IFI, CFI, RMSEA, GFI, Hoelter's CN as usual.

use serde::Serialize;

use super::implied::Implied;
use crate::model::Kind;
use crate::pls::PlsFit;
use crate::stats::real::Real;
use crate::stats::{distribution, eigen, linear};

/// Distance of one implied matrix from the observed one. `None` where a matrix is singular.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FitIndices {
    /// Standardised root mean square residual.
    pub srmr: f64,
    /// Unweighted least squares discrepancy.
    pub d_uls: f64,
    /// Geodesic discrepancy, natural logarithms.
    pub d_g: Option<f64>,
    /// Geodesic discrepancy with base-10 logarithms, as cSEM prints it.
    pub d_g_log10: Option<f64>,
    /// Maximum-likelihood discrepancy.
    pub d_ml: Option<f64>,
    /// `(n − 1) d_ML`.
    pub chi_square: Option<f64>,
}

/// Fit of the saturated and of the estimated model, and the indices that need degrees of freedom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GlobalFit {
    /// Paths as estimated.
    pub estimated: FitIndices,
    /// All constructs free to correlate: the measurement model alone.
    pub saturated: FitIndices,
    /// Degrees of freedom of the estimated model.
    pub df: i64,
    /// Degrees of freedom of the model without any correlation.
    pub df_null_model: i64,
    /// `χ² / df`.
    pub chi_square_df: Option<f64>,
    /// Comparative fit index.
    pub cfi: Option<f64>,
    /// Incremental fit index.
    pub ifi: Option<f64>,
    /// Normed fit index.
    pub nfi: Option<f64>,
    /// Non-normed fit index (TLI).
    pub nnfi: Option<f64>,
    /// Goodness of fit, maximum-likelihood weights.
    pub gfi_ml: Option<f64>,
    /// Goodness of fit, weights from the sample.
    pub gfi_gls: Option<f64>,
    /// Goodness of fit, no weights.
    pub gfi_uls: Option<f64>,
    /// Root mean square error of approximation.
    pub rmsea: Option<f64>,
    /// Hoelter's critical sample size at 5 %.
    pub hoelter_cn_05: Option<f64>,
    /// Hoelter's critical sample size at 1 %.
    pub hoelter_cn_01: Option<f64>,
    /// Root mean square correlation of the outer residuals; `None` where none is free to differ from 0, as in one composite.
    pub rms_theta: Option<f64>,
}

impl FitIndices {
    /// Compares observed `s` with implied `sigma`, both `p × p` correlations from `n` cases.
    pub fn of(s: &[f64], sigma: &[f64], p: usize, n: usize) -> Self {
        let logs = log_eigenvalues(s, sigma, p);
        let d_g = logs.as_ref().map(|logs| 0.5 * logs.iter().map(|l| l * l).sum::<f64>());
        // tr(SΣ⁻¹) and |SΣ⁻¹| from the same eigenvalues: those of SΣ⁻¹ are the reciprocals.
        let d_ml = logs.as_ref().map(|logs| logs.iter().map(|l| (-l).exp() + l - 1.0).sum::<f64>());
        let squares = |i: usize, j: usize| (s[i * p + j] - sigma[i * p + j]).powi(2);
        let lower: f64 = (0..p).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| squares(i, j)).sum();
        let all: f64 = (0..p).flat_map(|i| (0..p).map(move |j| (i, j))).map(|(i, j)| squares(i, j)).sum();
        Self {
            srmr: srmr(lower, p),
            d_uls: 0.5 * all,
            d_g,
            d_g_log10: d_g.map(|d| d / std::f64::consts::LN_10.powi(2)),
            d_ml,
            chi_square: d_ml.map(|d| d * (n as f64 - 1.0)),
        }
    }
}

/// SRMR of `p` items from the sum of the squared residuals on and below the diagonal.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn srmr<R: Real>(lower: R, p: usize) -> R {
    (lower / R::splat((p * (p + 1) / 2) as f64)).sqrt()
}

/// Logarithms of the eigenvalues of `S⁻¹Σ`.
fn log_eigenvalues(s: &[f64], sigma: &[f64], p: usize) -> Option<Vec<f64>> {
    let values = eigen::generalised(sigma, s, p)?;
    values.iter().all(|v| *v > 0.0).then(|| values.iter().map(|v| v.ln()).collect())
}

impl GlobalFit {
    /// All fit measures of a fit.
    pub fn of(fit: &PlsFit, estimated: &Implied, saturated: &Implied) -> Self {
        let p = fit.answer_moments().len();
        let n = fit.n() as f64 - 1.0;
        let s = &fit.answer_moments().correlation;
        let indices = FitIndices::of(s, &estimated.items, p, fit.n());
        let df = degrees_of_freedom(fit);
        let df0 = i64::try_from(p * (p - 1) / 2).unwrap_or(i64::MAX);
        let (d, d0) = (df as f64, df0 as f64);
        let f = indices.d_ml;
        let f0 = linear::ln_det(s, p).map(|ln| -ln);
        let both = f.zip(f0);
        let over = (df > 0).then_some(d);
        let gfi = gfi(s, &estimated.items, p);
        Self {
            estimated: indices,
            saturated: FitIndices::of(s, &saturated.items, p, fit.n()),
            df,
            df_null_model: df0,
            chi_square_df: indices.chi_square.zip(over).map(|(c, d)| c / d),
            cfi: both.map(|(f, f0)| {
                let misfit = (n * f - d).max(0.0);
                let baseline = (n * f0 - d0).max(n * f - d).max(0.0);
                if baseline == 0.0 { 1.0 } else { 1.0 - misfit / baseline }
            }),
            ifi: both.map(|(f, f0)| n * (f0 - f) / (n * f0 - d)),
            nfi: both.map(|(f, f0)| (f0 - f) / f0),
            nnfi: both.zip(over).map(|((f, f0), d)| ((f0 / d0 - f / d) / (f0 / d0 - 1.0 / n)).min(1.0)),
            gfi_ml: gfi.0,
            gfi_gls: gfi.1,
            gfi_uls: gfi.2,
            rmsea: f.zip(over).map(|(f, d)| ((f - d / n).max(0.0) / d).sqrt()),
            hoelter_cn_05: hoelter(0.95, d, f),
            hoelter_cn_01: hoelter(0.99, d, f),
            rms_theta: rms_theta(fit),
        }
    }
}

fn hoelter(level: f64, df: f64, f: Option<f64>) -> Option<f64> {
    let quantile = distribution::chi_square_quantile(level, df)?;
    f.filter(|f| *f > 0.0).map(|f| quantile / f + 1.0)
}

/// cSEM's GFI in its three weightings: maximum likelihood, generalised and unweighted least squares.
fn gfi(s: &[f64], sigma: &[f64], p: usize) -> (Option<f64>, Option<f64>, Option<f64>) {
    let sum_squares = |m: &[f64]| m.iter().map(|x| x * x).sum::<f64>();
    let minus_identity = |mut m: Vec<f64>| {
        for i in 0..p {
            m[i * p + i] -= 1.0;
        }
        m
    };
    let ml = linear::inverse(sigma, p).map(|inverse| {
        let ratio = linear::product(&inverse, s, p);
        let whole = sum_squares(&ratio);
        1.0 - sum_squares(&minus_identity(ratio)) / whole
    });
    let gls = linear::inverse(s, p).map(|inverse| {
        let ratio = linear::product(sigma, &inverse, p);
        1.0 - sum_squares(&minus_identity(ratio)) / p as f64
    });
    let difference: Vec<f64> = s.iter().zip(sigma).map(|(a, b)| a - b).collect();
    (ml, gls, Some(1.0 - sum_squares(&difference) / sum_squares(s)))
}

/// Correlations that the model does not spend a parameter on. Products and repeated items are no part of the items, so
/// what is spent on them does not count; constructs of constructs spend on their components.
#[allow(clippy::cast_possible_wrap, reason = "numbers of items and constructs are far below i64::MAX")]
fn degrees_of_freedom(fit: &PlsFit) -> i64 {
    let p = fit.answer_moments().len() as i64;
    let product = |j: usize| fit.model.constructs()[j].factors().is_some();
    let k = (0..fit.plan.constructs()).filter(|&j| !product(j)).count() as i64;
    let exogenous = k - fit.plan.equations.len() as i64;
    let paths: usize =
        fit.plan.equations.iter().flat_map(|e| &e.predictors).filter(|&&j| !product(j)).count();
    let structural = if fit.plan.paths == 0 {
        k * (k - 1) / 2
    } else {
        exogenous * (exogenous - 1) / 2 + fit.plan.correlated.len() as i64 + paths as i64
    };
    // Each construct where its items are: carried scores bring theirs from the stage before.
    let mut counted: Vec<&str> = Vec::new();
    let mut measurement = 0;
    for stage in super::leaves::stages(fit) {
        for (construct, block) in stage.model.constructs().iter().zip(&stage.plan.blocks) {
            let repeated = construct.components().is_some() && fit.earlier().is_empty();
            if construct.factors().is_some() || repeated || counted.contains(&construct.name.as_str()) {
                continue;
            }
            counted.push(&construct.name);
            let items = block.len as i64;
            measurement += match construct.kind {
                Kind::Composite => (items - 1) + items * (items - 1) / 2,
                Kind::Reflective => items + block.correlated.len() as i64,
            };
        }
    }
    p * (p - 1) / 2 - structural - measurement
}

/// Root mean square of the residual correlations of the outer model (Lohmöller 1989; Henseler et al. 2014).
fn rms_theta(fit: &PlsFit) -> Option<f64> {
    let p = fit.moments.len();
    let k = fit.plan.constructs();
    let v = &fit.estimate.construct_correlations;
    let block: Vec<usize> = (0..p).map(|i| fit.block_of(i)).collect();
    let (loading, cross) = (&fit.estimate.loadings, &fit.estimate.cross);
    let mut sum = 0.0;
    let mut count = 0_usize;
    for a in 0..p {
        for b in 0..a {
            let (i, j) = (block[a], block[b]);
            let constructs = fit.model.constructs();
            let product = constructs[i].factors().is_some() || constructs[j].factors().is_some();
            if product || (i == j && constructs[i].kind == Kind::Composite) {
                continue;
            }
            let common = cross[a * k + j] * loading[b] + cross[b * k + i] * loading[a];
            let residual = fit.moments.r(a, b) - common + loading[a] * v[i * k + j] * loading[b];
            sum += residual * residual;
            count += 1;
        }
    }
    (count > 0).then(|| (sum / count as f64).sqrt())
}
