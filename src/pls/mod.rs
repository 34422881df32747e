//! Partial least squares path modelling and its consistent version.
//!
//! Text to numbers in four steps: [`Plan`] compiles a model to positions, [`Estimate::weigh`] finds the outer
//! weights, [`Estimate::correct`] turns scores into constructs, [`Estimate::regress`] finds the paths. All of them
//! take correlations only, so a survey, a resample and a published table go the same way.
//!
//! Sources: Wold (1982); Lohmöller (1989), *Latent Variable Path Modeling with Partial Least Squares*;
//! Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005), doi:10.1016/j.csda.2004.03.005;
//! Dijkstra & Henseler (2015), doi:10.25300/MISQ/2015/39.2.02.

mod columns;
mod consistent;
mod estimate;
mod fit;
mod forbidden;
#[cfg(test)]
mod lanes;
mod nonlinear;
mod nonmetric;
mod parts;
mod plan;
mod polynomial;
mod rescore;
mod results;
mod scores;
mod second_order;
mod settings;
mod solve;
mod source;
mod stages;
mod structure;
mod weights;

pub use columns::Cases;
pub use estimate::{Estimate, Estimates, Failure, Scope};
pub use fit::{Convergence, PlsFit, Staged};
pub use plan::{Block, Equation, Plan};
pub use settings::{
    Correction, Criterion, Disattenuate, Divisor, Neighbours, Pls, ProductScale, Program, SignRule, Weighting,
};
pub use source::{NoEstimate, Source};
pub use stages::{CompiledStage, StageResult, Stages, Turn};
pub(crate) use structure::propagation;

use crate::diagnostic::Diagnostics;
use crate::survey::SurveyError;

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlsError {
    /// The data do not suit the model.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// A setting is out of range, or the estimate does not exist.
    #[error("{0}")]
    Invalid(Diagnostics),
}
