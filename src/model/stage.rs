//! A stage of a model: a plain model, and where its items come from.

use super::Model;

/// Where an item of a stage comes from. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemSource {
    /// An item of the data, by its position in the model as written.
    Answer(usize),
    /// The score of a construct of an earlier stage.
    Score {
        /// The stage.
        stage: usize,
        /// The construct's position there.
        construct: usize,
    },
    /// A product of standardised columns.
    Product {
        /// What is multiplied.
        factors: Vec<Factor>,
        /// Items of this stage whose linear part is taken away (orthogonalising).
        cleared_of: Vec<usize>,
    },
}

/// A factor of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// A standardised item of this stage.
    Item(usize),
    /// An item of this stage as it was answered.
    Raw(usize),
    /// The score of a construct of an earlier stage.
    Score {
        /// The stage.
        stage: usize,
        /// The construct's position there.
        construct: usize,
    },
}

/// How a stage is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// By the PLS iteration.
    Pls,
    /// Weights are those of the stage before; paths follow from moments of the scores, corrected for measurement error.
    Moments {
        /// Whether outcomes inside products are replaced by their equations.
        replace: bool,
    },
}

/// One stage of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its constructs, items and paths.
    pub model: Model,
    /// Where each of its items comes from.
    pub sources: Vec<ItemSource>,
    /// How it is estimated.
    pub step: Step,
    /// Constructs whose single item is their own score, and the stage and construct that also give its reliability.
    pub carried: Vec<(usize, (usize, usize))>,
}

impl Stage {
    /// A model as its own only stage.
    pub fn plain(model: &Model) -> Self {
        let sources = (0..model.indicators.len()).map(ItemSource::Answer).collect();
        Self { model: model.clone(), sources, step: Step::Pls, carried: Vec::new() }
    }
}
