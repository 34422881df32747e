//! What is recorded of every resample.

use serde::Serialize;

use crate::assess::{Htmt, htmt_of_blocks};
use crate::pls::{Estimate, Plan, PlsFit};

/// The family a quantity belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Path coefficient.
    Path,
    /// Outer weight.
    Weight,
    /// Loading on the own construct.
    Loading,
    /// Total effect of a pair that is joined by some chain or path.
    TotalEffect,
    /// Total indirect effect of a pair that is joined by some chain.
    IndirectEffect,
    /// Indirect effect along one chain.
    SpecificIndirect,
    /// Heterotrait-monotrait ratio, as set in [`Bootstrap::htmt`](super::Bootstrap::htmt).
    Htmt,
    /// R² of an outcome.
    RSquared,
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

/// The list of quantities of a fit, and how to read them off an estimate.
pub(super) struct Quantities {
    pub(super) list: Vec<Quantity>,
    effects: Vec<(usize, usize)>,
    indirect: Vec<(usize, usize)>,
    /// Lengths of the blocks, whose items are consecutive.
    blocks: Vec<usize>,
    ratio: Htmt,
}

impl Quantities {
    pub(super) fn of(fit: &PlsFit, ratio: Htmt) -> Self {
        let names = fit.constructs();
        let k = names.len();
        let mut list = Vec::new();
        let mut add = |kind, name: String, from: &str, to: &str| {
            list.push(Quantity { kind, name, from: from.to_owned(), to: to.to_owned() });
        };
        let arrow = |from: &str, to: &str| format!("{from} → {to}");
        for path in fit.model.paths() {
            let (from, to) = (&names[path.from.index()], &names[path.to.index()]);
            add(Kind::Path, arrow(from, to), from, to);
        }
        for kind in [Kind::Weight, Kind::Loading] {
            for (i, item) in fit.moments.items.iter().enumerate() {
                let construct = &names[fit.block_of(i)];
                let name = match kind {
                    Kind::Weight => arrow(item, construct),
                    _ => format!("{item} ← {construct}"),
                };
                add(kind, name, item, construct);
            }
        }
        let chains = fit.model.chains();
        let ends = |chain: &crate::model::Chain| {
            let first = chain.constructs.first().map(|id| id.index());
            first.zip(chain.constructs.last().map(|id| id.index()))
        };
        let mut indirect: Vec<(usize, usize)> = chains.iter().filter_map(ends).collect();
        indirect.sort_unstable();
        indirect.dedup();
        let mut effects = indirect.clone();
        effects.extend(fit.model.paths().iter().map(|path| (path.from.index(), path.to.index())));
        effects.sort_unstable();
        effects.dedup();
        for &(from, to) in &effects {
            add(Kind::TotalEffect, arrow(&names[from], &names[to]), &names[from], &names[to]);
        }
        for &(from, to) in &indirect {
            add(Kind::IndirectEffect, arrow(&names[from], &names[to]), &names[from], &names[to]);
        }
        for chain in &chains {
            if let Some((from, to)) = ends(chain) {
                add(Kind::SpecificIndirect, chain.name(&fit.model), &names[from], &names[to]);
            }
        }
        for i in 0..k {
            for j in i + 1..k {
                add(Kind::Htmt, format!("{} ↔ {}", names[i], names[j]), &names[i], &names[j]);
            }
        }
        for equation in &fit.plan.equations {
            let name = &names[equation.outcome];
            add(Kind::RSquared, name.clone(), name, name);
        }
        let blocks = fit.plan.blocks.iter().map(|block| block.len).collect();
        Self { list, effects, indirect, blocks, ratio }
    }

    /// The quantities of one estimate, appended in the order of the list.
    pub(super) fn read(&self, plan: &Plan, estimate: &Estimate, s: &[f64], out: &mut Vec<f64>) {
        let k = plan.constructs();
        let p = plan.items;
        out.extend_from_slice(&estimate.paths);
        out.extend_from_slice(&estimate.weights);
        out.extend_from_slice(&estimate.loadings);
        let total = estimate.total_effects(plan);
        out.extend(self.effects.iter().map(|(from, to)| total[from * k + to]));
        let mut direct = vec![0.0; k * k];
        for equation in &plan.equations {
            for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
                direct[from * k + equation.outcome] = estimate.paths[path];
            }
        }
        out.extend(self.indirect.iter().map(|(from, to)| total[from * k + to] - direct[from * k + to]));
        out.extend(estimate.specific_indirect(plan));
        htmt_of_blocks(self.ratio, &self.blocks, s, p, out);
        out.extend_from_slice(&estimate.r_squared);
    }
}
