//! Direct, indirect and total effects along the paths (Alwin & Hauser 1975, doi:10.2307/2094445; Bollen 1989, *Structural
//! Equations with Latent Variables*, chapter 8).
//!
//! With the path coefficients `B`, outcomes in rows and predictors in columns:
//!
//! ```text
//! total     T = B + B² + B³ + … = (I − B)⁻¹ − I
//! indirect  T − B
//! specific  the product of the paths along one chain; those of all chains between two constructs add up to the indirect effect
//! vaf       indirect / total, the share that is mediated (Shrout & Bolger 2002, doi:10.1037/1082-989X.7.4.422)
//! ```
//!
//! A share makes sense where direct and indirect effects have one sign; the tables of `trustpath mediation` leave it out
//! elsewhere.

use crate::pls::PlsFit;
use crate::table::{Matrix, Vector};

/// Effects of a fitted model, predictor × outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// `T`: the sum over all chains, direct paths among them.
    pub total: Matrix,
    /// `T − B`: total minus direct.
    pub indirect: Matrix,
    /// Indirect over total: the share that is mediated; 0 where there is no effect.
    pub vaf: Matrix,
    /// Product of the paths along each chain, named `A → B → C`.
    pub specific: Vector,
}

impl Effects {
    /// Effects of a fit, in the units of its paths.
    pub fn of(fit: &PlsFit) -> Self {
        let k = fit.plan.constructs();
        let total = fit.estimate.total_effects(&fit.plan);
        let mut indirect = total.clone();
        for (path, b) in fit.model.paths().iter().zip(&fit.estimate.paths) {
            indirect[path.from.index() * k + path.to.index()] -= b;
        }
        // Subtraction leaves noise where all of the effect is direct.
        for (i, t) in indirect.iter_mut().zip(&total) {
            if i.abs() <= 1e-15 * t.abs().max(1.0) {
                *i = 0.0;
            }
        }
        let vaf: Vec<f64> =
            indirect.iter().zip(&total).map(|(i, t)| if *t == 0.0 { 0.0 } else { i / t }).collect();
        let names = fit.model.chains().into_iter().map(|chain| chain.name(&fit.model));
        Self {
            total: fit.construct_matrix(&total),
            indirect: fit.construct_matrix(&indirect),
            vaf: fit.construct_matrix(&vaf),
            specific: Vector::from_pairs(names.zip(fit.estimate.specific_indirect(&fit.plan))),
        }
    }
}
