//! The figures of a report, and drawings as files.

use std::path::Path;

use trustpath::assess::Assessment;
#[cfg(not(feature = "png"))]
use trustpath::diagnostic::Diagnostic;
#[cfg(feature = "report")]
use trustpath::document::Figure;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::plot::{Language, PlotError, Svg, Theme};
use trustpath::pls::PlsFit;
use trustpath::report::SectionId;
use trustpath::resample::Bootstrapped;

use super::plot::undrawn;
use super::{Console, Failure};

/// Every figure of a report with its section. What has nothing to show is left out: a model of single items has no
/// loadings, for instance.
pub(crate) fn figures(
    fit: &PlsFit,
    assessment: &Assessment,
    boot: Option<&Bootstrapped>,
    language: Language,
    theme: &Theme,
) -> Result<Vec<(SectionId, Figure)>, Failure> {
    let mut figures = Vec::new();
    let mut add = |section, id: &str, title: &str, caption: &str, svg: Result<Svg, PlotError>| match svg {
        Ok(svg) => {
            let figure = Figure {
                id: id.to_owned(),
                title: title.to_owned(),
                caption: caption.to_owned(),
                svg: svg.to_string(),
                file: None,
            };
            figures.push((section, figure));
            Ok(())
        }
        Err(PlotError::Empty(_)) => Ok(()),
        Err(error) => Err(undrawn(&error)),
    };
    // The structure first, large enough to read; then everything.
    for (items, id, title, caption) in [
        (false, "path-diagram", "Structural model", "Standardised path coefficients."),
        (true, "path-diagram-items", "Whole model", "Loadings or weights stand beside the items."),
    ] {
        let options = DiagramOptions { items, language, ..DiagramOptions::default() };
        add(SectionId::Diagram, id, title, caption, results::diagram(fit, boot, options).svg(theme))?;
    }
    if let Some(answers) = fit.answers().and_then(|s| results::answers(fit.written(), s, language)) {
        let caption = "Shares of answers, (r) after reverse coding; missing answers at the right.";
        add(SectionId::Data, "answers", "Answers", caption, answers.svg(theme))?;
    }
    // The sample of an estimate by listwise deletion has no gaps left; the others have them all.
    if let Some(patterns) = fit.sample.as_ref().and_then(|sample| results::missing(sample, language)) {
        let caption = "Which items are missing together; one line per pattern, the most frequent first.";
        add(SectionId::Data, "missing", "Missing answers", caption, patterns.svg(theme))?;
    }
    let caption = "Hollow points lie below .708.";
    let loadings = results::loadings(fit, boot, language);
    add(SectionId::Reflective, "loadings-chart", "Loadings", caption, loadings.svg(theme))?;
    let caption = "Heterotrait-monotrait ratios of correlations.";
    let htmt = results::htmt(fit, assessment, boot, language);
    add(SectionId::Reflective, "htmt-chart", "HTMT", caption, htmt.svg(theme))?;
    let caption = "Points are estimates, lines their intervals; hollow points are not significant.";
    let forest = results::forest(fit, boot, language);
    add(SectionId::Structure, "forest", "Paths with intervals", caption, forest.svg(theme))?;
    if let Some(boot) = boot {
        let caption = "Estimates, intervals and zero among the resampled path coefficients.";
        let distributions = results::distributions(boot, language);
        let title = "Bootstrap distributions";
        add(SectionId::Structure, "distributions", title, caption, distributions.svg(theme))?;
    }
    let caption = "Correlations of the scores; the darker, the stronger.";
    let title = "Correlations of the constructs as colours";
    let heat = results::correlations(fit, language);
    add(SectionId::Appendix, "construct_correlations", title, caption, heat.svg(theme))?;
    Ok(figures)
}

/// Writes a drawing as `svg`, or as what can be made of one.
pub(crate) fn write_drawing(
    console: &Console,
    file: &Path,
    extension: &str,
    svg: &str,
) -> Result<(), Failure> {
    match extension {
        #[cfg(feature = "png")]
        "pdf" => {
            let pdf = trustpath::plot::pdf(svg).map_err(|error| undrawn(&error))?;
            console.write_bytes(file, &pdf)
        }
        #[cfg(not(feature = "png"))]
        "pdf" => Err(Diagnostic::error("TP0003", "this build cannot write PDF")
            .hint("write .svg, or build with `png`")
            .into()),
        _ => console.write_file(file, svg),
    }
}
