//! Paths and what they explain.

use super::super::report::Assessment;
use super::super::verdict::{f_squared_words, interaction_f_squared_words, r_squared_words};
use super::cell;
use crate::moments::Correlation;
use crate::pls::{PlsFit, Weighting};
use crate::table::{Cell, Column, Table};

impl PlsFit {
    /// Path coefficients, one line per path, in the order of the model.
    pub fn paths(&self) -> Table {
        let mut table = Table::new(
            "paths",
            "Path coefficients",
            vec![Column::words("path", "Path"), Column::numbers("estimate", "β")],
        );
        for (path, b) in self.model.paths().iter().zip(&self.estimate.paths) {
            let name = |id| &self.model.construct(id).name;
            table.push(vec![
                Cell::text(format!("{} → {}", name(path.from), name(path.to))),
                Cell::bounded(*b),
            ]);
        }
        table.note(self.method());
        table
    }

    /// How it was estimated, in one sentence.
    pub fn method(&self) -> String {
        let corrected = self.is_corrected();
        let kind = match self.plan.weighting {
            Weighting::PlsPm => {
                // A reliability that is given corrects its construct alone.
                let kind = match (corrected, self.settings.consistent) {
                    (true, true) => "Consistent PLS",
                    (true, false) => "PLS with given reliabilities",
                    (false, _) => "PLS",
                };
                format!("{kind}, {} weighting scheme", self.plan.scheme)
            }
            other => {
                let corrected = if corrected { ", corrected for attenuation" } else { "" };
                format!("Path analysis of scores with {} weights{corrected}", weighting_name(other))
            }
        };
        let correlations = match self.settings.correlation {
            Correlation::Pearson => String::new(),
            Correlation::Quantified => ", quantified answers (non-metric)".to_owned(),
            Correlation::Mcd => ", minimum covariance determinant correlations".to_owned(),
            Correlation::Spearman => ", Spearman rank correlations".to_owned(),
            Correlation::Polychoric => ", polychoric correlations".to_owned(),
        };
        let weighted =
            if self.sample.as_ref().is_some_and(|s| s.weights.is_some()) { ", weighted cases" } else { "" };
        let stages = match self.earlier().len() {
            0 => String::new(),
            before => format!(", in {} stages", before + 1),
        };
        let ended = match (self.estimate.converged, self.estimate.iterations) {
            (true, 0) => "without iteration".to_owned(),
            (true, 1) => "converged after 1 iteration".to_owned(),
            (true, many) => format!("converged after {many} iterations"),
            (false, 1) => "NOT converged after 1 iteration".to_owned(),
            (false, many) => format!("NOT converged after {many} iterations"),
        };
        format!("{kind}{correlations}{weighted}{stages}, n = {}, {ended}.", self.n())
    }
}

/// Why an outcome has neither R² nor f²: it is estimated with instruments.
fn instrumented(fit: &PlsFit, outcome: &str) -> &'static str {
    let instruments = fit.model.find(outcome).and_then(|id| fit.plan.instruments.get(id.index()));
    if instruments.is_some_and(|instruments| !instruments.is_empty()) { "2SLS" } else { "" }
}

/// The weighting as papers write it.
pub(crate) fn weighting_name(weighting: Weighting) -> String {
    match weighting {
        Weighting::Unit | Weighting::Regression | Weighting::PlsPm => weighting.word().to_owned(),
        Weighting::Bartlett => "Bartlett".to_owned(),
        Weighting::GscaM => "GSCA_m".to_owned(),
        other => other.word().to_uppercase(),
    }
}

