//! Charts over a plane of two numeric axes: the frame that interaction plots share.

use plotters::prelude::*;

use super::chart::{
    Anchor, Area, Style, colour, figure_and_more, font, page_width, px, refuse, tick, title_lines, write,
};
use super::draw::BASELINE;
use super::measure::{Weight, width, wrap};
use super::svg::{Element, number};
use super::{PlotError, Svg, Theme};

/// Samples from this width on are of fields.
const FIELD: u32 = 6;
/// Between the title of the axis and the legend.
const GAP: f64 = 8.0;

/// The plane that is drawn into: elements of SVG at places of the two axes.
pub(crate) struct Plane {
    /// Both ends of each axis, and their pixels.
    x: [(f64, f64); 2],
    y: [(f64, f64); 2],
    body: String,
}

impl Plane {
    /// Where a place of the axes stands on the page.
    pub(crate) fn pixel(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let at = |[from, to]: [(f64, f64); 2], value: f64| {
            from.1 + (value - from.0) / (to.0 - from.0) * (to.1 - from.1)
        };
        (at(self.x, x), at(self.y, y))
    }

    fn places(&self, points: &[(f64, f64)]) -> String {
        let place = |&point: &(f64, f64)| {
            let (x, y) = self.pixel(point);
            format!("{},{}", number(x), number(y))
        };
        points.iter().map(place).collect::<Vec<_>>().join(" ")
    }

    /// A line through points.
    pub(crate) fn line(&mut self, stroke: &Stroke, points: &[(f64, f64)]) {
        let dashes = stroke.dashes.map(|(on, off)| format!("{on} {off}"));
        let places = self.places(points);
        let mut line = Element::new("polyline")
            .attr("points", &places)
            .attr("fill", "none")
            .attr("stroke", &stroke.colour)
            .num("stroke-width", f64::from(stroke.width));
        if let Some(dashes) = &dashes {
            line = line.attr("stroke-dasharray", dashes);
        }
        line.write(&mut self.body);
    }

    /// An area without border.
    pub(crate) fn area(&mut self, points: &[(f64, f64)], colour: &str, opacity: f64) {
        let places = self.places(points);
        Element::new("polygon")
            .attr("points", &places)
            .attr("fill", colour)
            .num("fill-opacity", opacity)
            .write(&mut self.body);
    }

    /// A part of a field, a little larger than it is so that no seam shows beside the next.
    pub(crate) fn patch(&mut self, points: &[(f64, f64)], colour: &str) {
        let places = self.places(points);
        Element::new("polygon")
            .attr("points", &places)
            .attr("fill", colour)
            .attr("stroke", colour)
            .num("stroke-width", 0.6)
            .write(&mut self.body);
    }

    /// Words on a plate.
    pub(crate) fn plate(&mut self, at: (f64, f64), words: &str, theme: &Theme) {
        let (x, y) = self.pixel(at);
        let wide = width(words, theme.small, Weight::Regular) + 5.0;
        let high = theme.small * 1.2;
        // Near a border it moves inside.
        let inside =
            |middle: f64, half: f64, [a, b]: [f64; 2]| middle.min(b - half - 1.0).max(a + half + 1.0);
        let x = inside(x, wide / 2.0, [self.x[0].1, self.x[1].1]);
        let y = inside(y, high / 2.0, [self.y[1].1, self.y[0].1]);
        Element::new("rect")
            .num("x", x - wide / 2.0)
            .num("y", y - high / 2.0)
            .num("width", wide)
            .num("height", high)
            .num("rx", 2.0)
            .attr("fill", &theme.palette.paper)
            .write(&mut self.body);
        Element::label(x, y + theme.small * BASELINE, "middle", theme.small, words)
            .attr("fill", &theme.palette.ink)
            .write(&mut self.body);
    }

    /// A field between two corners, a little larger than it is so that no seam shows beside the next.
    pub(crate) fn field(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let ((left, bottom), (right, top)) = (self.pixel(from), self.pixel(to));
        Element::new("rect")
            .num("x", left)
            .num("y", top - 0.5)
            .num("width", right - left + 0.5)
            .num("height", bottom - top + 0.5)
            .attr("fill", colour)
            .write(&mut self.body);
    }
}

/// What the frame says and where it ends.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) axes: [&'a str; 2],
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    /// Entries of the legend: how a line looks, and words.
    pub(crate) legend: Vec<(Stroke, String)>,
    /// What stands under the legend; may be empty.
    pub(crate) note: &'a str,
}

/// How a line looks: by colour and by dashes.
#[derive(Debug, Clone)]
pub(crate) struct Stroke {
    pub(crate) colour: String,
    pub(crate) width: u32,
    pub(crate) dashes: Option<(i32, i32)>,
}

impl Stroke {
    /// The looks of several lines that must be told apart without colour.
    pub(crate) fn of(theme: &Theme, at: usize) -> Self {
        let palette = &theme.palette;
        let colours = [&palette.accent, &palette.ink, &palette.negative, &palette.muted];
        let dashes = [None, Some((8, 4)), Some((2, 4)), Some((12, 3))];
        Self { colour: colours[at % 4].clone(), width: 2, dashes: dashes[(at + at / 4) % 4] }
    }

