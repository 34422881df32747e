//! What one more parameter would gain: modification indices (Sörbom 1989, doi:10.1007/BF02294623).
//!
//! With the slope `g` of `F` along a fixed parameter and the expected curvature `H` of it and the free ones,
//! `MI = N g² / (2 v)` with `v = H_cc − H_cf H_ff⁻¹ H_fc`, and the parameter would become `EPC = −g / v`.

use std::collections::HashSet;

use nalgebra::DMatrix;
use serde::Serialize;

use super::likelihood::{Directions, expected, weighted_difference};
use super::parameters::{Entry, Held, Operator, Place, name};
use super::{Likelihood, SemFit};
use crate::model::ConstructId;

/// One parameter more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Modification {
    /// Left side.
    pub lhs: String,
    /// What it would join.
    pub op: Operator,
    /// Right side.
    pub rhs: String,
    /// Expected fall of χ².
    pub mi: f64,
    /// Expected estimate.
    pub epc: f64,
    /// Expected estimate if constructs and items had variance 1.
    pub sepc_all: f64,
}

/// Candidates whose directions are held at once: their number grows with the square of that of the items.
const TOGETHER: usize = 256;

/// Cross-loadings, covariances, paths; the largest gain first.
pub(super) fn all(fit: &SemFit) -> Vec<Modification> {
    let (state, layout) = (&fit.state, &fit.layout);
    let candidates = candidates(fit);
    let ours = Directions::of(state, layout.free_entries().map(|(_, entry)| entry));
    let Some(inner) = expected(layout, state).cholesky() else { return Vec::new() };
    let residual = weighted_difference(&fit.observed, state);
    let n = match fit.settings.likelihood {
        Likelihood::Normal => fit.n as f64,
        Likelihood::Wishart => fit.n as f64 - 1.0,
    };
    let mut found = Vec::new();
    for some in candidates.chunks(TOGETHER) {
        let theirs = Directions::of(state, some.iter());
        // Curvature of each candidate with each free parameter, a column per candidate; and with itself.
        let shared = ours.curvature(&theirs, state);
        let answers = inner.solve(&shared);
        let curvatures = theirs.own_curvature(state);
        let slopes = theirs.slopes(&residual);
        for (c, entry) in some.iter().enumerate() {
            let left = curvatures[c] - shared.column(c).dot(&answers.column(c));
            // A parameter that the free ones can stand for gains nothing.
            if left < 1e-9 * curvatures[c].abs() {
                continue;
            }
            let (lhs, op, rhs) = name(&fit.model, entry);
            let epc = -slopes[c] / left;
            let both =
                |m: &DMatrix<f64>| 1.0 / (m[(entry.row, entry.row)] * m[(entry.col, entry.col)]).abs().sqrt();
            let to = |m: &DMatrix<f64>| {
                (state.phi[(entry.col, entry.col)] / m[(entry.row, entry.row)]).abs().sqrt()
            };
            let scale = match entry.place {
                Place::Loading => to(&state.sigma),
                Place::Path => to(&state.phi),
                Place::Disturbance => both(&state.psi),
                Place::Error => both(&state.theta),
            };
            found.push(Modification {
                lhs,
                op,
                rhs,
                mi: n * slopes[c] * slopes[c] / (2.0 * left),
                epc,
                sepc_all: epc * scale,
            });
        }
    }
    found.sort_by(|a, b| b.mi.total_cmp(&a.mi));
    found
}

/// Loadings on other constructs with items, paths between constructs, covariances of errors and of constructs, that are not
/// in the model.
fn candidates(fit: &SemFit) -> Vec<Entry> {
    let (p, m) = (fit.items.len(), fit.state.phi.nrows());
    let turned = |place: Place, row: usize, col: usize| match place {
        Place::Error | Place::Disturbance if row > col => (place, col, row),
        _ => (place, row, col),
    };
    let known: HashSet<(Place, usize, usize)> =
        fit.layout.entries.iter().map(|e| turned(e.place, e.row, e.col)).collect();
    let errors: Vec<usize> = (0..p).filter(|&i| fit.layout.has_error(i)).collect();
    let mut all = Vec::new();
    let mut add = |place: Place, row: usize, col: usize| {
        if !known.contains(&turned(place, row, col)) {
            all.push(Entry { place, row, col, held: Held::Fixed(0.0), label: None, shown: true });
        }
    };
    for j in 0..m {
        // Of a construct of one item, or of constructs, a loading would be a path in other words.
        if fit.model.constructs()[j].indicators.len() > 1 || fit.model.constructs()[j].components().is_some()
        {
            for &i in &errors {
                add(Place::Loading, i, j);
            }
        }
    }
    let whole_of = |a: usize, b: usize| fit.model.whole_of(ConstructId::new(a)) == Some(ConstructId::new(b));
    for to in 0..m {
        for from in 0..m {
            // A construct and its components are joined by loadings.
            if from == to || whole_of(from, to) || whole_of(to, from) {
                continue;
            }
            if !fit.model.paths().is_empty() {
                add(Place::Path, to, from);
            }
            if from < to {
                add(Place::Disturbance, from, to);
            }
        }
    }
    for (at, &i) in errors.iter().enumerate() {
        for &j in &errors[..at] {
            add(Place::Error, j, i);
        }
    }
    all
}
