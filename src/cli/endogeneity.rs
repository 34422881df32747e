//! `trustpath endogeneity MODEL DATA`: do predictors correlate with the error of their equation? The Hausman test where there
//! are instruments, Gaussian copulas where there are none.

use clap::{Args, ValueEnum};
use trustpath::assess::Tails;
use trustpath::contract::EndogeneityTests;
use trustpath::diagnostic::Diagnostic;
use trustpath::effects::{CopulaDistribution, CopulaSettings, Endogeneity as Analysis};
use trustpath::resample::{counted_by_seed, few_resamples, hausman, hausman_table};
use trustpath::table::Table;

use super::effects::Derived;
use super::inputs::{Answered, Estimation};
use super::words::{finite, one_of};
use super::{Console, Failure, Outcome, progress};

const EXAMPLES: &str = "\
Examples:
  trustpath endogeneity model.sem answers.csv
  trustpath endogeneity model.sem answers.csv --outcome PU --endogenous NAV,INFO
  trustpath endogeneity model.sem answers.csv --tables normality
  trustpath endogeneity model.sem answers.csv --tables hausman --consistent
  trustpath endogeneity model.sem answers.csv -o endogeneity.json
In the model file, instruments of an outcome stand as `#@ instruments OUTCOME Z1 Z2`.";

/// Test endogeneity: Gaussian copulas, and the Hausman test of equations with instruments (`#@ instruments`)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Endogeneity {
    #[command(flatten)]
    inputs: Answered,
    #[command(flatten)]
    estimation: Estimation,
    /// Number of resamples
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Bootstrap")]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    resamples: u32,
    /// Seed; the same seed gives the same numbers on any number of threads
    #[arg(long, value_name = "N", default_value_t = 42, help_heading = "Bootstrap")]
    seed: u64,
    /// Level of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = finite, help_heading = "Bootstrap")]
    #[arg(allow_negative_numbers = true)]
    level: f64,
    /// Most memory for the coefficients of all resamples, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2_048, help_heading = "Bootstrap")]
    max_memory: usize,
    /// Outcomes to look at, separated by commas [default: all]
    #[arg(long, value_delimiter = ',', value_name = "NAMES", help_heading = "Copulas")]
    outcome: Vec<String>,
    /// Predictors that may be endogenous, separated by commas [default: all that can have a copula term]
    #[arg(long, value_delimiter = ',', value_name = "NAMES", help_heading = "Copulas")]
    endogenous: Vec<String>,
    /// The distribution function whose normal quantiles are the copula term [default: empirical]
    #[arg(long, value_parser = one_of(CopulaDistribution::ALL, CopulaDistribution::word), ignore_case = true, help_heading = "Copulas")]
    distribution: Option<CopulaDistribution>,
    /// Tables to show, separated by commas [default: all]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Hausman,
    Normality,
    Copulas,
    #[value(alias = "corrected_paths")]
    CorrectedPaths,
}

impl Choice {
    fn of(self, found: &EndogeneityTests) -> Option<Table> {
        let copulas = found.copulas.as_ref();
        match self {
            Self::Hausman => found.hausman.as_deref().map(hausman_table),
            Self::Normality => copulas.map(Analysis::normality_table),
            Self::Copulas => copulas.map(Analysis::copula_table),
            Self::CorrectedPaths => copulas.map(Analysis::paths_table),
        }
    }
}

impl Endogeneity {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        if !(self.level > 0.0 && self.level < 1.0) {
            let problem = Diagnostic::error("TP0603", format!("a level of {} makes no interval", self.level));
            return Err(problem.hint("choose a level between 0 and 1, such as 0.95").into());
        }
        let job = self.inputs.inputs().open(&self.estimation)?;
        let fit = job.fit()?;
        let settings = CopulaSettings {
            resamples: self.resamples as usize,
            seed: self.seed,
            level: self.level,
            distribution: self.distribution.unwrap_or(CopulaDistribution::Empirical),
            outcomes: self.outcome.clone(),
            endogenous: self.endogenous.clone(),
            max_memory: self.max_memory,
        };
        let instruments = fit.plan.instruments.iter().any(|list| !list.is_empty());
        if self.tables.contains(&Choice::Hausman) && !instruments {
            return Err(Diagnostic::error("TP0013", "no equation has instruments, so that nothing can be tested")
                .in_file(&job.model_file, None, None)
                .hint("name them in the model file: `#@ instruments OUTCOME Z1 Z2`, constructs that act on the outcome through its predictors alone")
                .into());
        }
        let wanted = |choice: &Choice| self.tables.is_empty() || self.tables.contains(choice);
        let tests = if instruments && wanted(&Choice::Hausman) {
            Some(hausman(&fit, settings.resamples, settings.seed, settings.level, settings.max_memory)?)
        } else {
            None
        };
        let copulas = if self.tables == [Choice::Hausman] {
            None
        } else {
            let bar = progress::bar(settings.resamples, console, "Resamples", None);
            let found = Analysis::of(&fit, &settings, &|done| bar.inc(done as u64));
            bar.finish_and_clear();
            Some(found?)
        };
        let found = EndogeneityTests { hausman: tests, copulas };
        let choices = if self.tables.is_empty() { Choice::value_variants() } else { self.tables.as_slice() };
        let tables = choices.iter().filter_map(|choice| choice.of(&found)).collect();
        // Hausman's test says itself of how many resamples its coefficients are.
        let counting = found.copulas.as_ref().map(|copulas| copulas.admissible);
        let count = counting.unwrap_or(settings.resamples);
        if let Some(few) = few_resamples(count, settings.level, Tails::Two, true) {
            console.warn(&few);
        }
        let counted = counting.map(|counting| counted_by_seed(counting, settings.resamples, settings.seed));
        let counted =
            counted.unwrap_or_else(|| format!("{} resamples, seed {}", settings.resamples, settings.seed));
        let mut about = vec![("Bootstrap", counted)];
        let without =
            found.copulas.as_ref().map(|copulas| &copulas.without_term).filter(|list| !list.is_empty());
        if let Some(without) = without {
            let listed: Vec<String> = without.iter().map(|(name, why)| format!("{name} ({why})")).collect();
            about.push(("No term", listed.join(", ")));
        }
        Derived { job: &job, fit: &fit, boot: None, about }.show(console, format, &found, tables)?;
        Ok(Outcome::Done)
    }
}
