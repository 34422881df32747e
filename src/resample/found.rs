//! What the rows of a sampler gave so far, portion by portion.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::chacha::Key;
use super::engine::{Engine, Rows, Values};
use super::reason::{Culprit, Reason, culprits};
use super::sampler::Sampler;
use super::settings::Inadmissible;
use super::watch::Watch;
use crate::pls::PlsFit;

/// Fewest resamples that are worth a portion per thread.
const BLOCK: usize = 128;
/// Resamples per thread between two looks at whether to stop, once these take less time than [`PATIENCE`]; of more, the
/// first values would have left the caches before the last are written.
const MOST_AT_ONCE: usize = 8 * BLOCK;
const PATIENCE: Duration = Duration::from_millis(200);

/// Everything that resamples gave so far.
#[derive(Default)]
pub(super) struct Found(pub(super) Values);

impl Found {
    /// Runs the next `count` rows, in portions that grow as long as they are quick.
    pub(super) fn extend(
        &mut self,
        engine: &Engine<'_>,
        sampler: &Sampler<'_>,
        count: usize,
        watch: Watch<'_>,
    ) {
        let end = self.len() + count;
        self.0.reserve(engine.quantities(), count);
        let all = vec![1.0; sampler.cases()];
        let threads = rayon::current_num_threads();
        let mut portion = BLOCK * threads;
        while self.len() < end && !(watch.stop)() {
            let start = self.len();
            let len = portion.min(end - start);
            let clock = Instant::now();
            let counts = |b: usize, counts: &mut [u16]| sampler.counts(start + b, counts);
            let any = |b: usize, weights: &mut [f64]| sampler.fill(start + b, weights);
            let less = |b: usize, lose: &mut dyn FnMut(usize, f64)| {
                sampler.each_left_out(start + b, |case| lose(case, 1.0));
            };
            let rows = if let Some(seed) = sampler.plain_seed() {
                Rows::Drawn(Key::of(seed), start as u64)
            } else if sampler.leaves_out() {
                Rows::Less(&all, &less)
            } else if sampler.is_counted() {
                Rows::Counts(&counts)
            } else {
                Rows::Weights(&any)
            };
            engine.run(len, &rows, watch.progress, &mut self.0);
            if clock.elapsed() < PATIENCE {
                portion = (2 * portion).min(MOST_AT_ONCE * threads);
            }
        }
    }

    /// Resamples so far.
    pub(super) fn len(&self) -> usize {
        self.0.reasons.len()
    }

    /// Resamples whose estimate exists and is possible.
    pub(super) fn possible(&self) -> usize {
        self.0.reasons.iter().filter(|reason| reason.is_none()).count()
    }

    /// Which resamples count under a treatment.
    pub(super) fn counting(&self, treatment: Inadmissible) -> Vec<bool> {
        match treatment {
            Inadmissible::Keep => self.0.counted.clone(),
            _ => self.0.reasons.iter().map(Option::is_none).collect(),
        }
    }

    /// How many resamples have each reason.
    pub(super) fn tally(&self) -> BTreeMap<Reason, usize> {
        let mut tally = BTreeMap::new();
        for cause in self.0.reasons.iter().flatten() {
            *tally.entry(cause.reason).or_insert(0) += 1;
        }
        tally
    }

    /// What in the model they are lost to.
    pub(super) fn culprits(&self, fit: &PlsFit) -> Vec<Culprit> {
        culprits(self.0.reasons.iter().flatten().copied(), fit)
    }

    /// Forgets all but the first `len` resamples.
    pub(super) fn truncate(&mut self, len: usize) {
        self.0.columns.iter_mut().for_each(|column| column.truncate(len));
        self.0.counted.truncate(len);
        self.0.reasons.truncate(len);
    }
}
