//! Everything a reader needs to check or repeat the analysis: wording, correlations, settings, manifest.

use serde_json::Value;

use super::method::VERSION;
use super::words::thousands;
use super::{Material, Section, SectionId};
use crate::assess::Conventions;
use crate::document::Exhibit;
use crate::model::{Kind, Model};
use crate::pls::Pls;
use crate::resample::Bootstrap;
use crate::table::{Cell, Column, Table, fixed};

/// Longer lists are folded.
const MOST_ROWS: usize = 16;

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Appendix);
    section.exhibits.push(constructs(m));
    section.exhibits.extend(wording(&m.fit.model, m.context.blind));
    section.exhibits.extend(further(m));
    section.exhibits.push(construct_correlations(m));
    section.exhibits.push(item_correlations(m));
    section.exhibits.push(settings(m));
    section.exhibits.push(manifest(m));
    section
}

fn constructs(m: &Material<'_>) -> Exhibit {
    let mut table = Table::new(
        "constructs",
        "Constructs",
        vec![
            Column::words("construct", "Construct"),
            Column::words("label", "Label"),
            Column::words("label_zh", "Label (Chinese)"),
            Column::words("kind", "Kind"),
            Column::words("mode", "Mode"),
            Column::words("items", "Items"),
        ],
    );
    for (construct, block) in m.fit.model.constructs().iter().zip(&m.fit.plan.blocks) {
        let items: Vec<&str> =
            construct.indicators.iter().map(|id| m.fit.model.indicator(*id).name.as_str()).collect();
        table.push(vec![
            Cell::text(&construct.name),
            construct.label.as_ref().map_or(Cell::Blank, Cell::text),
            construct.label_zh.as_ref().map_or(Cell::Blank, Cell::text),
            Cell::text(match (construct.factors(), construct.components(), construct.kind) {
                (Some(_), ..) => "product",
                (_, Some(_), Kind::Reflective) => "common factor of constructs (=~)",
                (_, Some(_), Kind::Composite) => "composite of constructs (<~)",
                (.., Kind::Reflective) => "common factor (=~)",
                (.., Kind::Composite) => "composite (<~)",
            }),
            Cell::text(block.mode.word()),
            Cell::text(items.join(", ")),
        ]);
    }
    drop_empty(&mut table);
    Exhibit::new(table)
}

/// Numbers that some reviewers ask for and that the sections above do without.
fn further(m: &Material<'_>) -> Vec<Exhibit> {
    let tables = [
        m.assessment.item_analysis_table(m.fit),
        m.assessment.unidimensionality_table(m.fit),
        m.assessment.fit_indices_table(),
        m.assessment.criteria_table(m.fit),
    ];
    let shown = tables.into_iter().filter(|table| !table.rows.is_empty());
    shown.map(|table| Exhibit::new(table).fixed().folded_beyond(MOST_ROWS)).collect()
}

/// What the items ask, if there is a codebook.
pub(super) fn wording(model: &Model, blind: bool) -> Option<Exhibit> {
    let codebook = &model.codebook;
    if codebook.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "wording",
        "Wording of the items",
        vec![
            Column::words("item", "Item"),
            Column::words("construct", "Construct"),
            Column::words("text", "Wording"),
            Column::words("text_zh", "Wording (Chinese)"),
            Column::words("scale", "Scale"),
            Column::words("reverse", "Reverse"),
        ],
    );
    for indicator in model.indicators() {
        let entry = codebook.find(&indicator.name);
        let words = |text: Option<&String>| text.map_or(Cell::Blank, Cell::text);
        let number = |value: f64| fixed(value, usize::from(value.fract() != 0.0));
        table.push(vec![
            Cell::text(&indicator.name),
            Cell::text(&model.construct(indicator.construct).name),
            words(entry.and_then(|entry| entry.text.as_ref())),
            words(entry.and_then(|entry| entry.text_zh.as_ref())),
            entry
                .and_then(|entry| entry.min.zip(entry.max))
                .map_or(Cell::Blank, |(min, max)| Cell::text(format!("{}–{}", number(min), number(max)))),
            Cell::text(if entry.is_some_and(|entry| entry.reverse) { "yes" } else { "" }),
        ]);
    }
    if !codebook.file.is_empty() && !blind {
        table.note(format!("From {}.", codebook.file));
    }
    drop_empty(&mut table);
    Some(Exhibit::new(table).grouped("construct"))
}

