//! `trustpath simulate MODEL`: answers drawn from a population.

use std::path::PathBuf;

use clap::Args;
use trustpath::plan::{Population, Simulate as Draw};
use trustpath::table::apa;

use super::{Console, Failure, Outcome, models};

const EXAMPLES: &str = "\
Examples:
  trustpath simulate initial-trust -n 300 --seed 1 -o rehearsal.csv
  trustpath simulate model.sem --population truth.toml -n 1000 -o data.csv
  trustpath simulate model.sem --population-out truth.toml -o data.csv";

/// Draw answers from a population, to rehearse a study or to try a method
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Simulate {
    /// Model file (.sem), or the name of a built-in model
    model: PathBuf,
    /// What is true: paths, loadings, answers, groups (TOML); what it does not state takes a default
    #[arg(long, value_name = "FILE")]
    population: Option<PathBuf>,
    /// Number of cases
    #[arg(short = 'n', long, value_name = "N", default_value_t = 300)]
    cases: usize,
    /// The seed alone decides
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Real numbers in place of answers on a scale
    #[arg(long)]
    continuous: bool,
    /// Write the population, defaults filled in, to edit and use again
    #[arg(long, value_name = "FILE")]
    population_out: Option<PathBuf>,
}

impl Simulate {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let read = [Some(self.model.as_path()), self.population.as_deref()];
        console.protect(&read, self.population_out.as_deref())?;
        let target = console.target(&["csv"])?;
        let (model, built_in) = models::open(&self.model)?;
        let population = match (&self.population, built_in) {
            (Some(file), _) => Population::read(file)?,
            (None, Some(built_in)) => built_in.population()?,
            (None, None) => Population::default(),
        };
        let draw = Draw { cases: self.cases, seed: self.seed, continuous: self.continuous, population };
        let drawn = draw.run(&model)?;
        if let Some(file) = &self.population_out {
            console.write_file(file, &draw.population.complete(&model)?.to_toml())?;
        }
        match target {
            Some((file, _)) => console.write_file(file, &drawn.csv())?,
            None => console.write(&drawn.csv())?,
        }
        let explained: Vec<String> = model
            .construct_names()
            .iter()
            .filter_map(|name| {
                let r_squared = drawn.implied.first()?.r_squared(name)?;
                Some(format!("{name} {}", apa(r_squared, 2)))
            })
            .collect();
        console.note(&format!(
            "{} cases, {} items, seed {}; R² in the population: {}",
            drawn.rows.len(),
            drawn.items.len(),
            self.seed,
            explained.join(", ")
        ));
        Ok(Outcome::Done)
    }
}
