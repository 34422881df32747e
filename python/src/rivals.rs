//! Models and programs side by side.

use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::assess::{
    Comparison, Preset, Rivals, compare as compare_programs, differences_table, programs_table,
    settings_table,
};
use trustpath::contract;
use trustpath::pls::{Pls, PlsError, PlsFit, Program};
use trustpath::survey::SampleSettings;

use crate::errors::{IntoPyErr, PyResultExt, raise};
use crate::fit::{Fit, Source};
use crate::model::Model;
use crate::result::Plain;
use crate::{settings, work};

/// Rival models of the same answers.
#[pyfunction]
pub fn compare(names: Vec<String>, fits: Vec<PyRef<'_, Fit>>) -> PyResult<Plain> {
    let Some(first) = fits.first() else {
        return Err(settings::bad("a comparison needs two models"));
    };
    let borrowed: Vec<(String, &PlsFit)> = names.into_iter().zip(fits.iter().map(|fit| &*fit.fit)).collect();
    let rivals = Rivals::of(&borrowed, first.assessment.conventions)
        .map_err(|found| raise("EstimationError", &found.to_string(), &found.0))?;
    let object = contract::rivals(&first.fit.settings, &rivals, first.from.origin(), &borrowed);
    Ok(Plain::new(object, vec![rivals.outcomes_table(), rivals.models_table()]))
}

/// What other programs would print, and which setting each difference comes from.
#[pyfunction]
pub fn differences(
    py: Python<'_>,
    model: &Model,
    data: &Bound<'_, PyAny>,
    between: Vec<String>,
    least: f64,
    given: &str,
) -> PyResult<Plain> {
    let sample: SampleSettings = settings::over(&SampleSettings::default(), given)?;
    let mut programs: Vec<Program> = Vec::new();
    for word in &between {
        let program: Program = settings::word(word)?;
        if !programs.contains(&program) {
            programs.push(program);
        }
    }
    if between.is_empty() {
        programs.extend(Program::ALL);
    }
    if programs.len() < 2 {
        return Err(settings::bad(
            "a comparison needs two programs\n  hint: name them like `between=[\"seminr\", \"csem\"]`",
        ));
    }
    let model = Arc::clone(&model.inner);
    let source = Source::of(data)?;
    let from = crate::fit::From::of(data)?;
    work::run(py, None, move |_| {
        let fit = |pls: &Pls| -> Result<PlsFit, PlsError> { source.fit(pls, &model) };
        let presets: Vec<Preset> =
            programs.iter().map(|program| Preset::of(*program, &model, &sample)).collect();
        let fits = presets.iter().map(|preset| fit(&preset.pls)).collect::<Result<Vec<PlsFit>, _>>()?;
        let mut found: Vec<Comparison> = Vec::new();
        for (at, a) in presets.iter().enumerate() {
            for b in presets.iter().skip(at + 1) {
                found.push(compare_programs(a, b, least, fit)?);
            }
        }
        let paths = programs_table(&presets, &fits);
        let account = fits.first().and_then(|fit| fit.answers()).map(|sample| &sample.account);
        let object = contract::differences(&model, (from.origin(), account), least, &paths, &found);
        let mut tables = vec![paths];
        for comparison in &found {
            tables.extend([settings_table(comparison), differences_table(comparison, usize::MAX)]);
        }
        Ok::<_, PlsError>(Plain::new(object, tables))
    })?
    .map_err(IntoPyErr::into_py)
}

/// Tests of how constructs are measured: tetrads, redundancy of formative blocks, congruence.
#[pyfunction]
#[pyo3(signature = (fit, globals, given))]
pub fn measurement(
    py: Python<'_>,
    fit: &Fit,
    globals: Vec<(String, String)>,
    given: &str,
) -> PyResult<Plain> {
    use trustpath::assess::{GlobalItem, redundancy, redundancy_table};
    use trustpath::resample::{
        MeasurementTests, congruence, congruence_table, tetrad_analysis, tetrad_tests_table, tetrads_table,
    };

    use crate::fit::From;

    let tests: MeasurementTests = settings::over(&MeasurementTests::default(), given)?;
    let globals: Vec<GlobalItem> =
        globals.into_iter().map(|(construct, item)| GlobalItem { construct, item }).collect();
    let (inner, from, assessment) = (Arc::clone(&fit.fit), fit.from.clone(), Arc::clone(&fit.assessment));
    work::run(py, None, move |_| {
        tests.check().py_err()?;
        let survey = match &from {
            From::Answers(survey) => Some(&**survey),
            From::Table(_) => None,
        };
        let whole = redundancy(&inner, survey, &globals).py_err()?;
        let MeasurementTests { tetrads, diagonal, level, .. } = tests;
        let blocks = tetrad_analysis(&inner, &tests).py_err()?;
        let pairs = congruence(&inner, &tests).py_err()?;
        let tables = vec![
            tetrads_table(&blocks, tetrads, level),
            tetrad_tests_table(&blocks),
            redundancy_table(&whole, &assessment.thresholds),
            congruence_table(&pairs, diagonal, level),
        ];
        let head = contract::head(&inner, &assessment, from.origin());
        let object = contract::measurement(head, &tests, Some(&blocks), Some(&whole), Some(&pairs));
        Ok::<_, PyErr>(Plain::new(object, tables))
    })?
}
