//! The works behind the rules and methods that a report shows.

use super::method::{approaches, is_consistent};
use super::works::KNOWN;
use super::{Material, Report};
use crate::assess::rules;

/// Every work that the report leans on, in alphabetical order.
pub(super) fn used(report: &Report, m: &Material<'_>) -> Vec<String> {
    let mut works = vec!["Kock & Hadaya 2018"];
    if is_consistent(m) {
        works.push("Dijkstra & Henseler 2015");
    }
    works.extend(approaches(m).into_iter().map(|(_, work)| work));
    of(report, works)
}

/// The works behind the rules that a report shows, and `works` besides.
pub(super) fn of(report: &Report, works: Vec<&'static str>) -> Vec<String> {
    let notes: Vec<&String> = report
        .sections
        .iter()
        .flat_map(|section| &section.exhibits)
        .flat_map(|exhibit| &exhibit.table.notes)
        .collect();
    let mut short: Vec<&str> = rules()
        .iter()
        .filter(|rule| {
            let footnote = rule.footnote();
            report.lights.iter().any(|light| light.rule == rule.id)
                || notes.iter().any(|note| note.contains(&footnote))
        })
        .flat_map(|rule| rule.source.split("; "))
        .filter(|source| !source.is_empty())
        .collect();
    short.extend(works);
    if notes.iter().any(|note| note.contains("Streukens & Leroi-Werelds 2016")) {
        short.push("Streukens & Leroi-Werelds 2016");
    }
    short.sort_unstable();
    short.dedup();
    short.into_iter().map(full).collect()
}

/// A work in full, where it is known.
fn full(source: &str) -> String {
    let known = KNOWN.iter().find(|(key, _)| *key == source);
    known.map_or_else(|| format!("{source}."), |(_, full)| (*full).to_owned())
}

/// Adds the works behind the rules that stand under further tables.
pub(super) fn add(references: &mut Vec<String>, notes: &[String]) {
    let rules = rules().iter().filter(|rule| notes.iter().any(|note| note.contains(&rule.footnote())));
    let sources = rules.flat_map(|rule| rule.source.split("; ")).filter(|source| !source.is_empty());
    references.extend(sources.map(full));
    references.sort_unstable();
    references.dedup();
}
