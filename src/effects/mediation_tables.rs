//! Mediation as tables.

use super::mediation::Mediation;
use crate::resample::Summary;
use crate::table::{Cell, Column, Table};

impl Mediation {
    /// Specific indirect effects with type and size.
    pub fn specific_table(&self) -> Table {
        let mut table = Table::new(
            "mediation",
            "Specific indirect effects and type of mediation",
            vec![
                Column::words("name", "Path"),
                Column::numbers("indirect", "Indirect"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
                Column::numbers("direct", "Direct"),
                Column::words("mediation", "Type"),
                Column::numbers("vaf", "VAF"),
                Column::numbers("upsilon", "υ"),
                Column::words("size", "Size of υ"),
            ],
        );
        for one in &self.specific {
            let upsilon = one.upsilon.map(|s| s.original);
            table.push(vec![
                Cell::text(&one.name),
                Cell::bounded(one.effect.original),
                one.effect.p_cell(),
                one.effect.interval_cell(),
                direct_cell(one.direct.as_ref()),
                Cell::text(one.mediation.word()),
                vaf_cell(one.vaf, one.direct.as_ref()),
                Cell::of(upsilon, 3, true),
                Cell::text(upsilon.map_or("", |v| self.thresholds.size("M03", v, upsilon_words))),
            ]);
        }
        self.notes(&mut table, &self.inference.words(), true);
        let told = self.specific.iter().map(|one| (one.name.clone(), &one.effect));
        table.notes.extend(self.inference.contradictions(told));
        table.note("υ is the squared standardised indirect effect; its interval and its adjusted form stand in JSON.");
        for id in ["M01", "M02", "M03"] {
            table.note(self.thresholds.footnote(id));
        }
        table
    }

    /// Per pair the direct, indirect and total effect.
    pub fn total_table(&self) -> Table {
        let mut table = Table::new(
            "total_indirect",
            "Direct, total indirect and total effects",
            vec![
                Column::words("pair", "From → to"),
                Column::numbers("direct", "Direct"),
                Column::interval("direct_interval", self.level),
                Column::numbers("indirect", "Indirect"),
                Column::interval("indirect_interval", self.level),
                Column::numbers("total", "Total"),
                Column::interval("total_interval", self.level),
                Column::words("mediation", "Type"),
                Column::numbers("vaf", "VAF"),
            ],
        );
        for one in &self.total {
            table.push(vec![
                Cell::text(format!("{} → {}", one.from, one.to)),
                direct_cell(one.direct.as_ref()),
                one.direct.as_ref().map_or(Cell::Blank, Summary::interval_cell),
                Cell::bounded(one.indirect.original),
                one.indirect.interval_cell(),
                Cell::bounded(one.total.original),
                one.total.interval_cell(),
                Cell::text(one.mediation.word()),
                vaf_cell(one.vaf, one.direct.as_ref()),
            ]);
        }
        self.notes(&mut table, &self.inference.words_without_p(), true);
        table.note(self.thresholds.footnote("M01"));
        table
    }

    /// Differences of indirect effects of the same pair.
    pub fn contrasts_table(&self) -> Table {
        let mut table = Table::new(
            "contrasts",
            "Differences of indirect effects",
            vec![
                Column::words("first", "First"),
                Column::words("second", "less second"),
                Column::numbers("difference", "Difference"),
                Column::numbers("sd", "SE"),
                Column::numbers("p", "p"),
                Column::interval("interval", self.level),
            ],
        );
        for one in &self.contrasts {
            table.push(vec![
                Cell::text(&one.first),
                Cell::text(&one.second),
                Cell::bounded(one.difference.original),
                Cell::of(one.difference.sd, 3, true),
                one.difference.p_cell(),
                one.difference.interval_cell(),
            ]);
        }
        self.notes(&mut table, &self.inference.words(), false);
        let told =
            self.contrasts.iter().map(|one| (format!("{} less {}", one.first, one.second), &one.difference));
        table.notes.extend(self.inference.contradictions(told));
        for (from, to, chains) in &self.uncompared {
            table.note(format!("{from} → {to}: {chains} chains, whose differences are left out."));
        }
        table
    }

    fn notes(&self, table: &mut Table, inference: &str, direct: bool) {
        table.note(inference);
        table.note(&self.accounting);
        if direct && self.total.iter().any(|one| one.direct.is_none()) {
            table.note("n/a: the model has no such path. Without a direct path the type of mediation cannot be told: enter it to test it.");
        }
        if self.moderated {
            table.note(
                "Paths that a product moderates are taken at a moderator of 0: the mean, or the value 0 of an unstandardised \
                 one. `trustpath moderation` has other values.",
            );
        }
    }
}

/// Size of upsilon in words (rule M03).
pub(super) fn upsilon_words(value: f64) -> &'static str {
    match value {
        v if v >= 0.175 => "large",
        v if v >= 0.075 => "medium",
        v if v >= 0.01 => "small",
        _ => "negligible",
    }
}

fn direct_cell(direct: Option<&Summary>) -> Cell {
    direct.map_or_else(|| Cell::NotApplicable(String::new()), |s| Cell::bounded(s.original))
}

fn vaf_cell(vaf: Option<f64>, direct: Option<&Summary>) -> Cell {
    let why = if direct.is_some() { "signs differ" } else { "" };
    vaf.map_or_else(|| Cell::NotApplicable(why.to_owned()), |vaf| Cell::of(Some(vaf), 2, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_words_of_the_rule() {
        assert_eq!([0.005, 0.01, 0.075, 0.2].map(upsilon_words), ["negligible", "small", "medium", "large"]);
    }
}
