//! What the user typed about model, data and estimation, and what it resolves to.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use trustpath::assess::{Assessment, Conventions, Thresholds};
use trustpath::contract;
use trustpath::diagnostic::{Diagnostic, Source, nearest};
use trustpath::model::{Document, HigherOrder, Interaction, Item, Mode, ModelError, Scheme};
use trustpath::moments::Correlation;
use trustpath::pls::{Criterion, Pls, PlsFit, Program, SignRule, Weighting};
use trustpath::survey::{Missing, SampleSettings, code_factors};
use trustpath::{Model, Moments, Survey};

#[cfg(feature = "report")]
use super::command;
use super::failure::{Failure, both};
use super::words::{finite, one_of};

/// Why options about answers do not apply to a table.
pub(crate) const NO_ANSWERS: &str = "a table of correlations holds none";

/// Model and data of an estimate.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// Model file (.sem, lavaan syntax)
    pub(crate) model: PathBuf,
    /// Survey file: a line of column names, then one line per case
    #[arg(required_unless_present = "correlations", conflicts_with = "correlations")]
    pub(crate) data: Option<PathBuf>,
    /// Estimate from a table of correlations or covariances (CSV) in place of DATA
    #[arg(long, value_name = "FILE", requires = "n", help_heading = "Data")]
    pub(crate) correlations: Option<PathBuf>,
    /// Number of respondents behind the table
    #[arg(long, value_name = "N", requires = "correlations", conflicts_with = "data", help_heading = "Data")]
    pub(crate) n: Option<usize>,
}

/// Model and answers of a verb that looks at the cases: a table of correlations does not do.
#[derive(Debug, Args)]
pub(crate) struct Answered {
    /// Model file (.sem, lavaan syntax)
    pub(crate) model: PathBuf,
    /// Survey file: a line of column names, then one line per case
    pub(crate) data: PathBuf,
}

impl Answered {
    /// The files that are read.
    pub(crate) fn files(&self) -> [Option<&Path>; 2] {
        [Some(&self.model), Some(&self.data)]
    }

    /// The same as inputs of any verb.
    pub(crate) fn inputs(&self) -> Inputs {
        Inputs { model: self.model.clone(), data: Some(self.data.clone()), correlations: None, n: None }
    }
}

/// Missing answers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub(crate) struct Answers {
    /// What is done about missing answers [default: mean; of `sem`: listwise]
    #[arg(long, value_parser = one_of(Missing::ALL, Missing::word), ignore_case = true)]
    missing: Option<Missing>,
    /// A number that means "no answer", such as -99 (repeatable); those of the codebook count as well
    #[arg(long, value_name = "NUMBER", value_parser = finite, allow_negative_numbers = true)]
    missing_code: Vec<f64>,
    /// Column that weighs the cases [default: the model file's `#@ weight`, or all alike]
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
}

impl Answers {
    /// Refuses what says how answers are read where there are none.
    pub(crate) fn refuse_without_answers(&self, instead: &str) -> Result<(), Failure> {
        let typed = [
            ("--missing", self.missing.is_some()),
            ("--missing-code", !self.missing_code.is_empty()),
            ("--weight", self.weight.is_some()),
        ];
        match typed.iter().find(|(_, typed)| *typed) {
            None => Ok(()),
            Some((option, _)) => {
                let message = format!("`{option}` says how answers are read, but {instead}");
                Err(Diagnostic::error("TP0003", message).hint(format!("leave out `{option}`")).into())
            }
        }
    }

    /// Lays what was typed over `base`.
    pub(crate) fn over(&self, base: SampleSettings) -> SampleSettings {
        let mut settings = base;
        settings.missing = self.missing.unwrap_or(settings.missing);
        settings.missing_codes.extend(&self.missing_code);
        settings.weight = self.weight.clone().or(settings.weight);
        settings
    }
}

