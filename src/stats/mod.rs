//! Kernels over slices and matrices. They know nothing of path models.

pub mod describe;
pub mod distribution;
pub mod factor;
pub mod linear;
pub mod pairwise;
pub mod quantile;
