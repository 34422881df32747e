//! `trustpath plot MODEL DATA`: the path diagram, or one of the charts, as SVG, PNG, PDF, `TikZ` or for Graphviz.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trustpath::diagnostic::Diagnostic;
use trustpath::effects::Moderation;
use trustpath::plot::results::{self, DiagramOptions, GroupError, InteractionChart, Mode};
use trustpath::plot::{Arrangement, Diagram, Language, Lines, Patterns, PlotError, Svg, Theme};
use trustpath::pls::PlsFit;
use trustpath::survey::Sample;

use super::bootstrap::{warn_of_few, warn_of_inadmissible, warn_of_interruption};
use super::console::no_terminal;
use super::groups::Grouping;
use super::inputs::{Data, Estimation, Inputs, Job, read_model};
use super::page::Page;
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
pub(crate) struct Plot {
    #[command(flatten)]
    sources: Sources,
    /// What is drawn
    #[arg(long, value_enum, default_value_t = Figure::Diagram, help_heading = "Figure")]
    figure: Figure,
    /// Leave the items out of the path diagram
    #[arg(long, help_heading = "Figure")]
    no_items: bool,
    /// Names of constructs instead of their labels
    #[arg(long, help_heading = "Figure")]
    names: bool,
    /// What stands on the paths of the diagram
    #[arg(long, value_enum, default_value_t = Show::Significance, ignore_case = true, help_heading = "Figure")]
    show: Show,
    #[command(flatten)]
    grouping: Grouping,
    /// How paths run
    #[arg(long, value_enum, default_value_t = Runs::Curved, help_heading = "Figure")]
    lines: Runs,
    /// Places of the constructs: a file that the diagram of an HTML report saves, or `plot -o FILE.json`
    #[arg(long, value_name = "FILE", help_heading = "Figure")]
    layout: Option<PathBuf>,
    /// No bootstrap: estimates without significance
    #[arg(long, help_heading = "Figure")]
    no_bootstrap: bool,
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
    probing: Probing,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

/// Model and data. The model alone is drawn without data, which other verbs cannot do without.
#[derive(Debug, Args)]
struct Sources {
    /// Model file (.sem, lavaan syntax)
    model: PathBuf,
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
    fn are_without_data(&self) -> bool {
        self.data.is_none() && self.correlations.is_none()
    }

    fn inputs(&self) -> Result<Inputs, Failure> {
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
enum Figure {
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
    fn chart(self) -> Option<InteractionChart> {
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
enum Show {
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

/// Letters on paper, in points: journals take no smaller ones.
const SMALLEST: f64 = 6.0;

/// Pixels of a PNG per unit of a drawing.
pub(crate) const SCALE: f64 = 2.0;
/// The same for print: 300 dots per inch.
const PRINT: f64 = 3.125;

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
    /// Black and white, 174 mm wide
    Journal,
}

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

/// A figure ready for writing.
enum Drawn {
    /// A diagram, which is more than a picture.
    Diagram(Box<Diagram>),
    Chart(Svg),
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
            (None, drawn) => console.write(svg(drawn)?.as_str())?,
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

    /// The places of constructs that were asked for; names that the model does not have are told.
    fn arrangement(&self, console: &Console, diagram: &Diagram) -> Result<Arrangement, Failure> {
        let Some(file) = &self.layout else { return Ok(Arrangement::default()) };
        let known = |name: &str| diagram.nodes.iter().any(|node| node.name == name);
        read_arrangement(console, file, known)
    }

    fn options(&self, console: &Console) -> DiagramOptions {
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

    fn draw(&self, console: &Console, theme: &Theme) -> Result<Drawn, Failure> {
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

/// Letters that nobody can read on paper.
fn warn_of_small_letters(console: &Console, svg: &Svg) {
    let points = svg.smallest_letters();
    if points < SMALLEST {
        console.warn(&format!(
            "at this width the smallest letters are {points:.1} pt high: give more room by `--width`, or leave out the items \
             (`--no-items`)"
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
        _ => return console.write_file(file, svg.as_str()),
    };
    console.write_bytes(file, &bytes.map_err(|error| undrawn(&error))?)
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
        return console.write_file(file, svg.as_str());
    }
    let message = format!("this build cannot write {}", extension.to_uppercase());
    Err(Diagnostic::error("TP0003", message).hint("write .svg, or build with `png`").into())
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
