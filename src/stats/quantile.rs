//! Sample quantiles.

/// Quantile of type 7 (Hyndman & Fan 1996, doi:10.2307/2684934; the default of R) by selection:
/// linear interpolation between the order statistics around `(n − 1) p`.
///
/// Reorders `values`; `None` if there is none. Values must not be NaN.
pub fn quantile(values: &mut [f64], p: f64) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (rank, fraction) = position(n, p);
    let (_, low, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let low = *low;
    if fraction == 0.0 || above.is_empty() {
        return Some(low);
    }
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    Some(low + fraction * (high - low))
}

/// Rank below the quantile of `n > 0` values, and how far it lies towards the next.
pub(super) fn position(n: usize, p: f64) -> (usize, f64) {
    let position = (n - 1) as f64 * p.clamp(0.0, 1.0);
    // The rank is below n by construction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rank = (position.floor() as usize).min(n - 1);
    (rank, position - rank as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_type_7() {
        // R: quantile(c(1, 4, 2, 9, 7), c(0, .1, .25, .5, .975, 1))
        for (p, expected) in [(0.0, 1.0), (0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.975, 8.8), (1.0, 9.0)] {
            let got = quantile(&mut [1.0, 4.0, 2.0, 9.0, 7.0], p);
            assert!(got.is_some_and(|got| (got - expected).abs() < 1e-12), "{p}: {got:?}");
        }
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}
