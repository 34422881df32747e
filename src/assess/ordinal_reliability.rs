//! Reliability of scales of ordinal items.
//!
//! Ordinal answers are thought of as cut from normal variables at thresholds `τ`. One factor per reflective construct, all
//! factors correlated, is fitted to the polychoric correlations `R` by diagonally weighted least squares (the point
//! estimates of WLSMV; Muthén, du Toit & Spisic 1997), weights being the inverses of their asymptotic variances. With the
//! standardised loadings `λ` of a construct's items:
//!
//! * **categorical omega** (Green & Yang 2009, doi:10.1007/s11336-008-9099-3), the reliability of the sum of the *answers*:
//!
//! ```text
//! ω = Σᵢⱼ c(λᵢλⱼ; i, j) / Σᵢⱼ c(rᵢⱼ; i, j),   c(ρ; i, j) = Σₐ Σ_b dᵢₐ dⱼ_b [Φ₂(τᵢₐ, τⱼ_b; ρ) − Φ(τᵢₐ) Φ(τⱼ_b)],
//! ```
//!
//!   where `c(ρ)` is the covariance of two answers whose normal variables correlate by `ρ`, `rᵢᵢ = 1`, and `d` is the step
//!   from one category to the next, 1 for categories 1, 2, 3, …;
//! * **latent omega** `(Σλ)² / ΣR`, the reliability of a sum of the normal variables, which nobody observes;
//! * **ordinal alpha** `k/(k − 1) (1 − k/ΣR)` (Zumbo, Gadermann & Zeisser 2007), likewise of the normal variables
//!   (Chalmers 2018, doi:10.1177/0013164417727036, on why it should not be read as the reliability of a scale);
//! * **AVE** `Σλ² / k`.
//!
//! Denominators take the observed polychoric correlations, as semTools does. Cases with an answer to every item of these
//! constructs are used; case weights count as numbers of cases.

use serde::Serialize;

use super::omega::complete_cases;
use crate::model::{Kind, Nature, Scale};
use crate::moments::{Correlation, ordinal_items};
use crate::pls::PlsFit;
use crate::stats::bivariate_normal::cdf;
use crate::stats::confirmatory::simple_structure;
use crate::stats::distribution::normal_cdf;
use crate::stats::polychoric::{correlation, thresholds};
use crate::stats::polychoric_variance::asymptotic_variance;

/// Reliability of one construct's ordinal items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrdinalScale {
    /// The construct.
    pub construct: String,
    /// Number of its items.
    pub items: usize,
    /// Green and Yang's categorical omega.
    pub omega_categorical: Option<f64>,
    /// Omega of the normal variables behind the answers.
    pub omega_latent: Option<f64>,
    /// Alpha of the normal variables.
    pub alpha_ordinal: Option<f64>,
    /// Average variance extracted from the normal variables.
    pub ave_ordinal: Option<f64>,
    /// Why something is missing; empty if nothing is.
    pub reason: &'static str,
}

/// Reliability of all constructs with ordinal items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrdinalReliability {
    /// Cases behind it.
    pub n: usize,
    /// Per construct, in the model's order.
    pub constructs: Vec<OrdinalScale>,
}

/// Whether the model declares items to be ordinal, or is estimated as if they were: then their reliability is a question.
pub fn speaks_of_ordinal_items(fit: &PlsFit) -> bool {
    let declared = fit.written().indicators().iter().any(|item| item.scale == Some(Scale::Ordinal));
    declared || fit.settings.correlation == Correlation::Polychoric
}

/// The items of the factor model, with what their answers say.
struct Items {
    thresholds: Vec<Vec<f64>>,
    /// From each category to the next.
    steps: Vec<Vec<f64>>,
    /// Polychoric correlations; NaN where there is none.
    r: Vec<f64>,
    /// Inverse asymptotic variances; 0 where there is none.
    weight: Vec<f64>,
}

