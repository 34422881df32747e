//! Where everything in a path diagram stands.
//!
//! A construct and its items form one block. Layers are as far apart as coefficients and the steepness of paths require;
//! if a coefficient still finds no free place, everything is spread a little more and tried again.

use super::block::{Block, ItemSize, flat, item_arrow, item_sizes, node_sizes, sides};
use super::diagram::{Diagram, Flow, Lines};
use super::geometry::{Cubic, Point, Rect, meet, runs_through};
use super::layers::{Extent, Layers};
use super::theme::{MM_PER_PX, Theme};
use super::{moderate, place, route};

/// Height of a line of text, in font sizes.
pub(crate) const LEADING: f64 = 1.28;
/// So often the spacing grows only to put coefficients back onto their paths.
const ROUNDS_FOR_LEADERS: usize = 2;
/// Around the figure.
const MARGIN: f64 = 14.0;
/// The same where everything stands close together.
const CLOSE_MARGIN: f64 = 6.0;

/// A diagram with a place for everything, in px.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The constructs, in the order of the diagram.
    pub nodes: Vec<NodeBox>,
    /// The items drawn, construct by construct.
    pub items: Vec<ItemBox>,
    /// The paths, in the order of the diagram, then the moderations.
    pub routes: Vec<Route>,
    /// Width of the drawing without title and legend.
    pub width: f64,
    /// Height of the drawing without title and legend.
    pub height: f64,
    /// The direction chosen, never [`Flow::Auto`].
    pub direction: Flow,
    /// Number of crossings between paths.
    pub crossings: usize,
}

/// A placed construct.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeBox {
    /// Bounds of the shape.
    pub rect: Rect,
    /// The label, line by line.
    pub lines: Vec<String>,
    /// The line under the label.
    pub r_squared: Option<String>,
}

/// A placed item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemBox {
    /// Index of its construct.
    pub node: usize,
    /// Index among its construct's items.
    pub item: usize,
    /// Bounds.
    pub rect: Rect,
    /// The name, line by line.
    pub lines: Vec<String>,
    /// Loading or weight.
    pub value: Option<String>,
    /// Whether the value stands beside the name rather than under it.
    pub flat: bool,
    /// Start and tip of the arrow.
    pub arrow: [Point; 2],
}

/// A placed path.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The curves from start to tip.
    pub(crate) curves: Vec<Cubic>,
    /// Points along the curves.
    pub points: Vec<Point>,
    /// Bounds of the arrow head.
    pub head: Rect,
    /// Where the arrow ends.
    pub tip: Point,
    /// The white plate under the coefficient, if there is one.
    pub label: Option<Rect>,
    /// Where the plate has no room on the path: the thin line from it to its path.
    pub leader: Option<[Point; 2]>,
    /// Whether everything on the plate is in small type.
    pub shrunk: bool,
    /// The coefficient, line by line.
    pub lines: Vec<String>,
    /// Line width in px.
    pub stroke: f64,
}

/// Turns the abstract axes (`u` along the flow, `v` across it) into the page's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axes {
    pub(crate) horizontal: bool,
}

impl Axes {
    pub(crate) fn point(self, u: f64, v: f64) -> Point {
        if self.horizontal { Point::new(u, v) } else { Point::new(v, u) }
    }

    pub(crate) fn size(self, rect: (f64, f64)) -> (f64, f64) {
        if self.horizontal { rect } else { (rect.1, rect.0) }
    }
}

impl Layout {
    /// The layout in the diagram's direction, or in the direction that leaves the text larger.
    pub(crate) fn best(diagram: &Diagram, theme: &Theme) -> Self {
        let layout = Self::automatic(diagram, theme);
        if diagram.arrangement.is_empty() { layout } else { layout.arranged(diagram, theme) }
    }

    fn automatic(diagram: &Diagram, theme: &Theme) -> Self {
        match diagram.direction {
            Flow::LeftToRight => Self::spread(diagram, theme, true),
            Flow::TopToBottom => Self::spread(diagram, theme, false),
            Flow::Auto => {
                let across = Self::spread(diagram, theme, true);
                let down = Self::spread(diagram, theme, false);
                let page = (
                    theme.max_width_mm.map_or(1700.0, |mm| mm / MM_PER_PX),
                    theme.max_height_mm.map_or(1400.0, |mm| mm / MM_PER_PX),
                );
                let scale =
                    |layout: &Self| (page.0 / layout.width).min(page.1 / (layout.height + 60.0)).min(1.0);
                if scale(&down) > scale(&across) * 1.05 { down } else { across }
            }
        }
    }

