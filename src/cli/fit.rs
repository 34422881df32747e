//! `trustpath fit MODEL DATA`: estimate and assess.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trustpath::assess::{Assessment, Distance, blindfolding, ordinal_reliability, speaks_of_ordinal_items};
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::inputs::{Data, Estimation, Inputs, Job};
use super::judging::Judging;
use super::page::{Page, header};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath fit model.sem answers.csv
  trustpath fit model.sem answers.csv --consistent --missing-code -99
  trustpath fit model.sem answers.csv -o result.json
  trustpath fit model.sem answers.csv --tables structure --format csv
  trustpath fit model.sem answers.csv --like seminr --scores scores.csv
  trustpath fit model.sem answers.csv --threshold R01=0.6,0.4 --threshold R08=0.9
  trustpath fit model.sem --correlations published.csv --n 312";

/// Estimate a model and assess it: weights, reliability, validity, paths, fit
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fit {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    estimation: Estimation,
    /// Tables to show, separated by commas [default: all but cross-loadings, item-analysis, inner-model, fit-indices, criteria, unidimensionality and blindfolding]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
    /// Write the construct scores as CSV, one line per case used, with its line in DATA
    #[arg(long, value_name = "FILE", conflicts_with = "correlations", help_heading = "Output")]
    scores: Option<PathBuf>,
    #[command(flatten)]
    judging: Judging,
    /// Omission distance of blindfolding, which must not divide the number of cases [default: 7, or the next that does not]
    #[arg(long, value_name = "N", help_heading = "Output", value_parser = clap::value_parser!(u32).range(2..))]
    omission_distance: Option<u32>,
    /// Exit with 1 if the weights did not settle or the estimate is inadmissible
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Verdicts,
    Items,
    Reliability,
    #[value(alias = "item_analysis")]
    ItemAnalysis,
    #[value(alias = "inner_model")]
    InnerModel,
    #[value(alias = "cross_loadings")]
    CrossLoadings,
    Htmt,
    #[value(alias = "htmt_problems")]
    HtmtProblems,
    #[value(alias = "fornell_larcker")]
    FornellLarcker,
    Structure,
    Definitions,
    Explained,
    Effects,
    Fit,
    /// Items and reliability of the constructs that others are made of
    Components,
    #[value(alias = "fit_indices")]
    FitIndices,
    Criteria,
    Unidimensionality,
    Blindfolding,
    /// Categorical omega, ordinal alpha: shown without being asked for if items are declared ordinal
    #[value(alias = "ordinal_reliability")]
    OrdinalReliability,
}

/// What a results section holds, in its order.
const USUAL: [Choice; 13] = [
    Choice::Verdicts,
    Choice::Items,
    Choice::Reliability,
    Choice::OrdinalReliability,
    Choice::Htmt,
    Choice::HtmtProblems,
    Choice::FornellLarcker,
    Choice::Structure,
    Choice::Definitions,
    Choice::Explained,
    Choice::Effects,
    Choice::Fit,
    Choice::Components,
];

impl Choice {
    fn of(self, fit: &PlsFit, assessment: &Assessment, distance: Distance) -> Vec<Table> {
        vec![match self {
            Self::Verdicts => assessment.verdicts(fit),
            Self::Items => assessment.items(fit),
            Self::Reliability => assessment.reliability(fit),
            Self::ItemAnalysis => assessment.item_analysis_table(fit),
            Self::InnerModel => assessment.inner_model_table(fit),
            Self::CrossLoadings => assessment.cross_loadings_table(fit),
            Self::Htmt => assessment.htmt_table(fit),
            Self::HtmtProblems => assessment.htmt_problems(fit),
            Self::FornellLarcker => assessment.fornell_larcker_table(),
            Self::Structure => assessment.structure(fit),
            Self::Explained => assessment.explained(fit),
            Self::Effects => assessment.effects(fit),
            Self::Fit => assessment.global_fit(),
            Self::FitIndices => assessment.fit_indices_table(),
            Self::Criteria => assessment.criteria_table(fit),
            Self::Unidimensionality => assessment.unidimensionality_table(fit),
            Self::Blindfolding => assessment.blindfolding_table(&blindfolding(fit, distance)),
            Self::OrdinalReliability => assessment.ordinal_reliability_table(&ordinal_reliability(fit)),
            Self::Definitions => fit.definitions_table(),
            Self::Components => return assessment.components(fit),
        }]
    }
}

