//! Draws a placed diagram: title, constructs, items, paths, coefficients, legend.

use std::fmt::Write as _;

use super::diagram::{Diagram, Edge, Node, Shape};
use super::geometry::{Point, Rect};
use super::layout::{ItemBox, LEADING, Layout, NodeBox, Route};
use super::legend;
use super::measure::{Weight, wrap};
use super::route::{HEAD_LENGTH, head_half_width};
use super::shape;
use super::svg::{Element, Svg, number};
use super::theme::Theme;

/// Baseline below the middle of a line of text, in font sizes (half the height of a capital).
pub(crate) const BASELINE: f64 = 0.36;
pub(super) const INSIGNIFICANT: &str = "5 4";
pub(super) const NEGATIVE: &str = "9 3 2 3";
pub(super) const MARGIN: f64 = 14.0;

/// How a path looks.
struct Look<'a> {
    colour: &'a str,
    dash: Option<&'static str>,
}

fn look<'a>(edge: &Edge, theme: &'a Theme) -> Look<'a> {
    if edge.significant == Some(false) {
        Look { colour: &theme.palette.muted, dash: Some(INSIGNIFICANT) }
    } else if edge.value.is_some_and(|value| value < 0.0) {
        Look { colour: &theme.palette.negative, dash: Some(NEGATIVE) }
    } else {
        Look { colour: &theme.palette.ink, dash: None }
    }
}

/// The whole figure.
pub(crate) fn draw(diagram: &Diagram, layout: &Layout, theme: &Theme) -> Svg {
    let legend = legend::entries(diagram, theme);
    let widest_entry = legend.iter().map(|entry| entry.width).fold(0.0, f64::max);
    let page = layout.width.max(widest_entry + 2.0 * MARGIN).max(260.0);
    let room = page - 2.0 * MARGIN;
    let mut body = String::new();
    let mut top = 0.0;
    for line in wrap(&diagram.title, theme.heading, Weight::Bold, room) {
        top += theme.heading * LEADING;
        let y = top + MARGIN - theme.heading * 0.3;
        Element::label(page / 2.0, y, "middle", theme.heading, &line).bold().write(&mut body);
    }
    if top > 0.0 {
        top += 6.0;
    }
    let shift = ((page - layout.width) / 2.0, top);
    let _ = writeln!(body, "<g transform=\"translate({} {})\">", number(shift.0), number(shift.1));
    for place in &layout.items {
        draw_item(diagram, place, theme, &mut body);
    }
    for (edge, route) in diagram.edges.iter().zip(&layout.routes) {
        draw_path(diagram, edge, route, theme, &mut body);
    }
    for (node, shape) in diagram.nodes.iter().zip(&layout.nodes) {
        draw_node(node, shape, theme, &mut body);
    }
    // Plates stand above all lines.
    for (edge, route) in diagram.edges.iter().zip(&layout.routes) {
        draw_label(edge, route, theme, &mut body);
    }
    body.push_str("</g>\n");
    let bottom = legend::draw(&legend, top + layout.height, page, theme, &mut body);
    let bottom = draw_note(&diagram.note, bottom, room, theme, &mut body);
    Svg::document(theme, (page, bottom + MARGIN), &diagram.title, &describe(diagram), &body)
}

/// A chain of curves as path data.
fn path_data(route: &Route) -> String {
    let mut data = String::new();
    for (at, curve) in route.curves.iter().enumerate() {
        let [a, b, c, d] = curve.0.map(|p| format!("{} {}", number(p.x), number(p.y)));
        if at == 0 {
            let _ = write!(data, "M{a}");
        }
        let _ = write!(data, "C{b} {c} {d}");
    }
    data
}

/// A filled triangle with its tip at a point.
pub(super) fn head(tip: Point, from: Point, length: f64, half: f64, colour: &str) -> Element {
    let distance = from.distance(tip).max(1e-9);
    let (ux, uy) = ((tip.x - from.x) / distance, (tip.y - from.y) / distance);
    let (bx, by) = (tip.x - ux * length, tip.y - uy * length);
    let points = format!(
        "{},{} {},{} {},{}",
        number(tip.x),
        number(tip.y),
        number(bx - uy * half),
        number(by + ux * half),
        number(bx + uy * half),
        number(by - ux * half)
    );
    Element::new("polygon").attr("points", &points).attr("fill", colour)
}

