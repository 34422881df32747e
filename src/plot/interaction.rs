//! Simple slopes of an interaction: the outcome over the predictor at low, middle and high values of the moderator.

use std::fmt::Write as _;

use super::plane::{Frame, Stroke, plane};
use super::{Language, PlotError, Svg, Theme};
use crate::table::apa;

/// An interaction in plain numbers: y = intercept + b₁·x + b₂·z + b₃·x·z, all variables standardised.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Interaction {
    /// Label of the predictor x.
    pub predictor: String,
    /// Label of the moderator z.
    pub moderator: String,
    /// Label of the outcome y.
    pub outcome: String,
    /// Constant; 0 for standardised variables whose product is not centred.
    pub intercept: f64,
    /// b₁, the slope where the moderator is 0.
    pub slope: f64,
    /// b₂.
    pub moderator_slope: f64,
    /// b₃, the coefficient of the product.
    pub product: f64,
    /// Variances and covariance of b₁ and b₃, for the uncertainty of slopes.
    pub covariance: Option<Covariance>,
    /// Critical value of the interval around a slope, such as 1.96.
    pub critical: f64,
}

/// Variances and covariance of the slope b₁ and the product's coefficient b₃.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Covariance {
    /// Variance of b₁.
    pub slope: f64,
    /// Variance of b₃.
    pub product: f64,
    /// Their covariance.
    pub both: f64,
}

impl Interaction {
    /// The slope of x where the moderator is z: b₁ + b₃·z.
    pub fn slope_at(&self, z: f64) -> f64 {
        self.slope + self.product * z
    }

    /// Its standard error: √(var b₁ + 2·z·cov + z²·var b₃).
    pub fn error_at(&self, z: f64) -> Option<f64> {
        let c = self.covariance?;
        let variance = c.slope + 2.0 * z * c.both + z * z * c.product;
        (variance >= 0.0).then(|| variance.sqrt())
    }

    /// The interval around the slope at z.
    pub fn interval_at(&self, z: f64) -> Option<(f64, f64)> {
        let reach = self.critical * self.error_at(z)?;
        Some((self.slope_at(z) - reach, self.slope_at(z) + reach))
    }

    /// The outcome at x and z.
    pub fn at(&self, x: f64, z: f64) -> f64 {
        self.intercept + self.slope * x + self.moderator_slope * z + self.product * x * z
    }

    pub(super) fn is_finite(&self) -> bool {
        let numbers = [self.intercept, self.slope, self.moderator_slope, self.product, self.critical];
        numbers.iter().all(|number| number.is_finite())
    }
}

/// Simple slopes.
#[derive(Debug, Clone, PartialEq)]
pub struct Slopes {
    /// Title above the chart.
    pub title: String,
    /// The interaction.
    pub interaction: Interaction,
    /// Values of the moderator, in standard deviations.
    pub levels: Vec<f64>,
    /// Range of the predictor, in standard deviations.
    pub range: (f64, f64),
    /// Language of the legend.
    pub language: Language,
}

impl Default for Slopes {
    fn default() -> Self {
        Self {
            title: String::new(),
            interaction: Interaction::default(),
            levels: vec![-1.0, 0.0, 1.0],
            range: (-2.0, 2.0),
            language: Language::English,
        }
    }
}

impl Slopes {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite or the range is empty, [`PlotError::Empty`] without levels.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let (low, high) = self.range;
        let sound = self.interaction.is_finite() && self.levels.iter().all(|z| z.is_finite());
        if !sound || !low.is_finite() || !high.is_finite() || low >= high {
            return Err(PlotError::Input(format!("the figure `{}` needs finite numbers", self.title)));
        }
        if self.levels.is_empty() {
            return Err(PlotError::Empty(self.title.clone()));
        }
        let i = &self.interaction;
        let ends: Vec<f64> = self.levels.iter().flat_map(|&z| [i.at(low, z), i.at(high, z)]).collect();
        let (bottom, top) =
            ends.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
        let margin = ((top - bottom) * 0.06).max(0.1);
        let words = |z: f64| {
            let level = if z == 0.0 {
                self.language.say("mean").into_owned()
            } else {
                format!("{}{} SD", if z > 0.0 { "+" } else { "−" }, z.abs())
            };
            let interval = i
                .interval_at(z)
                .map_or_else(String::new, |(a, b)| format!(" [{}, {}]", apa(a, 2), apa(b, 2)));
            format!("{} {level}: {}{interval}", i.moderator, apa(i.slope_at(z), 2))
        };
        let legend =
            self.levels.iter().enumerate().map(|(at, &z)| (Stroke::of(theme, at), words(z))).collect();
        let mut description = format!("{} → {}:", i.predictor, i.outcome);
        for &z in &self.levels {
            let _ = write!(description, " {};", words(z));
        }
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [&i.predictor, &i.outcome],
            x: (low, high),
            y: (bottom - margin, top + margin),
            legend,
        };
        plane(theme, &frame, |chart| {
            for (at, &z) in self.levels.iter().enumerate() {
                Stroke::of(theme, at).draw(chart, vec![(low, i.at(low, z)), (high, i.at(high, z))])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used)]
    use super::*;

    pub(crate) fn sample() -> Interaction {
        Interaction {
            predictor: "Attitude".to_owned(),
            moderator: "主观规范".to_owned(),
            outcome: "Intention".to_owned(),
            slope: 0.4,
            moderator_slope: 0.2,
            product: -0.15,
            covariance: Some(Covariance { slope: 0.0016, product: 0.0009, both: 0.0002 }),
            critical: 1.96,
            ..Interaction::default()
        }
    }

    #[test]
    fn slopes_and_their_errors_follow_the_formulas() {
        let i = sample();
        assert!((i.slope_at(1.0) - 0.25).abs() < 1e-12 && (i.slope_at(-1.0) - 0.55).abs() < 1e-12);
        assert!((i.error_at(1.0).unwrap() - (0.0016_f64 + 0.0004 + 0.0009).sqrt()).abs() < 1e-12);
        assert!((i.at(2.0, -1.0) - (0.8 - 0.2 + 0.3)).abs() < 1e-12);
        assert_eq!(Interaction { covariance: None, ..i }.interval_at(0.0), None);
    }

    #[test]
    fn the_legend_names_each_slope() {
        let slopes = Slopes { title: "Slopes".to_owned(), interaction: sample(), ..Slopes::default() };
        let svg = slopes.svg(&Theme::journal()).unwrap();
        for words in ["+1 SD: .25", "−1 SD: .55", "mean: .40 [.32, .48]"] {
            assert!(svg.as_str().contains(words), "{words}");
        }
        let bad = Slopes { range: (1.0, 1.0), ..slopes.clone() };
        assert!(matches!(bad.svg(&Theme::screen()), Err(PlotError::Input(_))));
        assert!(matches!(
            Slopes { levels: Vec::new(), ..slopes }.svg(&Theme::screen()),
            Err(PlotError::Empty(_))
        ));
    }
}
