//! Which correlations an estimate is made of.
//!
//! PLS is a function of the items' correlations, so another kind of correlation makes another kind of PLS:
//! rank correlations a robust one, those of the minimum covariance determinant likewise (Schamberger, Schuberth,
//! Henseler & Dijkstra 2020, doi:10.1007/s41237-019-00088-2), polychoric ones an ordinal one (Schuberth, Henseler &
//! Dijkstra 2018, doi:10.1007/s11135-016-0401-7). Means and standard deviations remain those of the answers, and so do
//! the scores: standardised answers times weights.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Model, Scale, words};
use crate::moments::{Moments, ordinal, robust, spearman};
use crate::survey::Sample;

words! {
    /// Which correlations of the items the model is estimated from.
    Correlation: "correlation" {
        /// Product-moment correlations (default).
        Pearson = "pearson",
        /// Rank correlations; ties share their ranks.
        Spearman = "spearman",
        /// Of the cases close to the minimum covariance determinant: outliers do not count.
        Mcd = "mcd",
        /// Of the normal variables behind ordinal answers: polychoric, polyserial or Pearson, as fits each pair.
        Polychoric = "polychoric",
        /// Product-moment correlations of optimally scaled answers (non-metric PLS, as plspm).
        Quantified = "quantified",
    }
}

words! {
    /// How an ordinal and a numeric item are correlated under polychoric correlations.
    Polyserial: "polyserial estimator" {
        /// Two-step maximum likelihood (default; lavaan).
        Likelihood = "likelihood",
        /// `r √((n−1)/n) s / Σφ(τ)` (cSEM).
        AdHoc = "ad-hoc",
    }
}

/// Most categories of an item that is taken for ordinal without being declared so.
const GUESSED: usize = 10;
/// Most categories of an ordinal item.
const MOST: usize = 20;

/// Why there are no correlations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCorrelation {
    /// An item, by position, that has no variance, or no categories to speak of.
    Item(usize),
    /// Pairs of items without a correlation.
    Pairs(Vec<(usize, usize)>),
    /// No subset of cases has a regular covariance.
    Subset,
}

/// How correlations are made from a sample; decided once, then the same for every resample.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The kind.
    pub correlation: Correlation,
    /// How mixed pairs are correlated.
    pub polyserial: Polyserial,
    /// Per item its categories in ascending order if it is ordinal; empty for numeric items.
    pub categories: Vec<Vec<f64>>,
}

impl Recipe {
    /// Decides which items are ordinal: those the model declares so (`#@ ordinal`, `#@ scale`); if it declares
    /// nothing, those whose answers are whole numbers of at most ten different values.
    ///
    /// # Errors
    /// Every declared ordinal item with more than 20 categories, and every nominal item under polychoric
    /// correlations.
    pub fn new(
        model: &Model,
        sample: &Sample,
        correlation: Correlation,
        polyserial: Polyserial,
    ) -> Result<Self, Diagnostics> {
        let mut problems = Vec::new();
        let mut categories = vec![Vec::new(); sample.columns.len()];
        if correlation == Correlation::Polychoric {
            for ((name, coding), slot) in sample.items.iter().zip(codings(model, sample)).zip(&mut categories)
            {
                match coding {
                    Coding::Numeric => {}
                    Coding::Ordinal(found) if found.len() <= MOST => *slot = found,
                    Coding::Nominal => problems.push(
                        Diagnostic::error(
                            "TP0520",
                            format!("`{name}` is nominal, so it has no polychoric correlation"),
                        )
                        .hint("estimate with `--correlation quantified`, or leave the item out"),
                    ),
                    Coding::Ordinal(found) => problems.push(
                        Diagnostic::error(
                            "TP0521",
                            format!(
                                "`{name}` has {} categories, too many for a polychoric correlation",
                                found.len()
                            ),
                        )
                        .hint(format!("declare it numeric: `#@ scale {name} numeric`"))
                        .hint(format!("or merge its categories to at most {MOST}")),
                    ),
                }
            }
        }
        if problems.is_empty() {
            Ok(Self { correlation, polyserial, categories })
        } else {
            Err(Diagnostics(problems))
        }
    }