impl Items {
    fn of(columns: &[Vec<f64>], weights: &[f64]) -> Self {
        let p = columns.len();
        let coded: Vec<(Vec<f64>, Vec<usize>)> = columns.iter().map(|column| code(column)).collect();
        let mut items = Self {
            thresholds: Vec::with_capacity(p),
            steps: Vec::with_capacity(p),
            r: vec![1.0; p * p],
            weight: vec![0.0; p * p],
        };
        for (values, category) in &coded {
            let mut counts = vec![0.0; values.len()];
            for (&c, w) in category.iter().zip(weights) {
                counts[c] += w;
            }
            items.thresholds.push(thresholds(&counts).unwrap_or_default());
            items.steps.push(values.windows(2).map(|pair| pair[1] - pair[0]).collect());
        }
        for i in 0..p {
            for j in 0..i {
                let (rows, columns) = (coded[i].0.len(), coded[j].0.len());
                let mut table = vec![0.0; rows * columns];
                for ((&a, &b), w) in coded[i].1.iter().zip(&coded[j].1).zip(weights) {
                    table[a * columns + b] += w;
                }
                let rho = correlation(&table, columns);
                let variance = rho.and_then(|rho| asymptotic_variance(&table, columns, rho));
                for at in [i * p + j, j * p + i] {
                    items.r[at] = rho.unwrap_or(f64::NAN);
                    items.weight[at] = variance.map_or(0.0, |variance| 1.0 / variance);
                }
            }
        }
        items
    }

    /// Covariance of two answers whose normal variables correlate by `rho`.
    fn covariance(&self, i: usize, j: usize, rho: f64) -> f64 {
        let mut sum = 0.0;
        for (&h, by_h) in self.thresholds[i].iter().zip(&self.steps[i]) {
            for (&k, by_k) in self.thresholds[j].iter().zip(&self.steps[j]) {
                sum += by_h * by_k * (cdf(h, k, rho) - normal_cdf(h) * normal_cdf(k));
            }
        }
        sum
    }

    /// Green and Yang's omega of some of the items; `None` if a loading beyond 1.
    fn categorical_omega(&self, own: &[usize], loadings: &[f64]) -> Option<f64> {
        let p = self.thresholds.len();
        if own.iter().any(|&i| loadings[i].abs() > 1.0) {
            return None;
        }
        let (mut common, mut total) = (0.0, 0.0);
        for &i in own {
            for &j in own {
                common += self.covariance(i, j, loadings[i] * loadings[j]);
                total += self.covariance(i, j, self.r[i * p + j]);
            }
        }
        Some(common / total).filter(|omega| omega.is_finite() && total > 0.0)
    }
}

/// The different answers in ascending order, and which of them each case gave.
fn code(column: &[f64]) -> (Vec<f64>, Vec<usize>) {
    let mut values = column.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let category = column.iter().map(|x| values.partition_point(|value| value < x)).collect();
    (values, category)
}

/// Reliability of the constructs with ordinal items: those the model declares so, or, if it declares nothing, whole numbers
/// of at most ten different values.
pub fn ordinal_reliability(fit: &PlsFit) -> OrdinalReliability {
    let model = fit.written();
    let sample = fit.answers();
    let measured = model.constructs().iter().filter(|construct| construct.nature == Nature::Measured);
    let ordinal = sample.map_or_else(Vec::new, |sample| ordinal_items(model, sample));
    let mut constructs = Vec::new();
    // Positions, among the columns, of the items of the constructs that have factors.
    let mut blocks: Vec<(usize, Vec<usize>)> = Vec::new();
    for construct in measured {
        let names: Vec<&str> =
            construct.indicators.iter().map(|id| model.indicator(*id).name.as_str()).collect();
        let place = |name: &&str| sample?.items.iter().position(|item| item == name);
        let at: Option<Vec<usize>> = names.iter().map(place).collect();
        let reason = match &at {
            None => "needs the answers",
            _ if names.len() == 1 => "single item",
            _ if construct.kind == Kind::Composite => "a composite",
            Some(at) if at.iter().any(|&i| !ordinal.get(i).copied().unwrap_or(false)) => {
                "an item is not ordinal"
            }
            Some(at) => {
                blocks.push((constructs.len(), at.clone()));
                ""
            }
        };
        constructs.push(OrdinalScale {
            construct: construct.name.clone(),
            items: names.len(),
            omega_categorical: None,
            omega_latent: None,
            alpha_ordinal: None,
            ave_ordinal: None,
            reason,
        });
    }
    let mut found = OrdinalReliability { n: 0, constructs };
    let Some(sample) = sample else { return found };
    let which: Vec<usize> = blocks.iter().flat_map(|(_, items)| items.iter().copied()).collect();
    let ones = vec![1.0; sample.cases()];
    let mut columns: Vec<&[f64]> =
        which.iter().filter_map(|&i| Some(sample.columns.get(i)?.as_slice())).collect();
    columns.push(sample.weights.as_deref().unwrap_or(&ones));
    let mut complete = complete_cases(&columns);
    let weights = complete.pop().unwrap_or_default();
    found.n = if blocks.is_empty() { 0 } else { weights.len() };
    let items = Items::of(&complete, &weights);
    let mut start = 0;
    let ranges: Vec<(usize, Vec<usize>)> = blocks
        .into_iter()
        .map(|(construct, own)| {
            start += own.len();
            (construct, (start - own.len()..start).collect())
        })
        .collect();
    fill(&mut found.constructs, &items, &ranges);
    found
}

