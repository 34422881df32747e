//! A published study as a file: what the paper printed, and what it found.
//!
//! ```toml
//! title = "Trust in a new shop"
//! citation = "Author, A. (2020). Title. Journal, 1(2), 3-4."
//! doi = "10.0000/example"
//! method = "PLS-SEM"
//! disattenuate = "alpha"          # alpha, cr or rho_a: divide correlations by the root of both reliabilities first
//! notes = ["What a reader must know"]
//! misprints = ["What the paper prints wrongly"]
//!
//! [labels]
//! PU = "Perceived usefulness"
//!
//! [[table]]
//! name = "Study 1"                # if there is more than one
//! n = 250
//! # A lower triangle as printed; the diagonal (1, or the root of AVE) may stand or lack
//! correlations = """
//! PU    .88
//! PEOU  .41   .90
//! TR    .55   .47   .85
//! """
//! reliability = """
//!       ave  cr   alpha
//! PU    .77  .91  .87
//! TR    .72  .89  -
//! """
//!
//! [[table.equation]]
//! outcome = "TR"
//! coefficients = "PU .43**, PEOU .29"   # as printed
//! controls = "AGE"                      # in the table, but their coefficients are not printed
//! unprinted = "GENDER"                  # in the paper's equation, but not in the table
//! r2 = ".37"                            # or adjusted_r2
//! differs = { PU = "why this number cannot come out" }
//! ```
//!
//! `covariances` in the place of `correlations` takes covariances of items; a table with a `model` in lavaan's syntax is
//! estimated as that model by consistent PLS, and one without by regressions on the table.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::ReproduceError;
use super::printed::{Block, Printed, Triangle, triangle};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, nearest};
use crate::model::{Model, words};

words! {
    /// The reliability that correlations are corrected by.
    Reliability: "reliability" {
        /// Cronbach's alpha.
        Alpha = "alpha",
        /// Composite reliability.
        Cr = "cr",
        /// Dijkstra and Henseler's reliability.
        RhoA = "rho_a",
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StudyFile {
    title: String,
    citation: String,
    #[serde(default)]
    doi: String,
    #[serde(default)]
    method: String,
    disattenuate: Option<Reliability>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    misprints: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    table: Vec<TableFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    #[serde(default)]
    name: String,
    n: usize,
    correlations: Option<Spanned<String>>,
    covariances: Option<Spanned<String>>,
    reliability: Option<Spanned<String>>,
    model: Option<Spanned<String>>,
    #[serde(default)]
    why: String,
    equation: Vec<EquationFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EquationFile {
    #[serde(default)]
    name: String,
    outcome: Spanned<String>,
    coefficients: Option<Spanned<String>>,
    controls: Option<Spanned<String>>,
    unprinted: Option<Spanned<String>>,
    r2: Option<Spanned<String>>,
    adjusted_r2: Option<Spanned<String>>,
    #[serde(default)]
    differs: BTreeMap<String, String>,
}

/// What a paper printed and found.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Its name, that of the file.
    pub key: String,
    /// What it is about.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// Its DOI; may be empty.
    pub doi: String,
    /// How it was estimated.
    pub method: String,
    /// The reliability by which correlations are corrected first.
    pub disattenuate: Option<Reliability>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// What the paper prints wrongly.
    pub misprints: Vec<String>,
    /// What the variables are called.
    pub labels: BTreeMap<String, String>,
    /// Its tables.
    pub tables: Vec<PublishedTable>,
}

/// A table of correlations or covariances with the equations estimated from it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedTable {
    /// Its name, if there are several.
    pub name: String,
    /// Number of cases.
    pub n: usize,
    /// Whether the numbers are covariances.
    pub covariances: bool,
    /// The numbers.
    pub triangle: Triangle,
    /// AVE and reliabilities by variable.
    pub reliability: BTreeMap<String, Reliabilities>,
    /// The model the items belong to, where the table is one of items.
    pub model: Option<Model>,
    /// Why results can differ in the whole table; empty if there is no reason.
    pub why: String,
    /// What was found.
    pub equations: Vec<PublishedEquation>,
}

/// What is printed about one construct.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reliabilities {
    /// Average variance extracted.
    pub ave: Option<Printed>,
    /// Composite reliability.
    pub cr: Option<Printed>,
    /// Cronbach's alpha.
    pub alpha: Option<Printed>,
    /// Dijkstra and Henseler's reliability.
    pub rho_a: Option<Printed>,
}

