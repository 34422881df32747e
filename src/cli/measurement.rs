//! `trustpath measurement MODEL DATA`: are constructs measured the right way round, wholly, and apart from each other?

use clap::{Args, ValueEnum};
use trustpath::assess::{GlobalItem, Redundancy, Tails, redundancy_table};
use trustpath::contract;
use trustpath::diagnostic::Diagnostic;
use trustpath::resample::{
    Diagonal, MeasurementTests, TetradSet, congruence, congruence_table, counted_by_seed, few_resamples,
    tetrad_analysis, tetrad_tests_table, tetrads_table,
};
use trustpath::table::Table;

use super::console::Format;
use super::inputs::{Data, Estimation, Inputs, Job};
use super::judging::Judging;
use super::page::{Page, header};
use super::words::{finite, one_of};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath measurement model.sem answers.csv
  trustpath measurement model.sem answers.csv --tables tetrads,tetrad-tests --resamples 5000
  trustpath measurement model.sem answers.csv --global VEN=ven_overall
  trustpath measurement model.sem answers.csv --tetrads all --diagonal unit --format json";

/// Test how constructs are measured: tetrads (CTA-PLS), redundancy of formative blocks, congruence
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Measurement {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    /// A column that asks for the whole of a construct in one item, for redundancy analysis (repeatable)
    #[arg(long, value_name = "CONSTRUCT=COLUMN", help_heading = "Measurement")]
    global: Vec<String>,
    /// Which tetrads are tested [default: non-redundant]
    #[arg(long, value_parser = one_of(TetradSet::ALL, TetradSet::word), ignore_case = true, help_heading = "Measurement")]
    tetrads: Option<TetradSet>,
    /// What stands on the diagonal for congruence [default: rho-a]
    #[arg(long, value_parser = one_of(Diagonal::ALL, Diagonal::word), ignore_case = true, help_heading = "Measurement")]
    diagonal: Option<Diagonal>,
    /// Number of resamples
    #[arg(long, value_name = "N", default_value_t = 5_000, help_heading = "Bootstrap")]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    resamples: u32,
    /// Seed; the same seed gives the same numbers on any number of threads
    #[arg(long, value_name = "N", default_value_t = 42, help_heading = "Bootstrap")]
    seed: u64,
    /// Level of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = finite, help_heading = "Bootstrap")]
    level: f64,
    /// Most memory for the values of all resamples, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2_048, help_heading = "Bootstrap")]
    max_memory: usize,
    /// Tables to show, separated by commas [default: all but tetrad-tests]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Tetrads,
    #[value(alias = "tetrad_tests")]
    TetradTests,
    Redundancy,
    Congruence,
}

impl Measurement {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        let tests = self.tests();
        tests.check()?;
        let globals = globals(&self.global)?;
        let job = self.judging.open(&self.inputs, &self.estimation)?;
        let fit = job.fit()?;
        let usual = [Choice::Tetrads, Choice::Redundancy, Choice::Congruence];
        let choices = if self.tables.is_empty() { usual.as_slice() } else { self.tables.as_slice() };
        let asked = |choice: Choice| format == Format::Json || choices.contains(&choice);
        let MeasurementTests { tetrads: set, diagonal, resamples, seed, level, .. } = tests;
        let redundancy = if asked(Choice::Redundancy) || !globals.is_empty() {
            Some(redundancy(&job, &fit, &globals)?)
        } else {
            None
        };
        let blocks = if asked(Choice::Tetrads) || asked(Choice::TetradTests) {
            Some(tetrad_analysis(&fit, &tests)?)
        } else {
            None
        };
        let pairs = if asked(Choice::Congruence) { Some(congruence(&fit, &tests)?) } else { None };
        let tetrads = blocks.iter().flatten().flat_map(|block| &block.tetrads);
        let summaries = tetrads.map(|tetrad| tetrad.summary);
        let summaries = summaries.chain(pairs.iter().flatten().map(|pair| pair.summary));
        // What exists in fewest resamples tells how many count.
        let counting = summaries.map(|summary| summary.map_or(0, |summary| summary.draws)).min();
        if let Some(few) = counting.and_then(|count| few_resamples(count, level, Tails::Two, true)) {
            console.warn(&few);
        }
        let assessment = job.assess(&fit);
        Page::warn(console, format, &assessment);
        if format == Format::Json {
            if !self.tables.is_empty() {
                console.warn("JSON holds everything, `--tables` does not apply");
            }
            let head = json::head(&job, &fit, &assessment);
            let (blocks, redundancy, pairs) = (blocks.as_deref(), redundancy.as_deref(), pairs.as_deref());
            console.write(&json::text(&contract::measurement(head, &tests, blocks, redundancy, pairs)))?;
            return Ok(Outcome::Done);
        }
        let table = |choice: &Choice| -> Option<Table> {
            match choice {
                Choice::Tetrads => Some(tetrads_table(blocks.as_ref()?, set, level)),
                Choice::TetradTests => Some(tetrad_tests_table(blocks.as_ref()?)),
                Choice::Redundancy => Some(redundancy_table(redundancy.as_ref()?, &job.thresholds)),
                Choice::Congruence => Some(congruence_table(pairs.as_ref()?, diagonal, level)),
            }
        };
        let mut header = header(&job, &fit);
        header.extend(counting.map(|counting| ("Bootstrap", counted_by_seed(counting, resamples, seed))));
        let page =
            Page { banner: assessment.banner(), header, tables: choices.iter().filter_map(table).collect() };
        console.write(&page.render(format))?;
        Ok(Outcome::Done)
    }
}

impl Measurement {
    /// What was typed, laid over the library's defaults.
    fn tests(&self) -> MeasurementTests {
        let base = MeasurementTests::default();
        MeasurementTests {
            tetrads: self.tetrads.unwrap_or(base.tetrads),
            diagonal: self.diagonal.unwrap_or(base.diagonal),
            resamples: self.resamples as usize,
            seed: self.seed,
            level: self.level,
            max_memory: self.max_memory,
        }
    }
}

/// Constructs and their global items as typed.
fn globals(typed: &[String]) -> Result<Vec<GlobalItem>, Failure> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for written in typed {
        match written.split_once('=').map(|(construct, item)| (construct.trim(), item.trim())) {
            Some((construct, item)) if !construct.is_empty() && !item.is_empty() => {
                found.push(GlobalItem { construct: construct.to_owned(), item: item.to_owned() });
            }
            _ => problems.push(
                Diagnostic::error("TP0003", format!("`{written}` names no construct and its global item"))
                    .hint("write it like `--global VEN=ven_overall`"),
            ),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Failure::Bad(problems)) }
}

fn redundancy(
    job: &Job,
    fit: &trustpath::pls::PlsFit,
    globals: &[GlobalItem],
) -> Result<Vec<Redundancy>, Failure> {
    match &job.data {
        Data::Answers(survey) => Ok(trustpath::assess::redundancy(fit, Some(survey), globals)?),
        Data::Table { .. } => Ok(trustpath::assess::redundancy(fit, None, globals)?),
    }
}
