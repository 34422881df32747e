//! `trustpath controls MODEL DATA`: the model with and without its controls.

use clap::Args;
use trustpath::effects::{Controls as Comparison, without_controls};

use super::effects::{Derived, check_intervals};
use super::inputs::{Estimation, Inputs};
use super::resampling::Resampling;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath controls model.sem answers.csv
  trustpath controls model.sem answers.csv --resamples 1000 --seed 7
  trustpath controls model.sem answers.csv -o controls.json";

/// Compare the model with and without its controls (`#@ control AGE GENDER`), side by side
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Controls {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

impl Controls {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        check_intervals(&self.resampling, console)?;
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        let reduced = fit.refit(&without_controls(fit.written())?)?;
        let boot = self.resampling.run(&fit, &job.data, console)?;
        let other = self.resampling.run(&reduced, &job.data, console)?;
        let comparison = Comparison::of((&fit, &boot), (&reduced, &other));
        let tables = [comparison.paths_table(), comparison.r_squared_table(), comparison.joint_table()];
        let tables = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
        Derived { job: &job, fit: &fit, boot: Some(&boot), about: Vec::new() }.show(
            console,
            format,
            &comparison,
            tables,
        )?;
        Ok(Outcome::Done)
    }
}
