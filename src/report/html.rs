//! The report as HTML: what the template needs, ready for setting.
//!
//! The template decides what stands where; here every cell becomes a text with a class. minijinja escapes everything
//! in a template whose name ends in `.html`; the marks `safe` in it are figures, style and script only.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::exhibit::Exhibit;
use super::{Figure, Report, ReportError, Section, SectionId};
use crate::table::{Align, Cell, Verdict};

/// Words below a cell that are longer than this many characters need room.
const LONG: usize = 20;

/// How a verdict looks: colour is never alone.
#[derive(Serialize)]
struct Pill {
    tone: &'static str,
    symbol: &'static str,
    word: &'static str,
}

impl Pill {
    fn of(verdict: Verdict) -> Self {
        Self { tone: tone(verdict), symbol: verdict.symbol(), word: verdict.word() }
    }
}

/// The class of a verdict.
fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Check => "check",
        Verdict::Fail => "fail",
        Verdict::Info => "info",
        Verdict::NotApplicable => "na",
    }
}

#[derive(Serialize)]
struct LightView<'a> {
    rule: &'a str,
    quantity: &'a str,
    pill: Pill,
    tally: &'a str,
    worst: &'a str,
    advice: &'a str,
    anchor: String,
}

#[derive(Serialize)]
struct CellView {
    text: String,
    class: String,
    /// What the cell is sorted by, where its text does not do.
    value: String,
    below: String,
    /// The cell is a verdict.
    pill: Option<Pill>,
    /// The cell is a number with a verdict.
    sign: Option<Pill>,
    lang: &'static str,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    heading: &'a str,
    class: &'static str,
}

#[derive(Serialize)]
struct RowView {
    class: &'static str,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct TableView<'a> {
    id: String,
    number: usize,
    title: &'a str,
    columns: Vec<ColumnView<'a>>,
    rows: Vec<RowView>,
    notes: &'a [String],
    reading: &'a str,
    folded: bool,
    sortable: bool,
    class: &'static str,
}

#[derive(Serialize)]
struct FigureView<'a> {
    id: String,
    number: usize,
    title: &'a str,
    caption: &'a str,
    svg: Value,
}

/// A table with the figures that stand below it; either may be missing.
#[derive(Serialize)]
struct BlockView<'a> {
    figures: Vec<FigureView<'a>>,
    table: Option<TableView<'a>>,
}

#[derive(Serialize)]
struct SectionView<'a> {
    id: &'static str,
    heading: &'a str,
    intro: &'a [String],
    blocks: Vec<BlockView<'a>>,
}

/// Everything the template names.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    title_zh: Option<&'a str>,
    subtitle: &'a [String],
    strip: Vec<[&'a str; 2]>,
    problems: &'a [String],
    remarks: &'a [String],
    summary: &'a [String],
    lights: Vec<LightView<'a>>,
    method: &'a str,
    sections: Vec<SectionView<'a>>,
    references: &'a [String],
    version: &'static str,
    style: Value,
    script: Value,
}

/// An anchor made of a name: letters, digits and hyphens only.
fn anchor(prefix: &str, name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' })
        .collect();
    format!("{prefix}-{clean}")
}

fn cell(exhibit: &Exhibit, r: usize, c: usize, cell: &Cell) -> CellView {
    let column = exhibit.table.columns.get(c);
    let numeric = column.is_some_and(|column| column.align == Align::Decimal);
    let mut class = String::from(if numeric { "n" } else { "w" });
    let (mut pill, mut sign) = (None, None);
    let mut text = cell.show();
    match cell {
        Cell::Verdict(verdict, reason) => {
            pill = Some(Pill::of(*verdict));
            text.clone_from(reason);
        }
        Cell::NotApplicable(_) => class.push_str(" na"),
        Cell::Interval { .. } => class.push_str(" i"),
        _ => {}
    }
    let mark = exhibit.marks.get(&(r, c));
    if let Some(verdict) = mark.filter(|verdict| **verdict != Verdict::NotApplicable || !numeric) {
        class.push(' ');
        class.push_str(tone(*verdict));
        if numeric && matches!(verdict, Verdict::Check | Verdict::Fail) {
            sign = Some(Pill::of(*verdict));
        }
    }
    let below = exhibit.below.get(&(r, c)).cloned().unwrap_or_default();
    if !numeric && below.chars().count() > LONG {
        class.push_str(" long");
    }
    let value = match cell {
        Cell::Interval { low, .. } => low.to_string(),
        Cell::Verdict(verdict, _) => format!("{}", *verdict as u8),
        _ if exhibit.fixed => String::new(),
        _ => {
            cell.value().filter(|value| value.is_finite()).map_or_else(String::new, |value| value.to_string())
        }
    };
    CellView {
        text,
        class,
        value,
        below,
        pill,
        sign,
        lang: if column.is_some_and(|column| column.key.ends_with("_zh")) { "zh" } else { "" },
    }
}

