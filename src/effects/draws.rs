//! Resampled path coefficients as rows, for quantities that are functions of several of them.

use rayon::prelude::*;

use crate::resample::{Bootstrapped, Kind, Summary};

/// The path coefficients of the sample and of every resample that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Path coefficients of the sample, in the order of the model.
    pub original: Vec<f64>,
    /// Row after row the path coefficients of a resample.
    rows: Vec<f64>,
    /// Level of the intervals.
    pub level: f64,
}

impl Draws {
    /// Takes the paths out of a bootstrap.
    pub fn of(boot: &Bootstrapped) -> Self {
        let mut original = Vec::new();
        let mut columns: Vec<&[f64]> = Vec::new();
        for ((quantity, value), draws) in boot.quantities.iter().zip(&boot.original).zip(&boot.draws) {
            if quantity.kind == Kind::Path {
                original.push(*value);
                columns.push(draws);
            }
        }
        let count = columns.first().map_or(0, |column| column.len());
        let rows = (0..count).flat_map(|b| columns.iter().map(move |column| column[b])).collect();
        Self { original, rows, level: boot.settings.level }
    }

    /// Path coefficients given row by row.
    pub fn given(original: Vec<f64>, rows: &[Vec<f64>], level: f64) -> Self {
        Self { original, rows: rows.concat(), level }
    }

    /// The same with every path multiplied by a factor of its own.
    #[must_use]
    pub fn scaled(mut self, factors: &[f64]) -> Self {
        let k = self.original.len().max(1);
        for row in self.rows.chunks_mut(k).chain([self.original.as_mut_slice()]) {
            row.iter_mut().zip(factors).for_each(|(b, factor)| *b *= factor);
        }
        self
    }

    /// Number of resamples.
    pub fn len(&self) -> usize {
        self.rows.len() / self.original.len().max(1)
    }

    /// Whether there is no resample.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A function of the path coefficients in every resample.
    pub fn values(&self, of: impl Fn(&[f64]) -> f64 + Sync) -> Vec<f64> {
        self.rows.par_chunks(self.original.len().max(1)).map(&of).collect()
    }

    /// A function of the path coefficients, with its interval; `None` if no resample gives it a value.
    pub fn summary(&self, of: impl Fn(&[f64]) -> f64 + Sync) -> Option<Summary> {
        Summary::of(of(&self.original), &self.values(&of), self.level)
    }
}

/// A path coefficient out of a row; not a number if the paths were not recorded.
pub(super) fn coefficient(b: &[f64], path: usize) -> f64 {
    b.get(path).copied().unwrap_or(f64::NAN)
}

/// Whether an interval leaves 0 out.
pub(crate) fn excludes_zero(summary: &Summary) -> bool {
    summary.low > 0.0 || summary.high < 0.0
}
