//! What lies beside the project: surveys and results of other programs. They belong to others and are read where they lie.

#![allow(dead_code, clippy::print_stdout, reason = "a test takes what it needs, and says what it skips")]

use std::path::{Path, PathBuf};

/// The folder of cases and data: `TRUSTPATH_REFERENCE`, or `../shared/reference`.
pub(crate) fn reference() -> PathBuf {
    std::env::var_os("TRUSTPATH_REFERENCE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"), PathBuf::from)
}

/// A file of that folder; where it is not at hand, a note says that something is skipped.
pub(crate) fn at_hand(file: &str) -> Option<PathBuf> {
    let path = reference().join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no {file} at hand (set TRUSTPATH_REFERENCE)");
    None
}

/// The file of a survey, as [`at_hand`].
pub(crate) fn survey(name: &str) -> Option<PathBuf> {
    at_hand(&format!("data/{name}.csv"))
}
