//! `trustpath controls MODEL DATA`: the model with and without its controls.

use clap::Args;
use trustpath::effects::Controls as Comparison;

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
        let boot = opened.bootstrap(&opened.fit)?;
        let comparison = Comparison::compare(&opened.fit, &boot, |fit| opened.bootstrap(fit))?;
        opened.show(&boot, &comparison, comparison.tables())?;
        Ok(Outcome::Done)
    }
}
