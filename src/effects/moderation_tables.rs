//! A moderation analysis as tables.

use super::johnson_neyman::Significance;
use super::moderation::{At, ConditionalEffect, JohnsonNeyman, Moderation};
use crate::assess::interaction_f_squared_words;
use crate::resample::Summary;
use crate::table::{Cell, Column, Table, apa};

/// `DTT −1 SD, AGE mean`.
fn words(at: &[At]) -> String {
    let one = |at: &At| {
        // A binary moderator's label names it already.
        if at.label.contains('=') { at.label.clone() } else { format!("{} {}", at.moderator, at.label) }
    };
    at.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Moderation {
    /// Every product with its path, interval and effect size.
    pub fn interactions_table(&self) -> Table {
        let mut table = Table::new(
            "interactions",
            "Interactions",
            vec![
                Column::words("name", "Product"),
                Column::words("outcome", "Outcome"),
                Column::words("moderators", "Moderator"),
                Column::numbers("estimate", "β"),
                Column::numbers("sd", "SE"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
                Column::numbers("f_squared", "f²"),
                Column::words("size", "Size"),
            ],
        );
        for one in &self.interactions {
            table.push(vec![
                Cell::text(&one.name),
                Cell::text(&one.outcome),
                Cell::text(one.moderators.join(", ")),
                Cell::bounded(one.effect.original),
                Cell::of(one.effect.sd, 3, true),
                one.effect.p_cell(),
                one.effect.interval_cell(),
                Cell::of(one.f_squared, 3, true),
                Cell::text(
                    one.f_squared
                        .map_or("", |f2| self.thresholds.size("S09", f2, interaction_f_squared_words)),
                ),
            ]);
        }
        self.notes(&mut table);
        let told =
            self.interactions.iter().map(|one| (format!("{} → {}", one.name, one.outcome), &one.effect));
        table.notes.extend(self.inference.contradictions(told));
        table.note("β: change of the predictor's slope per unit of the moderator.");
        table.note(self.thresholds.footnote("S09"));
        table.note(self.thresholds.footnote("M04"));
        table
    }

    /// Simple slopes.
    pub fn simple_slopes_table(&self) -> Table {
        let mut table = self.conditional("simple_slopes", "Simple slopes", &self.simple_slopes);
        if self.orthogonal {
            table.note(
                "The products are cleared of their factors: a slope at the mean is that of the model without the product.",
            );
        }
        table
    }

    /// Indirect effects at values of their moderators.
    pub fn conditional_indirect_table(&self) -> Table {
        self.conditional("conditional_indirect", "Conditional indirect effects", &self.conditional_indirect)
    }

    fn conditional(&self, key: &str, title: &str, effects: &[ConditionalEffect]) -> Table {
        let mut table = Table::new(
            key,
            title,
            vec![
                Column::words("name", "Path"),
                Column::words("at", "At"),
                Column::numbers("estimate", "Effect"),
                Column::numbers("sd", "SE"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
            ],
        );
        for one in effects {
            table.push(vec![
                Cell::text(&one.name),
                Cell::text(words(&one.at)),
                Cell::bounded(one.effect.original),
                Cell::of(one.effect.sd, 3, true),
                one.effect.p_cell(),
                one.effect.interval_cell(),
            ]);
        }
        self.notes(&mut table);
        let told = effects.iter().map(|one| (format!("{} at {}", one.name, words(&one.at)), &one.effect));
        table.notes.extend(self.inference.contradictions(told));
        table.note("Moderators that are not named stand at their means.");
        table
    }

    /// Regions of significance.
    pub fn johnson_neyman_table(&self) -> Table {
        let mut table = Table::new(
            "johnson_neyman",
            "Regions of significance (Johnson-Neyman)",
            vec![
                Column::words("name", "Path"),
                Column::words("moderator", "Moderator"),
                Column::numbers("from", "From"),
                Column::numbers("to", "To"),
                Column::words("effect", "Effect"),
                Column::numbers("cases", "% of cases"),
            ],
        );
        for one in &self.johnson_neyman {
            let at = if one.at.is_empty() { String::new() } else { format!(" ({})", words(&one.at)) };
            for (region, share) in &one.regions {
                table.push(vec![
                    Cell::text(format!("{} → {}{at}", one.focal, one.outcome)),
                    Cell::text(&one.moderator),
                    Cell::of(Some(region.from), 2, false),
                    Cell::of(Some(region.to), 2, false),
                    Cell::text(region.effect.words()),
                    Cell::of(Some(100.0 * share), 1, false),
                ]);
            }
        }
        table.note(match self.points_by {
            JohnsonNeyman::Percentile => format!(
                "From the least to the greatest value of the moderator in the sample; points where a {} bound of the \
                 resampled effect crosses 0.",
                self.interval.name()
            ),
            JohnsonNeyman::Covariance => {
                "From the least to the greatest value of the moderator in the sample; points from variances and covariance of \
                 the resampled coefficients (Bauer & Curran 2005)."
                    .to_owned()
            }
        });
        table.note(&self.accounting);
        table
    }

    /// Indices of moderated mediation.
    pub fn moderated_mediation_table(&self) -> Table {
        let mut table = Table::new(
            "moderated_mediation",
            "Moderated mediation",
            vec![
                Column::words("name", "Path"),
                Column::words("moderator", "Moderator"),
                Column::numbers("index", "Index"),
                Column::interval("interval", self.level),
                Column::words("between", "Between"),
                Column::numbers("difference", "Difference"),
                Column::interval("difference_interval", self.level),
            ],
        );
        for one in &self.moderated_mediation {
            let (first, last) = &one.between;
            let missing = || Cell::NotApplicable("not linear".to_owned());
            table.push(vec![
                Cell::text(&one.name),
                Cell::text(&one.moderator),
                one.index.as_ref().map_or_else(missing, |s| Cell::bounded(s.original)),
                one.index.as_ref().map_or(Cell::Blank, Summary::interval_cell),
                Cell::text(format!("{} and {}", first.label, last.label)),
                one.difference
                    .as_ref()
                    .map_or(Cell::NotApplicable(String::new()), |s| Cell::bounded(s.original)),
                one.difference.as_ref().map_or(Cell::Blank, Summary::interval_cell),
            ]);
        }
        table.note(
            "Index: change of the indirect effect per unit of the moderator, others at their means (Hayes 2015). An interval \
             without 0 is evidence of moderated mediation.",
        );
        self.notes(&mut table);
        table
    }

    /// One plain sentence per probe, for readers of a report.
    pub fn readings(&self) -> Vec<String> {
        let sentence = |one: &super::moderation::Probe| {
            let found: Vec<String> = one
                .regions
                .iter()
                .filter(|(region, _)| region.effect != Significance::None)
                .map(|(region, share)| {
                    format!(
                        "{} where {} lies between {} and {} ({:.0} % of the cases)",
                        region.effect.words(),
                        one.moderator,
                        apa(region.from, 2),
                        apa(region.to, 2),
                        100.0 * share
                    )
                })
                .collect();
            let path = format!("The effect {} → {}", one.focal, one.outcome);
            if found.is_empty() {
                format!("{path} has an interval with 0 at every value of {} in the sample.", one.moderator)
            } else {
                format!("{path} is {}.", found.join(", and "))
            }
        };
        self.johnson_neyman.iter().map(sentence).collect()
    }

    fn notes(&self, table: &mut Table) {
        table.note(self.inference.words());
        table.note(&self.accounting);
    }
}
