//! Thresholds set by hand, over those of the rules.
//!
//! Written on the command line (`--threshold`) or in the model file (`#@ threshold`) as `R01=0.6` or `R01=0.6,0.4`: where the value is fine, and where it is broken. A rule with an edge at
//! either end (rho_C) takes both (`R04=0.7,0.95`) or all four from below (`R04=0.6,0.7,0.9,0.95`). Every table that
//! uses such a rule says so, with the default beside it.
//!
//! | code | problem |
//! |---|---|
//! | TP0450 | a threshold for a rule that does not exist |
//! | TP0451 | a threshold for a rule that judges no number |
//! | TP0452 | thresholds that cannot be read, or are out of order |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::{Rule, known, nearest_rule, rule};
use super::verdict::Bands;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::survey::MostMissing;
use crate::table::Verdict;

/// Bands by the id of their rule.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thresholds(BTreeMap<String, Bands>);

impl Thresholds {
    /// Whether nothing was set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ids of the rules whose thresholds were set.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The thresholds that a model file sets (`#@ threshold R01 = .6`).
    ///
    /// # Errors
    /// As [`Thresholds::set`], each in its place in the model file.
    pub fn of(model: &Model) -> Result<Self, Diagnostics> {
        let mut thresholds = Self::default();
        let mut problems = Vec::new();
        for written in &model.about.thresholds {
            if let Err(found) = thresholds.set(&written.text) {
                let (source, span) = &written.place;
                problems
                    .extend(found.0.into_iter().map(|problem| problem.at(source, span.clone(), "set here")));
            }
        }
        if problems.is_empty() { Ok(thresholds) } else { Err(Diagnostics(problems)) }
    }

    /// Takes in what was written, such as `R01=0.6,0.4`.
    ///
    /// # Errors
    /// `TP0450` to `TP0452`, naming what cannot be used.
    pub fn set(&mut self, written: &str) -> Result<(), Diagnostics> {
        let (id, numbers) = written.split_once('=').unwrap_or((written, ""));
        let id = id.trim();
        let Some(rule) = rule(id) else {
            let problem = Diagnostic::error("TP0450", format!("there is no rule `{id}`"));
            return Err(match nearest_rule(id) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("`trustpath explain` lists the rules"),
            }
            .into());
        };
        let Some(default) = rule.bands else {
            return Err(Diagnostic::error(
                "TP0451",
                format!("the rule `{}` ({}) judges no number", rule.id, rule.quantity),
            )
            .hint(format!("`trustpath explain {}` says what it asks for", rule.id))
            .into());
        };
        let parsed: Option<Vec<f64>> = numbers
            .split(',')
            .map(|number| number.trim().parse().ok().filter(|number: &f64| number.is_finite()))
            .collect();
        let bands = parsed.and_then(|numbers| bands(&default, &numbers)).ok_or_else(|| {
            let (example, meaning) = form(rule, &default);
            Diagnostic::error("TP0452", format!("`{written}` sets no threshold of `{}`", rule.id))
                .hint(format!("write it like `{example}`: {meaning}"))
        })?;
        self.0.insert(rule.id.to_owned(), bands);
        Ok(())
    }

    /// Up to where a value is fine, and from where it is broken, of a rule that asks for small values; what has no such
    /// bound is infinite.
    pub(crate) fn upper(&self, id: &'static str) -> (f64, f64) {
        let bands = self.bands(known(id));
        let bound = |of: fn(&Bands) -> Option<f64>| bands.as_ref().and_then(of);
        let fail = bound(|bands| bands.fail_from).unwrap_or(f64::INFINITY);
        (bound(|bands| bands.check_from).unwrap_or(fail), fail)
    }

    /// The bands in force.
    pub fn bands(&self, rule: &Rule) -> Option<Bands> {
        self.0.get(rule.id).copied().or(rule.bands)
    }

    /// The bands of a rule, if they were set.
    pub(crate) fn by_hand(&self, id: &str) -> Option<Bands> {
        self.0.get(id).copied()
    }

    /// From which shares of missing answers an item and a case are worth a look: rules D07 and D08.
    pub fn screening(&self) -> MostMissing {
        MostMissing { of_item: self.upper("D07").0, of_case: self.upper("D08").0 }
    }

    /// The size of an effect in words. Where the rule's threshold was set by hand, it decides what is negligible.
    pub(crate) fn size(
        &self,
        id: &'static str,
        value: f64,
        words: impl Fn(f64) -> &'static str,
    ) -> &'static str {
        let word = words(value);
        match self.by_hand(id).map(|bands| bands.judge(Some(value))) {
            Some(Verdict::Ok) if word == "negligible" => "small",
            None | Some(Verdict::Ok) => word,
            Some(_) => "negligible",
        }
    }

    /// What a value comes to under the bands in force.
    pub(crate) fn judge(&self, id: &'static str, value: Option<f64>) -> Verdict {
        self.bands(known(id)).map_or(Verdict::NotApplicable, |bands| bands.judge(value))
    }

    /// Rule and source for a note below a table; what was set by hand is said with the default beside it.
    pub(crate) fn footnote(&self, id: &'static str) -> String {
        let rule = known(id);
        match self.0.get(rule.id) {
            None => rule.footnote(),
            Some(bands) => format!(
                "{} {}: {} (set by hand; default: {}{}).",
                rule.id,
                rule.quantity,
                bands.words(),
                rule.rule,
                if rule.source.is_empty() { String::new() } else { format!(", {}", rule.source) }
            ),
        }
    }
}

