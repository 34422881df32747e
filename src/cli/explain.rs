//! `trustpath explain [ID]`: the page of a rule or of a diagnostic code, or the list of all rules.

use clap::Args;
use trustpath::assess::{Rule, nearest_rule, rule, rules};
use trustpath::codes::CODES;
use trustpath::diagnostic::{Diagnostic, nearest};
use trustpath::table::{Cell, Column, Table};

use super::console::Format;
use super::page::Page;
use super::{Console, Failure, Outcome, json};

const EXAMPLES: &str = "\
Examples:
  trustpath explain
  trustpath explain R08
  trustpath explain TP0123
  trustpath explain R08 --format markdown";

/// Explain a rule of the verdicts or a diagnostic code; without one, list all rules
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// Rule such as R08, or code such as TP0123
    id: Option<String>,
}

impl Explain {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let format = console.format()?;
        match &self.id {
            None => list(console, format)?,
            Some(id) => match (rule(id), CODES.iter().find(|(code, _)| code.eq_ignore_ascii_case(id))) {
                (Some(rule), _) => page(console, format, rule)?,
                (None, Some((code, meaning))) => code_page(console, format, code, meaning)?,
                (None, None) => return Err(unknown(id)),
            },
        }
        Ok(Outcome::Done)
    }
}

fn unknown(id: &str) -> Failure {
    let problem = Diagnostic::error("TP0011", format!("there is no rule and no code `{id}`"));
    let near = nearest_rule(id).or_else(|| nearest(id, CODES.iter().map(|(code, _)| *code)));
    let problem = match near {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem,
    };
    problem.hint("`trustpath explain` lists the rules").into()
}

fn list(console: &Console, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        let mut object = json::object();
        object.insert("rules".into(), json::value(&rules()));
        return console.write(&json::text(&object));
    }
    let mut tables: Vec<Table> = Vec::new();
    for rule in rules() {
        if tables.last().is_none_or(|table| table.title != rule.section()) {
            let columns = vec![
                Column::words("id", "Id"),
                Column::words("quantity", "Quantity"),
                Column::words("rule", "Rule"),
                Column::words("source", "Source"),
            ];
            tables.push(Table::new("rules", rule.section(), columns));
        }
        if let Some(table) = tables.last_mut() {
            table.push(vec![
                Cell::text(rule.id),
                Cell::text(rule.quantity),
                Cell::text(rule.rule),
                Cell::text(rule.said_by()),
            ]);
        }
    }
    if format == Format::Text
        && let Some(last) = tables.last_mut()
    {
        last.note("Thresholds are rules of thumb, never proofs.");
        last.note("One of them in full: `trustpath explain R08`.");
    }
    console.write(&Page { tables, ..Page::default() }.render(format))
}

fn page(console: &Console, format: Format, rule: &Rule) -> Result<(), Failure> {
    let language = console.language();
    let header = rule.lines_in(language);
    match format {
        Format::Json => {
            let mut object = json::object();
            object.insert("rule".into(), json::value(rule));
            console.write(&json::text(&object))
        }
        Format::Csv => {
            let mut table = Table::new(
                "rule",
                rule.id,
                vec![Column::words("key", "Key"), Column::words("words", "Words")],
            );
            for (key, words) in header {
                table.push(vec![Cell::text(key), Cell::text(words)]);
            }
            console.write(&table.to_csv())
        }
        _ => {
            let page = Page { header, ..Page::default() };
            console.write(&page.render(format).under(format!("{} {}", rule.id, language.say(rule.quantity))))
        }
    }
}

fn code_page(console: &Console, format: Format, code: &str, meaning: &str) -> Result<(), Failure> {
    if format == Format::Json {
        let mut object = json::object();
        object.insert("code".into(), code.into());
        object.insert("meaning".into(), meaning.into());
        return console.write(&json::text(&object));
    }
    let room = match code.get(2..4) {
        Some("00") => "command line",
        Some("01") => "model file",
        Some("02") => "survey file",
        Some("03") => "codebook",
        Some("04") => "estimation and assessment",
        Some("05") => "correlation table",
        Some("08") => "effects",
        Some("11") => "planning",
        Some("12") => "published studies",
        Some("14") => "covariance-based models",
        _ => "resampling",
    };
    let header = vec![
        ("Code", code.to_owned()),
        ("Meaning", meaning.to_owned()),
        ("About", room.to_owned()),
        ("What to do", "the message names the place and how to mend it".to_owned()),
    ];
    console.write(&Page { header, ..Page::default() }.render(format))
}
