//! The field's reporting checklist as data, one file per section.
//!
//! A rule whose threshold was seen in a source may name volume and pages; one known from the literature is cited by
//! author and year only; a house rule carries no citation. Rules without [`Bands`] have no single number to judge:
//! they say what to report.

mod covariance;
mod data;
mod extensions;
mod formative;
mod groups;
mod prediction;
mod reflective;
mod robustness;
mod structural;

use std::sync::LazyLock;

use serde::Serialize;

use super::verdict::Bands;
use crate::diagnostic::nearest;
use crate::model::words;
use crate::table::{Language, Verdict};

words! {
    /// How well the source of a rule is known.
    Status: "status" {
        /// The threshold was seen in the source or in a text that quotes it.
        Verified = "verified",
        /// A standard value of the literature, cited by author and year.
        Literature = "literature",
        /// A rule of this program, without citation.
        House = "house",
    }
}

/// Another threshold that is in use for the same quantity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alternative {
    /// When it is used, or by whom.
    pub name: &'static str,
    /// The rule in words.
    pub rule: &'static str,
    /// Author and year; empty for a house rule.
    pub source: &'static str,
}

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rule {
    /// Stable id, such as `R08`.
    pub id: &'static str,
    /// What is judged.
    pub quantity: &'static str,
    /// The rule in words.
    pub rule: &'static str,
    /// Where a value is fine, worth a look, or broken; `None` where no single number can be judged.
    pub bands: Option<Bands>,
    /// Other thresholds in use.
    pub alternatives: &'static [Alternative],
    /// Author and year; empty for a house rule.
    pub source: &'static str,
    /// Sources with volume and pages, for verified rules only.
    pub references: &'static [&'static str],
    /// How well the source is known.
    pub status: Status,
    /// What the quantity means.
    pub meaning: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do when it does not hold.
    pub advice: &'static str,
    /// Keys of the tables that show it.
    pub tables: &'static [&'static str],
}

/// Results that no verb computes yet.
const ABROAD: [&str; 7] = ["predict", "cvpat", "micom", "groups", "cmb", "nca", "ipma"];

impl Rule {
    /// Author and year, or that it is a rule of the house.
    pub fn said_by(&self) -> &'static str {
        if self.status == Status::House { "house rule" } else { self.source }
    }

    /// What there is to say about it, line by line.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        self.lines_in(Language::English)
    }

    /// The same with other thresholds in a language; all else is left to whoever shows the lines.
    pub fn lines_in(&self, language: Language) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("Section", self.section().to_owned()),
            ("Rule", self.rule.to_owned()),
            ("Meaning", self.meaning.to_owned()),
            ("Why", self.why.to_owned()),
            ("What to do", self.advice.to_owned()),
        ];
        if let Some(bands) = self.bands {
            lines.push(("Judged", bands.words()));
        }
        for other in self.alternatives {
            let by = match language {
                _ if other.source.is_empty() => String::new(),
                Language::English => format!(" ({})", other.source),
                Language::Chinese => format!("（{}）", other.source),
            };
            let colon = language.colon();
            let (name, rule) = (language.say(other.name), language.say(other.rule));
            lines.push(("Also in use", format!("{name}{colon}{rule}{by}")));
        }
        if !self.source.is_empty() || self.status == Status::House {
            lines.push(("Source", self.said_by().to_owned()));
        }
        for reference in self.references {
            lines.push(("Published in", (*reference).to_owned()));
        }
        let shown = self.tables.iter().filter(|table| !ABROAD.contains(table));
        let shown: Vec<String> = shown.map(|table| format!("`{table}`")).collect();
        if !shown.is_empty() {
            lines.push(("Shown in", shown.join(", ")));
        } else if !self.tables.is_empty() {
            lines.push(("Shown in", "no result of this program yet; for reading those of others".to_owned()));
        }
        if self.bands.is_some() {
            let words = "in the model file, or `--threshold` of `fit`, `measurement` and `report`";
            lines.push(("Override", format!("`#@ threshold {}=NUMBERS` {words}", self.id)));
        }
        lines
    }

    /// What a value comes to; a rule without bands does not apply to numbers.
    pub fn judge(&self, value: Option<f64>) -> Verdict {
        self.bands.map_or(Verdict::NotApplicable, |bands| bands.judge(value))
    }

    /// Rule and source for a note below a table.
    pub fn footnote(&self) -> String {
        if self.source.is_empty() {
            format!("{} {}: {}.", self.id, self.quantity, self.rule)
        } else {
            format!("{} {}: {} ({}).", self.id, self.quantity, self.rule, self.source)
        }
    }

    /// The section of the checklist that the rule stands in.
    pub fn section(&self) -> &'static str {
        match self.id.as_bytes().first() {
            Some(b'D') => "Study and data",
            Some(b'R') => "Reflective measurement",
            Some(b'F') => "Formative measurement",
            Some(b'S') => "Structural model",
            Some(b'P') => "Prediction",
            Some(b'M') => "Mediation, moderation, higher order",
            Some(b'G') => "Groups",
            Some(b'X') => "Robustness",
            _ => "Covariance-based models",
        }
    }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let sections: [&[Rule]; 9] = [
        &data::RULES,
        &reflective::RULES,
        &formative::RULES,
        &structural::RULES,
        &prediction::RULES,
        &extensions::RULES,
        &groups::RULES,
        &robustness::RULES,
        &covariance::RULES,
    ];
    sections.concat()
});

