//! Estimates in units of standard deviations, with their errors by the delta method.
//!
//! A loading `λ √φ_jj / √σ_ii`, a path `β √φ_from / √φ_to`, a variance as share of the whole, a covariance as correlation
//! of what it joins (errors and disturbances, if something explains these).

use nalgebra::DVector;

use super::SemFit;
use super::parameters::{Entry, Held, Parameter, Place, name};
use super::structure::State;
use crate::model::Model;

/// All parameters that are part of the results.
pub(super) fn parameters(fit: &SemFit) -> Vec<Parameter> {
    let shown: Vec<&Entry> = fit.layout.entries.iter().filter(|entry| entry.shown).collect();
    let all = |free: &[f64]| -> Vec<f64> {
        let state = fit.layout.state(free);
        state.map_or_else(Vec::new, |state| {
            shown.iter().map(|entry| standard(fit, entry, &state, true)).collect()
        })
    };
    let std_all = all(&fit.free);
    let slopes = jacobian(&fit.free, &fit.steps(), &all);
    let value = |entry: &Entry| match entry.held {
        Held::Free(k) => fit.free[k],
        Held::Fixed(value) => value,
    };
    let mut list = Vec::new();
    for (at, entry) in shown.iter().enumerate() {
        let est = value(entry);
        let se = match entry.held {
            Held::Free(k) => {
                fit.error_of(&DVector::from_fn(fit.layout.free, |i, _| f64::from(u8::from(i == k))))
            }
            Held::Fixed(_) => Some(0.0),
        };
        let (z, pvalue, ci_lower, ci_upper) = fit.tested(est, se);
        let (lhs, op, rhs) = name(&fit.model, entry);
        list.push(Parameter {
            lhs,
            op,
            rhs,
            label: entry.label.clone(),
            free: matches!(entry.held, Held::Free(_)),
            est,
            se,
            z,
            pvalue,
            ci_lower,
            ci_upper,
            std_lv: standard(fit, entry, &fit.state, false),
            std_all: std_all.get(at).copied().unwrap_or(f64::NAN),
            std_se: slopes.get(at).and_then(|gradient| fit.error_of(gradient)),
        });
    }
    list
}

/// One entry in units of standard deviations: of constructs, and of items and observed variables too if `items`.
fn standard(fit: &SemFit, entry: &Entry, state: &State, items: bool) -> f64 {
    let (row, col) = (entry.row, entry.col);
    let kept = |j: usize| !items && fit.layout.observed[j];
    let construct = |j: usize| if kept(j) { 1.0 } else { state.phi[(j, j)].sqrt() };
    let item = |i: usize| if items { state.sigma[(i, i)].sqrt() } else { 1.0 };
    match entry.place {
        Place::Loading => state.lambda[(row, col)] * construct(col) / item(row),
        Place::Path => state.beta[(row, col)] * construct(col) / construct(row),
        Place::Disturbance if kept(row) && kept(col) => state.psi[(row, col)],
        Place::Disturbance if row == col => state.psi[(row, row)] / state.phi[(row, row)],
        Place::Disturbance => {
            state.psi[(row, col)] / (state.psi[(row, row)].abs() * state.psi[(col, col)].abs()).sqrt()
        }
        Place::Error if !items => state.theta[(row, col)],
        Place::Error if row == col => state.theta[(row, row)] / state.sigma[(row, row)],
        Place::Error => {
            state.theta[(row, col)] / (state.theta[(row, row)].abs() * state.theta[(col, col)].abs()).sqrt()
        }
    }
}

/// The standardised paths of the model, in its order.
pub(super) fn paths(model: &Model, state: &State) -> Vec<f64> {
    let of = |to: usize, from: usize| {
        state.beta[(to, from)] * (state.phi[(from, from)] / state.phi[(to, to)]).sqrt()
    };
    model.paths().iter().map(|path| of(path.to.index(), path.from.index())).collect()
}

/// Gradients of many functions of the free parameters, by central differences with an error of the fourth order.
pub(super) fn jacobian(
    free: &[f64],
    steps: &[f64],
    functions: &dyn Fn(&[f64]) -> Vec<f64>,
) -> Vec<DVector<f64>> {
    let count = functions(free).len();
    let mut slopes = vec![DVector::zeros(free.len()); count];
    for (at, &step) in steps.iter().enumerate() {
        let there = |steps: f64| {
            let mut moved = free.to_vec();
            moved[at] += steps * step;
            functions(&moved)
        };
        let (a, b, c, d) = (there(2.0), there(-2.0), there(1.0), there(-1.0));
        for (f, slope) in slopes.iter_mut().enumerate() {
            let value = |all: &[f64]| all.get(f).copied().unwrap_or(f64::NAN);
            slope[at] = (8.0 * (value(&c) - value(&d)) - (value(&a) - value(&b))) / (12.0 * step);
        }
    }
    slopes
}
