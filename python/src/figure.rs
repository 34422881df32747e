//! Figures that show themselves.

use pyo3::prelude::*;
use trustpath::plot::{Language, PlotError, Svg, Theme};

use crate::errors::raise;
use crate::settings::bad;

/// A drawing.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Figure {
    svg: Svg,
}

#[pymethods]
impl Figure {
    fn svg(&self) -> &str {
        self.svg.as_str()
    }

    /// Pixels; scale 1 is 96 dots per inch.
    fn png(&self, scale: f32) -> PyResult<Vec<u8>> {
        trustpath::plot::png(&self.svg, scale).map_err(|error| undrawn(&error))
    }
}

impl Figure {
    /// A figure, or why there is none.
    pub fn of(drawn: Result<Svg, PlotError>) -> PyResult<Self> {
        drawn.map(|svg| Self { svg }).map_err(|error| undrawn(&error))
    }
}

fn undrawn(error: &PlotError) -> PyErr {
    raise("FigureError", &error.to_string(), &[])
}

/// `screen` or `journal`.
pub fn theme(word: &str) -> PyResult<Theme> {
    match word {
        "screen" => Ok(Theme::screen()),
        "journal" => Ok(Theme::journal()),
        _ => Err(bad(&format!("theme: `{word}` is unknown, expected `screen` or `journal`"))),
    }
}

/// `en` or `zh`.
pub fn language(word: &str) -> PyResult<Language> {
    match word {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        _ => Err(bad(&format!("language: `{word}` is unknown, expected `en` or `zh`"))),
    }
}
