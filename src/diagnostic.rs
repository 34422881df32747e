//! What went wrong with a file a person wrote: where, why, and how to mend it.
//!
//! A [`Diagnostic`] is data. The command line draws it with the source line and a caret; other callers
//! print it with `Display`, which needs no colour and no source.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing can be computed.
    Error,
    /// The result stands, but the reader must know.
    Warning,
}

/// A text and the name under which the reader knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// File name as the user gave it, or a placeholder such as `<model>`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A named text, ready to be shared by many diagnostics.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }

    /// Line and column (both from 1, columns in characters) of a byte offset.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset =
            (0..=offset.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        let before = &self.text[..offset];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[start..].chars().count() + 1)
    }
}

/// One problem in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable id, such as `TP0103`: `TP01xx` model file, `TP02xx` data file, `TP03xx` codebook,
    /// `TP04xx` estimation.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop, naming the culprit.
    pub message: String,
    /// The text it points into, if it points into one.
    pub source: Option<Arc<Source>>,
    /// Byte range in that text.
    pub span: Option<Range<usize>>,
    /// What the caret says, such as `not a construct of this model`.
    pub label: String,
    /// File, line and column when there is no text to show (large data files).
    pub place: Option<Place>,
    /// How to mend it, most useful first.
    pub hints: Vec<String>,
}

/// A cell or line in a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File name as the user gave it.
    pub file: String,
    /// Line from 1, the header being line 1.
    pub line: Option<usize>,
    /// Column name or number.
    pub column: Option<String>,
}

impl Diagnostic {
    /// An error that points nowhere yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            source: None,
            span: None,
            label: String::new(),
            place: None,
            hints: Vec::new(),
        }
    }

    /// A warning that points nowhere yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Points into a text, with what the caret says.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>, label: impl Into<String>) -> Self {
        self.source = Some(Arc::clone(source));
        self.span = Some(span);
        self.label = label.into();
        self
    }

    /// Points into a data file.
    #[must_use]
    pub fn in_file(mut self, file: &str, line: Option<usize>, column: Option<&str>) -> Self {
        self.place = Some(Place { file: file.to_owned(), line, column: column.map(str::to_owned) });
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: {}", self.code, self.message)?;
        if let (Some(source), Some(span)) = (&self.source, &self.span) {
            let (line, column) = source.position(span.start);
            write!(f, "\n  at {}:{line}:{column}", source.name)?;
            if !self.label.is_empty() {
                write!(f, ": {}", self.label)?;
            }
        }
        if let Some(place) = &self.place {
            write!(f, "\n  in {}", place.file)?;
            if let Some(line) = place.line {
                write!(f, ", line {line}")?;
            }
            if let Some(column) = &place.column {
                write!(f, ", column {column}")?;
            }
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong at once, so that a user mends a file in one round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

/// The name among `known` that `wrong` was most likely meant to be.
///
/// Case is ignored; at most a third of the characters may differ, and never all of them. A change, an insertion, an
/// omission and a swap of neighbours each count as one (optimal string alignment).
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (edit_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            let length = name.chars().count();
            *distance * 3 <= length.max(3) && *distance < length
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Rows for the last two characters of `a` and the current one.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j - 1] + cost).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row[j] = best;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_is_found_and_far_ones_are_not() {
        assert_eq!(nearest("PEOUU", ["PU", "PEOU", "ATT"]), Some("PEOU"));
        assert_eq!(nearest("att", ["PU", "PEOU", "ATT"]), Some("ATT"));
        assert_eq!(nearest("zzzz", ["PU", "PEOU", "ATT"]), None);
        assert_eq!(nearest("TRSUT", ["TRUST", "PU"]), Some("TRUST"));
        assert_eq!(nearest("C", ["A", "B"]), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "ab"), 2);
    }

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("m", "ab\n信任 x\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(3 + 7), (2, 4));
        assert_eq!(source.position(4), (2, 1));
        assert_eq!(source.position(999), (3, 1));
    }
}
