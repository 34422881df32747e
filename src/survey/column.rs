//! One column of a survey, and how words become categories or free text.

use std::collections::HashMap;

use rayon::prelude::*;

use super::cell::answer;
use super::{Dialect, Survey, SurveyError, refuse_if_any};
use crate::diagnostic::Diagnostic;
use crate::stats::fnv::Fnv;

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its cells.
    pub values: Values,
}

/// The cells of a column, by what they are.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; `None` is an empty cell.
    Numbers(Vec<Option<f64>>),
    /// Few distinct words: levels in order of first appearance and, per case, the level's position.
    Categories {
        /// The words.
        levels: Vec<String>,
        /// Position in `levels`, `None` for an empty cell.
        codes: Vec<Option<usize>>,
    },
    /// Free text; `None` is an empty cell.
    Text(Vec<Option<String>>),
}

impl Values {
    /// Words as categories where few of them repeat, as free text otherwise, by the rules of
    /// [`Survey::read`]: empty strings and words such as `NA` are missing answers, and nothing is searched for numbers.
    pub fn from_words<'a>(cases: usize, cells: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut words = Words::new(cases);
        for cell in cells {
            words.push(cell.and_then(answer));
        }
        words.finish()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Categories { codes, .. } => codes.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// Whether there is no cell at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell as it would be written, `None` if empty.
    pub fn show(&self, case: usize) -> Option<String> {
        match self {
            Self::Numbers(cells) => cells.get(case).copied().flatten().map(|value| value.to_string()),
            Self::Categories { levels, codes } => {
                codes.get(case).copied().flatten().and_then(|code| levels.get(code).cloned())
            }
            Self::Text(cells) => cells.get(case).cloned().flatten(),
        }
    }
}

/// Longest word, in characters, that still counts as a category.
const LONGEST_CATEGORY: usize = 40;

/// Gathers the words of one column: categories as long as they are few and short, free text otherwise.
///
/// Few means at most 20 distinct words, or the square root of the number of cases if that is more; and some
/// word must occur twice, or the column names its cases.
pub(super) struct Words {
    most_levels: usize,
    levels: Vec<String>,
    positions: HashMap<String, usize>,
    codes: Vec<Option<usize>>,
    text: Option<Vec<Option<String>>>,
}

impl Words {
    /// Ready for this many cases.
    pub(super) fn new(cases: usize) -> Self {
        Self {
            most_levels: cases.isqrt().max(20),
            levels: Vec::new(),
            positions: HashMap::new(),
            codes: Vec::with_capacity(cases),
            text: None,
        }
    }

    /// Adds a cell, `None` if it is empty.
    pub(super) fn push(&mut self, cell: Option<&str>) {
        if let Some(text) = &mut self.text {
            text.push(cell.map(str::to_owned));
            return;
        }
        let Some(word) = cell else {
            self.codes.push(None);
            return;
        };
        if let Some(&code) = self.positions.get(word) {
            self.codes.push(Some(code));
            return;
        }
        self.codes.push(Some(self.levels.len()));
        self.positions.insert(word.to_owned(), self.levels.len());
        self.levels.push(word.to_owned());
        if self.levels.len() > self.most_levels || word.chars().count() > LONGEST_CATEGORY {
            self.text = Some(self.as_text());
        }
    }

    fn as_text(&self) -> Vec<Option<String>> {
        self.codes.iter().map(|code| code.and_then(|code| self.levels.get(code).cloned())).collect()
    }

    /// The column's cells.
    pub(super) fn finish(self) -> Values {
        let answered = self.codes.iter().flatten().count();
        match self.text {
            Some(text) => Values::Text(text),
            None if self.levels.len() == answered && answered > 0 => Values::Text(self.as_text()),
            None => Values::Categories { levels: self.levels, codes: self.codes },
        }
    }
}

/// Of columns that come from no file: names, cells and what is missing, words ended by a byte that cannot occur in text.
fn fingerprint(columns: &[Column]) -> String {
    // Each column by itself, so that the columns of a large frame are read side by side.
    let each: Vec<u64> = columns.par_iter().map(fingerprint_of).collect();
    let mut hash = Fnv::new();
    for column in each {
        hash.add(&column.to_le_bytes());
    }
    hash.show()
}

fn fingerprint_of(column: &Column) -> u64 {
    let mut hash = Fnv::new();
    hash.add(column.name.as_bytes());
    hash.add(&[0xFF]);
    match &column.values {
        Values::Numbers(cells) => {
            for cell in cells {
                hash.step(cell.map_or(f64::NAN.to_bits(), f64::to_bits));
                hash.fold();
            }
        }
        values => {
            for case in 0..values.len() {
                hash.add(values.show(case).unwrap_or_default().as_bytes());
                hash.add(&[0xFF]);
            }
        }
    }
    hash.value()
}

