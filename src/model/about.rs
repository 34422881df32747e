//! What a model file says besides constructs and paths.

use std::ops::Range;
use std::sync::Arc;

use super::{Categorical, HigherOrder, Interaction, Scheme};
use crate::diagnostic::Source;

/// What the annotations `#@` say about the whole model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// `#@ title`
    pub title: Option<String>,
    /// `#@ title_zh`
    pub title_zh: Option<String>,
    /// `#@ theory`
    pub theory: Option<String>,
    /// `#@ source`: a citation.
    pub source: Option<String>,
    /// `#@ codebook`: a file beside the model file.
    pub codebook: Option<String>,
    /// `#@ scheme`
    pub scheme: Option<Scheme>,
    /// `#@ weight`: the column of the data that weighs the cases.
    pub weight: Option<String>,
    /// `#@ interaction`
    pub interaction: Option<Interaction>,
    /// `#@ higher-order`
    pub higher_order: Option<HigherOrder>,
    /// `#@ higher-order TRUST embedded`: the approach of single constructs of constructs.
    pub higher_order_of: Vec<(String, HigherOrder)>,
    /// `#@ threshold`: thresholds of one's own, such as `R01 = .6`; read by [`crate::assess::Thresholds::of`].
    pub thresholds: Vec<Written>,
    /// `#@ control`: names of the constructs that enter every outcome besides the hypotheses.
    pub controls: Vec<String>,
    /// `#@ factor`: predictors whose values are categories.
    pub factors: Vec<Categorical>,
}

impl About {
    /// How a construct of constructs is estimated, as far as the model says.
    pub fn approach(&self, name: &str) -> HigherOrder {
        let own = self.higher_order_of.iter().find(|(known, _)| known == name);
        own.map(|(_, approach)| *approach).or(self.higher_order).unwrap_or(HigherOrder::Disjoint)
    }
}

/// Words of a model file that another room reads, and where they stand. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Written {
    /// The words.
    pub text: String,
    /// The text they are part of, and where.
    pub place: (Arc<Source>, Range<usize>),
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Written {}
