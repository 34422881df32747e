//! What `trustpath plot` draws: the diagram of an estimate, of groups or of the model alone, or a chart.

use trustpath::diagnostic::Diagnostic;
use trustpath::effects::Moderation;
use trustpath::plot::results::{self, GroupError, InteractionChart};
use trustpath::plot::{Arrangement, Concession, Diagram, Language, Patterns, PlotError, Svg, Theme};
use trustpath::pls::PlsFit;
use trustpath::survey::Sample;

use super::bootstrap::{warn_of_few, warn_of_inadmissible, warn_of_interruption};
use super::figure::{read_arrangement, undrawn};
use super::inputs::{Data, Job, read_model};
use super::page::Page;
use super::plot::{Figure, Plot, Show};
use super::{Console, Failure};

/// A figure ready for writing.
pub(super) enum Drawn {
    /// A diagram, which is more than a picture.
    Diagram(Box<Diagram>),
    Chart(Svg),
}

/// A diagram that can be read on its page; what it gives up for that is told.
pub(super) fn fitted(
    console: &Console,
    diagram: &Diagram,
    theme: &Theme,
    without_items: bool,
) -> Result<Diagram, Failure> {
    let (fitted, given) = diagram.fitted(theme, without_items).map_err(|error| undrawn(&error))?;
    for concession in given {
        console.note(match concession {
            Concession::Items => "items are left out, as their letters would be too small to read at this width; `--items` keeps them",
            Concession::Labels => "at this width names stand in place of labels, which a key explains",
        });
    }
    Ok(fitted)
}

impl Plot {
    /// The places of constructs that were asked for; names that the model does not have are told.
    fn arrangement(&self, console: &Console, diagram: &Diagram) -> Result<Arrangement, Failure> {
        let Some(file) = &self.layout else { return Ok(Arrangement::default()) };
        let known = |name: &str| diagram.nodes.iter().any(|node| node.name == name);
        read_arrangement(console, file, known)
    }

    /// Puts constructs where they were asked for.
    fn arranged(&self, console: &Console, theme: &Theme, diagram: Diagram) -> Result<Diagram, Failure> {
        let mut diagram = diagram;
        diagram.arrangement = self.arrangement(console, &diagram)?;
        let layout = diagram.layout(theme).map_err(|error| undrawn(&error))?;
        if !diagram.arrangement.is_empty() && !layout.overlaps().is_empty() {
            console.warn(&format!("in this layout things overlap: {}", layout.overlaps().join("; ")));
        }
        Ok(diagram)
    }

    /// Whether the figure shows nothing of a bootstrap.
    fn is_unresampled(&self) -> bool {
        matches!(self.figure, Figure::Answers | Figure::Missing | Figure::Correlations)
            || (self.figure == Figure::Diagram && matches!(self.show, Show::Model | Show::Estimates))
    }

    /// Groups side by side, or their difference.
    fn draw_groups(&self, console: &Console, theme: &Theme, job: &Job) -> Result<Option<Drawn>, Failure> {
        if !self.grouping.is_some() {
            if self.show == Show::Difference {
                return Err(Diagnostic::error("TP0003", "`--show difference` needs two groups")
                    .hint("name the column that tells them apart: `--groups gender`")
                    .into());
            }
            return Ok(None);
        }
        if !matches!(self.figure, Figure::Diagram | Figure::Forest) {
            return Err(Diagnostic::error(
                "TP0003",
                "groups are shown in the path diagram and the forest only",
            )
            .hint("leave out `--figure`, or ask for `--figure forest`")
            .into());
        }
        let resampling = (!self.no_bootstrap && !self.is_unresampled()).then_some(&self.resampling);
        let Some(groups) = self.grouping.run(job, resampling, console)? else { return Ok(None) };
        let (column, fits, language) = (&groups.column, groups.fits(), console.language());
        let warn = || {
            console.note(
                "paths of groups may be compared only if measurement is invariant, which is not tested here",
            );
        };
        if self.figure == Figure::Forest {
            warn();
            let forest = results::forest_of_groups(column, &fits, language);
            return forest.svg(theme).map(|svg| Some(Drawn::Chart(svg))).map_err(|error| undrawn(&error));
        }
        let options = self.options(console);
        let diagram = if self.show == Show::Difference {
            let [one, two] = fits.as_slice() else {
                let message = format!("`{column}` has {} groups; a difference is one of two", fits.len());
                return Err(Diagnostic::error("TP0003", message)
                    .hint(format!("choose two: `--groups '{column}={},{}'`", fits[0].name, fits[1].name))
                    .into());
            };
            results::difference(column, [*one, *two], options).map_err(|error| match error {
                GroupError::Resample(error) => Failure::from(error),
                other => Diagnostic::error("TP0006", other.to_string()).into(),
            })?
        } else {
            results::beside(column, &fits, options).map_err(|error| undrawn(&error))?
        };
        if self.show != Show::Model {
            warn();
        }
        Ok(Some(Drawn::Diagram(Box::new(self.arranged(console, theme, diagram)?))))
    }

