//! Tail probabilities and quantiles of the distributions the field uses.
//!
//! All of them come from three functions: the complementary error function `erfc`, the incomplete gamma function
//! `Q(a, x) = Γ(a, x)/Γ(a)`, and the incomplete beta function `Iₓ(a, b)` (Abramowitz & Stegun 1964, *Handbook of Mathematical
//! Functions*, National Bureau of Standards, chapter 26, whose numbers are given below).

use statrs::distribution::{ChiSquared, ContinuousCDF};
use statrs::function::beta::{checked_beta_reg, ln_beta};

/// Lower tail of the standard normal distribution, `Φ(z) = erfc(−z/√2)/2` (26.2.29), to full precision in both tails.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Two-sided p-value of a standard normal statistic, `2Φ(−|z|) = erfc(|z|/√2)`.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Quantile of the standard normal distribution: a rational start (26.2.23), then three of Halley's steps on [`normal_cdf`],
/// `z − e/(1 + z e/2)` with `e = (Φ(z) − p)/φ(z)`. NaN unless `p` lies between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    // The start is good to 4.5e-4; every step triples the number of good digits.
    let t = (-2.0 * p.ln()).sqrt();
    let mut z = -(t
        - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t)
            / (1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t));
    for _ in 0..3 {
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        if density == 0.0 {
            break;
        }
        let error = (normal_cdf(z) - p) / density;
        z -= error / (1.0 + 0.5 * z * error);
    }
    z
}

/// Quantile of the chi-square distribution, the `x` with `Q(df/2, x/2) = 1 − p`; `None` unless `df` is positive.
pub fn chi_square_quantile(p: f64, df: f64) -> Option<f64> {
    ChiSquared::new(df).ok().map(|distribution| distribution.inverse_cdf(p))
}

/// Upper tail of the chi-square distribution, `Q(df/2, x/2)` (26.4.19); `None` unless `df` is positive.
pub fn chi_square_upper(x: f64, df: f64) -> Option<f64> {
    if x.is_nan() {
        return None;
    }
    ChiSquared::new(df).ok().map(|distribution| distribution.sf(x.max(0.0)))
}

/// Two-sided p-value of a statistic with Student's t distribution, `Iₓ(df/2, 1/2)` at `x = df/(df + t²)` (26.5.27); `None`
/// unless `df` is positive.
pub fn student_t_two_sided(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    // The small tail is computed directly.
    checked_beta_reg(0.5 * df, 0.5, df / (df + t * t)).ok()
}

/// Quantile of Student's t distribution: `t²` is the quantile of F with 1 and `df` degrees of freedom, polished by Newton's
/// steps on [`student_t_two_sided`].
///
/// `None` unless `df` is positive and `p` lies between 0 and 1.
pub fn student_t_quantile(p: f64, df: f64) -> Option<f64> {
    if !(df > 0.0 && p > 0.0 && p < 1.0) {
        return None;
    }
    if p == 0.5 {
        return Some(0.0);
    }
    // The incomplete beta function loses digits in very many degrees of freedom, where the expansion about the normal
    // quantile has an error of the order of df⁻³ (Abramowitz & Stegun 1964, 26.7.5).
    if df > 1e6 {
        let z = normal_quantile(p);
        let first = (z.powi(3) + z) / 4.0;
        let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
        return Some(z + first / df + second / (df * df));
    }
    // t² follows F(1, df), and its upper tail is both tails of t.
    let both = 2.0 * p.min(1.0 - p);
    let t = f_quantile(1.0 - both, 1.0, df)?.sqrt();
    // Polished on the tail itself, where 1 − p has lost digits.
    let constant = -ln_beta(0.5 * df, 0.5) - 0.5 * df.ln();
    let mut t = t.max(f64::MIN_POSITIVE);
    for _ in 0..8 {
        let density = (constant - 0.5 * (df + 1.0) * (t * t / df).ln_1p()).exp();
        let step = (student_t_two_sided(t, df)? - both) / (2.0 * density);
        if !step.is_finite() {
            break;
        }
        t += step;
        if step.abs() <= 1e-15 * t.abs() {
            break;
        }
    }
    Some(if p < 0.5 { -t } else { t })
}

