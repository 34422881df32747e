//! `trustpath nonlinearity MODEL DATA`: whether straight lines are enough.

use clap::Args;
use trustpath::effects::Nonlinearity as Check;

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
        let (boot, check) = Check::check(&opened.fit, opened.job.conventions, |fit| opened.bootstrap(fit))?;
        opened.show(&boot, &check, check.tables())?;
        Ok(Outcome::Done)
    }
}
