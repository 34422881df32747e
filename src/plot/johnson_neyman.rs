//! The Johnson-Neyman plot: the slope of the predictor over the moderator, with the values of the moderator from which
//! on it differs from 0.

use super::plane::{Frame, Stroke, plane};
use super::theme::blend;
use super::{Language, PlotError, Svg, Theme};
use crate::table::{apa, fixed};

/// A slope and its interval where the moderator has one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeBand {
    /// Value of the moderator.
    pub at: f64,
    /// The slope.
    pub slope: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl SlopeBand {
    fn numbers(&self) -> [f64; 4] {
        [self.at, self.slope, self.low, self.high]
    }

    /// Between two others, on a straight line.
    fn between(a: &Self, b: &Self, at: f64) -> Self {
        let share = (at - a.at) / (b.at - a.at);
        let mix = |x: f64, y: f64| x + share * (y - x);
        Self { at, slope: mix(a.slope, b.slope), low: mix(a.low, b.low), high: mix(a.high, b.high) }
    }
}

/// Where the interval leaves 0 out, the band is darker.
fn clear(pair: &[SlopeBand]) -> bool {
    let [a, b] = pair else { return false };
    let middle = SlopeBand::between(a, b, f64::midpoint(a.at, b.at));
    middle.low > 0.0 || middle.high < 0.0
}

/// Opacity of the band where the interval leaves 0 out, and where it does not.
const CLEAR: f64 = 0.32;
const UNCLEAR: f64 = 0.1;

/// A Johnson-Neyman plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JohnsonNeyman {
    /// Title above the chart.
    pub title: String,
    /// Labels of predictor, moderator and outcome.
    pub names: [String; 3],
    /// The slope over the range of the moderator, ascending.
    pub bands: Vec<SlopeBand>,
    /// Values of the moderator at which the interval begins or ceases to hold 0.
    pub borders: Vec<f64>,
    /// What the band is, such as `95 % percentile interval`; may be empty.
    pub interval: String,
    /// Language of the legend.
    pub language: Language,
}

