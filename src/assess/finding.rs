//! What findings there are about an estimate, and their words.

use std::fmt;

use serde::Serialize;

/// What is wrong with, or remarkable about, an estimate that exists.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The iteration stopped at its limit.
    NotConverged {
        /// Iterations run.
        iterations: usize,
        /// Last change.
        change: f64,
    },
    /// A loading beyond ±1 (Heywood case).
    LoadingAboveOne {
        /// The item.
        item: String,
        /// Its loading.
        loading: f64,
    },
    /// Correlations of the constructs that no data can have.
    ConstructCorrelationsNotPositive {
        /// Smallest eigenvalue.
        smallest_eigenvalue: f64,
    },
    /// Correlations of the items, estimated pair by pair, that no data can have.
    ItemCorrelationsNotPositive {
        /// Smallest eigenvalue.
        smallest_eigenvalue: f64,
    },
    /// A table of correlations that no data can have to the last digit.
    PrintedCorrelationsNotPositive {
        /// Smallest eigenvalue.
        smallest_eigenvalue: f64,
    },
    /// A reliability above 1.
    ReliabilityAboveOne {
        /// The construct.
        construct: String,
        /// Its rho_A.
        rho_a: f64,
    },
    /// Implied correlations that no data can have.
    ImpliedCorrelationsNotPositive {
        /// Smallest eigenvalue.
        smallest_eigenvalue: f64,
    },
    /// Regression weights from hardly more cases than items.
    FewCases {
        /// Cases.
        cases: usize,
        /// Items of the largest Mode B block.
        items: usize,
        /// Its construct.
        construct: String,
    },
    /// So few cases that only very strong paths show.
    SmallSample {
        /// Cases.
        cases: usize,
        /// The smallest path that shows: two-tailed, 5 %, power .80.
        detectable: f64,
    },
    /// Common factors that consistent PLS was asked to correct and cannot.
    NotCorrected {
        /// The constructs.
        constructs: Vec<String>,
        /// How their items, or all items, are weighed.
        weights: String,
    },
    /// Instruments that the outcome acts on, so that they carry its disturbance.
    InstrumentsDependOnOutcome {
        /// The outcome.
        outcome: String,
        /// The instruments.
        instruments: Vec<String>,
    },
    /// The codebook puts an item into another construct than the model.
    Codebook {
        /// Which, in a sentence.
        words: String,
    },
    /// Settings that were chosen and change nothing.
    WithoutEffect {
        /// Their names, or the annotations of the model file.
        settings: Vec<String>,
        /// Where they change nothing, in words.
        place: String,
    },
    /// The model has constructs, but no paths between them.
    NoPaths,
    /// The model has more chains of paths than are followed.
    ChainsCut {
        /// How many are followed.
        followed: usize,
    },
    /// Standardised paths beyond ±1: predictors that are nearly the same.
    PathsBeyondOne {
        /// The outcome.
        to: String,
        /// The predictors with such paths, and these.
        paths: Vec<(String, f64)>,
        /// The two predictors that correlate most, and their correlation; a single predictor has weak instruments.
        pair: Option<(String, String, f64)>,
    },
    /// A composite that repeats the items of its components has other predictors.
    ExplainedByItems {
        /// The construct.
        construct: String,
        /// Its predictors besides the components.
        predictors: Vec<String>,
        /// Whether these reach the components, too.
        extended: bool,
    },
    /// A number among the answers that is most likely a code for a missing one.
    SuspectCode {
        /// The number.
        code: f64,
        /// How many answers it makes up.
        answers: usize,
        /// Items in which it stands.
        items: Vec<String>,
    },
    /// Items of one reflective block point in different directions.
    MixedSigns {
        /// The construct.
        construct: String,
        /// Items that load negatively.
        items: Vec<String>,
    },
}

