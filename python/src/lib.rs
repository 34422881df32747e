//! The native half of the Python package `trustpath`.
//!
//! It hands over what the library makes and adds nothing: settings come in as JSON over the library's own defaults
//! ([`settings`]), results go out as the JSON contract and as tables ([`result`]), answers come in as Arrow or as columns
//! ([`survey`]). What Python users touch is written in Python, in `trustpath/`.

mod advice;
mod arrow;
mod boot;
mod effects;
mod errors;
mod figure;
mod fit;
mod groups;
mod model;
mod plan;
mod report;
mod result;
mod rivals;
mod sem;
mod settings;
mod survey;
mod work;

use pyo3::prelude::*;

/// The native module.
#[pymodule]
mod _trustpath {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::advice::{Questionnaire, explain, sample_size, study};
    #[pymodule_export]
    use super::arrow::arrow_stream;
    #[pymodule_export]
    use super::boot::Boot;
    #[pymodule_export]
    use super::effects::{controls, endogeneity, mediation, moderation, nonlinearity};
    #[pymodule_export]
    use super::figure::Figure;
    #[pymodule_export]
    use super::fit::{Fit, figures, pls};
    #[pymodule_export]
    use super::groups::groups_figure;
    #[pymodule_export]
    use super::model::Model;
    #[pymodule_export]
    use super::plan::{Population, Reproduction, built_in_population, models, reproduce, simulate, studies};
    #[pymodule_export]
    use super::report::{Report, document, report};
    #[pymodule_export]
    use super::result::{Plain, Table};
    #[pymodule_export]
    use super::rivals::{compare, differences, measurement};
    #[pymodule_export]
    use super::sem::sem;
    #[pymodule_export]
    use super::set_threads;
    #[pymodule_export]
    use super::settings::defaults;
    #[pymodule_export]
    use super::survey::{Correlations, Survey, check};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

/// Uses this many threads from now on; must come before any computation. The numbers do not depend on it.
#[pyfunction]
fn set_threads(threads: usize) -> PyResult<()> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))
}
