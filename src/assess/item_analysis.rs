//! Item analysis of a scale: Cronbach's alpha with its interval, what becomes of it without each item, and how each
//! item hangs together with the rest.
//!
//! From the covariances `C` and correlations `R` of `k` items answered by `n` cases:
//!
//! * raw alpha `k/(k − 1) (1 − tr C / ΣC)` (Cronbach 1951, doi:10.1007/BF02310555), standardised alpha the same of `R`;
//! * Guttman's lambda-6 `1 − Σ(1 − smc) / ΣR` (Guttman 1945, doi:10.1007/BF02288892), `smc` the squared multiple
//!   correlation of an item with the others;
//! * signal to noise `k r̄ / (1 − r̄)` from the mean correlation `r̄` (Cronbach & Gleser 1964);
//! * standard error of alpha for normal answers (Duhachek & Iacobucci 2004, doi:10.1037/0021-9010.89.5.792):
//!   `Q = 2k² / ((k − 1)² (ΣC)³) · (ΣC (tr C² + tr² C) − 2 tr C ΣC²)`, `√(Q/n)`;
//! * Feldt's interval (Feldt, Woodruff & Salih 1987, doi:10.1177/014662168701100107): `1 − (1 − α) F` with the
//!   quantiles of F with `n − 1` and `(n − 1)(k − 1)` degrees of freedom;
//! * item-rest correlation (`r_drop`) `(Σⱼ cᵢⱼ − cᵢᵢ) / √(cᵢᵢ · Σ C without i)`; `std_r` the item-total correlation from
//!   `R`; `r_cor` the same with `smc` on the diagonal of `R`, corrected for the item's share in the total
//!   (Cureton 1966); `raw_r` the correlation with the mean of the answers at hand.
//!
//! Missing answers are left out pair by pair, never replaced; `n` counts all cases. Items must point in one direction:
//! reverse-coded items are turned when the sample is drawn.

use serde::Serialize;

use super::guttman::{self, Guttman, squared_multiples};
use super::omega;
use crate::stats::pairwise::{self, Pairwise};
use crate::stats::{describe, distribution, linear, quantile};

/// Coefficients of a set of items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Consistency {
    /// Cronbach's alpha from covariances.
    pub raw_alpha: f64,
    /// Cronbach's alpha from correlations.
    pub std_alpha: f64,
    /// Guttman's lambda-6; `None` where the correlations are singular.
    pub g6_smc: Option<f64>,
    /// Mean correlation.
    pub average_r: f64,
    /// Median correlation.
    pub median_r: f64,
    /// Variance of the correlations (divisor: their number − 1); `None` for one correlation.
    pub var_r: Option<f64>,
    /// Signal-to-noise ratio.
    pub signal_to_noise: f64,
    /// Standard error of raw alpha; `None` where its variance comes out negative.
    pub ase: Option<f64>,
}

/// One item of a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemConsistency {
    /// Its name.
    pub item: String,
    /// Answers.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Correlation with the mean of the answers at hand.
    pub raw_r: Option<f64>,
    /// Item-total correlation from correlations.
    pub std_r: Option<f64>,
    /// Item-total correlation corrected for overlap by squared multiple correlations.
    pub r_cor: Option<f64>,
    /// Item-rest correlation.
    pub r_drop: Option<f64>,
    /// Coefficients of the other items; `None` for scales of two items.
    pub alpha_if_dropped: Option<Consistency>,
}

/// Item analysis of one scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemAnalysis {
    /// Coefficients of all items.
    #[serde(flatten)]
    pub scale: Consistency,
    /// Feldt's interval of raw alpha.
    pub feldt_ci: Option<[f64; 2]>,
    /// Omega of one common factor by maximum likelihood, from the cases that answered every item; `None` for fewer
    /// than three items.
    pub omega_total: Option<f64>,
    /// Omega hierarchical with three group factors; `None` for fewer than nine items.
    pub omega_hierarchical: Option<f64>,
    /// Guttman's bounds and the split halves.
    pub guttman: Option<Guttman>,
    /// Mean of the cases' means over the answers at hand.
    pub mean: f64,
    /// Standard deviation of these.
    pub sd: f64,
    /// The items.
    pub items: Vec<ItemConsistency>,
}