/// Density of the standard normal distribution, `φ(z) = exp(−z²/2)/√(2π)`.
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Lower tail of the F distribution, `Iₓ(df1/2, df2/2)` at `x = df1 F/(df1 F + df2)` (26.5.28); `None` unless both degrees of
/// freedom are positive.
pub fn f_cdf(x: f64, df1: f64, df2: f64) -> Option<f64> {
    if x.is_nan() || !(df1 > 0.0 && df2 > 0.0) {
        return None;
    }
    if x <= 0.0 {
        return Some(0.0);
    }
    checked_beta_reg(0.5 * df1, 0.5 * df2, df1 * x / (df1 * x + df2)).ok()
}

/// Quantile of the F distribution: Newton's steps on [`f_cdf`], kept inside a shrinking bracket.
///
/// `None` unless both degrees of freedom are positive and `p` lies between 0 and 1.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !(df1 > 0.0 && df2 > 0.0 && p > 0.0 && p < 1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while f_cdf(high, df1, df2)? < p {
        low = high;
        high *= 2.0;
        if high > 1e300 {
            return None;
        }
    }
    let (a, b) = (0.5 * df1, 0.5 * df2);
    let constant = a * (df1 / df2).ln() - ln_beta(a, b);
    let mut x = 0.5 * (low + high);
    for _ in 0..200 {
        let error = f_cdf(x, df1, df2)? - p;
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = (constant + (a - 1.0) * x.ln() - (a + b) * (df1 * x / df2).ln_1p()).exp();
        let newton = x - error / density;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let step = (next - x).abs();
        x = next;
        if step <= 1e-15 * x {
            break;
        }
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_matches_tables() {
        // Reference values from mpmath at 30 digits.
        assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((normal_quantile(0.0001) + 3.719_016_485_455_709).abs() < 1e-13);
        assert!((normal_two_sided(3.0) - 0.002_699_796_063_260_187).abs() < 1e-16);
        assert!((normal_cdf(-10.0) / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn f_and_t_match_tables() {
        // Closed forms: F(2, 2) has the lower tail x/(1 + x), F(2, n) has 1 − (1 + 2x/n)^(−n/2).
        assert!(f_quantile(0.975, 2.0, 2.0).is_some_and(|x| (x - 39.0).abs() < 1e-11));
        let n = 30.0_f64;
        let expected = n / 2.0 * (0.025_f64.powf(-2.0 / n) - 1.0);
        assert!(f_quantile(0.975, 2.0, n).is_some_and(|x| (x - expected).abs() < 1e-12));
        for p in [0.001, 0.025, 0.5, 0.975, 0.999] {
            let x = f_quantile(p, 479.0, 1437.0).unwrap_or(0.0);
            assert!(f_cdf(x, 479.0, 1437.0).is_some_and(|back| (back - p).abs() < 1e-13));
        }
        // t with one degree of freedom is Cauchy: P(|T| > 1) = 1/2; with two, P(|T| > t) = 1 − t/√(2 + t²).
        assert!(student_t_two_sided(-1.0, 1.0).is_some_and(|p| (p - 0.5).abs() < 1e-14));
        assert!(
            student_t_two_sided(2.0, 2.0).is_some_and(|p| (p - (1.0 - 2.0 / 6.0_f64.sqrt())).abs() < 1e-14)
        );
        // Cauchy: tan(π(p − ½)); two degrees: closed form; the normal limit.
        let cauchy = (0.475 * std::f64::consts::PI).tan();
        assert!(student_t_quantile(0.975, 1.0).is_some_and(|t| (t / cauchy - 1.0).abs() < 1e-13));
        let two = 0.95 / (2.0 * 0.975 * 0.025_f64).sqrt();
        assert!(student_t_quantile(0.025, 2.0).is_some_and(|t| (t + two).abs() < 1e-13));
        assert!(student_t_quantile(0.975, 1e9).is_some_and(|t| (t - 1.959_963_987).abs() < 1e-8));
        assert_eq!(student_t_quantile(0.5, 9.0), Some(0.0));
        assert_eq!(student_t_quantile(0.5, 0.0), None);
        assert_eq!(f_quantile(0.5, 0.0, 3.0), None);
        assert_eq!(f_quantile(1.0, 3.0, 3.0), None);
        assert_eq!(student_t_two_sided(1.0, 0.0), None);
    }
}
