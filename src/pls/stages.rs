//! A model compiled to stages and run: the one road from items to an estimate for models with products and constructs of
//! constructs.
//!
//! Items of a stage are answers, scores of an earlier stage, or products ([`ItemSource`]). Whatever is linear in the
//! answers is a row of coefficients `T`, so that the correlations of a stage are `T S T'`; products are columns of the
//! cases, made anew under the case weights of every resample. The result of the last stage is that of the model.
//!
//! A construct may be reported in other units than standard deviations: the path of a product `A:B` refers to the product
//! of the standardised scores, as textbooks on moderation have it, that of an unstandardised item to its own units.
//! [`StageResult::scales`] holds the standard deviation of each construct in these units.

use std::sync::Arc;

use super::columns::{Cases, Columns};
use super::estimate::{Estimate, Failure};
use super::forbidden::{check, shared_errors};
use super::plan::Plan;
use super::settings::{Pls, ProductScale};
use super::source::NoEstimate;
use super::{PlsError, nonlinear, second_order};
use crate::model::{ConstructId, Factor, ItemSource, Model, Stage, Step};
use crate::moments::NoCorrelation;
use crate::stats::linear;

/// A stage compiled to positions.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledStage {
    /// Its constructs, items and paths.
    pub model: Arc<Model>,
    /// The same in positions.
    pub plan: Plan,
    /// Where its items come from.
    pub sources: Vec<ItemSource>,
    /// How it is estimated.
    pub step: Step,
    /// Constructs that bring their score and reliability from an earlier stage.
    pub(super) carried: Vec<(usize, (usize, usize))>,
    /// Constructs of constructs, and the stage and construct of each component.
    pub(super) wholes: Vec<(usize, Vec<(usize, usize)>)>,
    /// Per construct the factors of a product, as constructs of this stage; empty for others.
    pub(super) factors: Vec<Vec<usize>>,
    /// Constructs in the units of their single item, and that item among the answers.
    raw: Vec<(usize, usize)>,
}

/// A model compiled to stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages {
    /// The model as written.
    pub model: Arc<Model>,
    /// The stages, the last of which gives the result.
    pub stages: Vec<CompiledStage>,
    /// Units of products.
    pub(super) product_scale: ProductScale,
    /// What consistent moments assume and divide by.
    pub(super) moments: nonlinear::Rules,
}

/// Turns the signs of a stage's estimate (stage, its plan, its correlations) before anything follows from it.
pub type Turn<'a> = dyn Fn(usize, &Plan, &[f64], &mut Estimate) -> Result<(), Failure> + 'a;

/// What one stage gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StageResult {
    /// Weights, loadings, paths; paths in the units of [`StageResult::scales`].
    pub estimate: Estimate,
    /// Correlations of the stage's items.
    pub correlation: Vec<f64>,
    /// Standard deviation of each construct in the units it is reported in: 1 but for products and unstandardised items.
    pub scales: Vec<f64>,
    /// Weights of the scores, where those reported are others (composites of common factors).
    pub score_weights: Option<Vec<f64>>,
    /// Per item its mean and standard deviation if it is a product.
    pub(super) products: Vec<Option<(f64, f64)>>,
    /// Per item its coefficients on the answers; empty for products.
    forms: Vec<Vec<f64>>,
    /// Columns of the items that are products.
    pub(super) columns: Vec<Vec<f64>>,
}

impl CompiledStage {
    /// Constructs that repeat the items of their components here.
    pub fn repeating(&self) -> impl Iterator<Item = usize> {
        let whole = |j: &usize| self.model.constructs()[*j].components().is_some();
        (0..self.plan.constructs())
            .filter(whole)
            .filter(|&j| matches!(self.sources.get(self.plan.blocks[j].start), Some(ItemSource::Answer(_))))
    }
}

impl StageResult {
    /// The score of a construct as coefficients on the standardised answers.
    pub(super) fn score_form(&self, plan: &Plan, construct: usize) -> Vec<f64> {
        let block = &plan.blocks[construct];
        let weights = self.score_weights.as_ref().unwrap_or(&self.estimate.weights);
        let mut form = vec![0.0; self.forms.iter().map(Vec::len).max().unwrap_or(0)];
        for (w, row) in weights[block.start..].iter().zip(&self.forms[block.start..block.start + block.len]) {
            form.iter_mut().zip(row).for_each(|(sum, t)| *sum += w * t);
        }
        form
    }

