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

mod finding;
mod fit;
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
use crate::model::{Model, words};
use crate::moments::Moments;
use crate::survey::{Missing, Sample, SampleSettings, Survey, SurveyError, code_factors};

pub use finding::Finding;
pub use fit::SemFit;
pub use fit_measures::FitMeasures;
pub use modification::Modification;
pub use parameters::{Operator, Parameter};

use nalgebra::DMatrix;
use parameters::Layout;

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

impl Sem {
    /// Estimates a model from a survey.
    ///
    /// # Errors
    /// [`SemError::Survey`] if the survey does not fit the model; otherwise as [`Sem::fit_moments`].
    pub fn fit(&self, model: &Model, survey: &Survey) -> Result<SemFit, SemError> {
        let coded = code_factors(model, survey, &self.data)?;
        let (model, survey) = coded.as_ref().map_or((model, survey), |(model, survey)| (model, survey));
        let sample = Sample::draw(model, survey, &self.data)?;
        let moments = Moments::of(&sample);
        let mut fit = self.fit_moments(model, &moments)?;
        if let Some(column) = self.data.weight.as_ref().or(model.about.weight.as_ref()) {
            fit.findings.push(Finding::Weighted { column: column.clone() });
        }
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
        if let Some(problem) = model.uncoded_factor() {
            return Err(problem.into());
        }
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
            .hint("an item repeats others, there are fewer cases than items, or a printed table is rounded; leave an item out")
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
        let mut findings = Finding::unused(model);
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