    /// The sample with an account of what happens to the missing answers: those of ordinal items are not replaced.
    pub(crate) fn accounted(&self, mut sample: Sample) -> Sample {
        let ordinal = sample.columns.iter().zip(&self.categories).filter(|(_, found)| !found.is_empty());
        let cells: usize = ordinal.map(|(column, _)| column.iter().filter(|x| x.is_nan()).count()).sum();
        sample.account.cells_pairwise = cells;
        sample.account.cells_imputed = sample.account.cells_imputed.saturating_sub(cells);
        sample
    }

    /// The moments of a sample under case weights, `None` for the sample's own.
    ///
    /// Correlations of [`Correlation::Quantified`] depend on the model and are found by the estimator; here they are
    /// Pearson's.
    ///
    /// # Errors
    /// [`NoCorrelation`] if an item does not vary or a correlation does not exist.
    pub fn moments(&self, sample: &Sample, weights: Option<&[f64]>) -> Result<Moments, NoCorrelation> {
        let weights = weights.or(sample.weights.as_deref());
        let mut moments = match weights {
            Some(weights) => Moments::weighted(sample, weights),
            None => Moments::of(sample),
        };
        if let Some(constant) = moments.sd.iter().position(|sd| sd.is_nan() || *sd <= 0.0) {
            return Err(NoCorrelation::Item(constant));
        }
        match self.correlation {
            Correlation::Pearson | Correlation::Quantified => {}
            Correlation::Spearman => moments.correlation = spearman::correlations(sample, weights),
            Correlation::Mcd => moments.correlation = robust::correlations(sample, weights)?,
            Correlation::Polychoric => ordinal::correlate(self, sample, weights, &mut moments)?,
        }
        Ok(moments)
    }
}

/// What the codes of an item mean for a polychoric correlation.
enum Coding {
    Numeric,
    Nominal,
    /// Its categories in ascending order.
    Ordinal(Vec<f64>),
}

/// What the model declares; if it declares nothing, whole numbers of few different values are ordinal.
fn codings(model: &Model, sample: &Sample) -> Vec<Coding> {
    let declared = model.indicators().iter().any(|item| item.scale.is_some());
    sample
        .items
        .iter()
        .zip(&sample.columns)
        .map(|(name, column)| {
            let scale = model.indicators().iter().find(|item| item.name == *name).and_then(|item| item.scale);
            let whole = || column.iter().all(|x| x.is_nan() || x.fract() == 0.0);
            match scale {
                Some(Scale::Ordinal) => Coding::Ordinal(distinct(column)),
                Some(Scale::Numeric) => Coding::Numeric,
                Some(Scale::Nominal) => Coding::Nominal,
                None if declared || !whole() => Coding::Numeric,
                None => Some(distinct(column))
                    .filter(|found| found.len() <= GUESSED)
                    .map_or(Coding::Numeric, Coding::Ordinal),
            }
        })
        .collect()
}

/// Whether each item of a sample is ordinal, as [`Recipe::new`] decides, with few enough categories for a polychoric
/// correlation.
pub(crate) fn ordinal_items(model: &Model, sample: &Sample) -> Vec<bool> {
    let ordinal = |coding| matches!(coding, Coding::Ordinal(found) if (2..=MOST).contains(&found.len()));
    codings(model, sample).into_iter().map(ordinal).collect()
}

impl NoCorrelation {
    /// In words.
    pub fn explain(&self, items: &[String], kind: Correlation) -> Diagnostics {
        let name = |i: usize| items.get(i).map_or("", String::as_str);
        Diagnostics(match self {
            Self::Item(item) => {
                vec![Diagnostic::error("TP0522", format!("`{}` has the same answer in all cases", name(*item))).hint("leave the item out of the model: what does not vary correlates with nothing")]
            }
            Self::Pairs(pairs) => pairs
                .iter()
                .map(|&(a, b)| {
                    Diagnostic::error(
                        "TP0523",
                        format!("`{}` and `{}` have no {kind} correlation below 1", name(a), name(b)),
                    )
                    .hint("their answers follow each other without exception, or a category leaves no variation: merge sparse categories, or leave one of the two out")
                    .hint("or estimate with `--correlation pearson`")
                })
                .collect(),
            Self::Subset => vec![
                Diagnostic::error(
                    "TP0524",
                    "no half of the cases has a regular covariance, so the minimum covariance determinant does not exist",
                )
                .hint("there are too few cases, or an item has the same answer in most of them")
                .hint("robust against outliers without that condition: `--correlation spearman`"),
            ],
        })
    }
}

/// The different answers in ascending order.
pub(super) fn distinct(column: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}
