//! Eigenvalues of symmetric matrices where nobody needs the vectors.

use nalgebra::DMatrix;

/// A smallest eigenvalue below minus this is negative: the line that cSEM draws for "not positive semidefinite".
const NEGATIVE: f64 = 1e-8;

/// The smallest eigenvalue of a symmetric matrix; NaN if it is empty or holds what is no number.
pub fn smallest(a: &[f64], k: usize) -> f64 {
    if k == 0 || a.len() != k * k || a.iter().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    DMatrix::from_row_slice(k, k, a).symmetric_eigenvalues().min()
}

/// The smallest eigenvalue of a symmetric matrix if it is below −1e-8.
///
/// Most matrices have none, and Cholesky's decomposition of `A + 1e-8 I` shows that at a fraction of the cost.
pub fn negative(a: &[f64], k: usize) -> Option<f64> {
    let mut shifted = DMatrix::from_fn(k, k, |i, j| a.get(i * k + j).copied().unwrap_or(f64::NAN));
    for i in 0..k {
        shifted[(i, i)] += NEGATIVE;
    }
    if shifted.cholesky().is_some() {
        return None;
    }
    Some(smallest(a, k)).filter(|smallest| *smallest < -NEGATIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::linear;

    #[test]
    fn smallest_is_that_of_the_whole_decomposition() {
        let k = 7;
        let a: Vec<f64> = (0..k * k)
            .map(|at| {
                let (i, j) = (at / k, at % k);
                if i == j {
                    1.0
                } else {
                    0.9_f64.powf((i as f64 - j as f64).abs()) * if (i + j) % 3 == 0 { -1.0 } else { 1.0 }
                }
            })
            .collect();
        let whole = linear::symmetric_eigen(&a, k).0;
        assert!((smallest(&a, k) - whole[k - 1]).abs() < 1e-12);
        assert!(whole[k - 1] < -0.1);
        assert_eq!(negative(&a, k), Some(smallest(&a, k)));
    }

    #[test]
    fn rounding_of_a_zero_is_not_negative() {
        assert_eq!(negative(&[1.0, 1.0, 1.0, 1.0], 2), None);
        assert_eq!(negative(&[1.0, 1.0 + 5e-9, 1.0 + 5e-9, 1.0], 2), None);
        assert!(negative(&[1.0, 1.0 + 5e-8, 1.0 + 5e-8, 1.0], 2).is_some());
        assert_eq!(negative(&[], 0), None);
        assert_eq!(negative(&[1.0, f64::NAN, f64::NAN, 1.0], 2), None);
        assert!(smallest(&[], 0).is_nan());
    }
}
