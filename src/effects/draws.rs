//! Resampled path coefficients as rows, for quantities that are functions of several of them.

use rayon::prelude::*;

use crate::resample::{Bootstrapped, Evidence, Inference, IntervalKind, Kind, Summary};

/// The path coefficients of the sample and of every resample that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Path coefficients of the sample, in the order of the model.
    pub original: Vec<f64>,
    /// Row after row the path coefficients of a resample.
    rows: Vec<f64>,
    /// Row after row those with a case left out, if BCa asked for them.
    left_out: Vec<f64>,
    /// How intervals and p-values are made.
    inference: Inference,
}

impl Draws {
    /// Takes the paths out of a bootstrap, with its kind of interval and of p-value. A studentized interval needs a
    /// standard error inside every resample, which a function of paths does not have: the next kind takes its place, or
    /// percentiles.
    pub fn of(boot: &Bootstrapped) -> Self {
        let which: Vec<usize> =
            (0..boot.quantities.len()).filter(|&q| boot.quantities[q].kind == Kind::Path).collect();
        let by_row = |columns: &[Vec<f64>]| -> Vec<f64> {
            let own: Vec<&[f64]> = which.iter().filter_map(|&q| columns.get(q)).map(Vec::as_slice).collect();
            let count = own.iter().map(|column| column.len()).min().unwrap_or(0);
            (0..count).flat_map(|b| own.iter().map(move |column| column[b])).collect()
        };
        let mut inference = boot.settings.inference(boot.units);
        inference.intervals.retain(|kind| *kind != IntervalKind::Studentized);
        inference.intervals.truncate(1);
        if inference.intervals.is_empty() {
            inference.intervals.push(IntervalKind::Percentile);
        }
        inference.levels.truncate(1);
        Self {
            original: which.iter().filter_map(|&q| boot.original.get(q).copied()).collect(),
            rows: by_row(&boot.draws),
            left_out: by_row(&boot.left_out),
            inference,
        }
    }

    /// Path coefficients given row by row, for percentile intervals.
    pub fn given(original: Vec<f64>, rows: &[Vec<f64>], level: f64) -> Self {
        let inference = Inference { levels: vec![level], ..Inference::default() };
        Self { original, rows: rows.concat(), left_out: Vec::new(), inference }
    }

    /// The same with every path multiplied by a factor of its own.
    #[must_use]
    pub fn scaled(mut self, factors: &[f64]) -> Self {
        let k = self.original.len().max(1);
        let rows = self.rows.chunks_mut(k).chain(self.left_out.chunks_mut(k));
        for row in rows.chain([self.original.as_mut_slice()]) {
            row.iter_mut().zip(factors).for_each(|(b, factor)| *b *= factor);
        }
        self
    }

    /// How intervals and p-values are made.
    pub fn inference(&self) -> &Inference {
        &self.inference
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
        let left_out: Vec<f64> = self.left_out.chunks(self.original.len().max(1)).map(&of).collect();
        let evidence = Evidence {
            original: of(&self.original),
            draws: &self.values(&of),
            left_out: &left_out,
            ..Evidence::default()
        };
        self.inference.of(evidence).map(|(summary, _)| summary)
    }
}

/// A path coefficient out of a row; not a number if the paths were not recorded.
pub(super) fn coefficient(b: &[f64], path: usize) -> f64 {
    b.get(path).copied().unwrap_or(f64::NAN)
}
