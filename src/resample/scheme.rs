//! Which rows of case weights a resampling consists of.
//!
//! A resample is a row of weights over the cases. [`Scheme`] names the ways of the field to make them; everything behind
//! (estimates, summaries, intervals) is the same for all:
//!
//! | scheme | row b |
//! |---|---|
//! | bootstrap | how often each case is drawn, with replacement (Efron 1979) |
//! | … within strata | each stratum is drawn from separately and keeps its size |
//! | … of clusters | whole clusters are drawn (Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x) |
//! | Bayesian | weights from a Dirichlet distribution, all parameters 1 (Rubin 1981, doi:10.1214/aos/1176345338) |
//! | jackknife | case (or cluster) b is left out (Tukey 1958) |
//! | folds | the training set of a fold |
//! | given | indices or weights from outside |
//!
//! Cases that have weights of their own keep them: the row is multiplied by them.

use super::ResampleError;
use super::draw::{GENERATOR, bootstrap_counts};
use super::folds::Folds;
use super::groups::Groups;
use super::random::{below, exponential, stream};
use crate::diagnostic::Diagnostic;
use crate::model::words;
use crate::survey::Sample;

words! {
    /// How resamples are made.
    Method: "resampling method" {
        /// Cases are drawn with replacement (default).
        Bootstrap = "bootstrap",
        /// Cases are weighted at random (Bayesian bootstrap).
        Bayesian = "bayesian",
        /// Each case is left out once.
        Jackknife = "jackknife",
    }
}

/// Fewest groups that can be resampled.
const FEWEST_CLUSTERS: usize = 3;

/// Which cases belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Design {
    /// Groups that every resample represents in full size.
    pub strata: Option<Groups>,
    /// Groups that are drawn or left out as a whole.
    pub clusters: Option<Groups>,
}

/// A resampling, as rows of case weights.
#[derive(Debug, Clone, PartialEq)]
pub enum Scheme {
    /// By a method, cases grouped by a design.
    Drawn(Method, Design),
    /// Training sets of a cross-validation.
    Folds(Folds),
    /// Case numbers from 0, one list per resample.
    Indices(Vec<Vec<usize>>),
    /// Weights, one per case and resample.
    Weights(Vec<Vec<f64>>),
}

impl Default for Scheme {
    fn default() -> Self {
        Self::Drawn(Method::Bootstrap, Design::default())
    }
}

/// A scheme made ready for a number of cases.
#[derive(Debug)]
pub(super) struct Sampler<'a> {
    scheme: &'a Scheme,
    seed: u64,
    cases: usize,
    /// Cases of each unit that is drawn as a whole; empty if the units are the cases.
    units: Vec<Vec<usize>>,
    /// Units of each stratum; empty without strata.
    strata: Vec<Vec<usize>>,
}

impl Scheme {
    /// Number of rows, where the scheme itself says so: all but a bootstrap.
    pub fn rows(&self, cases: usize) -> Option<usize> {
        match self {
            Self::Drawn(Method::Jackknife, design) => {
                Some(design.clusters.as_ref().map_or(cases, Groups::len))
            }
            Self::Drawn(..) => None,
            Self::Folds(folds) => Some(folds.rows()),
            Self::Indices(rows) => Some(rows.len()),
            Self::Weights(rows) => Some(rows.len()),
        }
    }

