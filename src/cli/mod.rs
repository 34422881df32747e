//! The command line: one file per verb, thin; the only place that prints, or knows clap.
//!
//! What the user typed (clap structs) is resolved once into what the library takes (`Pls`, `Bootstrap`,
//! `Conventions`). Data go to standard output, everything else to standard error; exit codes are 0 for done, 1 for
//! an estimate that `--strict` refuses, 2 for bad input, 130 for a run that Ctrl-C ended. A reader who closes the pipe early is no failure.
//!
//! A new verb is one file with its clap struct and a `run`, one line in [`Verb`] and one in [`run`].
//!
//! Codes of the command line's own problems: `TP0001` cannot read a file, `TP0002` cannot write one, `TP0003` options
//! that do not fit together, `TP0004` a file of resamples that breaks its form, `TP0005` no such built-in model,
//! `TP0006` a figure or report that cannot be made, `TP0011` no such rule or code, `TP0012` programs that cannot be
//! compared, `TP0013` a test without what it needs in the model file, `TP0014` a
//! file that is no manifest, `TP0015` a file that has changed since its manifest was written. `codes` has them all.

mod bootstrap;
mod check;
#[cfg_attr(not(feature = "report"), allow(dead_code, reason = "a report alone shows the command"))]
mod command;
mod compare;
mod completions;
mod console;
mod controls;
mod differences;
mod drawing;
mod effects;
mod endogeneity;
mod explain;
mod failure;
mod figure;
mod fit;
mod given;
#[cfg(feature = "plots")]
mod groups;
mod inputs;
mod json;
mod judging;
mod manifest;
mod measurement;
mod mediation;
mod models;
mod moderation;
mod new;
mod nonlinearity;
mod page;
#[cfg(feature = "plots")]
mod plot;
mod probing;
mod progress;
mod questionnaire;
#[cfg(feature = "report")]
mod report;
mod reproduce;
mod rerun;
mod resampling;
mod sample_size;
mod sem;
mod simulate;
mod usage;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use trustpath::diagnostic::Diagnostic;

use console::{Console, Global};
use failure::Failure;
use trustpath::table::Language;

const TOUR: &str = "\
A tour in two lines:
  trustpath fit models/initial-trust.sem data/initial-trust.csv
  trustpath report models/initial-trust.sem data/initial-trust.csv -o report.html

Exit codes: 0 done; 1 estimated, but `--strict` refuses the result; 2 bad input;
130 interrupted by Ctrl-C (a bootstrap reports what was finished)";

/// Path models from questionnaires: estimate, assess, bootstrap
#[derive(Debug, Parser)]
#[command(name = "trustpath", version, after_help = TOUR, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Check),
    Fit(fit::Fit),
    Sem(sem::Sem),
    Bootstrap(bootstrap::Bootstrap),
    Rerun(rerun::Rerun),
    Mediation(mediation::Mediation),
    Measurement(measurement::Measurement),
    Endogeneity(endogeneity::Endogeneity),
    Compare(compare::Compare),
    Moderation(moderation::Moderation),
    Controls(controls::Controls),
    Nonlinearity(nonlinearity::Nonlinearity),
    #[cfg(feature = "plots")]
    Plot(plot::Plot),
    #[cfg(feature = "report")]
    Report(report::Report),
    Differences(differences::Differences),
    Explain(explain::Explain),
    Models(models::Models),
    New(new::New),
    Questionnaire(questionnaire::Questionnaire),
    SampleSize(sample_size::SampleSize),
    Simulate(simulate::Simulate),
    Reproduce(reproduce::Reproduce),
    Completions(completions::Completions),
}

/// How a run that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done.
    Done,
    /// Estimated, but `--strict` refuses the result.
    Refused,
    /// Ended by Ctrl-C; what was finished has been reported.
    Interrupted,
}

fn run(verb: &Verb, console: &Console) -> Result<Outcome, Failure> {
    match verb {
        Verb::Check(check) => check.run(console),
        Verb::Fit(fit) => fit.run(console),
        Verb::Sem(sem) => sem.run(console),
        Verb::Bootstrap(bootstrap) => bootstrap.run(console),
        Verb::Rerun(rerun) => rerun.run(console),
        Verb::Mediation(mediation) => mediation.run(console),
        Verb::Measurement(measurement) => measurement.run(console),
        Verb::Endogeneity(endogeneity) => endogeneity.run(console),
        Verb::Compare(compare) => compare.run(console),
        Verb::Moderation(moderation) => moderation.run(console),
        Verb::Controls(controls) => controls.run(console),
        Verb::Nonlinearity(nonlinearity) => nonlinearity.run(console),
        #[cfg(feature = "plots")]
        Verb::Plot(plot) => plot.run(console),
        #[cfg(feature = "report")]
        Verb::Report(report) => report.run(console),
        Verb::Differences(differences) => differences.run(console),
        Verb::Explain(explain) => explain.run(console),
        Verb::Models(models) => models.run(console),
        Verb::New(new) => new.run(console),
        Verb::Questionnaire(questionnaire) => questionnaire.run(console),
        Verb::SampleSize(size) => size.run(console),
        Verb::Simulate(simulate) => simulate.run(console),
        Verb::Reproduce(reproduce) => reproduce.run(console),
        Verb::Completions(completions) => completions.run(console),
    }
}

/// Whether `--correlations` was typed for a verb that looks at the cases.
fn wants_a_table(error: &clap::Error) -> bool {
    let named = error.get(ContextKind::InvalidArg);
    error.kind() == ErrorKind::UnknownArgument
        && matches!(named, Some(ContextValue::String(name)) if name == "--correlations")
}

/// Parses, runs, and maps the outcome to an exit code.
pub(crate) fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let mut command = Cli::command();
    // Usage errors are written before any option is read.
    if typed.iter().any(|word| word == "--no-color") {
        command = command.color(clap::ColorChoice::Never);
        anstream::ColorChoice::Never.write_global();
    }
    let language = usage::asked(&typed);
    let parsed = command.try_get_matches_from(typed).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if wants_a_table(&error) => {
            let problem =
                Diagnostic::error("TP0601", "a bootstrap needs the answers, not only their correlations")
                    .hint("give the survey file instead of the correlation table");
            console::to_stderr(&format!("{}\n", failure::draw(&problem, language)));
            return ExitCode::from(2);
        }
        Err(error) => {
            if error.use_stderr() && language != Language::English {
                console::to_stderr(&usage::translated(&error.render().ansi().to_string(), language));
            } else {
                // Nobody is left to be told that this could not be written.
                let _ = error.print();
            }
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let console = Console::new(cli.global);
    match run(&cli.verb, &console) {
        Ok(Outcome::Done) if progress::interrupted() => ExitCode::from(progress::INTERRUPTED),
        Ok(Outcome::Done) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Ok(Outcome::Interrupted) => ExitCode::from(progress::INTERRUPTED),
        Err(Failure::Bad(problems)) => {
            console.problems(&problems);
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_verb_ends_its_help_with_examples() {
        for verb in Cli::command().get_subcommands() {
            let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Examples:"), "{} has no examples", verb.get_name());
        }
    }
}
