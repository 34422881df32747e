//! Isotonic regression: the non-decreasing values closest to given means, by pooling adjacent violators
//! (Barlow, Bartholomew, Bremner & Brunk 1972, *Statistical Inference under Order Restrictions*).

/// The non-decreasing fit to `means` with `weights`, by least squares.
pub fn increasing(means: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(means.len());
    for (&mean, &weight) in means.iter().zip(weights) {
        let mut pool = (mean, weight, 1);
        while let Some(&(before, heavy, size)) = pools.last() {
            if before <= pool.0 {
                break;
            }
            pools.pop();
            let total = heavy + pool.1;
            pool = ((before * heavy + pool.0 * pool.1) / total, total, size + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, _, size)| std::iter::repeat_n(mean, size)).collect()
}

#[cfg(test)]
mod tests {
    use super::increasing;

    #[test]
    fn violators_are_pooled() {
        assert_eq!(increasing(&[1.0, 3.0, 2.0, 4.0], &[1.0, 1.0, 1.0, 1.0]), [1.0, 2.5, 2.5, 4.0]);
        assert_eq!(increasing(&[3.0, 2.0, 1.0], &[1.0, 1.0, 2.0]), [1.75, 1.75, 1.75]);
        assert_eq!(increasing(&[1.0, 2.0], &[1.0, 5.0]), [1.0, 2.0]);
        assert!(increasing(&[], &[]).is_empty());
    }
}
