//! Bootstrap results.

use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::assess::Assessment;
use trustpath::contract;
use trustpath::effects::Mediation;
use trustpath::pls::PlsFit;
use trustpath::resample::{Bootstrapped, Kind};

use crate::fit::From;
use crate::result::{Plain, Table, keyed};

/// A bootstrapped fit.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Boot {
    pub boot: Arc<Bootstrapped>,
    pub fit: Arc<PlsFit>,
    pub assessment: Arc<Assessment>,
    pub from: From,
}

#[pymethods]
impl Boot {
    /// The JSON contract, as `trustpath bootstrap --format json` prints it.
    fn json(&self) -> String {
        contract::text(&contract::bootstrap(&self.fit, &self.assessment, self.from.origin(), &self.boot))
    }

    /// Every table that `trustpath bootstrap` can show.
    fn tables(&self) -> Vec<(String, Table)> {
        let recorded = Kind::ALL.iter().filter(|kind| self.boot.of_kind(**kind).next().is_some());
        keyed(recorded.map(|kind| self.boot.table(*kind)).collect())
    }

    /// Every indirect effect: estimate, interval, type of mediation, size, differences.
    fn mediation(&self) -> Plain {
        let analysis = Mediation::of(&self.fit, &self.boot);
        let from = self.from.origin();
        let object = contract::derived(&self.fit, &self.assessment, from, Some(&self.boot), &analysis);
        let tables = [analysis.specific_table(), analysis.total_table(), analysis.contrasts_table()];
        Plain::new(object, tables.into_iter().filter(|table| !table.rows.is_empty()).collect())
    }

    /// How many resamples count, and why others do not.
    fn accounting(&self) -> String {
        self.boot.accounting()
    }

    /// Family, name and draws of every quantity that was recorded.
    fn draws(&self) -> Vec<(String, String, Vec<f64>)> {
        let kinds = self.boot.quantities.iter().zip(&self.boot.draws);
        kinds
            .map(|(quantity, draws)| (quantity.kind.key().to_owned(), quantity.name.clone(), draws.clone()))
            .collect()
    }
}
