//! Layers by causal order, few crossings, straight long edges.
//!
//! The classical three steps of Sugiyama, Tagawa and Toda (1981), on graphs of at most a few dozen
//! constructs: longest-path layers, barycentre ordering with adjacent exchanges, and positions that
//! minimise squared lengths under minimum distances (an isotonic regression per layer). Working in two
//! abstract axes, `u` along the flow and `v` across it, lets one algorithm serve both directions. A
//! general layout such as that of `dagre` knows neither items on one side of a node nor labels that must not
//! collide, and both decide how much room a construct needs.

use crate::stats::isotonic::increasing;

/// Constructs and the bends of long edges, layer by layer.
#[derive(Debug, Clone)]
pub(crate) struct Layers {
    /// Slots of each layer, in order across the flow. Slots below the number of nodes are nodes, the others
    /// are bends of long edges.
    pub(crate) order: Vec<Vec<usize>>,
    /// For each edge the slots it passes, in the direction of the flow.
    pub(crate) chains: Vec<Vec<usize>>,
    /// Whether the edge runs against the flow (it closes a cycle).
    pub(crate) reversed: Vec<bool>,
    /// Number of nodes.
    pub(crate) nodes: usize,
}

/// Room that a slot needs before and after its anchor, across the flow.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Extent {
    pub(crate) before: f64,
    pub(crate) after: f64,
}

impl Layers {
    /// Layers and orders the graph. Edges must join different, existing nodes.
    #[cfg(test)]
    pub(crate) fn new(nodes: usize, edges: &[(usize, usize)]) -> Self {
        Self::with_ties(nodes, edges, &[])
    }

    /// The same, with ties that put their first node into a layer before their second, and are not drawn.
    pub(crate) fn with_ties(nodes: usize, edges: &[(usize, usize)], ties: &[(usize, usize)]) -> Self {
        let both: Vec<(usize, usize)> = edges.iter().chain(ties).copied().collect();
        let mut back = back_edges(nodes, &both);
        let ranked: Vec<(usize, usize)> =
            both.iter().zip(&back).map(|(&(a, b), &back)| if back { (b, a) } else { (a, b) }).collect();
        let rank = ranks(nodes, &ranked);
        back.truncate(edges.len());
        let reversed = back;
        let forward: Vec<(usize, usize)> = ranked.into_iter().take(edges.len()).collect();
        let depth = rank.iter().max().map_or(0, |&most| most + 1);
        let mut order: Vec<Vec<usize>> = vec![Vec::new(); depth];
        for (node, &layer) in rank.iter().enumerate() {
            order[layer].push(node);
        }
        let mut slots = nodes;
        let mut chains = Vec::with_capacity(forward.len());
        for &(from, to) in &forward {
            let mut chain = vec![from];
            for layer in order.iter_mut().take(rank[to]).skip(rank[from] + 1) {
                layer.push(slots);
                chain.push(slots);
                slots += 1;
            }
            chain.push(to);
            chains.push(chain);
        }
        let mut layers = Self { order, chains, reversed, nodes };
        layers.reduce_crossings();
        layers
    }

    pub(crate) fn slots(&self) -> usize {
        self.order.iter().map(Vec::len).sum()
    }

    /// Neighbouring slots of each edge, in the direction of the flow.
    fn links(&self) -> Vec<(usize, usize)> {
        self.chains.iter().flat_map(|chain| chain.windows(2).map(|pair| (pair[0], pair[1]))).collect()
    }

    /// Number of crossings between neighbouring layers.
    pub(crate) fn crossings(&self) -> usize {
        crossings(&self.order, &self.links())
    }

    fn reduce_crossings(&mut self) {
        let links = self.links();
        let mut best = self.order.clone();
        let mut fewest = crossings(&best, &links);
        for start in 0..2 {
            let mut order = self.order.clone();
            if start == 1 {
                for layer in &mut order {
                    layer.reverse();
                }
            }
            for sweep in 0..16 {
                let down = sweep % 2 == 0;
                let count = order.len();
                for step in 1..count {
                    let at = if down { step } else { count - 1 - step };
                    barycentre(&mut order, at, &links, down);
                }
                exchange(&mut order, &links);
                let now = crossings(&order, &links);
                if now < fewest {
                    fewest = now;
                    best.clone_from(&order);
                }
            }
        }
        self.order = best;
    }

