//! From sums to correlations, for one resample or eight side by side.

use super::product::STRIP;
use super::{Batch, Kernel, NoMoments, OfItem, QUARTET, Resampled};
use crate::stats::real::{LANES, Mask, Real};

impl Kernel {
    /// Moments of the resamples `first .. first + WIDTH` of a batch, from its sums. `failed` says which have none, and
    /// `doubtful` which must be decided by [`Kernel::naive`].
    #[inline(always)]
    pub fn finish<R: Real>(&self, batch: &Batch, first: usize, out: &mut Resampled<R>) {
        if batch.whole.is_empty() {
            let at = batch.place(first, self.columns.len());
            self.read(batch, first, out, &batch.real[at..], R::load);
        } else {
            let at = batch.place(first, self.strips() * STRIP);
            self.read(batch, first, out, &batch.whole[at..], R::load_whole);
        }
    }

    /// From the sums of every column, a panel apart.
    #[inline(always)]
    fn read<R: Real, T>(
        &self,
        batch: &Batch,
        first: usize,
        out: &mut Resampled<R>,
        sums: &[T],
        load: impl Fn(&[T]) -> R,
    ) {
        let p = self.items;
        let total: R = batch.total(first);
        out.failed = [None; LANES];
        out.doubtful = R::Mask::all(false);
        // The resample's mean of the observed answers.
        let incomplete = batch.incomplete(first);
        for (j, missing) in self.missing.iter().enumerate() {
            let mut lost = R::zero();
            for &slot in missing {
                lost += R::load(&incomplete[slot * LANES..]);
            }
            let observed = total - lost;
            fail(&mut out.failed, !observed.above(R::zero()), NoMoments::Unanswered(j));
            let sum = load(&sums[j * batch.panel..]);
            out.own[j] = OfItem { sum, mean: sum / observed, lost, inverse: R::zero() };
            R::keep();
        }
        let products = &sums[p * batch.panel..];
        let divisor = total * (total - R::one());
        for j in 0..p {
            let product = load(&products[(j * (j + 3) / 2) * batch.panel..]);
            let OfItem { sum: s, mean, lost, .. } = out.own[j];
            let complete = self.missing[j].is_empty();
            let square = if complete {
                total * product - s * s
            } else {
                let seen = total - lost - lost + lost;
                total * (product - mean * s - mean * s + mean * mean * seen)
            };
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
            out.own[j].inverse = R::one() / square.sqrt();
            R::keep();
        }
        if self.incomplete.is_empty() {
            self.pairs(batch.panel, total, out, products, load);
        } else {
            self.pairs_with_holes(batch.panel, incomplete, total, out, products, load);
        }
    }

    /// Correlations from the sums of products: `n` times the sum of products of deviations, over the roots of those of
    /// squares.
    #[inline(always)]
    fn pairs<R: Real, T>(
        &self,
        panel: usize,
        total: R,
        out: &mut Resampled<R>,
        products: &[T],
        load: impl Fn(&[T]) -> R,
    ) {
        let p = self.items;
        for (j, &one) in out.own.iter().enumerate() {
            let mirrored = out.mirrored[j];
            let columns = products[j * (j + 1) / 2 * panel..].chunks_exact(panel);
            let (above, below) = out.correlation.split_at_mut(j * p);
            let pairs = columns.zip(&out.own).zip(above.chunks_exact_mut(p));
            for (k, ((column, other), above)) in pairs.enumerate() {
                // n S_jk − S_j S_k stays whole, so whole-number answers lose nothing before the division.
                let r = (total * load(column) - one.sum * other.sum) * (one.inverse * other.inverse);
                above[j] = r;
                if k >= mirrored {
                    below[k] = r;
                }
                R::keep();
            }
            below[j] = R::one();
        }
    }

    /// The same where answers are missing, given the weights of the incomplete cases.
    #[inline(always)]
    fn pairs_with_holes<R: Real, T>(
        &self,
        panel: usize,
        incomplete: &[f64],
        total: R,
        out: &mut Resampled<R>,
        products: &[T],
        load: impl Fn(&[T]) -> R,
    ) {
        let p = self.items;
        // Where an item is complete its row stays zero.
        out.without.resize(p * p, R::zero());
        for (j, &one) in out.own.iter().enumerate() {
            let (mirrored, seen_j) = (out.mirrored[j], total - one.lost);
            let complete = self.missing[j].is_empty();
            let (before, without) = out.without.split_at_mut(j * p);
            if !complete {
                self.answers_lost(incomplete, j, &mut without[..p]);
            }
            let columns = products[j * (j + 1) / 2 * panel..].chunks_exact(panel);
            let (above, below) = out.correlation.split_at_mut(j * p);
            let lost = before.chunks_exact(p).zip(&*without);
            let both = self.both_from[j * j.saturating_sub(1) / 2..].windows(2);
            let pairs = columns.zip(&out.own).zip(lost).zip(both).zip(above.chunks_exact_mut(p));
            for (k, ((((column, other), (before, without)), both), above)) in pairs.enumerate() {
                let product = load(column);
                let raw = if complete && self.missing[k].is_empty() {
                    total * product - one.sum * other.sum
                } else {
                    // Answers seen on one side but not on the other are taken away; `z` is zero where missing.
                    let k_seen_by_j = other.sum - *without;
                    let j_seen_by_k = one.sum - before[j];
                    let mut seen = seen_j - other.lost;
                    if both[0] < both[1] {
                        let mut lost = R::zero();
                        for &slot in &self.both[both[0]..both[1]] {
                            lost += R::load(&incomplete[slot * LANES..]);
                        }
                        seen += lost;
                    }
                    let (a, b) = (one.mean, other.mean);
                    total * (product - b * j_seen_by_k - a * k_seen_by_j + a * b * seen)
                };
                let r = raw * (one.inverse * other.inverse);
                above[j] = r;
                if k >= mirrored {
                    below[k] = r;
                }
                R::keep();
            }
            below[j] = R::one();
        }
    }

    /// The weighted answers to every item in the cases that lack item j.
    #[inline(always)]
    fn answers_lost<R: Real>(&self, incomplete: &[f64], j: usize, out: &mut [R]) {
        let stride = self.items.next_multiple_of(QUARTET);
        for (at, out) in out.chunks_mut(QUARTET).enumerate() {
            // Four names instead of an array, which the compiler would take apart.
            let (mut a, mut b, mut c, mut d) = (R::zero(), R::zero(), R::zero(), R::zero());
            for &slot in &self.missing[j] {
                let weight = R::load(&incomplete[slot * LANES..]);
                let answers =
                    self.incomplete_answers[slot * stride + at * QUARTET..].as_chunks::<QUARTET>().0;
                let answers = answers[0];
                a += weight * R::splat(answers[0]);
                b += weight * R::splat(answers[1]);
                c += weight * R::splat(answers[2]);
                d += weight * R::splat(answers[3]);
                R::keep();
            }
            if let [to_a, to_b, to_c, to_d] = out {
                (*to_a, *to_b, *to_c, *to_d) = (a, b, c, d);
            } else {
                out.iter_mut().zip([a, b, c, d]).for_each(|(out, sum)| *out = sum);
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
