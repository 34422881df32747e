//! GSCA with measurement error (`GSCA_M`; Hwang, Takane & Jung 2017, doi:10.3389/fpsyg.2017.02137).
//!
//! Every item has a unique part that the scores do not contain: `Z = ΓΛ + UD + E` with `U'U = I`, `U'Γ = 0`, `D`
//! diagonal, `Γ = (Z − UD)W`. Alternating least squares:
//!
//! 1. `W` from `Λ'(ΛΛ' + (I − B)(I − B)')⁻¹`, entries outside the blocks set to 0, every column so that its score has
//!    length 1;
//! 2. loadings and paths by least squares on the scores;
//! 3. `U` the orthonormal matrix closest to what the scores leave of `ZD`; `D = diag(U'Z)`.
//!
//! The criterion knows the data only by their inner products, so `Z` may be any matrix with `Z'Z = S`: here `S^½` with
//! rows of zeros below it, which give `U` the dimensions it needs beyond the items'. Cases beyond twice the number of
//! items add nothing.

use nalgebra::{DMatrix, DVector};

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use crate::stats::linear;

pub(super) fn solve(plan: &Plan, s: &[f64]) -> Result<Solved, Failure> {
    let (p, k) = (plan.items, plan.constructs());
    let z = root(s, p);
    let mut w = DMatrix::<f64>::zeros(p, k);
    for (j, block) in plan.blocks.iter().enumerate() {
        (block.start..block.start + block.len).for_each(|i| w[(i, j)] = plan.start[i]);
    }
    normalise(&z, &mut w)?;
    let mut gamma = &z * &w;
    let (mut b, mut lambda) = coefficients(plan, &z, &gamma)?;
    let mut d = DVector::from_element(p, 1.0);
    let mut u = unique(&z, &gamma, &d);
    d = diagonal(&u, &z);
    let mut solved = Solved::default();
    while solved.iterations < plan.max_iterations && !solved.converged {
        solved.iterations += 1;
        let star = &z - &u * DMatrix::from_diagonal(&d);
        let rest = DMatrix::identity(k, k) - &b;
        let metric = &lambda * lambda.transpose() + &rest * rest.transpose();
        let full = metric
            .cholesky()
            .map(|metric| metric.solve(&lambda).transpose())
            .ok_or(Failure::CollinearPredictors(0))?;
        for (j, block) in plan.blocks.iter().enumerate() {
            (block.start..block.start + block.len).for_each(|i| w[(i, j)] = full[(i, j)]);
        }
        normalise(&star, &mut w)?;
        gamma = &star * &w;
        let (b_new, lambda_new) = coefficients(plan, &star, &gamma)?;
        solved.change = (&b_new - &b).abs().sum() + (&lambda_new - &lambda).abs().sum();
        (b, lambda) = (b_new, lambda_new);
        u = unique(&z, &gamma, &d);
        d = diagonal(&u, &z);
        solved.converged = solved.change < plan.tolerance;
    }
    for (j, block) in plan.blocks.iter().enumerate() {
        for i in block.start..block.start + block.len {
            solved.weights.push(w[(i, j)]);
            solved.loadings.push(lambda[(j, i)]);
        }
    }
    Ok(solved)
}

/// `S^½` above p rows of zeros.
fn root(s: &[f64], p: usize) -> DMatrix<f64> {
    let (values, vectors) = linear::symmetric_eigen(s, p);
    let mut z = DMatrix::zeros(2 * p, p);
    for (value, vector) in values.iter().zip(&vectors) {
        let size = value.max(0.0).sqrt();
        for i in 0..p {
            for j in 0..p {
                z[(i, j)] += size * vector[i] * vector[j];
            }
        }
    }
    z
}

/// Every score to length 1.
fn normalise(z: &DMatrix<f64>, w: &mut DMatrix<f64>) -> Result<(), Failure> {
    for j in 0..w.ncols() {
        let length = (z * w.column(j)).norm();
        if length.is_nan() || length <= 1e-12 {
            return Err(Failure::NoVariance(j));
        }
        w.column_mut(j).scale_mut(1.0 / length);
    }
    Ok(())
}

/// Paths (predictor × outcome) and loadings (construct × item) by least squares on the scores.
fn coefficients(
    plan: &Plan,
    z: &DMatrix<f64>,
    gamma: &DMatrix<f64>,
) -> Result<(DMatrix<f64>, DMatrix<f64>), Failure> {
    let k = plan.constructs();
    let c = gamma.transpose() * gamma;
    let cross = gamma.transpose() * z;
    let mut lambda = DMatrix::zeros(k, plan.items);
    for (j, block) in plan.blocks.iter().enumerate() {
        (block.start..block.start + block.len).for_each(|i| lambda[(j, i)] = cross[(j, i)]);
    }
    let mut b = DMatrix::zeros(k, k);
    for equation in &plan.equations {
        let (coefficients, _) = linear::regress(|i, j| c[(i, j)], &equation.predictors, equation.outcome)
            .ok_or(Failure::CollinearPredictors(equation.outcome))?;
        equation.predictors.iter().zip(coefficients).for_each(|(&x, value)| b[(x, equation.outcome)] = value);
    }
    Ok((b, lambda))
}

/// The orthonormal matrix, orthogonal to the scores, that is closest to `ZD`.
fn unique(z: &DMatrix<f64>, gamma: &DMatrix<f64>, d: &DVector<f64>) -> DMatrix<f64> {
    let (rows, p) = z.shape();
    let scores = gamma.clone().qr().q();
    let scaled = z * DMatrix::from_diagonal(d);
    let left = &scaled - &scores * (scores.transpose() * &scaled);
    let svd = nalgebra::SymmetricEigen::new(left.transpose() * &left);
    let largest = svd.eigenvalues.max();
    let mut basis: Vec<DVector<f64>> = scores.column_iter().map(nalgebra::Matrix::into_owned).collect();
    let mut order: Vec<usize> = (0..p).collect();
    order.sort_by(|&a, &b| svd.eigenvalues[b].total_cmp(&svd.eigenvalues[a]));
    let mut u = DMatrix::zeros(rows, p);
    for at in order {
        let v = svd.eigenvectors.column(at);
        let image = &left * v;
        // Directions that nothing is left of are free: any that is orthogonal to all others will do.
        let found = (svd.eigenvalues[at] > 1e-18 * largest)
            .then(|| orthogonal(&image, &basis, 1e-10 * largest.sqrt()))
            .flatten()
            .or_else(|| (0..rows).rev().find_map(|e| orthogonal(&axis(rows, e), &basis, 0.1)));
        if let Some(direction) = found {
            u += &direction * v.transpose();
            basis.push(direction);
        }
    }
    u
}

fn axis(rows: usize, at: usize) -> DVector<f64> {
    let mut axis = DVector::zeros(rows);
    axis[at] = 1.0;
    axis
}

/// The part of `x` that is orthogonal to the basis, at length 1; `None` if it is shorter than `least`.
fn orthogonal(x: &DVector<f64>, basis: &[DVector<f64>], least: f64) -> Option<DVector<f64>> {
    let mut rest = x.clone();
    for _ in 0..2 {
        for other in basis {
            rest -= other * other.dot(&rest);
        }
    }
    let length = rest.norm();
    (length > least).then(|| rest / length)
}

fn diagonal(u: &DMatrix<f64>, z: &DMatrix<f64>) -> DVector<f64> {
    DVector::from_fn(z.ncols(), |i, _| u.column(i).dot(&z.column(i)))
}
