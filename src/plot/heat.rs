//! Correlations as a lower triangle of coloured fields, each with its number.

use std::fmt::Write as _;

use super::draw::BASELINE;
use super::measure::{Weight, widest, width, wrap};
use super::svg::Element;
use super::theme::{blend, is_dark};
use super::triangle::{Names, names, starts};
use super::{Language, PlotError, Svg, Theme};
use crate::table::apa;

/// Correlations between several things.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heat {
    /// Title above the fields.
    pub title: String,
    /// Names, in order.
    pub names: Vec<String>,
    /// Row by row the fields below the diagonal: one for the second name, two for the third, ...
    pub cells: Vec<Option<f64>>,
    /// Language of the description.
    pub language: Language,
}

impl Heat {
    /// Draws the fields.
    ///
    /// # Errors
    /// [`PlotError::Empty`] with fewer than two names, [`PlotError::Input`] if the number of fields does not match.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let count = self.names.len();
        if count < 2 {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let pairs = count * (count - 1) / 2;
        if self.cells.len() != pairs {
            return Err(PlotError::Input(format!(
                "the figure `{}` has {} fields, but {count} names have {pairs} pairs",
                self.title,
                self.cells.len()
            )));
        }
        let small = theme.small;
        let line = small * 1.28;
        let Names { first, rows: lines, columns: heads, numbered, narrow } = names(&self.names, theme);
        let left =
            lines.iter().chain(&first).map(|rows| widest(rows, small, Weight::Regular)).fold(0.0, f64::max)
                + if narrow { 14.0 } else { 24.0 };
        let numbers = self.cells.iter().flatten().map(|value| width(&apa(*value, 2), small, Weight::Regular));
        let inside = numbers.fold(0.0, f64::max) + if narrow { 4.0 } else { 10.0 };
        let least = if numbered { inside } else { inside.max(small * 3.6) };
        let side = heads
            .iter()
            .map(|rows| widest(rows, small, Weight::Regular) + if numbered { 2.0 } else { 8.0 })
            .fold(least, f64::max);
        // On a narrow page names take several lines, and each row is as high as its own.
        let common = lines.iter().map(Vec::len).max().unwrap_or(1);
        let heights: Vec<f64> = lines
            .iter()
            .map(|words| if narrow { words.len() } else { common } as f64 * line + 8.0)
            .map(|height| height.max(small * 2.4))
            .collect();
        let starts = starts(&heights);
        let page = (left + side * (count - 1) as f64 + if narrow { 6.0 } else { 16.0 }).max(300.0);
        let title = wrap(&self.title, theme.heading, Weight::Bold, page - 24.0);
        let top = 16.0 + title.len() as f64 * theme.heading * 1.3;
        let mut body = String::new();
        for (row, text) in title.iter().enumerate() {
            let y = 8.0 + (row as f64 + 0.8) * theme.heading * 1.3;
            Element::label(page / 2.0, y, "middle", theme.heading, text).bold().write(&mut body);
        }
        let top = first.map_or(top, |words| {
            let high = words.len() as f64 * line + 6.0;
            block(&words, (left - 10.0, top + high / 2.0), "end", theme, &mut body);
            top + high
        });
        let ends = &theme.palette.scale;
        let mut cells = self.cells.iter();
        for (row, words) in lines.iter().enumerate().map(|(at, words)| (at + 1, words)) {
            let (y, high) = (top + starts[row - 1], heights[row - 1]);
            block(words, (left - 10.0, y + high / 2.0), "end", theme, &mut body);
            for column in 0..row {
                let x = left + column as f64 * side;
                let value = cells.next().copied().flatten().filter(|value| value.is_finite());
                // Without colour the strength alone is shown; the sign stands in the number.
                let fill = match value {
                    None => theme.palette.paper.clone(),
                    Some(r) if theme.colour => {
                        blend("#FFFFFF", if r < 0.0 { &ends[0] } else { &ends[2] }, r.abs())
                    }
                    Some(r) => blend("#FFFFFF", "#4D4D4D", r.abs()),
                };
                Element::new("rect")
                    .num("x", x)
                    .num("y", y)
                    .num("width", side)
                    .num("height", high)
                    .attr("fill", &fill)
                    .attr("stroke", &theme.palette.paper)
                    .write(&mut body);
                let ink = if is_dark(&fill) { "#FFFFFF" } else { theme.palette.ink.as_str() };
                let words = value.map_or_else(|| "–".to_owned(), |value| apa(value, 2));
                let (x, y) = (x + side / 2.0, y + high / 2.0 + small * BASELINE);
                Element::label(x, y, "middle", small, &words).attr("fill", ink).write(&mut body);
            }
        }
        let below = top + heights.iter().sum::<f64>();
        let deepest = heads.iter().map(Vec::len).max().unwrap_or(1) as f64 * line;
        for (column, words) in heads.iter().enumerate().take(count - 1) {
            let x = left + (column as f64 + 0.5) * side;
            block(words, (x, below + 8.0 + words.len() as f64 * line / 2.0), "middle", theme, &mut body);
        }
        Ok(Svg::document(theme, (page, below + deepest + 20.0), &self.title, &self.describe(), &body))
    }

    fn describe(&self) -> String {
        let mut text = format!("{}:", self.title);
        let mut cells = self.cells.iter();
        for (row, name) in self.names.iter().enumerate() {
            for other in self.names.iter().take(row) {
                if let Some(Some(value)) = cells.next() {
                    let _ = write!(text, " {name} / {other} {};", apa(*value, 2));
                }
            }
        }
        text
    }
}

/// Lines of text around a point.
fn block(lines: &[String], at: (f64, f64), anchor: &str, theme: &Theme, out: &mut String) {
    let leading = theme.small * 1.28;
    let first = at.1 - (lines.len() as f64 - 1.0) * leading / 2.0 + theme.small * BASELINE;
    for (row, line) in lines.iter().enumerate() {
        Element::label(at.0, first + row as f64 * leading, anchor, theme.small, line).write(out);
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Heat {
        Heat {
            title: "Correlations".to_owned(),
            names: ["PU", "使用态度", "Trust propensity"].map(str::to_owned).to_vec(),
            cells: vec![Some(0.61), Some(-0.35), None],
            language: Language::English,
        }
    }

    #[test]
    fn every_pair_has_its_number() {
        for theme in [Theme::screen(), Theme::journal()] {
            let svg = sample().svg(&theme).unwrap();
            assert!(svg.as_str().contains(">.61<") && svg.as_str().contains(">−.35<"));
        }
        let short = Heat { cells: vec![None], ..sample() };
        assert!(matches!(short.svg(&Theme::screen()), Err(PlotError::Input(_))));
        assert!(matches!(Heat::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
    }
}
