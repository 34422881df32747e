//! `trustpath report MODEL DATA -o report.html`: everything in one document.

use std::path::PathBuf;

use clap::Args;
use trustpath::assess::Assessment;
use trustpath::document::Form;
use trustpath::effects::{Controls, Nonlinearity};
use trustpath::plot::Theme;
use trustpath::pls::PlsFit;
use trustpath::report::{Context, Purpose, Report as Pages, SectionId};
use trustpath::resample::{Bootstrapped, MeasurementTests};
use trustpath::survey::Screening;
use trustpath::table::Table;

use super::bootstrap::{refuses, warn_of_few, warn_of_inadmissible, warn_of_interruption};
use super::console::no_terminal;
use super::figure::{read_arrangement, undrawn};
use super::fit::verdict;
use super::inputs::{Data, Estimation, Inputs, Job};
use super::judging::Judging;
use super::page::{Page, unset};
use super::resampling::Resampling;
use super::words::one_of;
use super::{Console, Failure, Outcome, command};

const EXAMPLES: &str = "\
Examples:
  trustpath report model.sem answers.csv -o report.html
  trustpath report model.sem answers.csv -o report.docx --lang zh
  trustpath report model.sem answers.csv -o tables.xlsx --sections reflective,structure
  trustpath report model.sem answers.csv --purpose prediction --blind -o supplement.docx
  trustpath report model.sem answers.csv --consistent --seed 7 -o report.tex
  trustpath report model.sem answers.csv --nonlinearity --measurement -o report.html
  trustpath report model.sem answers.csv --layout figure-path-diagram.layout.json -o report.html
  trustpath report model.sem --correlations table.csv --n 350 -o report.html";

/// Write everything into one document: verdicts, hypotheses, figures, tables, settings
///
/// The extension of `--output` picks HTML, Word, Excel, Markdown or LaTeX; the words and numbers are the same in each. Figures of Markdown and LaTeX lie in files beside it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "switches of the command line")]
pub(crate) struct Report {
    #[command(flatten)]
    inputs: Inputs,
    /// Title of the report [default: the model's]
    #[arg(long, value_name = "WORDS", help_heading = "Report")]
    title: Option<String>,
    /// Sections to write, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Report")]
    #[arg(value_parser = one_of(&SectionId::ALL, SectionId::anchor), ignore_case = true)]
    sections: Vec<SectionId>,
    /// What the model is for; the Method paragraph states it
    #[arg(long, value_parser = one_of(Purpose::ALL, Purpose::word), ignore_case = true, help_heading = "Report")]
    purpose: Option<Purpose>,
    /// For blind review: no names of files, no source of the model
    #[arg(long, help_heading = "Report")]
    blind: bool,
    /// Places of constructs, saved from a diagram of an HTML report or by `plot -o layout.json` (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    layout: Vec<PathBuf>,
    /// Check linearity as well: Ramsey's RESET, and the squares of all predictors
    #[arg(long, help_heading = "Report", conflicts_with = "no_bootstrap")]
    nonlinearity: bool,
    /// Test how constructs are measured as well: tetrads, redundancy of formative blocks, congruence
    #[arg(long, help_heading = "Report", conflicts_with = "no_bootstrap")]
    measurement: bool,
    /// No bootstrap: estimates without significance
    #[arg(long, help_heading = "Report")]
    no_bootstrap: bool,
    /// Exit with 1 if the weights did not settle or the estimate is inadmissible
    #[arg(long, help_heading = "Report")]
    strict: bool,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

impl Report {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let layouts = self.layout.iter().map(|file| Some(file.as_path()));
        console.protect(&self.inputs.files().into_iter().chain(layouts).collect::<Vec<_>>(), None)?;
        let target = console.target(&["html", "docx", "xlsx", "md", "tex"])?;
        if target.is_none() {
            no_terminal("a report", "report.html")?;
        }
        let mut job = self.judging.open(&self.inputs, &self.estimation)?;
        if let Some(title) = &self.title {
            job.model.about.title = Some(title.clone());
            job.model.about.title_zh = None;
        }
        let fit = job.fit()?;
        let assessment = job.assess(&fit);
        Page::warn_of(console, &assessment);
        let bootable = fit.sample.is_some() && !self.no_bootstrap;
        let boot = if bootable { Some(self.resampling.run(&fit, &job, console)?) } else { None };
        if let Some(boot) = &boot {
            warn_of_inadmissible(console, boot);
            warn_of_few(console, boot);
            warn_of_interruption(console, boot);
        }
        let mut report = self.gather(console, &job, &fit, &assessment, boot.as_ref())?;
        if let Some(boot) = &boot {
            let again = |fit: &PlsFit| self.resampling.run(fit, &job, console);
            if !fit.written().about.controls.is_empty() {
                report = report.with_controls(&Controls::compare(&fit, boot, again)?);
            }
            if self.nonlinearity {
                let (_, found) = Nonlinearity::check(&fit, job.conventions, again)?;
                report = report.with_nonlinearity(&found);
            }
            if self.measurement {
                report = report.with_measurement(self.measurement_tables(&job, &fit)?);
            }
        }
        let document = report.document(&self.sections);
        let form = target.and_then(|(file, _)| Form::of_file(file)).unwrap_or(Form::Html);
        match target {
            None => console.write(&*String::from_utf8_lossy(&document.set(form).map_err(|e| unset(&e))?))?,
            Some((file, _)) => {
                for (file, bytes) in document.files(file, form).map_err(|error| unset(&error))? {
                    console.write_bytes(&file, &bytes)?;
                }
            }
        }
        let refused = boot.as_ref().is_some_and(|boot| refuses(console, self.strict, &job.thresholds, boot));
        Ok(if refused { Outcome::Refused } else { verdict(console, self.strict, &fit, &assessment) })
    }

