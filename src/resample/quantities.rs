//! What is recorded of every resample: the list, and how it is read off an estimate.
//!
//! A family is a [`Kind`]. The kernels are those of the assessment where one exists, in the definitions of the literature
//! ([`crate::assess::Conventions::default`]); a value that does not exist in a resample is NaN there and left out of its
//! summary.

use serde::{Deserialize, Serialize};

use super::contrast::Contrast;
use crate::assess::{
    FitIndices, Htmt, Implied, average_variance_extracted, cronbach_alpha, htmt_of_blocks, indicator_vif,
    rho_a, rho_c, srmr,
};
use crate::model::{Formula, Mode};
use crate::pls::{Block, Equation, Estimate, Plan, PlsFit};
use crate::stats::linear;

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

/// Names of the two models whose fit is recorded, the saturated one second.
pub(super) const MODELS: [&str; 2] = ["estimated model", "saturated model"];

/// The list of quantities of a fit, and how to read them off an estimate.
pub(super) struct Quantities {
    pub(super) list: Vec<Quantity>,
    kinds: Vec<Kind>,
    effects: Vec<(usize, usize)>,
    indirect: Vec<(usize, usize)>,
    contrasts: Vec<Contrast>,
    /// Lengths of the blocks, whose items are consecutive.
    blocks: Vec<usize>,
    ratio: Htmt,
    cases: f64,
    formulas: Vec<Formula>,
}

