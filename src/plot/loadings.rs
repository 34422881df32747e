//! Loadings of all items as points, construct by construct, with intervals and the usual threshold.

use std::fmt::Write as _;

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::chart::{
    Anchor, Style, colour, figure, page_width, refuse, span, tick, title_lines, whisker, write,
};
use super::key::{Key, Mark};
use super::measure::{Weight, width};
use super::rows::{Axis, Rows, axis_height};
use super::{Language, PlotError, Svg, Theme};
use crate::table::{apa, interval};

/// Loadings (or weights) of the items of several constructs.
#[derive(Debug, Clone, PartialEq)]
pub struct Loadings {
    /// Title above the chart.
    pub title: String,
    /// Title of the axis, such as `Loading`.
    pub axis: String,
    /// The constructs, in the order of the model.
    pub groups: Vec<LoadingGroup>,
    /// Where the vertical line stands; points below it are hollow.
    pub threshold: Option<f64>,
    /// What the intervals are, such as `95 % percentile interval`; may be empty.
    pub interval: String,
    /// Language of the legend.
    pub language: Language,
}

/// One construct.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadingGroup {
    /// Name or label.
    pub construct: String,
    /// Its items, in the order of the questionnaire.
    pub items: Vec<Loading>,
}

/// One item's loading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Loading {
    /// Name of the item.
    pub item: String,
    /// The estimate; not a number is shown as not available.
    pub value: f64,
    /// Lower and upper bound of its confidence interval.
    pub interval: Option<(f64, f64)>,
}

impl Default for Loadings {
    /// The axis of loadings with the threshold .708, above which an item shares at least half of its
    /// variance with its construct (Hair et al., 2019).
    fn default() -> Self {
        Self {
            title: String::new(),
            axis: "Loading".to_owned(),
            groups: Vec::new(),
            threshold: Some(0.708),
            interval: String::new(),
            language: Language::English,
        }
    }
}

