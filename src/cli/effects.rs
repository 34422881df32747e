//! What the verbs share that derive results from a fit and its bootstrap: mediation, moderation, and their like.

use clap::Args;
use serde::Serialize;
use trustpath::effects::suits;
use trustpath::pls::PlsFit;
use trustpath::resample::Bootstrapped;
use trustpath::table::Table;

use super::bootstrap::{warn_of_few, warn_of_inadmissible, warn_of_interruption};
use super::console::Format;
use super::inputs::{Answered, Estimation, Job};
use super::page::{Page, header};
use super::resampling::Resampling;
use super::{Console, Failure, json};

/// What such a verb is given: a model, answers, and how both are estimated and resampled.
#[derive(Debug, Args)]
pub(crate) struct Basis {
    #[command(flatten)]
    pub(crate) inputs: Answered,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

impl Basis {
    /// Reads everything and estimates the model.
    pub(crate) fn open<'a>(&'a self, console: &'a Console) -> Result<Opened<'a>, Failure> {
        let format = console.format()?;
        console.protect(&self.inputs.files(), None)?;
        for words in suits(&self.resampling.resolve())? {
            console.warn(&words);
        }
        let job = self.inputs.inputs().open(&self.estimation)?;
        let fit = job.fit()?;
        Ok(Opened { basis: self, console, format, job, fit })
    }
}

/// A fit that is about to be resampled.
pub(crate) struct Opened<'a> {
    basis: &'a Basis,
    console: &'a Console,
    format: Format,
    pub(crate) job: Job,
    pub(crate) fit: PlsFit,
}

impl Opened<'_> {
    /// Bootstraps the fit, or another one from the same answers.
    pub(crate) fn bootstrap(&self, fit: &PlsFit) -> Result<Bootstrapped, Failure> {
        let boot = self.basis.resampling.run(fit, &self.job, self.console)?;
        warn_of_interruption(self.console, &boot);
        Ok(boot)
    }

    /// Prints the tables, or the result as JSON.
    pub(crate) fn show(
        &self,
        boot: &Bootstrapped,
        result: &impl Serialize,
        tables: Vec<Table>,
    ) -> Result<(), Failure> {
        Derived { job: &self.job, fit: &self.fit, boot: Some(boot), about: Vec::new() }.show(
            self.console,
            self.format,
            result,
            tables,
        )
    }
}

/// The tables asked for, or all of them that hold anything.
pub(crate) fn chosen<C: Copy>(asked: &[C], all: &[C], of: impl Fn(C) -> Table) -> Vec<Table> {
    if asked.is_empty() {
        return all.iter().map(|choice| of(*choice)).filter(|table| !table.rows.is_empty()).collect();
    }
    asked.iter().map(|choice| of(*choice)).collect()
}

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
            warn_of_few(console, boot);
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
