//! From cases to an estimate, by whichever correlations the settings ask for.

use super::PlsError;
use super::columns::Cases;
use super::estimate::{Estimate, Failure};
use super::fit::PlsFit;
use super::nonmetric;
use super::plan::Plan;
use super::settings::Pls;
use super::stages::Stages;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Mode, Model, Scale};
use crate::moments::{Correlation, Moments, NoCorrelation, Recipe};
use crate::survey::Sample;

/// Why cases give no estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEstimate {
    /// The correlations do not exist.
    Correlation(NoCorrelation),
    /// The weights, the correction or the paths do not.
    Weights(Failure),
}

impl From<Failure> for NoEstimate {
    fn from(failure: Failure) -> Self {
        Self::Weights(failure)
    }
}

/// What turns cases into estimates; made once per sample, used for every resample of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// How correlations are made.
    pub recipe: Recipe,
    /// What the codes of each item mean, for non-metric PLS.
    pub scales: Vec<Scale>,
    /// The stages of a model that is not plain.
    pub stages: Option<Stages>,
}

impl Source {
    /// Decides how the sample's correlations are made.
    ///
    /// # Errors
    /// As [`Recipe::new`]; also weighted cases under the minimum covariance determinant, and modes that non-metric PLS
    /// does not know.
    pub fn new(model: &Model, sample: &Sample, settings: &Pls) -> Result<Self, PlsError> {
        let recipe = Recipe::new(model, sample, settings.correlation, settings.polyserial)
            .map_err(PlsError::Invalid)?;
        let mut problems = Vec::new();
        if settings.correlation == Correlation::Mcd && sample.weights.is_some() {
            problems.push(
                Diagnostic::error("TP0420", "weighted cases have no minimum covariance determinant")
                    .hint("leave out the weights, or choose `--correlation spearman`"),
            );
        }
        if settings.correlation == Correlation::Quantified {
            for construct in model.constructs() {
                if let Some(mode @ (Mode::Pca | Mode::Bnnls)) = settings.mode.or(construct.mode) {
                    problems.push(
                        Diagnostic::error(
                            "TP0421",
                            format!(
                                "`{}` has mode {mode}, which non-metric PLS does not know",
                                construct.name
                            ),
                        )
                        .hint(format!("choose A, B or unit: `#@ mode {} A`", construct.name)),
                    );
                }
            }
        }
        if !problems.is_empty() {
            return Err(PlsError::Invalid(Diagnostics(problems)));
        }
        let scale = |name: &String| {
            let item = model.indicators().iter().find(|item| item.name == *name);
            item.and_then(|item| item.scale).unwrap_or(Scale::Numeric)
        };
        Ok(Self { recipe, scales: sample.items.iter().map(scale).collect(), stages: None })
    }

    /// The source of a fit's estimates: [`Source::new`] with the fit's stages.
    ///
    /// # Errors
    /// As [`Source::new`].
    pub fn of(fit: &PlsFit, sample: &Sample) -> Result<Self, PlsError> {
        let source = Self::new(fit.written(), sample, &fit.settings)?;
        Ok(Self { stages: fit.staged.as_ref().map(|staged| staged.stages.clone()), ..source })
    }

    /// The stages, if they follow from the products of the answers alone and the cases.
    pub fn by_moments(&self) -> Option<&Stages> {
        self.stages.as_ref().filter(|_| self.recipe.correlation == Correlation::Pearson)
    }

