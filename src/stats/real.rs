//! Numbers an estimator calculates with: one `f64`, or sixteen of them side by side.
//!
//! Code written over [`Real`] stands once beside its paper and is compiled twice: for a single set of correlations
//! (`f64`), and for sixteen resamples at once ([`Lanes`]), where the compiler finds one vector instruction per
//! operation. Every lane does exactly the operations that the single estimate does, in the same order and
//! without fused multiply-add, so the bits agree, on every machine.
//!
//! Where lanes part (one has converged, one has failed) nothing branches: comparisons give a [`Mask`] and
//! [`Real::select`] chooses. What has no vector form (a logarithm, an eigenvector) goes lane by lane through
//! [`Real::one_by_one`].

#![allow(clippy::needless_range_loop, reason = "one index runs over the lanes of several numbers")]
#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use std::fmt::Debug;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, DivAssign, Mul, MulAssign, Neg, Not, Sub, SubAssign};

use super::simd::keep_lanes;

/// Numbers in [`Lanes`].
pub const LANES: usize = 16;

/// A number, or several side by side.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialEq
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// How many numbers stand side by side.
    const WIDTH: usize;
    /// What a comparison gives.
    type Mask: Mask;

    /// The same number in every lane.
    fn splat(value: f64) -> Self;
    /// The number in a lane.
    fn lane(self, at: usize) -> f64;
    /// Sets the number in a lane.
    fn set_lane(&mut self, at: usize, value: f64);
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// Size without sign.
    #[must_use]
    fn abs(self) -> Self;
    /// Where `self > other`; nowhere a NaN is involved.
    fn above(self, other: Self) -> Self::Mask;
    /// `yes` where the mask holds, `no` elsewhere.
    #[must_use]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// Numbers from `WIDTH` places of a slice.
    fn load(from: &[f64]) -> Self;
    /// Numbers from `WIDTH` places of a slice of whole numbers.
    fn load_whole(from: &[i32]) -> Self;

    /// Puts the numbers into `WIDTH` places of a slice.
    fn store(self, to: &mut [f64]);

    /// Stands at the end of a loop's body that treats elements independently, so that lanes stay vectors
    /// ([`keep_lanes`]).
    fn keep();

    /// 0.
    #[inline(always)]
    fn zero() -> Self {
        Self::splat(0.0)
    }

    /// 1.
    #[inline(always)]
    fn one() -> Self {
        Self::splat(1.0)
    }

    /// Not a number: what does not exist.
    #[inline(always)]
    fn nan() -> Self {
        Self::splat(f64::NAN)
    }

    /// The number itself where it is finite, NaN elsewhere.
    #[must_use]
    #[inline(always)]
    fn if_finite(self) -> Self {
        Self::select(self.abs().below(Self::splat(f64::INFINITY)), self, Self::nan())
    }

    /// Where `self < other`; nowhere a NaN is involved.
    #[inline(always)]
    fn below(self, other: Self) -> Self::Mask {
        other.above(self)
    }

    /// The larger of both; `self` where a NaN is involved.
    #[must_use]
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        Self::select(other.above(self), other, self)
    }

    /// 1, -1 or 0.
    #[must_use]
    #[inline(always)]
    fn sign(self) -> Self {
        let zero = Self::zero();
        let negative = Self::select(self.below(zero), -Self::one(), zero);
        Self::select(self.above(zero), Self::one(), negative)
    }

    /// A function of one number, lane by lane.
    #[must_use]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let mut out = self;
        for at in 0..Self::WIDTH {
            out.set_lane(at, f(self.lane(at)));
        }
        out
    }

    /// A function of two numbers, lane by lane.
    #[must_use]
    fn map_with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut out = self;
        for at in 0..Self::WIDTH {
            out.set_lane(at, f(self.lane(at), other.lane(at)));
        }
        out
    }

    /// A calculation on slices, lane by lane: `f` sees one lane of `inputs` and fills one lane of `out`, or says that
    /// it cannot. Gives the lanes in which it could.
    fn one_by_one(inputs: &[Self], out: &mut [Self], f: impl Fn(&[f64], &mut [f64]) -> bool) -> Self::Mask {
        let mut done = Self::Mask::all(false);
        let mut single = vec![0.0; inputs.len()];
        let mut result = vec![0.0; out.len()];
        for at in 0..Self::WIDTH {
            for (one, all) in single.iter_mut().zip(inputs) {
                *one = all.lane(at);
            }
            done.set(at, f(&single, &mut result));
            for (all, one) in out.iter_mut().zip(&result) {
                all.set_lane(at, *one);
            }
        }
        done
    }
}

