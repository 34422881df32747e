//! Which hypotheses are supported, each alone and all at once.

use crate::model::{Hypothesis, Sign};
use crate::stats::holm::holm;
use crate::table::{Cell, list};

/// So many names stand in a sentence.
const MOST: usize = 12;

/// A path under test.
#[derive(Debug, Clone)]
pub(crate) struct Tested {
    /// What the model file states about it.
    pub(crate) hypothesis: Option<Hypothesis>,
    /// `A → B`.
    pub(crate) path: String,
    /// Its coefficient.
    pub(crate) estimate: f64,
    /// Whether the test leaves 0 out; `None` where there is no test.
    pub(crate) leaves_zero_out: Option<bool>,
    /// p of the test alone.
    pub(crate) p: Option<f64>,
    /// Whether p is known to be at most that only.
    pub(crate) p_is_bound: bool,
}

impl Tested {
    /// `H1 (+)`; nothing where no hypothesis is stated.
    pub(crate) fn cell(&self) -> Cell {
        self.hypothesis.as_ref().map_or(Cell::Blank, |hypothesis| Cell::text(hypothesis.to_string()))
    }

    /// What a list is sorted by: hypotheses in the order of their numbers, then paths without one.
    pub(crate) fn rank(&self) -> (bool, Vec<(String, u64)>) {
        let id = self.hypothesis.as_ref().map_or("", |hypothesis| hypothesis.id.as_str());
        (self.hypothesis.is_none(), ranks(id))
    }

    fn has_the_expected_sign(&self) -> bool {
        match self.hypothesis.as_ref().and_then(|hypothesis| hypothesis.sign) {
            Some(Sign::Positive) => self.estimate > 0.0,
            Some(Sign::Negative) => self.estimate < 0.0,
            None => true,
        }
    }

    /// `H1`, or `A → B` where no hypothesis is stated.
    fn name(&self) -> String {
        self.hypothesis.as_ref().map_or(&self.path, |hypothesis| &hypothesis.id).clone()
    }
}

/// The words and numbers of an id, so that H2 stands before H10 and H2a before H2b.
fn ranks(id: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> = Vec::new();
    let mut digits = String::new();
    let mut words = String::new();
    for c in id.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            parts.push((std::mem::take(&mut words), digits.parse().unwrap_or(u64::MAX)));
            digits.clear();
        }
        words.push(c);
    }
    parts.push((words, digits.parse().unwrap_or(0)));
    parts
}

/// What the test says of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// It differs from 0, in the expected direction if one is stated.
    Yes,
    /// So it does alone, but not among so many tests.
    NotAfterHolm,
    /// It differs from 0, in the other direction.
    OppositeSign,
    /// It may be 0.
    No,
    /// There is no test.
    Untested,
}

impl Support {
    /// One word or two.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::NotAfterHolm => "yes, not after Holm",
            Self::OppositeSign => "no: opposite sign",
            Self::No => "no",
            Self::Untested => "no interval",
        }
    }

    fn alone(self) -> bool {
        matches!(self, Self::Yes | Self::NotAfterHolm)
    }
}

/// Paths that are tested at once: those with a stated hypothesis, or all of them if none is stated.
#[derive(Debug)]
pub(crate) struct Hypotheses<'a> {
    tested: Vec<&'a Tested>,
    /// p after Holm's correction, and whether it is a bound.
    p_holm: Vec<Option<(f64, bool)>>,
    stated: bool,
    alpha: f64,
}

impl<'a> Hypotheses<'a> {
    /// Tests at the level `1 − alpha`.
    pub(crate) fn of(tested: impl Iterator<Item = &'a Tested>, alpha: f64) -> Self {
        let tested: Vec<&Tested> = tested.collect();
        let stated = tested.iter().any(|line| line.hypothesis.is_some());
        let alone: Vec<Option<f64>> =
            tested.iter().map(|line| line.p.filter(|_| line.hypothesis.is_some() || !stated)).collect();
        let corrected = holm(&alone);
        // Tests whose p is a bound have the smallest: what a correction raises to theirs is a bound as well.
        let bounds = tested.iter().zip(&corrected).filter(|(line, _)| line.p_is_bound);
        let bound = bounds.filter_map(|(_, p)| *p).fold(f64::NEG_INFINITY, f64::max);
        let p_holm = corrected.into_iter().map(|p| p.map(|p| (p, p <= bound && p < 1.0))).collect();
        Self { tested, p_holm, stated, alpha }
    }

    /// Whether the model file states any.
    pub(crate) fn are_stated(&self) -> bool {
        self.stated
    }

    /// How many are tested at once.
    pub(crate) fn tests(&self) -> usize {
        self.p_holm.iter().flatten().count()
    }

    /// Whether there is anything to correct.
    pub(crate) fn are_several(&self) -> bool {
        self.tests() > 1
    }

    /// p after Holm's correction, as a table shows it.
    pub(crate) fn p_holm(&self, at: usize) -> Cell {
        match self.p_holm.get(at).copied().flatten() {
            Some((p, true)) => Cell::ProbabilityBelow(p),
            Some((p, false)) => Cell::Probability(p),
            None => Cell::Blank,
        }
    }

    /// What the test says of a path.
    pub(crate) fn support(&self, at: usize) -> Support {
        let Some(line) = self.tested.get(at) else { return Support::Untested };
        let corrected = self.p_holm.get(at).copied().flatten().filter(|_| self.are_several());
        match line.leaves_zero_out {
            None => Support::Untested,
            Some(false) => Support::No,
            Some(true) if !line.has_the_expected_sign() => Support::OppositeSign,
            Some(true) if corrected.is_some_and(|(p, _)| p >= self.alpha) => Support::NotAfterHolm,
            Some(true) => Support::Yes,
        }
    }

