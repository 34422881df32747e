//! Fit of the whole model.

use super::super::DgLogarithm;
use super::super::report::Assessment;
use crate::table::{Cell, Column, Table, Verdict};

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

    /// Every other index of fit, of the estimated model.
    pub fn fit_indices_table(&self) -> Table {
        let mut table = Table::new(
            "fit_indices",
            "Further indices of fit",
            vec![
                Column::words("index", "Index"),
                Column::numbers("value", "Value"),
                Column::words("verdict", "Verdict"),
            ],
        );
        for (label, value, digits, bounded, rule) in self.fit.further() {
            table.push(vec![
                Cell::text(label),
                Cell::of(value, digits, bounded),
                match rule {
                    Some(rule) => Cell::Verdict(self.thresholds.judge(rule, value), String::new()),
                    None => Cell::Blank,
                },
            ]);
        }
        let plain = |x: Option<f64>, digits: usize| Cell::of(x, digits, false);
        for (label, criteria) in
            [("(paths)", self.model_criteria_structural), ("(all)", self.model_criteria_full)]
        {
            table.push(vec![
                Cell::text(format!("AIC {label}")),
                plain(criteria.map(|c| c.aic), 1),
                Cell::Blank,
            ]);
            table.push(vec![
                Cell::text(format!("BIC {label}")),
                plain(criteria.map(|c| c.bic), 1),
                Cell::Blank,
            ]);
        }
        for (label, gof) in [("GoF", self.gof), ("GoF, relative", self.gof_relative)] {
            table.push(vec![
                Cell::text(label),
                Cell::of(gof, 3, true),
                Cell::Verdict(Verdict::Info, "do not judge by it".to_owned()),
            ]);
        }
        for id in ["S13", "S14", "S15"] {
            table.note(self.thresholds.footnote(id));
        }
        table.note(
            "Indices built on chi-square are those of covariance-based models, from the correlations that this model implies; \
             PLS does not minimise them.",
        );
        table
    }
}
