//! What people answered: one bar per item, agreement to the right and disagreement to the left of the
//! middle category, missing answers apart.
//!
//! Shares are of the valid answers; the share of missing answers is of all respondents, so it stands beside
//! the bar and not in it.

use std::fmt::Write as _;

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::chart::{Anchor, Area, Chart, Style, colour, figure, page_width, px, refuse, title_lines, write};
use super::measure::{Weight, width};
use super::rows::{Axis, Rows, axis_height};
use super::theme::{blend, is_dark};
use super::{Language, PlotError, Svg, Theme};
use crate::table::fixed;

/// Answers to items that share one scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// Title above the chart.
    pub title: String,
    /// Names of the answers, from lowest to highest.
    pub categories: Vec<String>,
    /// The constructs, in the order of the model.
    pub groups: Vec<AnswerGroup>,
    /// Language of axis and legend.
    pub language: Language,
}

/// One construct's items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnswerGroup {
    /// Name or label.
    pub construct: String,
    /// Its items, in the order of the questionnaire.
    pub items: Vec<AnswerItem>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerItem {
    /// Name, with or without its wording.
    pub name: String,
    /// Number of people who gave each answer, from lowest to highest.
    pub counts: Vec<usize>,
    /// Number of people who gave none.
    pub missing: usize,
}