/// How the model is estimated.
#[derive(Debug, Args)]
#[command(next_help_heading = "Estimation")]
pub(crate) struct Estimation {
    /// Start from the defaults of another program; every other option overrides them
    #[arg(long, value_name = "PROGRAM", value_parser = one_of(Program::ALL, Program::word), ignore_case = true)]
    like: Option<Program>,
    /// Where the weights come from [default: pls-pm]
    #[arg(long, value_parser = one_of(Weighting::ALL, Weighting::word), ignore_case = true)]
    weighting: Option<Weighting>,
    /// Inner weighting scheme [default: the model file's, or path]
    #[arg(long, value_parser = one_of(Scheme::ALL, Scheme::word), ignore_case = true)]
    scheme: Option<Scheme>,
    /// Outer weights of all constructs [default: the model file's, or A for =~ and B for <~]
    #[arg(long, value_parser = one_of(Mode::ALL, Mode::word), ignore_case = true)]
    mode: Option<Mode>,
    /// Consistent PLS: correct common factors (=~) for attenuation
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    consistent: Option<bool>,
    /// How products of constructs (A:B) are estimated [default: the model file's, or two-stage; moments if consistent]
    #[arg(long, value_parser = one_of(Interaction::ALL, Interaction::word), ignore_case = true)]
    interaction: Option<Interaction>,
    /// How constructs of constructs are estimated [default: the model file's, or disjoint]
    #[arg(long, value_parser = one_of(HigherOrder::ALL, HigherOrder::word), ignore_case = true)]
    higher_order: Option<HigherOrder>,
    /// Stop when the criterion falls below this [default: 1e-7]
    #[arg(long, value_name = "NUMBER", value_parser = finite, allow_negative_numbers = true)]
    tolerance: Option<f64>,
    /// Give up after this many iterations [default: 3000]
    #[arg(long, value_name = "N")]
    max_iterations: Option<usize>,
    /// What the tolerance is compared with [default: max-absolute]
    #[arg(long, value_parser = one_of(Criterion::ALL, Criterion::word), ignore_case = true)]
    criterion: Option<Criterion>,
    /// How constructs are oriented [default: sum-of-loadings]
    #[arg(long, value_parser = one_of(SignRule::ALL, SignRule::word), ignore_case = true)]
    sign: Option<SignRule>,
    /// Correlations of the items that the model is estimated from [default: pearson]
    #[arg(long, value_parser = one_of(Correlation::ALL, Correlation::word), ignore_case = true)]
    correlation: Option<Correlation>,
    /// Any other setting or convention by its name, such as `correction=mean-geometric` or `htmt=signed` (repeatable); the names are those of `settings` and `conventions` in the JSON output
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    answers: Answers,
}

impl Estimation {
    /// The settings: those of the program to follow, or the defaults, and what was typed over them.
    pub(crate) fn resolve(&self) -> Result<(Pls, Conventions), Failure> {
        let (settings, conventions) = self.by_options();
        named_settings(&self.set, settings, conventions)
    }

    fn by_options(&self) -> (Pls, Conventions) {
        let base = self.like.map_or_else(Pls::default, Pls::like);
        let settings = Pls {
            weighting: self.weighting.unwrap_or(base.weighting),
            scheme: self.scheme.or(base.scheme),
            mode: self.mode.or(base.mode),
            consistent: self.consistent.unwrap_or(base.consistent),
            tolerance: self.tolerance.unwrap_or(base.tolerance),
            max_iterations: self.max_iterations.unwrap_or(base.max_iterations),
            criterion: self.criterion.unwrap_or(base.criterion),
            sign: self.sign.unwrap_or(base.sign),
            interaction: self.interaction.or(base.interaction),
            higher_order: self.higher_order.or(base.higher_order),
            correlation: self.correlation.unwrap_or(base.correlation),
            data: self.answers.over(base.data.clone()),
            ..base
        };
        (settings, self.like.map_or_else(Conventions::default, Conventions::like))
    }
}

/// Lays settings and conventions by name over others.
fn named_settings(
    typed: &[String],
    settings: Pls,
    conventions: Conventions,
) -> Result<(Pls, Conventions), Failure> {
    if typed.is_empty() {
        return Ok((settings, conventions));
    }
    let (mut all, mut read) = (contract::value(&settings), contract::value(&conventions));
    let mut problems = Vec::new();
    for written in typed {
        let (name, value) = written.split_once('=').unwrap_or((written, ""));
        let name = name.trim().replace('-', "_");
        // A word needs no quotation marks.
        let value: Value =
            serde_json::from_str(value.trim()).unwrap_or_else(|_| Value::String(value.trim().to_owned()));
        let (before, is_setting) =
            if all.get(&name).is_some() { (all.clone(), true) } else { (read.clone(), false) };
        let target = if is_setting { &mut all } else { &mut read };
        let Some(slot) = target.get_mut(&name) else {
            let known: Vec<&str> = [&all, &read]
                .into_iter()
                .filter_map(Value::as_object)
                .flat_map(|map| map.keys().map(String::as_str))
                .collect();
            let problem = Diagnostic::error("TP0003", format!("there is no setting `{name}`"));
            problems.push(match nearest(&name, known.iter().copied()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("the settings are {}", known.join(", "))),
            });
            continue;
        };
        *slot = value;
        let wrong = if is_setting {
            serde_json::from_value::<Pls>(all.clone()).err()
        } else {
            serde_json::from_value::<Conventions>(read.clone()).err()
        };
        if let Some(wrong) = wrong {
            let message = format!("`{written}` is no value of the setting `{name}`");
            problems.push(Diagnostic::error("TP0003", message).hint(wrong.to_string()));
            *(if is_setting { &mut all } else { &mut read }) = before;
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Bad(problems));
    }
    // Each was read above, one by one.
    let settings = serde_json::from_value(all).unwrap_or(settings);
    Ok((settings, serde_json::from_value(read).unwrap_or(conventions)))
}

