//! Constructs with their items as blocks: how large each part is, and where it stands in its block.
//!
//! Items of first causes stand before, items of last effects behind their construct; all others stand in
//! rows beside it, first half on one side and second half on the other when there are many.

use super::diagram::{Diagram, ItemArrows, Node, Shape};
use super::geometry::{Point, Rect};
use super::layers::{Extent, Layers};
use super::layout::{Axes, LEADING};
use super::measure::{Weight, widest, width, wrap, wrap_to};
use super::route;
use super::shape::{self, Line};
use super::theme::Theme;
use crate::table::apa;

/// Between neighbouring items.
const ITEM_GAP: f64 = 6.0;
/// Between a construct and items before or behind it.
const OUTER_GAP: f64 = 36.0;
/// Between a construct and items beside it.
const SIDE_GAP: f64 = 28.0;
/// More items than this beside a construct stand on both sides of it.
const MOST_IN_ROW: usize = 6;

/// Where a construct's items stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Nowhere,
    Before,
    Behind,
    /// Beside: how many of the items stand on the side of smaller `v`.
    Beside(usize),
}

/// What one item needs.
pub(super) struct ItemSize {
    pub(super) lines: Vec<String>,
    pub(super) value: Option<String>,
    pub(super) size: (f64, f64),
}

/// A construct with its items, relative to the construct's centre, in abstract axes.
pub(super) struct Block {
    pub(super) extent: Extent,
    /// Length of the construct and the items beside it, along the flow.
    pub(super) length: f64,
    /// Centres of the items.
    pub(super) items: Vec<(f64, f64)>,
}

impl Block {
    pub(super) fn new(node: (f64, f64), side: Side, items: &[ItemSize], axes: Axes) -> Self {
        let sizes: Vec<(f64, f64)> = items.iter().map(|item| axes.size(item.size)).collect();
        let half = node.1 / 2.0;
        let mut block = Self {
            extent: Extent { before: half, after: half },
            length: node.0,
            items: Vec::with_capacity(sizes.len()),
        };
        match side {
            Side::Nowhere => {}
            Side::Before | Side::Behind => {
                let total = sizes.iter().map(|size| size.1 + ITEM_GAP).sum::<f64>() - ITEM_GAP;
                let depth = sizes.iter().map(|size| size.0).fold(0.0, f64::max);
                let u = node.0 / 2.0 + OUTER_GAP + depth / 2.0;
                let mut v = -total / 2.0;
                for size in &sizes {
                    block.items.push((if side == Side::Before { -u } else { u }, v + size.1 / 2.0));
                    v += size.1 + ITEM_GAP;
                }
                block.extent.before = half.max(total / 2.0);
                block.extent.after = half.max(total / 2.0);
            }
            Side::Beside(first) => {
                let (before, after) = sizes.split_at(first.min(sizes.len()));
                for (row, sign) in [(before, -1.0), (after, 1.0)] {
                    let total = row.iter().map(|size| size.0 + ITEM_GAP).sum::<f64>() - ITEM_GAP;
                    let depth = row.iter().map(|size| size.1).fold(0.0, f64::max);
                    let v = sign * (half + SIDE_GAP + depth / 2.0);
                    let mut u = -total / 2.0;
                    for size in row {
                        block.items.push((u + size.0 / 2.0, v));
                        u += size.0 + ITEM_GAP;
                    }
                    if !row.is_empty() {
                        block.length = block.length.max(total);
                        let reach = half + SIDE_GAP + depth;
                        if sign < 0.0 {
                            block.extent.before = reach;
                        } else {
                            block.extent.after = reach;
                        }
                    }
                }
            }
        }
        block
    }
}

/// Where each construct's items go.
pub(super) fn sides(diagram: &Diagram, layers: &Layers) -> Vec<Side> {
    let mut sides = vec![Side::Nowhere; diagram.nodes.len()];
    if !diagram.show_items {
        return sides;
    }
    let last = layers.order.len().saturating_sub(1);
    for (layer, slots) in layers.order.iter().enumerate() {
        for (at, &slot) in slots.iter().enumerate() {
            let Some(node) = diagram.nodes.get(slot) else { continue };
            let count = node.items.len();
            sides[slot] = if count == 0 {
                Side::Nowhere
            } else if layer == 0 {
                Side::Before
            } else if layer == last {
                Side::Behind
            } else if count > MOST_IN_ROW {
                Side::Beside(count.div_ceil(2))
            } else if 2 * at < slots.len() {
                Side::Beside(count)
            } else {
                Side::Beside(0)
            };
        }
    }
    sides
}

/// Whether items stand one under the other, so that the value fits beside the name.
pub(super) fn flat(side: Side, horizontal: bool) -> bool {
    matches!(side, Side::Before | Side::Behind) == horizontal
}