impl Finding {
    /// Whether it makes the estimate inadmissible (and not merely remarkable).
    pub fn is_inadmissible(&self) -> bool {
        !matches!(
            self,
            Self::FewCases { .. }
                | Self::SmallSample { .. }
                | Self::NotCorrected { .. }
                | Self::WithoutEffect { .. }
                | Self::Codebook { .. }
                | Self::MixedSigns { .. }
                | Self::NoPaths
                | Self::ChainsCut { .. }
                | Self::ExplainedByItems { .. }
                | Self::PathsBeyondOne { .. }
                | Self::SuspectCode { .. }
                | Self::PrintedCorrelationsNotPositive { .. }
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConverged { iterations, change } => write!(
                f,
                "The weights did not settle within {iterations} iteration{} (last change {change:.1e}); \
                 allow more with --max-iterations, or look for a construct that hardly correlates with its neighbours.",
                if *iterations == 1 { "" } else { "s" }
            ),
            Self::LoadingAboveOne { item, loading } => write!(
                f,
                "The loading of {item} is {loading:.3}, beyond 1 (Heywood case): the measurement model of its \
                 construct does not hold in these data."
            ),
            Self::ConstructCorrelationsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The construct correlations are not positive semidefinite (smallest eigenvalue \
                 {smallest_eigenvalue:.4}): two constructs are more alike than their reliabilities allow. See HTMT."
            ),
            Self::ItemCorrelationsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The item correlations are not positive semidefinite (smallest eigenvalue \
                 {smallest_eigenvalue:.4}): estimated pair by pair, they contradict each other. Merge sparse \
                 categories, or compare with --correlation pearson."
            ),
            Self::PrintedCorrelationsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The table of correlations is not positive semidefinite (smallest eigenvalue {smallest_eigenvalue:.4}), \
                 as rounding makes one: estimates are no more exact than its last decimal."
            ),
            Self::ReliabilityAboveOne { construct, rho_a } => {
                write!(
                    f,
                    "rho_A of {construct} is {rho_a:.3}, above 1: its items are too few or too heterogeneous."
                )
            }
            Self::ImpliedCorrelationsNotPositive { smallest_eigenvalue } => write!(
                f,
                "The model-implied correlations are not positive semidefinite (smallest eigenvalue \
                 {smallest_eigenvalue:.4})."
            ),
            Self::FewCases { cases, items, construct } => write!(
                f,
                "{cases} cases for the {items} regression weights of {construct} (Mode B) are few; weights will be unstable."
            ),
            Self::SmallSample { cases, detectable } if *detectable >= 1.0 => write!(
                f,
                "{cases} cases are too few to show any path (two-tailed, 5 %, power .80); read nothing into the estimates."
            ),
            Self::SmallSample { cases, detectable } => write!(
                f,
                "{cases} cases are few: only paths of |β| ≥ {detectable:.2} show (two-tailed, 5 %, power .80), and estimates and \
                 intervals are rough."
            ),
            Self::NotCorrected { constructs, weights } => write!(
                f,
                "Consistent PLS does not correct {}: there is no correction for weights by {weights}.",
                constructs.join(", ")
            ),
            Self::InstrumentsDependOnOutcome { outcome, instruments } => write!(
                f,
                "By the model's paths {outcome} acts on instruments of its own equation ({}): they carry what disturbs it, and \
                 its paths mean nothing.",
                instruments.join(", ")
            ),
            Self::Codebook { words } => f.write_str(words),
            Self::WithoutEffect { settings, place } => {
                write!(f, "Chosen, but without effect {place}: {}.", settings.join(", "))
            }
            Self::NoPaths => f.write_str(
                "The model has no paths: its measurement is assessed, its constructs correlate freely, and nothing is said \
                 about what depends on what.",
            ),
            Self::PathsBeyondOne { to, paths, pair } => {
                let list: Vec<String> = paths.iter().map(|(from, path)| format!("{from} {path:.2}")).collect();
                let list = list.join(", ");
                match pair {
                    Some((a, b, correlation)) => write!(
                        f,
                        "Standardised paths to {to} lie beyond 1 ({list}): its predictors {a} and {b} correlate by \
                         {correlation:.3}, so that their effects can hardly be told apart."
                    ),
                    None => write!(
                        f,
                        "The standardised path to {to} lies beyond 1 ({list}), which no single predictor can have: its \
                         instruments tell too little about it."
                    ),
                }
            }
            Self::ExplainedByItems { construct, predictors, extended: true } => write!(
                f,
                "{construct} repeats the items of its components, which explain it to the full: the effect of {} on it is the \
                 total effect, which runs through the components.",
                predictors.join(", ")
            ),
            Self::ExplainedByItems { construct, predictors, extended: false } => write!(
                f,
                "{construct} repeats the items of its components, which explain it to the full: the path from {} to it means \
                 nothing. Choose `#@ higher-order disjoint`, or `extended-repeated` and read the total effects.",
                predictors.join(", ")
            ),
            Self::ChainsCut { followed } => write!(
                f,
                "The model has more chains of paths than the {followed} that are followed: specific indirect effects along \
                 the others are missing; total effects hold them all."
            ),
            Self::SuspectCode { code, answers, items } => write!(
                f,
                "The number {code} stands {answers} time{} among the answers to {}, far from all others: does it mean \
                 that an answer is missing? Then estimate with `--missing-code {code}`.",
                if *answers == 1 { "" } else { "s" },
                items.join(", ")
            ),
            Self::MixedSigns { construct, items } => write!(
                f,
                "{} of {construct} {} negatively: reverse-coded and not yet turned? Mark it in the codebook \
                 (`reverse` = yes).",
                items.join(", "),
                if items.len() == 1 { "loads" } else { "load" }
            ),
        }
    }
}
