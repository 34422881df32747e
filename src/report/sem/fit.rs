//! How well a covariance-based model fits, and where it does not.

use super::super::words::{is_problem, thousands};
use super::super::{Section, SectionId};
use super::{MOST, Material};
use crate::document::Exhibit;
use crate::table::{Cell, Column, Table, Verdict, apa, apa_p, fixed};

/// Residual correlations beyond this deserve a look (Kline 2023).
const RESIDUAL: f64 = 0.10;

impl Material<'_> {
    /// `χ²(df) = 1,234.56, p < .001, CFI = .95, …`.
    pub(super) fn fit_in_words(&self) -> String {
        let measures = &self.fit.measures;
        let mut words = vec![format!("χ²({}) = {}", measures.df, fixed(measures.chisq, 2))];
        words.extend(measures.pvalue.map(|p| {
            let shown = apa_p(p);
            if shown.starts_with(['<', '>']) { format!("p {shown}") } else { format!("p = {shown}") }
        }));
        for (name, value) in [("CFI", measures.cfi), ("TLI", measures.tli)] {
            if value.is_finite() {
                words.push(format!("{name} = {}", apa(value, 3)));
            }
        }
        if measures.df > 0 {
            let interval = match (measures.rmsea_ci_lower, measures.rmsea_ci_upper) {
                (Some(low), Some(high)) => format!(" (90 % [{}, {}])", apa(low, 3), apa(high, 3)),
                _ => String::new(),
            };
            words.push(format!("RMSEA = {}{interval}", apa(measures.rmsea, 3)));
        }
        words.push(format!("SRMR = {}", apa(measures.srmr, 3)));
        words.join(", ")
    }

    pub(super) fn fit(&self) -> Section {
        let mut section = Section::new(SectionId::Fit);
        let measures = &self.fit.measures;
        let judged = [
            ("C01", "CFI", Some(measures.cfi)),
            ("C01", "TLI", Some(measures.tli)),
            ("C02", "RMSEA", (measures.df > 0).then_some(measures.rmsea)),
            ("C03", "SRMR", Some(measures.srmr)),
        ];
        let open: Vec<String> = judged
            .iter()
            .filter(|(id, _, value)| is_problem(self.thresholds.judge(id, *value)))
            .map(|(_, name, value)| format!("{name} {}", apa(value.unwrap_or(0.0), 3)))
            .collect();
        let words = if measures.df == 0 {
            "The model has no degree of freedom, so that it fits whatever the data are.".to_owned()
        } else if open.is_empty() {
            "CFI, TLI, RMSEA and SRMR meet their rules.".to_owned()
        } else {
            format!("Fit to look at: {}.", open.join(", "))
        };
        section.exhibits.push(Exhibit::new(self.fit.fit_table(self.thresholds)).reading(words).fixed());
        section.exhibits.extend(self.residuals());
        let table = self.fit.modifications_table(MOST);
        let words = self.fit.modifications().first().map_or_else(String::new, |m| {
            format!(
                "χ² is expected to fall most, by {}, if {} {} {} were free.",
                fixed(m.mi, 2),
                m.lhs,
                m.op,
                m.rhs
            )
        });
        section.exhibits.push(Exhibit::new(table).reading(words).fixed());
        section
    }

    pub(super) fn residuals(&self) -> Option<Exhibit> {
        let matrix = self.fit.residual_correlations();
        let names = matrix.rows();
        let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
        for (i, a) in names.iter().enumerate() {
            let before = names.iter().enumerate().take(i);
            pairs.extend(before.filter_map(|(j, b)| Some((b.as_str(), a.as_str(), matrix.at(i, j)?))));
        }
        pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        let (a, b, largest) = *pairs.first()?;
        let beyond = pairs.iter().filter(|(.., r)| r.abs() > RESIDUAL).count();
        let words = format!(
            "{} of {} residual correlations lie beyond ±.10; the largest is that of {a} and {b}, {}.",
            thousands(beyond),
            thousands(pairs.len()),
            apa(largest, 3)
        );
        let mut table = Table::new(
            "residual_correlations",
            "Largest residual correlations",
            vec![
                Column::words("a", "Of"),
                Column::words("b", "With"),
                Column::numbers("residual", "Residual"),
            ],
        );
        for (a, b, r) in pairs.iter().take(MOST) {
            table.push(vec![Cell::text(*a), Cell::text(*b), Cell::bounded(*r)]);
        }
        table.note(
            "Observed less implied correlations of the items (Bollen 1989); beyond ±.10 they deserve a look.",
        );
        let mut exhibit = Exhibit::new(table).reading(words).fixed();
        exhibit.judge("residual", |_, r| if r.abs() > RESIDUAL { Verdict::Check } else { Verdict::Ok });
        Some(exhibit)
    }
}