pub(super) fn item_sizes(node: &Node, side: Side, theme: &Theme, horizontal: bool) -> Vec<ItemSize> {
    if side == Side::Nowhere {
        return Vec::new();
    }
    let flat = flat(side, horizontal);
    let size = theme.small;
    let mut sizes: Vec<ItemSize> = node
        .items
        .iter()
        .map(|item| {
            let lines = wrap(&item.name, size, Weight::Regular, 11.0 * size);
            let value = item.value.filter(|value| value.is_finite()).map(|value| apa(value, 2));
            let name_width = widest(&lines, size, Weight::Regular);
            let value_width = value.as_ref().map_or(0.0, |value| width(value, size, Weight::Regular));
            let rows = lines.len().max(1) as f64;
            let line = size * LEADING;
            let size = if flat {
                let gap = if value.is_some() { 8.0 } else { 0.0 };
                (name_width + gap + value_width + 12.0, rows * line + 4.0)
            } else {
                let rows = if value.is_some() { rows + 1.0 } else { rows };
                (name_width.max(value_width) + 10.0, rows * line + 4.0)
            };
            ItemSize { lines, value, size }
        })
        .collect();
    // Boxes of one construct are equally large across the direction in which they are stacked.
    let most = |pick: fn(&ItemSize) -> f64| sizes.iter().map(pick).fold(0.0, f64::max);
    let (wide, high) = (most(|item| item.size.0), most(|item| item.size.1));
    for item in &mut sizes {
        if flat {
            item.size.0 = wide;
        } else {
            item.size.1 = high;
        }
    }
    sizes
}

pub(super) type NodeSize = ((f64, f64), Vec<String>, Option<String>);

/// Size and text of each construct; constructs of one layer and shape are equally large.
pub(super) fn node_sizes(diagram: &Diagram, theme: &Theme, layers: &Layers, axes: Axes) -> Vec<NodeSize> {
    let size = theme.text;
    let line = size * LEADING;
    let least = route::port_distance(diagram, theme, axes);
    let mut sizes: Vec<NodeSize> = diagram
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| {
            let words = if diagram.codes { &node.name } else { node.shown() };
            let lines = wrap_to(words, size, Weight::Regular, 8.5 * size, 3);
            let r_squared = node.under();
            let extra = if r_squared.is_some() { theme.small * LEADING } else { 0.0 };
            let top = -(lines.len() as f64 * line + extra) / 2.0;
            let mut rows: Vec<Line> = lines
                .iter()
                .enumerate()
                .map(|(row, text)| Line {
                    half: width(text, size, Weight::Regular) / 2.0,
                    top: top + row as f64 * line,
                    bottom: top + (row + 1) as f64 * line,
                })
                .collect();
            if let Some(text) = &r_squared {
                let start = top + lines.len() as f64 * line;
                rows.push(Line {
                    half: width(text, theme.small, Weight::Regular) / 2.0,
                    top: start,
                    bottom: start + extra,
                });
            }
            let pad = if node.higher_order { 13.0 } else { 9.0 };
            let pad = if diagram.codes { pad - 4.0 } else { pad };
            let (least_width, least_height) = if diagram.codes { (2.9, 2.2) } else { (7.0, 3.0) };
            let (mut w, mut h) = shape::fit(node.shape, &rows, pad);
            if node.shape != Shape::SingleItem {
                w = w.max(least_width * size);
                h = h.max(least_height * size);
            }
            // Arrow heads that meet at one side must not cover each other.
            let count = |pick: fn(&super::Edge) -> usize| {
                diagram.edges.iter().filter(|edge| pick(edge) == at).count().saturating_sub(1)
            };
            let room = count(|edge| edge.to).max(count(|edge| edge.from)) as f64 * least / route::PORT_SHARE;
            if axes.horizontal {
                h = h.max(room);
            } else {
                w = w.max(room);
            }
            ((w, h), lines, r_squared)
        })
        .collect();
    for slots in &layers.order {
        for shape in [Shape::Factor, Shape::Composite] {
            let members: Vec<usize> = slots
                .iter()
                .copied()
                .filter(|&slot| diagram.nodes.get(slot).is_some_and(|node| node.shape == shape))
                .collect();
            // One very long name must not make all its neighbours huge.
            let common = |pick: fn((f64, f64)) -> f64| {
                let mut values: Vec<f64> = members.iter().map(|&node| pick(sizes[node].0)).collect();
                values.sort_by(f64::total_cmp);
                let limit = values.get(values.len() / 2).map_or(0.0, |median| median * 1.3);
                values.into_iter().filter(|&value| value <= limit).fold(0.0, f64::max)
            };
            let (w, h) = (common(|size| size.0), common(|size| size.1));
            for node in members {
                let size = &mut sizes[node].0;
                *size = (size.0.max(w), size.1.max(h));
            }
        }
    }
    sizes
}

/// Start and tip of an item's arrow.
pub(super) fn item_arrow(node: &Node, shape: &Rect, item: &Rect, side: Side, axes: Axes) -> [Point; 2] {
    let (centre, middle) = (shape.centre(), item.centre());
    // The item's end: the middle of the side that faces the construct.
    let outer = matches!(side, Side::Before | Side::Behind);
    let at_item = if outer == axes.horizontal {
        Point::new(if middle.x < centre.x { item.right() } else { item.x }, middle.y)
    } else {
        Point::new(middle.x, if middle.y < centre.y { item.bottom() } else { item.y })
    };
    let at_node = shape::clip(node.shape, shape, at_item);
    match node.arrows {
        ItemArrows::Reflective => [at_node, at_item],
        ItemArrows::Formative => [at_item, at_node],
    }
}
