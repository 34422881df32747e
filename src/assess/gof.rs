//! Goodness of fit of Tenenhaus et al. (2005): `√(mean communality of multi-item blocks × mean R²)`.
//!
//! It does not measure fit (Henseler & Sarstedt 2013, doi:10.1007/s00180-012-0317-1) and is given only so that older
//! studies can be reproduced.

use super::leaves;
use crate::pls::PlsFit;
use crate::stats::{eigen, linear};

pub(super) fn goodness_of_fit(fit: &PlsFit) -> Option<f64> {
    // Every construct where it has its items: components in the stage before.
    let mut seen: Vec<&str> = Vec::new();
    let mut communalities: Vec<f64> = Vec::new();
    for stage in leaves::stages(fit).into_iter().rev() {
        for (construct, block) in stage.model.constructs().iter().zip(&stage.plan.blocks) {
            let counts =
                block.len > 1 && construct.factors().is_none() && !seen.contains(&construct.name.as_str());
            if counts {
                seen.push(&construct.name);
                let loadings = &stage.estimate.loadings[block.start..block.start + block.len];
                communalities.extend(loadings.iter().map(|l| l * l));
            }
        }
    }
    let r_squared = &fit.estimate.r_squared;
    if communalities.is_empty() || r_squared.is_empty() {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some((mean(&communalities) * mean(r_squared)).sqrt())
}

/// The relative index: each communality over the largest eigenvalue of its block, each R² over the largest squared
/// canonical correlation between the block of the outcome and all items of its predictors.
pub(super) fn relative(fit: &PlsFit) -> Option<f64> {
    // Scores and products have no canonical correlation worth dividing by.
    if fit.staged.is_some() {
        return None;
    }
    let items = |j: usize| -> Vec<usize> {
        let block = &fit.plan.blocks[j];
        (block.start..block.start + block.len).collect()
    };
    let sub = |rows: &[usize], cols: &[usize]| -> Vec<f64> {
        rows.iter()
            .flat_map(|&a| cols.iter().map(move |&b| (a, b)))
            .map(|(a, b)| fit.moments.r(a, b))
            .collect()
    };
    let mut communality = Vec::new();
    for (j, block) in fit.plan.blocks.iter().enumerate().filter(|(_, block)| block.len > 1) {
        let own = items(j);
        let largest = eigen::values(&sub(&own, &own), block.len).first().copied()?;
        communality.extend(own.iter().map(|&i| fit.estimate.loadings[i].powi(2) / largest));
    }
    let mut explained = Vec::new();
    for (equation, r2) in fit.plan.equations.iter().zip(&fit.estimate.r_squared) {
        let y = items(equation.outcome);
        let x: Vec<usize> = equation.predictors.iter().flat_map(|&j| items(j)).collect();
        explained.push(r2 / largest_canonical(&sub(&y, &y), &sub(&x, &x), &sub(&y, &x), y.len(), x.len())?);
    }
    if communality.is_empty() || explained.is_empty() {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some((mean(&communality) * mean(&explained)).sqrt())
}

/// Largest squared canonical correlation: the largest eigenvalue of `L⁻¹ S_yx S_xx⁻¹ S_xy L⁻ᵀ` with `S_yy = LL'`.
fn largest_canonical(yy: &[f64], xx: &[f64], yx: &[f64], p: usize, q: usize) -> Option<f64> {
    let inverse = linear::inverse(xx, q)?;
    let mut explained = vec![0.0; p * p];
    for a in 0..p {
        for b in 0..p {
            explained[a * p + b] = (0..q)
                .flat_map(|i| (0..q).map(move |j| (i, j)))
                .map(|(i, j)| yx[a * q + i] * inverse[i * q + j] * yx[b * q + j])
                .sum();
        }
    }
    let roots = eigen::generalised(&explained, yy, p)?;
    roots.first().copied()
}
