//! Reading a survey file strictly: what is wrong is reported, with its line, and never guessed away.
//!
//! * The first line that is not blank holds the column names; every further one is a case. Blank lines are
//!   skipped, and line numbers stay those of the file (a quoted cell may span lines).
//! * An empty cell and the words of [`MISSING_WORDS`](super::cell::MISSING_WORDS) are missing answers. Spaces around a cell do not count.
//! * A column is numbers if every cell that is not missing is a finite number; otherwise categories or free
//!   text (see [`Words`]).
//! * Where the delimiter is a semicolon or a tab, numbers may have decimal commas (`3,5`). One column may not
//!   use both marks.
//!
//! The file is parsed once as numbers; only if some column turns out to hold words is it parsed a second time
//! for those columns. So the common case, a large matrix of numbers, allocates nothing per cell.

use std::path::Path;

use csv::StringRecord;

use super::cell::{answer, comma_number, integer, number};
use super::column::Words;
use super::decode::{count_line_ends, decode};
use super::{Column, Dialect, Survey, SurveyError, Values, fingerprint, header, refuse_if_any, sniff};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Ragged rows that are reported one by one.
const MOST_RAGGED: usize = 5;

impl Survey {
    /// Reads a survey file: text with a header line, separated by comma, semicolon or tab, in UTF-8, UTF-16
    /// with a byte order mark, or GB18030.
    ///
    /// Empty cells and the words `NA`, `N/A`, `n/a`, `NaN`, `nan`, `null`, `NULL` and a lone `.` are missing
    /// answers. Decimal commas are understood where the delimiter is not a comma.
    ///
    /// # Errors
    /// [`SurveyError::Unreadable`] if the file cannot be opened, [`SurveyError::Invalid`] with every problem found.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SurveyError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::from_bytes(&file, &bytes),
            Err(error) => Err(SurveyError::Unreadable { file, reason: error.to_string() }),
        }
    }

    /// [`Survey::read`] for bytes that are in memory already; `name` is what messages call them.
    ///
    /// # Errors
    /// [`SurveyError::Invalid`] with every problem found.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, SurveyError> {
        let (text, encoding) = decode(name, bytes)?;
        let delimiter = sniff::delimiter(&text).unwrap_or(b',');
        let mut rows = Rows::new(&text, delimiter);
        if !rows.advance(name)? {
            return Err(Diagnostic::error("TP0201", format!("`{name}` is empty"))
                .in_file(name, None, None)
                .hint("a survey file has a line of column names and one line per case")
                .into());
        }
        let names: Vec<String> = rows.record.iter().map(|cell| cell.trim().to_owned()).collect();
        let header_line = rows.line;
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let titled = sniff::title_above_header(&text);
        let mut problems = header::problems(name, &shown, header_line, titled);
        if problems.iter().any(|problem| matches!(problem.code, "TP0204" | "TP0205")) {
            // Without names and columns nothing further can be said, except what may have swallowed them.
            problems.extend(rows.unclosed_quote(name));
            return Err(SurveyError::Invalid(Diagnostics(problems)));
        }

        let mut pass = FirstPass::new(names.len(), delimiter != b',');
        while rows.advance(name)? {
            pass.take(&rows);
        }
        let unclosed = rows.unclosed_quote(name);
        if unclosed.is_some() {
            pass.excuse(rows.line);
        }
        let no_cases = pass.rows == 0 && unclosed.is_none();
        problems.extend(unclosed);
        problems.extend(ragged_problems(name, names.len(), &pass));
        if no_cases {
            let message = format!("`{name}` has column names but no cases");
            let problem = Diagnostic::error("TP0208", message).in_file(name, Some(header_line), None);
            problems.push(problem.hint("every line below the column names is one case"));
        }
        problems
            .extend(pass.columns.iter().zip(&names).filter_map(|(column, of)| column.mixed_marks(name, of)));
        refuse_if_any(problems)?;

        let decimal = if pass.columns.iter().any(NumberColumn::has_comma) { ',' } else { '.' };
        let values = second_pass(name, &text, delimiter, pass.columns, pass.rows)?;
        Ok(Self {
            file: name.to_owned(),
            columns: names.into_iter().zip(values).map(|(name, values)| Column { name, values }).collect(),
            cases: pass.rows,
            lines: pass.lines,
            dialect: Dialect { delimiter: char::from(delimiter), encoding, decimal },
            fingerprint: fingerprint(bytes),
        })
    }
}

