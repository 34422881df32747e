//! The languages of results, and how English words become the reader's.
//!
//! Everything is written in English first. A catalogue turns it into another language: whole texts, or patterns in
//! which `{}` stands for what varies within a sentence, `{#}` for what has no letters and `{?}` for what may be absent.
//! What the catalogue does not know stays English, so that no word is ever lost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::chinese::{self, Entry};

/// Language of tables, sentences, figures, reports and questionnaires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

/// A place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `{}`: anything within a sentence.
    Words,
    /// `{#}`: what has no letter, such as a number or a bound.
    Number,
    /// `{?}`: as `{}`, or nothing.
    Perhaps,
}

impl Place {
    const MARKS: [(&'static str, Self); 3] =
        [("{}", Self::Words), ("{#}", Self::Number), ("{?}", Self::Perhaps)];

    /// Whether a text can stand here. What stands in backticks holds none itself; elsewhere they come in pairs.
    fn fits(self, text: &str, quoted: bool) -> bool {
        let backticks = text.matches('`').count();
        let paired = if quoted { backticks == 0 } else { backticks.is_multiple_of(2) };
        paired
            && match self {
                Self::Words => !text.is_empty() && (quoted || !holds_an_end(text)),
                Self::Number => !text.is_empty() && !text.contains(|c: char| c.is_ascii_alphabetic()),
                Self::Perhaps => quoted || !holds_an_end(text),
            }
    }
}

/// A pattern: what stands between the places, and the translation with the places numbered.
struct Pattern {
    pieces: Vec<&'static str>,
    /// Each place, and whether it stands in backticks.
    places: Vec<(Place, bool)>,
    translation: &'static str,
}

impl Pattern {
    /// The pattern of a text with places; none if it has none.
    fn new(english: &'static str, translation: &'static str) -> Option<Self> {
        let (mut pieces, mut places) = (Vec::new(), Vec::new());
        let (mut rest, mut quoted) = (english, false);
        loop {
            let next = Place::MARKS
                .into_iter()
                .filter_map(|(mark, place)| Some((rest.find(mark)?, mark, place)))
                .min_by_key(|(at, ..)| *at);
            let Some((at, mark, place)) = next else { break };
            let piece = rest.get(..at)?;
            quoted ^= !piece.matches('`').count().is_multiple_of(2);
            pieces.push(piece);
            places.push((place, quoted));
            rest = rest.get(at + mark.len()..)?;
        }
        pieces.push(rest);
        (!places.is_empty()).then_some(Self { pieces, places, translation })
    }

    /// What stands at the places, if the text follows the pattern and every place holds what it may.
    fn captured<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let found = captured(&self.pieces, text)?;
        let mut both = found.iter().zip(&self.places);
        both.all(|(text, (place, quoted))| place.fits(text, *quoted)).then_some(found)
    }
}

/// A translation with its places filled: `{0~}` holds words to be translated, `{0!}` what must stay letter by letter,
/// `{0}` names and numbers.
fn filled(translation: &str, places: &[&str], say: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = translation;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let place = after.split_once('}').and_then(|(inside, behind)| {
            let number = inside.trim_end_matches(['~', '!']);
            let place = places.get(number.parse::<usize>().ok()?)?;
            let words = match inside.strip_prefix(number)? {
                "~" => say(place),
                "!" => (*place).to_owned(),
                _ => listed(place).into_owned(),
            };
            Some((words, behind))
        });
        if let Some((words, behind)) = place {
            text.push_str(&words);
            rest = behind;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

/// One language's catalogue.
struct Catalogue {
    whole: HashMap<&'static str, &'static str>,
    patterns: Vec<Pattern>,
    /// Whether a list of known words is taken for one before a pattern is looked for.
    lists_first: bool,
}

impl Catalogue {
    /// Of two translations of one text the first counts.
    fn new(entries: impl Iterator<Item = &'static Entry>, lists_first: bool) -> Self {
        let mut catalogue = Self { whole: HashMap::new(), patterns: Vec::new(), lists_first };
        for &(english, translation) in entries {
            match Pattern::new(english, translation) {
                Some(pattern) => catalogue.patterns.push(pattern),
                None => {
                    catalogue.whole.entry(english).or_insert(translation);
                }
            }
        }
        // The pattern that says most is tried first.
        let said = |pattern: &Pattern| pattern.pieces.iter().map(|piece| piece.len()).sum::<usize>();
        catalogue.patterns.sort_by_key(|pattern| std::cmp::Reverse(said(pattern)));
        catalogue
    }

    /// The translation of a whole text, of a list of known words (`12 ok, 2 check, 0 fail`), or of a pattern.
    fn find(&self, english: &str) -> Option<String> {
        if let Some(found) = self.whole.get(english) {
            return Some((*found).to_owned());
        }
        if self.lists_first {
            self.list(english).or_else(|| self.follow(english))
        } else {
            self.follow(english).or_else(|| self.list(english))
        }
    }

    fn list(&self, english: &str) -> Option<String> {
        if !english.contains(", ") {
            return None;
        }
        let words: Option<Vec<String>> = english.split(", ").map(|part| self.follow(part)).collect();
        words.map(|words| words.join("，"))
    }

    fn follow(&self, english: &str) -> Option<String> {
        if let Some(found) = self.whole.get(english) {
            return Some((*found).to_owned());
        }
        self.patterns.iter().find_map(|pattern| {
            let places = pattern.captured(english)?;
            Some(filled(pattern.translation, &places, |words| self.say(words)))
        })
    }

    /// The translation; where the whole is not known, of the longest runs of sentences that are. Unknown ones stay.
    fn say(&self, english: &str) -> String {
        if let Some(found) = self.find(english) {
            return found;
        }
        let (text, _) = self.by_sentences(english);
        text
    }

    /// The translation sentence by sentence, and whether each was known.
    fn by_sentences(&self, english: &str) -> (String, bool) {
        let parts = sentences(english);
        let (mut words, mut known, mut at) = (Vec::new(), true, 0);
        while let Some(first) = parts.get(at) {
            let run = (at + 1..=parts.len()).rev().find_map(|end| {
                let run = parts.get(at..end)?.join(" ");
                Some((self.find(&run)?, end))
            });
            if let Some((found, end)) = run {
                words.push(found);
                at = end;
            } else {
                words.push((*first).to_owned());
                known = false;
                at += 1;
            }
        }
        (join(&words), known)
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

/// A list of names, `A, B and C` or `A, B and 2 more`, or of names in backticks, as Chinese sets it; anything else
/// stays.
fn listed(text: &str) -> Cow<'_, str> {
    let Some((head, last)) = text.rsplit_once(" and ") else {
        let quoted = text.split(", ").all(|name| name.starts_with('`') && name.ends_with('`'));
        return if quoted { Cow::Owned(text.replace(", ", "、")) } else { Cow::Borrowed(text) };
    };
    let is_name = |name: &str| !name.replace(" → ", "").replace(" ↔ ", "").contains(' ');
    let more = last.strip_suffix(" more").filter(|count| count.chars().all(|c| c.is_ascii_digit()));
    if !head.split(", ").all(is_name) || (more.is_none() && !is_name(last)) {
        return Cow::Borrowed(text);
    }
    let names = head.replace(", ", "、");
    Cow::Owned(match more {
        Some(count) => format!("{names} 等（另有 {count} 个）"),
        None => format!("{names} 和 {last}"),
    })
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
    Some(found)
}

/// Whether a text holds the end of a sentence before its own end.
fn holds_an_end(text: &str) -> bool {
    let parts = sentences(text);
    parts.iter().take(parts.len().saturating_sub(1)).any(|part| part.ends_with(['.', '?']))
}

/// Cuts a text after full stops and question marks that a capital letter, a digit or a symbol's name (`t = …`)
/// follows, but not within backticks.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices([' ']) {
        let before = text.get(start..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let ends = before.ends_with(['.', '?', ';', ':'])
            && !before.ends_with(" al.")
            && before.matches('`').count().is_multiple_of(2);
        let symbol = before.ends_with('.') && after.get(1..3) == Some(" =");
        if ends && (after.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || symbol) {
            parts.push(before);
            start = at + 1;
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

static CHINESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(chinese::entries(), true));

/// Problems are looked up first; findings and rules stand in the catalogue of results.
static PROBLEMS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(chinese::problems().chain(chinese::entries()), false));

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`; choose from en, zh")]
pub struct UnknownLanguage(String);

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "en" | "english" => Ok(Self::English),
            "zh" | "chinese" => Ok(Self::Chinese),
            _ => Err(UnknownLanguage(word.to_owned())),
        }
    }
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::English, Self::Chinese];

    /// The text in this language; what the catalogue does not know stays as it is.
    pub fn say(self, english: &str) -> Cow<'_, str> {
        match self {
            Self::English => Cow::Borrowed(english),
            Self::Chinese => Cow::Owned(CHINESE.say(english)),
        }
    }

    /// What a diagnostic, a warning or a note says, in this language; what is not known stays as it is.
    pub fn tell(self, english: &str) -> Cow<'_, str> {
        match self {
            Self::English => Cow::Borrowed(english),
            Self::Chinese => Cow::Owned(PROBLEMS.say(english)),
        }
    }

    /// Whether [`Self::tell`] knows this text, in whole or sentence by sentence; always so in English.
    pub fn can_tell(self, english: &str) -> bool {
        match self {
            Self::English => true,
            Self::Chinese => PROBLEMS.find(english).is_some() || PROBLEMS.by_sentences(english).1,
        }
    }

    /// Whether the catalogue has this text, in whole or sentence by sentence; always so in English.
    pub fn knows(self, english: &str) -> bool {
        match self {
            Self::English => true,
            Self::Chinese => CHINESE.find(english).is_some() || CHINESE.by_sentences(english).1,
        }
    }

    /// What stands between a word and what it is about.
    pub fn colon(self) -> &'static str {
        match self {
            Self::English => ": ",
            Self::Chinese => "：",
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
        let captured = |english: &'static str, text: &'static str| {
            Pattern::new(english, "").and_then(|pattern| pattern.captured(text))
        };
        assert_eq!(captured("{} % interval", "95 % interval"), Some(vec!["95"]));
        assert_eq!(captured("{} of {} x", "3 of 4 x"), Some(vec!["3", "4"]));
        assert_eq!(captured("{} % interval", " % interval"), None);
        assert_eq!(captured("a{}b", "ab"), None);
        assert_eq!(captured("{#} case{?}", "1 case"), Some(vec!["1", ""]));
        assert_eq!(captured("{#} case{?}", "2 cases"), Some(vec!["2", "s"]));
    }

    #[test]
    fn what_stands_in_backticks_is_one_thing() {
        let captured = |english: &'static str, text: &'static str| {
            Pattern::new(english, "").and_then(|pattern| pattern.captured(text))
        };
        assert_eq!(captured("`{}` in line {#}", "`5` in line 3"), Some(vec!["5", "3"]));
        assert_eq!(captured("`{}` in line {#}", "`5` in line 3, `6` in line 4"), None);
        assert_eq!(captured("cannot read `{}`", "cannot read `a. B. C.csv`"), Some(vec!["a. B. C.csv"]));
        assert_eq!(sentences("`a. B` is one. Two."), ["`a. B` is one.", "Two."]);
    }

    #[test]
    fn places_are_filled_once_and_nothing_panics() {
        let say = |words: &str| format!("<{words}>");
        assert_eq!(filled("{1!}，{0~}", &["a", "{0}"], say), "{0}，<a>");
        assert_eq!(filled("{0}", &["`A`, `B`"], say), "`A`、`B`");
        for odd in ["{", "}", "{}", "{9}", "{0", "{x~}", "{0~!}", "{999999999999999999999}"] {
            let _ = filled(odd, &["a"], say);
        }
        for odd in
            ["", "`", "``", "{}", "{0}", "`{}`", "a ", ". A", "`a", ", ", "\u{0}", "，", "cannot read ``: x"]
        {
            let _ =
                (Language::Chinese.say(odd), Language::Chinese.tell(odd), Language::Chinese.can_tell(odd));
        }
    }

    #[test]
    fn sentences_end_before_capitals_and_not_inside_citations() {
        assert_eq!(sentences("One. Two."), ["One.", "Two."]);
        assert_eq!(sentences("Hair et al. 2019 say so."), ["Hair et al. 2019 say so."]);
    }

    #[test]
    fn a_place_holds_no_second_sentence_and_a_number_no_letter() {
        let chinese = |english: &str| Language::Chinese.say(english).into_owned();
        let both = chinese(
            "14 checks: 3 check, 10 ok. 13 of 15 hypotheses are supported; not supported: H3b and H3a.",
        );
        assert_eq!(
            both,
            "共 14 项检验：3 需检查，10 合格。15 个假设中有 13 个得到支持；未得到支持：H3b 和 H3a。"
        );
        assert_eq!(chinese("41 ok, 2 check, 0 fail"), "41 合格，2 需检查，0 不合格");
        assert_eq!(chinese("3 of 4"), "3 / 4");
        assert_eq!(chinese("the mean of the items"), "the mean of the items");
    }

    #[test]
    fn lists_of_names_are_set_in_chinese_and_file_names_stay() {
        assert_eq!(listed("A, B and C"), "A、B 和 C");
        assert_eq!(listed("A → B and 2 more"), "A → B 等（另有 2 个）");
        assert_eq!(listed("trust and risk model"), "trust and risk model");
        assert_eq!(Language::Chinese.say("From a and b.csv."), "来自 a and b.csv。");
    }

    #[test]
    fn known_texts_are_translated_and_unknown_ones_stay() {
        assert_eq!(Language::Chinese.say("95 % interval"), "95% 区间");
        assert_eq!(Language::Chinese.say("Loading"), "载荷");
        assert_eq!(Language::Chinese.say("no such text"), "no such text");
        assert_eq!(Language::English.say("Loading"), "Loading");
    }

    #[test]
    fn every_place_of_a_pattern_is_used_by_its_translation() {
        for (english, translation) in chinese::entries().chain(chinese::problems()) {
            let places: usize = Place::MARKS.iter().map(|(mark, _)| english.matches(mark).count()).sum();
            // What may be absent, as the ending of a plural, may be left out.
            if english.contains("{?}") {
                continue;
            }
            for at in 0..places {
                let used = [format!("{{{at}}}"), format!("{{{at}~}}"), format!("{{{at}!}}")];
                assert!(
                    used.iter().any(|place| translation.contains(place)),
                    "{english}: place {at} is lost"
                );
            }
            assert!(!translation.contains(&format!("{{{places}")), "{english}: too many places");
        }
    }
}
