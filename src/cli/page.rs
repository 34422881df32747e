//! Banner, header and tables in every form of output.

use std::borrow::Cow;
use std::collections::HashSet;

use trustpath::Model;
use trustpath::assess::Assessment;
use trustpath::diagnostic::Diagnostic;
use trustpath::document::{Block, Document, DocumentError, Form};
use trustpath::pls::PlsFit;
use trustpath::survey::{Account, Missing};
use trustpath::table::{Cell, Column, Language, Table, Verdict, without_tags, wrap};
use unicode_width::UnicodeWidthStr;

use super::Failure;
use super::console::{Console, Format, Written};
use super::inputs::{Data, Job};

/// Key of a header's title in Chinese, which stands in for the other one.
const TITLE_ZH: &str = "Title in Chinese";
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
    /// The page in a form, set when it is written.
    pub(crate) fn render(&self, format: Format) -> Rendering<'_> {
        Rendering { page: self, format, title: None }
    }

    /// The header with the title in a language.
    fn lines(&self, language: Language) -> Vec<(&'static str, &String)> {
        let chinese = self.header.iter().find(|(key, _)| *key == TITLE_ZH).map(|(_, words)| words);
        let chinese = chinese.filter(|_| language == Language::Chinese);
        let lines = self.header.iter().filter(|(key, _)| *key != TITLE_ZH);
        lines
            .map(|(key, words)| (*key, if *key == "Title" { chinese.unwrap_or(words) } else { words }))
            .collect()
    }

    /// The page as a document: banner, header, tables.
    fn document(&self, title: Option<&String>, language: Language) -> Document {
        let lines = self.lines(language);
        let stated = lines.iter().find(|(key, _)| *key == "Title").map(|(_, words)| (*words).clone());
        let first = || self.tables.first().map(|table| table.title.clone());
        let title = title.cloned().or(stated).or_else(first).unwrap_or_default();
        let header = || lines.iter().filter(|(key, _)| *key != "Title");
        if self.tables.is_empty() {
            // A header alone is what there is to say.
            let mut table = Table::new(
                "page",
                title.as_str(),
                vec![Column::words("key", ""), Column::words("words", "")],
            );
            for (key, words) in header() {
                table.push(vec![Cell::text(*key), Cell::text(*words)]);
            }
            return Document::of_tables(title, [table]);
        }
        let mut document = Document::of_tables(title, self.tables.iter().cloned());
        document.strip = header().map(|(key, words)| ((*key).to_owned(), (*words).clone())).collect();
        if let (Some(part), Some((heading, lines))) = (document.parts.first_mut(), self.banner.split_first())
        {
            let verdict = if self.banner.iter().any(|words| words.starts_with("INADMISSIBLE")) {
                Verdict::Fail
            } else {
                Verdict::Check
            };
            part.blocks.insert(0, Block::Alarm(verdict, heading.clone(), lines.to_vec()));
        }
        document
    }

    fn text(&self, language: Language, width: usize) -> String {
        let say = |english: &str| language.say(english).into_owned();
        let mut parts = Vec::new();
        if !self.banner.is_empty() {
            let mut lines = String::new();
            for words in &self.banner {
                let colour = if words.starts_with("INADMISSIBLE") { RED } else { YELLOW };
                for (i, line) in wrap(&say(words), width - 2).iter().enumerate() {
                    let mark = if i == 0 { "! " } else { "  " };
                    lines = format!("{lines}{colour}{mark}{line}{PLAIN}\n");
                }
            }
            parts.push(lines);
        }
        if !self.header.is_empty() {
            let header: Vec<(String, String)> =
                self.lines(language).iter().map(|(key, words)| (say(key), say(words))).collect();
            let widest = header.iter().map(|(key, _)| key.width()).max().unwrap_or(0);
            let mut lines = String::new();
            for (key, words) in &header {
                let blank = " ".repeat(widest - key.width());
                for (i, line) in wrap(words, width - widest - 2).iter().enumerate() {
                    let key = if i == 0 { format!("{key}{blank}") } else { " ".repeat(widest) };
                    lines = format!("{lines}{BOLD}{key}{PLAIN}  {line}\n");
                }
            }
            parts.push(lines);
        }
        let painted = [(Verdict::Fail, RED), (Verdict::Check, YELLOW), (Verdict::Ok, GREEN)]
            .map(|(verdict, colour)| (format!("{} {}", verdict.symbol(), say(verdict.word())), colour));
        // What was said under a table above is not said again.
        let mut said: HashSet<&String> = HashSet::new();
        parts.extend(self.tables.iter().map(|table| {
            let mut shown = table.clone();
            shown.notes = table.notes.iter().filter(|note| said.insert(note)).cloned().collect();
            let text = shown.translated(language).to_text(width);
            let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
            let rest = painted.iter().fold(rest.to_owned(), |rest, (words, colour)| {
                rest.replace(words, &format!("{colour}{words}{PLAIN}"))
            });
            format!("{BOLD}{title}{PLAIN}\n{rest}")
        }));
        parts.join("\n")
    }

    fn markdown(&self, language: Language) -> String {
        // Titles and names of files are words of people: no tag of HTML begins in them.
        let say = |english: &str| without_tags(&language.say(english));
        let mut parts = Vec::new();
        if !self.banner.is_empty() {
            parts.push(
                self.banner
                    .iter()
                    .map(|words| format!("> **{}**\n", say(words)))
                    .collect::<Vec<_>>()
                    .join(">\n"),
            );
        }
        if !self.header.is_empty() {
            parts.push(
                self.lines(language)
                    .iter()
                    .map(|(key, words)| format!("- {}{}{}\n", say(key), language.colon(), say(words)))
                    .collect::<Vec<_>>()
                    .concat(),
            );
        }
        parts.extend(self.tables.iter().map(|table| table.clone().translated(language).to_markdown()));
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

/// A page that is set when it is written; CSV has no place for banner and header, and none of this is JSON.
#[derive(Debug)]
pub(crate) struct Rendering<'a> {
    page: &'a Page,
    format: Format,
    title: Option<String>,
}

