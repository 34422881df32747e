//! `trustpath models`: the models that come with the program, to read, copy and change.

use clap::{Args, Subcommand};
use trustpath::Model;
use trustpath::diagnostic::{Diagnostic, nearest};
use trustpath::model::Codebook;
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::page::Page;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath models
  trustpath models show initial-trust
  trustpath models show initial-trust -o my-model.sem
  trustpath models show initial-trust --codebook -o initial-trust.codebook.csv";

/// List the built-in models, or print one
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Models {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a built-in model as it stands
    #[command(after_help = EXAMPLES)]
    Show {
        /// Its name
        name: String,
        /// Print its codebook instead
        #[arg(long)]
        codebook: bool,
    },
}

/// A model that comes with the program.
pub(crate) struct BuiltIn {
    pub(crate) name: &'static str,
    model: &'static str,
    codebook: &'static str,
}

static BUILT_IN: [BuiltIn; 1] = [BuiltIn {
    name: "initial-trust",
    model: include_str!("../../models/initial-trust.sem"),
    codebook: include_str!("../../models/initial-trust.codebook.csv"),
}];

/// The built-in model of this name.
pub(crate) fn named(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|model| model.name == name)
}

impl BuiltIn {
    fn read(&self) -> Result<Model, Failure> {
        let model = Model::parse_named(self.name, self.model)?;
        Ok(model.with_codebook(Codebook::parse(self.name, self.codebook)?))
    }
}

impl Models {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        match &self.action {
            None => list(console)?,
            // The text goes out as it stands, whatever the file is called.
            Some(Action::Show { name, codebook }) => match named(name) {
                Some(model) => console.write(if *codebook { model.codebook } else { model.model })?,
                None => return Err(unknown(name)),
            },
        }
        Ok(Outcome::Done)
    }
}

fn unknown(name: &str) -> Failure {
    let problem = Diagnostic::error("TP0005", format!("there is no built-in model `{name}`"));
    let known: Vec<&str> = BUILT_IN.iter().map(|model| model.name).collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint(format!("there are: {}", known.join(", "))),
    }
    .into()
}

fn list(console: &Console) -> Result<(), Failure> {
    let format = console.format()?;
    let mut table = Table::new(
        "models",
        "Built-in models",
        vec![
            Column::words("name", "Name"),
            Column::words("title", "Title"),
            Column::numbers("constructs", "Constructs"),
            Column::numbers("items", "Items"),
            Column::numbers("paths", "Paths"),
        ],
    );
    for built_in in &BUILT_IN {
        let model = built_in.read()?;
        table.push(vec![
            Cell::text(built_in.name),
            Cell::text(model.about.title.clone().unwrap_or_default()),
            Cell::count(model.constructs().len()),
            Cell::count(model.indicators().len()),
            Cell::count(model.paths().len()),
        ]);
    }
    if format == Format::Json {
        let mut object = json::object();
        object.insert("models".into(), json::value(&table));
        return console.write(&json::text(&object));
    }
    if format == Format::Text {
        table.note("Print one with `trustpath models show NAME`.");
    }
    console.write(&Page { tables: vec![table], ..Page::default() }.render(format))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a built-in model that does not parse should fail the test")]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_model_parses_and_its_codebook_covers_it() {
        for built_in in &BUILT_IN {
            let model = built_in.read().unwrap();
            for item in model.indicator_names() {
                assert!(model.codebook.find(&item).is_some(), "{item} is not in the codebook");
            }
        }
    }
}
