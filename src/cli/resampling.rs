//! What the user typed about the bootstrap, for every verb that runs one.

use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use trustpath::assess::{Htmt, Tails};
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::resample::{
    Bootstrap as Settings, Bootstrapped, Design, FitTest, Groups, Imputation, Inadmissible, IntervalKind,
    Method, PValue, Scheme, SignChange, Watch,
};

use super::inputs::{Data, Job};
use super::words::{finite, one_of};
use super::{Console, Failure, progress};

/// How the model is bootstrapped.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bootstrap")]
pub(crate) struct Resampling {
    /// How resamples are made [default: bootstrap]
    #[arg(long, value_parser = one_of(Method::ALL, Method::word), ignore_case = true)]
    method: Option<Method>,
    /// Number of resamples; a jackknife has as many as there are cases [default: 10000]
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    resamples: Option<u32>,
    /// Leave out so many groups of cases in turn instead of every case, with `--method jackknife`
    #[arg(long, value_name = "K")]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    folds: Option<u32>,
    /// Deal cases into groups so many times; standard errors are the mean over them [default: 1]
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    repeats: Option<u32>,
    /// Seed; the same seed gives the same numbers on any number of threads [default: 42]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Draw within the groups of this column, so that each keeps its size
    #[arg(long, value_name = "COLUMN")]
    strata: Option<String>,
    /// Draw whole groups of this column, such as classes or shops
    #[arg(long, value_name = "COLUMN")]
    cluster: Option<String>,
    /// Levels of the intervals, the one to report first
    #[arg(long, value_name = "SHARES", value_delimiter = ',', default_value = "0.95", value_parser = finite)]
    #[arg(allow_negative_numbers = true)]
    level: Vec<f64>,
    /// Kinds of intervals, the one to report first [default: percentile; of a jackknife: t]
    #[arg(long, value_name = "KINDS", value_delimiter = ',', ignore_case = true)]
    #[arg(value_parser = one_of(IntervalKind::ALL, IntervalKind::word))]
    intervals: Vec<IntervalKind>,
    /// One-tailed bounds and p-values, for the direction of each estimate, or two-tailed [default: two]
    #[arg(long, value_parser = one_of(Tails::ALL, Tails::word), ignore_case = true)]
    tails: Option<Tails>,
    /// Where p-values come from [default: normal; of a jackknife of groups: t]
    #[arg(long, value_parser = one_of(PValue::ALL, PValue::word), ignore_case = true)]
    p_value: Option<PValue>,
    /// Centre normal, t, basic and studentized intervals on the estimate less its bias
    #[arg(long)]
    bias_corrected: bool,
    /// When missing answers are replaced by means [default: each-resample]
    #[arg(long, value_parser = one_of(Imputation::ALL, Imputation::word), ignore_case = true)]
    imputation: Option<Imputation>,
    /// What is done about impossible estimates [default: drop]
    #[arg(long, value_parser = one_of(Inadmissible::ALL, Inadmissible::word), ignore_case = true)]
    inadmissible: Option<Inadmissible>,
    /// What is done about signs in resamples [default: none]
    #[arg(long, value_parser = one_of(SignChange::ALL, SignChange::word), ignore_case = true)]
    sign_change: Option<SignChange>,
    /// Which HTMT is recorded [default: absolute]
    #[arg(long, value_parser = one_of(Htmt::ALL, Htmt::word), ignore_case = true)]
    htmt: Option<Htmt>,
    /// Most memory for the values of all resamples, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2_048)]
    max_memory: usize,
}

impl Resampling {
    /// The settings.
    pub(crate) fn resolve(&self) -> Settings {
        let base = Settings::default();
        let (first, more) = self
            .level
            .split_first()
            .map_or((base.level, Vec::new()), |(first, more)| (*first, more.to_vec()));
        Settings {
            method: self.method.unwrap_or(base.method),
            resamples: self.resamples.map_or(base.resamples, |count| count as usize),
            folds: self.folds.map(|count| count as usize),
            repeats: self.repeats.map(|count| count as usize),
            seed: self.seed.unwrap_or(base.seed),
            level: first,
            more_levels: more,
            intervals: self.intervals.clone(),
            tails: self.tails.unwrap_or(base.tails),
            p_value: self.p_value,
            bias_corrected: self.bias_corrected,
            imputation: self.imputation.unwrap_or(base.imputation),
            inadmissible: self.inadmissible.unwrap_or(base.inadmissible),
            sign_change: self.sign_change.unwrap_or(base.sign_change),
            htmt: self.htmt.unwrap_or(base.htmt),
            max_memory: self.max_memory,
            ..base
        }
    }

