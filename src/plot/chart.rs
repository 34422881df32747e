//! What the charts share: a plotters canvas that ends as one of our SVG documents, and its text.
//!
//! plotters measures text crudely without font files, so everything that must fit is measured by this crate
//! and placed by pixel; plotters keeps the axes, the scales and the shapes.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::measure::{Weight, wrap};
use super::theme::{MM_PER_PX, Theme, rgb};
use super::{PlotError, Svg};
use crate::table::apa;

/// A plotters chart with two numeric axes; the vertical one counts pixels downwards.
pub(crate) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A plotters area that writes SVG.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// plotters divides sizes by this to get font sizes.
const PLOTTERS_EM: f64 = 1.24;

/// A theme colour for plotters.
pub(crate) fn colour(hex: &str) -> RGBColor {
    let (r, g, b) = rgb(hex);
    RGBColor(r, g, b)
}

/// A pixel distance; sizes of figures are far below the limit.
pub(crate) fn px(value: f64) -> i32 {
    #[allow(clippy::cast_possible_truncation)]
    let pixels = value.round().clamp(-1e6, 1e6) as i32;
    pixels
}

/// Turns whatever plotters reports into our error.
pub(crate) fn refuse<E: std::fmt::Display>(error: E) -> PlotError {
    PlotError::Backend(error.to_string())
}

/// Width of a chart: the page of a journal, or a comfortable width on a screen.
pub(crate) fn page_width(theme: &Theme) -> f64 {
    theme.max_width_mm.map_or(760.0, |mm| (mm / MM_PER_PX).floor())
}

/// A font for plotters.
pub(crate) fn font(theme: &Theme, size: f64) -> FontDesc<'_> {
    (theme.family.as_str(), size * PLOTTERS_EM).into_font()
}

/// Where a text is anchored horizontally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text on a chart looks.
pub(crate) struct Style<'a> {
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) colour: &'a str,
    pub(crate) anchor: Anchor,
}

impl<'a> Style<'a> {
    /// Small regular text.
    pub(crate) fn small(theme: &'a Theme, anchor: Anchor) -> Self {
        Self { size: theme.small, weight: Weight::Regular, colour: &theme.palette.ink, anchor }
    }
}

/// Writes one line of text, vertically centred on the point.
pub(crate) fn write(
    area: &Area<'_>,
    theme: &Theme,
    style: &Style<'_>,
    at: (f64, f64),
    text: &str,
) -> Result<(), PlotError> {
    if text.is_empty() {
        return Ok(());
    }
    let mut font = font(theme, style.size);
    if style.weight == Weight::Bold {
        font = font.style(FontStyle::Bold);
    }
    let anchor = match style.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    // plotters centres the height of small letters; figures and capitals are taller.
    let baseline = style.size * 0.09;
    let style = font.color(&colour(style.colour)).pos(Pos::new(anchor, VPos::Center));
    area.draw(&Text::new(text.to_owned(), (px(at.0), px(at.1 + baseline)), style)).map_err(refuse)
}

/// Height of the title block, at this width.
pub(crate) fn title_lines(theme: &Theme, title: &str, width: f64) -> (Vec<String>, f64) {
    let lines = wrap(title, theme.heading, Weight::Bold, width - 20.0);
    let height = 12.0 + lines.len() as f64 * theme.heading * 1.3;
    (lines, height)
}

/// Draws a figure with plotters and wraps it into a document with title, description and role.
pub(crate) fn figure(
    theme: &Theme,
    size: (f64, f64),
    title: &str,
    description: &str,
    draw: impl FnOnce(&Area<'_>) -> Result<(), PlotError>,
) -> Result<Svg, PlotError> {
    figure_and_more(theme, size, title, description, |root| draw(root).map(|()| String::new()))
}

/// [`figure`] with elements of SVG on top of what plotters draws, whose places are whole pixels.
pub(crate) fn figure_and_more(
    theme: &Theme,
    size: (f64, f64),
    title: &str,
    description: &str,
    draw: impl FnOnce(&Area<'_>) -> Result<String, PlotError>,
) -> Result<Svg, PlotError> {
    let mut text = String::new();
    let more;
    let pixels = (px(size.0.ceil()).unsigned_abs(), px(size.1.ceil()).unsigned_abs());
    {
        let root = SVGBackend::with_string(&mut text, pixels).into_drawing_area();
        let (lines, _) = title_lines(theme, title, size.0);
        let style = Style {
            size: theme.heading,
            weight: Weight::Bold,
            colour: &theme.palette.ink,
            anchor: Anchor::Middle,
        };
        for (row, line) in lines.iter().enumerate() {
            let y = 8.0 + (row as f64 + 0.5) * theme.heading * 1.3;
            write(&root, theme, &style, (size.0 / 2.0, y), line)?;
        }
        more = draw(&root)?;
        root.present().map_err(refuse)?;
    }
    // plotters' own root element knows no title, description or role.
    let body = text.split_once('\n').map_or("", |(_, rest)| rest);
    let body = body.trim_end().strip_suffix("</svg>").unwrap_or(body);
    let body = format!("{body}{more}");
    Ok(Svg::document(theme, (f64::from(pixels.0), f64::from(pixels.1)), title, description, &body))
}

/// An interval as a whisker and its estimate as a point, which may be hollow.
pub(crate) fn whisker(
    chart: &mut Chart<'_, '_>,
    theme: &Theme,
    (value, interval): (f64, Option<(f64, f64)>),
    y: f64,
    hollow: bool,
) -> Result<(), PlotError> {
    if !value.is_finite() {
        return Ok(());
    }
    let ink = colour(&theme.palette.accent);
    if let Some((low, high)) = interval.filter(|i| i.0.is_finite() && i.1.is_finite()) {
        let line = |points| PathElement::new(points, ink.stroke_width(1));
        let whisker = [
            line(vec![(low, y), (high, y)]),
            line(vec![(low, y - 3.0), (low, y + 3.0)]),
            line(vec![(high, y - 3.0), (high, y + 3.0)]),
        ];
        chart.draw_series(whisker).map_err(refuse)?;
    }
    let point = (value, y);
    if hollow {
        let paper = colour(&theme.palette.paper);
        chart.draw_series([Circle::new(point, 4, paper.filled())]).map_err(refuse)?;
        chart.draw_series([Circle::new(point, 4, ink.stroke_width(2))]).map_err(refuse)?;
    } else {
        chart.draw_series([Circle::new(point, 4, ink.filled())]).map_err(refuse)?;
    }
    Ok(())
}

/// A number on an axis.
pub(crate) fn tick(value: f64, digits: usize) -> String {
    if value.abs() < 1e-9 { "0".to_owned() } else { apa(value, digits) }
}

/// Nice ends for an axis that must show these values; `step` is the grid it is rounded to.
pub(crate) fn span(values: impl Iterator<Item = f64>, step: f64) -> Option<(f64, f64)> {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    (low <= high).then(|| {
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        if high > low { (low, high) } else { (low - step, high + step) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_on_round_values() {
        let (low, high) = span([0.43, f64::NAN, 0.91].into_iter(), 0.1).unwrap_or_default();
        assert!((low - 0.4).abs() < 1e-9 && (high - 1.0).abs() < 1e-9);
        assert_eq!(span([f64::NAN].into_iter(), 0.1), None);
        assert!(span([2.0].into_iter(), 1.0).is_some_and(|(low, high)| low < 2.0 && high > 2.0));
    }
}
