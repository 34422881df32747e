//! Tests of normality with mean and variance estimated, from the distance of the empirical distribution to the normal one.
//!
//! With `z_i` the standardised values in ascending order (divisor n − 1) and `p_i = Φ(z_i)`:
//!
//! - Lilliefors (1967), doi:10.1080/01621459.1967.10482916: `D = max |F_n − Φ|`; p by Dallal & Wilkinson (1986), and above
//!   .10 by Stephens' modified statistic;
//! - Cramér-von Mises: `W² = 1/(12n) + Σ (p_i − (2i − 1)/(2n))²`;
//! - Anderson-Darling: `A² = −n − (1/n) Σ (2i − 1) (ln p_i + ln(1 − p_{n+1−i}))`, which weighs the tails.
//!
//! p of the last two by the modified statistics and the curves of Stephens (in D'Agostino & Stephens 1986, *Goodness-of-Fit
//! Techniques*, table 4.9). Values must be finite; ties are allowed, though the tests assume none.

use serde::Serialize;

use super::describe;
use super::distribution::normal_cdf;

/// A statistic and its p-value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// Probability of one at least as large if the values are normal.
    pub p: f64,
}

/// Fewest values for Cramér-von Mises and Anderson-Darling.
const FEWEST: usize = 8;

/// Standardised values in ascending order; `None` of too few or of a constant.
fn standardised(values: &[f64], fewest: usize) -> Option<Vec<f64>> {
    let (mean, sd) = (describe::mean(values), describe::sd(values));
    if values.len() < fewest || !sd.is_finite() || sd <= 1e-14 * mean.abs() {
        return None;
    }
    let mut z: Vec<f64> = values.iter().map(|x| (x - mean) / sd).collect();
    z.sort_by(f64::total_cmp);
    Some(z)
}

/// Lilliefors' test; `None` of fewer than five values or of a constant.
pub fn lilliefors(values: &[f64]) -> Option<Test> {
    let z = standardised(values, 5)?;
    let n = z.len() as f64;
    let statistic = z.iter().enumerate().fold(0.0_f64, |d, (i, z)| {
        let p = normal_cdf(*z);
        d.max((i + 1) as f64 / n - p).max(p - i as f64 / n)
    });
    // The approximation is made for up to 100 values; the distance of larger samples is brought down to these.
    let (d, m) = if n <= 100.0 { (statistic, n) } else { (statistic * (n / 100.0).powf(0.49), 100.0) };
    let mut p = (-7.01256 * d * d * (m + 2.78019) + 2.99587 * d * (m + 2.78019).sqrt() - 0.122_119
        + 0.974_598 / m.sqrt()
        + 1.67997 / m)
        .exp();
    if p > 0.1 {
        let k = (n.sqrt() - 0.01 + 0.85 / n.sqrt()) * statistic;
        let curve = |c: [f64; 5]| c.iter().rev().fold(0.0, |sum, c| sum * k + c);
        p = if k <= 0.302 {
            1.0
        } else if k <= 0.5 {
            curve([2.76773, -19.828_315, 80.709_644, -138.55152, 81.218_052])
        } else if k <= 0.9 {
            curve([-4.901_232, 40.662_806, -97.490_286, 94.029_866, -32.355_711])
        } else if k <= 1.31 {
            curve([6.198_765, -19.558_097, 23.186_922, -12.234_627, 2.423_045])
        } else {
            0.0
        };
    }
    Some(Test { statistic, p: p.clamp(0.0, 1.0) })
}

/// The Cramér-von Mises test; `None` of fewer than eight values or of a constant.
pub fn cramer_von_mises(values: &[f64]) -> Option<Test> {
    let z = standardised(values, FEWEST)?;
    let n = z.len() as f64;
    let distance = |(i, z): (usize, &f64)| (normal_cdf(*z) - (2 * i + 1) as f64 / (2.0 * n)).powi(2);
    let statistic = 1.0 / (12.0 * n) + z.iter().enumerate().map(distance).sum::<f64>();
    let w = (1.0 + 0.5 / n) * statistic;
    let p = if w < 0.0275 {
        1.0 - (-13.953 + 775.5 * w - 12_542.61 * w * w).exp()
    } else if w < 0.051 {
        1.0 - (-5.903 + 179.546 * w - 1515.29 * w * w).exp()
    } else if w < 0.092 {
        (0.886 - 31.62 * w + 10.897 * w * w).exp()
    } else if w < 1.1 {
        (1.111 - 34.242 * w + 12.832 * w * w).exp()
    } else {
        7.37e-10
    };
    Some(Test { statistic, p })
}

/// The Anderson-Darling test; `None` of fewer than eight values or of a constant.
pub fn anderson_darling(values: &[f64]) -> Option<Test> {
    let z = standardised(values, FEWEST)?;
    let n = z.len() as f64;
    // ln(1 − Φ(z)) = ln Φ(−z) keeps its precision in the upper tail.
    let term = |(i, (low, high)): (usize, (&f64, &f64))| {
        (2 * i + 1) as f64 * (normal_cdf(*low).ln() + normal_cdf(-high).ln())
    };
    let statistic = -n - z.iter().zip(z.iter().rev()).enumerate().map(term).sum::<f64>() / n;
    if !statistic.is_finite() {
        return None;
    }
    let a = (1.0 + 0.75 / n + 2.25 / (n * n)) * statistic;
    let p = if a < 0.2 {
        1.0 - (-13.436 + 101.14 * a - 223.73 * a * a).exp()
    } else if a < 0.34 {
        1.0 - (-8.318 + 42.796 * a - 59.938 * a * a).exp()
    } else if a < 0.6 {
        (0.9177 - 4.279 * a - 1.38 * a * a).exp()
    } else if a < 10.0 {
        (1.2937 - 5.709 * a + 0.0186 * a * a).exp()
    } else {
        3.7e-24
    };
    Some(Test { statistic, p })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::stats::distribution::normal_quantile;

    /// Normal quantiles: as normal as 200 values can be.
    fn normal() -> Vec<f64> {
        (0..200).map(|i| normal_quantile((f64::from(i) + 0.5) / 200.0)).collect()
    }

    #[test]
    fn quantiles_of_the_normal_pass_and_their_exponentials_fail() {
        let skewed: Vec<f64> = normal().iter().map(|z| z.exp()).collect();
        for test in [lilliefors, cramer_von_mises, anderson_darling] {
            assert!(test(&normal()).unwrap().p > 0.9);
            assert!(test(&skewed).unwrap().p < 1e-6);
        }
    }

    #[test]
    fn location_and_scale_do_not_matter() {
        let values: Vec<f64> = normal().iter().map(|z| (0.3 * z).exp()).collect();
        let moved: Vec<f64> = values.iter().map(|x| 7.0 - 3.0 * x).collect();
        for test in [lilliefors, cramer_von_mises, anderson_darling] {
            let (a, b) = (test(&values).unwrap(), test(&moved).unwrap());
            assert!((a.statistic - b.statistic).abs() < 1e-12 && (a.p - b.p).abs() < 1e-12);
        }
    }

    #[test]
    fn constants_and_few_values_have_no_test() {
        assert_eq!(lilliefors(&[1.0; 20]), None);
        assert_eq!(cramer_von_mises(&[0.1; 20]), None);
        assert_eq!(anderson_darling(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
        assert!(lilliefors(&[1.0, 2.0, 3.0, 4.0, 5.0]).is_some());
    }
}