    /// Tries wider spacing until nothing overlaps, and a little wider still where a coefficient stands beside its path.
    fn spread(diagram: &Diagram, theme: &Theme, horizontal: bool) -> Self {
        let mut best = Self::place(diagram, theme, horizontal, 1.0);
        let mut faults = best.faults();
        let mut stretch = 1.0;
        for round in 0..9 {
            if faults == (0, 0) || (faults.0 == 0 && (diagram.codes || round >= ROUNDS_FOR_LEADERS)) {
                break;
            }
            stretch *= 1.2;
            let layout = Self::place(diagram, theme, horizontal, stretch);
            let found = layout.faults();
            if found < faults {
                (best, faults) = (layout, found);
            }
        }
        best
    }

    /// Overlaps, and coefficients beside their path.
    fn faults(&self) -> (usize, usize) {
        let beside = self.routes.iter().filter(|route| route.leader.is_some()).count();
        (self.overlaps().len(), beside)
    }

    fn place(diagram: &Diagram, theme: &Theme, horizontal: bool, stretch: f64) -> Self {
        let axes = Axes { horizontal };
        let ends: Vec<(usize, usize)> = diagram.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        // A moderator stands before the outcome of the path that it changes.
        let ties: Vec<(usize, usize)> = diagram
            .moderations
            .iter()
            .filter_map(|moderation| Some((moderation.moderator, diagram.edges.get(moderation.edge)?.to)))
            .filter(|(from, to)| from != to)
            .collect();
        let layers = Layers::with_ties(diagram.nodes.len(), &ends, &ties);
        let sizes = node_sizes(diagram, theme, &layers, axes);
        let sides = sides(diagram, &layers);
        let items: Vec<Vec<ItemSize>> = diagram
            .nodes
            .iter()
            .zip(&sides)
            .map(|(node, &side)| item_sizes(node, side, theme, horizontal))
            .collect();
        let blocks: Vec<Block> = sizes
            .iter()
            .zip(&sides)
            .zip(&items)
            .map(|((size, &side), items)| Block::new(axes.size(size.0), side, items, axes))
            .collect();

        let mut extents: Vec<Extent> = blocks.iter().map(|block| block.extent).collect();
        room_for_plates(diagram, theme, axes, &mut extents);
        extents.resize(layers.slots(), Extent { before: 7.0, after: 7.0 });
        let gaps = cross_gaps(&layers, &extents, stretch, diagram.codes);
        let v = layers.positions(&extents, &gaps);
        let columns = columns(diagram, theme, &layers, &blocks, &v, axes, stretch);

        let mut nodes = Vec::with_capacity(diagram.nodes.len());
        for (node, (_, lines, r_squared)) in sizes.iter().enumerate() {
            let layer = layers.order.iter().position(|slots| slots.contains(&node)).unwrap_or(0);
            let centre = axes.point(columns[layer].centre(), v[node]);
            let (w, h) = sizes[node].0;
            nodes.push(NodeBox {
                rect: Rect::centred(centre, w, h),
                lines: lines.clone(),
                r_squared: r_squared.clone(),
            });
        }
        let mut boxes = Vec::new();
        for (node, block) in blocks.iter().enumerate() {
            let centre = nodes[node].rect.centre();
            for (at, (size, offset)) in items[node].iter().zip(&block.items).enumerate() {
                let shift = axes.point(offset.0, offset.1);
                let rect = Rect::centred(
                    Point::new(centre.x + shift.x, centre.y + shift.y),
                    size.size.0,
                    size.size.1,
                );
                boxes.push(ItemBox {
                    node,
                    item: at,
                    rect,
                    lines: size.lines.clone(),
                    value: size.value.clone(),
                    flat: flat(sides[node], horizontal),
                    arrow: item_arrow(&diagram.nodes[node], &nodes[node].rect, &rect, sides[node], axes),
                });
            }
        }
        let mut routes = route::routes(diagram, theme, &layers, &nodes, &v, &columns, axes);
        routes.extend(moderate::routes(diagram, theme, &nodes, &routes));
        let mut layout = Self {
            nodes,
            items: boxes,
            routes,
            width: 0.0,
            height: 0.0,
            direction: if horizontal { Flow::LeftToRight } else { Flow::TopToBottom },
            crossings: layers.crossings(),
        };
        place::labels(theme, &mut layout);
        layout.normalise(diagram);
        layout
    }

