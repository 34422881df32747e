//! The surface of an interaction: the outcome over predictor and moderator, seen from above, with lines of equal height.

use super::plane::{Frame, Stroke, plane};
use super::theme::blend;
use super::{PlotError, Svg, Theme};
use crate::table::apa;

/// Steps between lowest and highest.
const STEPS: u32 = 8;

/// A surface seen from above.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surface {
    /// Title above the chart.
    pub title: String,
    /// Labels of predictor, moderator and outcome.
    pub names: [String; 3],
    /// Values of the predictor, ascending.
    pub predictor: Vec<f64>,
    /// Values of the moderator, ascending.
    pub moderator: Vec<f64>,
    /// Per value of the moderator the outcome at every value of the predictor.
    pub outcome: Vec<Vec<f64>>,
}

impl Surface {
    /// Draws the chart.
    ///
    /// # Errors
    /// [`PlotError::Input`] if a number is not finite or a row has another length, [`PlotError::Empty`] for fewer than two
    /// values of either.
    pub fn svg(&self, theme: &Theme) -> Result<Svg, PlotError> {
        let (xs, zs) = (&self.predictor, &self.moderator);
        let ([low, .., high], [front, .., back]) = (xs.as_slice(), zs.as_slice()) else {
            return Err(PlotError::Empty(self.title.clone()));
        };
        let heights = || self.outcome.iter().flatten().copied();
        let sound = xs.iter().chain(zs).copied().chain(heights()).all(f64::is_finite);
        let whole = self.outcome.len() == zs.len() && self.outcome.iter().all(|row| row.len() == xs.len());
        if !sound || !whole || low >= high || front >= back {
            return Err(PlotError::Input(format!("the figure `{}` needs finite numbers", self.title)));
        }
        let (least, most) =
            heights().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
        let height = (most - least).max(1e-9);
        let ends = &theme.palette.scale;
        let shade = |share: f64| {
            if share < 0.5 {
                blend(&ends[0], &ends[1], share * 2.0)
            } else {
                blend(&ends[1], &ends[2], share * 2.0 - 1.0)
            }
        };
        let [predictor, moderator, outcome] = &self.names;
        let legend = [0.0, 0.5, 1.0]
            .map(|share| {
                let stroke = Stroke { colour: shade(share), width: 9, dashes: None };
                (stroke, format!("{outcome} {}", apa(least + height * share, 2)))
            })
            .to_vec();
        let description =
            format!("{outcome}: {} .. {}; {predictor} × {moderator}", apa(least, 2), apa(most, 2));
        let frame = Frame {
            title: &self.title,
            description: &description,
            axes: [predictor, moderator],
            x: (*low, *high),
            y: (*front, *back),
            legend,
        };
        plane(theme, &frame, |plane| {
            for (j, z) in zs.windows(2).enumerate() {
                for (i, x) in xs.windows(2).enumerate() {
                    let middle = self.corners(i, j).iter().sum::<f64>() / 4.0;
                    plane.field((x[0], z[0]), (x[1], z[1]), &shade((middle - least) / height));
                }
            }
            let line = Stroke { colour: theme.palette.ink.clone(), width: 1, dashes: None };
            for step in 1..STEPS {
                for piece in self.contour(least + height * f64::from(step) / f64::from(STEPS)) {
                    plane.line(&line, &piece);
                }
            }
        })
    }

    /// Heights of a field's corners, around it.
    fn corners(&self, i: usize, j: usize) -> [f64; 4] {
        let y = &self.outcome;
        [y[j][i], y[j][i + 1], y[j + 1][i + 1], y[j + 1][i]]
    }

    /// The line on which the outcome has one value, field by field: a field is crossed from one side to the other where two
    /// of its sides pass the value (marching squares; of a saddle both pairs of neighbouring sides are joined).
    fn contour(&self, level: f64) -> Vec<[(f64, f64); 2]> {
        let mut pieces = Vec::new();
        for (j, z) in self.moderator.windows(2).enumerate() {
            for (i, x) in self.predictor.windows(2).enumerate() {
                let heights = self.corners(i, j);
                let places = [(x[0], z[0]), (x[1], z[0]), (x[1], z[1]), (x[0], z[1])];
                let mut found = Vec::new();
                for side in 0..4 {
                    let (a, b) = (heights[side], heights[(side + 1) % 4]);
                    if (a > level) != (b > level) {
                        let share = (level - a) / (b - a);
                        let (from, to) = (places[side], places[(side + 1) % 4]);
                        found.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
                    }
                }
                pieces.extend(found.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        pieces
    }
}

#[cfg(test)]
pub(super) mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    pub(crate) fn height(x: f64, z: f64) -> f64 {
        0.4 * x + 0.2 * z - 0.15 * x * z
    }

    pub(crate) fn sample() -> Surface {
        let values: Vec<f64> = (-20..=20).map(|step| f64::from(step) / 10.0).collect();
        Surface {
            title: "Attitude × subjective norm → intention".to_owned(),
            names: ["Attitude", "主观规范", "Intention"].map(str::to_owned),
            outcome: values.iter().map(|&z| values.iter().map(|&x| height(x, z)).collect()).collect(),
            predictor: values.clone(),
            moderator: values,
        }
    }

    #[test]
    fn lines_of_equal_height_have_equal_height() {
        let surface = sample();
        let pieces = surface.contour(0.31);
        assert!(pieces.len() > 20);
        // Within a field of .1 × .1 the surface departs from a plane by .15 · .1 · .1 / 4 at most.
        assert!(pieces.iter().flatten().all(|&(x, z)| (height(x, z) - 0.31).abs() < 4e-4));
        let svg = surface.svg(&Theme::screen()).unwrap();
        assert!(svg.as_str().matches("<rect").count() >= 1600);
        let mut flat = sample();
        flat.outcome.iter_mut().flatten().for_each(|y| *y = 0.2);
        assert!(flat.svg(&Theme::screen()).is_ok());
        flat.outcome[3].pop();
        assert!(matches!(flat.svg(&Theme::screen()), Err(PlotError::Input(_))));
        assert!(matches!(Surface::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
    }
}
