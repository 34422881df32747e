//! What a number comes to: bands of values, and sizes in words. The rules themselves stand in `rules`.
//!
//! Thresholds are conventions, not proofs. Every table that shows a verdict names the rule and its source in its
//! notes, and a check that cannot be computed is `n/a` with the reason, never `ok`.

use serde::{Deserialize, Serialize};

use crate::table::{Verdict, apa};

/// Where a value is fine, worth a look, or broken. A bound of `None` does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Fine from `ok` on, broken below `check`.
    pub const fn at_least(ok: f64, check: f64) -> Self {
        Self { fail_below: Some(check), check_below: Some(ok), check_from: None, fail_from: None }
    }

    /// Fine below `ok`, broken from `check` on.
    pub const fn below(ok: f64, check: f64) -> Self {
        Self { fail_below: None, check_below: None, check_from: Some(ok), fail_from: Some(check) }
    }

    /// Fine in the middle, broken outside.
    pub const fn within(fail_below: f64, check_below: f64, check_from: f64, fail_from: f64) -> Self {
        Self {
            fail_below: Some(fail_below),
            check_below: Some(check_below),
            check_from: Some(check_from),
            fail_from: Some(fail_from),
        }
    }

    /// Fine up to and with `ok`, broken above `check`.
    pub const fn up_to(ok: f64, check: f64) -> Self {
        Self::below(ok.next_up(), check.next_up())
    }

    /// Worth a look below `ok`, never broken.
    pub const fn check_below(ok: f64) -> Self {
        Self { fail_below: None, check_below: Some(ok), check_from: None, fail_from: None }
    }

    /// Worth a look above `ok`, never broken.
    pub const fn check_above(ok: f64) -> Self {
        Self { fail_below: None, check_below: None, check_from: Some(ok.next_up()), fail_from: None }
    }

    /// The bounds that exist, from below.
    pub fn bounds(&self) -> Vec<f64> {
        [self.fail_below, self.check_below, self.check_from, self.fail_from].into_iter().flatten().collect()
    }

    /// The bands in words, such as `≥ .70 ok, .60 to .70 check, < .60 fail`.
    pub fn words(&self) -> String {
        let n = |bound: f64| apa(bound, 3);
        // `up_to` moves its bounds by the smallest step, which shows as a long number.
        let inclusive = |bound: f64| bound.next_down().to_string().len() < bound.to_string().len();
        let mut words = match (self.check_below, self.check_from) {
            (Some(low), Some(high)) => vec![format!("{} to {} ok", n(low), n(high))],
            (Some(low), None) => vec![format!("≥ {} ok", n(low))],
            (None, Some(high)) if inclusive(high) => vec![format!("≤ {} ok", n(high))],
            (None, Some(high)) => vec![format!("< {} ok", n(high))],
            (None, None) => Vec::new(),
        };
        match (self.fail_below, self.check_below) {
            (Some(fail), Some(check)) if fail < check => {
                words.push(format!("{} to {} check", n(fail), n(check)));
            }
            (None, Some(check)) => words.push(format!("below {} check", n(check))),
            _ => {}
        }
        match (self.check_from, self.fail_from) {
            (Some(check), Some(fail)) if check < fail => {
                words.push(format!("{} to {} check", n(check), n(fail)));
            }
            (Some(check), None) if inclusive(check) => words.push(format!("above {} check", n(check))),
            (Some(check), None) => words.push(format!("from {} check", n(check))),
            _ => {}
        }
        words.extend(self.fail_below.map(|fail| format!("< {} fail", n(fail))));
        words.extend(
            self.fail_from
                .map(|fail| format!("{} {} fail", if inclusive(fail) { ">" } else { "≥" }, n(fail))),
        );
        words.join(", ")
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

/// Size of f² in words.
pub fn f_squared_words(f2: f64) -> &'static str {
    match f2 {
        f2 if f2 >= 0.35 => "large",
        f2 if f2 >= 0.15 => "medium",
        f2 if f2 >= 0.02 => "small",
        _ => "negligible",
    }
}

/// Size of the f² of an interaction in words (rule S09).
pub fn interaction_f_squared_words(f2: f64) -> &'static str {
    match f2 {
        f2 if f2 >= 0.025 => "large",
        f2 if f2 >= 0.01 => "medium",
        f2 if f2 >= 0.005 => "small",
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
    fn bands_have_words() {
        assert_eq!(Bands::at_least(0.7, 0.6).words(), "≥ .700 ok, .600 to .700 check, < .600 fail");
        assert_eq!(Bands::at_least(0.5, 0.5).words(), "≥ .500 ok, < .500 fail");
        assert_eq!(Bands::below(0.85, 0.9).words(), "< .850 ok, .850 to .900 check, ≥ .900 fail");
        assert_eq!(Bands::up_to(3.3, 5.0).words(), "≤ 3.300 ok, 3.300 to 5.000 check, > 5.000 fail");
        assert_eq!(Bands::check_above(2.0).words(), "≤ 2.000 ok, above 2.000 check");
        assert_eq!(Bands::check_below(0.1).words(), "≥ .100 ok, below .100 check");
        assert_eq!(
            Bands::within(0.6, 0.7, 0.9, 0.95).words(),
            ".700 to .900 ok, .600 to .700 check, .900 to .950 check, < .600 fail, ≥ .950 fail"
        );
    }

    #[test]
    fn edges_belong_to_the_side_that_the_rule_says() {
        assert_eq!(Bands::below(3.0, 5.0).judge(Some(3.0)), Verdict::Check);
        assert_eq!(Bands::up_to(3.3, 5.0).judge(Some(3.3)), Verdict::Ok);
        assert_eq!(Bands::up_to(3.3, 5.0).judge(Some(5.0)), Verdict::Check);
        assert_eq!(Bands::check_above(2.0).judge(Some(2.5)), Verdict::Check);
        assert_eq!(Bands::at_least(0.7, 0.6).judge(Some(f64::NAN)), Verdict::NotApplicable);
    }
}
