//! Samples drawn anew one at a time, for what is not read off weighted moments: tetrads, congruence, Hausman's test.

use std::borrow::Cow;

use super::draw::bootstrap_counts;
use super::given::{check_indices, of_cases_used};
use super::{ResampleError, invalid};
use crate::diagnostic::Diagnostic;
use crate::pls::PlsFit;
use crate::survey::Sample;

/// The cases of every resample: given, or drawn as the bootstrap draws them when they are asked for, so that they take no
/// memory.
#[derive(Debug, Clone, Copy)]
pub(super) enum Redrawn<'a> {
    /// Case numbers from 0, one list per resample.
    Given(&'a [Vec<usize>]),
    /// By a seed.
    Seeded {
        /// The seed; stream b of it gives resample b.
        seed: u64,
        /// Number of resamples.
        resamples: usize,
    },
}

impl Redrawn<'_> {
    /// Number of resamples.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Given(rows) => rows.len(),
            Self::Seeded { resamples, .. } => *resamples,
        }
    }

    /// The cases of resample `b`.
    fn cases(&self, b: usize, count: usize) -> Cow<'_, [usize]> {
        match self {
            Self::Given(rows) => rows.get(b).map_or(Cow::Borrowed(&[]), |row| Cow::Borrowed(row.as_slice())),
            Self::Seeded { seed, .. } => {
                let mut counts = vec![0_u16; count];
                bootstrap_counts(*seed, b as u64, &mut counts);
                let times = counts.iter().map(|&times| usize::from(times));
                Cow::Owned(
                    times.enumerate().flat_map(|(case, times)| std::iter::repeat_n(case, times)).collect(),
                )
            }
        }
    }

    /// Resample `b` of a sample.
    pub(super) fn sample(&self, b: usize, of: &Sample) -> Sample {
        take(of, &self.cases(b, of.cases()))
    }

    /// The answers that are drawn from.
    ///
    /// # Errors
    /// `TP0601` without answers, `TP0602` for resamples that do not fit them.
    pub(super) fn answers<'f>(&self, fit: &'f PlsFit) -> Result<&'f Sample, ResampleError> {
        let Some(sample) = fit.answers().map(AsRef::as_ref) else {
            return Err(invalid(
                Diagnostic::error("TP0601", "a bootstrap needs the answers, not only their correlations")
                    .hint("give the survey file instead of the correlation table"),
            ));
        };
        if let Self::Given(rows) = self {
            check_indices(rows, sample.cases()).map_err(|error| of_cases_used(error, sample))?;
        }
        Ok(sample)
    }
}

/// A sample of the given cases.
fn take(sample: &Sample, cases: &[usize]) -> Sample {
    let columns = sample.columns.iter().map(|c| cases.iter().map(|&i| c[i]).collect()).collect();
    let origin = cases.iter().map(|&i| sample.origin[i]).collect();
    let weights = sample.weights.as_ref().map(|weights| cases.iter().map(|&i| weights[i]).collect());
    Sample { columns, origin, weights, ..sample.clone() }
}