/// The records that are not blank, with the line each begins in.
///
/// The line is counted here because the reader underneath counts only LF and gives a record the line of the
/// blank lines before it.
struct Rows<'a> {
    reader: csv::Reader<&'a [u8]>,
    record: StringRecord,
    text: &'a str,
    delimiter: u8,
    /// Where the current record begins, and the line that is.
    start: usize,
    line: usize,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text.as_bytes());
        Self { reader, record: StringRecord::new(), text, delimiter, start: 0, line: 1 }
    }

    /// Goes to the next record; false at the end.
    fn advance(&mut self, file: &str) -> Result<bool, SurveyError> {
        loop {
            let mut start = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            match self.reader.read_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(_) => return Err(self.broken(file)),
            }
            let bytes = self.text.as_bytes();
            while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
                start += 1;
            }
            self.line += count_line_ends(bytes.get(self.start..start).unwrap_or_default());
            self.start = start;
            let blank = self.record.len() == 1 && self.record.iter().all(|cell| cell.trim().is_empty());
            if !blank {
                return Ok(true);
            }
        }
    }

    fn broken(&self, file: &str) -> SurveyError {
        Diagnostic::error("TP0202", format!("`{file}` cannot be read as separated text"))
            .in_file(file, Some(self.line), None)
            .into()
    }

    /// A quotation mark that is still open when the file ends; it swallowed every line after it.
    fn unclosed_quote(&self, file: &str) -> Option<Diagnostic> {
        let last = self.text.get(self.start..)?;
        let open = sniff::unclosed_quote(last, self.delimiter)?;
        let line = self.line + count_line_ends(last.as_bytes().get(..open)?);
        let problem = Diagnostic::error("TP0210", "a quotation mark opens a cell and is never closed")
            .in_file(file, Some(line), None);
        Some(
            problem.hint(
                "close it, or write a quotation mark inside a cell twice and the cell in quotation marks",
            ),
        )
    }
}

/// A row with too few or too many fields.
struct Ragged {
    line: usize,
    found: usize,
    /// A quoted cell of it runs over several lines.
    spans_lines: bool,
}

/// Every column as numbers as far as it is numbers.
struct FirstPass {
    columns: Vec<NumberColumn>,
    lines: Vec<usize>,
    rows: usize,
    ragged: Vec<Ragged>,
    ragged_total: usize,
    last_is_ragged: bool,
    /// All rows so far have exactly one field more than the header.
    one_too_many: bool,
}

impl FirstPass {
    fn new(columns: usize, comma_marks: bool) -> Self {
        Self {
            columns: (0..columns).map(|_| NumberColumn::new(comma_marks)).collect(),
            lines: Vec::new(),
            rows: 0,
            ragged: Vec::new(),
            ragged_total: 0,
            last_is_ragged: false,
            one_too_many: true,
        }
    }

    fn take(&mut self, rows: &Rows<'_>) {
        self.rows += 1;
        self.lines.push(rows.line);
        let found = rows.record.len();
        self.one_too_many &= found == self.columns.len() + 1;
        self.last_is_ragged = found != self.columns.len();
        if found == self.columns.len() {
            for (column, cell) in self.columns.iter_mut().zip(&rows.record) {
                column.take(cell, rows.line);
            }
            return;
        }
        self.ragged_total += 1;
        // One more than is shown is kept: the last row may be excused.
        if self.ragged.len() <= MOST_RAGGED {
            let spans_lines = rows.record.iter().any(|cell| cell.contains(['\n', '\r']));
            self.ragged.push(Ragged { line: rows.line, found, spans_lines });
        }
    }

    /// Takes back that the last row, in this line, is ragged: its real trouble is another.
    fn excuse(&mut self, line: usize) {
        if self.last_is_ragged {
            self.ragged.retain(|row| row.line != line);
            self.ragged_total -= 1;
        }
    }
}