/// Every rule, in the order of a results section.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rule with this id, in capitals or not.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

/// The id that a wrong one was most likely meant to be.
pub fn nearest_rule(wrong: &str) -> Option<&'static str> {
    nearest(wrong, rules().iter().map(|rule| rule.id))
}

/// A rule that must exist: ids are checked by a test.
pub(crate) fn known(id: &'static str) -> &'static Rule {
    rule(id).unwrap_or(&data::RULES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checklist_is_whole_and_ids_are_unique() {
        let count = |letter: char| rules().iter().filter(|rule| rule.id.starts_with(letter)).count();
        let counts = ['D', 'R', 'F', 'S', 'P', 'M', 'G', 'X', 'C'].map(count);
        assert_eq!(counts, [16, 16, 6, 17, 8, 5, 9, 12, 8]);
        for (i, rule) in rules().iter().enumerate() {
            assert!(rules()[..i].iter().all(|other| other.id != rule.id), "{}", rule.id);
        }
    }

    #[test]
    fn bands_are_ordered() {
        for rule in rules() {
            let bounds: Vec<f64> = rule.bands.iter().flat_map(Bands::bounds).collect();
            assert!(bounds.is_sorted(), "{}", rule.id);
        }
    }

    #[test]
    fn house_rules_cite_nothing_and_literature_ones_no_pages() {
        for rule in rules() {
            match rule.status {
                Status::House => assert!(rule.source.is_empty() && rule.references.is_empty(), "{}", rule.id),
                Status::Literature => {
                    // One study of D07 was opened, the cut-offs beside it were not.
                    assert!(rule.references.is_empty() || rule.id == "D07", "{}", rule.id);
                    assert!(!rule.source.is_empty(), "{}", rule.id);
                }
                Status::Verified => assert!(rule.source.is_empty() == (rule.id == "C08"), "{}", rule.id),
            }
            // A year is four digits; pages would follow a volume in brackets.
            assert!(!rule.source.contains('('), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_says_what_it_means_and_what_to_do() {
        for rule in rules() {
            for words in [rule.quantity, rule.rule, rule.meaning, rule.why, rule.advice] {
                assert!(!words.is_empty() && !words.ends_with('.'), "{}: {words}", rule.id);
            }
        }
    }

    #[test]
    fn ids_are_found_in_any_case_and_near_ones_are_named() {
        assert_eq!(rule("r08").map(|rule| rule.quantity), Some("HTMT"));
        assert_eq!(rule("R99"), None);
        assert_eq!(nearest_rule("R0O"), Some("R01"));
        for id in ["D01", "D07", "R01", "R03", "R04", "R05", "R07", "R08", "R11", "F02", "S01", "S06", "S08"]
        {
            assert_eq!(known(id).id, id);
        }
    }

    #[test]
    fn rho_c_has_four_edges() {
        let judge = |value| known("R04").judge(Some(value));
        assert_eq!(judge(0.59), Verdict::Fail);
        assert_eq!(judge(0.65), Verdict::Check);
        assert_eq!(judge(0.80), Verdict::Ok);
        assert_eq!(judge(0.92), Verdict::Check);
        assert_eq!(judge(0.96), Verdict::Fail);
        assert_eq!(known("R04").judge(None), Verdict::NotApplicable);
        assert_eq!(known("R08").judge(Some(0.85)), Verdict::Check);
        assert_eq!(known("X11").judge(Some(0.05)), Verdict::Ok);
        assert_eq!(known("D06").judge(Some(0.05)), Verdict::NotApplicable);
    }
}
