//! Bootstrap results.

use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::{Map, Value};
use trustpath::assess::Assessment;
use trustpath::contract;
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::resample::{
    Bootstrap, Bootstrapped, Design, FitTest, Groups, Kind, ResampleError, Scheme, Watch,
};

use crate::fit::From;
use crate::result::{Table, keyed};
use crate::settings::{bad, over};
use crate::work::Ticker;

/// How a fit is bootstrapped: the library's settings, and the columns that group the cases.
pub struct Resampling {
    pub settings: Bootstrap,
    strata: Option<String>,
    cluster: Option<String>,
    /// Whether it was said what is done about HTMT of formative constructs.
    says_formative: bool,
}

impl Resampling {
    /// From a JSON object: the settings, `strata` and `cluster`.
    pub fn of(given: &str) -> PyResult<Self> {
        let mut given: Map<String, Value> =
            serde_json::from_str(given).map_err(|error| bad(&error.to_string()))?;
        let mut column = |key: &str| match given.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(name)) => Ok(Some(name)),
            Some(other) => Err(bad(&format!("{key}: {other} is no name of a column"))),
        };
        let (strata, cluster) = (column("strata")?, column("cluster")?);
        // Families go by the names of their tables, as on the command line.
        if let Some(Value::Array(words)) = given.get_mut("record") {
            for word in words {
                let key = word.as_str().map(|word| word.replace('-', "_"));
                if let Some(kind) = Kind::ALL.iter().find(|kind| key.as_deref() == Some(kind.key())) {
                    *word = contract::value(kind);
                }
            }
        }
        let says_formative = given.contains_key("formative");
        let settings = over(&Bootstrap::default(), &Value::from(given).to_string())?;
        Ok(Self { settings, strata, cluster, says_formative })
    }

    /// The same where the conventions of an assessment say what was not said.
    pub fn assessed_by(mut self, assessment: &Assessment) -> Self {
        if !self.says_formative {
            self.settings.formative = assessment.conventions.formative;
        }
        self
    }

    /// What is resampled: the cases, grouped by the columns named.
    pub fn scheme(&self, fit: &PlsFit, from: &From) -> Result<Scheme, ResampleError> {
        let groups = |column: &Option<String>| -> Result<Option<Groups>, ResampleError> {
            let Some(column) = column else { return Ok(None) };
            match (from, fit.answers()) {
                (From::Answers(survey), Some(sample)) => Groups::of(survey, sample, column).map(Some),
                _ => Err(Diagnostic::error(
                    "TP0601",
                    "a bootstrap needs the answers, not only their correlations",
                )
                .into()),
            }
        };
        let design = Design { strata: groups(&self.strata)?, clusters: groups(&self.cluster)? };
        Ok(self.settings.scheme(design))
    }

    /// Runs the bootstrap, telling how far it is.
    pub fn run(&self, fit: &PlsFit, from: &From, ticker: &Ticker) -> Result<Bootstrapped, ResampleError> {
        let watch = Watch { progress: &|done| ticker.tick(done), ..Watch::default() };
        self.settings.run_scheme(fit, &self.scheme(fit, from)?, watch)
    }
}

/// A bootstrapped fit.
#[pyclass(frozen, module = "trustpath._trustpath")]
pub struct Boot {
    pub boot: Arc<Bootstrapped>,
    pub fit_test: Option<Arc<FitTest>>,
    pub fit: Arc<PlsFit>,
    pub assessment: Arc<Assessment>,
    pub from: From,
    /// What was resampled: another model of the same answers is resampled alike.
    pub scheme: Arc<Scheme>,
}

impl Boot {
    /// Bootstraps another model of the same answers in the same way.
    pub fn again(&self, fit: &PlsFit, ticker: &Ticker) -> Result<Bootstrapped, ResampleError> {
        let watch = Watch { progress: &|done| ticker.tick(done), ..Watch::default() };
        self.boot.settings.run_scheme(fit, &self.scheme, watch)
    }
}

#[pymethods]
impl Boot {
    /// The JSON contract, as `trustpath bootstrap --format json` prints it.
    fn json(&self) -> String {
        let mut object = contract::bootstrap(&self.fit, &self.assessment, self.from.origin(), &self.boot);
        if let Some(test) = &self.fit_test {
            object.insert("fit_test".into(), contract::value(&**test));
        }
        contract::text(&object)
    }

    /// Every table that `trustpath bootstrap` can show.
    fn tables(&self) -> Vec<(String, Table)> {
        let recorded = Kind::ALL.iter().filter(|kind| self.boot.of_kind(**kind).next().is_some());
        let table = |kind: &Kind| match kind {
            Kind::Path => self.boot.hypotheses(),
            other => self.boot.table(*other),
        };
        let mut tables: Vec<trustpath::Table> = recorded.map(table).collect();
        tables.extend(self.fit_test.as_ref().map(|test| test.table()));
        keyed(tables)
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
