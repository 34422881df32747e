//! Is the misfit larger than chance makes it if the model holds? A bootstrap test of exact fit.
//!
//! The answers are transformed so that the model holds in them exactly (Beran & Srivastava 1985, doi:10.1214/aos/1176346579;
//! Bollen & Stine 1992, doi:10.1177/0049124192021002004; for PLS Dijkstra & Henseler 2015, doi:10.1016/j.csda.2014.07.008):
//! with standardised answers `X`, their correlations `S` and the implied ones `Σ`, rows of `Y = X S^(−½) Σ^(½)` have
//! exactly the correlations `Σ`. The distances between observed and implied correlations in resamples of `Y` are what chance
//! makes of a model that holds; their 95 % and 99 % quantiles are called HI95 and HI99. A distance below HI95 is compatible
//! with exact fit (rule S12).
//!
//! In a model with constructs of constructs `Σ` follows the loadings from answer to component to construct, and nothing else
//! changes: such a model claims correlations of answers, whatever the stages it is estimated in. A model with products
//! claims third and fourth moments as well, which no linear transformation gives the answers: resamples would be drawn from
//! answers in which it does not hold, so the test is refused.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::answers::{completed, source_of};
use super::engine::Engine;
use super::found::Found;
use super::given::of_cases_used;
use super::memory::{Extent, check_memory};
use super::p_value;
use super::quantities::{Kind, MODELS, Quantities};
use super::reason::{Culprit, Reason, blamed, culprits, in_words};
use super::scheme::{Method, Scheme};
use super::settings::Bootstrap;
use super::watch::Watch;
use super::{ResampleError, invalid};
use crate::assess::{ComponentSource, Implied};
use crate::diagnostic::Diagnostic;
use crate::moments::Correlation;
use crate::pls::PlsFit;
use crate::stats::linear;
use crate::stats::ordered::Ordered;
use crate::survey::Sample;
use crate::table::{Cell, Column, Table, Verdict};

/// Resamples of one model, per thread, before it is the other's turn.
const PORTION: usize = 1_024;

/// One distance of one model, and where it lies among those of a model that holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitDistance {
    /// `estimated model` or `saturated model`.
    pub model: &'static str,
    /// The distance.
    pub measure: Kind,
    /// Its value in the sample; `None` where it does not exist.
    pub original: Option<f64>,
    /// Mean over the resamples of the transformed answers.
    pub mean: f64,
    /// Their 95 % quantile.
    pub hi95: f64,
    /// Their 99 % quantile.
    pub hi99: f64,
    /// Share of resamples whose distance is at least the sample's; where there is none, `1/(B + 1)`, below which so many
    /// resamples cannot tell.
    pub p: Option<f64>,
    /// The distance in every resample that counts.
    #[serde(skip)]
    pub draws: Vec<f64>,
}

/// Result of the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitTest {
    /// Resamples of each model; if the run was interrupted, those that were finished of both.
    pub resamples: usize,
    /// Resamples that had been asked for when the run was interrupted. If none was finished, there are no distances.
    pub interrupted: Option<usize>,
    /// Seed; `None` for given resamples.
    pub seed: Option<u64>,
    /// Per model the resamples that count.
    pub admissible: BTreeMap<&'static str, usize>,
    /// Resamples that do not count, by reason, over both models.
    pub reasons: BTreeMap<Reason, usize>,
    /// What in the model they are lost to, most of them first.
    pub culprits: Vec<Culprit>,
    /// Every distance of both models.
    pub distances: Vec<FitDistance>,
}

impl FitDistance {
    /// Rule S12.
    pub fn verdict(&self) -> Verdict {
        match self.original {
            None => Verdict::NotApplicable,
            Some(value) if value < self.hi95 => Verdict::Ok,
            Some(value) if value <= self.hi99 => Verdict::Check,
            Some(_) => Verdict::Fail,
        }
    }

    /// p as a table shows it: one that no resample speaks against is told as a bound.
    fn p_cell(&self) -> Cell {
        match (self.p, self.original) {
            (Some(p), Some(value)) if !self.draws.iter().any(|x| *x >= value) => Cell::ProbabilityBelow(p),
            (Some(p), _) => Cell::Probability(p),
            (None, _) => Cell::NotApplicable(String::new()),
        }
    }

