//! Paths as smooth curves, and free places for their coefficients.
//!
//! A path leaves its cause and enters its effect along the flow, each at a port of its own, so that arrow
//! heads do not cover each other. Between layers it is one cubic curve; where a long path passes another
//! layer it runs straight through the place that the layering kept for it.

use super::diagram::{Diagram, EdgeKind};
use super::geometry::{Cubic, Point, Rect, along, sample};
use super::layers::Layers;
use super::layout::{Axes, Column, LEADING, Layout, NodeBox, Route};
use super::measure::{Weight, widest};
use super::shape;
use super::theme::Theme;

/// Least distance between two ports.
pub(crate) const PORT_MINIMUM: f64 = 10.0;
/// Largest distance between two ports.
const PORT_MAXIMUM: f64 = 17.0;
/// Share of a construct's side on which ports may lie.
pub(crate) const PORT_SHARE: f64 = 0.72;
/// Length of an arrow head.
pub(crate) const HEAD_LENGTH: f64 = 10.0;
/// Straight part before the tip.
const APPROACH: f64 = 14.0;
/// How strongly curves keep to the flow; 0 would be straight lines.
const TENSION: f64 = 0.42;

/// Half the width of an arrow head on a line of this width.
pub(crate) fn head_half_width(stroke: f64) -> f64 {
    3.2 + stroke * 0.55
}

/// Width of a path's line.
fn stroke(kind: EdgeKind, value: Option<f64>) -> f64 {
    match (kind, value) {
        (EdgeKind::Dimension, _) => 1.0,
        (EdgeKind::Path, Some(value)) if value.is_finite() => 1.0 + 3.4 * value.abs().min(1.0),
        _ => 1.4,
    }
}

/// The lines of a coefficient and the size of its plate.
pub(crate) fn label_size(label: &str, theme: &Theme) -> (Vec<String>, (f64, f64)) {
    let lines: Vec<String> =
        label.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let width = widest(&lines, theme.small, Weight::Regular) + 11.0;
    let height = lines.len() as f64 * theme.small * LEADING + 2.0;
    (lines, (width, height))
}

/// Offsets of the ports of every path at both ends, across the flow.
fn ports(layers: &Layers, nodes: &[NodeBox], v: &[f64], axes: Axes) -> Vec<[f64; 2]> {
    let mut offsets = vec![[0.0; 2]; layers.chains.len()];
    for (node, shape) in nodes.iter().enumerate() {
        for (end, first) in [(0, true), (1, false)] {
            // Paths that touch this side, ordered by where they come from or go to.
            let mut touching: Vec<(f64, usize)> = layers
                .chains
                .iter()
                .enumerate()
                .filter_map(|(edge, chain)| {
                    let (here, next) = if first {
                        (chain.first(), chain.get(1))
                    } else {
                        (chain.last(), chain.len().checked_sub(2).and_then(|at| chain.get(at)))
                    };
                    (here == Some(&node)).then(|| (next.map_or(0.0, |&next| v[next]), edge))
                })
                .collect();
            touching.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let side = axes.size((shape.rect.width, shape.rect.height)).1;
            let steps = touching.len().saturating_sub(1) as f64;
            let step = if steps > 0.0 { (side * PORT_SHARE / steps).min(PORT_MAXIMUM) } else { 0.0 };
            for (at, (_, edge)) in touching.into_iter().enumerate() {
                offsets[edge][end] = (at as f64 - steps / 2.0) * step;
            }
        }
    }
    offsets
}

