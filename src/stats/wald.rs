//! Wald's test of several estimates at once.

use super::linear;

/// `b'V⁻¹b`, V the covariance of the estimates over their draws, one column of draws per estimate (Wald 1943,
/// doi:10.1090/S0002-9947-1943-0012401-3). Chi-square with as many degrees of freedom as there are estimates, in large samples.
///
/// `None` where V is singular, or where there are fewer than two draws more than estimates.
pub fn wald(b: &[f64], draws: &[Vec<f64>]) -> Option<f64> {
    let m = b.len();
    let n = draws.iter().map(Vec::len).min()?;
    if draws.len() != m || n < m + 2 {
        return None;
    }
    let mean: Vec<f64> = draws.iter().map(|column| column.iter().sum::<f64>() / n as f64).collect();
    let mut v = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m {
            let pairs = draws[i].iter().zip(&draws[j]);
            v[i * m + j] = pairs.map(|(x, y)| (x - mean[i]) * (y - mean[j])).sum::<f64>() / (n as f64 - 1.0);
        }
    }
    if !linear::cholesky(&mut v, m) {
        return None;
    }
    let mut x = b.to_vec();
    linear::cholesky_solve(&v, m, &mut x);
    Some(b.iter().zip(&x).map(|(b, x)| b * x).sum())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn one_estimate_has_its_t_squared() {
        let draws = vec![vec![0.1, 0.3, 0.2, 0.5, 0.4]];
        let sd = (0.1_f64 / 4.0).sqrt();
        assert!((wald(&[0.3], &draws).unwrap() - (0.3 / sd).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn estimates_that_do_not_depend_on_each_other_add_up() {
        let draws = vec![vec![1.0, -1.0, 1.0, -1.0], vec![1.0, 1.0, -1.0, -1.0]];
        let variance = 4.0 / 3.0;
        let expected = (0.25 + 0.04) / variance;
        assert!((wald(&[0.5, 0.2], &draws).unwrap() - expected).abs() < 1e-14);
    }

    #[test]
    fn nothing_is_tested_where_the_covariance_is_singular() {
        let one = vec![0.1, 0.3, 0.2, 0.5];
        assert_eq!(wald(&[0.3, 0.3], &[one.clone(), one]), None);
        assert_eq!(wald(&[0.3], &[vec![0.5; 3]]), None);
        assert_eq!(wald(&[0.3], &[vec![0.5, 0.6]]), None);
        assert_eq!(wald(&[], &[]), None);
    }
}