    fn sample(&self, root: &Area<'_>, theme: &Theme, x: f64, y: f64) -> Result<(), PlotError> {
        if self.width >= FIELD {
            let half = f64::from(self.width) / 2.0;
            let corners = [(px(x), px(y - half)), (px(x + 28.0), px(y + half))];
            root.draw(&Rectangle::new(corners, colour(&self.colour).filled())).map_err(refuse)?;
            // Light fields have a border, or nobody sees them.
            return root
                .draw(&Rectangle::new(corners, colour(&theme.palette.muted).stroke_width(1)))
                .map_err(refuse);
        }
        let style = colour(&self.colour).stroke_width(self.width);
        let ends = vec![(px(x), px(y)), (px(x + 28.0), px(y))];
        match self.dashes {
            None => root.draw(&PathElement::new(ends, style)).map_err(refuse),
            Some((on, off)) => {
                root.draw(&plotters::element::DashedPathElement::new(ends, on, off, style)).map_err(refuse)
            }
        }
    }
}

/// Draws a frame with axes, lets `fill` draw into it, and adds the legend below.
pub(crate) fn plane(
    theme: &Theme,
    frame: &Frame<'_>,
    fill: impl FnOnce(&mut Plane),
) -> Result<Svg, PlotError> {
    let page = page_width(theme).min(620.0);
    let (_, top) = title_lines(theme, frame.title, page);
    let line = theme.small * 1.6;
    let entry = |words: &str| width(words, theme.small, Weight::Regular) + 52.0;
    // An entry that is longer than the page goes on in the next line.
    let broken: Vec<(Option<&Stroke>, String)> = frame
        .legend
        .iter()
        .flat_map(|(stroke, words)| {
            let lines = wrap(words, theme.small, Weight::Regular, page - 24.0 - 52.0);
            lines.into_iter().enumerate().map(move |(at, line)| ((at == 0).then_some(stroke), line))
        })
        .collect();
    // Rows of the legend that fit beside each other.
    let mut rows: Vec<Vec<&(Option<&Stroke>, String)>> = Vec::new();
    let mut used = f64::INFINITY;
    for one in &broken {
        if one.0.is_none() || used + entry(&one.1) > page - 24.0 {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += entry(&one.1);
        if let Some(row) = rows.last_mut() {
            row.push(one);
        }
    }
    let note = wrap(frame.note, theme.small, Weight::Regular, page - 24.0);
    let legend = GAP + (rows.len() + note.len()) as f64 * line + 12.0;
    let height = top + page * 0.58 + legend;
    let x_title = shortened(frame.axes[0], theme, page - theme.small * 5.0 - 40.0);
    let y_title = shortened(frame.axes[1], theme, height - top - legend - theme.small * 4.0);
    figure_and_more(theme, (page, height), frame.title, frame.description, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin_top(px(top + 6.0))
            .margin_left(10)
            .margin_right(18)
            .margin_bottom(px(legend))
            .x_label_area_size(px(theme.small * 3.6))
            .y_label_area_size(px(theme.small * 5.0))
            .build_cartesian_2d(frame.x.0..frame.x.1, frame.y.0..frame.y.1)
            .map_err(refuse)?;
        chart
            .configure_mesh()
            .bold_line_style(colour(&theme.palette.faint).mix(0.6))
            .light_line_style(TRANSPARENT)
            .axis_style(colour(&theme.palette.muted))
            .x_labels(if theme.is_narrow() { 5 } else { 9 })
            .y_labels(8)
            .x_label_formatter(&|value| tick(*value, 1))
            .y_label_formatter(&|value| tick(*value, 1))
            .x_desc(x_title.as_str())
            .y_desc(y_title.as_str())
            .label_style(font(theme, theme.small).color(&colour(&theme.palette.ink)))
            .draw()
            .map_err(refuse)?;
        let (across, down) = chart.plotting_area().get_pixel_range();
        let ends =
            |(low, high): (f64, f64), from: i32, to: i32| [(low, f64::from(from)), (high, f64::from(to))];
        let mut drawn = Plane {
            x: ends(frame.x, across.start, across.end),
            y: ends(frame.y, down.end, down.start),
            body: String::new(),
        };
        fill(&mut drawn);
        let mut start = 8.0;
        for (at, row) in rows.iter().enumerate() {
            let total: f64 = row.iter().map(|(_, words)| entry(words)).sum();
            // What goes on from the line before begins where that began.
            let goes_on = row.first().is_some_and(|(stroke, _)| stroke.is_none());
            let mut x = if goes_on { start } else { (page - total) / 2.0 + 8.0 };
            start = x;
            let y = height - legend + GAP + (at as f64 + 0.5) * line;
            for (stroke, words) in row {
                if let Some(stroke) = stroke {
                    stroke.sample(root, theme, x, y)?;
                }
                write(root, theme, &Style::small(theme, Anchor::Start), (x + 34.0, y), words)?;
                x += entry(words);
            }
        }
        for (at, words) in note.iter().enumerate() {
            let y = height - legend + GAP + ((rows.len() + at) as f64 + 0.5) * line;
            write(root, theme, &Style::small(theme, Anchor::Middle), (page / 2.0, y), words)?;
        }
        Ok(drawn.body)
    })
}

/// As much of some words as fits.
fn shortened(words: &str, theme: &Theme, limit: f64) -> String {
    if width(words, theme.small, Weight::Regular) <= limit {
        return words.to_owned();
    }
    let mut kept = String::new();
    for letter in words.chars() {
        kept.push(letter);
        if width(&kept, theme.small, Weight::Regular) + theme.small > limit {
            break;
        }
    }
    kept.pop();
    format!("{}…", kept.trim_end())
}
