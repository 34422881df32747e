//! The list of checks on the first page: one line each, problems first.

use super::words::{counted, percent};
use super::{Light, Material};
use crate::assess::rule;
use crate::resample::Kind;
use crate::survey::Screening;
use crate::table::{Cell, Verdict, apa};

/// The table behind a rule.
fn table_of(rule: &str) -> &'static str {
    match rule {
        "D07" => "screening",
        "R01" => "items",
        "R03" | "R04" | "R05" | "R07" => "reliability",
        "R08" | "R09" => "htmt",
        "R11" => "fornell_larcker",
        "F02" => "formative",
        "S01" => "structure",
        "S06" => "explained",
        "S11" | "S13" => "fit",
        "C01" | "C02" | "C03" | "C04" => "fit_measures",
        "X11" => "manifest",
        _ => "",
    }
}

/// Every check, problems first, the order of a results section within each.
pub(super) fn lights(m: &Material<'_>) -> Vec<Light> {
    let show = |cell: Option<&Cell>| cell.map(Cell::show).unwrap_or_default();
    let mut lights: Vec<Light> = m
        .assessment
        .verdicts(m.fit)
        .rows
        .iter()
        .map(|row| {
            let verdict = match row.get(2) {
                Some(Cell::Verdict(verdict, _)) => *verdict,
                _ => Verdict::NotApplicable,
            };
            light(&show(row.first()), verdict, show(row.get(3)), show(row.get(4)))
        })
        .collect();
    lights.extend(upper_bounds(m));
    lights.extend(inadmissible(m));
    lights.extend(careless(m.screening));
    sort(&mut lights);
    lights
}

/// Problems first; the order of a results section within each.
pub(super) fn sort(lights: &mut [Light]) {
    lights.sort_by_key(|light| match light.verdict {
        Verdict::Fail => 0,
        Verdict::Check => 1,
        Verdict::Ok | Verdict::Info => 2,
        Verdict::NotApplicable => 3,
    });
}

pub(super) fn light(id: &str, verdict: Verdict, tally: String, worst: String) -> Light {
    let rule = rule(id);
    let to_do = matches!(verdict, Verdict::Check | Verdict::Fail);
    Light {
        rule: id.to_owned(),
        quantity: rule.map_or(id, |rule| rule.quantity).to_owned(),
        verdict,
        tally,
        worst,
        advice: rule.filter(|_| to_do).map_or("", |rule| rule.advice).to_owned(),
        table: table_of(id).to_owned(),
    }
}

/// One-sided upper bounds of HTMT.
fn upper_bounds(m: &Material<'_>) -> Option<Light> {
    let judged: Vec<(Verdict, &str, f64)> = m
        .bootstrap?
        .of_kind(Kind::Htmt)
        .filter_map(|(quantity, summary, _)| {
            let upper = summary.as_ref().map(|summary| summary.upper).filter(|upper| upper.is_finite())?;
            Some((m.assessment.thresholds.judge("R09", Some(upper)), quantity.name.as_str(), upper))
        })
        .collect();
    let (verdict, name, upper) = judged.iter().max_by(|a, b| a.2.total_cmp(&b.2))?;
    let count = |wanted: Verdict| judged.iter().filter(|(verdict, _, _)| *verdict == wanted).count();
    let tally =
        format!("{} ok, {} check, {} fail", count(Verdict::Ok), count(Verdict::Check), count(Verdict::Fail));
    Some(light("R09", *verdict, tally, format!("{name} {}", apa(*upper, 3))))
}

/// Resamples without a possible estimate.
fn inadmissible(m: &Material<'_>) -> Option<Light> {
    let bootstrap = m.bootstrap?;
    let bad: usize = bootstrap.reasons.values().sum();
    let share = bootstrap.inadmissible_share();
    let worst = bootstrap
        .reasons
        .iter()
        .max_by_key(|(_, count)| **count)
        .map_or_else(String::new, |(reason, count)| format!("{count} with {}", reason.words()));
    let tally = format!("{} of {} ({} %)", bad, bootstrap.flags.len(), percent(share, 1));
    Some(light("X11", m.assessment.thresholds.judge("X11", Some(share)), tally, worst))
}

/// Cases that look careless: there is no rule, but the reader must know.
pub(super) fn careless(screening: Option<&Screening>) -> Option<Light> {
    let screening = screening?;
    let (straight, repeats) = (screening.straight_liners.len(), screening.repeats.len());
    let clean = straight + repeats == 0;
    let line = screening.straight_liners.first().or(screening.repeats.first().map(|repeat| &repeat.line));
    Some(Light {
        rule: String::new(),
        quantity: "careless answers".to_owned(),
        verdict: if clean { Verdict::Ok } else { Verdict::Check },
        tally: format!(
            "{}, {}",
            counted(straight, "straight-liner", "straight-liners"),
            counted(repeats, "repeated case", "repeated cases")
        ),
        worst: line.map_or_else(String::new, |line| format!("line {line}")),
        advice: if clean { "" } else { "look at these cases, and report results with and without them" }
            .to_owned(),
        table: if clean { "screening" } else { "careless" }.to_owned(),
    })
}

/// The checks in a sentence.
pub(super) fn summary(lights: &[Light]) -> Vec<String> {
    let count = |wanted: Verdict| lights.iter().filter(|light| light.verdict == wanted).count();
    let parts: Vec<String> =
        [Verdict::Fail, Verdict::Check, Verdict::Ok, Verdict::Info, Verdict::NotApplicable]
            .into_iter()
            .filter(|&verdict| count(verdict) > 0)
            .map(|verdict| format!("{} {}", count(verdict), verdict.word()))
            .collect();
    vec![format!("{}: {}.", counted(lights.len(), "check", "checks"), parts.join(", "))]
}
