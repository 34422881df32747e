//! Fit of the whole model.

use super::super::DgLogarithm;
use super::super::report::Assessment;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Global fit.
    pub fn global_fit(&self) -> Table {
        let mut table = Table::new(
            "fit",
            "Model fit",
            vec![
                Column::words("index", "Index"),
                Column::numbers("saturated", "Saturated"),
                Column::numbers("estimated", "Estimated"),
                Column::words("verdict", "Verdict (estimated)"),
            ],
        );
        let fit = &self.fit;
        let d_g = match self.conventions.d_g {
            DgLogarithm::Natural => fit.d_g(),
            DgLogarithm::Decimal => fit.d_g_log10(),
        };
        table.push(vec![
            Cell::text("SRMR"),
            Cell::bounded(fit.srmr_saturated()),
            Cell::bounded(fit.srmr()),
            Cell::Verdict(self.thresholds.judge("S11", Some(fit.srmr())), String::new()),
        ]);
        table.push(vec![
            Cell::text("d_ULS"),
            Cell::number(fit.d_uls().1),
            Cell::number(fit.d_uls().0),
            Cell::Blank,
        ]);
        table.push(vec![
            Cell::text("d_G"),
            Cell::of(d_g.1, 3, false),
            Cell::of(d_g.0, 3, false),
            Cell::Blank,
        ]);
        table.push(vec![
            Cell::text("NFI"),
            Cell::Blank,
            Cell::of(fit.nfi(), 3, true),
            Cell::Verdict(self.thresholds.judge("S13", fit.nfi()), String::new()),
        ]);
        table.note(self.thresholds.footnote("S11"));
        table.note(self.thresholds.footnote("S13"));
        if self.conventions.d_g == DgLogarithm::Decimal {
            table.note("d_G with logarithms to base 10.");
        }
        table.note("Saturated: constructs free to correlate. Estimated: only the paths of the model.");
        table
    }
}
