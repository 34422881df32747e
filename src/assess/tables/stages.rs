//! Tables of models in stages: the measurement of components, and defined quantities.

use super::super::Assessment;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Items and reliability of the constructs that the last stage shows by their scores only: components of constructs of
    /// constructs. Empty for other models.
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
                (part && fit.model.find(name).is_none()) || by_score
            };
            let names: Vec<String> =
                stage.constructs().into_iter().filter(|name| hidden(name) && !seen.contains(name)).collect();
            seen.extend(names.iter().cloned());
            if names.is_empty() {
                continue;
            }
            let assessment = Self::of(stage, self.conventions).with_thresholds(self.thresholds.clone());
            let column_of =
                |table: &Table, key: &str| table.columns.iter().position(|column| column.key == key);
            for (mut table, title) in [
                (assessment.items(stage), "Items of components"),
                (assessment.reliability(stage), "Reliability of components"),
            ] {
                if let Some(column) = column_of(&table, "construct") {
                    table.rows.retain(
                        |row| matches!(row.get(column), Some(Cell::Text(name)) if names.contains(name)),
                    );
                }
                table.title = format!("{title} (stage {})", at + 1);
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
