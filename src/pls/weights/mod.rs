//! Weights found otherwise than by the PLS iteration.
//!
//! Every algorithm is a function of the plan and the items' correlations, has a file of its own, and returns
//! [`Solved`]; scale and sign are then those of PLS weights, so that everything downstream is the same. Equal
//! weights and principal components need no file: they are modes of the PLS room with nothing to iterate.
//!
//! | word | weights | source |
//! |---|---|---|
//! | `gsca`, `gsca-m` | least squares of the whole model, without and with unique parts | Hwang & Takane (2004), doi:10.1007/BF02295841; Hwang, Takane & Jung (2017), doi:10.3389/fpsyg.2017.02137 |
//! | `sumcorr`, `maxvar`, `ssqcorr`, `minvar`, `genvar` | generalised canonical correlation: one objective on the correlations of all scores | Kettenring (1971), doi:10.1093/biomet/58.3.433 |
//! | `bartlett`, `regression` | factor scores of one common factor per block | Bartlett (1937); Thomson (1939) |
//!
//! Croon's (2002) correction, in [`Estimate::correct`], goes with equal weights, principal components and
//! factor scores of common factors.

mod canonical;
pub(super) mod factor;
mod genvar;
mod gsca;
mod gscam;
mod maxvar;
mod ssqcorr;
mod sumcorr;
mod triangular;

use super::estimate::{Estimate, Failure};
use super::plan::Plan;
use super::settings::Weighting;

/// What an algorithm finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Solved {
    /// Weights per item, of any length and sign.
    pub(super) weights: Vec<f64>,
    /// Loadings per item of a model of common factors; empty where there is none.
    pub(super) loadings: Vec<f64>,
    /// Iterations run.
    pub(super) iterations: usize,
    /// Last change.
    pub(super) change: f64,
    /// Whether it fell below the tolerance.
    pub(super) converged: bool,
}

impl Estimate {
    /// Weights by the plan's algorithm, scaled and oriented like those of PLS.
    pub(super) fn weigh_by(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        let solved = match plan.weighting {
            Weighting::Gsca => gsca::solve(plan, s)?,
            Weighting::GscaM => gscam::solve(plan, s)?,
            Weighting::Maxvar => maxvar::solve(plan, s, maxvar::End::Largest)?,
            Weighting::Minvar => maxvar::solve(plan, s, maxvar::End::Smallest)?,
            Weighting::Sumcorr => sumcorr::solve(plan, s)?,
            Weighting::Ssqcorr => ssqcorr::solve(plan, s)?,
            Weighting::Genvar => genvar::solve(plan, s)?,
            Weighting::Bartlett => factor::solve(plan, s, factor::Score::Bartlett)?,
            Weighting::Regression => factor::solve(plan, s, factor::Score::Regression)?,
            // These three never come here: the PLS room runs them itself.
            Weighting::PlsPm | Weighting::Unit | Weighting::Pca => {
                Solved { weights: plan.start.clone(), ..Solved::default() }
            }
        };
        self.weights = solved.weights;
        self.work.factor_loadings = solved.loadings;
        self.iterations = solved.iterations;
        self.change = solved.change;
        self.converged = solved.converged;
        self.inner_weights.fill(0.0);
        self.settle(plan, s)?;
        self.orient(plan);
        Ok(())
    }
}

