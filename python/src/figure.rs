//! Figures that show themselves.

use pyo3::prelude::*;
use trustpath::document::Form;
use trustpath::plot::{Arrangement, Concession, Diagram, Language, PlotError, Svg, Theme};

use crate::errors::raise;
use crate::settings::bad;

/// A drawing. A path diagram is more than a picture, and can be written in further forms.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Figure {
    svg: Svg,
    /// As it was asked for, as it can be read on the page, and the look of both.
    diagram: Option<(Box<[Diagram; 2]>, Theme)>,
    warnings: Vec<String>,
}

#[pymethods]
impl Figure {
    /// Words are outlines where the theme says so and the machine has their fonts.
    fn svg(&self) -> String {
        self.svg.written().unwrap_or_else(|_| self.svg.to_string())
    }

    /// Pixels; scale 1 is 96 dots per inch.
    fn png(&self, scale: f32) -> PyResult<Vec<u8>> {
        trustpath::plot::png(&self.svg, scale).map_err(|error| undrawn(&error))
    }

    fn pdf(&self) -> PyResult<Vec<u8>> {
        trustpath::plot::pdf(self.svg.as_str()).map_err(|error| undrawn(&error))
    }

    /// For LaTeX; `None` if this is a chart.
    fn tikz(&self) -> PyResult<Option<String>> {
        let Some((diagrams, theme)) = &self.diagram else { return Ok(None) };
        diagrams[1].tikz(theme).map(Some).map_err(|error| undrawn(&error))
    }

    /// For Graphviz; `None` if this is a chart.
    fn dot(&self) -> Option<String> {
        self.diagram.as_ref().map(|(diagrams, _)| diagrams[0].dot())
    }

    /// The places of the constructs as JSON; `None` if this is a chart.
    fn layout(&self) -> PyResult<Option<String>> {
        let Some((diagrams, theme)) = &self.diagram else { return Ok(None) };
        let diagram = &diagrams[0];
        let layout = diagram.layout(theme).map_err(|error| undrawn(&error))?;
        Ok(Some(Arrangement::write(diagram, &layout)))
    }

    /// What must be known of it.
    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}

impl Figure {
    /// A figure, or why there is none.
    pub fn of(drawn: Result<Svg, PlotError>) -> PyResult<Self> {
        let svg = drawn.map_err(|error| undrawn(&error))?;
        Ok(Self { svg, diagram: None, warnings: Vec::new() })
    }

    /// A path diagram that can be read on its page, if need be without its items unless they are to be kept, its constructs where `layout`, the text of a layout file, wants them.
    pub fn of_diagram(
        mut diagram: Diagram,
        theme: Theme,
        layout: Option<&str>,
        keep_items: bool,
    ) -> PyResult<Self> {
        let mut warnings = Vec::new();
        if let Some(text) = layout {
            let arrangement = Arrangement::parse(text).map_err(|error| undrawn(&error))?;
            let strangers = arrangement.strangers(&diagram);
            if !strangers.is_empty() {
                warnings
                    .push(format!("the layout places what is not in the model: {}", strangers.join(", ")));
            }
            diagram.arrangement = arrangement;
            let overlaps = diagram.layout(&theme).map_err(|error| undrawn(&error))?.overlaps();
            if !overlaps.is_empty() {
                warnings.push(format!("in this layout things overlap: {}", overlaps.join("; ")));
            }
        }
        let (fitted, given) = diagram.fitted(&theme, !keep_items).map_err(|error| undrawn(&error))?;
        warnings.extend(given.into_iter().map(|concession| match concession {
            Concession::Items => {
                "items are left out, as their letters would be too small to read at this width; `keep_items=True` keeps them".to_owned()
            }
            Concession::Labels => {
                "at this width names stand in place of labels, which a key explains".to_owned()
            }
        }));
        let svg = fitted.svg(&theme).map_err(|error| undrawn(&error))?;
        Ok(Self { svg, diagram: Some((Box::new([diagram, fitted]), theme)), warnings })
    }
}

/// Why a figure cannot be drawn.
pub fn undrawn(error: &PlotError) -> PyErr {
    let text = match error {
        PlotError::NoFont { .. } => {
            format!("{error}\n  hint: or save it as .svg: a browser finds its own font")
        }
        _ => error.to_string(),
    };
    raise("FigureError", &text, &[])
}

/// `screen` or `journal`, its width on paper in millimetres, and the font to prefer.
pub fn theme(word: &str, width: Option<f64>, font: Option<&str>) -> PyResult<Theme> {
    let mut theme = match word {
        "screen" => Theme::screen(),
        "journal" => Theme::journal(),
        _ => return Err(bad(&format!("theme: `{word}` is unknown, expected `screen` or `journal`"))),
    };
    if let Some(width) = width {
        if !(20.0..=2000.0).contains(&width) {
            return Err(bad(&format!("width: {width} is out of range, choose from 20 to 2000 mm")));
        }
        theme.max_width_mm = Some(width);
    }
    if let Some(font) = font {
        if font.contains(['\'', '"', ';', '<', '>']) {
            return Err(bad("font: the name of a font has no quotes or brackets"));
        }
        if !trustpath::plot::has_font(font) {
            return Err(bad(&format!("font: no font `{font}` is installed")));
        }
        theme.family = format!("'{font}', {}", theme.family);
    }
    Ok(theme)
}

/// `en` or `zh`.
pub fn language(word: &str) -> PyResult<Language> {
    match word {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        _ => Err(bad(&format!("lang: `{word}` is unknown, expected `en` or `zh`"))),
    }
}

/// The form of a document by the extension of its file.
pub fn form(extension: &str) -> PyResult<Form> {
    extension.to_lowercase().parse().map_err(|_| {
        bad(&format!(
            "the extension `{extension}` picks no form of output\n  hint: end the name in .html, .docx, .xlsx, .md or .tex"
        ))
    })
}
