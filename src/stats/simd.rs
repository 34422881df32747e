//! The widest vector instructions of the machine at hand, chosen at run time.
//!
//! A [`Work`] is compiled once per [`Level`]; its body must be `#[inline(always)]` down to the last loop, so that it is
//! compiled with the instructions of the function it ends up in. Nothing is reordered and nothing fused, so that
//! every level gives the same bits.

// Calling a function compiled for instructions that the machine may lack is unsafe, and so is assembly, even none; this
// file is one of two that may.
#![allow(unsafe_code)]
#![allow(clippy::inline_always, reason = "see above")]

use std::sync::OnceLock;

/// Instructions to compile for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every machine of the target has.
    Baseline,
    /// 256-bit vectors (AVX2).
    Avx2,
    /// 512-bit vectors (AVX-512 F, VL, DQ, BW).
    Avx512,
}

impl Level {
    /// The widest that this machine has; no wider than the environment variable `TRUSTPATH_VECTORS` says (`baseline`, `avx2`,
    /// `avx512`), with which levels are compared. Read once.
    pub fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        *BEST.get_or_init(|| {
            let most = match std::env::var("TRUSTPATH_VECTORS").as_deref() {
                Ok("baseline") => Self::Baseline,
                Ok("avx2") => Self::Avx2,
                _ => Self::Avx512,
            };
            Self::detected().min(most)
        })
    }

    fn detected() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512bw")
            {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }

    /// All that this machine has, narrowest first.
    pub fn available() -> impl Iterator<Item = Self> {
        [Self::Baseline, Self::Avx2, Self::Avx512].into_iter().filter(|level| *level <= Self::best())
    }

    /// Does the work with these instructions, or with the widest below them that the machine has.
    pub fn run<W: Work>(self, work: W) {
        #[cfg(target_arch = "x86_64")]
        {
            let level = self.min(Self::best());
            if level == Self::Avx512 {
                // SAFETY: `best` found these instructions on this machine.
                unsafe { avx512(work) };
                return;
            }
            if level == Self::Avx2 {
                // SAFETY: as above.
                unsafe { avx2(work) };
                return;
            }
        }
        work.run();
    }
}

/// Keeps the compiler from gathering the iterations of a loop over lanes into vectors of their own: the lanes of one
/// iteration are the vector already. Stands at the end of the loop's body and costs nothing.
#[inline(always)]
pub fn keep_lanes() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instruction at all; memory, stack and flags are left alone.
    unsafe {
        std::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Something to be done, compiled for several kinds of instructions.
pub trait Work {
    /// Does it; to be marked `#[inline(always)]`.
    fn run(self);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
fn avx512<W: Work>(work: W) {
    work.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<W: Work>(work: W) {
    work.run();
}
