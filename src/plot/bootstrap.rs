//! Bootstrap distributions side by side: one small histogram per path.

use std::fmt::Write as _;

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::chart::{
    Anchor, Area, Style, colour, figure, font, page_width, px, refuse, span, tick, title_lines, write,
};
use super::key::{Key, Mark};
use super::measure::{Weight, wrap};
use super::theme::blend;
use super::{Language, PlotError, Svg, Theme};
use crate::table::{apa, interval};

/// Bootstrap distributions of several coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Distributions<'a> {
    /// Title above the panels.
    pub title: String,
    /// One panel each, in the order of the model.
    pub panels: Vec<Distribution<'a>>,
    /// Whether all panels share one axis, so that they can be compared.
    pub shared_axis: bool,
    /// What the intervals are, such as `95 % percentile interval`; may be empty.
    pub interval: String,
    /// Language of the legend.
    pub language: Language,
}

/// One coefficient's resampled values.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution<'a> {
    /// Name, such as `PU → ATT`.
    pub name: String,
    /// The resampled values; values that are not finite are left out.
    pub draws: &'a [f64],
    /// The estimate of the sample.
    pub estimate: f64,
    /// Lower bound of the confidence interval.
    pub low: f64,
    /// Upper bound of the confidence interval.
    pub high: f64,
}

impl Default for Distributions<'_> {
    fn default() -> Self {
        Self {
            title: String::new(),
            panels: Vec::new(),
            shared_axis: true,
            interval: String::new(),
            language: Language::English,
        }
    }
}

/// Counts per bin over a range; values at the upper end belong to the last bin.
fn histogram(draws: &[f64], (low, high): (f64, f64), bins: usize) -> Vec<u32> {
    let mut counts = vec![0; bins];
    let last = bins.saturating_sub(1);
    for &draw in draws.iter().filter(|draw| draw.is_finite() && **draw >= low && **draw <= high) {
        // Between 0 and `bins` by the filter.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bin = ((draw - low) / (high - low) * bins as f64) as usize;
        if let Some(count) = counts.get_mut(bin.min(last)) {
            *count += 1;
        }
    }
    counts
}

/// A number of bins by the rule of Freedman and Diaconis, kept between 12 and 48.
fn bins(draws: &[f64]) -> usize {
    let mut sorted: Vec<f64> = draws.iter().copied().filter(|draw| draw.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let quarter = sorted.len() / 4;
    let (Some(lower), Some(upper)) = (sorted.get(quarter), sorted.get(quarter * 3)) else { return 12 };
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return 12 };
    let step = 2.0 * (upper - lower) / (sorted.len() as f64).cbrt();
    let count = ((last - first) / step).ceil();
    // Clamped to the range of bins.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = if count.is_finite() { count.clamp(12.0, 48.0) as usize } else { 12 };
    count
}

fn range(draws: &[f64]) -> Option<(f64, f64)> {
    draws.iter().copied().filter(|draw| draw.is_finite()).fold(None, |range, draw| match range {
        None => Some((draw, draw)),
        Some((low, high)) => Some((low.min(draw), high.max(draw))),
    })
}

