//! Documents: the report of a fit, and tables in the forms that people hand in.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::assess::Assessment;
use trustpath::document::{Document, DocumentError};
use trustpath::effects::{Controls, Nonlinearity};
use trustpath::model::Model;
use trustpath::plot::{Arrangement, Theme};
use trustpath::pls::PlsFit;
use trustpath::report::{Context, Report as Pages, SectionId};
use trustpath::resample::MeasurementTests;
use trustpath::survey::Screening;

use crate::boot::Boot;
use crate::effects::Step;
use crate::errors::{IntoPyErr, PyResultExt, raise};
use crate::figure::{form, language, undrawn};
use crate::fit::{Fit, From};
use crate::result::Table;
use crate::settings::{bad, word};
use crate::work::{self, Ticker};

/// A report, ready for writing.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Report {
    document: Document,
}

#[pymethods]
impl Report {
    fn title(&self) -> &str {
        &self.document.title
    }

    fn html(&self) -> PyResult<String> {
        self.document.to_html().map_err(|error| unset(&error))
    }

    /// Every file that the report takes under this name, itself last.
    fn files(&self, file: PathBuf) -> PyResult<Vec<(PathBuf, Vec<u8>)>> {
        let extension = file.extension().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        self.document.clone().files(&file, form(&extension)?).map_err(|error| unset(&error))
    }
}

/// Gathers the report of a fit: the words, numbers and figures of `trustpath report`.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "one per keyword of the Python function")]
#[pyo3(signature = (fit, boot, title, lang, sections, purpose, blind, command, layouts, nonlinearity, measurement))]
pub fn report(
    py: Python<'_>,
    fit: &Fit,
    boot: Option<Py<Boot>>,
    title: Option<String>,
    lang: &str,
    sections: Vec<String>,
    purpose: Option<&str>,
    blind: bool,
    command: String,
    layouts: Vec<String>,
    nonlinearity: bool,
    measurement: bool,
) -> PyResult<Report> {
    if boot.is_none() && (nonlinearity || measurement) {
        return Err(bad(
            "`nonlinearity` and `measurement` rest on a bootstrap: give one, or call `fit.bootstrap(...).report(...)`",
        ));
    }
    let arrangements = layouts
        .iter()
        .map(|text| Arrangement::parse(text).map_err(|error| undrawn(&error)))
        .collect::<PyResult<Vec<Arrangement>>>()?;
    let chosen = sections.iter().map(|word| section(word)).collect::<PyResult<Vec<SectionId>>>()?;
    let purpose = purpose.map(word).transpose()?;
    let mut context = Context {
        model_file: fit.model_file.clone().unwrap_or_default(),
        command,
        language: language(lang)?,
        purpose,
        blind,
        ..Context::default()
    };
    match &fit.from {
        From::Answers(survey) => {
            context.data_file.clone_from(&survey.file);
            // What came from no file was not read in any way: its cases are counted from 1.
            if survey.lines.first().is_some_and(|line| *line > 1) {
                context.dialect = survey.dialect.to_string();
            }
        }
        From::Table(file) => {
            context.data_file.clone_from(file);
            "a table of correlations".clone_into(&mut context.dialect);
        }
    }
    let (inner, from) = (Arc::clone(&fit.fit), fit.from.clone());
    let assessment = Arc::clone(&fit.assessment);
    let pages = work::run(py, None, move |ticker| -> PyResult<Pages> {
        let boot = boot.as_ref().map(Py::get);
        let inner = match title {
            Some(title) => Arc::new(titled(&inner, title)?),
            None => inner,
        };
        let screening = match &from {
            From::Answers(survey) => {
                let most = assessment.thresholds.screening();
                Some(Screening::read_with(inner.written(), survey, &inner.settings.data, most).py_err()?)
            }
            From::Table(_) => None,
        };
        let drawn = boot.map(|boot| &*boot.boot);
        let pages = Pages::of(&inner, &assessment, drawn, screening.as_ref(), context)
            .with_arranged_figures(&inner, &assessment, drawn, &Theme::screen(), &arrangements)
            .map_err(|error| undrawn(&error))?;
        let Some(boot) = boot else { return Ok(pages) };
        besides(pages, &inner, &assessment, boot, &from, ticker, (nonlinearity, measurement)).py_err()
    })??;
    Ok(Report { document: pages.document(&chosen) })
}

/// Places what rests on further resamples: controls where there are some, and what is asked for.
fn besides(
    mut pages: Pages,
    fit: &PlsFit,
    assessment: &Assessment,
    boot: &Boot,
    from: &From,
    ticker: &Ticker,
    (nonlinearity, measurement): (bool, bool),
) -> Result<Pages, Step> {
    let again = |fit: &PlsFit| boot.again(fit, ticker).map_err(Step::from);
    if !fit.written().about.controls.is_empty() {
        pages = pages.with_controls(&Controls::compare(fit, &boot.boot, again)?);
    }
    if nonlinearity {
        let (_, check) = Nonlinearity::check(fit, assessment.conventions, again)?;
        pages = pages.with_nonlinearity(&check);
    }
    if measurement {
        let settings = &boot.boot.settings;
        let tests = MeasurementTests {
            resamples: settings.resamples,
            seed: settings.seed,
            level: settings.level,
            ..MeasurementTests::default()
        };
        let survey = match from {
            From::Answers(survey) => Some(&**survey),
            From::Table(_) => None,
        };
        pages = pages.with_measurement(tests.tables(fit, survey, &assessment.thresholds)?);
    }
    Ok(pages)
}

/// The same fit of the same model under another title.
fn titled(fit: &PlsFit, title: String) -> PyResult<PlsFit> {
    let mut model = Model::clone(fit.written());
    model.about.title = Some(title);
    model.about.title_zh = None;
    if fit.answers().is_some() {
        return fit.refit(&model).map_err(IntoPyErr::into_py);
    }
    fit.settings.fit_moments(&model, fit.answer_moments().clone()).map_err(IntoPyErr::into_py)
}

fn section(word: &str) -> PyResult<SectionId> {
    let known = SectionId::ALL.into_iter().find(|id| id.anchor() == word);
    known.ok_or_else(|| {
        let words: Vec<&str> = SectionId::ALL.into_iter().map(SectionId::anchor).collect();
        bad(&format!("sections: `{word}` is unknown, expected one of {}", words.join(", ")))
    })
}

/// Tables as one document: `html`, `docx`, `xlsx`, `md`, or `tex` for `\input`.
#[pyfunction]
pub fn document(
    title: String,
    tables: Vec<PyRef<'_, Table>>,
    extension: &str,
    lang: &str,
) -> PyResult<Vec<u8>> {
    let tables = tables.iter().map(|table| table.inner.clone());
    let document = Document::of_tables(title, tables).translated(language(lang)?);
    if extension.eq_ignore_ascii_case("tex") {
        return Ok(document.to_latex_tables().into_bytes());
    }
    document.set(form(extension)?).map_err(|error| unset(&error))
}

fn unset(error: &DocumentError) -> PyErr {
    raise("ReportError", &error.to_string(), &[])
}
