//! The field's rules of thumb as data: quantity, bands, source, what to do.
//!
//! Thresholds are conventions, not proofs. Every table that shows a verdict names the rule and its source in its
//! notes, and a check that cannot be computed is `n/a` with the reason, never `ok`.

use serde::Serialize;

use crate::table::Verdict;

/// Where a value is fine, worth a look, or broken. A bound of `None` does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bands {
    /// Below this the rule is broken.
    pub fail_below: Option<f64>,
    /// Below this it holds only in part.
    pub check_below: Option<f64>,
    /// From this on it holds only in part.
    pub check_from: Option<f64>,
    /// From this on it is broken.
    pub fail_from: Option<f64>,
}

impl Bands {
    const fn at_least(ok: f64, check: f64) -> Self {
        Self { fail_below: Some(check), check_below: Some(ok), check_from: None, fail_from: None }
    }

    const fn below(ok: f64, check: f64) -> Self {
        Self { fail_below: None, check_below: None, check_from: Some(ok), fail_from: Some(check) }
    }

    const fn within(fail_below: f64, check_below: f64, check_from: f64, fail_from: f64) -> Self {
        Self {
            fail_below: Some(fail_below),
            check_below: Some(check_below),
            check_from: Some(check_from),
            fail_from: Some(fail_from),
        }
    }

    /// What a value comes to; a missing or non-finite one does not apply.
    pub fn judge(&self, value: Option<f64>) -> Verdict {
        let Some(value) = value.filter(|v| v.is_finite()) else { return Verdict::NotApplicable };
        let below = |bound: Option<f64>| bound.is_some_and(|bound| value < bound);
        let from = |bound: Option<f64>| bound.is_some_and(|bound| value >= bound);
        if below(self.fail_below) || from(self.fail_from) {
            Verdict::Fail
        } else if below(self.check_below) || from(self.check_from) {
            Verdict::Check
        } else {
            Verdict::Ok
        }
    }
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
    /// Author and year; empty for a house rule.
    pub source: &'static str,
    /// What to do when it does not hold.
    pub advice: &'static str,
    /// The bands.
    pub bands: Bands,
}

impl Rule {
    /// What a value comes to.
    pub fn judge(&self, value: Option<f64>) -> Verdict {
        self.bands.judge(value)
    }

