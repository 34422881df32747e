//! The covariances that parameters imply, and the direction in which each of them moves these.

use nalgebra::{DMatrix, DVector};

use super::parameters::Place;

/// `Λ`, `B`, `Ψ`, `Θ`.
#[derive(Debug, Clone)]
pub(super) struct Matrices {
    pub(super) lambda: DMatrix<f64>,
    pub(super) beta: DMatrix<f64>,
    pub(super) psi: DMatrix<f64>,
    pub(super) theta: DMatrix<f64>,
}

/// The matrices, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) lambda: DMatrix<f64>,
    pub(super) psi: DMatrix<f64>,
    pub(super) theta: DMatrix<f64>,
    pub(super) beta: DMatrix<f64>,
    /// `Λ (I − B)⁻¹`, items × constructs: what a disturbance of 1 does to the items.
    pub(super) reach: DMatrix<f64>,
    /// Covariances of the constructs.
    pub(super) phi: DMatrix<f64>,
    /// Covariances of items with constructs, `ΛΦ`.
    pub(super) cross: DMatrix<f64>,
    /// Covariances of the items.
    pub(super) sigma: DMatrix<f64>,
    /// Their inverse.
    pub(super) inverse: DMatrix<f64>,
    /// `ln|Σ|`.
    pub(super) ln_det: f64,
}

impl State {
    /// `None` where the implied covariances are not positive definite.
    pub(super) fn of(matrices: Matrices) -> Option<Self> {
        let Matrices { lambda, beta, psi, theta } = matrices;
        let m = beta.nrows();
        let total = (DMatrix::identity(m, m) - &beta).try_inverse()?;
        let phi = symmetric(&total * &psi * total.transpose());
        let reach = &lambda * &total;
        let cross = &lambda * &phi;
        let sigma = symmetric(&cross * lambda.transpose() + &theta);
        let cholesky = sigma.clone().cholesky()?;
        let ln_det = 2.0 * cholesky.l().diagonal().iter().map(|x| x.ln()).sum::<f64>();
        let inverse = cholesky.inverse();
        ln_det.is_finite().then_some(Self {
            lambda,
            psi,
            theta,
            beta,
            reach,
            phi,
            cross,
            sigma,
            inverse,
            ln_det,
        })
    }

    /// `∂Σ/∂θ = c (u vᵀ + v uᵀ)` for an entry of one of the matrices.
    pub(super) fn direction(
        &self,
        place: Place,
        row: usize,
        col: usize,
    ) -> (DVector<f64>, DVector<f64>, f64) {
        let p = self.sigma.nrows();
        let item = |i: usize| DVector::from_fn(p, |k, _| f64::from(u8::from(k == i)));
        let half = if row == col { 0.5 } else { 1.0 };
        match place {
            Place::Loading => (item(row), self.cross.column(col).into(), 1.0),
            Place::Path => (self.reach.column(row).into(), self.cross.column(col).into(), 1.0),
            Place::Disturbance => (self.reach.column(row).into(), self.reach.column(col).into(), half),
            Place::Error => (item(row), item(col), half),
        }
    }
}

fn symmetric(a: DMatrix<f64>) -> DMatrix<f64> {
    let turned = a.transpose();
    (a + turned) * 0.5
}

/// Covariances as correlations; where a variance is not positive, 0.
pub(super) fn correlation(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let sd = covariance.diagonal().map(f64::sqrt);
    DMatrix::from_fn(covariance.nrows(), covariance.ncols(), |i, j| {
        let r = covariance[(i, j)] / (sd[i] * sd[j]);
        if r.is_finite() { r } else { 0.0 }
    })
}
