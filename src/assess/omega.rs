//! Omega (`McDonald` 1999): the share of a sum score's variance that common factors explain.
//!
//! * **One factor** (congeneric items): `ω = (Σλ)² / ((Σλ)² + Σθ)` from a one-factor model by maximum likelihood.
//! * **Hierarchical**: a general factor beside group factors, by the transformation of Schmid & Leiman (1957,
//!   doi:10.1007/BF02289209). Group factors by minimum residuals and direct quartimin; the general factor from the
//!   correlations of these. `ω_t = 1 − Σu² / ΣR`, `ω_h = (Σg)² / ΣR`, `ECV = Σg² / Σ(g² + f²)` (Zinbarg, Revelle,
//!   Yovel & Li 2005, doi:10.1007/s11336-003-0974-7; Reise 2012). Items count in the direction of the general factor.

use serde::Serialize;

use crate::stats::factor::{Extraction, extract, quartimin};
use crate::stats::pairwise::Pairwise;

/// Omega of one common factor from correlations and standard deviations; `None` for fewer than three items or where
/// the model has no solution.
///
/// The maximum likelihood estimate is the same in every scale, so it is found on correlations and carried back.
pub fn one_factor(correlation: &[f64], sd: &[f64]) -> Option<f64> {
    let k = sd.len();
    if k < 3 {
        return None;
    }
    let found = extract(correlation, k, 1, Extraction::MaximumLikelihood)?;
    let common = found.loadings.iter().zip(sd).map(|(l, sd)| l * sd).sum::<f64>().powi(2);
    let unique: f64 = found.uniqueness.iter().zip(sd).map(|(u, sd)| u * sd * sd).sum();
    let omega = common / (common + unique);
    omega.is_finite().then_some(omega)
}

/// [`one_factor`] from the cases that answered every item, and their number.
pub fn one_factor_of(columns: &[&[f64]]) -> Option<(f64, usize)> {
    let complete = complete_cases(columns);
    let n = complete.first()?.len();
    let views: Vec<&[f64]> = complete.iter().map(Vec::as_slice).collect();
    let moments = Pairwise::of(&views)?;
    Some((one_factor(&moments.correlation, &moments.sd)?, n))
}

/// The columns without the cases that lack an answer.
pub fn complete_cases(columns: &[&[f64]]) -> Vec<Vec<f64>> {
    let cases = columns.iter().map(|c| c.len()).min().unwrap_or(0);
    let kept: Vec<usize> = (0..cases).filter(|&i| columns.iter().all(|c| !c[i].is_nan())).collect();
    columns.iter().map(|c| kept.iter().map(|&i| c[i]).collect()).collect()
}

/// A general factor beside group factors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchmidLeiman {
    /// Loadings on the general factor.
    pub general: Vec<f64>,
    /// Loadings on the group factors, items × factors, row-major.
    pub group: Vec<f64>,
    /// Pattern loadings of the oblique solution, items × factors.
    pub oblique: Vec<f64>,
    /// Correlations of the oblique factors.
    pub factor_correlations: Vec<f64>,
    /// Loadings of the oblique factors on the general factor.
    pub general_of_factors: Vec<f64>,
    /// Unique variances.
    pub uniqueness: Vec<f64>,
    /// Number of group factors.
    pub factors: usize,
    /// Omega total.
    pub omega_total: f64,
    /// Omega hierarchical.
    pub omega_hierarchical: f64,
    /// The limit of omega hierarchical for a scale of infinite length, `ω_h / ω_t`.
    pub omega_limit: f64,
    /// Explained common variance: the general factor's share.
    pub ecv: f64,
    /// Omega of the whole scale, then of the items of each group; see [`GroupOmega`].
    pub omega_group: Vec<GroupOmega>,
}

/// Which factors a sum score owes its variance to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GroupOmega {
    /// Share of all common factors. For the items of one group: of the general factor and their own group factor.
    pub total: f64,
    /// Share of the general factor.
    pub general: f64,
    /// Share of the group factors, each through the items that load on it most.
    pub group: f64,
}

/// Shares of a sum score's variance: the whole scale first, then the items that load most on each group factor. A group
/// factor that no item loads on most has shares of 0.
fn group_omegas(
    r: &[f64],
    k: usize,
    m: usize,
    general: &[f64],
    group: &[f64],
    whole: (f64, f64),
) -> Vec<GroupOmega> {
    let size = |i: usize, f: usize| group[i * m + f].abs();
    let own: Vec<usize> =
        (0..k).map(|i| (0..m).fold(0, |best, f| if size(i, f) > size(i, best) { f } else { best })).collect();
    let sign = |i: usize| if general[i] < 0.0 { -1.0 } else { 1.0 };
    let items = |f: usize| (0..k).filter(|&i| own[i] == f).collect::<Vec<_>>();
    // Squared sums of loadings of one group's items on its factor and on the general factor, and their variance.
    let parts: Vec<[f64; 3]> = (0..m)
        .map(|f| {
            let items = items(f);
            let on_group: f64 = items.iter().map(|&i| sign(i) * group[i * m + f]).sum();
            let on_general: f64 = items.iter().map(|&i| general[i].abs()).sum();
            let variance: f64 = items
                .iter()
                .flat_map(|&i| items.iter().map(move |&j| (i, j)))
                .map(|(i, j)| r[i * k + j] * sign(i) * sign(j))
                .sum();
            [on_group * on_group, on_general * on_general, variance]
        })
        .collect();
    let all: f64 = (0..k * k).map(|at| r[at] * sign(at / k) * sign(at % k)).sum();
    let mut found = vec![GroupOmega {
        total: whole.0,
        general: whole.1,
        group: parts.iter().map(|[group, ..]| group).sum::<f64>() / all,
    }];
    found.extend(parts.iter().map(|&[group, general, variance]| {
        let share = |part: f64| if variance > 0.0 { part / variance } else { 0.0 };
        GroupOmega { total: share(general) + share(group), general: share(general), group: share(group) }
    }));
    found
}