    /// Where the randomness comes from, in words.
    pub(super) fn generator(&self) -> &'static str {
        match self {
            Self::Drawn(Method::Jackknife, _) => "no random numbers",
            Self::Drawn(..) | Self::Folds(_) => GENERATOR,
            Self::Indices(_) => "given resamples",
            Self::Weights(_) => "given weights",
        }
    }

    /// What was resampled, in words; empty for the plain bootstrap of cases.
    pub(super) fn words(&self) -> String {
        let Self::Drawn(method, design) = self else { return String::new() };
        let units = design.clusters.as_ref().map_or_else(
            || "cases".to_owned(),
            |groups| format!("{} clusters (`{}`)", groups.len(), groups.column),
        );
        let within = design.strata.as_ref().map_or_else(String::new, |groups| {
            format!(" within {} strata (`{}`)", groups.len(), groups.column)
        });
        match method {
            Method::Bootstrap if design.clusters.is_none() && design.strata.is_none() => String::new(),
            Method::Bootstrap => format!("bootstrap of {units}{within}"),
            Method::Bayesian => format!("Bayesian bootstrap of {units}{within}"),
            Method::Jackknife => format!("jackknife of {units}{within}"),
        }
    }

    /// Units that are exchangeable: cases, or clusters.
    pub(super) fn units(&self, cases: usize) -> usize {
        match self {
            Self::Drawn(_, design) => design.clusters.as_ref().map_or(cases, Groups::len),
            _ => cases,
        }
    }

    /// The rows, for this many cases.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if groups, indices or weights do not fit the cases.
    pub(super) fn sampler(&self, cases: usize, seed: u64) -> Result<Sampler<'_>, ResampleError> {
        let (mut units, mut strata) = (Vec::new(), Vec::new());
        match self {
            Self::Drawn(_, design) => {
                for groups in [&design.strata, &design.clusters].into_iter().flatten() {
                    if groups.of_case.len() != cases {
                        let message = format!(
                            "`{}` groups {} cases, but {cases} are used",
                            groups.column,
                            groups.of_case.len()
                        );
                        return Err(Diagnostic::error("TP0609", message).into());
                    }
                }
                if let Some(clusters) = &design.clusters {
                    if clusters.len() < FEWEST_CLUSTERS {
                        let message = format!(
                            "`{}` makes {} clusters; at least {FEWEST_CLUSTERS} are needed",
                            clusters.column,
                            clusters.len()
                        );
                        return Err(Diagnostic::error("TP0609", message)
                            .hint("resample the cases: leave out `--cluster`")
                            .into());
                    }
                    units = clusters.members();
                }
                if let Some(groups) = &design.strata {
                    strata = strata_of_units(groups, &units, cases, design)?;
                }
            }
            Self::Folds(folds) => {
                if folds.k < 2 || folds.k > cases || folds.repeats == 0 {
                    let message = format!("{} folds, {} times, of {cases} cases", folds.k, folds.repeats);
                    return Err(Diagnostic::error("TP0603", message)
                        .hint("ask for at least 2 folds and at most as many as there are cases")
                        .into());
                }
            }
            Self::Indices(rows) => check_indices(rows, cases)?,
            Self::Weights(rows) => check_weights(rows, cases)?,
        }
        Ok(Sampler { scheme: self, seed, cases, units, strata })
    }
}

/// The units of each stratum; a cluster must lie within one stratum.
fn strata_of_units(
    strata: &Groups,
    units: &[Vec<usize>],
    cases: usize,
    design: &Design,
) -> Result<Vec<Vec<usize>>, ResampleError> {
    if units.is_empty() {
        let mut members = strata.members();
        members.retain(|members| !members.is_empty());
        debug_assert_eq!(members.iter().map(Vec::len).sum::<usize>(), cases);
        return Ok(members);
    }
    let mut members = vec![Vec::new(); strata.len()];
    for (unit, of_unit) in units.iter().enumerate() {
        let mut found = of_unit.iter().filter_map(|&case| strata.of_case.get(case).copied());
        let Some(first) = found.next() else { continue };
        if found.any(|other| other != first) {
            let name = design.clusters.as_ref().and_then(|c| c.names.get(unit)).map_or("", String::as_str);
            let message = format!("cluster `{name}` lies in several strata of `{}`", strata.column);
            return Err(Diagnostic::error("TP0609", message)
                .hint("clusters are drawn within strata, so that each must lie in one")
                .into());
        }
        members[first].push(unit);
    }
    Ok(members)
}

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

