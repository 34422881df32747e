//! What the verbs share that derive results from a fit and its bootstrap: mediation, moderation, and their like.

use serde::Serialize;
use trustpath::assess::Tails;
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::resample::{Bootstrapped, IntervalKind, Method, PValue};
use trustpath::table::Table;

use super::bootstrap::warn_of_inadmissible;
use super::console::Format;
use super::inputs::Job;
use super::page::{Page, header};
use super::resampling::Resampling;
use super::{Console, Failure, json};

/// A fit and what it was bootstrapped to.
pub(crate) struct Derived<'a> {
    pub(crate) job: &'a Job,
    pub(crate) fit: &'a PlsFit,
    pub(crate) boot: Option<&'a Bootstrapped>,
    /// Further lines of the header.
    pub(crate) about: Vec<(&'static str, String)>,
}

impl Derived<'_> {
    /// Prints the tables, or the result as JSON beside what every estimate begins with.
    pub(crate) fn show(
        self,
        console: &Console,
        format: Format,
        result: &impl Serialize,
        tables: Vec<Table>,
    ) -> Result<(), Failure> {
        let Self { job, fit, boot, about } = self;
        let assessment = job.assess(fit);
        Page::warn(console, format, &assessment);
        if let Some(boot) = boot {
            warn_of_inadmissible(console, boot);
        }
        if format == Format::Json {
            return console.write(&json::text(&json::derived(job, fit, &assessment, boot, result)));
        }
        let mut header = header(job, fit);
        header.extend(boot.map(|boot| ("Bootstrap", boot.accounting())));
        header.extend(about);
        console.write(&Page { banner: assessment.banner(), header, tables }.render(format))
    }
}

/// Derived quantities have percentile intervals and two-sided p-values: says so where others are asked for.
pub(crate) fn check_intervals(resampling: &Resampling, console: &Console) -> Result<(), Failure> {
    let settings = resampling.resolve();
    if settings.method == Method::Jackknife {
        return Err(Diagnostic::error(
            "TP0003",
            "effects derived from paths need a distribution, which a jackknife has not",
        )
        .hint("leave out `--method jackknife`")
        .into());
    }
    let others = settings.intervals.iter().any(|kind| *kind != IntervalKind::Percentile);
    if others || settings.tails != Tails::Two || settings.p_value != PValue::Normal {
        console.warn("effects derived from paths have two-sided percentile intervals and p-values by the normal distribution");
    }
    Ok(())
}
