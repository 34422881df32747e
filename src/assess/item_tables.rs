//! Item analysis and the inner model as tables.

use super::report::Assessment;
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table};

impl Assessment {
    /// Item analysis: what each item does for its scale, a line per scale before its items.
    pub fn item_analysis_table(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "item_analysis",
            "Item analysis",
            vec![
                Column::words("item", "Scale, item"),
                Column::numbers("n", "n"),
                Column::numbers("mean", "Mean"),
                Column::numbers("sd", "SD"),
                Column::numbers("r_drop", "Item-rest r"),
                Column::numbers("raw_alpha", "α (raw)"),
                Column::words("feldt_ci", "95 % CI"),
                Column::numbers("std_alpha", "α (std.)"),
                Column::numbers("g6_smc", "λ6"),
                Column::numbers("average_r", "mean r"),
                Column::numbers("omega_total", "ω"),
            ],
        );
        let na = |why: &str| Cell::NotApplicable(why.to_owned());
        let bounded = |x: Option<f64>, why: &str| x.map_or_else(|| na(why), Cell::bounded);
        for name in fit.constructs() {
            let Some(analysis) = self.item_analysis.get(&name) else { continue };
            let scale = &analysis.scale;
            table.push(vec![
                Cell::text(&name),
                Cell::count(fit.n()),
                Cell::of(Some(analysis.mean), 2, false),
                Cell::of(Some(analysis.sd), 2, false),
                Cell::Blank,
                Cell::bounded(scale.raw_alpha),
                analysis.feldt_ci.map_or_else(
                    || na("too few cases"),
                    |[low, high]| Cell::Interval { low, high, digits: 2 },
                ),
                Cell::bounded(scale.std_alpha),
                bounded(scale.g6_smc, "items are collinear"),
                Cell::bounded(scale.average_r),
                if analysis.items.len() < 3 { Cell::Blank } else { bounded(analysis.omega_total, "") },
            ]);
            for item in &analysis.items {
                let dropped = item.alpha_if_dropped.as_ref();
                // The reason once per line: what is left of two items is no scale.
                let two = analysis.items.len() == 2;
                let without = |x: Option<f64>| bounded(x, "");
                table.push(vec![
                    Cell::text(format!("  {}", item.item)),
                    Cell::count(item.n),
                    Cell::of(Some(item.mean), 2, false),
                    Cell::of(Some(item.sd), 2, false),
                    bounded(item.r_drop, "no variance"),
                    if two { na("2 items") } else { without(dropped.map(|c| c.raw_alpha)) },
                    Cell::Blank,
                    if two { Cell::Blank } else { without(dropped.map(|c| c.std_alpha)) },
                    if two { Cell::Blank } else { without(dropped.and_then(|c| c.g6_smc)) },
                    if two { Cell::Blank } else { without(dropped.map(|c| c.average_r)) },
                    Cell::Blank,
                ]);
            }
        }
        if self.item_analysis.is_empty() {
            table.note("No scale of two or more items with its answers at hand.");
        }
        table.note("Lines of items: the coefficients of their scale without them; item-rest r below .30 deserves a look.");
        if fit.sample.as_ref().is_some_and(|sample| sample.weights.is_some()) {
            table.note("Every case counts once here: the weights of the cases are not used.");
        }
        table.note("Missing answers are left out pair by pair; α (raw), made of covariances, with Feldt's interval, α (std.) made of correlations; ω of one factor, for three items or more, by maximum likelihood.");
        table
    }

    /// Least squares on scores: coefficients with standard errors that take the weights for given.
    pub fn inner_model_table(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "inner_model",
            "Inner model (least squares on scores)",
            vec![
                Column::words("path", "Path"),
                Column::numbers("estimate", "β"),
                Column::numbers("std_error", "SE"),
                Column::numbers("t", "t"),
                Column::numbers("p", "p"),
            ],
        );
        for outcome in fit.constructs() {
            for line in self.inner_model.get(&outcome).into_iter().flatten() {
                let from = line.predictor.as_deref().unwrap_or("(intercept)");
                table.push(vec![
                    Cell::text(format!("{from} → {outcome}")),
                    Cell::bounded(line.estimate),
                    Cell::of(Some(line.std_error), 3, true),
                    Cell::of(Some(line.t), 2, false),
                    Cell::Probability(line.p),
                ]);
            }
        }
        table.note("These standard errors take the scores for given; the bootstrap does not.");
        table.note("Equations of constructs corrected for attenuation have none.");
        table
    }
}
