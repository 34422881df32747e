//! Predictors whose values are categories (`#@ factor education ref=highschool`).

use serde::Serialize;

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
