//! Categorical predictors: a column of categories as columns of 0 and 1 (`#@ factor education ref=highschool`).
//!
//! A factor of k categories becomes k − 1 dummies, one for every category but the reference: 1 for the cases of that
//! category, 0 for all others, missing where the category is. A path from a dummy is the difference of its category to the
//! reference. All k dummies add up to 1 in every case, so that one of them is always too many; and no index of them measures
//! anything, which is why they never become the items of one construct.

use std::collections::BTreeSet;

use super::{Column, SampleSettings, Survey, SurveyError, Values};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Annotation, Categorical, Document, Item, Level, Model, Name, Operator, Statement, Term};

/// More categories than this are names, not categories.
const MOST_LEVELS: usize = 20;

/// The model with its factors as dummies, and the survey with their columns; `None` if the model has no factor.
///
/// # Errors
/// [`SurveyError::Invalid`] for a factor that is no column, has fewer than two categories or too many, or whose reference
/// is none of them.
pub fn code_factors(
    model: &Model,
    survey: &Survey,
    settings: &SampleSettings,
) -> Result<Option<(Model, Survey)>, SurveyError> {
    let asked: Vec<&Categorical> =
        model.about.factors.iter().filter(|factor| factor.levels.is_empty()).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let mut survey = survey.clone();
    let mut factors = Vec::new();
    let mut problems = Vec::new();
    let mut taken: BTreeSet<String> = survey.columns.iter().map(|column| column.name.clone()).collect();
    taken.extend(model.construct_names());
    for factor in asked {
        let codes = model.codebook.find(&factor.name).map(|item| item.missing.clone()).unwrap_or_default();
        let codes: Vec<f64> = codes.iter().chain(&settings.missing_codes).copied().collect();
        match code(factor, &survey, &codes, &mut taken) {
            Ok((coded, columns)) => {
                survey.columns.extend(columns);
                factors.push(coded);
            }
            Err(SurveyError::Invalid(found)) => problems.extend(found.0),
            Err(other) => return Err(other),
        }
    }
    super::refuse_if_any(problems)?;
    let document = expanded(model.document(), &factors);
    let mut coded = Model::parse_named("<the model with its factors coded>", &document.to_string())
        .map_err(|error| match error {
            crate::model::ModelError::Invalid(problems) => SurveyError::Invalid(problems),
            other => Diagnostic::error("TP0240", other.to_string()).into(),
        })?
        .with_codebook(model.codebook.clone());
    for factor in &factors {
        for level in &factor.levels {
            coded.label_construct(&level.dummy, &format!("{} = {}", factor.name, level.label));
        }
    }
    coded.about.factors = factors;
    Ok(Some((coded, survey)))
}

/// One factor: its levels and their columns.
fn code(
    factor: &Categorical,
    survey: &Survey,
    missing: &[f64],
    taken: &mut BTreeSet<String>,
) -> Result<(Categorical, Vec<Column>), SurveyError> {
    let name = &factor.name;
    let Some(column) = survey.column(name) else {
        let problem = Diagnostic::error("TP0240", format!("the factor `{name}` is not a column of the data"))
            .in_file(&survey.file, None, None);
        let near = nearest(name, survey.columns.iter().map(|column| column.name.as_str()));
        return Err(match near {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        }
        .into());
    };
    let cells: Vec<Option<String>> = (0..survey.cases)
        .map(|case| match &column.values {
            Values::Numbers(cells) => {
                let number = cells.get(case).copied().flatten().filter(|x| !missing.contains(x));
                number.map(|x| x.to_string())
            }
            other => other.show(case),
        })
        .collect();
    let mut labels: Vec<&String> = cells.iter().flatten().collect::<BTreeSet<_>>().into_iter().collect();
    if matches!(column.values, Values::Numbers(_)) {
        labels.sort_by(|a, b| {
            let number = |label: &String| label.parse::<f64>().unwrap_or(f64::NAN);
            number(a).total_cmp(&number(b))
        });
    }
    let problem =
        |message: String| Diagnostic::error("TP0241", message).in_file(&survey.file, None, Some(name));
    match labels.as_slice() {
        [] => return Err(problem(format!("the factor `{name}` has no category in any case")).into()),
        [only] => {
            return Err(problem(format!(
                "the factor `{name}` has the one category `{only}`, which explains nothing"
            ))
            .hint("leave it out of the model")
            .into());
        }
        many if many.len() > MOST_LEVELS => {
            let hint = format!(
                "merge them to at most {MOST_LEVELS}, or use a number as a number: remove `#@ factor {name}`"
            );
            let message = format!("the factor `{name}` has {} categories", many.len());
            return Err(problem(message).hint(hint).into());
        }
        _ => {}
    }
    let reference = match &factor.reference {
        None => labels[0].clone(),
        Some(asked) if labels.contains(&asked) => asked.clone(),
        Some(asked) => {
            let listed: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
            let problem =
                Diagnostic::error("TP0242", format!("`{asked}` is no category of the factor `{name}`"))
                    .in_file(&survey.file, None, Some(name));
            return Err(match nearest(asked, labels.iter().map(|label| label.as_str())) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("its categories are {}", listed.join(", "))),
            }
            .into());
        }
    };
    let mut levels = Vec::new();
    let mut columns = Vec::new();
    for label in labels {
        let cases = cells.iter().flatten().filter(|cell| *cell == label).count();
        if *label == reference {
            continue;
        }
        let dummy = free_name(name, label, taken);
        let values =
            cells.iter().map(|cell| cell.as_ref().map(|cell| f64::from(u8::from(cell == label)))).collect();
        columns.push(Column { name: dummy.clone(), values: Values::Numbers(values) });
        levels.push(Level { label: label.clone(), dummy, cases });
    }
    Ok((Categorical { name: name.clone(), reference: Some(reference), levels }, columns))
}