fn check_weights(rows: &[Vec<f64>], cases: usize) -> Result<(), ResampleError> {
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

impl Sampler<'_> {
    /// Whether cases are drawn one by one, from all.
    fn is_plain(&self) -> bool {
        matches!(self.scheme, Scheme::Drawn(Method::Bootstrap, _))
            && self.units.is_empty()
            && self.strata.is_empty()
    }

    /// The seed, if cases are drawn one by one, from all.
    pub(super) fn plain_seed(&self) -> Option<u64> {
        self.is_plain().then_some(self.seed)
    }

    /// Whether rows are counts, which need no floating point.
    pub(super) fn is_counted(&self) -> bool {
        match self.scheme {
            Scheme::Drawn(method, _) => *method == Method::Bootstrap,
            Scheme::Folds(_) => true,
            Scheme::Indices(rows) => rows.iter().all(|row| u16::try_from(row.len()).is_ok()),
            Scheme::Weights(_) => false,
        }
    }

    /// Whether every row is all cases but one unit.
    pub(super) fn leaves_out(&self) -> bool {
        matches!(self.scheme, Scheme::Drawn(Method::Jackknife, _))
    }

    /// Row `b` where rows are counts, over zeros.
    pub(super) fn counts(&self, b: usize, counts: &mut [u16]) {
        match self.scheme {
            Scheme::Drawn(..) if self.is_plain() => bootstrap_counts(self.seed, b as u64, counts),
            Scheme::Indices(rows) => rows[b].iter().for_each(|&case| counts[case] += 1),
            _ => {
                let mut weights = vec![0.0; counts.len()];
                self.fill(b, &mut weights);
                // Whole numbers: how often a unit is drawn.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                counts.iter_mut().zip(weights).for_each(|(count, w)| *count = w as u16);
            }
        }
    }

    /// Row `b`, over zeros.
    pub(super) fn fill(&self, b: usize, weights: &mut [f64]) {
        match self.scheme {
            Scheme::Drawn(Method::Bootstrap, _) if self.is_plain() => {
                let mut counts = vec![0; weights.len()];
                self.counts(b, &mut counts);
                weights.iter_mut().zip(counts).for_each(|(w, c)| *w = f64::from(c));
            }
            Scheme::Drawn(Method::Jackknife, _) => {
                weights.fill(1.0);
                self.each_of(b, |case| weights[case] = 0.0);
            }
            Scheme::Drawn(method, _) => self.draw(*method, b, weights),
            Scheme::Folds(folds) => folds.training(b, weights),
            Scheme::Indices(rows) => rows[b].iter().for_each(|&case| weights[case] += 1.0),
            Scheme::Weights(rows) => weights.copy_from_slice(&rows[b]),
        }
    }

    /// Units, stratum by stratum, from one stream.
    fn draw(&self, method: Method, b: usize, weights: &mut [f64]) {
        let mut rng = stream(self.seed, b as u64);
        let count = if self.units.is_empty() { self.cases } else { self.units.len() };
        let all: Vec<usize> = if self.strata.is_empty() { (0..count).collect() } else { Vec::new() };
        let strata = if self.strata.is_empty() { std::slice::from_ref(&all) } else { &self.strata };
        for units in strata {
            if method == Method::Bayesian {
                // Exponential numbers over their sum are Dirichlet.
                let parts: Vec<f64> = units.iter().map(|_| exponential(&mut rng)).collect();
                let scale = units.len() as f64 / parts.iter().sum::<f64>();
                for (&unit, part) in units.iter().zip(parts) {
                    self.each_of(unit, |case| weights[case] = part * scale);
                }
            } else {
                for _ in 0..units.len() {
                    let unit = units[below(&mut rng, units.len())];
                    self.each_of(unit, |case| weights[case] += 1.0);
                }
            }
        }
    }

    /// Number of cases.
    pub(super) fn cases(&self) -> usize {
        self.cases
    }

    /// The units that a row of counts holds, with how often each was drawn.
    pub(super) fn drawn_units(&self, row: &[f64]) -> Vec<(usize, f64)> {
        let count = if self.units.is_empty() { self.cases } else { self.units.len() };
        let times = |unit: usize| {
            let case = self.units.get(unit).map_or(Some(unit), |cases| cases.first().copied());
            case.and_then(|case| row.get(case)).copied().unwrap_or(0.0)
        };
        (0..count).map(|unit| (unit, times(unit))).filter(|(_, times)| *times > 0.0).collect()
    }

    /// The stratum of every unit; empty without strata.
    pub(super) fn stratum_of_units(&self) -> Vec<usize> {
        let units = self.strata.iter().map(Vec::len).sum();
        let mut stratum_of = vec![0; units];
        for (stratum, members) in self.strata.iter().enumerate() {
            members.iter().filter_map(|&unit| stratum_of.get_mut(unit).map(|of| *of = stratum)).count();
        }
        stratum_of
    }

    /// The cases of a unit.
    pub(super) fn each_of(&self, unit: usize, mut f: impl FnMut(usize)) {
        match self.units.get(unit) {
            Some(cases) => cases.iter().for_each(|&case| f(case)),
            None => f(unit),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn groups(column: &str, of_case: Vec<usize>) -> Groups {
        let count = of_case.iter().max().map_or(0, |max| max + 1);
        Groups { column: column.to_owned(), names: (0..count).map(|g| g.to_string()).collect(), of_case }
    }

    fn row(scheme: &Scheme, cases: usize, b: usize) -> Vec<f64> {
        let mut weights = vec![0.0; cases];
        scheme.sampler(cases, 5).unwrap().fill(b, &mut weights);
        weights
    }

    fn message(scheme: &Scheme, cases: usize) -> String {
        scheme.sampler(cases, 5).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn the_plain_bootstrap_is_that_of_the_counts() {
        let mut counts = vec![0; 30];
        bootstrap_counts(5, 3, &mut counts);
        let expected: Vec<f64> = counts.into_iter().map(f64::from).collect();
        assert_eq!(row(&Scheme::default(), 30, 3), expected);
    }

    #[test]
    fn strata_keep_their_sizes() {
        let of_case: Vec<usize> = (0..30).map(|i| usize::from(i % 5 == 0)).collect();
        for method in [Method::Bootstrap, Method::Bayesian] {
            let design = Design { strata: Some(groups("s", of_case.clone())), clusters: None };
            let scheme = Scheme::Drawn(method, design);
            for b in 0..20 {
                let weights = row(&scheme, 30, b);
                let sum: f64 = weights.iter().zip(&of_case).filter(|(_, g)| **g == 1).map(|(w, _)| w).sum();
                assert!((sum - 6.0).abs() < 1e-12, "{method} {sum}");
                assert!((weights.iter().sum::<f64>() - 30.0).abs() < 1e-12);
            }
            assert_ne!(row(&scheme, 30, 0), row(&scheme, 30, 1));
        }
    }

    #[test]
    fn clusters_come_as_a_whole_and_as_many_as_there_are() {
        let of_case: Vec<usize> = (0..24).map(|i| i / 3).collect();
        for method in [Method::Bootstrap, Method::Bayesian, Method::Jackknife] {
            let design = Design { strata: None, clusters: Some(groups("c", of_case.clone())) };
            let weights = row(&Scheme::Drawn(method, design), 24, 2);
            let per_cluster: Vec<f64> = weights.chunks(3).map(|w| w[0]).collect();
            assert!(weights.chunks(3).all(|w| w[0] == w[1] && w[1] == w[2]));
            let expected = if method == Method::Jackknife { 7.0 } else { 8.0 };
            assert!((per_cluster.iter().sum::<f64>() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn clusters_are_drawn_within_strata() {
        let clusters = groups("c", (0..24).map(|i| i / 3).collect());
        let strata = groups("s", (0..24).map(|i| usize::from(i >= 12)).collect());
        let scheme = Scheme::Drawn(
            Method::Bootstrap,
            Design { strata: Some(strata), clusters: Some(clusters.clone()) },
        );
        for b in 0..10 {
            assert_eq!(row(&scheme, 24, b)[..12].iter().sum::<f64>(), 12.0);
        }
        let crossed = groups("s", (0..24).map(|i| i % 2).collect());
        let design = Design { strata: Some(crossed), clusters: Some(clusters) };
        assert!(message(&Scheme::Drawn(Method::Bootstrap, design), 24).contains("several strata"));
    }

    #[test]
    fn dirichlet_weights_have_their_moments() {
        // Mean 1, variance (n − 1)/(n + 1).
        let scheme = Scheme::Drawn(Method::Bayesian, Design::default());
        let values: Vec<f64> = (0..4_000).map(|b| row(&scheme, 10, b)[4]).collect();
        let mean = values.iter().sum::<f64>() / 4_000.0;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4_000.0;
        assert!((mean - 1.0).abs() < 0.05 && (variance - 9.0 / 11.0).abs() < 0.08, "{mean} {variance}");
    }

    #[test]
    fn rows_are_taken_as_they_are_or_refused() {
        assert_eq!(row(&Scheme::Indices(vec![vec![0, 2, 2]]), 3, 0), [1.0, 0.0, 2.0]);
        assert_eq!(row(&Scheme::Weights(vec![vec![0.5, 1.0, 1.5]]), 3, 0), [0.5, 1.0, 1.5]);
        assert!(message(&Scheme::Indices(vec![vec![0, 1, 3]]), 3).contains("case 3"));
        assert!(
            message(&Scheme::Indices(vec![vec![0, 1, 2], vec![0, 1]]), 3).contains("1 holds 2 case numbers")
        );
        assert!(message(&Scheme::Indices(vec![vec![0, 1, 2, 2]]), 3).contains("but 3 cases are used"));
        assert!(message(&Scheme::Weights(vec![vec![1.0; 4]]), 3).contains("4 weights"));
        assert!(message(&Scheme::Weights(vec![vec![1.0, -1.0, 3.0]]), 3).contains("case 1"));
        assert!(message(&Scheme::Weights(vec![vec![0.0; 3]]), 3).contains("add up to 0"));
        assert!(message(&Scheme::Folds(Folds { k: 9, repeats: 1, seed: 0 }), 3).contains("9 folds"));
        let two = Design { strata: None, clusters: Some(groups("c", vec![0, 1, 1])) };
        assert!(message(&Scheme::Drawn(Method::Bootstrap, two), 3).contains("2 clusters"));
        assert_eq!(row(&Scheme::Folds(Folds::leave_one_out(4)), 4, 1), [1.0, 0.0, 1.0, 1.0]);
    }
}
