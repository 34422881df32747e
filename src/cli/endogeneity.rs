//! `trustpath endogeneity MODEL DATA`: do predictors correlate with the error of their equation?

use clap::Args;
use serde_json::json;
use trustpath::diagnostic::Diagnostic;
use trustpath::resample::{hausman, hausman_table};

use super::console::Format;
use super::inputs::{Estimation, Inputs};
use super::page::{Page, header};
use super::words::finite;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath endogeneity model.sem answers.csv
  trustpath endogeneity model.sem answers.csv --consistent --resamples 5000
In the model file, instruments of an outcome stand as `#@ instruments OUTCOME Z1 Z2`.";

/// Test endogeneity: the Hausman test of equations with instruments (`#@ instruments`)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Endogeneity {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    /// Number of resamples
    #[arg(long, value_name = "N", default_value_t = 5_000, help_heading = "Bootstrap")]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    resamples: u32,
    /// Seed; the same seed gives the same numbers on any number of threads
    #[arg(long, value_name = "N", default_value_t = 42, help_heading = "Bootstrap")]
    seed: u64,
    /// Level of the intervals in JSON
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = finite, help_heading = "Bootstrap")]
    level: f64,
}

impl Endogeneity {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        if !(self.level > 0.0 && self.level < 1.0) {
            let problem = Diagnostic::error("TP0603", format!("a level of {} makes no interval", self.level));
            return Err(problem.hint("choose a level between 0 and 1, such as 0.95").into());
        }
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        if fit.plan.instruments.iter().all(Vec::is_empty) {
            return Err(Diagnostic::error("TP0013", "no equation has instruments, so that nothing can be tested")
                .in_file(&job.model_file, None, None)
                .hint("name them in the model file: `#@ instruments OUTCOME Z1 Z2`, constructs that act on the outcome through its predictors alone")
                .into());
        }
        let resamples = self.resamples as usize;
        let tests = hausman(&fit, resamples, self.seed, self.level)?;
        let assessment = job.assess(&fit);
        Page::warn(console, format, &assessment);
        if format == Format::Json {
            let mut object = json::head(&job, &fit, &assessment);
            object.insert(
                "bootstrap".into(),
                json!({"resamples": resamples, "seed": self.seed, "level": self.level}),
            );
            object.insert("hausman".into(), json::value(&tests));
            console.write(&json::text(&object))?;
            return Ok(Outcome::Done);
        }
        let mut header = header(&job, &fit);
        header.push(("Bootstrap", format!("{resamples} resamples, seed {}", self.seed)));
        let page = Page { banner: assessment.banner(), header, tables: vec![hausman_table(&tests)] };
        console.write(&page.render(format))?;
        Ok(Outcome::Done)
    }
}
