//! Paths along the axes: where each one turns.
//!
//! Between two layers every path that changes its place across the flow turns twice, on a track of its own, so that no
//! two paths run over each other.

use std::collections::BTreeMap;

use super::layers::Layers;
use super::layout::Column;

/// Free space beside the constructs of a layer.
const CLEARANCE: f64 = 12.0;
/// Paths that change their place by less than this run straight.
const LEAST: f64 = 0.75;

/// Slots, path, and where it starts and ends across the flow.
type Link = (usize, usize, usize, f64, f64);

/// The place along the flow at which each link (from slot, to slot, path) turns; `reserve` px before each layer stay free
/// of turns, so that coefficients can stand there.
pub(super) fn bends(
    layers: &Layers,
    place: &[usize],
    v: &[f64],
    offsets: &[[f64; 2]],
    columns: &[Column],
    reserve: f64,
) -> BTreeMap<(usize, usize, usize), f64> {
    // Links of each gap with the places where they start and end across the flow.
    let mut gaps: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for (edge, chain) in layers.chains.iter().enumerate() {
        let last = chain.len().saturating_sub(1);
        for (at, pair) in chain.windows(2).enumerate() {
            let start = v[pair[0]] + if at == 0 { offsets[edge][0] } else { 0.0 };
            let end = v[pair[1]] + if at + 1 == last { offsets[edge][1] } else { 0.0 };
            if (start - end).abs() >= LEAST {
                gaps.entry(place[pair[0]]).or_default().push((pair[0], pair[1], edge, start, end));
            }
        }
    }
    let mut bends = BTreeMap::new();
    for (layer, mut links) in gaps {
        // Paths downwards turn the earlier the lower they start, paths upwards the earlier the higher: so fans do not
        // cross themselves.
        links.sort_by(|a, b| {
            let key = |link: &Link| if link.4 > link.3 { -link.3 } else { link.3 };
            key(a).total_cmp(&key(b)).then(a.2.cmp(&b.2))
        });
        let (Some(from), Some(to)) = (columns.get(layer), columns.get(layer + 1)) else { continue };
        let (first, room) = (from.end + CLEARANCE, to.start - from.end - 2.0 * CLEARANCE - 10.0 - reserve);
        let step = room.max(1.0) / (links.len() as f64 + 1.0);
        for (at, link) in links.iter().enumerate() {
            bends.insert((link.0, link.1, link.2), first + step * (at as f64 + 1.0));
        }
    }
    bends
}
