//! Rules about the paths as a whole: no cycles, and one connected model.

use std::collections::VecDeque;

use super::draft::Draft;
use super::{ConstructId, Path};

/// The constructs that paths lead to from one, itself only if a cycle returns to it.
pub(crate) fn downstream(paths: &[Path], from: ConstructId) -> Vec<ConstructId> {
    let mut reached: Vec<ConstructId> = Vec::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        for path in paths.iter().filter(|path| path.from == id) {
            if !reached.contains(&path.to) {
                reached.push(path.to);
                waiting.push(path.to);
            }
        }
    }
    reached
}

/// Reports cycles, and parts that no path joins.
pub(super) fn check(draft: &mut Draft<'_>) {
    let count = draft.constructs.len();
    let mut found = Vec::new();
    let instrumented = |id: usize| draft.instruments.iter().any(|(outcome, _)| outcome.index() == id);
    // A product follows from its factors, a construct of constructs goes with its components.
    let mut links = super::products::links(draft);
    links.extend_from_slice(&draft.paths);
    for cycle in cycles(count, &links, &instrumented) {
        let names: Vec<_> = cycle.iter().map(|&id| draft.name(ConstructId::new(id))).collect();
        let message = format!("the paths form a cycle: {}", names.join(" → "));
        let closing = match cycle.as_slice() {
            [.., from, to] => draft
                .paths
                .iter()
                .position(|path| path.from.index() == *from && path.to.index() == *to)
                .and_then(|at| draft.path_spans.get(at).cloned()),
            _ => None,
        };
        let problem = draft
            .error("TP0129", closing.unwrap_or(0..0), message, "this path closes the cycle")
            .hint("a model without instruments must be recursive: remove or turn one of these paths")
            .hint("or name instruments for every construct of the cycle: `#@ instruments OUTCOME Z1 Z2`");
        found.push(problem);
    }
    draft.problems.extend(found);
    if draft.incomplete || draft.paths.is_empty() {
        return;
    }
    links.extend(super::higher_order::links(draft));
    let parts = parts(count, &links);
    let Some(stray) = parts.get(1).and_then(|part| part.first()) else { return };
    let list: Vec<_> = parts
        .iter()
        .map(|part| {
            let names: Vec<_> = part.iter().map(|&id| draft.name(ConstructId::new(id))).collect();
            format!("({})", names.join(", "))
        })
        .collect();
    let message =
        format!("the model falls into {} parts that no path joins: {}", parts.len(), list.join(" and "));
    let first =
        parts.first().and_then(|part| part.first()).map_or("", |&id| draft.name(ConstructId::new(id)));
    let label = format!("no chain of paths joins this to `{first}`");
    let span = draft.construct_spans.get(*stray).cloned().unwrap_or(0..0);
    // `A*C` in other languages is a product; here, as in lavaan, it gives the path of C the name A.
    let starred = draft.paths.iter().find_map(|path| {
        let named = path.label.as_deref()?;
        let known = (0..count).any(|id| draft.name(ConstructId::new(id)) == named);
        known.then(|| (named.to_owned(), draft.name(path.from).to_owned()))
    });
    let mut problem = draft.error("TP0130", span, message, &label);
    if let Some((name, from)) = starred {
        problem = problem.hint(format!(
            "`{name}*{from}` gives the path of `{from}` the label `{name}`; their product is `{name}:{from}`"
        ));
    }
    let problem = problem
        .hint("every construct must be joined to the others by paths: add a path, or remove the construct");
    draft.problems.push(problem);
}

/// Disjoint cycles through constructs that are not `exempt`, each as short as can be from its first construct and back to
/// it; empty if there is none.
fn cycles(count: usize, paths: &[Path], exempt: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut next = vec![Vec::new(); count];
    for path in paths {
        if let Some(list) = next.get_mut(path.from.index()) {
            list.push(path.to.index());
        }
    }
    let mut found: Vec<Vec<usize>> = Vec::new();
    for start in 0..count {
        if exempt(start) || found.iter().any(|cycle| cycle.contains(&start)) {
            continue;
        }
        if let Some(cycle) = back_to(start, &next)
            && !cycle.iter().any(|id| found.iter().any(|other| other.contains(id)))
        {
            found.push(cycle);
        }
    }
    found
}

/// The shortest way from a construct back to itself.
fn back_to(start: usize, next: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; next.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &to in next.get(at)? {
            if to == start {
                let mut way = vec![start, at];
                let mut step = at;
                while step != start {
                    step = before.get(step).copied().flatten()?;
                    way.push(step);
                }
                // From the start itself, a way of one step lists it twice already.
                way.reverse();
                return Some(way);
            }
            if let Some(slot) = before.get_mut(to)
                && slot.is_none()
            {
                *slot = Some(at);
                queue.push_back(to);
            }
        }
    }
    None
}

/// The sets of constructs that paths join, each in the order of the file.
fn parts(count: usize, paths: &[Path]) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); count];
    for path in paths {
        for (one, other) in [(path.from, path.to), (path.to, path.from)] {
            if let Some(list) = near.get_mut(one.index()) {
                list.push(other.index());
            }
        }
    }
    let mut seen = vec![false; count];
    let mut parts = Vec::new();
    for start in 0..count {
        let mut part = Vec::new();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            match seen.get_mut(at) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            part.push(at);
            open.extend(near.get(at).into_iter().flatten());
        }
        if !part.is_empty() {
            part.sort_unstable();
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(pairs: &[(usize, usize)]) -> Vec<Path> {
        let path = |&(from, to): &(usize, usize)| Path {
            from: ConstructId::new(from),
            to: ConstructId::new(to),
            label: None,
            hypothesis: None,
        };
        pairs.iter().map(path).collect()
    }

    #[test]
    fn cycles_are_short_and_disjoint() {
        assert!(cycles(4, &paths(&[(0, 1), (1, 2), (0, 2), (2, 3)]), &|_| false).is_empty());
        assert_eq!(cycles(3, &paths(&[(0, 1), (1, 2), (2, 1)]), &|_| false), [[1, 2, 1]]);
        assert_eq!(cycles(3, &paths(&[(0, 1), (1, 2), (2, 0)]), &|_| false), [[0, 1, 2, 0]]);
        let two = cycles(4, &paths(&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)]), &|_| false);
        assert_eq!(two, [[0, 1, 0], [2, 3, 2]]);
        // A cycle is forgiven only if every construct on it is.
        assert!(cycles(2, &paths(&[(0, 1), (1, 0)]), &|_| true).is_empty());
        assert_eq!(cycles(2, &paths(&[(0, 1), (1, 0)]), &|id| id == 0), [[1, 0, 1]]);
    }

    #[test]
    fn parts_are_told_apart_whatever_the_direction() {
        assert_eq!(parts(3, &paths(&[(2, 0), (2, 1)])), [[0, 1, 2]]);
        assert_eq!(parts(4, &paths(&[(3, 0)])), [vec![0, 3], vec![1], vec![2]]);
    }
}
