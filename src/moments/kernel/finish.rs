//! From sums to correlations, for one resample or sixteen side by side.

use super::product::{PANEL, STRIP};
use super::{Batch, Kernel, NoMoments, Resampled};
use crate::stats::real::{LANES, Mask, Real};

impl Kernel {
    /// Moments of the resamples `first .. first + WIDTH` of a batch, from its sums. `failed` says which have none, and
    /// `doubtful` which must be decided by [`Kernel::naive`].
    #[inline(always)]
    pub fn finish<R: Real>(&self, batch: &Batch, first: usize, out: &mut Resampled<R>) {
        let holes = &self.holes;
        let bytes = !batch.whole.is_empty();
        let at = batch.place(first, if bytes { self.strips() * STRIP } else { self.columns.len() });
        if holes.cases.is_empty() {
            if bytes {
                self.read::<R, _, false>(batch, first, out, &batch.whole[at..], R::load_whole, |_, _| {
                    R::zero()
                });
            } else {
                self.read::<R, _, false>(batch, first, out, &batch.real[at..], R::load, |_, _| R::zero());
            }
        } else if bytes {
            for (j, own) in out.own.iter_mut().enumerate() {
                own.lost = holes.place(j, first);
            }
            let lost = |of: usize, k: usize| R::load_whole(&batch.lost[of + k * PANEL..]);
            self.read::<R, _, true>(batch, first, out, &batch.whole[at..], R::load_whole, lost);
        } else {
            let mut found = std::mem::take(&mut out.lost);
            holes.add_up(batch.incomplete(first), &mut found);
            for (j, own) in out.own.iter_mut().enumerate() {
                own.lost = j * holes.width();
            }
            self.read::<R, _, true>(batch, first, out, &batch.real[at..], R::load, |of, k| found[of + k]);
            out.lost = found;
        }
    }

    /// From the sums of every column, a panel apart. `lost` gives the weighted answers to item k in the cases that lack an
    /// item, or for `k = p` their weights.
    #[inline(always)]
    fn read<R: Real, T, const HOLES: bool>(
        &self,
        batch: &Batch,
        first: usize,
        out: &mut Resampled<R>,
        sums: &[T],
        load: impl Fn(&[T]) -> R,
        lost: impl Fn(usize, usize) -> R,
    ) {
        let p = self.items;
        let total: R = batch.total(first);
        out.failed = [None; LANES];
        out.doubtful = R::Mask::all(false);
        let products = &sums[p * batch.panel..];
        let divisor = total * (total - R::one());
        let complete = |j: usize| !HOLES || self.holes.spare(j);
        for (j, own) in out.own.iter_mut().enumerate() {
            own.sum = load(&sums[j * batch.panel..]);
            let observed = if complete(j) { total } else { total - lost(own.lost, p) };
            fail(&mut out.failed, !observed.above(R::zero()), NoMoments::Unanswered(j));
            own.mean = own.sum / observed;
            R::keep();
        }
        for (j, own) in out.own.iter_mut().enumerate() {
            let complete = complete(j);
            let mut square = load(&products[(j * (j + 3) / 2) * batch.panel..]);
            if !complete {
                // The resample's mean of the observed answers in place of the others.
                own.sum = total * own.mean;
                square += own.mean * own.mean * lost(own.lost, p);
            }
            square = total * square - own.sum * own.sum;
            if self.whole && !batch.general && complete {
                fail(&mut out.failed, !square.above(R::zero()), NoMoments::Constant(j));
            } else {
                // One-pass sums may have lost their digits: to be decided from the definition.
                let floor = R::splat(1e-4 * self.variance[j]) * divisor;
                out.doubtful = out.doubtful | !square.above(floor.larger(R::zero()));
            }
            if let Some(sd) = out.sd.get_mut(j) {
                *sd = (square / divisor).sqrt() * R::splat(self.scale[j]);
            }
            own.inverse = R::one() / square.sqrt();
            R::keep();
        }
        let incomplete = batch.incomplete(first);
        for (j, &one) in out.own.iter().enumerate() {
            let mirrored = out.mirrored[j];
            let columns = products[j * (j + 1) / 2 * batch.panel..].chunks_exact(batch.panel);
            let (above, below) = out.correlation.split_at_mut(j * p);
            let mut both = self.holes.both(j);
            let pairs = columns.zip(&out.own).zip(above.chunks_exact_mut(p));
            for (k, ((column, other), above)) in pairs.enumerate() {
                let mut product = load(column);
                if HOLES {
                    product += one.mean * lost(one.lost, k) + other.mean * lost(other.lost, j);
                    for &slot in both.next().unwrap_or_default() {
                        product += one.mean * other.mean * R::load(&incomplete[slot * LANES..]);
                    }
                }
                // n S_jk − S_j S_k stays whole, so whole-number answers lose nothing before the division.
                let r = (total * product - one.sum * other.sum) * (one.inverse * other.inverse);
                above[j] = r;
                if k >= mirrored {
                    below[k] = r;
                }
                R::keep();
            }
            below[j] = R::one();
        }
    }

    /// The same from the definition: weighted means, then weighted products of deviations.
    ///
    /// # Errors
    /// Names the first item without variance or without an answer.
    pub fn naive(&self, weights: &[f64], out: &mut Resampled) -> Result<(), NoMoments> {
        let p = self.items;
        let total: f64 = weights.iter().sum();
        let mut centred: Vec<Vec<f64>> = Vec::with_capacity(p);
        for (j, column) in self.encoded.iter().enumerate() {
            let mut here = weights.to_vec();
            for &slot in &self.holes.of_item[j] {
                here[self.holes.cases[slot]] = 0.0;
            }
            let seen: f64 = here.iter().sum();
            if seen <= 0.0 {
                return Err(NoMoments::Unanswered(j));
            }
            let mean = here.iter().zip(column).map(|(w, x)| w * x).sum::<f64>() / seen;
            centred
                .push(here.iter().zip(column).map(|(&w, x)| if w == 0.0 { 0.0 } else { x - mean }).collect());
        }
        let products = |x: &[f64], y: &[f64]| {
            weights.iter().zip(x.iter().zip(y)).map(|(w, (x, y))| w * x * y).sum::<f64>() / (total - 1.0)
        };
        for j in 0..p {
            let variance = products(&centred[j], &centred[j]);
            if variance.is_nan() || variance <= 1e-20 * self.variance[j].max(f64::MIN_POSITIVE) {
                return Err(NoMoments::Constant(j));
            }
            out.sd[j] = variance.sqrt();
            out.correlation[j * p + j] = 1.0;
            for k in 0..j {
                let r = products(&centred[j], &centred[k]) / (out.sd[j] * out.sd[k]);
                out.correlation[j * p + k] = r;
                out.correlation[k * p + j] = r;
            }
        }
        out.sd.iter_mut().zip(&self.scale).for_each(|(sd, scale)| *sd *= scale);
        Ok(())
    }
}

/// Notes a reason for the lanes of a mask that have none yet.
#[inline(always)]
fn fail<M: Mask>(failed: &mut [Option<NoMoments>; LANES], mask: M, why: NoMoments) {
    if mask.any() {
        for (at, failed) in failed.iter_mut().enumerate() {
            if failed.is_none() && mask.holds(at) {
                *failed = Some(why);
            }
        }
    }
}