/// A name for a dummy that a model file can hold and nothing else has.
fn free_name(factor: &str, label: &str, taken: &mut BTreeSet<String>) -> String {
    let word: String = label.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let mut name = format!("{factor}.{word}");
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// The document with every factor replaced by its dummies, which keep their units.
fn expanded(document: &Document, factors: &[Categorical]) -> Document {
    let find = |name: &str| factors.iter().find(|factor| factor.name == name);
    let mut items = Vec::new();
    for item in &document.items {
        match item {
            Item::Annotation(annotation) => {
                let mut annotation = annotation.clone();
                match annotation.key.as_str() {
                    "factor" => continue,
                    "control" => {
                        let words = annotation.value.split_whitespace();
                        let words = words.flat_map(|word| match find(word) {
                            Some(factor) => factor.levels.iter().map(|level| level.dummy.clone()).collect(),
                            None => vec![word.to_owned()],
                        });
                        annotation.value = words.collect::<Vec<_>>().join(" ");
                    }
                    _ => {}
                }
                items.push(Item::Annotation(annotation));
            }
            Item::Statement(statement) if statement.operator == Operator::Regression => {
                let mut statement = statement.clone();
                statement.terms = statement.terms.iter().flat_map(|term| terms(term, &find)).collect();
                items.push(Item::Statement(statement));
            }
            other @ Item::Statement(_) => items.push(other.clone()),
        }
    }
    let dummies: Vec<&str> =
        factors.iter().flat_map(|factor| &factor.levels).map(|level| level.dummy.as_str()).collect();
    // Names so much alike would be taken for slips of the pen if nothing measured them.
    items.extend(dummies.iter().map(|dummy| {
        let name = || Name { text: (*dummy).to_owned(), span: 0..0 };
        Item::Statement(Statement {
            left: vec![name()],
            operator: Operator::Composite,
            terms: vec![Term { modifier: None, names: vec![name()], span: 0..0 }],
            expression: String::new(),
            span: 0..0,
            operator_span: 0..0,
        })
    }));
    items.push(Item::Annotation(Annotation {
        key: "unstandardized".to_owned(),
        value: dummies.join(" "),
        key_span: 0..0,
        value_span: 0..0,
    }));
    Document { items }
}

/// A term once per dummy of the factors in it.
fn terms<'a>(term: &Term, find: &impl Fn(&str) -> Option<&'a Categorical>) -> Vec<Term> {
    let mut all: Vec<Vec<Name>> = vec![Vec::new()];
    let mut split = false;
    for name in &term.names {
        let choices: Vec<Name> = match find(&name.text) {
            Some(factor) => {
                split = true;
                let dummy = |level: &Level| Name { text: level.dummy.clone(), span: name.span.clone() };
                factor.levels.iter().map(dummy).collect()
            }
            None => vec![name.clone()],
        };
        all = all
            .into_iter()
            .flat_map(|before| {
                choices.iter().map(move |choice| {
                    let mut names = before.clone();
                    names.push(choice.clone());
                    names
                })
            })
            .collect();
    }
    // One label cannot stand on several paths.
    let modifier = if split { None } else { term.modifier.clone() };
    all.into_iter().map(|names| Term { modifier: modifier.clone(), names, span: term.span.clone() }).collect()
}

/// A block of dummies that add up to the same in every case: all categories of a variable as items of one construct.
pub(super) fn whole_set_of_dummies(model: &Model, columns: &[Vec<f64>]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for construct in model.constructs().iter().filter(|construct| construct.indicators.len() > 1) {
        let block: Vec<&Vec<f64>> =
            construct.indicators.iter().filter_map(|id| columns.get(id.index())).collect();
        let dummies = block.iter().all(|column| column.iter().all(|x| x.is_nan() || *x == 0.0 || *x == 1.0));
        let cases = block.first().map_or(0, |column| column.len());
        let whole = (0..cases).all(|i| {
            let sum: f64 = block.iter().map(|column| column[i]).sum();
            sum.is_nan() || sum == 1.0
        });
        if dummies && whole && cases > 0 {
            let items: Vec<&str> =
                construct.indicators.iter().map(|id| model.indicator(*id).name.as_str()).collect();
            problems.push(
                Diagnostic::error(
                    "TP0243",
                    format!(
                        "the items of `{}` ({}) are the categories of one variable: exactly one of them is 1 in every case",
                        construct.name,
                        items.join(", ")
                    ),
                )
                .hint("categories measure nothing together; name the variable as a predictor and say that it is a factor: `#@ factor education ref=highschool`")
                .hint("a single dummy may stand in a path by itself, but never all of them"),
            );
        }
    }
    problems
}
