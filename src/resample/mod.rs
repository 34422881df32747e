//! Resampling: the same estimate from other case weights.
//!
//! [`Bootstrap`] draws resamples of the cases, estimates the model from the moments of each, and summarises every
//! quantity: mean, standard error, t, p, percentile interval. A resample is a row of counts, so all of them share
//! one matrix product (see [`crate::moments::kernel`]).
//!
//! Resample b is drawn from stream b of a ChaCha8 generator, so that the numbers depend on the seed alone and not
//! on threads or order.

mod answers;
mod bootstrap;
mod bootstrapped;
mod chacha;
mod congruence;
mod contrast;
mod difference;
mod distances;
mod draw;
mod engine;
mod export;
mod few;
mod fit_test;
mod folds;
mod found;
mod given;
mod groups;
mod hausman;
mod hypotheses;
mod inference;
mod interval;
mod left_out;
mod measurement;
mod memory;
mod monte_carlo;
mod p_value;
#[cfg(feature = "parquet")]
mod parquet;
mod quantities;
mod random;
mod reading;
mod reason;
mod redrawn;
mod sampler;
mod scheme;
mod settings;
mod side_by_side;
mod signs;
mod specification;
mod studentize;
mod summary;
mod tables;
mod tetrads;
mod watch;

pub use bootstrapped::{Bootstrapped, counted_by_seed};
pub use congruence::{Congruence, congruence, congruence_coefficients, congruence_given};
pub(crate) use draw::bootstrap_counts;
pub use few::few_resamples;
pub use fit_test::{FitDistance, FitTest};
pub use folds::{Folds, permuted};
pub use groups::Groups;
pub use hausman::{Hausman, HausmanCoefficient, hausman, hausman_given};
pub use interval::{Centre, Interval, IntervalKind, acceleration};
pub use measurement::{Diagonal, MeasurementTests, TetradSet};
pub(crate) use memory::check_values;
pub use quantities::{Kind, Quantity};
pub use reason::{Culprit, Reason};
pub use scheme::{Design, Method, Scheme};
pub use settings::{Bootstrap, Imputation, Inadmissible};
pub use signs::SignChange;
pub use specification::{congruence_table, hausman_table, tetrad_tests_table, tetrads_table};
pub use summary::{Evidence, Inference, PValue, Summary};
pub use tetrads::{
    BlockTetrads, TestedTetrad, Tetrad, all_tetrads, non_redundant, tetrad_analysis, tetrad_analysis_given,
};
pub use watch::Watch;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Why there is no resampling result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResampleError {
    /// The fit or the settings do not allow it.
    #[error("{0}")]
    Invalid(Diagnostics),
}

impl From<Diagnostic> for ResampleError {
    fn from(one: Diagnostic) -> Self {
        Self::Invalid(one.into())
    }
}

impl From<Diagnostics> for ResampleError {
    fn from(found: Diagnostics) -> Self {
        Self::Invalid(found)
    }
}

fn invalid(diagnostic: Diagnostic) -> ResampleError {
    diagnostic.into()
}
