//! The languages of results, and how English words become the reader's.
//!
//! Everything is written in English first. A catalogue turns it into another language: whole texts, or patterns in
//! which `{}` stands for what varies (numbers, names). What the catalogue does not know stays English, so that no
//! word is ever lost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::chinese;

/// Language of tables, sentences, figures and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// A text and its translation.
pub(super) type Entry = (&'static str, &'static str);

/// A pattern: what stands between the places, and the translation with the places numbered.
struct Pattern {
    pieces: Vec<&'static str>,
    translation: &'static str,
}

/// One language's catalogue.
struct Catalogue {
    whole: HashMap<&'static str, &'static str>,
    patterns: Vec<Pattern>,
}

impl Catalogue {
    fn new(entries: impl Iterator<Item = &'static Entry>) -> Self {
        let mut catalogue = Self { whole: HashMap::new(), patterns: Vec::new() };
        for &(english, translation) in entries {
            if english.contains("{}") {
                catalogue.patterns.push(Pattern { pieces: english.split("{}").collect(), translation });
            } else {
                catalogue.whole.insert(english, translation);
            }
        }
        // The pattern that says most is tried first.
        let said = |pattern: &Pattern| pattern.pieces.iter().map(|piece| piece.len()).sum::<usize>();
        catalogue.patterns.sort_by_key(|pattern| std::cmp::Reverse(said(pattern)));
        catalogue
    }

    /// The translation of a whole text or pattern.
    fn find(&self, english: &str) -> Option<String> {
        if let Some(found) = self.whole.get(english) {
            return Some((*found).to_owned());
        }
        self.patterns.iter().find_map(|pattern| {
            let places = captured(&pattern.pieces, english)?;
            let mut text = pattern.translation.to_owned();
            for (at, place) in places.iter().enumerate() {
                // `{0~}` holds words, `{0}` names and numbers, which stay.
                text = text.replace(&format!("{{{at}~}}"), &self.say(place));
                text = text.replace(&format!("{{{at}}}"), place);
            }
            Some(text)
        })
    }

    /// The translation, sentence by sentence where the whole is not known; unknown sentences stay.
    fn say(&self, english: &str) -> String {
        if let Some(found) = self.find(english) {
            return found;
        }
        let parts = sentences(english);
        if parts.len() > 1 {
            let words: Vec<String> =
                parts.iter().map(|part| self.find(part).unwrap_or_else(|| (*part).to_owned())).collect();
            return join(&words);
        }
        match english.split_once(", ") {
            // Lists of known words: `12 ok, 2 check, 0 fail`.
            Some(_) if english.split(", ").all(|part| self.find(part).is_some()) => {
                let words: Vec<String> =
                    english.split(", ").map(|part| self.find(part).unwrap_or_default()).collect();
                words.join("，")
            }
            _ => english.to_owned(),
        }
    }
}

/// Chinese sentences follow each other without a blank.
fn join(sentences: &[String]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if !text.is_empty() && !text.ends_with(['。', '；', '？', '：']) {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    text
}

/// What stands at the places of a pattern, if the text follows it.
fn captured<'a>(pieces: &[&str], text: &'a str) -> Option<Vec<&'a str>> {
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut rest = text.strip_prefix(first)?;
    rest = rest.strip_suffix(last)?;
    let middle = pieces.get(1..pieces.len().checked_sub(1)?)?;
    let mut found = Vec::with_capacity(middle.len() + 1);
    for (at, piece) in middle.iter().enumerate() {
        // What stands at the end, such as a source in brackets, is looked for from the end.
        let cut = if at + 1 == middle.len() { rest.rsplit_once(piece) } else { rest.split_once(piece) };
        let (before, after) = cut?;
        found.push(before);
        rest = after;
    }
    found.push(rest);
    found.iter().all(|place| !place.is_empty()).then_some(found)
}

/// Cuts a text after full stops and question marks that a capital letter follows.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices([' ']) {
        let before = text.get(start..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let ends = before.ends_with(['.', '?', ';', ':']) && !before.ends_with(" al.");
        if ends && after.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            parts.push(before);
            start = at + 1;
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

static CHINESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(chinese::entries()));

impl Language {
    /// The text in this language; what the catalogue does not know stays as it is.
    pub fn say(self, english: &str) -> Cow<'_, str> {
        match self {
            Self::English => Cow::Borrowed(english),
            Self::Chinese => Cow::Owned(CHINESE.say(english)),
        }
    }

    /// Whether the catalogue has this text, in whole or sentence by sentence; always so in English.
    pub fn knows(self, english: &str) -> bool {
        match self {
            Self::English => true,
            Self::Chinese => {
                CHINESE.find(english).is_some()
                    || sentences(english).iter().all(|part| CHINESE.find(part).is_some())
            }
        }
    }

    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_and_must_not_be_empty() {
        assert_eq!(captured(&["", " % interval"], "95 % interval"), Some(vec!["95"]));
        assert_eq!(captured(&["", " of ", " x"], "3 of 4 x"), Some(vec!["3", "4"]));
        assert_eq!(captured(&["", " % interval"], " % interval"), None);
        assert_eq!(captured(&["a", "b"], "ab"), None);
    }

    #[test]
    fn sentences_end_before_capitals_and_not_inside_citations() {
        assert_eq!(sentences("One. Two."), ["One.", "Two."]);
        assert_eq!(sentences("Hair et al. 2019 say so."), ["Hair et al. 2019 say so."]);
    }

    #[test]
    fn known_texts_are_translated_and_unknown_ones_stay() {
        assert_eq!(Language::Chinese.say("95 % interval"), "95 % 区间");
        assert_eq!(Language::Chinese.say("Loading"), "载荷");
        assert_eq!(Language::Chinese.say("no such text"), "no such text");
        assert_eq!(Language::English.say("Loading"), "Loading");
    }

    #[test]
    fn every_place_of_a_pattern_is_used_by_its_translation() {
        for (english, translation) in chinese::entries() {
            let places = english.matches("{}").count();
            for at in 0..places {
                let used = [format!("{{{at}}}"), format!("{{{at}~}}")];
                assert!(
                    used.iter().any(|place| translation.contains(place)),
                    "{english}: place {at} is lost"
                );
            }
            assert!(!translation.contains(&format!("{{{places}")), "{english}: too many places");
        }
    }
}
