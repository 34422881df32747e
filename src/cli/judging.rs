//! Thresholds that are typed with the command.

use clap::Args;
use trustpath::assess::Thresholds;

use super::Failure;
use super::failure::both;
use super::inputs::{Estimation, Inputs, Job};

#[derive(Debug, Args)]
pub(crate) struct Judging {
    /// Judge by a threshold of one's own: where it is fine, then where it fails, such as R01=0.6,0.4 (repeatable); wins over the model file's `#@ threshold`
    #[arg(long, value_name = "RULE=NUMBERS", help_heading = "Output")]
    threshold: Vec<String>,
}

impl Judging {
    /// Reads what a command is given; what is wrong with files and thresholds is reported together.
    pub(crate) fn open(&self, inputs: &Inputs, estimation: &Estimation) -> Result<Job, Failure> {
        let (mut job, _) = both(inputs.open(estimation), self.read())?;
        for written in &self.threshold {
            job.thresholds.set(written)?;
        }
        Ok(job)
    }

    fn read(&self) -> Result<Thresholds, Failure> {
        let mut thresholds = Thresholds::default();
        let problems: Vec<_> = self
            .threshold
            .iter()
            .filter_map(|written| thresholds.set(written).err())
            .flat_map(|problems| problems.0)
            .collect();
        if problems.is_empty() { Ok(thresholds) } else { Err(Failure::Bad(problems)) }
    }
}
