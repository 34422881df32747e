//! Non-metric PLS: answers are quantified within the iteration, so that each item agrees best with its inner proxy
//! under what its scale allows.
//!
//! Source: Russolillo (2012), doi:10.1214/12-EJS724; algorithm and order of steps as in plspm. In each pass, with
//! standardised scores `Y` and inner weights `E` from them, `Z = Y E`. For every block, every item is quantified against
//! its column `z` of `Z`:
//!
//! * nominal: each category takes its mean of `z`;
//! * ordinal: the same, made monotone by pooling adjacent violators upwards and downwards; the direction with the
//!   larger variance is taken, and turned upwards;
//! * numeric: as it is.
//!
//! Quantifications are standardised (divisor n); then Mode A `w = Q'z / z'z` or Mode B `w = (Q'Q)⁻¹Q'z`, and new scores.
//! The pass is repeated until `Σ (|Y_old| − |Y|)²` falls below the tolerance. Missing answers stay at the mean, 0.

use super::estimate::{Estimate, Failure};
use super::plan::Plan;
use crate::model::{Mode, Scale};
use crate::stats::{isotonic, linear};
use crate::survey::Sample;

/// What the loop ends with.
pub(super) struct Quantified {
    /// The sample with quantified answers.
    pub(super) sample: Sample,
    /// Weights of the last pass.
    pub(super) weights: Vec<f64>,
    pub(super) iterations: usize,
    pub(super) change: f64,
    pub(super) converged: bool,
}

/// Case weights with what is asked of them.
struct Cases {
    weight: Vec<f64>,
    total: f64,
}

impl Cases {
    fn dot(&self, a: &[f64], b: &[f64]) -> f64 {
        self.weight.iter().zip(a.iter().zip(b)).map(|(w, (x, y))| w * x * y).sum()
    }

    /// To mean 0 and variance 1, missing answers aside; `false` without variance. Missing answers count as the mean.
    fn standardise(&self, column: &mut [f64]) -> bool {
        let seen = || column.iter().zip(&self.weight).filter(|(x, _)| !x.is_nan());
        let weight: f64 = seen().map(|(_, w)| w).sum();
        let mean = seen().map(|(x, w)| w * x).sum::<f64>() / weight;
        let size = seen().map(|(x, _)| x.abs()).fold(0.0, f64::max);
        let variance = seen().map(|(x, w)| w * (x - mean).powi(2)).sum::<f64>() / self.total;
        if variance.is_nan() || variance <= 1e-24 * size * size {
            return false;
        }
        let sd = variance.sqrt();
        for x in column.iter_mut() {
            *x = (*x - mean) / sd;
        }
        true
    }
}

/// Categories of an item: per case its category, NaN answers without one.
struct Codes {
    of: Vec<Option<usize>>,
    count: usize,
}

impl Codes {
    fn new(column: &[f64]) -> Self {
        let mut values: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let of = column.iter().map(|x| values.binary_search_by(|v| v.total_cmp(x)).ok()).collect();
        Self { of, count: values.len() }
    }

    /// The categories' values, case by case.
    fn spread(&self, values: &[f64]) -> Vec<f64> {
        self.of.iter().map(|c| c.and_then(|c| values.get(c)).copied().unwrap_or(f64::NAN)).collect()
    }

    /// Means of `z` per category, with the weights behind them; categories that no case of this resample has take
    /// their neighbour's mean at no weight.
    fn means(&self, z: &[f64], cases: &Cases) -> (Vec<f64>, Vec<f64>) {
        let mut sums = vec![0.0; self.count];
        let mut weights = vec![0.0; self.count];
        for (c, (z, w)) in self.of.iter().zip(z.iter().zip(&cases.weight)) {
            if let Some(c) = *c {
                sums[c] += w * z;
                weights[c] += w;
            }
        }
        let mut last = 0.0;
        for (sum, weight) in sums.iter_mut().zip(&weights) {
            if *weight > 0.0 {
                last = *sum / weight;
            }
            *sum = last;
        }
        (sums, weights)
    }

    fn quantify(&self, z: &[f64], cases: &Cases, scale: Scale) -> Vec<f64> {
        let (means, weights) = self.means(z, cases);
        if scale == Scale::Nominal {
            return self.spread(&means);
        }
        // A little weight lets empty categories follow their neighbours.
        let weights: Vec<f64> = weights.iter().map(|w| w.max(1e-300)).collect();
        let up = isotonic::increasing(&means, &weights);
        let turned: Vec<f64> = means.iter().map(|m| -m).collect();
        let down = isotonic::increasing(&turned, &weights);
        let variance = |fit: &[f64]| {
            let total: f64 = weights.iter().sum();
            let mean = fit.iter().zip(&weights).map(|(x, w)| w * x).sum::<f64>() / total;
            fit.iter().zip(&weights).map(|(x, w)| w * (x - mean).powi(2)).sum::<f64>()
        };
        self.spread(if variance(&up) >= variance(&down) { &up } else { &down })
    }
}