/// Leaves out columns in which nothing stands.
pub(super) fn drop_empty(table: &mut Table) {
    let filled: Vec<bool> = (0..table.columns.len())
        .map(|c| table.rows.iter().any(|row| row.get(c).is_some_and(|cell| !cell.show().is_empty())))
        .collect();
    let keep = |c: usize| filled.get(c).copied().unwrap_or(true);
    let mut at = 0;
    table.columns.retain(|_| {
        at += 1;
        keep(at - 1)
    });
    for row in &mut table.rows {
        let mut at = 0;
        row.retain(|_| {
            at += 1;
            keep(at - 1)
        });
    }
}

fn triangle(
    key: &str,
    title: &str,
    names: &[String],
    digits: usize,
    r: impl Fn(usize, usize) -> Option<f64>,
) -> Table {
    let last = names.len().saturating_sub(1);
    let mut columns = vec![Column::words("name", "")];
    columns.extend(names.iter().take(last).map(|name| Column::numbers(name, name)));
    let mut table = Table::new(key, title, columns);
    for (i, name) in names.iter().enumerate().skip(1) {
        let mut row = vec![Cell::text(name)];
        row.extend((0..i).map(|j| Cell::of(r(i, j), digits, true)));
        table.push(row);
    }
    table
}

fn construct_correlations(m: &Material<'_>) -> Exhibit {
    let matrix = m.fit.construct_correlations();
    let mut table =
        triangle("construct_correlations", "Correlations of the constructs", matrix.rows(), 3, |i, j| {
            matrix.at(i, j)
        });
    table.note(if super::method::is_consistent(m) {
        "Corrected for attenuation where the model states a common factor."
    } else {
        "Correlations of the scores."
    });
    Exhibit::new(table).fixed()
}

fn item_correlations(m: &Material<'_>) -> Exhibit {
    let table =
        triangle("item_correlations", "Correlations of the items", &m.fit.moments.items, 2, |i, j| {
            Some(m.fit.moments.r(i, j))
        });
    Exhibit::new(table).fixed().folded_beyond(MOST_ROWS)
}

/// A setting's value as a reader sees it.
fn show(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(words) => words.clone(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        Value::Array(list) => list.iter().map(show).collect::<Vec<_>>().join(", "),
        Value::Object(map) if map.is_empty() => "none".to_owned(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect::<Vec<_>>().join("; ")
        }
        Value::Number(number) => number.to_string(),
    }
}

/// The settings that the model file may make, as they were used.
fn used(m: &Material<'_>) -> [(&'static str, String); 4] {
    let mut modes: Vec<(String, Vec<String>)> = Vec::new();
    for (construct, block) in m.fit.model.constructs().iter().zip(&m.fit.plan.blocks) {
        let mode = if block.len > 1 { block.mode.to_string() } else { continue };
        match modes.iter_mut().find(|(known, _)| *known == mode) {
            Some((_, names)) => names.push(construct.name.clone()),
            None => modes.push((mode, vec![construct.name.clone()])),
        }
    }
    let modes = match modes.as_slice() {
        [] => "none".to_owned(),
        [(mode, _)] => mode.clone(),
        several => {
            let of = several.iter().map(|(mode, names)| format!("{mode}: {}", names.join(", ")));
            of.collect::<Vec<_>>().join("; ")
        }
    };
    let products =
        m.fit.products().map_or_else(|| "no products".to_owned(), |(approach, _)| approach.to_string());
    let wholes: Vec<String> = m.fit.wholes().iter().map(|(approach, _)| approach.to_string()).collect();
    let wholes = if wholes.is_empty() { "no higher-order constructs".to_owned() } else { wholes.join(", ") };
    [
        ("scheme", m.fit.plan.scheme.to_string()),
        ("mode", modes),
        ("interaction", products),
        ("higher_order", wholes),
    ]
}

