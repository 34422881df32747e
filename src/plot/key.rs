//! Keys of charts: what the marks mean, in rows below the chart.

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::chart::{Anchor, Area, Style, colour, px, refuse, write};
use super::measure::{Weight, width};
use super::{PlotError, Theme};

/// What an entry explains.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// An estimate.
    Point,
    /// An estimate that something is to be said about.
    Hollow,
    /// The interval around an estimate.
    Interval,
    /// A line of some colour, width and dashes.
    Line(String, u32, Option<(i32, i32)>),
}

/// Room of a mark.
const MARK: f64 = 28.0;
/// Between a mark and its words.
const GAP: f64 = 6.0;
/// Between entries.
const BETWEEN: f64 = 20.0;

/// Entries in rows that fit the page.
pub(crate) struct Key {
    rows: Vec<Vec<(Mark, String, f64)>>,
    line: f64,
}

impl Key {
    pub(crate) fn new(entries: Vec<(Mark, String)>, theme: &Theme, page: f64) -> Self {
        let mut rows: Vec<Vec<(Mark, String, f64)>> = Vec::new();
        let mut used = f64::INFINITY;
        for (mark, words) in entries {
            let wide = mark.room() + GAP + width(&words, theme.small, Weight::Regular);
            if used + BETWEEN + wide > page - 20.0 {
                rows.push(Vec::new());
                used = -BETWEEN;
            }
            used += BETWEEN + wide;
            if let Some(row) = rows.last_mut() {
                row.push((mark, words, wide));
            }
        }
        Self { rows, line: theme.small * 1.3 + 3.0 }
    }

    /// Height of all rows and the space around them.
    pub(crate) fn height(&self) -> f64 {
        if self.rows.is_empty() { 8.0 } else { self.rows.len() as f64 * self.line + 14.0 }
    }

    pub(crate) fn draw(&self, root: &Area<'_>, theme: &Theme, page: f64, top: f64) -> Result<(), PlotError> {
        for (at, row) in self.rows.iter().enumerate() {
            let total: f64 = row.iter().map(|(.., wide)| wide + BETWEEN).sum::<f64>() - BETWEEN;
            let mut x = (page - total) / 2.0;
            let y = top + 6.0 + (at as f64 + 0.5) * self.line;
            for (mark, words, wide) in row {
                mark.draw(root, theme, x, y)?;
                write(root, theme, &Style::small(theme, Anchor::Start), (x + mark.room() + GAP, y), words)?;
                x += wide + BETWEEN;
            }
        }
        Ok(())
    }
}

impl Mark {
    fn room(&self) -> f64 {
        match self {
            Self::Point | Self::Hollow => 10.0,
            Self::Interval | Self::Line(..) => MARK,
        }
    }

    fn draw(&self, root: &Area<'_>, theme: &Theme, x: f64, y: f64) -> Result<(), PlotError> {
        let accent = colour(&theme.palette.accent);
        let line = |from: (f64, f64), to: (f64, f64), style| {
            PathElement::new(vec![(px(from.0), px(from.1)), (px(to.0), px(to.1))], style)
        };
        match self {
            Self::Point => {
                root.draw(&Circle::new((px(x + 5.0), px(y)), 4, accent.filled())).map_err(refuse)?;
            }
            Self::Hollow => {
                root.draw(&Circle::new((px(x + 5.0), px(y)), 4, accent.stroke_width(2))).map_err(refuse)?;
            }
            Self::Interval => {
                let thin = accent.stroke_width(1);
                root.draw(&line((x, y), (x + MARK, y), thin)).map_err(refuse)?;
                for end in [x, x + MARK] {
                    root.draw(&line((end, y - 3.0), (end, y + 3.0), thin)).map_err(refuse)?;
                }
            }
            Self::Line(hex, wide, dashes) => {
                let style = colour(hex).stroke_width(*wide);
                let ends = vec![(px(x), px(y)), (px(x + MARK), px(y))];
                match dashes {
                    None => root.draw(&PathElement::new(ends, style)).map_err(refuse)?,
                    Some((on, off)) => {
                        root.draw(&DashedPathElement::new(ends, *on, *off, style)).map_err(refuse)?;
                    }
                }
            }
        }
        Ok(())
    }
}
