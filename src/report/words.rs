//! Small words: numbers in sentences, lists, judgements.

use super::Material;
use crate::assess::rule;
use crate::model::Model;
use crate::resample::Summary;
use crate::table::{Cell, Language, Verdict, apa};

/// `1,234`.
pub(super) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 case`, `2 cases`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A share as a percentage: `95`, `0.18`.
pub(super) fn percent(share: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", share * 100.0);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `.410 [.330, .490]`, in one line.
pub(super) fn with_interval(summary: &Summary) -> String {
    format!("{} {}", apa(summary.original, 3), interval(summary).show()).replace(' ', "\u{a0}")
}

/// The interval as a cell.
pub(super) fn interval(summary: &Summary) -> Cell {
    if summary.low.is_finite() && summary.high.is_finite() {
        Cell::Interval { low: summary.low, high: summary.high, digits: 3 }
    } else {
        Cell::NotApplicable(String::new())
    }
}

/// The interval of a quantity that may be undefined.
pub(super) fn interval_or_none(summary: Option<&Summary>) -> Cell {
    summary.map_or_else(|| Cell::NotApplicable(String::new()), interval)
}

/// The rule and its source for a note below a table.
pub(super) fn footnote(id: &str) -> String {
    rule(id).map(crate::assess::Rule::footnote).unwrap_or_default()
}

/// A threshold as it is written: `.85`, `.08`, `3`.
pub(super) fn bound(threshold: f64) -> String {
    let text = format!("{threshold}");
    match text.strip_prefix("0.") {
        // Two digits at least: `.90`.
        Some(digits) => format!(".{digits:0<2}"),
        None => text,
    }
}

/// Whether a verdict asks the reader to look.
pub(super) fn is_problem(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Check | Verdict::Fail)
}

/// Label of a construct in the language of the report, or in the other one.
pub(super) fn label(m: &Material<'_>, name: &str) -> Option<String> {
    label_in(&m.fit.model, m.context.language, name)
}

/// Label of a construct of a model in a language, or in the other one.
pub(super) fn label_in(model: &Model, language: Language, name: &str) -> Option<String> {
    let construct = model.constructs().iter().find(|construct| construct.name == name)?;
    if let Some(factors) = construct.factors() {
        let labels: Vec<Option<String>> =
            factors.iter().map(|factor| label_in(model, language, factor)).collect();
        let any = labels.iter().any(Option::is_some);
        let words = factors.iter().zip(labels).map(|(factor, label)| label.unwrap_or_else(|| factor.clone()));
        return any.then(|| words.collect::<Vec<_>>().join(" × "));
    }
    let (english, chinese) = (construct.label.clone(), construct.label_zh.clone());
    match language {
        Language::English => english.or(chinese),
        Language::Chinese => chinese.or(english),
    }
}

/// Labels of a chain of constructs, `A → B`, if any has one.
pub(super) fn chain_label(m: &Material<'_>, chain: &str) -> Option<String> {
    chain_label_in(&m.fit.model, m.context.language, chain)
}

/// The same of a model in a language.
pub(super) fn chain_label_in(model: &Model, language: Language, chain: &str) -> Option<String> {
    let names: Vec<&str> = chain.split(" → ").collect();
    let labels: Vec<Option<String>> = names.iter().map(|name| label_in(model, language, name)).collect();
    let any = labels.iter().any(Option::is_some);
    let words = names.iter().zip(labels).map(|(name, label)| label.unwrap_or_else(|| (*name).to_owned()));
    any.then(|| words.collect::<Vec<_>>().join(" → "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_a_person_would_write_them() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(480), "480");
        assert_eq!(counted(1, "case", "cases"), "1 case");
        assert_eq!(percent(0.95, 1), "95");
        assert_eq!(percent(0.00179, 2), "0.18");
        assert_eq!(percent(1.0, 0), "100");
    }
}
