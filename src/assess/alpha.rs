//! Cronbach's alpha (1951, doi:10.1007/BF02310555), standardised: from the mean correlation `r̄` of `k` items,
//! `α = k r̄ / (1 + (k − 1) r̄)`.

use crate::stats::distribution;
use crate::stats::real::{Real, defined};

/// Standardised alpha of a block; `None` for fewer than two items.
///
/// `r(a, b)` gives the correlation of two items of the block.
pub fn cronbach_alpha(k: usize, r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    defined(alpha(k, r))
}

/// The same for one set of correlations or sixteen side by side; NaN for fewer than two items.
#[inline(always)]
#[allow(clippy::inline_always, reason = "lane code, see `stats::simd`")]
pub(crate) fn alpha<R: Real>(k: usize, r: impl Fn(usize, usize) -> R) -> R {
    let items = R::splat(k as f64);
    let mut off = R::zero();
    for a in 0..k {
        for b in 0..a {
            off += r(a, b);
        }
    }
    let total = items + R::splat(2.0) * off;
    // k/(k − 1) (1 − trace / sum), the textbook form, which also holds where the mean correlation is negative.
    let alpha = items / (items - R::one()) * (R::one() - items / total);
    R::select(total.above(R::zero()), alpha, R::nan())
}

/// cSEM's closed-form interval of the standardised alpha, without assuming normal answers.
///
/// From standardised columns `x` (n − 1), the standardised construct score `h` and the normal quantile `z` of the level:
/// `α ± z √((k/(k − 1))² (A − 2B + C)/n)`, `A = Σₐᵦ (Σᵢ x²ᵢₐ x²ᵢᵦ/(n − 1) − 1)`, `B = k Σₐ (Σᵢ h²ᵢ x²ᵢₐ/(n − 1) − 1)`,
/// `C = k² (Σᵢ h⁴ᵢ/(n − 1) − 1)`. Kept to reproduce that program; Feldt's interval and the bootstrap are the usual ones.
/// `None` for fewer than two items or a negative variance.
pub fn alpha_closed_form_ci(alpha: f64, columns: &[Vec<f64>], score: &[f64], level: f64) -> Option<[f64; 2]> {
    let (k, n) = (columns.len() as f64, score.len() as f64);
    if columns.len() < 2 || score.len() < 2 || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let fourth =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * a * b * b).sum::<f64>() / (n - 1.0) - 1.0;
    let a: f64 =
        columns.iter().flat_map(|x| columns.iter().map(move |y| (x, y))).map(|(x, y)| fourth(x, y)).sum();
    let b = k * columns.iter().map(|x| fourth(score, x)).sum::<f64>();
    let c = k * k * fourth(score, score);
    let variance = (k / (k - 1.0)).powi(2) * (a - 2.0 * b + c) / n;
    let reach = distribution::normal_quantile(0.5 + level / 2.0) * variance.sqrt();
    reach.is_finite().then_some([alpha - reach, alpha + reach])
}

#[cfg(test)]
mod tests {
    use super::cronbach_alpha;

    #[test]
    fn equals_spearman_brown_for_two_items() {
        let alpha = cronbach_alpha(2, |_, _| 0.6);
        assert!(alpha.is_some_and(|a| (a - 0.75).abs() < 1e-15));
        assert_eq!(cronbach_alpha(1, |_, _| 1.0), None);
        assert_eq!(cronbach_alpha(2, |_, _| -1.0), None);
    }
}