impl Quantities {
    /// The quantities of these families, or of all that are recorded by default.
    pub(super) fn of(fit: &PlsFit, ratio: Htmt, kinds: &[Kind], contrasts: Vec<Contrast>) -> Self {
        let by_default = |kind: &Kind| !matches!(kind, Kind::DUls | Kind::DG | Kind::DMl);
        // Products and constructs of constructs have paths in other units than their correlations.
        let joined = [&[Kind::FSquared, Kind::Vif], Kind::DISTANCES].concat();
        let possible = |kind: &Kind| fit.staged.is_none() || !joined.contains(kind);
        let asked = |kind: &Kind| {
            possible(kind) && if kinds.is_empty() { by_default(kind) } else { kinds.contains(kind) }
        };
        let mut all = Self {
            list: Vec::new(),
            kinds: Kind::ALL.iter().copied().filter(asked).collect(),
            effects: Vec::new(),
            indirect: Vec::new(),
            contrasts,
            blocks: fit.plan.blocks.iter().map(|block| block.len).collect(),
            ratio,
            cases: fit.n() as f64,
            formulas: fit.model.definitions().iter().map(|definition| definition.formula.clone()).collect(),
        };
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

    /// Name and both ends of every quantity of a family, in the order of [`Quantities::read`].
    fn names(&self, fit: &PlsFit, kind: Kind) -> Vec<(String, String, String)> {
        let names = fit.constructs();
        let k = names.len();
        let of = |from: &str, mark: &str, to: &str| {
            (format!("{from} {mark} {to}"), from.to_owned(), to.to_owned())
        };
        let alone = |name: &str| (name.to_owned(), name.to_owned(), name.to_owned());
        let arrow = |&(from, to): &(usize, usize)| of(&names[from], "→", &names[to]);
        let items = |mark: &str| {
            let each = fit.moments.items.iter().enumerate();
            each.map(|(i, item)| of(item, mark, &names[fit.block_of(i)])).collect::<Vec<_>>()
        };
        let pairs = || (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
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
            Kind::Htmt | Kind::Htmt2 | Kind::ConstructCorrelation => {
                pairs().map(|(i, j)| of(&names[i], "↔", &names[j])).collect()
            }
            Kind::Alpha | Kind::RhoA | Kind::RhoC | Kind::Ave => {
                reflected(&fit.plan).map(|(j, _)| alone(&names[j])).collect()
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

    /// The quantities of one estimate from the correlations `s`, appended in the order of the list.
    pub(super) fn read(&self, plan: &Plan, estimate: &Estimate, s: &[f64], out: &mut Vec<f64>) {
        let k = plan.constructs();
        let p = plan.items;
        let wants = |kinds: &[Kind]| kinds.iter().any(|kind| self.kinds.contains(kind));
        let total = if wants(&[Kind::TotalEffect, Kind::IndirectEffect]) {
            estimate.total_effects(plan)
        } else {
            Vec::new()
        };
        let inflation = if wants(&[Kind::FSquared, Kind::Vif]) {
            plan.equations.iter().map(|equation| inflation(equation, estimate, k)).collect()
        } else {
            Vec::new()
        };
        // SRMR and d_ULS need the residuals alone, the others eigenvalues of the implied correlations.
        let squares = wants(&[Kind::Srmr, Kind::DUls])
            .then(|| [false, true].map(|saturated| Implied::squared_residuals(plan, estimate, s, saturated)));
        let distances = wants(&[Kind::DG, Kind::DMl]).then(|| {
            [false, true].map(|saturated| {
                FitIndices::of(s, &Implied::by(plan, estimate, s, saturated).items, p, plan.items)
            })
        });
        for kind in &self.kinds {
            match kind {
                Kind::Path => out.extend_from_slice(&estimate.paths),
                Kind::Weight => out.extend_from_slice(&estimate.weights),
                Kind::Loading => out.extend_from_slice(&estimate.loadings),
                Kind::TotalEffect => out.extend(self.effects.iter().map(|(from, to)| total[from * k + to])),
                Kind::IndirectEffect => {
                    let mut direct = vec![0.0; k * k];
                    for equation in &plan.equations {
                        for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
                            direct[from * k + equation.outcome] = estimate.paths[path];
                        }
                    }
                    let less = |&(from, to): &(usize, usize)| total[from * k + to] - direct[from * k + to];
                    out.extend(self.indirect.iter().map(less));
                }
                Kind::SpecificIndirect => out.extend(estimate.specific_indirect(plan)),
                Kind::Contrast => out.extend(self.contrasts.iter().map(|c| c.value(estimate))),
                Kind::Defined if self.formulas.is_empty() => {}
                Kind::Defined => out.extend(Formula::values(&self.formulas, &estimate.paths)),
                Kind::Htmt => htmt_of_blocks(self.ratio, &self.blocks, s, p, out),
                Kind::Htmt2 => htmt_of_blocks(Htmt::Geometric, &self.blocks, s, p, out),
                Kind::ConstructCorrelation => {
                    let r = &estimate.construct_correlations;
                    out.extend((0..k).flat_map(|i| r[i * k + i + 1..(i + 1) * k].iter().copied()));
                }
                Kind::Alpha | Kind::RhoA | Kind::RhoC | Kind::Ave => out.extend(
                    reflected(plan).map(|(j, block)| reliability(*kind, plan, estimate, s, j, block)),
                ),
                Kind::RSquared => out.extend_from_slice(&estimate.r_squared),
                Kind::AdjRSquared => {
                    let each = plan.equations.iter().zip(&estimate.r_squared);
                    out.extend(
                        each.map(|(equation, r2)| adjusted(*r2, self.cases, equation.predictors.len())),
                    );
                }
                Kind::FSquared => {
                    for ((equation, inflation), r2) in
                        plan.equations.iter().zip(&inflation).zip(&estimate.r_squared)
                    {
                        let paths = equation.paths.iter().map(|&path| estimate.paths[path]);
                        out.extend(paths.zip(inflation).map(|(b, v)| effect_size(b, *v, *r2)));
                    }
                }
                Kind::Vif => out.extend(inflation.iter().filter(|v| v.len() > 1).flatten()),
                Kind::ItemVif => {
                    for block in &plan.blocks {
                        let items: Vec<usize> = (block.start..block.start + block.len).collect();
                        match indicator_vif(&items, |a, b| s[a * p + b]) {
                            Some(values) => out.extend(values),
                            None => out.extend(items.iter().map(|_| f64::NAN)),
                        }
                    }
                }
                Kind::Srmr => out.extend(squares.iter().flatten().map(|sum| srmr(*sum, p))),
                // Half of the sum over both triangles is the sum over one.
                Kind::DUls => out.extend(squares.iter().flatten()),
                Kind::DG => out.extend(distances.iter().flatten().map(|fit| fit.d_g.unwrap_or(f64::NAN))),
                Kind::DMl => out.extend(distances.iter().flatten().map(|fit| fit.d_ml.unwrap_or(f64::NAN))),
            }
        }
    }
}

/// Blocks that have a reliability: several items, and not formative unless corrected for attenuation.
fn reflected(plan: &Plan) -> impl Iterator<Item = (usize, &Block)> {
    plan.blocks.iter().enumerate().filter(|(_, block)| {
        block.len > 1 && (block.corrected || !matches!(block.mode, Mode::B | Mode::Bnnls))
    })
}

/// A reliability or the AVE of construct `j`; NaN where it does not exist.
fn reliability(kind: Kind, plan: &Plan, estimate: &Estimate, s: &[f64], j: usize, block: &Block) -> f64 {
    let (p, start) = (plan.items, block.start);
    let r = |a: usize, b: usize| s[(start + a) * p + start + b];
    let loadings = &estimate.loadings[start..start + block.len];
    let value = match kind {
        Kind::Alpha => cronbach_alpha(block.len, r),
        Kind::RhoA if block.corrected || block.reliability.is_some() => {
            Some(estimate.reliability_roots[j].powi(2))
        }
        Kind::RhoA => rho_a(&estimate.weights[start..start + block.len], r),
        Kind::RhoC => {
            let errors = block.correlated.iter().map(|&(a, b)| r(a, b) - loadings[a] * loadings[b]);
            rho_c(loadings, errors.sum())
        }
        _ => average_variance_extracted(loadings),
    };
    value.unwrap_or(f64::NAN)
}

/// Diagonal of the inverse correlations of an equation's predictors, which are their VIF; NaN where it does not exist.
fn inflation(equation: &Equation, estimate: &Estimate, k: usize) -> Vec<f64> {
    let x = &equation.predictors;
    let r = &estimate.construct_correlations;
    if x.len() == 1 {
        return vec![1.0];
    }
    let matrix: Vec<f64> =
        x.iter().flat_map(|&a| x.iter().map(move |&b| if a == b { 1.0 } else { r[a * k + b] })).collect();
    match linear::inverse(&matrix, x.len()) {
        Some(inverse) => (0..x.len()).map(|i| inverse[i * x.len() + i]).collect(),
        None => vec![f64::NAN; x.len()],
    }
}

/// f² of a path: what R² loses without it is `b²/VIF`, so that `f² = b² / (VIF (1 − R²))`.
fn effect_size(b: f64, inflation: f64, r_squared: f64) -> f64 {
    b * b / (inflation * (1.0 - r_squared))
}

/// Adjusted R² of an equation with `k` predictors; NaN where no degree of freedom is left.
fn adjusted(r_squared: f64, n: f64, k: usize) -> f64 {
    let degrees = n - k as f64 - 1.0;
    if degrees > 0.0 { 1.0 - (1.0 - r_squared) * (n - 1.0) / degrees } else { f64::NAN }
}
