//! The measurement model: blocks with correlation weights, and blocks with regression weights (formative).

use super::words::{bound, interval_or_none, is_problem, label, thousands, with_interval};
use super::{Material, Section, SectionId};
use crate::assess::{
    FORMATIVE_HTMT, Formative, Htmt, has_reliability, is_formative, ordinal_reliability,
    speaks_of_ordinal_items,
};
use crate::document::{Exhibit, insert};
use crate::model::Mode;
use crate::resample::{Kind, Summary};
use crate::table::{Cell, Column, Table, Verdict, apa, list, percent};

/// Larger cross-tables are folded.
const MOST_ROWS: usize = 24;

impl Material<'_> {
    /// Whether a block's items form the construct: regression weights over several items.
    fn is_formative(&self, block: usize) -> bool {
        self.fit
            .plan
            .blocks
            .get(block)
            .is_some_and(|block| block.len > 1 && matches!(block.mode, Mode::B | Mode::Bnnls))
    }

    /// Whether a block is a product of scores, which nothing measures.
    fn is_product_of_scores(&self, block: usize) -> bool {
        let construct = self.fit.model.constructs().get(block);
        construct.is_some_and(|construct| construct.factors().is_some() && construct.indicators.len() == 1)
    }

    /// Items (position, name, construct) of formative or of all other blocks.
    fn items_of(&self, formative: bool) -> Vec<(usize, &str, String)> {
        let names = self.fit.constructs();
        self.fit
            .moments
            .items
            .iter()
            .enumerate()
            .filter(|(i, _)| self.is_formative(self.fit.block_of(*i)) == formative)
            .filter(|(i, _)| !self.is_product_of_scores(self.fit.block_of(*i)))
            .filter_map(|(i, item)| Some((i, item.as_str(), names.get(self.fit.block_of(i))?.clone())))
            .collect()
    }

    pub(super) fn summary(&self, kind: Kind, from: &str, to: &str) -> Option<&Summary> {
        self.bootstrap.and_then(|bootstrap| bootstrap.find(kind, from, to))
    }

    /// `95 % interval`.
    pub(super) fn interval_heading(&self) -> Option<String> {
        self.bootstrap.map(|bootstrap| format!("{} % interval", percent(bootstrap.settings.level)))
    }

    fn item_vif(&self, item: &str, construct: &str) -> Option<f64> {
        self.assessment.vif_indicators.get(construct).and_then(|vif| vif.get(item))
    }
}

pub(super) fn reflective(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Reflective);
    let items = m.items_of(false);
    if items.is_empty() {
        return section;
    }
    let composites: Vec<String> = m
        .fit
        .model
        .constructs()
        .iter()
        .enumerate()
        .filter(|(j, construct)| {
            construct.kind == crate::model::Kind::Composite
                && !m.is_formative(*j)
                && construct.indicators.len() > 1
        })
        .map(|(_, construct)| construct.name.clone())
        .collect();
    if !composites.is_empty() {
        section.intro.push(format!(
            "{} {} stated as composite (<~) and estimated without regression weights; loadings and reliability stand \
             here for comparison.",
            list(&composites, 12),
            if composites.len() == 1 { "is" } else { "are" }
        ));
    }
    section.exhibits.push(item_table(m, &items));
    section.exhibits.push(reliability(m));
    section.exhibits.extend(ordinal(m));
    if m.fit.plan.constructs() > 1 {
        section.exhibits.push(htmt(m));
        let pairs = m.assessment.htmt_problems(m.fit);
        if !pairs.rows.is_empty() {
            let many = format!(
                "{} of constructs {} {} or more.",
                super::words::counted(pairs.rows.len(), "pair", "pairs"),
                if pairs.rows.len() == 1 { "has an HTMT of" } else { "have an HTMT of" },
                bound(m.assessment.thresholds.upper("R08").0)
            );
            section.exhibits.push(Exhibit::new(pairs).reading(many));
        }
        section.exhibits.push(fornell_larcker(m));
    }
    section.exhibits.push(cross_loadings(m));
    section
}