impl Consistency {
    /// Coefficients from covariances and correlations (row-major, `k × k`) of `n` cases; `None` for fewer than two
    /// items or where the total has no variance.
    pub fn of(covariance: &[f64], correlation: &[f64], k: usize, n: usize) -> Option<Self> {
        if k < 2 || covariance.len() < k * k || correlation.len() < k * k {
            return None;
        }
        let items = k as f64;
        let stretch = items / (items - 1.0);
        let (sum_c, sum_r) = (covariance.iter().sum::<f64>(), correlation.iter().sum::<f64>());
        let trace: f64 = (0..k).map(|i| covariance[i * k + i]).sum();
        if sum_c <= 0.0 || sum_r <= 0.0 {
            return None;
        }
        let mut below: Vec<f64> =
            (0..k).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| correlation[i * k + j]).collect();
        let average_r = describe::mean(&below);
        let var_r = (below.len() > 1).then(|| describe::variance(&below));
        let median_r = quantile::quantile(&mut below, 0.5)?;
        let squared = linear::product(covariance, covariance, k);
        let (sum_2, trace_2) = (squared.iter().sum::<f64>(), (0..k).map(|i| squared[i * k + i]).sum::<f64>());
        let q = 2.0 * stretch * stretch / sum_c.powi(3)
            * (sum_c * (trace_2 + trace * trace) - 2.0 * trace * sum_2);
        Some(Self {
            raw_alpha: stretch * (1.0 - trace / sum_c),
            std_alpha: stretch * (1.0 - items / sum_r),
            g6_smc: squared_multiples(correlation, k)
                .map(|smc| 1.0 - smc.iter().map(|s| 1.0 - s).sum::<f64>() / sum_r),
            average_r,
            median_r,
            var_r,
            signal_to_noise: items * average_r / (1.0 - average_r),
            ase: (q >= 0.0 && n > 0).then(|| (q / n as f64).sqrt()),
        })
    }
}

/// Feldt's interval of an alpha from `k` items and `n` cases.
pub fn feldt_interval(alpha: f64, k: usize, n: usize, level: f64) -> Option<[f64; 2]> {
    if k < 2 || n < 2 || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let df = n as f64 - 1.0;
    let tail = (1.0 - level) / 2.0;
    let bound = |p| distribution::f_quantile(p, df, df * (k as f64 - 1.0)).map(|f| 1.0 - (1.0 - alpha) * f);
    Some([bound(1.0 - tail)?, bound(tail)?])
}

/// Matrix without the row and column `drop`.
fn without(matrix: &[f64], k: usize, drop: usize) -> Vec<f64> {
    let kept = move || (0..k).filter(move |&i| i != drop);
    kept().flat_map(|i| kept().map(move |j| matrix[i * k + j])).collect()
}

