//! What path coefficients mean together: mediation, moderation, nonlinearity, controls, endogeneity.
//!
//! Almost everything here is a function of a fit and of its resampled path coefficients ([`Draws`]), so that every derived
//! number has the interval of the bootstrap it comes from. The kernels stand alone:
//!
//! | file | what it computes |
//! |---|---|
//! | `mediation.rs` | types of mediation, variance accounted for, upsilon, contrasts |
//! | `equation.rs` | slopes and predictions of equations with products |
//! | `johnson_neyman.rs` | where a conditional effect differs from 0 |
//! | `moderation.rs`, `moderator.rs`, `probing.rs` | simple slopes, conditional indirect effects, the index of moderated mediation |
//! | `reset.rs`, `nonlinearity.rs` | Ramsey's test of linearity; squares of all predictors |
//! | `controls.rs` | the model with and without its controls, joint tests of factors |
//! | `suits.rs` | which bootstraps all of them can be read off |
//! | `copula.rs`, `endogeneity.rs` | Gaussian copula terms of every combination of predictors |

mod controls;
mod copula;
mod draws;
mod endogeneity;
mod endogeneity_tables;
mod equation;
mod johnson_neyman;
mod least_squares;
mod mediation;
mod mediation_tables;
mod moderation;
mod moderation_tables;
mod moderator;
mod nonlinearity;
mod probing;
mod reset;
mod suits;

pub use controls::{
    ComparedOutcome, ComparedPath, Controls, JointTest, joint_table, joint_tests, wald, without_controls,
};
pub use copula::{CopulaDistribution, copula_term};
pub use draws::Draws;
pub use endogeneity::{CopulaCoefficient, CopulaModel, CopulaSettings, Endogeneity, NormalityOfScore};
pub use equation::{Equation, Term};
pub use johnson_neyman::{Band, Region, Significance, crossings, johnson_neyman_points, regions};
pub use mediation::{
    Contrast, Mediation, MediationType, SpecificEffect, TotalIndirect, adjusted_upsilon, classify, upsilon,
    variance_accounted_for,
};
pub use moderation::{
    At, ConditionalEffect, InteractionEffect, JohnsonNeyman, ModeratedMediation, Moderation, Prediction,
    Probe, Settings as ModerationSettings, Surface, TwoWay,
};
pub use nonlinearity::{Nonlinearity, QuadraticEffect, ResetOfOutcome, with_squares};
pub use reset::{Reset, reset};
pub use suits::suits;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::ModelError;
use crate::resample::ResampleError;

/// Why there is no analysis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// The fit or the settings do not allow it.
    #[error("{0}")]
    Invalid(Diagnostics),
}

impl From<Diagnostic> for EffectError {
    fn from(one: Diagnostic) -> Self {
        Self::Invalid(one.into())
    }
}

impl From<ResampleError> for EffectError {
    fn from(error: ResampleError) -> Self {
        let ResampleError::Invalid(problems) = error;
        Self::Invalid(problems)
    }
}

impl From<ModelError> for EffectError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Invalid(found) => Self::Invalid(found),
            other @ ModelError::Unreadable { .. } => Diagnostic::error("TP0805", other.to_string()).into(),
        }
    }
}

/// The rule in words, for a note.
fn footnote(id: &str) -> String {
    crate::assess::rule(id).map(crate::assess::Rule::footnote).unwrap_or_default()
}

/// The two values of a binary variable, smaller first; missing ones are passed over.
fn two_values(values: &[f64]) -> Option<[f64; 2]> {
    let mut seen = values.iter().copied().filter(|x| !x.is_nan());
    let first = seen.next()?;
    let second = seen.find(|x| *x != first)?;
    let both = |x: &f64| x.is_nan() || *x == first || *x == second;
    values.iter().all(both).then(|| [first.min(second), first.max(second)])
}