impl Rendering<'_> {
    /// The page under a title, where no header says what it is about.
    pub(crate) fn under(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }
}

impl Written for Rendering<'_> {
    fn written(&self, language: Language, width: usize) -> Result<(Cow<'_, [u8]>, bool), Failure> {
        let document = || self.page.document(self.title.as_ref(), language).translated(language);
        let set = |form| document().set(form).map_err(|error| unset(&error));
        let title = |before: &str, after: &str| {
            self.title.as_ref().map_or(String::new(), |title| format!("{before}{title}{after}\n\n"))
        };
        let text = match self.format {
            Format::Csv => self.page.csv(),
            Format::Markdown => without_tags(&title("# ", "")) + &self.page.markdown(language),
            Format::Text | Format::Json => title(BOLD, PLAIN) + &self.page.text(language, width),
            Format::Latex => document().to_latex_tables(),
            Format::Html => return Ok((set(Form::Html)?.into(), true)),
            Format::Docx => return Ok((set(Form::Docx)?.into(), false)),
            Format::Xlsx => return Ok((set(Form::Xlsx)?.into(), false)),
        };
        Ok((text.into_bytes().into(), true))
    }
}

/// A document that could not be set, in the command line's words.
pub(crate) fn unset(error: &DocumentError) -> Failure {
    match error {
        DocumentError::Unbuilt { feature, .. } => Diagnostic::error("TP0003", error.to_string())
            .hint(format!("build it with the feature `{feature}`"))
            .into(),
        _ => Diagnostic::error("TP0006", error.to_string()).into(),
    }
}

/// The title of a model, and the one in Chinese beside it.
pub(crate) fn titles(model: &Model) -> Vec<(&'static str, String)> {
    let (title, chinese) = (model.about.title.as_ref(), model.about.title_zh.as_ref());
    let title = title.or(chinese).map(|words| ("Title", words.clone()));
    title.into_iter().chain(chinese.map(|words| (TITLE_ZH, words.clone()))).collect()
}

