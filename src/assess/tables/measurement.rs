//! Items and blocks.

use super::super::report::Assessment;
use super::{cell, has_reliability, worse};
use crate::model::{Kind, Mode};
use crate::pls::PlsFit;
use crate::table::{Cell, Column, Table, Verdict};

/// Which alpha it is.
const ALPHAS: &str = "α is standardised alpha, made of the correlations of the items. Raw alpha, made of their covariances, stands in the item \
     analysis, ordinal alpha with the reliability of ordinal items.";

impl Assessment {
    /// Items: weight, loading, VIF and verdict.
    pub fn items(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "items",
            "Items",
            vec![
                Column::words("item", "Item"),
                Column::words("construct", "Construct"),
                Column::numbers("weight", "Weight"),
                Column::numbers("loading", "Loading"),
                Column::numbers("vif", "VIF"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let names = fit.constructs();
        let mut suppressed = false;
        for (i, item) in fit.moments.items.iter().enumerate() {
            let j = fit.block_of(i);
            let vif = self.vif_indicators.get(&names[j]).and_then(|vif| vif.get(item));
            let single = fit.plan.blocks[j].len == 1;
            let (weight, loading) = (fit.estimate.weights[i], fit.estimate.loadings[i]);
            let verdict = if single {
                Cell::NotApplicable("single item".to_owned())
            } else if fit.plan.blocks[j].mode == Mode::B {
                let verdict = self.thresholds.judge("F02", vif);
                if weight < 0.0 && loading > 0.0 {
                    suppressed = true;
                    Cell::Verdict(worse(verdict, Verdict::Check), "suppression".to_owned())
                } else {
                    Cell::Verdict(verdict, String::new())
                }
            } else {
                Cell::Verdict(self.thresholds.judge("R01", Some(loading)), String::new())
            };
            table.push(vec![
                Cell::text(item),
                Cell::text(&names[j]),
                Cell::bounded(weight),
                Cell::bounded(loading),
                vif.map_or_else(
                    || Cell::NotApplicable("collinear".to_owned()),
                    |vif| Cell::of(Some(vif), 2, false),
                ),
                verdict,
            ]);
        }
        table.note("Weights are those of unit-variance scores.");
        if fit.modes().iter().any(|mode| *mode != Mode::B) {
            table.note(self.thresholds.footnote("R01"));
        }
        if fit.modes().contains(&Mode::B) {
            table.note(self.thresholds.footnote("F02"));
        }
        if suppressed {
            table.note(self.thresholds.footnote("F05"));
        }
        table
    }

    /// Reliability and convergent validity per construct.
    pub fn reliability(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "reliability",
            "Reliability and convergent validity",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("items", "Items"),
                Column::words("mode", "Mode"),
                Column::numbers("alpha", "α"),
                Column::numbers("rho_a", "ρA"),
                Column::numbers("rho_c", "ρC"),
                Column::numbers("ave", "AVE"),
                Column::words("verdict", "Verdict"),
            ],
        );
        for (j, construct) in fit.model.constructs().iter().enumerate() {
            let name = &construct.name;
            let block = &fit.plan.blocks[j];
            // What a convention reports of a single item or a formative block is not judged.
            let judge = |rule: &'static str, value: Option<f64>| {
                self.thresholds.judge(rule, value.filter(|_| has_reliability(fit, j)))
            };
            let judged = [
                ("R03", self.alpha.get(name), "α"),
                ("R05", self.rho_a.get(name), "ρA"),
                ("R04", self.rho_c.get(name), "ρC"),
                ("R07", self.ave.get(name), "AVE"),
            ];
            let verdict =
                judged.iter().map(|(rule, value, _)| judge(rule, *value)).fold(Verdict::NotApplicable, worse);
            // Where something fails, what is merely to be looked at has the sign of that.
            let culprits: Vec<String> = judged
                .iter()
                .filter_map(|(rule, value, word)| match judge(rule, *value) {
                    Verdict::Check if verdict == Verdict::Fail => Some(format!("! {word}")),
                    Verdict::Fail | Verdict::Check => Some((*word).to_owned()),
                    _ => None,
                })
                .collect();
            let reason = if verdict == Verdict::NotApplicable {
                match (construct.factors(), block.len) {
                    (Some(_), _) => "a product",
                    (None, 1) => "single item",
                    (None, _) => "formative",
                }
                .to_owned()
            } else {
                culprits.join(", ")
            };
            table.push(vec![
                Cell::text(name),
                Cell::count(block.len),
                Cell::text(format!(
                    "{} {}",
                    if construct.kind == Kind::Reflective { "=~" } else { "<~" },
                    block.mode
                )),
                cell(&self.alpha, name, ""),
                cell(&self.rho_a, name, ""),
                cell(&self.rho_c, name, ""),
                cell(&self.ave, name, ""),
                Cell::Verdict(verdict, reason),
            ]);
        }
        for id in ["R03", "R05", "R04", "R07"] {
            table.note(self.thresholds.footnote(id));
        }
        table.note(ALPHAS);
        table
    }

    /// What the blocks say about having one dimension.
    pub fn unidimensionality_table(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "unidimensionality",
            "Dimensions of blocks",
            vec![
                Column::words("construct", "Construct"),
                Column::numbers("items", "Items"),
                Column::numbers("eigenvalue_1", "1st eigenvalue"),
                Column::numbers("eigenvalue_2", "2nd eigenvalue"),
                Column::numbers("rho_dg", "ρ (Dillon-Goldstein)"),
                Column::words("verdict", "One dimension"),
            ],
        );
        for (name, block) in fit.constructs().iter().zip(&fit.plan.blocks) {
            let (first, second) = (self.eigenvalue_1.get(name), self.eigenvalue_2.get(name));
            let verdict = match (block.len, block.mode, first.zip(second)) {
                (1, ..) => Cell::NotApplicable("single item".to_owned()),
                (_, Mode::B, _) => Cell::NotApplicable("formative".to_owned()),
                (.., Some((first, second))) if first > 1.0 && second < 1.0 => {
                    Cell::Verdict(Verdict::Ok, String::new())
                }
                (.., Some(_)) => Cell::Verdict(Verdict::Check, String::new()),
                (.., None) => Cell::NotApplicable(String::new()),
            };
            table.push(vec![
                Cell::text(name),
                Cell::count(block.len),
                Cell::of(first, 3, false),
                if block.len > 1 { Cell::of(second, 3, false) } else { Cell::Blank },
                cell(&self.rho_dg, name, ""),
                verdict,
            ]);
        }
        table.note("Eigenvalues of the items' correlations: one dimension shows as a first above 1 and a second below.");
        table.note("ρ from the first principal component. Formative blocks need not have one dimension.");
        table
    }
}