impl Distributions<'_> {
    /// Draws the panels.
    ///
    /// # Errors
    /// [`PlotError::Empty`] without panels, [`PlotError::Input`] naming panels without a finite value.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        if self.panels.is_empty() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let bad: Vec<String> = self
            .panels
            .iter()
            .filter(|panel| range(panel.draws).is_none() || !panel.estimate.is_finite())
            .map(|panel| format!("`{}`", panel.name))
            .collect();
        if !bad.is_empty() {
            return Err(PlotError::Input(format!("no finite resampled values for {}", bad.join(", "))));
        }
        let page = page_width(theme);
        // A panel narrower than this has no room for its axis.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few panels")]
        let most = (page / 150.0).floor().clamp(1.0, 3.0) as usize;
        let across = self.panels.len().min(most);
        let panel_width = if across == 1 { page.min(420.0) } else { page / across as f64 };
        let page = panel_width * across as f64;
        let down = self.panels.len().div_ceil(across);
        let names: Vec<Vec<String>> = self
            .panels
            .iter()
            .map(|panel| wrap(&panel.name, theme.small, Weight::Bold, panel_width - 24.0))
            .collect();
        let name_lines = names.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let line = theme.small * 1.3;
        let caption = (name_lines + 1.0) * line + 6.0;
        let axis = theme.small * 2.0;
        let (_, top) = title_lines(theme, &self.title, page);
        let key = Key::new(self.key(theme), theme, page);
        // Bars are as high as the page has room for.
        let room = (theme.height() - top - key.height()) / down as f64 - caption - axis - 10.0;
        let panel_height = caption + room.clamp(30.0, 92.0) + axis + 10.0;
        let height = top + panel_height * down as f64 + key.height();
        let shared = self.shared_axis.then(|| self.all_values()).flatten();
        figure(theme, (page, height), &self.title, &self.describe(), |root| {
            for (at, (panel, name)) in self.panels.iter().zip(&names).enumerate() {
                let x = (at % across) as f64 * panel_width;
                let y = top + (at / across) as f64 * panel_height;
                let centre = x + panel_width / 2.0;
                let style = Style { weight: Weight::Bold, ..Style::small(theme, Anchor::Middle) };
                let first = y + (name_lines - name.len() as f64 + 0.5) * line;
                for (row, text) in name.iter().enumerate() {
                    write(root, theme, &style, (centre, first + row as f64 * line), text)?;
                }
                let style = Style::small(theme, Anchor::Middle);
                write(root, theme, &style, (centre, y + (name_lines + 0.5) * line), &numbers(panel))?;
                let area = root.clone().shrink(
                    (px(x + 18.0), px(y + caption)),
                    (px(panel_width - 36.0), px(panel_height - caption - 10.0)),
                );
                draw_panel(&area, panel, shared, axis, theme)?;
            }
            key.draw(root, theme, page, height - key.height())
        })
    }

    /// The axis that shows every panel.
    fn all_values(&self) -> Option<(f64, f64)> {
        span(self.panels.iter().flat_map(panel_values), 0.1)
    }

    fn key(&self, theme: &Theme) -> Vec<(Mark, String)> {
        let words = self.language.words();
        let ink = &theme.palette.ink;
        let interval = if self.interval.is_empty() { words.interval } else { &self.interval };
        vec![
            (Mark::Line(ink.clone(), 2, None), words.estimate.to_owned()),
            (Mark::Line(ink.clone(), 1, Some((5, 3))), interval.to_owned()),
            (Mark::Line(theme.palette.limit.clone(), 2, Some((1, 3))), words.zero.to_owned()),
        ]
    }

    fn describe(&self) -> String {
        let mut text = String::new();
        for panel in &self.panels {
            let _ = write!(text, "{}: {} ({}); ", panel.name, numbers(panel), panel.draws.len());
        }
        text.trim_end().to_owned()
    }
}

/// Everything a panel must show; zero only where it is near enough to matter.
fn panel_values(panel: &Distribution<'_>) -> impl Iterator<Item = f64> {
    let (low, high) = range(panel.draws).unwrap_or((panel.estimate, panel.estimate));
    let reach = high - low;
    let zero = (low - reach * 0.6 < 0.0 && high + reach * 0.6 > 0.0).then_some(0.0);
    [low, high, panel.estimate, panel.low, panel.high].into_iter().chain(zero)
}

fn numbers(panel: &Distribution<'_>) -> String {
    if panel.low.is_finite() && panel.high.is_finite() {
        format!("{} {}", apa(panel.estimate, 2), interval(panel.low, panel.high, 2))
    } else {
        apa(panel.estimate, 2)
    }
}

