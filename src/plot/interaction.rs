//! Simple slopes of an interaction: the outcome over the predictor at low, middle and high values of the moderator.

use std::fmt::Write as _;

use super::plane::{Frame, Stroke, plane};
use super::{PlotError, Svg, Theme};
use crate::table::{apa, interval};

/// The outcome over the predictor at one value of the moderator.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SlopeLine {
    /// The value, as the legend says it: `Trust +1 SD`.
    pub name: String,
    /// Slope, where there is one for the whole line.
    pub slope: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Predictor and outcome: both ends of a line, or points along a curve.
    pub points: Vec<(f64, f64)>,
}

impl SlopeLine {
    /// The entry of the legend.
    fn words(&self) -> String {
        let mut words = self.name.clone();
        if let Some(slope) = self.slope {
            let mark = if words.is_empty() { "" } else { ": " };
            let _ = write!(words, "{mark}{}", apa(slope, 2));
            if let Some((low, high)) = self.interval {
                let _ = write!(words, " {}", interval(low, high, 2));
            }
        }
        words
    }
}

/// Simple slopes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slopes {
    /// Title above the chart.
    pub title: String,
    /// Labels of predictor and outcome.
    pub axes: [String; 2],
    /// One line per value of the moderator.
    pub lines: Vec<SlopeLine>,
    /// What the intervals are, such as `95 % percentile interval`; may be empty.
    pub interval: String,
}

impl Slopes {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite or all values of the predictor are the same, [`PlotError::Empty`]
    /// without lines.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let points = || self.lines.iter().flat_map(|line| &line.points).copied();
        if points().next().is_none() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let ends = |of: fn((f64, f64)) -> f64| {
            points().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)))
        };
        let ((low, high), (bottom, top)) = (ends(|point| point.0), ends(|point| point.1));
        if points().any(|(x, y)| !x.is_finite() || !y.is_finite()) || low >= high {
            return Err(PlotError::Input(format!("the figure `{}` needs finite numbers", self.title)));
        }
        let margin = ((top - bottom) * 0.06).max(0.1);
        let named = self.lines.iter().enumerate().filter(|(_, line)| !line.words().is_empty());
        let legend = named.map(|(at, line)| (Stroke::of(theme, at), line.words())).collect();
        let mut description = format!("{} → {}:", self.axes[0], self.axes[1]);
        for line in &self.lines {
            let _ = write!(description, " {};", line.words());
        }
        let any = self.lines.iter().any(|line| line.interval.is_some()) && !self.interval.is_empty();
        let note = format!("[ ]  {}", self.interval);
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [&self.axes[0], &self.axes[1]],
            x: (low, high),
            y: (bottom - margin, top + margin),
            legend,
            note: if any { &note } else { "" },
        };
        plane(theme, &frame, |plane| {
            for (at, line) in self.lines.iter().enumerate() {
                plane.line(&Stroke::of(theme, at), &line.points);
            }
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> Slopes {
        let line = |name: &str, slope: f64, height: f64| SlopeLine {
            name: format!("主观规范 {name}"),
            slope: Some(slope),
            interval: Some((slope - 0.08, slope + 0.08)),
            points: vec![(-1.0, height - slope), (1.0, height + slope)],
        };
        Slopes {
            title: "Attitude × subjective norm → intention".to_owned(),
            axes: ["Attitude".to_owned(), "Intention".to_owned()],
            lines: vec![line("−1 SD", 0.55, -0.2), line("mean", 0.4, 0.0), line("+1 SD", 0.25, 0.2)],
            interval: "95 % percentile interval".to_owned(),
        }
    }

    #[test]
    fn the_legend_names_each_slope() {
        let svg = sample().svg(&Theme::journal()).unwrap();
        for words in ["[ ]  95 % percentile interval", "+1 SD: .25", "−1 SD: .55", "mean: .40 [.32, .48]"] {
            assert!(svg.as_str().contains(words), "{words}");
        }
        let mut flat = sample();
        flat.lines.iter_mut().flat_map(|line| &mut line.points).for_each(|point| point.0 = 1.0);
        assert!(matches!(flat.svg(&Theme::screen()), Err(PlotError::Input(_))));
        assert!(matches!(Slopes::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
    }
}