/// The numbers in the form of the rule's own bands; `None` where there are too many or they are out of order.
fn bands(default: &Bands, numbers: &[f64]) -> Option<Bands> {
    let low = default.check_below.is_some();
    let high = default.check_from.is_some();
    let fails_low = default.fail_below.is_some();
    let fails_high = default.fail_from.is_some();
    let set = match (low, high, numbers) {
        (true, false, &[ok]) => {
            Bands { check_below: Some(ok), fail_below: fails_low.then_some(ok), ..*default }
        }
        (true, false, &[ok, fail]) => Bands { check_below: Some(ok), fail_below: Some(fail), ..*default },
        (false, true, &[ok]) => {
            Bands { check_from: Some(ok), fail_from: fails_high.then_some(ok), ..*default }
        }
        (false, true, &[ok, fail]) => Bands { check_from: Some(ok), fail_from: Some(fail), ..*default },
        (true, true, &[from, to]) => Bands {
            fail_below: fails_low.then_some(from),
            check_below: Some(from),
            check_from: Some(to),
            fail_from: fails_high.then_some(to),
        },
        (true, true, &[fail_below, from, to, fail_from]) => Bands::within(fail_below, from, to, fail_from),
        _ => return None,
    };
    set.bounds().is_sorted().then_some(set)
}

