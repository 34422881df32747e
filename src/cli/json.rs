//! The library's JSON contract for what the command line has read.

use serde_json::{Map, Value};
use trustpath::assess::Assessment;
use trustpath::contract::{self, Origin};
pub(crate) use trustpath::contract::{object, text, value};
use trustpath::pls::PlsFit;
use trustpath::resample::Bootstrapped;

use super::inputs::{Data, Job};

/// What every estimate begins with.
pub(crate) fn head(job: &Job, fit: &PlsFit, assessment: &Assessment) -> Map<String, Value> {
    contract::head(fit, assessment, origin(&job.data))
}

/// A fit and its assessment.
pub(crate) fn fit(job: &Job, fit: &PlsFit, assessment: &Assessment) -> Map<String, Value> {
    contract::fit(fit, assessment, origin(&job.data))
}

/// A fit and its bootstrap.
pub(crate) fn bootstrap(
    job: &Job,
    fit: &PlsFit,
    assessment: &Assessment,
    boot: &Bootstrapped,
) -> Map<String, Value> {
    contract::bootstrap(fit, assessment, origin(&job.data), boot)
}

/// A fit, its bootstrap if there is one, and what was derived from them.
pub(crate) fn derived(
    job: &Job,
    fit: &PlsFit,
    assessment: &Assessment,
    boot: Option<&Bootstrapped>,
    result: &impl serde::Serialize,
) -> Map<String, Value> {
    contract::derived(fit, assessment, origin(&job.data), boot, result)
}

/// Where the answers come from.
pub(crate) fn origin(data: &Data) -> Origin<'_> {
    match data {
        Data::Answers(survey) => Origin::Answers(survey),
        Data::Table { file, .. } => Origin::Table(file),
    }
}