fn item_table(m: &Material<'_>, items: &[(usize, &str, String)]) -> Exhibit {
    let mut columns = vec![
        Column::words("item", "Item"),
        Column::words("construct", "Construct"),
        Column::numbers("loading", "Loading"),
    ];
    let heading = m.interval_heading();
    columns.extend(heading.as_deref().map(|heading| Column::words("interval", heading)));
    columns.extend([
        Column::numbers("weight", "Weight"),
        Column::numbers("vif", "VIF"),
        Column::words("verdict", "Verdict"),
    ]);
    let mut table = Table::new("items", "Items: loadings and weights", columns);
    let mut judged: Vec<(f64, &str)> = Vec::new();
    for (i, item, construct) in items {
        let single = m.fit.plan.blocks.get(m.fit.block_of(*i)).is_some_and(|block| block.len == 1);
        let loading = m.fit.estimate.loadings.get(*i).copied();
        let mut row = vec![Cell::text(*item), Cell::text(construct), Cell::of(loading, 3, true)];
        if heading.is_some() {
            // A single item's loading is 1 by construction.
            row.push(if single {
                Cell::NotApplicable(String::new())
            } else {
                interval_or_none(m.summary(Kind::Loading, item, construct))
            });
        }
        row.extend([
            Cell::of(m.fit.estimate.weights.get(*i).copied(), 3, true),
            Cell::of(m.item_vif(item, construct), 2, false),
            if single {
                Cell::NotApplicable("single item".to_owned())
            } else {
                Cell::Verdict(m.assessment.thresholds.judge("R01", loading), String::new())
            },
        ]);
        if let Some(loading) = loading.filter(|_| !single) {
            judged.push((loading, item));
        }
        table.push(row);
    }
    table.note(m.assessment.thresholds.footnote("R01"));
    table.note("Weights are those of unit-variance scores.");
    if let Some(bootstrap) = m.bootstrap {
        table.note(bootstrap.accounting());
    }
    let fine = judged
        .iter()
        .filter(|(loading, _)| m.assessment.thresholds.judge("R01", Some(*loading)) == Verdict::Ok)
        .count();
    let lowest = judged.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let words = lowest.map_or_else(String::new, |(loading, item)| {
        format!(
            "{fine} of {} loadings reach .708; the lowest is that of {item}, {}.",
            judged.len(),
            apa(*loading, 3)
        )
    });
    let mut exhibit = Exhibit::new(table).grouped("construct").reading(words);
    let single: Vec<bool> = items
        .iter()
        .map(|(i, ..)| m.fit.plan.blocks.get(m.fit.block_of(*i)).is_none_or(|b| b.len == 1))
        .collect();
    exhibit.judge("loading", |r, loading| {
        if single.get(r) == Some(&true) {
            Verdict::NotApplicable
        } else {
            m.assessment.thresholds.judge("R01", Some(loading))
        }
    });
    exhibit
}

fn reliability(m: &Material<'_>) -> Exhibit {
    let mut table = m.assessment.reliability(m.fit);
    // One row per construct, in the order of the blocks.
    let mut block = 0;
    table.rows.retain(|_| {
        let keep = !m.is_formative(block) && !m.is_product_of_scores(block);
        block += 1;
        keep
    });
    let failing: Vec<String> = table
        .rows
        .iter()
        .filter(|row| matches!(row.last(), Some(Cell::Verdict(verdict, _)) if is_problem(*verdict)))
        .filter_map(|row| row.first().map(Cell::show))
        .collect();
    let several = table
        .rows
        .iter()
        .filter(
            |row| matches!(row.last(), Some(Cell::Verdict(verdict, _)) if *verdict != Verdict::NotApplicable),
        )
        .count();
    let words = if several == 0 {
        "Reliability does not apply: every construct has a single item.".to_owned()
    } else if failing.is_empty() {
        format!("All {several} constructs with several items meet every rule of reliability and AVE.")
    } else {
        format!(
            "{} of {several} constructs with several items meet every rule; to look at: {}.",
            several - failing.len().min(several),
            list(&failing, 12)
        )
    };
    let mut exhibit = Exhibit::new(table).reading(words).labelled(|name| label(m, name));
    for (key, id) in [("alpha", "R03"), ("rho_a", "R05"), ("rho_c", "R04"), ("ave", "R07")] {
        exhibit.judge(key, |r, value| {
            m.assessment.thresholds.judge(id, Some(value).filter(|_| has_reliability(m.fit, r)))
        });
    }
    exhibit
}

/// Categorical omega where the model speaks of ordinal items.
fn ordinal(m: &Material<'_>) -> Option<Exhibit> {
    if !speaks_of_ordinal_items(m.fit) {
        return None;
    }
    let found = ordinal_reliability(m.fit);
    let known: Vec<(&str, f64)> = found
        .constructs
        .iter()
        .filter_map(|one| Some((one.construct.as_str(), one.omega_categorical?)))
        .collect();
    let least = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = format!("Categorical omega is lowest for {} ({}).", least.0, apa(least.1, 3));
    let mut exhibit = Exhibit::new(m.assessment.ordinal_reliability_table(&found))
        .reading(words)
        .labelled(|name| label(m, name));
    exhibit.judge("omega_categorical", |_, value| m.assessment.thresholds.judge("R16", Some(value)));
    Some(exhibit)
}

