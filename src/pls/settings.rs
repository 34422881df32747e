//! How a model is estimated. Every choice is public, has a default, and a word of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{HigherOrder, Interaction, Mode, Scheme, words};
use crate::moments::{Correlation, Polyserial};
use crate::survey::SampleSettings;

words! {
    /// When the iteration stops: what must fall below the tolerance. Weights are those of unit-variance scores
    /// unless said otherwise; all rules lead to the same fixed point and differ in how close they stop.
    Criterion: "criterion" {
        /// Largest absolute change of a weight (default; cSEM's `diff_absolute`).
        MaxAbsolute = "max-absolute",
        /// Sum of the absolute changes (seminr).
        SumAbsolute = "sum-absolute",
        /// Largest squared change (cSEM's `diff_squared`).
        MaxSquared = "max-squared",
        /// Largest change relative to the new weight (cSEM's `diff_relative`).
        MaxRelative = "max-relative",
        /// Sum of squared changes of the absolute unscaled weights (plspm).
        SumSquaredUnscaled = "sum-squared-unscaled",
    }
}

words! {
    /// How a construct is oriented. A composite is defined up to its sign only.
    SignRule: "sign rule" {
        /// The sum of the items' correlations with their construct is positive (default), unless a dominant
        /// item is named, whose loading is then positive.
        SumOfLoadings = "sum-of-loadings",
        /// More items load positively than negatively (plspm).
        Majority = "majority",
        /// As the iteration leaves it (seminr, cSEM).
        None = "none",
    }
}

words! {
    /// Which constructs the consistent estimator corrects for attenuation.
    Disattenuate: "disattenuation" {
        /// Common factors (`=~`) with more than one item; composites are what they are (default, cSEM).
        Factors = "factors",
        /// Every multi-item block of Mode A or unit weights as soon as one construct is a factor (seminr); the
        /// loadings of composites stay uncorrected.
        AllModeA = "all-mode-a",
    }
}

words! {
    /// How the consistent estimator finds the length of the loading vector from the off-diagonal
    /// correlations `s_ab` of a block and the products `t_ab` of its weights.
    Correction: "correction" {
        /// `c² = Σ s t / Σ t²`: least squares on the correlations (default; Dijkstra & Henseler 2015).
        SquaredEuclid = "squared-euclid",
        /// The same, each pair weighted by `1 / (1 − s²)`.
        EuclidWeighted = "euclid-weighted",
        /// Least squares on Fisher's z of both sides.
        FisherTransformed = "fisher-transformed",
        /// Geometric mean of `s / t`.
        MeanGeometric = "mean-geometric",
        /// Arithmetic mean of `s / t`.
        MeanArithmetic = "mean-arithmetic",
        /// Harmonic mean of `s / t`.
        MeanHarmonic = "mean-harmonic",
    }
}

words! {
    /// Which constructs are neighbours in the inner approximation.
    Neighbours: "neighbourhood" {
        /// Those joined by a path (default).
        Paths = "paths",
        /// All others, whatever the paths say (cSEM's `PLS_ignore_structural_model`).
        All = "all",
    }
}

words! {
    /// Divisor of variances where scores are reported.
    Divisor: "divisor" {
        /// n − 1 (default).
        SampleSize1 = "n-1",
        /// n (plspm).
        SampleSize = "n",
    }
}

words! {
    /// Units in which the path of a product of constructs (`A:B`) is reported.
    ProductScale: "scale of products" {
        /// Those of the product of standardised scores, so that the path of A at the value b of B is
        /// `path(A) + b path(A:B)` (default).
        Product = "product",
        /// Those of the standardised product.
        Standardized = "standardized",
    }
}

words! {
    /// Where the weights come from. Scale (scores of variance 1) and sign rule are the same for all.
    Weighting: "weighting" {
        /// The PLS iteration: inner scheme and modes apply (default).
        PlsPm = "pls-pm",
        /// Equal weights on standardised items: sum scores.
        Unit = "unit",
        /// First principal component of each block.
        Pca = "pca",
        /// Generalised structured component analysis.
        Gsca = "gsca",
        /// GSCA with measurement error: unique parts of items, consistent for common factors.
        GscaM = "gsca-m",
        /// Generalised canonical correlation: largest sum of the scores' correlations.
        Sumcorr = "sumcorr",
        /// The same: largest first eigenvalue of their matrix.
        Maxvar = "maxvar",
        /// The same: largest sum of squares.
        Ssqcorr = "ssqcorr",
        /// The same: smallest last eigenvalue.
        Minvar = "minvar",
        /// The same: smallest determinant.
        Genvar = "genvar",
        /// Bartlett's factor scores, one common factor per block.
        Bartlett = "bartlett",
        /// Regression (Thomson) factor scores; with one factor per block they correlate perfectly with Bartlett's.
        Regression = "regression",
    }
}

words! {
    /// A program whose defaults are taken over, where they can be told apart by settings.
    Program: "program" {
        /// SmartPLS 4 (path weighting, 3,000 iterations, 1e-7, mean replacement).
        Smartpls4 = "smartpls4",
        /// R package seminr 2.3.
        Seminr = "seminr",
        /// R package cSEM 0.6.
        Csem = "csem",
        /// ADANCO 2.
        Adanco = "adanco",
        /// R package plspm 0.5.
        Plspm = "plspm",
    }
}