impl Assessment {
    /// Structural model: β, f², VIF per path.
    pub fn structure(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "structure",
            "Structural model",
            vec![
                Column::words("path", "Path"),
                Column::numbers("estimate", "β"),
                Column::numbers("f_squared", "f²"),
                Column::words("size", "Size"),
                Column::numbers("vif", "VIF"),
                Column::words("verdict", "Collinearity"),
            ],
        );
        let controlled = fit.model.paths().iter().any(|path| fit.model.is_control(path.from));
        if controlled {
            table.columns.push(Column::words("role", "Role"));
        }
        let mut paths: Vec<_> = fit.model.paths().iter().zip(&fit.estimate.paths).collect();
        paths.sort_by_key(|(path, _)| fit.model.is_control(path.from));
        for (path, b) in paths {
            let product = fit.model.construct(path.from).factors().is_some();
            let size = |f2: f64| {
                if product {
                    self.thresholds.size("S09", f2, interaction_f_squared_words)
                } else {
                    self.thresholds.size("S08", f2, f_squared_words)
                }
            };
            let (from, to) = (&fit.model.construct(path.from).name, &fit.model.construct(path.to).name);
            let f2 = self.f_squared.get(from, to);
            // Corrected correlations that no data can have may give a negative one.
            let negative = f2.is_some_and(|f2| f2 < 0.0);
            let f2 = f2.filter(|_| !negative);
            let vif = self.vif_antecedents.get(to).and_then(|vif| vif.get(from));
            let reason = if vif.is_none() { "single predictor" } else { "" };
            table.push(vec![
                Cell::text(format!("{from} → {to}")),
                Cell::bounded(*b),
                f2.map_or_else(
                    || {
                        Cell::NotApplicable(
                            if negative { "negative" } else { instrumented(fit, to) }.to_owned(),
                        )
                    },
                    Cell::bounded,
                ),
                Cell::text(f2.map_or("", size)),
                Cell::of(vif, 2, false),
                Cell::Verdict(self.thresholds.judge("S01", vif), reason.to_owned()),
                // Cut off where there is no such column.
                Cell::text(if fit.model.is_control(path.from) { "control" } else { "" }),
            ]);
        }
        table.note(self.thresholds.footnote("S01"));
        table.note(self.thresholds.footnote("S08"));
        if fit.model.constructs().iter().any(|construct| construct.factors().is_some()) {
            table.note(self.thresholds.footnote("S09"));
        }
        table
    }

    /// R² and adjusted R² per outcome.
    pub fn explained(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "explained",
            "Explained variance",
            vec![
                Column::words("construct", "Outcome"),
                Column::numbers("r_squared", "R²"),
                Column::numbers("adj_r_squared", "adj. R²"),
                Column::numbers("predictors", "Predictors"),
                Column::words("size", "Size"),
                Column::words("verdict", "Verdict"),
            ],
        );
        let (r2, adjusted) = (fit.r_squared(), fit.adj_r_squared());
        for (name, value) in r2.iter() {
            let predictors = fit.model.find(name).map_or(0, |id| fit.model.predecessors(id).len());
            table.push(vec![
                Cell::text(name),
                value.map_or_else(|| Cell::NotApplicable(instrumented(fit, name).to_owned()), Cell::bounded),
                cell(&adjusted, name, if value.is_some() { "too few cases" } else { "" }),
                Cell::count(predictors),
                Cell::text(value.map_or("", r_squared_words)),
                Cell::Verdict(self.thresholds.judge("S06", value), String::new()),
            ]);
        }
        table.note(self.thresholds.footnote("S06"));
        if r2.names().iter().any(|name| !instrumented(fit, name).is_empty()) {
            table.note("2SLS: least squares of two stages does not split the variance of its outcome, so that there is no R² and no f².");
        }
        table
    }

    /// Total, direct and indirect effects of every joined pair.
    pub fn effects(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "effects",
            "Effects",
            vec![
                Column::words("pair", "From → to"),
                Column::numbers("direct", "Direct"),
                Column::numbers("indirect", "Indirect"),
                Column::numbers("total", "Total"),
                Column::numbers("vaf", "VAF"),
            ],
        );
        let direct = fit.path_coefficients();
        let names = fit.constructs();
        for (i, from) in names.iter().enumerate() {
            for (j, to) in names.iter().enumerate() {
                let total = self.total_effects.at(i, j).filter(|t| *t != 0.0);
                if let Some(total) = total {
                    table.push(vec![
                        Cell::text(format!("{from} → {to}")),
                        Cell::of(direct.at(i, j), 3, true),
                        Cell::of(self.indirect_effects.at(i, j), 3, true),
                        Cell::bounded(total),
                        // A share lies between 0 and 1: not where direct and indirect effect pull apart.
                        match self.vaf.at(i, j) {
                            Some(0.0) => Cell::Blank,
                            Some(share) if (0.0..=1.0 + 1e-12).contains(&share) => Cell::bounded(share),
                            _ => Cell::NotApplicable("opposite signs".to_owned()),
                        },
                    ]);
                }
            }
        }
        table.note("VAF: share of the total effect that is indirect.");
        table.note(self.thresholds.footnote("M02"));
        table
    }

    /// Information criteria per outcome.
    pub fn criteria_table(&self, fit: &PlsFit) -> Table {
        let mut table = Table::new(
            "criteria",
            "Information criteria by outcome",
            vec![
                Column::words("construct", "Outcome"),
                Column::numbers("aic", "AIC"),
                Column::numbers("aicc", "AICc"),
                Column::numbers("aicu", "AICu"),
                Column::numbers("bic", "BIC"),
                Column::numbers("hq", "HQ"),
                Column::numbers("hqc", "HQc"),
                Column::numbers("gm", "GM"),
                Column::numbers("fpe", "FPE"),
                Column::numbers("mallows_cp", "Cp"),
            ],
        );
        for outcome in fit.r_squared().names() {
            let Some(c) = self.criteria.get(outcome) else { continue };
            let mut row = vec![Cell::text(outcome)];
            row.extend([c.aic, c.aicc, c.aicu, c.bic, c.hq, c.hqc].map(|x| Cell::of(Some(x), 2, false)));
            row.extend([c.gm, Some(c.fpe), c.mallows_cp].map(|x| Cell::of(x, 2, false)));
            table.push(row);
        }
        table.note("Smaller is better among models of the same outcome and cases: `trustpath compare` sets rivals side by side.");
        table.note(self.thresholds.footnote("P07"));
        table
    }
}
