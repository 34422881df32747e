//! From a survey to the cases × items matrix of one model.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::words;

words! {
    /// What is done about missing answers.
    Missing: "treatment of missing answers" {
        /// Each empty cell takes the mean of the observed answers to that item (the field's default).
        /// In a resample the mean is that of the resample: the replacement is part of the estimator.
        Mean = "mean",
        /// Cases with an empty cell among the model's items are left out.
        Listwise = "listwise",
    }
}

/// How a sample is drawn from a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleSettings {
    /// Treatment of missing answers.
    pub missing: Missing,
    /// Numbers that mean "no answer", such as −99, besides those of the codebook.
    pub missing_codes: Vec<f64>,
}

impl Default for SampleSettings {
    fn default() -> Self {
        Self { missing: Missing::Mean, missing_codes: Vec::new() }
    }
}

/// The items of one model, in the model's order, as numbers ready for moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Names of the items, in the model's order.
    pub items: Vec<String>,
    /// One vector per item, each with `cases()` answers after reverse coding; NaN where the answer is missing
    /// (only under [`Missing::Mean`]).
    pub columns: Vec<Vec<f64>>,
    /// For each case kept, its position in the survey.
    pub origin: Vec<usize>,
    /// What missing answers touched.
    pub account: Account,
    /// The survey's fingerprint.
    pub fingerprint: String,
}

/// What happened between the file and the sample. Nothing is dropped silently.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Account {
    /// Cases in the file.
    pub cases_read: usize,
    /// Cases used.
    pub cases_used: usize,
    /// Cases left out because of missing answers (listwise).
    pub cases_left_out: usize,
    /// Cases with at least one missing answer among the model's items.
    pub cases_with_missing: usize,
    /// Missing answers among the model's items, in all cases read.
    pub cells_missing: usize,
    /// Cells filled by mean replacement.
    pub cells_imputed: usize,
    /// Missing answers per item, in the model's order, only items that have any.
    pub missing_per_item: BTreeMap<String, usize>,
    /// Items turned by reverse coding.
    pub reversed: Vec<String>,
    /// Columns of the file that the model does not use.
    pub columns_unused: usize,
    /// The treatment applied.
    pub missing: Option<Missing>,
}

impl Sample {
    /// Number of cases.
    pub fn cases(&self) -> usize {
        self.origin.len()
    }
}
