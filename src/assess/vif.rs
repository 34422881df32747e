//! Variance inflation: `VIF_i = 1 / (1 − R_i²)`, the diagonal of the inverse correlation matrix of the predictors.

use crate::stats::linear;

/// VIF of each predictor of an equation from the correlations of the constructs; `None` for a single
/// predictor (nothing to be collinear with) or where they are collinear.
pub fn antecedent_vif(predictors: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    if predictors.len() < 2 {
        return None;
    }
    diagonal(predictors, r)
}

/// VIF of each item within its block; 1 for a single item, `None` where the items are collinear.
pub fn indicator_vif(items: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    diagonal(items, r)
}

fn diagonal(set: &[usize], r: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    let k = set.len();
    let matrix: Vec<f64> =
        set.iter().flat_map(|&a| set.iter().map(move |&b| (a, b))).map(|(a, b)| r(a, b)).collect();
    let inverse = linear::inverse(&matrix, k)?;
    Some((0..k).map(|i| inverse[i * k + i]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_predictors() {
        let vif = antecedent_vif(&[0, 1], |a, b| if a == b { 1.0 } else { 0.6 });
        assert!(vif.is_some_and(|v| (v[0] - 1.0 / 0.64).abs() < 1e-14));
        assert_eq!(antecedent_vif(&[0], |_, _| 1.0), None);
        assert_eq!(indicator_vif(&[0, 1], |_, _| 1.0), None);
    }
}
