//! The structural equations as ordinary least squares on scores, with the textbook's standard errors.
//!
//! For standardised scores of `n` cases and `k` predictors: the intercept is 0; `s² = (1 − R²) n' / (n − k − 1)`, `n'` the
//! divisor of the scores' variance; `se(b_j) = √((1 − R²)/(n − k − 1) · VIF_j)`, `se(intercept) = √(s²/n)`, p from
//! Student's t with `n − k − 1` degrees of freedom (Greene 2018, chapter 4; plspm). They take the weights for given, so the
//! bootstrap is the better guide; under the consistent correction they do not apply.

use serde::Serialize;

use crate::pls::{Divisor, PlsFit};
use crate::stats::{distribution, linear};

/// One coefficient.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficient {
    /// Predictor; `None` for the intercept.
    pub predictor: Option<String>,
    /// Estimate.
    pub estimate: f64,
    /// Standard error.
    pub std_error: f64,
    /// `estimate / std_error`.
    pub t: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Coefficients of the equation at position `at`, the intercept first; `None` where a construct of it is corrected for
/// attenuation, or there are too few cases.
pub fn inner_model(fit: &PlsFit, at: usize) -> Option<Vec<Coefficient>> {
    let equation = fit.plan.equations.get(at)?;
    let blocks = &fit.plan.blocks;
    let corrected = equation.predictors.iter().chain([&equation.outcome]).any(|&j| blocks[j].corrected);
    if corrected || fit.is_by_moments() {
        return None;
    }
    let (n, k, m) = (fit.n() as f64, fit.plan.constructs(), equation.predictors.len());
    let df = n - m as f64 - 1.0;
    let unexplained = 1.0 - fit.estimate.r_squared.get(at)?;
    if df <= 0.0 || unexplained <= 0.0 {
        return None;
    }
    let c = &fit.estimate.proxy_correlations;
    let pairs = equation.predictors.iter().flat_map(|&a| equation.predictors.iter().map(move |&b| (a, b)));
    let among: Vec<f64> = pairs.map(|(a, b)| c[a * k + b]).collect();
    let inverse = linear::inverse(&among, m)?;
    let names = fit.constructs();
    let line = |predictor: Option<String>, estimate: f64, variance: f64| {
        let std_error = variance.sqrt();
        let t = estimate / std_error;
        distribution::student_t_two_sided(t, df).map(|p| Coefficient { predictor, estimate, std_error, t, p })
    };
    let spread = match fit.settings.score_divisor {
        Divisor::SampleSize => 1.0,
        Divisor::SampleSize1 => (n - 1.0) / n,
    };
    let mut table = vec![line(None, 0.0, unexplained * spread / df)?];
    for (x, (&j, &path)) in equation.predictors.iter().zip(&equation.paths).enumerate() {
        let b = *fit.estimate.paths.get(path)?;
        // Both in the units of the path.
        let unit = fit.scales[j] / fit.scales[equation.outcome];
        let variance = unexplained / df * inverse[x * m + x] / (unit * unit);
        table.push(line(Some(names[j].clone()), b, variance)?);
    }
    Some(table)
}
