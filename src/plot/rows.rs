//! Charts with one line per item, grouped by construct: names on the left, a horizontal axis below.

use plotters::prelude::*;

use super::chart::{Anchor, Area, Chart, Style, colour, font, page_width, px, refuse, write};
use super::measure::{Weight, widest, wrap};
use super::{PlotError, Theme};

enum Row<'a, T> {
    Heading(Vec<String>),
    Item(&'a T, Vec<String>),
}

/// Constructs and their items, line by line, with the room they need.
pub(crate) struct Rows<'a, T> {
    lines: Vec<Row<'a, T>>,
    heights: Vec<f64>,
    line: f64,
    /// Width of the names including the space around them.
    pub(crate) left: f64,
    /// Height of all rows.
    pub(crate) total: f64,
    /// Whether lines stand close together.
    pub(crate) tight: bool,
}

/// Where the axis of a chart stands on the figure, and what it says.
pub(crate) struct Axis<'a> {
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) range: (f64, f64),
    pub(crate) labels: usize,
    pub(crate) tick: &'a dyn Fn(f64) -> String,
    pub(crate) title: &'a str,
}

/// Height of what stands around the rows: title, axis, key.
const OTHER: f64 = 110.0;
/// Room of a number of the axis with the space around it, in letters.
const LABEL: f64 = 3.2;

/// Height of numbers and title of an axis.
pub(crate) fn axis_height(theme: &Theme) -> f64 {
    theme.small * 3.4
}

