//! The catalogue of Simplified Chinese, by where the English stands.

mod assess;
mod codes;
mod effects;
mod explain_measurement;
mod explain_prediction;
mod explain_robustness;
mod explain_structure;
mod explain_study;
mod findings;
mod output;
mod report;
mod resampling;
mod rules;
mod sem;
mod studies;
mod tables;
mod verbs;

use super::language::Entry;

pub(super) fn entries() -> impl Iterator<Item = &'static Entry> {
    tables::ENTRIES
        .iter()
        .chain(&report::ENTRIES)
        .chain(&rules::ENTRIES)
        .chain(&verbs::ENTRIES)
        .chain(&effects::ENTRIES)
        .chain(&assess::ENTRIES)
        .chain(&sem::ENTRIES)
        .chain(&studies::ENTRIES)
        .chain(&codes::ENTRIES)
        .chain(&explain_study::ENTRIES)
        .chain(&explain_measurement::ENTRIES)
        .chain(&explain_structure::ENTRIES)
        .chain(&explain_prediction::ENTRIES)
        .chain(&explain_robustness::ENTRIES)
        .chain(findings::ENTRIES)
        .chain(resampling::ENTRIES)
        .chain(output::ENTRIES)
}
