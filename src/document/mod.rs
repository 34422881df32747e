//! What a reader gets, before it is set: parts of paragraphs, tables and figures, in order and numbered.
//!
//! A report and the output of a verb become the same [`Document`], and each form of output is one writer that walks
//! it: Markdown, LaTeX, HTML, Word, Excel. So the same words and numbers stand in all of them, and nothing is said by
//! a writer alone.
//!
//! Everything that comes from a person (titles, labels, file names, wording) is escaped by each writer in its own
//! way; only figures, which are the output of the plot room, are taken as they are.

mod columns;
#[cfg(feature = "office")]
mod docx;
#[cfg(feature = "office")]
mod docx_table;
mod exhibit;
mod files;
#[cfg(feature = "report")]
mod grid;
#[cfg(feature = "report")]
mod html;
mod latex;
mod markdown;
#[cfg(feature = "office")]
mod sheet;
mod tex;
#[cfg(feature = "office")]
mod xlsx;

pub use exhibit::Exhibit;
#[cfg(feature = "report")]
pub(crate) use exhibit::insert;
pub use files::Form;

use crate::table::{Cell, Column, Language, Table, Verdict};

/// Why a document cannot be set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The template of the page could not be filled.
    #[cfg(feature = "report")]
    #[error("the page cannot be set: {0}")]
    Template(#[from] minijinja::Error),
    /// The workbook could not be written.
    #[cfg(feature = "office")]
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The Word file could not be packed.
    #[error("the Word file cannot be written: {0}")]
    Word(String),
    /// The crate was built without this form.
    #[error("this build cannot write {form}")]
    Unbuilt {
        /// What cannot be written.
        form: &'static str,
        /// The feature that it needs.
        feature: &'static str,
    },
    /// A figure could not be drawn in the form that is needed.
    #[error("the figure `{figure}` cannot be drawn: {reason}")]
    Figure {
        /// Its title.
        figure: String,
        /// What the plot room said.
        reason: String,
    },
}

/// A figure: SVG of the plot room, which is trusted, and words, which are not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figure {
    /// Its name within the document. A figure of a report with the name of a table stands below that table, any
    /// other one at the top of its section.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, in a sentence.
    pub caption: String,
    /// The drawing.
    pub svg: String,
    /// Another drawing for pages of paper, where the first would be too small to read on them.
    pub paper: Option<String>,
    /// A file of the drawing that lies beside documents which cannot hold it.
    pub file: Option<String>,
}

impl Figure {
    /// The drawing for a page of paper.
    pub(crate) fn on_paper(&self) -> &str {
        self.paper.as_deref().unwrap_or(&self.svg)
    }

    /// Width and height in px at which the drawing is meant to be shown; 0 if it does not say.
    #[cfg(feature = "office")]
    pub(crate) fn size(&self) -> (f64, f64) {
        let head = self.svg.split_once("<svg").map_or("", |(_, rest)| rest);
        let head = head.split_once('>').map_or(head, |(head, _)| head);
        let of = |name: &str| {
            let (_, value) = head.split_once(&format!(" {name}=\""))?;
            let value = value.split('"').next()?;
            match value.strip_suffix("mm") {
                Some(mm) => mm.parse::<f64>().ok().map(|mm| mm * 96.0 / 25.4),
                None => value.parse().ok(),
            }
        };
        (of("width").unwrap_or(0.0), of("height").unwrap_or(0.0))
    }

    /// The words for those who cannot see it: the description inside the drawing, else the caption.
    pub fn alternative(&self) -> String {
        let inside = |tag: &str| {
            let (_, rest) = self.svg.split_once(&format!("<{tag}"))?;
            let (_, rest) = rest.split_once('>')?;
            let (words, _) = rest.split_once(&format!("</{tag}>"))?;
            Some(unescape(words))
        };
        inside("desc").filter(|words| !words.trim().is_empty()).unwrap_or_else(|| self.caption.clone())
    }
}

/// Text of our own SVG as it was before it was escaped.
fn unescape(text: &str) -> String {
    let mut plain = text.to_owned();
    for (reference, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(reference, character);
    }
    plain
}

/// One check of the list on the first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    /// Id of the rule; empty for a check without one.
    pub rule: String,
    /// What is checked.
    pub quantity: String,
    /// What it came to.
    pub verdict: Verdict,
    /// How many cases are fine, worth a look, broken.
    pub tally: String,
    /// The worst case.
    pub worst: String,
    /// What to do, where something is to be done.
    pub advice: String,
    /// Key of the table behind it.
    pub table: String,
}

