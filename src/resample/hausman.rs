//! Are the predictors of an equation correlated with its error? The regression-based test of Hausman (1978,
//! doi:10.2307/1913827; Wooldridge 2010, chapter 6), for equations with instruments.
//!
//! Predictors that are no instruments of their equation count as endogenous. Each is regressed on the instruments; what
//! that leaves, `v = x − z'a`, joins the predictors: `y = x'b + v'c + e`. Were the predictors exogenous, `c` would be 0.
//! The coefficients `b` are those of two-stage least squares. All moments come from the construct correlations, so that
//! consistent PLS is served too; standard errors come from the bootstrap, `t = c/se` with the normal distribution. With
//! more than one endogenous predictor the joint test is Wald's, `c'V⁻¹c ~ χ²`, `V` the covariance of the resamples.

use rayon::prelude::*;
use serde::Serialize;

use super::ResampleError;
use super::memory::check_values;
use super::redrawn::Redrawn;
use super::summary::Summary;
use crate::diagnostic::Diagnostic;
use crate::pls::{Estimate, Plan, PlsFit, Source};
use crate::stats::wald::wald;
use crate::stats::{distribution, linear};

/// One coefficient of the regression.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HausmanCoefficient {
    /// The construct.
    pub construct: String,
    /// Whether this is the coefficient of its first-stage residual.
    pub residual: bool,
    /// Value, bootstrap standard error, t and p; `None` where no resample has an estimate.
    pub summary: Option<Summary>,
}

/// The test of one equation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hausman {
    /// The outcome.
    pub outcome: String,
    /// Its instruments.
    pub instruments: Vec<String>,
    /// Predictors that are no instruments.
    pub endogenous: Vec<String>,
    /// Predictors in the model's order, then the residuals.
    pub coefficients: Vec<HausmanCoefficient>,
    /// Wald's statistic of all residuals together.
    pub wald: Option<f64>,
    /// Its degrees of freedom.
    pub df: usize,
    /// Its p-value; small: the endogenous predictors correlate with the error, and least squares is biased.
    pub p: Option<f64>,
}

/// Predictors of an equation and those of them that are no instruments.
struct Roles {
    outcome: usize,
    predictors: Vec<usize>,
    endogenous: Vec<usize>,
}

fn roles(plan: &Plan) -> Vec<Roles> {
    plan.equations
        .iter()
        .filter(|equation| !plan.instruments[equation.outcome].is_empty())
        .map(|equation| Roles {
            outcome: equation.outcome,
            predictors: equation.predictors.clone(),
            endogenous: equation
                .predictors
                .iter()
                .copied()
                .filter(|x| !plan.instruments[equation.outcome].contains(x))
                .collect(),
        })
        .collect()
}

/// Coefficients of predictors and residuals from construct correlations; `None` where they do not exist.
fn regression(c: &[f64], k: usize, instruments: &[usize], roles: &Roles) -> Option<Vec<f64>> {
    let r = |a: usize, b: usize| c[a * k + b];
    let first: Vec<Vec<f64>> = roles
        .endogenous
        .iter()
        .map(|&x| linear::regress(r, instruments, x).map(|(a, _)| a))
        .collect::<Option<_>>()?;
    // Covariance of residual v with any construct q: r(x, q) − Σ a r(z, q).
    let with = |v: usize, q: usize| {
        let fitted: f64 = first[v].iter().zip(instruments).map(|(a, &z)| a * r(z, q)).sum();
        r(roles.endogenous[v], q) - fitted
    };
    // Of two residuals: the fitted part of one is uncorrelated with the other.
    let between = |v: usize, w: usize| with(v, roles.endogenous[w]);
    let (m, e) = (roles.predictors.len(), roles.endogenous.len());
    let size = m + e;
    let mut a = vec![0.0; size * size];
    let mut b = vec![0.0; size];
    for i in 0..size {
        for j in 0..size {
            a[i * size + j] = match (i < m, j < m) {
                (true, true) => r(roles.predictors[i], roles.predictors[j]),
                (false, true) => with(i - m, roles.predictors[j]),
                (true, false) => with(j - m, roles.predictors[i]),
                (false, false) => between(i - m, j - m),
            };
        }
        b[i] = if i < m { r(roles.predictors[i], roles.outcome) } else { with(i - m, roles.outcome) };
    }
    // Where the first stage leaves next to nothing, or finds nothing, the system is singular.
    (linear::eliminate(&mut a, size, &mut b) && b.iter().all(|x| x.is_finite())).then_some(b)
}

/// Tests every equation with instruments; none is an empty list.
///
/// # Errors
/// [`ResampleError::Invalid`] if the fit has no answers, or the coefficients take more than `max_memory` MiB.
pub fn hausman(
    fit: &PlsFit,
    resamples: usize,
    seed: u64,
    level: f64,
    max_memory: usize,
) -> Result<Vec<Hausman>, ResampleError> {
    let coefficients =
        roles(&fit.plan).iter().map(|roles| roles.predictors.len() + roles.endogenous.len()).sum();
    check_values("coefficients", coefficients, resamples, max_memory)?;
    of_resamples(fit, Redrawn::Seeded { seed, resamples }, level)
}