fn path_name(diagram: &Diagram, edge: &Edge) -> String {
    let name = |at: usize| diagram.nodes.get(at).map_or("?", |node| node.name.as_str());
    let label = edge.label.split_whitespace().collect::<Vec<_>>().join(" ");
    let separator = if label.is_empty() { "" } else { ": " };
    format!("{} → {}{separator}{label}", name(edge.from), name(edge.to))
}

fn group(tip: &str, out: &mut String) {
    out.push_str("<g>\n");
    Element::new("title").text(tip).write(out);
}

fn draw_path(diagram: &Diagram, edge: &Edge, route: &Route, theme: &Theme, out: &mut String) {
    let look = look(edge, theme);
    group(&path_name(diagram, edge), out);
    Element::new("path")
        .attr("d", &path_data(route))
        .attr("fill", "none")
        .attr("stroke", look.colour)
        .num("stroke-width", route.stroke)
        .maybe("stroke-dasharray", look.dash)
        .write(out);
    if let Some(curve) = route.curves.last() {
        let neck = curve.0[3];
        let from = curve.0[0];
        let distance = from.distance(neck).max(1e-9);
        let tip = from.towards(neck, (distance + HEAD_LENGTH * 0.8) / distance);
        head(tip, from, HEAD_LENGTH, head_half_width(route.stroke), look.colour).write(out);
    }
    out.push_str("</g>\n");
}

fn draw_label(edge: &Edge, route: &Route, theme: &Theme, out: &mut String) {
    let Some(plate) = route.label else { return };
    let colour = match edge.significant {
        Some(false) => &theme.palette.muted,
        _ if edge.value.is_some_and(|value| value < 0.0) => &theme.palette.negative,
        _ => &theme.palette.ink,
    };
    Element::new("rect")
        .num("x", plate.x)
        .num("y", plate.y)
        .num("width", plate.width)
        .num("height", plate.height)
        .num("rx", 2.0)
        .attr("fill", &theme.palette.paper)
        .write(out);
    write_lines(&route.lines, plate.centre(), theme.small, colour, out);
}

/// Lines of text centred on a point.
fn write_lines(lines: &[String], centre: Point, size: f64, colour: &str, out: &mut String) {
    let leading = size * LEADING;
    let first = centre.y - (lines.len() as f64 - 1.0) * leading / 2.0 + size * BASELINE;
    for (row, line) in lines.iter().enumerate() {
        Element::label(centre.x, first + row as f64 * leading, "middle", size, line)
            .attr("fill", colour)
            .write(out);
    }
}

pub(super) fn colours(shape: Shape, theme: &Theme) -> &[String; 2] {
    match shape {
        Shape::Factor => &theme.palette.factor,
        Shape::Composite => &theme.palette.composite,
        Shape::SingleItem => &theme.palette.single,
    }
}

fn draw_node(node: &Node, place: &NodeBox, theme: &Theme, out: &mut String) {
    let [stroke, fill] = colours(node.shape, theme);
    let tip = match &place.r_squared {
        Some(r_squared) => format!("{}: {}, {r_squared}", node.name, node.shown()),
        None => format!("{}: {}", node.name, node.shown()),
    };
    group(&tip, out);
    let paint = |rect: &Rect, fill: &str| {
        shape::outline(node.shape, rect).attr("fill", fill).attr("stroke", stroke).num("stroke-width", 1.4)
    };
    paint(&place.rect, fill).write(out);
    if node.higher_order {
        paint(&place.rect.grown(-3.5), "none").write(out);
    }
    let centre = place.rect.centre();
    let extra = if place.r_squared.is_some() { theme.small * LEADING } else { 0.0 };
    let middle = Point::new(centre.x, centre.y - extra / 2.0);
    write_lines(&place.lines, middle, theme.text, &theme.palette.ink, out);
    if let Some(r_squared) = &place.r_squared {
        let y = centre.y + place.lines.len() as f64 * theme.text * LEADING / 2.0 + theme.small * BASELINE;
        Element::label(centre.x, y, "middle", theme.small, r_squared)
            .attr("fill", &theme.palette.ink)
            .write(out);
    }
    out.push_str("</g>\n");
}