/// Partial least squares path modelling: settings, and with [`fit`](Pls::fit) the estimator itself.
///
/// ```
/// use trustpath::Pls;
/// let settings = Pls { consistent: true, ..Pls::default() };
/// assert_eq!(settings.max_iterations, 3_000);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pls {
    /// Where the weights come from; anything but `pls-pm` makes scheme, modes and start weights irrelevant.
    pub weighting: Weighting,
    /// Inner weighting scheme; `None` takes the model file's, or `path`.
    pub scheme: Option<Scheme>,
    /// One mode for all constructs, over what the model says; `None` takes the model file's, or A for `=~`, B for `<~`.
    pub mode: Option<Mode>,
    /// Mode of composites (`<~`) for which the model file names none.
    pub composite_mode: Mode,
    /// Consistent PLS: correct the correlations of common factors for attenuation.
    pub consistent: bool,
    /// Which constructs that corrects.
    pub disattenuate: Disattenuate,
    /// How the correction is found.
    pub correction: Correction,
    /// The iteration stops when the criterion falls below this.
    pub tolerance: f64,
    /// The iteration gives up after this many steps.
    pub max_iterations: usize,
    /// What the tolerance is compared with.
    pub criterion: Criterion,
    /// Orientation of the constructs.
    pub sign: SignRule,
    /// Neighbours in the inner approximation.
    pub neighbours: Neighbours,
    /// Divisor of the scores' variance.
    pub score_divisor: Divisor,
    /// Starting weights by item; 1 for items that are not named.
    pub start_weights: BTreeMap<String, f64>,
    /// Constructs whose weights are given and not estimated, item by item.
    pub fixed_weights: BTreeMap<String, Vec<f64>>,
    /// Reliabilities that are given, by construct, over those of the model file (`#@ reliability`). They correct for
    /// attenuation whether or not `consistent` is set, composites too.
    pub reliabilities: BTreeMap<String, f64>,
    /// Instruments by outcome, over those of the model file (`#@ instruments`): the outcome's paths are
    /// estimated by two-stage least squares.
    pub instruments: BTreeMap<String, Vec<String>>,
    /// Divisor of the moments to which the common factors of Croon's correction are fitted. With `n` (cSEM) their loadings are
    /// those of the correlations times √((n − 1)/n).
    pub factor_divisor: Divisor,
    /// How products of constructs are estimated; `None` takes the model file's (`#@ interaction`), or two stages, or
    /// consistent moments if `consistent` is set.
    pub interaction: Option<Interaction>,
    /// How constructs of constructs are estimated; `None` takes the model file's (`#@ higher-order`), or `disjoint`.
    pub higher_order: Option<HigherOrder>,
    /// Units of the paths of products.
    pub product_scale: ProductScale,
    /// Whether consistent moments assume normal constructs.
    pub normality: bool,
    /// Divisor of the sums of products behind consistent moments.
    pub moment_divisor: Divisor,
    /// Which correlations of the items are used.
    pub correlation: Correlation,
    /// How an ordinal and a numeric item are correlated.
    pub polyserial: Polyserial,
    /// Missing answers.
    pub data: SampleSettings,
}

impl Default for Pls {
    fn default() -> Self {
        Self {
            weighting: Weighting::PlsPm,
            scheme: None,
            mode: None,
            composite_mode: Mode::B,
            consistent: false,
            disattenuate: Disattenuate::Factors,
            correction: Correction::SquaredEuclid,
            tolerance: 1e-7,
            max_iterations: 3_000,
            criterion: Criterion::MaxAbsolute,
            sign: SignRule::SumOfLoadings,
            neighbours: Neighbours::Paths,
            score_divisor: Divisor::SampleSize1,
            start_weights: BTreeMap::new(),
            fixed_weights: BTreeMap::new(),
            reliabilities: BTreeMap::new(),
            instruments: BTreeMap::new(),
            factor_divisor: Divisor::SampleSize1,
            interaction: None,
            higher_order: None,
            product_scale: ProductScale::Product,
            normality: false,
            moment_divisor: Divisor::SampleSize1,
            correlation: Correlation::Pearson,
            polyserial: Polyserial::Likelihood,
            data: SampleSettings::default(),
        }
    }
}

impl Pls {
    /// The defaults of another program. Sources: the programs' documentation and, for the packages,
    /// reference runs; what SmartPLS and ADANCO do beyond their documentation is not known. seminr decides by the word
    /// whether to correct: `=~` stands for its `composite(…, mode_A)`; set `consistent` for its `reflective(…)`.
    pub fn like(program: Program) -> Self {
        let ours = Self::default();
        match program {
            Program::Smartpls4 => ours,
            Program::Seminr => Self {
                criterion: Criterion::SumAbsolute,
                max_iterations: 300,
                sign: SignRule::None,
                disattenuate: Disattenuate::AllModeA,
                ..ours
            },
            Program::Csem => Self {
                tolerance: 1e-5,
                max_iterations: 100,
                sign: SignRule::None,
                consistent: true,
                interaction: Some(Interaction::Moments),
                higher_order: Some(HigherOrder::Saturated),
                moment_divisor: Divisor::SampleSize,
                factor_divisor: Divisor::SampleSize,
                polyserial: Polyserial::AdHoc,
                ..ours
            },
            Program::Adanco => Self {
                scheme: Some(Scheme::Factorial),
                tolerance: 1e-6,
                max_iterations: 500,
                consistent: true,
                ..ours
            },
            Program::Plspm => Self {
                scheme: Some(Scheme::Centroid),
                composite_mode: Mode::A,
                tolerance: 1e-6,
                max_iterations: 100,
                criterion: Criterion::SumSquaredUnscaled,
                sign: SignRule::Majority,
                score_divisor: Divisor::SampleSize,
                ..ours
            },
        }
    }
}
