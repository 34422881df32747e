//! Draws a placed diagram: title, constructs, items, paths, coefficients, legend.

use std::fmt::Write as _;

use super::Language;
use super::diagram::{Diagram, Edge, Moderation, Node, Shape};
use super::geometry::{Point, Rect};
use super::layout::{ItemBox, LEADING, Layout, NodeBox, Route};
use super::legend;
use super::measure::{Weight, wrap};
use super::route::{HEAD_LENGTH, head_half_width, letters};
use super::shape;
use super::svg::{Element, Svg, number};
use super::theme::Theme;

/// Baseline below the middle of a line of text, in font sizes (half the height of a capital).
pub(crate) const BASELINE: f64 = 0.36;
pub(super) const INSIGNIFICANT: &str = "5 4";
pub(super) const NEGATIVE: &str = "9 3 2 3";
pub(super) const MARGIN: f64 = 14.0;

/// How a path looks.
pub(super) struct Look<'a> {
    pub(super) colour: &'a str,
    pub(super) dash: Option<&'static str>,
}

pub(super) fn look(significant: Option<bool>, value: Option<f64>, theme: &Theme) -> Look<'_> {
    if significant == Some(false) {
        Look { colour: &theme.palette.muted, dash: Some(INSIGNIFICANT) }
    } else if value.is_some_and(|value| value < 0.0) {
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
        // Where everything stands close together, the drawing has less of a margin of its own.
        top += if diagram.codes { 14.0 } else { 6.0 };
    }
    let shift = ((page - layout.width) / 2.0, top);
    let _ = writeln!(body, "<g transform=\"translate({} {})\">", number(shift.0), number(shift.1));
    for place in &layout.items {
        draw_item(diagram, place, theme, &mut body);
    }
    let arrows = arrows(diagram);
    for (at, (arrow, route)) in arrows.iter().zip(&layout.routes).enumerate() {
        draw_path(arrow, at, route, theme, &mut body);
    }
    for (node, shape) in diagram.nodes.iter().zip(&layout.nodes) {
        draw_node(node, shape, theme, &mut body);
    }
    // Plates stand above all lines.
    for (at, (arrow, route)) in arrows.iter().zip(&layout.routes).enumerate() {
        draw_label(arrow, at, route, theme, &mut body);
    }
    body.push_str("</g>\n");
    let bottom = legend::draw(&legend, top + layout.height, page, theme, &mut body);
    let bottom = draw_note(&diagram.key(), bottom, room, theme, &mut body);
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

/// A path or the arrow of a moderator, with what is said of it.
struct Arrow<'a> {
    from: &'a str,
    to: &'a str,
    /// Position of the path that it changes.
    onto: Option<usize>,
    value: Option<f64>,
    significant: Option<bool>,
    /// Name, label and further numbers.
    tip: String,
}

/// Every arrow in the order of the routes.
fn arrows(diagram: &Diagram) -> Vec<Arrow<'_>> {
    let name = |at: usize| diagram.nodes.get(at).map_or("?", |node| node.name.as_str());
    let tip = |first: String, details: &str| {
        if details.is_empty() { first } else { format!("{first}\n{details}") }
    };
    let paths = diagram.edges.iter().map(|edge| Arrow {
        from: name(edge.from),
        to: name(edge.to),
        onto: None,
        value: edge.value,
        significant: edge.significant,
        tip: tip(path_name(diagram, edge), &edge.details),
    });
    let moderations = diagram.moderations.iter().map(|moderation| Arrow {
        from: name(moderation.moderator),
        to: diagram.edges.get(moderation.edge).map_or("?", |edge| name(edge.to)),
        onto: Some(moderation.edge),
        value: moderation.value,
        significant: moderation.significant,
        tip: tip(moderation_name(diagram, moderation), &moderation.details),
    });
    paths.chain(moderations).collect()
}

fn labelled(name: String, label: &str) -> String {
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.is_empty() { name } else { format!("{name}: {label}") }
}

fn path_name(diagram: &Diagram, edge: &Edge) -> String {
    let name = |at: usize| diagram.nodes.get(at).map_or("?", |node| node.name.as_str());
    labelled(format!("{} → {}", name(edge.from), name(edge.to)), &edge.label)
}

fn moderation_name(diagram: &Diagram, moderation: &Moderation) -> String {
    let name = |at: usize| diagram.nodes.get(at).map_or("?", |node| node.name.as_str());
    let path = diagram.edges.get(moderation.edge);
    let path = path.map_or_else(String::new, |edge| format!("{} → {}", name(edge.from), name(edge.to)));
    labelled(format!("{} × ({path})", name(moderation.moderator)), &moderation.label)
}

/// Opens a group that can be found by its data and says its numbers to whoever points at it.
fn group(data: &Element, tip: &str, out: &mut String) {
    data.open(out);
    out.push('\n');
    Element::new("title").text_lines(tip).write(out);
}

