//! Path coefficients beside the hypotheses they stand for.

use super::bootstrapped::Bootstrapped;
use super::quantities::Kind;
use super::summary::Summary;
use crate::assess::{Hypotheses, Support, Tested};
use crate::table::{Cell, Column, Table, Verdict};

impl Bootstrapped {
    /// [`paths`](Self::paths) with each hypothesis that the model file states, p corrected for testing all of them at
    /// once (Holm 1979), and whether it is supported: the interval leaves 0 out and the sign is the expected one.
    pub fn hypotheses(&self) -> Table {
        let mut table = self.table(Kind::Path);
        let paths = self.model.paths();
        let tested: Vec<Tested> = paths
            .iter()
            .zip(self.of_kind(Kind::Path))
            .map(|(path, (quantity, summary, _))| Tested {
                hypothesis: path.hypothesis.clone(),
                path: quantity.name.clone(),
                estimate: summary.as_ref().map_or(f64::NAN, |summary| summary.original),
                leaves_zero_out: summary.as_ref().and_then(Summary::leaves_zero_out),
                p: summary.as_ref().and_then(|summary| summary.p),
                p_is_bound: summary.as_ref().is_some_and(Summary::p_is_bound),
            })
            .collect();
        let hypotheses = Hypotheses::of(tested.iter(), 1.0 - self.settings.level);
        if !hypotheses.are_stated() {
            return table;
        }
        table.columns.push(Column::words("hypothesis", "Hypothesis"));
        if hypotheses.are_several() {
            table.columns.push(Column::numbers("p_holm", "p (Holm)"));
        }
        table.columns.push(Column::words("supported", "Supported"));
        for (at, (row, tested)) in table.rows.iter_mut().zip(&tested).enumerate() {
            row.push(tested.cell());
            if tested.hypothesis.is_none() {
                row.resize(table.columns.len(), Cell::Blank);
                continue;
            }
            if hypotheses.are_several() {
                row.push(hypotheses.p_holm(at));
            }
            let support = hypotheses.support(at);
            row.push(match support {
                Support::Untested => Cell::Verdict(Verdict::NotApplicable, support.words().to_owned()),
                _ => Cell::text(support.words()),
            });
        }
        // Above the accounting, which is the last note of every table.
        let supported = format!(
            "Supported: the {} interval leaves 0 out, and the sign is the expected one, if one is stated.",
            self.interval_name()
        );
        for note in hypotheses.sentences().into_iter().chain([supported]).chain(hypotheses.notes()) {
            table.notes.insert(table.notes.len().saturating_sub(1), note);
        }
        table
    }
}
