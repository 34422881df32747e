//! From a survey to the cases × items matrix of one model.
//!
//! The order of the steps matters and is always the same:
//!
//! 1. missing codes (of the settings and of the codebook) become missing answers,
//! 2. answers are checked against the codebook's range,
//! 3. reverse-coded items are turned: min + max − answer,
//! 4. cases are left out: under [`Missing::Listwise`] those with any missing answer, under [`Missing::Mean`]
//!    only those without a single answer, which carry no information.

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
    /// Column that weighs the cases; `None` takes the model file's (`#@ weight`), or weighs all cases alike.
    #[serde(default)]
    pub weight: Option<String>,
}

impl Default for SampleSettings {
    fn default() -> Self {
        Self { missing: Missing::Mean, missing_codes: Vec::new(), weight: None }
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
    /// Case weights, all positive, with mean 1, if the cases are weighted: a case of weight 2 counts as two cases
    /// do, but the sample size stays the number of cases.
    pub weights: Option<Vec<f64>>,
}

/// What happened between the file and the sample. Nothing is dropped silently.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Account {
    /// Cases in the file.
    pub cases_read: usize,
    /// Cases used.
    pub cases_used: usize,
    /// Cases left out because of missing answers: under listwise deletion all with any, under mean replacement
    /// those without a single answer.
    pub cases_left_out: usize,
    /// Cases without a single answer to the model's items; they are left out under every treatment.
    pub cases_empty: usize,
    /// Cases with at least one missing answer among the model's items.
    pub cases_with_missing: usize,
    /// Missing answers among the model's items, in all cases read.
    pub cells_missing: usize,
    /// Cells that mean replacement fills: the missing answers of the cases used.
    pub cells_imputed: usize,
    /// Missing answers of ordinal items in the cases used, which polychoric correlations leave out pair by pair instead.
    pub cells_pairwise: usize,
    /// Missing answers per item in all cases read, only items that have any.
    pub missing_per_item: BTreeMap<String, usize>,
    /// Items turned by reverse coding.
    pub reversed: Vec<String>,
    /// Cases left out because their weight is 0, besides those left out for missing answers.
    pub cases_without_weight: usize,
    /// Columns of the file that the model does not use.
    pub columns_unused: usize,
    /// The treatment applied.
    pub missing: Option<Missing>,
}

impl Account {
    /// Cases of the file that are not used, for whatever reason.
    pub fn cases_not_used(&self) -> usize {
        self.cases_read.saturating_sub(self.cases_used)
    }
}

impl Sample {
    /// Number of cases.
    pub fn cases(&self) -> usize {
        self.origin.len()
    }
}
