//! Items of a population: from the value of a construct and an error to an answer.

use super::PlanError;
use super::draws::Draws;
use super::names::pair;
use super::population::Population;
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::stats::distribution::normal_quantile;
use crate::stats::linear::cholesky;

/// Answers on scales of more steps are rounded to, without thresholds.
const MOST_STEPS: usize = 1000;

/// One item, ready to be drawn.
pub(super) struct ItemPlan {
    pub(super) loading: f64,
    /// Thresholds between answers, in order; none for real numbers.
    thresholds: Vec<f64>,
    min: f64,
    max: f64,
    mean: f64,
    sd: f64,
    reverse: bool,
}

/// How the errors of a block are drawn.
pub(super) enum Errors {
    /// Cholesky factor of their covariance.
    Factor(Vec<f64>),
    /// Correlation within the block, and weights with `w'Σw = 1`.
    Composite(f64, Vec<f64>),
}

pub(super) struct BlockPlan {
    pub(super) construct: usize,
    /// First item, in the order of the model.
    pub(super) items: Vec<usize>,
    pub(super) errors: Errors,
}

/// How one item turns a normal number into an answer.
pub(super) fn item_plan(model: &Model, population: &Population, name: &str) -> Result<ItemPlan, PlanError> {
    let entry = model.codebook.find(name);
    let min = entry.and_then(|entry| entry.min).unwrap_or(1.0);
    let max = entry.and_then(|entry| entry.max).unwrap_or(7.0);
    let reverse = entry.is_some_and(|entry| entry.reverse);
    let range = (max - min).max(0.0);
    let marginal = population.items.get(name);
    let defaults = &population.defaults;
    let mean = marginal.and_then(|m| m.mean).or(defaults.mean).unwrap_or(min + 0.6 * range);
    let sd = marginal.and_then(|m| m.sd).or(defaults.sd).unwrap_or(0.22 * range);
    if sd <= 0.0 || !sd.is_finite() || !mean.is_finite() {
        let words = format!("the answers to `{name}` have the standard deviation {sd} and the mean {mean}");
        return Err(Diagnostic::error("TP1103", words).hint("state a positive standard deviation").into());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded")]
    let steps = range.round().min(1e15) as usize;
    let thresholds = match marginal.map(|m| m.shares.as_slice()).filter(|shares| !shares.is_empty()) {
        Some(shares) => {
            let total: f64 = shares.iter().sum();
            if shares.len() != steps + 1
                || (total - 1.0).abs() > 1e-3
                || shares.iter().any(|share| !(0.0..=1.0).contains(share))
            {
                let words = format!(
                    "`{name}` states {} shares that add to {total}; its scale from {min} to {max} has {} answers",
                    shares.len(),
                    steps + 1
                );
                return Err(Diagnostic::error("TP1103", words)
                    .hint("state one share per answer, from the lowest to the highest, that add to 1")
                    .into());
            }
            thresholds(shares)
        }
        None if steps > MOST_STEPS => Vec::new(),
        None => (0..steps).map(|step| (min + step as f64 + 0.5 - mean) / sd).collect(),
    };
    Ok(ItemPlan { loading: 1.0, thresholds, min, max, mean, sd, reverse })
}

/// Thresholds of a standard normal variable whose categories have these shares: `τ = Φ⁻¹(cumulated share)`.
///
/// ```
/// // Trust in the Internet, January 2007, from `not at all` to `very much` (survey of the CNNIC).
/// let tau = trustpath::plan::thresholds(&[0.017, 0.057, 0.546, 0.323, 0.057]);
/// let rounded: Vec<String> = tau.iter().map(|t| format!("{t:.3}")).collect();
/// assert_eq!(rounded, ["-2.120", "-1.447", "0.305", "1.580"]);
/// ```
pub fn thresholds(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    let mut sum = 0.0;
    let upto = shares.len().saturating_sub(1);
    shares
        .iter()
        .take(upto)
        .map(|share| {
            sum += share / total;
            normal_quantile(sum.min(1.0))
        })
        .collect()
}

impl ItemPlan {
    /// The answer that a standard normal value gives.
    pub(super) fn answer(&self, value: f64, continuous: bool) -> f64 {
        let plain = if continuous {
            self.mean + self.sd * value
        } else if self.thresholds.is_empty() {
            (self.mean + self.sd * value).round().clamp(self.min, self.max)
        } else {
            self.min + self.thresholds.iter().filter(|&&threshold| value > threshold).count() as f64
        };
        if self.reverse { self.min + self.max - plain } else { plain }
    }

    /// The box at a share of the way from the lowest to the highest.
    pub(super) fn box_at(&self, share: f64) -> f64 {
        let boxes = (self.max - self.min).round() + 1.0;
        (self.min + (share * boxes).floor()).min(self.max)
    }
}

/// Loadings and error covariance of a factor's block.
pub(super) fn factor(
    population: &Population,
    construct: &str,
    names: &[String],
    places: &[usize],
    items: &mut [ItemPlan],
) -> Result<Errors, PlanError> {
    let k = places.len();
    let all = &population.loadings;
    let single = if k == 1 { 1.0 } else { population.defaults.loading };
    let loading = |name: &String| all.get(name).or_else(|| all.get(construct)).copied().unwrap_or(single);
    let errors: Vec<f64> = names.iter().map(|name| (1.0 - loading(name).powi(2)).max(0.0).sqrt()).collect();
    for (name, &at) in names.iter().zip(places) {
        items[at].loading = loading(name);
    }
    let mut covariance = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..k {
            let stated = population.correlations.iter().find(|(key, _)| {
                pair(key).is_some_and(|(x, y)| {
                    (x == names[a] && y == names[b]) || (x == names[b] && y == names[a])
                })
            });
            let r = if a == b { 1.0 } else { stated.map_or(0.0, |(_, r)| *r) };
            covariance[a * k + b] = r * errors[a] * errors[b];
        }
    }
    if covariance.iter().all(|x| *x == 0.0) {
        return Ok(Errors::Factor(covariance));
    }
    // An item without error has a row of zeros, which the factor keeps.
    for a in 0..k {
        covariance[a * k + a] = covariance[a * k + a].max(1e-300);
    }
    if !cholesky(&mut covariance, k) {
        return Err(Diagnostic::error(
            "TP1105",
            format!("the errors of the items of `{construct}` cannot correlate like this"),
        )
        .hint("bring their correlations nearer to 0")
        .into());
    }
    for a in 0..k {
        for b in a + 1..k {
            covariance[a * k + b] = 0.0;
        }
    }
    Ok(Errors::Factor(covariance))
}

