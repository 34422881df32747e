//! The result types that every renderer and binding understands.
//!
//! * [`Matrix`]: numbers with named rows and columns,
//! * [`Vector`]: named numbers,
//! * [`Table`]: rows of typed cells with a title, notes and a rule per column: what a reader sees.

mod cell;
mod format;
mod markdown;
mod matrix;
mod text;

pub use cell::{Align, Cell, Column, Table, Verdict};
pub use format::{apa, apa_p, fixed};
pub use matrix::{Matrix, Vector};
