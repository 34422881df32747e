//! The figures of a report, each with the section that it belongs to.

use super::{Report, SectionId};
use crate::assess::Assessment;
use crate::document::Figure;
use crate::effects::{Moderation, ModerationSettings};
use crate::plot::results::{self, DiagramOptions, InteractionChart};
use crate::plot::{Arrangement, Language, PlotError, Svg, Theme};
use crate::pls::PlsFit;
use crate::resample::Bootstrapped;

impl Report {
    /// Draws every figure and places it in its section; fit, assessment and bootstrap are those that the report was
    /// gathered from. The words are in the report's language.
    ///
    /// # Errors
    /// [`PlotError`] if a figure cannot be drawn. A figure with nothing to show is left out.
    pub fn with_figures(
        self,
        fit: &PlsFit,
        assessment: &Assessment,
        bootstrap: Option<&Bootstrapped>,
        theme: &Theme,
    ) -> Result<Self, PlotError> {
        self.with_arranged_figures(fit, assessment, bootstrap, theme, &[])
    }

    /// The same, with the constructs of path diagrams where arrangements put them.
    ///
    /// # Errors
    /// As [`Report::with_figures`].
    pub fn with_arranged_figures(
        self,
        fit: &PlsFit,
        assessment: &Assessment,
        bootstrap: Option<&Bootstrapped>,
        theme: &Theme,
        arrangements: &[Arrangement],
    ) -> Result<Self, PlotError> {
        let figures = figures(fit, assessment, bootstrap, self.context.language, theme, arrangements)?;
        Ok(figures.into_iter().fold(self, |report, (section, figure)| report.with_figure(section, figure)))
    }
}

/// Every figure of a report with its section. What has nothing to show is left out: a model of single items has no
/// loadings, for instance.
///
/// # Errors
/// [`PlotError`] if a figure cannot be drawn.
pub fn figures(
    fit: &PlsFit,
    assessment: &Assessment,
    bootstrap: Option<&Bootstrapped>,
    language: Language,
    theme: &Theme,
    arrangements: &[Arrangement],
) -> Result<Vec<(SectionId, Figure)>, PlotError> {
    let mut figures = Vec::new();
    let mut add_both =
        |section, id: &str, title: &str, caption: &str, svg: Result<Svg, PlotError>, paper: Option<Svg>| {
            match svg {
                Ok(svg) => {
                    let figure = Figure {
                        id: id.to_owned(),
                        title: title.to_owned(),
                        caption: caption.to_owned(),
                        svg: svg.to_string(),
                        paper: paper.map(|svg| svg.to_string()),
                        ..Figure::default()
                    };
                    figures.push((section, figure));
                    Ok(())
                }
                Err(PlotError::Empty(_)) => Ok(()),
                Err(error) => Err(error),
            }
        };
    // The structure first, large enough to read; then everything.
    for (items, id, title, caption) in [
        (false, "path-diagram", "Structural model", "Standardised path coefficients."),
        (
            true,
            "path-diagram-items",
            "Constructs with their items",
            "Loadings or weights stand beside the items.",
        ),
    ] {
        let options = DiagramOptions { items, language, ..DiagramOptions::default() };
        let mut diagram = results::diagram(fit, bootstrap, options);
        if let Some(arrangement) = arrangements.iter().find(|one| one.is_for(id)) {
            diagram.arrangement = arrangement.clone();
        }
        let paper = diagram.for_paper(theme)?;
        add_both(SectionId::Diagram, id, title, caption, diagram.svg(theme), paper)?;
    }
    let mut add = |section, id: &str, title: &str, caption: &str, svg: Result<Svg, PlotError>| {
        add_both(section, id, title, caption, svg, None)
    };
    if let Some(answers) = fit.answers().and_then(|s| results::answers(fit.written(), s, language)) {
        let caption = "Shares of answers, (r) after reverse coding; missing answers at the right.";
        add(SectionId::Data, "answers", "Answers", caption, answers.svg(theme))?;
    }
    // The sample of an estimate by listwise deletion has no gaps left; the others have them all.
    if let Some(patterns) = fit.answers().and_then(|sample| results::missing(sample, language)) {
        let caption = "Which items are missing together; one line per pattern, the most frequent first.";
        add(SectionId::Data, "missing", "Missing answers", caption, patterns.svg(theme))?;
    }
    let caption = "Hollow points lie below .708.";
    let loadings = results::loadings(fit, bootstrap, language);
    add(SectionId::Reflective, "loadings-chart", "Loadings", caption, loadings.svg(theme))?;
    let caption = "Heterotrait-monotrait ratios of correlations.";
    let htmt = results::htmt(fit, assessment, bootstrap, language);
    add(SectionId::Reflective, "htmt-chart", "HTMT", caption, htmt.svg(theme))?;
    let caption = "Points are estimates, lines their intervals; hollow points are not significant.";
    let forest = results::forest(fit, bootstrap, language);
    add(SectionId::Structure, "forest", "Paths with intervals", caption, forest.svg(theme))?;
    if let Some(bootstrap) = bootstrap {
        let caption = "Estimates, intervals and zero among the resampled path coefficients.";
        let distributions = results::distributions(fit, bootstrap, language);
        let title = "Bootstrap distributions";
        add(SectionId::Structure, "distributions", title, caption, distributions.svg(theme))?;
    }
    let moderation = bootstrap.and_then(|bootstrap| {
        Moderation::of(fit, assessment, bootstrap, &ModerationSettings::default()).ok()
    });
    if let Some(analysis) = moderation {
        let draw = |chart: InteractionChart| chart.svg(fit, &analysis, language, theme);
        let caption =
            "The outcome over the predictor at values of the moderator, with the slope and its interval.";
        let slopes = draw(InteractionChart::Slopes);
        add(SectionId::Effects, "simple_slopes", "Simple slopes as lines", caption, slopes)?;
        let caption = "The slope over the moderator; the band is darker where the interval leaves out 0.";
        let regions = draw(InteractionChart::JohnsonNeyman);
        add(SectionId::Effects, "johnson_neyman", "Slopes over the moderator", caption, regions)?;
        let caption = "The outcome over predictor and moderator; lines join points of equal height.";
        let surfaces = draw(InteractionChart::Surface);
        add(SectionId::Effects, "interactions", "Response surface", caption, surfaces)?;
    }
    let caption = "Correlations of the scores; the darker, the stronger.";
    let title = "Correlations of the constructs as colours";
    let heat = results::correlations(fit, language);
    add(SectionId::Appendix, "construct_correlations", title, caption, heat.svg(theme))?;
    Ok(figures)
}
