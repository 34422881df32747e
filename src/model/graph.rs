//! The paths as a directed graph: an order that respects causes, and the chains that carry indirect effects.
//!
//! A checked model has no cycle, unless instruments identify every equation on it. Then no order is causal: the first
//! construct of the file that waits is placed as it is, and chains pass every construct once at most.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::{ConstructId, Model, Path, PathId};

/// No reader wants more chains; a model of 20 constructs that are all joined has over 200,000.
pub(super) const MOST_CHAINS: usize = 100_000;

/// A chain of at least two paths, from a first cause over its mediators to an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chain {
    /// The constructs along the chain, cause first.
    pub constructs: Vec<ConstructId>,
}

impl Chain {
    /// The paths along the chain, in order.
    pub fn paths(&self, model: &Model) -> Vec<PathId> {
        self.constructs
            .iter()
            .zip(self.constructs.iter().skip(1))
            .filter_map(|(&from, &to)| model.find_path(from, to))
            .collect()
    }

    /// The chain as a reader sees it: `A → B → C`.
    pub fn name(&self, model: &Model) -> String {
        let names: Vec<_> = self.constructs.iter().map(|&id| model.construct(id).name.as_str()).collect();
        names.join(" → ")
    }
}

/// All constructs so that every path goes from an earlier to a later one.
///
/// Exogenous constructs come first, in the order of the file; then always the first construct of the file
/// whose predecessors are all placed.
pub(super) fn causal_order(model: &Model) -> Vec<ConstructId> {
    let count = model.constructs().len();
    let successors = successors(count, model.paths());
    let mut open = vec![0_usize; count];
    for path in model.paths() {
        if let Some(open) = open.get_mut(path.to.index()) {
            *open += 1;
        }
    }
    let mut order: Vec<ConstructId> = Vec::with_capacity(count);
    let mut ready = BinaryHeap::new();
    let mut exogenous: VecDeque<usize> = (0..count).filter(|&id| open.get(id) == Some(&0)).collect();
    let mut placed = vec![false; count];
    while let Some(next) = exogenous
        .pop_front()
        .or_else(|| ready.pop().map(|Reverse(id)| id))
        .or_else(|| placed.iter().position(|placed| !placed))
    {
        if placed.get(next).copied().unwrap_or(true) {
            continue;
        }
        if let Some(placed) = placed.get_mut(next) {
            *placed = true;
        }
        order.push(ConstructId::new(next));
        for &to in successors.get(next).into_iter().flatten() {
            if let Some(open) = open.get_mut(to) {
                *open -= 1;
                if *open == 0 {
                    ready.push(Reverse(to));
                }
            }
        }
    }
    order
}

/// Every chain of at least two paths, ordered by source (in causal order), length, then the order of the file.
///
/// A model with more than 100,000 of them gives the first 100,000, and whether there are others is said.
pub(super) fn chains(model: &Model) -> (Vec<Chain>, bool) {
    let successors = successors(model.constructs().len(), model.paths());
    let mut chains = Vec::new();
    for source in causal_order(model) {
        // Layer after layer: all chains of one length in file order, each extended by one path, give all
        // chains of the next length in file order.
        let mut layer = vec![vec![source]];
        while !layer.is_empty() {
            let mut longer = Vec::new();
            for chain in &layer {
                let last = chain.last().map_or(0, |id| id.index());
                for &to in successors.get(last).into_iter().flatten() {
                    if chain.contains(&ConstructId::new(to)) {
                        continue;
                    }
                    let mut next = chain.clone();
                    next.push(ConstructId::new(to));
                    longer.push(next);
                }
                if chains.len() + longer.len() > MOST_CHAINS {
                    break;
                }
            }
            for constructs in longer.iter().filter(|chain| chain.len() > 2) {
                if chains.len() == MOST_CHAINS {
                    return (chains, true);
                }
                chains.push(Chain { constructs: constructs.clone() });
            }
            layer = longer;
        }
    }
    (chains, false)
}

/// For each construct, the constructs it has a path to, in the order of the file.
fn successors(count: usize, paths: &[Path]) -> Vec<Vec<usize>> {
    let mut successors = vec![Vec::new(); count];
    for path in paths {
        if let Some(list) = successors.get_mut(path.from.index()) {
            list.push(path.to.index());
        }
    }
    for list in &mut successors {
        list.sort_unstable();
    }
    successors
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn names(model: &Model, ids: &[ConstructId]) -> Vec<String> {
        ids.iter().map(|&id| model.construct(id).name.clone()).collect()
    }

    /// `D` is defined first and depends on everything; `E` is exogenous and defined last.
    fn model() -> Model {
        Model::parse("D =~ d\nB =~ b\nA =~ a\nC =~ c\nE =~ e\nB ~ A\nC ~ B + A\nD ~ C + B + E").unwrap()
    }

    #[test]
    fn causes_come_before_outcomes_and_exogenous_first() {
        let model = model();
        assert_eq!(names(&model, &model.causal_order()), ["A", "E", "B", "C", "D"]);
        assert_eq!(names(&model, &model.endogenous()), ["B", "C", "D"]);
    }

    #[test]
    fn chains_are_complete_and_ordered() {
        let model = model();
        let chains: Vec<_> = model.chains().iter().map(|chain| chain.name(&model)).collect();
        let expected = ["A → B → D", "A → B → C", "A → C → D", "A → B → C → D", "B → C → D"];
        assert_eq!(chains, expected);
        let longest = &model.chains()[3];
        let ends: Vec<_> = longest.paths(&model).iter().map(|&id| model.path(id).to).collect();
        assert_eq!(names(&model, &ends), ["B", "C", "D"]);
    }

    #[test]
    fn a_model_with_endless_chains_stops_at_the_limit() {
        let name = |i: usize| format!("C{i}");
        let mut lines: Vec<String> = (0..24).map(|i| format!("{} =~ x{i}", name(i))).collect();
        for to in 1..24 {
            let from: Vec<_> = (0..to).map(name).collect();
            lines.push(format!("{} ~ {}", name(to), from.join(" + ")));
        }
        let model = Model::parse(&lines.join("\n")).unwrap();
        let chains = model.chains();
        assert_eq!(chains.len(), MOST_CHAINS);
        assert!(model.chains_are_cut() && !self::model().chains_are_cut());
        assert!(chains.iter().all(|chain| chain.paths(&model).len() + 1 == chain.constructs.len()));
    }
}