    /// The quantile that the distance must stay below at level `alpha`.
    pub fn critical(&self, alpha: f64) -> Option<f64> {
        Ordered::new(self.draws.iter().copied()).map(|mut draws| draws.quantile(1.0 - alpha))
    }
}

impl FitTest {
    /// The test as a table.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::words("model", "Model"),
            Column::words("measure", "Distance"),
            Column::numbers("original", "Value"),
            Column::numbers("mean", "Mean if exact"),
            Column::numbers("hi95", "HI95"),
            Column::numbers("hi99", "HI99"),
            Column::numbers("p", "p"),
            Column::words("verdict", "Verdict"),
        ];
        let mut table = Table::new("fit_test", "Test of exact fit", columns);
        for distance in &self.distances {
            let number = |value: Option<f64>| Cell::of(value, 3, distance.measure == Kind::Srmr);
            table.push(vec![
                Cell::text(distance.model),
                Cell::text(distance.measure.title()),
                number(distance.original),
                number(Some(distance.mean)),
                number(Some(distance.hi95)),
                number(Some(distance.hi99)),
                distance.p_cell(),
                Cell::Verdict(distance.verdict(), String::new()),
            ]);
        }
        table.note(
            "Below HI95 ok, up to HI99 check, above fail (rule S12; Dijkstra & Henseler 2015; Benitez et al. 2020): quantiles \
             of the distance in resamples of answers transformed so that the model holds. p: share of resamples at least as \
             far away.",
        );
        let counted: Vec<String> =
            self.admissible.iter().map(|(model, count)| format!("{count} of the {model}")).collect();
        let mut words = format!("Of {} resamples each count {}", self.resamples, counted.join(" and "));
        if let Some(seed) = self.seed {
            words.push_str(&format!(" (seed {seed})"));
        }
        if !self.reasons.is_empty() {
            words.push_str(&format!("; left out: {}", in_words(&self.reasons)));
        }
        table.note(format!("{words}."));
        if let Some(asked) = self.interrupted {
            table.note(format!("Interrupted: {asked} were asked for."));
        }
        if let Some(blamed) = blamed(&self.culprits) {
            table.note(format!("Most often because of {blamed}."));
        }
        table
    }
}

impl Bootstrap {
    /// Tests the exact fit of the estimated and of the saturated model, with the resamples of these settings.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if the fit has no answers, or the observed or implied correlations are not positive
    /// definite, so that the answers cannot be transformed.
    pub fn test_fit(&self, fit: &PlsFit, watch: Watch<'_>) -> Result<FitTest, ResampleError> {
        self.test_fit_scheme(fit, &Scheme::default(), watch)
    }

