//! Case weights: a column of the data that says how many cases each case stands for.
//!
//! Weights are made to have mean 1 over the cases used. Correlations, weights and paths then equal those of a file in
//! which each case is repeated as often as its weight says; the sample size stays the number of cases, since weighting
//! adds no respondents. Variances divide by Σw − 1 = n − 1.

use super::{line, listing};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::survey::{Survey, SurveyError, Values};

/// The weights as the file has them, one per case of the file.
///
/// # Errors
/// If the column does not exist, holds words, misses a weight, has a negative one, or only zeros.
pub(super) fn read(name: &str, survey: &Survey) -> Result<Vec<f64>, SurveyError> {
    let file = survey.file.as_str();
    let Some(column) = survey.column(name) else {
        let message = format!("the weight column `{name}` is not a column of the data");
        let problem = Diagnostic::error("TP0230", message).in_file(file, None, None);
        let names = survey.columns.iter().map(|column| column.name.as_str());
        return Err(match nearest(name, names) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("name the column that holds the weights: `#@ weight COLUMN`"),
        }
        .into());
    };
    let Values::Numbers(cells) = &column.values else {
        let message = format!("the weights in `{name}` must be numbers");
        return Err(Diagnostic::error("TP0231", message).in_file(file, None, Some(name)).into());
    };
    let mut problems = Vec::new();
    let mut report = |what: &str, hint: &str, wrong: Vec<usize>| {
        if let Some(&first) = wrong.first() {
            let lines = listing(&wrong, |case| line(survey, *case).to_string());
            let lines = if wrong.len() == 1 { format!("line {lines}") } else { format!("lines {lines}") };
            problems.push(
                Diagnostic::error("TP0231", format!("the weight column `{name}` {what} in {lines}"))
                    .in_file(file, Some(line(survey, first)), Some(name))
                    .hint(hint),
            );
        }
    };
    let cases = |wrong: &dyn Fn(Option<f64>) -> bool| -> Vec<usize> {
        (0..survey.cases).filter(|&case| wrong(cells.get(case).copied().flatten())).collect()
    };
    report("has no weight", "give every case a weight; 0 leaves a case out", cases(&|w| w.is_none()));
    report(
        "has a weight that is negative or infinite",
        "a weight says how many cases a case stands for, so it cannot be negative",
        cases(&|w| w.is_some_and(|w| w < 0.0 || !w.is_finite())),
    );
    if problems.is_empty() && survey.cases > 0 && cells.iter().flatten().all(|w| *w == 0.0) {
        problems.push(
            Diagnostic::error("TP0231", format!("all weights in `{name}` are 0"))
                .in_file(file, None, Some(name))
                .hint("is this the column of weights?"),
        );
    }
    if problems.is_empty() {
        Ok(cells.iter().take(survey.cases).map(|cell| cell.unwrap_or(0.0)).collect())
    } else {
        Err(SurveyError::Invalid(Diagnostics(problems)))
    }
}

/// Keeps the weights of the cases used and makes their mean 1.
pub(super) fn normalise(weights: &mut Vec<f64>, origin: &[usize]) {
    let kept: Vec<f64> = origin.iter().filter_map(|&case| weights.get(case)).copied().collect();
    // Through the largest weight, so that the sum cannot overflow.
    let largest = kept.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let sum: f64 = kept.iter().map(|w| w / largest).sum();
    let factor = kept.len() as f64 / sum;
    *weights = kept.into_iter().map(|w| w / largest * factor).collect();
}