impl JohnsonNeyman {
    /// The bands with one more at every border, so that shades change exactly there.
    fn pieces(&self) -> Vec<SlopeBand> {
        let mut all = self.bands.clone();
        for pair in self.bands.windows(2) {
            for &border in self.borders.iter().filter(|z| **z > pair[0].at && **z < pair[1].at) {
                all.push(SlopeBand::between(&pair[0], &pair[1], border));
            }
        }
        all.sort_by(|a, b| a.at.total_cmp(&b.at));
        all
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite, [`PlotError::Empty`] for fewer than two values of the moderator.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let bands = self.pieces();
        let (Some(first), Some(last)) = (bands.first(), bands.last().filter(|_| bands.len() > 1)) else {
            return Err(PlotError::Empty(self.title.clone()));
        };
        let (low, high) = (first.at, last.at);
        if bands.iter().flat_map(SlopeBand::numbers).any(|x| !x.is_finite()) || low >= high {
            return Err(PlotError::Input(format!("the figure `{}` needs finite numbers", self.title)));
        }
        let bottom = bands.iter().map(|band| band.low).fold(0.0, f64::min);
        let top = bands.iter().map(|band| band.high).fold(0.0, f64::max);
        let margin = ((top - bottom) * 0.06).max(0.05);
        let borders: Vec<f64> = self.borders.iter().copied().filter(|z| *z > low && *z < high).collect();
        let say = |english: &'static str| self.language.say(english).into_owned();
        let line = Stroke::of(theme, 0);
        let limit = Stroke { colour: theme.palette.limit.clone(), width: 1, dashes: Some((5, 4)) };
        let [predictor, moderator, outcome] = &self.names;
        let slope = format!("{} ({predictor} → {outcome})", say("Slope"));
        let mut legend = vec![(line.clone(), slope.clone())];
        if !borders.is_empty() {
            let shown: Vec<String> = borders.iter().map(|z| fixed(*z, 2)).collect();
            legend.push((limit.clone(), format!("{}: {}", say("borders of significance"), shown.join(", "))));
        }
        // The band in both of its shades, where both are there.
        let words = self.language.words();
        let interval = if self.interval.is_empty() { words.interval } else { &self.interval };
        for (is_clear, opacity, what) in
            [(true, CLEAR, words.band_without), (false, UNCLEAR, words.band_with)]
        {
            if bands.windows(2).any(|pair| clear(pair) == is_clear) {
                let colour = blend(&theme.palette.paper, &theme.palette.accent, opacity);
                let stroke = Stroke { colour, width: 9, dashes: None };
                let space = if self.language == Language::Chinese { "" } else { " " };
                legend.push((stroke, format!("{interval}{space}{what}")));
            }
        }
        let description = format!(
            "{predictor} → {outcome}: {} {} .. {}; {}",
            say("Slope"),
            apa(first.slope, 2),
            apa(last.slope, 2),
            legend.iter().skip(1).map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("; ")
        );
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [moderator, &say("Slope")],
            x: (low, high),
            y: (bottom - margin, top + margin),
            legend,
            note: "",
        };
        plane(theme, &frame, |plane| {
            // One area per stretch, so that no seams show.
            let pairs: Vec<&[SlopeBand]> = bands.windows(2).collect();
            for stretch in pairs.chunk_by(|a, b| clear(a) == clear(b)) {
                let points: Vec<SlopeBand> =
                    stretch.iter().map(|pair| pair[0]).chain(stretch.last().map(|pair| pair[1])).collect();
                let lower = points.iter().map(|band| (band.at, band.low));
                let upper = points.iter().rev().map(|band| (band.at, band.high));
                let area: Vec<(f64, f64)> = lower.chain(upper).collect();
                let opacity = if stretch.first().is_some_and(|pair| clear(pair)) { CLEAR } else { UNCLEAR };
                plane.area(&area, &theme.palette.accent, opacity);
            }
            let zero = Stroke { colour: theme.palette.muted.clone(), width: 1, dashes: None };
            plane.line(&zero, &[(low, 0.0), (high, 0.0)]);
            let slopes: Vec<(f64, f64)> = bands.iter().map(|band| (band.at, band.slope)).collect();
            plane.line(&line, &slopes);
            for &z in &borders {
                plane.line(&limit, &[(z, bottom - margin), (z, top + margin)]);
            }
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn sample() -> JohnsonNeyman {
        let band = |step: i32| {
            let at = f64::from(step) / 10.0;
            let (slope, half) = (0.4 - 0.15 * at, 1.96 * (0.0016 + 0.0004 * at + 0.0009 * at * at).sqrt());
            SlopeBand { at, slope, low: slope - half, high: slope + half }
        };
        JohnsonNeyman {
            title: "Attitude × subjective norm → intention".to_owned(),
            names: ["Attitude", "主观规范", "Intention"].map(str::to_owned),
            bands: (-30..=30).map(band).collect(),
            borders: vec![1.635],
            interval: "95 % percentile interval".to_owned(),
            language: Language::English,
        }
    }

    #[test]
    fn shades_change_at_the_borders() {
        let plot = sample();
        let pieces = plot.pieces();
        assert_eq!(pieces.len(), plot.bands.len() + 1);
        let at = pieces.iter().position(|band| (band.at - 1.635).abs() < 1e-12).unwrap();
        assert!(pieces[at - 1].at < 1.635 && pieces[at + 1].at > 1.635);
        let svg = plot.svg(&Theme::screen()).unwrap();
        for words in
            ["borders of significance: 1.64", "95 % percentile interval without 0", "interval with 0"]
        {
            assert!(svg.as_str().contains(words), "{words}");
        }
        let none = JohnsonNeyman { borders: vec![9.0], ..plot.clone() }.svg(&Theme::screen()).unwrap();
        assert!(!none.as_str().contains("borders of significance"));
        assert!(matches!(JohnsonNeyman::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
        let mut bad = plot;
        bad.bands[3].low = f64::NAN;
        assert!(matches!(bad.svg(&Theme::screen()), Err(PlotError::Input(_))));
    }
}
