//! The choices a model file can state. The same words in Rust, the command line and the model file.

/// A word that names no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a {what}; choose from {choices}")]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// What it should have been.
    pub what: &'static str,
    /// The words that exist.
    pub choices: String,
}

/// Declares an enum of choices with one kebab-case word each: `Display`, `FromStr`, serde, `ALL`.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident: $what:literal {
            $( $(#[$variant_doc:meta])* $variant:ident = $word:literal $(| $alias:literal)*, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_doc])* #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every choice, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::model::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $( $word $(| $alias)* => Ok(Self::$variant), )+
                    _ => Err($crate::model::UnknownWord {
                        word: word.to_owned(),
                        what: $what,
                        choices: Self::ALL.iter().map(|c| c.word()).collect::<Vec<_>>().join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// How the outer weights of a block are found.
    Mode: "mode" {
        /// Correlation weights: each item's covariance with the inner proxy.
        A = "A" | "a",
        /// Regression weights: the inner proxy regressed on the block.
        B = "B" | "b",
        /// Equal weights on standardised items (sum scores).
        Unit = "unit",
        /// First principal component of the block.
        Pca = "pca" | "PCA",
        /// Regression weights that may not be negative (non-negative least squares).
        Bnnls = "bnnls" | "BNNLS",
    }
}

words! {
    /// What the codes of an item mean.
    Scale: "scale" {
        /// Names without order; quantified category by category.
        Nominal = "nominal" | "nom",
        /// Ordered categories.
        Ordinal = "ordinal" | "ord",
        /// Numbers.
        Numeric = "numeric" | "num",
    }
}

words! {
    /// How a product of constructs (`A:B`) is estimated.
    Interaction: "treatment of interactions" {
        /// The product of the scores of the model without products is its only item (default; Chin, Marcolin & Newsted
        /// 2003; Henseler & Fassott 2010, doi:10.1007/978-3-540-32827-8_31).
        TwoStage = "two-stage",
        /// The same, and all other constructs stand in the second stage by their scores of the first, whose weights stay
        /// (Henseler & Chin 2010, doi:10.1080/10705510903439003).
        TwoStageScores = "two-stage-scores",
        /// The products of all pairs of standardised items are its items.
        ProductIndicator = "product-indicator",
        /// These products, less what the items themselves explain of them (Little, Bovaird & Widaman 2006,
        /// `doi:10.1207/s15328007sem1304_1`).
        Orthogonal = "orthogonal",
        /// Moments of the scores, corrected for measurement error: consistent nonlinear PLS (Dijkstra &
        /// Schermelleh-Engel 2014, doi:10.1007/s11336-013-9370-0); equation by equation.
        Moments = "moments",
        /// The same under normality, outcomes inside products replaced by their equations (cSEM's `replace`).
        MomentsReplace = "moments-replace",
    }
}

words! {
    /// How a construct of constructs is estimated.
    HigherOrder: "treatment of higher-order constructs" {
        /// Two stages: first the components in its place, then their scores as its items, all other constructs by
        /// their own items (default; Sarstedt, Hair, Cheah, Becker & Ringle 2019, doi:10.1016/j.ausmj.2019.05.003).
        Disjoint = "disjoint",
        /// Two stages: first repeated indicators, then scores as items of every construct (Ringle, Sarstedt & Straub 2012).
        Embedded = "embedded",
        /// One stage: all items of its components are its items, too (Wold 1982; Lohmöller 1989).
        Repeated = "repeated",
        /// The same, and its predictors also have paths to its components (Becker, Klein & Wetzels 2012,
        /// doi:10.1016/j.lrp.2012.10.001).
        ExtendedRepeated = "extended-repeated",
        /// Two stages: first all constructs but it, joined each to each; then scores with the reliabilities found
        /// (cSEM's `2stage`).
        Saturated = "saturated",
    }
}

words! {
    /// How constructs weigh their neighbours in the inner approximation.
    Scheme: "scheme" {
        /// Regression on predecessors, correlation with successors (the field's default).
        Path = "path",
        /// Correlation with every neighbour.
        Factorial = "factorial" | "factor",
        /// Sign of the correlation with every neighbour.
        Centroid = "centroid",
    }
}
