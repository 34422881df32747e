//! `trustpath compare MODEL MODEL... DATA`: which of several models explains an outcome best?

use std::path::{Path, PathBuf};

use clap::Args;
use trustpath::assess::Rivals;
use trustpath::contract;
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::{Moments, Survey};

use super::console::Format;
use super::failure::both;
use super::inputs::{Data, Estimation, read_model};
use super::page::{Page, account_lines, data_line, model_line};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath compare full.sem reduced.sem answers.csv
  trustpath compare a.sem b.sem c.sem answers.csv --consistent --format json
  trustpath compare a.sem b.sem --correlations published.csv --n 312";

/// Compare rival models of the same answers: AIC, BIC and GM per shared outcome, with weights
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Compare {
    /// Two or more model files, then the survey file
    #[arg(required = true, num_args = 2.., value_name = "MODEL MODEL... DATA")]
    files: Vec<PathBuf>,
    /// Estimate from a table of correlations or covariances (CSV) in place of DATA
    #[arg(long, value_name = "FILE", requires = "n", help_heading = "Data")]
    correlations: Option<PathBuf>,
    /// Number of respondents behind the table
    #[arg(long, value_name = "N", requires = "correlations", help_heading = "Data")]
    n: Option<usize>,
    #[command(flatten)]
    estimation: Estimation,
}

impl Compare {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        let read: Vec<Option<&Path>> =
            self.files.iter().map(PathBuf::as_path).chain(self.correlations.as_deref()).map(Some).collect();
        console.protect(&read, None)?;
        let (models, data_file) = self.roles()?;
        let data = match (&self.correlations, data_file) {
            (Some(table), _) => {
                let file = table.display().to_string();
                let moments = Moments::read_table(table, self.n.unwrap_or_default());
                moments.map(|moments| Data::Table { file, moments }).map_err(Failure::from)
            }
            (None, Some(file)) => Survey::read(file).map(Data::Answers).map_err(Failure::from),
            (None, None) => Err(too_few()),
        };
        // What is wrong with any of the files is reported together.
        let mut all = data.map(|data| (data, Vec::new()));
        for file in models {
            all = both(all, read_model(file)).map(|((data, mut models), model)| {
                models.push(model);
                (data, models)
            });
        }
        let (data, read) = all?;
        let (settings, conventions) = self.estimation.resolve()?;
        let mut fits: Vec<(String, PlsFit)> = Vec::new();
        for ((file, model), name) in models.iter().zip(&read).zip(names(models)) {
            let fit = match &data {
                Data::Answers(survey) => settings.fit(model, survey),
                Data::Table { moments, .. } => settings.fit_moments(model, moments.clone()),
            };
            fits.push((name, fit.map_err(|error| of_file(error.into(), file))?));
        }
        let borrowed: Vec<(String, &PlsFit)> = fits.iter().map(|(name, fit)| (name.clone(), fit)).collect();
        let rivals = Rivals::of(&borrowed, conventions)?;
        for (name, fit) in &fits {
            if !fit.estimate.converged {
                console.warn(&format!("`{name}` did not converge"));
            }
        }
        if format == Format::Json {
            console.write(&json::text(&contract::rivals(
                &settings,
                &rivals,
                json::origin(&data),
                &borrowed,
            )))?;
            return Ok(Outcome::Done);
        }
        let mut header: Vec<(&'static str, String)> = models
            .iter()
            .zip(&read)
            .enumerate()
            .map(|(at, (file, model))| {
                (if at == 0 { "Models" } else { "" }, model_line(&file.display().to_string(), model))
            })
            .collect();
        header.push(("Data", data_line(&data)));
        header.extend(accounts(&fits).unwrap_or_else(|| vec![("Cases", rivals.n.to_string())]));
        if let Some((_, fit)) = fits.first() {
            // The iterations are those of one model; the rest is said of all.
            let method = fit.method();
            header.push(("Method", method.split(", n = ").next().unwrap_or(&method).to_owned()));
        }
        let tables = vec![rivals.outcomes_table(), rivals.models_table()];
        console.write(&Page { header, tables, ..Page::default() }.render(format))?;
        Ok(Outcome::Done)
    }

    /// Model files, and the survey file unless a table of correlations is given.
    fn roles(&self) -> Result<(&[PathBuf], Option<&Path>), Failure> {
        let (models, data) = match (self.files.split_last(), &self.correlations) {
            (Some((last, rest)), None) => (rest, Some(last.as_path())),
            _ => (self.files.as_slice(), None),
        };
        if models.len() < 2 { Err(too_few()) } else { Ok((models, data)) }
    }
}

/// Cases and missing answers: once, or of each model where they differ, as they do where models have other items.
fn accounts(fits: &[(String, PlsFit)]) -> Option<Vec<(&'static str, String)>> {
    let all: Option<Vec<_>> =
        fits.iter().map(|(name, fit)| Some((name, account_lines(&fit.answers()?.account)))).collect();
    let all = all?;
    let (_, first) = all.first()?;
    if all.iter().all(|(_, lines)| lines == first) {
        return Some(first.clone());
    }
    let mut headings: Vec<&'static str> = Vec::new();
    for (heading, _) in all.iter().flat_map(|(_, lines)| lines) {
        if !headings.contains(heading) {
            headings.push(heading);
        }
    }
    let mut lines = Vec::new();
    for heading in headings {
        let own = all.iter().flat_map(|(name, own)| {
            own.iter()
                .filter(|(known, _)| *known == heading)
                .map(move |(_, words)| format!("{name}: {words}"))
        });
        lines.extend(own.enumerate().map(|(at, words)| (if at == 0 { heading } else { "" }, words)));
    }
    Some(lines)
}

fn too_few() -> Failure {
    Diagnostic::error("TP0003", "a comparison needs two models and a survey")
        .hint("the models stand first, then the data: `trustpath compare MODEL MODEL DATA`")
        .into()
}

/// Names of the models: the files without folder and extension, or the files where these are not different.
fn names(files: &[PathBuf]) -> Vec<String> {
    let short: Vec<String> =
        files.iter().map(|f| f.file_stem().unwrap_or_default().to_string_lossy().into_owned()).collect();
    let unique = short.iter().enumerate().all(|(at, name)| !short[..at].contains(name));
    if unique { short } else { files.iter().map(|file| file.display().to_string()).collect() }
}

/// A failure of one of the models says which.
fn of_file(failure: Failure, file: &Path) -> Failure {
    match failure {
        Failure::Bad(problems) => Failure::Bad(
            problems
                .into_iter()
                .map(|problem| {
                    if problem.source.is_some() || problem.place.is_some() {
                        problem
                    } else {
                        problem.in_file(&file.display().to_string(), None, None)
                    }
                })
                .collect(),
        ),
        other @ Failure::BrokenPipe => other,
    }
}