fn draw_path(arrow: &Arrow<'_>, at: usize, route: &Route, theme: &Theme, out: &mut String) {
    let look = look(arrow.significant, arrow.value, theme);
    let data = Element::new("g")
        .attr("data-edge", &at.to_string())
        .attr("data-from", arrow.from)
        .attr("data-to", arrow.to)
        .maybe("data-onto", arrow.onto.map(|at| at.to_string()).as_deref());
    group(&data, &arrow.tip, out);
    Element::new("path")
        .attr("d", &path_data(route))
        .attr("fill", "none")
        .attr("stroke", look.colour)
        .num("stroke-width", route.stroke)
        .maybe("stroke-dasharray", look.dash)
        .write(out);
    if let Some(curve) = route.curves.last() {
        let [start, _, control, neck] = curve.0;
        let from = if control.distance(neck) > 1e-6 { control } else { start };
        head(route.tip, from, HEAD_LENGTH, head_half_width(route.stroke), look.colour).write(out);
    }
    out.push_str("</g>\n");
}

fn draw_label(arrow: &Arrow<'_>, at: usize, route: &Route, theme: &Theme, out: &mut String) {
    let Some(plate) = route.label else { return };
    let colour = match arrow.significant {
        Some(false) => &theme.palette.muted,
        _ if arrow.value.is_some_and(|value| value < 0.0) => &theme.palette.negative,
        _ => &theme.palette.ink,
    };
    let centre = plate.centre();
    let data =
        Element::new("g").attr("data-label", &at.to_string()).num("data-x", centre.x).num("data-y", centre.y);
    group(&data, &arrow.tip, out);
    if let Some([from, to]) = route.leader {
        Element::new("line")
            .num("x1", from.x)
            .num("y1", from.y)
            .num("x2", to.x)
            .num("y2", to.y)
            .attr("stroke", &theme.palette.muted)
            .num("stroke-width", 0.7)
            .write(out);
    }
    Element::rect(plate).num("rx", 2.0).attr("fill", &theme.palette.paper).write(out);
    let sizes: Vec<f64> =
        route.lines.iter().enumerate().map(|(at, line)| letters(line, at, theme, route.shrunk)).collect();
    let mut top = centre.y - sizes.iter().sum::<f64>() * LEADING / 2.0;
    for (line, size) in route.lines.iter().zip(sizes) {
        let baseline = top + size * (LEADING / 2.0 + BASELINE);
        Element::label(centre.x, baseline, "middle", size, line).attr("fill", colour).write(out);
        top += size * LEADING;
    }
    out.push_str("</g>\n");
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
    let mut tip = match &place.r_squared {
        Some(r_squared) => format!("{}: {}\n{r_squared}", node.name, node.shown()),
        None => format!("{}: {}", node.name, node.shown()),
    };
    if !node.details.is_empty() {
        tip = format!("{tip}\n{}", node.details);
    }
    let middle = place.rect.centre();
    let data = Element::new("g")
        .attr("data-node", &node.name)
        .attr("data-shape", node.shape.word())
        .num("data-x", middle.x)
        .num("data-y", middle.y)
        .num("data-w", place.rect.width)
        .num("data-h", place.rect.height);
    group(&data, &tip, out);
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
    let mut tip = labelled(item.name.clone(), place.value.as_deref().unwrap_or(""));
    if !item.details.is_empty() {
        tip = format!("{tip}\n{}", item.details);
    }
    let node = diagram.nodes.get(place.node).map_or("", |node| node.name.as_str());
    group(&Element::new("g").attr("data-of", node), &tip, out);
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
    Element::rect(rect)
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
    let [colon, comma, and, end] = match diagram.language {
        Language::English => [": ", ", ", "; ", "."],
        Language::Chinese => ["：", "，", "；", "。"],
    };
    let [open, close] = match diagram.language {
        Language::English => [" (", ")"],
        Language::Chinese => ["（", "）"],
    };
    let unclear = |significant: Option<bool>| {
        let word = words.insignificant.to_lowercase();
        if significant == Some(false) { format!("{open}{word}{close}") } else { String::new() }
    };
    let start = format!(
        "{}{colon}{} {}{comma}{} {}{end}",
        words.path_diagram,
        diagram.nodes.len(),
        words.constructs,
        diagram.edges.len(),
        words.paths
    );
    let paths = diagram.edges.iter().map(|edge| path_name(diagram, edge) + &unclear(edge.significant));
    let moderations = diagram
        .moderations
        .iter()
        .map(|moderation| moderation_name(diagram, moderation) + &unclear(moderation.significant));
    let explained = diagram.nodes.iter().filter_map(|node| Some(format!("{} {}", node.name, node.under()?)));
    let rest: Vec<String> = paths.chain(moderations).chain(explained).collect();
    if rest.is_empty() {
        return start;
    }
    let space = if diagram.language == Language::English { " " } else { "" };
    format!("{start}{space}{}{end}", rest.join(and))
}
