//! Tables of models in stages: the measurement of components, and defined quantities.

use super::super::Assessment;
use super::lower_triangle;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Matrix, Table};

impl Assessment {
    /// Items, reliability and HTMT among each other of the constructs that the last stage shows by their scores only:
    /// components of constructs of constructs. Empty for other models.
    pub fn components(&self, fit: &PlsFit) -> Vec<Table> {
        let mut tables = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        // A component of the third order's parts stands in several stages; its own is the last with its items.
        for (at, stage) in fit.earlier().iter().enumerate().rev() {
            let written = fit.written();
            let hidden = |name: &String| {
                let part = written.find(name).is_some_and(|id| written.whole_of(id).is_some());
                let by_score = fit.model.find(name).is_some_and(|id| {
                    let items =
                        |of: &PlsFit| of.model.find(name).map(|id| of.model.construct(id).indicators.len());
                    fit.model.construct(id).factors().is_none() && items(fit) < items(stage)
                });
                // A whole is assessed where its components are its items.
                let whole = written.find(name).is_some_and(|id| written.construct(id).components().is_some());
                (part && fit.model.find(name).is_none()) || (by_score && !whole)
            };
            let names: Vec<String> =
                stage.constructs().into_iter().filter(|name| hidden(name) && !seen.contains(name)).collect();
            seen.extend(names.iter().cloned());
            if names.is_empty() {
                continue;
            }
            let assessment = Self::of(stage, self.conventions).with_thresholds(self.thresholds.clone());
            let subset = Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                assessment.htmt.get(&names[i], &names[j]).unwrap_or(f64::NAN)
            });
            let mut htmt = lower_triangle("htmt", "", &subset);
            htmt.note(self.thresholds.footnote("R08"));
            let column_of =
                |table: &Table, key: &str| table.columns.iter().position(|column| column.key == key);
            let parts =
                names.iter().all(|name| written.find(name).is_some_and(|id| written.whole_of(id).is_some()));
            let what = if parts { "components" } else { "components and constructs by score" };
            for (mut table, title) in [
                (assessment.items(stage), "Items"),
                (assessment.reliability(stage), "Reliability"),
                (htmt, "HTMT"),
            ] {
                if table.key == "htmt" && names.len() < 2 {
                    continue;
                }
                if let Some(column) = column_of(&table, "construct") {
                    table.rows.retain(
                        |row| matches!(row.get(column), Some(Cell::Text(name)) if names.contains(name)),
                    );
                }
                table.title = format!("{title} of {what} (stage {})", at + 1);
                table.key = format!("components_{}_{}", table.key, at + 1);
                tables.push(table);
            }
        }
        tables
    }
}

impl PlsFit {
    /// Quantities defined in the model file (`ab := a*b`).
    pub fn definitions_table(&self) -> Table {
        let columns = vec![
            Column::words("name", "Quantity"),
            Column::words("expression", "Expression"),
            Column::numbers("value", "Value"),
        ];
        let mut table = Table::new("definitions", "Defined quantities", columns);
        let values = self.definitions();
        for (at, definition) in self.model.definitions().iter().enumerate() {
            let value = match values.at(at).filter(|value| value.is_finite()) {
                Some(value) => Cell::of(Some(value), 3, true),
                None => Cell::NotApplicable("the expression divides by 0".to_owned()),
            };
            table.push(vec![Cell::text(&definition.name), Cell::text(&definition.expression), value]);
        }
        table
    }
}
