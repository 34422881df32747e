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

mod constructs;
mod paths;
mod words;

use std::sync::Arc;

use super::document::{Annotation, Document, Item};
use super::draft::Draft;
use super::{Interaction, Scheme, Written};
use crate::diagnostic::nearest;
use constructs::{dominant, higher_order, label, mode, reliability, scale, unstandardized, uses};
use paths::{control, factor, hypothesis, instruments};
use words::{choice, incomplete, once, twice};

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

/// Only what is taken from the library.
pub(super) fn read_uses(draft: &mut Draft<'_>, document: &Document) {
    for item in &document.items {
        match item {
            Item::Annotation(annotation) if annotation.key == "use" => uses(draft, annotation),
            _ => {}
        }
    }
}