/// Every setting of one part, with its default.
pub(super) fn add_settings(table: &mut Table, part: &str, value: &Value, default: &Value) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let default = default.get(key).unwrap_or(&Value::Null);
        // Nested settings, such as those of the data, are settings too; maps of names are values.
        if key == "data" {
            add_settings(table, "data", value, default);
            continue;
        }
        let changed = value != default;
        table.push(vec![
            Cell::text(part),
            Cell::text(key.replace('_', " ")),
            Cell::text(show(value)),
            Cell::text(if changed { show(default) } else { String::new() }),
        ]);
    }
}

/// The table of settings, still without any.
pub(super) fn settings_table() -> Table {
    Table::new(
        "settings",
        "Settings",
        vec![
            Column::words("part", "Part"),
            Column::words("setting", "Setting"),
            Column::words("value", "Value"),
            Column::words("default", "Default, if changed"),
        ],
    )
}

fn settings(m: &Material<'_>) -> Exhibit {
    let mut table = settings_table();
    // Plain data of words and numbers: turning it into JSON cannot fail.
    let json = |value: Result<Value, serde_json::Error>| value.unwrap_or_default();
    let of = |value: &Pls| json(serde_json::to_value(value));
    let (mut estimation, mut default) = (of(&m.fit.settings), of(&Pls::default()));
    // What is left to the model file is told as it was used.
    for (setting, used) in used(m) {
        if estimation[setting].is_null() {
            estimation[setting] = Value::from(used);
            default[setting] = estimation[setting].clone();
        }
    }
    add_settings(&mut table, "estimation", &estimation, &default);
    let of = |value: &Conventions| json(serde_json::to_value(value));
    add_settings(&mut table, "assessment", &of(&m.assessment.conventions), &of(&Conventions::default()));
    if let Some(bootstrap) = m.bootstrap {
        // What is left open stands for something.
        let of = |value: &Bootstrap| {
            let mut all = json(serde_json::to_value(value));
            if value.intervals.is_empty() {
                all["intervals"] = Value::from(value.interval().word());
            }
            if value.record.is_empty() {
                all["record"] = Value::from("the usual quantities");
            }
            all["p_value"] = Value::from(value.p_value().word());
            all
        };
        add_settings(&mut table, "bootstrap", &of(&bootstrap.settings), &of(&Bootstrap::default()));
    } else {
        table.push(vec![
            Cell::text("bootstrap"),
            Cell::text("resamples"),
            Cell::text("no bootstrap was run: there are no standard errors and intervals"),
        ]);
    }
    drop_empty(&mut table);
    Exhibit::new(table).grouped("part").fixed()
}

fn manifest(m: &Material<'_>) -> Exhibit {
    let mut table = Table::new(
        "manifest",
        "Manifest",
        vec![Column::words("what", "What"), Column::words("value", "Value")],
    );
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            table.push(vec![Cell::text(name), Cell::text(value)]);
        }
    };
    let context = m.context;
    add("software", format!("trustpath {VERSION}"));
    add("created", context.created.clone());
    add("model file", context.model_file.clone());
    add("data file", context.data_file.clone());
    add("read as", context.dialect.clone());
    if let Some(sample) = &m.fit.sample {
        add("data fingerprint", sample.fingerprint.clone());
    }
    add("cases", thousands(m.fit.n()));
    add("iterations", m.fit.estimate.iterations.to_string());
    if let Some(bootstrap) = m.bootstrap {
        add("resamples asked for", thousands(bootstrap.requested));
        add("resamples that count", thousands(bootstrap.admissible));
        for (reason, count) in &bootstrap.reasons {
            add(&format!("inadmissible: {}", reason.words()), thousands(*count));
        }
        add("seed", bootstrap.settings.seed.to_string());
        add("generator", bootstrap.generator.to_owned());
    }
    add("command to repeat", context.command.clone());
    Exhibit::new(table).fixed()
}
