//! How intervals and p-values were made, in words, and where the two disagree.

use serde::Serializer;

use super::interval::IntervalKind;
use super::reason::listed;
use super::summary::{Inference, PValue, Summary};
use crate::assess::Tails;
use crate::table::{apa, apa_p};

impl Inference {
    /// The level of the intervals that are shown.
    pub fn level(&self) -> f64 {
        self.levels.first().copied().unwrap_or(0.95)
    }

    /// The kind of interval that is shown.
    pub fn kind(&self) -> IntervalKind {
        self.intervals.first().copied().unwrap_or(IntervalKind::Percentile)
    }

    /// How both are made, as a sentence under a table.
    pub fn words(&self) -> String {
        let p = match self.p_value {
            PValue::Normal => "by the normal distribution",
            PValue::T if self.folds.is_some() => "by Student's t with k − 1 degrees of freedom",
            PValue::T => "by Student's t with n − 1 degrees of freedom",
            PValue::Percentile => "from the share of resamples on either side of 0",
        };
        let sides = if self.tails == Tails::One { "one-sided" } else { "two-sided" };
        format!("{}; p {sides} {p}.", self.intervals_in_words())
    }

    /// The same of a table without p.
    pub fn words_without_p(&self) -> String {
        format!("{}.", self.intervals_in_words())
    }

    fn intervals_in_words(&self) -> String {
        let name = match (self.tails, self.kind().name()) {
            (Tails::One, name) => format!("One-tailed {name}"),
            (Tails::Two, "t") => "t".to_owned(),
            (Tails::Two, name) => {
                let mut letters = name.chars();
                letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
            }
        };
        format!("{name} intervals, {}", self.kind().source())
    }

    /// Quantities whose p and interval say different things about 0, in words; `None` if there are none.
    pub fn contradictions<'a>(
        &self,
        summaries: impl IntoIterator<Item = (String, &'a Summary)>,
    ) -> Option<String> {
        let alpha = 1.0 - self.level();
        let mut found = Vec::new();
        for (name, s) in summaries {
            let (Some(p), Some(either)) = (s.p, s.leaves_zero_out()) else { continue };
            // With one tail both are for the direction of the estimate.
            let leaves_out = match self.tails {
                Tails::Two => either,
                Tails::One if s.original >= 0.0 => s.low > 0.0,
                Tails::One => s.high < 0.0,
            };
            // A p that so few resamples cannot bring below the level says nothing against the interval.
            let told = s.p_least.is_none_or(|least| least < alpha);
            if (p < alpha) != leaves_out && told {
                let near = if s.original >= 0.0 { ("lower", s.low) } else { ("upper", s.high) };
                found.push(format!("{name} (p {} but {} bound {})", apa_p(p), near.0, apa(near.1, 3)));
            }
        }
        (!found.is_empty()).then(|| {
            format!(
                "p and interval disagree about 0: {}. They are made in different ways: p {}, the interval by {}. Say \
                 beforehand which of the two decides.",
                listed(&found),
                match self.p_value {
                    PValue::Normal => "by the normal distribution from the standard error",
                    PValue::T => "by Student's t from the standard error",
                    PValue::Percentile => "from the share of resamples on either side of 0",
                },
                self.kind().source()
            )
        })
    }

    /// Serialises the words.
    pub(crate) fn as_words<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_p_and_interval_tell_apart() {
        // Skewed draws: the interval leaves 0 out, a normal p does not.
        let skewed: Vec<f64> = (1..=200).map(|i| 0.001 + f64::from(i).powi(4) / 2e9).collect();
        let clear: Vec<f64> = (1..=200).map(|i| 0.5 + f64::from(i) / 1e4).collect();
        let rule = Inference::default();
        let of = |draws: &[f64]| Summary::of(0.3, draws, 0.95);
        let (skewed, clear) = (of(&skewed), of(&clear));
        let both = || [("A → B".to_owned(), skewed.as_ref()), ("B → C".to_owned(), clear.as_ref())];
        let told = || both().into_iter().filter_map(|(name, s)| Some((name, s?)));
        let words = rule.contradictions(told()).unwrap_or_default();
        assert!(words.starts_with("p and interval disagree about 0: A → B (p "), "{words}");
        assert!(!words.contains("B → C"), "{words}");
        let one_rule = Inference { p_value: PValue::Percentile, ..rule };
        let made =
            |s: Option<Summary>| s.map(|s| Summary { p: s.p_percentile, p_least: Some(2.0 / 201.0), ..s });
        let (skewed, clear) = (made(skewed), made(clear));
        let both = [("A → B".to_owned(), skewed.as_ref()), ("B → C".to_owned(), clear.as_ref())];
        assert_eq!(one_rule.contradictions(both.into_iter().filter_map(|(name, s)| Some((name, s?)))), None);
    }
}
