//! Covariance-based structural equation models: common factors, estimated by maximum likelihood.
//!
//! The model is that of Jöreskog (1973) and Bollen (1989, doi:10.1002/9781118619179). With the items `y` (p), the
//! constructs `η` (m), loadings `Λ`, paths `B`, covariances `Ψ` of predictors and disturbances, and `Θ` of the errors,
//!
//! ```text
//! y = Λη + ε     η = Bη + ζ     Σ(θ) = Λ (I − B)⁻¹ Ψ (I − B)⁻ᵀ Λᵀ + Θ
//! F(θ) = ln|Σ| + tr(SΣ⁻¹) − ln|S| − p
//! ```
//!
//! and `N F` at the minimum is the χ² of the model against any covariances. The minimum is found by Fisher's scoring.
//!
//! * What is free follows the model file: loadings, paths, variances; covariances of constructs without predictors and of
//!   outcomes that explain nothing further; `a ~~ b`.
//! * Every construct takes its unit from its first item, or from a variance of 1 ([`Identification`]).
//! * A construct with one item is that item without error, unless `#@ reliability` says how much of its variance is error.
//! * A construct of constructs (`=~`) is a factor of second order.
//! * Composites (`<~`) and products have no common factor, so that this estimator refuses them, with a reason.
//!
//! One group and complete answers (listwise deletion); other estimators than maximum likelihood are not here.
//!
//! | code | meaning |
//! |---|---|
//! | `TP1401` | a composite or product, which has no common factor |
//! | `TP1402` | a table without a column that the model needs |
//! | `TP1403` | covariances that are not positive definite |
//! | `TP1404` | more parameters than covariances |
//! | `TP1405` | a level of intervals outside 0 to 1 |
//! | `TP1406` | a start that implies impossible covariances |

mod fit_measures;
mod likelihood;
mod modification;
mod parameters;
mod scoring;
mod standardised;
mod start;
mod structure;
mod tables;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Formula, Model, SharedModel, words};
use crate::moments::Moments;
use crate::stats::distribution::{normal_quantile, normal_two_sided};
use crate::survey::{Missing, Sample, SampleSettings, Survey, SurveyError};
use crate::table::{Matrix, Vector};

pub use fit_measures::FitMeasures;
pub use modification::Modification;
pub use parameters::{Operator, Parameter};

use nalgebra::{DMatrix, DVector};
use parameters::Layout;
use structure::State;

words! {
    /// What a construct takes its unit from.
    Identification: "identification" {
        /// Its first item: that loading is 1.
        Marker = "marker",
        /// Itself: its variance, or that of its disturbance, is 1.
        Variance = "variance",
    }
}

words! {
    /// The divisor of sample covariances, and the number that `F` is multiplied by.
    Likelihood: "likelihood" {
        /// n: the likelihood of normal answers.
        Normal = "normal",
        /// n − 1: the likelihood of their covariances.
        Wishart = "wishart",
    }
}

words! {
    /// The information that standard errors come from.
    Information: "information" {
        /// What the model expects.
        Expected = "expected",
        /// The curvature of the likelihood at its maximum.
        Observed = "observed",
    }
}

words! {
    /// The variance of items that reliability is a share of.
    TotalVariance: "total variance" {
        /// What the model implies: shared and error.
        Implied = "implied",
        /// That of the sample, as semTools takes it.
        Observed = "observed",
    }
}

/// How a model is estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sem {
    /// What a construct takes its unit from.
    pub identification: Identification,
    /// Divisor n or n − 1.
    pub likelihood: Likelihood,
    /// Information behind standard errors.
    pub information: Information,
    /// Observed predictors (columns in a path) are taken as given: their variances and covariances are no parameters.
    pub fixed_x: bool,
    /// Level of the confidence intervals.
    pub level: f64,
    /// Scoring stops when twice the expected gain in `F` falls below this.
    pub tolerance: f64,
    /// And gives up after this many steps.
    pub max_iterations: usize,
    /// Missing answers, their codes, case weights. Maximum likelihood needs complete cases: listwise by default.
    pub data: SampleSettings,
}

impl Default for Sem {
    fn default() -> Self {
        Self {
            identification: Identification::Marker,
            likelihood: Likelihood::Normal,
            information: Information::Expected,
            fixed_x: true,
            level: 0.95,
            tolerance: 1e-18,
            max_iterations: 1_000,
            data: SampleSettings { missing: Missing::Listwise, ..SampleSettings::default() },
        }
    }
}

/// Why there is no estimate.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SemError {
    /// The survey does not fit the model.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// The model, the covariances or a setting.
    #[error("{0}")]
    Invalid(Diagnostics),
}

impl From<Diagnostic> for SemError {
    fn from(one: Diagnostic) -> Self {
        Self::Invalid(one.into())
    }
}

