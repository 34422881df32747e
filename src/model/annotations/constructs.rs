//! Annotations about constructs and their items.

use super::words::{choice, construct, example, incomplete, item, once, twice, words};
use crate::diagnostic::nearest;
use crate::model::document::Annotation;
use crate::model::draft::{Draft, Meaning};
use crate::model::{ConstructId, HigherOrder, Mode, Scale, library};

/// `mode VEN REP B`, `mode B`
pub(super) fn mode(draft: &mut Draft<'_>, annotation: &Annotation) {
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
pub(super) fn label(draft: &mut Draft<'_>, annotation: &Annotation) {
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
pub(super) fn dominant(draft: &mut Draft<'_>, annotation: &Annotation) {
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
pub(super) fn reliability(draft: &mut Draft<'_>, annotation: &Annotation) {
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

/// `higher-order embedded`, `higher-order TRUST embedded`
pub(super) fn higher_order(draft: &mut Draft<'_>, annotation: &Annotation) {
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
pub(super) fn unstandardized(draft: &mut Draft<'_>, annotation: &Annotation) {
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

/// `scale PU1 PU2 ordinal`, `ordinal PU1 PU2`
pub(super) fn scale(draft: &mut Draft<'_>, annotation: &Annotation) {
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

/// `use PU PEOU`; the measurement lines stand among the statements already.
pub(super) fn uses(draft: &mut Draft<'_>, annotation: &Annotation) {
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