    /// Estimates the plan from the sample under case weights, `None` for the sample's own. Gives the moments, and the
    /// quantified answers of non-metric PLS. For a model in stages, the plan, the estimate and the correlations among the
    /// moments are those of the last.
    ///
    /// # Errors
    /// [`NoEstimate`].
    pub fn estimate(
        &self,
        plan: &Plan,
        sample: &Sample,
        weights: Option<&[f64]>,
        estimate: &mut Estimate,
    ) -> Result<(Moments, Option<Sample>), NoEstimate> {
        let mut moments = self.recipe.moments(sample, weights).map_err(NoEstimate::Correlation)?;
        if let Some(stages) = &self.stages {
            let mut results = Vec::new();
            let cases = Cases { sample, weights };
            stages
                .run(&moments.correlation, &moments.sd, Some(&cases), None, &mut results)
                .map_err(|(_, why)| why)?;
            if let Some(last) = results.pop() {
                *estimate = last.estimate;
                moments.correlation = last.correlation;
            }
            return Ok((moments, None));
        }
        if self.recipe.correlation != Correlation::Quantified {
            estimate.run(plan, &moments.correlation)?;
            return Ok((moments, None));
        }
        let weights = weights.or(sample.weights.as_deref());
        let found = nonmetric::quantify(plan, sample, &self.scales, weights)?;
        moments = match weights {
            Some(weights) => Moments::weighted(&found.sample, weights),
            None => Moments::of(&found.sample),
        };
        // The last step of the loop on its own quantifications: the same fixed point, in the words of every other fit.
        let plan = Plan { start: found.weights, ..plan.clone() };
        estimate.run(&plan, &moments.correlation)?;
        estimate.iterations = found.iterations;
        estimate.change = found.change;
        estimate.converged = found.converged && estimate.converged;
        Ok((moments, Some(found.sample)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp, reason = "tests")]
mod tests {
    use super::*;
    use crate::Bootstrap;
    use crate::pls::PlsFit;
    use crate::survey::{Column, Survey, Values};

    const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2\nC =~ c1 + c2\nC ~ A + B\nB ~ A";

    /// Answers 1 to 5 of `cases` made-up persons to the seven items, and a whole weight each.
    fn survey(cases: usize) -> Survey {
        let mut state = 88_172_645_463_325_252_u64;
        let mut u = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let names = ["a1", "a2", "a3", "b1", "b2", "c1", "c2", "wt"];
        let mut columns = vec![Vec::new(); names.len()];
        for i in 0..cases {
            let a = u();
            let b = 0.6 * a + 0.4 * u();
            let c = 0.4 * a + 0.4 * b + 0.2 * u();
            for (column, base) in columns.iter_mut().zip([a, a, a, b, b, c, c]) {
                column.push(Some(((0.65 * base + 0.35 * u()) * 5.0).floor().min(4.0) + 1.0));
            }
            columns[7].push(Some([1.0, 3.0, 2.0, 1.0, 0.0][i % 5]));
        }
        let columns = names
            .iter()
            .zip(columns)
            .map(|(name, cells)| Column { name: (*name).to_owned(), values: Values::Numbers(cells) })
            .collect();
        Survey::from_columns("<test>", columns).unwrap()
    }

    /// Every case as often as its weight says.
    fn repeated(survey: &Survey) -> Survey {
        let Values::Numbers(weights) = survey.column("wt").unwrap().values.clone() else {
            return survey.clone();
        };
        let columns = survey
            .columns
            .iter()
            .map(|column| {
                let Values::Numbers(cells) = &column.values else { return column.clone() };
                let cells = cells
                    .iter()
                    .zip(&weights)
                    .flat_map(|(x, w)| {
                        std::iter::repeat_n(
                            *x,
                            if *w == Some(3.0) {
                                3
                            } else {
                                usize::from(*w == Some(1.0)) + 2 * usize::from(*w == Some(2.0))
                            },
                        )
                    })
                    .collect();
                Column { name: column.name.clone(), values: Values::Numbers(cells) }
            })
            .collect();
        Survey::from_columns("<test>", columns).unwrap()
    }

    fn fit(annotations: &str, survey: &Survey, correlation: Correlation) -> Result<PlsFit, PlsError> {
        let model = Model::parse(&format!("{annotations}\n{MODEL}")).unwrap();
        Pls { correlation, tolerance: 1e-12, ..Pls::default() }.fit(&model, survey)
    }

    fn close(a: &[f64], b: &[f64], tolerance: f64) {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() < tolerance, "{a} {b}");
        }
    }

    #[test]
    fn whole_weights_equal_repeated_cases() {
        let data = survey(80);
        let twice = repeated(&data);
        let scale = "#@ scale a1 ordinal\n#@ scale c2 nominal";
        for (kind, more) in [
            (Correlation::Pearson, ""),
            (Correlation::Polychoric, ""),
            (Correlation::Polychoric, "#@ ordinal a1 b2"),
            (Correlation::Quantified, scale),
        ] {
            let weighted = fit(&format!("#@ weight wt\n{more}"), &data, kind).unwrap();
            let plain = fit(more, &twice, kind).unwrap();
            assert_eq!(weighted.n(), 64, "cases of weight 0 are left out, the others count once");
            assert_eq!(weighted.sample.as_ref().unwrap().account.cases_without_weight, 16);
            close(&weighted.moments.correlation, &plain.moments.correlation, 1e-9);
            close(&weighted.estimate.weights, &plain.estimate.weights, 1e-8);
            close(&weighted.estimate.paths, &plain.estimate.paths, 1e-8);
        }
    }

