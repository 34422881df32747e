//! Polychoric correlation of two ordinal answers: two-step maximum likelihood.
//!
//! Both answers are thought of as cut from a bivariate normal distribution with correlation ρ. Step one takes the
//! thresholds from the margins, `τ = Φ⁻¹(cumulative share)`; step two maximises the likelihood of the table over ρ.
//! Source: Olsson (1979), doi:10.1007/BF02296207. No cell is corrected for being empty. The derivative of a
//! cell's probability is a difference of bivariate densities, so the maximum is found as the root of an exact score.
//!
//! Most tables are solved by Newton's method on the angle `θ = arcsin ρ`, for which (Plackett 1954)
//! `∂Φ₂/∂θ = exp((hk sin θ − (h² + k²)/2) / cos² θ) / 2π`. The probabilities of all corners are integrated once from 0 to
//! the first guess, and then only over each step: a step of size δ needs few nodes. Tables near `|ρ| = 1`, or on which
//! Newton does not settle, go to a slower search that cannot miss (`root.rs`).

use std::sync::LazyLock;

use super::bivariate_normal::{cdf, density, legendre};
use super::distribution::{normal_cdf, normal_quantile};
use super::root;

/// Inner thresholds of categories with these counts (or weights): one fewer than categories. Infinite where the
/// outer categories are empty. `None` without any count.
pub fn thresholds(counts: &[f64]) -> Option<Vec<f64>> {
    let total: f64 = counts.iter().sum();
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let mut sum = 0.0;
    let inner = counts.len().saturating_sub(1);
    Some(
        counts
            .iter()
            .take(inner)
            .map(|count| {
                sum += count;
                // The larger tail loses digits: take the smaller one.
                let share = (sum / total).min(1.0);
                if share <= 0.5 {
                    normal_quantile(share)
                } else {
                    -normal_quantile(((total - sum) / total).max(0.0))
                }
            })
            .collect(),
    )
}

/// Polychoric correlation of a table of counts (or weights), row-major with `columns` columns; tetrachoric for 2 × 2.
///
/// `None` if either answer has fewer than two categories in use, or the likelihood has no maximum inside (−1, 1),
/// as for a table with all counts on its diagonal or a 2 × 2 table with an empty cell.
pub fn correlation(table: &[f64], columns: usize) -> Option<f64> {
    if columns == 0 {
        return None;
    }
    let by_row: Vec<f64> = table.chunks(columns).map(|row| row.iter().sum()).collect();
    let by_column: Vec<f64> =
        (0..columns).map(|j| table.iter().skip(j).step_by(columns).sum::<f64>()).collect();
    let used = |margin: &[f64]| margin.iter().filter(|count| **count > 0.0).count();
    if used(&by_row) < 2 || used(&by_column) < 2 {
        return None;
    }
    near(table, columns, &by_row, &by_column).or_else(|| searched(table, columns, &by_row, &by_column))
}

/// The maximum by a search that cannot miss it.
fn searched(table: &[f64], columns: usize, by_row: &[f64], by_column: &[f64]) -> Option<f64> {
    let rows = by_row.len();
    let a = bounds(thresholds(by_row)?);
    let b = bounds(thresholds(by_column)?);
    let score = |rho: f64| -> f64 {
        let corner = |f: fn(f64, f64, f64) -> f64| -> Vec<f64> {
            a.iter().flat_map(|&h| b.iter().map(move |&k| f(h, k, rho))).collect()
        };
        let (probability, slope) = (corner(cdf), corner(density));
        let width = columns + 1;
        let rectangle = |of: &[f64], i: usize, j: usize| {
            of[(i + 1) * width + j + 1] - of[i * width + j + 1] - of[(i + 1) * width + j] + of[i * width + j]
        };
        let mut sum = 0.0;
        for i in 0..rows {
            for j in 0..columns {
                let count = table[i * columns + j];
                if count > 0.0 {
                    // What cancels below 1e-16 is noise.
                    sum += count * rectangle(&slope, i, j) / rectangle(&probability, i, j).max(1e-17);
                }
            }
        }
        sum
    };
    root::of_score(product_moment(table, columns, by_row, by_column), score)
}

/// Beyond this angle, ρ ≈ .93, the slower search takes over.
const STEEP: f64 = 1.2;
/// Newton settles in four or five steps or not at all.
const STEPS: usize = 25;

/// Gauss-Legendre rules for steps of different sizes.
static RULES: LazyLock<[Vec<(f64, f64)>; 4]> = LazyLock::new(|| [3, 6, 12, 20].map(legendre));

/// All corners of a table: `hk`, `(h² + k²)/2` and the probability below left of each.
struct Corners {
    products: Vec<f64>,
    halves: Vec<f64>,
    probability: Vec<f64>,
}