fn table(exhibit: &Exhibit, number: usize) -> TableView<'_> {
    let source = &exhibit.table;
    let group = |r: usize| exhibit.group.and_then(|c| source.rows.get(r)?.get(c)).map(Cell::show);
    let rows = source
        .rows
        .iter()
        .enumerate()
        .map(|(r, row)| RowView {
            class: if r > 0 && group(r) != group(r - 1) { "first" } else { "" },
            cells: row.iter().enumerate().map(|(c, value)| cell(exhibit, r, c, value)).collect(),
        })
        .collect();
    let class = match source.columns.len() {
        0..=11 => "",
        12..=20 => "snug",
        _ => "dense",
    };
    TableView {
        id: anchor("table", &source.key),
        number,
        title: &source.title,
        columns: source
            .columns
            .iter()
            .map(|column| ColumnView {
                heading: &column.heading,
                class: if column.align == Align::Decimal { "n" } else { "w" },
            })
            .collect(),
        rows,
        notes: &source.notes,
        reading: &exhibit.reading,
        folded: exhibit.folded,
        sortable: !exhibit.fixed && source.rows.len() > 2,
        class,
    }
}

/// The drawing without an XML declaration, which has no place inside HTML.
fn figure(figure: &Figure, number: usize) -> FigureView<'_> {
    let svg = figure.svg.find("<svg").and_then(|at| figure.svg.get(at..)).unwrap_or(&figure.svg);
    FigureView {
        id: anchor("figure", &figure.id),
        number,
        title: &figure.title,
        caption: &figure.caption,
        svg: Value::from_safe_string(svg.to_owned()),
    }
}

fn sections(report: &Report) -> Vec<SectionView<'_>> {
    let (mut tables, mut figures) = (0, 0);
    let mut views = Vec::new();
    for section in &report.sections {
        let filled = match section.id {
            SectionId::Verdict => true,
            SectionId::Method => !report.method.is_empty() || !section.is_empty(),
            _ => !section.is_empty(),
        };
        if filled {
            views.push(SectionView {
                id: section.id.anchor(),
                heading: &section.heading,
                intro: &section.intro,
                blocks: blocks(section, &mut tables, &mut figures),
            });
        }
    }
    views
}

fn blocks<'a>(section: &'a Section, tables: &mut usize, figures: &mut usize) -> Vec<BlockView<'a>> {
    let has = |id: &str| section.exhibits.iter().any(|exhibit| exhibit.table.key == id);
    let mut set = |wanted: &dyn Fn(&str) -> bool| -> Vec<FigureView<'a>> {
        section
            .figures
            .iter()
            .filter(|one| wanted(&one.id))
            .map(|one| {
                *figures += 1;
                figure(one, *figures)
            })
            .collect()
    };
    let mut blocks = vec![BlockView { figures: set(&|id| !has(id)), table: None }];
    for exhibit in &section.exhibits {
        *tables += 1;
        blocks.push(BlockView {
            figures: set(&|id| id == exhibit.table.key),
            table: Some(table(exhibit, *tables)),
        });
    }
    blocks
}

/// Sets the report.
pub(super) fn render(report: &Report) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("report.html", include_str!("report.html"))?;
    let lights: Vec<LightView<'_>> = report
        .lights
        .iter()
        .map(|light| LightView {
            rule: &light.rule,
            quantity: &light.quantity,
            pill: Pill::of(light.verdict),
            tally: &light.tally,
            worst: &light.worst,
            advice: &light.advice,
            anchor: if report.table(&light.table).is_some() {
                anchor("table", &light.table)
            } else {
                String::new()
            },
        })
        .collect();
    let template = environment.get_template("report.html")?;
    let page = Page {
        title: &report.title,
        title_zh: report.title_zh.as_deref(),
        subtitle: &report.subtitle,
        strip: report.strip.iter().map(|(name, value)| [name.as_str(), value.as_str()]).collect(),
        problems: &report.problems,
        remarks: &report.remarks,
        summary: &report.summary,
        lights,
        method: &report.method,
        sections: sections(report),
        references: &report.references,
        version: super::method::VERSION,
        style: Value::from_safe_string(include_str!("report.css").to_owned()),
        script: Value::from_safe_string(include_str!("report.js").to_owned()),
    };
    Ok(template.render(Serde(page))?)
}
