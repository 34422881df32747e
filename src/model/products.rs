//! Products of constructs as predictors: `Y ~ A + B + A:B`, `Y ~ A + A:A`.

use super::document::Term;
use super::draft::Draft;
use super::{ConstructId, Kind, Nature, Path};

/// Most factors of one product.
const MOST_FACTORS: usize = 3;

/// The construct that a term of several names stands for; the same term in another order is the same construct.
pub(super) fn product(draft: &mut Draft<'_>, term: &Term) -> Option<ConstructId> {
    let before = draft.problems.len();
    let ids: Vec<ConstructId> = term.names.iter().filter_map(|name| draft.end_of_path(name)).collect();
    if draft.problems.len() > before {
        return None;
    }
    let name = term.name();
    if ids.len() > MOST_FACTORS {
        let message = format!("`{name}` is a product of {} constructs", ids.len());
        let problem = draft.error("TP0133", term.span.clone(), message, "too many factors");
        draft.problems.push(problem.hint("a product has two or three factors: `A:B`, `A:B:C`, `A:A`"));
        draft.incomplete = true;
        return None;
    }
    let factors: Vec<String> = ids.iter().map(|&id| draft.name(id).to_owned()).collect();
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    let same = |known: &[String]| sorted(known) == sorted(&factors);
    let known = draft.constructs.iter().position(|construct| construct.factors().is_some_and(same));
    if let Some(known) = known {
        // Either spelling finds it.
        draft.construct_ids.insert(name, ConstructId::new(known));
        return Some(ConstructId::new(known));
    }
    Some(draft.add(name, Kind::Composite, Nature::Product { factors }, term.span.clone()))
}

/// Rules that need all paths: a product predicts no factor of its own, and never without these.
pub(super) fn check(draft: &mut Draft<'_>) {
    let mut found = Vec::new();
    for (path, span) in draft.paths.iter().zip(&draft.path_spans) {
        let (from, to) = (path.from.index(), path.to.index());
        let outcome = draft.name(path.to);
        let Some((name, factors)) =
            draft.constructs.get(from).and_then(|construct| Some((&construct.name, construct.factors()?)))
        else {
            continue;
        };
        if factors.iter().any(|factor| factor == outcome) {
            let message = format!("the interaction `{name}` contains its own outcome `{outcome}`");
            let problem = draft.error("TP0133", span.clone(), message, "predicts one of its factors");
            found.push(problem.hint("an interaction joins two predictors of the outcome"));
            continue;
        }
        let enters = |factor: &String| {
            draft.paths.iter().any(|other| other.to.index() == to && draft.name(other.from) == factor)
        };
        let mut missing: Vec<&str> =
            factors.iter().filter(|factor| !enters(factor)).map(String::as_str).collect();
        missing.dedup();
        if !missing.is_empty() && !draft.incomplete {
            let listed: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "the interaction `{name}` enters `{outcome}` without its main effect of {}",
                listed.join(" and ")
            );
            let problem = draft.error("TP0133", span.clone(), message, "a product without its factors");
            found.push(
                problem
                    .hint(format!("add the main effects: `{outcome} ~ {} + {name}`", missing.join(" + ")))
                    .hint("without them the product also carries their effects (Aiken & West 1991)"),
            );
        }
    }
    draft.incomplete |= !found.is_empty();
    draft.problems.extend(found);
}

/// Every product follows from its factors; one that predicts its own factor is reported as such.
pub(super) fn links(draft: &Draft<'_>) -> Vec<Path> {
    let mut links = Vec::new();
    for (at, construct) in draft.constructs.iter().enumerate() {
        for factor in construct.factors().into_iter().flatten() {
            let itself = |path: &Path| path.from.index() == at && draft.name(path.to) == factor;
            if draft.paths.iter().any(itself) {
                continue;
            }
            if let Some(&from) = draft.construct_ids.get(factor) {
                links.push(Path { from, to: ConstructId::new(at), label: None, hypothesis: None });
            }
        }
    }
    links
}
