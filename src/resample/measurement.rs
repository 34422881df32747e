//! What is tested about how constructs are measured.

use serde::{Deserialize, Serialize};

use super::{ResampleError, invalid};
use crate::diagnostic::Diagnostic;
use crate::model::words;

words! {
    /// Which tetrads of a block are tested.
    TetradSet: "set of tetrads" {
        /// A non-redundant set (default).
        NonRedundant = "non-redundant",
        /// Two of every four items.
        All = "all",
    }
}

words! {
    /// What stands on the diagonal of the correlations.
    Diagonal: "congruence diagonal" {
        /// rho_A, 1 for single items (default).
        RhoA = "rho-a",
        /// 1.
        Unit = "unit",
    }
}

/// Settings of the tests of measurement: tetrads, redundancy, congruence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeasurementTests {
    /// Which tetrads are tested.
    pub tetrads: TetradSet,
    /// What stands on the diagonal for congruence.
    pub diagonal: Diagonal,
    /// Number of resamples.
    pub resamples: usize,
    /// Seed; stream b of it gives resample b.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Most memory for the values of all resamples, in mebibytes.
    pub max_memory: usize,
}

impl Default for MeasurementTests {
    fn default() -> Self {
        Self {
            tetrads: TetradSet::NonRedundant,
            diagonal: Diagonal::RhoA,
            resamples: 5_000,
            seed: 42,
            level: 0.95,
            max_memory: 2_048,
        }
    }
}

impl MeasurementTests {
    /// Refuses settings that cannot be.
    ///
    /// # Errors
    /// `TP0603` for fewer than 2 resamples, or a level that makes no interval.
    pub fn check(&self) -> Result<(), ResampleError> {
        if !(self.level > 0.0 && self.level < 1.0) {
            let problem = Diagnostic::error("TP0603", format!("a level of {} makes no interval", self.level));
            return Err(invalid(problem.hint("choose a level between 0 and 1, such as 0.95")));
        }
        if self.resamples < 2 {
            let problem =
                Diagnostic::error("TP0603", format!("{} resamples cannot be summarised", self.resamples));
            return Err(invalid(problem.hint("ask for at least 2 resamples")));
        }
        Ok(())
    }
}
