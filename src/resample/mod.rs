//! Resampling: the same estimate from other case weights.
//!
//! [`Bootstrap`] draws resamples of the cases, estimates the model from the moments of each, and summarises every
//! quantity: mean, standard error, t, p, percentile interval. A resample is a row of counts, so all of them share
//! one matrix product (see [`crate::moments::kernel`]).
//!
//! Resample b is drawn from stream b of a ChaCha8 generator, so that the numbers depend on the seed alone and not
//! on threads or order.

mod bootstrap;
mod congruence;
mod draw;
mod engine;
mod hausman;
mod quantities;
mod specification;
mod summary;
mod tables;
mod tetrads;

pub use bootstrap::{Bootstrap, Bootstrapped, Imputation, Inadmissible};
pub use congruence::{Congruence, Diagonal, congruence, congruence_coefficients, congruence_given};
pub(crate) use draw::bootstrap_counts;
pub use engine::Reason;
pub use hausman::{Hausman, HausmanCoefficient, hausman, hausman_given};
pub use quantities::{Kind, Quantity};
pub use specification::{congruence_table, hausman_table, tetrad_tests_table, tetrads_table};
pub use summary::Summary;
pub use tetrads::{
    BlockTetrads, TestedTetrad, Tetrad, TetradSet, all_tetrads, non_redundant, tetrad_analysis,
    tetrad_analysis_given,
};

use crate::diagnostic::Diagnostics;

/// Why there is no resampling result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResampleError {
    /// The fit or the settings do not allow it.
    #[error("{0}")]
    Invalid(Diagnostics),
}
