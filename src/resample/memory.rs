//! How much memory the values of a resampling take, and the bound on it.

use super::{ResampleError, invalid};
use crate::diagnostic::Diagnostic;

/// Bytes of a mebibyte.
const MEBIBYTE: f64 = 1_048_576.0;

/// Memory of the values of so many quantities in so many resamples, in MiB.
pub(super) fn mebibytes(quantities: usize, resamples: usize) -> f64 {
    quantities as f64 * resamples as f64 * 8.0 / MEBIBYTE
}

/// What a run holds at once: per quantity one number for each of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Quantities.
    pub(super) quantities: usize,
    /// Resamples asked for.
    pub(super) resamples: usize,
    /// Estimates with a case left out, for BCa.
    pub(super) left_out: usize,
    /// Standard errors inside resamples, for studentized intervals.
    pub(super) errors: usize,
}

impl Extent {
    /// Memory of everything, in MiB.
    pub(super) fn mebibytes(&self) -> f64 {
        mebibytes(self.quantities, self.resamples + self.left_out + self.errors)
    }

    /// How many resamples more than were asked for fit into so many MiB.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturating"
    )]
    pub(super) fn more_resamples(&self, allowed: usize) -> usize {
        // A resample that is replaced takes the room of its values and, until the rest is chosen, of its standard errors.
        let each = if self.errors > 0 { 2 } else { 1 };
        let room = (allowed as f64 - self.mebibytes()).max(0.0) * MEBIBYTE;
        (room / (8 * each * self.quantities.max(1)) as f64) as usize
    }

    /// What takes the memory, in words: `487 quantities of 10000 resamples and of 250 cases left out (BCa)`.
    fn words(&self) -> String {
        let mut words = format!("{} quantities of {} resamples", self.quantities, self.resamples);
        if self.left_out > 0 {
            words.push_str(&format!(", of {} samples with a case left out (BCa)", self.left_out));
        }
        if self.errors > 0 {
            words.push_str(", and their standard errors in every resample (studentized)");
        }
        words
    }
}

/// Refuses to hold more than is allowed.
///
/// # Errors
/// `TP0606` with what would have to be allowed.
pub(super) fn check_memory(extent: &Extent, allowed: usize) -> Result<(), ResampleError> {
    let mebibytes = extent.mebibytes().ceil();
    if mebibytes <= allowed as f64 {
        return Ok(());
    }
    let message = format!("{} take {mebibytes:.0} MiB; {allowed} MiB are allowed", extent.words());
    let mut problem = Diagnostic::error("TP0606", message);
    if extent.left_out + extent.errors > 0 {
        problem = problem.hint("choose `--intervals percentile`, which needs the resampled values alone");
    }
    Err(invalid(
        problem
            .hint("record less, such as `--record paths,htmt`, or draw fewer resamples")
            .hint(format!("or allow more: `--max-memory {mebibytes:.0}`")),
    ))
}

/// The same where there is nothing to record less of.
///
/// # Errors
/// As [`check_memory`].
pub(crate) fn check_values(
    what: &str,
    values: usize,
    resamples: usize,
    allowed: usize,
) -> Result<(), ResampleError> {
    let mebibytes = mebibytes(values, resamples).ceil();
    if mebibytes <= allowed as f64 {
        return Ok(());
    }
    let message = format!(
        "{values} {what} of {resamples} resamples take {mebibytes:.0} MiB; {allowed} MiB are allowed"
    );
    Err(invalid(
        Diagnostic::error("TP0606", message)
            .hint("draw fewer resamples")
            .hint(format!("or allow more: `--max-memory {mebibytes:.0}`")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_held_is_counted() {
        let plain = Extent { quantities: 1_024, resamples: 1_024, ..Extent::default() };
        assert_eq!(plain.mebibytes(), 8.0);
        let all = Extent { left_out: 512, errors: 1_024, ..plain };
        assert_eq!(all.mebibytes(), 20.0);
        assert!(check_memory(&plain, 8).is_ok() && check_memory(&plain, 7).is_err());
        assert!(check_memory(&all, 20).is_ok());
        let problem = check_memory(&all, 19).unwrap_err().to_string();
        assert!(
            problem.contains("512 samples with a case left out") && problem.contains("20 MiB"),
            "{problem}"
        );
        // What is drawn besides fits into the rest.
        assert_eq!(plain.more_resamples(8), 0);
        assert_eq!(plain.more_resamples(9), 128);
        assert_eq!(all.more_resamples(21), 64);
        assert!(check_values("tetrads", 1_024, 1_024, 7).is_err());
    }
}