    /// The coefficients of an item on the standardised answers; empty for a product.
    pub(super) fn form(&self, item: usize) -> &[f64] {
        &self.forms[item]
    }
}

impl Stages {
    /// Compiles a model.
    ///
    /// # Errors
    /// [`PlsError::Invalid`] for settings out of range and for what products cannot go with.
    pub fn new(model: &Arc<Model>, settings: &Pls) -> Result<Self, PlsError> {
        let interaction = settings.interaction_of(model);
        check(model, settings, interaction)?;
        let mut stages: Vec<CompiledStage> = Vec::new();
        let drafts = if model.is_staged() {
            model.stages(interaction, settings.higher_order)
        } else {
            vec![Stage::plain(model)]
        };
        for stage in drafts {
            let model = Arc::new(stage.model);
            let plan = Plan::compile(&model, settings);
            let position = |name: &String| model.find(name).map(ConstructId::index);
            let mut wholes = Vec::new();
            for (j, construct) in model.constructs().iter().enumerate() {
                let items = construct.indicators.iter().map(|id| &stage.sources[id.index()]);
                let components: Option<Vec<(usize, usize)>> = items
                    .map(|source| match source {
                        ItemSource::Score { stage, construct } => Some((*stage, *construct)),
                        _ => None,
                    })
                    .collect();
                if let (Some(components), true) = (components, construct.components().is_some()) {
                    wholes.push((j, components));
                }
            }
            let factors = model.constructs().iter().map(|construct| {
                construct.factors().unwrap_or_default().iter().filter_map(position).collect()
            });
            let raw = model.constructs().iter().enumerate().filter(|(_, construct)| construct.raw);
            let raw = raw.filter_map(|(j, construct)| {
                match stage.sources.get(construct.indicators.first()?.index())? {
                    ItemSource::Answer(item) => Some((j, *item)),
                    // Carried from an earlier stage, whose item it is.
                    ItemSource::Score { stage, construct } => {
                        let before: &CompiledStage = stages.get(*stage)?;
                        before.raw.iter().find(|(at, _)| at == construct).map(|(_, item)| (j, *item))
                    }
                    ItemSource::Product { .. } => None,
                }
            });
            stages.push(CompiledStage {
                plan,
                step: stage.step,
                carried: stage.carried,
                wholes,
                factors: factors.collect(),
                raw: raw.collect(),
                sources: stage.sources,
                model,
            });
        }
        if let Some(problem) = shared_errors(&stages) {
            return Err(PlsError::Invalid(problem.into()));
        }
        Ok(Self {
            model: Arc::clone(model),
            stages,
            product_scale: settings.product_scale,
            moments: nonlinear::Rules { divisor: settings.moment_divisor, normal: settings.normality },
        })
    }

    /// Sets what the loadings of Croon's correction are multiplied with.
    pub(super) fn stretch(&mut self, factor: f64) {
        self.stages.iter_mut().for_each(|stage| stage.plan.factor_stretch = factor);
    }

    /// Whether it is one stage that the plain road estimates as well.
    pub fn is_plain(&self) -> bool {
        !self.model.is_staged()
    }

    /// The last stage.
    pub fn last(&self) -> &CompiledStage {
        // There is always a stage: that of the items of first order.
        &self.stages[self.stages.len() - 1]
    }

    /// Whether the cases are needed, and not their correlations alone.
    pub fn needs_cases(&self) -> bool {
        self.stages
            .iter()
            .any(|stage| stage.sources.iter().any(|source| matches!(source, ItemSource::Product { .. })))
    }

