//! What is derived from a fit and its bootstrap: mediation, moderation, nonlinearity, controls, endogeneity.

use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::Value;
use trustpath::contract::{self, EndogeneityTests};
use trustpath::effects::{
    Controls, CopulaSettings, EffectError, Endogeneity, Mediation, Moderation, ModerationSettings,
    Nonlinearity, suits,
};
use trustpath::pls::{PlsError, PlsFit};
use trustpath::resample::{Bootstrapped, ResampleError, hausman, hausman_table};

use crate::boot::{Boot, Resampling};
use crate::errors::{IntoPyErr, PyResultExt};
use crate::fit::Fit;
use crate::result::Plain;
use crate::{settings, work};

/// What any of the steps of an analysis can say.
pub enum Step {
    Effect(EffectError),
    Estimate(PlsError),
    Resample(ResampleError),
}

impl From<EffectError> for Step {
    fn from(error: EffectError) -> Self {
        Self::Effect(error)
    }
}

impl From<PlsError> for Step {
    fn from(error: PlsError) -> Self {
        Self::Estimate(error)
    }
}

impl From<ResampleError> for Step {
    fn from(error: ResampleError) -> Self {
        Self::Resample(error)
    }
}

impl IntoPyErr for Step {
    fn into_py(self) -> PyErr {
        match self {
            Self::Effect(error) => error.into_py(),
            Self::Estimate(error) => error.into_py(),
            Self::Resample(error) => error.into_py(),
        }
    }
}

fn filled(tables: impl IntoIterator<Item = trustpath::Table>) -> Vec<trustpath::Table> {
    tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

/// Every indirect effect: estimate, interval, type of mediation, size, differences.
#[pyfunction]
pub fn mediation(boot: &Boot) -> PyResult<Plain> {
    let remarks = suits(&boot.boot.settings).py_err()?;
    Mediation::check(&boot.fit).py_err()?;
    let analysis = Mediation::of(&boot.fit, &boot.boot).with_thresholds(boot.assessment.thresholds.clone());
    let from = boot.from.origin();
    let object = contract::derived(&boot.fit, &boot.assessment, from, Some(&boot.boot), &analysis);
    let tables = filled([analysis.total_table(), analysis.specific_table(), analysis.contrasts_table()]);
    Ok(Plain::new(object, tables).with_remarks(remarks))
}

/// Interactions probed.
#[pyfunction]
pub fn moderation(boot: &Boot, given: &str) -> PyResult<Plain> {
    let remarks = suits(&boot.boot.settings).py_err()?;
    let settings: ModerationSettings = settings::over(&ModerationSettings::default(), given)?;
    settings.check(&boot.fit).py_err()?;
    let analysis = Moderation::of(&boot.fit, &boot.assessment, &boot.boot, &settings).py_err()?;
    let from = boot.from.origin();
    let object = contract::derived(&boot.fit, &boot.assessment, from, Some(&boot.boot), &analysis);
    let tables = [
        analysis.interactions_table(),
        analysis.simple_slopes_table(),
        analysis.johnson_neyman_table(),
        analysis.conditional_indirect_table(),
        analysis.moderated_mediation_table(),
    ];
    Ok(Plain::new(object, filled(tables)).with_remarks(remarks))
}

/// Runs an analysis that bootstraps a fit and a variant of it.
fn resampled(
    py: Python<'_>,
    fit: &Fit,
    given: &str,
    progress: Option<&Bound<'_, PyAny>>,
    analysis: impl FnOnce(&PlsFit, &dyn Fn(&PlsFit) -> Result<Bootstrapped, Step>) -> Result<Found, Step>
    + Send
    + 'static,
) -> PyResult<Plain> {
    let resampling = Resampling::of(given)?;
    let remarks = suits(&resampling.settings).py_err()?;
    let (inner, from, assessment) = (Arc::clone(&fit.fit), fit.from.clone(), Arc::clone(&fit.assessment));
    work::run(py, progress, move |ticker| {
        let (boot, verb, tables) = analysis(&inner, &|fit| Ok(resampling.run(fit, &from, ticker)?))?;
        let object = contract::derived(&inner, &assessment, from.origin(), Some(&boot), &verb);
        Ok::<_, Step>(Plain::new(object, filled(tables)).with_remarks(remarks))
    })?
    .py_err()
}

/// The bootstrap that an analysis rests on, what it came to, and its tables.
type Found = (Bootstrapped, Value, Vec<trustpath::Table>);

/// Whether straight lines are enough.
#[pyfunction]
#[pyo3(signature = (fit, given, progress=None))]
pub fn nonlinearity(
    py: Python<'_>,
    fit: &Fit,
    given: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Plain> {
    let conventions = fit.assessment.conventions;
    resampled(py, fit, given, progress, move |inner, bootstrap| {
        let (boot, check) = Nonlinearity::check(inner, conventions, bootstrap)?;
        Ok((boot, contract::value(&check), check.tables()))
    })
}

/// The model with and without its controls.
#[pyfunction]
#[pyo3(signature = (fit, given, progress=None))]
pub fn controls(
    py: Python<'_>,
    fit: &Fit,
    given: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Plain> {
    resampled(py, fit, given, progress, |inner, bootstrap| {
        let boot = bootstrap(inner)?;
        let comparison = Controls::compare(inner, &boot, bootstrap)?;
        Ok((boot, contract::value(&comparison), comparison.tables()))
    })
}

/// Gaussian copulas, and the Hausman test of equations with instruments.
#[pyfunction]
#[pyo3(signature = (fit, given, progress=None))]
pub fn endogeneity(
    py: Python<'_>,
    fit: &Fit,
    given: &str,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Plain> {
    let settings: CopulaSettings = settings::over(&CopulaSettings::default(), given)?;
    let (inner, from, assessment) = (Arc::clone(&fit.fit), fit.from.clone(), Arc::clone(&fit.assessment));
    work::run(py, progress, move |ticker| {
        let instruments = inner.plan.instruments.iter().any(|list| !list.is_empty());
        let tests = instruments
            .then(|| hausman(&inner, settings.resamples, settings.seed, settings.level, settings.max_memory))
            .transpose()?;
        let copulas = Endogeneity::of(&inner, &settings, &|done| ticker.tick(done))?;
        let mut tables: Vec<trustpath::Table> = tests.as_deref().map(hausman_table).into_iter().collect();
        tables.extend([copulas.normality_table(), copulas.copula_table(), copulas.paths_table()]);
        let without: Vec<String> =
            copulas.without_term.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        let found = EndogeneityTests { hausman: tests, copulas: Some(copulas) };
        let object = contract::derived(&inner, &assessment, from.origin(), None, &found);
        let plain = Plain::new(object, tables);
        let remark = (!without.is_empty()).then(|| format!("No term: {}", without.join(", ")));
        Ok::<_, Step>(plain.with_remarks(remark))
    })?
    .py_err()
}
