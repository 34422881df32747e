//! Constructs of constructs: `TRUST =~ Ability + Benevolence`.

use std::ops::Range;

use super::draft::Draft;
use super::{Construct, ConstructId, HigherOrder, Nature, Path};
use crate::diagnostic::Diagnostic;

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

/// Rules that need the whole model: no circle, and approaches that can stand together.
pub(super) fn check(draft: &mut Draft<'_>) {
    for whole in std::mem::take(&mut draft.repeats) {
        let about = &mut draft.about;
        if about.higher_order.is_none() && !about.higher_order_of.iter().any(|(name, _)| *name == whole) {
            about.higher_order_of.push((whole, HigherOrder::Repeated));
        }
    }
    let mut found = Vec::new();
    for (at, construct) in draft.constructs.iter().enumerate() {
        let circle = !found.is_empty();
        if construct.components().is_some()
            && !circle
            && within(draft, &construct.name, &construct.name, draft.constructs.len())
        {
            let span = draft.construct_spans.get(at).cloned().unwrap_or(0..0);
            let message = format!("`{}` is a component of itself", construct.name);
            let problem = draft.error("TP0134", span, message, "a circle of components");
            found.push(problem.hint("a construct of constructs stands above all of its components"));
        }
    }
    if found.is_empty() {
        let about = &draft.about;
        for clash in clashes(&draft.constructs, &draft.paths, |name| about.approach(name)) {
            let span = match clash.place {
                Place::Construct(at) => draft.construct_spans.get(at),
                Place::Path(at) => draft.path_spans.get(at),
            };
            let problem = draft.error("TP0134", span.cloned().unwrap_or(0..0), clash.message, clash.label);
            found.push(clash.hints.into_iter().fold(problem, Diagnostic::hint));
        }
    }
    draft.incomplete |= !found.is_empty();
    draft.problems.extend(found);
}

/// Where approaches clash.
pub(crate) enum Place {
    Construct(usize),
    Path(usize),
}

/// What cannot be estimated as it is said.
pub(crate) struct Clash {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) label: &'static str,
    pub(crate) hints: Vec<String>,
}

/// What approaches to constructs of constructs rule out, there being no circle.
pub(crate) fn clashes(
    constructs: &[Construct],
    paths: &[Path],
    approach: impl Fn(&str) -> HigherOrder,
) -> Vec<Clash> {
    let repeats = |name: &str| {
        matches!(
            approach(name),
            HigherOrder::Repeated | HigherOrder::ExtendedRepeated | HigherOrder::Embedded
        )
    };
    let wholes = || constructs.iter().enumerate().filter_map(|(at, c)| Some((at, &c.name, c.components()?)));
    let whole = |name: &str| wholes().find(|(_, known, _)| *known == name);
    let mut found = Vec::new();
    let saturated = wholes().find(|(_, name, _)| approach(name) == HigherOrder::Saturated);
    for (at, name, components) in wholes() {
        for (p, path) in paths.iter().enumerate() {
            for end in [path.from, path.to] {
                let Some(end) = constructs.get(end.index()).map(|c| &c.name) else { continue };
                if !repeats(name) && components.contains(end) {
                    found.push(Clash {
                        place: Place::Path(p),
                        message: format!("`{end}` stands in a path, but it is a component of `{name}`"),
                        label: "a component",
                        hints: vec![
                            format!("name `{name}` in the path: its components take part through it"),
                            format!("or estimate by repeated indicators: `#@ higher-order {name} repeated`"),
                        ],
                    });
                }
            }
        }
        let own = approach(name);
        if let (Some((_, other, _)), true) = (saturated, own != HigherOrder::Saturated) {
            found.push(Clash {
                place: Place::Construct(at),
                message: format!(
                    "`{name}` cannot be estimated by `{own}` beside `{other}` by `saturated`, whose first stage joins each \
                     construct to each and is one of the whole model"
                ),
                label: "another approach",
                hints: vec![
                    format!("choose another approach for `{other}`, such as `#@ higher-order {other} disjoint`"),
                    "or `saturated` for all: `#@ higher-order saturated`".to_owned(),
                ],
            });
        }
        for part in components {
            let Some((..)) = whole(part) else { continue };
            let below = approach(part);
            let together = match own {
                HigherOrder::Repeated | HigherOrder::ExtendedRepeated => {
                    matches!(below, HigherOrder::Repeated | HigherOrder::ExtendedRepeated)
                }
                HigherOrder::Embedded => repeats(part),
                HigherOrder::Saturated => {
                    found.push(Clash {
                        place: Place::Construct(at),
                        message: format!("`{name}` is of third order, which `saturated` does not know"),
                        label: "of third or higher order",
                        hints: vec!["choose `#@ higher-order disjoint`".to_owned()],
                    });
                    break;
                }
                HigherOrder::Disjoint => true,
            };
            if !together {
                found.push(Clash {
                    place: Place::Construct(at),
                    message: format!(
                        "`{name}` by `{own}` stands in one stage with its component `{part}`, which by `{below}` has no items there"
                    ),
                    label: "stands above another approach",
                    hints: vec![
                        format!("estimate both alike: `#@ higher-order {name} {part} {own}`"),
                        format!(
                            "or `{name}` by `disjoint`, which takes the score of `{part}` whatever its approach"
                        ),
                    ],
                });
            }
        }
    }
    found
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
