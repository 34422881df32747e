//! Path coefficients as a forest plot: one line per path, outcome by outcome, with intervals and zero.

use std::fmt::Write as _;

use plotters::prelude::*;

use super::chart::{
    Anchor, Style, colour, figure, page_width, refuse, span, tick, title_lines, whisker, write,
};
use super::key::{Key, Mark};
use super::measure::{Weight, width};
use super::rows::{Axis, Rows, axis_height};
use super::{Language, PlotError, Svg, Theme};
use crate::table::{apa, interval};

/// Coefficients with intervals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest {
    /// Title above the chart.
    pub title: String,
    /// Title of the axis.
    pub axis: String,
    /// The outcomes, in the order of the model.
    pub groups: Vec<ForestGroup>,
    /// What the intervals are, such as `95 % percentile interval`; may be empty.
    pub interval: String,
    /// Language of the description.
    pub language: Language,
}

/// The paths into one outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForestGroup {
    /// Name or label of the outcome.
    pub name: String,
    /// One line per predictor.
    pub rows: Vec<ForestRow>,
}

/// One path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForestRow {
    /// Name or label of the predictor.
    pub name: String,
    /// The estimate.
    pub value: f64,
    /// Lower and upper bound of its confidence interval; with 0 inside, the point is hollow.
    pub interval: Option<(f64, f64)>,
}

impl ForestRow {
    fn includes_zero(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0)
    }

    fn numbers(&self) -> String {
        match self.interval {
            Some((low, high)) => format!("{} {}", apa(self.value, 2), interval(low, high, 2)),
            None => apa(self.value, 2),
        }
    }
}

impl Forest {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Empty`] without a single finite value.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let rows = || self.groups.iter().flat_map(|group| &group.rows).filter(|row| row.value.is_finite());
        let ends = rows()
            .flat_map(|row| {
                let (low, high) = row.interval.unwrap_or((row.value, row.value));
                [row.value, low, high]
            })
            .chain([0.0]);
        if rows().next().is_none() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let Some(range) = span(ends, 0.1) else { return Err(PlotError::Empty(self.title.clone())) };
        let page = page_width(theme);
        let groups = self.groups.iter().map(|group| (group.name.as_str(), group.rows.as_slice()));
        let lines = Rows::new(groups, |row| row.name.as_str(), theme, page * 0.36);
        let right =
            rows().map(|row| width(&row.numbers(), theme.small, Weight::Regular)).fold(0.0, f64::max) + 24.0;
        let (_, top) = title_lines(theme, &self.title, page);
        let key = Key::new(self.key(), theme, page);
        let height = top + lines.total + axis_height(theme) + key.height();
        figure(theme, (page, height), &self.title, &self.describe(), |root| {
            let axis = Axis {
                top,
                right,
                bottom: key.height(),
                range,
                labels: 9,
                tick: &|value| tick(value, 1),
                title: &self.axis,
            };
            let mut chart = lines.chart(root, theme, &axis)?;
            let zero = PathElement::new(
                vec![(0.0, 0.0), (0.0, lines.total)],
                colour(&theme.palette.limit).stroke_width(1),
            );
            chart.draw_series([zero]).map_err(refuse)?;
            lines.write_names(root, theme, top)?;
            for (y, row) in lines.items() {
                let style = Style::small(theme, Anchor::End);
                write(root, theme, &style, (page - 10.0, top + y), &row.numbers())?;
                whisker(&mut chart, theme, (row.value, row.interval), y, row.includes_zero())?;
            }
            key.draw(root, theme, page, height - key.height())
        })
    }

    /// What the marks mean: those that are there.
    fn key(&self) -> Vec<(Mark, String)> {
        let rows: Vec<&ForestRow> =
            self.groups.iter().flat_map(|group| &group.rows).filter(|row| row.interval.is_some()).collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let words = self.language.words();
        let interval = if self.interval.is_empty() { words.interval } else { &self.interval };
        let mut key = vec![(Mark::Interval, interval.to_owned())];
        let hollow = rows.iter().filter(|row| row.includes_zero()).count();
        if hollow < rows.len() {
            key.push((Mark::Point, words.excludes_zero.to_owned()));
        }
        if hollow > 0 {
            key.push((Mark::Hollow, words.includes_zero.to_owned()));
        }
        key
    }

    fn describe(&self) -> String {
        let mut text = format!("{}:", self.axis);
        for group in &self.groups {
            for row in &group.rows {
                let _ = write!(text, " {} → {} {};", row.name, group.name, row.numbers());
            }
        }
        text
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Forest {
        let row = |name: &str, value: f64, interval| ForestRow { name: name.to_owned(), value, interval };
        Forest {
            title: "Paths".to_owned(),
            axis: "β".to_owned(),
            groups: vec![
                ForestGroup {
                    name: "Attitude".to_owned(),
                    rows: vec![
                        row("Perceived usefulness", 0.31, Some((0.22, 0.4))),
                        row(
                            "Perceived trustworthiness of the merchant's privacy promises",
                            -0.05,
                            Some((-0.14, 0.03)),
                        ),
                    ],
                },
                ForestGroup { name: "信任".to_owned(), rows: vec![row("使用态度", 0.47, None)] },
            ],
            interval: "95 % percentile interval".to_owned(),
            language: Language::English,
        }
    }

    #[test]
    fn every_number_is_written() {
        let svg = sample().svg(&Theme::screen()).unwrap();
        for words in [
            ".31 [.22, .40]",
            "−.05 [−.14, .03]",
            ".47",
            "使用态度",
            "95 % percentile interval",
            "Interval excludes 0",
            "Interval includes 0 (not significant)",
        ] {
            assert!(svg.as_str().contains(words), "{words}");
        }
        let mut clear = sample();
        clear.groups[0].rows.truncate(1);
        assert!(!clear.svg(&Theme::screen()).unwrap().as_str().contains("includes 0"));
        assert!(matches!(Forest::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
        let nothing = ForestRow { value: f64::NAN, ..ForestRow::default() };
        let groups = vec![ForestGroup { name: String::new(), rows: vec![nothing] }];
        assert!(Forest { groups, ..Forest::default() }.svg(&Theme::screen()).is_err());
    }
}
