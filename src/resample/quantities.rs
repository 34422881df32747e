//! What is recorded of every resample: the list of quantities. `reading.rs` reads them off an estimate.
//!
//! A family is a [`Kind`].

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::contrast::Contrast;
use crate::assess::{Answers, Htmt};
use crate::model::{Formula, Mode};
use crate::pls::{Block, Plan, PlsFit, Scope};

macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident = $key:literal | $word:literal, $title:literal; )+) => {
        /// The family a quantity belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $( $(#[$doc])* $kind, )+
        }

        impl Kind {
            /// Every family, in the order in which they are recorded.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its key in JSON and in lists of tables.
            pub fn key(self) -> &'static str {
                match self { $(Self::$kind => $key),+ }
            }

            /// The same with hyphens, as on the command line.
            pub fn word(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }

            /// Its title above a table.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }
        }
    };
}

kinds! {
    /// Path coefficient.
    Path = "paths" | "paths", "Path coefficients";
    /// Outer weight.
    Weight = "weights" | "weights", "Outer weights";
    /// Loading on the own construct.
    Loading = "loadings" | "loadings", "Loadings";
    /// Total effect of a pair that is joined by some chain or path.
    TotalEffect = "total_effects" | "total-effects", "Total effects";
    /// Total indirect effect of a pair that is joined by some chain.
    IndirectEffect = "indirect_effects" | "indirect-effects", "Total indirect effects";
    /// Indirect effect along one chain.
    SpecificIndirect = "specific_indirect_effects" | "specific-indirect-effects", "Specific indirect effects";
    /// Difference of two effects, as asked for.
    Contrast = "contrasts" | "contrasts", "Differences of effects";
    /// Quantity that the model file defines (`ab := a*b`).
    Defined = "definitions" | "definitions", "Defined quantities";
    /// Heterotrait-monotrait ratio, as set in [`Bootstrap::htmt`](super::Bootstrap::htmt).
    Htmt = "htmt" | "htmt", "HTMT";
    /// Heterotrait-monotrait ratio by geometric means; undefined where signs are mixed.
    Htmt2 = "htmt2" | "htmt2", "HTMT2";
    /// Correlation of two constructs.
    ConstructCorrelation = "construct_correlations" | "construct-correlations", "Correlations of the constructs";
    /// Standardised Cronbach's alpha.
    Alpha = "alpha" | "alpha", "Cronbach's alpha";
    /// Reliability of the score.
    RhoA = "rho_a" | "rho-a", "rho_A";
    /// Composite reliability.
    RhoC = "rho_c" | "rho-c", "rho_C";
    /// Average variance extracted.
    Ave = "ave" | "ave", "Average variance extracted";
    /// R² of an outcome.
    RSquared = "r_squared" | "r-squared", "R²";
    /// Adjusted R² of an outcome.
    AdjRSquared = "adj_r_squared" | "adj-r-squared", "Adjusted R²";
    /// Effect size of a path.
    FSquared = "f_squared" | "f-squared", "Effect sizes f²";
    /// Variance inflation of a predictor.
    Vif = "vif_antecedents" | "vif-antecedents", "VIF of the predictors";
    /// Variance inflation of an item within its block.
    ItemVif = "vif_indicators" | "vif-indicators", "VIF of the items";
    /// Standardised root mean square residual.
    Srmr = "srmr" | "srmr", "SRMR";
    /// Unweighted least squares discrepancy.
    DUls = "d_uls" | "d-uls", "d_ULS";
    /// Geodesic discrepancy.
    DG = "d_g" | "d-g", "d_G";
    /// Maximum-likelihood discrepancy.
    DMl = "d_ml" | "d-ml", "d_ML";
}

impl Kind {
    /// The families of distances between observed and implied correlations that a test of fit needs. d_G and d_ML cost
    /// more than a whole estimate, so they are recorded on request only.
    pub const DISTANCES: &'static [Self] = &[Self::Srmr, Self::DUls, Self::DG, Self::DMl];

    /// Whether it is a coefficient whose hypothesis is that it is 0.
    pub fn is_tested(self) -> bool {
        matches!(
            self,
            Self::Path
                | Self::Weight
                | Self::Loading
                | Self::TotalEffect
                | Self::IndirectEffect
                | Self::SpecificIndirect
                | Self::Contrast
                | Self::Defined
                | Self::ConstructCorrelation
        )
    }

    /// What its first column holds.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Weight | Self::Loading | Self::ItemVif => "Item",
            Self::Htmt | Self::Htmt2 | Self::ConstructCorrelation => "Pair",
            Self::Alpha | Self::RhoA | Self::RhoC | Self::Ave => "Construct",
            Self::RSquared | Self::AdjRSquared => "Outcome",
            Self::Contrast => "Difference",
            Self::Defined => "Quantity",
            Self::Srmr | Self::DUls | Self::DG | Self::DMl => "Model",
            _ => "Path",
        }
    }
}

