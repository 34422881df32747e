//! The structural model: least squares on construct correlations, and what follows along the paths.
//!
//! With instruments z for an equation `y = x'b + ζ`, two stages (Theil 1953; Basmann 1957): the predictors are replaced by
//! what the instruments explain of them, `A = P_zz⁻¹ P_zx`, and `b = (A'P_zz A)⁻¹ A'P_zy`. R² has no meaning then and is
//! NaN.

#![allow(
    clippy::inline_always,
    reason = "lane code must end up inside the function that names its instructions"
)]

use super::estimate::{Estimate, Estimates, Failure, Scope};
use super::plan::{Equation, Plan};
use crate::stats::linear;
use crate::stats::real::{Mask, Real};

impl Estimate {
    /// Path coefficients and R² of every equation.
    ///
    /// # Errors
    /// [`Failure::CollinearPredictors`] where the predictors of an equation are collinear.
    pub fn regress(&mut self, plan: &Plan) -> Result<(), Failure> {
        self.equations(plan);
        self.outcome()
    }

    /// Everything: weights, correction, paths.
    ///
    /// # Errors
    /// As the three steps; [`Failure::NotConverged`] never (see [`Estimate::converged`](Estimates::converged)).
    pub fn run(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        self.weigh(plan, s)?;
        self.correct(plan, s)?;
        self.regress(plan)
    }

    /// Everything that follows from the weights as they stand: scaled, but neither iterated nor oriented.
    ///
    /// # Errors
    /// As [`Estimate::run`].
    pub(crate) fn follow(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        self.settle(plan, s)?;
        self.correct(plan, s)?;
        self.regress(plan)
    }
}

impl<R: Real> Estimates<R> {
    /// Everything, for a plan whose weights come from the PLS iteration ([`Plan::iterates`]). Gives the lanes that have an
    /// estimate; [`Estimates::failure`] tells why the others have none.
    #[inline(always)]
    pub fn solve(&mut self, plan: &Plan, s: &[R], scope: Scope) -> R::Mask {
        self.iterate(plan, s, scope);
        if self.work.alive.any() {
            self.disattenuate(plan, s);
            self.equations(plan);
        }
        self.work.alive
    }

    /// [`Estimate::regress`], failures being noted.
    #[inline(always)]
    fn equations(&mut self, plan: &Plan) {
        let k = plan.constructs();
        self.paths.resize(plan.paths, R::zero());
        self.r_squared.resize(plan.equations.len(), R::zero());
        for (at, equation) in plan.equations.iter().enumerate() {
            let m = equation.predictors.len();
            let instruments = plan.instruments.get(equation.outcome).filter(|list| !list.is_empty());
            let mut b = std::mem::take(&mut self.work.b);
            b.clear();
            b.resize(m, R::zero());
            let sound;
            if let Some(z) = instruments {
                sound = R::one_by_one(&self.construct_correlations, &mut b, |p, b| {
                    two_stage(p, k, equation, z).is_some_and(|found| {
                        b.copy_from_slice(&found);
                        true
                    })
                });
                self.r_squared[at] = R::splat(f64::NAN);
            } else {
                let p = &self.construct_correlations;
                let a = &mut self.work.a;
                a.resize(m * m, R::zero());
                for (x, &from) in equation.predictors.iter().enumerate() {
                    for (y, &other) in equation.predictors.iter().enumerate() {
                        a[x * m + y] = p[from * k + other];
                    }
                    b[x] = p[from * k + equation.outcome];
                }
                sound = linear::eliminate(&mut a[..m * m], m, &mut b);
                let mut r_squared = R::zero();
                for (b, &from) in b.iter().zip(&equation.predictors) {
                    r_squared += *b * p[from * k + equation.outcome];
                }
                self.r_squared[at] = r_squared;
            }
            for (&path, b) in equation.paths.iter().zip(&b) {
                self.paths[path] = *b;
            }
            self.work.b = b;
            self.fail(!sound, Failure::CollinearPredictors(equation.outcome));
        }
    }

    /// Total effects, `from × to`: the sum over all chains of the products of their paths.
    pub fn total_effects(&self, plan: &Plan) -> Vec<R> {
        let mut total = Vec::new();
        self.add_effects(plan, &mut total);
        total
    }

    /// [`Estimates::total_effects`] into a buffer.
    #[inline(always)]
    pub(crate) fn add_effects(&self, plan: &Plan, total: &mut Vec<R>) {
        let k = plan.constructs();
        total.clear();
        total.resize(k * k, R::zero());
        if !plan.recursive {
            // Where paths run in cycles: `(I − B)⁻¹ − I`; not a number where effects do not die away.
            let found = R::one_by_one(&self.paths, total, |paths, total| {
                // `propagation` has outcomes as rows.
                let inverse = propagation(plan, paths);
                for (at, cell) in total.iter_mut().enumerate() {
                    let own = f64::from(u8::from(at / k == at % k));
                    *cell = inverse.as_ref().map_or(f64::NAN, |m| m[(at % k) * k + at / k] - own);
                }
                true
            });
            debug_assert!(found.any());
            return;
        }
        // Outcomes come in causal order, so the effects on every predictor are complete.
        for equation in &plan.equations {
            for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
                let b = self.paths[path];
                total[from * k + equation.outcome] += b;
                if plan.predecessors[from].is_empty() {
                    continue;
                }
                for start in 0..k {
                    let through = total[start * k + from] * b;
                    total[start * k + equation.outcome] += through;
                    R::keep();
                }
            }
        }
    }

    /// Specific indirect effects: the product of the paths along each chain of the plan.
    #[inline(always)]
    pub fn specific_indirect(&self, plan: &Plan) -> impl Iterator<Item = R> {
        plan.chains.iter().map(|chain| {
            let mut product = R::one();
            for &path in chain {
                product *= self.paths[path];
            }
            product
        })
    }
}

/// `(I − B)⁻¹` from the paths, `b_yx` the path from x to y; `None` if it does not exist.
pub(crate) fn propagation(plan: &Plan, paths: &[f64]) -> Option<Vec<f64>> {
    let k = plan.constructs();
    let mut matrix = nalgebra::DMatrix::<f64>::identity(k, k);
    for equation in &plan.equations {
        for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
            matrix[(equation.outcome, from)] -= paths[path];
        }
    }
    let inverse = matrix.try_inverse()?;
    Some((0..k * k).map(|at| inverse[(at / k, at % k)]).collect())
}

/// Two-stage least squares of one equation from the construct correlations `p`.
fn two_stage(p: &[f64], k: usize, equation: &Equation, z: &[usize]) -> Option<Vec<f64>> {
    let x = &equation.predictors;
    let (m, q) = (x.len(), z.len());
    // First stage, predictor by predictor: what the instruments explain of it.
    let first: Vec<Vec<f64>> = x
        .iter()
        .map(|&x| linear::regress(|i, j| p[i * k + j], z, x).map(|(a, _)| a))
        .collect::<Option<_>>()?;
    // Second stage: A'P_zz A = A'P_zx, since A solves P_zz A = P_zx.
    let along = |a: &[f64], to: usize| (0..q).map(|i| a[i] * p[z[i] * k + to]).sum::<f64>();
    let mut matrix: Vec<f64> =
        first.iter().flat_map(|a| x.iter().map(|&to| along(a, to)).collect::<Vec<_>>()).collect();
    let mut b: Vec<f64> = first.iter().map(|a| along(a, equation.outcome)).collect();
    linear::eliminate(&mut matrix, m, &mut b).then_some(b)
}