/// What follows from the correlations, and from one factor model of all constructs whose correlations exist.
fn fill(constructs: &mut [OrdinalScale], items: &Items, blocks: &[(usize, Vec<usize>)]) {
    let p = items.thresholds.len();
    let mut sound: Vec<&(usize, Vec<usize>)> = Vec::new();
    for block in blocks {
        let (at, own) = block;
        let scale = &mut constructs[*at];
        let sum: f64 = own.iter().flat_map(|&i| own.iter().map(move |&j| items.r[i * p + j])).sum();
        if own.iter().any(|&i| items.thresholds[i].is_empty()) {
            scale.reason = "an item does not vary";
        } else if sum.is_nan() {
            scale.reason = "no polychoric correlation";
        } else if sum <= 0.0 {
            scale.reason = "items cancel out";
        } else {
            let k = own.len() as f64;
            scale.alpha_ordinal = Some(k / (k - 1.0) * (1.0 - k / sum));
            sound.push(block);
        }
    }
    let which: Vec<usize> = sound.iter().flat_map(|(_, own)| own.iter().copied()).collect();
    let factor: Vec<usize> =
        sound.iter().enumerate().flat_map(|(f, (_, own))| own.iter().map(move |_| f)).collect();
    let part = |of: &[f64]| -> Vec<f64> {
        which.iter().flat_map(|&i| which.iter().map(move |&j| (i, j))).map(|(i, j)| of[i * p + j]).collect()
    };
    let model = simple_structure(&part(&items.r), &part(&items.weight), &factor);
    let mut loadings = vec![0.0; p];
    if let Some(model) = &model {
        for (&i, l) in which.iter().zip(&model.loadings) {
            loadings[i] = *l;
        }
    }
    for (at, own) in sound {
        let scale = &mut constructs[*at];
        if model.is_none() {
            scale.reason =
                if blocks.len() == 1 && own.len() == 2 { "two items alone" } else { "no factor solution" };
            continue;
        }
        let sum: f64 = own.iter().flat_map(|&i| own.iter().map(move |&j| items.r[i * p + j])).sum();
        scale.ave_ordinal = Some(own.iter().map(|&i| loadings[i].powi(2)).sum::<f64>() / own.len() as f64);
        scale.omega_latent = Some(own.iter().map(|&i| loadings[i]).sum::<f64>().powi(2) / sum);
        scale.omega_categorical = items.categorical_omega(own, &loadings);
        if scale.omega_categorical.is_none() {
            scale.reason = "a loading beyond 1";
            (scale.ave_ordinal, scale.omega_latent) = (None, None);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::survey::Sample;
    use crate::{Model, Pls};

    /// Made-up answers of 1 to 5 to nine items that follow three related wishes.
    fn columns(cases: usize) -> Vec<Vec<f64>> {
        let mut state = 11_u64;
        let mut u = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        let mut columns = vec![Vec::new(); 9];
        for _ in 0..cases {
            let a = u() + u() - 1.0;
            let b = 0.6 * a + 0.5 * (u() + u() - 1.0);
            let c = 0.6 * b + 0.5 * (u() + u() - 1.0);
            for (at, base) in [a, a, a, b, b, b, c, c, c].into_iter().enumerate() {
                let x = base + 0.5 * (u() + u() - 1.0);
                columns[at].push((3.0 + 2.2 * x).round().clamp(1.0, 5.0));
            }
        }
        columns
    }

    const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nB ~ A\nC ~ B";

    fn fit(model: &str, columns: &[Vec<f64>]) -> PlsFit {
        let names = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"].map(str::to_owned).to_vec();
        let model = Model::parse(model).unwrap();
        let used: Vec<usize> = (0..9).filter(|&i| model.indicator_names().contains(&names[i])).collect();
        let items: Vec<String> = used.iter().map(|&i| names[i].clone()).collect();
        let sample = Sample::from_columns(items, used.iter().map(|&i| columns[i].clone()).collect()).unwrap();
        Pls::default().fit_sample(&model, sample).unwrap()
    }

    #[test]
    fn the_covariance_of_answers_is_that_of_their_normal_variables() {
        // The same two answers: their covariance at the correlation 1 is the variance of an answer.
        let column: Vec<f64> = (0..40).map(|i| [1.0, 1.0, 2.0, 4.0, 4.0, 4.0, 5.0, 5.0][i % 8]).collect();
        let items = Items::of(&[column.clone(), column.iter().rev().copied().collect()], &[1.0; 40]);
        let mean = column.iter().sum::<f64>() / 40.0;
        let variance = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 40.0;
        assert!((items.covariance(0, 0, 1.0) - variance).abs() < 1e-12);
        assert!(items.covariance(0, 1, 0.0).abs() < 1e-15);
        assert!((items.covariance(0, 1, 0.4) - items.covariance(1, 0, 0.4)).abs() < 1e-15);
    }

    #[test]
    fn a_sum_of_answers_is_less_reliable_than_one_of_their_normal_variables() {
        let found = ordinal_reliability(&fit(MODEL, &columns(400)));
        assert_eq!(found.n, 400);
        for scale in &found.constructs {
            let (c, l) = (scale.omega_categorical.unwrap(), scale.omega_latent.unwrap());
            assert!(0.5 < c && c < l && l < 1.0, "{scale:?}");
            assert!(
                scale.alpha_ordinal.unwrap() < l + 0.02
                    && scale.ave_ordinal.unwrap() > 0.3
                    && scale.reason.is_empty()
            );
        }
    }

    #[test]
    fn whole_weights_are_repeated_cases() {
        let columns = columns(150);
        let mut repeated = columns.clone();
        for column in &mut repeated {
            let first: Vec<f64> = column[..50].to_vec();
            column.extend(first);
        }
        let mut weighted = fit(MODEL, &columns);
        let mut sample = (**weighted.sample.as_ref().unwrap()).clone();
        sample.weights = Some((0..150).map(|i| if i < 50 { 2.0 } else { 1.0 }).collect());
        weighted.sample = Some(std::sync::Arc::new(sample));
        let (a, b) = (ordinal_reliability(&weighted), ordinal_reliability(&fit(MODEL, &repeated)));
        for (a, b) in a.constructs.iter().zip(&b.constructs) {
            assert!((a.omega_categorical.unwrap() - b.omega_categorical.unwrap()).abs() < 1e-9);
        }
    }

    #[test]
    fn what_does_not_apply_says_why() {
        let reasons = |model: &str, columns: &[Vec<f64>]| -> Vec<&'static str> {
            ordinal_reliability(&fit(model, columns)).constructs.iter().map(|scale| scale.reason).collect()
        };
        let model = "A =~ a1 + a2\nB <~ b1 + b2\nC =~ c1\nB ~ A\nC ~ B";
        assert_eq!(reasons(model, &columns(200)), ["two items alone", "a composite", "single item"]);
        let declared = format!("{MODEL}\n#@ ordinal a1 a2 a3 b1 b2");
        let found = ordinal_reliability(&fit(&declared, &columns(200)));
        assert_eq!(found.constructs[1].reason, "an item is not ordinal");
        assert!(found.constructs[0].omega_categorical.is_some());
        // Two items that follow each other without exception.
        let mut same = columns(200);
        same[1] = same[0].iter().map(|x| x * x).collect();
        assert_eq!(reasons(MODEL, &same)[0], "no polychoric correlation");
        let mut negative = columns(200);
        negative[1] =
            negative[0].iter().enumerate().map(|(i, x)| if i < 4 { 3.0 } else { 6.0 - x }).collect();
        let model = "A =~ a1 + a2\nB =~ b1 + b2 + b3\nB ~ A";
        let found = ordinal_reliability(&fit(model, &negative)).constructs;
        assert!(found[0].omega_categorical.is_none_or(|omega| omega < 0.3), "{found:?}");
        let moments = fit(MODEL, &columns(200)).moments;
        let table = Pls::default().fit_moments(&Model::parse(MODEL).unwrap(), (*moments).clone()).unwrap();
        assert!(
            ordinal_reliability(&table).constructs.iter().all(|scale| scale.reason == "needs the answers")
        );
    }
}
