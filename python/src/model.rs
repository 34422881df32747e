//! Models: text in, text and structure out.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::{Value, json};
use trustpath::contract;
use trustpath::model::{Codebook, Item};
use trustpath::plot::results::model_diagram;

use crate::errors::PyResultExt;
use crate::figure::{Figure, language, theme};
use crate::fit::Options;
use crate::result::{Table, keyed};
use crate::settings::over;

/// A checked model.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Model {
    pub inner: Arc<trustpath::Model>,
    /// The file it came from, if it came from one.
    pub file: Option<String>,
}

#[pymethods]
impl Model {
    #[staticmethod]
    fn read(file: PathBuf) -> PyResult<Self> {
        let inner = trustpath::Model::read(&file).py_err()?;
        Ok(Self { inner: Arc::new(inner), file: Some(file.display().to_string()) })
    }

    #[staticmethod]
    #[pyo3(signature = (text, name, codebook=None))]
    fn parse(text: &str, name: &str, codebook: Option<PathBuf>) -> PyResult<Self> {
        let mut model = trustpath::Model::parse_named(name, text).py_err()?;
        if let Some(file) = codebook {
            model = model.with_codebook(Codebook::read(file).py_err()?);
        }
        Ok(Self { inner: Arc::new(model), file: None })
    }

    /// A built-in model by its name or number, `None` if there is none of this name.
    #[staticmethod]
    fn built_in(name: &str) -> PyResult<Option<Self>> {
        let model = trustpath::plan::built_in::find(name)
            .map(trustpath::plan::built_in::BuiltIn::read)
            .transpose()
            .py_err()?;
        Ok(model.map(|model| Self { inner: Arc::new(model), file: None }))
    }

    #[getter]
    fn file(&self) -> Option<String> {
        self.file.clone()
    }

    /// The model file in canonical form.
    fn text(&self) -> String {
        self.inner.to_string()
    }

    /// Names of the items.
    fn items(&self) -> Vec<String> {
        self.inner.indicator_names()
    }

    fn json(&self) -> String {
        contract::text(&contract::model(&self.inner))
    }

    fn tables(&self) -> Vec<(String, Table)> {
        keyed(self.inner.tables())
    }

    /// The model alone as a path diagram, without data.
    fn figure(&self, given: &str) -> PyResult<Figure> {
        let options: Options = over(&Options::default(), given)?;
        let (language, theme) =
            (language(&options.lang)?, theme(&options.theme, options.width, options.font.as_deref())?);
        let diagram = model_diagram(&self.inner, options.diagram(language)?);
        Figure::of_diagram(diagram, theme, options.layout.as_deref(), options.keep_items)
    }

    /// What was written: annotations as `[key, value]`, statements as `[left, operator, terms]`.
    fn document(&self) -> String {
        let items: Vec<Value> = self
            .inner
            .document()
            .items
            .iter()
            .map(|item| match item {
                Item::Annotation(note) => json!([note.key, note.value]),
                Item::Statement(statement) => {
                    let left: Vec<&str> = statement.left.iter().map(|name| name.text.as_str()).collect();
                    let terms: Vec<String> = statement.terms.iter().map(ToString::to_string).collect();
                    let right = if terms.is_empty() { vec![statement.expression.clone()] } else { terms };
                    json!([left, statement.operator.symbol(), right])
                }
            })
            .collect();
        Value::from(items).to_string()
    }
}