    /// Runs all stages on the correlations `s` of the answers, their standard deviations `sd`, and the cases; `turn` may
    /// change signs.
    ///
    /// # Errors
    /// The stage that has no estimate, and why.
    pub fn run(
        &self,
        s: &[f64],
        sd: &[f64],
        cases: Option<&Cases<'_>>,
        turn: Option<&Turn<'_>>,
        results: &mut Vec<StageResult>,
    ) -> Result<(), (usize, NoEstimate)> {
        let needed = cases.filter(|_| self.needs_cases());
        let columns = match needed {
            Some(cases) => {
                Some(Columns::new(cases).ok_or((0, NoEstimate::Correlation(NoCorrelation::Item(0))))?)
            }
            None => None,
        };
        results.resize_with(self.stages.len(), StageResult::default);
        for at in 0..self.stages.len() {
            let (before, rest) = results.split_at_mut(at);
            let Some(result) = rest.first_mut() else { continue };
            self.stage(at, (s, sd), columns.as_ref(), turn, (before, result)).map_err(|why| (at, why))?;
        }
        Ok(())
    }

    fn stage(
        &self,
        at: usize,
        (s, sd): (&[f64], &[f64]),
        columns: Option<&Columns>,
        turn: Option<&Turn<'_>>,
        (before, result): (&[StageResult], &mut StageResult),
    ) -> Result<(), NoEstimate> {
        let stage = &self.stages[at];
        self.items(stage, s, columns, before, result)?;
        let k = stage.plan.constructs();
        result.scales.clear();
        result.scales.resize(k, 1.0);
        result.score_weights = None;
        match stage.step {
            Step::Pls => {
                let mut plan = None;
                for &(j, (from, construct)) in &stage.carried {
                    let q = before[from].estimate.reliability_roots[construct];
                    if (q - 1.0).abs() > 0.0 {
                        plan.get_or_insert_with(|| stage.plan.clone()).blocks[j].bring(q * q);
                    }
                }
                let plan = plan.as_ref().unwrap_or(&stage.plan);
                result.estimate.run(plan, &result.correlation)?;
                if let Some(turn) = turn {
                    turn(at, plan, &result.correlation, &mut result.estimate)?;
                }
                second_order::finish(self, stage, plan, before, result)?;
                for (j, _) in stage.factors.iter().enumerate().filter(|(_, factors)| !factors.is_empty()) {
                    if self.product_scale == ProductScale::Product {
                        result.scales[j] = product_scale(&stage.plan, result, j);
                    }
                }
            }
            Step::Moments { replace } => {
                let (Some(columns), Some(linear)) = (columns, before.last()) else {
                    return Err(Failure::NoVariance(0).into());
                };
                nonlinear::estimate(self, stage, linear, columns, replace, result)?;
            }
        }
        for &(j, item) in &stage.raw {
            result.scales[j] = sd[item];
        }
        if stage.step == Step::Pls {
            to_units(&stage.plan, result);
        } else {
            nonlinear::to_units(&stage.plan, &stage.raw, result);
        }
        Ok(())
    }