/// A number that exists: kernels over [`Real`] have NaN for what does not.
pub fn defined(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// What comparisons of [`Real`] numbers give: true or false per lane.
pub trait Mask:
    Copy
    + Debug
    + Default
    + PartialEq
    + Send
    + Sync
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
{
    /// The same in every lane.
    fn all(value: bool) -> Self;
    /// Whether it holds in any lane.
    fn any(self) -> bool;
    /// Whether it holds in a lane.
    fn holds(self, at: usize) -> bool;
    /// Sets a lane.
    fn set(&mut self, at: usize, value: bool);
}

impl Mask for bool {
    #[inline(always)]
    fn all(value: bool) -> Self {
        value
    }

    #[inline(always)]
    fn any(self) -> bool {
        self
    }

    #[inline(always)]
    fn holds(self, _: usize) -> bool {
        self
    }

    #[inline(always)]
    fn set(&mut self, _: usize, value: bool) {
        *self = value;
    }
}

impl Real for f64 {
    const WIDTH: usize = 1;
    type Mask = bool;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn lane(self, _: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn set_lane(&mut self, _: usize, value: f64) {
        *self = value;
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }

    #[inline(always)]
    fn above(self, other: Self) -> bool {
        self > other
    }

    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }

    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[0] = self;
    }

    #[inline(always)]
    fn keep() {}

    #[inline(always)]
    fn load_whole(from: &[i32]) -> Self {
        Self::from(from[0])
    }
}

/// Sixteen numbers side by side.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(align(64))]
pub struct Lanes(pub [f64; LANES]);

/// True (all bits) or false (none) in each of sixteen lanes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(align(64))]
pub struct LaneMask([u64; LANES]);

macro_rules! lanewise {
    ($($trait:ident $function:ident $assign:ident $assign_function:ident $op:tt),*) => {$(
        impl $trait for Lanes {
            type Output = Self;

            #[inline(always)]
            fn $function(self, other: Self) -> Self {
                let mut out = [0.0; LANES];
                for at in 0..LANES {
                    out[at] = self.0[at] $op other.0[at];
                }
                Self(out)
            }
        }

        impl $assign for Lanes {
            #[inline(always)]
            fn $assign_function(&mut self, other: Self) {
                *self = *self $op other;
            }
        }
    )*};
}
lanewise!(
    Add add AddAssign add_assign +,
    Sub sub SubAssign sub_assign -,
    Mul mul MulAssign mul_assign *,
    Div div DivAssign div_assign /
);

impl Neg for Lanes {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.map(|x| -x))
    }
}

impl Real for Lanes {
    const WIDTH: usize = LANES;
    type Mask = LaneMask;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn lane(self, at: usize) -> f64 {
        self.0[at]
    }

    #[inline(always)]
    fn set_lane(&mut self, at: usize, value: f64) {
        self.0[at] = value;
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        let mut out = self.0;
        for x in &mut out {
            *x = x.sqrt();
        }
        Self(out)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        let mut out = self.0;
        for x in &mut out {
            *x = x.abs();
        }
        Self(out)
    }