/// Loadings and weights of a composite's block.
pub(super) fn composite(
    population: &Population,
    construct: &str,
    names: &[String],
    places: &[usize],
    items: &mut [ItemPlan],
) -> Result<Errors, PlanError> {
    let r = population.defaults.correlation;
    let raw: Vec<f64> =
        names.iter().map(|name| population.weights.get(name).copied().unwrap_or(1.0)).collect();
    let sum: f64 = raw.iter().sum();
    // Σ = (1 − r) I + r 11'
    let variance: f64 = (1.0 - r) * raw.iter().map(|w| w * w).sum::<f64>() + r * sum * sum;
    if !(variance > 0.0 && variance.is_finite()) {
        return Err(no_weights(construct));
    }
    let scale = 1.0 / variance.sqrt();
    let weights: Vec<f64> = raw.iter().map(|w| w * scale).collect();
    let total: f64 = weights.iter().sum();
    for (&at, w) in places.iter().zip(&weights) {
        items[at].loading = (1.0 - r) * w + r * total;
    }
    Ok(Errors::Composite(r, weights))
}

/// Parts whose weighted sum does not vary make no composite.
pub(super) fn no_weights(construct: &str) -> PlanError {
    Diagnostic::error("TP1105", format!("the weights of the parts of `{construct}` add to nothing"))
        .hint("state at least one weight other than 0")
        .into()
}

impl BlockPlan {
    pub(super) fn draw(&self, items: &[ItemPlan], draws: &mut Draws) -> Vec<f64> {
        let k = self.items.len();
        match &self.errors {
            Errors::Factor(factor) => {
                let normal: Vec<f64> = (0..k).map(|_| draws.normal()).collect();
                (0..k).map(|a| (0..=a).map(|b| factor[a * k + b] * normal[b]).sum()).collect()
            }
            Errors::Composite(r, weights) => {
                let common = draws.normal() * r.sqrt();
                let u: Vec<f64> = (0..k).map(|_| common + draws.normal() * (1.0 - r).sqrt()).collect();
                let score: f64 = u.iter().zip(weights).map(|(u, w)| u * w).sum();
                u.iter().zip(&self.items).map(|(u, &at)| u - items[at].loading * score).collect()
            }
        }
    }
}
