//! The products behind the moments: columns of pairwise products times rows of counts.
//!
//! A *strip* is [`STRIP`] columns of `Z` over a chunk of cases; a *panel* is [`PANEL`] resamples. The kernels here add
//! `Σ_i z_ic w_ir` to the `STRIP × PANEL` sums of one strip and one panel, or start them anew.
//!
//! For small whole numbers both operands are bytes: products `z` are signed, counts `w` unsigned, four cases stand
//! side by side in 32 bits. One AVX-512 instruction (`vpdpbusd`) multiplies and adds 64 of them; AVX2 needs
//! `vpmaddubsw`, whose 16-bit sums are widened before they could overflow. Everything is whole, so every kernel
//! gives the same numbers as [`plain`]. Larger whole numbers and real numbers go through `matrixmultiply`.

// Vector loads and the product of `matrixmultiply` work on raw pointers; this file is one of two that may.
#![allow(unsafe_code)]
#![allow(clippy::cast_ptr_alignment, reason = "vectors are loaded and stored unaligned")]

use crate::stats::simd::Level;

/// Columns of `Z` per kernel call.
pub(super) const STRIP: usize = 12;
/// Resamples per kernel call.
pub(super) const PANEL: usize = 32;
/// Cases that stand side by side.
pub(super) const GROUP: usize = 4;

/// A panel's counts of one group of cases, resample by resample. Aligned, so that no vector of them lies across two lines of
/// the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Counts(pub(super) [[u8; GROUP]; PANEL]);

impl Counts {
    pub(super) const NONE: Self = Self([[0; GROUP]; PANEL]);
}

/// A strip's columns over one group of cases: side by side, so that a kernel reads one place after the other instead of
/// [`STRIP`] columns at a time.
pub(super) type Products = [[i8; GROUP]; STRIP];

/// Ways to multiply bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bytes {
    /// One after the other: the reference.
    #[cfg_attr(not(test), allow(dead_code, reason = "the reference that tests compare with"))]
    Plain,
    /// AVX2 `vpmaddubsw`.
    Avx2,
    /// AVX-512 VNNI `vpdpbusd`.
    Vnni,
}

impl Bytes {
    /// The fastest of this machine, if it is faster than single precision.
    pub(super) fn best() -> Option<Self> {
        Self::available().last().copied().filter(|way| *way != Self::Plain)
    }

    /// All of this machine, slowest first.
    pub(super) fn available() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut ways = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if Level::best() >= Level::Avx2 && is_x86_feature_detected!("avx2") {
                ways.push(Self::Avx2);
            }
            if Level::best() >= Level::Avx512
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vnni")
            {
                ways.push(Self::Vnni);
            }
        }
        ways
    }

    /// Adds a strip's products with a panel's counts to `sums` (`STRIP × PANEL`), or to zeros in their place.
    ///
    /// `z` and `counts` hold one group of cases after the other. No `|z| · count` may exceed `largest`.
    ///
    /// # Panics
    /// If `z` has fewer groups than `counts`, or `sums` too few places.
    pub(super) fn add(self, z: &[Products], counts: &[Counts], largest: usize, anew: bool, sums: &mut [i32]) {
        assert!(z.len() >= counts.len() && sums.len() >= STRIP * PANEL);
        match self {
            Self::Plain => plain(z, counts, anew, sums),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                // Sums of two products per group; 16 bits hold 32,767.
                let spacing = 32_767 / (2 * largest.max(1));
                if spacing == 0 {
                    return plain(z, counts, anew, sums);
                }
                // SAFETY: `available` offers this way only where AVX2 was detected, and the slices are as
                // long as the function asks for (asserted above).
                unsafe { x86::avx2(z, counts, spacing, anew, sums) }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Vnni => {
                // SAFETY: as above, for AVX-512 F and VNNI.
                unsafe { x86::vnni(z, counts, anew, sums) }
            }
            #[cfg(not(target_arch = "x86_64"))]
            _ => plain(z, counts, anew, sums),
        }
    }
}

