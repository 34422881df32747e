//! Tail probabilities and quantiles of the distributions the field uses.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Lower tail of the standard normal distribution, to full precision in both tails.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Two-sided p-value of a standard normal statistic.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Quantile of the standard normal distribution: Acklam's rational start, then Halley steps on [`normal_cdf`].
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
    // Abramowitz & Stegun 26.2.23 is good to 4.5e-4; three Halley steps square that away.
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

/// Quantile of the chi-square distribution; `None` for fewer than one degree of freedom.
pub fn chi_square_quantile(p: f64, df: f64) -> Option<f64> {
    ChiSquared::new(df).ok().map(|distribution| distribution.inverse_cdf(p))
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
}
