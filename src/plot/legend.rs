//! The legend of a path diagram: samples of what the figure uses, and of nothing else.

use super::diagram::{Diagram, Edge, EdgeKind, ItemArrows, Shape};
use super::draw::{BASELINE, INSIGNIFICANT, MARGIN, NEGATIVE, colours, head};
use super::geometry::{Point, Rect};
use super::layout::LEADING;
use super::measure::{Weight, width};
use super::shape;
use super::svg::Element;
use super::theme::Theme;

/// One entry of the legend: a sample 34 px wide, and words.
pub(super) struct Entry {
    sample: Sample,
    words: String,
    pub(super) width: f64,
}

enum Sample {
    Shape(Shape),
    HigherOrder,
    Component,
    Item(ItemArrows),
    Line(Option<&'static str>, String, f64),
    Widths,
}

const SAMPLE_WIDTH: f64 = 36.0;

/// What the figure uses, and nothing else.
pub(super) fn entries(diagram: &Diagram, theme: &Theme) -> Vec<Entry> {
    let words = diagram.language.words();
    let mut entries: Vec<(Sample, String)> = Vec::new();
    for (shape, word) in [
        (Shape::Factor, words.factor),
        (Shape::Composite, words.composite),
        (Shape::SingleItem, words.single),
    ] {
        if diagram.nodes.iter().any(|node| node.shape == shape) {
            entries.push((Sample::Shape(shape), word.to_owned()));
        }
    }
    if diagram.nodes.iter().any(|node| node.higher_order) {
        entries.push((Sample::HigherOrder, words.higher.to_owned()));
    }
    if diagram.edges.iter().any(|edge| edge.kind == EdgeKind::Dimension) {
        let valued =
            diagram.edges.iter().any(|edge| edge.kind == EdgeKind::Dimension && edge.value.is_some());
        let words = if valued { words.component_values } else { words.component };
        entries.push((Sample::Component, words.to_owned()));
    }
    if diagram.show_items {
        for (arrows, word) in [(ItemArrows::Reflective, words.loading), (ItemArrows::Formative, words.weight)]
        {
            let mut items = diagram
                .nodes
                .iter()
                .filter(|node| node.arrows == arrows)
                .flat_map(|node| &node.items)
                .peekable();
            if items.peek().is_some() {
                let valued = items.any(|item| item.value.is_some());
                let text = if valued {
                    format!("{}{}{}", words.item, words.comma, word.to_lowercase())
                } else {
                    words.item.to_owned()
                };
                entries.push((Sample::Item(arrows), text));
            }
        }
    }
    // Ties to components have an entry of their own, but their looks are those of all arrows.
    let paths: Vec<&Edge> = diagram.edges.iter().collect();
    let insignificant = |significant: Option<bool>| significant == Some(false);
    let any_dim = paths.iter().any(|edge| insignificant(edge.significant))
        || diagram.moderations.iter().any(|moderation| insignificant(moderation.significant));
    let dim_items = diagram.show_items
        && diagram.nodes.iter().flat_map(|node| &node.items).any(|item| insignificant(item.significant));
    // Every arrow by its look: of paths, and of moderators.
    let looks = || {
        let paths = paths.iter().map(|edge| (edge.significant, edge.value));
        paths.chain(diagram.moderations.iter().map(|moderation| (moderation.significant, moderation.value)))
    };
    let negative = |value: Option<f64>| value.is_some_and(|value| value < 0.0);
    let any_negative = looks().any(|(significant, value)| !insignificant(significant) && negative(value));
    let any_solid = looks().any(|(significant, value)| !insignificant(significant) && !negative(value));
    if (any_dim || any_negative) && any_solid {
        let word = if any_dim { words.significant } else { words.paths_positive };
        entries.push((Sample::Line(None, theme.palette.ink.clone(), 1.8), word.to_owned()));
    }
    if any_negative {
        entries.push((
            Sample::Line(Some(NEGATIVE), theme.palette.negative.clone(), 1.8),
            words.negative.to_owned(),
        ));
    }
    if any_dim || dim_items {
        entries.push((
            Sample::Line(Some(INSIGNIFICANT), theme.palette.muted.clone(), 1.8),
            words.insignificant.to_owned(),
        ));
    }
    let is_measured = |edge: &&&Edge| edge.kind == EdgeKind::Path && edge.value.is_some();
    if paths.iter().filter(is_measured).count() > 1 {
        let measure = if diagram.measure.is_empty() { "β" } else { &diagram.measure };
        entries.push((Sample::Widths, words.width.replace('β', measure)));
    }
    entries
        .into_iter()
        .map(|(sample, words)| {
            let width = SAMPLE_WIDTH + 7.0 + width(&words, theme.small, Weight::Regular);
            Entry { sample, words, width }
        })
        .collect()
}

/// Draws the entries in rows, centred; returns the lower end.
pub(super) fn draw(entries: &[Entry], top: f64, page: f64, theme: &Theme, out: &mut String) -> f64 {
    const GAP: f64 = 22.0;
    let height = (theme.small * LEADING).max(16.0) + 5.0;
    let mut rows: Vec<Vec<&Entry>> = Vec::new();
    let mut used = f64::INFINITY;
    for entry in entries {
        if used + GAP + entry.width > page - 2.0 * MARGIN {
            rows.push(Vec::new());
            used = -GAP;
        }
        used += GAP + entry.width;
        if let Some(row) = rows.last_mut() {
            row.push(entry);
        }
    }
    let mut y = top + 4.0;
    for row in rows {
        let total: f64 = row.iter().map(|entry| entry.width + GAP).sum::<f64>() - GAP;
        let mut x = (page - total) / 2.0;
        for entry in row {
            draw_sample(&entry.sample, x, y + height / 2.0, theme, out);
            let baseline = y + height / 2.0 + theme.small * BASELINE;
            Element::label(x + SAMPLE_WIDTH + 7.0, baseline, "start", theme.small, &entry.words).write(out);
            x += entry.width + GAP;
        }
        y += height;
    }
    y
}

fn draw_sample(sample: &Sample, x: f64, y: f64, theme: &Theme, out: &mut String) {
    let rect = Rect { x: x + 4.0, y: y - 7.5, width: SAMPLE_WIDTH - 8.0, height: 15.0 };
    let line = |from: f64, to: f64, y: f64, stroke: f64, colour: &str, dash: Option<&str>| {
        Element::new("line")
            .num("x1", from)
            .num("y1", y)
            .num("x2", to)
            .num("y2", y)
            .attr("stroke", colour)
            .num("stroke-width", stroke)
            .maybe("stroke-dasharray", dash)
    };
    let ink = &theme.palette.ink;
    match sample {
        Sample::Shape(shape) => {
            let [stroke, fill] = colours(*shape, theme);
            shape::outline(*shape, &rect)
                .attr("fill", fill)
                .attr("stroke", stroke)
                .num("stroke-width", 1.2)
                .write(out);
        }
        Sample::HigherOrder => {
            for rect in [rect, rect.grown(-3.0)] {
                shape::outline(Shape::Factor, &rect).attr("fill", "none").attr("stroke", ink).write(out);
            }
        }
        Sample::Component => {
            for (left, double) in [(x, true), (x + SAMPLE_WIDTH - 13.0, false)] {
                let rect = Rect { x: left, y: y - 4.5, width: 13.0, height: 9.0 };
                for rect in [Some(rect), double.then(|| rect.grown(-2.0))].into_iter().flatten() {
                    shape::outline(Shape::Factor, &rect).attr("fill", "none").attr("stroke", ink).write(out);
                }
            }
            line(x + 13.0, x + SAMPLE_WIDTH - 13.0, y, 1.0, ink, None).write(out);
        }
        Sample::Item(arrows) => {
            let reflective = *arrows == ItemArrows::Reflective;
            let (start, tip) = (Point::new(x + SAMPLE_WIDTH, y), Point::new(x + 16.0, y));
            let (start, tip) = if reflective { (start, tip) } else { (tip, start) };
            line(x + 17.0, x + SAMPLE_WIDTH - 1.0, y, 0.9, ink, None).write(out);
            head(tip, start, 6.5, 2.6, ink).write(out);
            Element::new("rect")
                .num("x", x)
                .num("y", y - 5.5)
                .num("width", 16.0)
                .num("height", 11.0)
                .attr("fill", &theme.palette.paper)
                .attr("stroke", &theme.palette.muted)
                .num("stroke-width", 0.9)
                .write(out);
        }
        Sample::Line(dash, colour, stroke) => {
            line(x, x + SAMPLE_WIDTH, y, *stroke, colour, *dash).write(out);
        }
        Sample::Widths => {
            for (at, stroke) in [1.2, 2.4, 4.0].into_iter().enumerate() {
                let start = x + at as f64 * 13.0;
                line(start, start + 10.0, y, stroke, ink, None).write(out);
            }
        }
    }
}
