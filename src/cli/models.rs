//! `trustpath models`: the models and constructs that come with the program, to read, copy and change.

use std::path::Path;

use clap::{Args, Subcommand};
use trustpath::Model;
use trustpath::diagnostic::{Diagnostic, nearest};
use trustpath::model::{LibraryConstruct, library};
use trustpath::plan::Language;
use trustpath::plan::built_in::{self, BuiltIn, MODELS};
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::page::Page;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath models
  trustpath models --search loyalty --construct TR --lang zh
  trustpath models show M6
  trustpath models show initial-trust -o my-model.sem
  trustpath models show initial-trust --codebook -o initial-trust.codebook.csv
  trustpath models construct
  trustpath models construct ITR PU";

/// List the built-in models of trust and loyalty, print one, or print the items of constructs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Models {
    #[command(subcommand)]
    action: Option<Action>,
    /// Only models with this word in name, titles, theory or sources
    #[arg(long, value_name = "WORD", help_heading = "Search")]
    search: Option<String>,
    /// Only models with this construct (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Search")]
    construct: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a built-in model as it stands
    #[command(after_help = EXAMPLES)]
    Show {
        /// Its name or number
        name: String,
        /// Print its codebook instead
        #[arg(long, conflicts_with = "population")]
        codebook: bool,
        /// Print its population instead, from which `simulate` draws
        #[arg(long)]
        population: bool,
    },
    /// Print the items of constructs in English and Chinese, or list all constructs
    #[command(after_help = EXAMPLES)]
    Construct {
        /// Their names; none lists them all
        names: Vec<String>,
    },
}

/// The built-in model of this name.
pub(crate) fn named(name: &str) -> Option<&'static BuiltIn> {
    built_in::find(name)
}

/// The model of a file or, where there is no such file, the built-in model of this name.
pub(crate) fn open(file: &Path) -> Result<(Model, Option<&'static BuiltIn>), Failure> {
    let name = file.to_string_lossy();
    match named(&name).filter(|_| !file.exists()) {
        Some(built_in) => Ok((built_in.read()?, Some(built_in))),
        None => Ok((Model::read(file)?, None)),
    }
}

impl Models {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        match &self.action {
            None => self.list(console)?,
            // The text goes out as it stands, whatever the file is called.
            Some(Action::Show { name, codebook, population }) => {
                let model = named(name).ok_or_else(|| unknown(name))?;
                if *population {
                    let text = model.population()?.to_toml();
                    console.write(if model.population.is_empty() {
                        text.as_str()
                    } else {
                        model.population
                    })?;
                } else {
                    console.write(if *codebook { model.codebook } else { model.model })?;
                }
            }
            Some(Action::Construct { names }) if names.is_empty() => constructs(console)?,
            Some(Action::Construct { names }) => items(console, names)?,
        }
        Ok(Outcome::Done)
    }

    /// Whether a model is wanted.
    fn wants(&self, built_in: &BuiltIn, model: &Model) -> bool {
        let about = &model.about;
        let texts = [&about.title, &about.title_zh, &about.theory, &about.source];
        let hay = texts.iter().filter_map(|text| text.as_deref()).chain([built_in.name, built_in.id]);
        let hay = hay.collect::<Vec<_>>().join("\n").to_lowercase();
        let found = self.search.as_ref().is_none_or(|word| hay.contains(&word.to_lowercase()));
        found
            && self
                .construct
                .iter()
                .all(|wanted| model.constructs().iter().any(|c| c.name.eq_ignore_ascii_case(wanted)))
    }

    fn list(&self, console: &Console) -> Result<(), Failure> {
        let format = console.format()?;
        for name in &self.construct {
            // A name that no model has is a slip, not an empty result.
            let mut all = Vec::new();
            for built_in in MODELS {
                all.extend(built_in.read()?.construct_names());
            }
            if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(unknown_construct(name, all.iter().map(String::as_str)));
            }
        }
        let mut table = Table::new(
            "models",
            "Built-in models",
            vec![
                Column::words("id", "No."),
                Column::words("name", "Name"),
                Column::words("title", "Title"),
                Column::numbers("constructs", "Constructs"),
                Column::numbers("items", "Items"),
                Column::numbers("paths", "Paths"),
            ],
        );
        for built_in in MODELS {
            let model = built_in.read()?;
            if !self.wants(built_in, &model) {
                continue;
            }
            let title = match console.language() {
                Language::English => &model.about.title,
                Language::Chinese => &model.about.title_zh,
            };
            table.push(vec![
                Cell::text(built_in.id),
                Cell::text(built_in.name),
                Cell::text(title.clone().unwrap_or_default()),
                Cell::count(model.constructs().iter().filter(|c| !c.name.contains(':')).count()),
                Cell::count(model.indicators().len()),
                Cell::count(model.paths().len()),
            ]);
        }
        if format == Format::Text {
            // What a terminal has no room for.
            keep(&mut table, |column| column.key != "constructs");
        }
        if table.rows.is_empty() {
            console.note("no built-in model fits; `trustpath models` lists them all");
        }
        if format == Format::Text {
            table.note("Print one with `trustpath models show NAME`; begin a study with `trustpath new NAME FOLDER`.");
        }
        print(console, format, table)
    }
}

