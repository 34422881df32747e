//! Cronbach's alpha (1951, doi:10.1007/BF02310555), standardised: from the mean correlation `r̄` of `k` items,
//! `α = k r̄ / (1 + (k − 1) r̄)`.

/// Standardised alpha of a block; `None` for fewer than two items.
///
/// `r(a, b)` gives the correlation of two items of the block.
pub fn cronbach_alpha(k: usize, r: impl Fn(usize, usize) -> f64) -> Option<f64> {
    if k < 2 {
        return None;
    }
    let off: f64 = (0..k).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| r(a, b)).sum();
    let total = k as f64 + 2.0 * off;
    let items = k as f64;
    // k/(k − 1) (1 − trace / sum), the textbook form, which also holds where the mean correlation is negative.
    (total > 0.0).then(|| items / (items - 1.0) * (1.0 - items / total))
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
