//! `trustpath moderation MODEL DATA`: interactions probed.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use trustpath::diagnostic::Diagnostic;
use trustpath::effects::{JohnsonNeyman, Moderation as Analysis, ModerationSettings};
use trustpath::table::Table;

use super::effects::{Derived, check_intervals};
use super::inputs::{Estimation, Inputs};
use super::resampling::Resampling;
use super::words::one_of;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath moderation model.sem answers.csv
  trustpath moderation model.sem answers.csv --at DTT=-2,0,2 --tables simple-slopes
  trustpath moderation model.sem answers.csv --moderator ATT
  trustpath moderation model.sem answers.csv -o moderation.json";

/// Probe interactions: simple slopes, regions of significance, conditional indirect effects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Moderation {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
    /// Values at which a moderator stands, such as DTT=-2,0,2 (repeatable), in standard deviations, or in the units of an unstandardised construct [default: -1, 0, 1, or the two values of a binary one]
    #[arg(long, value_name = "NAME=VALUES", allow_hyphen_values = true, help_heading = "Probing")]
    at: Vec<String>,
    /// The factor of a product that moderates [default: the second, or the binary one] (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Probing")]
    moderator: Vec<String>,
    /// Where the points of Johnson and Neyman come from [default: percentile]
    #[arg(long, value_parser = one_of(JohnsonNeyman::ALL, JohnsonNeyman::word), ignore_case = true, help_heading = "Probing")]
    johnson_neyman: Option<JohnsonNeyman>,
    /// Tables to show, separated by commas [default: all]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Interactions,
    #[value(alias = "simple_slopes")]
    SimpleSlopes,
    #[value(alias = "johnson_neyman")]
    JohnsonNeyman,
    #[value(alias = "conditional_indirect")]
    ConditionalIndirect,
    #[value(alias = "moderated_mediation")]
    ModeratedMediation,
}

impl Choice {
    fn of(self, analysis: &Analysis) -> Table {
        match self {
            Self::Interactions => analysis.interactions_table(),
            Self::SimpleSlopes => analysis.simple_slopes_table(),
            Self::JohnsonNeyman => analysis.johnson_neyman_table(),
            Self::ConditionalIndirect => analysis.conditional_indirect_table(),
            Self::ModeratedMediation => analysis.moderated_mediation_table(),
        }
    }
}

impl Moderation {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        check_intervals(&self.resampling, console)?;
        let settings = ModerationSettings {
            moderators: self.moderator.clone(),
            values: values(&self.at)?,
            johnson_neyman: self.johnson_neyman,
        };
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        settings.check(&fit)?;
        let boot = self.resampling.run(&fit, &job.data, console)?;
        let analysis = Analysis::of(&fit, &job.assess(&fit), &boot, &settings)?;
        let asked = !self.tables.is_empty();
        let choices = if asked { self.tables.as_slice() } else { Choice::value_variants() };
        let tables = choices.iter().map(|choice| choice.of(&analysis));
        let tables = tables.filter(|table| asked || !table.rows.is_empty()).collect();
        Derived { job: &job, fit: &fit, boot: Some(&boot), about: Vec::new() }
            .show(console, format, &analysis, tables)?;
        Ok(Outcome::Done)
    }
}

/// `NAME=VALUES` as typed.
fn values(typed: &[String]) -> Result<BTreeMap<String, Vec<f64>>, Failure> {
    let mut found = BTreeMap::new();
    for written in typed {
        let parsed = written.split_once('=').and_then(|(name, list)| {
            let numbers: Option<Vec<f64>> = list
                .split(',')
                .map(|word| word.trim().parse().ok().filter(|x: &f64| x.is_finite()))
                .collect();
            Some((name.trim().to_owned(), numbers?))
        });
        let Some((name, numbers)) = parsed else {
            return Err(Diagnostic::error("TP0804", format!("`--at {written}` names no values"))
                .hint("write a moderator and numbers: `--at DTT=-1,0,1`")
                .into());
        };
        found.insert(name, numbers);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_are_numbers_after_a_name() {
        let read = values(&["A=-1,0, 2".to_owned()]).ok();
        assert_eq!(read.and_then(|read| read.get("A").cloned()), Some(vec![-1.0, 0.0, 2.0]));
        for wrong in ["A", "A=", "A=x", "A=1,,2", "A=nan"] {
            assert!(values(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
