//! Before the data: built-in models, published studies, populations and simulated answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::contract;
use trustpath::plan::Simulate;
use trustpath::plan::built_in::{self, MODELS};
use trustpath::reproduce::{Comparison, Study, library, refit};
use trustpath::table::{Cell, Column, Language};

use crate::errors::{IntoPyErr, PyResultExt};
use crate::figure::{Figure, theme};
use crate::model::Model;
use crate::result::{Plain, Table, keyed};
use crate::settings::bad;
use crate::survey::Survey;
use crate::work;

/// What is true.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Population {
    inner: trustpath::plan::Population,
}

#[pymethods]
impl Population {
    #[staticmethod]
    fn of_json(stated: &str) -> PyResult<Self> {
        let inner = serde_json::from_str(stated).map_err(|error| bad(&format!("population: {error}")))?;
        Ok(Self { inner })
    }

    #[staticmethod]
    fn parse(name: &str, text: &str) -> PyResult<Self> {
        Ok(Self { inner: trustpath::plan::Population::parse(name, text).py_err()? })
    }

    #[staticmethod]
    fn read(file: PathBuf) -> PyResult<Self> {
        Ok(Self { inner: trustpath::plan::Population::read(file).py_err()? })
    }

    fn complete(&self, model: &Model) -> PyResult<Self> {
        Ok(Self { inner: self.inner.complete(&model.inner).py_err()? })
    }

    fn json(&self) -> String {
        contract::value(&self.inner).to_string()
    }

    fn toml(&self) -> String {
        self.inner.to_toml()
    }
}

/// The population that comes with a built-in model.
#[pyfunction]
pub fn built_in_population(name: &str) -> PyResult<Option<Population>> {
    let found = built_in::find(name).map(built_in::BuiltIn::population).transpose().py_err()?;
    Ok(found.map(|inner| Population { inner }))
}

/// Answers drawn from a population.
#[pyfunction]
pub fn simulate(
    py: Python<'_>,
    model: &Model,
    population: &Population,
    n: usize,
    seed: u64,
    continuous: bool,
) -> PyResult<Survey> {
    let draw = Simulate { cases: n, seed, population: population.inner.clone(), continuous };
    let model = Arc::clone(&model.inner);
    let drawn = work::run(py, None, move |_| {
        let drawn = draw.run(&model).map_err(IntoPyErr::into_py)?;
        drawn.survey().map_err(IntoPyErr::into_py)
    })??;
    Ok(Survey { inner: Arc::new(drawn) })
}

/// The built-in models.
#[pyfunction]
pub fn models() -> PyResult<Plain> {
    let columns = vec![
        Column::words("id", "No."),
        Column::words("name", "Name"),
        Column::words("title", "Title"),
        Column::words("title_zh", "中文"),
        Column::numbers("constructs", "Constructs"),
        Column::numbers("items", "Items"),
        Column::numbers("paths", "Paths"),
    ];
    let mut table = trustpath::Table::new("models", "Built-in models", columns);
    for built_in in MODELS {
        let model = built_in.read().py_err()?;
        table.push(vec![
            Cell::text(built_in.id),
            Cell::text(built_in.name),
            Cell::text(model.about.title.clone().unwrap_or_default()),
            Cell::text(model.about.title_zh.clone().unwrap_or_default()),
            Cell::count(model.constructs().len()),
            Cell::count(model.indicators().len()),
            Cell::count(model.paths().len()),
        ]);
    }
    let mut object = contract::object();
    object.insert("models".into(), contract::value(&table));
    Ok(Plain::new(object, vec![table]))
}

/// The published studies.
#[pyfunction]
pub fn studies() -> PyResult<Plain> {
    let columns = vec![
        Column::words("study", "Study"),
        Column::words("title", "Title"),
        Column::words("citation", "Citation"),
        Column::words("doi", "DOI"),
    ];
    let mut table = trustpath::Table::new("studies", "Published studies", columns);
    for published in library::STUDIES {
        let study = published.read().py_err()?;
        let cells = [&study.key, &study.title, &study.citation, &study.doi];
        table.push(cells.into_iter().map(Cell::text).collect());
    }
    let mut object = contract::object();
    object.insert("studies".into(), contract::value(&table));
    Ok(Plain::new(object, vec![table]))
}

/// A study and what came out.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Reproduction {
    study: Study,
    comparisons: Vec<Comparison>,
}

/// Estimates a published study again.
#[pyfunction]
pub fn reproduce(py: Python<'_>, study: &str) -> PyResult<Reproduction> {
    let study = match library::find(study) {
        Some(published) if !Path::new(study).exists() => published.read(),
        _ => Study::read(study),
    }
    .py_err()?;
    let inner = study.clone();
    let comparisons = work::run(py, None, move |_| refit(&inner))?.py_err()?;
    Ok(Reproduction { study, comparisons })
}

#[pymethods]
impl Reproduction {
    /// The JSON contract, as `trustpath reproduce STUDY --format json` prints it.
    fn json(&self) -> String {
        contract::text(&contract::reproduction(&self.study, &self.comparisons))
    }

    fn tables(&self) -> Vec<(String, Table)> {
        keyed(vec![trustpath::reproduce::comparison(&self.study, &self.comparisons)])
    }

    fn diagram(&self, theme: &str) -> PyResult<Figure> {
        let theme = self::theme(theme, None, None)?;
        Figure::of(
            trustpath::reproduce::diagram(&self.study, &self.comparisons, Language::English).svg(&theme),
        )
    }
}
