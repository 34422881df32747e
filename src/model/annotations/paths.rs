//! Annotations about paths: hypotheses, what enters every outcome, categories, instruments.

use std::ops::Range;

use super::words::{construct, incomplete, twice, words, words_of};
use crate::diagnostic::Diagnostic;
use crate::model::document::{Annotation, Name};
use crate::model::downstream;
use crate::model::draft::{Draft, Meaning};
use crate::model::{Categorical, ConstructId, Hypothesis, Path, Sign, lexer};

/// `instruments TR Z1 Z2`
pub(super) fn instruments(draft: &mut Draft<'_>, annotation: &Annotation) {
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
    } else if let Some(caused) = {
        let after = downstream(&draft.paths, to);
        list.iter().find(|id| after.contains(id)).map(|id| draft.name(*id).to_owned())
    } {
        (
            format!(
                "`{caused}` depends on `{}` by the model's paths, and so on what disturbs it: it is no instrument",
                outcome.0
            ),
            "an outcome of the outcome among its instruments",
            format!("remove `{caused}`; an instrument acts on the predictors and on nothing else"),
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

/// `control AGE GENDER`: paths from each to every outcome. Read before all other annotations, so that these may name them.
pub(super) fn control(draft: &mut Draft<'_>, annotation: &Annotation) {
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
            Meaning::Unknown if !lexer::is_name(word) => {
                let message = format!("`{word}` is not the name of a control");
                let problem = draft.error("TP0159", span, message, "not a name");
                draft.problems.push(problem.hint("separate names by blanks: `#@ control AGE GENDER`"));
                continue;
            }
            Meaning::Unknown => draft.observe(&Name { text: word.to_owned(), span: span.clone() }),
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
                draft.paths.push(Path { from: id, to, label: None, hypothesis: None });
                draft.path_spans.push(span.clone());
            }
        }
        draft.about.controls.push(name);
    }
}

/// `factor education ref=highschool`
pub(super) fn factor(draft: &mut Draft<'_>, annotation: &Annotation) {
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

/// `hypothesis H1 TR ~ PU +`
pub(super) fn hypothesis(draft: &mut Draft<'_>, annotation: &Annotation) {
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