/// What is wrong with an estimate that exists.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// Scoring stopped at its limit.
    NotConverged {
        /// Steps taken.
        iterations: usize,
    },
    /// A variance below 0 (Heywood case).
    NegativeVariance {
        /// The item or construct.
        name: String,
        /// Its variance, standardised.
        variance: f64,
    },
    /// Correlations of the constructs that no data can have.
    ConstructsNotPositive {
        /// Smallest eigenvalue of the constructs' correlations.
        smallest_eigenvalue: f64,
    },
    /// The data cannot tell the values of some parameters: no standard errors.
    NotIdentified {
        /// The parameters, as they are written.
        parameters: Vec<String>,
    },
    /// Missing answers were replaced by means, which maximum likelihood takes for answers.
    Imputed {
        /// Cells.
        cells: usize,
    },
}

impl Finding {
    /// Whether it makes the estimate inadmissible, and not merely remarkable.
    pub fn is_inadmissible(&self) -> bool {
        !matches!(self, Self::Imputed { .. })
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConverged { iterations } => write!(
                f,
                "The likelihood did not reach its maximum within {iterations} steps; allow more with \
                 --max-iterations, or look for a construct that its items hardly share."
            ),
            Self::NegativeVariance { name, variance } => write!(
                f,
                "The variance of {name} is {variance:.3} of the whole, below 0 (Heywood case): too few or too unlike \
                 items, or a model that does not hold."
            ),
            Self::ConstructsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The construct correlations are not positive definite (smallest eigenvalue \
                 {smallest_eigenvalue:.4}): two constructs cannot be told apart."
            ),
            Self::NotIdentified { parameters } => write!(
                f,
                "The data do not determine {}: there are no standard errors. Fix or leave out one of them.",
                parameters.join(", ")
            ),
            Self::Imputed { cells } => write!(
                f,
                "{cells} missing answers were replaced by means, which maximum likelihood takes for answers: \
                 standard errors are too small. Use --missing listwise."
            ),
        }
    }
}

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
    items: Vec<String>,
    observed: DMatrix<f64>,
    state: State,
    layout: Layout,
    free: Vec<f64>,
    information: Option<DMatrix<f64>>,
}

impl Sem {
    /// Estimates a model from a survey.
    ///
    /// # Errors
    /// [`SemError::Survey`] if the survey does not fit the model; otherwise as [`Sem::fit_moments`].
    pub fn fit(&self, model: &Model, survey: &Survey) -> Result<SemFit, SemError> {
        let sample = Sample::draw(model, survey, &self.data)?;
        let moments = Moments::of(&sample);
        let mut fit = self.fit_moments(model, &moments)?;
        if sample.account.cells_imputed > 0 {
            fit.findings.push(Finding::Imputed { cells: sample.account.cells_imputed });
        }
        fit.sample = Some(sample);
        Ok(fit)
    }

    /// Estimates a model from moments, such as those of a published table.
    ///
    /// # Errors
    /// [`SemError::Invalid`]: composites and products (TP1401), items without column (TP1402), covariances that are not
    /// positive definite (TP1403), more parameters than covariances (TP1404), a level outside 0 to 1 (TP1405), a start
    /// from which no maximum is found (TP1406).
    pub fn fit_moments(&self, model: &Model, moments: &Moments) -> Result<SemFit, SemError> {
        if !(self.level > 0.0 && self.level < 1.0) {
            let problem = Diagnostic::error("TP1405", format!("a level of {} makes no interval", self.level));
            return Err(problem.hint("choose a level between 0 and 1, such as 0.95").into());
        }
        parameters::refuse(model)?;
        let moments = in_order(model, moments)?;
        let n = moments.cases;
        let p = moments.len();
        let divisor = match self.likelihood {
            Likelihood::Normal => (n as f64 - 1.0) / n as f64,
            Likelihood::Wishart => 1.0,
        };
        let observed =
            DMatrix::from_fn(p, p, |i, j| moments.r(i, j) * moments.sd[i] * moments.sd[j] * divisor);
        if structure::correlation(&observed).symmetric_eigenvalues().min() < SINGULAR {
            return Err(Diagnostic::error(
                "TP1403",
                "the covariances of the items are not positive definite",
            )
            .hint("an item repeats others, or there are fewer cases than items; leave one out")
            .hint("or estimate by PLS, which does not need their inverse")
            .into());
        }
        let layout = Layout::new(self, model, &observed);
        let statistics = p * (p + 1) / 2 - layout.given_x * (layout.given_x + 1) / 2;
        let Some(df) = statistics.checked_sub(layout.free) else {
            return Err(Diagnostic::error(
                "TP1404",
                format!("{} parameters cannot be found from {statistics} covariances", layout.free),
            )
            .hint("give a construct more items, or leave paths and covariances out")
            .into());
        };
        let start = start::start(self, model, &layout, &observed);
        let Some(found) = scoring::minimise(self, &layout, &observed, start) else {
            return Err(Diagnostic::error("TP1406", "no values were found that imply possible covariances")
                .hint("look for items that hardly correlate with the others of their construct")
                .into());
        };
        let scale = match self.likelihood {
            Likelihood::Normal => n as f64,
            Likelihood::Wishart => n as f64 - 1.0,
        };
        let (free, state) = layout.oriented(self, model, found.free, found.state);
        let curvature = match self.information {
            Information::Expected => likelihood::expected(&layout, &state),
            Information::Observed => likelihood::observed(&layout, &observed, &free),
        };
        let mut findings = Vec::new();
        if !found.converged {
            findings.push(Finding::NotConverged { iterations: found.iterations });
        }
        let covariance = match invert(&curvature) {
            Ok(inverse) => Some(inverse * (2.0 / scale)),
            Err(direction) => {
                let parameters = layout.named_in(model, &direction);
                findings.push(Finding::NotIdentified { parameters });
                None
            }
        };
        let measures = FitMeasures::of(self, &layout, &observed, &state, n, df);
        let mut fit = SemFit {
            settings: self.clone(),
            model: std::sync::Arc::new(model.clone()),
            sample: None,
            n,
            iterations: found.iterations,
            converged: found.converged,
            parameters: Vec::new(),
            definitions: Vec::new(),
            measures,
            findings,
            items: moments.items,
            observed,
            state,
            layout,
            free,
            information: covariance,
        };
        fit.parameters = standardised::parameters(&fit);
        fit.definitions = fit.define();
        fit.findings.extend(fit.impossible());
        Ok(fit)
    }
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

