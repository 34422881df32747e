//! Information criteria per outcome (Sharma et al. 2019, doi:10.17705/1jais.00538): from `SSE = (1 − R²)(n − 1)` of
//! the regression of scores and `k` predictors plus the intercept.
//!
//! seminr and cSEM differ in what R² they take under consistent PLS (scores, constructs) and in how they count
//! parameters: seminr's AIC `n ln(SSE/n) + 2(k + 1)` is cSEM's with `k` counting the intercept.

use serde::Serialize;

/// Criteria of one equation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Criteria {
    /// Akaike.
    pub aic: f64,
    /// Akaike, corrected for small samples.
    pub aicc: f64,
    /// Akaike, unbiased.
    pub aicu: f64,
    /// Bayes (Schwarz).
    pub bic: f64,
    /// Final prediction error.
    pub fpe: f64,
    /// Geweke-Meese; needs the error of a saturated model.
    pub gm: Option<f64>,
    /// Hannan-Quinn.
    pub hq: f64,
    /// Hannan-Quinn, corrected.
    pub hqc: f64,
    /// Mallows' Cp; needs the error of a saturated model.
    pub mallows_cp: Option<f64>,
}

/// Criteria from R², sample size, number of predictors and, if known, R² of the saturated regression.
pub fn criteria(r_squared: f64, n: usize, predictors: usize, saturated: Option<f64>) -> Criteria {
    let n = n as f64;
    let k = predictors as f64 + 1.0;
    let sse = (1.0 - r_squared) * (n - 1.0);
    let log = n * (sse / n).ln();
    let mse = saturated.map(|r| 1.0 - r);
    Criteria {
        aic: log + 2.0 * k,
        aicc: log + n * (n + k) / (n - k - 2.0),
        aicu: n * (sse / (n - k)).ln() + 2.0 * k,
        bic: log + k * n.ln(),
        fpe: sse / (n - k) * (1.0 + k / n),
        gm: mse.map(|mse| sse / mse + k * n.ln()),
        hq: log + 2.0 * k * n.ln().ln(),
        hqc: log + 2.0 * k * n * n.ln().ln() / (n - k - 2.0),
        mallows_cp: mse.map(|mse| sse / mse - (n - 2.0 * k)),
    }
}
