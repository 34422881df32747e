//! Standard errors inside resamples, for studentized intervals: a jackknife of every resample.
//!
//! A resample of `n` drawn units leaves each of them out once; a unit drawn `c` times gives the same estimate `c` times.
//! With `m` the mean of the `n` estimates, `s_b² = (n − 1)/n Σ c (θ_i − m)²`, which is their standard deviation times
//! `(n − 1)/√n`.

use super::bootstrap::Watch;
use super::engine::{Engine, Rows, Values};
use super::scheme::Sampler;

/// Per quantity its standard error in every resample that counts; NaN where it does not exist, and in those that were
/// not reached when the run was stopped.
pub(super) fn errors(
    engine: &Engine<'_>,
    sampler: &Sampler<'_>,
    quantities: usize,
    counts: &[bool],
    watch: Watch<'_>,
) -> Vec<Vec<f64>> {
    let counted: Vec<usize> = counts.iter().enumerate().filter(|(_, c)| **c).map(|(b, _)| b).collect();
    let mut errors = vec![vec![f64::NAN; counted.len()]; quantities];
    let mut row = vec![0.0; sampler.cases()];
    for (at, &b) in counted.iter().enumerate() {
        if (watch.stop)() {
            break;
        }
        row.fill(0.0);
        sampler.fill(b, &mut row);
        let units = sampler.drawn_units(&row);
        let without = |i: usize, lose: &mut dyn FnMut(usize, f64)| {
            sampler.each_of(units[i].0, |case| lose(case, 1.0));
        };
        let mut values = Values::default();
        engine.run(units.len(), &Rows::Less(&row, &without), &|_| {}, &mut values);
        for (column, estimates) in errors.iter_mut().zip(&values.columns) {
            column[at] = jackknife_error(&units.iter().map(|unit| unit.1).zip(estimates.iter().copied()));
        }
    }
    errors
}

/// Standard error from leave-one-out estimates, each with how often it occurs; NaN without any. Where some do not exist,
/// the others stand for them.
fn jackknife_error(estimates: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
    let exist = || estimates.clone().filter(|(_, x)| x.is_finite());
    let n: f64 = estimates.clone().map(|(c, _)| c).sum();
    let found: f64 = exist().map(|(c, _)| c).sum();
    let mean = exist().map(|(c, x)| c * x).sum::<f64>() / found;
    let squares: f64 = exist().map(|(c, x)| c * (x - mean) * (x - mean)).sum();
    (n - 1.0) * (squares / (n * (found - 1.0))).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_drawn_twice_counts_twice() {
        let once = jackknife_error(&[(1.0, 2.0), (1.0, 2.0), (1.0, 5.0)].into_iter());
        let twice = jackknife_error(&[(2.0, 2.0), (1.0, 5.0)].into_iter());
        assert!((once - twice).abs() < 1e-15);
        assert!((once - (2.0_f64 / 3.0 * 6.0).sqrt()).abs() < 1e-15);
        let lacking = jackknife_error(&[(2.0, 2.0), (1.0, 5.0), (1.0, f64::NAN)].into_iter());
        assert!((lacking - 3.0 * (6.0_f64 / (4.0 * 2.0)).sqrt()).abs() < 1e-15);
        assert!(jackknife_error(&std::iter::empty()).is_nan());
    }
}
