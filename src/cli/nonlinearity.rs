//! `trustpath nonlinearity MODEL DATA`: whether straight lines are enough.

use clap::Args;
use trustpath::effects::{Nonlinearity as Check, with_squares};

use super::effects::{Derived, check_intervals};
use super::inputs::{Estimation, Inputs};
use super::resampling::Resampling;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath nonlinearity model.sem answers.csv
  trustpath nonlinearity model.sem answers.csv --resamples 1000 --seed 7
  trustpath nonlinearity model.sem answers.csv -o nonlinearity.json";

/// Check linearity: Ramsey's RESET per outcome, and the squares of all predictors, bootstrapped
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Nonlinearity {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

impl Nonlinearity {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        check_intervals(&self.resampling, console)?;
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        let (model, without) = with_squares(&fit)?;
        let squared = fit.refit(&model)?;
        let boot = self.resampling.run(&squared, &job.data, console)?;
        let check = Check::of(&fit, &squared, &boot, without)?;
        let tables = vec![check.reset_table(), check.quadratic_table()];
        Derived { job: &job, fit: &fit, boot: Some(&boot), about: Vec::new() }
            .show(console, format, &check, tables)?;
        Ok(Outcome::Done)
    }
}