    /// Forms, columns and correlations of a stage's items.
    fn items(
        &self,
        stage: &CompiledStage,
        s: &[f64],
        columns: Option<&Columns>,
        before: &[StageResult],
        result: &mut StageResult,
    ) -> Result<(), NoEstimate> {
        let p = self.model.indicators().len();
        let q = stage.sources.len();
        let score =
            |stage: usize, construct: usize| before[stage].score_form(&self.stages[stage].plan, construct);
        result.forms.clear();
        result.products.clear();
        result.columns.clear();
        for source in &stage.sources {
            result.products.push(None);
            result.columns.push(Vec::new());
            result.forms.push(match source {
                ItemSource::Answer(item) => {
                    let mut form = vec![0.0; p];
                    form[*item] = 1.0;
                    form
                }
                ItemSource::Score { stage, construct } => score(*stage, *construct),
                ItemSource::Product { .. } => Vec::new(),
            });
        }
        let untouched = q == p && stage.sources.iter().enumerate().all(|(i, x)| *x == ItemSource::Answer(i));
        if untouched {
            result.correlation.clear();
            result.correlation.extend_from_slice(s);
            return Ok(());
        }
        let r = &mut result.correlation;
        r.clear();
        r.resize(q * q, 0.0);
        let mut along = vec![0.0; p];
        for a in 0..q {
            let Some(row) = result.forms.get(a).filter(|row| !row.is_empty()) else { continue };
            along.fill(0.0);
            for (t, s) in row.iter().zip(s.chunks(p)).filter(|(t, _)| **t != 0.0) {
                along.iter_mut().zip(s).for_each(|(sum, s)| *sum += t * s);
            }
            for b in 0..a {
                let value: f64 = match stage.sources[b] {
                    ItemSource::Answer(item) => along[item],
                    _ => result.forms[b].iter().zip(&along).map(|(t, x)| t * x).sum(),
                };
                r[a * q + b] = value;
                r[b * q + a] = value;
            }
            r[a * q + a] = 1.0;
        }
        let Some(columns) = columns else { return Ok(()) };
        for (item, source) in stage.sources.iter().enumerate() {
            let ItemSource::Product { factors, cleared_of } = source else { continue };
            let block = stage.plan.blocks.iter().position(|b| (b.start..b.start + b.len).contains(&item));
            let block = block.unwrap_or(0);
            let mut column = vec![1.0; columns.combine(&[]).len()];
            for factor in factors {
                let values = match *factor {
                    Factor::Item(item) => columns.combine(&result.forms[item]),
                    Factor::Raw(item) => match stage.sources[item] {
                        ItemSource::Answer(answer) => columns.raw(answer),
                        _ => columns.combine(&result.forms[item]),
                    },
                    Factor::Score { stage, construct } => columns.combine(&score(stage, construct)),
                };
                column.iter_mut().zip(values).for_each(|(product, x)| *product *= x);
            }
            let mut mean = columns.centre(&mut column);
            if !cleared_of.is_empty() {
                clear(&mut column, cleared_of, columns, result, q).ok_or(Failure::CollinearBlock(block))?;
                mean = 0.0;
            }
            let sd = columns.covariance(&column, &column).sqrt();
            if sd.is_nan() || sd <= 1e-12 {
                return Err(Failure::NoVariance(block).into());
            }
            result.products[item] = Some((mean, sd));
            let with_answers = columns.covariances(&column);
            for other in 0..q {
                let value = if other == item {
                    1.0
                } else if let Some((_, sd_other)) = result.products[other] {
                    columns.covariance(&column, &result.columns[other]) / (sd * sd_other)
                } else {
                    let form = &result.forms[other];
                    form.iter().zip(&with_answers).map(|(t, c)| t * c).sum::<f64>() / sd
                };
                result.correlation[item * q + other] = value;
                result.correlation[other * q + item] = value;
            }
            result.columns[item] = column;
        }
        Ok(())
    }
}

/// Takes from a centred column what some items explain of it, so that it correlates with none of them.
fn clear(column: &mut [f64], of: &[usize], columns: &Columns, result: &StageResult, q: usize) -> Option<()> {
    let own: Vec<Vec<f64>> = of.iter().map(|&item| columns.combine(&result.forms[item])).collect();
    let k = of.len();
    let mut matrix: Vec<f64> = of
        .iter()
        .flat_map(|&a| of.iter().map(move |&b| (a, b)))
        .map(|(a, b)| result.correlation[a * q + b])
        .collect();
    let mut slope: Vec<f64> = own.iter().map(|z| columns.covariance(column, z)).collect();
    if !linear::eliminate(&mut matrix, k, &mut slope) {
        return None;
    }
    for (b, z) in slope.iter().zip(&own) {
        column.iter_mut().zip(z).for_each(|(x, z)| *x -= b * z);
    }
    Some(())
}

/// Mean standard deviation of a product's items, weighted by the size of their loadings.
fn product_scale(plan: &Plan, result: &StageResult, j: usize) -> f64 {
    let block = &plan.blocks[j];
    let k = plan.constructs();
    let (mut sum, mut weight) = (0.0, 0.0);
    for item in block.start..block.start + block.len {
        let loading = result.estimate.cross[item * k + j].abs();
        sum += loading * result.products[item].map_or(1.0, |(_, sd)| sd);
        weight += loading;
    }
    sum / weight
}

/// Paths from standard deviations to the units of their ends.
fn to_units(plan: &Plan, result: &mut StageResult) {
    for equation in &plan.equations {
        let outcome = result.scales[equation.outcome];
        for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
            // A plain path keeps its bits.
            if result.scales[x].to_bits() != outcome.to_bits() {
                result.estimate.paths[path] *= outcome / result.scales[x];
            }
        }
    }
}