fn draw_item(diagram: &Diagram, place: &ItemBox, theme: &Theme, out: &mut String) {
    let Some(item) = diagram.nodes.get(place.node).and_then(|node| node.items.get(place.item)) else {
        return;
    };
    let dim = item.significant == Some(false);
    let colour = if dim { &theme.palette.muted } else { &theme.palette.ink };
    let separator = if place.value.is_some() { ": " } else { "" };
    group(&format!("{}{separator}{}", item.name, place.value.as_deref().unwrap_or("")), out);
    let [start, tip] = place.arrow;
    let distance = start.distance(tip).max(1e-9);
    let neck = start.towards(tip, (distance - 5.0).max(0.0) / distance);
    Element::new("line")
        .num("x1", start.x)
        .num("y1", start.y)
        .num("x2", neck.x)
        .num("y2", neck.y)
        .attr("stroke", colour)
        .num("stroke-width", 0.9)
        .maybe("stroke-dasharray", dim.then_some("3 2.5"))
        .write(out);
    head(tip, start, 6.5, 2.6, colour).write(out);
    draw_item_box(place, colour, theme, out);
    out.push_str("</g>\n");
}

fn draw_item_box(place: &ItemBox, colour: &str, theme: &Theme, out: &mut String) {
    let rect = place.rect;
    Element::new("rect")
        .num("x", rect.x)
        .num("y", rect.y)
        .num("width", rect.width)
        .num("height", rect.height)
        .attr("fill", &theme.palette.paper)
        .attr("stroke", &theme.palette.muted)
        .num("stroke-width", 0.9)
        .write(out);
    let size = theme.small;
    let leading = size * LEADING;
    let centre = rect.centre();
    if place.flat {
        let first = centre.y - (place.lines.len() as f64 - 1.0) * leading / 2.0 + size * BASELINE;
        for (row, line) in place.lines.iter().enumerate() {
            Element::label(rect.x + 6.0, first + row as f64 * leading, "start", size, line).write(out);
        }
        if let Some(value) = &place.value {
            Element::label(rect.right() - 6.0, centre.y + size * BASELINE, "end", size, value)
                .attr("fill", colour)
                .write(out);
        }
    } else {
        let mut rows = place.lines.clone();
        rows.extend(place.value.clone());
        write_lines(&rows, centre, size, &theme.palette.ink, out);
    }
}

fn draw_note(note: &str, top: f64, room: f64, theme: &Theme, out: &mut String) -> f64 {
    let mut y = top;
    for line in wrap(note, theme.small, Weight::Regular, room) {
        y += theme.small * LEADING;
        Element::label(MARGIN, y, "start", theme.small, &line).attr("fill", &theme.palette.ink).write(out);
    }
    y
}

/// The text for readers who cannot see the figure.
fn describe(diagram: &Diagram) -> String {
    let words = diagram.language.words();
    let mut text = format!(
        "{}: {} {}, {} {}.",
        words.path_diagram,
        diagram.nodes.len(),
        words.constructs,
        diagram.edges.len(),
        words.paths
    );
    for edge in &diagram.edges {
        let _ = write!(text, " {}", path_name(diagram, edge));
        if edge.significant == Some(false) {
            let _ = write!(text, " ({})", words.insignificant.to_lowercase());
        }
        text.push(';');
    }
    for node in &diagram.nodes {
        if let Some(value) = node.r_squared.filter(|value| value.is_finite()) {
            let _ = write!(text, " {} R² = {};", node.name, crate::table::apa(value, 2));
        }
    }
    if text.ends_with(';') {
        text.pop();
        text.push('.');
    }
    text
}