/// One quantity that every resample yields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// Its family.
    pub kind: Kind,
    /// Its name: `A → B`, `item → construct` or a construct.
    pub name: String,
    /// First end: predictor, item, first construct.
    pub from: String,
    /// Second end: outcome, construct, second construct.
    pub to: String,
}

/// Constructs of an earlier stage whose measurement the last does not show (components of constructs of constructs).
pub(super) struct Before {
    /// The stage.
    pub(super) stage: usize,
    /// Their positions there.
    pub(super) own: Vec<usize>,
    /// The stage in positions.
    pub(super) plan: Arc<Plan>,
    /// Lengths of its blocks.
    pub(super) blocks: Vec<usize>,
    /// Pairs that HTMT tells apart there.
    pub(super) pairs: Vec<(usize, usize)>,
}

impl Before {
    fn all(fit: &PlsFit) -> Vec<Self> {
        let stages = fit.measured_before().into_iter();
        stages
            .map(|(stage, own)| {
                let of = &fit.earlier()[stage];
                Self {
                    stage,
                    plan: Arc::clone(&of.plan),
                    blocks: of.plan.blocks.iter().map(|block| block.len).collect(),
                    pairs: fit.told_apart_before(stage, &own),
                    own,
                }
            })
            .collect()
    }

    /// Its constructs, each with its block.
    pub(super) fn own_blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.own.iter().map(|&j| (j, &self.plan.blocks[j]))
    }
}

/// All pairs of `k` constructs: (0, 1), (0, 2), …, (1, 2), …
pub(super) fn pairs(k: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..k).flat_map(move |i| (i + 1..k).map(move |j| (i, j)))
}

/// Names of the two models whose fit is recorded, the saturated one second.
pub(super) const MODELS: [&str; 2] = ["estimated model", "saturated model"];

/// The list of quantities of a fit, and what is needed to read them off an estimate.
pub(super) struct Quantities {
    pub(super) list: Vec<Quantity>,
    pub(super) kinds: Vec<Kind>,
    pub(super) effects: Vec<(usize, usize)>,
    pub(super) indirect: Vec<(usize, usize)>,
    pub(super) contrasts: Vec<Contrast>,
    /// Lengths of the blocks, whose items are consecutive.
    pub(super) blocks: Vec<usize>,
    /// Per pair of constructs whether HTMT tells them apart; empty if it does for all.
    pub(super) told_apart: Vec<bool>,
    /// Earlier stages.
    pub(super) before: Vec<Before>,
    pub(super) ratio: Htmt,
    pub(super) cases: f64,
    pub(super) formulas: Vec<Formula>,
    /// Whether paths are in standard deviations of the constructs; those of products and of unstandardised items are not.
    pub(super) standardised: bool,
    /// What a model in stages implies for its answers, if its distances are recorded.
    pub(super) answers: Option<Answers>,
}

impl Quantities {
    /// The quantities of these families, or of all that are recorded by default.
    pub(super) fn of(fit: &PlsFit, ratio: Htmt, kinds: &[Kind], contrasts: Vec<Contrast>) -> Self {
        let by_default = |kind: &Kind| !matches!(kind, Kind::DUls | Kind::DG | Kind::DMl);
        let asked = |kind: &Kind| if kinds.is_empty() { by_default(kind) } else { kinds.contains(kind) };
        let mut all = Self {
            list: Vec::new(),
            kinds: Kind::ALL.iter().copied().filter(asked).collect(),
            effects: Vec::new(),
            indirect: Vec::new(),
            contrasts,
            blocks: fit.plan.blocks.iter().map(|block| block.len).collect(),
            told_apart: if fit.staged.is_some() {
                let apart = fit.told_apart();
                pairs(fit.plan.constructs()).map(|pair| apart.contains(&pair)).collect()
            } else {
                Vec::new()
            },
            before: Before::all(fit),
            ratio,
            cases: fit.n() as f64,
            formulas: fit.model.definitions().iter().map(|definition| definition.formula.clone()).collect(),
            standardised: fit.staged.is_none(),
            answers: None,
        };
        if all.kinds.iter().any(|kind| Kind::DISTANCES.contains(kind)) {
            all.answers = fit.staged.as_ref().map(|staged| Answers::of(&staged.stages));
        }
        let ends = |chain: &crate::model::Chain| {
            let first = chain.constructs.first().map(|id| id.index());
            first.zip(chain.constructs.last().map(|id| id.index()))
        };
        let chains = fit.model.chains();
        all.indirect = chains.iter().filter_map(ends).collect();
        all.indirect.sort_unstable();
        all.indirect.dedup();
        all.effects.clone_from(&all.indirect);
        all.effects.extend(fit.model.paths().iter().map(|path| (path.from.index(), path.to.index())));
        all.effects.sort_unstable();
        all.effects.dedup();
        let mut list = Vec::new();
        for &kind in &all.kinds {
            list.extend(all.names(fit, kind).into_iter().map(|(name, from, to)| Quantity {
                kind,
                name,
                from,
                to,
            }));
        }
        all.list = list;
        all
    }

