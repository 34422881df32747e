//! Kernels over slices: they know nothing of surveys, models or constructs.

pub mod describe;