/// The same from the definition.
fn plain(z: &[Products], counts: &[Counts], anew: bool, sums: &mut [i32]) {
    if anew {
        sums[..STRIP * PANEL].fill(0);
    }
    for (columns, row) in z.iter().zip(counts) {
        for (four, sums) in columns.iter().zip(sums.chunks_mut(PANEL)) {
            for (sum, count) in sums.iter_mut().zip(&row.0) {
                *sum += four.iter().zip(count).map(|(z, w)| i32::from(*z) * i32::from(*w)).sum::<i32>();
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi16, _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16,
        _mm256_maddubs_epi16, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
        _mm256_storeu_si256, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_storeu_si512,
    };

    use super::{Counts, PANEL, Products, STRIP};

    /// Two vectors of 16 resamples by twelve columns: 24 of the 32 registers are sums.
    ///
    /// # Safety
    /// `z` must hold as many groups as `counts`, `sums` `STRIP · PANEL` numbers; the machine must have AVX-512 F and VNNI.
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) unsafe fn vnni(z: &[Products], counts: &[Counts], anew: bool, sums: &mut [i32]) {
        // SAFETY: all offsets below stay inside the lengths asked for above; loads and stores are unaligned.
        unsafe {
            let out = sums.as_mut_ptr().cast::<__m512i>();
            let mut a = [[_mm512_set1_epi32(0); 2]; STRIP];
            if !anew {
                for (c, a) in a.iter_mut().enumerate() {
                    a[0] = _mm512_loadu_si512(out.add(2 * c));
                    a[1] = _mm512_loadu_si512(out.add(2 * c + 1));
                }
            }
            let w = counts.as_ptr().cast::<__m512i>();
            let z = z.as_ptr().cast::<i32>();
            for g in 0..counts.len() {
                let low = _mm512_loadu_si512(w.add(2 * g));
                let high = _mm512_loadu_si512(w.add(2 * g + 1));
                for (c, a) in a.iter_mut().enumerate() {
                    let four = z.add(STRIP * g + c).read_unaligned();
                    let four = _mm512_set1_epi32(four);
                    a[0] = _mm512_dpbusd_epi32(a[0], low, four);
                    a[1] = _mm512_dpbusd_epi32(a[1], high, four);
                }
            }
            for (c, a) in a.iter().enumerate() {
                _mm512_storeu_si512(out.add(2 * c), a[0]);
                _mm512_storeu_si512(out.add(2 * c + 1), a[1]);
            }
        }
    }

    /// Columns that fit the 16 registers of AVX2 beside two vectors of counts.
    const NARROW: usize = 6;

    /// Two vectors of 8 resamples by six columns; 16-bit sums are widened every `spacing` groups.
    ///
    /// # Safety
    /// As [`vnni`]; the machine must have AVX2. `spacing` groups must not overflow 16 bits.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn avx2(
        z: &[Products],
        counts: &[Counts],
        spacing: usize,
        anew: bool,
        sums: &mut [i32],
    ) {
        const VECTORS: usize = PANEL / 8;
        // SAFETY: all offsets below stay inside the lengths asked for above; loads and stores are unaligned.
        unsafe {
            let ones = _mm256_set1_epi16(1);
            let out = sums.as_mut_ptr().cast::<__m256i>();
            let w = counts.as_ptr().cast::<__m256i>();
            let groups = counts.len();
            for first in (0..STRIP).step_by(NARROW) {
                let z = z.as_ptr().cast::<i32>().add(first);
                for half in (0..VECTORS).step_by(2) {
                    let mut start = 0;
                    while start < groups {
                        let end = groups.min(start + spacing);
                        let mut a = [[_mm256_setzero_si256(); 2]; NARROW];
                        for g in start..end {
                            let low = _mm256_loadu_si256(w.add(VECTORS * g + half));
                            let high = _mm256_loadu_si256(w.add(VECTORS * g + half + 1));
                            for (c, a) in a.iter_mut().enumerate() {
                                let four = z.add(STRIP * g + c).read_unaligned();
                                let four = _mm256_set1_epi32(four);
                                a[0] = _mm256_add_epi16(a[0], _mm256_maddubs_epi16(low, four));
                                a[1] = _mm256_add_epi16(a[1], _mm256_maddubs_epi16(high, four));
                            }
                        }
                        for (c, a) in a.iter().enumerate() {
                            for (v, a) in a.iter().enumerate() {
                                let at = out.add((first + c) * VECTORS + half + v);
                                let mut wide = _mm256_madd_epi16(*a, ones);
                                if start > 0 || !anew {
                                    wide = _mm256_add_epi32(_mm256_loadu_si256(at), wide);
                                }
                                _mm256_storeu_si256(at, wide);
                            }
                        }
                        start = end;
                    }
                }
            }
        }
    }
}

