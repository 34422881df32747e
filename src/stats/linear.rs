//! Small dense linear algebra on row-major slices, without allocation: the systems of path models are
//! a handful of equations that are solved tens of thousands of times.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::real::{Mask, Real};

/// Cholesky factor of the symmetric `k × k` matrix in `a`, written over its lower triangle.
///
/// `false` where a pivot falls below 10⁻¹² of its diagonal entry: not positive definite, or
/// collinear to working precision.
#[inline(always)]
pub fn cholesky<R: Real>(a: &mut [R], k: usize) -> R::Mask {
    let mut sound = R::Mask::all(true);
    let least = R::splat(1e-12);
    for j in 0..k {
        let scale = a[j * k + j].abs();
        let mut pivot = a[j * k + j];
        for l in 0..j {
            pivot -= a[j * k + l] * a[j * k + l];
        }
        // A NaN pivot is above nothing.
        sound = sound & pivot.above(least * scale) & pivot.above(R::zero());
        if !sound.any() {
            return sound;
        }
        let root = pivot.sqrt();
        a[j * k + j] = root;
        for i in j + 1..k {
            let mut sum = a[i * k + j];
            for l in 0..j {
                sum -= a[i * k + l] * a[j * k + l];
            }
            a[i * k + j] = sum / root;
            R::keep();
        }
    }
    sound
}

/// Solves `L Lᵀ x = b` in place, `L` from [`cholesky`].
#[inline(always)]
pub fn cholesky_solve<R: Real>(l: &[R], k: usize, b: &mut [R]) {
    for i in 0..k {
        let mut sum = b[i];
        for j in 0..i {
            sum -= l[i * k + j] * b[j];
        }
        b[i] = sum / l[i * k + i];
    }
    for i in (0..k).rev() {
        let mut sum = b[i];
        for j in i + 1..k {
            sum -= l[j * k + i] * b[j];
        }
        b[i] = sum / l[i * k + i];
    }
}

/// Solves `a x = b` in place by elimination with partial pivoting; `a` may be indefinite. `false` where it is singular to
/// working precision.
///
/// The rows below a pivot are compared with it one by one and exchanged where theirs is larger, by choice rather than
/// by branch, so that several systems can be solved side by side.
#[inline(always)]
pub fn eliminate<R: Real>(a: &mut [R], k: usize, b: &mut [R]) -> R::Mask {
    let mut scale = R::zero();
    for x in a.iter() {
        scale = scale.larger(x.abs());
    }
    let least = R::splat(1e-12) * scale;
    let mut sound = R::Mask::all(true);
    for c in 0..k {
        for i in c + 1..k {
            let larger = a[i * k + c].abs().above(a[c * k + c].abs());
            if larger.any() {
                for j in c..k {
                    let (top, low) = (a[c * k + j], a[i * k + j]);
                    a[c * k + j] = R::select(larger, low, top);
                    a[i * k + j] = R::select(larger, top, low);
                    R::keep();
                }
                let (top, low) = (b[c], b[i]);
                b[c] = R::select(larger, low, top);
                b[i] = R::select(larger, top, low);
            }
        }
        // A NaN is above nothing.
        sound = sound & a[c * k + c].abs().above(least);
        for i in c + 1..k {
            let factor = a[i * k + c] / a[c * k + c];
            for j in c..k {
                let part = factor * a[c * k + j];
                a[i * k + j] -= part;
                R::keep();
            }
            let part = factor * b[c];
            b[i] -= part;
        }
    }
    for c in (0..k).rev() {
        let mut sum = b[c];
        for j in c + 1..k {
            sum -= a[c * k + j] * b[j];
        }
        b[c] = sum / a[c * k + c];
    }
    sound
}

/// Diagonal of the inverse of the symmetric positive definite matrix in `a`, which is written over: with `a = LL'`, the sum
/// of the squares in each column of `L⁻¹`. Not a number where it does not exist; gives where it does.
#[inline(always)]
pub fn inverse_diagonal<R: Real>(a: &mut [R], k: usize, out: &mut [R]) -> R::Mask {
    let sound = cholesky(a, k);
    for c in 0..k {
        // Column c of L⁻¹ by forward substitution; below its diagonal it finds room in row c of the upper triangle.
        let first = R::one() / a[c * k + c];
        let mut squares = first * first;
        for i in c + 1..k {
            let mut sum = a[i * k + c] * first;
            for j in c + 1..i {
                sum += a[i * k + j] * a[c * k + j];
            }
            let entry = -sum / a[i * k + i];
            a[c * k + i] = entry;
            squares += entry * entry;
        }
        out[c] = R::select(sound, squares, R::nan());
    }
    sound
}

