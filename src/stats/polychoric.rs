//! Polychoric correlation of two ordinal answers: two-step maximum likelihood.
//!
//! Both answers are thought of as cut from a bivariate normal distribution with correlation ρ. Step one takes the
//! thresholds from the margins, `τ = Φ⁻¹(cumulative share)`; step two maximises the likelihood of the table over ρ.
//! Source: Olsson (1979), doi:10.1007/BF02296207. No cell is corrected for being empty. The derivative of a
//! cell's probability is a difference of bivariate densities, so the maximum is found as the root of an exact score.

use super::bivariate_normal::{cdf, density};
use super::distribution::normal_quantile;
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
    let rows = table.len().checked_div(columns)?;
    let by_row: Vec<f64> = table.chunks(columns).map(|row| row.iter().sum()).collect();
    let by_column: Vec<f64> =
        (0..columns).map(|j| table.iter().skip(j).step_by(columns).sum::<f64>()).collect();
    let used = |margin: &[f64]| margin.iter().filter(|count| **count > 0.0).count();
    if used(&by_row) < 2 || used(&by_column) < 2 {
        return None;
    }
    let a = bounds(thresholds(&by_row)?);
    let b = bounds(thresholds(&by_column)?);
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
    root::of_score(product_moment(table, columns, &by_row, &by_column), score)
}

/// Minus and plus infinity around the inner thresholds.
fn bounds(inner: Vec<f64>) -> Vec<f64> {
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
