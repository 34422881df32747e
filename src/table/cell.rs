//! A table as a reader sees it: typed cells, a title, notes.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::{Language, percent};

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The rule holds.
    Ok,
    /// The rule holds only in part: look at it.
    Check,
    /// The rule is broken.
    Fail,
    /// Worth knowing, no rule.
    Info,
    /// Does not apply here.
    #[serde(rename = "n/a")]
    NotApplicable,
}

impl Verdict {
    /// The word that stands in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Check => "check",
            Self::Fail => "fail",
            Self::Info => "info",
            Self::NotApplicable => "n/a",
        }
    }

    /// The symbol that stands beside the word, so that colour is never needed.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Check => "!",
            Self::Fail => "✗",
            Self::Info => "i",
            Self::NotApplicable => "–",
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number with this many decimals, leading zero dropped where the quantity cannot exceed 1 (APA).
    Number {
        /// The value.
        value: f64,
        /// Decimals shown.
        digits: usize,
        /// Whether the quantity is bounded by 1, so that its leading zero is dropped.
        bounded: bool,
    },
    /// A whole number.
    Integer(i64),
    /// A probability, shown as `.023` or `< .001`.
    Probability(f64),
    /// A probability of which only a bound is known, shown as `< .020`.
    ProbabilityBelow(f64),
    /// An interval, shown as `[.12, .34]`.
    Interval {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
        /// Decimals shown.
        digits: usize,
    },
    /// What a check came to, with a few words of reason.
    Verdict(Verdict, String),
    /// Not applicable, with the reason in a few words (may be empty).
    NotApplicable(String),
    /// Nothing to show: a structural blank.
    Blank,
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// An unbounded number with 3 decimals.
    pub fn number(value: f64) -> Self {
        Self::of(Some(value), 3, false)
    }

    /// A number between −1 and 1 by nature (path, loading, correlation), 3 decimals, no leading zero.
    pub fn bounded(value: f64) -> Self {
        Self::of(Some(value), 3, true)
    }

    /// A number that may be missing.
    pub fn of(value: Option<f64>, digits: usize, bounded: bool) -> Self {
        match value {
            Some(value) if value.is_finite() => Self::Number { value, digits, bounded },
            _ => Self::NotApplicable(String::new()),
        }
    }

    /// An interval with 3 decimals; one that does not exist does not apply.
    pub fn interval(low: f64, high: f64) -> Self {
        if low.is_nan() || high.is_nan() {
            return Self::NotApplicable(String::new());
        }
        Self::Interval { low, high, digits: 3 }
    }

    /// A count.
    pub fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The number inside, if the cell is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } | Self::Probability(value) | Self::ProbabilityBelow(value) => {
                Some(*value)
            }
            Self::Integer(value) => Some(*value as f64),
            _ => None,
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(words) => serializer.serialize_str(words),
            Self::Number { value, .. } | Self::Probability(value) | Self::ProbabilityBelow(value) => {
                serializer.serialize_f64(*value)
            }
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Interval { low, high, .. } => [low, high].serialize(serializer),
            Self::Verdict(verdict, _) => verdict.serialize(serializer),
            Self::NotApplicable(_) | Self::Blank => serializer.serialize_none(),
        }
    }
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Words.
    Left,
    /// Numbers, aligned on the decimal point.
    Decimal,
}

/// A column: its key in JSON and CSV, its heading, and the rule its verdicts follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The field's word in `snake_case`.
    pub key: String,
    /// What the reader sees.
    pub heading: String,
    /// How it is set.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn words(key: &str, heading: &str) -> Self {
        Self { key: key.to_owned(), heading: heading.to_owned(), align: Align::Left }
    }

    /// A column of numbers.
    pub fn numbers(key: &str, heading: &str) -> Self {
        Self { key: key.to_owned(), heading: heading.to_owned(), align: Align::Decimal }
    }

    /// A column of intervals at a level: `95 % interval`.
    pub fn interval(key: &str, level: f64) -> Self {
        Self::words(key, &format!("{} % interval", percent(level)))
    }
}

/// Keys of the columns that hold words of this program, not names of people.
const WORDS: [&str; 35] = [
    "quantity",
    "rule",
    "source",
    "title",
    "agreement",
    "number",
    "most",
    "causes",
    "check",
    "verdict",
    "tally",
    "worst",
    "advice",
    "size",
    "kind",
    "reverse",
    "reversed",
    "supported",
    "part",
    "setting",
    "value",
    "default",
    "reason",
    "what",
    "mediation",
    "effect",
    "at",
    "role",
    "measurement",
    "method",
    "test",
    "shown",
    "term",
    "places",
    "between",
];

/// Words of this program that stand in columns of names.
const AMONG_NAMES: [&str; 3] = ["estimated model", "saturated model", "not set"];

/// A titled table with notes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// `snake_case` id, such as `paths`.
    pub key: String,
    /// Title above the table.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// Notes below the table: rules, sources, reasons.
    pub notes: Vec<String>,
    /// Language of verdicts and of what does not apply.
    pub language: Language,
}

impl Table {
    /// A table without rows.
    pub fn new(key: &str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            key: key.to_owned(),
            title: title.into(),
            columns,
            rows: Vec::new(),
            notes: Vec::new(),
            language: Language::English,
        }
    }

    /// Adds a row; a short one is filled with blanks, a long one is cut.
    pub fn push(&mut self, mut row: Vec<Cell>) {
        row.resize(self.columns.len(), Cell::Blank);
        self.rows.push(row);
    }

    /// The table in a language: title, headings, notes, and those words in cells that the catalogue knows. Keys and
    /// numbers stay.
    #[must_use]
    pub fn translated(mut self, language: Language) -> Self {
        if language == self.language {
            return self;
        }
        self.language = language;
        let turn = |words: &mut String| *words = language.say(words).into_owned();
        turn(&mut self.title);
        self.notes.iter_mut().for_each(turn);
        for row in &mut self.rows {
            for (cell, column) in row.iter_mut().zip(&self.columns) {
                match cell {
                    // Names of constructs and items are not words, even if they are spelled alike.
                    Cell::Text(words)
                        if WORDS.contains(&column.key.as_str()) || AMONG_NAMES.contains(&words.as_str()) =>
                    {
                        turn(words);
                    }
                    Cell::Verdict(_, words) | Cell::NotApplicable(words) => turn(words),
                    _ => {}
                }
            }
        }
        for column in self.columns.iter_mut().filter(|column| column.key != column.heading) {
            turn(&mut column.heading);
        }
        self
    }

    /// The cell at these positions as a reader sees it; empty outside.
    pub fn shown(&self, row: usize, column: usize) -> String {
        let cell = self.rows.get(row).and_then(|cells| cells.get(column));
        cell.map(|cell| cell.show_in(self.language)).unwrap_or_default()
    }

    /// Whether a column holds an interval, which takes two columns where numbers must stay numbers.
    pub fn is_interval(&self, column: usize) -> bool {
        self.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Interval { .. })))
    }

    /// Adds a note.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// `{"columns": [keys…], "rows": [[…]]}`: the long-table form of the JSON contract.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let keys: Vec<&str> = self.columns.iter().map(|column| column.key.as_str()).collect();
        let mut out = serializer.serialize_struct("Table", 2)?;
        out.serialize_field("columns", &keys)?;
        out.serialize_field("rows", &self.rows)?;
        out.end()
    }
}
