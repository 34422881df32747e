//! A model as tables.

use super::{Kind, Mode, Model};
use crate::table::{Cell, Column, Table};

impl Model {
    /// Constructs, paths and, where a codebook says how they are coded, items.
    pub fn tables(&self) -> Vec<Table> {
        let model = self;
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
                Cell::text(construct.mode.map_or(usual, Mode::word)),
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
