//! Ranks. Ties take the mean of the ranks they share (Kendall 1945, doi:10.1093/biomet/33.3.239).

/// Midranks from 1, NaN where the value is missing. `weights` count cases: a case of weight 2 stands for two of them,
/// so whole weights rank as repeated cases do.
pub fn midranks(values: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
    let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| !values[i].is_nan()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![f64::NAN; values.len()];
    let mut before = 0.0;
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let here: f64 = tie.iter().map(|&i| weight(i)).sum();
        for &i in tie {
            ranks[i] = before + f64::midpoint(here, 1.0);
        }
        before += here;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::midranks;

    #[test]
    fn ties_share_their_ranks_and_missing_values_have_none() {
        let ranks = midranks(&[3.0, 1.0, f64::NAN, 3.0, 2.0, -0.0, 0.0], None);
        assert_eq!(ranks[..2], [5.5, 3.0]);
        assert!(ranks[2].is_nan());
        assert_eq!(ranks[3..], [5.5, 4.0, 1.5, 1.5]);
    }

    #[test]
    fn weights_stand_for_repeated_cases() {
        let weighted = midranks(&[5.0, 1.0, 3.0], Some(&[2.0, 3.0, 1.0]));
        assert_eq!(weighted, [5.5, 2.0, 4.0]);
    }
}