    /// What freeing one more parameter would gain: every loading on another construct and every covariance of errors, the
    /// largest gain first.
    pub fn modifications(&self) -> Vec<Modification> {
        modification::all(self)
    }

    /// Standard error of a function of the free parameters, by its gradient (delta method).
    fn error_of(&self, gradient: &DVector<f64>) -> Option<f64> {
        let covariance = self.information.as_ref()?;
        let variance = (gradient.transpose() * covariance * gradient)[(0, 0)];
        (variance >= 0.0).then(|| variance.sqrt())
    }

    /// How far each free parameter is moved to see what depends on it: a part of its standard error, so that the units of
    /// items do not matter.
    fn steps(&self) -> Vec<f64> {
        let variances = self.information.as_ref().map(DMatrix::diagonal);
        (0..self.layout.free)
            .map(|k| variances.as_ref().map_or(0.0, |variances| 1e-3 * variances[k].max(0.0).sqrt()))
            .collect()
    }

    /// An estimate with its tests and interval.
    fn tested(&self, est: f64, se: Option<f64>) -> (Option<f64>, Option<f64>, f64, f64) {
        let width = normal_quantile(0.5 + self.settings.level / 2.0) * se.unwrap_or(0.0);
        let z = se.filter(|se| *se > 0.0).map(|se| est / se);
        (z, z.map(normal_two_sided), est - width, est + width)
    }

    /// Defined quantities with their errors by the delta method, in units of the paths and standardised.
    fn define(&self) -> Vec<Parameter> {
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
    fn impossible(&self) -> Vec<Finding> {
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
        let smallest = structure::correlation(&self.state.phi).symmetric_eigenvalues().min();
        // A construct that others make up wholly has an eigenvalue of 0 up to rounding.
        if smallest < -1e-9 {
            found.push(Finding::ConstructsNotPositive { smallest_eigenvalue: smallest });
        }
        found
    }
}

/// Smallest eigenvalue of correlations whose inverse means something.
const SINGULAR: f64 = 1e-10;

/// The moments of the model's items, in its order.
fn in_order(model: &Model, moments: &Moments) -> Result<Moments, SemError> {
    let mut which = Vec::new();
    let mut problems = Vec::new();
    for item in model.indicators() {
        match moments.items.iter().position(|name| *name == item.name) {
            Some(at) => which.push(at),
            None => problems.push(
                Diagnostic::error("TP1402", format!("the table has no column `{}`", item.name))
                    .hint("the first line of the table names its columns"),
            ),
        }
    }
    if problems.is_empty() {
        Ok(moments.select(&which))
    } else {
        Err(SemError::Invalid(Diagnostics(problems)))
    }
}

/// A square matrix with its names.
fn named(names: &[String], values: &DMatrix<f64>) -> Matrix {
    Matrix::from_fn(names.to_vec(), names.to_vec(), |i, j| values[(i, j)])
}

/// The inverse of a curvature, or the direction in which there is none.
fn invert(curvature: &DMatrix<f64>) -> Result<DMatrix<f64>, Vec<f64>> {
    // In units of its diagonal, so that the scales of items do not matter.
    let scales = curvature.diagonal().map(|x| if x > 0.0 { x.sqrt() } else { 1.0 });
    let k = curvature.nrows();
    let scaled = DMatrix::from_fn(k, k, |i, j| curvature[(i, j)] / (scales[i] * scales[j]));
    let eigen = scaled.symmetric_eigen();
    let flattest = (0..k).min_by(|&a, &b| eigen.eigenvalues[a].total_cmp(&eigen.eigenvalues[b]));
    if let Some(at) = flattest.filter(|&at| eigen.eigenvalues[at] < 1e-10) {
        return Err(eigen.eigenvectors.column(at).iter().copied().collect());
    }
    let inverse = &eigen.eigenvectors
        * DMatrix::from_diagonal(&eigen.eigenvalues.map(|x| 1.0 / x))
        * eigen.eigenvectors.transpose();
    Ok(DMatrix::from_fn(k, k, |i, j| inverse[(i, j)] / (scales[i] * scales[j])))
}
