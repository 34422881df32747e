//! Random numbers by seed, purpose and replicate, so that no number depends on the order of the work.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// What random numbers are for. Different purposes with one seed share nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Resamples, and everything that stands in their place.
    Resample,
    /// Folds of a cross-validation.
    Folds,
    /// Permutations.
    Permutation,
}

/// Stream `b` of a seed: the same generator as [`super::draw::bootstrap_counts`].
pub(super) fn stream(seed: u64, b: u64) -> ChaCha8Rng {
    stream_for(seed, Purpose::Resample, b)
}

/// Stream `b` of a seed for a purpose.
pub(super) fn stream_for(seed: u64, purpose: Purpose, b: u64) -> ChaCha8Rng {
    let offset: u64 = match purpose {
        Purpose::Resample => 0,
        Purpose::Folds => 1,
        Purpose::Permutation => 2,
    };
    // Steps of the golden ratio: far apart for any small number of purposes.
    let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_add(offset.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    rng.set_stream(b);
    rng
}

/// A whole number below `bound`, exactly uniform (Lemire 2019, doi:10.1145/3230636); 0 for a bound of 0.
pub(super) fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    let Ok(bound) = u32::try_from(bound) else { return 0 };
    if bound == 0 {
        return 0;
    }
    let reject_below = u64::from(bound.wrapping_neg() % bound);
    loop {
        let wide = u64::from(rng.next_u32()) * u64::from(bound);
        if wide & 0xffff_ffff >= reject_below {
            return usize::try_from(wide >> 32).unwrap_or(0);
        }
    }
}

/// A number from the exponential distribution with mean 1.
pub(super) fn exponential(rng: &mut ChaCha8Rng) -> f64 {
    // 53 random bits, never 0; `libm` gives the same bits on every machine.
    let uniform = ((rng.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0;
    -libm::log(uniform)
}

/// Puts values into random order (Fisher & Yates), every order as likely.
pub(super) fn shuffle<T>(rng: &mut ChaCha8Rng, values: &mut [T]) {
    for last in (1..values.len()).rev() {
        values.swap(last, below(rng, last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_streams_differ_and_repeat() {
        let first = |purpose, b| stream_for(7, purpose, b).next_u64();
        assert_eq!(first(Purpose::Folds, 3), first(Purpose::Folds, 3));
        assert_ne!(first(Purpose::Folds, 3), first(Purpose::Folds, 4));
        assert_ne!(first(Purpose::Folds, 3), first(Purpose::Permutation, 3));
    }

    #[test]
    fn exponential_has_mean_and_variance_one() {
        let mut rng = stream(1, 0);
        let values: Vec<f64> = (0..40_000).map(|_| exponential(&mut rng)).collect();
        let mean = values.iter().sum::<f64>() / 40_000.0;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 40_000.0;
        assert!((mean - 1.0).abs() < 0.02 && (variance - 1.0).abs() < 0.06, "{mean} {variance}");
    }

    #[test]
    fn every_order_comes_up_equally_often() {
        let mut rng = stream(2, 0);
        let mut counts = [0_u32; 6];
        for _ in 0..6_000 {
            let mut order = [0, 1, 2];
            shuffle(&mut rng, &mut order);
            counts[order[0] * 2 + usize::from(order[1] > order[2])] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }
}
