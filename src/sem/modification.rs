//! What one more parameter would gain: modification indices (Sörbom 1989, doi:10.1007/BF02294623).
//!
//! With the slope `g` of `F` along a fixed parameter and the expected curvature `H` of it and the free ones,
//! `MI = N g² / (2 v)` with `v = H_cc − H_cf H_ff⁻¹ H_fc`, and the parameter would become `EPC = −g / v`.

use serde::Serialize;

use super::likelihood::{Directions, expected};
use super::parameters::{Entry, Held, Operator, Place, name};
use super::{Likelihood, SemFit};

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

/// Cross-loadings and covariances of errors, the largest gain first.
pub(super) fn all(fit: &SemFit) -> Vec<Modification> {
    let (state, layout) = (&fit.state, &fit.layout);
    let candidates = candidates(fit);
    let ours = Directions::of(state, layout.free_entries().map(|(_, entry)| entry));
    let theirs = Directions::of(state, candidates.iter());
    let Some(inner) = expected(layout, state).cholesky() else { return Vec::new() };
    // Curvature of each candidate with each free parameter.
    let shared = theirs.curvature(&ours, state);
    let slopes = theirs.gradient(&fit.observed, state);
    let n = match fit.settings.likelihood {
        Likelihood::Normal => fit.n as f64,
        Likelihood::Wishart => fit.n as f64 - 1.0,
    };
    let mut found = Vec::new();
    for (c, entry) in candidates.iter().enumerate() {
        let row = shared.row(c).transpose();
        let own = Directions::of(state, std::iter::once(entry));
        let curvature = own.curvature(&own, state)[(0, 0)];
        let left = curvature - row.dot(&inner.solve(&row));
        // A parameter that the free ones can stand for gains nothing.
        if left < 1e-9 * curvature.abs() {
            continue;
        }
        let (lhs, op, rhs) = name(&fit.model, entry);
        let epc = -slopes[c] / left;
        let scale = match entry.place {
            Place::Loading => {
                (state.phi[(entry.col, entry.col)] / state.sigma[(entry.row, entry.row)]).sqrt()
            }
            _ => {
                1.0 / (state.theta[(entry.row, entry.row)] * state.theta[(entry.col, entry.col)]).abs().sqrt()
            }
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
    found.sort_by(|a, b| b.mi.total_cmp(&a.mi));
    found
}

/// Loadings on other constructs with items, and covariances of errors, that are not in the model.
fn candidates(fit: &SemFit) -> Vec<Entry> {
    let (p, m) = (fit.items.len(), fit.state.phi.nrows());
    let known = |place: Place, row: usize, col: usize| {
        let same = |e: &Entry| {
            (e.row, e.col) == (row, col) || (place == Place::Error && (e.col, e.row) == (row, col))
        };
        fit.layout.entries.iter().any(|e| e.place == place && same(e))
    };
    let errors: Vec<usize> = (0..p).filter(|&i| fit.layout.has_error(i)).collect();
    let mut all = Vec::new();
    let mut add = |place: Place, row: usize, col: usize| {
        if !known(place, row, col) {
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
    for (at, &i) in errors.iter().enumerate() {
        for &j in &errors[..at] {
            add(Place::Error, j, i);
        }
    }
    all
}