/// Runs the loop.
pub(super) fn quantify(
    plan: &Plan,
    sample: &Sample,
    scales: &[Scale],
    weights: Option<&[f64]>,
) -> Result<Quantified, Failure> {
    let k = plan.constructs();
    let n = sample.cases();
    let weight = weights.map_or_else(|| vec![1.0; n], <[f64]>::to_vec);
    let cases = Cases { total: weight.iter().sum(), weight };
    let scale = |i: usize| scales.get(i).copied().unwrap_or(Scale::Numeric);
    let codes: Vec<Codes> = sample.columns.iter().map(|column| Codes::new(column)).collect();
    let mut q: Vec<Vec<f64>> = Vec::with_capacity(plan.items);
    let mut w = plan.start.clone();
    let mut y = vec![Vec::new(); k];
    for (j, block) in plan.blocks.iter().enumerate() {
        let items = sample.columns.iter().zip(&codes).enumerate();
        for (i, (answers, code)) in items.skip(block.start).take(block.len) {
            let mut column = if scale(i) == Scale::Numeric {
                answers.clone()
            } else {
                // The start alone sees the ranks; only the orientation can depend on it.
                code.spread(&(1..=code.count).map(|r| r as f64).collect::<Vec<f64>>())
            };
            if scale(i) == Scale::Numeric && !cases.standardise(&mut column) {
                return Err(Failure::NoVariance(j));
            }
            q.push(filled(column));
        }
        if let Some(fixed) = &block.fixed {
            w[block.start..block.start + block.len].copy_from_slice(fixed);
        }
        y[j] = score(&q, &w, block.start, block.len, &cases).ok_or(Failure::NoVariance(j))?;
    }
    let mut inner = Estimate::default();
    inner.begin(plan);
    let (mut iterations, mut change, mut converged) = (0, f64::INFINITY, false);
    while iterations < plan.max_iterations && !converged {
        iterations += 1;
        for j in 0..k {
            for l in 0..k {
                inner.proxy_correlations[j * k + l] = cases.dot(&y[j], &y[l]) / cases.total;
            }
        }
        inner.inner(plan);
        inner.outcome()?;
        let before = y.clone();
        change = 0.0;
        for (j, block) in plan.blocks.iter().enumerate() {
            let mut z = vec![0.0; n];
            for (l, other) in before.iter().enumerate() {
                let e = inner.inner_weights[j * k + l];
                z.iter_mut().zip(other).for_each(|(z, y)| *z += e * y);
            }
            let own = block.start..block.start + block.len;
            for i in own.clone() {
                if scale(i) != Scale::Numeric {
                    let mut column = codes[i].quantify(&z, &cases, scale(i));
                    if !cases.standardise(&mut column) {
                        return Err(Failure::NoVariance(j));
                    }
                    q[i] = filled(column);
                }
            }
            if block.fixed.is_none() && block.mode != Mode::Unit {
                let zz = cases.dot(&z, &z);
                for i in own.clone() {
                    w[i] = cases.dot(&q[i], &z) / zz;
                }
                if block.mode == Mode::B {
                    let mut products: Vec<f64> = own
                        .clone()
                        .flat_map(|a| own.clone().map(move |b| (a, b)))
                        .map(|(a, b)| cases.dot(&q[a], &q[b]) / zz)
                        .collect();
                    if !linear::cholesky(&mut products, block.len) {
                        return Err(Failure::CollinearBlock(j));
                    }
                    linear::cholesky_solve(&products, block.len, &mut w[own]);
                }
            }
            y[j] = score(&q, &w, block.start, block.len, &cases).ok_or(Failure::NoVariance(j))?;
            change += cases
                .weight
                .iter()
                .zip(before[j].iter().zip(&y[j]))
                .map(|(w, (old, new))| w * (old.abs() - new.abs()).powi(2))
                .sum::<f64>();
        }
        converged = change < plan.tolerance;
    }
    // Missing answers are missing still, so that scores and moments treat them as ever.
    for (column, original) in q.iter_mut().zip(&sample.columns) {
        for (x, answer) in column.iter_mut().zip(original) {
            if answer.is_nan() {
                *x = f64::NAN;
            }
        }
    }
    let sample = Sample { columns: q, ..sample.clone() };
    Ok(Quantified { sample, weights: w, iterations, change, converged })
}

/// Missing answers at the mean.
fn filled(mut column: Vec<f64>) -> Vec<f64> {
    column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = 0.0);
    column
}

/// A block's standardised score.
fn score(q: &[Vec<f64>], w: &[f64], start: usize, len: usize, cases: &Cases) -> Option<Vec<f64>> {
    let mut y = vec![0.0; cases.weight.len()];
    for i in start..start + len {
        y.iter_mut().zip(&q[i]).for_each(|(y, x)| *y += w[i] * x);
    }
    cases.standardise(&mut y).then_some(y)
}