impl Corners {
    /// Adds the integrals over θ from `from` to `to`; the factor 1/2π is left to the end.
    fn integrate(&mut self, from: f64, to: f64) {
        let width = to - from;
        let rule = &RULES[match width.abs() {
            w if w < 0.02 => 0,
            w if w < 0.3 => 1,
            w if w < 0.85 => 2,
            _ => 3,
        }];
        for (node, weight) in rule {
            let (sine, cosine) = (from + width * node).sin_cos();
            let (scale, weight) = (1.0 / (cosine * cosine), width * weight);
            for ((p, hk), half) in self.probability.iter_mut().zip(&self.products).zip(&self.halves) {
                *p += weight * ((hk * sine - half) * scale).exp();
            }
        }
    }

    /// Slope and curvature of the probabilities at θ, times 2π.
    fn slopes(&self, theta: f64, slope: &mut Vec<f64>, curvature: &mut Vec<f64>) {
        let (sine, cosine) = theta.sin_cos();
        let scale = 1.0 / (cosine * cosine);
        slope.clear();
        curvature.clear();
        for (hk, half) in self.products.iter().zip(&self.halves) {
            let exponent = (hk * sine - half) * scale;
            let e = exponent.exp();
            slope.push(e);
            curvature.push(e * (hk + 2.0 * sine * exponent) / cosine);
        }
    }
}

/// Values at all corners of a table, those on its borders among them: a cell is made of four.
struct Grid {
    width: usize,
    at: Vec<f64>,
}

impl Grid {
    fn new(rows: usize, columns: usize) -> Self {
        Self { width: columns + 1, at: vec![0.0; (rows + 1) * (columns + 1)] }
    }

    /// Takes in the corners that are not on a border.
    fn fill(&mut self, inner: &[f64]) {
        let rows = self.at.chunks_exact_mut(self.width).skip(1);
        for (row, values) in rows.zip(inner.chunks(self.width - 2)) {
            row[1..=values.len()].copy_from_slice(values);
        }
    }

    fn cell(&self, i: usize, j: usize) -> f64 {
        let (upper, lower) = (i * self.width + j, (i + 1) * self.width + j);
        self.at[lower + 1] - self.at[upper + 1] - self.at[lower] + self.at[upper]
    }
}

/// The maximum by Newton's method; `None` where it does not settle well inside (−1, 1).
fn near(table: &[f64], columns: usize, by_row: &[f64], by_column: &[f64]) -> Option<f64> {
    let start = product_moment(table, columns, by_row, by_column);
    let used = |margin: &[f64]| (0..margin.len()).filter(|&i| margin[i] > 0.0).collect::<Vec<usize>>();
    let (rows_used, columns_used) = (used(by_row), used(by_column));
    let margin = |all: &[f64], used: &[usize]| used.iter().map(|&i| all[i]).collect::<Vec<f64>>();
    let a = thresholds(&margin(by_row, &rows_used))?;
    let b = thresholds(&margin(by_column, &columns_used))?;
    let counts: Vec<f64> =
        rows_used.iter().flat_map(|&i| columns_used.iter().map(move |&j| table[i * columns + j])).collect();
    let (rows, columns) = (a.len() + 1, b.len() + 1);
    let (below_a, below_b): (Vec<f64>, Vec<f64>) =
        (a.iter().map(|h| normal_cdf(*h)).collect(), b.iter().map(|k| normal_cdf(*k)).collect());
    let tau = std::f64::consts::TAU;
    let mut corners = Corners { products: Vec::new(), halves: Vec::new(), probability: Vec::new() };
    for (h, below_h) in a.iter().zip(&below_a) {
        for (k, below_k) in b.iter().zip(&below_b) {
            corners.products.push(h * k);
            corners.halves.push(0.5 * (h * h + k * k));
            corners.probability.push(tau * below_h * below_k);
        }
    }
    // A corner on the border has the margin as its probability, and no slope.
    let mut probability = Grid::new(rows, columns);
    for (i, below) in below_a.iter().enumerate() {
        probability.at[(i + 1) * probability.width + columns] = tau * below;
    }
    for (j, below) in below_b.iter().enumerate() {
        probability.at[rows * probability.width + j + 1] = tau * below;
    }
    probability.at[rows * probability.width + columns] = tau;
    let (mut slope, mut curvature) = (Grid::new(rows, columns), Grid::new(rows, columns));
    let (mut slopes, mut curvatures) = (Vec::new(), Vec::new());
    let mut theta = start.clamp(-0.9, 0.9).asin();
    corners.integrate(0.0, theta);
    for _ in 0..STEPS {
        corners.slopes(theta, &mut slopes, &mut curvatures);
        probability.fill(&corners.probability);
        slope.fill(&slopes);
        curvature.fill(&curvatures);
        let (mut first, mut second, mut information) = (0.0, 0.0, 0.0);
        for (i, counts) in counts.chunks(columns).enumerate() {
            for (j, &count) in counts.iter().enumerate() {
                if count > 0.0 {
                    let p = probability.cell(i, j).max(1e-16);
                    let relative = slope.cell(i, j) / p;
                    first += count * relative;
                    information += count * relative * relative;
                    second += count * curvature.cell(i, j) / p;
                }
            }
        }
        // Where the likelihood is not concave yet, its expected curvature leads uphill.
        let curved = if information > second { information - second } else { information };
        let step = (first / curved).clamp(-0.3, 0.3);
        if !step.is_finite() || (theta + step).abs() > STEEP {
            return None;
        }
        theta += step;
        // What is left after a step is of the size of its square.
        if step.abs() < 1e-8 {
            return (information > second).then(|| theta.sin());
        }
        corners.integrate(theta - step, theta);
    }
    None
}

