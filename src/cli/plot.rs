//! `trustpath plot MODEL DATA`: the path diagram, or one of the charts, as SVG, PNG, PDF, `TikZ` or for Graphviz.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use trustpath::diagnostic::Diagnostic;
use trustpath::plot::results::{DiagramOptions, InteractionChart, Mode};
use trustpath::plot::{Arrangement, Lines, Theme};

use super::console::no_terminal;
use super::drawing::{Drawn, fitted};
use super::figure::{PRINT, SCALE, shown, undrawn, warn_of_small_letters, write_figure};
use super::groups::Grouping;
use super::inputs::{Estimation, Inputs};
use super::probing::Probing;
use super::resampling::Resampling;
use super::words::finite;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath plot model.sem answers.csv -o diagram.svg
  trustpath plot model.sem --show model -o model.svg
  trustpath plot model.sem answers.csv --figure loadings -o loadings.png
  trustpath plot model.sem answers.csv --figure slopes --at TRUST=-2,0,2 -o slopes.pdf
  trustpath plot model.sem answers.csv --no-items --theme journal -o figure1.svg
  trustpath plot model.sem answers.csv --no-items --show intervals --lines orthogonal -o diagram.pdf
  trustpath plot model.sem answers.csv --no-items --layout arranged.json -o diagram.tex
  trustpath plot model.sem answers.csv --groups gender --no-items -o groups.svg
  trustpath plot model.sem answers.csv --groups 'country=DE,CN' --show difference -o difference.png
  trustpath plot model.sem answers.csv --lang zh -o diagram.png
  trustpath plot model.sem --correlations table.csv --n 350 -o diagram.svg";

/// Draw the path diagram or a chart, as SVG, PNG or PDF
///
/// The extension of `--output` picks the form. A path diagram can also be written for LaTeX (.tex), for Graphviz (.dot), and as the places of its constructs (.json), which `--layout` reads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "switches of the command line")]
pub(crate) struct Plot {
    #[command(flatten)]
    pub(super) sources: Sources,
    /// What is drawn
    #[arg(long, value_enum, default_value_t = Figure::Diagram, help_heading = "Figure")]
    pub(super) figure: Figure,
    /// Leave the items out of the path diagram
    #[arg(long, help_heading = "Figure")]
    pub(super) no_items: bool,
    /// Keep the items on a page on which letters are too small to read for them, below 6 points; else they are left out there, and then labels too, which a key explains
    #[arg(long, conflicts_with = "no_items", help_heading = "Figure")]
    items: bool,
    /// Names of constructs instead of their labels
    #[arg(long, help_heading = "Figure")]
    names: bool,
    /// What stands on the paths of the diagram
    #[arg(long, value_enum, default_value_t = Show::Significance, ignore_case = true, help_heading = "Figure")]
    pub(super) show: Show,
    #[command(flatten)]
    pub(super) grouping: Grouping,
    /// How paths run
    #[arg(long, value_enum, default_value_t = Runs::Curved, help_heading = "Figure")]
    lines: Runs,
    /// Places of the constructs: a file that the diagram of an HTML report saves, or `plot -o FILE.json`
    #[arg(long, value_name = "FILE", help_heading = "Figure")]
    pub(super) layout: Option<PathBuf>,
    /// No bootstrap: estimates without significance
    #[arg(long, help_heading = "Figure")]
    pub(super) no_bootstrap: bool,
    /// For the screen, or black and white for a journal
    #[arg(long, value_enum, default_value_t = Preset::Screen, help_heading = "Figure")]
    theme: Preset,
    /// Largest width on paper in millimetres, such as 84 or 174 [default: 174 for a journal]
    #[arg(long, value_name = "MM", value_parser = width, help_heading = "Figure")]
    width: Option<f64>,
    /// Font to prefer, by the name of its family
    #[arg(long, value_name = "NAME", help_heading = "Figure")]
    font: Option<String>,
    /// Pixels of a PNG per unit of the drawing, 1 for 96 dots per inch [default: 2; 3.125, which is 300 dots, for a width on paper]
    #[arg(long, value_name = "NUMBER", value_parser = finite, help_heading = "Figure")]
    scale: Option<f64>,
    #[command(flatten)]
    pub(super) probing: Probing,
    #[command(flatten)]
    pub(super) estimation: Estimation,
    #[command(flatten)]
    pub(super) resampling: Resampling,
}