impl Reliabilities {
    /// One of them.
    pub fn get(&self, which: Reliability) -> Option<Printed> {
        match which {
            Reliability::Alpha => self.alpha,
            Reliability::Cr => self.cr,
            Reliability::RhoA => self.rho_a,
        }
    }
}

/// One equation and what was found for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedEquation {
    /// The model it belongs to, where a paper has several.
    pub name: String,
    /// The outcome.
    pub outcome: String,
    /// Predictors in the table, each with its coefficient unless that is not printed.
    pub predictors: Vec<(String, Option<Printed>)>,
    /// Predictors of the paper's equation that the table lacks.
    pub unprinted: Vec<String>,
    /// R².
    pub r_squared: Option<Printed>,
    /// Adjusted R².
    pub adjusted_r_squared: Option<Printed>,
    /// Why single numbers cannot come out, by predictor or `R2`.
    pub differs: BTreeMap<String, String>,
}

impl Study {
    /// Reads a study file.
    ///
    /// # Errors
    /// [`ReproduceError::Unreadable`] if the file cannot be read, [`ReproduceError::Invalid`] with every problem found.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, ReproduceError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| ReproduceError::Unreadable { file: name.clone(), reason: error.to_string() })?;
        let key = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self::parse(&name, &key, &text)
    }

    /// Reads a study from a text; `name` is what messages call it, `key` what it is called in results.
    ///
    /// # Errors
    /// [`ReproduceError::Invalid`] with every problem found.
    pub fn parse(name: &str, key: &str, text: &str) -> Result<Self, ReproduceError> {
        let file: StudyFile = toml::from_str(text).map_err(|error| {
            ReproduceError::Invalid(crate::plan::toml_problem("TP1201", name, text, &error).into())
        })?;
        let source = Source::new(name, text);
        let mut problems = Vec::new();
        let tables = file.table.into_iter().map(|table| self::table(&source, table, &mut problems)).collect();
        if !problems.is_empty() {
            return Err(ReproduceError::Invalid(Diagnostics(problems)));
        }
        Ok(Self {
            key: key.to_owned(),
            title: file.title,
            citation: file.citation,
            doi: file.doi,
            method: file.method,
            disattenuate: file.disattenuate,
            notes: file.notes,
            misprints: file.misprints,
            labels: file.labels,
            tables,
        })
    }

    /// What a variable is called.
    pub fn label<'a>(&'a self, name: &'a str) -> &'a str {
        self.labels.get(name).map_or(name, String::as_str)
    }
}

/// A text of the file with its place.
fn block<'a>(source: &'a Arc<Source>, text: &'a Spanned<String>) -> Block<'a> {
    Block { source, start: text.span().start, text: text.get_ref() }
}

