//! `trustpath check MODEL [DATA]`: is the model sound, and what would a careful reader see in the answers?

use std::path::PathBuf;

use clap::Args;
use trustpath::Model;
use trustpath::model::Kind;
use trustpath::survey::{Sample, SampleSettings, Screening, Survey};
use trustpath::table::{Cell, Column, Table, Verdict};

use super::console::Format;
use super::inputs::{Answers, read_both, read_model};
use super::page::{Page, account_lines, model_line};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath check model.sem
  trustpath check model.sem answers.csv
  trustpath check model.sem answers.csv --missing-code -99 --format json";

/// An item with more missing answers than this is worth a look.
const MOST_MISSING: f64 = 0.05;
/// Places that a line of the table names before it says how many more there are.
const MOST_PLACES: usize = 8;

/// Check a model file and screen the answers before any estimate
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// Model file (.sem, lavaan syntax)
    model: PathBuf,
    /// Survey file; without it, the model alone is checked
    data: Option<PathBuf>,
    #[command(flatten)]
    answers: Answers,
}

impl Check {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&[Some(&self.model), self.data.as_deref()], None)?;
        match &self.data {
            None => self.model_alone(console, format, &read_model(&self.model)?)?,
            Some(data) => {
                let (model, survey) = read_both(&self.model, data)?;
                let settings = self.answers.over(SampleSettings::default());
                let sample = Sample::draw(&model, &survey, &settings)?;
                let screening = Screening::of(&model, &survey, &sample);
                self.data(console, format, &model, &survey, &screening)?;
            }
        }
        Ok(Outcome::Done)
    }

    fn model_alone(&self, console: &Console, format: Format, model: &Model) -> Result<(), Failure> {
        let tables = model_tables(model);
        if format == Format::Json {
            let mut object = json::object();
            object.insert("title".into(), json::value(&model.about.title));
            object.insert("about".into(), json::about(model));
            object.extend(json::tables(&tables));
            return console.write(&json::text(&object));
        }
        let mut header = Vec::new();
        if let Some(title) = &model.about.title {
            header.push(("Title", title.clone()));
        }
        header.push(("Model", model_line(&self.model.display().to_string(), model)));
        if !model.codebook.is_empty() {
            header.push(("Codebook", model.codebook.file.clone()));
        }
        console.write(&Page { header, tables, ..Page::default() }.render(format))
    }

    fn data(
        &self,
        console: &Console,
        format: Format,
        model: &Model,
        survey: &Survey,
        screening: &Screening,
    ) -> Result<(), Failure> {
        if format == Format::Json {
            let mut object = json::object();
            object.insert("title".into(), json::value(&model.about.title));
            object.insert("n".into(), screening.account.cases_used.into());
            object.insert("data".into(), json::data(survey, &json::value(&screening.account)));
            object.insert("suspicious".into(), json::value(&suspicious(screening)));
            object.insert("screening".into(), json::value(screening));
            return console.write(&json::text(&object));
        }
        let mut header = Vec::new();
        if let Some(title) = &model.about.title {
            header.push(("Title", title.clone()));
        }
        header.push(("Model", model_line(&self.model.display().to_string(), model)));
        header.push(("Data", format!("{}, fingerprint {}", survey.file, survey.fingerprint)));
        header.push(("Read", read_line(survey, screening)));
        header.extend(account_lines(&screening.account));
        let tables = vec![suspicious(screening), items(screening)];
        console.write(&Page { header, tables, ..Page::default() }.render(format))
    }
}

fn read_line(survey: &Survey, screening: &Screening) -> String {
    let delimiter = match survey.dialect.delimiter {
        ',' => "commas",
        ';' => "semicolons",
        _ => "tabs",
    };
    format!(
        "{} cases, {} columns ({} of them not used), separated by {delimiter}, {}, decimal mark `{}`",
        survey.cases,
        survey.columns.len(),
        screening.account.columns_unused,
        survey.dialect.encoding,
        survey.dialect.decimal
    )
}

/// One line per thing to look for, what was found first.
fn suspicious(screening: &Screening) -> Table {
    let mut table = Table::new(
        "suspicious",
        "Look at this first",
        vec![
            Column::words("check", "Check"),
            Column::words("verdict", "Verdict"),
            Column::numbers("found", "Found"),
            Column::words("places", "Where"),
        ],
    );
    let items = &screening.items;
    let turned = items
        .iter()
        .filter(|item| item.suspect_direction)
        .filter_map(|item| Some(format!("{} ({})", item.item, trustpath::table::apa(item.item_rest?, 2))))
        .collect();
    let gaps = items
        .iter()
        .filter(|item| item.missing_share > MOST_MISSING)
        .map(|item| format!("{} ({:.0} %)", item.item, item.missing_share * 100.0))
        .collect();
    let lines = screening.straight_liners.iter().map(ToString::to_string).collect();
    let repeats = screening.repeats.iter().map(|r| format!("{} = {}", r.line, r.first_line)).collect();
    let sparse = screening.sparse.iter().map(|s| format!("{} ({} missing)", s.line, s.missing)).collect();
    let checks: [(&str, Vec<String>); 5] = [
        ("item runs against its block", turned),
        ("line with one and the same answer", lines),
        ("line repeats an earlier one", repeats),
        ("item with > 5 % missing", gaps),
        ("line with > 15 % missing", sparse),
    ];
    let (found, clean): (Vec<_>, Vec<_>) = checks.into_iter().partition(|(_, places)| !places.is_empty());
    for (what, places) in found.into_iter().chain(clean) {
        let verdict = if places.is_empty() { Verdict::Ok } else { Verdict::Check };
        let mut words = places.iter().take(MOST_PLACES).cloned().collect::<Vec<_>>().join(", ");
        if places.len() > MOST_PLACES {
            words = format!("{words} and {} more", places.len() - MOST_PLACES);
        }
        table.push(vec![
            Cell::text(what),
            Cell::Verdict(verdict, String::new()),
            Cell::count(places.len()),
            Cell::text(words),
        ]);
    }
    table.note(
        "Against its block: the item correlates negatively with the sum of the others; reverse-coded, but not \
         marked `reverse` in the codebook? Same and repeated answers are looked for before reverse coding.",
    );
    table
}

