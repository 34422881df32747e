//! What the user typed about the bootstrap, for every verb that runs one.

use clap::Args;
use trustpath::assess::Htmt;
use trustpath::pls::PlsFit;
use trustpath::resample::{Bootstrap as Settings, Bootstrapped, Imputation, Inadmissible};

use super::words::{finite, one_of};
use super::{Console, Failure, progress};

/// How the model is bootstrapped.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bootstrap")]
pub(crate) struct Resampling {
    /// Number of resamples
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) resamples: u32,
    /// Seed; the same seed gives the same numbers on any number of threads
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,
    /// Level of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = finite)]
    #[arg(allow_negative_numbers = true)]
    level: f64,
    /// When missing answers are replaced by means [default: each-resample]
    #[arg(long, value_parser = one_of(Imputation::ALL, Imputation::word), ignore_case = true)]
    imputation: Option<Imputation>,
    /// What is done about impossible estimates [default: drop]
    #[arg(long, value_parser = one_of(Inadmissible::ALL, Inadmissible::word), ignore_case = true)]
    inadmissible: Option<Inadmissible>,
    /// Which HTMT is recorded [default: absolute]
    #[arg(long, value_parser = one_of(Htmt::ALL, Htmt::word), ignore_case = true)]
    htmt: Option<Htmt>,
}

impl Resampling {
    /// The settings.
    pub(crate) fn resolve(&self) -> Settings {
        let base = Settings::default();
        Settings {
            resamples: self.resamples as usize,
            seed: self.seed,
            level: self.level,
            imputation: self.imputation.unwrap_or(base.imputation),
            inadmissible: self.inadmissible.unwrap_or(base.inadmissible),
            htmt: self.htmt.unwrap_or(base.htmt),
        }
    }

    /// Runs the bootstrap with a progress bar.
    pub(crate) fn run(&self, fit: &PlsFit, console: &Console) -> Result<Bootstrapped, Failure> {
        let settings = self.resolve();
        let bar = progress::bar(settings.resamples, console.shows_progress(), "Resamples");
        let boot = settings.run_with(fit, &|done| bar.inc(done as u64));
        bar.finish_and_clear();
        Ok(boot?)
    }
}