/// Title, files, cases, missing answers, estimator: what a reader must know to repeat it.
pub(crate) fn header(job: &Job, fit: &PlsFit) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    lines.extend(titles(&job.model));
    lines.push(("Model", model_line(&job.model_file, &job.model)));
    lines.push(("Data", data_line(&job.data)));
    match (&job.data, &fit.sample) {
        (Data::Answers(_), Some(sample)) => lines.extend(account_lines(&sample.account)),
        (Data::Table { .. }, _) => lines.push(("Cases", fit.n().to_string())),
        (Data::Answers(_), None) => {}
    }
    lines.push(("Method", fit.method()));
    if let Some((approach, names)) = fit.products() {
        lines.push(("Products", format!("{approach}: {}", names.join(", "))));
    }
    let instruments: Vec<String> = fit
        .instruments()
        .into_iter()
        .map(|(outcome, list)| format!("{outcome} by {}", list.join(", ")))
        .collect();
    if !instruments.is_empty() {
        lines.push(("Instruments", instruments.join("; ")));
    }
    let wholes = fit.wholes().into_iter().map(|(approach, wholes)| {
        let named = wholes.into_iter().map(|(name, parts)| format!("{name} ({})", parts.join(", ")));
        format!("{approach}: {}", named.collect::<Vec<_>>().join(", "))
    });
    let wholes: Vec<String> = wholes.collect();
    if !wholes.is_empty() {
        lines.push(("Higher order", wholes.join("; ")));
    }
    lines.push(("Program", format!("trustpath {}", env!("CARGO_PKG_VERSION"))));
    lines
}

/// What was read, in one line.
pub(crate) fn data_line(data: &Data) -> String {
    match data {
        Data::Answers(survey) => format!("{}, fingerprint {}", survey.file, survey.fingerprint),
        Data::Table { file, .. } => format!("{file}, a table of correlations"),
    }
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
            _ if account.cells_pairwise == 0 => {
                format!("{touched}; {} replaced by item means", account.cells_imputed)
            }
            _ if account.cells_imputed == 0 => {
                format!("{touched}; {} left out pair by pair", account.cells_pairwise)
            }
            _ => format!(
                "{touched}; {} left out pair by pair, {} replaced by item means",
                account.cells_pairwise, account.cells_imputed
            ),
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::console::WIDTH;
    use super::*;

    fn table(title: &str) -> Table {
        Table::new("t", title, vec![Column::words("name", "Name")])
    }

    #[test]
    fn one_table_is_pure_csv_and_several_have_titles() {
        let text = |page: &Page| {
            let rendering = page.render(Format::Csv);
            let (bytes, _) = rendering.written(Language::English, WIDTH).unwrap();
            String::from_utf8(bytes.into_owned()).unwrap()
        };
        let one = Page { tables: vec![table("A")], ..Page::default() };
        assert_eq!(text(&one), "name\n");
        let two = Page { tables: vec![table("A"), table("B")], ..Page::default() };
        assert_eq!(text(&two), "# A\nname\n\n# B\nname\n");
    }

    #[test]
    fn a_note_stands_under_the_first_table_that_has_it() {
        let noted = |title: &str, own: &str| {
            let mut table = table(title);
            table.push(vec![Cell::text("x")]);
            table.notes = vec!["Shared.".to_owned(), own.to_owned()];
            table
        };
        let page = Page { tables: vec![noted("A", "Of A."), noted("B", "Of B.")], ..Page::default() };
        let text = page.text(Language::English, WIDTH);
        assert_eq!(text.matches("Shared.").count(), 1, "{text}");
        assert!(text.find("Shared.") < text.find("Of A.") && text.contains("Of B."), "{text}");
        // Tables that are taken out of a page keep theirs.
        assert_eq!(page.markdown(Language::English).matches("Shared.").count(), 2);
    }

    #[test]
    fn lines_keep_to_their_width_in_chinese_too() {
        let words = "构念 ".repeat(60);
        let page = Page { banner: vec![words.clone()], header: vec![("Model", words)], ..Page::default() };
        let text = page.text(Language::Chinese, WIDTH);
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain.matches("构念").count(), 120);
        assert!(plain.lines().all(|line| line.width() <= WIDTH), "{plain}");
    }
}
