//! A table in a document: with the sentence below it, and what the eye should catch.

use std::collections::BTreeMap;

use crate::table::{Cell, Column, EMPTY, Table, Verdict};

/// A table and how it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Exhibit {
    /// The table.
    pub table: Table,
    /// One plain sentence about it, built from the same record; may be empty.
    pub reading: String,
    /// Cells (row, column) that are judged by a rule.
    pub marks: BTreeMap<(usize, usize), Verdict>,
    /// Small words below a cell (row, column), such as labels or a bound.
    pub below: BTreeMap<(usize, usize), String>,
    /// Column whose changes part the rows into groups.
    pub group: Option<usize>,
    /// Whether it is folded away until it is asked for (it is always printed).
    pub folded: bool,
    /// Whether its order means something, so that it cannot be sorted: triangles, lists of settings.
    pub fixed: bool,
}

impl Exhibit {
    /// A table without a sentence.
    pub fn new(table: Table) -> Self {
        Self {
            table,
            reading: String::new(),
            marks: BTreeMap::new(),
            below: BTreeMap::new(),
            group: None,
            folded: false,
            fixed: false,
        }
    }

    /// A table without rows says so instead of showing bare headings.
    #[must_use]
    pub(crate) fn never_bare(mut self) -> Self {
        if self.table.rows.is_empty() && !self.table.columns.is_empty() {
            self.table.columns = vec![Column::words("what", "")];
            self.table.push(vec![Cell::text(self.table.language.say(EMPTY))]);
        }
        self
    }

    /// The sentence below the table.
    #[must_use]
    pub fn reading(mut self, reading: impl Into<String>) -> Self {
        self.reading = reading.into();
        self
    }

    /// Folds it away if it has more than this many rows.
    #[must_use]
    pub fn folded_beyond(mut self, rows: usize) -> Self {
        self.folded = self.table.rows.len() > rows;
        self
    }

    /// Keeps the order of its rows.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }

    /// Parts the rows by a column.
    #[must_use]
    pub fn grouped(mut self, key: &str) -> Self {
        self.group = position(&self.table, key);
        self
    }

    /// The mark that a cell carries before its text, so that a judged number is seen without colour: `! ` or `✗ `.
    pub fn sign(&self, row: usize, column: usize) -> &'static str {
        let numeric =
            self.table.columns.get(column).is_some_and(|column| column.align == crate::table::Align::Decimal);
        match self.marks.get(&(row, column)) {
            Some(Verdict::Check) if numeric => "! ",
            Some(Verdict::Fail) if numeric => "✗ ",
            _ => "",
        }
    }

    /// Whether a row begins a new group.
    pub fn begins_group(&self, row: usize) -> bool {
        let of = |row: usize| self.group.map(|column| self.table.shown(row, column));
        row > 0 && of(row) != of(row - 1)
    }

    /// The table with signs and small words written into the cells, for forms that know cells of one line only.
    pub fn flat(&self) -> Table {
        let mut table = self.table.clone();
        for (r, row) in table.rows.iter_mut().enumerate() {
            for (c, cell) in row.iter_mut().enumerate() {
                let (sign, below) = (self.sign(r, c), self.below.get(&(r, c)));
                if sign.is_empty() && below.is_none() {
                    continue;
                }
                let below = below.map_or_else(String::new, |words| format!(" ({words})"));
                *cell = Cell::Text(format!("{sign}{}{below}", self.table.shown(r, c)));
            }
        }
        table
    }
}

/// What the report adds to the tables it shows.
#[cfg(feature = "report")]
impl Exhibit {
    /// Judges every number of a column.
    pub(crate) fn judge(&mut self, key: &str, judge: impl Fn(usize, f64) -> Verdict) {
        let Some(column) = position(&self.table, key) else { return };
        for (r, row) in self.table.rows.iter().enumerate() {
            if let Some(value) = row.get(column).and_then(Cell::value) {
                self.marks.insert((r, column), judge(r, value));
            }
        }
    }

    /// Small words below every cell of the first column.
    #[must_use]
    pub(crate) fn labelled(mut self, label: impl Fn(&str) -> Option<String>) -> Self {
        for (r, row) in self.table.rows.iter().enumerate() {
            if let Some(Cell::Text(name)) = row.first()
                && let Some(words) = label(name)
            {
                self.below.insert((r, 0), words);
            }
        }
        self
    }
}

/// Position of a column.
pub(crate) fn position(table: &Table, key: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.key == key)
}

/// Puts a column before position `at`; `cells` gives one cell per row.
#[cfg(feature = "report")]
pub(crate) fn insert(table: &mut Table, at: usize, column: Column, cell: impl Fn(usize) -> Cell) {
    let at = at.min(table.columns.len());
    table.columns.insert(at, column);
    for (r, row) in table.rows.iter_mut().enumerate() {
        row.insert(at.min(row.len()), cell(r));
    }
}
