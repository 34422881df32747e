//! The rows of a scheme, made for a number of cases.

use super::ResampleError;
use super::draw::bootstrap_counts;
use super::folds::Folds;
use super::given::{check_indices, check_weights};
use super::groups::Groups;
use super::random::{below, exponential, stream};
use super::scheme::{Design, Method, Scheme};
use crate::diagnostic::Diagnostic;

/// Fewest groups that can be resampled.
const FEWEST_CLUSTERS: usize = 3;

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
    /// The rows, for this many cases.
    ///
    /// # Errors
    /// [`ResampleError::Invalid`] if groups, indices or weights do not fit the cases.
    pub(super) fn sampler(&self, cases: usize, seed: u64) -> Result<Sampler<'_>, ResampleError> {
        let (mut units, mut strata) = (Vec::new(), Vec::new());
        if let Some(design) = self.design() {
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
        match self {
            Self::Drawn(..) => {}
            Self::Folds(folds, design) => {
                let all = if units.is_empty() { cases } else { units.len() };
                check_folds(folds, all, &strata, design)?;
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

/// Refuses groups that cannot be dealt, or need not be.
fn check_folds(
    folds: &Folds,
    units: usize,
    strata: &[Vec<usize>],
    design: &Design,
) -> Result<(), ResampleError> {
    let words = if design.clusters.is_some() { "clusters" } else { "cases" };
    let all = format!("{units} {words}");
    let refused = |message: String| Diagnostic::error("TP0603", message);
    if folds.k < 2 || folds.k > units {
        return Err(refused(format!("{all} cannot be dealt into {} folds", folds.k))
            .hint(format!("ask for at least 2 folds and at most {units}"))
            .into());
    }
    if folds.repeats == 0 {
        return Err(refused("folds that are dealt 0 times leave nothing out".to_owned())
            .hint("ask for 1 repeat or more")
            .into());
    }
    if let (Some(least), Some(groups)) = (strata.iter().map(Vec::len).min(), &design.strata)
        && least < folds.k
    {
        let least_of = format!("{least} {words}");
        return Err(refused(format!(
            "a stratum of `{}` has {least_of}, fewer than the {} folds",
            groups.column, folds.k
        ))
        .hint("every stratum is dealt over all folds: where it misses some, standard errors are too large (Kott 2001)")
        .hint(format!("ask for at most {least} folds, or leave out `--strata`"))
        .into());
    }
    if folds.repeats > 1 && strata.is_empty() && folds.leaves_one_out(units) {
        return Err(refused(format!("{units} folds of {all} are the same in every repeat"))
            .hint("leave out `--repeats`, or ask for fewer folds")
            .into());
    }
    Ok(())
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
            Scheme::Folds(..) => self.strata.is_empty(),
            Scheme::Indices(rows) => rows.iter().all(|row| u16::try_from(row.len()).is_ok()),
            Scheme::Weights(_) => false,
        }
    }

    /// Whether every row is all cases but those that [`each_left_out`](Self::each_left_out) names.
    pub(super) fn leaves_out(&self) -> bool {
        self.leaves_units_out() || (matches!(self.scheme, Scheme::Folds(..)) && self.strata.is_empty())
    }

    /// Whether row b leaves out unit b.
    pub(super) fn leaves_units_out(&self) -> bool {
        matches!(self.scheme, Scheme::Drawn(Method::Jackknife, _))
    }

    /// The cases that row `b` leaves out.
    pub(super) fn each_left_out(&self, b: usize, mut f: impl FnMut(usize)) {
        let Scheme::Folds(folds, _) = self.scheme else { return self.each_of(b, f) };
        let fold = b % folds.k.max(1);
        if self.strata.is_empty() && folds.leaves_one_out(self.count()) {
            return self.each_of(fold, f);
        }
        for (unit, of) in self.dealt(folds, b).into_iter().enumerate() {
            if of == fold {
                self.each_of(unit, &mut f);
            }
        }
    }

    /// The fold of every unit in the repeat that row `b` belongs to.
    fn dealt(&self, folds: &Folds, b: usize) -> Vec<usize> {
        let repeat = b / folds.k.max(1);
        if self.strata.is_empty() {
            folds.assignment(repeat, self.count())
        } else {
            folds.dealt(repeat, &self.strata)
        }
    }

    /// All cases but one fold of them. Within strata the others stand for those left out, so that every stratum keeps its
    /// size (Kott 2001).
    fn leave_fold_out(&self, folds: &Folds, b: usize, weights: &mut [f64]) {
        weights.fill(1.0);
        if self.strata.is_empty() {
            self.each_left_out(b, |case| weights[case] = 0.0);
            return;
        }
        let fold = b % folds.k.max(1);
        let dealt = self.dealt(folds, b);
        for units in &self.strata {
            let stay = units.iter().filter(|unit| dealt[**unit] != fold).count();
            let scale = units.len() as f64 / stay as f64;
            for &unit in units {
                let weight = if dealt[unit] == fold { 0.0 } else { scale };
                self.each_of(unit, |case| weights[case] = weight);
            }
        }
    }

    /// Number of units: cases, or clusters.
    fn count(&self) -> usize {
        if self.units.is_empty() { self.cases } else { self.units.len() }
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
            Scheme::Folds(folds, _) => self.leave_fold_out(folds, b, weights),
            Scheme::Indices(rows) => rows[b].iter().for_each(|&case| weights[case] += 1.0),
            Scheme::Weights(rows) => weights.copy_from_slice(&rows[b]),
        }
    }

    /// Units, stratum by stratum, from one stream.
    fn draw(&self, method: Method, b: usize, weights: &mut [f64]) {
        let mut rng = stream(self.seed, b as u64);
        let count = self.count();
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
        let count = self.count();
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

    fn folds(k: usize, repeats: usize, design: Design) -> Scheme {
        Scheme::Folds(Folds { k, repeats, seed: 5 }, design)
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
        assert!(message(&folds(9, 1, Design::default()), 3).contains("9 folds"));
        let two = Design { strata: None, clusters: Some(groups("c", vec![0, 1, 1])) };
        assert!(message(&Scheme::Drawn(Method::Bootstrap, two), 3).contains("2 clusters"));
        assert_eq!(
            row(&Scheme::Folds(Folds::leave_one_out(4), Design::default()), 4, 1),
            [1.0, 0.0, 1.0, 1.0]
        );
    }
    #[test]
    fn folds_leave_whole_clusters_out_and_strata_keep_their_sizes() {
        let clusters = groups("c", (0..24).map(|i| i / 3).collect());
        let whole = folds(4, 2, Design { strata: None, clusters: Some(clusters.clone()) });
        for b in 0..8 {
            let weights = row(&whole, 24, b);
            assert!(weights.chunks(3).all(|w| w[0] == w[1] && w[1] == w[2]));
            assert_eq!(weights.iter().sum::<f64>(), 18.0);
        }
        // The first stratum has 9 cases, the second 15.
        let of_case: Vec<usize> = (0..24).map(|i| usize::from(i % 8 > 2)).collect();
        let strata = || Some(groups("s", of_case.clone()));
        let within = folds(4, 2, Design { strata: strata(), clusters: None });
        for b in 0..8 {
            let weights = row(&within, 24, b);
            let out = weights.iter().filter(|w| **w == 0.0).count();
            assert_eq!(out, 6);
            let first: f64 = weights.iter().zip(&of_case).filter(|(_, s)| **s == 0).map(|(w, _)| w).sum();
            assert!((first - 9.0).abs() < 1e-12 && (weights.iter().sum::<f64>() - 24.0).abs() < 1e-12);
        }
        assert_ne!(row(&within, 24, 0), row(&within, 24, 4));
        assert!(
            message(&folds(10, 1, Design { strata: strata(), clusters: None }), 24).contains("has 9 cases")
        );
        assert!(
            message(&folds(9, 1, Design { strata: None, clusters: Some(clusters) }), 24)
                .contains("8 clusters")
        );
        assert!(message(&folds(24, 2, Design::default()), 24).contains("the same in every repeat"));
        assert!(message(&folds(1, 1, Design::default()), 24).contains("into 1 folds"));
        assert!(message(&folds(3, 0, Design::default()), 24).contains("0 times"));
    }

    /// Of a mean, `(k − 1)/k Σ (θ_i − θ̄)²` has over all deals the expectation `s²/n`, where k divides n; within strata that
    /// of the stratified mean, `Σ (n_h/n)² s_h²/n_h`.
    #[test]
    fn the_variance_of_a_mean_is_met_on_average_over_deals() {
        let x: Vec<f64> =
            (0..30).map(|i| f64::from(i * i % 17) + if i % 3 == 0 { 20.0 } else { 0.0 }).collect();
        let of_case: Vec<usize> = (0..30).map(|i| usize::from(i % 3 == 0)).collect();
        let variance = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
        };
        let stratum = |h: usize| -> Vec<f64> {
            x.iter().zip(&of_case).filter(|(_, s)| **s == h).map(|(x, _)| *x).collect()
        };
        let within = [0, 1].map(|h| {
            (stratum(h).len() as f64 / 30.0).powi(2) * variance(&stratum(h)) / stratum(h).len() as f64
        });
        let (k, repeats) = (5, 4_000);
        for (strata, expected) in
            [(None, variance(&x) / 30.0), (Some(groups("s", of_case.clone())), within.iter().sum())]
        {
            let scheme = folds(k, repeats, Design { strata, clusters: None });
            let sampler = scheme.sampler(30, 5).unwrap();
            let mut sum = 0.0;
            for repeat in 0..repeats {
                let means: Vec<f64> = (0..k)
                    .map(|fold| {
                        let mut weights = vec![0.0; 30];
                        sampler.fill(repeat * k + fold, &mut weights);
                        let total: f64 = weights.iter().sum();
                        weights.iter().zip(&x).map(|(w, x)| w * x).sum::<f64>() / total
                    })
                    .collect();
                sum += (k as f64 - 1.0).powi(2) / k as f64 * variance(&means);
            }
            let met = sum / repeats as f64;
            assert!((met / expected - 1.0).abs() < 0.04, "{met} {expected}");
        }
    }
}
