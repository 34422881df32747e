//! All resampled values, for whoever wants to look at the distributions elsewhere.
//!
//! Both forms hold one row per resample drawn: its number, its status, and the value of every quantity, empty where it does
//! not exist or the resample does not count.

use std::io::Write;

use rayon::prelude::*;

use super::bootstrapped::Bootstrapped;
use crate::stats::fnv::Fnv;
use crate::survey::fingerprint;

/// Columns whose fingerprints are made at once.
const SIDE_BY_SIDE: usize = 4;

/// Status of a resample whose estimate exists and is possible.
const SOUND: &str = "ok";

impl Bootstrapped {
    /// Names of the columns of [`Bootstrapped::write_csv`] behind `resample` and `status`: family and quantity.
    pub fn column_names(&self) -> Vec<String> {
        self.quantities.iter().map(|q| format!("{}: {}", q.kind.key(), q.name)).collect()
    }

    /// `ok`, or what is wrong with resample `b`, such as `not_converged`.
    pub fn status(&self, b: usize) -> &'static str {
        self.flags.get(b).copied().flatten().map_or(SOUND, super::Reason::key)
    }

    /// Writes one line per resample, values at full precision.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let first = ["resample", "status"].map(str::to_owned);
        csv.write_record(first.into_iter().chain(self.column_names()))?;
        let mut counted = self.numbers.iter().copied().enumerate().peekable();
        for b in 0..self.flags.len() {
            let at = counted.next_if(|(_, number)| *number == b).map(|(at, _)| at);
            let cells = self.draws.iter().map(|column| match at.and_then(|at| column.get(at)) {
                Some(value) if value.is_finite() => value.to_string(),
                _ => String::new(),
            });
            let first = [b.to_string(), self.status(b).to_owned()];
            csv.write_record(first.into_iter().chain(cells))?;
        }
        csv.flush()
    }

    /// What tells a file of resamples where it comes from: program, version, seed, generator, counts, fingerprint.
    pub fn origin(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("trustpath", env!("CARGO_PKG_VERSION").to_owned())];
        if self.is_seeded() {
            pairs.push(("seed", self.settings.seed.to_string()));
        }
        pairs.extend([
            ("generator", self.generator.to_owned()),
            ("scheme", self.scheme_name()),
            ("resamples", self.flags.len().to_string()),
            ("admissible", self.admissible.to_string()),
            ("inadmissible", self.settings.inadmissible.to_string()),
            ("sign_change", self.settings.sign_change.to_string()),
            ("fingerprint", self.fingerprint()),
        ]);
        pairs
    }

    /// Fingerprint of every resampled value: two runs with the same one gave the same numbers to the last bit.
    pub fn fingerprint(&self) -> String {
        // Over whole numbers of 64 bits, column by column. Every step waits for the one before, so several columns are
        // taken side by side.
        let of_columns = |columns: &[Vec<f64>]| {
            let mut hashes = [const { Fnv::new() }; SIDE_BY_SIDE];
            if let [a, b, c, d] = columns
                && [b, c, d].iter().all(|column| column.len() == a.len())
            {
                for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                    let four = [a, b, c, d].into_iter();
                    hashes.iter_mut().zip(four).for_each(|(hash, value)| hash.step(value.to_bits()));
                }
            } else {
                for (hash, column) in hashes.iter_mut().zip(columns) {
                    for value in column {
                        hash.step(value.to_bits());
                    }
                }
            }
            hashes.iter().take(columns.len()).map(Fnv::value).collect::<Vec<u64>>()
        };
        let columns: Vec<u64> = self.draws.par_chunks(SIDE_BY_SIDE).flat_map_iter(of_columns).collect();
        fingerprint(&columns.iter().flat_map(|hash| hash.to_le_bytes()).collect::<Vec<u8>>())
    }
}
