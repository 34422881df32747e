//! All resampled values, for whoever wants to look at the distributions elsewhere.

use std::io::Write;

use rayon::prelude::*;

use super::bootstrapped::Bootstrapped;
use crate::stats::fnv::Fnv;
use crate::survey::fingerprint;

impl Bootstrapped {
    /// Names of the columns of [`Bootstrapped::write_csv`] behind `resample`: family and quantity.
    pub fn column_names(&self) -> Vec<String> {
        self.quantities.iter().map(|q| format!("{}: {}", q.kind.key(), q.name)).collect()
    }

    /// Writes one line per resample that counts, with its number and the value of every quantity at full precision. A
    /// value that does not exist is an empty cell.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(std::iter::once("resample".to_owned()).chain(self.column_names()))?;
        for (at, number) in self.numbers.iter().enumerate() {
            let cells = self.draws.iter().map(|column| match column.get(at) {
                Some(value) if value.is_finite() => value.to_string(),
                _ => String::new(),
            });
            csv.write_record(std::iter::once(number.to_string()).chain(cells))?;
        }
        csv.flush()
    }

    /// Fingerprint of every resampled value: two runs with the same one gave the same numbers to the last bit.
    pub fn fingerprint(&self) -> String {
        // Over whole numbers of 64 bits, column by column.
        let of_column = |column: &Vec<f64>| {
            let mut hash = Fnv::new();
            for value in column {
                hash.step(value.to_bits());
            }
            hash.value()
        };
        let columns: Vec<u64> = self.draws.par_iter().map(of_column).collect();
        fingerprint(&columns.iter().flat_map(|hash| hash.to_le_bytes()).collect::<Vec<u8>>())
    }
}
