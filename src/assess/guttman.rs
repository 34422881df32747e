//! Guttman's lower bounds of reliability (Guttman 1945, doi:10.1007/BF02288892), and the split halves behind one of them.
//!
//! From the correlations `R` of `k` items, `S = ΣR`:
//!
//! * `λ1 = 1 − k/S`, `λ3 = λ1 k/(k − 1)` (standardised alpha);
//! * `λ2 = λ1 + √(k/(k − 1) Σ_{i≠j} r²) / S`, `λ5 = λ1 + 2 √(max_j Σ_{i≠j} r²) / S`;
//! * `λ6 = 1 − Σ(1 − smc)/S` from squared multiple correlations;
//! * `λ4`, the best of all split halves `4 Σ_{a∈A, b∈B} r / S`; `beta` (Revelle 1979) the worst of the balanced ones.

use serde::Serialize;

use crate::stats::linear;

/// Blocks with more items have too many splits to look at all.
const MOST_SPLIT: usize = 14;

/// The bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Guttman {
    /// λ1
    pub lambda1: f64,
    /// λ2
    pub lambda2: f64,
    /// λ3, standardised alpha
    pub lambda3: f64,
    /// λ4, the best split half; `None` beyond 14 items.
    pub lambda4: Option<f64>,
    /// The best split half with `⌊k/2⌋` items on one side; likewise.
    pub lambda4_balanced: Option<f64>,
    /// λ5
    pub lambda5: f64,
    /// λ6; `None` where the correlations are singular.
    pub lambda6: Option<f64>,
    /// The worst of the balanced split halves; `None` beyond 14 items.
    pub beta: Option<f64>,
}

/// Reliability of every way to split `k` items in two halves, and whether it is balanced; the matrix may be of
/// correlations or covariances. Empty beyond 14 items and for fewer than two.
pub fn split_halves(matrix: &[f64], k: usize) -> Vec<(f64, bool)> {
    if !(2..=MOST_SPLIT).contains(&k) || matrix.len() < k * k {
        return Vec::new();
    }
    let total: f64 = matrix[..k * k].iter().sum();
    // The last item stays on one side, so that every split comes once.
    (1_usize..(1 << (k - 1)))
        .map(|set| {
            let inside = |i: usize| (set >> i) & 1 == 1;
            let mut between = 0.0;
            for i in (0..k).filter(|&i| inside(i)) {
                between += (0..k).filter(|&j| !inside(j)).map(|j| matrix[i * k + j]).sum::<f64>();
            }
            let size = set.count_ones() as usize;
            (4.0 * between / total, size == k / 2 || k - size == k / 2)
        })
        .collect()
}

/// Guttman's bounds from the correlations of `k` items; `None` for fewer than two, or where their total has no variance.
pub fn guttman(correlation: &[f64], k: usize) -> Option<Guttman> {
    if k < 2 || correlation.len() < k * k {
        return None;
    }
    let total: f64 = correlation[..k * k].iter().sum();
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let items = k as f64;
    let squares: Vec<f64> =
        (0..k).map(|j| (0..k).filter(|&i| i != j).map(|i| correlation[i * k + j].powi(2)).sum()).collect();
    let lambda1 = 1.0 - items / total;
    let halves = split_halves(correlation, k);
    let best = |balanced: bool| {
        let values = halves.iter().filter(|(_, even)| *even || !balanced).map(|(value, _)| *value);
        values.fold(None, |best: Option<f64>, x| Some(best.map_or(x, |best| best.max(x))))
    };
    let worst = halves
        .iter()
        .filter(|(_, even)| *even)
        .fold(None, |worst: Option<f64>, (x, _)| Some(worst.map_or(*x, |worst| worst.min(*x))));
    Some(Guttman {
        lambda1,
        lambda2: lambda1 + (items / (items - 1.0) * squares.iter().sum::<f64>()).sqrt() / total,
        lambda3: lambda1 * items / (items - 1.0),
        lambda4: best(false),
        lambda4_balanced: best(true),
        lambda5: lambda1 + 2.0 * squares.iter().copied().fold(0.0, f64::max).sqrt() / total,
        lambda6: squared_multiples(correlation, k)
            .map(|smc| 1.0 - smc.iter().map(|smc| 1.0 - smc).sum::<f64>() / total),
        beta: worst,
    })
}

/// Squared multiple correlation of every item with the others, `1 − 1/rⁱⁱ`; `None` where the matrix is singular.
pub fn squared_multiples(correlation: &[f64], k: usize) -> Option<Vec<f64>> {
    let inverse = linear::inverse(correlation, k)?;
    Some((0..k).map(|i| 1.0 - 1.0 / inverse[i * k + i]).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn parallel_items_have_one_reliability() {
        // Four items with r = .5: alpha .8, which balanced halves have too.
        let r: Vec<f64> = (0..16).map(|at| if at % 5 == 0 { 1.0 } else { 0.5 }).collect();
        let g = guttman(&r, 4).unwrap();
        for bound in [g.lambda2, g.lambda3, g.lambda4.unwrap(), g.beta.unwrap()] {
            assert!((bound - 0.8).abs() < 1e-14, "{g:?}");
        }
        assert!(g.lambda1 < g.lambda2 && g.lambda5 <= g.lambda2 + 1e-14);
        assert_eq!(split_halves(&r, 4).len(), 7);
        assert_eq!(split_halves(&r, 4).iter().filter(|(_, balanced)| *balanced).count(), 3);
    }

    #[test]
    fn what_has_no_reliability_has_no_bounds() {
        assert_eq!(guttman(&[1.0], 1), None);
        assert_eq!(guttman(&[1.0, -1.0, -1.0, 1.0], 2), None);
        assert_eq!(guttman(&[1.0, 1.0, 1.0, 1.0], 2).unwrap().lambda6, None);
        let many = vec![1.0; 400];
        assert!(guttman(&many, 20).is_some_and(|g| g.lambda4.is_none() && g.beta.is_none()));
    }
}
