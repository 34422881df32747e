//! What is true in a population that data are drawn from.
//!
//! A population is stated in a TOML file; what it does not state takes a default, so that an empty file is a population
//! of any model. All values are standardised:
//!
//! ```toml
//! [paths]
//! "PU ~ NAV" = 0.15          # a path
//! "ITR ~ DTT:INST" = 0.10    # an interaction
//!
//! [correlations]
//! "NAV ~~ REP" = 0.30        # two constructs without predictors; two outcomes: their residuals; two items: their errors
//!
//! [loadings]
//! NAV = 0.80                 # all items of a construct, or all dimensions of a higher-order one
//! NAV4 = 0.65                # one item
//!
//! [weights]
//! VEN1 = 2.0                 # of the parts of a composite, in proportion to each other
//!
//! [defaults]                 # what is not stated above
//! loading = 0.80
//! correlation = 0.30
//! r_squared = 0.40           # unstated paths into an outcome are alike and bring its R² to this
//! mean = 4.6                 # of the answers, in their units
//! sd = 1.3
//!
//! [items.TR1]                # answers to one item
//! shares = [0.017, 0.057, 0.546, 0.323, 0.057]
//!
//! [respondents]
//! missing = 0.02             # share of the cells without answer
//! straight_liners = 0.03     # share of the cases that tick one box throughout
//! careless = 0.02            # share of the cases that tick at random
//!
//! [[group]]                  # shares of the groups; what a group does not state is as above
//! name = "student"
//! share = 0.6
//! means = { ITR = 0.3 }      # of constructs, in their standard deviations
//! paths = { "ITR ~ MOT" = 0.3 }
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::diagnostic::{Diagnostic, Source};

/// What is true in the population; see the description of this file for the meaning of each part.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Population {
    /// Path coefficients by `OUTCOME ~ PREDICTOR`; the predictor may be an interaction `A:B`.
    pub paths: BTreeMap<String, f64>,
    /// Correlations by `A ~~ B`.
    pub correlations: BTreeMap<String, f64>,
    /// Loadings by construct or item.
    pub loadings: BTreeMap<String, f64>,
    /// Weights of the parts of composites, in proportion to each other.
    pub weights: BTreeMap<String, f64>,
    /// What is not stated.
    pub defaults: Defaults,
    /// How single items are answered.
    pub items: BTreeMap<String, Marginal>,
    /// How well people answer.
    pub respondents: Respondents,
    /// Groups; none is one group without name.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

/// What a population does not state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// Loading of an item on its factor, and of a dimension on its higher-order factor.
    pub loading: f64,
    /// Correlation of two constructs without predictors, and of two items of a composite.
    pub correlation: f64,
    /// R² to which unstated paths bring an outcome.
    pub r_squared: f64,
    /// Mean of the answers in their units; the middle, a little to the agreeing side, if not stated.
    pub mean: Option<f64>,
    /// Standard deviation of the answers in their units; 22 % of the range if not stated.
    pub sd: Option<f64>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { loading: 0.8, correlation: 0.3, r_squared: 0.4, mean: None, sd: None }
    }
}

/// How an item is answered: shares of the answers, or mean and standard deviation before rounding.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Marginal {
    /// Mean of the answers before they are rounded.
    pub mean: Option<f64>,
    /// Their standard deviation.
    pub sd: Option<f64>,
    /// Share of each answer from the lowest to the highest; adds to 1.
    pub shares: Vec<f64>,
}

/// How well people answer; all shares lie between 0 and 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Respondents {
    /// Share of the cells without answer, missing completely at random.
    pub missing: f64,
    /// Share of the cases that tick one box throughout.
    pub straight_liners: f64,
    /// Share of the cases that tick at random.
    pub careless: f64,
}

/// A group of respondents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Group {
    /// Its name in the column `group`.
    pub name: String,
    /// Its share of the cases; shares add to 1.
    pub share: f64,
    /// Means of constructs, in their standard deviations.
    pub means: BTreeMap<String, f64>,
    /// Paths that differ from those of the population.
    pub paths: BTreeMap<String, f64>,
    /// Loadings that differ from those of the population (an item that means something else in this group).
    pub loadings: BTreeMap<String, f64>,
}