fn items(screening: &Screening) -> Table {
    let mut table = Table::new(
        "items",
        "Items",
        vec![
            Column::words("item", "Item"),
            Column::numbers("n", "n"),
            Column::numbers("missing", "Missing"),
            Column::numbers("mean", "Mean"),
            Column::numbers("sd", "SD"),
            Column::numbers("skewness", "Skew"),
            Column::numbers("kurtosis", "Kurt"),
            Column::words("range", "Range"),
            Column::numbers("floor_share", "Floor"),
            Column::numbers("ceiling_share", "Ceiling"),
            Column::numbers("item_rest", "r rest"),
            Column::words("reversed", "Reversed"),
        ],
    );
    for item in &screening.items {
        table.push(vec![
            Cell::text(&item.item),
            Cell::count(item.n),
            Cell::count(item.missing),
            Cell::of(Some(item.mean), 2, false),
            Cell::of(Some(item.sd), 2, false),
            Cell::of(Some(item.skewness), 2, false),
            Cell::of(Some(item.kurtosis), 2, false),
            Cell::text(format!("{}–{}", item.min, item.max)),
            Cell::of(Some(item.floor_share), 2, true),
            Cell::of(Some(item.ceiling_share), 2, true),
            Cell::of(item.item_rest, 2, true),
            Cell::text(if item.reversed { "yes" } else { "" }),
        ]);
    }
    table.note(
        "Missing in all cases read, the rest in the cases used, after reverse coding. Skew and excess kurtosis: \
         type 2. Floor and ceiling: share of answers at the ends of the scale. r rest: correlation with the sum \
         of the other items of the construct.",
    );
    table
}

/// Constructs, paths and items of a model.
fn model_tables(model: &Model) -> Vec<Table> {
    let mut constructs = Table::new(
        "constructs",
        "Constructs",
        vec![
            Column::words("construct", "Construct"),
            Column::words("label", "Label"),
            Column::words("kind", "Kind"),
            Column::words("mode", "Mode"),
            Column::numbers("items", "Items"),
            Column::words("names", "Items by name"),
        ],
    );
    for construct in model.constructs() {
        let names: Vec<&str> =
            construct.indicators.iter().map(|&id| model.indicator(id).name.as_str()).collect();
        let (kind, usual) = match construct.kind {
            Kind::Reflective => ("reflective", "A"),
            Kind::Composite => ("composite", "B"),
        };
        constructs.push(vec![
            Cell::text(&construct.name),
            Cell::text(construct.label.clone().unwrap_or_default()),
            Cell::text(kind),
            Cell::text(construct.mode.map_or(usual, trustpath::model::Mode::word)),
            Cell::count(names.len()),
            Cell::text(names.join(" ")),
        ]);
    }
    let mut paths = Table::new(
        "paths",
        "Paths",
        vec![
            Column::words("outcome", "Outcome"),
            Column::words("predictors", "Predictors"),
            Column::words("hypotheses", "Hypotheses"),
        ],
    );
    for outcome in model.endogenous() {
        let into = || model.paths().iter().filter(|path| path.to == outcome);
        let from: Vec<&str> = into().map(|path| model.construct(path.from).name.as_str()).collect();
        let hypotheses: Vec<&str> =
            into().filter_map(|path| path.hypothesis.as_ref().map(|h| h.id.as_str())).collect();
        paths.push(vec![
            Cell::text(&model.construct(outcome).name),
            Cell::text(from.join(", ")),
            Cell::text(hypotheses.join(", ")),
        ]);
    }
    let mut tables = vec![constructs, paths];
    if !model.codebook.is_empty() {
        tables.push(coding(model));
    }
    tables
}

/// How the codebook says that the items are coded.
fn coding(model: &Model) -> Table {
    let mut table = Table::new(
        "items",
        "Items by the codebook",
        vec![
            Column::words("item", "Item"),
            Column::words("construct", "Construct"),
            Column::numbers("min", "Min"),
            Column::numbers("max", "Max"),
            Column::words("reverse", "Reverse"),
            Column::words("text", "Text"),
        ],
    );
    for indicator in model.indicators() {
        let entry = model.codebook.find(&indicator.name);
        let end = |value: Option<f64>| value.map_or(Cell::Blank, |value| Cell::of(Some(value), 0, false));
        table.push(vec![
            Cell::text(&indicator.name),
            Cell::text(&model.construct(indicator.construct).name),
            end(entry.and_then(|entry| entry.min)),
            end(entry.and_then(|entry| entry.max)),
            Cell::text(if entry.is_some_and(|entry| entry.reverse) { "yes" } else { "" }),
            Cell::text(
                entry.map_or("not in the codebook", |entry| entry.text.as_deref().unwrap_or_default()),
            ),
        ]);
    }
    table
}
