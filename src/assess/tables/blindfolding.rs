//! Blindfolding Q².

use super::super::blindfolding::Blindfolding;
use super::super::report::Assessment;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Cross-validated redundancy and communality per construct.
    pub fn blindfolding_table(&self, found: &Blindfolding) -> Table {
        let mut table = Table::new(
            "blindfolding",
            "Blindfolding Q²",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("q2_redundancy", "Q² (redundancy)"),
                Column::numbers("q2_communality", "Q² (communality)"),
                Column::words("verdict", "Verdict (redundancy)"),
            ],
        );
        let staged = found.constructs.iter().any(|one| one.stage > 1);
        if staged {
            table.columns.insert(1, Column::numbers("stage", "Stage"));
        }
        let cell = |value: Option<f64>, why: &str| {
            value.map_or_else(|| Cell::NotApplicable(why.to_owned()), Cell::bounded)
        };
        for one in &found.constructs {
            let mut row = vec![
                Cell::text(&one.construct),
                cell(one.q2_redundancy, one.no_redundancy),
                cell(one.q2_communality, one.no_communality),
                match one.q2_redundancy {
                    Some(q2) => Cell::Verdict(self.thresholds.judge("S10", Some(q2)), String::new()),
                    None => Cell::NotApplicable(String::new()),
                },
            ];
            if staged {
                row.insert(1, Cell::of(Some(one.stage as f64), 0, false));
            }
            table.push(row);
        }
        table.note(self.thresholds.footnote("S10"));
        if found.distance > 0 {
            table.note(format!(
                "Omission distance {}; one construct at a time, answers numbered item by item; means replace what is hidden.",
                found.distance
            ));
        }
        if staged {
            table.note(
                "Stage: where the items of a construct were hidden. Scores of earlier stages and products are taken as they are.",
            );
        }
        table.note(
            "Out of favour: neither in sample nor out of it. PLSpredict's Q²predict has taken its place.",
        );
        table
    }
}
