//! What was answered: reading survey files strictly, and drawing the sample that a model needs.
//!
//! * [`Survey`]: a file as it is, numbers, categories and free text told apart, with its fingerprint.
//! * [`Sample`]: the items of one model, reverse-coded and checked against the codebook, with an account
//!   of every cell and case that missing answers touched.
//! * [`Screening`]: what a careful reader looks at before any estimate.
//!
//! Problems carry stable codes. `TP0201`-`TP0219` are about the file:
//!
//! | code | problem |
//! |---|---|
//! | `TP0201` | the file is empty |
//! | `TP0202` | not a text file (a workbook, an SPSS file, NUL bytes) |
//! | `TP0203` | neither UTF-8 nor GB18030 |
//! | `TP0204` | only one column |
//! | `TP0205` | the header looks like data |
//! | `TP0206` | a column without a name |
//! | `TP0207` | a column name stands twice |
//! | `TP0208` | a header, but no cases |
//! | `TP0209` | a row with too few or too many fields |
//! | `TP0210` | a quotation mark is never closed |
//! | `TP0211` | a column mixes decimal marks |
//! | `TP0212` | columns given by a program do not fit together |
//! | `TP0213` | a data frame column of an unsupported type |
//!
//! `TP0221`-`TP0230` about the items of a model in it, `TP0240`-`TP0243` about its factors, `TP0244` about groups:
//!
//! | code | problem |
//! |---|---|
//! | `TP0221` | an item is not a column of the data |
//! | `TP0222` | an item holds words |
//! | `TP0223` | answers outside the codebook's range |
//! | `TP0224` | an item without a single answer |
//! | `TP0225` | every answer to an item is the same |
//! | `TP0226` | two items with identical answers |
//! | `TP0227` | fewer than three cases |
//! | `TP0228` | a reverse-coded item without a range |
//! | `TP0229` | no items |
//! | `TP0230` | a weight column that is missing, holds words, or has missing, negative or only zero weights |
//! | `TP0240` | a factor is not a column of the data |
//! | `TP0241` | a factor with fewer than two categories, or with very many |
//! | `TP0242` | a reference that is no category of its factor |
//! | `TP0243` | all categories of a variable as items of one construct |
//! | `TP0244` | a column that makes no groups, or a group that is too small |

mod cell;
mod column;
mod decode;
mod draw;
mod drawn;
mod factors;
#[cfg(feature = "polars")]
mod frame;
mod header;
mod read;
mod sample;
mod screen;
mod sniff;
mod split;
mod suspect;
mod tables;

pub use column::{Column, Values};
pub(crate) use decode::{decode, line_of};
pub use factors::code_factors;
pub use sample::{Account, Missing, Sample, SampleSettings};
pub use screen::{CaseRepeat, CaseSparse, ItemScreen, MostMissing, Screening};
pub use split::Split;
pub use suspect::SuspectCode;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::stats::fnv::Fnv;

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

impl From<Diagnostic> for SurveyError {
    fn from(one: Diagnostic) -> Self {
        Self::Invalid(one.into())
    }
}

/// `Ok` if nothing was found, else everything that was.
fn refuse_if_any(problems: Vec<Diagnostic>) -> Result<(), SurveyError> {
    if problems.is_empty() { Ok(()) } else { Err(SurveyError::Invalid(Diagnostics(problems))) }
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
    /// Line of each case in the file, from 1 (the header is line 1 unless blank lines precede it). For data that
    /// come from no file, the number of the case from 1.
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
    /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: &'static str,
    /// `.` or `,`.
    pub decimal: char,
}

/// In words: `separated by commas, UTF-8`.
impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let delimiter = match self.delimiter {
            ',' => "commas",
            ';' => "semicolons",
            '\t' => "tabs",
            _ => "delimiters",
        };
        let decimal = if self.decimal == ',' { ", decimal commas" } else { "" };
        write!(f, "separated by {delimiter}, {}{decimal}", self.encoding)
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: ',', encoding: "UTF-8", decimal: '.' }
    }
}

/// Fingerprint of a file's bytes: their FNV-1a 64-bit hash in hexadecimal, the same as [`Survey::fingerprint`].
pub fn fingerprint(bytes: &[u8]) -> String {
    let mut hash = Fnv::new();
    hash.add(bytes);
    hash.show()
}
