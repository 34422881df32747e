//! `trustpath controls MODEL DATA`: the model with and without its controls.

use clap::Args;
use trustpath::effects::{Controls as Comparison, without_controls};

use super::effects::Basis;
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
    basis: Basis,
}

impl Controls {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let opened = self.basis.open(console)?;
        let fit = &opened.fit;
        let reduced = fit.refit(&without_controls(fit.written())?)?;
        let boot = opened.bootstrap(fit)?;
        let other = opened.bootstrap(&reduced)?;
        let comparison = Comparison::of((fit, &boot), (&reduced, &other));
        let tables = [comparison.paths_table(), comparison.r_squared_table(), comparison.joint_table()];
        let tables = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
        opened.show(&boot, &comparison, tables)?;
        Ok(Outcome::Done)
    }
}
