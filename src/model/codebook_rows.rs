//! Reads a codebook, row by row.

use std::collections::HashMap;
use std::path::Path;

use super::{Codebook, CodebookItem, ModelError, parser};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};

/// The columns a codebook may have.
const COLUMNS: [&str; 11] = [
    "item",
    "construct",
    "construct_label",
    "construct_label_zh",
    "text",
    "text_zh",
    "min",
    "max",
    "reverse",
    "missing",
    "source",
];

impl Codebook {
    /// Reads a codebook file, which must be UTF-8.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] if the file cannot be read, [`ModelError::Invalid`] with every problem found.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, ModelError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let bytes = std::fs::read(file)
            .map_err(|error| ModelError::Unreadable { file: name.clone(), reason: error.to_string() })?;
        Self::parse(&name, &parser::decode_as("TP0301", &name, bytes)?)
    }

    /// Reads a codebook from a text; cells are parted by `,` or `;`, whichever the header has more of.
    ///
    /// ```
    /// let codebook = trustpath::model::Codebook::parse("codebook", "item,min,max,reverse\nSEC4,1,7,yes\n")?;
    /// assert!(codebook.find("SEC4").is_some_and(|item| item.reverse));
    /// # Ok::<(), trustpath::model::ModelError>(())
    /// ```
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with every problem found, each with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, ModelError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let delimiter = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut reading = Reading::new(name, delimiter);
        let mut lines = Lines::new(text);
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let start = record.position().map_or(0, csv::Position::byte);
                    reading.record(&record, lines.of_record(start));
                }
                Err(error) => {
                    reading.report(None, None, "TP0301", format!("`{name}` cannot be read: {error}"), &[]);
                }
            }
        }
        reading.finish()
    }
}

/// `;` if the first line with text has more of them outside quotes than of `,`.
fn delimiter(text: &str) -> u8 {
    let header = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (mut commas, mut semicolons, mut quoted) = (0_usize, 0_usize, false);
    for c in header.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => commas += 1,
            ';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

/// Counts lines while records are read in order. A record's position may be that of blank lines before it.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    /// Begins at the first line.
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// Line of the record that begins at or after this byte.
    fn of_record(&mut self, start: u64) -> usize {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let ends = byte == b'\n' || byte == b'\r';
            if self.at >= start && !ends {
                break;
            }
            let pair = byte == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            self.line += usize::from(ends && !pair);
            self.at += 1;
        }
        self.line
    }
}

