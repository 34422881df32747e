//! Moments of columns with holes: every statistic from the answers at hand.
//!
//! A covariance of two columns uses the cases that answered both, with the means of those cases
//! ("pairwise-present"); variances use all answers to the one column. The correlations of [`Pairwise`] are these
//! covariances divided by these standard deviations, so that both matrices tell the same story. They need not be
//! positive definite. Missing answers are NaN.

/// Moments of a few columns, each pair from its own cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairwise {
    /// Answers per column.
    pub answers: Vec<usize>,
    /// Mean per column.
    pub mean: Vec<f64>,
    /// Standard deviation (n − 1) per column.
    pub sd: Vec<f64>,
    /// Covariances (n − 1), row-major.
    pub covariance: Vec<f64>,
    /// Covariances over standard deviations, row-major.
    pub correlation: Vec<f64>,
}

/// Cases that answered both, `n`, covariance (n − 1) and correlation of two columns; `None` for fewer than two cases.
/// The correlation is NaN where one of the two does not vary among these cases.
pub fn covariance(x: &[f64], y: &[f64]) -> Option<(usize, f64, f64)> {
    let both = || x.iter().zip(y).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let n = both().count();
    if n < 2 {
        return None;
    }
    let count = n as f64;
    let (sum_x, sum_y) = both().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in both() {
        let (dx, dy) = (a - mean_x, b - mean_y);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    let r = if xx > 0.0 && yy > 0.0 { xy / (xx.sqrt() * yy.sqrt()) } else { f64::NAN };
    Some((n, xy / (count - 1.0), r))
}

impl Pairwise {
    /// Moments of the columns; `None` if a column does not vary or a pair has no correlation.
    pub fn of(columns: &[&[f64]]) -> Option<Self> {
        let k = columns.len();
        let mut moments = Self {
            answers: Vec::with_capacity(k),
            mean: Vec::with_capacity(k),
            sd: Vec::with_capacity(k),
            covariance: vec![0.0; k * k],
            correlation: vec![0.0; k * k],
        };
        for (i, x) in columns.iter().enumerate() {
            for (j, y) in columns.iter().enumerate().take(i + 1) {
                let (n, c, r) = covariance(x, y)?;
                if !r.is_finite() {
                    return None;
                }
                for at in [i * k + j, j * k + i] {
                    moments.covariance[at] = c;
                }
                if i == j {
                    moments.answers.push(n);
                    moments.mean.push(x.iter().filter(|v| !v.is_nan()).sum::<f64>() / n as f64);
                    moments.sd.push(c.sqrt());
                }
            }
        }
        for at in 0..k * k {
            let (i, j) = (at / k, at % k);
            let scale = moments.sd[i] * moments.sd[j];
            moments.correlation[at] = if i == j { 1.0 } else { moments.covariance[at] / scale };
        }
        Some(moments)
    }
}

/// Mean of the answers of every case over the columns it answered, `Σⱼ xᵢⱼ / mᵢ` over the `mᵢ` answers of case `i` (the person
/// mean: Downey & King 1998, doi:10.1080/00221309809595542); NaN for a case without any.
pub fn case_means(columns: &[&[f64]]) -> Vec<f64> {
    let cases = columns.iter().map(|c| c.len()).max().unwrap_or(0);
    let mut sum = vec![0.0; cases];
    let mut count = vec![0_u32; cases];
    for column in columns {
        for ((sum, count), x) in sum.iter_mut().zip(&mut count).zip(*column) {
            if !x.is_nan() {
                *sum += x;
                *count += 1;
            }
        }
    }
    sum.iter().zip(&count).map(|(s, n)| if *n == 0 { f64::NAN } else { s / f64::from(*n) }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_pair_uses_its_own_cases() {
        let x = [1.0, 2.0, 3.0, f64::NAN, 7.0];
        let y = [2.0, 2.0, 5.0, 9.0, f64::NAN];
        let (n, c, r) = covariance(&x, &y).unwrap();
        // Over the first three cases: deviations −1, 0, 1 and −1, −1, 2.
        assert_eq!(n, 3);
        assert!((c - 1.5).abs() < 1e-15);
        assert!((r - 3.0 / 12.0_f64.sqrt()).abs() < 1e-15);
        let m = Pairwise::of(&[&x, &y]).unwrap();
        assert_eq!(m.answers, [4, 4]);
        assert!((m.mean[0] - 3.25).abs() < 1e-15 && (m.covariance[1] - 1.5).abs() < 1e-15);
    }

    #[test]
    fn what_does_not_vary_has_no_moments() {
        assert!(Pairwise::of(&[&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]]).is_none());
        assert!(covariance(&[1.0, f64::NAN], &[f64::NAN, 2.0]).is_none());
    }

    #[test]
    fn case_means_use_the_answers_at_hand() {
        let means = case_means(&[&[1.0, f64::NAN, f64::NAN], &[3.0, 5.0, f64::NAN]]);
        assert_eq!(&means[..2], [2.0, 5.0]);
        assert!(means[2].is_nan());
    }
}
