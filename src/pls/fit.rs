//! A model estimated from a survey or from a table of correlations.

use std::sync::Arc;

use serde::Serialize;

use super::PlsError;
use super::columns::{Cases, Columns};
use super::estimate::{Estimate, Failure};
use super::plan::Plan;
use super::settings::{Divisor, Pls};
use super::source::{NoEstimate, Source};
use super::stages::{CompiledStage, StageResult, Stages};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::model::{ConstructId, ItemSource, Model, Step};
use crate::moments::{Correlation, Moments};
use crate::survey::{Sample, Survey, code_factors};

/// How the iteration ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Convergence {
    /// Whether the stopping rule was met.
    pub converged: bool,
    /// Iterations run.
    pub iterations: usize,
    /// Last value of the stopping criterion.
    pub change: f64,
}

/// What stands behind the last stage of a model with products or constructs of constructs.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// The compiled stages.
    pub stages: Stages,
    /// The answers to the items of the model as written, unless there are only their moments.
    pub answers: Option<Arc<Sample>>,
    /// Moments of these items.
    pub moments: Arc<Moments>,
    /// The fits of the stages before the last, in order: the measurement of components stands there.
    pub earlier: Vec<PlsFit>,
}

/// An estimated model.
///
/// A model with products or constructs of constructs is estimated in stages, and this is the fit of the last: its model,
/// items, moments, sample and plan are that stage's, with scores and products among the items, so that whatever reads a fit
/// reads this one. What is resampled are the [answers](PlsFit::answers).
#[derive(Debug, Clone, PartialEq)]
pub struct PlsFit {
    /// The model; of the last stage, if there are several.
    pub model: Arc<Model>,
    /// The settings.
    pub settings: Pls,
    /// The moments it was estimated from, in the model's order of items.
    pub moments: Arc<Moments>,
    /// The answers, unless it was estimated from a table.
    pub sample: Option<Arc<Sample>>,
    /// The quantified answers of non-metric PLS, standardised with divisor n.
    pub quantified: Option<Arc<Sample>>,
    /// The compiled model.
    pub plan: Arc<Plan>,
    /// The numbers.
    pub estimate: Estimate,
    /// Standard deviation of every construct in the units that paths are reported in: 1 but for products of scores and
    /// unstandardised items. A path times the predictor's and over the outcome's is the standardised path.
    pub scales: Vec<f64>,
    /// Weights that make the scores, where they are not those reported (composites of common factors).
    pub score_weights: Option<Vec<f64>>,
    /// The stages behind it, if it is the last of several.
    pub staged: Option<Arc<Staged>>,
}

impl Pls {
    /// Estimates a model from a survey.
    ///
    /// # Errors
    /// [`PlsError::Survey`] if the survey does not hold the model's items, [`PlsError::Invalid`] if a setting is
    /// out of range or the estimate does not exist (collinear items under Mode B, no variance).
    pub fn fit(&self, model: &Model, survey: &Survey) -> Result<PlsFit, PlsError> {
        if let Some((model, survey)) = code_factors(model, survey, &self.data)? {
            let sample = Sample::draw(&model, &survey, &self.data)?;
            return self.fit_sample(&model, sample);
        }
        let sample = Sample::draw(model, survey, &self.data)?;
        self.fit_sample(model, sample)
    }

    /// Estimates a model from a sample that has been drawn already.
    ///
    /// # Errors
    /// As [`Pls::fit`].
    pub fn fit_sample(&self, model: &Model, sample: Sample) -> Result<PlsFit, PlsError> {
        let model = Arc::new(model.clone());
        let stages = self.stages(&model, sample.cases())?;
        let source = Source::new(&model, &sample, self)?;
        let sample = source.recipe.accounted(sample);
        if !stages.is_plain() {
            let moments = source
                .recipe
                .moments(&sample, None)
                .map_err(|failure| PlsError::Invalid(failure.explain(&sample.items, self.correlation)))?;
            return self.fit_stages(stages, moments, Some(sample));
        }
        let plan = stages.last().plan.clone();
        let mut estimate = Estimate::default();
        let (moments, quantified) =
            source.estimate(&plan, &sample, None, &mut estimate).map_err(|failure| match failure {
                NoEstimate::Correlation(failure) => {
                    PlsError::Invalid(failure.explain(&sample.items, self.correlation))
                }
                NoEstimate::Weights(failure) => PlsError::Invalid(explain(&model, &plan, failure).into()),
            })?;
        Ok(PlsFit {
            model,
            settings: self.clone(),
            moments: Arc::new(moments),
            sample: Some(Arc::new(sample)),
            quantified: quantified.map(Arc::new),
            scales: vec![1.0; plan.constructs()],
            plan: Arc::new(plan),
            estimate,
            score_weights: None,
            staged: None,
        })
    }

