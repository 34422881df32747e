//! The surface of an interaction: the outcome over predictor and moderator, seen from above, with lines of equal height.

use super::plane::{Frame, Plane, Stroke, plane};
use super::theme::blend;
use super::{Language, PlotError, Svg, Theme};
use crate::table::apa;

/// Bands of colour between lowest and highest, about.
const BANDS: f64 = 7.0;
/// Nearest that the heights of two lines are written, in px.
const APART: f64 = 30.0;

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
    /// Language of the legend.
    pub language: Language,
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
        let legend = [least, most]
            .map(|y| {
                let stroke = Stroke { colour: shade((y - least) / height), width: 9, dashes: None };
                (stroke, format!("{outcome} {}", apa(y, 2)))
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
            note: self.language.words().heights,
        };
        let (levels, digits) = levels(least, most);
        let edges: Vec<f64> = levels.iter().copied().chain([most]).collect();
        let band = |from: f64, to: f64| shade((f64::midpoint(from, to) - least) / height);
        plane(theme, &frame, |plane| {
            plane.field((*low, *front), (*high, *back), &band(least, edges[0]));
            for (at, &level) in levels.iter().enumerate() {
                self.above(level, &band(level, edges[at + 1]), plane);
            }
            let line = Stroke { colour: theme.palette.ink.clone(), width: 1, dashes: None };
            let mut written: Vec<(f64, f64)> = Vec::new();
            for &level in &levels {
                let pieces = self.contour(level);
                for piece in &pieces {
                    plane.line(&line, piece);
                }
                // Heights stand where their lines cross the diagonal.
                let share = |value: f64, from: f64, to: f64| (value - from) / (to - from);
                let off = |piece: &&[(f64, f64); 2]| {
                    (share(piece[0].0, *low, *high) - share(piece[0].1, *front, *back)).abs()
                };
                let Some(piece) = pieces.iter().min_by(|a, b| off(a).total_cmp(&off(b))) else { continue };
                let (x, y) = plane.pixel(piece[0]);
                if written.iter().all(|(a, b)| (a - x).hypot(b - y) >= APART) {
                    let words = if level.abs() < 1e-12 { "0".to_owned() } else { apa(level, digits) };
                    plane.plate(piece[0], &words, theme);
                    written.push((x, y));
                }
            }
        })
    }

    /// Paints everything above a height: whole fields of a row at once, and parts of the fields that its line crosses.
    fn above(&self, level: f64, colour: &str, plane: &mut Plane) {
        for (j, z) in self.moderator.windows(2).enumerate() {
            let mut start: Option<f64> = None;
            for (i, x) in self.predictor.windows(2).enumerate() {
                let heights = self.corners(i, j);
                let whole = heights.iter().all(|&y| y >= level);
                match (whole, start) {
                    (true, None) => start = Some(x[0]),
                    (false, Some(from)) => {
                        plane.field((from, z[0]), (x[0], z[1]), colour);
                        start = None;
                    }
                    _ => {}
                }
                if !whole && heights.iter().any(|&y| y > level) {
                    let places = [(x[0], z[0]), (x[1], z[0]), (x[1], z[1]), (x[0], z[1])];
                    let mut part = Vec::new();
                    for side in 0..4 {
                        let (a, b) = (heights[side], heights[(side + 1) % 4]);
                        let (from, to) = (places[side], places[(side + 1) % 4]);
                        if a >= level {
                            part.push(from);
                        }
                        if (a >= level) != (b >= level) {
                            let share = (level - a) / (b - a);
                            part.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
                        }
                    }
                    plane.patch(&part, colour);
                }
            }
            if let (Some(from), Some(&end)) = (start, self.predictor.last()) {
                plane.field((from, z[0]), (end, z[1]), colour);
            }
        }
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

/// Round heights between the least and the most, and the decimals that they need.
fn levels(least: f64, most: f64) -> (Vec<f64>, usize) {
    let rough = (most - least) / BANDS;
    if rough < 1e-6 {
        return (Vec::new(), 2);
    }
    let unit = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0].into_iter().map(|times| times * unit).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * unit);
    let first = (least / step).floor() + 1.0;
    let levels = (0..).map(|at| (first + f64::from(at)) * step).take_while(|level| *level < most);
    let digits = (1..4).find(|&digits| {
        let scaled = step * 10_f64.powi(digits);
        (scaled - scaled.round()).abs() < 1e-6
    });
    (levels.collect(), digits.unwrap_or(4).unsigned_abs() as usize)
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
            language: Language::English,
        }
    }

    #[test]
    fn heights_are_round_and_between_the_ends() {
        assert_eq!(levels(0.0, 1.0), (vec![0.2, 0.4, 0.600_000_000_000_000_1, 0.8], 1));
        assert_eq!(levels(0.31, 0.32).1, 3);
        assert_eq!(levels(0.2, 0.2).0, Vec::<f64>::new());
        for (least, most) in [(-3.0, 4.0), (0.011, 0.013), (-250.0, 1e4), (2.0, 2.5)] {
            let (levels, _) = levels(least, most);
            assert!((3..=8).contains(&levels.len()), "{levels:?}");
            assert!(levels.iter().all(|level| *level > least && *level < most));
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
        // Heights run from −1.8 to 1, so bands are .5 high, and each line says its height.
        assert_eq!(levels(-1.8, 1.0), (vec![-1.5, -1.0, -0.5, 0.0, 0.5], 1));
        for height in [">−1.5<", ">−.5<", ">0<", ">.5<"] {
            assert!(svg.as_str().contains(height), "{height}");
        }
        assert!(svg.as_str().len() < 150_000, "{}", svg.as_str().len());
        let mut flat = sample();
        flat.outcome.iter_mut().flatten().for_each(|y| *y = 0.2);
        assert!(flat.svg(&Theme::screen()).is_ok());
        flat.outcome[3].pop();
        assert!(matches!(flat.svg(&Theme::screen()), Err(PlotError::Input(_))));
        assert!(matches!(Surface::default().svg(&Theme::screen()), Err(PlotError::Empty(_))));
    }
}
