//! Where programs disagree about a statistic, the definitions by name.

use serde::{Deserialize, Serialize};

use super::htmt::Htmt;
use crate::model::words;
use crate::pls::Program;

words! {
    /// Reliability and AVE of a construct with one item.
    SingleItem: "single-item convention" {
        /// They do not apply (default; Diamantopoulos et al. 2012).
        NotApplicable = "not-applicable",
        /// They are 1 (seminr, plspm).
        One = "one",
        /// They are 1, but alpha does not apply (cSEM).
        OneButAlpha = "one-but-alpha",
    }
}

words! {
    /// Internal consistency and HTMT of a block with regression weights (formative).
    Formative: "formative convention" {
        /// Neither applies: the items need not correlate (default; Hair et al. 2022).
        NotApplicable = "not-applicable",
        /// Both are computed all the same, rho_A being 1 (seminr).
        Reported = "reported",
        /// The first is 0 (plspm), HTMT is computed.
        Zero = "zero",
    }
}

words! {
    /// Correlations behind the VIF of antecedents, and in the Fornell-Larcker table.
    VifSource: "VIF source" {
        /// Those of the regression that is reported: corrected under consistent PLS (default, cSEM).
        Constructs = "constructs",
        /// Those of the scores, never corrected (seminr).
        Scores = "scores",
    }
}

words! {
    /// R² behind AIC, BIC and the other criteria of an outcome.
    CriteriaSource: "criteria source" {
        /// That of the regression that is reported: corrected under consistent PLS (default, cSEM).
        Constructs = "constructs",
        /// That of the scores, never corrected (seminr).
        Scores = "scores",
    }
}

words! {
    /// Correlations of the components of a composite, in what the model implies for their items.
    ComponentSource: "source of component correlations" {
        /// Those of the components, which the loadings of their items refer to: corrected under consistent PLS (default). By
        /// them items of different components are implied to correlate as they would without the composite above.
        Constructs = "constructs",
        /// Those of the components' scores, never corrected (cSEM).
        Scores = "scores",
    }
}

words! {
    /// Loadings behind rho_C.
    RhoC: "rho_C convention" {
        /// Those of the model (default).
        Loadings = "loadings",
        /// Correlations with the first principal component of the block (plspm's Dillon-Goldstein rho).
        FirstComponent = "first-component",
    }
}

words! {
    /// What a negative alpha is shown as.
    NegativeAlpha: "convention for negative alpha" {
        /// As it is: a sign that an item is coded the wrong way round (default).
        Kept = "kept",
        /// 0 (plspm).
        Zero = "zero",
    }
}

words! {
    /// Logarithm in the geodesic distance d_G.
    DgLogarithm: "logarithm of d_G" {
        /// Natural (default; Dijkstra & Henseler 2015).
        Natural = "natural",
        /// To base 10 (cSEM).
        Decimal = "decimal",
    }
}

words! {
    /// What the Fornell-Larcker table shows.
    FornellLarcker: "Fornell-Larcker form" {
        /// Root of AVE on the diagonal, correlations below it (default).
        Root = "root",
        /// AVE on the diagonal, squared correlations elsewhere (cSEM).
        Squared = "squared",
    }
}

words! {
    /// How R² without a predictor is found for f².
    FSquared: "f-squared convention" {
        /// Weights kept, the regression repeated without the predictor (default; Cohen 1988, cSEM, SmartPLS).
        FixedWeights = "fixed-weights",
        /// The whole model estimated again without the path (seminr).
        Reestimated = "reestimated",
    }
}

words! {
    /// rho_A of blocks that are not corrected for attenuation.
    RhoA: "rho_A convention" {
        /// Dijkstra and Henseler's formula for every multi-item block with correlation or unit weights (default,
        /// SmartPLS, seminr).
        Estimated = "estimated",
        /// Squared correlation of score and construct as the model has it: 1 without a correction (cSEM).
        AsModelled = "as-modelled",
    }
}

/// One choice per disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conventions {
    /// Single items.
    pub single_item: SingleItem,
    /// Blocks with regression weights.
    pub formative: Formative,
    /// Antecedent VIF and Fornell-Larcker correlations.
    pub vif_source: VifSource,
    /// Fornell-Larcker form.
    pub fornell_larcker: FornellLarcker,
    /// f².
    pub f_squared: FSquared,
    /// rho_A.
    pub rho_a: RhoA,
    /// HTMT: which means, and what is done about negative correlations. The size of the ratio is shown.
    pub htmt: Htmt,
    /// R² behind the information criteria.
    pub criteria_source: CriteriaSource,
    /// Components of composites, in implied correlations and the fit that follows from them.
    pub component_source: ComponentSource,
    /// rho_C.
    pub rho_c: RhoC,
    /// Negative alpha.
    pub negative_alpha: NegativeAlpha,
    /// d_G in tables; JSON holds both.
    pub d_g: DgLogarithm,
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            single_item: SingleItem::NotApplicable,
            formative: Formative::NotApplicable,
            vif_source: VifSource::Constructs,
            fornell_larcker: FornellLarcker::Root,
            f_squared: FSquared::FixedWeights,
            rho_a: RhoA::Estimated,
            htmt: Htmt::Absolute,
            criteria_source: CriteriaSource::Constructs,
            component_source: ComponentSource::Constructs,
            rho_c: RhoC::Loadings,
            negative_alpha: NegativeAlpha::Kept,
            d_g: DgLogarithm::Natural,
        }
    }
}

impl Conventions {
    /// The conventions of another program: every number that it and trustpath both print then has its value. Two
    /// things that are no number of an assessment stay trustpath's: plspm turns a score without its weights, and lists
    /// exogenous constructs with an R² of 0. What SmartPLS and ADANCO do beyond their documentation is not known.
    pub fn like(program: Program) -> Self {
        let ours = Self::default();
        match program {
            Program::Seminr => Self {
                single_item: SingleItem::One,
                formative: Formative::Reported,
                vif_source: VifSource::Scores,
                f_squared: FSquared::Reestimated,
                criteria_source: CriteriaSource::Scores,
                ..ours
            },
            Program::Csem => Self {
                single_item: SingleItem::OneButAlpha,
                fornell_larcker: FornellLarcker::Squared,
                formative: Formative::Reported,
                rho_a: RhoA::AsModelled,
                htmt: Htmt::Signed,
                component_source: ComponentSource::Scores,
                d_g: DgLogarithm::Decimal,
                ..ours
            },
            Program::Plspm => Self {
                single_item: SingleItem::One,
                formative: Formative::Zero,
                rho_c: RhoC::FirstComponent,
                negative_alpha: NegativeAlpha::Zero,
                ..ours
            },
            Program::Smartpls4 | Program::Adanco => ours,
        }
    }
}
