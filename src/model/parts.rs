//! What a model consists of: constructs, items, paths and what is expected of them.

use std::fmt;

use super::{ConstructId, IndicatorId, Mode, Scale};

/// Whether a construct is thought to cause its items or to be made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `=~`: a common factor that its items reflect.
    Reflective,
    /// `<~`: a composite that its items form.
    Composite,
}

/// What stands behind a construct.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Nature {
    /// Items of the data measure it.
    #[default]
    Measured,
    /// It is a column of the data that stands in a path without being measured by `=~` or `<~`.
    Observed,
    /// Other constructs measure it; their names.
    HigherOrder {
        /// In the order of the file.
        components: Vec<String>,
    },
    /// It is the product of constructs (`A:B`, `A:A`); their names.
    Product {
        /// In the order of the term, a name once per power.
        factors: Vec<String>,
    },
}

/// A construct and its block of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Construct {
    /// The name in the model file; for a product the names of its factors, `A:B`.
    pub name: String,
    /// Reflective or composite. An observed variable and a product count as composites.
    pub kind: Kind,
    /// What stands behind it. In a model as written only measured and observed constructs have items; those of the
    /// others are scores and products, which the models of the [stages](super::Model::stages) name.
    pub nature: Nature,
    /// Whether it keeps the units of its single item in products and paths (`#@ unstandardized`).
    pub raw: bool,
    /// How its outer weights are found, if the model file says so (`#@ mode`).
    pub mode: Option<Mode>,
    /// Its items, in order.
    pub indicators: Vec<IndicatorId>,
    /// The item that fixes the construct's sign (`#@ dominant`).
    pub dominant: Option<IndicatorId>,
    /// Label in English (`#@ label` or codebook).
    pub label: Option<String>,
    /// Label in Chinese (`#@ label_zh` or codebook).
    pub label_zh: Option<String>,
}

impl Construct {
    /// The names of the factors, if it is a product.
    pub fn factors(&self) -> Option<&[String]> {
        match &self.nature {
            Nature::Product { factors } => Some(factors),
            _ => None,
        }
    }

    /// The names of the components, if it is a construct of constructs.
    pub fn components(&self) -> Option<&[String]> {
        match &self.nature {
            Nature::HigherOrder { components } => Some(components),
            _ => None,
        }
    }
}

/// An item (observed variable) and the construct it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The column name in the data; in a later stage the construct whose score it is, or the product (`a1:b1`).
    pub name: String,
    /// The construct it measures.
    pub construct: ConstructId,
    /// What its codes mean, if the model file says so (`#@ scale`, `#@ ordinal`).
    pub scale: Option<Scale>,
}

/// A directed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Predictor.
    pub from: ConstructId,
    /// Outcome.
    pub to: ConstructId,
    /// The label it carries in the file (`a*X`), if any.
    pub label: Option<String>,
    /// The hypothesis it stands for (`#@ hypothesis H1 PU ~ NAV`), if any.
    pub hypothesis: Option<Hypothesis>,
}

/// A numbered hypothesis about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hypothesis {
    /// `H1`.
    pub id: String,
    /// Expected sign, if stated.
    pub sign: Option<Sign>,
}

/// `H1`, or `H1 (+)` where a sign is stated.
impl fmt::Display for Hypothesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sign {
            Some(sign) => write!(f, "{} ({sign})", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// An expected sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Positive,
    /// `-`
    Negative,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Positive => "+",
            Self::Negative => "−",
        })
    }
}
