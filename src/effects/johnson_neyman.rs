//! Where a conditional effect differs from 0 (Johnson & Neyman 1936; Bauer & Curran 2005,
//! <https://doi.org/10.1207/s15327906mbr4003_5>).
//!
//! Two ways lead to the points where an interval of `θ(z) = b₁ + b₃z` begins to leave 0 out:
//!
//! - **bootstrap** (default, as cSEM's floodlight analysis): θ(z) is computed in every resample, its percentile bounds are
//!   curves in z, and the points are their zeros. It is the interval of the simple slopes, so both always agree, and θ may
//!   be any function of z.
//! - **covariance**: with the variances of b₁ and b₃ and their covariance over the resamples, `θ(z)² = c² var θ(z)` is
//!   quadratic, `(b₃² − c²v₃₃)z² + 2(b₁b₃ − c²v₁₃)z + b₁² − c²v₁₁ = 0`, c the quantile of the normal distribution.

use serde::Serialize;

/// A conditional effect with its bounds at one value of the moderator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// Value of the moderator.
    pub at: f64,
    /// The effect.
    pub effect: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Band {
    fn significance(&self) -> Significance {
        if self.low > 0.0 {
            Significance::Positive
        } else if self.high < 0.0 {
            Significance::Negative
        } else {
            Significance::None
        }
    }
}

/// What the interval of an effect says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Significance {
    /// All of it above 0.
    Positive,
    /// All of it below 0.
    Negative,
    /// It holds 0.
    None,
}

impl Significance {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::None => "interval holds 0",
        }
    }
}

/// A stretch of the moderator over which the interval says the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Region {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What the interval says there.
    pub effect: Significance,
}

/// Points between the ends of a grid where a bound changes its sign, ascending. `band` gives the effect and its bounds at any
/// value; between two grid points with different signs the zero is found by bisection, to a millionth of the range.
pub fn crossings(grid: &[f64], band: &dyn Fn(f64) -> Band) -> Vec<f64> {
    let (Some(first), Some(last)) = (grid.first(), grid.last()) else { return Vec::new() };
    let tolerance = 1e-6 * (last - first).abs();
    let bands: Vec<Band> = grid.iter().map(|&z| band(z)).collect();
    let mut found = Vec::new();
    for bound in [(|band: &Band| band.low) as fn(&Band) -> f64, |band| band.high] {
        for (a, b) in bands.iter().zip(bands.iter().skip(1)) {
            if (bound(a) > 0.0) == (bound(b) > 0.0) {
                continue;
            }
            let (mut low, mut high) = (a.at, b.at);
            let rising = bound(b) > 0.0;
            while high - low > tolerance {
                let middle = f64::midpoint(low, high);
                if (bound(&band(middle)) > 0.0) == rising {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            found.push(f64::midpoint(low, high));
        }
    }
    found.sort_by(f64::total_cmp);
    found
}

/// The regions between the ends of a range and the points within it.
pub fn regions(range: (f64, f64), points: &[f64], band: &dyn Fn(f64) -> Band) -> Vec<Region> {
    let mut edges = vec![range.0];
    edges.extend(points.iter().copied().filter(|z| *z > range.0 && *z < range.1));
    edges.push(range.1);
    let mut found: Vec<Region> = Vec::new();
    for (&from, &to) in edges.iter().zip(edges.iter().skip(1)) {
        let effect = band(f64::midpoint(from, to)).significance();
        match found.last_mut().filter(|last| last.effect == effect) {
            // Both bounds may touch 0 at the same point.
            Some(last) => last.to = to,
            None => found.push(Region { from, to, effect }),
        }
    }
    found
}

/// The points from the covariance of two coefficients, ascending; none if the effect differs from 0 everywhere or nowhere.
///
/// `b` are the effect at 0 and its change per unit of the moderator, `v` their variances and covariance `(v₁₁, v₁₃, v₃₃)`.
pub fn johnson_neyman_points(b: (f64, f64), v: (f64, f64, f64), critical: f64) -> Vec<f64> {
    let c2 = critical * critical;
    let a2 = b.1 * b.1 - c2 * v.2;
    let a1 = 2.0 * (b.0 * b.1 - c2 * v.1);
    let a0 = b.0 * b.0 - c2 * v.0;
    let mut points = Vec::new();
    if a2.abs() <= 1e-14 * (a1.abs() + a0.abs()) {
        if a1 != 0.0 {
            points.push(-a0 / a1);
        }
    } else {
        let discriminant = a1 * a1 - 4.0 * a2 * a0;
        if discriminant >= 0.0 {
            // The form that subtracts nothing of the same size.
            let q = -0.5 * (a1 + discriminant.sqrt().copysign(a1));
            points.push(q / a2);
            if q != 0.0 {
                points.push(a0 / q);
            }
        }
    }
    points.retain(|z| z.is_finite());
    points.sort_by(f64::total_cmp);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(b: (f64, f64), v: (f64, f64, f64)) -> impl Fn(f64) -> Band {
        move |z| {
            let effect = b.0 + b.1 * z;
            let half = 1.96 * (v.0 + 2.0 * z * v.1 + z * z * v.2).sqrt();
            Band { at: z, effect, low: effect - half, high: effect + half }
        }
    }

    #[test]
    fn bisection_finds_the_roots_of_the_quadratic() {
        let (b, v) = ((0.2, 0.15), (0.004, 0.0003, 0.003));
        let band = line(b, v);
        let grid: Vec<f64> = (-40..=40).map(|i| 0.125 * f64::from(i)).collect();
        let points = johnson_neyman_points(b, v, 1.96);
        let found = crossings(&grid, &band);
        assert_eq!(points.len(), 2);
        assert!(points.iter().zip(&found).all(|(a, b)| (a - b).abs() < 1e-4), "{points:?} {found:?}");
        let regions = regions((-5.0, 5.0), &found, &band);
        let words: Vec<_> = regions.iter().map(|region| region.effect).collect();
        assert_eq!(words, [Significance::Negative, Significance::None, Significance::Positive]);
        assert!((regions[1].from - points[0]).abs() < 1e-4 && regions[2].to == 5.0);
    }

    #[test]
    fn an_effect_that_always_or_never_differs_from_0_has_no_point() {
        assert!(johnson_neyman_points((0.5, 0.0), (0.001, 0.0, 0.0001), 1.96).len() == 2);
        assert!(johnson_neyman_points((0.0, 0.01), (0.01, 0.0, 0.01), 1.96).is_empty());
        let always = line((0.5, 0.0), (0.001, 0.0, 0.0));
        assert!(crossings(&[-3.0, 0.0, 3.0], &always).is_empty());
        let regions = regions((-3.0, 3.0), &[], &always);
        assert_eq!(regions.len(), 1);
        assert_eq!(regions[0].effect, Significance::Positive);
    }

    #[test]
    fn degenerate_coefficients_give_no_point_and_no_nan() {
        for b in [(0.0, 0.0), (f64::NAN, 0.1), (0.3, f64::NAN)] {
            assert!(johnson_neyman_points(b, (0.0, 0.0, 0.0), 1.96).iter().all(|z| z.is_finite()));
        }
    }
}
