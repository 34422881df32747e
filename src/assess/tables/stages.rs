//! Tables of models in stages: the measurement of components, and defined quantities.

use super::super::Assessment;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Items and reliability of the constructs that the last stage shows by their scores only (components of constructs of
    /// constructs), and HTMT among each other and against the other constructs of their stage. Empty for other models.
    pub fn components(&self, fit: &PlsFit) -> Vec<Table> {
        let mut tables = Vec::new();
        let written = fit.written();
        for (at, own) in fit.measured_before() {
            let stage = &fit.earlier()[at];
            let names: Vec<String> = own.iter().map(|&j| stage.model.constructs()[j].name.clone()).collect();
            let assessment = Self::of(stage, self.conventions).with_thresholds(self.thresholds.clone());
            let column_of =
                |table: &Table, key: &str| table.columns.iter().position(|column| column.key == key);
            let parts =
                names.iter().all(|name| written.find(name).is_some_and(|id| written.whole_of(id).is_some()));
            let what = if parts { "components" } else { "components and constructs by score" };
            for (mut table, title) in [
                (assessment.items(stage), "Items"),
                (assessment.reliability(stage), "Reliability"),
                // Components among each other, and against the other constructs of their stage.
                (assessment.htmt_table(stage), "HTMT"),
                (assessment.htmt_problems(stage), "Pairs to look at"),
            ] {
                if table.key == "htmt" && stage.plan.constructs() < 2 {
                    continue;
                }
                if table.key == "htmt_problems" {
                    let known = fit.told_apart_before(at, &own);
                    let names = stage.constructs();
                    let pairs: Vec<String> =
                        known.iter().map(|&(i, j)| format!("{} ↔ {}", names[i], names[j])).collect();
                    table
                        .rows
                        .retain(|row| matches!(row.first(), Some(Cell::Text(pair)) if pairs.contains(pair)));
                    if !table.rows.is_empty() {
                        table.title = format!("{title} (stage {})", at + 1);
                        table.key = format!("components_{}_{}", table.key, at + 1);
                        tables.push(table);
                    }
                    continue;
                }
                if let (Some(column), true) = (column_of(&table, "construct"), table.key != "htmt") {
                    table.rows.retain(
                        |row| matches!(row.get(column), Some(Cell::Text(name)) if names.contains(name)),
                    );
                }
                let what = if table.key == "htmt" { "all constructs of the stage" } else { what };
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
