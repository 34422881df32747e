//! Paths as smooth curves, and free places for their coefficients.
//!
//! A path leaves its cause and enters its effect along the flow, each at a port of its own, so that arrow
//! heads do not cover each other. Between layers it is one cubic curve; where a long path passes another
//! layer it runs straight through the place that the layering kept for it.

use super::diagram::{Diagram, EdgeKind, Lines};
use super::geometry::{Cubic, Rect, sample};
use super::layers::Layers;
use super::layout::{Axes, Column, LEADING, NodeBox, Route};
use super::measure::{Weight, width};
use super::theme::Theme;
use super::{orthogonal, shape};

/// Least distance between two ports.
const PORT_MINIMUM: f64 = 10.0;
/// Largest distance that coefficients can claim between two ports.
const LARGEST_STEP: f64 = 40.0;
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
pub(super) fn stroke(kind: EdgeKind, value: Option<f64>) -> f64 {
    match (kind, value) {
        (EdgeKind::Dimension, _) => 1.0,
        (EdgeKind::Path, Some(value)) if value.is_finite() => 1.0 + 3.4 * value.abs().min(1.0),
        _ => 1.4,
    }
}

/// Small type, as a share of the small words.
pub(crate) const SMALL_TYPE: f64 = 0.86;
/// The same on a page below `NARROW` px, on which everything is shrunk as a whole already.
const SMALL_TYPE_ON_NARROW: f64 = 0.96;

/// Small type, as a share of the small words, on the page of a theme.
fn small_type(theme: &Theme) -> f64 {
    if theme.is_narrow() { SMALL_TYPE_ON_NARROW } else { SMALL_TYPE }
}

/// The lines of a coefficient and the size of its plate.
pub(crate) fn label_size(label: &str, theme: &Theme) -> (Vec<String>, (f64, f64)) {
    let lines: Vec<String> =
        label.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let size = plate_size(&lines, theme, false);
    (lines, size)
}

/// The size of the letters of a line of a plate: an interval under its coefficient is in small type, and so is everything
/// on a plate that finds no room otherwise.
pub(super) fn letters(line: &str, at: usize, theme: &Theme, shrunk: bool) -> f64 {
    let is_interval = at > 0 && line.starts_with('[');
    if shrunk || is_interval { theme.small * small_type(theme) } else { theme.small }
}

/// The size of the plate under these lines.
pub(super) fn plate_size(lines: &[String], theme: &Theme, shrunk: bool) -> (f64, f64) {
    let sizes = || lines.iter().enumerate().map(|(at, line)| (line, letters(line, at, theme, shrunk)));
    let widest = sizes().map(|(line, size)| width(line, size, Weight::Regular)).fold(0.0, f64::max);
    let height: f64 = sizes().map(|(_, size)| size * LEADING).sum();
    if shrunk { (widest + 5.0, height + 1.0) } else { (widest + 9.0, height + 2.0) }
}

/// Size of the largest plate, along the flow and across it.
pub(super) fn largest_plate(diagram: &Diagram, theme: &Theme, axes: Axes) -> (f64, f64) {
    let labels = diagram.edges.iter().map(|edge| &edge.label).filter(|label| !label.trim().is_empty());
    labels
        .map(|label| axes.size(label_size(label, theme).1))
        .fold((0.0, 0.0), |most, size| (most.0.max(size.0), most.1.max(size.1)))
}

/// Whether coefficients stand one under the other before the constructs that their paths enter: paths along the axes run
/// beside each other, so that there is no other room.
fn is_stacked(diagram: &Diagram, axes: Axes) -> bool {
    diagram.lines == Lines::Orthogonal && axes.horizontal
}

/// Least distance between two ports.
pub(super) fn port_distance(diagram: &Diagram, theme: &Theme, axes: Axes) -> f64 {
    if !is_stacked(diagram, axes) {
        return PORT_MINIMUM;
    }
    PORT_MINIMUM.max((largest_plate(diagram, theme, axes).1 + 4.0).min(LARGEST_STEP))
}

/// Room along the flow that is kept for coefficients before each layer.
pub(super) fn reserve(diagram: &Diagram, theme: &Theme, axes: Axes) -> f64 {
    if is_stacked(diagram, axes) { largest_plate(diagram, theme, axes).0 + HEAD_LENGTH + 6.0 } else { 0.0 }
}

/// Offsets of the ports of every path at both ends, across the flow.
fn ports(layers: &Layers, nodes: &[NodeBox], v: &[f64], axes: Axes, least: f64) -> Vec<[f64; 2]> {
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
            let step =
                if steps > 0.0 { (side * PORT_SHARE / steps).min(PORT_MAXIMUM.max(least)) } else { 0.0 };
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
    let offsets = ports(layers, nodes, v, axes, port_distance(diagram, theme, axes));
    let mut place = vec![0; layers.slots()];
    for (layer, slots) in layers.order.iter().enumerate() {
        for &slot in slots {
            place[slot] = layer;
        }
    }
    let bends = (diagram.lines == Lines::Orthogonal)
        .then(|| orthogonal::bends(layers, &place, v, &offsets, columns, reserve(diagram, theme, axes)));
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
            if let Some(bend) = bends.as_ref().and_then(|bends| bends.get(&(pair[0], pair[1], at))) {
                let corners = [start, (*bend, start.1), (*bend, end.1), end];
                curves.extend(corners.windows(2).map(|ends| {
                    Cubic::line(axes.point(ends[0].0, ends[0].1), axes.point(ends[1].0, ends[1].1))
                }));
            } else {
                let pull = (end.0 - start.0) * TENSION;
                curves.push(Cubic([
                    axes.point(start.0, start.1),
                    axes.point(start.0 + pull, start.1),
                    axes.point(end.0 - pull, end.1),
                    axes.point(end.0, end.1),
                ]));
            }
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
        routes.push(finished(curves, stroke(edge.kind, edge.value), label_size(&edge.label, theme).0));
    }
    routes
}

/// A path with its arrow head at the end of its last curve.
pub(super) fn finished(mut curves: Vec<Cubic>, stroke: f64, lines: Vec<String>) -> Route {
    let tip = curves.last().map(|curve| curve.0[3]).unwrap_or_default();
    // The direction in which the path arrives.
    let back = curves.last().map(|curve| curve.0[2]).filter(|back| back.distance(tip) > 1e-6);
    let back = back.or_else(|| curves.last().map(|curve| curve.0[0])).unwrap_or_default();
    let length = back.distance(tip).max(1e-9);
    let neck = tip.towards(back, HEAD_LENGTH / length);
    let half = head_half_width(stroke);
    let (dx, dy) = ((tip.x - neck.x).abs() / HEAD_LENGTH, (tip.y - neck.y).abs() / HEAD_LENGTH);
    let head = Rect {
        x: tip.x.min(neck.x) - half * dy,
        y: tip.y.min(neck.y) - half * dx,
        width: (tip.x - neck.x).abs() + 2.0 * half * dy,
        height: (tip.y - neck.y).abs() + 2.0 * half * dx,
    };
    // The line ends inside the head, so that its blunt end does not show at the tip.
    if let Some(curve) = curves.last_mut() {
        curve.0[3] = tip.towards(back, HEAD_LENGTH * 0.8 / length);
    }
    let points = sample(&curves, 4.0);
    Route { curves, points, head, tip, label: None, leader: None, shrunk: false, lines, stroke }
}
