//! The structural model: ordinary least squares on construct correlations, and what follows along the paths.

use super::plan::Plan;
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

    /// Specific indirect effects: the product of the paths along each chain of the plan.
    pub fn specific_indirect(&self, plan: &Plan) -> Vec<f64> {
        plan.chains.iter().map(|chain| chain.iter().map(|&path| self.paths[path]).product()).collect()
    }
}