/// Routes every path; coefficients have no place yet.
pub(crate) fn routes(
    diagram: &Diagram,
    theme: &Theme,
    layers: &Layers,
    nodes: &[NodeBox],
    v: &[f64],
    columns: &[Column],
    axes: Axes,
) -> Vec<Route> {
    let offsets = ports(layers, nodes, v, axes);
    let mut place = vec![0; layers.slots()];
    for (layer, slots) in layers.order.iter().enumerate() {
        for &slot in slots {
            place[slot] = layer;
        }
    }
    let mut routes = Vec::with_capacity(diagram.edges.len());
    for (at, edge) in diagram.edges.iter().enumerate() {
        let chain = &layers.chains[at];
        let mut curves: Vec<Cubic> = Vec::new();
        for pair in chain.windows(2) {
            let (from, to) = (columns[place[pair[0]]], columns[place[pair[1]]]);
            let border = |slot: usize, end: usize| {
                diagram.nodes.get(slot).map(|node| {
                    let offset = offsets[at][end];
                    shape::reach(node.shape, &nodes[slot].rect, offset, axes.horizontal)
                })
            };
            let (mut start, mut end) = ((from.end, v[pair[0]]), (to.start, v[pair[1]]));
            if let Some(reach) = border(pair[0], 0) {
                start.1 += offsets[at][0];
                let edge_of_node = f64::midpoint(from.start, from.end) + reach;
                let lead = if layers.reversed[at] { APPROACH } else { 4.0 };
                start.0 = start.0.max(edge_of_node + lead);
                curves.push(Cubic::line(axes.point(edge_of_node, start.1), axes.point(start.0, start.1)));
            }
            let mut last = None;
            if let Some(reach) = border(pair[1], 1) {
                end.1 += offsets[at][1];
                let edge_of_node = f64::midpoint(to.start, to.end) - reach;
                end.0 = end.0.min(edge_of_node - if layers.reversed[at] { 4.0 } else { APPROACH });
                last = Some(Cubic::line(axes.point(end.0, end.1), axes.point(edge_of_node, end.1)));
            }
            let pull = (end.0 - start.0) * TENSION;
            curves.push(Cubic([
                axes.point(start.0, start.1),
                axes.point(start.0 + pull, start.1),
                axes.point(end.0 - pull, end.1),
                axes.point(end.0, end.1),
            ]));
            match last {
                Some(line) => curves.push(line),
                None => {
                    curves.push(Cubic::line(axes.point(to.start, end.1), axes.point(to.end, end.1)));
                }
            }
        }
        if layers.reversed[at] {
            curves.reverse();
            for curve in &mut curves {
                curve.0.reverse();
            }
        }
        let stroke = stroke(edge.kind, edge.value);
        let tip = curves.last().map(|curve| curve.0[3]).unwrap_or_default();
        let back = curves.last().map(|curve| curve.0[0]).unwrap_or_default();
        let length = back.distance(tip).max(1e-9);
        let neck = tip.towards(back, HEAD_LENGTH / length);
        let half = head_half_width(stroke);
        let head = if axes.horizontal {
            Rect { x: tip.x.min(neck.x), y: tip.y - half, width: HEAD_LENGTH, height: 2.0 * half }
        } else {
            Rect { x: tip.x - half, y: tip.y.min(neck.y), width: 2.0 * half, height: HEAD_LENGTH }
        };
        // The line ends inside the head, so that its blunt end does not show at the tip.
        if let Some(curve) = curves.last_mut() {
            *curve = Cubic::line(curve.0[0], tip.towards(back, HEAD_LENGTH * 0.8 / length));
        }
        let points = sample(&curves, 4.0);
        routes.push(Route {
            curves,
            points,
            head,
            label: None,
            lines: label_size(&edge.label, theme).0,
            stroke,
        });
    }
    routes
}

/// Moves every coefficient along its path to the place that is free and nearest to the middle.
pub(crate) fn place_labels(diagram: &Diagram, theme: &Theme, layout: &mut Layout) {
    let mut fixed: Vec<Rect> = layout.nodes.iter().map(|node| node.rect.grown(3.0)).collect();
    fixed.extend(layout.items.iter().map(|item| item.rect.grown(2.0)));
    fixed.extend(layout.routes.iter().map(|route| route.head.grown(1.5)));
    let arrows: Vec<Vec<Point>> = layout
        .items
        .iter()
        .map(|item| (0..=8_u32).map(|i| item.arrow[0].towards(item.arrow[1], f64::from(i) / 8.0)).collect())
        .collect();
    let sizes: Vec<Option<(f64, f64)>> = diagram
        .edges
        .iter()
        .map(|edge| {
            let (lines, size) = label_size(&edge.label, theme);
            (!lines.is_empty()).then_some(size)
        })
        .collect();
    // What a place costs apart from the other coefficients does not change.
    let candidates: Vec<Vec<(f64, Rect)>> = layout
        .routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            let Some((width, height)) = sizes[at] else { return Vec::new() };
            (0..=90_u32)
                .map(|i| {
                    let share = 0.05 + f64::from(i) * 0.01;
                    let rect = Rect::centred(along(&route.points, share), width, height);
                    let mut cost = (share - 0.5).abs() * 1.2;
                    cost += fixed.iter().map(|other| rect.overlap(other)).sum::<f64>() * 50.0;
                    for (other, route) in layout.routes.iter().enumerate() {
                        if other != at
                            && route
                                .points
                                .iter()
                                .any(|&point| rect.grown(2.5 + route.stroke / 2.0).contains(point))
                        {
                            cost += 2.5;
                        }
                    }
                    cost += arrows
                        .iter()
                        .filter(|points| points.iter().any(|&point| rect.contains(point)))
                        .count() as f64;
                    (cost, rect)
                })
                .collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..candidates.len()).filter(|&at| !candidates[at].is_empty()).collect();
    // Paths with few good places choose first.
    let free = |at: usize| candidates[at].iter().filter(|(cost, _)| *cost < 2.0).count();
    order.sort_by_key(|&at| (free(at), at));
    for _ in 0..6 {
        let mut moved = false;
        for &at in &order {
            let best = candidates[at].iter().map(|&(cost, rect)| {
                let others: f64 = layout
                    .routes
                    .iter()
                    .enumerate()
                    .filter(|&(other, _)| other != at)
                    .filter_map(|(_, route)| route.label)
                    .map(|label| label.grown(2.0).overlap(&rect))
                    .sum();
                (cost + others * 50.0, rect)
            });
            let best = best.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, rect)| rect);
            moved |= best != layout.routes[at].label;
            layout.routes[at].label = best;
        }
        if !moved {
            break;
        }
    }
}
