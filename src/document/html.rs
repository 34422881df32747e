//! Documents as one HTML file that needs nothing else.
//!
//! The template decides what stands where. minijinja escapes everything in a template whose name ends in `.html`;
//! the marks `safe` in it are figures, tables (escaped by `grid`), style and script only.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::grid::{anchor, grid, pill, tone};
use super::{Block, Document, DocumentError, Exhibit, Figure, Light};
use crate::table::Language;

#[derive(Serialize)]
struct LightView<'a> {
    rule: &'a str,
    quantity: &'a str,
    tone: &'static str,
    pill: Value,
    tally: &'a str,
    worst: &'a str,
    advice: &'a str,
    anchor: String,
}

#[derive(Serialize)]
struct TableView<'a> {
    id: String,
    number: usize,
    title: &'a str,
    rows: usize,
    grid: Value,
    notes: &'a [String],
    reading: &'a str,
    folded: bool,
}

#[derive(Serialize)]
struct FigureView<'a> {
    id: String,
    number: usize,
    title: &'a str,
    caption: &'a str,
    svg: Value,
    /// What is printed in its place.
    paper: Option<Value>,
    movable: bool,
}

/// What the template switches on.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum BlockView<'a> {
    Paragraph { words: &'a str },
    Lead { words: &'a str },
    Note { words: &'a str },
    Paste { words: &'a str },
    Alarm { tone: &'static str, symbol: &'static str, heading: &'a str, lines: &'a [String] },
    Checks { lights: Vec<LightView<'a>> },
    Table { table: TableView<'a> },
    Figure { figure: FigureView<'a> },
    References { heading: &'a str, works: &'a [String] },
}

#[derive(Serialize)]
struct PartView<'a> {
    id: &'a str,
    heading: &'a str,
    blocks: Vec<BlockView<'a>>,
}

/// Everything the template names.
#[derive(Serialize)]
struct Page<'a> {
    lang: &'static str,
    kind: &'a str,
    title: &'a str,
    other_title: Option<&'a str>,
    other_lang: &'static str,
    subtitle: &'a [String],
    strip: Vec<[&'a str; 2]>,
    parts: Vec<PartView<'a>>,
    version: &'static str,
    style: Value,
    script: Value,
    words: Words,
}

/// The page's own words.
#[derive(Serialize)]
struct Words {
    skip: String,
    contents: String,
    table: String,
    figure: String,
    rows: String,
    worst: String,
    loads_nothing: String,
    /// What the script says, as JSON.
    script: Value,
}

/// What the buttons of the page say.
const SCRIPT_WORDS: [&str; 10] = [
    "Copy table",
    "Copy paragraph",
    "Copied",
    "Could not copy",
    "Sort by this column",
    "Save layout",
    "Original layout",
    "Save as SVG",
    "Drag constructs, or move them by the arrow keys; point at anything for its numbers.",
    "Numbers",
];

impl Words {
    fn of(language: Language) -> Self {
        let say = |english: &str| language.say(english).into_owned();
        let script: serde_json::Map<String, serde_json::Value> =
            SCRIPT_WORDS.iter().map(|english| ((*english).to_owned(), say(english).into())).collect();
        // Inside a script element no `<` may stand.
        let script = serde_json::Value::Object(script).to_string().replace('<', "\\u003c");
        Self {
            skip: say("Skip to the results"),
            contents: say("Contents"),
            table: say("Table"),
            figure: say("Figure"),
            rows: say("rows"),
            worst: say("worst"),
            loads_nothing: say("self-contained: this file loads nothing"),
            script: Value::from_safe_string(script),
        }
    }
}

/// What is counted through the document.
struct Setter<'a> {
    document: &'a Document,
    tables: usize,
    figures: usize,
}

impl<'a> Setter<'a> {
    fn block(&mut self, block: &'a Block) -> BlockView<'a> {
        match block {
            Block::Paragraph(words) => BlockView::Paragraph { words },
            Block::Lead(words) => BlockView::Lead { words },
            Block::Note(words) => BlockView::Note { words },
            Block::Paste(words) => BlockView::Paste { words },
            Block::Alarm(verdict, heading, lines) => {
                BlockView::Alarm { tone: tone(*verdict), symbol: verdict.symbol(), heading, lines }
            }
            Block::Checks(lights) => {
                BlockView::Checks { lights: lights.iter().map(|light| self.light(light)).collect() }
            }
            Block::Exhibit(exhibit) => BlockView::Table { table: self.table(exhibit) },
            Block::Figure(figure) => BlockView::Figure { figure: self.figure(figure) },
            Block::References(heading, works) => BlockView::References { heading, works },
        }
    }

    fn light(&self, light: &'a Light) -> LightView<'a> {
        let known = self.document.exhibits().any(|exhibit| exhibit.table.key == light.table);
        LightView {
            rule: &light.rule,
            quantity: &light.quantity,
            tone: tone(light.verdict),
            pill: Value::from_safe_string(pill(light.verdict, self.document.language)),
            tally: &light.tally,
            worst: &light.worst,
            advice: &light.advice,
            anchor: if known { anchor("table", &light.table) } else { String::new() },
        }
    }

    fn table(&mut self, exhibit: &'a Exhibit) -> TableView<'a> {
        self.tables += 1;
        let id = anchor("table", &exhibit.table.key);
        let number = format!("{} {}", self.document.language.say("Table"), self.tables);
        TableView {
            number: self.tables,
            title: &exhibit.table.title,
            rows: exhibit.table.rows.len(),
            grid: Value::from_safe_string(grid(exhibit, &id, &number)),
            notes: &exhibit.table.notes,
            reading: &exhibit.reading,
            folded: exhibit.folded,
            id,
        }
    }

    /// The drawing without an XML declaration, which has no place inside HTML.
    fn figure(&mut self, figure: &'a Figure) -> FigureView<'a> {
        self.figures += 1;
        let inside = |svg: &'a str| svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or(svg);
        let svg = inside(&figure.svg);
        FigureView {
            id: anchor("figure", &figure.id),
            number: self.figures,
            title: &figure.title,
            caption: &figure.caption,
            movable: svg.contains("data-node="),
            svg: Value::from_safe_string(svg.to_owned()),
            paper: figure.paper.as_deref().map(|svg| Value::from_safe_string(inside(svg).to_owned())),
        }
    }
}

impl Document {
    /// The document as one HTML file that loads nothing.
    ///
    /// # Errors
    /// [`DocumentError::Template`] if the template cannot be filled, which would be a defect of this crate.
    pub fn to_html(&self) -> Result<String, DocumentError> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_template("page.html", include_str!("page.html"))?;
        let template = environment.get_template("page.html")?;
        let mut setter = Setter { document: self, tables: 0, figures: 0 };
        let parts = self
            .parts
            .iter()
            .map(|part| PartView {
                id: &part.anchor,
                heading: &part.heading,
                blocks: part.blocks.iter().map(|block| setter.block(block)).collect(),
            })
            .collect();
        let page = Page {
            lang: self.language.tag(),
            kind: &self.kind,
            title: &self.title,
            other_title: self.other_title.as_ref().map(|(title, _)| title.as_str()),
            other_lang: self.other_title.as_ref().map_or("", |(_, language)| language.tag()),
            subtitle: &self.subtitle,
            strip: self.strip.iter().map(|(name, value)| [name.as_str(), value.as_str()]).collect(),
            parts,
            version: env!("CARGO_PKG_VERSION"),
            style: Value::from_safe_string(include_str!("page.css").to_owned()),
            script: Value::from_safe_string([include_str!("page.js"), include_str!("diagram.js")].concat()),
            words: Words::of(self.language),
        };
        Ok(template.render(Serde(page))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Part;

    #[test]
    fn a_page_of_one_table_stands_alone() {
        let mut document = Document::of_tables("T <1>", [crate::table::Table::new("a", "A", Vec::new())]);
        document.parts.push(Part::default());
        let html = document.to_html().unwrap();
        assert!(html.contains("<title>T &lt;1&gt;</title>") && html.contains("id=\"table-a\""), "{html}");
        assert!(html.contains("<html lang=\"en\">"));
    }
}
