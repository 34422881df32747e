//! The surface of an interaction: the outcome over predictor and moderator, seen from above, with lines of equal height.

use plotters::prelude::*;

use super::chart::{colour, refuse};
use super::interaction::Interaction;
use super::plane::{Frame, Stroke, plane};
use super::theme::blend;
use super::{Language, PlotError, Svg, Theme};
use crate::table::apa;

/// Fields along each axis.
const FIELDS: u32 = 40;
/// Steps between lowest and highest.
const STEPS: u32 = 8;

/// A surface seen from above.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// Title above the chart.
    pub title: String,
    /// The interaction.
    pub interaction: Interaction,
    /// Range of predictor and moderator, in standard deviations.
    pub range: (f64, f64),
    /// Language of the legend.
    pub language: Language,
}

impl Default for Surface {
    fn default() -> Self {
        Self {
            title: String::new(),
            interaction: Interaction::default(),
            range: (-2.0, 2.0),
            language: Language::English,
        }
    }
}

impl Surface {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite or the range is empty.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let i = &self.interaction;
        let (low, high) = self.range;
        if !i.is_finite() || !low.is_finite() || !high.is_finite() || low >= high {
            return Err(PlotError::Input(format!("the figure `{}` needs finite numbers", self.title)));
        }
        // A surface that is straight along both axes has its ends in its corners.
        let corners = [(low, low), (low, high), (high, low), (high, high)].map(|(x, z)| i.at(x, z));
        let (least, most) =
            corners.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
        let height = (most - least).max(1e-9);
        let ends = &theme.palette.scale;
        let shade = |share: f64| {
            if share < 0.5 {
                blend(&ends[0], &ends[1], share * 2.0)
            } else {
                blend(&ends[1], &ends[2], share * 2.0 - 1.0)
            }
        };
        let levels: Vec<f64> =
            (1..STEPS).map(|step| least + height * f64::from(step) / f64::from(STEPS)).collect();
        let legend = [0.0, 0.5, 1.0]
            .map(|share| {
                let stroke = Stroke { colour: shade(share), width: 9, dashes: None };
                (stroke, format!("{} {}", i.outcome, apa(least + height * share, 2)))
            })
            .to_vec();
        let description = format!(
            "{}: {} .. {}; {} × {}",
            i.outcome,
            apa(least, 2),
            apa(most, 2),
            i.predictor,
            i.moderator
        );
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [&i.predictor, &i.moderator],
            x: (low, high),
            y: (low, high),
            legend,
        };
        plane(theme, &frame, |chart| {
            let step = (high - low) / f64::from(FIELDS);
            // Fields overlap a little, so that no seams show.
            let ends_at = |at: f64| (at + step * 1.15).min(high);
            for a in 0..FIELDS {
                for b in 0..FIELDS {
                    let (x, z) = (low + step * f64::from(a), low + step * f64::from(b));
                    let y = i.at(x + step / 2.0, z + step / 2.0);
                    let fill = colour(&shade((y - least) / height)).filled();
                    chart
                        .draw_series([Rectangle::new([(x, z), (ends_at(x), ends_at(z))], fill)])
                        .map_err(refuse)?;
                }
            }
            let line = Stroke { colour: theme.palette.ink.clone(), width: 1, dashes: None };
            for level in levels {
                for points in self.contour(level) {
                    line.draw(chart, points)?;
                }
            }
            Ok(())
        })
    }

    /// The line on which the outcome has one value: z = (y − a − b₁x) / (b₂ + b₃x), in pieces where it leaves the field.
    fn contour(&self, level: f64) -> Vec<Vec<(f64, f64)>> {
        let i = &self.interaction;
        let (low, high) = self.range;
        let mut pieces = vec![Vec::new()];
        for step in 0..=400_u32 {
            let x = low + (high - low) * f64::from(step) / 400.0;
            let slope = i.moderator_slope + i.product * x;
            let z = (level - i.intercept - i.slope * x) / slope;
            let last = pieces.len() - 1;
            if slope.abs() > 1e-9 && z >= low && z <= high {
                pieces[last].push((x, z));
            } else if !pieces[last].is_empty() {
                pieces.push(Vec::new());
            }
        }
        pieces.retain(|piece| piece.len() > 1);
        pieces
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used)]
    use super::super::interaction;
    use super::*;

    #[test]
    fn lines_of_equal_height_have_equal_height() {
        let surface = Surface { interaction: interaction::tests::sample(), ..Surface::default() };
        for piece in surface.contour(0.3) {
            assert!(piece.iter().all(|&(x, z)| (surface.interaction.at(x, z) - 0.3).abs() < 1e-9));
        }
        let svg = surface.svg(&Theme::screen()).unwrap();
        assert!(svg.as_str().matches("<rect").count() >= 1600);
        let flat = Surface { interaction: Interaction::default(), ..surface };
        assert!(flat.svg(&Theme::screen()).is_ok());
    }
}