/// The correlations of the items of block `j`, row-major.
pub(super) fn block_correlations(plan: &Plan, s: &[f64], j: usize) -> Vec<f64> {
    let block = &plan.blocks[j];
    let own = block.start..block.start + block.len;
    own.clone().flat_map(|a| own.clone().map(move |b| s[a * plan.items + b])).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use super::super::{Pls, Weighting};
    use super::*;
    use crate::Model;
    use crate::stats::linear;

    /// Numbers between -1 and 1 that look random.
    struct Noise(u64);

    impl Noise {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        }
    }

    const TEXT: &str = "A <~ a1 + a2 + a3\nB <~ b1 + b2\nC <~ c1 + c2 + c3\nB ~ A\nC ~ A + B";

    /// Correlations of eight items that share some noise.
    fn correlations(noise: &mut Noise) -> Vec<f64> {
        let p = 8;
        let mix: Vec<f64> = (0..p * (p + 3)).map(|_| noise.next()).collect();
        let row = |i: usize| &mix[i * (p + 3)..(i + 1) * (p + 3)];
        let dot =
            |a: usize, b: usize| row(a).iter().zip(row(b)).map(|(x, y)| (x + 0.4) * (y + 0.4)).sum::<f64>();
        (0..p * p)
            .map(|at| dot(at / p, at % p) / (dot(at / p, at / p) * dot(at % p, at % p)).sqrt())
            .collect()
    }

    fn plan(weighting: Weighting) -> Plan {
        let settings = Pls { weighting, tolerance: 1e-10, ..Pls::default() };
        Plan::new(&Arc::new(Model::parse(TEXT).unwrap()), &settings).unwrap()
    }

    fn scores(plan: &Plan, s: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut estimate = Estimate::default();
        let given = Plan { weighting: Weighting::PlsPm, ..plan.clone() };
        let blocks = given.blocks.iter().map(|block| {
            let mut block = block.clone();
            block.fixed = Some(weights[block.start..block.start + block.len].to_vec());
            block
        });
        let given = Plan { blocks: blocks.collect(), ..given.clone() };
        estimate.weigh(&given, s).unwrap();
        estimate.proxy_correlations
    }

    fn objective(weighting: Weighting, c: &[f64]) -> f64 {
        let (values, _) = linear::symmetric_eigen(c, 3);
        match weighting {
            Weighting::Sumcorr => c.iter().sum(),
            Weighting::Ssqcorr => c.iter().map(|r| r * r).sum(),
            Weighting::Maxvar => values[0],
            Weighting::Minvar => -values[2],
            _ => -values.iter().product::<f64>(),
        }
    }

    #[test]
    fn canonical_objectives_at_their_optimum_beat_random_and_perturbed_weights() {
        let mut noise = Noise(7);
        for weighting in
            [Weighting::Sumcorr, Weighting::Ssqcorr, Weighting::Maxvar, Weighting::Minvar, Weighting::Genvar]
        {
            let plan = plan(weighting);
            for _ in 0..8 {
                let s = correlations(&mut noise);
                let mut estimate = Estimate::default();
                // The objective needs the signs of the optimum, not those of a rule.
                let free = Plan { sign: crate::pls::SignRule::None, ..plan.clone() };
                estimate.weigh(&free, &s).unwrap();
                assert!(estimate.converged, "{weighting}");
                let best = objective(weighting, &estimate.proxy_correlations);
                for round in 0..200 {
                    let weights: Vec<f64> = estimate
                        .weights
                        .iter()
                        .map(|w| if round % 2 == 0 { noise.next() } else { w + 0.05 * noise.next() })
                        .collect();
                    let c = scores(&free, &s, &weights);
                    assert!(objective(weighting, &c) <= best + 1e-9, "{weighting}");
                }
            }
        }
    }

    #[test]
    fn two_sets_are_a_canonical_correlation_whatever_the_objective() {
        let text = "A <~ a1 + a2 + a3\nB <~ b1 + b2\nB ~ A";
        let mut noise = Noise(3);
        let s: Vec<f64> = {
            let all = correlations(&mut noise);
            (0..25).map(|at| all[(at / 5) * 8 + at % 5]).collect()
        };
        let correlation = |weighting| {
            let settings = Pls { weighting, tolerance: 1e-12, ..Pls::default() };
            let plan = Plan::new(&Arc::new(Model::parse(text).unwrap()), &settings).unwrap();
            let mut estimate = Estimate::default();
            estimate.run(&plan, &s).unwrap();
            estimate.proxy_correlations[1].abs()
        };
        let first = correlation(Weighting::Maxvar);
        for other in [Weighting::Sumcorr, Weighting::Ssqcorr, Weighting::Minvar, Weighting::Genvar] {
            assert!((correlation(other) - first).abs() < 1e-8, "{other}");
        }
    }

    #[test]
    fn every_weighting_gives_scores_of_variance_one_or_says_why_not() {
        let s = correlations(&mut Noise(11));
        for &weighting in Weighting::ALL {
            let settings = Pls { weighting, ..Pls::default() };
            let text = TEXT.replace("<~", "=~");
            let plan = Plan::new(&Arc::new(Model::parse(&text).unwrap()), &settings).unwrap();
            let mut estimate = Estimate::default();
            match estimate.run(&plan, &s) {
                Ok(()) => {
                    for block in &plan.blocks {
                        let own = block.start..block.start + block.len;
                        let variance: f64 = own
                            .clone()
                            .flat_map(|a| own.clone().map(move |b| (a, b)))
                            .map(|(a, b)| estimate.weights[a] * estimate.weights[b] * s[a * 8 + b])
                            .sum();
                        assert!((variance - 1.0).abs() < 1e-9, "{weighting}");
                    }
                }
                Err(failure) => assert!(
                    matches!(failure, Failure::NoReliability(_) | Failure::NoVariance(_)),
                    "{weighting} {failure:?}"
                ),
            }
            // Collinear items never make a panic or a number that is none.
            let ones = vec![1.0; 64];
            if estimate.run(&plan, &ones).is_ok() {
                assert!(estimate.weights.iter().all(|w| w.is_finite()), "{weighting}");
            }
        }
    }
}
