//! Estimates and their assessment.

use std::collections::BTreeMap;
use std::sync::Arc;

use pyo3::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trustpath::assess::{Assessment, Conventions, Distance, Thresholds, blindfolding, ordinal_reliability};
use trustpath::contract::{self, Origin};
use trustpath::diagnostic::Diagnostic;
use trustpath::effects::{EffectError, JohnsonNeyman, Moderation, ModerationSettings};
use trustpath::plot::results::{self, DiagramOptions, InteractionChart};
use trustpath::plot::{Language, Lines, Patterns, PlotError, Theme};
use trustpath::pls::{Pls, PlsFit, Program};
use trustpath::resample::{Bootstrapped, ResampleError, Scheme, Watch};
use trustpath::survey::{Sample, code_factors};

use crate::boot::{Boot, Resampling};
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
    /// From what Python gave.
    pub fn of(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(survey) = data.cast::<Survey>() {
            return Ok(Self::Answers(Arc::clone(&survey.get().inner)));
        }
        Ok(Self::Table(data.cast::<Correlations>()?.get().file.clone()))
    }

    pub fn origin(&self) -> Origin<'_> {
        match self {
            Self::Answers(survey) => Origin::Answers(survey),
            Self::Table(file) => Origin::Table(file),
        }
    }
}

/// What the estimator takes.
pub enum Source {
    Answers(Arc<trustpath::Survey>),
    Moments(trustpath::Moments),
}

impl Source {
    /// From what Python gave.
    pub fn of(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(survey) = data.cast::<Survey>() {
            return Ok(Self::Answers(Arc::clone(&survey.get().inner)));
        }
        Ok(Self::Moments(data.cast::<Correlations>()?.get().inner.clone()))
    }

