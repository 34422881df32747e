//! Charts over a plane of two numeric axes: the frame that interaction plots share.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::chart::{
    Anchor, Area, Style, colour, figure, font, page_width, px, refuse, tick, title_lines, write,
};
use super::measure::{Weight, width};
use super::{PlotError, Svg, Theme};

/// A plotters chart with two numeric axes.
pub(crate) type Plane<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What the frame says and where it ends.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) axes: [&'a str; 2],
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    /// Entries of the legend: how a line looks, and words.
    pub(crate) legend: Vec<(Stroke, String)>,
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
        Self { colour: colours[at % 4].clone(), width: 2, dashes: dashes[at % 4] }
    }

    /// Draws a line through points.
    pub(crate) fn draw(&self, chart: &mut Plane<'_, '_>, points: Vec<(f64, f64)>) -> Result<(), PlotError> {
        let style = colour(&self.colour).stroke_width(self.width);
        match self.dashes {
            None => chart.draw_series([PathElement::new(points, style)]).map_err(refuse)?,
            Some((on, off)) => {
                chart.draw_series(DashedLineSeries::new(points, on, off, style)).map_err(refuse)?
            }
        };
        Ok(())
    }

    fn sample(&self, root: &Area<'_>, x: f64, y: f64) -> Result<(), PlotError> {
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
    fill: impl FnOnce(&mut Plane<'_, '_>) -> Result<(), PlotError>,
) -> Result<Svg, PlotError> {
    let page = page_width(theme).min(620.0);
    let (_, top) = title_lines(theme, frame.title, page);
    let line = theme.small * 1.6;
    let entry = |words: &str| width(words, theme.small, Weight::Regular) + 52.0;
    // Rows of the legend that fit beside each other.
    let mut rows: Vec<Vec<&(Stroke, String)>> = Vec::new();
    let mut used = f64::INFINITY;
    for one in &frame.legend {
        if used + entry(&one.1) > page - 24.0 {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += entry(&one.1);
        if let Some(row) = rows.last_mut() {
            row.push(one);
        }
    }
    let legend = rows.len() as f64 * line + 12.0;
    let height = top + page * 0.58 + legend;
    figure(theme, (page, height), frame.title, frame.description, |root| {
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
            .x_labels(9)
            .y_labels(8)
            .x_label_formatter(&|value| tick(*value, 1))
            .y_label_formatter(&|value| tick(*value, 1))
            .x_desc(frame.axes[0])
            .y_desc(frame.axes[1])
            .label_style(font(theme, theme.small).color(&colour(&theme.palette.ink)))
            .draw()
            .map_err(refuse)?;
        fill(&mut chart)?;
        for (at, row) in rows.iter().enumerate() {
            let total: f64 = row.iter().map(|(_, words)| entry(words)).sum();
            let mut x = (page - total) / 2.0 + 8.0;
            let y = height - legend + (at as f64 + 0.5) * line;
            for (stroke, words) in row {
                stroke.sample(root, x, y)?;
                write(root, theme, &Style::small(theme, Anchor::Start), (x + 34.0, y), words)?;
                x += entry(words);
            }
        }
        Ok(())
    })
}
