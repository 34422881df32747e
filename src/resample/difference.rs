//! The difference of a quantity between two groups that were bootstrapped each by itself.
//!
//! Groups are independent samples, so pairs of resamples, one of each group, are resamples of both together, and
//! `d_b = θ_1b − θ_2b` is a resampled value of the difference `θ_1 − θ_2` (Efron & Tibshirani 1993, ch. 8; the bootstrap
//! behind PLS-MGA, Henseler, Ringle & Sinkovics 2009, doi:10.1108/S1474-7979(2009)0000020014). Interval and p-value follow
//! as for any quantity; `df = n_1 + n_2 − 2`. The draws must be independent, so the groups need seeds of their own.
//! That paths may be compared at all is another question: measurement invariance (MICOM; Henseler, Ringle & Sarstedt 2016,
//! doi:10.1108/IMR-09-2014-0304).

use super::bootstrapped::Bootstrapped;
use super::interval::IntervalKind;
use super::quantities::{Kind, Quantity};
use super::scheme::Method;
use super::summary::{Evidence, Summary};
use super::{ResampleError, invalid};
use crate::diagnostic::Diagnostic;

/// Fewest pairs of resamples that are summarised.
const FEWEST: usize = 2;

impl Bootstrapped {
    /// This group less the other, for every quantity of a family: what was recorded here, and the summary of the
    /// difference, `None` where the other group has no such quantity or it has no value.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if either is a jackknife, if both drew with the same seed, or if the settings ask first
    /// for an interval (BCa, studentized) that needs more than the resampled values.
    pub fn less(&self, other: &Self, kind: Kind) -> Result<Vec<(Quantity, Option<Summary>)>, ResampleError> {
        let problem = |message: &str| Diagnostic::error("TP0610", message);
        if [self, other].iter().any(|boot| boot.settings.method == Method::Jackknife) {
            return Err(invalid(
                problem("the groups of a jackknife have no pairs of resamples")
                    .hint("draw resamples: `--method bootstrap`"),
            ));
        }
        if self.is_seeded() && other.is_seeded() && self.settings.seed == other.settings.seed {
            return Err(invalid(
                problem("both groups were drawn with the same seed, so their draws depend on each other")
                    .hint("give each group a seed of its own"),
            ));
        }
        let first = self.settings.interval();
        if matches!(first, IntervalKind::Bca | IntervalKind::Studentized) {
            let message = format!("there is no {} interval of the difference of two groups", first.name());
            return Err(invalid(problem(&message).hint("ask for `--intervals percentile` or another kind")));
        }
        let inference = self.settings.inference((self.units + other.units).saturating_sub(1));
        let column = |boot: &Self, quantity: &Quantity| {
            boot.quantities.iter().position(|known| {
                known.kind == quantity.kind && known.from == quantity.from && known.to == quantity.to
            })
        };
        let summary = |quantity: &Quantity| {
            let (one, two) = (column(self, quantity)?, column(other, quantity)?);
            let draws: Vec<f64> =
                self.draws.get(one)?.iter().zip(other.draws.get(two)?).map(|(a, b)| a - b).collect();
            let original = self.original.get(one)? - other.original.get(two)?;
            if draws.len() < FEWEST {
                return None;
            }
            let evidence = Evidence { original, draws: &draws, ..Evidence::default() };
            inference.of(evidence).map(|(summary, _)| summary)
        };
        Ok(self.of_kind(kind).map(|(quantity, ..)| (quantity.clone(), summary(quantity))).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Bootstrap;
    use super::*;
    use crate::model::Model;
    use crate::pls::{Pls, PlsFit};
    use crate::survey::Survey;

    fn fit(sex: &str) -> PlsFit {
        let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let half: Vec<usize> = (0..survey.cases).filter(|case| (case % 2 == 0) == (sex == "even")).collect();
        let model = Model::parse("PU =~ PU1 + PU2 + PU3\nATT =~ ATT1 + ATT2 + ATT3\nATT ~ PU").unwrap();
        Pls::default().fit(&model, &survey.of_cases(&half)).unwrap()
    }

    #[test]
    fn variances_of_independent_groups_add_up() {
        let boot = |fit: &PlsFit, seed: u64| {
            Bootstrap { resamples: 4000, seed, ..Bootstrap::default() }.run(fit).unwrap()
        };
        let (one, two) = (boot(&fit("even"), 1), boot(&fit("odd"), 2));
        let found = one.less(&two, Kind::Path).unwrap();
        let [(quantity, Some(difference))] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((quantity.from.as_str(), quantity.to.as_str()), ("PU", "ATT"));
        let of = |boot: &Bootstrapped| *boot.find(Kind::Path, "PU", "ATT").unwrap();
        let (a, b) = (of(&one), of(&two));
        assert!((difference.original - (a.original - b.original)).abs() < 1e-15);
        let expected = (a.sd.unwrap().powi(2) + b.sd.unwrap().powi(2)).sqrt();
        // A correlation of two independent series of 4,000 has a standard error of .016.
        assert!((difference.sd.unwrap() / expected - 1.0).abs() < 0.05, "{difference:?}");
        assert!(difference.low < difference.original && difference.original < difference.high);
        // Half against half of one sample: no difference to be found.
        assert!(difference.p.unwrap() > 0.01, "{difference:?}");
    }

    #[test]
    fn what_cannot_be_subtracted_is_said() {
        let fit = fit("even");
        let boot = |settings: Bootstrap| settings.run(&fit).unwrap();
        let few = Bootstrap { resamples: 20, ..Bootstrap::default() };
        let one = boot(few.clone());
        let wrong =
            |one: &Bootstrapped, two: &Bootstrapped| one.less(two, Kind::Path).unwrap_err().to_string();
        assert!(wrong(&one, &one).contains("same seed"));
        let bca = boot(Bootstrap { intervals: vec![IntervalKind::Bca], ..few.clone() });
        let other = boot(Bootstrap { seed: 7, ..few.clone() });
        assert!(wrong(&bca, &other).contains("BCa"));
        let jackknife = boot(Bootstrap { method: Method::Jackknife, seed: 9, ..few });
        assert!(wrong(&jackknife, &other).contains("jackknife"));
    }
}