/// What the model is estimated from.
#[derive(Debug)]
pub(crate) enum Data {
    /// Answers.
    Answers(Survey),
    /// A table of correlations or covariances.
    Table { file: String, moments: Moments },
}

impl Data {
    /// The file as the user named it.
    pub(crate) fn file(&self) -> &str {
        match self {
            Self::Answers(survey) => &survey.file,
            Self::Table { file, .. } => file,
        }
    }

    /// How the file was read, in words.
    pub(crate) fn dialect(&self) -> String {
        match self {
            Self::Answers(survey) => survey.dialect.to_string(),
            Self::Table { .. } => "a table of correlations".to_owned(),
        }
    }
}

/// Everything an estimate needs, read and resolved.
#[derive(Debug)]
pub(crate) struct Job {
    /// The model file as typed.
    pub(crate) model_file: String,
    pub(crate) model: Model,
    pub(crate) data: Data,
    pub(crate) settings: Pls,
    pub(crate) conventions: Conventions,
    /// Those of the model file, and what was typed over them.
    pub(crate) thresholds: Thresholds,
}

impl Inputs {
    /// The files that are read.
    pub(crate) fn files(&self) -> [Option<&Path>; 3] {
        [Some(&self.model), self.data.as_deref(), self.correlations.as_deref()]
    }

    /// A command with words in place of the files that are read.
    #[cfg(feature = "report")]
    pub(crate) fn blind(&self, words: &[String]) -> String {
        let files = self.files().into_iter().zip(["MODEL", "DATA", "TABLE"]);
        let files: Vec<(String, &'static str)> =
            files.filter_map(|(file, stands)| Some((file?.display().to_string(), stands))).collect();
        command::line(&command::blind(words, &files))
    }

    /// Reads model and data; what is wrong with either is reported together.
    pub(crate) fn read(&self) -> Result<(Model, Data), Failure> {
        Ok(match (&self.data, &self.correlations) {
            (Some(file), _) => {
                let (model, survey) = read_both(&self.model, file)?;
                (model, Data::Answers(survey))
            }
            (None, Some(file)) => {
                let table = Moments::read_table(file, self.n.unwrap_or_default()).map_err(Failure::from);
                let (model, moments) = both(read_model(&self.model), table)?;
                (model, Data::Table { file: file.display().to_string(), moments })
            }
            // clap asks for one of the two.
            (None, None) => {
                let problem = Diagnostic::error("TP0003", "neither DATA nor `--correlations` is given");
                return Err(problem.into());
            }
        })
    }

    /// Reads model and data, and resolves the settings.
    pub(crate) fn open(&self, estimation: &Estimation) -> Result<Job, Failure> {
        let (model, data) = self.read()?;
        let (settings, conventions) = estimation.resolve()?;
        // Their places are those of the file as it was written.
        let thresholds = Thresholds::of(&model)?;
        let (model, data) = match data {
            Data::Answers(survey) => {
                let (model, survey) = coded(model, survey, &settings.data)?;
                (model, Data::Answers(survey))
            }
            table @ Data::Table { .. } => {
                estimation.answers.refuse_without_answers(NO_ANSWERS)?;
                (model, table)
            }
        };
        Ok(Job {
            model_file: self.model.display().to_string(),
            model,
            data,
            settings,
            conventions,
            thresholds,
        })
    }
}

impl Job {
    /// Assesses its fit by the conventions and thresholds in force.
    pub(crate) fn assess(&self, fit: &PlsFit) -> Assessment {
        Assessment::of(fit, self.conventions).with_thresholds(self.thresholds.clone())
    }

