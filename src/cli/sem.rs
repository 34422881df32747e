//! `trustpath sem MODEL DATA`: the model of common factors, by maximum likelihood of covariances.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trustpath::assess::Thresholds;
use trustpath::contract;
use trustpath::diagnostic::Diagnostic;
use trustpath::document::Form;
use trustpath::sem::{Identification, Information, Likelihood, Sem as Settings, SemFit};
use trustpath::table::Table;
#[cfg(feature = "report")]
use trustpath::{
    plot::Theme,
    report::{Context, Purpose, Report, SectionId},
    survey::Screening,
};

use super::console::Format;
use super::inputs::{Answers, Data, Inputs, NO_ANSWERS, coded};
use super::page::{Page, account_lines, data_line, model_line, titles};
use super::words::{finite, one_of};
use super::{Console, Failure, Outcome, json};
#[cfg(feature = "report")]
use super::{command, figure::undrawn, page::unset};

const EXAMPLES: &str = "\
Examples:
  trustpath sem model.sem answers.csv
  trustpath sem model.sem answers.csv --identification variance --format json
  trustpath sem model.sem --correlations published.csv --n 312
  trustpath sem model.sem answers.csv -o report.html
  trustpath sem model.sem answers.csv --tables fit,paths -o paper.docx
  trustpath sem model.sem answers.csv --diagram figure.svg";

/// Estimate the model of common factors from covariances (CB-SEM), by maximum likelihood
///
/// A file that ends in .html, .docx, .xlsx, .md or .tex becomes a whole report: verdicts, hypotheses, figures, tables, Method paragraph, settings; with `--tables` it holds these tables only.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sem {
    #[command(flatten)]
    inputs: Inputs,
    /// What a construct takes its unit from [default: marker]
    #[arg(long, value_parser = one_of(Identification::ALL, Identification::word), ignore_case = true, help_heading = "Estimation")]
    identification: Option<Identification>,
    /// Divisor of covariances: n (normal) or n − 1 (wishart) [default: normal]
    #[arg(long, value_parser = one_of(Likelihood::ALL, Likelihood::word), ignore_case = true, help_heading = "Estimation")]
    likelihood: Option<Likelihood>,
    /// Information behind standard errors [default: expected]
    #[arg(long, value_parser = one_of(Information::ALL, Information::word), ignore_case = true, help_heading = "Estimation")]
    information: Option<Information>,
    /// Take observed predictors as given, so that their covariances are no parameters [default: true]
    #[arg(long, value_name = "BOOL", help_heading = "Estimation")]
    fixed_x: Option<bool>,
    /// Level of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = finite, help_heading = "Estimation")]
    level: f64,
    /// Give up after this many steps
    #[arg(long, value_name = "N", default_value_t = 1_000, help_heading = "Estimation")]
    max_iterations: usize,
    #[command(flatten)]
    answers: Answers,
    /// Exit with code 1 if the estimate is inadmissible or did not converge
    #[arg(long, help_heading = "Output")]
    strict: bool,
    /// Draw the standardised estimates as a path diagram besides (.svg, .png, .pdf)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    diagram: Option<PathBuf>,
    /// Title of the report [default: the model's]
    #[arg(long, value_name = "WORDS", help_heading = "Report")]
    title: Option<String>,
    /// Sections of the report, separated by commas [default: all]
    #[cfg(feature = "report")]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Report")]
    #[arg(value_parser = one_of(&SectionId::ALL, SectionId::anchor), ignore_case = true)]
    sections: Vec<SectionId>,
    /// What the model is for; the report's Method paragraph states it
    #[cfg(feature = "report")]
    #[arg(long, value_parser = one_of(Purpose::ALL, Purpose::word), ignore_case = true, help_heading = "Report")]
    purpose: Option<Purpose>,
    /// For blind review: no names of files, no source of the model
    #[arg(long, help_heading = "Report")]
    blind: bool,
    /// Number of modification indices shown
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Output")]
    modifications: usize,
    /// Tables to show, separated by commas [default: all but covariances]; one alone makes pure CSV
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES", help_heading = "Output")]
    tables: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Fit,
    Paths,
    Definitions,
    Loadings,
    Constructs,
    Covariances,
    Modifications,
}

