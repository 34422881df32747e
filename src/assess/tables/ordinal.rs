//! Reliability of ordinal items.

use super::super::ordinal_reliability::OrdinalReliability;
use super::super::report::Assessment;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Categorical omega and what goes with it, per construct.
    pub fn ordinal_reliability_table(&self, found: &OrdinalReliability) -> Table {
        let mut table = Table::new(
            "ordinal_reliability",
            "Reliability of ordinal items",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("items", "Items"),
                Column::numbers("omega_categorical", "ω (categorical)"),
                Column::numbers("omega_latent", "ω (latent)"),
                Column::numbers("alpha_ordinal", "α (ordinal)"),
                Column::numbers("ave_ordinal", "AVE"),
                Column::words("verdict", "Verdict"),
            ],
        );
        for scale in &found.constructs {
            let cell =
                |value: Option<f64>| value.map_or_else(|| Cell::NotApplicable(String::new()), Cell::bounded);
            table.push(vec![
                Cell::text(&scale.construct),
                Cell::count(scale.items),
                cell(scale.omega_categorical),
                cell(scale.omega_latent),
                cell(scale.alpha_ordinal),
                cell(scale.ave_ordinal),
                match scale.omega_categorical {
                    Some(omega) => Cell::Verdict(self.thresholds.judge("R16", Some(omega)), String::new()),
                    None => Cell::NotApplicable(scale.reason.to_owned()),
                },
            ]);
        }
        table.note(self.thresholds.footnote("R16"));
        if found.n > 0 {
            table.note(format!(
                "From {} cases with all answers: one factor per construct, fitted to polychoric correlations by diagonally weighted least squares.",
                found.n
            ));
        }
        table.note(
            "ω (categorical) is the reliability of the sum of the answers; ω (latent), α and AVE are those of the normal variables behind them, which nobody observes.",
        );
        table
    }
}