    /// Estimates a model stage by stage.
    fn fit_stages(
        &self,
        stages: Stages,
        moments: Moments,
        sample: Option<Sample>,
    ) -> Result<PlsFit, PlsError> {
        if sample.is_none() && stages.needs_cases() {
            let products = stages.model.constructs().iter().filter(|c| c.factors().is_some());
            let names: Vec<String> = products.map(|c| format!("`{}`", c.name)).collect();
            return Err(PlsError::Invalid(
                Diagnostic::error(
                    "TP0434",
                    format!("{} cannot be estimated from correlations alone", names.join(", ")),
                )
                .hint("products of constructs need the answers: give the survey file")
                .hint("or leave the products out of the model")
                .into(),
            ));
        }
        let cases = sample.as_ref().map(|sample| Cases { sample, weights: None });
        let mut results = Vec::new();
        stages.run(&moments.correlation, &moments.sd, cases.as_ref(), None, &mut results).map_err(
            |(at, why)| match why {
                NoEstimate::Correlation(failure) => {
                    PlsError::Invalid(failure.explain(&moments.items, self.correlation))
                }
                NoEstimate::Weights(failure) => {
                    let stage = &stages.stages[at];
                    PlsError::Invalid(explain(&stage.model, &stage.plan, failure).into())
                }
            },
        )?;
        let columns = cases.as_ref().and_then(Columns::new);
        let mut fits: Vec<PlsFit> = stages
            .stages
            .iter()
            .zip(results)
            .map(|(stage, result)| {
                let sample = sample.as_ref().zip(columns.as_ref());
                self.stage_fit(stage, result, &moments, sample)
            })
            .collect();
        let Some(mut last) = fits.pop() else { return Err(PlsError::Invalid(Diagnostics(Vec::new()))) };
        last.staged = Some(Arc::new(Staged {
            stages,
            answers: sample.map(Arc::new),
            moments: Arc::new(moments),
            earlier: fits,
        }));
        Ok(last)
    }

    /// One stage as a fit, its items as columns.
    fn stage_fit(
        &self,
        stage: &CompiledStage,
        result: StageResult,
        moments: &Moments,
        sample: Option<(&Sample, &Columns)>,
    ) -> PlsFit {
        let items = stage.model.indicator_names();
        let place = |item: usize| match (&stage.sources[item], result.products[item]) {
            (ItemSource::Answer(answer), _) => (moments.mean[*answer], moments.sd[*answer]),
            (_, Some(product)) => product,
            _ => (0.0, 1.0),
        };
        let (mean, sd): (Vec<f64>, Vec<f64>) = (0..items.len()).map(place).unzip();
        let sample = sample.map(|(sample, columns)| {
            let column = |item: usize| match (&stage.sources[item], result.products[item]) {
                (ItemSource::Answer(answer), _) => sample.columns[*answer].clone(),
                (_, Some((mean, _))) => result.columns[item].iter().map(|x| x + mean).collect(),
                _ => columns.combine(result.form(item)),
            };
            let columns = (0..items.len()).map(column).collect();
            Arc::new(Sample { items: items.clone(), columns, ..sample.clone() })
        });
        PlsFit {
            model: Arc::clone(&stage.model),
            settings: self.clone(),
            moments: Arc::new(Moments {
                items,
                cases: moments.cases,
                mean,
                sd,
                correlation: result.correlation,
            }),
            sample,
            quantified: None,
            plan: Arc::new(stage.plan.clone()),
            estimate: result.estimate,
            scales: result.scales,
            score_weights: result.score_weights,
            staged: None,
        }
    }

    /// The model compiled for a number of cases.
    fn stages(&self, model: &Arc<Model>, cases: usize) -> Result<Stages, PlsError> {
        let mut stages = Stages::new(model, self)?;
        if self.factor_divisor == Divisor::SampleSize && cases > 1 {
            let n = cases as f64;
            stages.stretch(((n - 1.0) / n).sqrt());
        }
        Ok(stages)
    }

