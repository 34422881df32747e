//! Figures as files, whichever verb draws them.

use std::path::Path;

use trustpath::diagnostic::Diagnostic;
use trustpath::plot::{Arrangement, LEGIBLE, PlotError, Svg};

use super::{Console, Failure};

/// Pixels of a PNG per unit of a drawing.
pub(crate) const SCALE: f64 = 2.0;
/// The same for print: 300 dots per inch.
pub(super) const PRINT: f64 = 3.125;

/// Reads a file of places, and tells names that are not known.
pub(crate) fn read_arrangement(
    console: &Console,
    file: &Path,
    known: impl Fn(&str) -> bool,
) -> Result<Arrangement, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| super::failure::unreadable(&shown, &error.to_string()))?;
    let arrangement = Arrangement::parse(&text).map_err(|error| {
        Failure::from(
            Diagnostic::error("TP0006", error.to_string())
                .in_file(&shown, None, None)
                .hint("write one by `trustpath plot MODEL DATA -o layout.json`"),
        )
    })?;
    let strangers: Vec<&str> = arrangement.names().filter(|name| !known(name)).collect();
    if !strangers.is_empty() {
        console.warn(&format!("`{shown}` places what is not in the model: {}", strangers.join(", ")));
    }
    Ok(arrangement)
}

/// Letters that nobody can read on paper.
pub(super) fn warn_of_small_letters(console: &Console, svg: &Svg) {
    let points = svg.smallest_letters();
    if points < LEGIBLE {
        console.warn(&format!(
            "at this width the smallest letters are {points:.1} pt high: give more room by `--width`"
        ));
    }
}

/// The form of a chart by the extension of its file.
pub(crate) fn extension(file: &Path) -> Result<&'static str, Failure> {
    let found = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let known = ["svg", "png", "pdf"].into_iter().find(|known| known.eq_ignore_ascii_case(found));
    known.ok_or_else(|| {
        let message = format!("the extension of `{}` picks no form of a figure", file.display());
        Diagnostic::error("TP0003", message).hint("end it in .svg or .png or .pdf").into()
    })
}

/// Writes a figure as its extension says.
#[cfg(feature = "png")]
pub(crate) fn write_figure(
    console: &Console,
    file: &Path,
    extension: &str,
    svg: &Svg,
    scale: f64,
) -> Result<(), Failure> {
    #[allow(clippy::cast_possible_truncation, reason = "a scale of a few pixels needs no f64")]
    let bytes = match extension {
        "png" => trustpath::plot::png(svg, scale as f32),
        "pdf" => trustpath::plot::pdf(svg.as_str()),
        _ => return console.write_file(file, &shown(console, svg)?),
    };
    console.write_bytes(file, &bytes.map_err(|error| undrawn(&error))?)
}

/// The text of an SVG; where the machine has no fonts for outlines, its words stay text.
#[cfg(feature = "png")]
pub(super) fn shown(console: &Console, svg: &Svg) -> Result<String, Failure> {
    match svg.written() {
        Ok(text) => Ok(text),
        Err(PlotError::NoFont { characters, .. }) => {
            console.warn(&format!(
                "no font draws `{characters}`: words of this SVG stay text, and look as the fonts of its readers do"
            ));
            Ok(svg.to_string())
        }
        Err(error) => Err(undrawn(&error)),
    }
}

/// Writes a figure as its extension says.
#[cfg(not(feature = "png"))]
pub(crate) fn write_figure(
    console: &Console,
    file: &Path,
    extension: &str,
    svg: &Svg,
    _: f64,
) -> Result<(), Failure> {
    if extension == "svg" {
        return console.write_file(file, &shown(console, svg)?);
    }
    let message = format!("this build cannot write {}", extension.to_uppercase());
    Err(Diagnostic::error("TP0003", message).hint("write .svg, or build with `png`").into())
}

/// The text of an SVG.
#[cfg(not(feature = "png"))]
#[allow(clippy::unnecessary_wraps, reason = "outlines may fail")]
pub(super) fn shown(_: &Console, svg: &Svg) -> Result<String, Failure> {
    Ok(svg.to_string())
}

/// A figure that cannot be drawn, in the command line's words.
pub(crate) fn undrawn(error: &PlotError) -> Failure {
    let problem = Diagnostic::error("TP0006", error.to_string());
    match error {
        PlotError::NoFont { .. } => problem
            .hint("install a font with these characters, such as Noto Sans CJK SC")
            .hint("or write .svg: a browser finds its own font"),
        _ => problem,
    }
    .into()
}
