//! `trustpath sample-size`: how many answers a study needs, and the sentence that says so.

use std::path::PathBuf;

use clap::Args;
use trustpath::contract;
use trustpath::plan::SampleSize as Size;

use super::console::Format;
use super::page::Page;
use super::words::finite;
use super::{Console, Failure, Outcome, json, models};

const EXAMPLES: &str = "\
Examples:
  trustpath sample-size
  trustpath sample-size --smallest-path 0.20 --lang zh
  trustpath sample-size model.sem --smallest-path 0.15";

/// Tell how many answers a study needs, with the sentence for the Method section
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SampleSize {
    /// Model file (.sem) or the name of a built-in model, for the ten-times rule
    model: Option<PathBuf>,
    /// Smallest path that the study must not miss
    #[arg(long, value_name = "NUMBER", default_value_t = 0.15, value_parser = finite, allow_negative_numbers = true)]
    smallest_path: f64,
}

impl SampleSize {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        let size = match &self.model {
            Some(file) => Size::for_model(&models::open(file)?.0, self.smallest_path)?,
            None => Size::for_path(self.smallest_path)?,
        };
        let mut table = size.table();
        let sentence = size.sentence(console.language());
        if format == Format::Json {
            console.write(&json::text(&contract::sample_size(&table, &sentence)))?;
            return Ok(Outcome::Done);
        }
        table.note(sentence);
        console.write(&Page { tables: vec![table], ..Page::default() }.render(format))?;
        Ok(Outcome::Done)
    }
}
