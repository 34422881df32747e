//! The catalogue of Simplified Chinese, by where the English stands.

mod assess;
mod effects;
mod report;
mod rules;
mod sem;
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
}