/// Model and data. The model alone is drawn without data, which other verbs cannot do without.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// Model file (.sem, lavaan syntax)
    pub(super) model: PathBuf,
    /// Survey file: a line of column names, then one line per case; `--show model` needs none
    #[arg(conflicts_with = "correlations")]
    data: Option<PathBuf>,
    /// Estimate from a table of correlations or covariances (CSV) in place of DATA
    #[arg(long, value_name = "FILE", requires = "n", help_heading = "Data")]
    correlations: Option<PathBuf>,
    /// Number of respondents behind the table
    #[arg(long, value_name = "N", requires = "correlations", conflicts_with = "data", help_heading = "Data")]
    n: Option<usize>,
}

impl Sources {
    pub(super) fn are_without_data(&self) -> bool {
        self.data.is_none() && self.correlations.is_none()
    }

    pub(super) fn inputs(&self) -> Result<Inputs, Failure> {
        if self.are_without_data() {
            return Err(Diagnostic::error("TP0003", "neither DATA nor `--correlations` is given")
                .hint("name the survey file: `trustpath plot MODEL DATA`")
                .hint("`--show model` draws the model alone, without data")
                .into());
        }
        Ok(Inputs {
            model: self.model.clone(),
            data: self.data.clone(),
            correlations: self.correlations.clone(),
            n: self.n,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Figure {
    /// Constructs, items and paths
    Diagram,
    /// Loadings with intervals
    Loadings,
    /// Paths with intervals
    Forest,
    /// Correlations of the constructs
    Correlations,
    /// Which items are missing together
    Missing,
    /// HTMT matrix
    Htmt,
    /// Bootstrap distributions of the paths
    Bootstrap,
    /// Shares of answers per item
    Answers,
    /// Interactions: the outcome at values of the moderator
    Slopes,
    /// Interactions: where the slope differs from 0
    JohnsonNeyman,
    /// Interactions: the outcome over predictor and moderator
    Surface,
}

impl Figure {
    /// The chart of interactions that it is.
    pub(super) fn chart(self) -> Option<InteractionChart> {
        match self {
            Self::Slopes => Some(InteractionChart::Slopes),
            Self::JohnsonNeyman => Some(InteractionChart::JohnsonNeyman),
            Self::Surface => Some(InteractionChart::Surface),
            _ => None,
        }
    }
}

/// What stands on the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Show {
    /// The model alone: hypotheses and expected signs; needs no DATA
    Model,
    /// Coefficients
    Estimates,
    /// Coefficients with stars and dashes from the bootstrap
    Significance,
    /// Coefficients with intervals
    Intervals,
    /// The difference of two groups (`--groups`), with stars and dashes from both bootstraps
    Difference,
}

impl Show {
    /// The same in one estimate.
    fn mode(self) -> Mode {
        match self {
            Self::Model => Mode::Model,
            Self::Estimates => Mode::Estimates,
            Self::Significance | Self::Difference => Mode::Significance,
            Self::Intervals => Mode::Intervals,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Runs {
    /// As smooth curves
    Curved,
    /// Along the axes
    Orthogonal,
}

/// A width on paper.
fn width(typed: &str) -> Result<f64, String> {
    let width = finite(typed)?;
    if (20.0..=2000.0).contains(&width) { Ok(width) } else { Err("choose from 20 to 2000 mm".to_owned()) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// Colours that colour-blind readers can tell apart
    Screen,
    /// Black and white, 174 mm wide, fonts embedded in a PDF, words as outlines in an SVG
    Journal,
}

impl Plot {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let Sources { model, data, correlations, .. } = &self.sources;
        let read = [Some(model.as_path()), data.as_deref(), correlations.as_deref(), self.layout.as_deref()];
        console.protect(&read, None)?;
        let target = console.target(&["svg", "png", "pdf", "tex", "dot", "json"])?;
        let diagrams_only = matches!(target, Some((_, "tex" | "dot" | "json"))) || self.layout.is_some();
        if diagrams_only && self.figure != Figure::Diagram {
            return Err(Diagnostic::error("TP0003", "TikZ, Graphviz and layouts are for path diagrams only")
                .hint("write a chart as .svg, .png or .pdf")
                .into());
        }
        if target.is_none() {
            no_terminal("a figure", "figure.svg")?;
        }
        let theme = self.theme()?;
        let drawn = self.draw(console, &theme)?;
        let drawn = match drawn {
            Drawn::Diagram(diagram) if !matches!(target, Some((_, "dot" | "json"))) => {
                Drawn::Diagram(Box::new(fitted(console, &diagram, &theme, !self.items)?))
            }
            other => other,
        };
        let svg = |drawn: &Drawn| match drawn {
            Drawn::Diagram(diagram) => diagram.svg(&theme).map_err(|error| undrawn(&error)),
            Drawn::Chart(svg) => Ok(svg.clone()),
        };
        if !matches!(target, Some((_, "dot" | "json"))) {
            warn_of_small_letters(console, &svg(&drawn)?);
        }
        match (target, &drawn) {
            (Some((file, "tex")), Drawn::Diagram(diagram)) => {
                console.write_file(file, &diagram.tikz(&theme).map_err(|error| undrawn(&error))?)?;
                console.note("LaTeX needs `\\usepackage{tikz}` and `\\usetikzlibrary{arrows.meta}` for it");
            }
            (Some((file, "dot")), Drawn::Diagram(diagram)) => console.write_file(file, &diagram.dot())?,
            (Some((file, "json")), Drawn::Diagram(diagram)) => {
                let layout = diagram.layout(&theme).map_err(|error| undrawn(&error))?;
                console.write_file(file, &Arrangement::write(diagram, &layout))?;
            }
            (Some((file, extension)), drawn) => {
                let on_paper = theme.max_width_mm.is_some();
                let scale = self.scale.unwrap_or(if on_paper { PRINT } else { SCALE });
                write_figure(console, file, extension, &svg(drawn)?, scale)?;
            }
            (None, drawn) => console.write(&shown(console, &svg(drawn)?)?)?,
        }
        Ok(Outcome::Done)
    }

    fn theme(&self) -> Result<Theme, Failure> {
        let mut theme = match self.theme {
            Preset::Screen => Theme::screen(),
            Preset::Journal => Theme::journal(),
        };
        theme.max_width_mm = self.width.or(theme.max_width_mm);
        if let Some(font) = &self.font {
            if font.contains(['\'', '"', ';', '<', '>']) {
                return Err(
                    Diagnostic::error("TP0003", "the name of a font has no quotes or brackets").into()
                );
            }
            #[cfg(feature = "png")]
            if !trustpath::plot::has_font(font) {
                return Err(Diagnostic::error("TP0006", format!("no font `{font}` is installed"))
                    .hint("name its family as the system lists it, such as `Noto Sans CJK SC`")
                    .into());
            }
            theme.family = format!("'{font}', {}", theme.family);
        }
        Ok(theme)
    }

    pub(super) fn options(&self, console: &Console) -> DiagramOptions {
        DiagramOptions {
            items: !self.no_items,
            labels: !self.names,
            language: console.language(),
            mode: self.show.mode(),
            lines: match self.lines {
                Runs::Curved => Lines::Curved,
                Runs::Orthogonal => Lines::Orthogonal,
            },
        }
    }
}