    pub(super) fn draw(&self, console: &Console, theme: &Theme) -> Result<Drawn, Failure> {
        let alone = self.sources.are_without_data() && !self.grouping.is_some();
        if alone && self.figure == Figure::Diagram && self.show == Show::Model {
            let model = read_model(&self.sources.model)?;
            let diagram = results::model_diagram(&model, self.options(console));
            return Ok(Drawn::Diagram(Box::new(self.arranged(console, theme, diagram)?)));
        }
        let job = self.sources.inputs()?.open(&self.estimation)?;
        if let Some(drawn) = self.draw_groups(console, theme, &job)? {
            return Ok(drawn);
        }
        let fit = job.fit()?;
        let assessment = job.assess(&fit);
        Page::warn_of(console, &assessment);
        let language = console.language();
        // Answers show no estimate; a correlation table has nothing to resample.
        let needless = self.no_bootstrap || self.is_unresampled() || fit.sample.is_none();
        if fit.sample.is_none()
            && (matches!(self.figure, Figure::Answers | Figure::Bootstrap | Figure::Missing)
                || self.figure.chart().is_some())
        {
            return Err(Diagnostic::error(
                "TP0003",
                "this figure needs the answers, not only their correlations",
            )
            .hint("give the survey file instead of the correlation table")
            .into());
        }
        if self.no_bootstrap && (self.figure == Figure::Bootstrap || self.figure.chart().is_some()) {
            let word = self.figure.chart().map_or("bootstrap", InteractionChart::word);
            let message = format!("`--figure {word}` shows nothing with `--no-bootstrap`");
            return Err(Diagnostic::error("TP0003", message).into());
        }
        let settings = self.probing.settings()?;
        if self.figure.chart().is_some() {
            settings.check(&fit)?;
        }
        let boot = if needless { None } else { Some(self.resampling.run(&fit, &job, console)?) };
        if let Some(boot) = &boot {
            warn_of_inadmissible(console, boot);
            warn_of_few(console, boot);
            warn_of_interruption(console, boot);
        }
        let drawn = match (self.figure, &boot) {
            (Figure::Diagram, _) => {
                let diagram = results::diagram(&fit, boot.as_ref(), self.options(console));
                let diagram = self.arranged(console, theme, diagram)?;
                return Ok(Drawn::Diagram(Box::new(diagram)));
            }
            (Figure::Loadings, _) => results::loadings(&fit, boot.as_ref(), language).svg(theme),
            (Figure::Forest, _) => results::forest(&fit, boot.as_ref(), language).svg(theme),
            (Figure::Correlations, _) => results::correlations(&fit, language).svg(theme),
            (Figure::Missing, _) => match self.missing(&job, &fit, language)? {
                Some(patterns) => patterns.svg(theme),
                None => {
                    return Err(Diagnostic::error("TP0006", "no answer is missing")
                        .hint("there is nothing to draw, which is good news")
                        .into());
                }
            },
            (Figure::Htmt, _) => results::htmt(&fit, &assessment, boot.as_ref(), language).svg(theme),
            (Figure::Bootstrap, Some(boot)) => results::distributions(&fit, boot, language).svg(theme),
            (Figure::Answers, _) => match fit.answers() {
                Some(sample) => match results::answers(fit.written(), sample, language) {
                    Some(answers) => answers.svg(theme),
                    None => {
                        return Err(Diagnostic::error(
                            "TP0006",
                            "no item has at most 11 whole-number answers",
                        )
                        .hint("stacked bars suit rating scales only; see `trustpath check` for these data")
                        .into());
                    }
                },
                None => Err(PlotError::Empty("answers".to_owned())),
            },
            (figure, boot) => match (figure.chart(), boot) {
                (Some(chart), Some(boot)) => {
                    let analysis = Moderation::of(&fit, &assessment, boot, &settings)?;
                    match chart.svg(&fit, &analysis, language, theme) {
                        Err(PlotError::Empty(_)) => {
                            let message = format!("there is no {} to draw", chart.word());
                            return Err(Diagnostic::error("TP0006", message).hint(chart.why_not()).into());
                        }
                        other => other,
                    }
                }
                _ => Err(PlotError::Empty("bootstrap".to_owned())),
            },
        };
        drawn.map(Drawn::Chart).map_err(|error| undrawn(&error))
    }

    /// Patterns of the answers as they were read: with listwise deletion the estimate has none left.
    #[allow(clippy::unused_self, reason = "a step of `draw`")]
    fn missing(&self, job: &Job, fit: &PlsFit, language: Language) -> Result<Option<Patterns>, Failure> {
        let (Data::Answers(survey), Some(_)) = (&job.data, &fit.sample) else { return Ok(None) };
        let sample = Sample::draw_all(&job.model, survey, &job.settings.data)?;
        Ok(results::missing(&sample, language))
    }
}
