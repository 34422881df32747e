//! Whether constructs can be told apart.

use super::super::report::Assessment;
use super::super::{Htmt, htmt_pair};
use super::lower_triangle;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table, Verdict};

impl Assessment {
    /// HTMT as a lower triangle.
    pub fn htmt_table(&self) -> Table {
        let mut table = lower_triangle("htmt", "Heterotrait-monotrait ratio (HTMT)", &self.htmt);
        table.note(self.thresholds.footnote("R08"));
        table.note(match self.conventions.htmt {
            Htmt::Absolute => "Absolute correlations; a single item counts as a monotrait correlation of 1.",
            Htmt::Signed => "Size of the ratio of signed correlations; a single item counts as 1.",
            Htmt::Geometric => "HTMT2: geometric means; a single item counts as 1.",
        });
        table
    }

    /// Pairs of constructs whose HTMT is worth a look, worst first, with the item pair to look at.
    pub fn htmt_problems(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "htmt_problems",
            "Pairs to look at",
            vec![
                Column::words("pair", "Pair"),
                Column::numbers("htmt", "HTMT"),
                Column::words("items", "Most correlated items"),
                Column::numbers("r", "r"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let names = fit.constructs();
        let items = |j: usize| -> Vec<usize> {
            let block = &fit.plan.blocks[j];
            (block.start..block.start + block.len).collect()
        };
        let mut found = Vec::new();
        for i in 0..names.len() {
            for j in 0..i {
                let value = self.htmt.at(i, j);
                let verdict = self.thresholds.judge("R08", value);
                if let (Some(value), Verdict::Check | Verdict::Fail) = (value, verdict) {
                    found.push((value, i, j, verdict));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (value, i, j, verdict) in found {
            let pair = htmt_pair(&items(i), &items(j), |a, b| fit.moments.r(a, b));
            let (words, r) = pair.map_or((String::new(), None), |(a, b)| {
                (format!("{} ↔ {}", fit.moments.items[a], fit.moments.items[b]), Some(fit.moments.r(a, b)))
            });
            table.push(vec![
                Cell::text(format!("{} ↔ {}", names[j], names[i])),
                Cell::bounded(value),
                Cell::text(words),
                Cell::of(r, 3, true),
                Cell::Verdict(verdict, String::new()),
            ]);
        }
        table
    }

    /// Fornell-Larcker as a lower triangle.
    pub fn fornell_larcker_table(&self) -> Table {
        let mut table = lower_triangle("fornell_larcker", "Fornell-Larcker criterion", &self.fornell_larcker);
        table.note("Diagonal: root of AVE; below: construct correlations.");
        table.note(self.thresholds.footnote("R11"));
        table
    }

    /// Cross-loadings.
    pub fn cross_loadings_table(&self) -> Table {
        let mut columns = vec![Column::words("item", "Item")];
        columns.extend(self.cross_loadings.cols().iter().map(|name| Column::numbers(name, name)));
        let mut table = Table::new("cross_loadings", "Cross-loadings", columns);
        for (r, item) in self.cross_loadings.rows().iter().enumerate() {
            let mut row = vec![Cell::text(item)];
            row.extend(
                (0..self.cross_loadings.cols().len())
                    .map(|c| Cell::of(self.cross_loadings.at(r, c), 3, true)),
            );
            table.push(row);
        }
        table.note("Correlations of items with scores; the own construct should have the largest.");
        table
    }
}
