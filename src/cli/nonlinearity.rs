//! `trustpath nonlinearity MODEL DATA`: whether straight lines are enough.

use clap::Args;
use trustpath::effects::{Nonlinearity as Check, with_squares};

use super::effects::Basis;
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
    basis: Basis,
}

impl Nonlinearity {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let opened = self.basis.open(console)?;
        let fit = &opened.fit;
        let (model, without) = with_squares(fit)?;
        let squared = fit.refit(&model)?;
        let boot = opened.bootstrap(&squared)?;
        let check = Check::of(fit, &squared, &boot, without, opened.job.conventions)?;
        let tables = vec![check.reset_table(), check.quadratic_table()];
        opened.show(&boot, &check, tables)?;
        Ok(Outcome::Done)
    }
}
