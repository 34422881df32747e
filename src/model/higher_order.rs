//! Constructs of constructs: `TRUST =~ Ability + Benevolence`.

use std::ops::Range;

use super::resolve::Draft;
use super::{ConstructId, HigherOrder, Nature, Path};

/// One report for all constructs of a circle.
const CIRCLE: &str = "a circle of components";

/// Makes a construct one of constructs.
pub(super) fn components(draft: &mut Draft<'_>, id: ConstructId, names: Vec<(String, Range<usize>)>) {
    let whole = draft.name(id).to_owned();
    let mut components: Vec<String> = Vec::new();
    for (name, span) in names {
        let owner =
            draft.constructs.iter().find(|other| other.components().is_some_and(|c| c.contains(&name)));
        let (message, hint) = if components.contains(&name) {
            (format!("`{name}` stands twice among the components of `{whole}`"), "remove one of them")
        } else if let Some(owner) = owner {
            (
                format!("`{name}` is a component of both `{}` and `{whole}`", owner.name),
                "a component belongs to one construct; remove it from one of the two",
            )
        } else {
            components.push(name);
            continue;
        };
        let problem = draft.error("TP0134", span, message, "a component already");
        draft.problems.push(problem.hint(hint));
        draft.incomplete = true;
    }
    if let Some(construct) = draft.constructs.get_mut(id.index()) {
        construct.nature = Nature::HigherOrder { components };
    }
}

/// Rules that need the whole model: no circle, components outside paths unless indicators are repeated.
pub(super) fn check(draft: &mut Draft<'_>) {
    if draft.repeats && draft.about.higher_order.is_none() {
        draft.about.higher_order = Some(HigherOrder::Repeated);
    }
    let repeated = matches!(
        draft.about.higher_order,
        Some(HigherOrder::Repeated | HigherOrder::ExtendedRepeated | HigherOrder::Embedded)
    );
    let mut found = Vec::new();
    for (at, construct) in draft.constructs.iter().enumerate() {
        let Some(components) = construct.components() else { continue };
        let circle = found.iter().any(|problem: &crate::diagnostic::Diagnostic| problem.label == CIRCLE);
        if !circle && within(draft, &construct.name, &construct.name, draft.constructs.len()) {
            let span = draft.construct_spans.get(at).cloned().unwrap_or(0..0);
            let message = format!("`{}` is a component of itself", construct.name);
            let problem = draft.error("TP0134", span, message, CIRCLE);
            found.push(problem.hint("a construct of constructs stands above all of its components"));
        }
        for (path, span) in draft.paths.iter().zip(&draft.path_spans) {
            for end in [path.from, path.to] {
                let name = draft.name(end);
                if repeated || !components.iter().any(|component| component == name) {
                    continue;
                }
                let message =
                    format!("`{name}` stands in a path, but it is a component of `{}`", construct.name);
                found.push(
                    draft
                        .error("TP0134", span.clone(), message, "a component")
                        .hint(format!(
                            "name `{}` in the path: its components take part through it",
                            construct.name
                        ))
                        .hint("or estimate by repeated indicators: `#@ higher-order repeated`"),
                );
            }
        }
    }
    if draft.about.higher_order == Some(HigherOrder::Saturated) {
        let order = |name: &str| depth(draft, name, draft.constructs.len());
        for (construct, span) in draft.constructs.iter().zip(&draft.construct_spans) {
            if construct.components().is_some() && order(&construct.name) > 2 {
                let message =
                    format!("`{}` is of third order, which `saturated` does not know", construct.name);
                let problem = draft.error("TP0134", span.clone(), message, "of third or higher order");
                found.push(problem.hint("choose `#@ higher-order disjoint`"));
            }
        }
    }
    draft.incomplete |= !found.is_empty();
    draft.problems.extend(found);
}

/// Whether `name` stands somewhere below `whole`; looks `depth` levels down.
fn within(draft: &Draft<'_>, name: &str, whole: &str, depth: usize) -> bool {
    let Some(components) =
        draft.constructs.iter().find(|construct| construct.name == whole).and_then(|c| c.components())
    else {
        return false;
    };
    depth > 0 && components.iter().any(|part| part == name || within(draft, name, part, depth - 1))
}

/// The order of a construct: 1 if items measure it; at most `most`.
fn depth(draft: &Draft<'_>, name: &str, most: usize) -> usize {
    let parts = draft.constructs.iter().find(|construct| construct.name == name).and_then(|c| c.components());
    match parts {
        Some(parts) if most > 0 => {
            1 + parts.iter().map(|part| depth(draft, part, most - 1)).max().unwrap_or_default()
        }
        _ => 1,
    }
}

/// What joins a construct of constructs to its components.
pub(super) fn links(draft: &Draft<'_>) -> Vec<Path> {
    let mut links = Vec::new();
    for (at, construct) in draft.constructs.iter().enumerate() {
        for component in construct.components().into_iter().flatten() {
            if let Some(&to) = draft.construct_ids.get(component) {
                links.push(Path { from: ConstructId::new(at), to, label: None, hypothesis: None });
            }
        }
    }
    links
}
