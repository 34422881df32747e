//! `trustpath check MODEL [DATA]`: is the model sound, and what would a careful reader see in the answers?

use std::path::PathBuf;

use clap::Args;
use trustpath::Model;
use trustpath::assess::{Thresholds, sample_size_table};
use trustpath::contract;
use trustpath::survey::{Sample, SampleSettings, Screening, Survey};

use super::console::Format;
use super::inputs::{Answers, coded, read_both, read_model};
use super::judging::Judging;
use super::page::{Page, account_lines, model_line, titles};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath check model.sem
  trustpath check model.sem answers.csv
  trustpath check model.sem answers.csv --missing-code -99 --format json";

/// Check a model file and screen the answers before any estimate
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// Model file (.sem, lavaan syntax)
    model: PathBuf,
    /// Survey file; without it, the model alone is checked
    data: Option<PathBuf>,
    #[command(flatten)]
    answers: Answers,
    #[command(flatten)]
    judging: Judging,
}

impl Check {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&[Some(&self.model), self.data.as_deref()], None)?;
        match &self.data {
            None => {
                self.answers.refuse_without_answers("without DATA there are none")?;
                self.judging.refuse("without DATA there are none")?;
                let model = read_model(&self.model)?;
                // What is wrong with its own thresholds is wrong with the model file.
                Thresholds::of(&model)?;
                self.model_alone(console, format, &model)?;
            }
            Some(data) => {
                let (model, survey) = read_both(&self.model, data)?;
                let thresholds = self.judging.over(Thresholds::of(&model)?)?;
                let settings = self.answers.over(SampleSettings::default());
                let (model, survey) = coded(model, survey, &settings)?;
                let sample = Sample::draw(&model, &survey, &settings)?;
                let screening = Screening::with(&model, &survey, &sample, thresholds.screening());
                self.data(console, format, (&model, &survey, &settings), &screening)?;
            }
        }
        Ok(Outcome::Done)
    }

    /// Where the output has no room for words above it.
    fn warn(console: &Console, format: Format, model: &Model) {
        if matches!(format, Format::Json | Format::Csv)
            && let Some(words) = model.codebook_contradiction()
        {
            console.warn(&words);
        }
    }

    fn model_alone(&self, console: &Console, format: Format, model: &Model) -> Result<(), Failure> {
        Self::warn(console, format, model);
        if format == Format::Json {
            return console.write(&json::text(&contract::model(model)));
        }
        let mut header = Vec::new();
        header.extend(titles(model));
        header.push(("Model", model_line(&self.model.display().to_string(), model)));
        if !model.codebook.is_empty() {
            header.push(("Codebook", model.codebook.file.clone()));
        }
        console.write(&Page { banner: banner(model), header, tables: model.tables() }.render(format))
    }

    fn data(
        &self,
        console: &Console,
        format: Format,
        (model, survey, settings): (&Model, &Survey, &SampleSettings),
        screening: &Screening,
    ) -> Result<(), Failure> {
        Self::warn(console, format, model);
        if format == Format::Json {
            return console.write(&json::text(&contract::screening(model, survey, screening)));
        }
        let mut header = Vec::new();
        header.extend(titles(model));
        header.push(("Model", model_line(&self.model.display().to_string(), model)));
        header.push(("Data", format!("{}, fingerprint {}", survey.file, survey.fingerprint)));
        header.push(("Read", read_line(survey, screening)));
        header.extend(account_lines(&screening.account));
        if let Some(column) = settings.weight.as_ref().or(model.about.weight.as_ref()) {
            let words = format!("{column}; cases of weight 0 are left out, the others count once each here");
            header.push(("Weights", words));
        }
        let cases = screening.account.cases_used;
        let tables = vec![screening.suspicious(), sample_size_table(cases), screening.item_table()];
        console.write(&Page { banner: banner(model), header, tables }.render(format))
    }
}

/// What must be read first.
fn banner(model: &Model) -> Vec<String> {
    model.codebook_contradiction().into_iter().collect()
}

fn read_line(survey: &Survey, screening: &Screening) -> String {
    let delimiter = match survey.dialect.delimiter {
        ',' => "commas",
        ';' => "semicolons",
        _ => "tabs",
    };
    format!(
        "{} cases, {} columns ({} of them not used), separated by {delimiter}, {}, decimal mark `{}`",
        survey.cases,
        survey.columns.len(),
        screening.account.columns_unused,
        survey.dialect.encoding,
        survey.dialect.decimal
    )
}