impl Loadings {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Empty`] without a single finite value.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let loadings = || self.groups.iter().flat_map(|group| &group.items);
        let ends = loadings()
            .flat_map(|item| {
                let (low, high) = item.interval.unwrap_or((item.value, item.value));
                [item.value, low, high]
            })
            .chain(self.threshold);
        if loadings().all(|item| !item.value.is_finite()) {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let Some((low, high)) = span(ends, 0.1) else { return Err(PlotError::Empty(self.title.clone())) };
        let page = page_width(theme);
        let groups = self.groups.iter().map(|group| (group.construct.as_str(), group.items.as_slice()));
        let rows = Rows::new(groups, |item| item.item.as_str(), theme, page * 0.36);
        let numbers_width = |item| width(&numbers(item), theme.small, Weight::Regular);
        let right = loadings().map(numbers_width).fold(0.0, f64::max) + 24.0;
        let (_, top) = title_lines(theme, &self.title, page);
        let key = Key::new(self.key(theme), theme, page);
        let height = top + rows.total + axis_height(theme) + key.height();
        figure(theme, (page, height), &self.title, &self.describe(), |root| {
            let axis = Axis {
                top,
                right,
                bottom: key.height(),
                range: (low.min(0.4), high.max(1.0)),
                labels: 8,
                tick: &|value| tick(value, 1),
                title: &self.axis,
            };
            let mut chart = rows.chart(root, theme, &axis)?;
            if let Some(limit) = self.threshold.filter(|limit| limit.is_finite()) {
                let line = vec![(limit, 0.0), (limit, rows.total)];
                let style = colour(&theme.palette.limit).stroke_width(1);
                chart.draw_series([DashedPathElement::new(line, 5, 4, style)]).map_err(refuse)?;
            }
            rows.write_names(root, theme, top)?;
            for (y, item) in rows.items() {
                let style = Style::small(theme, Anchor::End);
                write(root, theme, &style, (page - 10.0, top + y), &numbers(item))?;
                whisker(&mut chart, theme, (item.value, item.interval), y, self.is_below(item))?;
            }
            key.draw(root, theme, page, height - key.height())
        })
    }

    fn is_below(&self, item: &Loading) -> bool {
        self.threshold.is_some_and(|limit| item.value < limit)
    }

    /// What the marks mean: those that are there.
    fn key(&self, theme: &Theme) -> Vec<(Mark, String)> {
        let words = self.language.words();
        let items = || self.groups.iter().flat_map(|group| &group.items);
        let mut key = Vec::new();
        if items().any(|item| item.interval.is_some()) {
            let interval = if self.interval.is_empty() { words.interval } else { &self.interval };
            key.push((Mark::Interval, interval.to_owned()));
        }
        if let Some(limit) = self.threshold {
            let line = Mark::Line(theme.palette.limit.clone(), 1, Some((5, 4)));
            key.push((line, format!("{} {}", words.threshold, apa(limit, 3))));
        }
        if items().any(|item| self.is_below(item)) {
            key.push((Mark::Hollow, words.below.to_owned()));
        }
        key
    }

    fn describe(&self) -> String {
        let mut text = format!("{}:", self.axis);
        for group in &self.groups {
            let _ = write!(text, " {}:", group.construct);
            for item in &group.items {
                let _ = write!(text, " {} {};", item.item, numbers(item));
            }
        }
        text
    }
}

/// The estimate and its interval as text.
fn numbers(item: &Loading) -> String {
    if !item.value.is_finite() {
        return "–".to_owned();
    }
    match item.interval {
        Some((low, high)) if low.is_finite() && high.is_finite() => {
            format!("{} {}", apa(item.value, 2), interval(low, high, 2))
        }
        _ => apa(item.value, 2),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Loadings {
        let item = |item: &str, value: f64| Loading {
            item: item.to_owned(),
            value,
            interval: Some((value - 0.06, value + 0.04)),
        };
        let group =
            |construct: &str, items: Vec<Loading>| LoadingGroup { construct: construct.to_owned(), items };
        Loadings {
            title: "Loadings <with> 95 % intervals".to_owned(),
            groups: vec![
                group("Perceived usefulness", vec![item("PU1", 0.83), item("PU2", 0.69), item("PU3", 0.91)]),
                group("信任动机", vec![item("MOT1", 0.88), item("MOT2", f64::NAN)]),
            ],
            ..Loadings::default()
        }
    }

    #[test]
    fn numbers_are_apa_and_text_is_escaped() {
        let svg = sample().svg(&Theme::screen()).unwrap();
        assert!(svg.as_str().contains(".83 [.77, .87]"));
        assert!(svg.as_str().contains("&lt;with&gt;") && !svg.as_str().contains("<with>"));
        assert!(svg.as_str().contains("Threshold .708"));
        assert!(svg.as_str().contains("Below threshold") && svg.as_str().contains("Confidence interval"));
        assert_eq!(svg, sample().svg(&Theme::screen()).unwrap());
    }

    #[test]
    fn forty_three_items_fit_a_column() {
        let item = |at: usize| Loading { item: format!("ITEM{at}"), value: 0.8, interval: Some((0.7, 0.85)) };
        let groups = (0..11).map(|at| LoadingGroup {
            construct: format!("Construct number {at} with a label"),
            items: (0..4).map(item).collect(),
        });
        let loadings = Loadings { groups: groups.collect(), ..Loadings::default() };
        let theme = Theme { max_width_mm: Some(84.0), ..Theme::journal() };
        let svg = loadings.svg(&theme).unwrap();
        assert!(svg.smallest_letters() >= super::super::LEGIBLE, "{:.2} pt", svg.smallest_letters());
    }

    #[test]
    fn nothing_to_draw_is_said() {
        let empty = Loadings { title: "none".to_owned(), ..Loadings::default() };
        assert_eq!(empty.svg(&Theme::journal()), Err(PlotError::Empty("none".to_owned())));
    }
}
