//! `trustpath reproduce`: published studies, estimated again from what the paper printed.

use std::path::{Path, PathBuf};

use clap::Args;
use trustpath::contract;
use trustpath::diagnostic::{Diagnostic, nearest};
use trustpath::reproduce::library::{self, STUDIES};
use trustpath::reproduce::{Comparison, Study, Summary, comparison, findings, refit};
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::page::Page;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath reproduce
  trustpath reproduce crossler-2017
  trustpath reproduce crossler-2017 --diagram crossler.svg
  trustpath reproduce wang-2009 --source -o my-table.toml    (a file to begin from)
  trustpath reproduce my-table.toml";

/// Estimate a published study again from its printed correlations, and compare
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reproduce {
    /// Name of a built-in study, or a study file (TOML); none lists the built-in ones
    study: Option<PathBuf>,
    /// Draw the paths, published above and reproduced below
    #[arg(long, value_name = "FILE", requires = "study")]
    diagram: Option<PathBuf>,
    /// Print the study file instead
    #[arg(long, requires = "study", conflicts_with = "diagram")]
    source: bool,
}

impl Reproduce {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let Some(file) = &self.study else {
            list(console)?;
            return Ok(Outcome::Done);
        };
        console.protect(&[Some(file.as_path())], self.diagram.as_deref())?;
        let name = file.to_string_lossy();
        let built_in = library::find(&name).filter(|_| !file.exists());
        if self.source {
            let text = match built_in {
                Some(published) => published.text.to_owned(),
                None => std::fs::read_to_string(file).map_err(|e| unknown(&name, &e.to_string()))?,
            };
            console.write(&text)?;
            return Ok(Outcome::Done);
        }
        let format = console.format()?;
        let study = match built_in {
            Some(published) => published.read()?,
            None if !file.exists() => return Err(unknown(&name, "no such file or directory").into()),
            None => Study::read(file)?,
        };
        let comparisons = refit(&study)?;
        if let Some(target) = &self.diagram {
            draw(console, target, &study, &comparisons)?;
        }
        let table = comparison(&study, &comparisons);
        let words: Vec<String> = findings(&study, &comparisons).iter().map(ToString::to_string).collect();
        if format == Format::Json {
            console.write(&json::text(&contract::reproduction(&study, &comparisons)))?;
            return Ok(Outcome::Done);
        }
        let page =
            Page { header: header(&study, &comparisons, words), tables: vec![table], ..Page::default() };
        console.write(&page.render(format))?;
        Ok(Outcome::Done)
    }
}

fn header(study: &Study, comparisons: &[Comparison], words: Vec<String>) -> Vec<(&'static str, String)> {
    let mut lines = vec![("Study", study.title.clone()), ("Source", study.citation.clone())];
    if !study.doi.is_empty() {
        lines.push(("DOI", study.doi.clone()));
    }
    if !study.method.is_empty() {
        lines.push(("Method", study.method.clone()));
    }
    let mut cases: Vec<String> = study.tables.iter().map(|table| table.n.to_string()).collect();
    cases.dedup();
    lines.push(("Cases", cases.join(", ")));
    if let Some(by) = study.disattenuate {
        lines.push(("Correlations", format!("as printed, divided by the root of both reliabilities ({by})")));
    }
    let summary = Summary::of(comparisons);
    lines.push((
        "Result",
        format!(
            "{} numbers the same, {} within rounding, {} explained otherwise, {} different",
            summary.same, summary.rounding, summary.explained, summary.differs
        ),
    ));
    lines.extend(study.notes.iter().map(|note| ("Note", note.clone())));
    lines.extend(study.misprints.iter().map(|words| ("Misprint", words.clone())));
    lines.extend(words.into_iter().map(|words| ("Finding", words)));
    lines
}

fn unknown(name: &str, reason: &str) -> Diagnostic {
    let problem = super::failure::unreadable(name, reason);
    let known = STUDIES.iter().map(|study| study.key);
    match nearest(name, known) {
        Some(near) => problem.hint(format!("did you mean the built-in study `{near}`?")),
        None => problem.hint("`trustpath reproduce` lists the built-in studies"),
    }
}

#[cfg(feature = "plots")]
fn draw(console: &Console, target: &Path, study: &Study, comparisons: &[Comparison]) -> Result<(), Failure> {
    use super::figure::undrawn;
    let svg = trustpath::reproduce::diagram(study, comparisons, console.language())
        .svg(&trustpath::plot::Theme::screen())
        .map_err(|error| undrawn(&error))?;
    let extension = target.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "svg" => console.write_file(target, svg.as_str()),
        #[cfg(feature = "png")]
        "png" => {
            let pixels = trustpath::plot::png(&svg, 2.0).map_err(|error| undrawn(&error))?;
            console.write_bytes(target, &pixels)
        }
        _ => Err(Diagnostic::error(
            "TP0003",
            format!("the extension of `{}` picks no form of figure", target.display()),
        )
        .hint("end it in .svg or .png")
        .into()),
    }
}

#[cfg(not(feature = "plots"))]
fn draw(_: &Console, _: &Path, _: &Study, _: &[Comparison]) -> Result<(), Failure> {
    Err(Diagnostic::error("TP0003", "this build draws no figures").hint("build with `plots`").into())
}

fn list(console: &Console) -> Result<(), Failure> {
    let format = console.format()?;
    let mut table = Table::new(
        "published_studies",
        "Published studies",
        vec![
            Column::words("study", "Study"),
            Column::words("title", "Title"),
            Column::words("n", "n"),
            Column::words("as_published", "As published"),
            Column::numbers("numbers", "Numbers"),
            Column::numbers("same", "Same"),
            Column::numbers("rounding", "Rounding"),
            Column::numbers("explained", "Explained"),
            Column::numbers("differs", "Differs"),
        ],
    );
    for published in STUDIES {
        let study = published.read()?;
        let summary = Summary::of(&refit(&study)?);
        let all = summary.same + summary.rounding + summary.explained + summary.differs;
        let mut cases: Vec<String> = study.tables.iter().map(|table| table.n.to_string()).collect();
        cases.dedup();
        table.push(vec![
            Cell::text(&study.key),
            Cell::text(&study.title),
            Cell::text(cases.join(", ")),
            Cell::text(format!("{} of {all}", summary.same + summary.rounding)),
            Cell::count(all),
            Cell::count(summary.same),
            Cell::count(summary.rounding),
            Cell::count(summary.explained),
            Cell::count(summary.differs),
        ]);
    }
    if format == Format::Json {
        let mut object = json::object();
        object.insert("published_studies".into(), json::value(&table));
        return console.write(&json::text(&object));
    }
    if format == Format::Text {
        // What a terminal has no room for.
        let details = ["numbers", "same", "rounding", "explained", "differs"];
        super::models::keep(&mut table, |column| !details.contains(&column.key.as_str()));
        table.note("As published: to the printed digits, or within what their rounding allows.");
        table.note("Estimate one again with `trustpath reproduce NAME`; type in another with `--source` as a pattern.");
    }
    console.write(&Page { tables: vec![table], ..Page::default() }.render(format))
}
