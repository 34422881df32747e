//! The standard bivariate normal distribution.
//!
//! Plackett (1954, doi:10.1093/biomet/41.3-4.351): `∂Φ₂(h, k; ρ)/∂ρ = φ₂(h, k; ρ)`. With `ρ = sin θ`
//!
//! ```text
//! Φ₂(h, k; ρ) = Φ(h) Φ(k) + 1/2π ∫₀^{arcsin ρ} exp(−(h² + k² − 2hk sin θ) / (2 cos² θ)) dθ,
//! ```
//!
//! the form Drezner & Wesolowsky (1990, doi:10.1080/00949659008811236) and Genz (2004,
//! doi:10.1023/B:STCO.0000035304.20635.31) integrate by Gauss-Legendre rules. Near `|ρ| = 1` the integrand is flat at
//! the end and steep before it, so panels halve towards the end there, 20 points each; the angle from the end,
//! not `ρ`, enters the exponent, so nothing cancels.

use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::LazyLock;

use super::distribution::normal_cdf;

/// Up to this angle one panel does.
const PLAIN: f64 = 1.0;
const POINTS: usize = 20;

static RULE: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| legendre(POINTS));

/// Nodes and weights of Gauss and Legendre's rule on (0, 1), by Newton steps on the Legendre polynomial.
pub(super) fn legendre(points: usize) -> Vec<(f64, f64)> {
    let n = points as f64;
    (0..points)
        .map(|i| {
            let mut x = (PI * (i as f64 + 0.75) / (n + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..8 {
                let (mut before, mut here) = (1.0, x);
                for k in 2..=points {
                    let k = k as f64;
                    (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
                }
                slope = n * (x * here - before) / (x * x - 1.0);
                x -= here / slope;
            }
            ((1.0 - x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// `φ₂(h, k; ρ)` for `|ρ| < 1`; 0 at infinite arguments.
pub fn density(h: f64, k: f64, rho: f64) -> f64 {
    if h.is_infinite() || k.is_infinite() {
        return 0.0;
    }
    let rest = (1.0 - rho) * (1.0 + rho);
    let square = (h - k).mul_add(h - k, 2.0 * h * k * (1.0 - rho));
    (-0.5 * square / rest).exp() / (2.0 * PI * rest.sqrt())
}

/// `Φ₂(h, k; ρ) = P(X ≤ h, Y ≤ k)`, infinite arguments allowed; NaN unless `|ρ| ≤ 1`.
pub fn cdf(h: f64, k: f64, rho: f64) -> f64 {
    if h.is_nan() || k.is_nan() || !(-1.0..=1.0).contains(&rho) {
        return f64::NAN;
    }
    if h == f64::NEG_INFINITY || k == f64::NEG_INFINITY {
        return 0.0;
    }
    if h == f64::INFINITY {
        return normal_cdf(k);
    }
    if k == f64::INFINITY {
        return normal_cdf(h);
    }
    if rho < 0.0 {
        // P(X ≤ h, Y ≤ k) = P(X ≤ h) − P(X ≤ h, −Y < −k): the integral for −k and −ρ, with its sign turned.
        let product = normal_cdf(h) * normal_cdf(k);
        return (product - integral(h, -k, -rho)).max(0.0);
    }
    if rho == 1.0 {
        return normal_cdf(h.min(k));
    }
    (normal_cdf(h) * normal_cdf(k) + integral(h, k, rho)).min(1.0)
}

/// The integral from 0 to `arcsin ρ`, `0 ≤ ρ ≤ 1`, over 2π.
fn integral(h: f64, k: f64, rho: f64) -> f64 {
    // Angle from the far end; acos loses nothing near 1 if it goes through the half angle.
    let end = 2.0 * ((1.0 - rho) / 2.0).sqrt().asin();
    let difference = (h - k) * (h - k);
    let product = h * k;
    let integrand = |u: f64| {
        let cosine = u.sin();
        if cosine == 0.0 {
            return 0.0;
        }
        let half = (0.5 * u).sin();
        (-(difference + 4.0 * product * half * half) / (2.0 * cosine * cosine)).exp()
    };
    let panel = |from: f64, to: f64| -> f64 {
        (to - from) * RULE.iter().map(|(x, w)| w * integrand(from + (to - from) * x)).sum::<f64>()
    };
    let mut upper = FRAC_PI_2;
    let mut sum = 0.0;
    let plain = (FRAC_PI_2 - PLAIN).max(end);
    if plain < upper {
        sum += panel(plain, upper);
        upper = plain;
    }
    while upper > end && upper > 1e-17 {
        let lower = (upper / 2.0).max(end);
        sum += panel(lower, upper);
        upper = lower;
    }
    sum / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `∫_{-∞}^{h} φ(x) Φ((k − ρx)/√(1 − ρ²)) dx` by Simpson's rule, another road to the same number.
    fn simpson(h: f64, k: f64, rho: f64) -> f64 {
        let s = (1.0 - rho * rho).sqrt();
        let f = |x: f64| (-0.5 * x * x).exp() / (2.0 * PI).sqrt() * normal_cdf((k - rho * x) / s);
        let (from, steps) = (-9.0_f64, 40_000_u32);
        let width = (h - from) / f64::from(steps);
        let sum: f64 = (0..=steps)
            .map(|i| {
                let factor = if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
                factor * f(from + width * f64::from(i))
            })
            .sum();
        sum * width / 3.0
    }

    #[test]
    fn agrees_with_simpson_integration() {
        for rho in [-0.999, -0.97, -0.8, -0.3, 0.0, 0.2, 0.6, 0.9, 0.95, 0.99, 0.9999] {
            for h in [-2.7, -1.0, -0.2, 0.0, 0.7, 2.4] {
                for k in [-3.1, -1.0, -0.21, 0.0, 0.71, 1.9] {
                    let (got, want) = (cdf(h, k, rho), simpson(h, k, rho));
                    assert!((got - want).abs() < 2e-12, "{h} {k} {rho}: {got} {want}");
                }
            }
        }
    }

    #[test]
    fn known_values_and_borders() {
        // Sheppard (1899): Φ₂(0, 0; ρ) = 1/4 + arcsin ρ / 2π.
        for rho in [-1.0, -0.999_999, -0.5, 0.0, 0.5, 0.925, 0.999_999_9, 1.0] {
            assert!((cdf(0.0, 0.0, rho) - (0.25 + rho.asin() / (2.0 * PI))).abs() < 1e-14, "{rho}");
        }
        assert!((cdf(1.0, f64::INFINITY, 0.4) - normal_cdf(1.0)).abs() < 1e-16);
        assert!(cdf(f64::NEG_INFINITY, 1.0, 0.4).abs() < 1e-16);
        assert!((cdf(0.3, 1.2, 1.0) - normal_cdf(0.3)).abs() < 1e-16);
        assert!((cdf(0.3, 1.2, -1.0) - (normal_cdf(0.3) + normal_cdf(1.2) - 1.0)).abs() < 1e-14);
        assert!(cdf(0.0, 0.0, 1.5).is_nan());
    }

    #[test]
    fn the_density_is_the_derivative() {
        let (h, k, rho, step) = (0.4, -0.9, 0.55, 1e-5);
        let slope = (cdf(h, k, rho + step) - cdf(h, k, rho - step)) / (2.0 * step);
        assert!((slope - density(h, k, rho)).abs() < 1e-9);
    }
}
