//! The discrepancy `F`, its gradient, and its curvature.
//!
//! With `W = Σ⁻¹`, `D = Σ − S` and `∂Σ/∂θ = c (u vᵀ + v uᵀ)`:
//!
//! ```text
//! ∂F/∂θ = 2c uᵀ W D W v
//! E[∂²F/∂θ∂θ'] = tr(W ∂Σ W ∂Σ') = 2cc' [(uᵀWu')(vᵀWv') + (uᵀWv')(vᵀWu')]
//! ```

use nalgebra::{DMatrix, DVector};

use super::parameters::{Entry, Layout};
use super::structure::State;

/// `F` without `ln|S| + p`, which no parameter changes.
pub(super) fn discrepancy(observed: &DMatrix<f64>, state: &State) -> f64 {
    state.ln_det + observed.component_mul(&state.inverse).sum()
}

/// `∂Σ` of many entries: columns u and v, and c.
pub(super) struct Directions {
    u: DMatrix<f64>,
    v: DMatrix<f64>,
    c: Vec<f64>,
}

impl Directions {
    pub(super) fn of<'a>(state: &State, entries: impl Iterator<Item = &'a Entry>) -> Self {
        let (mut u, mut v, mut c) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            let (a, b, factor) = state.direction(entry.place, entry.row, entry.col);
            u.push(a);
            v.push(b);
            c.push(factor);
        }
        let p = state.sigma.nrows();
        let columns = |all: &[DVector<f64>]| {
            if all.is_empty() { DMatrix::zeros(p, 0) } else { DMatrix::from_columns(all) }
        };
        Self { u: columns(&u), v: columns(&v), c }
    }

    pub(super) fn len(&self) -> usize {
        self.c.len()
    }

    /// `∂F` of every entry.
    pub(super) fn gradient(&self, observed: &DMatrix<f64>, state: &State) -> Vec<f64> {
        self.slopes(&weighted_difference(observed, state))
    }

    /// `∂F` of every entry, from `WDW`.
    pub(super) fn slopes(&self, weighted: &DMatrix<f64>) -> Vec<f64> {
        let weighted = weighted * &self.v;
        (0..self.len()).map(|k| 2.0 * self.c[k] * self.u.column(k).dot(&weighted.column(k))).collect()
    }

    /// Expected curvature of every entry with itself.
    pub(super) fn own_curvature(&self, state: &State) -> Vec<f64> {
        let (wu, wv) = (&state.inverse * &self.u, &state.inverse * &self.v);
        let own = |k: usize| {
            let (u, v) = (self.u.column(k), self.v.column(k));
            let crossed = u.dot(&wv.column(k));
            2.0 * self.c[k] * self.c[k] * (u.dot(&wu.column(k)) * v.dot(&wv.column(k)) + crossed * crossed)
        };
        (0..self.len()).map(own).collect()
    }

    /// Expected curvature of every pair of entries, of these with those.
    pub(super) fn curvature(&self, other: &Self, state: &State) -> DMatrix<f64> {
        let (wu, wv) = (&state.inverse * &other.u, &state.inverse * &other.v);
        let (uu, vv) = (self.u.tr_mul(&wu), self.v.tr_mul(&wv));
        let (uv, vu) = (self.u.tr_mul(&wv), self.v.tr_mul(&wu));
        DMatrix::from_fn(self.len(), other.len(), |k, l| {
            2.0 * self.c[k] * other.c[l] * (uu[(k, l)] * vv[(k, l)] + uv[(k, l)] * vu[(k, l)])
        })
    }
}

/// `WDW`.
pub(super) fn weighted_difference(observed: &DMatrix<f64>, state: &State) -> DMatrix<f64> {
    &state.inverse * (&state.sigma - observed) * &state.inverse
}

/// Gradient over the free parameters.
pub(super) fn gradient(layout: &Layout, observed: &DMatrix<f64>, state: &State) -> DVector<f64> {
    Directions::of(state, layout.free_entries().map(|(_, entry)| entry)).gradient(observed, state).into()
}

/// Expected curvature over the free parameters.
pub(super) fn expected(layout: &Layout, state: &State) -> DMatrix<f64> {
    let directions = Directions::of(state, layout.free_entries().map(|(_, entry)| entry));
    directions.curvature(&directions, state)
}

/// Curvature at these values, by central differences of the gradient. Directions that lead to impossible covariances
/// count as flat.
pub(super) fn observed(layout: &Layout, observed: &DMatrix<f64>, free: &[f64]) -> DMatrix<f64> {
    let k = free.len();
    let slope = |at: usize, step: f64| {
        let mut moved = free.to_vec();
        moved[at] += step;
        layout.state(&moved).map(|state| gradient(layout, observed, &state))
    };
    let mut curvature = DMatrix::zeros(k, k);
    // The expected curvature says how far is near, in any units.
    let Some(near) = layout.state(free).map(|state| expected(layout, &state).diagonal()) else {
        return curvature;
    };
    for at in 0..k {
        let step = 1e-4 / near[at].max(f64::MIN_POSITIVE).sqrt();
        // Richardson's extrapolation of two widths leaves an error of the fourth order.
        let wide = slope(at, 2.0 * step).zip(slope(at, -2.0 * step));
        let narrow = slope(at, step).zip(slope(at, -step));
        if let (Some((a, b)), Some((c, d))) = (wide, narrow) {
            let column = ((c - d) * 8.0 - (a - b)) / (12.0 * step);
            curvature.set_column(at, &column);
        }
    }
    (&curvature + curvature.transpose()) * 0.5
}