    /// The same with the rows of a scheme.
    ///
    /// # Errors
    /// As [`Bootstrap::test_fit`], and where the scheme does not fit the cases.
    pub fn test_fit_scheme(
        &self,
        fit: &PlsFit,
        scheme: &Scheme,
        watch: Watch<'_>,
    ) -> Result<FitTest, ResampleError> {
        let Some(sample) = fit.answers() else {
            return Err(invalid(
                Diagnostic::error("TP0601", "a bootstrap needs the answers, not only their correlations")
                    .hint("give the survey file instead of the correlation table"),
            ));
        };
        let products = fit.model.constructs().iter().filter(|construct| construct.factors().is_some());
        let products: Vec<String> = products.map(|construct| format!("`{}`", construct.name)).collect();
        if !products.is_empty() {
            let message = format!("exact fit cannot be tested with products ({})", products.join(", "));
            return Err(invalid(
                Diagnostic::error("TP0607", message)
                    .hint("answers can be transformed to have the implied correlations, but correlations do not make products follow the model")
                    .hint("test the model without its products; SRMR of this one is bootstrapped with `--record srmr`"),
            ));
        }
        if matches!(scheme, Scheme::Drawn(Method::Jackknife, _) | Scheme::Folds(..)) {
            return Err(invalid(
                Diagnostic::error("TP0607", "a test of exact fit needs resamples of the whole size")
                    .hint("leave out `--method jackknife`"),
            ));
        }
        if fit.settings.correlation != Correlation::Pearson {
            return Err(invalid(
                Diagnostic::error(
                    "TP0607",
                    format!("exact fit cannot be tested with {} correlations", fit.settings.correlation),
                )
                .hint("the answers are transformed to make the model hold: they must enter as numbers"),
            ));
        }
        let source = source_of(fit, sample)?;
        let quantities = Quantities::of(fit, self.htmt, Kind::DISTANCES, Vec::new());
        let original = quantities.of_sample(fit);
        let resamples = scheme.rows(sample.cases()).unwrap_or(self.resamples);
        // The values of one model after the other, both of which stay.
        let extent = Extent { quantities: 2 * quantities.list.len(), resamples, ..Extent::default() };
        check_memory(&extent, self.max_memory)?;
        let sampler =
            scheme.sampler(sample.cases(), self.seed).map_err(|error| of_cases_used(error, sample))?;
        let answers = [transform(fit, sample, false)?, transform(fit, sample, true)?];
        let engines = answers
            .each_ref()
            .map(|answers| Engine::new(answers, source.as_ref(), &fit.plan, &quantities, true));
        let mut found = [Found::default(), Found::default()];
        for found in &mut found {
            found.0.reserve(quantities.list.len(), resamples);
        }
        // In turn, so that both models stand on the same resamples wherever the run is stopped.
        let reached = |found: &[Found; 2]| found.iter().map(Found::len).min().unwrap_or(0);
        while reached(&found) < resamples && !(watch.stop)() {
            let next = resamples.min(reached(&found) + PORTION * rayon::current_num_threads());
            for (engine, found) in engines.iter().zip(&mut found) {
                found.extend(engine, &sampler, next - found.len(), watch);
            }
        }
        let reached = reached(&found);
        for found in &mut found {
            found.truncate(reached);
        }
        let mut test = FitTest {
            resamples: reached,
            interrupted: (reached < resamples).then_some(resamples),
            seed: matches!(scheme, Scheme::Drawn(..)).then_some(self.seed),
            admissible: BTreeMap::new(),
            reasons: BTreeMap::new(),
            culprits: Vec::new(),
            distances: Vec::new(),
        };
        if reached == 0 && test.interrupted.is_some() {
            return Ok(test);
        }
        let mut causes = Vec::new();
        for (found, model) in found.iter().zip(MODELS) {
            causes.extend(found.0.reasons.iter().flatten().copied());
            let counts = found.counting(self.inadmissible);
            for (reason, count) in found.tally() {
                *test.reasons.entry(reason).or_insert(0) += count;
            }
            test.admissible.insert(model, counts.iter().filter(|c| **c).count());
            let of_model = |(q, _): &(usize, &Vec<f64>)| quantities.list[*q].name == model;
            let columns: Vec<_> = found.0.columns.iter().enumerate().filter(of_model).collect();
            let distances: Vec<Option<FitDistance>> = columns
                .into_par_iter()
                .map(|(q, column)| {
                    let draws: Vec<f64> =
                        column.iter().zip(&counts).filter(|(_, c)| **c).map(|(x, _)| *x).collect();
                    distance(model, quantities.list[q].kind, original[q], draws)
                })
                .collect();
            test.distances.extend(distances.into_iter().flatten());
        }
        test.culprits = culprits(causes, fit);
        if test.distances.is_empty() {
            return Err(invalid(
                Diagnostic::error(
                    "TP0604",
                    "no resample of the transformed answers has an admissible estimate",
                )
                .hint("keep impossible estimates with `--inadmissible keep`, or mend the model first"),
            ));
        }
        Ok(test)
    }
}

/// One row of the result; `None` if no resample has the distance.
fn distance(model: &'static str, measure: Kind, original: f64, draws: Vec<f64>) -> Option<FitDistance> {
    let mut ordered = Ordered::new(draws.iter().copied())?;
    let count = ordered.len() as f64;
    let original = original.is_finite().then_some(original);
    Some(FitDistance {
        model,
        measure,
        original,
        mean: ordered.values().iter().sum::<f64>() / count,
        hi95: ordered.quantile(0.95),
        hi99: ordered.quantile(0.99),
        p: original.map(|value| {
            let further = ordered.values().iter().filter(|x| **x >= value).count();
            p_value::of_share(further, ordered.len()).0
        }),
        draws,
    })
}

