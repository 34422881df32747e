//! The Johnson-Neyman plot: the slope of the predictor over the moderator, with the values of the moderator from which
//! on it differs from 0.

use super::chart::{colour, refuse};
use super::interaction::Interaction;
use super::plane::{Frame, Stroke, plane};
use super::{Language, PlotError, Svg, Theme};
use crate::table::{apa, fixed};
use plotters::prelude::*;

/// Points along the moderator.
const STEPS: u32 = 120;

/// A Johnson-Neyman plot.
#[derive(Debug, Clone, PartialEq)]
pub struct JohnsonNeyman {
    /// Title above the chart.
    pub title: String,
    /// The interaction, with variances and covariance.
    pub interaction: Interaction,
    /// Range of the moderator, in standard deviations.
    pub range: (f64, f64),
    /// Language of the legend.
    pub language: Language,
}

impl Default for JohnsonNeyman {
    fn default() -> Self {
        Self {
            title: String::new(),
            interaction: Interaction::default(),
            range: (-3.0, 3.0),
            language: Language::English,
        }
    }
}

impl JohnsonNeyman {
    /// The values of the moderator at which the interval of the slope touches 0, in order: the roots of
    /// (b₁ + b₃z)² = c²·(var b₁ + 2z·cov + z²·var b₃), which are none, one or two. Johnson and Neyman (1936); Bauer and
    /// Curran (2005), `doi:10.1207/s15327906mbr4003_5`.
    pub fn bounds(&self) -> Vec<f64> {
        let i = &self.interaction;
        let Some(c) = i.covariance else { return Vec::new() };
        let k = i.critical * i.critical;
        let a = i.product * i.product - k * c.product;
        let b = 2.0 * (i.slope * i.product - k * c.both);
        let d = i.slope * i.slope - k * c.slope;
        if a.abs() < 1e-15 {
            return if b.abs() < 1e-15 { Vec::new() } else { vec![-d / b] };
        }
        let root = b * b - 4.0 * a * d;
        if root < 0.0 {
            return Vec::new();
        }
        // The form that loses no digits.
        let q = -0.5 * (b + root.sqrt().copysign(b));
        let mut bounds = if q == 0.0 { vec![0.0] } else { vec![q / a, d / q] };
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        bounds
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite, the range is empty, or there are no variances.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let i = &self.interaction;
        let (low, high) = self.range;
        let wrong = |what: &str| PlotError::Input(format!("the figure `{}` needs {what}", self.title));
        if !i.is_finite() || !low.is_finite() || !high.is_finite() || low >= high {
            return Err(wrong("finite numbers"));
        }
        let band: Option<Vec<(f64, f64, f64)>> = (0..=STEPS)
            .map(|step| {
                let z = low + (high - low) * f64::from(step) / f64::from(STEPS);
                i.interval_at(z).map(|(a, b)| (z, a, b))
            })
            .collect();
        let band = band.ok_or_else(|| wrong("variances of the coefficients"))?;
        let bottom = band.iter().map(|point| point.1).fold(0.0, f64::min);
        let top = band.iter().map(|point| point.2).fold(0.0, f64::max);
        let margin = ((top - bottom) * 0.06).max(0.05);
        let bounds: Vec<f64> = self.bounds().into_iter().filter(|z| *z > low && *z < high).collect();
        let say = |english: &'static str| self.language.say(english).into_owned();
        let line = Stroke::of(theme, 0);
        let limit = Stroke { colour: theme.palette.limit.clone(), width: 1, dashes: Some((5, 4)) };
        let slope = format!("{} ({} → {})", say("Slope"), i.predictor, i.outcome);
        let mut legend = vec![(line.clone(), slope.clone())];
        if !bounds.is_empty() {
            let shown: Vec<String> = bounds.iter().map(|z| fixed(*z, 2)).collect();
            legend.push((limit.clone(), format!("{}: {}", say("borders of significance"), shown.join(", "))));
        }
        let description = format!(
            "{} → {}: {} {} .. {}; {}",
            i.predictor,
            i.outcome,
            say("Slope"),
            apa(i.slope_at(low), 2),
            apa(i.slope_at(high), 2),
            legend.last().map_or("", |(_, words)| words)
        );
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [&i.moderator, &slope],
            x: (low, high),
            y: (bottom - margin, top + margin),
            legend,
        };
        plane(theme, &frame, |chart| {
            // Where the interval leaves 0 out, the band is darker.
            for pair in band.windows(2) {
                let clear = pair.iter().all(|(_, a, b)| *a > 0.0 || *b < 0.0);
                let fill = colour(&theme.palette.accent).mix(if clear { 0.32 } else { 0.1 });
                let area = vec![
                    (pair[0].0, pair[0].1),
                    (pair[1].0, pair[1].1),
                    (pair[1].0, pair[1].2),
                    (pair[0].0, pair[0].2),
                ];
                chart.draw_series([Polygon::new(area, fill.filled())]).map_err(refuse)?;
            }
            let zero = Stroke { colour: theme.palette.muted.clone(), width: 1, dashes: None };
            zero.draw(chart, vec![(low, 0.0), (high, 0.0)])?;
            line.draw(chart, vec![(low, i.slope_at(low)), (high, i.slope_at(high))])?;
            for &z in &bounds {
                limit.draw(chart, vec![(z, bottom - margin), (z, top + margin)])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used)]
    use super::super::interaction;
    use super::*;

    #[test]
    fn at_its_bounds_the_interval_touches_zero() {
        let plot = JohnsonNeyman { interaction: interaction::tests::sample(), ..JohnsonNeyman::default() };
        let bounds = plot.bounds();
        assert_eq!(bounds.len(), 2);
        for z in bounds {
            let (low, high) = plot.interaction.interval_at(z).unwrap();
            assert!(low.abs().min(high.abs()) < 1e-10, "{z}: {low} {high}");
        }
        assert!(plot.svg(&Theme::screen()).unwrap().as_str().contains("borders of significance"));
    }

    #[test]
    fn without_variances_there_is_no_plot() {
        let interaction = Interaction { covariance: None, ..interaction::tests::sample() };
        let plot = JohnsonNeyman { interaction, ..JohnsonNeyman::default() };
        assert!(plot.bounds().is_empty());
        assert!(matches!(plot.svg(&Theme::screen()), Err(PlotError::Input(_))));
    }
}
