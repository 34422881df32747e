//! Where the search begins: one factor per block, correlations of constructs from those of their items' sums, paths by
//! regression. Close enough that scoring needs few steps; the end does not depend on it.

use nalgebra::DMatrix;

use super::parameters::{Held, Layout, Place};
use super::structure::correlation;
use super::{Identification, Sem};
use crate::model::{ConstructId, Model};
use crate::stats::factor::{Extraction, extract};
use crate::stats::linear::regress;

/// Standardised loadings of one factor.
fn one_factor(r: &DMatrix<f64>, items: &[usize]) -> Vec<f64> {
    let k = items.len();
    let block: Vec<f64> = items.iter().flat_map(|&i| items.iter().map(move |&j| r[(i, j)])).collect();
    let found =
        if k >= 3 { extract(&block, k, 1, Extraction::MinimumResidual).map(|f| f.loadings) } else { None };
    let loadings = found.unwrap_or_else(|| {
        let shared = block.get(1).map_or(0.5, |r| r.abs().max(0.1)).sqrt();
        (0..k).map(|i| shared * if block[i] < 0.0 { -1.0 } else { 1.0 }).collect()
    });
    // Neither without share nor without error.
    loadings.iter().map(|l| l.signum() * l.abs().clamp(0.1, 0.95)).collect()
}

/// Values of the free parameters.
pub(super) fn start(sem: &Sem, model: &Model, layout: &Layout, observed: &DMatrix<f64>) -> Vec<f64> {
    let r = correlation(observed);
    let m = model.constructs().len();
    let items: Vec<Vec<usize>> =
        model.constructs().iter().map(|c| c.indicators.iter().map(|id| id.index()).collect()).collect();
    let mut loadings: Vec<Vec<f64>> = items
        .iter()
        .map(|block| if block.len() > 1 { one_factor(&r, block) } else { vec![1.0; block.len()] })
        .collect();
    if sem.identification == Identification::Marker {
        // The first item points the way.
        for block in &mut loadings {
            if block.first().is_some_and(|l| *l < 0.0) {
                for l in block.iter_mut() {
                    *l = -*l;
                }
            }
        }
    }
    // Weights of the sums that stand for the constructs; a whole is the sum of its components.
    let mut sums = vec![vec![0.0; r.nrows()]; m];
    for j in model.causal_order().into_iter().map(ConstructId::index).chain(0..m) {
        sums[j] = vec![0.0; r.nrows()];
        for (&i, l) in items[j].iter().zip(&loadings[j]) {
            sums[j][i] = l.signum();
        }
    }
    for _ in 0..3 {
        for j in 0..m {
            let parts: Vec<usize> = components(model, j);
            if !parts.is_empty() {
                let total = (0..r.nrows()).map(|i| parts.iter().map(|&c| sums[c][i]).sum()).collect();
                sums[j] = total;
            }
        }
    }
    let product = |a: &[f64], b: &[f64]| -> f64 {
        (0..a.len()).map(|i| a[i] * (0..b.len()).map(|j| r[(i, j)] * b[j]).sum::<f64>()).sum()
    };
    let reliability: Vec<f64> = (0..m)
        .map(|j| {
            if loadings[j].len() < 2 {
                return if items[j].is_empty() { 0.9 } else { 1.0 };
            }
            let shared = loadings[j].iter().map(|l| l.abs()).sum::<f64>().powi(2);
            (shared / product(&sums[j], &sums[j])).clamp(0.3, 1.0)
        })
        .collect();
    let between = DMatrix::from_fn(m, m, |a, b| {
        if a == b {
            return 1.0;
        }
        let raw = product(&sums[a], &sums[b])
            / (product(&sums[a], &sums[a]) * product(&sums[b], &sums[b]) * reliability[a] * reliability[b])
                .sqrt();
        raw.clamp(-0.85, 0.85)
    });
    let near = values(sem, model, layout, observed, &items, &loadings, &between);
    if layout.state(&near).is_some() {
        return near;
    }
    values(sem, model, layout, observed, &items, &loadings, &DMatrix::identity(m, m))
}

fn components(model: &Model, j: usize) -> Vec<usize> {
    let names = model.constructs()[j].components().unwrap_or_default();
    names.iter().filter_map(|name| model.find(name)).map(ConstructId::index).collect()
}

fn values(
    sem: &Sem,
    model: &Model,
    layout: &Layout,
    observed: &DMatrix<f64>,
    items: &[Vec<usize>],
    loadings: &[Vec<f64>],
    between: &DMatrix<f64>,
) -> Vec<f64> {
    let m = items.len();
    let sd: Vec<f64> = observed.diagonal().iter().map(|x| x.sqrt()).collect();
    // Standardised paths and disturbances.
    let mut beta = DMatrix::zeros(m, m);
    let mut left = vec![1.0; m];
    for j in 0..m {
        let mut causes: Vec<usize> =
            model.predecessors(ConstructId::new(j)).into_iter().map(ConstructId::index).collect();
        causes.extend(model.whole_of(ConstructId::new(j)).map(ConstructId::index));
        if causes.is_empty() {
            continue;
        }
        match regress(|a, b| between[(a, b)], &causes, j) {
            Some((slopes, explained)) if explained < 0.95 => {
                for (&cause, slope) in causes.iter().zip(slopes) {
                    beta[(j, cause)] = slope;
                }
                left[j] = 1.0 - explained.max(0.0);
            }
            _ => {
                for &cause in &causes {
                    beta[(j, cause)] = 0.5 * between[(j, cause)] / causes.len() as f64;
                }
                left[j] = 0.7;
            }
        }
    }
    // Standard deviation of each construct in the units that identify it. Components come before their wholes here.
    let unit = sem.identification == Identification::Variance;
    let mut size = vec![1.0; m];
    for _ in 0..4 {
        for j in 0..m {
            size[j] = match (items[j].as_slice(), loadings[j].first()) {
                ([only], _) => sd[*only],
                _ if unit => 1.0 / left[j].sqrt(),
                ([first, ..], Some(l)) => l.abs() * sd[*first],
                _ => components(model, j).first().map_or(1.0, |&c| (beta[(c, j)].abs() * size[c]).max(0.05)),
            };
        }
    }
    let mut free = vec![0.0; layout.free];
    for entry in &layout.entries {
        let Held::Free(k) = entry.held else { continue };
        let (row, col) = (entry.row, entry.col);
        free[k] = match entry.place {
            Place::Loading => {
                let l = items[col].iter().position(|&i| i == row).map_or(0.5, |at| loadings[col][at]);
                l * sd[row] / size[col]
            }
            Place::Path => beta[(row, col)] * size[row] / size[col],
            Place::Disturbance if row == col => left[row] * size[row] * size[row],
            Place::Disturbance => {
                let both = |a: usize| left[a] < 1.0;
                let r = if both(row) || both(col) { 0.0 } else { between[(row, col)] };
                r * size[row] * size[col]
            }
            Place::Error if row == col => {
                let owner = items.iter().position(|block| block.contains(&row)).unwrap_or(0);
                let l = items[owner].iter().position(|&i| i == row).map_or(0.5, |at| loadings[owner][at]);
                (1.0 - l * l).max(0.1) * sd[row] * sd[row]
            }
            Place::Error => 0.0,
        };
    }
    free
}