impl AnswerItem {
    fn valid(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Shares of the valid answers.
    fn shares(&self) -> Vec<f64> {
        let valid = self.valid().max(1) as f64;
        self.counts.iter().map(|&count| count as f64 / valid).collect()
    }

    fn missing_share(&self) -> f64 {
        self.missing as f64 / (self.valid() + self.missing).max(1) as f64
    }

    /// Share to the left of the middle of the scale.
    fn left(&self) -> f64 {
        let shares = self.shares();
        let half = shares.len() / 2;
        let below: f64 = shares.iter().take(half).sum();
        if shares.len() % 2 == 1 { below + shares.get(half).unwrap_or(&0.0) / 2.0 } else { below }
    }
}

impl Answers {
    fn items(&self) -> impl Iterator<Item = &AnswerItem> {
        self.groups.iter().flat_map(|group| &group.items)
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Empty`] without items or answers, [`PlotError::Input`] naming every item whose counts do
    /// not match the categories.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        self.check()?;
        let words = self.language.words();
        let page = page_width(theme);
        let small = theme.small;
        let line = small * 1.3;
        let groups = self.groups.iter().map(|group| (group.construct.as_str(), group.items.as_slice()));
        // A column of a journal has room for the bars alone: names are broken sooner, missing answers are numbers.
        let narrow = theme.is_narrow();
        let (names, gap, least) = if narrow { (0.22, 8.0, 40.0) } else { (0.34, 14.0, 84.0) };
        let rows = Rows::new(groups, |item| item.name.as_str(), theme, page * names);
        let n_width = self
            .items()
            .map(|item| width(&item.valid().to_string(), small, Weight::Regular))
            .fold(width("n", small, Weight::Regular), f64::max);
        let missing_width = width(words.missing, small, Weight::Regular).max(least);
        let right = gap + missing_width + gap + n_width + 12.0;
        let (_, title_height) = title_lines(theme, &self.title, page);
        let top = title_height + line + 4.0;
        let legend = self.legend_rows(theme, page);
        let legend_height = legend.len() as f64 * (line + 4.0) + 16.0;
        let height = top + rows.total + axis_height(theme) + legend_height;
        let round = |share: f64| ((share * 5.0).ceil() / 5.0).clamp(0.2, 1.0) * 100.0;
        let low = -round(self.items().map(AnswerItem::left).fold(0.0, f64::max));
        let high = round(self.items().map(|item| 1.0 - item.left()).fold(0.0, f64::max));
        let worst = self.items().map(AnswerItem::missing_share).fold(0.0, f64::max);

        figure(theme, (page, height), &self.title, &self.describe(), |root| {
            let axis = Axis {
                top,
                right,
                bottom: legend_height,
                range: (low, high),
                labels: 9,
                tick: &|value| fixed(value.abs(), 0),
                title: words.answers,
            };
            let mut chart = rows.chart(root, theme, &axis)?;
            let middle = vec![(0.0, 0.0), (0.0, rows.total)];
            let ink = colour(&theme.palette.ink).stroke_width(1);
            chart.draw_series([DashedPathElement::new(middle, 3, 3, ink)]).map_err(refuse)?;
            rows.write_names(root, theme, top)?;
            let missing_x = page - right + gap;
            let heading = title_height + line * 0.5;
            let (start, end) = (Style::small(theme, Anchor::Start), Style::small(theme, Anchor::End));
            write(root, theme, &start, (missing_x, heading), words.missing)?;
            write(root, theme, &end, (page - 12.0, heading), "n")?;
            for (y, item) in rows.items() {
                self.draw_bar(root, &mut chart, item, (y, top, rows.tight), theme)?;
                let longest = if narrow { 0.0 } else { LONGEST };
                missing_bar(root, theme, (missing_x, top + y), (item.missing_share(), worst), longest)?;
                write(root, theme, &end, (page - 12.0, top + y), &item.valid().to_string())?;
            }
            self.draw_legend(root, &legend, page, height - legend_height + 15.0, theme)
        })
    }

    fn check(&self) -> Result<(), PlotError> {
        if self.categories.is_empty() || self.items().next().is_none() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let bad: Vec<String> = self
            .items()
            .filter(|item| item.counts.len() != self.categories.len())
            .map(|item| format!("`{}` has {} counts", item.name, item.counts.len()))
            .collect();
        if bad.is_empty() {
            return Ok(());
        }
        Err(PlotError::Input(format!(
            "the scale has {} categories, but {}",
            self.categories.len(),
            bad.join(", ")
        )))
    }

    /// One item's bar, with the share in every part that has room for it.
    fn draw_bar(
        &self,
        root: &Area<'_>,
        chart: &mut Chart<'_, '_>,
        item: &AnswerItem,
        (y, top, tight): (f64, f64, bool),
        theme: &Theme,
    ) -> Result<(), PlotError> {
        let size = theme.small * 0.9;
        let half = if tight { theme.small * 0.6 } else { theme.small * 0.65 + 1.5 };
        let mut x = -item.left() * 100.0;
        for (at, share) in item.shares().into_iter().enumerate() {
            let end = x + share * 100.0;
            let fill = self.shade(at, theme);
            let corners = [(x, y - half), (end, y + half)];
            chart.draw_series([Rectangle::new(corners, colour(&fill).filled())]).map_err(refuse)?;
            let border = colour(if theme.colour { &theme.palette.paper } else { &theme.palette.muted })
                .stroke_width(1);
            chart.draw_series([Rectangle::new(corners, border)]).map_err(refuse)?;
            let (from, to) = (chart.backend_coord(&(x, y)).0, chart.backend_coord(&(end, y)).0);
            let text = fixed(share * 100.0, 0);
            if f64::from(to - from) > width(&text, size, Weight::Regular) + 5.0 {
                let ink = if is_dark(&fill) { &theme.palette.paper } else { &theme.palette.ink };
                let style = Style { size, colour: ink, ..Style::small(theme, Anchor::Middle) };
                write(root, theme, &style, (f64::midpoint(f64::from(from), f64::from(to)), top + y), &text)?;
            }
            x = end;
        }
        Ok(())
    }

    fn draw_legend(
        &self,
        root: &Area<'_>,
        rows: &[Vec<(usize, f64)>],
        page: f64,
        top: f64,
        theme: &Theme,
    ) -> Result<(), PlotError> {
        let mut y = top;
        for row in rows {
            let widths: f64 = row.iter().map(|(_, width)| width + 18.0).sum::<f64>() - 18.0;
            let mut x = (page - widths) / 2.0;
            for &(at, entry) in row {
                let corners = [(px(x), px(y - 5.0)), (px(x + 12.0), px(y + 6.0))];
                let fill = colour(&self.shade(at, theme)).filled();
                root.draw(&Rectangle::new(corners, fill)).map_err(refuse)?;
                let border = colour(&theme.palette.muted).stroke_width(1);
                root.draw(&Rectangle::new(corners, border)).map_err(refuse)?;
                let text = self.categories.get(at).map_or("", String::as_str);
                write(root, theme, &Style::small(theme, Anchor::Start), (x + 17.0, y), text)?;
                x += entry + 18.0;
            }
            y += theme.small * 1.3 + 4.0;
        }
        Ok(())
    }

    /// Colour of a category: two hues that meet in a light middle, or one ramp of greys.
    fn shade(&self, category: usize, theme: &Theme) -> String {
        let [low, middle, high] = &theme.palette.scale;
        let steps = self.categories.len().saturating_sub(1).max(1) as f64;
        let place = category as f64 / steps;
        if theme.colour {
            if place < 0.5 { blend(low, middle, place * 2.0) } else { blend(middle, high, place * 2.0 - 1.0) }
        } else {
            blend(low, high, place)
        }
    }

    /// Categories and their widths, broken into rows that fit the page.
    fn legend_rows(&self, theme: &Theme, page: f64) -> Vec<Vec<(usize, f64)>> {
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        let mut used = 0.0;
        for (at, text) in self.categories.iter().enumerate() {
            let entry = 17.0 + width(text, theme.small, Weight::Regular);
            if used + entry > page - 24.0 && used > 0.0 {
                rows.push(Vec::new());
                used = 0.0;
            }
            used += entry + 18.0;
            if let Some(row) = rows.last_mut() {
                row.push((at, entry));
            }
        }
        rows
    }

    fn describe(&self) -> String {
        let mut text = String::new();
        for item in self.items() {
            let shares: Vec<String> = item.shares().iter().map(|share| fixed(share * 100.0, 0)).collect();
            let _ = write!(text, "{}: {} %, n = {}; ", item.name, shares.join("/"), item.valid());
        }
        text.trim_end().to_owned()
    }
}

/// Length of the longest bar of missing answers in px.
const LONGEST: f64 = 34.0;

/// A small bar on a scale of its own, with its share beside it.
fn missing_bar(
    root: &Area<'_>,
    theme: &Theme,
    at: (f64, f64),
    (share, worst): (f64, f64),
    longest: f64,
) -> Result<(), PlotError> {
    let text = format!("{} %", fixed(share * 100.0, 1));
    let length = if worst > 0.0 { share / worst * longest } else { 0.0 };
    if length > 0.0 {
        let corners = [(px(at.0), px(at.1 - 5.0)), (px(at.0 + length.max(1.0)), px(at.1 + 5.0))];
        root.draw(&Rectangle::new(corners, colour(&theme.palette.muted).filled())).map_err(refuse)?;
    }
    let style = Style::small(theme, Anchor::Start);
    write(root, theme, &style, (at.0 + length + if length > 0.0 { 5.0 } else { 0.0 }, at.1), &text)
}

#[cfg(test)]
pub(crate) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    #[test]
    fn a_narrow_page_leaves_room_for_the_bars() {
        let theme = Theme { max_width_mm: Some(84.0), ..Theme::journal() };
        let text = sample().svg(&theme).unwrap().to_string();
        // Rectangles of the bars: their x and width, the widest of a row.
        let widths: Vec<f64> = text
            .split("<rect ")
            .skip(1)
            .filter_map(|rect| {
                let (_, rest) = rect.split_once("width=\"")?;
                rest.split('"').next()?.parse().ok()
            })
            .filter(|width| *width < 300.0)
            .collect();
        assert!(widths.iter().any(|width| *width >= 25.0), "{widths:?}");
    }

    pub(crate) fn sample() -> Answers {
        let item = |name: &str, counts: [usize; 7], missing| AnswerItem {
            name: name.to_owned(),
            counts: counts.to_vec(),
            missing,
        };
        Answers {
            title: "Answers".to_owned(),
            categories: [
                "Strongly disagree",
                "Disagree",
                "Rather disagree",
                "Neither",
                "Rather agree",
                "Agree",
                "Strongly agree",
            ]
            .map(str::to_owned)
            .to_vec(),
            groups: vec![
                AnswerGroup {
                    construct: "Perceived usefulness".to_owned(),
                    items: vec![
                        item(
                            "PU1 Using this site would make my shopping more effective.",
                            [5, 12, 30, 60, 90, 70, 33],
                            4,
                        ),
                        item("PU2", [2, 8, 22, 55, 101, 80, 36], 0),
                    ],
                },
                AnswerGroup {
                    construct: "信任倾向".to_owned(),
                    items: vec![
                        item("DTT1 <b> 我通常会信任别人。", [40, 60, 70, 50, 40, 30, 10], 12),
                        item("DTT2", [0; 7], 300),
                    ],
                },
            ],
            ..Answers::default()
        }
    }

    #[test]
    fn shares_split_at_the_middle_of_the_scale() {
        let item = AnswerItem { name: String::new(), counts: vec![1, 2, 3, 4], missing: 10 };
        assert!((item.left() - 0.3).abs() < 1e-12);
        assert!((item.missing_share() - 0.5).abs() < 1e-12);
        let odd = AnswerItem { counts: vec![1, 2, 1], ..item };
        assert!((odd.left() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn bars_show_shares_missing_and_n() {
        for theme in [Theme::screen(), Theme::journal()] {
            let svg = sample().svg(&theme).unwrap();
            assert!(svg.as_str().contains("100.0 %") && svg.as_str().contains("1.3 %"));
            assert!(svg.as_str().contains("300"));
            assert!(!svg.as_str().contains("<b>"));
            assert_eq!(svg, sample().svg(&theme).unwrap());
        }
    }

    #[test]
    fn wrong_counts_are_all_named() {
        let mut answers = sample();
        answers.groups[0].items[0].counts.pop();
        answers.groups[1].items[1].counts.clear();
        let error = answers.svg(&Theme::screen()).unwrap_err().to_string();
        assert!(error.contains("PU1") && error.contains("`DTT2` has 0"), "{error}");
    }
}
