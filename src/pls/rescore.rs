//! Scores of the constructs with the model estimated anew under other case weights.

use super::PlsError;
use super::columns::{Cases, Columns};
use super::estimate::Estimate;
use super::fit::PlsFit;
use super::source::{NoEstimate, Source};
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::moments::NoCorrelation;
use crate::survey::Sample;

impl PlsFit {
    /// Estimates another model of the same answers, such as this one without some constructs.
    ///
    /// # Errors
    /// [`PlsError::Invalid`] if there are no answers, or the model has items that are not among them; and as
    /// [`Pls::fit_sample`](super::Pls::fit_sample).
    pub fn refit(&self, model: &Model) -> Result<PlsFit, PlsError> {
        let Some(sample) = self.answers() else {
            let problem = Diagnostic::error("TP0803", "another model needs the answers of the cases")
                .hint("give the survey file: a table of correlations holds no answers");
            return Err(PlsError::Invalid(problem.into()));
        };
        let items = model.indicator_names();
        let mut columns = Vec::with_capacity(items.len());
        for name in &items {
            let Some(at) = sample.items.iter().position(|item| item == name) else {
                let message = format!("item `{name}` is not among the answers of the fit");
                let problem = Diagnostic::error("TP0405", message);
                return Err(PlsError::Invalid(problem.hint("estimate the wider model first").into()));
            };
            columns.push(sample.columns[at].clone());
        }
        self.settings.fit_sample(model, Sample { items, columns, ..Sample::clone(sample) })
    }

    /// Standardised scores, one vector per construct, of the estimate under `weights`, one weight per case of the answers.
    /// `source` is that of the fit ([`Source::of`]). Missing answers count as the item's mean under these weights.
    ///
    /// # Errors
    /// [`NoEstimate`] where the weights leave none.
    pub fn rescored(&self, source: &Source, weights: &[f64]) -> Result<Vec<Vec<f64>>, NoEstimate> {
        let Some(sample) = self.answers() else {
            return Err(NoEstimate::Correlation(NoCorrelation::Item(0)));
        };
        let Some(stages) = &source.stages else {
            let mut estimate = Estimate::default();
            let (moments, quantified) = source.estimate(&self.plan, sample, Some(weights), &mut estimate)?;
            let sample = quantified.as_ref().unwrap_or(sample);
            let mut scores = vec![vec![0.0; sample.cases()]; self.plan.constructs()];
            for (i, column) in sample.columns.iter().enumerate() {
                let (mean, sd) = (moments.mean[i], moments.sd[i]);
                let weight = estimate.weights[i] / sd;
                for (score, x) in scores[self.block_of(i)].iter_mut().zip(column).filter(|(_, x)| !x.is_nan())
                {
                    *score += weight * (x - mean);
                }
            }
            return Ok(scores);
        };
        let moments = source.recipe.moments(sample, Some(weights)).map_err(NoEstimate::Correlation)?;
        let cases = Cases { sample, weights: Some(weights) };
        let mut results = Vec::new();
        stages
            .run(&moments.correlation, &moments.sd, Some(&cases), None, &mut results)
            .map_err(|(_, why)| why)?;
        let columns = Columns::new(&cases).ok_or(NoEstimate::Correlation(NoCorrelation::Item(0)))?;
        let Some(last) = results.last() else {
            return Err(NoEstimate::Correlation(NoCorrelation::Item(0)));
        };
        let stage = stages.last();
        let score = |j: usize| {
            let block = &stage.plan.blocks[j];
            let items = block.start..block.start + block.len;
            if items.clone().all(|item| !last.form(item).is_empty()) {
                return columns.combine(&last.score_form(&stage.plan, j));
            }
            let mut score = vec![0.0; sample.cases()];
            for item in items {
                let sd = last.products[item].map_or(1.0, |(_, sd)| sd);
                let weight = last.estimate.weights[item] / sd;
                score.iter_mut().zip(&last.columns[item]).for_each(|(sum, x)| *sum += weight * x);
            }
            score
        };
        Ok((0..stage.plan.constructs()).map(score).collect())
    }
}
