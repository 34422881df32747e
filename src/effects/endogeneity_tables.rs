//! An analysis of endogeneity as tables.

use super::copula::CopulaDistribution;
use super::endogeneity::Endogeneity;
use super::footnote;
use crate::assess::Tails;
use crate::resample::{counted_by_seed, few_resamples};
use crate::table::{Cell, Column, Table, Verdict};

impl Endogeneity {
    /// Tests of normality.
    pub fn normality_table(&self) -> Table {
        let mut table = Table::new(
            "normality",
            "Normality of the predictors' scores",
            vec![
                Column::words("construct", "Predictor"),
                Column::numbers("lilliefors", "D"),
                Column::numbers("lilliefors_p", "p"),
                Column::numbers("cramer_von_mises", "W²"),
                Column::numbers("cramer_von_mises_p", "p"),
                Column::numbers("anderson_darling", "A²"),
                Column::numbers("anderson_darling_p", "p"),
                Column::words("verdict", "Copula term"),
            ],
        );
        for one in &self.normality {
            let mut row = vec![Cell::text(&one.construct)];
            for test in [&one.lilliefors, &one.cramer_von_mises, &one.anderson_darling] {
                row.push(Cell::of(test.as_ref().map(|test| test.statistic), 3, false));
                row.push(
                    test.as_ref()
                        .map_or(Cell::NotApplicable(String::new()), |test| Cell::Probability(test.p)),
                );
            }
            row.push(if one.rejected() {
                Cell::Verdict(Verdict::Ok, String::new())
            } else {
                Cell::Verdict(Verdict::Check, "may be normal".to_owned())
            });
            table.push(row);
        }
        table.note(
            "D: Kolmogorov-Smirnov with Lilliefors' correction; W²: Cramér-von Mises; A²: Anderson-Darling. The copula term of \
             a normal predictor cannot be told from the predictor.",
        );
        table
    }

    /// Copula terms of every combination.
    pub fn copula_table(&self) -> Table {
        let mut table = Table::new(
            "copulas",
            "Copula terms, every combination of predictors",
            vec![
                Column::words("outcome", "Outcome"),
                Column::words("endogenous", "With the copulas of"),
                Column::words("predictor", "Term"),
                Column::numbers("estimate", "Estimate"),
                Column::numbers("sd", "SE"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
                Column::words("verdict", "Exogenous"),
            ],
        );
        for model in self.models.iter().filter(|model| !model.endogenous.is_empty()) {
            if model.copulas.is_empty() {
                table.push(vec![
                    Cell::text(&model.outcome),
                    Cell::text(model.endogenous.join(", ")),
                    Cell::NotApplicable("collinear".to_owned()),
                ]);
            }
            for one in &model.copulas {
                let signals = one.effect.p.is_some_and(|p| p < 0.05);
                // Nothing can be said of a predictor whose score may be normal: its term is the predictor itself.
                let normal = self
                    .normality
                    .iter()
                    .find(|one| model.endogenous.contains(&one.construct) && !one.rejected());
                let verdict = match normal {
                    Some(one) => Cell::NotApplicable(format!("{} may be normal", one.construct)),
                    None if signals => Cell::Verdict(Verdict::Check, String::new()),
                    None => Cell::Verdict(Verdict::Ok, String::new()),
                };
                table.push(vec![
                    Cell::text(&model.outcome),
                    Cell::text(model.endogenous.join(", ")),
                    Cell::text(format!("c({})", one.predictor)),
                    Cell::number(one.effect.original),
                    Cell::of(one.effect.sd, 3, false),
                    one.effect.p_cell(),
                    one.effect.interval_cell(),
                    verdict,
                ]);
            }
        }
        self.notes(&mut table);
        table.note(footnote("X02"));
        table
    }

    /// Paths without copula terms and with those of all candidates at once.
    pub fn paths_table(&self) -> Table {
        let mut table = Table::new(
            "corrected_paths",
            "Paths without and with the copula terms of all predictors",
            vec![
                Column::words("name", "Path"),
                Column::numbers("without", "Without"),
                Column::interval("interval_without", self.level),
                Column::numbers("with", "With"),
                Column::interval("interval_with", self.level),
            ],
        );
        for model in self.models.iter().filter(|model| model.endogenous.is_empty()) {
            let full = self
                .models
                .iter()
                .filter(|other| other.outcome == model.outcome)
                .max_by_key(|other| other.endogenous.len());
            for path in &model.paths {
                let with = full.and_then(|full| full.paths.iter().find(|p| p.predictor == path.predictor));
                table.push(vec![
                    Cell::text(format!("{} → {}", path.predictor, model.outcome)),
                    Cell::bounded(path.effect.original),
                    path.effect.interval_cell(),
                    Cell::of(with.map(|with| with.effect.original), 3, true),
                    with.map_or(Cell::Blank, |with| with.effect.interval_cell()),
                ]);
            }
        }
        table.note(
            "In standard deviations of outcome and predictor, also where the model reports a product or an unstandardised \
             predictor in other units.",
        );
        self.notes(&mut table);
        table
    }

    /// The assumptions, one per line.
    pub fn assumptions(&self) -> Vec<String> {
        let h = match self.distribution {
            CopulaDistribution::Empirical => "share of cases at or below a value, n/(n + 1) for the largest",
            CopulaDistribution::ParkGupta => "share of cases at or below a value, 1 − 10⁻⁷ for the largest",
            CopulaDistribution::Rank => "midrank over n + 1",
        };
        vec![
            "The error of every equation is normal, and joined to its endogenous predictors by a Gaussian copula.".to_owned(),
            "Endogenous predictors are not normal (see the tests); exogenous ones are uncorrelated with the copula terms.".to_owned(),
            format!("Copula terms Φ⁻¹(H(x)) of standardised scores, H: {h}; every equation has an intercept."),
            "Scores hold measurement error, which the terms do not correct; samples should be large (several hundred).".to_owned(),
        ]
    }

    fn notes(&self, table: &mut Table) {
        table.note(format!(
            "{} Weights, scores and copula terms are estimated anew in each. Percentile intervals; p two-sided by the normal \
             distribution.",
            counted_by_seed(self.admissible, self.resamples, self.seed)
        ));
        let few = few_resamples(self.admissible, self.level, Tails::Two, true);
        if let Some(few) = few {
            table.note(format!("{few}."));
        }
        for assumption in self.assumptions() {
            table.note(assumption);
        }
    }
}
