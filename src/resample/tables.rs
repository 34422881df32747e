//! Bootstrap results as tables.

use super::bootstrap::Bootstrapped;
use super::quantities::{Kind, Quantity};
use super::summary::Summary;
use crate::table::{Cell, Column, Table};

impl Bootstrapped {
    /// Quantities of one family with their summaries and draws.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Quantity, &Option<Summary>, &[f64])> {
        self.quantities
            .iter()
            .zip(&self.summaries)
            .zip(&self.draws)
            .filter(move |((quantity, _), _)| quantity.kind == kind)
            .map(|((quantity, summary), draws)| (quantity, summary, draws.as_slice()))
    }

    /// Summary of the path between two constructs, by name.
    pub fn find(&self, kind: Kind, from: &str, to: &str) -> Option<&Summary> {
        self.of_kind(kind).find(|(q, _, _)| q.from == from && q.to == to).and_then(|(_, s, _)| s.as_ref())
    }

    /// Path coefficients.
    pub fn paths(&self) -> Table {
        self.table(Kind::Path, "paths", "Path coefficients, bootstrapped")
    }

    /// Outer weights.
    pub fn weights(&self) -> Table {
        self.table(Kind::Weight, "weights", "Outer weights, bootstrapped")
    }

    /// Loadings.
    pub fn loadings(&self) -> Table {
        self.table(Kind::Loading, "loadings", "Loadings, bootstrapped")
    }

    /// Total effects.
    pub fn total_effects(&self) -> Table {
        self.table(Kind::TotalEffect, "total_effects", "Total effects, bootstrapped")
    }

    /// Total indirect effects.
    pub fn indirect_effects(&self) -> Table {
        self.table(Kind::IndirectEffect, "indirect_effects", "Total indirect effects, bootstrapped")
    }

    /// Specific indirect effects.
    pub fn specific_indirect_effects(&self) -> Table {
        self.table(
            Kind::SpecificIndirect,
            "specific_indirect_effects",
            "Specific indirect effects, bootstrapped",
        )
    }

    /// HTMT; its hypothesis is a bound below 1, so the one-sided upper bound stands in place of t and p.
    pub fn htmt(&self) -> Table {
        self.table(Kind::Htmt, "htmt", "HTMT, bootstrapped")
    }

    /// R².
    pub fn r_squared(&self) -> Table {
        self.table(Kind::RSquared, "r_squared", "R², bootstrapped")
    }

    /// How many resamples count, and why others do not: the note under every table.
    pub fn accounting(&self) -> String {
        let origin = if self.generator == super::draw::GENERATOR {
            format!("{}, seed {}", self.generator, self.settings.seed)
        } else {
            self.generator.to_owned()
        };
        let mut words = format!("{} of {} resamples count ({origin}).", self.admissible, self.requested);
        if !self.reasons.is_empty() {
            let listed: Vec<String> = self
                .reasons
                .iter()
                .map(|(reason, count)| format!("{count} with {}", reason.words()))
                .collect();
            let fate = if self.admissible + self.reasons.values().sum::<usize>() > self.requested {
                "Inadmissible"
            } else {
                "Left out"
            };
            words.push_str(&format!(" {fate}: {}.", listed.join(", ")));
        }
        words
    }

    fn table(&self, kind: Kind, key: &str, title: &str) -> Table {
        let percent = self.settings.level * 100.0;
        let first = match kind {
            Kind::Weight | Kind::Loading => "Item",
            Kind::Htmt => "Pair",
            Kind::RSquared => "Outcome",
            _ => "Path",
        };
        let tested = !matches!(kind, Kind::Htmt | Kind::RSquared);
        let mut columns = vec![
            Column::words("name", first),
            Column::numbers("original", "Estimate"),
            Column::numbers("mean", "Mean"),
            Column::numbers("sd", "SE"),
        ];
        if tested {
            columns.push(Column::numbers("t", "t"));
            columns.push(Column::numbers("p", "p"));
        }
        columns.push(Column::words("interval", &format!("{percent:.0} % interval")));
        if kind == Kind::Htmt {
            columns.push(Column::numbers("upper", &format!("one-sided {percent:.0} %")));
        }
        let mut table = Table::new(key, title, columns);
        for (quantity, summary, _) in self.of_kind(kind) {
            let mut row = vec![Cell::text(&quantity.name)];
            if let Some(s) = summary {
                row.extend([Cell::bounded(s.original), Cell::bounded(s.mean), Cell::of(s.sd, 3, true)]);
                if tested {
                    row.push(Cell::of(s.t, 2, false));
                    row.push(s.p.map_or(Cell::NotApplicable(String::new()), Cell::Probability));
                }
                row.push(Cell::Interval { low: s.low, high: s.high, digits: 3 });
                if kind == Kind::Htmt {
                    row.push(Cell::bounded(s.upper));
                }
            } else {
                row.push(Cell::NotApplicable("undefined in every resample".to_owned()));
            }
            table.push(row);
        }
        table.note(format!(
            "SE: standard deviation over the resamples. Percentile interval, quantiles of type 7.{}",
            if tested { " t = estimate / SE, p two-sided by the normal distribution." } else { "" }
        ));
        table.note(self.accounting());
        table
    }
}
