//! The structural model: least squares on construct correlations, and what follows along the paths.
//!
//! With instruments z for an equation `y = x'b + ζ`, two stages (Theil 1953; Basmann 1957): the predictors are replaced by
//! what the instruments explain of them, `A = P_zz⁻¹ P_zx`, and `b = (A'P_zz A)⁻¹ A'P_zy`. R² has no meaning then and is
//! NaN.

use super::plan::{Equation, Plan};
use super::solve::{Estimate, Failure};
use crate::stats::linear;

impl Estimate {
    /// Path coefficients and R² of every equation.
    ///
    /// # Errors
    /// [`Failure::CollinearPredictors`] where the predictors of an equation are collinear.
    pub fn regress(&mut self, plan: &Plan) -> Result<(), Failure> {
        let k = plan.constructs();
        self.paths.resize(plan.paths, 0.0);
        self.r_squared.resize(plan.equations.len(), 0.0);
        let p = &self.construct_correlations;
        for (at, equation) in plan.equations.iter().enumerate() {
            let instruments = plan.instruments.get(equation.outcome).filter(|list| !list.is_empty());
            if let Some(z) = instruments {
                let b = two_stage(p, k, equation, z).ok_or(Failure::CollinearPredictors(equation.outcome))?;
                equation.paths.iter().zip(b).for_each(|(&path, b)| self.paths[path] = b);
                self.r_squared[at] = f64::NAN;
                continue;
            }
            let (b, r_squared) = linear::regress(|i, j| p[i * k + j], &equation.predictors, equation.outcome)
                .ok_or(Failure::CollinearPredictors(equation.outcome))?;
            for (&path, b) in equation.paths.iter().zip(b) {
                self.paths[path] = b;
            }
            self.r_squared[at] = r_squared;
        }
        Ok(())
    }

    /// Everything: weights, correction, paths.
    ///
    /// # Errors
    /// As the three steps; [`Failure::NotConverged`] never (see [`Estimate::converged`]).
    pub fn run(&mut self, plan: &Plan, s: &[f64]) -> Result<(), Failure> {
        self.weigh(plan, s)?;
        self.correct(plan, s)?;
        self.regress(plan)
    }

    /// Total effects, `from × to`: the sum over all chains of the products of their paths.
    pub fn total_effects(&self, plan: &Plan) -> Vec<f64> {
        let k = plan.constructs();
        if !plan.recursive {
            return self.total_effects_of_cycles(plan);
        }
        let mut total = vec![0.0; k * k];
        // Outcomes come in causal order, so the effects on every predictor are complete.
        for equation in &plan.equations {
            for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
                let b = self.paths[path];
                total[from * k + equation.outcome] += b;
                for start in 0..k {
                    total[start * k + equation.outcome] += total[start * k + from] * b;
                }
            }
        }
        total
    }

    /// Total effects where paths run in cycles: `(I − B)⁻¹ − I`; not a number where effects do not die away.
    fn total_effects_of_cycles(&self, plan: &Plan) -> Vec<f64> {
        let k = plan.constructs();
        match self.propagation(plan) {
            // `propagation` has outcomes as rows.
            Some(inverse) => (0..k * k)
                .map(|at| inverse[(at % k) * k + at / k] - f64::from(u8::from(at / k == at % k)))
                .collect(),
            None => vec![f64::NAN; k * k],
        }
    }

    /// `(I − B)⁻¹`, `b_yx` the path from x to y; `None` if it does not exist.
    pub(crate) fn propagation(&self, plan: &Plan) -> Option<Vec<f64>> {
        let k = plan.constructs();
        let mut matrix = nalgebra::DMatrix::<f64>::identity(k, k);
        for equation in &plan.equations {
            for (&from, &path) in equation.predictors.iter().zip(&equation.paths) {
                matrix[(equation.outcome, from)] -= self.paths[path];
            }
        }
        let inverse = matrix.try_inverse()?;
        Some((0..k * k).map(|at| inverse[(at / k, at % k)]).collect())
    }

    /// Specific indirect effects: the product of the paths along each chain of the plan.
    pub fn specific_indirect(&self, plan: &Plan) -> Vec<f64> {
        plan.chains.iter().map(|chain| chain.iter().map(|&path| self.paths[path]).product()).collect()
    }
}

/// Whether every equation has its predictors explained before it, equations in their order.
pub(super) fn is_recursive(equations: &[Equation]) -> bool {
    equations.iter().enumerate().all(|(at, equation)| {
        equations.iter().skip(at).all(|later| !equation.predictors.contains(&later.outcome))
    })
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
    linear::solve(&mut matrix, m, &mut b).then_some(b)
}
