//! The library's errors as Python exceptions: the same text, the same hints, the parts as data. Where a hint names an option of
//! the command line, the exception names the keyword.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use trustpath::diagnostic::{Diagnostic, Diagnostics};
use trustpath::effects::EffectError;
use trustpath::model::ModelError;
use trustpath::moments::MomentsError;
use trustpath::plan::PlanError;
use trustpath::pls::PlsError;
use trustpath::reproduce::ReproduceError;
use trustpath::resample::ResampleError;
use trustpath::sem::SemError;
use trustpath::survey::SurveyError;

/// An exception of `trustpath._errors` by name, with the problems it is made of.
pub fn raise(class: &str, text: &str, problems: &[Diagnostic]) -> PyErr {
    Python::attach(|py| match build(py, class, text, problems) {
        Ok(error) | Err(error) => error,
    })
}

fn build(py: Python<'_>, class: &str, text: &str, problems: &[Diagnostic]) -> PyResult<PyErr> {
    let exception = py.import("trustpath._errors")?.getattr(class)?.call1((keywords(text),))?;
    let list = PyList::empty(py);
    for problem in problems {
        let entry = PyDict::new(py);
        entry.set_item("code", problem.code)?;
        entry.set_item("message", &problem.message)?;
        entry.set_item("hints", problem.hints.iter().map(|hint| keywords(hint)).collect::<Vec<_>>())?;
        let (file, line, column) = place(problem);
        entry.set_item("file", file)?;
        entry.set_item("line", line)?;
        entry.set_item("column", column)?;
        list.append(entry)?;
    }
    exception.setattr("problems", list)?;
    Ok(PyErr::from_value(exception))
}

/// Keywords that take lists.
const LISTS: [&str; 4] = ["record", "intervals", "contrasts", "thresholds"];

/// A text with `` `--missing mean` `` as `` `missing="mean"` ``, the way it is typed in Python.
fn keywords(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("`--") {
        let (before, option) = rest.split_at(start);
        said.push_str(before);
        let Some((option, after)) = option.get(3..).and_then(|option| option.split_once('`')) else {
            rest = option;
            break;
        };
        let (name, value) = option.split_once(' ').unwrap_or((option, ""));
        let name = name.replace('-', "_");
        let quoted = |word: &str| {
            if word.parse::<f64>().is_ok() { word.to_owned() } else { format!("\"{word}\"") }
        };
        let keyword = match (value, LISTS.contains(&name.as_str())) {
            ("", _) => format!("`{name}`"),
            (value, true) => {
                let words: Vec<String> = value.split(',').map(quoted).collect();
                format!("`{name}=[{}]`", words.join(", "))
            }
            (value, false) => format!("`{name}={}`", quoted(value)),
        };
        said.push_str(&keyword);
        rest = after;
    }
    said.push_str(rest);
    said
}

/// File, line, and column or column name.
fn place(problem: &Diagnostic) -> (Option<String>, Option<usize>, Option<String>) {
    match (&problem.source, &problem.span, &problem.place) {
        (Some(source), Some(span), _) => {
            let (line, column) = source.position(span.start);
            (Some(source.name.clone()), Some(line), Some(column.to_string()))
        }
        (_, _, Some(place)) => (Some(place.file.clone()), place.line, place.column.clone()),
        _ => (None, None, None),
    }
}

fn invalid(class: &str, found: &Diagnostics) -> PyErr {
    raise(class, &found.to_string(), &found.0)
}

/// A Python exception from a library error. The library's types and `PyErr` are both foreign here, so this is no `From`.
pub trait IntoPyErr {
    /// The exception.
    fn into_py(self) -> PyErr;
}

/// The five error types have the same shapes and, being open to growth, a rest.
macro_rules! exceptions {
    ($($error:ident => $class:literal),+ $(,)?) => {$(
        impl IntoPyErr for $error {
            fn into_py(self) -> PyErr {
                match &self {
                    $error::Invalid(found) => invalid($class, found),
                    other => raise(unreadable(&other.to_string(), $class), &other.to_string(), &[]),
                }
            }
        }
    )+};
}

/// A file that cannot be read has an exception of its own, which is an `OSError` too.
fn unreadable<'a>(text: &str, class: &'a str) -> &'a str {
    if text.starts_with("cannot read") { "UnreadableError" } else { class }
}

exceptions! {
    ModelError => "ModelError",
    SurveyError => "SurveyError",
    MomentsError => "SurveyError",
    ResampleError => "ResampleError",
    EffectError => "EffectError",
    PlanError => "PlanError",
    ReproduceError => "PlanError",
}

impl IntoPyErr for PlsError {
    fn into_py(self) -> PyErr {
        match self {
            PlsError::Survey(error) => error.into_py(),
            PlsError::Invalid(found) => invalid("EstimationError", &found),
            other => raise("EstimationError", &other.to_string(), &[]),
        }
    }
}

impl IntoPyErr for SemError {
    fn into_py(self) -> PyErr {
        match self {
            SemError::Survey(error) => error.into_py(),
            SemError::Invalid(found) => invalid("EstimationError", &found),
            other => raise("EstimationError", &other.to_string(), &[]),
        }
    }
}

impl IntoPyErr for Diagnostics {
    fn into_py(self) -> PyErr {
        invalid("SettingsError", &self)
    }
}

/// `result.py_err()?` turns a library error into an exception.
pub trait PyResultExt<T> {
    /// The value, or the exception.
    fn py_err(self) -> PyResult<T>;
}

impl<T, E: IntoPyErr> PyResultExt<T> for Result<T, E> {
    fn py_err(self) -> PyResult<T> {
        self.map_err(IntoPyErr::into_py)
    }
}