/// Inverse of a symmetric positive definite matrix, `None` if it is not one.
pub fn inverse(a: &[f64], k: usize) -> Option<Vec<f64>> {
    let mut factor = a.to_vec();
    if !cholesky(&mut factor, k) {
        return None;
    }
    let mut out = vec![0.0; k * k];
    let mut column = vec![0.0; k];
    for c in 0..k {
        column.fill(0.0);
        column[c] = 1.0;
        cholesky_solve(&factor, k, &mut column);
        for r in 0..k {
            out[r * k + c] = column[r];
        }
    }
    Some(out)
}

/// Natural logarithm of the determinant of a symmetric positive definite matrix.
pub fn ln_det(a: &[f64], k: usize) -> Option<f64> {
    let mut factor = a.to_vec();
    cholesky(&mut factor, k).then(|| (0..k).map(|i| 2.0 * factor[i * k + i].ln()).sum())
}

/// `a b`, all `k × k`, row-major.
pub fn product(a: &[f64], b: &[f64], k: usize) -> Vec<f64> {
    let mut out = vec![0.0; k * k];
    for i in 0..k {
        for l in 0..k {
            let x = a[i * k + l];
            if x != 0.0 {
                for j in 0..k {
                    out[i * k + j] += x * b[l * k + j];
                }
            }
        }
    }
    out
}

/// Coefficients and R² of a regression known only by correlations: `Rxx b = rxy`, `R² = b'rxy`.
///
/// `correlation(i, j)` gives any correlation, the outcome is `y`. `None` if the predictors are collinear. Correlations
/// corrected for attenuation need not be positive definite; the coefficients exist all the same, and the
/// admissibility checks report the matrix.
pub fn regress(correlation: impl Fn(usize, usize) -> f64, x: &[usize], y: usize) -> Option<(Vec<f64>, f64)> {
    let k = x.len();
    let mut a = vec![0.0; k * k];
    let mut b = vec![0.0; k];
    for (i, &xi) in x.iter().enumerate() {
        for (j, &xj) in x.iter().enumerate() {
            a[i * k + j] = correlation(xi, xj);
        }
        b[i] = correlation(xi, y);
    }
    let target = b.clone();
    if !eliminate(&mut a, k, &mut b) {
        return None;
    }
    let r_squared = b.iter().zip(&target).map(|(b, r)| b * r).sum();
    Some((b, r_squared))
}

/// Eigenvalues (descending) and eigenvectors (columns in the same order) of a symmetric matrix.
pub fn symmetric_eigen(a: &[f64], k: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let matrix = nalgebra::DMatrix::from_row_slice(k, k, a);
    let eigen = nalgebra::SymmetricEigen::new(matrix);
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let values = order.iter().map(|&i| eigen.eigenvalues[i]).collect();
    let vectors = order.iter().map(|&i| eigen.eigenvectors.column(i).iter().copied().collect()).collect();
    (values, vectors)
}

/// Eigenvalues (descending) of `b⁻¹a` for symmetric `a` and symmetric positive definite `b`, from the symmetric
/// `L⁻¹ a L⁻ᵀ` with `b = LL'`. `None` if `b` is not positive definite.
pub fn generalised_eigenvalues(a: &[f64], b: &[f64], k: usize) -> Option<Vec<f64>> {
    let mut l = b.to_vec();
    if !cholesky(&mut l, k) {
        return None;
    }
    // Forward substitution on the columns of `a`, then on the rows of the result.
    let forward = |m: &mut [f64], at: &dyn Fn(usize, usize) -> usize| {
        for c in 0..k {
            for i in 0..k {
                let mut sum = m[at(i, c)];
                for j in 0..i {
                    sum -= l[i * k + j] * m[at(j, c)];
                }
                m[at(i, c)] = sum / l[i * k + i];
            }
        }
    };
    let mut m = a.to_vec();
    forward(&mut m, &|i, c| i * k + c);
    forward(&mut m, &|i, c| c * k + i);
    Some(symmetric_eigen(&m, k).0)
}