/// A codebook half read.
struct Reading<'a> {
    file: &'a str,
    decimal_comma: bool,
    /// For each cell of a row, which of [`COLUMNS`] it is; `None` until the header is read.
    header: Option<Vec<Option<&'static str>>>,
    items: Vec<CodebookItem>,
    /// Line on which each item stands.
    lines: HashMap<String, usize>,
    problems: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    /// A codebook of which nothing is read.
    fn new(file: &'a str, delimiter: u8) -> Self {
        // Spreadsheets that part cells by `;` do so because `,` is their decimal mark.
        Self {
            file,
            decimal_comma: delimiter == b';',
            header: None,
            items: Vec::new(),
            lines: HashMap::new(),
            problems: Vec::new(),
        }
    }

    /// Reports a problem.
    fn report(
        &mut self,
        line: Option<usize>,
        column: Option<&str>,
        code: &'static str,
        message: String,
        hints: &[String],
    ) {
        let problem = Diagnostic::error(code, message).in_file(self.file, line, column);
        self.problems.push(hints.iter().fold(problem, |problem, hint| problem.hint(hint.as_str())));
    }

    /// Takes the next row in: the header, an item, or nothing if it is blank.
    fn record(&mut self, record: &csv::StringRecord, line: usize) {
        if record.iter().all(str::is_empty) {
            return;
        }
        match self.header.take() {
            None => self.header = Some(self.read_header(record, line)),
            Some(header) => {
                self.row(&header, record, line);
                self.header = Some(header);
            }
        }
    }

    fn read_header(&mut self, record: &csv::StringRecord, line: usize) -> Vec<Option<&'static str>> {
        let mut header: Vec<Option<&'static str>> = Vec::new();
        for name in record {
            let known = COLUMNS.into_iter().find(|column| *column == name);
            if known.is_some() && header.contains(&known) {
                let message = format!("the column `{name}` stands twice");
                self.report(Some(line), Some(name), "TP0303", message, &["remove one of them".to_owned()]);
            }
            if known.is_none() && !name.is_empty() {
                let mut hints: Vec<_> = nearest(name, COLUMNS)
                    .map(|near| format!("did you mean `{near}`?"))
                    .into_iter()
                    .collect();
                hints.push(format!("the columns are {}", COLUMNS.join(", ")));
                self.report(
                    Some(line),
                    Some(name),
                    "TP0302",
                    format!("`{name}` is not a column of a codebook"),
                    &hints,
                );
            }
            header.push(known);
        }
        if !header.contains(&Some("item")) {
            self.report(
                Some(line),
                None,
                "TP0304",
                "the codebook has no column `item`".to_owned(),
                &["name the column that holds the items' names `item`".to_owned()],
            );
        }
        header
    }

    fn row(&mut self, header: &[Option<&'static str>], record: &csv::StringRecord, line: usize) {
        if let Some(extra) = record.iter().skip(header.len()).find(|cell| !cell.is_empty()) {
            let message = format!("`{extra}` stands in no column: the row has more cells than the header");
            let hint = "put a text that holds the delimiter in quotes".to_owned();
            let column = (header.len() + 1).to_string();
            self.report(Some(line), Some(&column), "TP0305", message, &[hint]);
        }
        let mut item = CodebookItem::default();
        let mut reverse = "";
        for (column, cell) in header.iter().zip(record) {
            let Some(column) = *column else { continue };
            let text = (!cell.is_empty()).then(|| cell.to_owned());
            match column {
                "item" => cell.clone_into(&mut item.item),
                "construct" => item.construct = text,
                "construct_label" => item.construct_label = text,
                "construct_label_zh" => item.construct_label_zh = text,
                "text" => item.text = text,
                "text_zh" => item.text_zh = text,
                "min" => item.min = self.number(cell, column, line),
                "max" => item.max = self.number(cell, column, line),
                "reverse" => reverse = cell,
                "source" => item.source = text,
                _ => {
                    let codes = cell.split(|c: char| c.is_whitespace() || c == '|');
                    item.missing = codes.filter_map(|code| self.number(code, column, line)).collect();
                }
            }
        }
        item.reverse = self.reverse(reverse, line);
        if header.contains(&Some("item")) {
            self.check(&item, header, record, line);
        }
        self.items.push(item);
    }

    /// The rules that join cells of a row, or rows.
    fn check(
        &mut self,
        item: &CodebookItem,
        header: &[Option<&'static str>],
        record: &csv::StringRecord,
        line: usize,
    ) {
        let name = &item.item;
        if name.is_empty() {
            let hint = "write the name of the data column that the row describes".to_owned();
            self.report(Some(line), Some("item"), "TP0306", "a row names no item".to_owned(), &[hint]);
            return;
        }
        if let Some(first) = self.lines.get(name) {
            let message = format!("the item `{name}` stands twice, first in line {first}");
            self.report(Some(line), Some("item"), "TP0307", message, &["remove one of the rows".to_owned()]);
        } else {
            self.lines.insert(name.clone(), line);
        }
        if let (Some(min), Some(max)) = (item.min, item.max)
            && min >= max
        {
            let message = format!("the lowest answer of `{name}` ({min}) is not below its highest ({max})");
            self.report(Some(line), Some("min"), "TP0309", message, &["swap or correct them".to_owned()]);
        }
        // A bound that is no number is reported as such.
        let blank = |wanted: &str| {
            let cell = header.iter().position(|column| *column == Some(wanted)).and_then(|at| record.get(at));
            cell.is_none_or(str::is_empty)
        };
        if item.reverse && (blank("min") || blank("max")) {
            let message = format!("`{name}` is reverse-coded, but its `min` and `max` are not both given");
            let hint = "write the lowest and the highest possible answer, such as 1 and 7".to_owned();
            self.report(Some(line), Some("reverse"), "TP0311", message, &[hint]);
        }
    }

    fn number(&mut self, cell: &str, column: &str, line: usize) -> Option<f64> {
        if cell.is_empty() {
            return None;
        }
        let plain = if self.decimal_comma { cell.replace(',', ".") } else { cell.to_owned() };
        let value = plain.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            let hint = match column {
                "missing" => "part several codes by a space or `|`, such as `-9 99`",
                _ => "write a number such as 1 or 7, or leave the cell empty",
            };
            self.report(
                Some(line),
                Some(column),
                "TP0308",
                format!("`{cell}` is not a number"),
                &[hint.to_owned()],
            );
        }
        value
    }

    fn reverse(&mut self, cell: &str, line: usize) -> bool {
        match cell.to_lowercase().as_str() {
            "yes" | "true" | "1" => true,
            "no" | "false" | "0" | "" => false,
            _ => {
                let message =
                    format!("`{cell}` says neither that the item is reverse-coded nor that it is not");
                self.report(
                    Some(line),
                    Some("reverse"),
                    "TP0310",
                    message,
                    &["write `yes` or `no`, or leave the cell empty".to_owned()],
                );
                false
            }
        }
    }

    /// The codebook, or everything that is wrong with it.
    fn finish(mut self) -> Result<Codebook, ModelError> {
        if self.header.is_none() {
            let hint = format!("begin the file with a line of column names: {}", COLUMNS.join(","));
            self.report(Some(1), None, "TP0304", "the codebook is empty".to_owned(), &[hint]);
        }
        if self.problems.is_empty() {
            Ok(Codebook { file: self.file.to_owned(), items: self.items })
        } else {
            Err(ModelError::Invalid(Diagnostics(self.problems)))
        }
    }
}
