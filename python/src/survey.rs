//! Answers in: files, Arrow streams, columns; and their screening.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use trustpath::assess::{Thresholds, sample_size_table};
use trustpath::contract;
use trustpath::survey::{Column, Sample, SampleSettings, Screening, Values, code_factors};

use crate::errors::{IntoPyErr, PyResultExt};
use crate::model::Model;
use crate::result::Plain;
use crate::{arrow, settings, work};

/// A survey.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Survey {
    pub inner: Arc<trustpath::Survey>,
}

/// A column as Python hands it over: the bytes of doubles, or words.
#[derive(FromPyObject)]
enum Cells<'py> {
    Numbers(Bound<'py, PyBytes>),
    Words(Vec<Option<String>>),
}

impl Cells<'_> {
    fn values(&self) -> Values {
        match self {
            Self::Numbers(bytes) => {
                let cells = bytes.as_bytes().chunks_exact(8).map(|cell| {
                    let mut eight = [0; 8];
                    eight.copy_from_slice(cell);
                    Some(f64::from_ne_bytes(eight)).filter(|number| !number.is_nan())
                });
                Values::Numbers(cells.collect())
            }
            Self::Words(cells) => Values::from_words(cells.len(), cells.iter().map(Option::as_deref)),
        }
    }
}

#[pymethods]
impl Survey {
    #[staticmethod]
    fn read(py: Python<'_>, file: PathBuf) -> PyResult<Self> {
        let inner = work::run(py, None, move |_| trustpath::Survey::read(file))?.py_err()?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// From an Arrow C stream.
    #[staticmethod]
    fn from_arrow(py: Python<'_>, name: String, stream: &Bound<'_, PyCapsule>) -> PyResult<Self> {
        let batches = arrow::batches(stream)?;
        let inner = py.detach(|| {
            let columns = arrow::columns(&name, &batches)?;
            trustpath::Survey::from_columns(name, columns)
        });
        Ok(Self { inner: Arc::new(inner.py_err()?) })
    }

    /// From named columns.
    #[staticmethod]
    fn from_columns(py: Python<'_>, name: String, columns: Vec<(String, Cells<'_>)>) -> PyResult<Self> {
        let columns =
            columns.into_iter().map(|(name, cells)| Column { values: cells.values(), name }).collect();
        let inner = py.detach(|| trustpath::Survey::from_columns(name, columns)).py_err()?;
        Ok(Self { inner: Arc::new(inner) })
    }

    #[getter]
    fn file(&self) -> &str {
        &self.inner.file
    }

    #[getter]
    fn cases(&self) -> usize {
        self.inner.cases
    }

    #[getter]
    fn fingerprint(&self) -> &str {
        &self.inner.fingerprint
    }

    /// Names of the columns.
    fn names(&self) -> Vec<String> {
        self.inner.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Name and cells of every column, numbers or words.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
        self.inner
            .columns
            .iter()
            .map(|column| {
                let cells = match &column.values {
                    Values::Numbers(cells) => cells.into_pyobject(py)?,
                    words => {
                        let shown: Vec<Option<String>> =
                            (0..words.len()).map(|case| words.show(case)).collect();
                        shown.into_pyobject(py)?
                    }
                };
                Ok((column.name.clone(), cells))
            })
            .collect()
    }
}

/// A table of correlations or covariances.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Correlations {
    pub inner: trustpath::Moments,
    pub file: String,
}

#[pymethods]
impl Correlations {
    #[staticmethod]
    fn read(file: PathBuf, n: usize) -> PyResult<Self> {
        let inner = trustpath::Moments::read_table(&file, n).map_err(IntoPyErr::into_py)?;
        Ok(Self { inner, file: file.display().to_string() })
    }

    /// From the text of a CSV.
    #[staticmethod]
    fn parse(name: String, text: &str, n: usize) -> PyResult<Self> {
        let inner = trustpath::Moments::parse_table(&name, text, n).map_err(IntoPyErr::into_py)?;
        Ok(Self { inner, file: name })
    }

    #[getter]
    fn n(&self) -> usize {
        self.inner.cases
    }

    fn names(&self) -> Vec<String> {
        self.inner.items.clone()
    }
}

/// Screens the answers to a model's items; `thresholds` are written as `D07=0.1`, over those of the model file.
#[pyfunction]
#[pyo3(signature = (model, survey, settings, thresholds=Vec::new()))]
pub fn check(
    py: Python<'_>,
    model: &Model,
    survey: &Survey,
    settings: &str,
    thresholds: Vec<String>,
) -> PyResult<Plain> {
    let settings = settings::over(&SampleSettings::default(), settings)?;
    let mut limits = Thresholds::of(&model.inner).py_err()?;
    for written in thresholds {
        limits.set(&written).py_err()?;
    }
    let most = limits.screening();
    let (model, survey) = (Arc::clone(&model.inner), Arc::clone(&survey.inner));
    work::run(py, None, move |_| {
        let (model, survey) = match code_factors(&model, &survey, &settings)? {
            Some((coded, dummies)) => (Arc::new(coded), Arc::new(dummies)),
            None => (model, survey),
        };
        let sample = Sample::draw(&model, &survey, &settings)?;
        let screening = Screening::with(&model, &survey, &sample, most);
        let cases = screening.account.cases_used;
        let tables = vec![screening.suspicious(), sample_size_table(cases), screening.item_table()];
        Ok(Plain::new(contract::screening(&model, &survey, &screening), tables))
    })?
    .map_err(|error: trustpath::survey::SurveyError| error.into_py())
}
