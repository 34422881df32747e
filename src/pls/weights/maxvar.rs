//! MAXVAR and MINVAR: scores whose correlation matrix has the largest first, or the smallest last, eigenvalue.
//!
//! With `D` the correlations within blocks, the solution is the first (last) eigenvector of `S w = μ D w`: with
//! `D = LL'`, the eigenvector `u` of `L⁻¹ S L⁻ᵀ` gives `w = L⁻ᵀ u`, block by block (Kettenring 1971). The overall sign is
//! not determined.

use super::super::estimate::Failure;
use super::super::plan::Plan;
use super::Solved;
use super::triangular::{backward, factors, forward};
use crate::stats::linear;

/// Which end of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// MAXVAR.
    Largest,
    /// MINVAR.
    Smallest,
}

pub(super) fn solve(plan: &Plan, s: &[f64], end: End) -> Result<Solved, Failure> {
    let p = plan.items;
    let factors = factors(plan, s)?;
    let mut matrix = s.to_vec();
    // L⁻¹ from the left, column by column; then the same on the transpose, which is symmetric in the end.
    for _ in 0..2 {
        for column in 0..p {
            for (block, factor) in plan.blocks.iter().zip(&factors) {
                let own = block.start..block.start + block.len;
                let mut part: Vec<f64> = own.clone().map(|i| matrix[i * p + column]).collect();
                forward(factor, block.len, &mut part);
                own.zip(part).for_each(|(i, x)| matrix[i * p + column] = x);
            }
        }
        matrix = (0..p * p).map(|at| matrix[(at % p) * p + at / p]).collect();
    }
    let (_, vectors) = linear::symmetric_eigen(&matrix, p);
    let chosen = match end {
        End::Largest => vectors.into_iter().next(),
        End::Smallest => vectors.into_iter().next_back(),
    };
    let mut weights = chosen.ok_or(Failure::NotConverged)?;
    for (block, factor) in plan.blocks.iter().zip(&factors) {
        backward(factor, block.len, &mut weights[block.start..block.start + block.len]);
    }
    Ok(Solved { weights, converged: true, ..Solved::default() })
}
