//! Groups of respondents in one figure.

use pyo3::prelude::*;
use trustpath::plot::PlotError;
use trustpath::plot::results::{self, GroupError, GroupFit};

use crate::boot::Boot;
use crate::errors::IntoPyErr;
use crate::figure::{Figure, language, theme, undrawn};
use crate::fit::{Fit, Options};
use crate::settings::{bad, over};

/// Groups side by side or, with `show` = `difference`, the first of two less the second; `boots` are as many as `fits`, or none.
#[pyfunction]
pub fn groups_figure(
    column: &str,
    names: Vec<String>,
    fits: Vec<PyRef<'_, Fit>>,
    boots: Vec<PyRef<'_, Boot>>,
    figure: &str,
    given: &str,
) -> PyResult<Figure> {
    let mut options: Options = over(&Options::default(), given)?;
    let difference = options.show == "difference";
    if difference {
        options.show = Options::default().show;
    }
    let (language, theme) =
        (language(&options.lang)?, theme(&options.theme, options.width, options.font.as_deref())?);
    let groups: Vec<GroupFit<'_>> = names
        .iter()
        .zip(&fits)
        .enumerate()
        .map(|(at, (name, fit))| GroupFit {
            name,
            fit: &fit.fit,
            boot: boots.get(at).map(|boot| &*boot.boot),
        })
        .collect();
    let diagram = match (figure, difference, groups.as_slice()) {
        ("forest", false, _) => {
            return Figure::of(results::forest_of_groups(column, &groups, language).svg(&theme));
        }
        ("diagram", false, _) => {
            results::beside(column, &groups, options.diagram(language)?).map_err(|error| undrawn(&error))?
        }
        ("diagram", true, [one, two]) => {
            results::difference(column, [*one, *two], options.diagram(language)?).map_err(
                |error| match error {
                    GroupError::Resample(error) => error.into_py(),
                    GroupError::Plot(error) => undrawn(&error),
                    other => undrawn(&PlotError::Input(other.to_string())),
                },
            )?
        }
        ("diagram", true, _) => return Err(bad("show: a difference is one of two groups")),
        _ => return Err(bad("groups are shown in `diagram` and `forest` only")),
    };
    Figure::of_diagram(diagram, theme, options.layout.as_deref(), options.keep_items)
}