    /// Estimates the model.
    pub(crate) fn fit(&self) -> Result<PlsFit, Failure> {
        Ok(match &self.data {
            Data::Answers(survey) => self.settings.fit(&self.model, survey)?,
            Data::Table { moments, .. } => self.settings.fit_moments(&self.model, moments.clone())?,
        })
    }
}

/// Model and survey with the model's factors as dummies.
pub(crate) fn coded(
    model: Model,
    survey: Survey,
    settings: &SampleSettings,
) -> Result<(Model, Survey), Failure> {
    Ok(code_factors(&model, &survey, settings)?.unwrap_or((model, survey)))
}

/// Reads a model and its codebook.
pub(crate) fn read_model(file: &Path) -> Result<Model, Failure> {
    match Model::read(file) {
        Ok(model) => Ok(model),
        Err(ModelError::Unreadable { file: missing, reason }) if Path::new(&missing) != file => {
            let problem = super::failure::unreadable(&missing, &reason);
            Err(problem.hint(format!("`{}` names it as its codebook (`#@ codebook`)", file.display())).into())
        }
        // What a model parser says about a table of answers helps nobody.
        Err(ModelError::Invalid(_)) if has_extension(file, "csv") => Err(swapped(file)),
        Err(error) => Err(error.into()),
    }
}

/// The codebook that a model file names, which is read as well. Nothing but annotations is parsed, so that a file of answers
/// costs no more than being read.
pub(crate) fn codebook_beside(file: &Path) -> Option<PathBuf> {
    let bytes = std::fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let annotations: Vec<&str> = text
        .lines()
        .filter_map(|line| line.get(line.find("#@")?..))
        .filter(|a| a.contains("codebook"))
        .collect();
    let document = Document::parse(&Source::new("annotations", annotations.join("\n"))).ok()?;
    let named = document.items.into_iter().find_map(|item| match item {
        Item::Annotation(annotation) if annotation.key == "codebook" => Some(annotation.value),
        _ => None,
    })?;
    Some(file.parent().unwrap_or(Path::new("")).join(named))
}

/// Model and survey; what is wrong with either is reported together.
pub(crate) fn read_both(model: &Path, data: &Path) -> Result<(Model, Survey), Failure> {
    if has_extension(model, "csv") && has_extension(data, "sem") {
        return Err(swapped(model));
    }
    both(read_model(model), Survey::read(data).map_err(Failure::from))
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn swapped(file: &Path) -> Failure {
    Diagnostic::error("TP0003", format!("`{}` is no model file", file.display()))
        .hint("the model stands first, then the data: `trustpath VERB MODEL DATA`")
        .into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        estimation: Estimation,
    }

    fn resolved(words: &[&str]) -> (Pls, Conventions) {
        let words = std::iter::once("test").chain(words.iter().copied());
        Line::try_parse_from(words).unwrap().estimation.resolve().unwrap()
    }

    #[test]
    fn nothing_typed_is_the_library_default() {
        assert_eq!(resolved(&[]), (Pls::default(), Conventions::default()));
    }

    #[test]
    fn what_is_typed_overrides_the_program_followed() {
        let (settings, conventions) =
            resolved(&["--like", "csem", "--consistent=false", "--tolerance", "1e-9"]);
        assert_eq!(settings, Pls { consistent: false, tolerance: 1e-9, ..Pls::like(Program::Csem) });
        assert_eq!(conventions, Conventions::like(Program::Csem));
    }

    #[test]
    fn every_setting_and_convention_has_a_name() {
        let (settings, conventions) = resolved(&[
            "--set",
            "correction=mean-geometric",
            "--set=polyserial=ad-hoc",
            "--set",
            "htmt=signed",
            "--set",
            "reliabilities={\"A\": 0.8}",
            "--set",
            "max_iterations=7",
        ]);
        assert_eq!(settings.correction, trustpath::pls::Correction::MeanGeometric);
        assert_eq!(settings.polyserial, trustpath::moments::Polyserial::AdHoc);
        assert_eq!(conventions.htmt, trustpath::assess::Htmt::Signed);
        assert_eq!((settings.reliabilities["A"], settings.max_iterations), (0.8, 7));
        for wrong in ["corection=x", "correction=x", "correction", "max_iterations=many", "=1"] {
            let line = Line::try_parse_from(["test", "--set", wrong]).unwrap();
            assert!(line.estimation.resolve().is_err(), "{wrong}");
        }
    }

    #[test]
    fn codes_may_be_negative_and_repeat_and_words_ignore_case() {
        let (settings, _) =
            resolved(&["--missing-code", "-99", "--missing-code=9", "--mode", "b", "--scheme", "Centroid"]);
        assert_eq!(settings.data.missing_codes, [-99.0, 9.0]);
        assert_eq!((settings.mode, settings.scheme), (Some(Mode::B), Some(Scheme::Centroid)));
        assert!(resolved(&["--consistent"]).0.consistent);
    }
}
