//! Before the data: populations and simulated answers, questionnaires, sample size, and the built-in models a study
//! can start from.
//!
//! | code | problem |
//! |---|---|
//! | `TP1101` | a population file that cannot be read |
//! | `TP1102` | a population that names something the model does not have |
//! | `TP1103` | a value out of range, or shares that do not add to 1 |
//! | `TP1104` | paths that explain more than the whole variance of an outcome |
//! | `TP1105` | correlations that no population can have |
//! | `TP1106` | a model that data cannot be drawn from |
//! | `TP1107` | a number of cases out of range |

pub mod built_in;
mod causes;
mod draws;
mod implied;
mod items;
mod names;
mod population;
mod questionnaire;
#[cfg(feature = "office")]
mod questionnaire_docx;
mod sample_size;
mod simulate;
mod study;

pub use implied::Implied;
pub use items::thresholds;
pub(crate) use population::toml_problem;
pub use population::{Defaults, Group, Marginal, Population, Respondents};
pub use questionnaire::{Question, Questionnaire, QuestionnaireSettings};
pub use sample_size::SampleSize;
pub use simulate::{Simulate, Simulated};
pub use study::Study;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Why nothing could be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A file cannot be read at all.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// What was asked for contradicts itself or the model.
    #[error("{0}")]
    Invalid(Diagnostics),
}

impl From<Diagnostic> for PlanError {
    fn from(one: Diagnostic) -> Self {
        Self::Invalid(one.into())
    }
}

pub use crate::table::Language;
