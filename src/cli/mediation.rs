//! `trustpath mediation MODEL DATA`: indirect effects, their types and sizes.

use clap::{Args, ValueEnum};
use trustpath::effects::Mediation as Analysis;
use trustpath::table::Table;

use super::effects::{Derived, check_intervals};
use super::inputs::{Estimation, Inputs};
use super::resampling::Resampling;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath mediation model.sem answers.csv
  trustpath mediation model.sem answers.csv --resamples 1000 --seed 7 --tables mediation
  trustpath mediation model.sem answers.csv -o mediation.json";

/// Find every indirect effect: estimates, intervals, type of mediation, effect size, differences
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mediation {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
    /// Tables to show, separated by commas [default: all]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    #[value(alias = "total_indirect")]
    TotalIndirect,
    Mediation,
    Contrasts,
}

impl Choice {
    fn of(self, analysis: &Analysis) -> Table {
        match self {
            Self::TotalIndirect => analysis.total_table(),
            Self::Mediation => analysis.specific_table(),
            Self::Contrasts => analysis.contrasts_table(),
        }
    }
}

impl Mediation {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        check_intervals(&self.resampling, console)?;
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        Analysis::check(&fit)?;
        let boot = self.resampling.run(&fit, &job.data, console)?;
        let analysis = Analysis::of(&fit, &boot);
        let asked = !self.tables.is_empty();
        let choices = if asked { self.tables.as_slice() } else { Choice::value_variants() };
        let tables = choices.iter().map(|choice| choice.of(&analysis));
        let tables = tables.filter(|table| asked || !table.rows.is_empty()).collect();
        Derived { job: &job, fit: &fit, boot: Some(&boot), about: Vec::new() }
            .show(console, format, &analysis, tables)?;
        Ok(Outcome::Done)
    }
}
