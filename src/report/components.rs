//! Components of higher-order constructs: their own measurement, stage by stage.

use super::words::interval_or_none;
use super::{Material, Section, SectionId};
use crate::document::{Exhibit, insert};
use crate::model::{ConstructId, HigherOrder};
use crate::resample::Kind;
use crate::table::{Cell, Column, list};

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Components);
    let written = m.fit.written();
    let mut wholes: Vec<(HigherOrder, Vec<String>)> = Vec::new();
    let named = written.constructs().iter().enumerate().filter_map(|(at, construct)| {
        let approach = written.approach(&construct.name, m.fit.settings.higher_order);
        let order = match written.order(ConstructId::new(at)) {
            2 => "second",
            3 => "third",
            _ => "higher",
        };
        let parts = construct.components()?;
        Some((approach, format!("{} ({order} order: {})", construct.name, list(parts, 12))))
    });
    for (approach, name) in named {
        match wholes.iter_mut().find(|(known, _)| *known == approach) {
            Some((_, names)) => names.push(name),
            None => wholes.push((approach, vec![name])),
        }
    }
    if wholes.is_empty() && m.fit.measured_before().is_empty() {
        return section;
    }
    let how = |approach: HigherOrder| match approach {
        HigherOrder::Disjoint => {
            "by the disjoint two-stage approach: the components are estimated in its place first, and their scores are its \
             items then"
        }
        HigherOrder::Embedded => {
            "by the embedded two-stage approach: the items of the components are repeated on it first, and the scores of the \
             components are its items then"
        }
        HigherOrder::Repeated => "by repeated indicators: the items of the components are its items as well",
        HigherOrder::ExtendedRepeated => {
            "by repeated indicators, its predictors reaching the components as well (extended approach)"
        }
        HigherOrder::Saturated => {
            "in two stages, the first of which joins every construct to every other; the scores of the components are its \
             items then"
        }
    };
    let sentences: Vec<String> = wholes
        .iter()
        .map(|(approach, names)| {
            let verb = if names.len() == 1 { "is" } else { "are" };
            format!("{} {verb} made of constructs, and estimated {}.", list(names, 8), how(*approach))
        })
        .collect();
    section.intro.push(if wholes.is_empty() {
        "The last stage knows the constructs by their scores; here they are assessed by their items.".to_owned()
    } else {
        format!(
        "{} As a construct with items of its own each is assessed together with all others; here its components are assessed \
         by their items.",
        sentences.join(" ")
    )
    });
    for mut table in m.assessment.components(m.fit) {
        let items = table.key.starts_with("components_items");
        let pairs: Vec<(String, String)> = table
            .rows
            .iter()
            .map(|row| {
                let cell = |at: usize| row.get(at).map(Cell::show).unwrap_or_default();
                (cell(0), cell(1))
            })
            .collect();
        // Weights form a construct, loadings reflect it: each with its interval where it counts.
        let formative = |r: usize| pairs.get(r).is_some_and(|(_, of)| m.fit.is_formative(of));
        for (kind, key, counts) in [(Kind::Weight, "weight", true), (Kind::Loading, "loading", false)] {
            let summary = |r: usize| {
                let (item, of) = pairs.get(r).filter(|_| formative(r) == counts)?;
                m.summary(kind, item, of)
            };
            let resampled = items && (0..pairs.len()).any(|r| summary(r).is_some());
            if let Some(heading) = m.interval_heading().filter(|_| resampled) {
                let at = table.columns.iter().position(|column| column.key == key).map_or(2, |at| at + 1);
                let column = Column::words(&format!("{key}_interval"), &heading);
                insert(&mut table, at, column, |r| {
                    if formative(r) == counts { interval_or_none(summary(r)) } else { Cell::Blank }
                });
            }
        }
        let ratios = table.key.starts_with("components_htmt_") && !table.key.contains("problems");
        let loading = table.columns.iter().position(|column| column.key == "loading");
        let keys: Vec<String> = table.columns.iter().skip(1).map(|column| column.key.clone()).collect();
        let mut exhibit = Exhibit::new(table);
        let thresholds = &m.assessment.thresholds;
        exhibit.judge("loading", |_, value| thresholds.judge("R01", Some(value)));
        exhibit.marks.retain(|(r, c), _| Some(*c) != loading || !formative(*r));
        for (key, id) in [("alpha", "R03"), ("rho_a", "R05"), ("rho_c", "R04"), ("ave", "R07")] {
            exhibit.judge(key, |_, value| thresholds.judge(id, Some(value)));
        }
        for key in keys.iter().filter(|_| ratios) {
            exhibit.judge(key, |_, value| thresholds.judge("R08", Some(value)));
        }
        section.exhibits.push(exhibit);
    }
    section
}
