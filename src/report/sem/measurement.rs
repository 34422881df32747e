//! How constructs of a covariance-based model are measured, and whether they can be told apart.

use super::super::words::{bound, is_problem, label_in, thousands};
use super::super::{Section, SectionId};
use super::Material;
use crate::assess::{Htmt, htmt};
use crate::document::Exhibit;
use crate::model::Nature;
use crate::table::{Cell, Column, Table, Verdict, apa, list};

impl Material<'_> {
    pub(super) fn measurement(&self) -> Section {
        let mut section = Section::new(SectionId::Reflective);
        let items = self.items();
        let fine =
            items.iter().filter(|p| self.thresholds.judge("R01", Some(p.std_all)) == Verdict::Ok).count();
        let lowest = items.iter().min_by(|a, b| a.std_all.total_cmp(&b.std_all));
        let words = lowest.map_or_else(String::new, |lowest| {
            format!(
                "{fine} of {} standardised loadings reach .708; the lowest is that of {}, {}.",
                items.len(),
                lowest.rhs,
                apa(lowest.std_all, 3)
            )
        });
        let several: Vec<&str> = items.iter().map(|p| p.rhs.as_str()).collect();
        let names: Vec<String> = self.loadings().map(|p| p.rhs.clone()).collect();
        let mut table = self.fit.loadings_table();
        table.note(self.thresholds.footnote("R01"));
        let mut exhibit = Exhibit::new(table).grouped("construct").reading(words);
        exhibit.judge("std_all", |r, value| match names.get(r) {
            Some(name) if several.contains(&name.as_str()) => self.thresholds.judge("R01", Some(value)),
            _ => Verdict::NotApplicable,
        });
        section.exhibits.push(exhibit);
        section.exhibits.push(self.constructs());
        section.exhibits.extend(self.htmt());
        section.exhibits.extend(self.correlations());
        section
    }

    pub(super) fn constructs(&self) -> Exhibit {
        let found = self.reliabilities();
        let broken: Vec<String> = found
            .iter()
            .filter(|(_, omega, ave)| {
                let is_ok = |id, value: f64| self.thresholds.judge(id, Some(value)) == Verdict::Ok;
                !(is_ok("R04", *omega) && is_ok("R07", *ave))
            })
            .map(|(name, ..)| name.clone())
            .collect();
        let words = match (found.len(), broken.is_empty()) {
            (0, _) => "Reliability does not apply: every construct has a single item.".to_owned(),
            (many, true) => {
                format!("All {many} constructs with several items meet every rule of reliability and AVE.")
            }
            (many, false) => format!(
                "{} of {many} constructs with several items meet every rule; to look at: {}.",
                many - broken.len(),
                list(&broken, 12)
            ),
        };
        let mut table = self.fit.constructs_table(self.thresholds);
        table.note(self.thresholds.footnote("R04"));
        let label = |name: &str| label_in(&self.fit.model, self.context.language, name);
        let mut exhibit = Exhibit::new(table).reading(words).labelled(label);
        exhibit.judge("omega", |_, value| self.thresholds.judge("R04", Some(value)));
        exhibit.judge("ave", |_, value| self.thresholds.judge("R07", Some(value)));
        exhibit
    }

    /// Constructs that items measure, with the positions of these among the items of the covariances.
    pub(super) fn measured(&self) -> Vec<(String, Vec<usize>)> {
        let observed = self.fit.sample_covariance();
        let at = |item: &String| observed.rows().iter().position(|known| known == item);
        let model = &self.fit.model;
        let own = model.constructs().iter().filter(|construct| matches!(construct.nature, Nature::Measured));
        own.map(|construct| {
            let items = construct.indicators.iter().filter_map(|id| at(&model.indicator(*id).name));
            (construct.name.clone(), items.collect())
        })
        .collect()
    }

    /// HTMT of pairs `(row, column)` of measured constructs, each with its name.
    pub(super) fn htmt_pairs(&self) -> Vec<(usize, usize, String, Option<f64>)> {
        let covariances = self.fit.sample_covariance();
        let c = |a: usize, b: usize| covariances.at(a, b).unwrap_or(f64::NAN);
        let r = |a: usize, b: usize| c(a, b) / (c(a, a) * c(b, b)).sqrt();
        let measured = self.measured();
        let mut pairs = Vec::new();
        for (i, (to, theirs)) in measured.iter().enumerate() {
            for (j, (from, ours)) in measured.iter().enumerate().take(i) {
                let value = htmt(Htmt::Absolute, ours, theirs, r);
                pairs.push((i, j, format!("{from} ↔ {to}"), value));
            }
        }
        pairs
    }

    pub(super) fn htmt(&self) -> Option<Exhibit> {
        let names: Vec<String> = self.measured().into_iter().map(|(name, _)| name).collect();
        let pairs = self.htmt_pairs();
        let (.., worst, highest) =
            pairs.iter().max_by(|a, b| a.3.unwrap_or(0.0).total_cmp(&b.3.unwrap_or(0.0)))?;
        let mut columns = vec![Column::words("construct", "")];
        columns.extend(names.iter().take(names.len() - 1).map(|name| Column::numbers(name, name)));
        let title = "Heterotrait-monotrait ratio (HTMT)";
        let mut exhibit = Exhibit::new(Table::new("htmt", title, columns)).fixed();
        for (i, name) in names.iter().enumerate().skip(1) {
            let mut row = vec![Cell::text(name)];
            for (_, j, _, value) in pairs.iter().filter(|pair| pair.0 == i) {
                exhibit.marks.insert((i - 1, j + 1), self.thresholds.judge("R08", *value));
                row.push(value.map_or(Cell::NotApplicable(String::new()), Cell::bounded));
            }
            exhibit.table.push(row);
        }
        exhibit.table.note(self.thresholds.footnote("R08"));
        exhibit.table.note("Absolute correlations; a single item counts as a monotrait correlation of 1.");
        let high = pairs.iter().filter(|pair| is_problem(self.thresholds.judge("R08", pair.3))).count();
        let limit = bound(self.thresholds.upper("R08").0);
        let tail = match high {
            0 => format!("no pair reaches {limit}"),
            1 => format!("it is the only pair at or above {limit}"),
            _ => format!("{high} pairs are at or above {limit}"),
        };
        Some(exhibit.reading(format!(
            "Of {} pairs the highest ratio is {worst} {}; {tail}.",
            thousands(pairs.len()),
            apa(highest.unwrap_or(0.0), 3)
        )))
    }

    /// Correlations of the constructs below the roots of AVE.
    pub(super) fn correlations(&self) -> Option<Exhibit> {
        let matrix = self.fit.latent_correlation();
        let names = matrix.rows().to_vec();
        if names.len() < 2 {
            return None;
        }
        let found = self.reliabilities();
        let root = |name: &str| found.iter().find(|(known, ..)| known == name).map(|(.., ave)| ave.sqrt());
        // A whole and its components are not two things to be told apart.
        let related = |a: &str, b: &str| {
            let whole = |a: &str, b: &str| {
                let found = self.fit.model.constructs().iter().find(|construct| construct.name == a);
                found
                    .and_then(|construct| construct.components())
                    .is_some_and(|parts| parts.iter().any(|part| part == b))
            };
            whole(a, b) || whole(b, a)
        };
        let mut columns = vec![Column::words("construct", "")];
        columns.extend(names.iter().map(|name| Column::numbers(name, name)));
        let title = "Correlations of the constructs, roots of AVE on the diagonal";
        let mut exhibit = Exhibit::new(Table::new("fornell_larcker", title, columns)).fixed();
        let mut broken: Vec<String> = Vec::new();
        for (r, name) in names.iter().enumerate() {
            let mut row = vec![Cell::text(name)];
            for (c, other) in names.iter().enumerate().take(r) {
                let Some(value) = matrix.at(r, c) else { continue };
                let roots = [root(name), root(other)];
                if !related(name, other) && roots.into_iter().flatten().any(|root| value.abs() > root) {
                    exhibit.marks.insert((r, c + 1), Verdict::Check);
                    broken.push(format!("{other} ↔ {name}"));
                }
                row.push(Cell::bounded(value));
            }
            row.push(root(name).map_or(Cell::NotApplicable(String::new()), Cell::bounded));
            exhibit.table.push(row);
        }
        exhibit.table.note(
            "Correlations that the model implies. A construct of one item, or of constructs, has no AVE.",
        );
        exhibit.table.note(self.thresholds.footnote("R11"));
        let words = if broken.is_empty() {
            "Every root of AVE is larger than the correlations of its construct.".to_owned()
        } else {
            format!("The correlation exceeds a root of AVE for {}.", list(&broken, 8))
        };
        Some(exhibit.reading(words))
    }
}
