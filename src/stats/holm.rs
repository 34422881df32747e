//! Several tests at once.

/// p-values corrected for the number of tests, step down: with `p₍₁₎ ≤ … ≤ p₍ₘ₎`,
///
/// ```text
/// p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎).
/// ```
///
/// Whatever is rejected where `p̃` falls below α holds with an error of at most α in all tests together, however these depend
/// on each other (Holm 1979, Scandinavian Journal of Statistics 6, 65–70). A test without a p is none and stays `None`.
pub fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(at, p)| Some((at, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let tests = order.len();
    let mut corrected = vec![None; p.len()];
    let mut largest = 0.0;
    for (rank, (at, p)) in order.into_iter().enumerate() {
        largest = f64::max(largest, ((tests - rank) as f64 * p).min(1.0));
        corrected[at] = Some(largest);
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_down_as_p_adjust_of_r_does() {
        // R: p.adjust(c(.01, .04, .03, .005), "holm")
        let found = holm(&[Some(0.01), Some(0.04), None, Some(0.03), Some(0.005)]);
        for (found, expected) in found.iter().zip([Some(0.03), Some(0.06), None, Some(0.06), Some(0.02)]) {
            assert_eq!(found.is_some(), expected.is_some());
            assert!(found.zip(expected).is_none_or(|(a, b): (f64, f64)| (a - b).abs() < 1e-15), "{found:?}");
        }
        assert_eq!(holm(&[Some(0.6), Some(0.7)]), [Some(1.0), Some(1.0)]);
        assert_eq!(holm(&[Some(0.2)]), [Some(0.2)]);
        assert_eq!(holm(&[None]), [None]);
    }
}
