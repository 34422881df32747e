//! Asymptotic variance of a two-step polychoric correlation.
//!
//! The correlation is the root of the mean score `s_ρ = ∂ln π_ab/∂ρ` at thresholds that were taken from the margins. With
//! `s_τ = ∂ln π_ab/∂τ`, an answer in cell `(a, b)` moves the correlation by
//!
//! ```text
//! ψ_ρ = (s_ρ − Σ_k A_k ψ_k) / A_ρ,   A_ρ = E s_ρ²,   A_k = E s_ρ s_τk,
//! ψ_k = (1{x ≤ k} − P_k) / φ(τ_k)    which is how it moves threshold k,
//! ```
//!
//! and `n` times the variance of the correlation is `E ψ_ρ²` (Muthén 1984, doi:10.1007/BF02294210). Expectations are those
//! over the observed table, as lavaan takes them; over the probabilities of the model they differ where the answers are
//! not cut from a normal distribution.

use super::bivariate_normal::{cdf, density};
use super::distribution::normal_cdf;
use super::polychoric::{bounds, thresholds};

/// A cell with answers, and the slopes of the logarithm of its probability.
struct Slopes {
    row: usize,
    column: usize,
    /// Share of the answers.
    share: f64,
    by_rho: f64,
    /// By the thresholds before and behind the row.
    by_row: [f64; 2],
    /// By the thresholds before and behind the column.
    by_column: [f64; 2],
}

/// `n` times the asymptotic variance of the polychoric correlation `rho` of a table of counts (or weights), row-major with
/// `columns` columns.
///
/// `None` where it does not exist: a row or column without answers, a correlation at the border.
pub fn asymptotic_variance(table: &[f64], columns: usize, rho: f64) -> Option<f64> {
    if columns < 2 || rho.is_nan() || rho.abs() >= 1.0 {
        return None;
    }
    let by_row: Vec<f64> = table.chunks(columns).map(|row| row.iter().sum()).collect();
    let by_column: Vec<f64> =
        (0..columns).map(|j| table.iter().skip(j).step_by(columns).sum::<f64>()).collect();
    if by_row.len() < 2 || by_row.iter().chain(&by_column).any(|count| *count <= 0.0) {
        return None;
    }
    let (a, b) = (bounds(thresholds(&by_row)?), bounds(thresholds(&by_column)?));
    let cells = slopes(table, columns, &a, &b, rho);
    let information: f64 = cells.iter().map(|cell| cell.share * cell.by_rho * cell.by_rho).sum();
    let rows = shifts(&a, &by_row, &cells, |cell| (cell.row, cell.by_row));
    let others = shifts(&b, &by_column, &cells, |cell| (cell.column, cell.by_column));
    let spread: f64 = cells
        .iter()
        .map(|cell| cell.share * (cell.by_rho - rows[cell.row] - others[cell.column]).powi(2))
        .sum();
    let variance = spread / (information * information);
    (variance.is_finite() && variance > 0.0).then_some(variance)
}

/// All cells with answers; `a` and `b` with minus and plus infinity around the inner thresholds.
fn slopes(table: &[f64], columns: usize, a: &[f64], b: &[f64], rho: f64) -> Vec<Slopes> {
    let total: f64 = table.iter().sum();
    let rest = ((1.0 - rho) * (1.0 + rho)).sqrt();
    // ∂Φ₂(h, k; ρ)/∂h = φ(h) Φ((k − ρh)/√(1 − ρ²)), here between two k.
    let edge = |h: f64, low: f64, high: f64| {
        if h.is_infinite() {
            return 0.0;
        }
        height(h) * (normal_cdf((high - rho * h) / rest) - normal_cdf((low - rho * h) / rest))
    };
    let mut cells = Vec::with_capacity(table.len());
    for (at, count) in table.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        let (row, column) = (at / columns, at % columns);
        let (a, b) = ([a[row], a[row + 1]], [b[column], b[column + 1]]);
        let rectangle = |f: fn(f64, f64, f64) -> f64| {
            f(a[1], b[1], rho) - f(a[0], b[1], rho) - f(a[1], b[0], rho) + f(a[0], b[0], rho)
        };
        let p = rectangle(cdf).max(1e-17);
        cells.push(Slopes {
            row,
            column,
            share: count / total,
            by_rho: rectangle(density) / p,
            by_row: [-edge(a[0], b[0], b[1]) / p, edge(a[1], b[0], b[1]) / p],
            by_column: [-edge(b[0], a[0], a[1]) / p, edge(b[1], a[0], a[1]) / p],
        });
    }
    cells
}

