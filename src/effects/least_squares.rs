//! Least squares with an intercept on columns of cases, weighted or not.

use crate::stats::linear;

/// What a regression gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Regression {
    /// Coefficients of the predictors, in their order; that of the intercept is not among them.
    pub(super) coefficients: Vec<f64>,
    /// The intercept.
    pub(super) intercept: f64,
    /// Sum of squared residuals.
    pub(super) residual_squares: f64,
    /// Sum of squares of the outcome about its mean.
    pub(super) total_squares: f64,
}

/// Means and centred cross-products of columns, from which the regression of any column on any others follows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CrossProducts {
    means: Vec<f64>,
    sums: Vec<f64>,
    k: usize,
}

impl CrossProducts {
    /// Gathers them; a case of weight 2 counts as two cases.
    pub(super) fn of(columns: &[&[f64]], weights: Option<&[f64]>) -> Self {
        let k = columns.len();
        let cases = columns.first().map_or(0, |column| column.len());
        let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
        let total: f64 = (0..cases).map(weight).sum();
        // A case of weight 0 may hold anything, such as a copula term that it does not have.
        let weighted = |(i, x): (usize, &f64)| if weight(i) == 0.0 { 0.0 } else { weight(i) * x };
        let means: Vec<f64> = columns
            .iter()
            .map(|column| column.iter().enumerate().map(weighted).sum::<f64>() / total)
            .collect();
        let mut sums = vec![0.0; k * k];
        let mut centred = vec![0.0; k];
        for i in 0..cases {
            let w = weight(i);
            if w == 0.0 {
                continue;
            }
            for ((centred, column), mean) in centred.iter_mut().zip(columns).zip(&means) {
                *centred = column[i] - mean;
            }
            for a in 0..k {
                let x = w * centred[a];
                for b in 0..=a {
                    sums[a * k + b] += x * centred[b];
                }
            }
        }
        for a in 0..k {
            for b in 0..a {
                sums[b * k + a] = sums[a * k + b];
            }
        }
        Self { means, sums, k }
    }

    /// Regresses column `y` on the columns `x`; `None` if these are collinear or one of all does not vary.
    pub(super) fn regress(&self, x: &[usize], y: usize) -> Option<Regression> {
        let (k, m) = (self.k, x.len());
        let root = |i: usize| self.sums[i * k + i].sqrt();
        if x.iter().chain([&y]).any(|&i| self.sums[i * k + i].is_nan() || self.sums[i * k + i] <= 0.0) {
            return None;
        }
        // On the scale of correlations the test of collinearity means the same for all columns.
        let mut a = vec![0.0; m * m];
        for (r, &i) in x.iter().enumerate() {
            for (c, &j) in x.iter().enumerate() {
                a[r * m + c] = self.sums[i * k + j] / (root(i) * root(j));
            }
        }
        if !linear::cholesky(&mut a, m) {
            return None;
        }
        let mut b: Vec<f64> = x.iter().map(|&i| self.sums[i * k + y] / root(i)).collect();
        linear::cholesky_solve(&a, m, &mut b);
        let coefficients: Vec<f64> = b.iter().zip(x).map(|(b, &i)| b / root(i)).collect();
        let along =
            |i: usize| -> f64 { coefficients.iter().zip(x).map(|(b, &j)| b * self.sums[i * k + j]).sum() };
        let total_squares = self.sums[y * k + y];
        let explained: f64 = coefficients.iter().zip(x).map(|(b, &i)| b * along(i)).sum();
        let intercept =
            self.means[y] - coefficients.iter().zip(x).map(|(b, &i)| b * self.means[i]).sum::<f64>();
        Some(Regression {
            coefficients,
            intercept,
            residual_squares: (total_squares - explained).max(0.0),
            total_squares,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_with_its_intercept() {
        let x = [1.0, 2.0, 3.0, 4.0, 7.0];
        let z = [2.0, 1.0, 0.0, 5.0, 1.0];
        let y: Vec<f64> = x.iter().zip(&z).map(|(x, z)| 3.0 + 2.0 * x - 0.5 * z).collect();
        let fit = CrossProducts::of(&[&y, &x, &z], None).regress(&[1, 2], 0).unwrap();
        assert!((fit.coefficients[0] - 2.0).abs() < 1e-12 && (fit.coefficients[1] + 0.5).abs() < 1e-12);
        assert!((fit.intercept - 3.0).abs() < 1e-12 && fit.residual_squares < 1e-12);
    }

    #[test]
    fn whole_weights_repeat_cases() {
        let (x, y) = ([1.0, 2.0, 4.0, 3.0], [1.0, 3.0, 2.0, 5.0]);
        let hidden = [1.0, 2.0, f64::NAN, 3.0];
        let weights = [1.0, 2.0, 0.0, 1.0];
        let weighted = CrossProducts::of(&[&y, &x], Some(&weights)).regress(&[1], 0).unwrap();
        assert_eq!(
            CrossProducts::of(&[&y, &hidden], Some(&weights)).regress(&[1], 0).as_ref(),
            Some(&weighted)
        );
        let plain = CrossProducts::of(&[&[1.0, 3.0, 3.0, 5.0], &[1.0, 2.0, 2.0, 3.0]], None);
        assert_eq!(weighted, plain.regress(&[1], 0).unwrap());
    }

    #[test]
    fn collinear_and_constant_columns_have_no_regression() {
        let (x, y) = ([1.0, 2.0, 4.0], [1.0, 3.0, 2.0]);
        let twice: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
        assert_eq!(CrossProducts::of(&[&y, &x, &twice], None).regress(&[1, 2], 0), None);
        assert_eq!(CrossProducts::of(&[&y, &[1.0; 3]], None).regress(&[1], 0), None);
    }
}
