//! A fit, and what is read off it.

use nalgebra::{DMatrix, DVector};

use super::parameters::{self, Layout, Operator, Parameter};
use super::structure::{self, State};
use super::{Finding, FitMeasures, Modification, Sem, TotalVariance, modification, standardised};
use crate::assess::beyond_one;
use crate::model::{ConstructId, Formula, SharedModel};
use crate::stats::distribution::{normal_quantile, normal_two_sided};
use crate::survey::Sample;
use crate::table::{Matrix, Vector};

/// An estimated model.
#[derive(Debug, Clone)]
pub struct SemFit {
    /// The settings.
    pub settings: Sem,
    /// The model.
    pub model: SharedModel,
    /// The sample, unless a table of covariances was given.
    pub sample: Option<Sample>,
    /// Number of cases.
    pub n: usize,
    /// Steps of scoring.
    pub iterations: usize,
    /// Whether the maximum was reached.
    pub converged: bool,
    /// Every parameter, free or fixed.
    pub parameters: Vec<Parameter>,
    /// Quantities defined in the model file by `:=`.
    pub definitions: Vec<Parameter>,
    /// χ² and what is made of it.
    pub measures: FitMeasures,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    pub(super) items: Vec<String>,
    pub(super) observed: DMatrix<f64>,
    pub(super) state: State,
    pub(super) layout: Layout,
    pub(super) free: Vec<f64>,
    pub(super) information: Option<DMatrix<f64>>,
}

impl SemFit {
    /// Whether it converged and nothing in it is impossible.
    pub fn is_admissible(&self) -> bool {
        !self.findings.iter().any(Finding::is_inadmissible)
    }

    /// Number of free parameters.
    pub fn n_free_parameters(&self) -> usize {
        self.layout.free
    }

    /// The parameter `lhs op rhs`, if the model has it; covariances in either order.
    pub fn parameter(&self, lhs: &str, op: Operator, rhs: &str) -> Option<&Parameter> {
        let same = |p: &Parameter, a: &str, b: &str| p.op == op && p.lhs == a && p.rhs == b;
        self.parameters
            .iter()
            .find(|p| same(p, lhs, rhs) || (op == Operator::Covariance && same(p, rhs, lhs)))
    }

    /// Explained variance of every item with error and every outcome: 1 − unexplained / whole.
    pub fn r_squared(&self) -> Vector {
        let items = (0..self.items.len())
            .filter(|&i| self.layout.has_error(i))
            .map(|i| (self.items[i].clone(), 1.0 - self.state.theta[(i, i)] / self.state.sigma[(i, i)]));
        let outcomes = (0..self.state.phi.nrows()).filter(|&j| self.layout.has_disturbance(j)).map(|j| {
            let name = self.model.constructs()[j].name.clone();
            (name, 1.0 - self.state.psi[(j, j)] / self.state.phi[(j, j)])
        });
        Vector::from_pairs(items.chain(outcomes).collect::<Vec<_>>())
    }

    /// Covariances of the items in the sample.
    pub fn sample_covariance(&self) -> Matrix {
        named(&self.items, &self.observed)
    }

    /// Covariances of the items that the model implies.
    pub fn implied_covariance(&self) -> Matrix {
        named(&self.items, &self.state.sigma)
    }

    /// Covariances of the constructs that the model implies.
    pub fn latent_covariance(&self) -> Matrix {
        named(&self.model.construct_names(), &self.state.phi)
    }

    /// Correlations of the constructs that the model implies.
    pub fn latent_correlation(&self) -> Matrix {
        named(&self.model.construct_names(), &structure::correlation(&self.state.phi))
    }

    /// Sample minus implied covariances.
    pub fn residuals(&self) -> Matrix {
        named(&self.items, &(&self.observed - &self.state.sigma))
    }

    /// Sample minus implied correlations (Bollen 1989).
    pub fn residual_correlations(&self) -> Matrix {
        let difference = structure::correlation(&self.observed) - structure::correlation(&self.state.sigma);
        named(&self.items, &difference)
    }

    /// Composite reliability (omega) of the sum of a factor's items, and the average variance extracted: `None` for
    /// constructs without error of measurement.
    ///
    /// `ω = (Σλ)²φ / (1'T1)` and `AVE = Σλ²φ / tr T`, with T the covariances of the items, implied or observed (Fornell &
    /// Larcker 1981, doi:10.2307/3151312; Bollen 1980 for correlated errors).
    pub fn reliability(&self, construct: &str, total: TotalVariance) -> Option<(f64, f64)> {
        let at = self.model.find(construct)?.index();
        let items: Vec<usize> = self.model.constructs()[at].indicators.iter().map(|id| id.index()).collect();
        if items.len() < 2 {
            return None;
        }
        let covariances = match total {
            TotalVariance::Implied => &self.state.sigma,
            TotalVariance::Observed => &self.observed,
        };
        let phi = self.state.phi[(at, at)];
        let loadings = || items.iter().map(|&i| self.state.lambda[(i, at)]);
        let sum: f64 = items.iter().flat_map(|&i| items.iter().map(move |&j| covariances[(i, j)])).sum();
        let trace: f64 = items.iter().map(|&i| covariances[(i, i)]).sum();
        let shared = loadings().sum::<f64>().powi(2) * phi;
        let squares = loadings().map(|l| l * l).sum::<f64>() * phi;
        Some((shared / sum, squares / trace))
    }