impl ItemAnalysis {
    /// Analyses the items of one scale: names and columns of answers (NaN: missing), turned in one direction.
    ///
    /// `None` for fewer than two items, or where an item does not vary, two items were never answered together, or
    /// the items cancel each other out.
    pub fn of(names: &[String], columns: &[&[f64]], level: f64) -> Option<Self> {
        let k = columns.len();
        let n = columns.first()?.len();
        if k < 2 || names.len() != k {
            return None;
        }
        let moments = Pairwise::of(columns)?;
        let (c, r) = (&moments.covariance, &moments.correlation);
        let scale = Consistency::of(c, r, k, n)?;
        let means = pairwise::case_means(columns);
        let seen: Vec<f64> = means.iter().copied().filter(|x| !x.is_nan()).collect();
        let smc = squared_multiples(r, k);
        let (sum_c, sum_r) = (c.iter().sum::<f64>(), r.iter().sum::<f64>());
        let finite = |x: f64| Some(x).filter(|x| x.is_finite());
        let items = (0..k)
            .map(|i| {
                let own = c[i * k + i];
                let with: f64 = (0..k).map(|j| c[i * k + j]).sum();
                let rest = sum_c - 2.0 * with + own;
                let total: f64 = (0..k).map(|j| r[i * k + j]).sum();
                let overlap = smc.as_ref().and_then(|smc| {
                    let variance = sum_r - k as f64 + smc.iter().sum::<f64>();
                    finite((total - 1.0 + smc[i]) / variance.sqrt())
                });
                ItemConsistency {
                    item: names[i].clone(),
                    n: moments.answers[i],
                    mean: moments.mean[i],
                    sd: moments.sd[i],
                    raw_r: pairwise::covariance(columns[i], &means).and_then(|(_, _, r)| finite(r)),
                    std_r: finite(total / sum_r.sqrt()),
                    r_cor: overlap,
                    r_drop: finite((with - own) / (own * rest).sqrt()),
                    alpha_if_dropped: Consistency::of(&without(c, k, i), &without(r, k, i), k - 1, n),
                }
            })
            .collect();
        Some(Self {
            feldt_ci: feldt_interval(scale.raw_alpha, k, n, level),
            omega_total: omega::one_factor_of(columns).map(|(omega, _)| omega),
            omega_hierarchical: (k >= 9)
                .then(|| omega::SchmidLeiman::of(r, k, 3))
                .flatten()
                .map(|solution| solution.omega_hierarchical),
            guttman: guttman::guttman(r, k),
            scale,
            mean: describe::mean(&seen),
            sd: describe::sd(&seen),
            items,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn three_parallel_items_have_the_textbook_values() {
        let r = [1.0, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 0.5, 1.0];
        let c = Consistency::of(&r, &r, 3, 100).unwrap();
        assert!((c.raw_alpha - 0.75).abs() < 1e-15 && (c.std_alpha - 0.75).abs() < 1e-15);
        // smc = r²·2/(1 + r) = 1/3; 1 − 3 (2/3) / 6.
        assert!((c.g6_smc.unwrap() - 2.0 / 3.0).abs() < 1e-14);
        assert!((c.signal_to_noise - 3.0).abs() < 1e-14);
        // Parallel items: Q = 2k/(k − 1) (1 − α)².
        assert!((c.ase.unwrap() - (2.0 * 1.5 * 0.0625 / 100.0_f64).sqrt()).abs() < 1e-14);
    }

    #[test]
    fn feldt_holds_the_estimate() {
        let [low, high] = feldt_interval(0.8, 4, 200, 0.95).unwrap();
        assert!(low < 0.8 && 0.8 < high && high < 1.0);
        assert_eq!(feldt_interval(0.8, 1, 200, 0.95), None);
    }

    #[test]
    fn degenerate_scales_have_no_analysis() {
        let names = |k: usize| (0..k).map(|i| format!("x{i}")).collect::<Vec<_>>();
        let x = [1.0, 2.0, 3.0, 5.0];
        let minus: Vec<f64> = x.iter().map(|v| -v).collect();
        assert!(ItemAnalysis::of(&names(2), &[&x, &minus], 0.95).is_none());
        assert!(ItemAnalysis::of(&names(2), &[&x, &[1.0; 4]], 0.95).is_none());
        assert!(ItemAnalysis::of(&names(1), &[&x], 0.95).is_none());
        let pair = ItemAnalysis::of(&names(2), &[&x, &[2.0, 1.0, 4.0, 5.0]], 0.95).unwrap();
        assert!(pair.items[0].alpha_if_dropped.is_none() && pair.omega_total.is_none());
        // With two items the rest is the other item.
        assert!((pair.items[0].r_drop.unwrap() - pair.scale.average_r).abs() < 1e-14);
    }
}