impl Fit {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), self.scores.as_deref())?;
        let job = self.judging.open(&self.inputs, &self.estimation)?;
        let fit = job.fit()?;
        self.check_distance(&fit, console, format)?;
        let assessment = job.assess(&fit);
        Page::warn(console, format, &assessment);
        if format == Format::Json {
            if !self.tables.is_empty() {
                console.warn("JSON holds everything, `--tables` does not apply");
            }
            let mut object = json::fit(&job, &fit, &assessment);
            object.insert("blindfolding".into(), json::value(&blindfolding(&fit, self.distance())));
            if self.tables.contains(&Choice::OrdinalReliability) {
                object.insert("ordinal_reliability".into(), json::value(&ordinal_reliability(&fit)));
            }
            console.write(&json::text(&object))?;
        } else {
            let page = Page {
                banner: assessment.banner(),
                header: header(&job, &fit),
                tables: self.chosen(&fit, &assessment),
            };
            console.write(&page.render(format))?;
        }
        if let Some(file) = &self.scores {
            write_scores(console, file, &job, &fit)?;
        }
        Ok(verdict(console, self.strict, &fit, &assessment))
    }

    /// An omission distance that hides whole cases, or that no table asks for.
    fn check_distance(&self, fit: &PlsFit, console: &Console, format: Format) -> Result<(), Failure> {
        let Some(d) = self.omission_distance.map(|d| d as usize) else { return Ok(()) };
        if format != Format::Json && !self.tables.contains(&Choice::Blindfolding) {
            console.warn("`--omission-distance` applies to `--tables blindfolding` alone");
            return Ok(());
        }
        let n = fit.n();
        if d < n && !n.is_multiple_of(d) {
            return Ok(());
        }
        let fine: Vec<String> =
            (5..=12).filter(|d| *d < n && !n.is_multiple_of(*d)).map(|d: usize| d.to_string()).collect();
        let message = if d < n {
            format!(
                "an omission distance of {d} divides the {n} cases, so that whole cases would be hidden at once"
            )
        } else {
            format!("an omission distance of {d} is not below the number of cases, {n}")
        };
        let problem = Diagnostic::error("TP0003", message);
        Err(if fine.is_empty() {
            problem
        } else {
            problem.hint(format!("choose one of {}", fine.join(", ")))
        }
        .into())
    }

    fn distance(&self) -> Distance {
        self.omission_distance.map_or(Distance::Usual, |d| Distance::Of(d as usize))
    }

    fn chosen(&self, fit: &PlsFit, assessment: &Assessment) -> Vec<Table> {
        let asked = !self.tables.is_empty();
        let choices = if asked { self.tables.as_slice() } else { USUAL.as_slice() };
        let ordinal = asked || speaks_of_ordinal_items(fit);
        choices
            .iter()
            .filter(|choice| ordinal || **choice != Choice::OrdinalReliability)
            .flat_map(|choice| {
                choice.of(fit, assessment, self.distance()).into_iter().map(move |table| (choice, table))
            })
            // Nothing to look at is no table, unless it was asked for.
            .filter(|(choice, table)| {
                let optional = matches!(
                    choice,
                    Choice::HtmtProblems
                        | Choice::Definitions
                        | Choice::Structure
                        | Choice::Explained
                        | Choice::Effects
                );
                asked || !optional || !table.rows.is_empty()
            })
            .map(|(_, table)| table)
            .collect()
    }
}

/// What `--strict` makes of an estimate.
pub(crate) fn verdict(console: &Console, strict: bool, fit: &PlsFit, assessment: &Assessment) -> Outcome {
    if strict && !(fit.estimate.converged && assessment.is_admissible()) {
        console.refuse("the estimate is inadmissible or did not converge (`--strict`)");
        return Outcome::Refused;
    }
    Outcome::Done
}

/// Scores with the line of each case in the file, so that they can be joined to it.
fn write_scores(console: &Console, file: &Path, job: &Job, fit: &PlsFit) -> Result<(), Failure> {
    let (Some(scores), Some(sample), Data::Answers(survey)) = (fit.scores(), &fit.sample, &job.data) else {
        return Ok(());
    };
    let mut columns = vec![Column::numbers("line", "Line")];
    columns.extend(fit.constructs().iter().map(|name| Column::numbers(name, name)));
    let mut table = Table::new("scores", "Construct scores", columns);
    for (row, &case) in sample.origin.iter().enumerate() {
        let mut cells = vec![Cell::count(survey.lines.get(case).copied().unwrap_or(case + 1))];
        cells.extend(scores.iter().map(|score| Cell::of(score.get(row).copied(), 3, false)));
        table.push(cells);
    }
    console.write_file(file, &table.to_csv())
}