    /// Positions across the flow: as near to the neighbours as the extents and gaps allow.
    pub(crate) fn positions(&self, extents: &[Extent], gaps: &[f64]) -> Vec<f64> {
        let links = self.links();
        let mut at = vec![0.0; self.slots()];
        let separation =
            |layer: usize, a: usize, b: usize| extents[a].after + gaps[layer] + extents[b].before;
        for (layer, slots) in self.order.iter().enumerate() {
            let mut v = 0.0;
            for pair in slots.windows(2) {
                at[pair[0]] = v;
                v += separation(layer, pair[0], pair[1]);
            }
            if let Some(&last) = slots.last() {
                at[last] = v;
            }
            for &slot in slots {
                at[slot] -= v / 2.0;
            }
        }
        let bends = |slot: usize| slot >= self.nodes;
        let mut around: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.slots()];
        for &(a, b) in &links {
            // Long edges should run straight where they pass other layers.
            let weight = match (bends(a), bends(b)) {
                (true, true) => 8.0,
                (false, false) => 1.0,
                _ => 2.0,
            };
            around[a].push((b, weight));
            around[b].push((a, weight));
        }
        for round in 0..80 {
            let count = self.order.len();
            for step in 0..count {
                let layer = if round % 2 == 0 { step } else { count - 1 - step };
                let slots = &self.order[layer];
                let mut offset = 0.0;
                let mut offsets = Vec::with_capacity(slots.len());
                for (i, &slot) in slots.iter().enumerate() {
                    if i > 0 {
                        offset += separation(layer, slots[i - 1], slot);
                    }
                    offsets.push(offset);
                }
                let (wanted, weights): (Vec<f64>, Vec<f64>) = slots
                    .iter()
                    .zip(&offsets)
                    .map(|(&slot, offset)| {
                        let total: f64 = around[slot].iter().map(|(_, weight)| weight).sum();
                        if total > 0.0 {
                            let sum: f64 = around[slot].iter().map(|&(other, w)| at[other] * w).sum();
                            (sum / total - offset, total)
                        } else {
                            (at[slot] - offset, 0.05)
                        }
                    })
                    .unzip();
                let values = increasing(&wanted, &weights);
                for ((&slot, offset), value) in slots.iter().zip(&offsets).zip(values) {
                    at[slot] = value + offset;
                }
            }
        }
        self.straighten(&mut at, extents, gaps);
        at
    }

    /// Least squares would bend a long edge a little in every layer; where there is room, it runs straight.
    fn straighten(&self, at: &mut [f64], extents: &[Extent], gaps: &[f64]) {
        let mut place = vec![(0, 0); self.slots()];
        for (layer, slots) in self.order.iter().enumerate() {
            for (i, &slot) in slots.iter().enumerate() {
                place[slot] = (layer, i);
            }
        }
        let mut long: Vec<&[usize]> = self
            .chains
            .iter()
            .filter(|chain| chain.len() > 3)
            .filter_map(|chain| chain.get(1..chain.len() - 1))
            .collect();
        long.sort_by_key(|bends| std::cmp::Reverse(bends.len()));
        for _ in 0..4 {
            for bends in &long {
                let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
                for &bend in *bends {
                    let (layer, i) = place[bend];
                    let slots = &self.order[layer];
                    if let Some(&before) = i.checked_sub(1).and_then(|i| slots.get(i)) {
                        low =
                            low.max(at[before] + extents[before].after + gaps[layer] + extents[bend].before);
                    }
                    if let Some(&after) = slots.get(i + 1) {
                        high =
                            high.min(at[after] - extents[after].before - gaps[layer] - extents[bend].after);
                    }
                }
                if low <= high {
                    let mean = bends.iter().map(|&bend| at[bend]).sum::<f64>() / bends.len() as f64;
                    for &bend in *bends {
                        at[bend] = mean.clamp(low, high);
                    }
                }
            }
        }
    }
}

/// Edges that close a cycle when nodes are visited in their order.
fn back_edges(nodes: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    // Adding edges one by one, an edge is kept if it does not lead back to its own start.
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    edges
        .iter()
        .map(|&(from, to)| {
            let mut seen = vec![false; nodes];
            let mut stack = vec![to];
            while let Some(node) = stack.pop() {
                if node == from {
                    next[to].push(from);
                    // Reversed: `from` to `to` is drawn as if it ran from `to` to `from`.
                    return true;
                }
                if !std::mem::replace(&mut seen[node], true) {
                    stack.extend(&next[node]);
                }
            }
            next[from].push(to);
            false
        })
        .collect()
}

/// Longest-path layers; a cause without causes of its own stands directly before its first effect.
fn ranks(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut rank = vec![0; nodes];
    for _ in 0..nodes {
        for &(from, to) in edges {
            rank[to] = rank[to].max(rank[from] + 1);
        }
    }
    for node in 0..nodes {
        if edges.iter().all(|&(_, to)| to != node)
            && let Some(nearest) = edges.iter().filter(|edge| edge.0 == node).map(|edge| rank[edge.1]).min()
        {
            rank[node] = nearest - 1;
        }
    }
    rank
}

