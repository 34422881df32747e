//! Reads the annotations `#@` into a model half resolved.
//!
//! | annotation | says |
//! |---|---|
//! | `title`, `title_zh`, `theory`, `source`, `codebook` | any text |
//! | `scheme path` | how constructs weigh their neighbours |
//! | `mode VEN REP B`, `mode B` | how outer weights are found, for some or for all other constructs |
//! | `label PU Perceived usefulness`, `label_zh PU 感知有用性` | a construct's label |
//! | `dominant PU1` | the item that fixes its construct's sign |
//! | `reliability PU 0.85` | a construct's reliability, if it is known better than these data tell it |
//! | `instruments TR Z1 Z2` | the instruments of an outcome, whose paths are then estimated by two-stage least squares |
//! | `ordinal PU1 PU2`, `scale REGION nominal` | what the codes of items mean |
//! | `weight WT` | the column of the data that weighs the cases |
//! | `interaction orthogonal` | how products of constructs are estimated |
//! | `higher-order embedded`, `higher-order TRUST repeated` | how constructs of constructs are estimated: all, or those named |
//! | `control AGE GENDER` | columns or constructs that enter every outcome besides the hypotheses |
//! | `factor education ref=highschool` | a predictor whose values are categories, and the one the others are compared with |
//! | `unstandardized GENDER` | single-item constructs that keep their units in products and paths |
//! | `threshold R01 = .6` | a threshold of one's own, as `--threshold` on the command line, which wins |
//! | `use PU PEOU` | constructs of the library, measured by its items |
//! | `hypothesis H1 TR ~ PU +` | a path's hypothesis, perhaps with its expected sign |
//!
//! Error codes are listed with the other rules in `resolve`.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use super::document::{Annotation, Document, Item};
use super::resolve::{Draft, Meaning};
use super::{
    Categorical, ConstructId, HigherOrder, Hypothesis, IndicatorId, Interaction, Mode, Scale, Scheme, Sign,
    UnknownWord, Written, library,
};
use crate::diagnostic::{Diagnostic, nearest};

/// What can be said.
const KEYS: [&str; 23] = [
    "title",
    "title_zh",
    "theory",
    "source",
    "codebook",
    "scheme",
    "mode",
    "label",
    "label_zh",
    "dominant",
    "reliability",
    "instruments",
    "hypothesis",
    "ordinal",
    "scale",
    "weight",
    "interaction",
    "higher-order",
    "unstandardized",
    "threshold",
    "control",
    "factor",
    "use",
];

/// What will be said one day.
const NOT_YET: [&str; 2] = ["cluster", "group"];

/// A word of a value and where it stands.
type Word<'a> = (&'a str, Range<usize>);

/// Takes one annotation in.
pub(super) fn read(draft: &mut Draft<'_>, annotation: &Annotation) {
    let key = annotation.key.as_str();
    if NOT_YET.contains(&key) {
        let message = format!("the annotation `{key}` is not supported yet");
        let problem = draft.error("TP0151", annotation.key_span.clone(), message, "not supported yet");
        draft.problems.push(problem.hint(format!("remove the line, or make it a comment: `# {key} …`")));
        return;
    }
    if !KEYS.contains(&key) {
        let message = format!("`{key}` is not an annotation");
        let problem = draft.error("TP0150", annotation.key_span.clone(), message, "unknown annotation");
        let problem = match nearest(key, KEYS.into_iter().chain(NOT_YET)) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        };
        let problem = problem
            .hint(format!("the annotations are {}", KEYS.join(", ")))
            .hint("a free comment begins with `#` alone");
        draft.problems.push(problem);
        return;
    }
    if annotation.value.is_empty() {
        incomplete(draft, annotation);
        return;
    }
    let value = || annotation.value.clone();
    match key {
        "title" => once(draft, annotation, |draft| &mut draft.about.title, value()),
        "title_zh" => once(draft, annotation, |draft| &mut draft.about.title_zh, value()),
        "theory" => once(draft, annotation, |draft| &mut draft.about.theory, value()),
        "source" => once(draft, annotation, |draft| &mut draft.about.source, value()),
        "codebook" => once(draft, annotation, |draft| &mut draft.about.codebook, value()),
        "scheme" => {
            if let Some(scheme) =
                choice::<Scheme>(draft, &(&annotation.value, annotation.value_span.clone()), Scheme::ALL)
            {
                once(draft, annotation, |draft| &mut draft.about.scheme, scheme);
            }
        }
        "mode" => mode(draft, annotation),
        "label" | "label_zh" => label(draft, annotation),
        "dominant" => dominant(draft, annotation),
        "reliability" => reliability(draft, annotation),
        "instruments" => instruments(draft, annotation),
        "ordinal" | "scale" => scale(draft, annotation),
        "threshold" => threshold(draft, annotation),
        "weight" => once(draft, annotation, |draft| &mut draft.about.weight, value()),
        "interaction" => {
            let word = (annotation.value.as_str(), annotation.value_span.clone());
            if let Some(approach) = choice::<Interaction>(draft, &word, Interaction::ALL) {
                once(draft, annotation, |draft| &mut draft.about.interaction, approach);
            }
        }
        "higher-order" => higher_order(draft, annotation),
        "unstandardized" => unstandardized(draft, annotation),
        "control" => control(draft, annotation),
        "factor" => factor(draft, annotation),
        "use" => uses(draft, annotation),
        _ => hypothesis(draft, annotation),
    }
}