/// HTMT as a lower triangle, the one-sided upper bound below each ratio where there are resamples.
fn htmt(m: &Material<'_>) -> Exhibit {
    let kind = m.bootstrap.map_or(Htmt::Absolute, |bootstrap| bootstrap.settings.htmt);
    let (matrix, title) = match kind {
        Htmt::Absolute => (&m.assessment.htmt, "Heterotrait-monotrait ratio (HTMT)"),
        Htmt::Signed => (&m.assessment.htmt_signed, "Heterotrait-monotrait ratio (HTMT, signs kept)"),
        Htmt::Geometric => (&m.assessment.htmt2, "Heterotrait-monotrait ratio (HTMT2)"),
    };
    // Products have nothing to be told apart from.
    let names: Vec<String> =
        m.fit.model.constructs().iter().filter(|c| c.factors().is_none()).map(|c| c.name.clone()).collect();
    let at = |name: &str| m.fit.constructs().iter().position(|known| known == name).unwrap_or(0);
    let last = names.len().saturating_sub(1);
    let mut columns = vec![Column::words("construct", "")];
    columns.extend(names.iter().take(last).map(|name| Column::numbers(name, name)));
    let mut exhibit = Exhibit::new(Table::new("htmt", title, columns)).fixed();
    let mut pairs: Vec<(f64, String, Option<f64>)> = Vec::new();
    for (i, to) in names.iter().enumerate().skip(1) {
        let mut row = vec![Cell::text(to)];
        for (j, from) in names.iter().enumerate().take(i) {
            let value = matrix.at(at(to), at(from));
            row.push(value.map_or(Cell::NotApplicable(String::new()), Cell::bounded));
            let Some(value) = value else { continue };
            let place = (i - 1, j + 1);
            exhibit.marks.insert(place, m.assessment.thresholds.judge("R08", Some(value)));
            let upper =
                m.summary(Kind::Htmt, from, to).map(|summary| summary.upper).filter(|u| u.is_finite());
            if let Some(upper) = upper {
                let bound =
                    if is_problem(m.assessment.thresholds.judge("R09", Some(upper))) { "! " } else { "" };
                exhibit.below.insert(place, format!("{bound}≤ {}", apa(upper, 3)));
            }
            pairs.push((value, format!("{from} ↔ {to}"), upper));
        }
        exhibit.table.push(row);
    }
    exhibit.table.note(m.assessment.thresholds.footnote("R08"));
    let silent = m.assessment.conventions.formative == Formative::NotApplicable;
    if silent && names.iter().any(|name| is_formative(m.fit, at(name))) {
        exhibit.table.note(FORMATIVE_HTMT);
    }
    if let Some(bootstrap) = m.bootstrap {
        exhibit.table.note(format!(
            "Below each ratio: its one-sided {} % upper bound. {}",
            percent(bootstrap.settings.level),
            m.assessment.thresholds.footnote("R09")
        ));
    }
    exhibit.table.note(match kind {
        Htmt::Absolute => "Absolute correlations; a single item counts as a monotrait correlation of 1.",
        _ => "A single item counts as a monotrait correlation of 1.",
    });
    let high =
        pairs.iter().filter(|pair| is_problem(m.assessment.thresholds.judge("R08", Some(pair.0)))).count();
    let limit = bound(m.assessment.thresholds.upper("R08").0);
    let words =
        pairs.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(String::new, |(value, name, upper)| {
            let bound = upper.map_or_else(String::new, |upper| format!(" (upper bound {})", apa(upper, 3)));
            let tail = match high {
                0 => format!("no pair reaches {limit}"),
                1 => format!("it is the only pair at or above {limit}"),
                _ => format!("{high} pairs are at or above {limit}"),
            };
            format!(
                "Of {} pairs the highest ratio is {name} {}{bound}; {tail}.",
                thousands(pairs.len()),
                apa(*value, 3)
            )
        });
    exhibit.reading(words)
}

fn fornell_larcker(m: &Material<'_>) -> Exhibit {
    let table = m.assessment.fornell_larcker_table();
    let root = m.assessment.conventions.fornell_larcker == crate::assess::FornellLarcker::Root;
    let mut exhibit = Exhibit::new(table).fixed();
    let matrix = &m.assessment.fornell_larcker;
    let mut broken: Vec<String> = Vec::new();
    for (r, name) in matrix.rows().iter().enumerate() {
        for (c, other) in matrix.cols().iter().enumerate().take(r) {
            let Some(r_abs) = matrix.at(r, c).map(f64::abs) else { continue };
            let exceeded = [matrix.at(r, r), matrix.at(c, c)].into_iter().flatten().any(|own| r_abs > own);
            if exceeded {
                exhibit.marks.insert((r, c + 1), Verdict::Check);
                broken.push(format!("{other} ↔ {name}"));
            }
        }
    }
    let what = if root { "root of AVE" } else { "AVE" };
    let words = if broken.is_empty() {
        format!("Every {what} is larger than the correlations of its construct.")
    } else {
        format!("The correlation exceeds a {what} for {}.", list(&broken, 8))
    };
    exhibit.reading(words)
}

