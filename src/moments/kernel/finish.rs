//! From sums to correlations, for one resample or eight side by side.

use super::product::STRIP;
use super::{Batch, Kernel, NoMoments, Resampled};
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
        for (j, missing) in self.missing.iter().enumerate() {
            let mut lost = R::zero();
            for &slot in missing {
                lost += batch.incomplete(slot, first);
            }
            out.lost[j] = lost;
            let observed = total - lost;
            fail(&mut out.failed, !observed.above(R::zero()), NoMoments::Unanswered(j));
            out.sum[j] = load(&sums[j * batch.panel..]);
            out.mean[j] = out.sum[j] / observed;
            R::keep();
        }
        let products = &sums[p * batch.panel..];
        let divisor = total * (total - R::one());
        for j in 0..p {
            let product = load(&products[(j * (j + 3) / 2) * batch.panel..]);
            let (s, mean, lost) = (out.sum[j], out.mean[j], out.lost[j]);
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
            out.sd[j] = (square / divisor).sqrt() * R::splat(self.scale[j]);
            out.inverse[j] = R::one() / square.sqrt();
            R::keep();
        }
        self.pairs(batch, first, total, out, products, load);
    }

    /// Correlations from the sums of products: `n` times the sum of products of deviations, over the roots of those of
    /// squares.
    #[inline(always)]
    fn pairs<R: Real, T>(
        &self,
        batch: &Batch,
        first: usize,
        total: R,
        out: &mut Resampled<R>,
        products: &[T],
        load: impl Fn(&[T]) -> R,
    ) {
        let p = self.items;
        let holes = !self.incomplete.is_empty();
        if holes {
            out.beyond.resize(p * p.saturating_sub(1) / 2, R::zero());
        }
        for j in 0..p {
            let (s_j, a, w_j, scale) = (out.sum[j], out.mean[j], out.lost[j], out.inverse[j]);
            let complete = self.missing[j].is_empty();
            if !complete {
                self.answers_lost(batch, first, j, &mut out.without);
            }
            let row = j * j.saturating_sub(1) / 2;
            let columns = products[(j * (j + 1) / 2) * batch.panel..].chunks(batch.panel);
            let (above, below) = out.correlation.split_at_mut(j * p);
            let mirrored = out.mirrored[j];
            let others = out.sum.iter().zip(&out.mean).zip(&out.lost).zip(&out.inverse);
            for (k, (column, (((s_k, b), w_k), inverse))) in columns.zip(others).take(j).enumerate() {
                let product = load(column);
                let raw = if complete && self.missing[k].is_empty() {
                    // n S_jk − S_j S_k stays whole, so whole-number answers lose nothing before the division.
                    total * product - s_j * *s_k
                } else {
                    // Answers seen on one side but not on the other are taken away; `z` is zero where missing.
                    let k_seen_by_j = if complete { *s_k } else { *s_k - out.without[k] };
                    let j_seen_by_k = s_j - out.beyond[row + k];
                    let mut both = R::zero();
                    for &slot in self.both(row + k) {
                        both += batch.incomplete(slot, first);
                    }
                    let seen = total - w_j - *w_k + both;
                    total * (product - *b * j_seen_by_k - a * k_seen_by_j + a * *b * seen)
                };
                let r = raw * (scale * *inverse);
                above[k * p + j] = r;
                if k >= mirrored {
                    below[k] = r;
                }
                R::keep();
            }
            below[j] = R::one();
            if !complete {
                for (k, lost) in out.without.iter().enumerate().skip(j + 1) {
                    out.beyond[k * (k - 1) / 2 + j] = *lost;
                    R::keep();
                }
            }
        }
    }

    /// The weighted answers to every item in the cases that lack item j.
    #[inline(always)]
    fn answers_lost<R: Real>(&self, batch: &Batch, first: usize, j: usize, out: &mut [R]) {
        out.fill(R::zero());
        // Four cases at a time, so that a sum is loaded and stored once for all of them.
        let fours = self.missing[j].chunks_exact(4);
        let rest = fours.remainder();
        for slots in fours {
            if let [a, b, c, d] = *slots {
                self.add_lost(batch, first, [a, b, c, d], out);
            }
        }
        match *rest {
            [a] => self.add_lost(batch, first, [a], out),
            [a, b] => self.add_lost(batch, first, [a, b], out),
            [a, b, c] => self.add_lost(batch, first, [a, b, c], out),
            _ => {}
        }
    }

    /// Adds the weighted answers of some incomplete cases, one case after the other.
    #[inline(always)]
    fn add_lost<R: Real, const N: usize>(
        &self,
        batch: &Batch,
        first: usize,
        slots: [usize; N],
        out: &mut [R],
    ) {
        let (mut weights, mut answers) = ([R::zero(); N], [&[][..]; N]);
        for n in 0..N {
            weights[n] = batch.incomplete(slots[n], first);
            answers[n] = &self.incomplete_answers[slots[n] * self.items..][..self.items];
        }
        for (k, sum) in out.iter_mut().enumerate() {
            for n in 0..N {
                *sum += weights[n] * R::splat(answers[n][k]);
            }
            R::keep();
        }
    }

    /// The incomplete cases in which both items of a pair are missing.
    #[inline(always)]
    fn both(&self, pair: usize) -> &[usize] {
        &self.both[self.both_from[pair]..self.both_from[pair + 1]]
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