impl<'a, T> Rows<'a, T> {
    /// Breaks names into lines no wider than `most`. Where a page has little height for many items, lines stand closer, and
    /// names of constructs run over the whole width.
    pub(crate) fn new<'b>(
        groups: impl Iterator<Item = (&'b str, &'a [T])>,
        name: fn(&T) -> &str,
        theme: &Theme,
        most: f64,
    ) -> Self {
        let groups: Vec<(&str, &'a [T])> = groups.collect();
        let loose = Self::spaced(&groups, name, theme, most, false);
        let room = theme.height() - OTHER;
        if theme.is_narrow() || loose.total > room {
            Self::spaced(&groups, name, theme, most, true)
        } else {
            loose
        }
    }

    fn spaced(
        groups: &[(&str, &'a [T])],
        name: fn(&T) -> &str,
        theme: &Theme,
        most: f64,
        tight: bool,
    ) -> Self {
        let size = theme.small;
        let line = size * if tight { 1.18 } else { 1.3 };
        let widest_heading = if tight { page_width(theme) - 24.0 } else { most };
        let (around_heading, around_item): (f64, f64) = if tight { (4.0, 0.0) } else { (8.0, 4.0) };
        let mut found = Vec::new();
        for (construct, items) in groups {
            found.push(Row::Heading(wrap(construct, size, Weight::Bold, widest_heading)));
            for item in *items {
                found.push(Row::Item(item, wrap(name(item), size, Weight::Regular, most - 12.0)));
            }
        }
        let heights: Vec<f64> = found
            .iter()
            .map(|row| match row {
                Row::Heading(lines) => line * lines.len() as f64 + around_heading,
                Row::Item(_, lines) => {
                    (line * lines.len().max(1) as f64).max(line + 3.0)
                        + if lines.len() > 1 { around_item.max(5.0) } else { around_item }
                }
            })
            .collect();
        let left = found.iter().map(|row| match row {
            Row::Heading(_) if tight => 0.0,
            Row::Heading(lines) => widest(lines, size, Weight::Bold),
            Row::Item(_, lines) => widest(lines, size, Weight::Regular) + 12.0,
        });
        let left = left.fold(54.0, f64::max) + 22.0;
        let total = heights.iter().sum::<f64>() + 6.0;
        Self { lines: found, heights, line, left, total, tight }
    }

    /// Items with the middle of their line, from the top of the first row.
    pub(crate) fn items(&self) -> impl Iterator<Item = (f64, &'a T)> {
        let mut end = 0.0;
        self.lines.iter().zip(&self.heights).filter_map(move |(row, height)| {
            end += height;
            match row {
                Row::Heading(_) => None,
                Row::Item(item, _) => Some((end - height / 2.0, *item)),
            }
        })
    }

    /// Writes the names of constructs and items beside the chart.
    pub(crate) fn write_names(&self, root: &Area<'_>, theme: &Theme, top: f64) -> Result<(), PlotError> {
        let mut y = top;
        for (row, height) in self.lines.iter().zip(&self.heights) {
            let middle = y + height / 2.0;
            match row {
                Row::Heading(lines) => {
                    let style = Style { weight: Weight::Bold, ..Style::small(theme, Anchor::Start) };
                    // Over the lines of the chart, where it runs into it.
                    let end = 12.0 + widest(lines, theme.small, Weight::Bold);
                    if end > self.left {
                        let corners = [(px(8.0), px(y + 1.0)), (px(end), px(y + height - 1.0))];
                        let paper = colour(&theme.palette.paper).filled();
                        root.draw(&Rectangle::new(corners, paper)).map_err(refuse)?;
                    }
                    for (at, text) in lines.iter().enumerate() {
                        let shift = (at as f64 - (lines.len() as f64 - 1.0) / 2.0) * self.line;
                        write(root, theme, &style, (10.0, middle + 2.0 + shift), text)?;
                    }
                }
                Row::Item(_, lines) => {
                    let style = Style::small(theme, Anchor::End);
                    for (at, text) in lines.iter().enumerate() {
                        let shift = (at as f64 - (lines.len() as f64 - 1.0) / 2.0) * self.line;
                        write(root, theme, &style, (self.left - 10.0, middle + shift), text)?;
                    }
                }
            }
            y += height;
        }
        Ok(())
    }

    /// Draws the horizontal axis with light lines and hands back the chart.
    pub(crate) fn chart<'r, 's>(
        &self,
        root: &'r Area<'s>,
        theme: &Theme,
        axis: &Axis<'_>,
    ) -> Result<Chart<'r, 's>, PlotError> {
        // Numbers of the axis need room, which a column of a journal has little of.
        let room = f64::from(root.dim_in_pixel().0) - self.left - axis.right;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few labels")]
        let most = (room / (theme.small * LABEL)).max(2.0) as usize;
        let mut chart = ChartBuilder::on(root)
            .margin_top(px(axis.top))
            .margin_left(px(self.left))
            .margin_right(px(axis.right))
            .margin_bottom(px(axis.bottom))
            .x_label_area_size(px(axis_height(theme)))
            .build_cartesian_2d(axis.range.0..axis.range.1, self.total..0.0)
            .map_err(refuse)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .bold_line_style(colour(&theme.palette.faint).mix(0.6))
            .light_line_style(TRANSPARENT)
            .axis_style(colour(&theme.palette.muted))
            .x_labels(axis.labels.min(most))
            .x_label_formatter(&|value| (axis.tick)(*value))
            .x_desc(axis.title)
            .label_style(font(theme, theme.small).color(&colour(&theme.palette.ink)))
            .draw()
            .map_err(refuse)?;
        Ok(chart)
    }
}

#[cfg(test)]
mod tests {
    use super::super::measure::width;
    use super::*;

    #[test]
    fn rows_follow_each_other() {
        let items = ["PU1", "PU2"].map(str::to_owned);
        let groups = [("Usefulness", items.as_slice())];
        let rows = Rows::new(groups.into_iter(), |item| item.as_str(), &Theme::screen(), 200.0);
        let places: Vec<(f64, &String)> = rows.items().collect();
        assert_eq!(places.len(), 2);
        assert_eq!(places[0].1, "PU1");
        assert!(places[0].0 > 20.0 && places[1].0 > places[0].0 && places[1].0 < rows.total);
        assert!(rows.left > 22.0 + width("Usefulness", 11.0, Weight::Bold) - 1.0);
    }
}
