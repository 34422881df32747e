//! Standard errors inside resamples, for studentized intervals: a jackknife of every resample.
//!
//! A resample of `n` drawn units leaves each of them out once; a unit drawn `c` times gives the same estimate `c` times.
//! With `m` the mean of the `n` estimates, `s_b² = (n − 1)/n Σ c (θ_i − m)²`, which is their standard deviation times
//! `(n − 1)/√n`. Within strata the variances of the strata add up.

use super::engine::{Engine, Rows, Values};
use super::sampler::Sampler;
use super::watch::Watch;

/// Per quantity its standard error in every resample that counts, NaN where it does not exist; and how many resamples were
/// reached when the run was stopped, all of them if it was not.
pub(super) fn errors(
    engine: &Engine<'_>,
    sampler: &Sampler<'_>,
    quantities: usize,
    counts: &[bool],
    watch: Watch<'_>,
) -> (Vec<Vec<f64>>, usize) {
    let counted: Vec<usize> = counts.iter().enumerate().filter(|(_, c)| **c).map(|(b, _)| b).collect();
    let mut errors = vec![vec![f64::NAN; counted.len()]; quantities];
    let mut row = vec![0.0; sampler.cases()];
    let stratum_of = sampler.stratum_of_units();
    let strata = stratum_of.iter().max().map_or(1, |most| most + 1);
    for (at, &b) in counted.iter().enumerate() {
        if (watch.stop)() {
            for column in &mut errors {
                column.truncate(at);
            }
            return (errors, b);
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
            let each =
                units.iter().zip(estimates).map(|(&(unit, times), estimate)| (unit, (times, *estimate)));
            let squares = (0..strata).map(|stratum| {
                let own =
                    each.clone().filter(|(unit, _)| stratum_of.get(*unit).is_none_or(|of| *of == stratum));
                // Of a stratum of one unit nothing is known.
                let error = jackknife_error(&own.map(|(_, estimate)| estimate));
                if strata > 1 && error.is_nan() { 0.0 } else { error * error }
            });
            let error = squares.sum::<f64>().sqrt();
            column[at] = if strata > 1 && error <= 0.0 { f64::NAN } else { error };
        }
        (watch.progress)(1);
    }
    (errors, counts.len())
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
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn variances_of_strata_add_up() {
        use super::super::quantities::{Kind, Quantities};
        use super::super::scheme::{Design, Method, Scheme};
        use crate::assess::Htmt;
        use crate::resample::Groups;
        let survey =
            crate::Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let survey = survey.of_cases(&(0..40).collect::<Vec<_>>());
        let model =
            crate::Model::parse("PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nATT ~ PU").unwrap();
        let fit = crate::Pls::default().fit(&model, &survey).unwrap();
        let quantities = Quantities::of(&fit, Htmt::Absolute, &[Kind::Path], Vec::new());
        let engine = Engine::new(fit.answers().unwrap(), None, &fit.plan, &quantities, true);
        let of_case: Vec<usize> = (0..40).map(|i| i % 2).collect();
        let groups =
            Groups { column: "g".into(), names: vec!["0".into(), "1".into()], of_case: of_case.clone() };
        let scheme = Scheme::Drawn(Method::Bootstrap, Design { strata: Some(groups), clusters: None });
        let sampler = scheme.sampler(40, 3).unwrap();
        let (found, reached) = errors(&engine, &sampler, 1, &[true, true], Watch::default());
        assert_eq!((found[0].len(), reached), (2, 2));
        // By hand: the estimates with each drawn case left out, centred within their stratum.
        let mut row = vec![0.0; 40];
        sampler.fill(1, &mut row);
        let mut variance = 0.0;
        for stratum in 0..2 {
            let mut estimates = Vec::new();
            for case in (0..40).filter(|case| of_case[*case] == stratum) {
                let mut less = row.clone();
                less[case] -= 1.0;
                for _ in 0..row[case] as usize {
                    let moments = crate::Moments::weighted(fit.answers().unwrap(), &less);
                    let mut estimate = crate::pls::Estimate::default();
                    estimate.run(&fit.plan, &moments.correlation).unwrap();
                    estimates.push(estimate.paths[0]);
                }
            }
            assert_eq!(estimates.len(), 20);
            let mean = estimates.iter().sum::<f64>() / 20.0;
            variance += 19.0 / 20.0 * estimates.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        }
        assert!((found[0][1] / variance.sqrt() - 1.0).abs() < 1e-8, "{} {}", found[0][1], variance.sqrt());
        // A stop after the first leaves one.
        let stop = std::sync::atomic::AtomicUsize::new(0);
        let stop = || stop.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0;
        let watch = Watch { stop: &stop, ..Watch::default() };
        let (found, reached) = errors(&engine, &sampler, 1, &[true, false, true], watch);
        assert_eq!((found[0].len(), reached), (1, 2));
    }

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
