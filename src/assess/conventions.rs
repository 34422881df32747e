//! Where programs disagree about a statistic, the definitions by name.

use serde::{Deserialize, Serialize};

use crate::model::words;
use crate::pls::Program;

words! {
    /// Reliability and AVE of a construct with one item.
    SingleItem: "single-item convention" {
        /// They do not apply (default; Diamantopoulos et al. 2012).
        NotApplicable = "not-applicable",
        /// They are 1 (seminr, plspm).
        One = "one",
    }
}

words! {
    /// Internal consistency of a block with regression weights (formative).
    Formative: "formative convention" {
        /// It does not apply: the items need not correlate (default; Hair et al. 2022).
        NotApplicable = "not-applicable",
        /// It is computed all the same, rho_A being 1 (seminr).
        Reported = "reported",
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
        }
    }
}

impl Conventions {
    /// The conventions of another program.
    pub fn like(program: Program) -> Self {
        let ours = Self::default();
        match program {
            Program::Seminr => Self {
                single_item: SingleItem::One,
                formative: Formative::Reported,
                vif_source: VifSource::Scores,
                f_squared: FSquared::Reestimated,
                ..ours
            },
            Program::Csem => Self {
                single_item: SingleItem::One,
                fornell_larcker: FornellLarcker::Squared,
                formative: Formative::Reported,
                rho_a: RhoA::AsModelled,
                ..ours
            },
            Program::Plspm => Self { single_item: SingleItem::One, ..ours },
            Program::Smartpls4 | Program::Adanco => ours,
        }
    }
}
