//! The words of a ChaCha8 stream (Bernstein 2008), sixteen blocks at a time.
//!
//! The same words in the same order as the generator of `rand` gives, as a test shows. A bootstrap needs millions of them,
//! and where each lane of a wide vector makes a block of its own, they cost a fraction.

#![allow(clippy::needless_range_loop, reason = "one index runs over the blocks of several words")]
#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::stats::simd::{Level, Work, keep_lanes};

/// Blocks side by side.
pub(super) const BLOCKS: usize = 16;
/// Words of a block.
const WORDS: usize = 16;
/// Two of the eight rounds, so many times.
const DOUBLE_ROUNDS: usize = 4;

/// The same word of every block.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Wide(pub(super) [u32; BLOCKS]);

impl Wide {
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        let mut out = self.0;
        for at in 0..BLOCKS {
            out[at] = out[at].wrapping_add(other.0[at]);
        }
        Self(out)
    }

    /// Exclusive or, then rotated to the left.
    #[inline(always)]
    fn mixed(self, other: Self, by: u32) -> Self {
        let mut out = self.0;
        for at in 0..BLOCKS {
            out[at] = (out[at] ^ other.0[at]).rotate_left(by);
        }
        Self(out)
    }
}

/// What all streams of a seed share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key([u32; 8]);

impl Key {
    /// The key that `rand` makes of a seed.
    pub(super) fn of(seed: u64) -> Self {
        let bytes = ChaCha8Rng::seed_from_u64(seed).get_seed();
        let mut key = [0; 8];
        for (word, bytes) in key.iter_mut().zip(bytes.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self(key)
    }
}

/// The blocks `first .. first + 16` of a stream, word by word: block b of them holds element b of every word.
pub(super) fn blocks(key: &Key, stream: u64, first: u64, out: &mut [Wide; WORDS]) {
    Level::best().run(Fill { key, stream, first, out });
}

struct Fill<'a> {
    key: &'a Key,
    stream: u64,
    first: u64,
    out: &'a mut [Wide; WORDS],
}

impl Work for Fill<'_> {
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "halves of 64 bits are meant")]
    fn run(self) {
        let same = |word: u32| Wide([word; BLOCKS]);
        let (mut low, mut high) = ([0; BLOCKS], [0; BLOCKS]);
        for at in 0..BLOCKS {
            let block = self.first.wrapping_add(at as u64);
            low[at] = block as u32;
            high[at] = (block >> 32) as u32;
        }
        let k = self.key.0.map(same);
        let start = [
            // "expand 32-byte k"
            same(0x6170_7865),
            same(0x3320_646e),
            same(0x7962_2d32),
            same(0x6b20_6574),
            k[0],
            k[1],
            k[2],
            k[3],
            k[4],
            k[5],
            k[6],
            k[7],
            Wide(low),
            Wide(high),
            same(self.stream as u32),
            same((self.stream >> 32) as u32),
        ];
        let mut x = start;
        for _ in 0..DOUBLE_ROUNDS {
            quarter::<0, 4, 8, 12>(&mut x);
            quarter::<1, 5, 9, 13>(&mut x);
            quarter::<2, 6, 10, 14>(&mut x);
            quarter::<3, 7, 11, 15>(&mut x);
            quarter::<0, 5, 10, 15>(&mut x);
            quarter::<1, 6, 11, 12>(&mut x);
            quarter::<2, 7, 8, 13>(&mut x);
            quarter::<3, 4, 9, 14>(&mut x);
        }
        for at in 0..WORDS {
            self.out[at] = x[at].plus(start[at]);
            keep_lanes();
        }
    }
}

/// A quarter of a round.
#[inline(always)]
fn quarter<const A: usize, const B: usize, const C: usize, const D: usize>(x: &mut [Wide; WORDS]) {
    x[A] = x[A].plus(x[B]);
    x[D] = x[D].mixed(x[A], 16);
    x[C] = x[C].plus(x[D]);
    x[B] = x[B].mixed(x[C], 12);
    x[A] = x[A].plus(x[B]);
    x[D] = x[D].mixed(x[A], 8);
    x[C] = x[C].plus(x[D]);
    x[B] = x[B].mixed(x[C], 7);
}

/// Room for [`blocks`].
pub(super) fn room() -> [Wide; WORDS] {
    [Wide([0; BLOCKS]); WORDS]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn words_are_those_of_the_generator() {
        for (seed, stream) in [(0, 0), (1, 7), (u64::MAX, u64::MAX), (123, 1 << 40)] {
            let key = Key::of(seed);
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            let mut out = room();
            for first in [0, 16, 32] {
                for level in Level::available() {
                    level.run(Fill { key: &key, stream, first, out: &mut out });
                }
                for block in 0..BLOCKS {
                    assert!(out.iter().all(|word| word.0[block] == rng.next_u32()));
                }
            }
            // Where the lower half of the number of a block runs over.
            let first = (1 << 32) - 5;
            blocks(&key, stream, first, &mut out);
            rng.set_word_pos(u128::from(first) * 16);
            for block in 0..BLOCKS {
                assert!(out.iter().all(|word| word.0[block] == rng.next_u32()));
            }
        }
    }
}