impl Population {
    /// Reads a population file.
    ///
    /// # Errors
    /// [`PlanError::Unreadable`] if the file cannot be read, [`PlanError::Invalid`] (TP1101) if it is no TOML or has a
    /// part that no population has.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, PlanError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| PlanError::Unreadable { file: name.clone(), reason: error.to_string() })?;
        Self::parse(&name, &text)
    }

    /// Reads a population from a text; `name` is what messages call it.
    ///
    /// # Errors
    /// As [`Population::read`].
    pub fn parse(name: &str, text: &str) -> Result<Self, PlanError> {
        toml::from_str(text)
            .map_err(|error| PlanError::Invalid(toml_problem("TP1101", name, text, &error).into()))
    }

    /// The population of one of its groups: the group's own values laid over the rest.
    pub(super) fn of_group(&self, group: &Group) -> Self {
        let mut own = self.clone();
        own.paths.extend(group.paths.iter().map(|(key, value)| (key.clone(), *value)));
        own.loadings.extend(group.loadings.iter().map(|(key, value)| (key.clone(), *value)));
        own
    }

    /// The population as a TOML file.
    pub fn to_toml(&self) -> String {
        let mut text = String::from("# A population to draw data from; all values are standardised\n");
        let mut section = |title: &str, rows: &BTreeMap<String, f64>| {
            if !rows.is_empty() {
                text.push_str(&format!("\n[{title}]\n"));
                for (key, value) in rows {
                    text.push_str(&format!("{} = {}\n", quoted(key), number(*value)));
                }
            }
        };
        section("paths", &self.paths);
        section("correlations", &self.correlations);
        section("loadings", &self.loadings);
        section("weights", &self.weights);
        let defaults = &self.defaults;
        text.push_str(&format!(
            "\n[defaults]\nloading = {}\ncorrelation = {}\nr_squared = {}\n",
            number(defaults.loading),
            number(defaults.correlation),
            number(defaults.r_squared)
        ));
        for (key, value) in [("mean", defaults.mean), ("sd", defaults.sd)] {
            if let Some(value) = value {
                text.push_str(&format!("{key} = {}\n", number(value)));
            }
        }
        for (item, marginal) in &self.items {
            text.push_str(&format!("\n[items.{}]\n", quoted(item)));
            for (key, value) in [("mean", marginal.mean), ("sd", marginal.sd)] {
                if let Some(value) = value {
                    text.push_str(&format!("{key} = {}\n", number(value)));
                }
            }
            if !marginal.shares.is_empty() {
                let shares: Vec<String> = marginal.shares.iter().map(|share| number(*share)).collect();
                text.push_str(&format!("shares = [{}]\n", shares.join(", ")));
            }
        }
        let who = &self.respondents;
        text.push_str(&format!(
            "\n[respondents]\nmissing = {}\nstraight_liners = {}\ncareless = {}\n",
            number(who.missing),
            number(who.straight_liners),
            number(who.careless)
        ));
        for group in &self.groups {
            text.push_str(&format!(
                "\n[[group]]\nname = {}\nshare = {}\n",
                quoted(&group.name),
                number(group.share)
            ));
            for (key, rows) in
                [("means", &group.means), ("paths", &group.paths), ("loadings", &group.loadings)]
            {
                if !rows.is_empty() {
                    let rows: Vec<String> =
                        rows.iter().map(|(k, v)| format!("{} = {}", quoted(k), number(*v))).collect();
                    text.push_str(&format!("{key} = {{ {} }}\n", rows.join(", ")));
                }
            }
        }
        text
    }
}

/// A key or text in quotes in one line, as TOML wants it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number that TOML reads as a float.
fn number(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        format!("{rounded:.1}")
    } else {
        format!("{rounded}")
    }
}

/// A fault of a TOML text as a diagnostic with its place.
pub(crate) fn toml_problem(
    code: &'static str,
    name: &str,
    text: &str,
    error: &toml::de::Error,
) -> Diagnostic {
    let source: Arc<Source> = Source::new(name, text);
    let message = error.message().trim().replace('\n', ": ");
    let problem = Diagnostic::error(code, format!("`{name}` cannot be read: {message}"));
    match error.span() {
        Some(span) => problem.at(&source, span, "here"),
        None => problem,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_population_is_read_and_written() {
        let text = "[paths]\n\"B ~ A\" = 0.5\n[items.a1]\nshares = [0.2, 0.8]\n[respondents]\nmissing = 0.1\n\
                    [[group]]\nname = \"x\"\nshare = 1\npaths = { \"B ~ A\" = 0.2 }\n";
        let population = Population::parse("p.toml", text).unwrap();
        assert_eq!(population.defaults, Defaults::default());
        assert_eq!(population.of_group(&population.groups[0]).paths["B ~ A"], 0.2);
        let again = Population::parse("q.toml", &population.to_toml()).unwrap();
        assert_eq!(again, population);
        assert_eq!(Population::parse("e", "").unwrap(), Population::default());
    }

    #[test]
    fn any_name_survives_being_written() {
        let name = "one\ntwo\t\"three\" \\ \u{7f}\u{85}\u{0}信任";
        let group = Group {
            name: name.to_owned(),
            share: 1.0,
            ..Population::parse("p", "[[group]]\nname = \"x\"\nshare = 1\n").unwrap().groups[0].clone()
        };
        let population = Population { groups: vec![group], ..Population::default() };
        let again = Population::parse("q", &population.to_toml()).unwrap();
        assert_eq!(again.groups[0].name, name);
        assert_eq!(again, population);
    }

    #[test]
    fn the_description_above_is_a_population() {
        let lines = include_str!("population.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let text: Vec<&str> = lines
            .skip_while(|line| !line.contains("```toml"))
            .skip(1)
            .take_while(|line| !line.contains("```"))
            .collect();
        let population = Population::parse("doc", &text.join("\n")).unwrap();
        assert_eq!(population.groups[0].means["ITR"], 0.3);
        assert_eq!(population.items["TR1"].shares.len(), 5);
    }

    #[test]
    fn an_unknown_part_is_an_error_with_its_place() {
        let error = Population::parse("p.toml", "[respondents]\nmissin = 0.1\n").unwrap_err().to_string();
        assert!(
            error.contains("TP1101") && error.contains("missin") && error.contains("p.toml:2"),
            "{error}"
        );
    }
}
