//! The answers that are resampled, and what estimates need of them besides their moments.

use super::{ResampleError, invalid};
use crate::diagnostic::Diagnostic;
use crate::moments::{Correlation, Moments};
use crate::pls::{PlsError, PlsFit, Source};
use crate::survey::Sample;

/// What makes the estimates that do not follow from Pearson moments, if the fit is one of those.
pub(super) fn source_of(fit: &PlsFit, sample: &Sample) -> Result<Option<Source>, ResampleError> {
    if fit.settings.correlation == Correlation::Pearson && fit.staged.is_none() {
        return Ok(None);
    }
    Source::of(fit, sample).map(Some).map_err(|error| match error {
        PlsError::Invalid(problems) => ResampleError::Invalid(problems),
        PlsError::Survey(error) => invalid(Diagnostic::error("TP0605", error.to_string())),
    })
}

/// The sample with every missing answer replaced by its item's mean: the mean of the estimate, weighted where cases are.
pub(super) fn completed(sample: &Sample) -> Sample {
    let means = match &sample.weights {
        Some(weights) => Moments::weighted(sample, weights).mean,
        None => Moments::of(sample).mean,
    };
    let mut sample = sample.clone();
    for (column, mean) in sample.columns.iter_mut().zip(means) {
        column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = mean);
    }
    sample
}
