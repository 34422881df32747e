//! Kernels over slices and matrices. They know nothing of path models.

pub mod bivariate_normal;
pub mod confirmatory;
pub mod describe;
pub mod distribution;
pub mod eigen;
pub mod factor;
pub(crate) mod fnv;
pub mod holm;
pub mod isotonic;
pub mod linear;
pub mod mcd;
pub mod noncentral_chi_square;
pub mod normality;
pub mod ordered;
pub mod pairwise;
pub mod polychoric;
pub mod polychoric_variance;
pub mod polyserial;
pub mod quantile;
pub mod rank;
pub mod real;
mod root;
pub mod simd;
pub mod wald;
