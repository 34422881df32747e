//! Congruence of constructs: do two of them relate to all others in the same proportions?
//!
//! The congruence coefficient of the constructs X and Y is `Σ c_X c_Y / √(Σ c_X² Σ c_Y²)` over their full columns of the
//! construct score correlations (Franke, Sarstedt & Danks 2021, doi:10.1016/j.jbusres.2021.04.046), with rho_A on the
//! diagonal, or 1. Size 1 means that the two are proportional: discriminant validity asks that it be smaller. The bootstrap
//! gives its standard error, a percentile interval, and `t = (1 − |c|)/sd`.

use rayon::prelude::*;
use serde::Serialize;

use super::ResampleError;
use super::answers::source_of;
use super::measurement::{Diagonal, MeasurementTests};
use super::memory::check_values;
use super::redrawn::Redrawn;
use super::summary::Summary;
use crate::assess::rho_a;
use crate::moments::Moments;
use crate::pls::{Estimate, Plan, PlsFit};

/// Congruence of one pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Congruence {
    /// First construct.
    pub from: String,
    /// Second construct.
    pub to: String,
    /// The coefficient.
    pub congruence: f64,
    /// `1 − |c|`.
    pub distance: f64,
    /// `distance / sd`; `None` where nothing varies.
    pub t: Option<f64>,
    /// Bootstrap summary of the coefficient; `None` where no resample has it.
    pub summary: Option<Summary>,
}

/// Coefficients of all pairs (first with second, first with third, …) from correlations whose diagonal is filled in.
pub fn congruence_coefficients(c: &[f64], k: usize) -> Vec<f64> {
    let dot = |a: usize, b: usize| (0..k).map(|i| c[i * k + a] * c[i * k + b]).sum::<f64>();
    let pairs = (0..k).flat_map(|a| (a + 1..k).map(move |b| (a, b)));
    pairs.map(|(a, b)| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()).collect()
}

/// Coefficients of the constructs `of` from the correlations `s` of the items.
fn coefficients(plan: &Plan, estimate: &Estimate, s: &[f64], diagonal: Diagonal, of: &[usize]) -> Vec<f64> {
    let (k, p, m) = (plan.constructs(), plan.items, of.len());
    let pairs = of.iter().flat_map(|&a| of.iter().map(move |&b| (a, b)));
    let mut c: Vec<f64> = pairs.map(|(a, b)| estimate.proxy_correlations[a * k + b]).collect();
    for (at, &j) in of.iter().enumerate() {
        let block = &plan.blocks[j];
        let w = &estimate.weights[block.start..block.start + block.len];
        let rho = rho_a(w, |a, b| s[(block.start + a) * p + block.start + b]);
        c[at * m + at] = if diagonal == Diagonal::RhoA { rho.unwrap_or(1.0) } else { 1.0 };
    }
    congruence_coefficients(&c, m)
}

/// Congruence of all pairs of constructs, bootstrapped. Products of constructs have nothing to be told apart from.
///
/// # Errors
/// [`ResampleError::Invalid`] if the fit has no answers, or the values take more memory than the settings allow.
pub fn congruence(fit: &PlsFit, settings: &MeasurementTests) -> Result<Vec<Congruence>, ResampleError> {
    let MeasurementTests { diagonal, resamples, seed, level, max_memory, .. } = *settings;
    let k = fit.plan.constructs();
    check_values("coefficients", k * k.saturating_sub(1) / 2, resamples, max_memory)?;
    of_resamples(fit, diagonal, Redrawn::Seeded { seed, resamples }, level)
}

/// [`congruence`] from given resamples, each a list of case numbers from 0.
///
/// # Errors
/// As [`congruence`], and for case numbers that do not exist.
pub fn congruence_given(
    fit: &PlsFit,
    diagonal: Diagonal,
    resamples: &[Vec<usize>],
    level: f64,
) -> Result<Vec<Congruence>, ResampleError> {
    of_resamples(fit, diagonal, Redrawn::Given(resamples), level)
}

fn of_resamples(
    fit: &PlsFit,
    diagonal: Diagonal,
    resamples: Redrawn<'_>,
    level: f64,
) -> Result<Vec<Congruence>, ResampleError> {
    let sample = resamples.answers(fit)?;
    let of: Vec<usize> =
        (0..fit.plan.constructs()).filter(|&j| fit.model.constructs()[j].factors().is_none()).collect();
    let original = coefficients(&fit.plan, &fit.estimate, &fit.moments.correlation, diagonal, &of);
    let source = if fit.staged.is_some() { source_of(fit, sample)? } else { None };
    let one = |b: usize| {
        let mut estimate = Estimate::default();
        let moments = if let Some(source) = &source {
            // Scores and products are made anew from the answers.
            source.estimate(&fit.plan, &resamples.sample(b, sample), None, &mut estimate).ok()?.0
        } else {
            let moments = Moments::of(&resamples.sample(b, sample));
            let complete = moments.correlation.iter().all(|r| r.is_finite());
            if !complete || estimate.run(&fit.plan, &moments.correlation).is_err() {
                return None;
            }
            moments
        };
        Some(coefficients(&fit.plan, &estimate, &moments.correlation, diagonal, &of))
    };
    let mut draws = vec![Vec::with_capacity(resamples.len()); original.len()];
    let found: Vec<_> = (0..resamples.len()).into_par_iter().map(one).collect();
    for row in found.into_iter().flatten() {
        draws.iter_mut().zip(row).for_each(|(draws, c)| draws.push(c));
    }
    let names: Vec<String> = of.iter().map(|&j| fit.model.constructs()[j].name.clone()).collect();
    let pairs = (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b)));
    Ok(pairs
        .zip(original)
        .zip(&draws)
        .map(|(((a, b), c), draws)| {
            let summary = Summary::of(c, draws, level);
            let distance = 1.0 - c.abs();
            let sd = summary.and_then(|s| s.sd).filter(|sd| *sd > 0.0);
            Congruence {
                from: names[a].clone(),
                to: names[b].clone(),
                congruence: c,
                distance,
                t: sd.map(|sd| distance / sd),
                summary,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::congruence_coefficients;

    #[test]
    fn proportional_columns_are_congruent() {
        let c = [1.0, 0.5, 0.0, 0.5, 0.25, 0.0, 0.0, 0.0, 1.0];
        let found = congruence_coefficients(&c, 3);
        assert!((found[0] - 1.0).abs() < 1e-15 && found[1].abs() < 1e-15);
    }
}
