//! From sums to correlations, for one resample or eight side by side.

use super::product::STRIP;
use super::{Batch, Kernel, NoMoments, Resampled, TILE};
use crate::stats::real::{LANES, Mask, Real};

impl Kernel {
    /// Moments of the resamples `first .. first + WIDTH` of a batch, from its sums. `failed` says which have none, and
    /// `doubtful` which must be decided by [`Kernel::naive`].
    #[inline(always)]
    pub fn finish<R: Real>(&self, batch: &Batch, first: usize, out: &mut Resampled<R>) {
        if batch.whole.is_empty() {
            let at = batch.place(first, self.columns.len());
            self.read(batch, first, out, |c| R::load(&batch.real[at + c * batch.panel..]));
        } else {
            let at = batch.place(first, self.strips() * STRIP);
            self.read(batch, first, out, |c| R::load_whole(&batch.whole[at + c * batch.panel..]));
        }
    }

    #[inline(always)]
    fn read<R: Real>(&self, batch: &Batch, first: usize, out: &mut Resampled<R>, sum: impl Fn(usize) -> R) {
        let p = self.items;
        let total: R = batch.total(first);
        out.failed = [None; LANES];
        out.doubtful = R::Mask::all(false);
        if !self.incomplete.is_empty() {
            self.count_lost(batch, first, out);
        }
        // The resample's mean of the observed answers.
        for j in 0..p {
            let observed = total - out.lost.weight[j];
            fail(&mut out.failed, !observed.above(R::zero()), NoMoments::Unanswered(j));
            out.mean[j] = sum(j) / observed;
            R::keep();
        }
        let mut at = p;
        for j in 0..p {
            let s_j = sum(j);
            for k in 0..=j {
                let product = sum(at);
                at += 1;
                out.correlation[j * p + k] = if self.missing[j].is_empty() && self.missing[k].is_empty() {
                    // n S_jk − S_j S_k stays whole, so whole-number answers lose nothing before the division.
                    total * product - s_j * sum(k)
                } else {
                    // Answers seen on one side but not on the other are taken away; `z` is zero where missing.
                    let lost = &out.lost;
                    let j_seen_by_k = s_j - lost.answers[k * p + j];
                    let k_seen_by_j = sum(k) - lost.answers[j * p + k];
                    let mut both = R::zero();
                    if j == k {
                        both = lost.weight[j];
                    } else {
                        for &slot in &self.both[j * (j - 1) / 2 + k] {
                            both += batch.incomplete(slot, first);
                        }
                    }
                    let seen = total - lost.weight[j] - lost.weight[k] + both;
                    let (a, b) = (out.mean[j], out.mean[k]);
                    total * (product - b * j_seen_by_k - a * k_seen_by_j + a * b * seen)
                };
                R::keep();
            }
        }
        self.standardise(batch, total, out);
    }

    /// `n` times the sums of squares and products on the lower triangle become correlations and standard deviations.
    #[inline(always)]
    fn standardise<R: Real>(&self, batch: &Batch, total: R, out: &mut Resampled<R>) {
        let p = self.items;
        let divisor = total * (total - R::one());
        for j in 0..p {
            let square = out.correlation[j * p + j];
            if self.whole && !batch.general && self.missing[j].is_empty() {
                fail(&mut out.failed, !square.above(R::zero()), NoMoments::Constant(j));
            } else {
                // One-pass sums may have lost their digits: to be decided from the definition.
                let floor = R::splat(1e-4 * self.variance[j]) * divisor;
                out.doubtful = out.doubtful | !square.above(floor.larger(R::zero()));
            }
            out.sd[j] = (square / divisor).sqrt() * R::splat(self.scale[j]);
            out.inverse[j] = R::one() / square.sqrt();
            R::keep();
        }
        for j in 0..p {
            out.correlation[j * p + j] = R::one();
            for k in 0..j {
                let r = out.correlation[j * p + k] * (out.inverse[j] * out.inverse[k]);
                out.correlation[j * p + k] = r;
                out.correlation[k * p + j] = r;
                R::keep();
            }
        }
    }

    /// What the missing cells take away.
    #[inline(always)]
    fn count_lost<R: Real>(&self, batch: &Batch, first: usize, out: &mut Resampled<R>) {
        let p = self.items;
        out.lost.answers.resize(p * p, R::zero());
        for (j, missing) in self.missing.iter().enumerate() {
            let mut weight = R::zero();
            for &slot in missing {
                weight += batch.incomplete(slot, first);
            }
            out.lost.weight[j] = weight;
            // A few sums at a time stay in registers.
            let tiles = out.lost.answers[j * p..(j + 1) * p].chunks_mut(TILE);
            for (tile, sums) in tiles.enumerate() {
                let mut here = [R::zero(); TILE];
                for &slot in missing {
                    let w: R = batch.incomplete(slot, first);
                    let at = (slot * p.div_ceil(TILE) + tile) * TILE;
                    for (sum, z) in here.iter_mut().zip(&self.incomplete_answers[at..at + TILE]) {
                        *sum += w * R::splat(*z);
                    }
                    R::keep();
                }
                sums.copy_from_slice(&here[..sums.len()]);
            }
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
            for &slot in &self.missing[j] {
                here[self.incomplete[slot]] = 0.0;
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