/// Per category of one answer, `Σ_k A_k ψ_k` over its thresholds.
fn shifts(
    tau: &[f64],
    margin: &[f64],
    cells: &[Slopes],
    side: impl Fn(&Slopes) -> (usize, [f64; 2]),
) -> Vec<f64> {
    let total: f64 = margin.iter().sum();
    let mut out = vec![0.0; margin.len()];
    let mut below = 0.0;
    // Threshold k lies behind category k − 1.
    for k in 1..margin.len() {
        below += margin[k - 1];
        let pull: f64 = cells
            .iter()
            .map(|cell| {
                let (category, slope) = side(cell);
                let touched = match category {
                    c if c == k => slope[0],
                    c if c + 1 == k => slope[1],
                    _ => 0.0,
                };
                cell.share * cell.by_rho * touched
            })
            .sum();
        for (category, out) in out.iter_mut().enumerate() {
            let at_most = f64::from(u8::from(category < k));
            *out += pull * (at_most - below / total) / height(tau[k]);
        }
    }
    out
}

/// The standard normal density.
fn height(x: f64) -> f64 {
    (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::stats::polychoric::correlation;

    /// `n` times the sum over cells of share × (∂ρ̂/∂share)², centred: the delta method on the estimator itself.
    fn by_differences(table: &[f64], columns: usize) -> f64 {
        let total: f64 = table.iter().sum();
        let step = 1e-5 * total;
        let slope: Vec<f64> = (0..table.len())
            .map(|at| {
                let moved = |by: f64| {
                    let mut table = table.to_vec();
                    table[at] += by;
                    correlation(&table, columns).unwrap()
                };
                (moved(step) - moved(-step)) / (2.0 * step) * total
            })
            .collect();
        let mean: f64 = slope.iter().zip(table).map(|(s, n)| s * n / total).sum();
        slope.iter().zip(table).map(|(s, n)| (s - mean).powi(2) * n / total).sum()
    }

    #[test]
    fn on_an_exact_table_it_is_the_delta_method() {
        // Where the model holds, sandwich and delta method are the same.
        let (a, b) = (bounds(vec![-0.8, 0.1, 1.0]), bounds(vec![-0.5, 0.9]));
        for rho in [-0.6, 0.0, 0.3, 0.85] {
            let mut table = Vec::new();
            for i in 0..4 {
                for j in 0..3 {
                    let f = |h, k| cdf(h, k, rho);
                    table.push(
                        1000.0
                            * (f(a[i + 1], b[j + 1]) - f(a[i], b[j + 1]) - f(a[i + 1], b[j]) + f(a[i], b[j])),
                    );
                }
            }
            let (got, want) = (asymptotic_variance(&table, 3, rho).unwrap(), by_differences(&table, 3));
            assert!((got / want - 1.0).abs() < 1e-5, "{rho}: {got} {want}");
        }
    }

    #[test]
    fn a_balanced_tetrachoric_has_a_closed_form() {
        // Both thresholds at 0 and ρ = 0: p₁₁ has variance 1/16, and ρ moves by 2π per unit of it.
        let variance = asymptotic_variance(&[25.0; 4], 2, 0.0).unwrap();
        assert!((variance - std::f64::consts::PI.powi(2) / 4.0).abs() < 1e-12, "{variance}");
    }

    #[test]
    fn at_the_border_there_is_none() {
        assert_eq!(asymptotic_variance(&[10.0, 0.0, 0.0, 10.0], 2, 1.0), None);
        assert_eq!(asymptotic_variance(&[10.0, 5.0, 0.0, 0.0], 2, 0.1), None);
        assert_eq!(asymptotic_variance(&[10.0, 5.0], 1, 0.1), None);
        assert_eq!(asymptotic_variance(&[], 2, f64::NAN), None);
    }
}