/// [`hausman`] from given resamples, each a list of case numbers from 0.
///
/// # Errors
/// As [`hausman`], and for case numbers that do not exist.
pub fn hausman_given(
    fit: &PlsFit,
    resamples: &[Vec<usize>],
    level: f64,
) -> Result<Vec<Hausman>, ResampleError> {
    of_resamples(fit, Redrawn::Given(resamples), level)
}

fn of_resamples(fit: &PlsFit, resamples: Redrawn<'_>, level: f64) -> Result<Vec<Hausman>, ResampleError> {
    let sample = resamples.answers(fit)?;
    let source = Source::of(fit, sample)
        .map_err(|error| ResampleError::Invalid(Diagnostic::error("TP0605", error.to_string()).into()))?;
    let (plan, k) = (&fit.plan, fit.plan.constructs());
    let names = fit.constructs();
    let all = roles(plan);
    let of = |estimate: &Estimate, roles: &Roles| {
        regression(&estimate.construct_correlations, k, &plan.instruments[roles.outcome], roles)
    };
    let one = |b: usize| -> Option<Vec<Option<Vec<f64>>>> {
        let mut estimate = Estimate::default();
        source.estimate(plan, &resamples.sample(b, sample), None, &mut estimate).ok()?;
        estimate.converged.then(|| all.iter().map(|roles| of(&estimate, roles)).collect())
    };
    let mut draws: Vec<Vec<Vec<f64>>> = vec![Vec::new(); all.len()];
    if !all.is_empty() {
        let found: Vec<_> = (0..resamples.len()).into_par_iter().map(one).collect();
        for row in found.into_iter().flatten() {
            draws.iter_mut().zip(row).for_each(|(draws, b)| draws.extend(b));
        }
    }
    Ok(all
        .iter()
        .zip(&draws)
        .map(|(roles, draws)| {
            let original = of(&fit.estimate, roles);
            let m = roles.predictors.len();
            let column = |at: usize| draws.iter().map(|d| d[at]).collect::<Vec<f64>>();
            let constructs = roles.predictors.iter().chain(&roles.endogenous);
            let coefficients = constructs
                .enumerate()
                .map(|(at, &x)| HausmanCoefficient {
                    construct: names[x].clone(),
                    residual: at >= m,
                    summary: original.as_ref().and_then(|b| Summary::of(b[at], &column(at), level)),
                })
                .collect();
            let df = roles.endogenous.len();
            let wald =
                original.as_ref().and_then(|b| wald(&b[m..], &(m..m + df).map(column).collect::<Vec<_>>()));
            Hausman {
                outcome: names[roles.outcome].clone(),
                instruments: plan.instruments[roles.outcome].iter().map(|&z| names[z].clone()).collect(),
                endogenous: roles.endogenous.iter().map(|&x| names[x].clone()).collect(),
                coefficients,
                p: wald.and_then(|w| distribution::chi_square_upper(w, df as f64)),
                wald,
                df,
            }
        })
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn coefficients_of_predictors_are_two_stage_least_squares() {
        // z instrument, x = .6 z + u, y = .5 x + e with cov(u, e) = .3: constructs z, x, y.
        let (a, b, d) = (0.6, 0.5, 0.3);
        let (zx, zy, xy) = (a, b * a, b + d);
        let c = [1.0, zx, zy, zx, 1.0, xy, zy, xy, 1.0];
        let roles = Roles { outcome: 2, predictors: vec![1], endogenous: vec![1] };
        let found = regression(&c, 3, &[0], &roles).unwrap();
        assert!((found[0] - b).abs() < 1e-14);
        // c = cov(u, e) / var(u)
        assert!((found[1] - d / (1.0 - a * a)).abs() < 1e-14);
        // An instrument that explains nothing, or everything, leaves no answer.
        let weak = [1.0, 0.0, 0.0, 0.0, 1.0, 0.5, 0.0, 0.5, 1.0];
        assert_eq!(regression(&weak, 3, &[0], &roles), None);
        let same = [1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 0.5, 0.5, 1.0];
        assert_eq!(regression(&same, 3, &[0], &roles), None);
    }

    #[test]
    fn resamples_of_a_model_in_stages_lie_around_its_estimate() {
        let text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nW <~ A + B\nZ =~ z1 + z2\nX =~ x1 + x2\nY =~ y1 + y2\n\
                    X ~ Z\nY ~ X + W\n#@ instruments Y Z W\n";
        let model = crate::Model::parse(text).unwrap();
        let drawn = crate::plan::Simulate { cases: 400, seed: 5, ..Default::default() }.run(&model).unwrap();
        let fit = crate::Pls::default().fit(&model, &drawn.survey().unwrap()).unwrap();
        assert!(fit.staged.is_some());
        let tests = hausman(&fit, 200, 1, 0.95, 64).unwrap();
        assert_eq!(tests.len(), 1);
        for coefficient in &tests[0].coefficients {
            let summary = coefficient.summary.as_ref().unwrap();
            assert!(summary.bias.abs() < summary.sd.unwrap(), "{coefficient:?}");
        }
    }
}