    #[test]
    fn weights_reach_the_bootstrap() {
        let data = survey(80);
        let bootstrap = Bootstrap { resamples: 60, ..Bootstrap::default() };
        let equal = fit("", &data, Correlation::Pearson).unwrap();
        let weighted = fit("#@ weight wt", &data, Correlation::Pearson).unwrap();
        let draws = bootstrap.run(&weighted).unwrap();
        let at = |draws: &crate::Bootstrapped, q: usize| draws.draws[q].iter().sum::<f64>() / 60.0;
        let off = |q: usize| (at(&draws, q) - draws.original[q]).abs();
        // The first quantities are paths: their draws centre on the weighted estimate.
        assert!((0..3).all(|q| off(q) < 0.1), "{:?}", (0..3).map(off).collect::<Vec<_>>());
        assert_ne!(draws.original, bootstrap.run(&equal).unwrap().original);
    }

    #[test]
    fn every_kind_is_bootstrapped_by_its_own_correlations() {
        let data = survey(60);
        for kind in [Correlation::Spearman, Correlation::Polychoric, Correlation::Quantified] {
            let fit = fit("", &data, kind).unwrap();
            // A resample of every case once is the sample itself.
            let all: Vec<usize> = (0..60).collect();
            let boot = Bootstrap::default().run_given(&fit, &[all.clone(), all]).unwrap();
            for (draws, original) in boot.draws.iter().zip(&boot.original) {
                assert!((draws[0] - original).abs() < 1e-8, "{kind}: {} {original}", draws[0]);
            }
        }
    }

    #[test]
    fn rank_correlations_ignore_monotone_codes() {
        let data = survey(60);
        let mut curved = data.clone();
        for column in &mut curved.columns {
            if let Values::Numbers(cells) = &mut column.values {
                cells.iter_mut().flatten().for_each(|x| *x = x.exp());
            }
        }
        let (a, b) = (fit("", &data, Correlation::Spearman), fit("", &curved, Correlation::Spearman));
        close(&a.unwrap().moments.correlation, &b.unwrap().moments.correlation, 1e-13);
    }

    #[test]
    fn what_cannot_be_is_said_in_words() {
        let data = survey(60);
        let message = |annotations: &str, kind: Correlation, data: &Survey| {
            fit(annotations, data, kind).map(|_| ()).unwrap_err().to_string()
        };
        assert!(message("#@ scale a1 nominal", Correlation::Polychoric, &data).contains("`a1` is nominal"));
        assert!(message("#@ mode A pca", Correlation::Quantified, &data).contains("non-metric PLS"));
        assert!(message("#@ weight wt", Correlation::Mcd, &data).contains("weighted cases"));
        assert!(message("#@ weight weights", Correlation::Pearson, &data).contains("not a column"));
        let with = |name: &str, cells: &dyn Fn(usize) -> Option<f64>| {
            let mut changed = data.clone();
            for column in changed.columns.iter_mut().filter(|column| column.name == name) {
                column.values = Values::Numbers((0..60).map(cells).collect());
            }
            changed
        };
        let negative = with("wt", &|i| Some(if i == 3 { -1.0 } else { 1.0 }));
        assert!(message("#@ weight wt", Correlation::Pearson, &negative).contains("negative"));
        assert!(message("#@ weight wt", Correlation::Pearson, &with("wt", &|_| Some(0.0))).contains("are 0"));
        let missing = with("wt", &|i| (i != 3).then_some(1.0));
        assert!(message("#@ weight wt", Correlation::Pearson, &missing).contains("no weight"));
        let many = with("a1", &|i| Some(i as f64));
        assert!(message("#@ ordinal a1", Correlation::Polychoric, &many).contains("60 categories"));
        // Two items that split the cases the same way have no tetrachoric correlation below 1.
        let Values::Numbers(a1) = data.column("a1").unwrap().values.clone() else { return };
        let mut same = with("b1", &|i| Some(if a1[i] > Some(3.0) { 2.0 } else { 1.0 }));
        for column in same.columns.iter_mut().filter(|column| column.name == "c1") {
            column.values =
                Values::Numbers(a1.iter().map(|x| Some(if *x > Some(3.0) { 7.0 } else { 5.0 })).collect());
        }
        let message = message("", Correlation::Polychoric, &same);
        assert!(message.contains("`b1` and `c1` have no polychoric correlation"), "{message}");
        assert!(message.contains("`a1` and `b1`"), "all pairs are reported: {message}");
    }
}
