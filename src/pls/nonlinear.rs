//! Consistent nonlinear PLS by moments (Dijkstra & Schermelleh-Engel 2014, doi:10.1007/s11336-013-9370-0).
//!
//! A score is `h = Q η + ε`, `Q²` its reliability, `ε` independent of everything else and normal with variance
//! `1 − Q²`. Then products of Hermite polynomials of the scores are unbiased for products of the constructs:
//! `E Π η_j^{a_j} = E Π He_{a_j}(h_j; 1 − Q_j²) / Q_j^{a_j}`, `He_2 = h² − σ²`, `He_3 = h³ − 3σ²h`, `He_4 = h⁴ − 6σ²h² +
//! 3σ⁴`, … This gives the covariances of all terms (constructs, products, squares, cubes) at once, for instance
//! `var(η²) = (m_4 − 3(1 − Q⁴))/Q⁴ − 1`; each equation is least squares on them. Composites have `Q = 1`, for which the
//! covariances are plain central moments. Variances of single constructs are 1 by definition.
//!
//! Under **normality** of the constructs the covariances among predictors follow from their correlations (Isserlis 1918).
//! **Replacing** goes further: an outcome inside a product is written as the polynomial of exogenous constructs and
//! disturbances that its equation makes it.

use super::columns::Columns;
use super::estimate::{Estimate, Failure};
use super::plan::{Equation, Plan};
use super::polynomial::{Gaussian, Polynomial};
use super::settings::Divisor;
use super::stages::{CompiledStage, StageResult, Stages};
use crate::stats::linear;

/// What is assumed, and what sums of products are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) divisor: Divisor,
    pub(super) normal: bool,
}

/// Powers of constructs, by construct.
type Monomial = Vec<(usize, u32)>;

/// Sample moments of scores, each found once.
struct Moments<'a> {
    scores: Vec<Vec<f64>>,
    /// Reliability roots.
    q: Vec<f64>,
    columns: &'a Columns,
    divisor: f64,
    known: Vec<(Monomial, f64)>,
}

impl Moments<'_> {
    /// `m(h^a …)`: 1 for the square of one construct, 0 for a construct alone.
    fn raw(&mut self, monomial: &Monomial) -> f64 {
        match monomial.as_slice() {
            [] | [(_, 2)] => return 1.0,
            [(_, 1)] => return 0.0,
            _ => {}
        }
        if let Some((_, value)) = self.known.iter().find(|(known, _)| known == monomial) {
            return *value;
        }
        let powers: Vec<(&[f64], u32)> =
            monomial.iter().map(|&(j, power)| (self.scores[j].as_slice(), power)).collect();
        let value = self.columns.power_sum(&powers) / self.divisor;
        self.known.push((monomial.clone(), value));
        value
    }

    /// `E Π η^a`, by Hermite polynomials.
    fn corrected(&mut self, monomial: &Monomial) -> f64 {
        let mut terms: Vec<(Monomial, f64)> = vec![(Vec::new(), 1.0)];
        for &(j, power) in monomial {
            let q = self.q[j];
            let mut next = Vec::new();
            for (lower, coefficient) in hermite(power, 1.0 - q * q) {
                for (monomial, factor) in &terms {
                    let mut monomial = monomial.clone();
                    if lower > 0 {
                        monomial.push((j, lower));
                    }
                    next.push((monomial, factor * coefficient / q.powi(i32::try_from(power).unwrap_or(1))));
                }
            }
            terms = next;
        }
        // A coefficient of 0 leaves nothing to look up: composites have no error.
        terms.iter().filter(|(_, c)| *c != 0.0).map(|(monomial, c)| c * self.raw(monomial)).sum()
    }

    /// Covariance of two terms, each a list of constructs.
    fn covariance(&mut self, one: &[usize], other: &[usize]) -> f64 {
        if one == other && one.len() == 1 {
            return 1.0;
        }
        let both = self.corrected(&powers(one.iter().chain(other)));
        let mut mean = |term: &[usize]| if term.len() == 1 { 0.0 } else { self.corrected(&powers(term)) };
        both - mean(one) * mean(other)
    }
}

/// The powers of a list of constructs, ascending.
fn powers<'a>(list: impl IntoIterator<Item = &'a usize>) -> Monomial {
    let mut sorted: Vec<usize> = list.into_iter().copied().collect();
    sorted.sort_unstable();
    let mut monomial: Monomial = Vec::new();
    for j in sorted {
        match monomial.last_mut() {
            Some((last, power)) if *last == j => *power += 1,
            _ => monomial.push((j, 1)),
        }
    }
    monomial
}

