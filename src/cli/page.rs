//! Banner, header and tables as text, Markdown or CSV.

use trustpath::assess::Assessment;
use trustpath::pls::PlsFit;
use trustpath::survey::{Account, Missing};
use trustpath::table::Table;

use super::console::{Console, Format};
use super::inputs::{Data, Job};

const WIDTH: usize = 100;
const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";
const GREEN: &str = "\u{1b}[32m";
const PLAIN: &str = "\u{1b}[0m";

/// A result as a reader sees it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Findings that must be read before anything else.
    pub(crate) banner: Vec<String>,
    /// What was read and done, line by line.
    pub(crate) header: Vec<(&'static str, String)>,
    /// The tables, in order.
    pub(crate) tables: Vec<Table>,
}

impl Page {
    /// The page in a form; CSV has no place for banner and header, and none of this is JSON.
    pub(crate) fn render(&self, format: Format) -> String {
        match format {
            Format::Csv => self.csv(),
            Format::Markdown => self.markdown(),
            Format::Text | Format::Json => self.text(),
        }
    }

    fn text(&self) -> String {
        let mut parts = Vec::new();
        if !self.banner.is_empty() {
            let mut lines = String::new();
            for words in &self.banner {
                let colour = if words.starts_with("INADMISSIBLE") { RED } else { YELLOW };
                for (i, line) in wrap(words, WIDTH - 2).iter().enumerate() {
                    let mark = if i == 0 { "! " } else { "  " };
                    lines = format!("{lines}{colour}{mark}{line}{PLAIN}\n");
                }
            }
            parts.push(lines);
        }
        if !self.header.is_empty() {
            let widest = self.header.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
            let mut lines = String::new();
            for (key, words) in &self.header {
                for (i, line) in wrap(words, WIDTH - widest - 2).iter().enumerate() {
                    let key = if i == 0 { key } else { "" };
                    lines = format!("{lines}{BOLD}{key:widest$}{PLAIN}  {line}\n");
                }
            }
            parts.push(lines);
        }
        parts.extend(self.tables.iter().map(|table| {
            let text = table.to_string();
            let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
            let rest = rest
                .replace("✗ fail", &format!("{RED}✗ fail{PLAIN}"))
                .replace("! check", &format!("{YELLOW}! check{PLAIN}"))
                .replace("✓ ok", &format!("{GREEN}✓ ok{PLAIN}"));
            format!("{BOLD}{title}{PLAIN}\n{rest}")
        }));
        parts.join("\n")
    }

    fn markdown(&self) -> String {
        let mut parts = Vec::new();
        if !self.banner.is_empty() {
            parts.push(
                self.banner.iter().map(|words| format!("> **{words}**\n")).collect::<Vec<_>>().join(">\n"),
            );
        }
        if !self.header.is_empty() {
            parts.push(
                self.header
                    .iter()
                    .map(|(key, words)| format!("- {key}: {words}\n"))
                    .collect::<Vec<_>>()
                    .concat(),
            );
        }
        parts.extend(self.tables.iter().map(Table::to_markdown));
        parts.join("\n")
    }

    /// One table is pure CSV; several are separated by an empty line and a line `# title`.
    fn csv(&self) -> String {
        if let [only] = self.tables.as_slice() {
            return only.to_csv();
        }
        let parts: Vec<String> =
            self.tables.iter().map(|table| format!("# {}\n{}", table.title, table.to_csv())).collect();
        parts.join("\n")
    }

    /// Findings on standard error, for forms that have no banner.
    pub(crate) fn warn(console: &Console, format: Format, assessment: &Assessment) {
        if matches!(format, Format::Json | Format::Csv) {
            Self::warn_of(console, assessment);
        }
    }

    /// Findings on standard error.
    pub(crate) fn warn_of(console: &Console, assessment: &Assessment) {
        for words in assessment.banner() {
            console.warn(&words);
        }
    }
}

/// Title, files, cases, missing answers, estimator: what a reader must know to repeat it.
pub(crate) fn header(job: &Job, fit: &PlsFit) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(title) = &job.model.about.title {
        lines.push(("Title", title.clone()));
    }
    lines.push(("Model", model_line(&job.model_file, &job.model)));
    match (&job.data, &fit.sample) {
        (Data::Answers(survey), Some(sample)) => {
            lines.push(("Data", format!("{}, fingerprint {}", survey.file, survey.fingerprint)));
            lines.extend(account_lines(&sample.account));
        }
        (Data::Table { file, .. }, _) => {
            lines.push(("Data", format!("{file}, a table of correlations")));
            lines.push(("Cases", fit.n().to_string()));
        }
        (Data::Answers(survey), None) => lines.push(("Data", survey.file.clone())),
    }
    lines.push(("Method", fit.method()));
    lines.push(("Program", format!("trustpath {}", env!("CARGO_PKG_VERSION"))));
    lines
}

/// A model in one line.
pub(crate) fn model_line(file: &str, model: &trustpath::Model) -> String {
    format!(
        "{file}: {}, {}, {}",
        count(model.constructs().len(), "construct"),
        count(model.indicators().len(), "item"),
        count(model.paths().len(), "path")
    )
}

/// Cases and missing answers.
pub(crate) fn account_lines(account: &Account) -> Vec<(&'static str, String)> {
    let mut cases = format!("{} used of {}", account.cases_used, account.cases_read);
    if account.cases_empty > 0 {
        cases = format!("{cases}; {} without any answer left out", count(account.cases_empty, "case"));
    }
    if account.cases_without_weight > 0 {
        cases = format!("{cases}; {} of weight 0 left out", count(account.cases_without_weight, "case"));
    }
    let missing = if account.cells_missing == 0 {
        "no answer is missing".to_owned()
    } else {
        let touched = format!(
            "{} in {}",
            count(account.cells_missing, "answer"),
            count(account.cases_with_missing, "case")
        );
        match account.missing {
            Some(Missing::Listwise) => {
                format!("{touched}; {} left out (listwise deletion)", count(account.cases_left_out, "case"))
            }
            _ => format!("{touched}; {} replaced by item means", account.cells_imputed),
        }
    };
    let mut lines = vec![("Cases", cases), ("Missing", missing)];
    if !account.reversed.is_empty() {
        lines.push(("Reversed", account.reversed.join(", ")));
    }
    lines
}

/// `1 item`, `2 items`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Words in lines of at most `width` characters; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use trustpath::table::Column;

    fn table(title: &str) -> Table {
        Table::new("t", title, vec![Column::words("name", "Name")])
    }

    #[test]
    fn one_table_is_pure_csv_and_several_have_titles() {
        let one = Page { tables: vec![table("A")], ..Page::default() };
        assert_eq!(one.render(Format::Csv), "name\n");
        let two = Page { tables: vec![table("A"), table("B")], ..Page::default() };
        assert_eq!(two.render(Format::Csv), "# A\nname\n\n# B\nname\n");
    }

    #[test]
    fn lines_keep_to_their_width() {
        assert_eq!(wrap("aa bb ccccc d", 5), ["aa bb", "ccccc", "d"]);
    }
}
