//! Published studies: what a paper printed, estimated again.
//!
//! * [`Study`]: a paper's tables and results as a file that a student can type.
//! * [`refit`]: every published number beside what comes out, and whether rounding explains the difference.
//! * [`findings`]: what is wrong with a printed table: not positive definite, singular, exchanged labels, uncorrected
//!   attenuation, missing predictors.
//! * [`library`]: studies of trust and technology acceptance that come with the program.
//!
//! | code | problem |
//! |---|---|
//! | `TP1201` | a study file that cannot be read |
//! | `TP1202` | something that is no number, or no possible one |
//! | `TP1203` | a table of the wrong form |
//! | `TP1204` | an equation that names something unknown, or twice |
//! | `TP1205` | an equation that cannot be estimated from the printed table |

mod findings;
pub mod library;
mod printed;
mod refit;
mod study;
mod tables;

pub use findings::{Finding, findings};
pub use printed::{Printed, Triangle};
pub use refit::{Agreement, Comparison, Quantity, refit};
pub use study::{PublishedEquation, PublishedTable, Reliabilities, Reliability, Study};
#[cfg(feature = "plots")]
pub use tables::diagram;
pub use tables::{Summary, comparison};

use crate::diagnostic::Diagnostics;

/// Why a study could not be reproduced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReproduceError {
    /// The study file cannot be read at all.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The study file breaks its form, or its table allows no estimate.
    #[error("{0}")]
    Invalid(Diagnostics),
}
