//! What is wrong with, or remarkable about, an estimate that exists.

use serde::Serialize;

use crate::model::{Model, Scale};
use crate::table::{apa, fixed};

/// What is wrong with an estimate that exists.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// Scoring stopped at its limit.
    NotConverged {
        /// Steps taken.
        iterations: usize,
    },
    /// A variance below 0 (Heywood case).
    NegativeVariance {
        /// The item or construct.
        name: String,
        /// Its variance, standardised.
        variance: f64,
    },
    /// Correlations of the constructs that no data can have.
    ConstructsNotPositive {
        /// Smallest eigenvalue of the constructs' correlations.
        smallest_eigenvalue: f64,
    },
    /// The data cannot tell the values of some parameters: no standard errors.
    NotIdentified {
        /// The parameters, as they are written.
        parameters: Vec<String>,
    },
    /// Standardised paths beyond ±1: predictors that are nearly the same.
    PathsBeyondOne {
        /// The outcome.
        to: String,
        /// The predictors with such paths, and these.
        paths: Vec<(String, f64)>,
        /// The two predictors that correlate most.
        pair: (String, String),
        /// Their correlation.
        correlation: f64,
    },
    /// Cases have weights, which estimates take into account and standard errors do not.
    Weighted {
        /// The column of weights.
        column: String,
    },
    /// Items that are declared categories are taken for numbers.
    Categories {
        /// The items.
        items: Vec<String>,
    },
    /// What the model file says for other estimators only.
    Unused {
        /// The annotations.
        annotations: Vec<String>,
    },
    /// The codebook puts an item into another construct than the model.
    Codebook {
        /// Which, in a sentence.
        words: String,
    },
    /// Missing answers were replaced by means, which maximum likelihood takes for answers.
    Imputed {
        /// Cells.
        cells: usize,
    },
}

impl Finding {
    /// Whether it makes the estimate inadmissible, and not merely remarkable.
    pub fn is_inadmissible(&self) -> bool {
        !matches!(
            self,
            Self::Imputed { .. }
                | Self::PathsBeyondOne { .. }
                | Self::Weighted { .. }
                | Self::Categories { .. }
                | Self::Unused { .. }
                | Self::Codebook { .. }
        )
    }

    /// What the model file says that maximum likelihood of covariances does not follow.
    pub(super) fn unused(model: &Model) -> Vec<Self> {
        let mut found: Vec<Self> =
            model.codebook_contradiction().map(|words| Self::Codebook { words }).into_iter().collect();
        let categories = model
            .indicators()
            .iter()
            .filter(|item| matches!(item.scale, Some(Scale::Ordinal | Scale::Nominal)))
            .map(|item| item.name.clone());
        let items: Vec<String> = categories.collect();
        if !items.is_empty() {
            found.push(Self::Categories { items });
        }
        let constructs = model.constructs();
        let said = [
            ("mode", constructs.iter().any(|construct| construct.mode.is_some())),
            ("scheme", model.about.scheme.is_some()),
            ("dominant", constructs.iter().any(|construct| construct.dominant.is_some())),
            ("unstandardized", constructs.iter().any(|construct| construct.raw)),
            ("instruments", !model.instruments().is_empty()),
            ("interaction", model.about.interaction.is_some()),
            ("higher-order", model.about.higher_order.is_some() || !model.about.higher_order_of.is_empty()),
        ];
        let annotations: Vec<String> =
            said.into_iter().filter(|(_, said)| *said).map(|(word, _)| format!("`#@ {word}`")).collect();
        if !annotations.is_empty() {
            found.push(Self::Unused { annotations });
        }
        found
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConverged { iterations } => write!(
                f,
                "The likelihood did not reach its maximum within {iterations} steps; allow more with \
                 --max-iterations, or look for a construct that its items hardly share."
            ),
            Self::NegativeVariance { name, variance } => write!(
                f,
                "The variance of {name} is {} of the whole, below 0 (Heywood case): too few or too unlike items, or a \
                 model that does not hold.",
                fixed(*variance, 3)
            ),
            Self::ConstructsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The construct correlations are not positive definite (smallest eigenvalue {}): two constructs cannot \
                 be told apart.",
                fixed(*smallest_eigenvalue, 4)
            ),
            Self::NotIdentified { parameters } => write!(
                f,
                "The data do not determine {}: there are no standard errors. Fix or leave out one of them.",
                parameters.join(", ")
            ),
            Self::PathsBeyondOne { to, paths, pair: (a, b), correlation } => {
                let list: Vec<String> =
                    paths.iter().map(|(from, path)| format!("{from} {}", fixed(*path, 2))).collect();
                write!(
                    f,
                    "Standardised paths to {to} lie beyond 1 ({}): its predictors {a} and {b} correlate by {}, so that \
                     their effects can hardly be told apart.",
                    list.join(", "),
                    apa(*correlation, 3)
                )
            }
            Self::Weighted { column } => write!(
                f,
                "The cases are weighted by {column}: the covariances are weighted, but χ² and standard errors are those of \
                 cases drawn alike, and too small if the weights differ much."
            ),
            Self::Categories { items } => write!(
                f,
                "Categories are taken for numbers ({}): χ² and standard errors are those of normal answers. For polychoric \
                 correlations use `trustpath fit --correlation polychoric`.",
                items.join(", ")
            ),
            Self::Unused { annotations } => write!(
                f,
                "What the model file says by {} is for PLS and changes nothing here.",
                annotations.join(", ")
            ),
            Self::Codebook { words } => f.write_str(words),
            Self::Imputed { cells } => write!(
                f,
                "{cells} missing answers were replaced by means, which maximum likelihood takes for answers: \
                 standard errors are too small. Use --missing listwise."
            ),
        }
    }
}