    /// The scheme: a method and the groups of the columns named.
    pub(crate) fn scheme(&self, fit: &PlsFit, data: &Data) -> Result<Scheme, Failure> {
        let groups = |column: &Option<String>| -> Result<Option<Groups>, Failure> {
            let Some(column) = column else { return Ok(None) };
            match (data, fit.answers()) {
                (Data::Answers(survey), Some(sample)) => Ok(Some(Groups::of(survey, sample, column)?)),
                _ => Err(Diagnostic::error(
                    "TP0601",
                    "a bootstrap needs the answers, not only their correlations",
                )
                .hint("give the survey file instead of the correlation table")
                .into()),
            }
        };
        let design = Design { strata: groups(&self.strata)?, clusters: groups(&self.cluster)? };
        Ok(self.resolve().scheme(design))
    }

    /// The settings for a job, whose conventions say what is done about HTMT of formative constructs.
    pub(crate) fn settings(&self, job: &Job) -> Settings {
        Settings { formative: job.conventions.formative, ..self.resolve() }
    }

    /// Says which options a jackknife has no use for.
    pub(crate) fn warn_of_unused(&self, console: &Console) {
        if self.method != Some(Method::Jackknife) {
            return;
        }
        if self.folds.is_some() {
            // The seed deals the cases into groups.
            if self.resamples.is_some() {
                console
                    .warn("a jackknife of groups leaves out each group once, `--resamples` does not apply");
            }
            return;
        }
        let typed = [("--resamples", self.resamples.is_some()), ("--seed", self.seed.is_some())];
        for (option, _) in typed.iter().filter(|(_, typed)| *typed) {
            console.warn(&format!("a jackknife leaves out each case once, `{option}` does not apply"));
        }
    }

    /// Runs the bootstrap with a progress bar.
    pub(crate) fn run(&self, fit: &PlsFit, job: &Job, console: &Console) -> Result<Bootstrapped, Failure> {
        self.warn_of_unused(console);
        run(&self.settings(job), fit, &self.scheme(fit, &job.data)?, console)
    }
}

/// Runs a scheme with a progress bar, until Ctrl-C.
pub(crate) fn run(
    settings: &Settings,
    fit: &PlsFit,
    scheme: &Scheme,
    console: &Console,
) -> Result<Bootstrapped, Failure> {
    let resamples = scheme.rows(fit.n()).unwrap_or(settings.resamples);
    // Every resample is looked at once more for its standard errors, which takes much longer.
    let then = settings.wants(IntervalKind::Studentized).then_some("Standard errors");
    let memory = settings.memory(fit, scheme);
    watched(resamples, console, ("Resamples", then, memory), |watch| settings.run_scheme(fit, scheme, watch))
}

/// Runs the test of exact fit with a progress bar, until Ctrl-C.
pub(crate) fn test_fit(
    settings: &Settings,
    fit: &PlsFit,
    scheme: &Scheme,
    console: &Console,
) -> Result<FitTest, Failure> {
    let steps = 2 * scheme.rows(fit.n()).unwrap_or(settings.resamples);
    // Eight distances of each of two models.
    let memory = 8.0 * steps as f64 * 8.0 / 1_048_576.0;
    watched(steps, console, ("Exact fit", None, memory), |watch| settings.test_fit_scheme(fit, scheme, watch))
}

/// Shows a bar of so many steps, and a second one where the same steps are gone through again for something else.
fn watched<T, E>(
    steps: usize,
    console: &Console,
    (what, then, memory): (&'static str, Option<&'static str>, f64),
    run: impl FnOnce(Watch<'_>) -> Result<T, E>,
) -> Result<T, Failure>
where
    Failure: From<E>,
{
    progress::catch_interrupts();
    let bar = progress::bar(steps, console, what, Some(memory));
    let counted = AtomicUsize::new(0);
    let progress = |done| {
        let begins = counted.fetch_add(done, Ordering::Relaxed) == steps;
        if let Some(then) = then.filter(|_| begins) {
            bar.reset();
            bar.set_prefix(console.language().tell(then).into_owned());
        }
        bar.inc(done as u64);
    };
    let result = run(Watch { progress: &progress, stop: &progress::interrupted });
    bar.finish_and_clear();
    Ok(result?)
}