impl SchmidLeiman {
    /// The solution with `m` group factors; `None` for fewer than three factors (their correlations do not identify
    /// the general factor), too few items, or where no solution is found.
    pub fn of(correlation: &[f64], k: usize, m: usize) -> Option<Self> {
        if m < 3 {
            return None;
        }
        let found = extract(correlation, k, m, Extraction::MinimumResidual)?;
        let turned = quartimin(&found.loadings, k, m)?;
        let higher = extract(&turned.correlation, m, 1, Extraction::MinimumResidual)?;
        let above = higher.loadings;
        let mut general: Vec<f64> =
            (0..k).map(|i| (0..m).map(|f| turned.loadings[i * m + f] * above[f]).sum()).collect();
        if general.iter().sum::<f64>() < 0.0 {
            for g in &mut general {
                *g = -*g;
            }
        }
        let group: Vec<f64> = (0..k * m)
            .map(|at| turned.loadings[at] * (1.0 - above[at % m].powi(2)).max(0.0).sqrt())
            .collect();
        let sign = |i: usize| if general[i] < 0.0 { -1.0 } else { 1.0 };
        let total: f64 = (0..k * k).map(|at| correlation[at] * sign(at / k) * sign(at % k)).sum();
        let common: f64 = general.iter().map(|g| g * g).sum();
        let grouped: f64 = group.iter().map(|f| f * f).sum();
        let omega_total = 1.0 - found.uniqueness.iter().sum::<f64>() / total;
        let omega_hierarchical = general.iter().map(|g| g.abs()).sum::<f64>().powi(2) / total;
        if total <= 0.0 || omega_total <= 0.0 {
            return None;
        }
        let omega_group =
            group_omegas(correlation, k, m, &general, &group, (omega_total, omega_hierarchical));
        Some(Self {
            omega_group,
            general,
            group,
            oblique: turned.loadings,
            factor_correlations: turned.correlation,
            general_of_factors: above,
            uniqueness: found.uniqueness,
            factors: m,
            omega_total,
            omega_hierarchical,
            omega_limit: omega_hierarchical / omega_total,
            ecv: common / (common + grouped),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn congeneric_items_have_the_formula_s_omega() {
        let l = [0.9, 0.8, 0.7, 0.6];
        let sd = [1.0, 2.0, 0.5, 3.0];
        let r: Vec<f64> =
            (0..16).map(|at| if at / 4 == at % 4 { 1.0 } else { l[at / 4] * l[at % 4] }).collect();
        let common: f64 = l.iter().zip(sd).map(|(l, s)| l * s).sum::<f64>().powi(2);
        let unique: f64 = l.iter().zip(sd).map(|(l, s)| (1.0 - l * l) * s * s).sum();
        assert!((one_factor(&r, &sd).unwrap() - common / (common + unique)).abs() < 1e-8);
        assert_eq!(one_factor(&[1.0, 0.5, 0.5, 1.0], &[1.0, 1.0]), None);
    }

    #[test]
    fn an_exact_hierarchy_is_found_again() {
        // Three groups of three; general .8, .7, .6 of the group factors; items load .8, .7, .6 on their group.
        let (above, own) = ([0.8, 0.7, 0.6], [0.8, 0.7, 0.6]);
        let r: Vec<f64> = (0..81)
            .map(|at| {
                let (i, j) = (at / 9, at % 9);
                let phi = if i / 3 == j / 3 { 1.0 } else { above[i / 3] * above[j / 3] };
                if i == j { 1.0 } else { own[i % 3] * own[j % 3] * phi }
            })
            .collect();
        let found = SchmidLeiman::of(&r, 9, 3).unwrap();
        let total: f64 = r.iter().sum();
        let general: f64 = (0..9).map(|i| own[i % 3] * above[i / 3]).sum();
        assert!((found.omega_hierarchical - general * general / total).abs() < 1e-5);
        let unique: f64 = own.iter().map(|l| 3.0 * (1.0 - l * l)).sum();
        assert!((found.omega_total - (1.0 - unique / total)).abs() < 1e-5);
        // Within a group the total share is common variance over all of it.
        let block: f64 = own.iter().sum::<f64>().powi(2) + unique / 3.0;
        for group in &found.omega_group[1..] {
            assert!((group.total - own.iter().sum::<f64>().powi(2) / block).abs() < 1e-4, "{group:?}");
        }
        assert!(SchmidLeiman::of(&r, 9, 2).is_none());
    }
}