fn table(source: &Arc<Source>, file: TableFile, problems: &mut Vec<Diagnostic>) -> PublishedTable {
    let covariances = file.covariances.is_some();
    let triangle = match (&file.correlations, &file.covariances) {
        (Some(text), None) | (None, Some(text)) => triangle(&block(source, text), covariances, problems),
        _ => {
            let message = format!("the table `{}` needs either `correlations` or `covariances`", file.name);
            let problem = Diagnostic::error("TP1203", message).in_file(&source.name, None, None);
            problems.push(problem.hint("write the lower triangle, a row per variable: `PU 1`, `PEOU .43 1`"));
            Triangle::default()
        }
    };
    if file.n < 3 {
        let message = format!("the table `{}` rests on {} cases", file.name, file.n);
        let problem = Diagnostic::error("TP1203", message).in_file(&source.name, None, None);
        problems.push(problem.hint("`n` is the number of respondents that the paper states"));
    }
    let reliability = file.reliability.as_ref().map(|text| reliabilities(&block(source, text), problems));
    let model = file.model.as_ref().and_then(|text| match Model::parse_named(&source.name, text.get_ref()) {
        Ok(model) => Some(model),
        Err(crate::model::ModelError::Invalid(found)) => {
            problems.extend(found.0);
            None
        }
        Err(other) => {
            problems.push(block(source, text).problem("TP1201", "", other.to_string(), "here"));
            None
        }
    });
    let known: Vec<String> = match &model {
        Some(model) => model.construct_names(),
        None => triangle.names.clone(),
    };
    if let Some(model) = &model {
        for item in model.indicator_names() {
            if triangle.position(&item).is_none() {
                let message = format!("the table has no item `{item}`, which its model needs");
                let problem = Diagnostic::error("TP1204", message).in_file(&source.name, None, None);
                problems.push(problem.hint("add its row to the table, or leave it out of the model"));
            }
        }
    }
    let equations = file.equation.iter().map(|one| equation(source, one, &known, problems)).collect();
    PublishedTable {
        name: file.name,
        n: file.n,
        covariances,
        triangle,
        reliability: reliability.unwrap_or_default(),
        model,
        why: file.why,
        equations,
    }
}

/// Lines of `name number number …` under a line of headings.
fn reliabilities(block: &Block<'_>, problems: &mut Vec<Diagnostic>) -> BTreeMap<String, Reliabilities> {
    let mut out = BTreeMap::new();
    let mut lines = block.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(header) = lines.next() else { return out };
    let columns: Vec<&str> = header.split_whitespace().collect();
    for column in &columns {
        if !["ave", "cr", "alpha", "rho_a"].contains(column) {
            let message = format!("`{column}` is not a column of `reliability`");
            problems.push(
                block
                    .problem("TP1203", header, message, "unknown")
                    .hint("the columns are ave, cr, alpha, rho_a"),
            );
        }
    }
    for line in lines {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        let mut row = Reliabilities::default();
        for (column, word) in columns.iter().zip(words) {
            if matches!(word, "-" | "–" | "−" | "n/a") {
                continue;
            }
            let number = Printed::parse(word).filter(|number| number.value > 0.0 && number.value <= 1.0);
            if number.is_none() {
                let message = format!("`{word}` of `{name}` is neither above 0 and up to 1 nor `-`");
                problems.push(block.problem("TP1202", line, message, "here"));
            }
            match *column {
                "ave" => row.ave = number,
                "cr" => row.cr = number,
                "alpha" => row.alpha = number,
                _ => row.rho_a = number,
            }
        }
        out.insert(name.to_owned(), row);
    }
    out
}

/// Names parted by commas or blanks.
fn names(text: Option<&Spanned<String>>) -> Vec<&str> {
    let parts = text.map(|text| text.get_ref().split(|c: char| c == ',' || c.is_whitespace()));
    parts.into_iter().flatten().filter(|name| !name.is_empty()).collect()
}