    /// What tests how constructs are measured; tables without rows are left out by the report.
    fn measurement_tables(&self, job: &Job, fit: &PlsFit) -> Result<[Table; 3], Failure> {
        let settings = self.resampling.resolve();
        let tests = MeasurementTests {
            resamples: settings.resamples,
            seed: settings.seed,
            level: settings.level,
            max_memory: settings.max_memory,
            ..MeasurementTests::default()
        };
        let survey = match &job.data {
            Data::Answers(survey) => Some(survey),
            Data::Table { .. } => None,
        };
        Ok(tests.tables(fit, survey, &job.thresholds)?)
    }

    fn gather(
        &self,
        console: &Console,
        job: &Job,
        fit: &PlsFit,
        assessment: &Assessment,
        boot: Option<&Bootstrapped>,
    ) -> Result<Pages, Failure> {
        let screening = match &job.data {
            Data::Answers(survey) => {
                let most = job.thresholds.screening();
                Some(Screening::read_with(&job.model, survey, &job.settings.data, most)?)
            }
            Data::Table { .. } => None,
        };
        let context = Context {
            data_file: job.data.file().to_owned(),
            model_file: job.model_file.clone(),
            dialect: job.data.dialect(),
            command: self.command(),
            created: String::new(),
            language: console.language(),
            purpose: self.purpose,
            blind: self.blind,
        };
        let known = |name: &str| job.model.find(name).is_some();
        let read = |file: &PathBuf| read_arrangement(console, file, known);
        let arrangements = self.layout.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Pages::of(fit, assessment, boot, screening.as_ref(), context)
            .with_arranged_figures(fit, assessment, boot, &Theme::screen(), &arrangements)
            .map_err(|error| undrawn(&error))
    }

    /// The command; for blind review with words in place of every file.
    fn command(&self) -> String {
        let words = command::typed();
        if self.blind { self.inputs.blind(&words) } else { command::line(&words) }
    }
}
