//! Whether constructs can be told apart.

use super::super::report::Assessment;
use super::super::{Formative, Htmt, htmt_pair};
use super::{is_formative, lower_triangle};
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Matrix, Table, Verdict};

/// How much larger the own loading is asked to be.
const CUSTOMARY_GAP: f64 = 0.10;

/// Why formative blocks have no ratio.
pub(crate) const FORMATIVE_HTMT: &str =
    "n/a: items of a formative block need not correlate, so that HTMT does not apply.";

impl Assessment {
    /// HTMT as a lower triangle; `n/a` for formative blocks.
    pub fn htmt_table(&self, fit: &PlsFit) -> Table {
        // Products have no ratio with anything.
        let kept: Vec<usize> = (0..self.htmt.rows().len())
            .filter(|&j| fit.model.constructs().get(j).is_none_or(|c| c.factors().is_none()))
            .collect();
        let names: Vec<String> = kept.iter().map(|&j| self.htmt.rows()[j].clone()).collect();
        let ratios =
            Matrix::from_fn(names.clone(), names, |i, j| self.htmt.at(kept[i], kept[j]).unwrap_or(f64::NAN));
        let mut table = lower_triangle("htmt", "Heterotrait-monotrait ratio (HTMT)", &ratios);
        let formative =
            |j: usize| self.conventions.formative == Formative::NotApplicable && is_formative(fit, j);
        for (i, row) in table.rows.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().skip(1).enumerate() {
                let (i, j) = (kept[i], kept[j]);
                if j < i && fit.comparable(i, j) && (formative(i) || formative(j)) {
                    *cell = Cell::NotApplicable(String::new());
                }
            }
        }
        if kept.iter().any(|&j| formative(j)) {
            table.note(FORMATIVE_HTMT);
        }
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

    /// Per construct its root of AVE less its largest correlation; `None` without an AVE.
    pub(super) fn fornell_larcker_gaps(&self) -> Vec<(String, Option<f64>)> {
        let f = &self.fornell_larcker;
        let largest = |i: usize| {
            (0..f.rows().len())
                .filter(|&j| j != i)
                .filter_map(|j| f.at(i.max(j), i.min(j)))
                .fold(None, |most: Option<f64>, r| Some(most.map_or(r.abs(), |most| most.max(r.abs()))))
        };
        let gap = |i: usize| f.at(i, i).zip(largest(i)).map(|(root, largest)| root - largest);
        f.rows().iter().enumerate().map(|(i, name)| (name.clone(), gap(i))).collect()
    }

    /// Fornell-Larcker as a lower triangle.
    pub fn fornell_larcker_table(&self) -> Table {
        let f = &self.fornell_larcker;
        let mut table = lower_triangle("fornell_larcker", "Fornell-Larcker criterion", f);
        table.columns.push(Column::words("verdict", "Verdict"));
        let width = table.columns.len();
        for (row, (_, gap)) in table.rows.iter_mut().zip(self.fornell_larcker_gaps()) {
            row.resize(width - 1, Cell::Blank);
            row.push(match gap {
                Some(gap) => Cell::Verdict(self.thresholds.judge("R11", Some(gap)), String::new()),
                None => Cell::NotApplicable("no AVE".to_owned()),
            });
        }
        table.note("Diagonal: root of AVE; below: construct correlations.");
        table.note(self.thresholds.footnote("R11"));
        table
    }

    /// Cross-loadings.
    pub fn cross_loadings_table(&self, fit: &PlsFit) -> Table {
        let mut columns = vec![Column::words("item", "Item")];
        columns.extend(self.cross_loadings.cols().iter().map(|name| Column::numbers(name, name)));
        columns.push(Column::words("verdict", "Verdict"));
        let mut table = Table::new("cross_loadings", "Cross-loadings", columns);
        let mut formative = false;
        for (r, item) in self.cross_loadings.rows().iter().enumerate() {
            let mut row = vec![Cell::text(item)];
            row.extend(
                (0..self.cross_loadings.cols().len())
                    .map(|c| Cell::of(self.cross_loadings.at(r, c), 3, true)),
            );
            let own = fit.block_of(r);
            let size = |c: usize| self.cross_loadings.at(r, c).map(f64::abs);
            let other = (0..self.cross_loadings.cols().len())
                .filter(|&c| c != own)
                .filter_map(size)
                .fold(None, |most: Option<f64>, x| Some(most.map_or(x, |most| most.max(x))));
            row.push(match size(own).zip(other) {
                // What forms a construct may correlate more with another.
                Some(_) if is_formative(fit, own) => {
                    formative = true;
                    Cell::NotApplicable("formative".to_owned())
                }
                Some((own, other)) if other >= own => Cell::Verdict(Verdict::Fail, String::new()),
                Some((own, other)) if own - other < CUSTOMARY_GAP => {
                    Cell::Verdict(Verdict::Check, String::new())
                }
                Some(_) => Cell::Verdict(Verdict::Ok, String::new()),
                None => Cell::NotApplicable("one construct".to_owned()),
            });
            table.push(row);
        }
        table.note("Correlations of items with scores, by size.");
        if formative {
            table.note("n/a: what forms a construct may correlate more with another.");
        }
        table.note(self.thresholds.footnote("R12"));
        table
    }
}
