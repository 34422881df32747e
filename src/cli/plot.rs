//! `trustpath plot MODEL DATA`: the path diagram, or one of the charts, as SVG or PNG.

use std::path::Path;

use clap::{Args, ValueEnum};
use trustpath::diagnostic::Diagnostic;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::plot::{Language, PlotError, Svg, Theme};

use super::bootstrap::{warn_of_inadmissible, warn_of_interruption};
use super::inputs::{Estimation, Inputs};
use super::page::Page;
use super::resampling::Resampling;
use super::words::finite;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath plot model.sem answers.csv -o diagram.svg
  trustpath plot model.sem answers.csv --figure loadings -o loadings.png
  trustpath plot model.sem answers.csv --no-items --theme journal -o figure1.svg
  trustpath plot model.sem answers.csv --lang zh -o diagram.png
  trustpath plot model.sem --correlations table.csv --n 350 -o diagram.svg";

/// Draw the path diagram or a chart, as SVG or PNG
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plot {
    #[command(flatten)]
    inputs: Inputs,
    /// What is drawn
    #[arg(long, value_enum, default_value_t = Figure::Diagram, help_heading = "Figure")]
    figure: Figure,
    /// Leave the items out of the path diagram
    #[arg(long, help_heading = "Figure")]
    no_items: bool,
    /// Names of constructs instead of their labels
    #[arg(long, help_heading = "Figure")]
    names: bool,
    /// No bootstrap: estimates without significance
    #[arg(long, help_heading = "Figure")]
    no_bootstrap: bool,
    /// For the screen, or black and white for a journal
    #[arg(long, value_enum, default_value_t = Preset::Screen, help_heading = "Figure")]
    theme: Preset,
    /// Language of labels and legend
    #[arg(long, value_enum, default_value_t = Lang::En, help_heading = "Figure")]
    lang: Lang,
    /// Pixels of a PNG per unit of the drawing
    #[arg(long, value_name = "NUMBER", default_value_t = 2.0, value_parser = finite, help_heading = "Figure")]
    scale: f64,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Figure {
    /// Constructs, items and paths
    Diagram,
    /// Loadings with intervals
    Loadings,
    /// HTMT matrix
    Htmt,
    /// Bootstrap distributions of the paths
    Bootstrap,
    /// Shares of answers per item
    Answers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// Colours that colour-blind readers can tell apart
    Screen,
    /// Black and white, 174 mm wide
    Journal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Simplified Chinese
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Zh => Self::Chinese,
        }
    }
}

impl Plot {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        console.protect(&self.inputs.files(), None)?;
        let target = console.target(&["svg", "png"])?;
        let svg = self.draw(console)?;
        match target {
            Some((file, "png")) => self.write_png(console, file, &svg)?,
            Some((file, _)) => console.write_file(file, svg.as_str())?,
            None => console.write(svg.as_str())?,
        }
        Ok(Outcome::Done)
    }

    fn draw(&self, console: &Console) -> Result<Svg, Failure> {
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        let assessment = job.assess(&fit);
        Page::warn_of(console, &assessment);
        let theme = match self.theme {
            Preset::Screen => Theme::screen(),
            Preset::Journal => Theme::journal(),
        };
        let language = Language::from(self.lang);
        // Answers show no estimate; a correlation table has nothing to resample.
        let needless = self.no_bootstrap || self.figure == Figure::Answers || fit.sample.is_none();
        if fit.sample.is_none() && matches!(self.figure, Figure::Answers | Figure::Bootstrap) {
            return Err(Diagnostic::error(
                "TP0003",
                "this figure needs the answers, not only their correlations",
            )
            .hint("give the survey file instead of the correlation table")
            .into());
        }
        if self.no_bootstrap && self.figure == Figure::Bootstrap {
            return Err(Diagnostic::error(
                "TP0003",
                "`--figure bootstrap` shows nothing with `--no-bootstrap`",
            )
            .into());
        }
        let boot = if needless { None } else { Some(self.resampling.run(&fit, &job.data, console)?) };
        if let Some(boot) = &boot {
            warn_of_inadmissible(console, boot);
            warn_of_interruption(console, boot);
        }
        let drawn = match (self.figure, &boot) {
            (Figure::Diagram, _) => {
                let options = DiagramOptions { items: !self.no_items, labels: !self.names, language };
                results::diagram(&fit, boot.as_ref(), options).svg(&theme)
            }
            (Figure::Loadings, _) => results::loadings(&fit, boot.as_ref(), language).svg(&theme),
            (Figure::Htmt, _) => results::htmt(&fit, &assessment, boot.as_ref(), language).svg(&theme),
            (Figure::Bootstrap, Some(boot)) => results::distributions(boot, language).svg(&theme),
            (Figure::Answers, _) => match &fit.sample {
                Some(sample) => match results::answers(&fit.model, sample, language) {
                    Some(answers) => answers.svg(&theme),
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
            (Figure::Bootstrap, None) => Err(PlotError::Empty("bootstrap".to_owned())),
        };
        drawn.map_err(|error| undrawn(&error))
    }

    #[cfg(feature = "png")]
    fn write_png(&self, console: &Console, file: &Path, svg: &Svg) -> Result<(), Failure> {
        #[allow(clippy::cast_possible_truncation, reason = "a scale of a few pixels needs no f64")]
        let pixels = trustpath::plot::png(svg, self.scale as f32).map_err(|error| undrawn(&error))?;
        console.write_bytes(file, &pixels)
    }

    #[cfg(not(feature = "png"))]
    #[allow(clippy::unused_self, reason = "same shape as with the feature")]
    fn write_png(&self, _: &Console, _: &Path, _: &Svg) -> Result<(), Failure> {
        Err(Diagnostic::error("TP0003", "this build cannot write PNG")
            .hint("write .svg, or build with `png`")
            .into())
    }
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