    /// How much of an estimate they are read off.
    pub(super) fn scope(&self, plan: &Plan) -> Scope {
        let all = |kind: &Kind| *kind == Kind::ConstructCorrelation || Kind::DISTANCES.contains(kind);
        // Whether an estimate that is corrected is possible depends on all correlations of the constructs.
        if plan.blocks.iter().any(|block| block.corrected) || self.kinds.iter().any(all) {
            Scope::All
        } else {
            Scope::Equations
        }
    }

    /// Name and both ends of every quantity of a family, in the order of [`Quantities::read`].
    fn names(&self, fit: &PlsFit, kind: Kind) -> Vec<(String, String, String)> {
        let names = fit.constructs();
        let k = names.len();
        let own = |before: &'_ Before| {
            let stage = &fit.earlier()[before.stage];
            (stage, stage.constructs())
        };
        let of = |from: &str, mark: &str, to: &str| {
            (format!("{from} {mark} {to}"), from.to_owned(), to.to_owned())
        };
        let alone = |name: &str| (name.to_owned(), name.to_owned(), name.to_owned());
        let arrow = |&(from, to): &(usize, usize)| of(&names[from], "→", &names[to]);
        let items = |mark: &str| {
            let each = fit.moments.items.iter().enumerate();
            let mut all: Vec<_> = each.map(|(i, item)| of(item, mark, &names[fit.block_of(i)])).collect();
            for before in &self.before {
                let (stage, names) = own(before);
                for (j, block) in before.own_blocks() {
                    let items = &stage.moments.items[block.start..block.start + block.len];
                    all.extend(items.iter().map(|item| of(item, mark, &names[j])));
                }
            }
            all
        };
        match kind {
            Kind::Path => {
                let paths = fit.model.paths().iter();
                paths.map(|path| arrow(&(path.from.index(), path.to.index()))).collect()
            }
            Kind::Weight => items("→"),
            Kind::Loading | Kind::ItemVif => items("←"),
            Kind::TotalEffect => self.effects.iter().map(arrow).collect(),
            Kind::IndirectEffect => self.indirect.iter().map(arrow).collect(),
            Kind::SpecificIndirect => {
                let chains = fit.model.chains();
                let ends = |chain: &crate::model::Chain| {
                    let first = chain.constructs.first().map(|id| names[id.index()].clone());
                    first.zip(chain.constructs.last().map(|id| names[id.index()].clone()))
                };
                let named = chains.iter().filter_map(|chain| Some((chain.name(&fit.model), ends(chain)?)));
                named.map(|(name, (from, to))| (name, from, to)).collect()
            }
            Kind::Contrast => self.contrasts.iter().map(|contrast| alone(&contrast.name)).collect(),
            Kind::Defined => {
                fit.model.definitions().iter().map(|definition| alone(&definition.name)).collect()
            }
            Kind::Htmt | Kind::Htmt2 => {
                let kept = pairs(k).enumerate().filter(|(at, _)| self.told_apart.get(*at) != Some(&false));
                let mut all: Vec<_> = kept.map(|(_, (i, j))| of(&names[i], "↔", &names[j])).collect();
                for before in &self.before {
                    let (_, names) = own(before);
                    all.extend(before.pairs.iter().map(|&(i, j)| of(&names[i], "↔", &names[j])));
                }
                all
            }
            Kind::ConstructCorrelation => pairs(k).map(|(i, j)| of(&names[i], "↔", &names[j])).collect(),
            Kind::Alpha | Kind::RhoA | Kind::RhoC | Kind::Ave => {
                let mut all: Vec<_> = reflected(&fit.plan).map(|(j, _)| alone(&names[j])).collect();
                for before in &self.before {
                    let (_, names) = own(before);
                    let blocks = before.own_blocks().filter(|(_, block)| is_reflected(block));
                    all.extend(blocks.map(|(j, _)| alone(&names[j])));
                }
                all
            }
            Kind::RSquared | Kind::AdjRSquared => {
                fit.plan.equations.iter().map(|equation| alone(&names[equation.outcome])).collect()
            }
            Kind::FSquared => {
                let ends =
                    fit.plan.equations.iter().flat_map(|e| e.predictors.iter().map(|&x| (x, e.outcome)));
                ends.map(|ends| arrow(&ends)).collect()
            }
            Kind::Vif => {
                let several = fit.plan.equations.iter().filter(|e| e.predictors.len() > 1);
                let ends = several.flat_map(|e| e.predictors.iter().map(|&x| (x, e.outcome)));
                ends.map(|ends| arrow(&ends)).collect()
            }
            Kind::Srmr | Kind::DUls | Kind::DG | Kind::DMl => MODELS.iter().map(|name| alone(name)).collect(),
        }
    }
}

/// Blocks that have a reliability: several items, and not formative unless corrected for attenuation.
pub(super) fn reflected(plan: &Plan) -> impl Iterator<Item = (usize, &Block)> {
    plan.blocks.iter().enumerate().filter(|(_, block)| is_reflected(block))
}

pub(super) fn is_reflected(block: &Block) -> bool {
    block.len > 1 && (block.corrected || !matches!(block.mode, Mode::B | Mode::Bnnls))
}