    /// What freeing one more parameter would gain: every loading on another construct, every covariance of errors, every
    /// path between two constructs in either direction and every covariance of two constructs or their disturbances, the
    /// largest gain first. A path against the model's direction makes the model non-recursive; its index is that of lavaan.
    ///
    /// With the slope `g` of the discrepancy `F` along the parameter `c`, and the expected curvature `H` of `c` and the free
    /// parameters `f`:
    ///
    /// ```text
    /// v   = H_cc − H_cf H_ff⁻¹ H_fc
    /// MI  = N g² / (2v)   expected fall of χ² (Sörbom 1989, doi:10.1007/BF02294623)
    /// EPC = −g / v        expected estimate (Saris, Satorra & Sörbom 1987, doi:10.2307/271030)
    /// ```
    ///
    /// `sepc_all` is EPC for constructs and items of variance 1. Empty where the information is singular.
    pub fn modifications(&self) -> Vec<Modification> {
        modification::all(self)
    }

    /// Standard error of a function of the free parameters, by its gradient (delta method).
    pub(super) fn error_of(&self, gradient: &DVector<f64>) -> Option<f64> {
        let covariance = self.information.as_ref()?;
        let variance = (gradient.transpose() * covariance * gradient)[(0, 0)];
        (variance >= 0.0).then(|| variance.sqrt())
    }

    /// How far each free parameter is moved to see what depends on it: a part of its standard error, so that the units of
    /// items do not matter.
    pub(super) fn steps(&self) -> Vec<f64> {
        let variances = self.information.as_ref().map(DMatrix::diagonal);
        (0..self.layout.free)
            .map(|k| variances.as_ref().map_or(0.0, |variances| 1e-3 * variances[k].max(0.0).sqrt()))
            .collect()
    }

    /// An estimate with its tests and interval.
    pub(super) fn tested(&self, est: f64, se: Option<f64>) -> (Option<f64>, Option<f64>, f64, f64) {
        let width = normal_quantile(0.5 + self.settings.level / 2.0) * se.unwrap_or(0.0);
        let z = se.filter(|se| *se > 0.0).map(|se| est / se);
        (z, z.map(normal_two_sided), est - width, est + width)
    }

    /// Defined quantities with their errors by the delta method, in units of the paths and standardised.
    pub(super) fn define(&self) -> Vec<Parameter> {
        let definitions = self.model.definitions();
        let formulas: Vec<&Formula> = definitions.iter().map(|d| &d.formula).collect();
        let values = |paths: &[f64]| Formula::values(formulas.iter().copied(), paths);
        let raw = |x: &[f64]| values(&parameters::paths(&self.model, &self.layout.matrices(x)));
        let standard = |x: &[f64]| {
            let state = self.layout.state(x);
            values(&state.map_or_else(Vec::new, |state| standardised::paths(&self.model, &state)))
        };
        let (now, std) = (raw(&self.free), standard(&self.free));
        let slopes = standardised::jacobian(&self.free, &self.steps(), &raw);
        let mut all = Vec::new();
        for (i, definition) in definitions.iter().enumerate() {
            let est = now.get(i).copied().unwrap_or(f64::NAN);
            let se = slopes.get(i).and_then(|gradient| self.error_of(gradient));
            let (z, pvalue, ci_lower, ci_upper) = self.tested(est, se);
            let std_all = std.get(i).copied().unwrap_or(f64::NAN);
            all.push(Parameter {
                lhs: definition.name.clone(),
                op: Operator::Defined,
                rhs: definition.expression.clone(),
                label: Some(definition.name.clone()),
                free: true,
                est,
                se,
                z,
                pvalue,
                ci_lower,
                ci_upper,
                std_lv: std_all,
                std_all,
                std_se: None,
            });
        }
        all
    }

    /// Values that no data can have.
    pub(super) fn impossible(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (i, item) in self.items.iter().enumerate() {
            let share = self.state.theta[(i, i)] / self.state.sigma[(i, i)];
            if share < 0.0 {
                found.push(Finding::NegativeVariance { name: item.clone(), variance: share });
            }
        }
        for (j, construct) in self.model.constructs().iter().enumerate() {
            let share = self.state.psi[(j, j)] / self.state.phi[(j, j)];
            if share < 0.0 {
                found.push(Finding::NegativeVariance { name: construct.name.clone(), variance: share });
            }
        }
        found.extend(self.model.endogenous().into_iter().filter_map(|to| self.beyond_one(to)));
        let smallest = structure::correlation(&self.state.phi).symmetric_eigenvalues().min();
        // A construct that others make up wholly has an eigenvalue of 0 up to rounding.
        if smallest < -1e-9 {
            found.push(Finding::ConstructsNotPositive { smallest_eigenvalue: smallest });
        }
        found
    }

    /// Standardised paths to an outcome that lie beyond ±1, and the predictors behind them.
    fn beyond_one(&self, to: ConstructId) -> Option<Finding> {
        let names = self.model.construct_names();
        let causes: Vec<usize> = self.model.predecessors(to).into_iter().map(ConstructId::index).collect();
        let to = names.get(to.index())?;
        let std = |from: usize| self.parameter(to, Operator::Path, &names[from]).map_or(0.0, |p| p.std_all);
        let own: Vec<f64> = causes.iter().map(|&from| std(from)).collect();
        let correlations = structure::correlation(&self.state.phi);
        let (paths, pair) = beyond_one(&causes, &own, &names, |a, b| correlations[(a, b)])?;
        // A single predictor has such a path only beside a variance below 0, which is found for itself.
        let (a, b, correlation) = pair?;
        Some(Finding::PathsBeyondOne { to: to.clone(), paths, pair: (a, b), correlation })
    }
}

/// A square matrix with its names.
fn named(names: &[String], values: &DMatrix<f64>) -> Matrix {
    Matrix::from_fn(names.to_vec(), names.to_vec(), |i, j| values[(i, j)])
}
