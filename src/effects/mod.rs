//! What path coefficients mean together: mediation, moderation, nonlinearity, controls, endogeneity.
//!
//! Everything here is a function of a fit and of its resampled path coefficients ([`Draws`]), so that every derived number
//! has the interval of the bootstrap it comes from. The kernels stand alone:
//!
//! | file | what it computes |
//! |---|---|
//! | `mediation.rs` | types of mediation, variance accounted for, upsilon, contrasts |
//! | `equation.rs` | slopes and predictions of equations with products |
//! | `johnson_neyman.rs` | where a conditional effect differs from 0 |
//! | `reset.rs` | Ramsey's test of linearity |
//! | `copula.rs` | Gaussian copula terms |

mod copula;
mod draws;
mod equation;
mod johnson_neyman;
mod least_squares;
mod mediation;
mod reset;

pub use copula::{CopulaDistribution, copula_term};
pub use draws::Draws;
pub use equation::{Equation, Term};
pub use johnson_neyman::{Band, Region, Significance, crossings, johnson_neyman_points, regions};
pub use mediation::{
    Contrast, Mediation, MediationType, SpecificEffect, TotalIndirect, adjusted_upsilon, classify, upsilon,
    variance_accounted_for,
};
pub use reset::{Reset, reset};