/// Minus and plus infinity around the inner thresholds.
pub(super) fn bounds(inner: Vec<f64>) -> Vec<f64> {
    std::iter::once(f64::NEG_INFINITY).chain(inner).chain(std::iter::once(f64::INFINITY)).collect()
}

/// Pearson's correlation of the category numbers, where the search begins.
fn product_moment(table: &[f64], columns: usize, by_row: &[f64], by_column: &[f64]) -> f64 {
    let total: f64 = by_row.iter().sum();
    let moments = |margin: &[f64]| {
        let mean = margin.iter().enumerate().map(|(i, n)| i as f64 * n).sum::<f64>() / total;
        let variance = margin.iter().enumerate().map(|(i, n)| n * (i as f64 - mean).powi(2)).sum::<f64>();
        (mean, variance)
    };
    let ((x, xx), (y, yy)) = (moments(by_row), moments(by_column));
    let xy: f64 = table
        .iter()
        .enumerate()
        .map(|(at, n)| n * ((at / columns) as f64 - x) * ((at % columns) as f64 - y))
        .sum();
    xy / (xx * yy).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_balanced_two_by_two_table_has_a_closed_form() {
        // Both thresholds at 0: P(−−) = 1/4 + arcsin ρ / 2π (Sheppard 1899).
        let rho = correlation(&[40.0, 10.0, 10.0, 40.0], 2).unwrap();
        assert!((rho - (std::f64::consts::TAU * (0.4 - 0.25)).sin()).abs() < 1e-13);
        let turned = correlation(&[10.0, 40.0, 40.0, 10.0], 2).unwrap();
        assert!((rho + turned).abs() < 1e-13);
    }

    #[test]
    fn exact_tables_give_back_their_correlation() {
        // Cell probabilities of ρ as counts: the maximum is at ρ.
        let (a, b) = ([-1.1, 0.2, 0.9], [-0.4, 1.3]);
        for rho in [-0.95, -0.4, 0.0, 0.3, 0.7, 0.98] {
            let (x, y) = (bounds(a.to_vec()), bounds(b.to_vec()));
            let mut table = Vec::new();
            for i in 0..4 {
                for j in 0..3 {
                    table.push(
                        cdf(x[i + 1], y[j + 1], rho) - cdf(x[i], y[j + 1], rho) - cdf(x[i + 1], y[j], rho)
                            + cdf(x[i], y[j], rho),
                    );
                }
            }
            assert!((correlation(&table, 3).unwrap() - rho).abs() < 1e-9, "{rho}");
        }
    }

    #[test]
    fn newton_and_the_slower_search_agree() {
        let mut state = 5_u64;
        let mut u = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        let mut solved = 0;
        for at in 0..200 {
            let (rows, columns) = (2 + at % 6, 2 + (at / 6) % 6);
            let slant = 3.0 * u() - 1.5;
            let table: Vec<f64> = (0..rows * columns)
                .map(|c| {
                    let (x, y) = ((c / columns) as f64 / rows as f64, (c % columns) as f64 / columns as f64);
                    (40.0 * u() * (slant * (x - 0.4) * (y - 0.5) * 8.0).exp()).floor()
                })
                .collect();
            let by_row: Vec<f64> = table.chunks(columns).map(|row| row.iter().sum()).collect();
            let by_column: Vec<f64> =
                (0..columns).map(|j| table.iter().skip(j).step_by(columns).sum::<f64>()).collect();
            let used = |margin: &[f64]| margin.iter().filter(|count| **count > 0.0).count();
            if used(&by_row) < 2 || used(&by_column) < 2 {
                continue;
            }
            let Some(fast) = near(&table, columns, &by_row, &by_column) else { continue };
            let slow = searched(&table, columns, &by_row, &by_column).unwrap();
            assert!((fast - slow).abs() < 1e-10, "{table:?}: {fast} {slow}");
            solved += 1;
        }
        assert!(solved > 120, "{solved}");
    }

    #[test]
    fn empty_categories_change_nothing() {
        let plain = correlation(&[20.0, 9.0, 3.0, 6.0, 12.0, 15.0], 3).unwrap();
        let gaps = [0.0, 0.0, 0.0, 0.0, 20.0, 9.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 6.0, 12.0, 0.0, 15.0];
        assert!((correlation(&gaps, 4).unwrap() - plain).abs() < 1e-12);
    }

    #[test]
    fn without_a_maximum_inside_there_is_none() {
        assert_eq!(correlation(&[10.0, 0.0, 0.0, 10.0], 2), None);
        assert_eq!(correlation(&[10.0, 5.0, 0.0, 10.0], 2), None);
        assert_eq!(correlation(&[10.0, 5.0, 0.0, 0.0], 2), None);
        assert_eq!(correlation(&[], 0), None);
        assert_eq!(thresholds(&[0.0, 0.0]), None);
    }
}
