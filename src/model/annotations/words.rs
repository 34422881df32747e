//! What all annotations share: their words, what those name, and what is said where they are wrong.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use crate::diagnostic::nearest;
use crate::model::document::Annotation;
use crate::model::draft::{Draft, Meaning};
use crate::model::{ConstructId, IndicatorId, UnknownWord};

/// A word of a value and where it stands.
pub(super) type Word<'a> = (&'a str, Range<usize>);

/// The words of a value.
pub(super) fn words(annotation: &Annotation) -> Vec<Word<'_>> {
    words_of(&annotation.value, annotation.value_span.start)
}

/// The words of a text that begins at `start`.
pub(super) fn words_of(text: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        // Each word is found at or after the end of the one before it.
        let from = at + text.get(at..).and_then(|rest| rest.find(word)).unwrap_or(0);
        at = from + word.len();
        words.push((word, start + from..start + at));
    }
    words
}

/// What an annotation with this key looks like.
pub(super) fn example(key: &str) -> String {
    let value = match key {
        "scheme" => "path",
        "mode" => "VEN B",
        "label" => "PU Perceived usefulness",
        "label_zh" => "PU 感知有用性",
        "dominant" => "PU1",
        "reliability" => "PU 0.85",
        "instruments" => "TR PU VEN",
        "ordinal" => "PU1 PU2 PU3",
        "scale" => "PU1 PU2 ordinal",
        "weight" => "WT",
        "interaction" => "orthogonal",
        "higher-order" => "TRUST embedded",
        "unstandardized" => "GENDER",
        "threshold" => "R01 = .6",
        "control" => "AGE GENDER",
        "factor" => "education ref=highschool",
        "use" => "PU PEOU",
        "hypothesis" => "H1 TR ~ PU +",
        "codebook" => "codebook.csv",
        _ => "any text",
    };
    format!("write it like `#@ {key} {value}`")
}

pub(super) fn incomplete(draft: &mut Draft<'_>, annotation: &Annotation) {
    let key = &annotation.key;
    let span = annotation.key_span.start..annotation.value_span.end.max(annotation.key_span.end);
    let message = format!("the annotation `{key}` is not complete");
    let problem = draft.error("TP0154", span, message, "something is missing or too much");
    draft.problems.push(problem.hint(example(key)));
}

pub(super) fn twice(draft: &mut Draft<'_>, span: Range<usize>, message: impl Into<String>) {
    let problem = draft.error("TP0155", span, message, "said before");
    draft.problems.push(problem.hint("remove one of the two lines"));
}

/// Sets what can be said once.
pub(super) fn once<T>(
    draft: &mut Draft<'_>,
    annotation: &Annotation,
    slot: impl for<'b> Fn(&'b mut Draft<'_>) -> &'b mut Option<T>,
    value: T,
) {
    let slot = slot(draft);
    if slot.is_some() {
        let message = format!("the annotation `{}` stands twice", annotation.key);
        twice(draft, annotation.key_span.clone(), message);
    } else {
        *slot = Some(value);
    }
}

/// One of the words of a choice.
pub(super) fn choice<T: FromStr<Err = UnknownWord> + Display>(
    draft: &mut Draft<'_>,
    (word, span): &Word<'_>,
    all: &[T],
) -> Option<T> {
    match word.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            let choices: Vec<String> = all.iter().map(ToString::to_string).collect();
            let problem =
                draft.error("TP0152", span.clone(), error.to_string(), &format!("not a {}", error.what));
            // A single letter is as far from one choice as from another.
            let near = nearest(word, choices.iter().map(String::as_str)).filter(|near| near.len() > 1);
            draft.problems.push(match near {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem,
            });
            None
        }
    }
}

/// The construct that an annotation names.
pub(super) fn construct(draft: &mut Draft<'_>, (word, span): &Word<'_>) -> Option<ConstructId> {
    let meaning = draft.meaning(word);
    if let Meaning::Construct(id) = meaning {
        return Some(id);
    }
    let problem = if let Meaning::Indicator(id) = meaning {
        let owner = draft.indicators.get(id.index()).map_or("", |item| draft.name(item.construct));
        let message = format!("`{word}` is an item, not a construct");
        draft
            .error("TP0153", span.clone(), message, "an item")
            .hint(format!("did you mean its construct `{owner}`?"))
    } else {
        let message = format!("`{word}` is not a construct of this model");
        let problem = draft.error("TP0153", span.clone(), message, "unknown construct");
        Draft::did_you_mean(problem, word, draft.constructs.iter().map(|construct| construct.name.as_str()))
    };
    draft.problems.push(problem);
    None
}

/// The item that an annotation names.
pub(super) fn item(draft: &mut Draft<'_>, (word, span): &Word<'_>) -> Option<IndicatorId> {
    let meaning = draft.meaning(word);
    if let Meaning::Indicator(id) = meaning {
        return Some(id);
    }
    let problem = if let Meaning::Construct(_) = meaning {
        draft
            .error("TP0153", span.clone(), format!("`{word}` is a construct, not an item"), "a construct")
            .hint("name its items, one by one")
    } else {
        let message = format!("`{word}` is not an item of this model");
        let problem = draft.error("TP0153", span.clone(), message, "unknown item");
        Draft::did_you_mean(problem, word, draft.indicators.iter().map(|item| item.name.as_str()))
    };
    draft.problems.push(problem);
    None
}
