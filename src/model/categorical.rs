//! Predictors whose values are categories (`#@ factor education ref=highschool`).

use serde::Serialize;

use super::Model;
use crate::diagnostic::Diagnostic;

/// A factor: its categories are not known before its column is read (see
/// [`code_factors`](crate::survey::code_factors)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Categorical {
    /// The column.
    pub name: String,
    /// The category that the others are compared with; `None` is the first.
    pub reference: Option<String>,
    /// The other categories; empty before the column is read.
    pub levels: Vec<Level>,
}

/// A category and the dummy that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The category as it is written in the data.
    pub label: String,
    /// The name of its dummy.
    pub dummy: String,
    /// How many cases are of this category.
    pub cases: usize,
}

impl Model {
    /// What is wrong with a model that is to be estimated without answers: the categories of a factor are not known.
    pub(crate) fn uncoded_factor(&self) -> Option<Diagnostic> {
        let factor = self.about.factors.iter().find(|factor| factor.levels.is_empty())?;
        let message =
            format!("`{}` is a factor, whose categories stand in answers, not in a table", factor.name);
        let problem = Diagnostic::error("TP0415", message);
        Some(problem.hint("give the survey file in place of `--correlations`").hint(
            "or name its dummies as predictors, if the table has them, and remove the line `#@ factor`",
        ))
    }
}
