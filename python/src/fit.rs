//! Estimates and their assessment.

use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::Value;
use trustpath::assess::{Assessment, Conventions, Thresholds};
use trustpath::contract::{self, Origin};
use trustpath::moments::Correlation;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::pls::{Pls, PlsFit, Program};
use trustpath::resample::Bootstrap;

use crate::boot::Boot;
use crate::errors::{IntoPyErr, PyResultExt};
use crate::figure::{Figure, language, theme};
use crate::model::Model;
use crate::result::{Table, keyed};
use crate::survey::{Correlations, Survey};
use crate::{settings, work};

/// What a fit was estimated from.
#[derive(Clone)]
pub enum From {
    Answers(Arc<trustpath::Survey>),
    Table(String),
}

impl From {
    pub fn origin(&self) -> Origin<'_> {
        match self {
            Self::Answers(survey) => Origin::Answers(survey),
            Self::Table(file) => Origin::Table(file),
        }
    }
}

/// What the estimator takes.
enum Source {
    Answers(Arc<trustpath::Survey>),
    Moments(trustpath::Moments),
}

/// A fit with its assessment.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Fit {
    pub fit: Arc<PlsFit>,
    pub assessment: Arc<Assessment>,
    pub from: From,
    pub model_file: Option<String>,
}

/// Estimates a model.
///
/// `like` names the program whose defaults are taken, `given` is a JSON object of settings over them, `conventions`
/// another one, `thresholds` are written as `R01=0.6,0.4`.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "one per keyword of the Python function")]
#[pyo3(signature = (model, data, given, like=None, conventions=None, thresholds=Vec::new()))]
pub fn pls(
    py: Python<'_>,
    model: &Model,
    data: &Bound<'_, PyAny>,
    given: &str,
    like: Option<&str>,
    conventions: Option<&str>,
    thresholds: Vec<String>,
) -> PyResult<Fit> {
    let program: Option<Program> = like.map(settings::word).transpose()?;
    let pls = settings::over(&program.map_or_else(Pls::default, Pls::like), given)?;
    let base = program.map_or_else(Conventions::default, Conventions::like);
    let conventions = settings::over(&base, conventions.unwrap_or("{}"))?;
    let mut limits = Thresholds::default();
    for written in thresholds {
        limits.set(&written).py_err()?;
    }
    let inner = Arc::clone(&model.inner);
    let (from, source) = if let Ok(survey) = data.cast::<Survey>() {
        let survey = &survey.get().inner;
        (From::Answers(Arc::clone(survey)), Source::Answers(Arc::clone(survey)))
    } else {
        let table = data.cast::<Correlations>()?.get();
        if pls.correlation != Correlation::Pearson {
            return Err(settings::bad(&format!(
                "correlation: {} correlations are made from answers, not from a table",
                pls.correlation
            )));
        }
        (From::Table(table.file.clone()), Source::Moments(table.inner.clone()))
    };
    let (fit, assessment) = work::run(py, None, move |_| {
        let fit = match source {
            Source::Answers(survey) => pls.fit(&inner, &survey)?,
            Source::Moments(moments) => pls.fit_moments(&inner, moments)?,
        };
        let assessment = Assessment::of(&fit, conventions).with_thresholds(limits);
        Ok((fit, assessment))
    })?
    .map_err(|error: trustpath::pls::PlsError| error.into_py())?;
    Ok(Fit { fit: Arc::new(fit), assessment: Arc::new(assessment), from, model_file: model.file.clone() })
}

#[pymethods]
impl Fit {
    /// The JSON contract, as `trustpath fit --format json` prints it.
    fn json(&self) -> String {
        contract::text(&contract::fit(&self.fit, &self.assessment, self.from.origin()))
    }

    /// Every table that `trustpath fit` can show.
    fn tables(&self) -> Vec<(String, Table)> {
        let (fit, is) = (&*self.fit, &*self.assessment);
        keyed(vec![
            is.verdicts(fit),
            is.items(fit),
            is.reliability(fit),
            is.item_analysis_table(fit),
            is.htmt_table(),
            is.htmt_problems(fit),
            is.fornell_larcker_table(),
            is.cross_loadings_table(fit),
            is.structure(fit),
            is.inner_model_table(fit),
            is.explained(fit),
            is.effects(fit),
            is.global_fit(),
            fit.paths(),
        ])
    }

    /// What must be read before anything else.
    fn banner(&self) -> Vec<String> {
        self.assessment.banner()
    }

    /// How it was estimated, in words.
    fn method(&self) -> String {
        self.fit.method()
    }

    fn model(&self) -> Model {
        Model { inner: Arc::clone(self.fit.written()), file: self.model_file.clone() }
    }

    /// Line of each case and construct scores; `None` without answers.
    fn scores(&self) -> Option<Vec<(String, Vec<f64>)>> {
        let scores = self.fit.scores()?;
        let (From::Answers(survey), Some(sample)) = (&self.from, &self.fit.sample) else { return None };
        let line = |case: &usize| survey.lines.get(*case).copied().unwrap_or(case + 1) as f64;
        let mut columns = vec![("line".to_owned(), sample.origin.iter().map(line).collect())];
        columns.extend(self.fit.constructs().into_iter().zip(scores));
        Some(columns)
    }

    /// A figure by its name.
    #[pyo3(signature = (name, boot, items, labels, language, theme))]
    fn figure(
        &self,
        name: &str,
        boot: Option<&Boot>,
        items: bool,
        labels: bool,
        language: &str,
        theme: &str,
    ) -> PyResult<Figure> {
        let (language, theme) = (self::language(language)?, self::theme(theme)?);
        let boot = boot.map(|boot| &*boot.boot);
        let fit = &*self.fit;
        Figure::of(match name {
            "diagram" => results::diagram(
                fit,
                boot,
                DiagramOptions { items, labels, language, ..DiagramOptions::default() },
            )
            .svg(&theme),
            "loadings" => results::loadings(fit, boot, language).svg(&theme),
            "htmt" => results::htmt(fit, &self.assessment, boot, language).svg(&theme),
            "answers" => match fit.sample.as_ref().and_then(|s| results::answers(&fit.model, s, language)) {
                Some(answers) => answers.svg(&theme),
                None => Err(trustpath::plot::PlotError::Empty("answers".to_owned())),
            },
            "distributions" => match boot {
                Some(boot) => results::distributions(boot, language).svg(&theme),
                None => Err(trustpath::plot::PlotError::Empty("distributions".to_owned())),
            },
            _ => return Err(settings::bad(&format!("there is no figure `{name}`"))),
        })
    }

    /// The bootstrap; `progress` is called with the resamples done. `indices` are given resamples.
    #[pyo3(signature = (given, indices=None, progress=None))]
    fn bootstrap(
        &self,
        py: Python<'_>,
        given: &str,
        indices: Option<Vec<Vec<usize>>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Boot> {
        let settings: Bootstrap = settings::over(&Bootstrap::default(), given)?;
        let fit = Arc::clone(&self.fit);
        let boot = work::run(py, progress, move |ticker| match indices {
            Some(indices) => settings.run_given(&fit, &indices),
            None => settings.run_with(&fit, &|done| ticker.tick(done)),
        })?
        .py_err()?;
        Ok(Boot {
            boot: Arc::new(boot),
            fit: Arc::clone(&self.fit),
            assessment: Arc::clone(&self.assessment),
            from: self.from.clone(),
        })
    }

    /// The settings in force, as JSON.
    fn settings(&self) -> String {
        serde_json::to_value(&self.fit.settings).unwrap_or(Value::Null).to_string()
    }
}
