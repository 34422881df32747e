//! Random resamples as rows of counts.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// Name of the generator, for reports.
pub(super) const GENERATOR: &str = "ChaCha8, one stream per resample";

/// Adds to `counts` how often each case is drawn in resample `stream`: as many draws as there are cases, with
/// replacement, exactly uniform (Lemire 2019, doi:10.1145/3230636).
pub(crate) fn bootstrap_counts(seed: u64, stream: u64, counts: &mut [u16]) {
    let Ok(cases) = u32::try_from(counts.len()) else { return };
    if cases == 0 {
        return;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    let reject_below = cases.wrapping_neg() % cases;
    for _ in 0..cases {
        let drawn = loop {
            let wide = u64::from(rng.next_u32()) * u64::from(cases);
            // The low half decides whether this draw would favour some cases; the high half is the case.
            if wide & 0xffff_ffff >= u64::from(reject_below) {
                break wide >> 32;
            }
        };
        if let Some(count) = usize::try_from(drawn).ok().and_then(|at| counts.get_mut(at)) {
            *count = count.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_reproducible_add_up_and_differ_between_streams() {
        let draw = |seed, stream| {
            let mut counts = vec![0_u16; 50];
            bootstrap_counts(seed, stream, &mut counts);
            counts
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        assert_eq!(draw(7, 0).iter().sum::<u16>(), 50);
    }

    #[test]
    fn every_case_is_drawn_equally_often() {
        let mut counts = vec![0_u16; 10];
        for stream in 0..10_000 {
            bootstrap_counts(3, stream, &mut counts);
        }
        // 10,000 draws expected per case, standard deviation 95.
        assert!(counts.iter().all(|c| c.abs_diff(10_000) < 500), "{counts:?}");
    }
}