    /// Moves everything so that the drawing begins at the margin.
    pub(super) fn normalise(&mut self, diagram: &Diagram) {
        let Some(first) = self.nodes.first().map(|node| node.rect) else { return };
        let mut bounds = self.rects().into_iter().fold(first, |all, rect| all.union(&rect));
        for point in self.routes.iter().flat_map(|route| &route.points) {
            bounds = bounds.union(&Rect::centred(*point, 4.0, 4.0));
        }
        let margin = if diagram.codes { CLOSE_MARGIN } else { MARGIN };
        let (dx, dy) = (margin - bounds.x, margin - bounds.y);
        for node in &mut self.nodes {
            node.rect = node.rect.moved(dx, dy);
        }
        for item in &mut self.items {
            item.rect = item.rect.moved(dx, dy);
            item.arrow = item.arrow.map(|p| Point::new(p.x + dx, p.y + dy));
        }
        for route in &mut self.routes {
            for curve in &mut route.curves {
                curve.0 = curve.0.map(|p| Point::new(p.x + dx, p.y + dy));
            }
            for point in &mut route.points {
                *point = Point::new(point.x + dx, point.y + dy);
            }
            route.head = route.head.moved(dx, dy);
            route.tip = Point::new(route.tip.x + dx, route.tip.y + dy);
            route.label = route.label.map(|label| label.moved(dx, dy));
            route.leader = route.leader.map(|ends| ends.map(|p| Point::new(p.x + dx, p.y + dy)));
        }
        self.width = bounds.width + 2.0 * margin;
        self.height = bounds.height + 2.0 * margin;
    }

    /// The bounds of every construct, item, arrow head and coefficient.
    pub fn rects(&self) -> Vec<Rect> {
        let mut rects: Vec<Rect> = self.nodes.iter().map(|node| node.rect).collect();
        rects.extend(self.items.iter().map(|item| item.rect));
        rects.extend(self.routes.iter().map(|route| route.head));
        rects.extend(self.routes.iter().filter_map(|route| route.label));
        rects
    }

    /// Every pair of things that overlap: constructs, items and coefficients with each other, coefficients with arrow
    /// heads, and coefficients with paths and arrows of items other than their own. A coefficient that leaves nothing to
    /// see of its own path, and a leader that runs over anything, count as well. Empty for a good layout.
    pub fn overlaps(&self) -> Vec<String> {
        let mut things: Vec<(String, Rect, bool)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            things.push((format!("node {at} ({})", node.lines.join(" ")), node.rect, false));
        }
        for item in &self.items {
            things.push((format!("item {}", item.lines.join("")), item.rect, false));
        }
        for (at, route) in self.routes.iter().enumerate() {
            if let Some(label) = route.label {
                things.push((format!("label {at} ({})", route.lines.join(" ")), label, false));
            }
        }
        for (at, route) in self.routes.iter().enumerate() {
            things.push((format!("head {at}"), route.head, true));
        }
        let mut found = Vec::new();
        for (at, (name, rect, head)) in things.iter().enumerate() {
            for (other, other_rect, other_head) in &things[at + 1..] {
                // Heads touch their own construct by nature and each other where paths meet.
                let counts = !head && (!other_head || name.starts_with("label"));
                if counts && rect.grown(-0.25).overlap(other_rect) > 0.0 {
                    found.push(format!("{name} overlaps {other}"));
                }
            }
        }
        self.covered_paths(&mut found);
        found
    }

    /// Coefficients that cover a path, and leaders that run over something.
    fn covered_paths(&self, found: &mut Vec<String>) {
        for (at, route) in self.routes.iter().enumerate() {
            let Some(plate) = route.label.map(|label| label.grown(-0.25)) else { continue };
            let name = format!("label {at} ({})", route.lines.join(" "));
            for (other, path) in self.routes.iter().enumerate() {
                if other != at && runs_through(&path.points, &plate) {
                    found.push(format!("{name} covers path {other}"));
                }
            }
            for item in &self.items {
                if plate.is_cut_by(item.arrow[0], item.arrow[1]) {
                    found.push(format!("{name} covers the arrow of item {}", item.lines.join("")));
                }
            }
            if place::in_sight(&route.points, &plate) < place::LEAST_IN_SIGHT {
                found.push(format!("{name} hides its own path"));
            }
            let Some(leader) = route.leader else { continue };
            for (other, path) in self.routes.iter().enumerate().filter(|(other, _)| *other != at) {
                let crosses = path.points.windows(2).any(|pair| meet(leader, [pair[0], pair[1]]));
                if crosses || path.label.is_some_and(|label| label.is_cut_by(leader[0], leader[1])) {
                    found.push(format!("the leader of {name} runs over path {other}"));
                }
            }
            if self.nodes.iter().any(|node| node.rect.is_cut_by(leader[0], leader[1])) {
                found.push(format!("the leader of {name} runs over a node"));
            }
        }
    }
}

