//! The result types that every renderer and binding understands.
//!
//! * [`Matrix`]: numbers with named rows and columns,
//! * [`Vector`]: named numbers,
//! * [`Table`]: rows of typed cells with a title, notes and a rule per column: what a reader sees,
//! * [`Language`]: the language in which it is said.

mod cell;
mod chinese;
mod escape;
mod format;
mod language;
mod markdown;
mod matrix;
pub(crate) mod tex;
mod text;

pub use cell::{Align, Cell, Column, Table, Verdict};
pub use escape::{escape_xml, printable};
pub(crate) use format::list;
pub use format::{apa, apa_p, fixed, interval, percent};
pub use language::{Language, UnknownLanguage};
pub use markdown::without_tags;
pub use matrix::{Matrix, Vector};
pub use text::wrap;
pub(crate) use text::{EMPTY, parted};