/// The words of a value.
fn words(annotation: &Annotation) -> Vec<Word<'_>> {
    words_of(&annotation.value, annotation.value_span.start)
}

/// The words of a text that begins at `start`.
fn words_of(text: &str, start: usize) -> Vec<Word<'_>> {
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
fn example(key: &str) -> String {
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

fn incomplete(draft: &mut Draft<'_>, annotation: &Annotation) {
    let key = &annotation.key;
    let span = annotation.key_span.start..annotation.value_span.end.max(annotation.key_span.end);
    let message = format!("the annotation `{key}` is not complete");
    let problem = draft.error("TP0154", span, message, "something is missing or too much");
    draft.problems.push(problem.hint(example(key)));
}

fn twice(draft: &mut Draft<'_>, span: Range<usize>, message: impl Into<String>) {
    let problem = draft.error("TP0155", span, message, "said before");
    draft.problems.push(problem.hint("remove one of the two lines"));
}

/// Sets what can be said once.
fn once<T>(
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
fn choice<T: FromStr<Err = UnknownWord> + Display>(
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
fn construct(draft: &mut Draft<'_>, (word, span): &Word<'_>) -> Option<ConstructId> {
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

/// `mode VEN REP B`, `mode B`
fn mode(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let Some((last, names)) = words.split_last() else { return };
    let before = draft.problems.len();
    let Some(mode) = choice::<Mode>(draft, last, Mode::ALL) else {
        let first = names.first().and_then(|(word, _)| word.parse::<Mode>().ok());
        if let (Some(problem), Some(first)) = (draft.problems.get_mut(before), first) {
            problem.hints.push(format!("the mode comes last: `#@ mode {} {first}`", last.0));
        }
        return;
    };
    if names.is_empty() {
        once(draft, annotation, |draft| &mut draft.default_mode, mode);
    }
    for name in names {
        let Some(id) = construct(draft, name) else { continue };
        let Some(construct) = draft.constructs.get_mut(id.index()) else { continue };
        if construct.mode.is_some() {
            twice(draft, name.1.clone(), format!("the mode of `{}` is set twice", name.0));
        } else {
            construct.mode = Some(mode);
        }
    }
}

/// `label PU Perceived usefulness`
fn label(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let Some(name) = words.first() else { return };
    let text = annotation.value.get(name.0.len()..).unwrap_or_default().trim();
    // Quotation marks around the whole are no part of it.
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if text.is_empty() {
        incomplete(draft, annotation);
        return;
    }
    let Some(id) = construct(draft, name) else { return };
    let Some(construct) = draft.constructs.get_mut(id.index()) else { return };
    let slot = if annotation.key == "label" { &mut construct.label } else { &mut construct.label_zh };
    if slot.is_some() {
        twice(draft, name.1.clone(), format!("`{}` stands twice for `{}`", annotation.key, name.0));
    } else {
        *slot = Some(text.to_owned());
    }
}

/// `dominant PU1`
fn dominant(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let [(word, span)] = words.as_slice() else {
        incomplete(draft, annotation);
        return;
    };
    let meaning = draft.meaning(word);
    let problem = match meaning {
        Meaning::Indicator(id) => {
            let owner = draft.indicators.get(id.index()).map_or(ConstructId::new(0), |item| item.construct);
            let Some(construct) = draft.constructs.get_mut(owner.index()) else { return };
            if construct.dominant.is_some() {
                let message = format!("`{}` has two dominant items", construct.name);
                twice(draft, span.clone(), message);
            } else {
                construct.dominant = Some(id);
            }
            return;
        }
        Meaning::Construct(_) => draft
            .error("TP0153", span.clone(), format!("`{word}` is a construct, not an item"), "a construct")
            .hint("name the item that fixes the sign of its construct"),
        Meaning::Unknown => {
            let message = format!("`{word}` is not an item of this model");
            let problem = draft.error("TP0153", span.clone(), message, "unknown item");
            Draft::did_you_mean(problem, word, draft.indicators.iter().map(|item| item.name.as_str()))
        }
    };
    draft.problems.push(problem);
}

/// `reliability PU 0.85`
fn reliability(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let [name, (number, span)] = words.as_slice() else {
        incomplete(draft, annotation);
        return;
    };
    let id = construct(draft, name);
    let value = number.parse::<f64>().ok().filter(|value| *value > 0.0 && *value <= 1.0);
    let Some(value) = value else {
        let message = format!("`{number}` is not a reliability");
        let problem = draft.error("TP0157", span.clone(), message, "not above 0 and up to 1");
        draft.problems.push(problem.hint(example("reliability")));
        return;
    };
    let Some(id) = id else { return };
    if draft.reliabilities.iter().any(|(known, _)| *known == id) {
        twice(draft, name.1.clone(), format!("the reliability of `{}` is given twice", name.0));
    } else {
        draft.reliabilities.push((id, value));
    }
}

/// `instruments TR Z1 Z2`
fn instruments(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let (Some(outcome), Some(names)) = (words.first(), words.get(1..).filter(|rest| !rest.is_empty())) else {
        incomplete(draft, annotation);
        return;
    };
    let to = construct(draft, outcome);
    let mut list = Vec::new();
    for name in names {
        let Some(id) = construct(draft, name) else { continue };
        if list.contains(&id) {
            twice(draft, name.1.clone(), format!("`{}` stands twice among the instruments", name.0));
        } else {
            list.push(id);
        }
    }
    let (Some(to), true) = (to, list.len() == names.len()) else { return };
    if draft.instruments.iter().any(|(known, _)| *known == to) {
        twice(draft, outcome.1.clone(), format!("`{}` has instruments already", outcome.0));
        return;
    }
    let predictors = draft.paths.iter().filter(|path| path.to == to).count();
    let (message, label, hint) = if predictors == 0 && !draft.incomplete {
        (format!("no path leads into `{}`, so that it needs no instruments", outcome.0), "not an outcome", {
            "name the outcome first, then its instruments".to_owned()
        })
    } else if list.contains(&to) {
        (
            format!("`{}` cannot be its own instrument", outcome.0),
            "among its instruments",
            "remove it".to_owned(),
        )
    } else if list.len() < predictors {
        (
            format!(
                "`{}` has {predictors} predictors, which {} instruments cannot identify",
                outcome.0,
                list.len()
            ),
            "too few instruments",
            "name at least as many instruments as predictors; exogenous predictors count as their own instruments \
             if they are named too"
                .to_owned(),
        )
    } else {
        draft.instruments.push((to, list));
        return;
    };
    let problem = draft.error("TP0158", outcome.1.clone(), message, label);
    draft.problems.push(problem.hint(hint));
}

/// `higher-order embedded`, `higher-order TRUST embedded`
fn higher_order(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let Some((last, names)) = words.split_last() else { return };
    let Some(approach) = choice::<HigherOrder>(draft, last, HigherOrder::ALL) else { return };
    if names.is_empty() {
        once(draft, annotation, |draft| &mut draft.about.higher_order, approach);
    }
    for name in names {
        let Some(id) = construct(draft, name) else { continue };
        if draft.constructs.get(id.index()).is_some_and(|construct| construct.components().is_none()) {
            let message = format!("`{}` is not a construct of constructs", name.0);
            let problem = draft.error("TP0153", name.1.clone(), message, "items measure it");
            draft
                .problems
                .push(problem.hint("name a construct that others measure: `TRUST =~ Ability + Integrity`"));
        } else if draft.about.higher_order_of.iter().any(|(known, _)| known == name.0) {
            twice(draft, name.1.clone(), format!("the approach of `{}` is set twice", name.0));
        } else {
            draft.about.higher_order_of.push((name.0.to_owned(), approach));
        }
    }
}

/// `unstandardized GENDER`
fn unstandardized(draft: &mut Draft<'_>, annotation: &Annotation) {
    for name in &words(annotation) {
        let Some(id) = construct(draft, name) else { continue };
        let Some(construct) = draft.constructs.get_mut(id.index()) else { continue };
        if construct.indicators.len() == 1 {
            construct.raw = true;
            continue;
        }
        let message = format!("`{}` has no units: it is not a single item", name.0);
        let problem = draft.error("TP0153", name.1.clone(), message, "not a single item");
        draft.problems.push(problem.hint("name constructs of one item each, such as a code 0/1"));
    }
}

/// `threshold R01 = .6, .4`; which rules there are is known to the room that judges.
fn threshold(draft: &mut Draft<'_>, annotation: &Annotation) {
    let (value, span) = (&annotation.value, annotation.value_span.clone());
    let rule = |text: &str| text.split('=').next().unwrap_or_default().trim().to_uppercase();
    if rule(value).is_empty() || value.split_once('=').is_none_or(|(_, numbers)| numbers.trim().is_empty()) {
        incomplete(draft, annotation);
    } else if draft.about.thresholds.iter().any(|known| rule(&known.text) == rule(value)) {
        twice(draft, span, format!("the threshold of `{}` is set twice", rule(value)));
    } else {
        let place = (Arc::clone(draft.source), span);
        draft.about.thresholds.push(Written { text: value.clone(), place });
    }
}

/// `control AGE GENDER`: paths from each to every outcome. Read before all other annotations, so that these may name them.
fn control(draft: &mut Draft<'_>, annotation: &Annotation) {
    let mut outcomes: Vec<ConstructId> = Vec::new();
    for path in &draft.paths {
        if !outcomes.contains(&path.to) {
            outcomes.push(path.to);
        }
    }
    if outcomes.is_empty() && !draft.incomplete {
        let message = "the model has no outcome that a control could enter";
        let problem = draft.error("TP0159", annotation.key_span.clone(), message, "no paths");
        draft.problems.push(problem.hint("say what depends on what: `TR ~ PU + VEN`"));
        return;
    }
    for (word, span) in words(annotation) {
        let id = match draft.meaning(word) {
            Meaning::Construct(id) => id,
            Meaning::Indicator(_) => {
                construct(draft, &(word, span));
                continue;
            }
            Meaning::Unknown if !super::lexer::is_name(word) => {
                let message = format!("`{word}` is not the name of a control");
                let problem = draft.error("TP0159", span, message, "not a name");
                draft.problems.push(problem.hint("separate names by blanks: `#@ control AGE GENDER`"));
                continue;
            }
            Meaning::Unknown => {
                draft.observe(&super::document::Name { text: word.to_owned(), span: span.clone() })
            }
        };
        let name = draft.name(id).to_owned();
        if draft.about.controls.contains(&name) {
            twice(draft, span, format!("`{name}` is a control already"));
            continue;
        }
        if outcomes.contains(&id) {
            let message = format!("`{name}` is an outcome, which cannot be a control");
            let problem = draft.error("TP0159", span, message, "paths lead into it");
            draft.problems.push(problem.hint("controls explain outcomes and are explained by nothing"));
            continue;
        }
        for &to in &outcomes {
            if !draft.paths.iter().any(|path| (path.from, path.to) == (id, to)) {
                draft.paths.push(super::Path { from: id, to, label: None, hypothesis: None });
                draft.path_spans.push(span.clone());
            }
        }
        draft.about.controls.push(name);
    }
}

/// `factor education ref=highschool`
fn factor(draft: &mut Draft<'_>, annotation: &Annotation) {
    let (name, reference) = match annotation.value.split_once("ref=") {
        Some((name, reference)) => (name.trim(), Some(reference.trim().trim_matches(['"', '\'']).to_owned())),
        None => (annotation.value.trim(), None),
    };
    if name.is_empty() || name.contains(char::is_whitespace) || reference.as_deref() == Some("") {
        return incomplete(draft, annotation);
    }
    let span = annotation.value_span.start..annotation.value_span.start + name.len();
    let Meaning::Construct(id) = draft.meaning(name) else {
        let message = format!("the factor `{name}` stands in no path");
        let problem = draft.error("TP0160", span, message, "predicts nothing");
        draft.problems.push(
            problem
                .hint(format!("make it a predictor: `TR ~ PU + {name}`"))
                .hint(format!("or a control: `#@ control {name}`")),
        );
        return;
    };
    if draft.about.factors.iter().any(|factor| factor.name == name) {
        return twice(draft, span, format!("the factor `{name}` stands twice"));
    }
    let single = draft.constructs.get(id.index()).is_some_and(|construct| {
        let item = construct.indicators.first().and_then(|item| draft.indicators.get(item.index()));
        construct.indicators.len() == 1 && item.is_some_and(|item| item.name == name)
    });
    let outcome = draft.paths.iter().any(|path| path.to == id);
    if !single || outcome {
        let (message, label) = if outcome {
            (format!("`{name}` is an outcome: categories cannot be explained by paths"), "paths lead into it")
        } else {
            (
                format!("`{name}` is measured by items, and categories are one column of the data"),
                "not a column",
            )
        };
        let problem = draft.error("TP0160", span, message, label);
        draft.problems.push(problem.hint("name a column that stands in a path without being measured"));
        return;
    }
    draft.about.factors.push(Categorical { name: name.to_owned(), reference, levels: Vec::new() });
}

/// `scale PU1 PU2 ordinal`, `ordinal PU1 PU2`
fn scale(draft: &mut Draft<'_>, annotation: &Annotation) {
    let words = words(annotation);
    let (scale, names) = if annotation.key == "ordinal" {
        (Scale::Ordinal, words.as_slice())
    } else {
        let Some((last, names)) = words.split_last() else { return };
        let Some(scale) = choice::<Scale>(draft, last, Scale::ALL) else { return };
        (scale, names)
    };
    if names.is_empty() {
        incomplete(draft, annotation);
        return;
    }
    for name in names {
        let Some(id) = item(draft, name) else { continue };
        let Some(indicator) = draft.indicators.get_mut(id.index()) else { continue };
        if indicator.scale.is_some() {
            twice(draft, name.1.clone(), format!("the scale of `{}` is set twice", name.0));
        } else {
            indicator.scale = Some(scale);
        }
    }
}

/// The item that an annotation names.
fn item(draft: &mut Draft<'_>, (word, span): &Word<'_>) -> Option<IndicatorId> {
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

/// Only what is taken from the library.
pub(super) fn read_uses(draft: &mut Draft<'_>, document: &Document) {
    for item in &document.items {
        match item {
            Item::Annotation(annotation) if annotation.key == "use" => uses(draft, annotation),
            _ => {}
        }
    }
}

/// `use PU PEOU`; the measurement lines stand among the statements already.
fn uses(draft: &mut Draft<'_>, annotation: &Annotation) {
    for name in library::words(annotation) {
        let word = name.text.as_str();
        let Some(construct) = library::construct(word) else {
            let message = format!("`{word}` is not a construct of the library");
            let problem = draft.error("TP0170", name.span, message, "not in the library");
            let known = library::library().iter().map(|construct| construct.name.as_str());
            let problem = match nearest(word, known) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem,
            };
            draft.problems.push(problem.hint("`trustpath models construct` lists the library"));
            continue;
        };
        let position = draft.constructs.iter().position(|known| known.name == word);
        let first = position.and_then(|at| draft.construct_spans.get(at)) == Some(&name.span);
        let block = position.and_then(|at| draft.constructs.get(at)).map_or(0, |c| c.indicators.len());
        if !first || block > construct.items.len() {
            let message = format!("`{word}` is taken from the library and defined once more");
            let problem = draft.error("TP0171", name.span, message, "defined elsewhere, too");
            draft.problems.push(problem.hint("remove one of the two lines"));
            continue;
        }
        draft.used.extend(construct.items.iter().cloned());
    }
}

/// `hypothesis H1 TR ~ PU +`
fn hypothesis(draft: &mut Draft<'_>, annotation: &Annotation) {
    let value = annotation.value.as_str();
    let (body, sign) = match value.char_indices().next_back() {
        Some((at, '+')) => (value.get(..at).unwrap_or_default(), Some(Sign::Positive)),
        Some((at, '-' | '−')) => (value.get(..at).unwrap_or_default(), Some(Sign::Negative)),
        _ => (value, None),
    };
    let start = annotation.value_span.start;
    // The id ends at white space; the path may do without.
    let id = body.split_whitespace().next().unwrap_or_default();
    let rest = body.get(id.len()..).unwrap_or_default();
    let Some((left, right)) = rest.split_once('~') else { return incomplete(draft, annotation) };
    let left_at = start + id.len();
    let (left, right) = (words_of(left, left_at), words_of(right, left_at + left.len() + 1));
    let ([outcome], [predictor]) = (left.as_slice(), right.as_slice()) else {
        return incomplete(draft, annotation);
    };
    if id.is_empty() || id.contains('~') {
        return incomplete(draft, annotation);
    }
    if predictor.0.contains(':') && draft.meaning(predictor.0) == Meaning::Unknown {
        let message =
            format!("hypothesis `{id}` is about the interaction `{}`, which no path has", predictor.0);
        let problem = draft.error("TP0156", predictor.1.clone(), message, "no such interaction");
        draft.problems.push(problem.hint(format!("add the path: `{} ~ {}`", outcome.0, predictor.0)));
        return;
    }
    let (to, from) = (construct(draft, outcome), construct(draft, predictor));
    let (Some(to), Some(from)) = (to, from) else { return };
    let taken = draft.paths.iter().any(|path| path.hypothesis.as_ref().is_some_and(|known| known.id == id));
    if taken {
        twice(draft, start..start + id.len(), format!("there are two hypotheses `{id}`"));
        return;
    }
    let Some(path) = draft.paths.iter_mut().find(|path| path.from == from && path.to == to) else {
        let span = outcome.1.start..predictor.1.end;
        let problem = no_path(draft, id, outcome.0, predictor.0, span, (from, to));
        draft.problems.push(problem);
        return;
    };
    if path.hypothesis.is_some() {
        let span = outcome.1.start..predictor.1.end;
        twice(draft, span, format!("the path `{} ~ {}` has two hypotheses", outcome.0, predictor.0));
    } else {
        path.hypothesis = Some(Hypothesis { id: id.to_owned(), sign });
    }
}

fn no_path(
    draft: &Draft<'_>,
    id: &str,
    outcome: &str,
    predictor: &str,
    span: Range<usize>,
    (from, to): (ConstructId, ConstructId),
) -> Diagnostic {
    let message = format!(
        "hypothesis `{id}` is about the path `{outcome} ~ {predictor}`, which the model does not have"
    );
    let problem = draft.error("TP0156", span, message, "no such path");
    if draft.paths.iter().any(|path| path.from == to && path.to == from) {
        problem.hint(format!(
            "the model has the opposite path `{predictor} ~ {outcome}`; the outcome comes first"
        ))
    } else {
        problem.hint(format!("add the path: `{outcome} ~ {predictor}`"))
    }
}
