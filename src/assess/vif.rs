//! Variance inflation: `VIF_i = 1 / (1 − R_i²)`, the diagonal of the inverse correlation matrix of the predictors.

use crate::stats::linear;
use crate::stats::real::Real;

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
    let mut vif = Vec::new();
    push_vif(set.len(), |a, b| r(set[a], set[b]), &mut Vec::new(), &mut vif);
    vif.iter().all(|v| !v.is_nan()).then_some(vif)
}

/// Appends the VIF of each of `k` variables from their correlations, of one set or sixteen side by side; NaN where they are
/// collinear. `room` is a buffer.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn push_vif<R: Real>(
    k: usize,
    r: impl Fn(usize, usize) -> R,
    room: &mut Vec<R>,
    out: &mut Vec<R>,
) {
    room.clear();
    for a in 0..k {
        for b in 0..k {
            room.push(r(a, b));
        }
    }
    let from = out.len();
    out.resize(from + k, R::zero());
    linear::inverse_diagonal(room, k, &mut out[from..]);
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
