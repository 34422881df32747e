//! `trustpath differences MODEL DATA`: what other programs would print, and which setting each difference comes from.

use clap::Args;
use trustpath::assess::{Preset, compare, differences_table, programs_table, settings_table};
use trustpath::contract;
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::{Pls, PlsError, PlsFit, Program};
use trustpath::survey::SampleSettings;

use super::console::Format;
use super::inputs::{Answers, Data, Inputs, NO_ANSWERS};
use super::page::{Page, account_lines, data_line, model_line, titles};
use super::words::{finite, one_of};
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath differences model.sem answers.csv
  trustpath differences model.sem answers.csv --between seminr,csem
  trustpath differences model.sem answers.csv --between smartpls4,plspm --most 0
  trustpath differences model.sem answers.csv -o differences.json";

/// Run the defaults of other programs side by side and say which setting causes each difference
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Differences {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    answers: Answers,
    /// Programs to compare, every two of them [default: all]
    #[arg(long, value_name = "PROGRAMS", value_delimiter = ',')]
    #[arg(value_parser = one_of(Program::ALL, Program::word), ignore_case = true)]
    between: Vec<Program>,
    /// Numbers that differ by less agree
    #[arg(long, value_name = "NUMBER", value_parser = finite, default_value = "0.0005")]
    least: f64,
    /// Differences shown per pair of programs, worst first; 0 shows all (JSON always holds all)
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Output")]
    most: usize,
}

impl Differences {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        let programs = self.programs()?;
        let (model, data) = self.inputs.read()?;
        if matches!(data, Data::Table { .. }) {
            self.answers.refuse_without_answers(NO_ANSWERS)?;
        }
        let settings = self.answers.over(SampleSettings::default());
        let fit = |pls: &Pls| -> Result<PlsFit, PlsError> {
            match &data {
                Data::Answers(survey) => pls.fit(&model, survey),
                Data::Table { moments, .. } => pls.fit_moments(&model, moments.clone()),
            }
        };
        let presets: Vec<Preset> =
            programs.iter().map(|program| Preset::of(*program, &model, &settings)).collect();
        let fits = presets
            .iter()
            .map(|preset| fit(&preset.pls).map_err(Failure::from))
            .collect::<Result<Vec<PlsFit>, Failure>>()?;
        let mut found = Vec::new();
        for (i, a) in presets.iter().enumerate() {
            for b in presets.iter().skip(i + 1) {
                found.push(compare(a, b, self.least, fit)?);
            }
        }
        // Missing answers are treated alike under all programs.
        let account = fits.first().and_then(PlsFit::answers).map(|sample| &sample.account);
        if format == Format::Json {
            let paths = programs_table(&presets, &fits);
            let from = (json::origin(&data), account);
            console.write(&json::text(&contract::differences(&model, from, self.least, &paths, &found)))?;
            return Ok(Outcome::Done);
        }
        let mut header = Vec::new();
        header.extend(titles(&model));
        header.push(("Model", model_line(&self.inputs.model.display().to_string(), &model)));
        header.push(("Data", data_line(&data)));
        match (account, fits.first()) {
            (Some(account), _) => header.extend(account_lines(account)),
            (None, Some(fit)) => header.push(("Cases", fit.n().to_string())),
            (None, None) => {}
        }
        let words: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
        header.push(("Programs", words.join(", ")));
        let mut tables = vec![programs_table(&presets, &fits)];
        let most = if self.most == 0 { usize::MAX } else { self.most };
        for comparison in &found {
            tables.push(settings_table(comparison));
            tables.push(differences_table(comparison, most));
        }
        console.write(&Page { header, tables, ..Page::default() }.render(format))?;
        Ok(Outcome::Done)
    }

    fn programs(&self) -> Result<Vec<Program>, Failure> {
        let mut programs: Vec<Program> = Vec::new();
        let asked = if self.between.is_empty() { Program::ALL } else { &self.between };
        for program in asked {
            if !programs.contains(program) {
                programs.push(*program);
            }
        }
        if programs.len() < 2 {
            let problem = Diagnostic::error("TP0012", "a comparison needs two programs");
            return Err(problem.hint("name them like `--between seminr,csem`").into());
        }
        Ok(programs)
    }
}
