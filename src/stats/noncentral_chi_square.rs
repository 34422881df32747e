//! The noncentral χ² distribution, a Poisson mixture of central ones: `P(X ≤ x) = Σ_j Pois(j; λ/2) P(χ²_{df+2j} ≤ x)`.

use statrs::function::gamma::{checked_gamma_lr, ln_gamma};

/// Lower tail; `None` unless `df` is positive, and `x` and the noncentrality are not negative.
pub fn cdf(x: f64, df: f64, noncentrality: f64) -> Option<f64> {
    if !(df > 0.0 && x >= 0.0 && noncentrality >= 0.0 && x.is_finite() && noncentrality.is_finite()) {
        return None;
    }
    if x == 0.0 {
        return Some(0.0);
    }
    let central = |j: f64| checked_gamma_lr(df / 2.0 + j, x / 2.0).ok();
    if noncentrality == 0.0 {
        return central(0.0);
    }
    let rate = noncentrality / 2.0;
    let weight = |j: f64| (j * rate.ln() - rate - ln_gamma(j + 1.0)).exp();
    // From the largest weight outwards, until the weights left cannot matter.
    let middle = rate.floor();
    let mut sum = 0.0;
    let mut j = middle;
    loop {
        let w = weight(j);
        let term = w * central(j)?;
        sum += term;
        // Terms fall faster than the weights, which fall geometrically from here on.
        if w < 1e-18 || (term < 1e-18 && j > middle) {
            break;
        }
        j += 1.0;
    }
    j = middle - 1.0;
    while j >= 0.0 {
        let w = weight(j);
        if w < 1e-18 {
            break;
        }
        sum += w * central(j)?;
        j -= 1.0;
    }
    Some(sum.min(1.0))
}

/// The noncentrality at which `x` has the lower tail `p`; 0 if even the central distribution has less.
pub fn noncentrality(x: f64, df: f64, p: f64) -> Option<f64> {
    if cdf(x, df, 0.0)? <= p {
        return Some(0.0);
    }
    // The tail falls as the noncentrality grows.
    let mut high = x.max(1.0);
    while cdf(x, df, high)? > p {
        high *= 2.0;
    }
    let mut low = 0.0;
    while high - low > 1e-12 * high.max(1.0) {
        let middle = f64::midpoint(low, high);
        if middle == low || middle == high {
            break;
        }
        if cdf(x, df, middle)? > p { low = middle } else { high = middle }
    }
    Some(f64::midpoint(low, high))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_of_freedom_have_a_closed_form_without_noncentrality() {
        assert!((cdf(3.0, 2.0, 0.0).unwrap() - (1.0 - (-1.5_f64).exp())).abs() < 1e-14);
    }

    #[test]
    fn one_degree_of_freedom_is_the_square_of_a_shifted_normal() {
        use crate::stats::distribution::normal_cdf;
        for (x, shift) in [(0.5_f64, 0.3), (4.0, 2.0), (100.0, 8.0)] {
            let root = x.sqrt();
            let expected = normal_cdf(root - shift) - normal_cdf(-root - shift);
            assert!((cdf(x, 1.0, shift * shift).unwrap() - expected).abs() < 1e-13, "{x} {shift}");
        }
    }

    #[test]
    fn the_noncentrality_found_has_the_tail_asked_for() {
        for p in [0.05, 0.5, 0.95] {
            let found = noncentrality(120.0, 60.0, p).unwrap();
            if found > 0.0 {
                assert!((cdf(120.0, 60.0, found).unwrap() - p).abs() < 1e-11);
            }
        }
        assert_eq!(noncentrality(10.0, 60.0, 0.95), Some(0.0));
    }

    #[test]
    fn what_has_no_answer_says_so() {
        assert_eq!(cdf(-1.0, 2.0, 1.0), None);
        assert_eq!(cdf(1.0, 0.0, 1.0), None);
        assert_eq!(cdf(f64::NAN, 1.0, 1.0), None);
    }
}