/// Powers and coefficients of the Hermite polynomial of a degree with variance `v`: `He_{n+1} = x He_n − n v He_{n−1}`.
fn hermite(degree: u32, v: f64) -> Vec<(u32, f64)> {
    let size = degree as usize + 1;
    let (mut before, mut now) = (vec![0.0; size + 1], vec![0.0; size + 1]);
    now[0] = 1.0;
    for n in 0..degree as usize {
        let next = (0..=size).map(|at| {
            let shifted = if at > 0 { now[at - 1] } else { 0.0 };
            shifted - n as f64 * v * before[at]
        });
        let next = next.collect();
        before = std::mem::replace(&mut now, next);
    }
    (0..).zip(now).filter(|(_, c)| *c != 0.0).collect()
}

/// The stage with products, from the stage without.
pub(super) fn estimate(
    stages: &Stages,
    stage: &CompiledStage,
    linear: &StageResult,
    columns: &Columns,
    replace: bool,
    result: &mut StageResult,
) -> Result<(), Failure> {
    let plan = &stage.plan;
    let before = &stages.stages[stages.stages.len().saturating_sub(2)].plan;
    let (k, singles) = (plan.constructs(), before.constructs());
    carry(plan, before, linear, result)?;
    let mut moments = Moments {
        scores: (0..singles).map(|j| columns.combine(&linear.score_form(before, j))).collect(),
        q: linear.estimate.reliability_roots.clone(),
        divisor: match stages.moments.divisor {
            Divisor::SampleSize1 => columns.total - 1.0,
            Divisor::SampleSize => columns.total,
        },
        columns,
        known: Vec::new(),
    };
    let terms: Vec<Vec<usize>> = stage
        .factors
        .iter()
        .enumerate()
        .map(|(j, factors)| if factors.is_empty() { vec![j] } else { factors.clone() })
        .collect();
    let mut m = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..=a {
            m[a * k + b] = moments.covariance(&terms[a], &terms[b]);
            m[b * k + a] = m[a * k + b];
        }
    }
    if stages.moments.normal || replace {
        normal(plan, &terms, &mut m);
    }
    // A product whose variance is not positive cannot be.
    for j in 0..k {
        let variance = m[j * k + j];
        if variance.is_nan() || variance <= 0.0 {
            return Err(Failure::NoVariance(j));
        }
        result.scales[j] = variance.sqrt();
    }
    let estimate = &mut result.estimate;
    estimate.paths.clear();
    estimate.paths.resize(plan.paths, 0.0);
    estimate.r_squared.clear();
    let mut replaced = replace.then(|| Replaced::new(plan, &m, k));
    for equation in &plan.equations {
        let own = replaced.as_ref().and_then(|known| known.covariances(&terms, equation));
        let x = &equation.predictors;
        let mut matrix = own.unwrap_or_else(|| {
            x.iter().flat_map(|&a| x.iter().map(move |&b| (a, b))).map(|(a, b)| m[a * k + b]).collect()
        });
        let y: Vec<f64> = x.iter().map(|&x| m[x * k + equation.outcome]).collect();
        let mut b = y.clone();
        if !linear::eliminate(&mut matrix, x.len(), &mut b) {
            return Err(Failure::CollinearPredictors(equation.outcome));
        }
        let r_squared: f64 = b.iter().zip(&y).map(|(b, y)| b * y).sum();
        equation.paths.iter().zip(&b).for_each(|(&path, b)| estimate.paths[path] = *b);
        estimate.r_squared.push(r_squared);
        if let Some(known) = &mut replaced {
            known.add(&terms, equation, &b, r_squared);
        }
    }
    let scale = |a: usize, b: usize| result.scales[a] * result.scales[b];
    estimate.construct_correlations =
        (0..k * k).map(|at| if at / k == at % k { 1.0 } else { m[at] / scale(at / k, at % k) }).collect();
    if stages.product_scale == super::settings::ProductScale::Standardized {
        for equation in &plan.equations {
            for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
                estimate.paths[path] *= result.scales[x];
            }
        }
        result.scales.fill(1.0);
    }
    Ok(())
}

/// Weights, loadings and correction of the stage before; a product's score is its standardised item.
fn carry(plan: &Plan, before: &Plan, linear: &StageResult, result: &mut StageResult) -> Result<(), Failure> {
    let old = &linear.estimate;
    let extra = plan.items - before.items;
    let lengthened = |values: &[f64]| [values, &vec![1.0; extra]].concat();
    let mut estimate = Estimate {
        weights: lengthened(&old.weights),
        iterations: old.iterations,
        change: old.change,
        converged: old.converged,
        ..Estimate::default()
    };
    estimate.settle(plan, &result.correlation)?;
    estimate.loadings = lengthened(&old.loadings);
    estimate.reliability_roots =
        [old.reliability_roots.as_slice(), &vec![1.0; plan.constructs() - before.constructs()]].concat();
    let (k, small) = (plan.constructs(), before.constructs());
    for i in 0..small {
        for j in 0..small {
            estimate.inner_weights[i * k + j] = old.inner_weights[i * small + j];
        }
    }
    result.estimate = estimate;
    result.score_weights = linear.score_weights.as_deref().map(lengthened);
    Ok(())
}

