//! Which rows of case weights a resampling consists of.
//!
//! A resample is a row of weights over the cases. [`Scheme`] names the ways of the field to make them; everything behind
//! (estimates, summaries, intervals) is the same for all:
//!
//! | scheme | row b |
//! |---|---|
//! | bootstrap | how often each case is drawn, with replacement (Efron 1979) |
//! | … within strata | each stratum is drawn from separately and keeps its size |
//! | … of clusters | whole clusters are drawn (Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x) |
//! | Bayesian | weights from a Dirichlet distribution, all parameters 1 (Rubin 1981, doi:10.1214/aos/1176345338) |
//! | jackknife | case (or cluster) b is left out (Tukey 1958) |
//! | … of groups | one of k groups of cases (or clusters) is left out: the delete-a-group jackknife (Kott 2001) |
//! | given | indices or weights from outside |
//!
//! Cases that have weights of their own keep them: the row is multiplied by them.

use super::draw::GENERATOR;
use super::folds::Folds;
use super::groups::Groups;
use crate::model::words;

words! {
    /// How resamples are made.
    Method: "resampling method" {
        /// Cases are drawn with replacement (default).
        Bootstrap = "bootstrap",
        /// Cases are weighted at random (Bayesian bootstrap).
        Bayesian = "bayesian",
        /// Each case is left out once.
        Jackknife = "jackknife",
    }
}

/// Which cases belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Design {
    /// Groups that every resample represents in full size.
    pub strata: Option<Groups>,
    /// Groups that are drawn or left out as a whole.
    pub clusters: Option<Groups>,
}

impl Design {
    /// What is drawn or left out as a whole: cases, or clusters.
    fn units(&self, cases: usize) -> usize {
        self.clusters.as_ref().map_or(cases, Groups::len)
    }
}

/// A resampling, as rows of case weights.
#[derive(Debug, Clone, PartialEq)]
pub enum Scheme {
    /// By a method, cases grouped by a design.
    Drawn(Method, Design),
    /// All but one of k groups that the cases of a design are dealt into, which a jackknife summarises.
    Folds(Folds, Design),
    /// Case numbers from 0, one list per resample.
    Indices(Vec<Vec<usize>>),
    /// Weights, one per case and resample.
    Weights(Vec<Vec<f64>>),
}

impl Default for Scheme {
    fn default() -> Self {
        Self::Drawn(Method::Bootstrap, Design::default())
    }
}

impl Scheme {
    /// Number of rows, where the scheme itself says so: all but a bootstrap.
    pub fn rows(&self, cases: usize) -> Option<usize> {
        match self {
            Self::Drawn(Method::Jackknife, design) => Some(design.units(cases)),
            Self::Drawn(..) => None,
            Self::Folds(folds, _) => Some(folds.rows()),
            Self::Indices(rows) => Some(rows.len()),
            Self::Weights(rows) => Some(rows.len()),
        }
    }

    /// Where the randomness comes from, in words.
    pub(super) fn generator(&self, cases: usize) -> &'static str {
        match self {
            Self::Drawn(Method::Jackknife, _) => "no random numbers",
            Self::Folds(folds, design)
                if design.strata.is_none() && folds.leaves_one_out(design.units(cases)) =>
            {
                "no random numbers"
            }
            Self::Drawn(..) | Self::Folds(..) => GENERATOR,
            Self::Indices(_) => "given resamples",
            Self::Weights(_) => "given weights",
        }
    }

    /// What was resampled, in words; empty for the plain bootstrap of cases.
    pub(super) fn words(&self) -> String {
        let Some(design) = self.design() else { return String::new() };
        let units = design.clusters.as_ref().map_or_else(
            || "cases".to_owned(),
            |groups| format!("{} clusters (`{}`)", groups.len(), groups.column),
        );
        let within = design.strata.as_ref().map_or_else(String::new, |groups| {
            format!(" within {} strata (`{}`)", groups.len(), groups.column)
        });
        let plain = design.clusters.is_none() && design.strata.is_none();
        match self {
            Self::Drawn(Method::Bootstrap, _) if plain => String::new(),
            Self::Drawn(Method::Bootstrap, _) => format!("bootstrap of {units}{within}"),
            Self::Drawn(Method::Bayesian, _) => format!("Bayesian bootstrap of {units}{within}"),
            Self::Drawn(Method::Jackknife, _) => format!("jackknife of {units}{within}"),
            Self::Folds(Folds { k, repeats: 1, .. }, _) => {
                format!("jackknife of {k} groups of {units}{within}")
            }
            Self::Folds(Folds { k, repeats, .. }, _) => {
                format!("jackknife of {k} groups of {units}{within}, dealt {repeats} times")
            }
            Self::Indices(_) | Self::Weights(_) => String::new(),
        }
    }

    /// How the cases are grouped, where they are not given.
    pub fn design(&self) -> Option<&Design> {
        match self {
            Self::Drawn(_, design) | Self::Folds(_, design) => Some(design),
            Self::Indices(_) | Self::Weights(_) => None,
        }
    }

    /// Units that are exchangeable: cases, clusters, or groups of either that are left out.
    pub(super) fn units(&self, cases: usize) -> usize {
        match self {
            Self::Drawn(_, design) => design.units(cases),
            Self::Folds(folds, _) => folds.k,
            Self::Indices(_) | Self::Weights(_) => cases,
        }
    }
}
