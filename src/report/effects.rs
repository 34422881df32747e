//! Indirect and total effects.

use super::words::{chain_label, with_interval};
use super::{Material, Section, SectionId};
use crate::document::Exhibit;
use crate::effects::{Mediation, Moderation, ModerationSettings};
use crate::resample::{Bootstrapped, Kind};
use crate::table::{Cell, Column, Table, apa};

/// Longer tables are folded.
const MOST_ROWS: usize = 40;

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut section = Section::new(SectionId::Effects);
    if m.assessment.specific_indirect_effects.names().is_empty() {
        section.exhibits.extend(m.bootstrap.map(|bootstrap| moderation(m, bootstrap)).unwrap_or_default());
        return section;
    }
    section.intro.push(
        "An indirect effect is the product of the path coefficients along a chain. It says what the model implies, \
         not that the order of the constructs is the true one."
            .to_owned(),
    );
    section.exhibits = match m.bootstrap {
        Some(bootstrap) => bootstrapped(m, bootstrap),
        None => estimated(m),
    };
    section.exhibits.extend(m.bootstrap.map(|bootstrap| moderation(m, bootstrap)).unwrap_or_default());
    section
}

/// Interactions probed; nothing for a model without any.
fn moderation(m: &Material<'_>, bootstrap: &Bootstrapped) -> Vec<Exhibit> {
    let Ok(found) = Moderation::of(m.fit, m.assessment, bootstrap, &ModerationSettings::default()) else {
        return Vec::new();
    };
    let exhibits = vec![
        Exhibit::new(found.interactions_table()),
        Exhibit::new(found.simple_slopes_table()),
        Exhibit::new(found.johnson_neyman_table()).reading(found.readings().join(" ")),
        Exhibit::new(found.conditional_indirect_table()).folded_beyond(MOST_ROWS),
        Exhibit::new(found.moderated_mediation_table()),
    ];
    exhibits.into_iter().filter(|exhibit| !exhibit.table.rows.is_empty()).collect()
}

fn bootstrapped(m: &Material<'_>, bootstrap: &Bootstrapped) -> Vec<Exhibit> {
    let exhibit = |table, kind, what| {
        Exhibit::new(table).reading(reading(bootstrap, kind, what)).folded_beyond(MOST_ROWS)
    };
    vec![
        // A chain names every construct already; labels would make the rows too long.
        exhibit(bootstrap.specific_indirect_effects(), Kind::SpecificIndirect, "specific indirect effects"),
        Exhibit::new(Mediation::of(m.fit, bootstrap).total_table()).folded_beyond(MOST_ROWS),
        exhibit(bootstrap.total_effects(), Kind::TotalEffect, "total effects")
            .labelled(|name| chain_label(m, name)),
    ]
}

fn estimated(m: &Material<'_>) -> Vec<Exhibit> {
    let mut table = Table::new(
        "specific_indirect_effects",
        "Specific indirect effects",
        vec![Column::words("name", "Path"), Column::numbers("estimate", "Estimate")],
    );
    let effects = || m.assessment.specific_indirect_effects.iter();
    for (name, value) in effects() {
        table.push(vec![Cell::text(name), Cell::of(value, 3, true)]);
    }
    let strongest = effects()
        .filter_map(|(name, value)| Some((name, value?)))
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        .map_or_else(String::new, |(name, value)| format!("The strongest is {name} {}.", apa(value, 3)));
    vec![
        Exhibit::new(table).reading(strongest).folded_beyond(MOST_ROWS),
        Exhibit::new(m.assessment.effects(m.fit))
            .labelled(|name| chain_label(m, name))
            .folded_beyond(MOST_ROWS),
    ]
}

/// The strongest effect, and how many intervals leave 0 out.
fn reading(bootstrap: &Bootstrapped, kind: Kind, what: &str) -> String {
    let known: Vec<_> = bootstrap.of_kind(kind).filter_map(|(q, s, _)| Some((q, s.as_ref()?))).collect();
    let clear = known.iter().filter(|(_, summary)| summary.excludes_zero()).count();
    known.iter().max_by(|a, b| a.1.original.abs().total_cmp(&b.1.original.abs())).map_or_else(
        String::new,
        |(quantity, summary)| {
            format!(
                "{clear} of {} {what} have an interval without 0; the strongest is {} {}.",
                known.len(),
                quantity.name,
                with_interval(summary)
            )
        },
    )
}
