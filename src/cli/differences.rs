//! `trustpath differences MODEL DATA`: what other programs would print, and which setting each difference comes from.

use clap::Args;
use trustpath::assess::{Comparison, Difference, Preset, compare};
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::{Pls, PlsError, PlsFit, Program};
use trustpath::survey::SampleSettings;
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::inputs::{Answers, Data, Inputs};
use super::page::{Page, count, model_line};
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
        if format == Format::Json {
            let mut object = json::object();
            object.insert("title".into(), json::value(&model.about.title));
            object.insert("least".into(), self.least.into());
            object.insert("paths".into(), json::value(&side_by_side(&presets, &fits)));
            object.insert("comparisons".into(), json::value(&found));
            console.write(&json::text(&object))?;
            return Ok(Outcome::Done);
        }
        let mut header = Vec::new();
        if let Some(title) = &model.about.title {
            header.push(("Title", title.clone()));
        }
        header.push(("Model", model_line(&self.inputs.model.display().to_string(), &model)));
        let words: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
        header.push(("Programs", words.join(", ")));
        let mut tables = vec![side_by_side(&presets, &fits)];
        for comparison in &found {
            tables.push(settings_table(comparison));
            tables.push(self.differences_table(comparison));
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

    fn differences_table(&self, comparison: &Comparison) -> Table {
        let (a, b) = (&comparison.a, &comparison.b);
        let mut table = Table::new(
            "differences",
            format!(
                "{a} against {b}: {} agree, {} differ",
                count(comparison.agree, "number"),
                comparison.differences.len()
            ),
            vec![
                Column::words("number", "Number"),
                Column::numbers("a", a),
                Column::numbers("b", b),
                Column::numbers("difference", "Difference"),
                Column::words("causes", "Because of"),
            ],
        );
        let shown = if self.most == 0 { usize::MAX } else { self.most };
        for difference in comparison.differences.iter().take(shown) {
            table.push(row(difference));
        }
        let hidden = comparison.differences.len().saturating_sub(shown);
        if hidden > 0 {
            table.note(format!("{hidden} more: `--most 0` shows all."));
        }
        table
    }
}

/// Shares smaller than three decimals show are left to JSON.
const SHOWN: f64 = 5e-4;

fn row(difference: &Difference) -> Vec<Cell> {
    let shown: Vec<_> = difference
        .causes
        .iter()
        .enumerate()
        .filter(|(i, cause)| *i == 0 || cause.by.is_none_or(|by| by.abs() >= SHOWN))
        .map(|(_, cause)| cause)
        .collect();
    // A single cause has the whole difference.
    let several = shown.len() > 1;
    let words: Vec<String> = shown
        .iter()
        .map(|cause| match cause.by {
            Some(by) if several => format!("{} {}", cause.setting, trustpath::table::fixed(by, 3)),
            _ => format!("{}: {} → {}", cause.setting, cause.a, cause.b),
        })
        .collect();
    vec![
        Cell::text(&difference.number),
        Cell::of(difference.a, 3, false),
        Cell::of(difference.b, 3, false),
        Cell::of(difference.difference, 3, false),
        Cell::text(words.join("; ")),
    ]
}

/// Where the settings of two programs differ, and what that does.
fn settings_table(comparison: &Comparison) -> Table {
    let mut table = Table::new(
        "settings",
        format!("{} against {}: settings", comparison.a, comparison.b),
        vec![
            Column::words("setting", "Setting"),
            Column::words("a", &comparison.a),
            Column::words("b", &comparison.b),
            Column::numbers("numbers", "Changes"),
            Column::words("most", "Most of all"),
            Column::numbers("by", "By"),
        ],
    );
    for setting in &comparison.settings {
        table.push(vec![
            Cell::text(&setting.setting),
            Cell::text(&setting.a),
            Cell::text(&setting.b),
            Cell::count(setting.numbers),
            Cell::text(setting.most.clone().unwrap_or_default()),
            setting.by.map_or(Cell::Blank, Cell::number),
        ]);
    }
    table.note(
        "Changed one at a time in this order, so that the shares of a number add up to its difference.",
    );
    table
}

/// Paths and explained variance, one column per program.
fn side_by_side(presets: &[Preset], fits: &[PlsFit]) -> Table {
    let mut columns = vec![Column::words("number", "Number")];
    columns.extend(presets.iter().map(|preset| Column::numbers(&preset.name, &preset.name)));
    let mut table = Table::new("paths", "Paths and explained variance", columns);
    let Some(first) = fits.first() else { return table };
    for (at, path) in first.model.paths().iter().enumerate() {
        let name = |id| &first.model.construct(id).name;
        let mut row = vec![Cell::text(format!("{} → {}", name(path.from), name(path.to)))];
        row.extend(fits.iter().map(|fit| Cell::of(fit.estimate.paths.get(at).copied(), 3, true)));
        table.push(row);
    }
    for outcome in first.r_squared().names() {
        let mut row = vec![Cell::text(format!("R² {outcome}"))];
        row.extend(fits.iter().map(|fit| Cell::of(fit.r_squared().get(outcome), 3, true)));
        table.push(row);
    }
    table
}