fn equation(
    source: &Arc<Source>,
    file: &EquationFile,
    known: &[String],
    problems: &mut Vec<Diagnostic>,
) -> PublishedEquation {
    let mut predictors: Vec<(String, Option<Printed>)> = Vec::new();
    let place = |text: &Spanned<String>| text.span();
    let check = |name: &str, span: std::ops::Range<usize>, problems: &mut Vec<Diagnostic>| {
        if known.iter().any(|one| one == name) {
            return;
        }
        let problem = Diagnostic::error("TP1204", format!("`{name}` is not in the table")).at(
            source,
            span,
            "not in the table",
        );
        problems.push(match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("a predictor whose correlations are not printed belongs under `unprinted`"),
        });
    };
    check(file.outcome.get_ref(), place(&file.outcome), problems);
    if let Some(text) = &file.coefficients {
        for part in text.get_ref().split([',', '\n', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            let words: Vec<&str> = part.split_whitespace().collect();
            let ([name, number], true) = (words.as_slice(), true) else {
                let message = format!("`{part}` is not a predictor and its coefficient");
                problems.push(
                    Diagnostic::error("TP1202", message)
                        .at(source, place(text), "here")
                        .hint("write them like `PU .43**, PEOU .29`"),
                );
                continue;
            };
            let value = Printed::parse(number);
            if value.is_none() {
                let message = format!("`{number}`, the coefficient of `{name}`, is not a number");
                let problem = Diagnostic::error("TP1202", message).at(source, place(text), "here");
                problems.push(problem.hint("copy it as printed, such as `.43`, `0.43***`, `−.12`; predictors without a number stand under `unprinted`"));
            }
            check(name, place(text), problems);
            predictors.push(((*name).to_owned(), value));
        }
    }
    for name in names(file.controls.as_ref()) {
        if let Some(text) = &file.controls {
            check(name, place(text), problems);
        }
        predictors.push((name.to_owned(), None));
    }
    for (at, (name, _)) in predictors.iter().enumerate() {
        let twice = predictors.iter().take(at).any(|(before, _)| before == name);
        if twice || name == file.outcome.get_ref() {
            let message = format!("`{name}` stands twice in the equation of `{}`", file.outcome.get_ref());
            let problem =
                Diagnostic::error("TP1204", message).at(source, place(&file.outcome), "in this equation");
            problems.push(problem.hint("name every predictor once, and never the outcome"));
        }
    }
    if predictors.is_empty() {
        let message = format!("the equation of `{}` has no predictor", file.outcome.get_ref());
        let problem = Diagnostic::error("TP1204", message).at(source, place(&file.outcome), "this one");
        problems.push(problem.hint("name its predictors: `coefficients = \"PU .43**, PEOU .29\"`"));
    }
    let mut number = |text: &Option<Spanned<String>>| {
        let text = text.as_ref()?;
        let value = Printed::parse(text.get_ref());
        if value.is_none() {
            let message = format!("`{}` is not a number", text.get_ref());
            let problem = Diagnostic::error("TP1202", message).at(source, place(text), "here");
            problems.push(problem.hint("copy it as printed, such as `.43`, `0.43***`, `−.12`; predictors without a number stand under `unprinted`"));
        }
        value
    };
    PublishedEquation {
        name: file.name.clone(),
        outcome: file.outcome.get_ref().clone(),
        predictors,
        unprinted: names(file.unprinted.as_ref()).into_iter().map(str::to_owned).collect(),
        r_squared: number(&file.r2),
        adjusted_r_squared: number(&file.adjusted_r2),
        differs: file.differs.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_example_above_is_a_study() {
        let lines = include_str!("study.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let text: Vec<&str> = lines
            .skip_while(|line| !line.contains("```toml"))
            .skip(1)
            .take_while(|line| !line.contains("```"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        // AGE is not in the example's table.
        let error = Study::parse("x.toml", "x", &text.join("\n")).unwrap_err().to_string();
        assert!(error.contains("TP1204") && error.contains("`AGE`") && !error.contains("TP1202"), "{error}");
        let study = Study::parse("x.toml", "x", &text.join("\n").replace("controls = \"AGE\"", "")).unwrap();
        let table = &study.tables[0];
        assert_eq!(table.reliability["TR"].alpha, None);
        assert_eq!(table.reliability["PU"].get(Reliability::Cr).map(|p| p.value), Some(0.91));
        assert_eq!(table.equations[0].predictors[1].0, "PEOU");
        assert_eq!(table.equations[0].unprinted, ["GENDER"]);
    }

    #[test]
    fn problems_point_into_the_file() {
        let text = "title = \"t\"\ncitation = \"c\"\n[[table]]\nn = 100\ncorrelations = \"\"\"\nPEOU\nTR .4\n\"\"\"\n\
                    [[table.equation]]\noutcome = \"TR\"\ncoefficients = \"PEOUU .4, PEOU\"\n";
        let error = Study::parse("x.toml", "x", text).unwrap_err().to_string();
        assert!(error.contains("x.toml:11") && error.contains("did you mean `PEOU`?"), "{error}");
        let error = Study::parse("x.toml", "x", "titel = \"t\"\n").unwrap_err().to_string();
        assert!(error.contains("TP1201") && error.contains("titel"), "{error}");
    }
}