fn ragged_problems(file: &str, expected: usize, pass: &FirstPass) -> Vec<Diagnostic> {
    let fields = |count: usize| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
    let mut problems = Vec::new();
    for row in pass.ragged.iter().take(MOST_RAGGED) {
        let message = format!("line {} has {} where the header has {expected}", row.line, fields(row.found));
        let problem = Diagnostic::error("TP0209", message).in_file(file, Some(row.line), None);
        problems.push(if pass.one_too_many {
            problem.hint("every row has one field too many: write the file from R with `row.names = FALSE`")
        } else if row.spans_lines {
            problem.hint("a quotation mark opened in this row is closed only lines later")
        } else if row.found > expected {
            problem.hint("a cell that contains the delimiter must stand in quotation marks")
        } else {
            problem.hint("a missing answer is an empty cell: its delimiter must stay")
        });
    }
    let more = pass.ragged_total.saturating_sub(MOST_RAGGED);
    if more > 0 {
        let rows = if more == 1 { "row" } else { "rows" };
        let message = format!("and {more} more {rows} with a wrong number of fields");
        problems.push(Diagnostic::error("TP0209", message).in_file(file, None, None));
    }
    problems
}

/// A cell with a decimal mark and the line it stands in.
type Marked = Option<(usize, String)>;

/// A column that is numbers until a cell shows otherwise.
struct NumberColumn {
    comma_marks: bool,
    numeric: bool,
    cells: Vec<Option<f64>>,
    first_comma: Marked,
    first_point: Marked,
}

impl NumberColumn {
    fn new(comma_marks: bool) -> Self {
        Self { comma_marks, numeric: true, cells: Vec::new(), first_comma: None, first_point: None }
    }

    fn has_comma(&self) -> bool {
        self.numeric && self.first_comma.is_some()
    }

    fn take(&mut self, cell: &str, line: usize) {
        if !self.numeric {
            return;
        }
        let Some(cell) = answer(cell) else {
            self.cells.push(None);
            return;
        };
        let parsed = match integer(cell) {
            None if self.comma_marks => self.marked(cell, line),
            None => number(cell),
            whole => whole,
        };
        if parsed.is_some() {
            self.cells.push(parsed);
        } else {
            self.numeric = false;
            self.cells = Vec::new();
        }
    }

    /// A number that is not plain digits, in a file where either decimal mark may occur.
    fn marked(&mut self, cell: &str, line: usize) -> Option<f64> {
        let (parsed, first) = if cell.contains(',') {
            (comma_number(cell), &mut self.first_comma)
        } else if cell.contains('.') {
            (number(cell), &mut self.first_point)
        } else {
            return number(cell);
        };
        if parsed.is_some() && first.is_none() {
            *first = Some((line, cell.to_owned()));
        }
        parsed
    }

    fn mixed_marks(&self, file: &str, name: &str) -> Option<Diagnostic> {
        let (Some(comma), Some(point), true) = (&self.first_comma, &self.first_point, self.numeric) else {
            return None;
        };
        let (first, second) = if comma.0 <= point.0 { (comma, point) } else { (point, comma) };
        let message = format!(
            "column `{name}` mixes decimal marks: `{}` in line {} and `{}` in line {}",
            first.1, first.0, second.1, second.0
        );
        Some(
            Diagnostic::error("TP0211", message)
                .in_file(file, Some(second.0), Some(name))
                .hint("write all numbers of a column with the same decimal mark"),
        )
    }
}

/// The cells of all columns, those that are no numbers gathered from the text once more.
fn second_pass(
    file: &str,
    text: &str,
    delimiter: u8,
    columns: Vec<NumberColumn>,
    cases: usize,
) -> Result<Vec<Values>, SurveyError> {
    let mut words: Vec<Option<Words>> =
        columns.iter().map(|column| (!column.numeric).then(|| Words::new(cases))).collect();
    if words.iter().any(Option::is_some) {
        let mut rows = Rows::new(text, delimiter);
        rows.advance(file)?;
        while rows.advance(file)? {
            for (words, cell) in words.iter_mut().zip(&rows.record) {
                if let Some(words) = words {
                    words.push(answer(cell));
                }
            }
        }
    }
    let finished = columns.into_iter().zip(words).map(|(column, words)| match words {
        Some(words) => words.finish(),
        None => Values::Numbers(column.cells),
    });
    Ok(finished.collect())
}