/// Keeps some columns of a table.
pub(crate) fn keep(table: &mut Table, wanted: impl Fn(&Column) -> bool) {
    let which: Vec<bool> = table.columns.iter().map(wanted).collect();
    let mut kept = which.iter();
    table.columns.retain(|_| kept.next().copied().unwrap_or(true));
    for row in &mut table.rows {
        let mut kept = which.iter();
        row.retain(|_| kept.next().copied().unwrap_or(true));
    }
}

/// One table in any form.
fn print(console: &Console, format: Format, table: Table) -> Result<(), Failure> {
    if format == Format::Json {
        let mut object = json::object();
        object.insert(table.key.clone(), json::value(&table));
        return console.write(&json::text(&object));
    }
    console.write(&Page { tables: vec![table], ..Page::default() }.render(format))
}

pub(crate) fn unknown(name: &str) -> Failure {
    let problem = Diagnostic::error("TP0005", format!("there is no built-in model `{name}`"));
    match built_in::nearest_name(name) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("`trustpath models` lists them"),
    }
    .into()
}

fn unknown_construct<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let problem = Diagnostic::error("TP0005", format!("there is no built-in construct `{name}`"));
    match nearest(name, known) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("`trustpath models construct` lists them"),
    }
    .into()
}

fn constructs(console: &Console) -> Result<(), Failure> {
    let format = console.format()?;
    let mut table = Table::new(
        "construct_library",
        "Construct library",
        vec![
            Column::words("construct", "Construct"),
            Column::words("label", "Label"),
            Column::words("label_zh", "中文"),
            Column::numbers("items", "Items"),
        ],
    );
    for construct in library() {
        table.push(vec![
            Cell::text(&construct.name),
            Cell::text(&construct.label),
            Cell::text(&construct.label_zh),
            Cell::count(construct.items.len()),
        ]);
    }
    if format == Format::Text {
        table.note("A model file takes constructs over by `#@ use PU PEOU`; `trustpath models construct PU` prints the items.");
    }
    print(console, format, table)
}

fn items(console: &Console, names: &[String]) -> Result<(), Failure> {
    let format = console.format()?;
    let find = |name: &String| -> Result<&'static LibraryConstruct, Failure> {
        let found = library().iter().find(|construct| construct.name.eq_ignore_ascii_case(name));
        found
            .ok_or_else(|| unknown_construct(name, library().iter().map(|construct| construct.name.as_str())))
    };
    let mut table = Table::new(
        "construct_items",
        "Items",
        vec![
            Column::words("item", "Item"),
            Column::words("text", "English"),
            Column::words("text_zh", "中文"),
        ],
    );
    for name in names {
        let construct = find(name)?;
        for item in &construct.items {
            let mark = if item.reverse { " (r)" } else { "" };
            table.push(vec![
                Cell::text(format!("{}{mark}", item.item)),
                Cell::text(item.text.clone().unwrap_or_default()),
                Cell::text(item.text_zh.clone().unwrap_or_default()),
            ]);
        }
        table.note(format!(
            "{}: {} / {}. Inspired by {}; the wording is our own.",
            construct.name, construct.label, construct.label_zh, construct.source
        ));
    }
    if names
        .iter()
        .any(|name| find(name).is_ok_and(|construct| construct.items.iter().any(|item| item.reverse)))
    {
        table.note("(r): reverse-coded.");
    }
    print(console, format, table)
}
