//! Estimates with each unit left out, which BCa takes its acceleration from.

use super::ResampleError;
use super::engine::Engine;
use super::folds::Folds;
use super::found::Found;
use super::scheme::{Design, Method, Scheme};
use super::settings::Bootstrap;
use super::watch::Watch;

/// With more units than this, groups of them are left out instead of one at a time.
const MOST_LEFT_OUT: usize = 10_000;
const GROUPS_LEFT_OUT: usize = 1_000;

/// How many estimates with something left out BCa takes.
pub(super) fn rows_left_out(scheme: &Scheme, cases: usize) -> usize {
    match scheme {
        Scheme::Drawn(_, Design { clusters: Some(clusters), .. }) => clusters.len(),
        _ if cases > MOST_LEFT_OUT => GROUPS_LEFT_OUT,
        _ => cases,
    }
}

impl Bootstrap {
    /// Estimates with each unit left out; with very many units, each of 1,000 random groups of them. Within strata they are
    /// moved to a common mean: a stratum keeps its size in every resample, so that what differs between strata is no skewness
    /// (Davison & Hinkley 1997, section 5.3).
    pub(super) fn left_out(
        &self,
        engine: &Engine<'_>,
        scheme: &Scheme,
        cases: usize,
    ) -> Result<Vec<Vec<f64>>, ResampleError> {
        let clusters = scheme.design().and_then(|design| design.clusters.clone());
        let strata = scheme.design().and_then(|design| design.strata.as_ref());
        let rows = rows_left_out(scheme, cases);
        let scheme = if clusters.is_none() && cases > MOST_LEFT_OUT {
            let folds = Folds { k: GROUPS_LEFT_OUT, repeats: 1, seed: self.seed };
            Scheme::Folds(folds, Design::default())
        } else {
            Scheme::Drawn(Method::Jackknife, Design { strata: None, clusters })
        };
        let sampler = scheme.sampler(cases, self.seed)?;
        let mut found = Found::default();
        found.extend(engine, &sampler, rows, Watch::default());
        let counts = found.counting(self.inadmissible);
        let strata = strata.filter(|_| sampler.leaves_units_out()).map(|strata| {
            let of = |unit: usize| {
                let mut first = None;
                sampler.each_of(unit, |case| first = first.or(Some(case)));
                first.and_then(|case| strata.of_case.get(case).copied()).unwrap_or_default()
            };
            (0..rows).filter(|unit| counts[*unit]).map(of).collect::<Vec<usize>>()
        });
        let columns = found.0.columns.into_iter();
        let counting = |column: Vec<f64>| -> Vec<f64> {
            column.into_iter().zip(&counts).filter(|(_, c)| **c).map(|(x, _)| x).collect()
        };
        Ok(columns
            .map(|column| {
                let mut values = counting(column);
                if let Some(strata) = &strata {
                    within(&mut values, strata);
                }
                values
            })
            .collect())
    }
}

/// Moves the values of every stratum to the mean of all; those that do not exist stay as they are.
fn within(values: &mut [f64], strata: &[usize]) {
    let mean = |of: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = of.filter(|x| x.is_finite()).fold((0.0, 0.0), |(sum, n), x| (sum + x, n + 1.0));
        sum / count
    };
    let all = mean(&mut values.iter().copied());
    let count = strata.iter().max().map_or(0, |most| most + 1);
    for stratum in 0..count {
        let members = || strata.iter().enumerate().filter(|(_, s)| **s == stratum).map(|(at, _)| at);
        let own = mean(&mut members().filter_map(|at| values.get(at).copied()));
        for at in members() {
            values[at] += all - own;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::groups::Groups;
    use super::super::interval::IntervalKind;
    use super::super::quantities::Kind;
    use super::*;
    use crate::{Model, Pls, Survey};

    #[test]
    fn within_strata_only_what_differs_inside_is_left() {
        let mut values = [1.0, 2.0, 3.0, 11.0, f64::NAN, 13.0];
        within(&mut values, &[0, 0, 0, 1, 1, 1]);
        // Means 2 and 12 become 6.
        assert_eq!(values[..4], [5.0, 6.0, 7.0, 5.0]);
        assert!(values[4].is_nan() && values[5] == 7.0);
    }

    #[test]
    fn bca_within_strata_takes_its_acceleration_from_inside_them() {
        let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let model = Model::parse("PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nATT ~ PU").unwrap();
        let fit = Pls::default().fit(&model, &survey).unwrap();
        let of_case: Vec<usize> = (0..fit.n()).map(|case| usize::from(case % 3 == 0)).collect();
        let names = vec!["a".to_owned(), "b".to_owned()];
        let strata = Some(Groups { column: "g".to_owned(), names, of_case: of_case.clone() });
        let settings = Bootstrap {
            resamples: 100,
            intervals: vec![IntervalKind::Bca],
            record: vec![Kind::Path],
            ..Bootstrap::default()
        };
        let plain = settings.run(&fit).unwrap();
        let scheme = settings.scheme(Design { strata, clusters: None });
        let drawn = settings.run_scheme(&fit, &scheme, Watch::default()).unwrap();
        let mean = |values: &[f64], stratum: usize| {
            let own: Vec<f64> =
                values.iter().zip(&of_case).filter(|(_, s)| **s == stratum).map(|(x, _)| *x).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let (before, after) = (&plain.left_out[0], &drawn.left_out[0]);
        assert!((mean(before, 0) - mean(before, 1)).abs() > 1e-7);
        assert!((mean(after, 0) - mean(after, 1)).abs() < 1e-12);
        let deviation = |values: &[f64], case: usize| values[case] - mean(values, of_case[case]);
        assert!((0..fit.n()).all(|case| (deviation(before, case) - deviation(after, case)).abs() < 1e-12));
    }
}
