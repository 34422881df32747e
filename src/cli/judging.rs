//! Thresholds that are typed with the command.

use clap::Args;
use trustpath::assess::Thresholds;
use trustpath::diagnostic::Diagnostic;

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
        job.thresholds = self.over(job.thresholds)?;
        Ok(job)
    }

    /// Lays what was typed over the thresholds of the model file.
    pub(crate) fn over(&self, mut thresholds: Thresholds) -> Result<Thresholds, Failure> {
        self.read()?;
        for written in &self.threshold {
            thresholds.set(written)?;
        }
        Ok(thresholds)
    }

    /// Refuses thresholds where nothing is judged.
    pub(crate) fn refuse(&self, instead: &str) -> Result<(), Failure> {
        if self.threshold.is_empty() {
            return Ok(());
        }
        let message = format!("`--threshold` says how numbers are judged, but {instead}");
        Err(Diagnostic::error("TP0003", message).hint("leave out `--threshold`").into())
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