fn places(order: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let count = order.iter().map(Vec::len).sum();
    let mut place = vec![(0, 0); count];
    for (layer, slots) in order.iter().enumerate() {
        for (at, &slot) in slots.iter().enumerate() {
            place[slot] = (layer, at);
        }
    }
    place
}

fn crossings(order: &[Vec<usize>], links: &[(usize, usize)]) -> usize {
    let place = places(order);
    let mut count = 0;
    for (i, &(a, b)) in links.iter().enumerate() {
        for &(c, d) in &links[i + 1..] {
            if place[a].0 == place[c].0 {
                let (start, end) = (place[a].1.cmp(&place[c].1), place[b].1.cmp(&place[d].1));
                count += usize::from(start.is_ne() && end.is_ne() && start != end);
            }
        }
    }
    count
}

/// Orders one layer by the mean place of the neighbours on one side; slots without neighbours stay.
fn barycentre(order: &mut [Vec<usize>], layer: usize, links: &[(usize, usize)], down: bool) {
    let place = places(order);
    let means: Vec<Option<f64>> = order[layer]
        .iter()
        .map(|&slot| {
            let near: Vec<f64> = links
                .iter()
                .filter_map(|&(a, b)| match down {
                    true if b == slot => Some(place[a].1 as f64),
                    false if a == slot => Some(place[b].1 as f64),
                    _ => None,
                })
                .collect();
            (!near.is_empty()).then(|| near.iter().sum::<f64>() / near.len() as f64)
        })
        .collect();
    let mut movable: Vec<(f64, usize)> =
        means.iter().zip(&order[layer]).filter_map(|(mean, &slot)| mean.map(|mean| (mean, slot))).collect();
    movable.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sorted = movable.into_iter().map(|(_, slot)| slot);
    for (mean, slot) in means.iter().zip(order[layer].iter_mut()) {
        if mean.is_some()
            && let Some(next) = sorted.next()
        {
            *slot = next;
        }
    }
}

/// Exchanges neighbours as long as that removes crossings.
fn exchange(order: &mut [Vec<usize>], links: &[(usize, usize)]) {
    let mut fewest = crossings(order, links);
    for _ in 0..20 {
        let mut improved = false;
        for layer in 0..order.len() {
            for at in 1..order[layer].len() {
                order[layer].swap(at - 1, at);
                let now = crossings(order, links);
                if now < fewest {
                    fewest = now;
                    improved = true;
                } else {
                    order[layer].swap(at - 1, at);
                }
            }
        }
        if !improved {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_causes_move_to_their_effect() {
        // A → B → C, D → C: D stands beside B.
        let layers = Layers::new(4, &[(0, 1), (1, 2), (3, 2)]);
        assert_eq!(layers.order, vec![vec![0], vec![1, 3], vec![2]]);
        assert_eq!(layers.crossings(), 0);
    }

    #[test]
    fn crossings_that_can_be_removed_are() {
        let layers = Layers::new(4, &[(0, 3), (1, 2)]);
        assert_eq!(layers.crossings(), 0);
        // K(2,3) drawn in two layers needs three.
        let bipartite = Layers::new(5, &[(0, 3), (1, 3), (2, 3), (0, 4), (1, 4), (2, 4)]);
        assert_eq!(bipartite.crossings(), 3);
    }

    #[test]
    fn long_edges_bend_in_every_layer_they_pass() {
        let layers = Layers::new(4, &[(0, 1), (1, 2), (2, 3), (0, 3)]);
        assert_eq!(layers.chains[3].len(), 4);
        assert_eq!(layers.slots(), 6);
    }

    #[test]
    fn cycles_are_cut_once() {
        let layers = Layers::new(3, &[(0, 1), (1, 2), (2, 0)]);
        assert_eq!(layers.reversed, vec![false, false, true]);
        assert_eq!(layers.order.len(), 3);
    }

    #[test]
    fn positions_respect_extents() {
        let layers = Layers::new(4, &[(0, 3), (1, 3), (2, 3)]);
        let extents = vec![Extent { before: 10.0, after: 20.0 }; 4];
        let at = layers.positions(&extents, &[5.0, 5.0]);
        assert!(at[1] - at[0] >= 35.0 - 1e-9 && at[2] - at[1] >= 35.0 - 1e-9);
        assert!((at[3] - at[1]).abs() < 1e-3);
    }
}