/// Range of a layer along the flow, items before and behind not counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) start: f64,
    pub(crate) end: f64,
}

impl Column {
    fn centre(self) -> f64 {
        f64::midpoint(self.start, self.end)
    }
}

/// Coefficients of several lines on paths that leave or enter a construct side by side stand one under the other: they
/// need more room across the flow than the construct itself.
fn room_for_plates(diagram: &Diagram, theme: &Theme, axes: Axes, extents: &mut [Extent]) {
    let plate = route::largest_plate(diagram, theme, axes).1;
    if !axes.horizontal || plate < 2.0 * theme.small * LEADING {
        return;
    }
    for (at, extent) in extents.iter_mut().enumerate() {
        let leaving = diagram.edges.iter().filter(|edge| edge.from == at).count();
        let entering = diagram.edges.iter().filter(|edge| edge.to == at).count();
        let half = leaving.max(entering) as f64 * (plate + 4.0) / 2.0;
        extent.before = extent.before.max(half);
        extent.after = extent.after.max(half);
    }
}

/// Least distance between neighbours in each layer: sparse layers use the height that full ones need.
fn cross_gaps(layers: &Layers, extents: &[Extent], stretch: f64, close: bool) -> Vec<f64> {
    let least = if close { 9.0 } else { 20.0 };
    let totals: Vec<f64> = layers
        .order
        .iter()
        .map(|slots| slots.iter().map(|&slot| extents[slot].before + extents[slot].after + least).sum())
        .collect();
    let most = totals.iter().copied().fold(0.0, f64::max);
    totals
        .iter()
        .zip(&layers.order)
        .map(|(total, slots)| {
            let spare = (most - total) / (slots.len() as f64 + 1.0);
            (spare * 0.8).clamp(least, 90.0) * stretch.sqrt()
        })
        .collect()
}

/// Ranges of the layers along the flow.
fn columns(
    diagram: &Diagram,
    theme: &Theme,
    layers: &Layers,
    blocks: &[Block],
    v: &[f64],
    axes: Axes,
    stretch: f64,
) -> Vec<Column> {
    let lengths: Vec<f64> = layers
        .order
        .iter()
        .map(|slots| {
            slots.iter().filter_map(|&slot| blocks.get(slot)).map(|block| block.length).fold(0.0, f64::max)
        })
        .collect();
    let reserve = route::reserve(diagram, theme, axes);
    let mut place = vec![0; layers.slots()];
    for (layer, slots) in layers.order.iter().enumerate() {
        for &slot in slots {
            place[slot] = layer;
        }
    }
    let mut needs = vec![(0.0_f64, 0.0_f64, 0_usize); lengths.len()];
    for (edge, chain) in diagram.edges.iter().zip(&layers.chains) {
        let label = axes.size(route::label_size(&edge.label, theme).1).0;
        for pair in chain.windows(2) {
            let need = &mut needs[place[pair[0]]];
            need.0 = need.0.max(label);
            need.1 = need.1.max((v[pair[0]] - v[pair[1]]).abs());
            need.2 += 1;
        }
    }
    let mut start = 0.0;
    let mut columns = Vec::with_capacity(lengths.len());
    for (length, (label, rise, count)) in lengths.iter().zip(needs) {
        columns.push(Column { start, end: start + length });
        let crowd = (count.saturating_sub(2) as f64 * 6.0).min(70.0);
        let steep = (rise * 0.3).min(200.0);
        let crowd = match diagram.lines {
            Lines::Curved => crowd,
            // Turns need a track each, wide enough for a coefficient where these lie on the tracks.
            Lines::Orthogonal if axes.horizontal => count as f64 * 9.0 + reserve,
            Lines::Orthogonal => count as f64 * (label + 5.0),
        };
        let (least, more) = if diagram.codes { (40.0_f64, 32.0) } else { (58.0, 46.0) };
        // Where room is scarce, only crowded gaps grow.
        let stretch =
            if diagram.codes && count < 4 && diagram.moderations.is_empty() { 1.0 } else { stretch };
        start += length + (least.max(label + more) + crowd.max(steep)) * stretch;
    }
    columns
}