    /// Footnotes of the table.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.are_several() {
            let what = if self.stated { "hypotheses" } else { "paths" };
            let tests = self.tests();
            notes
                .push(format!("p (Holm): corrected for {tests} {what} that are tested at once (Holm 1979)."));
        }
        if !self.stated {
            notes.push(
                "The model file states no hypothesis, so that every path stands here; `#@ hypothesis H1 Y ~ X +` states one."
                    .to_owned(),
            );
        }
        notes
    }

    /// How many hold, alone and after the correction.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let named = |wanted: &dyn Fn(Support) -> bool| -> Vec<String> {
            let of = self.tested.iter().enumerate().filter(|(at, line)| {
                (line.hypothesis.is_some() || !self.stated) && wanted(self.support(*at))
            });
            let mut found: Vec<&Tested> = of.map(|(_, line)| *line).collect();
            found.sort_by_cached_key(|line| line.rank());
            found.into_iter().map(Tested::name).collect()
        };
        let (yes, no) = (named(&Support::alone), named(&|s| !s.alone() && s != Support::Untested));
        let lost = named(&|s| s == Support::NotAfterHolm);
        let untested = named(&|s| s == Support::Untested);
        let all = yes.len() + no.len() + untested.len();
        if all == 0 {
            return Vec::new();
        }
        let yes = yes.len();
        let mut said = vec![match (self.stated, no.is_empty()) {
            (true, true) if yes == 1 && all == 1 => "The hypothesis is supported.".to_owned(),
            (true, false) if all == 1 => "The hypothesis is not supported.".to_owned(),
            (false, true) if yes == 1 && all == 1 => "The path differs from 0.".to_owned(),
            (false, false) if all == 1 => "The path may be 0.".to_owned(),
            (true, true) => format!("{yes} of {all} hypotheses are supported."),
            (true, false) => {
                format!("{yes} of {all} hypotheses are supported; not supported: {}.", list(&no, MOST))
            }
            (false, true) => format!("{yes} of {all} paths differ from 0."),
            (false, false) => {
                format!("{yes} of {all} paths differ from 0; these may not: {}.", list(&no, MOST))
            }
        }];
        if !lost.is_empty() {
            let left = yes - lost.len();
            said.push(format!(
                "After Holm's correction {left} of {all} do; no longer: {}.",
                list(&lost, MOST)
            ));
        }
        if !untested.is_empty() {
            said.push(format!("Without an interval: {}.", list(&untested, MOST)));
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(id: &str, sign: Option<Sign>, estimate: f64, p: f64, least: f64) -> Tested {
        Tested {
            hypothesis: (!id.is_empty()).then(|| Hypothesis { id: id.to_owned(), sign }),
            path: format!("A{estimate} → B"),
            estimate,
            leaves_zero_out: Some(p < 0.05),
            p: Some(p),
            p_is_bound: p <= least,
        }
    }

    #[test]
    fn hypotheses_stand_in_the_order_of_their_numbers() {
        let mut ids = ["H10", "H2b", "H1", "H2", "H2a", "H11", "M1", "H3"];
        ids.sort_by_key(|id| ranks(id));
        assert_eq!(ids, ["H1", "H2", "H2a", "H2b", "H3", "H10", "H11", "M1"]);
    }

    #[test]
    fn stated_hypotheses_are_tested_at_once_and_other_paths_are_not() {
        let lines = [
            path("H1", Some(Sign::Positive), 0.4, 0.002, 0.002),
            path("H2", None, 0.2, 0.03, 0.002),
            path("H3", Some(Sign::Positive), -0.3, 0.002, 0.002),
            path("", None, 0.5, 0.001, 0.0),
            path("H4", None, 0.1, 0.4, 0.002),
        ];
        let found = Hypotheses::of(lines.iter(), 0.05);
        assert_eq!(found.tests(), 4);
        // By hand: 4 × .002, then 3 × .002 raised to .008, 2 × .03, 1 × .4.
        assert_eq!(found.p_holm(0), Cell::ProbabilityBelow(0.008));
        assert_eq!(found.p_holm(2), Cell::ProbabilityBelow(0.008));
        assert_eq!(found.p_holm(1), Cell::Probability(0.06));
        assert_eq!(found.p_holm(3), Cell::Blank);
        assert_eq!(found.p_holm(4), Cell::Probability(0.4));
        let support: Vec<Support> = (0..5).map(|at| found.support(at)).collect();
        let expected =
            [Support::Yes, Support::NotAfterHolm, Support::OppositeSign, Support::Yes, Support::No];
        assert_eq!(support, expected);
        assert_eq!(
            found.sentences(),
            [
                "2 of 4 hypotheses are supported; not supported: H3 and H4.",
                "After Holm's correction 1 of 4 do; no longer: H2."
            ]
        );
    }

    #[test]
    fn without_a_stated_hypothesis_paths_are_counted_and_nothing_is_called_one() {
        let lines = [path("", None, 0.4, 0.01, 0.0), path("", None, 0.1, 0.5, 0.0)];
        let found = Hypotheses::of(lines.iter(), 0.05);
        assert_eq!(found.sentences(), ["1 of 2 paths differ from 0; these may not: A0.1 → B."]);
        assert!(found.notes().iter().all(|note| !note.contains("hypotheses")));
        assert_eq!(found.p_holm(0), Cell::Probability(0.02));
    }
}