fn cross_loadings(m: &Material<'_>) -> Exhibit {
    let mut exhibit = Exhibit::new(m.assessment.cross_loadings_table(m.fit)).folded_beyond(MOST_ROWS).fixed();
    let matrix = &m.assessment.cross_loadings;
    let mut astray: Vec<String> = Vec::new();
    for (i, item) in matrix.rows().iter().enumerate() {
        let own = m.fit.block_of(i);
        // What forms a construct may correlate more with another.
        if m.is_formative(own) {
            continue;
        }
        let at = |j: usize| matrix.at(i, j).map_or(0.0, f64::abs);
        let worst = (0..matrix.cols().len()).filter(|&j| j != own).max_by(|a, b| at(*a).total_cmp(&at(*b)));
        if let Some(worst) = worst.filter(|&worst| at(worst) >= at(own)) {
            exhibit.marks.insert((i, worst + 1), Verdict::Check);
            astray.push(item.clone());
        }
        exhibit.marks.insert((i, own + 1), Verdict::Info);
    }
    let words = if astray.is_empty() {
        "Every item correlates most with its own construct.".to_owned()
    } else {
        format!("At least as strongly with another construct as with the own: {}.", list(&astray, 12))
    };
    exhibit.reading(words)
}

pub(super) fn formative(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Formative);
    let items = m.items_of(true);
    if items.is_empty() {
        return section;
    }
    section.intro.push(
        "The items of these constructs form them; they need not correlate. A weight is an item's contribution given \
         the others, its loading the contribution by itself."
            .to_owned(),
    );
    let mut table = Table::new(
        "formative",
        "Formative items: weights and collinearity",
        vec![
            Column::words("item", "Item"),
            Column::words("construct", "Construct"),
            Column::numbers("weight", "Weight"),
            Column::numbers("loading", "Loading"),
            Column::numbers("vif", "VIF"),
            Column::words("verdict", "Collinearity"),
        ],
    );
    for (i, item, construct) in &items {
        let vif = m.item_vif(item, construct);
        table.push(vec![
            Cell::text(*item),
            Cell::text(construct),
            Cell::of(m.fit.estimate.weights.get(*i).copied(), 3, true),
            Cell::of(m.fit.estimate.loadings.get(*i).copied(), 3, true),
            Cell::of(vif, 2, false),
            Cell::Verdict(m.assessment.thresholds.judge("F02", vif), String::new()),
        ]);
    }
    let summary = |r: usize| {
        let (_, item, construct) = items.get(r)?;
        m.summary(Kind::Weight, item, construct)
    };
    if let Some(heading) = m.interval_heading() {
        insert(&mut table, 3, Column::words("interval", &heading), |r| interval_or_none(summary(r)));
        insert(&mut table, 3, Column::numbers("p", "p"), |r| {
            summary(r).map_or(Cell::NotApplicable(String::new()), Summary::p_cell)
        });
        insert(&mut table, 3, Column::numbers("t", "t"), |r| {
            Cell::of(summary(r).and_then(|s| s.t), 2, false)
        });
        insert(&mut table, 3, Column::numbers("sd", "SE"), |r| {
            Cell::of(summary(r).and_then(|s| s.sd), 3, true)
        });
    }
    table.note("Weights are those of unit-variance scores.");
    table.note(m.assessment.thresholds.footnote("F02"));
    if let Some(bootstrap) = m.bootstrap {
        table.note(bootstrap.accounting());
    }
    let known: Vec<(&str, &Summary)> =
        items.iter().enumerate().filter_map(|(r, (_, item, _))| Some((*item, summary(r)?))).collect();
    let open: Vec<String> = known
        .iter()
        .filter(|(_, summary)| !summary.excludes_zero())
        .map(|(item, _)| (*item).to_owned())
        .collect();
    let strongest = known.iter().max_by(|a, b| a.1.original.abs().total_cmp(&b.1.original.abs()));
    let words = strongest.map_or_else(
        || "Whether a weight differs from 0 needs the bootstrap.".to_owned(),
        |(item, summary)| {
            let tail = if open.is_empty() {
                format!("none of the {} intervals includes 0.", known.len())
            } else {
                format!("{} of {} intervals include 0: {}.", open.len(), known.len(), list(&open, 12))
            };
            format!("{item} {} has the largest weight; {tail}", with_interval(summary))
        },
    );
    let mut exhibit = Exhibit::new(table).grouped("construct").reading(words);
    exhibit.judge("vif", |_, vif| m.assessment.thresholds.judge("F02", Some(vif)));
    section.exhibits.push(exhibit);
    section
}
