//! Resamples from outside: case numbers or weights that must be those of the cases used.

use super::ResampleError;
use crate::diagnostic::Diagnostic;
use crate::survey::Sample;

/// Refuses resamples that are none of these cases: each holds as many case numbers as there are cases.
///
/// # Errors
/// `TP0602`, naming the resample.
pub(super) fn check_indices(rows: &[Vec<usize>], cases: usize) -> Result<(), ResampleError> {
    for (b, drawn) in rows.iter().enumerate() {
        let problem = if drawn.len() != cases {
            format!("resample {b} holds {} case numbers, but {cases} cases are used", drawn.len())
        } else if let Some(wrong) = drawn.iter().find(|&&case| case >= cases) {
            format!("resample {b} names case {wrong}, but {cases} cases are used, numbered from 0")
        } else {
            continue;
        };
        let last = cases.saturating_sub(1);
        return Err(Diagnostic::error("TP0602", problem)
            .hint(format!("a resample holds {cases} case numbers from 0 to {last}, some of them repeated"))
            .into());
    }
    Ok(())
}

pub(super) fn check_weights(rows: &[Vec<f64>], cases: usize) -> Result<(), ResampleError> {
    for (b, weights) in rows.iter().enumerate() {
        let problem = if weights.len() != cases {
            format!("resample {b} holds {} weights, but {cases} cases are used", weights.len())
        } else if let Some(at) = weights.iter().position(|w| !w.is_finite() || *w < 0.0) {
            format!("resample {b} gives case {at} the weight {}", weights[at])
        } else if weights.iter().sum::<f64>() <= 1.0 {
            format!("the weights of resample {b} add up to {}", weights.iter().sum::<f64>())
        } else {
            continue;
        };
        return Err(Diagnostic::error("TP0602", problem)
            .hint("give every case used a weight of 0 or more; weights add up to about the number of cases")
            .into());
    }
    Ok(())
}

/// Says of given resamples that do not fit how many cases of the file are not among those used.
pub(super) fn of_cases_used(error: ResampleError, sample: &Sample) -> ResampleError {
    let ResampleError::Invalid(mut problems) = error;
    let (not_used, read) = (sample.account.cases_not_used(), sample.account.cases_read);
    if not_used > 0 {
        for problem in problems.0.iter_mut().filter(|problem| problem.code == "TP0602") {
            problem.hints.push(format!(
                "{not_used} of the {read} cases of the file were left out: numbers and weights are those of the others, in \
                 the order of the file"
            ));
        }
    }
    ResampleError::Invalid(problems)
}