    /// Estimates a model.
    pub fn fit(&self, pls: &Pls, model: &trustpath::Model) -> Result<PlsFit, trustpath::pls::PlsError> {
        match self {
            Self::Answers(survey) => pls.fit(model, survey),
            Self::Moments(moments) => pls.fit_moments(model, moments.clone()),
        }
    }
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
    // Those of the model file, and what was given over them.
    let mut limits = Thresholds::of(&model.inner).py_err()?;
    for written in thresholds {
        limits.set(&written).py_err()?;
    }
    let mut inner = Arc::clone(&model.inner);
    let (from, source) = if let Ok(survey) = data.cast::<Survey>() {
        let mut survey = Arc::clone(&survey.get().inner);
        if let Some((coded, dummies)) = code_factors(&inner, &survey, &pls.data).py_err()? {
            (inner, survey) = (Arc::new(coded), Arc::new(dummies));
        }
        (From::Answers(Arc::clone(&survey)), Source::Answers(survey))
    } else {
        let table = data.cast::<Correlations>()?.get();
        (From::Table(table.file.clone()), Source::Moments(table.inner.clone()))
    };
    let (fit, assessment) = work::run(py, None, move |_| {
        let fit = source.fit(&pls, &inner)?;
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
        let mut tables = vec![
            is.verdicts(fit),
            is.items(fit),
            is.reliability(fit),
            is.ordinal_reliability_table(&ordinal_reliability(fit)),
            is.item_analysis_table(fit),
            is.unidimensionality_table(fit),
            is.htmt_table(fit),
            is.htmt_problems(fit),
            is.fornell_larcker_table(),
            is.cross_loadings_table(fit),
            is.structure(fit),
            is.inner_model_table(fit),
            is.explained(fit),
            is.criteria_table(fit),
            is.blindfolding_table(&blindfolding(fit, Distance::Usual)),
            is.effects(fit),
            is.global_fit(),
            is.fit_indices_table(),
            fit.paths(),
        ];
        if !fit.written().definitions().is_empty() {
            tables.push(fit.definitions_table());
        }
        tables.extend(is.components(fit));
        keyed(tables)
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

    /// A figure by its name; `given` holds its options.
    fn figure(&self, name: &str, boot: Option<&Boot>, given: &str) -> PyResult<Figure> {
        let options: Options = settings::over(&Options::default(), given)?;
        let language = language(&options.lang)?;
        let theme = theme(&options.theme, options.width, options.font.as_deref())?;
        let boot = boot.map(|boot| &*boot.boot);
        let fit = &*self.fit;
        let empty = || Err(PlotError::Empty(name.to_owned()));
        Figure::of(match name {
            "diagram" => {
                let diagram = results::diagram(fit, boot, options.diagram(language)?);
                return Figure::of_diagram(diagram, theme, options.layout.as_deref(), options.keep_items);
            }
            "loadings" => results::loadings(fit, boot, language).svg(&theme),
            "forest" => results::forest(fit, boot, language).svg(&theme),
            "correlations" => results::correlations(fit, language).svg(&theme),
            "htmt" => results::htmt(fit, &self.assessment, boot, language).svg(&theme),
            "answers" => match fit.answers().and_then(|s| results::answers(fit.written(), s, language)) {
                Some(answers) => answers.svg(&theme),
                None => empty(),
            },
            "missing" => match self.patterns(language)? {
                Some(patterns) => patterns.svg(&theme),
                None => empty(),
            },
            "bootstrap" | "distributions" => match boot {
                Some(boot) => results::distributions(fit, boot, language).svg(&theme),
                None => empty(),
            },
            _ => {
                if let Ok(chart) = name.parse::<InteractionChart>() {
                    return self.interactions(chart, boot, options.probing(), language, &theme);
                }
                let words = figures().join(", ");
                return Err(settings::bad(&format!(
                    "there is no figure `{name}`\n  hint: there are {words}"
                )));
            }
        })
    }

    /// The bootstrap; `progress` is called with the resamples done. `indices` are given resamples, `weights` given
    /// weights of the cases; `fit_test` tests exact fit as well.
    #[pyo3(signature = (given, indices=None, weights=None, fit_test=false, progress=None))]
    fn bootstrap(
        &self,
        py: Python<'_>,
        given: &str,
        indices: Option<Vec<Vec<usize>>>,
        weights: Option<Vec<Vec<f64>>>,
        fit_test: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Boot> {
        let resampling = Resampling::of(given)?.assessed_by(&self.assessment);
        let scheme = match (indices, weights) {
            (Some(_), Some(_)) => return Err(settings::bad("give `indices` or `case_weights`, not both")),
            (Some(indices), None) => Some(Scheme::Indices(indices)),
            (None, Some(weights)) => Some(Scheme::Weights(weights)),
            (None, None) => None,
        };
        let (fit, from) = (Arc::clone(&self.fit), self.from.clone());
        let (boot, test, scheme) = work::run(py, progress, move |ticker| {
            let scheme = scheme.map_or_else(|| resampling.scheme(&fit, &from), Ok)?;
            let settings = &resampling.settings;
            let watch = Watch { progress: &|done| ticker.tick(done), ..Watch::default() };
            let boot = settings.run_scheme(&fit, &scheme, watch)?;
            let test = fit_test.then(|| settings.test_fit_scheme(&fit, &scheme, watch)).transpose()?;
            Ok::<_, ResampleError>((boot, test, scheme))
        })?
        .py_err()?;
        Ok(Boot {
            boot: Arc::new(boot),
            fit_test: test.map(Arc::new),
            scheme: Arc::new(scheme),
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

impl Fit {
    /// A chart of interactions: slopes have a distribution where the fit was bootstrapped.
    fn interactions(
        &self,
        chart: InteractionChart,
        boot: Option<&Bootstrapped>,
        probing: ModerationSettings,
        language: Language,
        theme: &Theme,
    ) -> PyResult<Figure> {
        probing.check(&self.fit).py_err()?;
        let Some(boot) = boot else {
            let problem = Diagnostic::error("TP0003", format!("`{chart}` needs a bootstrap"));
            let hint = format!("draw it by `fit.bootstrap().plot(\"{chart}\")`");
            return Err(EffectError::from(problem.hint(hint)).into_py());
        };
        let analysis = Moderation::of(&self.fit, &self.assessment, boot, &probing).py_err()?;
        match chart.svg(&self.fit, &analysis, language, theme) {
            Err(PlotError::Empty(_)) => {
                let problem = Diagnostic::error("TP0006", format!("there is no {chart} to draw"));
                Err(EffectError::from(problem.hint(chart.why_not())).into_py())
            }
            drawn => Figure::of(drawn),
        }
    }

    /// Which answers are missing together, in every case that was read: an estimate by listwise deletion has none left.
    fn patterns(&self, language: Language) -> PyResult<Option<Patterns>> {
        let From::Answers(survey) = &self.from else { return Ok(None) };
        let sample = Sample::draw_all(self.fit.written(), survey, &self.fit.settings.data).py_err()?;
        Ok(results::missing(&sample, language))
    }
}

/// Figures of any model.
const FIGURES: [&str; 8] =
    ["diagram", "loadings", "forest", "correlations", "missing", "htmt", "bootstrap", "answers"];

/// Names of the figures of a fit.
#[pyfunction]
pub fn figures() -> Vec<&'static str> {
    FIGURES.into_iter().chain(InteractionChart::ALL.iter().map(|chart| chart.word())).collect()
}

/// How a figure looks; the defaults are those of `trustpath plot`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    items: bool,
    /// Items stay where their letters are too small to read.
    pub keep_items: bool,
    labels: bool,
    pub show: String,
    lines: String,
    pub layout: Option<String>,
    pub lang: String,
    pub theme: String,
    pub width: Option<f64>,
    pub font: Option<String>,
    moderators: Vec<String>,
    values: BTreeMap<String, Vec<f64>>,
    johnson_neyman: Option<JohnsonNeyman>,
}

impl Options {
    /// What a path diagram shows.
    pub fn diagram(&self, language: Language) -> PyResult<DiagramOptions> {
        Ok(DiagramOptions {
            items: self.items,
            labels: self.labels,
            language,
            mode: settings::word(&self.show)?,
            lines: match self.lines.as_str() {
                "curved" => Lines::Curved,
                "orthogonal" => Lines::Orthogonal,
                other => {
                    let words = "expected `curved` or `orthogonal`";
                    return Err(settings::bad(&format!("lines: `{other}` is unknown, {words}")));
                }
            },
        })
    }

    /// How interactions are probed for a chart of them.
    fn probing(self) -> ModerationSettings {
        let Self { moderators, values, johnson_neyman, .. } = self;
        ModerationSettings { moderators, values, johnson_neyman }
    }
}

impl Default for Options {
    fn default() -> Self {
        let base = DiagramOptions::default();
        Self {
            items: base.items,
            keep_items: false,
            labels: base.labels,
            show: base.mode.word().to_owned(),
            lines: "curved".to_owned(),
            layout: None,
            lang: "en".to_owned(),
            theme: "screen".to_owned(),
            width: None,
            font: None,
            moderators: Vec::new(),
            values: BTreeMap::new(),
            johnson_neyman: None,
        }
    }
}
