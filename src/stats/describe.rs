//! Moments of one variable: mean, spread, skewness, kurtosis.
//!
//! Every function takes the values as they are: the caller has left out what is missing, and a NaN among
//! the values makes the result NaN. A statistic that the number of values does not allow (a variance of one
//! value, a skewness of a constant) is NaN as well, never an error.
//!
//! Two conventions exist for skewness and kurtosis (Joanes & Gill, 1998). *Type 1* is the moment ratio of the
//! values at hand, with divisor n. *Type 2* corrects it for the size of the sample (G1 and G2); spreadsheets,
//! SPSS and SAS print type 2.

/// The arithmetic mean; NaN of no values.
pub fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let rough = values.iter().sum::<f64>() / n;
    // A second pass takes back what rounding lost in the first.
    rough + values.iter().map(|value| value - rough).sum::<f64>() / n
}

/// The variance with divisor n − 1; NaN of fewer than two values.
pub fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// The standard deviation with divisor n − 1; NaN of fewer than two values.
pub fn sd(values: &[f64]) -> f64 {
    variance(values).sqrt()
}

/// The median: the middle value, or the mean of the two middle ones; NaN of no values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    let middle = sorted.len() / 2;
    if sorted.is_empty() || values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let (below, upper, _) = sorted.select_nth_unstable_by(middle, f64::total_cmp);
    if values.len() % 2 == 1 {
        return *upper;
    }
    below.iter().copied().max_by(f64::total_cmp).map_or(*upper, |lower| lower.midpoint(*upper))
}

/// The central moment of this order, divisor n.
fn central_moment(values: &[f64], order: i32) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(order)).sum::<f64>() / values.len() as f64
}

/// Whether the values differ at all. Rounding can give a constant a tiny variance, so it is asked directly.
fn varies(values: &[f64]) -> bool {
    values.windows(2).any(|pair| matches!(pair, [a, b] if a != b))
}

/// Skewness of type 1: m₃ / m₂^1.5; NaN of a constant.
pub fn skewness(values: &[f64]) -> f64 {
    if !varies(values) {
        return f64::NAN;
    }
    central_moment(values, 3) / central_moment(values, 2).powf(1.5)
}

/// Skewness of type 2: G₁ = g₁ √(n (n − 1)) / (n − 2), g₁ being [`skewness`]; NaN of fewer than three values.
pub fn skewness_type2(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 3 { f64::NAN } else { skewness(values) * (n * (n - 1.0)).sqrt() / (n - 2.0) }
}

/// Kurtosis of type 1: m₄ / m₂², 3 for a normal distribution; NaN of a constant.
pub fn kurtosis(values: &[f64]) -> f64 {
    if !varies(values) {
        return f64::NAN;
    }
    central_moment(values, 4) / central_moment(values, 2).powi(2)
}

/// Excess kurtosis of type 2: G₂ = ((n + 1) g₂ + 6) (n − 1) / ((n − 2) (n − 3)), g₂ being [`kurtosis`] − 3;
/// NaN of fewer than four values.
pub fn excess_kurtosis_type2(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 4 {
        return f64::NAN;
    }
    ((n + 1.0) * (kurtosis(values) - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    const VALUES: [f64; 8] = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];

    #[test]
    fn literals_computed_by_exact_fractions_agree() {
        assert_relative_eq!(mean(&VALUES), 5.0, epsilon = 1e-14);
        assert_relative_eq!(variance(&VALUES), 32.0 / 7.0, epsilon = 1e-14);
        assert_relative_eq!(sd(&VALUES), 2.138_089_935_299_395, epsilon = 1e-14);
        assert_relative_eq!(median(&VALUES), 4.5);
        assert_relative_eq!(skewness(&VALUES), 0.656_25, epsilon = 1e-14);
        assert_relative_eq!(skewness_type2(&VALUES), 0.818_487_553_356_799_7, epsilon = 1e-13);
        assert_relative_eq!(kurtosis(&VALUES), 2.781_25, epsilon = 1e-14);
        assert_relative_eq!(excess_kurtosis_type2(&VALUES), 0.940_625, epsilon = 1e-13);
    }

    #[test]
    fn a_large_offset_does_not_drown_the_spread() {
        let shifted: Vec<f64> = VALUES.iter().map(|value| value + 1e9).collect();
        assert_relative_eq!(variance(&shifted), 32.0 / 7.0, epsilon = 1e-9);
        assert_relative_eq!(skewness(&shifted), 0.656_25, epsilon = 1e-9);
    }

    #[test]
    fn median_takes_the_middle_whatever_the_order() {
        assert_relative_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_relative_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_relative_eq!(median(&[-7.0]), -7.0);
    }

    #[test]
    fn too_few_or_constant_values_have_no_statistic() {
        assert!(mean(&[]).is_nan() && median(&[]).is_nan() && variance(&[1.0]).is_nan());
        assert!(skewness(&[0.1; 7]).is_nan() && kurtosis(&[0.1; 7]).is_nan());
        assert!(skewness_type2(&[1.0, 2.0]).is_nan() && excess_kurtosis_type2(&[1.0, 2.0, 4.0]).is_nan());
        assert!(median(&[1.0, f64::NAN, 2.0]).is_nan());
    }
}