fn draw_panel(
    area: &Area<'_>,
    panel: &Distribution<'_>,
    shared: Option<(f64, f64)>,
    axis: f64,
    theme: &Theme,
) -> Result<(), PlotError> {
    let Some((low, high)) = range(panel.draws) else { return Ok(()) };
    // A distribution without spread still gets a bar.
    let (low, high) = if high > low { (low, high) } else { (low - 0.005, high + 0.005) };
    let shown = shared.or_else(|| span(panel_values(panel), 0.05)).unwrap_or((low, high));
    let count = bins(panel.draws);
    let counts = histogram(panel.draws, (low, high), count);
    let tallest = f64::from(counts.iter().copied().max().unwrap_or(1).max(1)) * 1.08;
    let step = (high - low) / count as f64;
    let mut chart = ChartBuilder::on(area)
        .x_label_area_size(px(axis))
        .build_cartesian_2d(shown.0..shown.1, 0.0..tallest)
        .map_err(refuse)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_y_axis()
        .axis_style(colour(&theme.palette.muted))
        .x_labels(if f64::from(area.dim_in_pixel().0) < 16.0 * theme.small { 4 } else { 7 })
        .x_label_formatter(&|value| tick(*value, if shown.1 - shown.0 < 0.25 { 2 } else { 1 }))
        .label_style(font(theme, theme.small).color(&colour(&theme.palette.ink)))
        .draw()
        .map_err(refuse)?;
    let fill =
        colour(&blend(&theme.palette.paper, &theme.palette.accent, if theme.colour { 0.35 } else { 0.25 }));
    chart
        .draw_series(counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, &count)| {
            let start = low + bin as f64 * step;
            Rectangle::new([(start, 0.0), (start + step, f64::from(count))], fill.filled())
        }))
        .map_err(refuse)?;
    let ink = colour(&theme.palette.ink);
    if shown.0 <= 0.0 && shown.1 >= 0.0 {
        chart
            .draw_series([DashedPathElement::new(
                vec![(0.0, 0.0), (0.0, tallest)],
                1,
                3,
                colour(&theme.palette.limit).stroke_width(2),
            )])
            .map_err(refuse)?;
    }
    for bound in [panel.low, panel.high].into_iter().filter(|bound| bound.is_finite()) {
        chart
            .draw_series([DashedPathElement::new(
                vec![(bound, 0.0), (bound, tallest)],
                5,
                3,
                ink.stroke_width(1),
            )])
            .map_err(refuse)?;
    }
    chart
        .draw_series([PathElement::new(
            vec![(panel.estimate, 0.0), (panel.estimate, tallest)],
            ink.stroke_width(2),
        )])
        .map_err(refuse)?;
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    /// Sums of twelve repeatable uniform numbers are close to normal.
    pub(crate) fn draws(centre: f64, spread: f64) -> Vec<f64> {
        let mut state: u64 = 42;
        let mut uniform = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        (0..5000).map(|_| centre + spread * ((0..12).map(|_| uniform()).sum::<f64>() - 6.0)).collect()
    }

    #[test]
    fn every_draw_is_counted_once() {
        let draws = draws(0.3, 0.05);
        let counts = histogram(&draws, range(&draws).unwrap(), bins(&draws));
        assert_eq!(counts.iter().sum::<u32>(), 5000);
        assert!(counts.len() >= 12);
        let strange = histogram(&[0.0, 1.0, f64::NAN], (0.0, 1.0), 4);
        assert_eq!(strange, vec![1, 0, 0, 1]);
    }

    #[test]
    fn panels_show_their_numbers() {
        let draws = draws(0.31, 0.05);
        let panel = |name: &str, draws| Distribution {
            name: name.to_owned(),
            draws,
            estimate: 0.31,
            low: 0.22,
            high: 0.4,
        };
        let constant = [0.3; 20];
        let figure = Distributions {
            title: "Bootstrap".to_owned(),
            panels: vec![panel("PU → <ATT>", &draws), panel("flat", &constant)],
            shared_axis: false,
            ..Distributions::default()
        };
        let svg = figure.svg(&Theme::journal()).unwrap();
        assert!(svg.as_str().contains("PU → &lt;ATT&gt;"));
        assert!(svg.as_str().contains(".31 [.22, .40]"));
        assert_eq!(svg, figure.svg(&Theme::journal()).unwrap());
    }

    #[test]
    fn panels_without_values_are_named() {
        let nothing = [f64::NAN];
        let panel =
            Distribution { name: "x".to_owned(), draws: &nothing, estimate: 0.1, low: 0.0, high: 0.2 };
        let figure = Distributions { panels: vec![panel], ..Distributions::default() };
        let error = figure.svg(&Theme::screen()).unwrap_err().to_string();
        assert!(error.contains("`x`"), "{error}");
        assert!(Distributions::default().svg(&Theme::screen()).is_err());
    }
}