/// A piece of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// The paragraph that says most.
    Lead(String),
    /// A remark in small letters.
    Note(String),
    /// A paragraph that is meant to be copied.
    Paste(String),
    /// What must be read first: a heading and lines.
    Alarm(Verdict, String, Vec<String>),
    /// The list of checks.
    Checks(Vec<Light>),
    /// A table.
    Exhibit(Exhibit),
    /// A figure.
    Figure(Figure),
    /// Works, under a heading of their own.
    References(String, Vec<String>),
}

/// A part with a heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Its anchor: letters, digits, hyphens.
    pub anchor: String,
    /// Heading; without one the part has no entry in the contents.
    pub heading: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// Everything, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// What kind of document it is, in two or three words.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Title in another language, and its language.
    pub other_title: Option<(String, Language)>,
    /// Lines below the title.
    pub subtitle: Vec<String>,
    /// Names and values of the run.
    pub strip: Vec<(String, String)>,
    /// The parts.
    pub parts: Vec<Part>,
    /// Language of everything in it.
    pub language: Language,
}

impl Document {
    /// Tables alone.
    pub fn of_tables(title: impl Into<String>, tables: impl IntoIterator<Item = Table>) -> Self {
        let blocks =
            tables.into_iter().map(|table| Block::Exhibit(Exhibit::new(table).never_bare())).collect();
        Self {
            title: title.into(),
            parts: vec![Part { anchor: "tables".to_owned(), heading: String::new(), blocks }],
            ..Self::default()
        }
    }

    /// Every table, in order.
    pub fn exhibits(&self) -> impl Iterator<Item = &Exhibit> {
        self.blocks().filter_map(|block| match block {
            Block::Exhibit(exhibit) => Some(exhibit),
            _ => None,
        })
    }

    /// Every figure, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks().filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// Every figure, in order, to be changed.
    pub fn figures_mut(&mut self) -> impl Iterator<Item = &mut Figure> {
        self.parts.iter_mut().flat_map(|part| &mut part.blocks).filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.parts.iter().flat_map(|part| &part.blocks)
    }

    /// The document in a language: every text that the catalogue knows. Texts of people (titles, labels, files) are
    /// not in it and stay.
    #[must_use]
    pub fn translated(mut self, language: Language) -> Self {
        if language == self.language {
            return self;
        }
        self.language = language;
        let turn = |words: &mut String| *words = language.say(words).into_owned();
        turn(&mut self.kind);
        for (name, value) in &mut self.strip {
            turn(name);
            turn(value);
        }
        for part in &mut self.parts {
            turn(&mut part.heading);
            for block in &mut part.blocks {
                translate(block, language, &turn);
            }
        }
        self
    }
}

fn translate(block: &mut Block, language: Language, turn: &impl Fn(&mut String)) {
    match block {
        Block::Paragraph(words) | Block::Lead(words) | Block::Note(words) | Block::Paste(words) => {
            turn(words);
        }
        Block::Alarm(_, heading, lines) => {
            turn(heading);
            lines.iter_mut().for_each(turn);
        }
        Block::Checks(lights) => {
            for light in lights {
                for words in [&mut light.quantity, &mut light.tally, &mut light.worst, &mut light.advice] {
                    turn(words);
                }
            }
        }
        Block::Exhibit(exhibit) => {
            exhibit.table = std::mem::take(&mut exhibit.table).translated(language);
            turn(&mut exhibit.reading);
        }
        Block::Figure(figure) => {
            turn(&mut figure.title);
            turn(&mut figure.caption);
        }
        Block::References(heading, _) => turn(heading),
    }
}

/// The checks as a table, for forms that have no list of lights.
pub(crate) fn checks_table(lights: &[Light], language: Language) -> Table {
    let mut table = Table::new(
        "checks",
        "Checks",
        vec![
            Column::words("rule", "Rule"),
            Column::words("check", "Check"),
            Column::words("verdict", "Verdict"),
            Column::words("tally", "Count"),
            Column::words("worst", "Worst"),
            Column::words("advice", "What to do"),
        ],
    );
    for light in lights {
        table.push(vec![
            Cell::text(&light.rule),
            Cell::text(&light.quantity),
            Cell::Verdict(light.verdict, String::new()),
            Cell::text(&light.tally),
            Cell::text(&light.worst),
            Cell::text(&light.advice),
        ]);
    }
    table.translated(language)
}

/// The checks as a table with the advice below what is checked, for pages that are narrow.
pub(crate) fn checks(lights: &[Light], language: Language) -> Exhibit {
    let mut table = checks_table(lights, language);
    table.columns.pop();
    let mut below = std::collections::BTreeMap::new();
    for (r, row) in table.rows.iter_mut().enumerate() {
        if let Some(Cell::Text(advice)) = row.pop()
            && !advice.is_empty()
        {
            below.insert((r, 1), advice);
        }
    }
    Exhibit { below, ..Exhibit::new(table) }
}