    #[inline(always)]
    fn above(self, other: Self) -> LaneMask {
        let mut out = [0; LANES];
        for at in 0..LANES {
            out[at] = if self.0[at] > other.0[at] { u64::MAX } else { 0 };
        }
        LaneMask(out)
    }

    #[inline(always)]
    fn select(mask: LaneMask, yes: Self, no: Self) -> Self {
        let mut out = [0.0; LANES];
        for at in 0..LANES {
            out[at] = f64::from_bits((yes.0[at].to_bits() & mask.0[at]) | (no.0[at].to_bits() & !mask.0[at]));
        }
        Self(out)
    }

    #[inline(always)]
    fn keep() {
        keep_lanes();
    }

    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let mut out = [0.0; LANES];
        out.copy_from_slice(&from[..LANES]);
        Self(out)
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[..LANES].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn load_whole(from: &[i32]) -> Self {
        let from = &from[..LANES];
        let mut out = [0.0; LANES];
        for at in 0..LANES {
            out[at] = f64::from(from[at]);
        }
        Self(out)
    }
}

impl BitAnd for LaneMask {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        let mut out = self.0;
        for at in 0..LANES {
            out[at] &= other.0[at];
        }
        Self(out)
    }
}

impl BitOr for LaneMask {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        let mut out = self.0;
        for at in 0..LANES {
            out[at] |= other.0[at];
        }
        Self(out)
    }
}

impl Not for LaneMask {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        let mut out = self.0;
        for x in &mut out {
            *x = !*x;
        }
        Self(out)
    }
}

impl Mask for LaneMask {
    #[inline(always)]
    fn all(value: bool) -> Self {
        Self([if value { u64::MAX } else { 0 }; LANES])
    }

    #[inline(always)]
    fn any(self) -> bool {
        let mut all = 0;
        for x in self.0 {
            all |= x;
        }
        all != 0
    }

    #[inline(always)]
    fn holds(self, at: usize) -> bool {
        self.0[at] != 0
    }

    #[inline(always)]
    fn set(&mut self, at: usize, value: bool) {
        self.0[at] = if value { u64::MAX } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_do_what_single_numbers_do() {
        let a = [1.5, -2.0, 0.0, f64::NAN, 9.0, 1e-300, -0.0, 7.0];
        let b = [0.5, -3.0, 0.0, 1.0, f64::NAN, 1e300, 0.0, -7.0];
        // Each with its partner, then with the next one's.
        let a: [f64; LANES] = std::array::from_fn(|at| a[at % a.len()]);
        let b: [f64; LANES] = std::array::from_fn(|at| b[(at + at / b.len()) % b.len()]);
        let (x, y) = (Lanes(a), Lanes(b));
        for at in 0..LANES {
            let same = |lane: Lanes, single: f64| lane.lane(at).to_bits() == single.to_bits();
            let (p, q) = (a[at], b[at]);
            assert!(same(x + y, p + q) && same(x - y, p - q) && same(x * y, p * q));
            assert!((x / y).lane(at).is_nan() == (p / q).is_nan());
            assert!(same(x.abs(), p.abs()) && same(x.larger(y), p.larger(q)) && same(x.sign(), p.sign()));
            assert_eq!(x.above(y).holds(at), p > q);
            assert_eq!(x.below(y).holds(at), p < q);
            let finite = if p.is_finite() { p } else { f64::NAN };
            assert!(same(x.if_finite(), finite) && same(x.map_with(y, |a, b| a - b), p - q));
            assert!(same(Lanes::select(x.above(y), x, y), if p > q { p } else { q }));
            assert_ne!((!x.above(y)).holds(at), p > q);
        }
        let mut stored = [0.0; LANES + 1];
        x.store(&mut stored[1..]);
        assert!(stored[1..].iter().zip(a).all(|(x, y)| x.to_bits() == y.to_bits()));
        assert!(!LaneMask::all(false).any() && x.above(y).any());
    }
}