/// The sample transformed so that its correlations are those that the model implies. Missing answers stand at the mean.
pub(super) fn transform(fit: &PlsFit, sample: &Sample, saturated: bool) -> Result<Sample, ResampleError> {
    let moments = fit.answer_moments();
    let (p, s) = (moments.len(), &moments.correlation);
    let implied = Implied::of(fit, saturated, ComponentSource::Constructs).items;
    let refuse = |what: &str| {
        invalid(
            Diagnostic::error("TP0607", format!("exact fit cannot be tested: {what}"))
                .hint("look at the estimate first: `trustpath fit` names what makes it inadmissible"),
        )
    };
    let inverse_root =
        power(s, p, -0.5).ok_or_else(|| refuse("the correlations of the items are not positive definite"))?;
    let root = power(&implied, p, 0.5)
        .ok_or_else(|| refuse("the correlations that the model implies are not positive semidefinite"))?;
    let turn = linear::product(&inverse_root, &root, p);
    let mut transformed = completed(sample);
    let standardised: Vec<Vec<f64>> = transformed
        .columns
        .iter()
        .enumerate()
        .map(|(i, column)| column.iter().map(|x| (x - moments.mean[i]) / moments.sd[i]).collect())
        .collect();
    for (j, column) in transformed.columns.iter_mut().enumerate() {
        column.fill(0.0);
        for (i, z) in standardised.iter().enumerate() {
            let factor = turn[i * p + j];
            column.iter_mut().zip(z).for_each(|(y, z)| *y += factor * z);
        }
    }
    Ok(transformed)
}

/// Power of a symmetric matrix by its eigenvalues; `None` where one is negative, or 0 under a negative power.
fn power(a: &[f64], p: usize, exponent: f64) -> Option<Vec<f64>> {
    let (values, vectors) = linear::symmetric_eigen(a, p);
    // Rounding leaves the zeros of a singular matrix on either side of 0.
    let zero = 1e-10 * values.first().copied().unwrap_or(0.0).abs();
    let least = if exponent < 0.0 { zero } else { -zero };
    if !values.iter().all(|value| *value > least) {
        return None;
    }
    let mut out = vec![0.0; p * p];
    for (value, vector) in values.iter().zip(&vectors) {
        let scale = value.max(0.0).powf(exponent);
        for i in 0..p {
            for j in 0..p {
                out[i * p + j] += scale * vector[i] * vector[j];
            }
        }
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn missing_answers_of_weighted_cases_stand_at_the_weighted_mean() {
        let text = "a1,a2,b1,b2,w\n1,2,2,1,3\n5,4,4,5,1\n,3,3,3,1\n2,2,1,2,1\n";
        let survey = crate::Survey::from_bytes("s.csv", text.as_bytes()).unwrap();
        let model = crate::Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n#@ weight w").unwrap();
        let settings =
            crate::survey::SampleSettings { missing: crate::survey::Missing::Mean, ..Default::default() };
        let sample = Sample::draw(&model, &survey, &settings).unwrap();
        assert!(sample.columns[0][2].is_nan());
        assert!((completed(&sample).columns[0][2] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn roots_multiply_to_the_matrix() {
        let a = [2.0, 0.5, 0.3, 0.5, 1.0, 0.2, 0.3, 0.2, 1.5];
        let root = power(&a, 3, 0.5).unwrap();
        for (x, y) in linear::product(&root, &root, 3).iter().zip(a) {
            assert!((x - y).abs() < 1e-13);
        }
        let inverse = power(&a, 3, -0.5).unwrap();
        let one = linear::product(&linear::product(&inverse, &a, 3), &inverse, 3);
        assert!((one[0] - 1.0).abs() < 1e-13 && one[1].abs() < 1e-13);
        assert!(power(&[1.0, 1.0, 1.0, 1.0], 2, -0.5).is_none());
        assert!(power(&[1.0, 1.0, 1.0, 1.0], 2, 0.5).is_some());
        assert!(power(&[1.0, 2.0, 2.0, 1.0], 2, 0.5).is_none());
    }

    #[test]
    fn verdicts_follow_the_two_quantiles() {
        let draws: Vec<f64> = (0..=100).map(f64::from).collect();
        let at = |value: f64| distance("m", Kind::Srmr, value, draws.clone()).unwrap();
        assert_eq!((at(1.0).hi95, at(1.0).hi99), (95.0, 99.0));
        assert_eq!(at(94.0).verdict(), Verdict::Ok);
        assert_eq!(at(97.0).verdict(), Verdict::Check);
        assert_eq!(at(99.5).verdict(), Verdict::Fail);
        assert_eq!(at(f64::NAN).verdict(), Verdict::NotApplicable);
        assert!((at(99.5).p.unwrap() - 1.0 / 101.0).abs() < 1e-15);
        assert_eq!(at(1.0).critical(0.1), Some(90.0));
    }
}
