//! What was answered: reading survey files strictly, and drawing the sample that a model needs.
//!
//! * [`Survey`]: a file as it is, numbers, categories and free text told apart, with its fingerprint.
//! * [`Sample`]: the items of one model, reverse-coded and checked against the codebook, with an account
//!   of every cell and case that missing answers touched.

mod column;
mod read;
mod sample;
mod screen;
mod sniff;
#[cfg(feature = "polars")]
mod frame;

pub use column::{Column, Values};
pub use sample::{Account, Missing, Sample, SampleSettings};
pub use screen::{ItemScreen, Screening};

use crate::diagnostic::Diagnostics;

/// Why there is no survey or no sample.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// The file cannot be read at all.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The data break one or more rules.
    #[error("{0}")]
    Invalid(Diagnostics),
}

/// A survey file as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The file as the user named it, or a placeholder.
    pub file: String,
    /// Its columns, all of the same length.
    pub columns: Vec<Column>,
    /// Number of cases (data rows).
    pub cases: usize,
    /// Line of each case in the file, from 1 (the header is line 1 unless blank lines precede it).
    pub lines: Vec<usize>,
    /// How the file was read, for the report: delimiter, encoding, decimal mark.
    pub dialect: Dialect,
    /// FNV-1a 64-bit hash of the file's bytes in hexadecimal: two results with the same fingerprint saw the same data.
    pub fingerprint: String,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// `,` `;` or tab.
    pub delimiter: char,
    /// `UTF-8`, `GB18030`, …
    pub encoding: &'static str,
    /// `.` or `,`.
    pub decimal: char,
}