    /// Rule and source for a note below a table.
    pub fn footnote(&self) -> String {
        if self.source.is_empty() {
            format!("{} {}: {}.", self.id, self.quantity, self.rule)
        } else {
            format!("{} {}: {} ({}).", self.id, self.quantity, self.rule, self.source)
        }
    }
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

/// Every rule that has a number to judge, in the order of a results section.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// A rule that must exist: ids are checked by a test.
pub(crate) fn known(id: &'static str) -> &'static Rule {
    rule(id).unwrap_or(&RULES[0])
}

static RULES: [Rule; 16] = [
    Rule {
        id: "D07",
        quantity: "share of missing answers per item",
        rule: "below 5 % mean replacement is tolerable",
        source: "Hair et al. 2022",
        advice: "drop the item, or compare with `--missing listwise`",
        bands: Bands::below(0.05, 0.15),
    },
    Rule {
        id: "R01",
        quantity: "loading",
        rule: "≥ .708 ok, .40 to .708 check, < .40 fail",
        source: "Hair et al. 2019; Hulland 1999",
        advice: "delete an item between .40 and .708 only if AVE or reliability then passes and content allows",
        bands: Bands::at_least(0.708, 0.40),
    },
    Rule {
        id: "R03",
        quantity: "Cronbach's alpha",
        rule: "≥ .70 ok, .60 to .70 exploratory",
        source: "Nunnally & Bernstein 1994; Hair et al. 2019",
        advice: "look for an item that is reverse-coded or asks something else",
        bands: Bands::at_least(0.70, 0.60),
    },
    Rule {
        id: "R04",
        quantity: "rho_C",
        rule: ".70 to .90 ok, .60 to .70 and .90 to .95 check, beyond fail",
        source: "Hair et al. 2019; Diamantopoulos et al. 2012",
        advice: "above .95 items repeat each other: drop one",
        bands: Bands::within(0.60, 0.70, 0.90, 0.95),
    },
    Rule {
        id: "R05",
        quantity: "rho_A",
        rule: ".70 to .95 ok, .60 to .70 and .95 to 1 check, beyond fail",
        source: "Dijkstra & Henseler 2015; Hair et al. 2019",
        advice: "above 1 the estimate is impossible: too few or too heterogeneous items",
        bands: Bands::within(0.60, 0.70, 0.95, 1.0),
    },
    Rule {
        id: "R07",
        quantity: "AVE",
        rule: "≥ .50",
        source: "Fornell & Larcker 1981; Hair et al. 2019",
        advice: "drop the weakest item if its content is covered by the others",
        bands: Bands::at_least(0.50, 0.50),
    },
    Rule {
        id: "R08",
        quantity: "HTMT",
        rule: "< .85 ok, .85 to .90 check (similar concepts only), ≥ .90 fail",
        source: "Henseler, Ringle & Sarstedt 2015",
        advice: "look at the named pair of items; merge the constructs or drop the item that measures both",
        bands: Bands::below(0.85, 0.90),
    },
    Rule {
        id: "R09",
        quantity: "one-sided upper bound of HTMT",
        rule: "< .90 ok, .90 to 1 check, ≥ 1 no discriminant validity",
        source: "Henseler, Ringle & Sarstedt 2015; Franke & Sarstedt 2019",
        advice: "look at the pair with the highest HTMT first",
        bands: Bands::below(0.90, 1.0),
    },
    Rule {
        id: "R11",
        quantity: "root of AVE minus largest correlation",
        rule: "above 0; less sensitive than HTMT",
        source: "Fornell & Larcker 1981; Henseler, Ringle & Sarstedt 2015",
        advice: "see HTMT for the pair",
        bands: Bands::at_least(0.0, 0.0),
    },
    Rule {
        id: "F02",
        quantity: "VIF of formative items",
        rule: "< 3 ok, 3 to 5 check, ≥ 5 fail",
        source: "Hair et al. 2019",
        advice: "merge or drop the items that say the same",
        bands: Bands::below(3.0, 5.0),
    },
    Rule {
        id: "S01",
        quantity: "VIF of predictors",
        rule: "< 3 ok, 3 to 5 check, ≥ 5 fail",
        source: "Hair et al. 2019",
        advice: "merge the predictors that say the same, or make them a higher-order construct",
        bands: Bands::below(3.0, 5.0),
    },
    Rule {
        id: "S06",
        quantity: "R²",
        rule: ".75, .50, .25 substantial, moderate, weak; < .10 or ≥ .90 check",
        source: "Hair et al. 2011; Falk & Miller 1992",
        advice: "below .10 little is explained; above .90 suspect overfit or items shared by predictor and outcome",
        bands: Bands { fail_below: None, check_below: Some(0.10), check_from: Some(0.90), fail_from: None },
    },
    Rule {
        id: "S08",
        quantity: "f²",
        rule: ".02, .15, .35 small, medium, large; below .02 negligible",
        source: "Cohen 1988",
        advice: "a negligible effect is a result too: report it",
        bands: Bands { fail_below: None, check_below: Some(0.02), check_from: None, fail_from: None },
    },
    Rule {
        id: "S11",
        quantity: "SRMR",
        rule: "< .08 ok, .08 to .10 check, ≥ .10 fail; PLS does not minimise it",
        source: "Hu & Bentler 1999; Henseler et al. 2014",
        advice: "compare the saturated model: if that fits, the misfit is in the paths",
        bands: Bands::below(0.08, 0.10),
    },
    Rule {
        id: "S13",
        quantity: "NFI",
        rule: "> .90",
        source: "Bentler & Bonett 1980",
        advice: "it falls with the number of items; see SRMR first",
        bands: Bands { fail_below: None, check_below: Some(0.90), check_from: None, fail_from: None },
    },
    Rule {
        id: "X11",
        quantity: "share of inadmissible resamples",
        rule: "≤ 5 % ok, 5 to 20 % check, above fail",
        source: "",
        advice: "find the construct that causes them; more items or respondents, or no correction",
        bands: Bands::below(0.05, 0.20),
    },
];

/// Size of f² in words.
pub fn f_squared_words(f2: f64) -> &'static str {
    match f2 {
        f2 if f2 >= 0.35 => "large",
        f2 if f2 >= 0.15 => "medium",
        f2 if f2 >= 0.02 => "small",
        _ => "negligible",
    }
}

/// Size of R² in words.
pub fn r_squared_words(r2: f64) -> &'static str {
    match r2 {
        r2 if r2 >= 0.75 => "substantial",
        r2 if r2 >= 0.50 => "moderate",
        r2 if r2 >= 0.25 => "weak",
        _ => "very weak",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_bands_ordered() {
        for (i, rule) in rules().iter().enumerate() {
            assert!(rules()[..i].iter().all(|other| other.id != rule.id));
            let bounds: Vec<f64> =
                [rule.bands.fail_below, rule.bands.check_below, rule.bands.check_from, rule.bands.fail_from]
                    .into_iter()
                    .flatten()
                    .collect();
            assert!(bounds.is_sorted(), "{}", rule.id);
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
    }
}