    /// Estimates a model from moments, such as a published correlation table. Items the model does not
    /// use are passed over.
    ///
    /// # Errors
    /// [`PlsError::Invalid`] as for [`Pls::fit`], for every item the table lacks, and where only answers can give what is
    /// asked for: other correlations, and the categories of a factor.
    pub fn fit_moments(&self, model: &Model, moments: Moments) -> Result<PlsFit, PlsError> {
        if self.correlation != Correlation::Pearson {
            let message =
                format!("{} correlations are made from answers, not from a table", self.correlation);
            let problem = Diagnostic::error("TP0415", message)
                .hint("leave out `--correlation`: the table's correlations are used as they are")
                .hint("or give the survey file in place of `--correlations`");
            return Err(PlsError::Invalid(problem.into()));
        }
        if let Some(problem) = model.uncoded_factor() {
            return Err(PlsError::Invalid(problem.into()));
        }
        let model = Arc::new(model.clone());
        let moments = pick(&model, moments)?;
        let stages = self.stages(&model, moments.cases)?;
        if !stages.is_plain() {
            return self.fit_stages(stages, moments, None);
        }
        let plan = stages.last().plan.clone();
        let mut estimate = Estimate::default();
        estimate
            .run(&plan, &moments.correlation)
            .map_err(|failure| PlsError::Invalid(explain(&model, &plan, failure).into()))?;
        Ok(PlsFit {
            model,
            settings: self.clone(),
            moments: Arc::new(moments),
            sample: None,
            quantified: None,
            scales: vec![1.0; plan.constructs()],
            plan: Arc::new(plan),
            estimate,
            score_weights: None,
            staged: None,
        })
    }
}

/// The model's items out of the moments, in the model's order.
fn pick(model: &Model, moments: Moments) -> Result<Moments, PlsError> {
    let names = model.indicator_names();
    if names == moments.items {
        return Ok(moments);
    }
    let mut which = Vec::new();
    let mut problems = Vec::new();
    for name in &names {
        if let Some(at) = moments.items.iter().position(|item| item == name) {
            which.push(at);
        } else {
            let mut problem = Diagnostic::error("TP0405", format!("the table has no item `{name}`"));
            if let Some(near) = nearest(name, moments.items.iter().map(String::as_str)) {
                problem = problem.hint(format!("did you mean `{near}`?"));
            }
            problems.push(problem);
        }
    }
    if problems.is_empty() {
        Ok(moments.select(&which))
    } else {
        Err(PlsError::Invalid(crate::diagnostic::Diagnostics(problems)))
    }
}

/// A failure in the words of the model.
pub(crate) fn explain(model: &Model, plan: &Plan, failure: Failure) -> Diagnostic {
    let name = |j: usize| model.construct(ConstructId::new(j)).name.clone();
    let items = |j: usize| {
        let block = &plan.blocks[j];
        model.indicator_names()[block.start..block.start + block.len].join(", ")
    };
    match failure {
        Failure::NoVariance(j) => Diagnostic::error(
            "TP0410",
            format!("the score of `{}` has no variance", name(j)),
        )
        .hint(format!("its items cancel each other out: look for a reverse-coded item among {}", items(j))),
        Failure::CollinearBlock(j) => Diagnostic::error(
            "TP0411",
            format!("the items of `{}` are collinear, so that Mode B has no weights for them", name(j)),
        )
        .hint(format!("drop or merge an item among {}", items(j)))
        .hint(format!("or use correlation weights: `#@ mode {} A`", name(j))),
        Failure::CollinearPredictors(j) => {
            let from: Vec<String> = plan.predecessors[j].iter().map(|&l| format!("`{}`", name(l))).collect();
            Diagnostic::error(
                "TP0412",
                format!("the predictors of `{}` ({}) are perfectly collinear", name(j), from.join(", ")),
            )
            .hint("drop one of them, or merge the two that correlate most")
        }
        Failure::NotConverged => Diagnostic::error("TP0413", "the weights did not settle"),
        Failure::NoReliability(j) => Diagnostic::error(
            "TP0414",
            format!(
                "the items of `{}` are uncorrelated or collinear, so that its reliability cannot be estimated",
                name(j)
            ),
        )
        .hint(format!("look at the correlations among {}", items(j)))
        .hint("estimate without the correction (leave out `--consistent`)"),
    }
}

impl PlsFit {
    /// Number of cases.
    pub fn n(&self) -> usize {
        self.moments.cases
    }

    /// The model as written, with all its constructs.
    pub fn written(&self) -> &Arc<Model> {
        self.staged.as_ref().map_or(&self.model, |staged| &staged.stages.model)
    }

    /// The answers to the items of the model as written: what is resampled.
    pub fn answers(&self) -> Option<&Arc<Sample>> {
        match &self.staged {
            Some(staged) => staged.answers.as_ref(),
            None => self.sample.as_ref(),
        }
    }

    /// Moments of the items of the model as written.
    pub fn answer_moments(&self) -> &Moments {
        self.staged.as_ref().map_or(&self.moments, |staged| &staged.moments)
    }

    /// The fits of the stages before this one; empty for a plain model.
    pub fn earlier(&self) -> &[PlsFit] {
        self.staged.as_ref().map_or(&[], |staged| &staged.earlier)
    }

    /// Whether its paths follow from corrected moments of scores and their products.
    pub fn is_by_moments(&self) -> bool {
        self.staged.as_ref().is_some_and(|staged| matches!(staged.stages.last().step, Step::Moments { .. }))
    }
}