/// Non-negative least squares from normal equations: minimises `b'Ab/2 − b'c` under `b ≥ 0`.
///
/// Lawson & Hanson (1974), chapter 23. `None` if a passive set is collinear.
pub fn nnls(a: &[f64], c: &[f64]) -> Option<Vec<f64>> {
    let k = c.len();
    let mut x = vec![0.0; k];
    let mut passive = vec![false; k];
    let limit = 10 * k + 30;
    for _ in 0..limit {
        let gradient: Vec<f64> =
            (0..k).map(|i| c[i] - (0..k).map(|j| a[i * k + j] * x[j]).sum::<f64>()).collect();
        let Some(enter) = (0..k)
            .filter(|&i| !passive[i] && gradient[i] > 1e-12)
            .max_by(|&i, &j| gradient[i].total_cmp(&gradient[j]))
        else {
            return Some(x);
        };
        passive[enter] = true;
        loop {
            let set: Vec<usize> = (0..k).filter(|&i| passive[i]).collect();
            let m = set.len();
            let mut sub = vec![0.0; m * m];
            let mut rhs = vec![0.0; m];
            for (i, &si) in set.iter().enumerate() {
                for (j, &sj) in set.iter().enumerate() {
                    sub[i * m + j] = a[si * k + sj];
                }
                rhs[i] = c[si];
            }
            if !cholesky(&mut sub, m) {
                return None;
            }
            cholesky_solve(&sub, m, &mut rhs);
            if rhs.iter().all(|&value| value > 0.0) {
                x.fill(0.0);
                for (i, &si) in set.iter().enumerate() {
                    x[si] = rhs[i];
                }
                break;
            }
            let step = set
                .iter()
                .zip(&rhs)
                .filter(|&(_, &s)| s <= 0.0)
                .map(|(&i, &s)| x[i] / (x[i] - s))
                .fold(1.0, f64::min);
            for (i, &si) in set.iter().enumerate() {
                x[si] += step * (rhs[i] - x[si]);
                if x[si] <= 1e-14 {
                    x[si] = 0.0;
                    passive[si] = false;
                }
            }
        }
    }
    Some(x)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let a = [4.0, 2.0, 0.5, 2.0, 3.0, 1.0, 0.5, 1.0, 2.0];
        let inv = inverse(&a, 3).unwrap();
        let identity = product(&a, &inv, 3);
        for i in 0..3 {
            for j in 0..3 {
                assert!((identity[i * 3 + j] - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        assert!((ln_det(&a, 3).unwrap() - 13.25_f64.ln()).abs() < 1e-14);
        let mut diagonal = [0.0; 3];
        assert!(inverse_diagonal(&mut a.to_vec(), 3, &mut diagonal));
        assert!((0..3).all(|i| (diagonal[i] - inv[i * 3 + i]).abs() < 1e-15));
        assert!(!inverse_diagonal(&mut [1.0; 9], 3, &mut diagonal) && diagonal[0].is_nan());
    }

    #[test]
    fn an_indefinite_system_is_solved() {
        // Eigenvalues 3 and −1.
        let mut a = [1.0, 2.0, 2.0, 1.0];
        let mut b = [5.0, 4.0];
        assert!(eliminate(&mut a, 2, &mut b));
        assert!((b[0] - 1.0).abs() < 1e-14 && (b[1] - 2.0).abs() < 1e-14);
        assert!(!eliminate(&mut [1.0, 1.0, 1.0, 1.0], 2, &mut [1.0, 1.0]));
    }

    #[test]
    fn collinear_is_refused() {
        assert!(inverse(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(inverse(&[f64::NAN, 0.0, 0.0, 1.0], 2).is_none());
        assert!(regress(|_, _| 1.0, &[0, 1], 2).is_none());
    }

    #[test]
    fn nnls_drops_the_negative_coefficient() {
        // Unconstrained solution of [[1, .5], [.5, 1]] b = [.2, .7] has a negative first entry.
        let x = nnls(&[1.0, 0.5, 0.5, 1.0], &[0.2, 0.7]).unwrap();
        assert_eq!(x, vec![0.0, 0.7]);
    }

    #[test]
    fn eigenvalues_descend() {
        let (values, vectors) = symmetric_eigen(&[1.0, 0.5, 0.5, 1.0], 2);
        assert!((values[0] - 1.5).abs() < 1e-14 && (values[1] - 0.5).abs() < 1e-14);
        assert!((vectors[0][0].abs() - 0.5_f64.sqrt()).abs() < 1e-14);
    }
}
