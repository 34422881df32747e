//! Eigenvalues of symmetric matrices where nobody needs the vectors.

use nalgebra::DMatrix;

use super::linear;

/// A smallest eigenvalue below minus this is negative: the line that cSEM draws for "not positive semidefinite".
const NEGATIVE: f64 = 1e-8;

/// The smallest eigenvalue of a symmetric matrix; NaN if it is empty or holds what is no number.
pub fn smallest(a: &[f64], k: usize) -> f64 {
    if k == 0 || a.len() != k * k || a.iter().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    DMatrix::from_row_slice(k, k, a).symmetric_eigenvalues().min()
}

/// Eigenvalues of a symmetric matrix, the largest first.
pub fn values(a: &[f64], k: usize) -> Vec<f64> {
    if k == 0 || a.len() != k * k || a.iter().any(|x| !x.is_finite()) {
        return vec![f64::NAN; k];
    }
    descending(&DMatrix::from_row_slice(k, k, a))
}

/// Eigenvalues of `b⁻¹a` for symmetric `a` and symmetric positive definite `b`, the largest first, from the symmetric
/// `L⁻¹ a L⁻ᵀ` with `b = LL'`. `None` if `b` is not positive definite.
pub fn generalised(a: &[f64], b: &[f64], k: usize) -> Option<Vec<f64>> {
    if a.len() != k * k || b.len() != k * k || a.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let mut l = b.to_vec();
    // What is singular but for rounding is refused there.
    if !linear::cholesky(&mut l, k) {
        return None;
    }
    let l = DMatrix::from_row_slice(k, k, &l);
    let half = l.solve_lower_triangular(&DMatrix::from_row_slice(k, k, a))?;
    let whole = l.solve_lower_triangular(&half.transpose())?;
    Some(if k == 0 { Vec::new() } else { descending(&whole) })
}

fn descending(matrix: &DMatrix<f64>) -> Vec<f64> {
    let mut values: Vec<f64> = matrix.symmetric_eigenvalues().iter().copied().collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
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
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

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
    fn values_are_those_of_the_decomposition_with_vectors() {
        let k = 6;
        let make = |shift: f64, own: f64| -> Vec<f64> {
            (0..k * k)
                .map(|at| if at / k == at % k { own } else { (shift + (at / k + at % k) as f64).cos() * 0.3 })
                .collect()
        };
        let (a, b) = (make(0.3, 1.0), make(1.1, 2.0));
        let near = |x: &[f64], y: &[f64]| x.iter().zip(y).all(|(x, y)| (x - y).abs() < 1e-12);
        assert!(near(&values(&a, k), &linear::symmetric_eigen(&a, k).0));
        let (own, known) =
            (generalised(&a, &b, k).unwrap(), linear::generalised_eigenvalues(&a, &b, k).unwrap());
        assert!(own.len() == k && near(&own, &known), "{own:?} {known:?}");
        assert!(generalised(&a, &vec![0.0; k * k], k).is_none());
        assert!(generalised(&[1.0, 0.0, 0.0, 1.0], &[1.0, 1.0, 1.0, 1.0 + 1e-14], 2).is_none());
        assert_eq!(generalised(&[], &[], 0), Some(Vec::new()));
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