/// How a threshold of a rule is written.
fn form(rule: &Rule, default: &Bands) -> (String, &'static str) {
    let id = rule.id;
    match (default.check_below, default.check_from) {
        (Some(low), Some(high)) => {
            (format!("{id}={low},{high}"), "the two ends of what is fine, or all four bounds from below")
        }
        (Some(low), None) => {
            (format!("{id}={low}"), "fine from there on, then where it fails, the lower number")
        }
        (_, high) => {
            let high = high.unwrap_or_default();
            (format!("{id}={high}"), "fine below, then where it fails, the larger number")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn set(written: &str) -> Result<Thresholds, Diagnostics> {
        let mut thresholds = Thresholds::default();
        thresholds.set(written).map(|()| thresholds)
    }

    #[test]
    fn one_number_is_a_single_edge_and_two_are_a_band() {
        let one = set("r01=0.6").unwrap();
        assert_eq!(one.judge("R01", Some(0.6)), Verdict::Ok);
        assert_eq!(one.judge("R01", Some(0.59)), Verdict::Fail);
        let two = set("R08=0.80,0.95").unwrap();
        assert_eq!(two.judge("R08", Some(0.9)), Verdict::Check);
        assert_eq!(two.judge("R08", Some(0.95)), Verdict::Fail);
        assert_eq!(two.judge("R01", Some(0.7)), Verdict::Check, "others keep theirs");
        let four = set("R04=0.5,0.6,0.97,0.99").unwrap();
        assert_eq!(four.judge("R04", Some(0.96)), Verdict::Ok);
        assert_eq!(set("S06=0.05").unwrap_err().0[0].code, "TP0452");
    }

    #[test]
    fn the_footnote_names_the_default() {
        let words = set("R08=0.80").unwrap().footnote("R08");
        assert!(words.contains("< .800 ok") && words.contains("set by hand") && words.contains("< .85 ok"));
        assert_eq!(Thresholds::default().footnote("R08"), known("R08").footnote());
    }

    #[test]
    fn a_size_follows_the_threshold_set_by_hand() {
        let words = crate::assess::interaction_f_squared_words;
        let sizes =
            |thresholds: &Thresholds| [0.004, 0.006, 0.02, 0.03].map(|f2| thresholds.size("S09", f2, words));
        assert_eq!(sizes(&Thresholds::default()), ["negligible", "small", "medium", "large"]);
        assert_eq!(sizes(&set("S09=0.01").unwrap()), ["negligible", "negligible", "medium", "large"]);
        assert_eq!(sizes(&set("S09=0.001").unwrap()), ["small", "small", "medium", "large"]);
    }

    #[test]
    fn screening_takes_the_shares_in_force() {
        let default = Thresholds::default().screening();
        assert_eq!(default, MostMissing::default());
        let by_hand = set("D07=0.2,0.3").unwrap();
        assert_eq!(by_hand.screening(), MostMissing { of_item: 0.2, ..default });
        assert_eq!(set("D08=0.5").unwrap().screening().of_case, 0.5);
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        assert_eq!(set("R98=1").unwrap_err().0[0].code, "TP0450");
        assert_eq!(set("D06=10").unwrap_err().0[0].code, "TP0451");
        for written in ["R01", "R01=", "R01=x", "R01=inf", "R01=0.4,0.6", "R08=0.9,0.8", "R01=1,0.5,0.2"] {
            assert_eq!(set(written).unwrap_err().0[0].code, "TP0452", "{written}");
        }
    }

    #[test]
    fn a_model_file_sets_thresholds_and_its_mistakes_are_shown_in_place() {
        let text = "A =~ a1 + a2\nB =~ b1\nB ~ A\n#@ threshold R01 = .6, .4\n#@ threshold r08=.8\n";
        let model = Model::parse(text).unwrap();
        let set = Thresholds::of(&model).unwrap();
        assert_eq!(set.judge("R01", Some(0.55)), Verdict::Check);
        assert_eq!(set.judge("R08", Some(0.82)), Verdict::Fail);
        assert_eq!(Model::parse(&model.to_string()).unwrap(), model, "printed and read again");
        let mut typed = set.clone();
        typed.set("R01=0.5").unwrap();
        assert_eq!(typed.judge("R01", Some(0.55)), Verdict::Ok, "what is set later wins");
        let wrong = Model::parse(&text.replace("R01", "R99")).unwrap();
        let problem = Thresholds::of(&wrong).unwrap_err().0.remove(0);
        assert_eq!(problem.code, "TP0450");
        assert!(problem.to_string().contains(":4:"), "{problem}");
        for (broken, code) in [("R01", "TP0154"), ("R01 =", "TP0154"), ("R08 = .7", "TP0155")] {
            let text = text.replace("R01 = .6, .4", broken);
            let text = if code == "TP0155" { text } else { text.replace("r08=.8", "R07=.4") };
            let error = Model::parse(&text).unwrap_err().to_string();
            assert!(error.contains(code), "{broken}: {error}");
        }
    }

    #[test]
    fn thresholds_survive_json() {
        let set = set("R01=0.6,0.4").unwrap();
        let text = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<Thresholds>(&text).unwrap(), set);
    }
}
