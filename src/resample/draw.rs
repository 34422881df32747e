//! Random resamples as rows of counts.

use super::chacha::{self, BLOCKS, Key};

/// Name of the generator, for reports.
pub(super) const GENERATOR: &str = "ChaCha8, one stream per resample";

/// Adds to `counts` how often each case is drawn in resample `stream`.
pub(crate) fn bootstrap_counts(seed: u64, stream: u64, counts: &mut [u16]) {
    bootstrap_draws(&Key::of(seed), stream, counts.len(), |case| {
        if let Some(count) = counts.get_mut(case) {
            *count = count.saturating_add(1);
        }
    });
}

/// Tells `each` the cases of resample `stream`: as many draws as there are cases, with replacement, exactly uniform
/// (Lemire 2019, doi:10.1145/3230636).
#[inline]
pub(super) fn bootstrap_draws(key: &Key, stream: u64, cases: usize, mut each: impl FnMut(usize)) {
    let Ok(bound) = u32::try_from(cases) else { return };
    if bound == 0 {
        return;
    }
    let reject_below = bound.wrapping_neg() % bound;
    let mut words = chacha::room();
    let mut left = cases;
    for first in (0..).step_by(BLOCKS) {
        chacha::blocks(key, stream, first, &mut words);
        for block in 0..BLOCKS {
            for word in &words {
                let wide = u64::from(word.0[block]) * u64::from(bound);
                // The low half decides whether this draw would favour some cases; the high half is the case.
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "the halves are meant, and a case is below a usize"
                )]
                if wide as u32 >= reject_below {
                    each((wide >> 32) as usize);
                    left -= 1;
                    if left == 0 {
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::ChaCha8Rng;
    use rand::{Rng, SeedableRng};

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
    fn draws_are_those_of_the_stream_word_by_word() {
        for cases in [1_u32, 3, 63, 64, 65, 200, 70_000] {
            let mut rng = ChaCha8Rng::seed_from_u64(9);
            rng.set_stream(4);
            let mut expected = vec![0_u16; cases as usize];
            for _ in 0..cases {
                let at = loop {
                    let wide = u64::from(rng.next_u32()) * u64::from(cases);
                    if wide & 0xffff_ffff >= u64::from(cases.wrapping_neg() % cases) {
                        break wide >> 32;
                    }
                };
                expected[usize::try_from(at).unwrap_or(0)] += 1;
            }
            let mut counts = vec![0_u16; cases as usize];
            bootstrap_counts(9, 4, &mut counts);
            assert_eq!(counts, expected);
        }
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