impl Survey {
    /// A survey made by a program instead of read from a file. `name` is what messages call it.
    ///
    /// NaN among the numbers becomes a missing answer. [`Survey::lines`] numbers the cases from 1.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] if there is no column or no case, if the columns differ in length, if a name is
    /// empty or stands twice, if a number is infinite, or if a category's code has no level.
    pub fn from_columns(name: impl Into<String>, columns: Vec<Column>) -> Result<Self, SurveyError> {
        let file = name.into();
        let mut columns = columns;
        columns.par_iter_mut().for_each(|column| {
            if let Values::Numbers(cells) = &mut column.values {
                for cell in cells.iter_mut().filter(|cell| cell.is_some_and(f64::is_nan)) {
                    *cell = None;
                }
            }
        });
        let cases = columns.first().map_or(0, |column| column.values.len());
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut problems = super::header::name_problems(&file, &names, None);
        let misfits: Vec<_> = columns.par_iter().map(|column| misfit(&file, column, cases)).collect();
        problems.extend(misfits.into_iter().flatten());
        if columns.is_empty() {
            problems.push(
                Diagnostic::error("TP0201", format!("`{file}` has no column"))
                    .in_file(&file, None, None)
                    .hint("give a table with one column per item"),
            );
        } else if cases == 0 {
            problems.push(
                Diagnostic::error("TP0208", format!("`{file}` has no cases"))
                    .in_file(&file, None, None)
                    .hint("give a table with one row per respondent"),
            );
        }
        refuse_if_any(problems)?;
        let fingerprint = fingerprint(&columns);
        Ok(Self {
            file,
            columns,
            cases,
            lines: (1..=cases).collect(),
            dialect: Dialect::default(),
            fingerprint,
        })
    }

    /// The column of this name, written exactly so.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// What keeps a column out of a survey with this many cases.
fn misfit(file: &str, column: &Column, cases: usize) -> Option<Diagnostic> {
    let name = &column.name;
    let (message, case) = if column.values.len() == cases {
        match &column.values {
            Values::Numbers(cells) => {
                let case = cells.iter().position(|cell| cell.is_some_and(f64::is_infinite))?;
                (format!("column `{name}` holds an infinite number"), Some(case + 1))
            }
            Values::Categories { levels, codes } => {
                let beyond = |code: &Option<usize>| code.is_some_and(|code| code >= levels.len());
                let case = codes.iter().position(beyond)?;
                (format!("column `{name}` holds a code without a level"), Some(case + 1))
            }
            Values::Text(_) => return None,
        }
    } else {
        let length = column.values.len();
        (format!("column `{name}` has {length} cells where the first column has {cases}"), None)
    };
    Some(Diagnostic::error("TP0212", message).in_file(file, case, Some(name)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn words(cells: &[&str]) -> Values {
        let mut words = Words::new(cells.len());
        for cell in cells {
            words.push((!cell.is_empty()).then_some(*cell));
        }
        words.finish()
    }

    fn numbers(name: &str, cells: &[f64]) -> Column {
        Column { name: name.into(), values: Values::Numbers(cells.iter().copied().map(Some).collect()) }
    }

    #[test]
    fn few_words_that_repeat_are_categories() {
        let values = words(&["f", "m", "", "f"]);
        let expected = Values::Categories {
            levels: vec!["f".into(), "m".into()],
            codes: vec![Some(0), Some(1), None, Some(0)],
        };
        assert_eq!(values, expected);
        assert_eq!(values.show(1).as_deref(), Some("m"));
    }

    #[test]
    fn many_long_or_unique_words_are_text() {
        assert!(matches!(words(&["a", "b", "c"]), Values::Text(_)));
        let long = "x".repeat(41);
        assert!(matches!(words(&[&long, &long]), Values::Text(_)));
        let mut many: Vec<String> = (0..21).map(|i| format!("w{i}")).collect();
        many.push("w0".into());
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let Values::Text(cells) = words(&many) else { unreachable!() };
        assert_eq!((cells.len(), cells[0].as_deref(), cells[21].as_deref()), (22, Some("w0"), Some("w0")));
    }

    #[test]
    fn columns_must_fit_together() {
        let codes = |error: SurveyError| match error {
            SurveyError::Invalid(found) => found.0.iter().map(|one| one.code).collect::<Vec<_>>(),
            SurveyError::Unreadable { .. } => Vec::new(),
        };
        let a = numbers("a", &[1.0, 2.0]);
        let made = Survey::from_columns("m", vec![a.clone(), numbers("b", &[3.0, f64::NAN])]).unwrap();
        assert_eq!((made.cases, made.lines.as_slice()), (2, [1, 2].as_slice()));
        assert_eq!(made.column("b").unwrap().values, Values::Numbers(vec![Some(3.0), None]));
        assert!(made.column("B").is_none());
        let wrong = vec![a.clone(), numbers("a", &[1.0]), numbers("c", &[1.0, f64::INFINITY])];
        let found = codes(Survey::from_columns("m", wrong).unwrap_err());
        assert_eq!(found, ["TP0207", "TP0212", "TP0212"]);
        let stray = Values::Categories { levels: vec!["f".into()], codes: vec![Some(0), Some(1)] };
        let stray = Column { name: "g".into(), values: stray };
        assert_eq!(codes(Survey::from_columns("m", vec![a, stray]).unwrap_err()), ["TP0212"]);
        assert_eq!(codes(Survey::from_columns("m", vec![]).unwrap_err()), ["TP0201"]);
        assert_eq!(codes(Survey::from_columns("m", vec![numbers("a", &[])]).unwrap_err()), ["TP0208"]);
    }
}
