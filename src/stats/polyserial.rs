//! Polyserial correlation of a continuous and an ordinal answer.
//!
//! The ordinal answer is thought of as cut from a normal variable. Source of both estimators: Olsson, Drasgow &
//! Dorans (1982), doi:10.1007/BF02294164. Thresholds `τ` come from the margin of the ordinal answer.

use super::distribution::normal_cdf;
use super::{polychoric, root};

/// The pairs of answers: `z` the continuous one, `category` the ordinal one from 0, and case weights.
#[derive(Debug, Clone, Copy)]
pub struct Pairs<'a> {
    /// Continuous answers.
    pub x: &'a [f64],
    /// Categories, numbered from 0.
    pub category: &'a [usize],
    /// Case weights; all ones for plain answers.
    pub weight: &'a [f64],
    /// Number of categories.
    pub categories: usize,
}

impl Pairs<'_> {
    fn counts(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.categories];
        for (&c, w) in self.category.iter().zip(self.weight) {
            if let Some(count) = counts.get_mut(c) {
                *count += w;
            }
        }
        counts
    }

    /// Weighted mean and sum of squares about it.
    fn moments(&self, values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
        let total: f64 = self.weight.iter().sum();
        let mean = values.clone().zip(self.weight).map(|(x, w)| w * x).sum::<f64>() / total;
        (mean, values.zip(self.weight).map(|(x, w)| w * (x - mean).powi(2)).sum())
    }

    /// Pearson's correlation with the category numbers.
    fn pearson(&self) -> Option<f64> {
        let numbers = self.category.iter().map(|&c| c as f64);
        let (x_mean, xx) = self.moments(self.x.iter().copied());
        let (c_mean, cc) = self.moments(numbers.clone());
        let xc: f64 = self
            .x
            .iter()
            .zip(numbers)
            .zip(self.weight)
            .map(|((x, c), w)| w * (x - x_mean) * (c - c_mean))
            .sum();
        let r = xc / (xx * cc).sqrt();
        r.is_finite().then_some(r)
    }
}

/// Two-step maximum likelihood: with standardised `z` (n) and `τ` from the margin, the ρ that maximises
/// `Σ ln [Φ((τ_c − ρz)/√(1−ρ²)) − Φ((τ_{c−1} − ρz)/√(1−ρ²))]`. `None` without variance on either side or without a
/// maximum inside (−1, 1).
pub fn maximum_likelihood(pairs: Pairs<'_>) -> Option<f64> {
    let start = pairs.pearson()?;
    let (mean, sum) = pairs.moments(pairs.x.iter().copied());
    let sd = (sum / pairs.weight.iter().sum::<f64>()).sqrt();
    let inner = polychoric::thresholds(&pairs.counts())?;
    let cut = |at: usize| match at {
        0 => f64::NEG_INFINITY,
        at => inner.get(at - 1).copied().unwrap_or(f64::INFINITY),
    };
    let score = |rho: f64| -> f64 {
        let s = ((1.0 - rho) * (1.0 + rho)).sqrt();
        let part = |tau: f64, z: f64| {
            if tau.is_infinite() {
                return (tau, 0.0);
            }
            let t = (tau - rho * z) / s;
            (t, (-0.5 * t * t).exp() / (2.0 * std::f64::consts::PI).sqrt() * (tau * rho - z) / (s * s * s))
        };
        pairs
            .x
            .iter()
            .zip(pairs.category)
            .zip(pairs.weight)
            .filter(|(_, w)| **w > 0.0)
            .map(|((x, &c), w)| {
                let z = (x - mean) / sd;
                let ((high, up), (low, down)) = (part(cut(c + 1), z), part(cut(c), z));
                // Differences of the smaller tail keep their digits.
                let probability = if low > 0.0 {
                    normal_cdf(-low) - normal_cdf(-high)
                } else {
                    normal_cdf(high) - normal_cdf(low)
                };
                w * (up - down) / probability.max(1e-300)
            })
            .sum()
    };
    root::of_score(start, score)
}

/// The ad hoc estimator: `r √((n−1)/n) s_c / Σ φ(τ)` with Pearson's `r` and the standard deviation `s_c` (n − 1) of
/// the category numbers 1, 2, … It may leave [−1, 1].
pub fn ad_hoc(pairs: Pairs<'_>) -> Option<f64> {
    let r = pairs.pearson()?;
    let (_, sum) = pairs.moments(pairs.category.iter().map(|&c| c as f64));
    // √((n−1)/n) s is the standard deviation with divisor n.
    let sd = (sum / pairs.weight.iter().sum::<f64>()).sqrt();
    let heights: f64 = polychoric::thresholds(&pairs.counts())?
        .iter()
        .filter(|tau| tau.is_finite())
        .map(|tau| (-0.5 * tau * tau).exp() / (2.0 * std::f64::consts::PI).sqrt())
        .sum();
    let rho = r * sd / heights;
    rho.is_finite().then_some(rho)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::stats::distribution::normal_quantile;

    /// Normal quantiles on a grid: `x` and `y = ρx + √(1−ρ²)e`, the latter cut.
    fn grid(rho: f64) -> (Vec<f64>, Vec<usize>) {
        let at: Vec<f64> = (0..120).map(|i| normal_quantile((f64::from(i) + 0.5) / 120.0)).collect();
        let mut x = Vec::new();
        let mut c = Vec::new();
        for &a in &at {
            for &e in &at {
                let y = rho * a + (1.0 - rho * rho).sqrt() * e;
                x.push(3.0 + 2.0 * a);
                c.push([-0.8, 0.1, 1.2].iter().filter(|cut| y > **cut).count());
            }
        }
        (x, c)
    }

    #[test]
    fn normal_answers_give_back_their_correlation() {
        for rho in [-0.7, 0.0, 0.45, 0.9] {
            let (x, category) = grid(rho);
            let weight = vec![1.0; x.len()];
            let pairs = Pairs { x: &x, category: &category, weight: &weight, categories: 4 };
            assert!((maximum_likelihood(pairs).unwrap() - rho).abs() < 3e-3, "{rho}");
            assert!((ad_hoc(pairs).unwrap() - rho).abs() < 5e-3, "{rho}");
        }
    }

    #[test]
    fn whole_weights_are_repeated_cases() {
        let x = [1.0, 2.5, 2.0, 4.0, 3.5, 0.5];
        let c = [0, 1, 0, 2, 1, 1];
        let w = [1.0, 2.0, 1.0, 1.0, 2.0, 1.0];
        let weighted = Pairs { x: &x, category: &c, weight: &w, categories: 3 };
        let (x2, c2, w2) = ([1.0, 2.5, 2.5, 2.0, 4.0, 3.5, 3.5, 0.5], [0, 1, 1, 0, 2, 1, 1, 1], [1.0; 8]);
        let repeated = Pairs { x: &x2, category: &c2, weight: &w2, categories: 3 };
        for f in [maximum_likelihood, ad_hoc] {
            assert!((f(weighted).unwrap() - f(repeated).unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn constants_have_none() {
        let weight = [1.0; 3];
        let pairs = Pairs { x: &[1.0; 3], category: &[0, 1, 0], weight: &weight, categories: 2 };
        assert_eq!(maximum_likelihood(pairs), None);
        assert_eq!(ad_hoc(pairs), None);
        let pairs = Pairs { x: &[1.0, 2.0, 3.0], category: &[1; 3], weight: &weight, categories: 2 };
        assert_eq!(maximum_likelihood(pairs), None);
    }
}