/// Covariances among predictors under normality; those of outcomes with the products in their equation stay.
fn normal(plan: &Plan, terms: &[Vec<usize>], m: &mut [f64]) {
    let k = terms.len();
    let gaussian = Gaussian::new((0..k * k).map(|at| m[at]).collect(), k);
    let predicts = |product: usize, y: usize| plan.predecessors[y].contains(&product);
    for a in 0..k {
        for b in 0..=a {
            let single = terms[a].len() == 1 && terms[b].len() == 1;
            if single || predicts(a, b) || predicts(b, a) {
                continue;
            }
            let (x, y) = (Polynomial::product(&terms[a]), Polynomial::product(&terms[b]));
            m[a * k + b] = gaussian.covariance(&x, &y);
            m[b * k + a] = m[a * k + b];
        }
    }
}

/// Constructs as polynomials of exogenous constructs and disturbances, as far as equations are known.
struct Replaced {
    polynomials: Vec<Polynomial>,
    gaussian: Gaussian,
}

impl Replaced {
    /// Variables are the exogenous constructs, and the disturbance of every outcome in its place.
    fn new(plan: &Plan, m: &[f64], k: usize) -> Self {
        let outcome = |j: usize| plan.equations.iter().any(|equation| equation.outcome == j);
        let covariance = (0..k * k)
            .map(|at| {
                let (a, b) = (at / k, at % k);
                let apart = a != b && (outcome(a) || outcome(b));
                if apart { 0.0 } else { m[at] }
            })
            .collect();
        Self {
            polynomials: (0..k).map(|j| Polynomial::product(&[j])).collect(),
            gaussian: Gaussian::new(covariance, k),
        }
    }

    fn term(&self, term: &[usize]) -> Polynomial {
        let mut product = Polynomial::one();
        for &j in term {
            product = product.times(&self.polynomials[j]);
        }
        product
    }

    /// Covariances of the predictors of an equation.
    fn covariances(&self, terms: &[Vec<usize>], equation: &Equation) -> Option<Vec<f64>> {
        let list: Vec<Polynomial> = equation.predictors.iter().map(|&x| self.term(&terms[x])).collect();
        let all = list.iter().flat_map(|a| list.iter().map(move |b| self.gaussian.covariance(a, b)));
        let all: Vec<f64> = all.collect();
        all.iter().all(|c| c.is_finite()).then_some(all)
    }

    /// Takes in an equation that has been solved.
    fn add(&mut self, terms: &[Vec<usize>], equation: &Equation, b: &[f64], r_squared: f64) {
        let y = equation.outcome;
        let mut sum = Polynomial::product(&[y]);
        for (&x, b) in equation.predictors.iter().zip(b) {
            let mut term = self.term(&terms[x]);
            if terms[x].len() > 1 {
                let mean = self.gaussian.mean(&term);
                term.add(&Polynomial::one(), -mean);
            }
            sum.add(&term, *b);
        }
        self.gaussian.set_variance(y, (1.0 - r_squared).max(0.0));
        self.polynomials[y] = sum;
    }
}

/// Paths of unstandardised items to their units; those of products are in theirs already.
pub(super) fn to_units(plan: &Plan, raw: &[(usize, usize)], result: &mut StageResult) {
    let scale = |j: usize| if raw.iter().any(|(at, _)| *at == j) { result.scales[j] } else { 1.0 };
    for equation in &plan.equations {
        for (&x, &path) in equation.predictors.iter().zip(&equation.paths) {
            let factor = scale(equation.outcome) / scale(x);
            result.estimate.paths[path] *= factor;
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small whole numbers")]
mod tests {
    use super::*;

    #[test]
    fn hermite_polynomials() {
        assert_eq!(hermite(2, 0.5), [(0, -0.5), (2, 1.0)]);
        assert_eq!(hermite(3, 0.5), [(1, -1.5), (3, 1.0)]);
        assert_eq!(hermite(4, 0.5), [(0, 0.75), (2, -3.0), (4, 1.0)]);
        assert_eq!(hermite(3, 0.0), [(3, 1.0)]);
        assert_eq!(powers(&[2, 0, 2]), [(0, 1), (2, 2)]);
    }
}
