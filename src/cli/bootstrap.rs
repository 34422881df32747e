//! `trustpath bootstrap MODEL DATA`: standard errors, p-values and intervals of everything.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trustpath::diagnostic::Diagnostic;
use trustpath::model::{Hypothesis, Sign};
use trustpath::resample::{Bootstrapped, Kind};
use trustpath::table::{Cell, Column, Table, Verdict};

use super::console::Format;
use super::failure::plain;
use super::fit::verdict;
use super::inputs::{Estimation, Inputs};
use super::page::{Page, header};
use super::resampling::Resampling;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath bootstrap model.sem answers.csv
  trustpath bootstrap model.sem answers.csv --resamples 1000 --seed 7 --tables paths
  trustpath bootstrap model.sem answers.csv --consistent -o bootstrap.json
  trustpath bootstrap model.sem answers.csv --indices resamples.csv";

/// More than this share of inadmissible resamples is worth a warning.
const MOST_INADMISSIBLE: f64 = 0.05;
/// Broken cells of a file of resamples that are reported one by one.
const MOST_PROBLEMS: usize = 5;

/// Estimate a model and bootstrap it: standard errors, p-values, intervals
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Bootstrap {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
    /// Take these resamples: one per line, case numbers from 0 among the cases used
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resamples", "seed"], help_heading = "Bootstrap")]
    indices: Option<PathBuf>,
    /// Tables to show, separated by commas [default: all]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
    /// Exit with 1 if the weights did not settle or the estimate is inadmissible
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Paths,
    #[value(alias = "specific_indirect_effects")]
    SpecificIndirectEffects,
    #[value(alias = "indirect_effects")]
    IndirectEffects,
    #[value(alias = "total_effects")]
    TotalEffects,
    Loadings,
    Weights,
    Htmt,
    #[value(alias = "r_squared")]
    RSquared,
}

impl Choice {
    const ALL: [Self; 8] = [
        Self::Paths,
        Self::SpecificIndirectEffects,
        Self::IndirectEffects,
        Self::TotalEffects,
        Self::Loadings,
        Self::Weights,
        Self::Htmt,
        Self::RSquared,
    ];

    fn of(self, boot: &Bootstrapped) -> Table {
        match self {
            Self::Paths => hypotheses(boot.paths(), boot),
            Self::SpecificIndirectEffects => boot.specific_indirect_effects(),
            Self::IndirectEffects => boot.indirect_effects(),
            Self::TotalEffects => boot.total_effects(),
            Self::Loadings => boot.loadings(),
            Self::Weights => boot.weights(),
            Self::Htmt => boot.htmt(),
            Self::RSquared => boot.r_squared(),
        }
    }
}

impl Bootstrap {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        let [model, data, table] = self.inputs.files();
        console.protect(&[model, data, table, self.indices.as_deref()], None)?;
        let job = self.inputs.open(&self.estimation)?;
        let fit = job.fit()?;
        let settings = self.resampling.resolve();
        let boot = if let Some(file) = &self.indices {
            settings.run_given(&fit, &read_indices(file, fit.n())?)?
        } else {
            self.resampling.run(&fit, console)?
        };
        let assessment = job.assess(&fit);
        Page::warn(console, format, &assessment);
        warn_of_inadmissible(console, &boot);
        if format == Format::Json {
            if !self.tables.is_empty() {
                console.warn("JSON holds everything, `--tables` does not apply");
            }
            console.write(&json::text(&json::bootstrap(&job, &fit, &assessment, &boot)))?;
        } else {
            let choices =
                if self.tables.is_empty() { Choice::ALL.as_slice() } else { self.tables.as_slice() };
            let mut header = header(&job, &fit);
            header.push(("Bootstrap", boot.accounting()));
            // A model without mediators has no indirect effect to show.
            let tables = choices
                .iter()
                .map(|choice| choice.of(&boot))
                .filter(|table| !self.tables.is_empty() || !table.rows.is_empty())
                .collect();
            console.write(&Page { banner: assessment.banner(), header, tables }.render(format))?;
        }
        Ok(verdict(self.strict, &fit, &assessment))
    }
}

pub(crate) fn warn_of_inadmissible(console: &Console, boot: &Bootstrapped) {
    let count: usize = boot.reasons.values().sum();
    let share = count as f64 / boot.requested.max(1) as f64;
    if share > MOST_INADMISSIBLE {
        let why: Vec<String> =
            boot.reasons.iter().map(|(reason, count)| format!("{count} with {}", reason.words())).collect();
        console.warn(&format!(
            "{:.0} % of the resamples are inadmissible ({}); intervals from the rest are too narrow. \
             Look for the construct that causes them",
            share * 100.0,
            why.join(", ")
        ));
    }
}