const USUAL: [Choice; 6] = [
    Choice::Fit,
    Choice::Paths,
    Choice::Definitions,
    Choice::Loadings,
    Choice::Constructs,
    Choice::Modifications,
];

#[cfg(feature = "plots")]
fn draw(console: &Console, file: &Path, fit: &SemFit) -> Result<(), Failure> {
    use super::figure::{SCALE, extension, undrawn, write_figure};
    use trustpath::plot::Theme;
    use trustpath::plot::results::{DiagramOptions, sem_diagram};
    let extension = extension(file)?;
    let options = DiagramOptions { language: console.language(), ..DiagramOptions::default() };
    let svg = sem_diagram(fit, options).svg(&Theme::screen()).map_err(|error| undrawn(&error))?;
    write_figure(console, file, extension, &svg, SCALE)
}

#[cfg(not(feature = "plots"))]
fn draw(_: &Console, _: &Path, _: &SemFit) -> Result<(), Failure> {
    Err(Diagnostic::error("TP0003", "this build draws no figures").hint("build with `plots`").into())
}

impl Sem {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), self.diagram.as_deref())?;
        let report = self.report_file(console, format)?;
        let base = Settings::default();
        let settings = Settings {
            identification: self.identification.unwrap_or(base.identification),
            likelihood: self.likelihood.unwrap_or(base.likelihood),
            information: self.information.unwrap_or(base.information),
            fixed_x: self.fixed_x.unwrap_or(base.fixed_x),
            level: self.level,
            max_iterations: self.max_iterations,
            data: self.answers.over(base.data.clone()),
            ..base
        };
        let (model, data) = self.inputs.read()?;
        let thresholds = Thresholds::of(&model)?;
        let (fit, data) = match data {
            Data::Answers(survey) => {
                let (model, survey) = coded(model, survey, &settings.data)?;
                (settings.fit(&model, &survey)?, Data::Answers(survey))
            }
            Data::Table { file, moments } => {
                self.answers.refuse_without_answers(NO_ANSWERS)?;
                (settings.fit_moments(&model, &moments)?, Data::Table { file, moments })
            }
        };
        if let Some(file) = &self.diagram {
            draw(console, file, &fit)?;
        }
        if matches!(format, Format::Json | Format::Csv) {
            fit.banner().iter().for_each(|words| console.warn(words));
        }
        let outcome = if self.strict && !fit.is_admissible() {
            console.refuse("the estimate is inadmissible or did not converge (`--strict`)");
            Outcome::Refused
        } else {
            Outcome::Done
        };
        if format == Format::Json {
            if !self.tables.is_empty() {
                console.warn("JSON holds everything, `--tables` does not apply");
            }
            console.write(&json::text(&contract::sem(&fit, json::origin(&data))))?;
            return Ok(outcome);
        }
        if let Some(report) = report {
            self.write_report(console, report, (&fit, &data, &thresholds), &settings)?;
            return Ok(outcome);
        }
        let choices = if self.tables.is_empty() { USUAL.as_slice() } else { self.tables.as_slice() };
        let table = |choice: &Choice| -> Option<Table> {
            let table = match choice {
                Choice::Fit => fit.fit_table(&thresholds),
                Choice::Paths => fit.paths_table(),
                Choice::Definitions => fit.definitions_table(),
                Choice::Loadings => fit.loadings_table(),
                Choice::Constructs => fit.constructs_table(&thresholds),
                Choice::Covariances => fit.covariances_table(),
                Choice::Modifications => fit.modifications_table(self.modifications),
            };
            // What was asked for by name is shown empty, too.
            (!table.rows.is_empty() || self.tables.contains(choice)).then_some(table)
        };
        let page = Page {
            banner: fit.banner(),
            header: self.header(&fit, &data),
            tables: choices.iter().filter_map(table).collect(),
        };
        console.write(&page.render(format))?;
        Ok(outcome)
    }

    /// The file of the report, where one is asked for.
    fn report_file<'a>(
        &self,
        console: &'a Console,
        format: Format,
    ) -> Result<Option<(&'a Path, Form)>, Failure> {
        let form = match format {
            Format::Html => Some(Form::Html),
            Format::Docx => Some(Form::Docx),
            Format::Xlsx => Some(Form::Xlsx),
            Format::Markdown => Some(Form::Markdown),
            Format::Latex => Some(Form::Latex),
            Format::Text | Format::Json | Format::Csv => None,
        };
        let target = console.file().zip(form).filter(|_| cfg!(feature = "report") && self.tables.is_empty());
        if target.is_none() && self.speaks_of_a_report() {
            return Err(Diagnostic::error(
                "TP0003",
                "`--title`, `--sections`, `--purpose` and `--blind` are for a report",
            )
            .hint("name its file, such as `-o report.html`, without `--tables`")
            .into());
        }
        Ok(target)
    }

    #[cfg(feature = "report")]
    fn speaks_of_a_report(&self) -> bool {
        self.title.is_some() || self.blind || !self.sections.is_empty() || self.purpose.is_some()
    }

    #[cfg(not(feature = "report"))]
    fn speaks_of_a_report(&self) -> bool {
        self.title.is_some() || self.blind
    }

    #[cfg(feature = "report")]
    fn write_report(
        &self,
        console: &Console,
        (file, form): (&Path, Form),
        (fit, data, thresholds): (&SemFit, &Data, &Thresholds),
        settings: &Settings,
    ) -> Result<(), Failure> {
        let screening = match data {
            Data::Answers(survey) => {
                Some(Screening::read_with(&fit.model, survey, &settings.data, thresholds.screening())?)
            }
            Data::Table { .. } => None,
        };
        let words = command::typed();
        let context = Context {
            data_file: data.file().to_owned(),
            model_file: self.inputs.model.display().to_string(),
            dialect: data.dialect(),
            command: if self.blind { self.inputs.blind(&words) } else { command::line(&words) },
            created: String::new(),
            language: console.language(),
            purpose: self.purpose,
            blind: self.blind,
        };
        let mut report = Report::of_sem(fit, thresholds, screening.as_ref(), context)
            .with_sem_figures(fit, &Theme::screen())
            .map_err(|error| undrawn(&error))?;
        if let Some(title) = &self.title {
            report.title.clone_from(title);
            report.title_zh = None;
        }
        let document = report.document(&self.sections);
        for (file, bytes) in document.files(file, form).map_err(|error| unset(&error))? {
            console.write_bytes(&file, &bytes)?;
        }
        Ok(())
    }

    #[cfg(not(feature = "report"))]
    #[allow(clippy::unused_self, reason = "same shape as with the feature")]
    fn write_report(
        &self,
        _: &Console,
        _: (&Path, Form),
        _: (&SemFit, &Data, &Thresholds),
        _: &Settings,
    ) -> Result<(), Failure> {
        Ok(())
    }

    fn header(&self, fit: &SemFit, data: &Data) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        lines.extend(titles(&fit.model));
        lines.push(("Model", model_line(&self.inputs.model.display().to_string(), &fit.model)));
        if let (Data::Answers(_), Some(sample)) = (data, &fit.sample) {
            lines.push(("Data", data_line(data)));
            lines.extend(account_lines(&sample.account));
        } else {
            lines.push(("Data", format!("{}, a table of covariances", data.file())));
            lines.push(("Cases", fit.n.to_string()));
        }
        lines.push(("Method", fit.method()));
        lines.push(("Program", format!("trustpath {}", env!("CARGO_PKG_VERSION"))));
        lines
    }
}
