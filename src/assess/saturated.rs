//! The saturated path model: every construct regressed on all constructs that stand before it.
//!
//! Its error is the yardstick of Geweke and Meese's criterion and of Mallows' Cp. Weights are estimated again. The order
//! of the constructs is cSEM's: those without incoming paths as they first appear on the right of a path, then outcomes
//! explained by such constructs alone, then the rest as soon as all their predictors are placed.

use crate::pls::{Equation, Estimate, PlsFit};

/// R² of every outcome in the saturated model, by position; empty where it cannot be estimated.
pub(super) fn saturated_r_squared(fit: &PlsFit) -> Vec<(usize, f64)> {
    let order = construct_order(fit);
    let mut plan = (*fit.plan).clone();
    plan.predecessors.iter_mut().for_each(Vec::clear);
    plan.successors.iter_mut().for_each(Vec::clear);
    plan.equations.clear();
    plan.chains.clear();
    plan.paths = 0;
    plan.recursive = true;
    plan.instruments.iter_mut().for_each(Vec::clear);
    for (at, &outcome) in order.iter().enumerate().skip(1) {
        let predictors = order[..at].to_vec();
        let paths = (plan.paths..plan.paths + predictors.len()).collect();
        plan.paths += predictors.len();
        for &x in &predictors {
            plan.successors[x].push(outcome);
        }
        plan.predecessors[outcome].clone_from(&predictors);
        plan.equations.push(Equation { outcome, predictors, paths });
    }
    plan.find_pairs();
    let mut estimate = Estimate::default();
    if estimate.run(&plan, &fit.moments.correlation).is_err() {
        return Vec::new();
    }
    plan.equations.iter().map(|equation| equation.outcome).zip(estimate.r_squared).collect()
}

fn construct_order(fit: &PlsFit) -> Vec<usize> {
    // Outcomes by their first appearance on the left of a path.
    let mut outcomes: Vec<usize> = Vec::new();
    for path in fit.model.paths() {
        if !outcomes.contains(&path.to.index()) {
            outcomes.push(path.to.index());
        }
    }
    let predictors = |y: usize| &fit.plan.predecessors[y];
    let mut order: Vec<usize> = Vec::new();
    for x in fit.model.paths().iter().map(|path| path.from.index()).chain(0..fit.plan.constructs()) {
        if !outcomes.contains(&x) && !order.contains(&x) {
            order.push(x);
        }
    }
    let first: Vec<usize> =
        outcomes.iter().copied().filter(|&y| predictors(y).iter().all(|x| order.contains(x))).collect();
    order.extend(first);
    while order.len() < fit.plan.constructs() {
        let ready: Vec<usize> = outcomes
            .iter()
            .copied()
            .filter(|y| !order.contains(y) && predictors(*y).iter().all(|x| order.contains(x)))
            .collect();
        if ready.is_empty() {
            break;
        }
        order.extend(ready);
    }
    order
}
