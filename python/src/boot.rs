//! Bootstrap results.

use std::sync::Arc;

use pyo3::prelude::*;
use trustpath::assess::Assessment;
use trustpath::contract;
use trustpath::effects::Mediation;
use trustpath::pls::PlsFit;
use trustpath::resample::Bootstrapped;

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
        let boot = &self.boot;
        keyed(vec![
            boot.paths(),
            boot.specific_indirect_effects(),
            boot.indirect_effects(),
            boot.total_effects(),
            boot.loadings(),
            boot.weights(),
            boot.htmt(),
            boot.r_squared(),
        ])
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

    /// Kind, name and draws of every quantity that was recorded.
    fn draws(&self) -> Vec<(String, String, Vec<f64>)> {
        let kinds = self.boot.quantities.iter().zip(&self.boot.draws);
        kinds
            .map(|(quantity, draws)| {
                let kind = contract::value(&quantity.kind);
                (kind.as_str().unwrap_or_default().to_owned(), quantity.name.clone(), draws.clone())
            })
            .collect()
    }
}
