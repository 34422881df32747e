//! Rival models side by side.

use super::super::rivals::Rivals;
use super::super::rules::known;
use crate::table::{Cell, Column, Table, Verdict};

impl Rivals {
    /// Per outcome, the criteria of every model; the lowest BIC is the one to prefer.
    pub fn outcomes_table(&self) -> Table {
        let mut table = Table::new(
            "outcomes",
            "Rival models by outcome",
            vec![
                Column::words("outcome", "Outcome"),
                Column::words("model", "Model"),
                Column::numbers("predictors", "Predictors"),
                Column::numbers("r_squared", "R²"),
                Column::numbers("aic", "AIC"),
                Column::numbers("aic_delta", "Δ"),
                Column::numbers("aic_weight", "Weight"),
                Column::numbers("bic", "BIC"),
                Column::numbers("bic_delta", "Δ"),
                Column::numbers("bic_weight", "Weight"),
                Column::numbers("gm", "GM"),
                Column::numbers("gm_delta", "Δ"),
                Column::words("verdict", "Lowest BIC"),
            ],
        );
        let plain = |x: f64| Cell::of(Some(x), 1, false);
        for outcome in &self.outcomes {
            // Models whose equations are the same share the lowest place.
            let tied = outcome.models.iter().filter(|model| model.bic_delta < TIE).count();
            for model in &outcome.models {
                let verdict = match (model.bic_delta < TIE, tied) {
                    (true, 1) => Cell::Verdict(Verdict::Ok, String::new()),
                    (true, _) => Cell::Verdict(Verdict::Info, "tied".to_owned()),
                    (false, _) => Cell::Blank,
                };
                table.push(vec![
                    Cell::text(&outcome.outcome),
                    Cell::text(&model.model),
                    Cell::count(model.predictors.len()),
                    Cell::bounded(model.r_squared),
                    plain(model.aic),
                    plain(model.aic_delta),
                    Cell::bounded(model.aic_weight),
                    plain(model.bic),
                    plain(model.bic_delta),
                    Cell::bounded(model.bic_weight),
                    Cell::of(model.gm, 1, false),
                    Cell::of(model.gm_delta, 1, false),
                    verdict,
                ]);
            }
        }
        table.note(known("P07").footnote());
        table.note(
            "Δ: above the lowest. Weights: exp(−Δ/2) over their sum, the relative likelihood of each model among these \
             (Burnham & Anderson 2002; Wagenmakers & Farrell 2004).",
        );
        if self.outcomes.iter().flat_map(|o| &o.models).all(|m| m.gm.is_some()) {
            table.note("GM takes for all the smallest error among the rivals' saturated models, so that it can be compared.");
        } else {
            table.note("GM is n/a where a saturated model has no estimate.");
        }
        table.note("Only models in the list are compared: the best of them may still be a bad one. Models tie whose Δ shows as 0.0.");
        for (outcome, reason) in &self.not_compared {
            table.note(format!("{outcome}: not compared, {reason}."));
        }
        table
    }

    /// The models as a whole.
    pub fn models_table(&self) -> Table {
        let mut table = Table::new(
            "models",
            "Models as a whole",
            vec![
                Column::words("model", "Model"),
                Column::numbers("constructs", "Constructs"),
                Column::numbers("paths", "Paths"),
                Column::numbers("srmr", "SRMR"),
                Column::numbers("aic_structural", "AIC (paths)"),
                Column::numbers("bic_structural", "BIC (paths)"),
                Column::numbers("aic_full", "AIC (all)"),
                Column::numbers("aic_weight", "Weight"),
                Column::numbers("bic_full", "BIC (all)"),
                Column::numbers("bic_weight", "Weight"),
                Column::words("nested_in", "Nested in"),
            ],
        );
        let na = |why: &str| Cell::NotApplicable(why.to_owned());
        for model in &self.models {
            let criterion = |value: Option<f64>, comparable: bool| match value {
                Some(value) if comparable => Cell::of(Some(value), 1, false),
                Some(_) => na(""),
                None => na("no likelihood"),
            };
            let weight = |value: Option<f64>| value.map_or_else(|| na(""), Cell::bounded);
            table.push(vec![
                Cell::text(&model.model),
                Cell::count(model.constructs),
                Cell::count(model.paths),
                Cell::bounded(model.srmr),
                criterion(model.structural.map(|c| c.aic), self.same_constructs),
                criterion(model.structural.map(|c| c.bic), self.same_constructs),
                criterion(model.full.map(|c| c.aic), self.same_items),
                weight(model.aic_weight),
                criterion(model.full.map(|c| c.bic), self.same_items),
                weight(model.bic_weight),
                Cell::text(model.nested_in.join(", ")),
            ]);
        }
        table.note("Paths: likelihood of the construct correlations; all: of the items' correlations. Smaller is better.");
        if !self.same_constructs {
            table.note(
                "The models have different constructs, so that criteria of the paths cannot be compared.",
            );
        }
        if !self.same_items {
            table.note("The models have different items, so that criteria of the whole cannot be compared.");
        }
        table.note(
            "Nested in: has the same constructs and items, and all of these paths and more. Information criteria need no nesting.",
        );
        table
    }
}

/// Nearer than this, Δ shows as `0.0`, and no model is better than the other.
const TIE: f64 = 0.05;
