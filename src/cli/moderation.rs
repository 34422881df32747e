//! `trustpath moderation MODEL DATA`: interactions probed.

#[cfg(feature = "plots")]
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trustpath::effects::Moderation as Analysis;
#[cfg(feature = "plots")]
use trustpath::plot::results::InteractionChart;
use trustpath::table::Table;

#[cfg(feature = "plots")]
use super::effects::Opened;
use super::effects::{Basis, chosen};
use super::probing::Probing;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath moderation model.sem answers.csv
  trustpath moderation model.sem answers.csv --at DTT=-2,0,2 --tables simple-slopes
  trustpath moderation model.sem answers.csv --moderator ATT --figures probing.png
  trustpath moderation model.sem answers.csv --intervals bca
  trustpath moderation model.sem answers.csv -o moderation.json";

/// Probe interactions: simple slopes, regions of significance, conditional indirect effects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Moderation {
    #[command(flatten)]
    basis: Basis,
    #[command(flatten)]
    probing: Probing,
    /// Tables to show, separated by commas [default: all]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
    /// Draw the charts as well: FILE.svg, .png or .pdf makes FILE-slopes, FILE-johnson-neyman and FILE-surface
    #[cfg(feature = "plots")]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    figures: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Interactions,
    #[value(alias = "simple_slopes")]
    SimpleSlopes,
    #[value(alias = "johnson_neyman")]
    JohnsonNeyman,
    #[value(alias = "conditional_indirect")]
    ConditionalIndirect,
    #[value(alias = "moderated_mediation")]
    ModeratedMediation,
}

impl Choice {
    fn of(self, analysis: &Analysis) -> Table {
        match self {
            Self::Interactions => analysis.interactions_table(),
            Self::SimpleSlopes => analysis.simple_slopes_table(),
            Self::JohnsonNeyman => analysis.johnson_neyman_table(),
            Self::ConditionalIndirect => analysis.conditional_indirect_table(),
            Self::ModeratedMediation => analysis.moderated_mediation_table(),
        }
    }
}

impl Moderation {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let settings = self.probing.settings()?;
        #[cfg(feature = "plots")]
        let files = self.figures.as_deref().map(|file| self.files(console, file)).transpose()?;
        let opened = self.basis.open(console)?;
        settings.check(&opened.fit)?;
        let boot = opened.bootstrap(&opened.fit)?;
        let analysis = Analysis::of(&opened.fit, &opened.job.assess(&opened.fit), &boot, &settings)?;
        let tables = chosen(&self.tables, Choice::value_variants(), |choice| choice.of(&analysis));
        opened.show(&boot, &analysis, tables)?;
        #[cfg(feature = "plots")]
        if let Some(files) = files {
            draw(console, &opened, &analysis, &files)?;
        }
        Ok(Outcome::Done)
    }

    /// The charts and their files.
    #[cfg(feature = "plots")]
    fn files(
        &self,
        console: &Console,
        file: &Path,
    ) -> Result<Vec<(InteractionChart, PathBuf, &'static str)>, Failure> {
        let extension = super::figure::extension(file)?;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut files = Vec::new();
        for chart in InteractionChart::ALL.iter().copied() {
            let path = file.with_file_name(format!("{stem}-{}.{extension}", chart.word()));
            console.protect(&self.basis.inputs.files(), Some(path.as_path()))?;
            files.push((chart, path, extension));
        }
        Ok(files)
    }
}

/// Writes every chart that has something to show.
#[cfg(feature = "plots")]
fn draw(
    console: &Console,
    opened: &Opened<'_>,
    analysis: &Analysis,
    files: &[(InteractionChart, PathBuf, &'static str)],
) -> Result<(), Failure> {
    use trustpath::plot::{PlotError, Theme};
    let theme = Theme::screen();
    for (chart, file, extension) in files {
        match chart.svg(&opened.fit, analysis, console.language(), &theme) {
            Ok(svg) => super::figure::write_figure(console, file, extension, &svg, super::figure::SCALE)?,
            Err(PlotError::Empty(_)) => {
                console.note(&format!("no {} to draw: {}", chart.word(), chart.why_not()));
            }
            Err(error) => return Err(super::figure::undrawn(&error)),
        }
    }
    Ok(())
}
