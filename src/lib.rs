//! Path models from questionnaires.
//!
//! `trustpath` estimates path models between constructs that are measured by survey items, by partial
//! least squares (PLS-SEM), consistent PLS, or maximum likelihood of covariances (CB-SEM, [`sem`]), and reports everything a
//! reviewer asks for.
//!
//! One idea carries the crate: **a resample is a vector of case weights, an estimate is a function of
//! moments.** Every room of the source stands on that road:
//!
//! ```text
//! file → survey::Survey → survey::Sample → moments::Moments → pls::PlsFit → assess → table / plot → report → document
//!                               ▲                         └→ sem::SemFit → table
//!            case weights: all ones · bootstrap counts · given resamples
//! ```

#![warn(missing_docs)]

pub mod assess;
pub mod codes;
pub mod contract;
pub mod diagnostic;
pub mod document;
pub mod effects;
pub mod model;
pub mod moments;
pub mod plan;
#[cfg(feature = "plots")]
pub mod plot;
pub mod pls;
#[cfg(feature = "report")]
pub mod report;
pub mod reproduce;
pub mod resample;
pub mod sem;
pub mod stats;
pub mod survey;
pub mod table;

pub use assess::{Assessment, Conventions};
pub use model::{Model, Scheme};
pub use moments::Moments;
pub use pls::{Pls, PlsFit};
pub use resample::{Bootstrap, Bootstrapped};
pub use sem::{Sem, SemFit};
pub use survey::Survey;
pub use table::Table;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
