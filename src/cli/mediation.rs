//! `trustpath mediation MODEL DATA`: indirect effects, their types and sizes.

use clap::{Args, ValueEnum};
use trustpath::effects::Mediation as Analysis;
use trustpath::resample::Bootstrapped;
use trustpath::table::Table;

use super::effects::{Basis, chosen};
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
    basis: Basis,
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
    /// Quantities that the model file defines (`ab := a*b`)
    Definitions,
}

impl Choice {
    fn of(self, analysis: &Analysis, boot: &Bootstrapped) -> Table {
        match self {
            Self::TotalIndirect => analysis.total_table(),
            Self::Mediation => analysis.specific_table(),
            Self::Contrasts => analysis.contrasts_table(),
            Self::Definitions => boot.definitions(),
        }
    }
}

impl Mediation {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let opened = self.basis.open(console)?;
        let fit = &opened.fit;
        Analysis::check(fit)?;
        let boot = opened.bootstrap(fit)?;
        let analysis = Analysis::of(fit, &boot).with_thresholds(opened.job.thresholds.clone());
        let tables = chosen(&self.tables, Choice::value_variants(), |choice| choice.of(&analysis, &boot));
        opened.show(&boot, &analysis, tables)?;
        Ok(Outcome::Done)
    }
}
