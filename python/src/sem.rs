//! Covariance-based models.

use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::assess::Thresholds;
use trustpath::contract::{self, Origin};
use trustpath::sem::{Sem, SemError, SemFit};

use crate::errors::{IntoPyErr, PyResultExt};
use crate::fit::Source;
use crate::model::Model;
use crate::result::Plain;
use crate::{settings, work};

/// Estimates a model of common factors; `given` is a JSON object of settings over the defaults, `thresholds` are written as
/// `C01=0.95,0.9`.
#[pyfunction]
pub fn sem(
    py: Python<'_>,
    model: &Model,
    data: &Bound<'_, PyAny>,
    given: &str,
    thresholds: Vec<String>,
) -> PyResult<Plain> {
    let chosen: Sem = settings::over(&Sem::default(), given)?;
    let mut bands = Thresholds::of(&model.inner).py_err()?;
    for written in &thresholds {
        bands.set(written).py_err()?;
    }
    let model = Arc::clone(&model.inner);
    let source = Source::of(data)?;
    work::run(py, None, move |_| {
        let (fit, origin) = match &source {
            Source::Answers(survey) => (chosen.fit(&model, survey)?, Origin::Answers(survey)),
            Source::Moments(moments) => (chosen.fit_moments(&model, moments)?, Origin::Table("<table>")),
        };
        Ok::<_, SemError>(shown(&fit, origin, &bands))
    })?
    .map_err(IntoPyErr::into_py)
}

fn shown(fit: &SemFit, origin: Origin<'_>, bands: &Thresholds) -> Plain {
    let mut tables = vec![fit.fit_table(bands), fit.paths_table()];
    if !fit.definitions.is_empty() {
        tables.push(fit.definitions_table());
    }
    tables.extend([
        fit.loadings_table(),
        fit.constructs_table(bands),
        fit.covariances_table(),
        fit.modifications_table(10),
    ]);
    let plain = Plain::new(contract::sem(fit, origin), tables);
    plain.with_remarks(fit.banner().into_iter().chain([fit.method()]))
}