/// The table of paths with the hypotheses they stand for, if the model file states any.
fn hypotheses(mut table: Table, boot: &Bootstrapped) -> Table {
    let paths = boot.model.paths();
    if paths.iter().all(|path| path.hypothesis.is_none()) {
        return table;
    }
    table.columns.push(Column::words("hypothesis", "Hypothesis"));
    table.columns.push(Column::words("supported", "Supported"));
    let alpha = 1.0 - boot.settings.level;
    let summaries = boot.of_kind(Kind::Path).map(|(_, summary, _)| summary);
    for ((row, path), summary) in table.rows.iter_mut().zip(paths).zip(summaries) {
        let Some(hypothesis) = &path.hypothesis else {
            row.extend([Cell::Blank, Cell::Blank]);
            continue;
        };
        row.push(Cell::text(words_of(hypothesis)));
        row.push(summary.as_ref().and_then(|s| Some((s.original, s.p?))).map_or_else(
            || Cell::Verdict(Verdict::NotApplicable, "no p-value".to_owned()),
            |(estimate, p)| {
                let as_expected = match hypothesis.sign {
                    Some(Sign::Positive) => estimate > 0.0,
                    Some(Sign::Negative) => estimate < 0.0,
                    None => true,
                };
                Cell::text(match (p < alpha, as_expected) {
                    (true, true) => "yes",
                    (true, false) => "no: opposite sign",
                    (false, _) => "no",
                })
            },
        ));
    }
    table.note(format!("Supported: two-sided p below {alpha:.2} and the expected sign, if one is stated."));
    table
}

fn words_of(hypothesis: &Hypothesis) -> String {
    match hypothesis.sign {
        Some(Sign::Positive) => format!("{} (+)", hypothesis.id),
        Some(Sign::Negative) => format!("{} (−)", hypothesis.id),
        None => hypothesis.id.clone(),
    }
}

/// Resamples from a file: one per line, case numbers from 0 separated by commas, semicolons or blanks.
fn read_indices(file: &Path, cases: usize) -> Result<Vec<Vec<usize>>, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| super::failure::unreadable(&name, &plain(&error.to_string())))?;
    parse_indices(&name, &text, cases)
}

fn parse_indices(name: &str, text: &str, cases: usize) -> Result<Vec<Vec<usize>>, Failure> {
    let mut problems = Vec::new();
    let mut resamples = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let words: Vec<&str> =
            line.split([',', ';', ' ', '\t', '\r']).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            continue;
        }
        let problem =
            |message: String| Diagnostic::error("TP0004", message).in_file(name, Some(at + 1), None);
        if words.len() < 3 {
            let message = format!("a resample of {} cases; at least 3 are needed", words.len());
            problems.push(problem(message).hint("each line holds all cases of one resample"));
        }
        let mut resample = Vec::with_capacity(words.len());
        for word in words {
            let wrong = match word.parse::<usize>() {
                Ok(case) if case < cases => {
                    resample.push(case);
                    continue;
                }
                Ok(case) => problem(format!("case {case} does not exist: {cases} cases are used"))
                    .hint(format!("cases are numbered from 0 to {}", cases.saturating_sub(1))),
                Err(_) => problem(format!("`{word}` is not a case number"))
                    .hint("write whole numbers from 0, without a header line"),
            };
            // The first of a line tells: the others are mostly like it.
            problems.push(wrong);
            break;
        }
        resamples.push(resample);
    }
    if resamples.len() < 2 {
        problems.push(
            Diagnostic::error(
                "TP0004",
                format!("`{name}` holds {} resamples; at least 2 are needed", resamples.len()),
            )
            .in_file(name, None, None),
        );
    }
    if problems.is_empty() {
        return Ok(resamples);
    }
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    if let (Some(last), 1..) = (problems.last_mut(), more) {
        last.hints.push(format!("there are {more} more problems like these"));
    }
    Err(Failure::Bad(problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        match parse_indices("r.csv", text, 4) {
            Err(Failure::Bad(problems)) => problems.into_iter().map(|p| p.message).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn resamples_are_read_whatever_separates_them() {
        let read = parse_indices("r.csv", "0,1,2,3\n\n3 3\t3;3\r\n", 4).ok();
        assert_eq!(read, Some(vec![vec![0, 1, 2, 3], vec![3, 3, 3, 3]]));
    }

    #[test]
    fn broken_cells_are_named() {
        let found = messages("0,1,2\n0,x,9\n1\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("`x`") && found[1].contains("1 cases"));
        assert!(messages("0,1,2\n0,1,9\n")[0].contains("case 9"));
        assert!(messages("0 1 2\n")[0].contains("1 resamples"));
        assert_eq!(messages(&"a b c\n".repeat(9)).len(), MOST_PROBLEMS);
    }
}