/// The two precisions of the general product.
pub(super) trait Gemm: Copy + Default + std::ops::Mul<Output = Self> {
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    /// `out = a b` for row-major `a` (`m × k`), `b` (`k × n`) and `out`.
    fn gemm(a: &[Self], b: &[Self], out: &mut [Self], m: usize, k: usize, n: usize);
}

macro_rules! gemm {
    ($float:ty, $function:path) => {
        impl Gemm for $float {
            #[allow(clippy::cast_possible_truncation, reason = "only whole numbers below 2^24 become f32")]
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[allow(clippy::cast_possible_wrap, reason = "slice lengths are below isize::MAX")]
            fn gemm(a: &[Self], b: &[Self], out: &mut [Self], m: usize, k: usize, n: usize) {
                assert!(a.len() >= m * k && b.len() >= k * n && out.len() >= m * n);
                let (x, y, z) = (a.as_ptr(), b.as_ptr(), out.as_mut_ptr());
                let (width, length) = (n as isize, k as isize);
                // SAFETY: the pointers come from slices that hold at least m·k, k·n and m·n elements
                // (asserted above), the strides stay inside them, and `out` overlaps neither input
                // because it is borrowed mutably.
                unsafe { $function(m, k, n, 1.0, x, length, 1, y, width, 1, 0.0, z, width, 1) };
            }
        }
    };
}
gemm!(f32, matrixmultiply::sgemm);
gemm!(f64, matrixmultiply::dgemm);

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look random, between `low` and `high`.
    fn bytes(len: usize, low: i32, high: i32, seed: u32) -> Vec<i32> {
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        (0..len).map(|_| low + (next() % (high - low + 1).unsigned_abs()).cast_signed()).collect()
    }

    #[test]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "values are bytes")]
    fn every_way_of_this_machine_gives_the_plain_sums() {
        for (groups, z, w) in [(1, 127, 129), (5, 121, 255), (120, 36, 9), (256, 127, 255), (255, 9, 3)] {
            let columns: Vec<i8> = bytes(groups * GROUP * STRIP, -z, z, 5).iter().map(|x| *x as i8).collect();
            let columns: Vec<Products> = columns.as_chunks::<GROUP>().0.as_chunks::<STRIP>().0.to_vec();
            let counts: Vec<u8> = bytes(groups * GROUP * PANEL, 0, w, 6).iter().map(|x| *x as u8).collect();
            let counts: Vec<Counts> =
                counts.as_chunks::<GROUP>().0.as_chunks::<PANEL>().0.iter().map(|row| Counts(*row)).collect();
            let start = bytes(STRIP * PANEL, -1000, 1000, 7);
            let mut expected = start.clone();
            plain(&columns, &counts, false, &mut expected);
            let mut anew = start.clone();
            plain(&columns, &counts, true, &mut anew);
            assert!(anew.iter().zip(&start).zip(&expected).all(|((sum, start), all)| sum + start == *all));
            for way in Bytes::available() {
                for (fresh, expected) in [(false, &expected), (true, &anew)] {
                    let mut sums = start.clone();
                    way.add(&columns, &counts, (z * w) as usize, fresh, &mut sums);
                    assert_eq!(&sums, expected, "{way:?} {groups} groups");
                }
            }
        }
    }
}
