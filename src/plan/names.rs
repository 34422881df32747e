//! The names by which a population states its numbers, and whether the model knows them.

use super::PlanError;
use super::causes::Causes;
use super::population::Population;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::model::{Construct, Kind, Model};

/// `A ~~ B` as its two names.
pub(super) fn pair(key: &str) -> Option<(&str, &str)> {
    let (a, b) = key.split_once("~~")?;
    Some((a.trim(), b.trim()))
}

/// The stated value of a path; `A:B` is `B:A`, and blanks do not matter.
pub(super) fn stated_path(population: &Population, key: &str) -> Option<f64> {
    let plain = |text: &str| {
        let (to, from) = text.split_once('~').unwrap_or((text, ""));
        let mut parts: Vec<String> = from.split(':').map(|part| part.trim().to_owned()).collect();
        parts.sort();
        (to.trim().to_owned(), parts)
    };
    let wanted = plain(key);
    population.paths.iter().find(|(known, _)| plain(known) == wanted).map(|(_, value)| *value)
}

/// Every name and value of a population, checked against the model.
pub(super) fn check_names(model: &Model, causes: &Causes, population: &Population) -> Result<(), PlanError> {
    let mut problems = Vec::new();
    let names = causes.names();
    let items = model.indicator_names();
    let mut unknown = |what: &str, key: &str, known: &mut dyn Iterator<Item = String>| {
        let known: Vec<String> = known.collect();
        if known.iter().any(|name| name == key) {
            return;
        }
        let problem = Diagnostic::error(
            "TP1102",
            format!("the population states {what} `{key}`, which the model does not have"),
        );
        let problem = match nearest(key, known.iter().map(String::as_str)) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem,
        };
        problems.push(problem);
    };
    let mut paths = Vec::new();
    for node in &causes.nodes {
        for effect in &node.effects {
            paths.push(format!("{} ~ {}", node.name, effect.from.name(&names)));
        }
    }
    let known =
        Population { paths: paths.iter().map(|path| (path.clone(), 0.0)).collect(), ..Population::default() };
    for key in population.paths.keys() {
        if stated_path(&known, key).is_none() {
            unknown("the path", key, &mut paths.iter().cloned());
        }
    }
    let anything = || names.iter().chain(&items).cloned();
    for key in population.correlations.keys() {
        match pair(key) {
            Some((a, b)) => {
                unknown("a correlation of", a, &mut anything());
                unknown("a correlation of", b, &mut anything());
            }
            None => unknown("the correlation", key, &mut std::iter::once("A ~~ B".to_owned())),
        }
    }
    let dimensions: Vec<String> = causes
        .nodes
        .iter()
        .flat_map(|node| node.dimension_of.iter().map(|&whole| format!("{} =~ {}", names[whole], node.name)))
        .collect();
    for key in population.loadings.keys() {
        unknown("a loading of", key, &mut anything().chain(dimensions.iter().cloned()));
    }
    for key in population.weights.keys() {
        unknown("a weight of", key, &mut anything());
    }
    for key in population.items.keys() {
        unknown("how to answer", key, &mut items.iter().cloned());
    }
    problems.extend(idle(model, population));
    let mut range = |what: String, value: f64, low: f64, high: f64| {
        if !(value >= low && value <= high) {
            problems.push(
                Diagnostic::error("TP1103", format!("{what} is {value}, not between {low} and {high}"))
                    .hint("correct the number in the file of the population"),
            );
        }
    };
    for (key, value) in &population.loadings {
        range(format!("the loading of `{key}`"), *value, -1.0, 1.0);
    }
    for (key, value) in &population.correlations {
        range(format!("the correlation `{key}`"), *value, -1.0, 1.0);
    }
    for (key, value) in &population.paths {
        range(format!("the path `{key}`"), *value, -10.0, 10.0);
    }
    for (key, value) in &population.weights {
        range(format!("the weight of `{key}`"), *value, -1e6, 1e6);
    }
    for group in &population.groups {
        for (key, value) in &group.means {
            range(format!("the mean of `{key}` in the group `{}`", group.name), *value, -10.0, 10.0);
        }
    }
    let defaults = &population.defaults;
    range("the default loading".into(), defaults.loading, -1.0, 1.0);
    range("the default correlation".into(), defaults.correlation, 0.0, 0.99);
    range("the default R²".into(), defaults.r_squared, 0.0, 0.99);
    let who = &population.respondents;
    range("the share of missing answers".into(), who.missing, 0.0, 0.9);
    range("the share of straight-liners".into(), who.straight_liners, 0.0, 1.0);
    range("the share of careless cases".into(), who.careless, 0.0, 1.0);
    range(
        "the share of straight-liners and careless cases".into(),
        who.straight_liners + who.careless,
        0.0,
        1.0,
    );
    if problems.is_empty() { Ok(()) } else { Err(PlanError::Invalid(Diagnostics(problems))) }
}

/// Numbers about items that no answer would follow from.
fn idle(model: &Model, population: &Population) -> Vec<Diagnostic> {
    // An observed variable is its own item, and is spoken of as a construct.
    let owner = |name: &str| -> Option<&Construct> {
        let item = model.find_item(name).filter(|_| model.find(name).is_none())?;
        Some(model.construct(model.indicator(item).construct))
    };
    let measured = |name: &str| owner(name).or_else(|| model.find(name).map(|id| model.construct(id)));
    let refuse = |message: String, hint: &str| Diagnostic::error("TP1102", message).hint(hint);
    let mut problems = Vec::new();
    for key in population.loadings.keys() {
        if measured(key).is_some_and(|construct| construct.kind == Kind::Composite) {
            let message =
                format!("the population states a loading of `{key}`, where a composite has weights");
            problems.push(refuse(message, "state it under `[weights]`, or leave it out"));
        }
    }
    for key in population.weights.keys() {
        if owner(key).is_some_and(|construct| construct.kind == Kind::Reflective) {
            let message =
                format!("the population states a weight of `{key}`, where a common factor has loadings");
            problems.push(refuse(message, "state it under `[loadings]`, or leave it out"));
        }
    }
    for (a, b) in population.correlations.keys().filter_map(|key| pair(key)) {
        let (Some(first), Some(second)) = (owner(a), owner(b)) else { continue };
        if first.name != second.name || first.kind == Kind::Composite {
            let message =
                format!("the population states a correlation of `{a}` and `{b}`, which nothing follows from");
            problems.push(refuse(message, "errors may correlate within the block of one common factor"));
        }
    }
    problems
}
