//! Groups of respondents that are estimated each by itself, for the figures that show them together.

use clap::Args;
use trustpath::diagnostic::Diagnostic;
use trustpath::plot::results::GroupFit;
use trustpath::pls::PlsFit;
use trustpath::resample::Bootstrapped;

use super::bootstrap::{inadmissible, warn_of_interruption};
use super::inputs::{Data, Job};
use super::resampling::{Resampling, run};
use super::{Console, Failure};

/// Smaller groups have fewer distinct resamples than a bootstrap draws: 9 cases have 24,310, 8 have 6,435.
const SMALLEST: usize = 9;
/// Fewer cases than this for every path into a construct are worth a warning (Hair et al. 2022; a rule of thumb).
const PER_PATH: usize = 10;
/// More groups than these cannot be told apart on one path.
const MOST: usize = 6;

/// Which groups are shown together.
#[derive(Debug, Args)]
#[command(next_help_heading = "Figure")]
pub(crate) struct Grouping {
    /// Estimate the model in every group of this column and show them together (path diagram, forest); `COLUMN=A,B` takes some of the groups, in this order
    #[arg(long, value_name = "COLUMN")]
    groups: Option<String>,
}

/// The groups of a column.
#[derive(Debug)]
pub(crate) struct Grouped {
    pub(crate) column: String,
    runs: Vec<GroupRun>,
}

/// One group's name, estimate and bootstrap.
#[derive(Debug)]
struct GroupRun {
    name: String,
    fit: PlsFit,
    boot: Option<Bootstrapped>,
}

impl Grouped {
    /// The groups, for a figure.
    pub(crate) fn fits(&self) -> Vec<GroupFit<'_>> {
        self.runs
            .iter()
            .map(|run| GroupFit { name: &run.name, fit: &run.fit, boot: run.boot.as_ref() })
            .collect()
    }
}

impl Grouping {
    /// Whether groups were asked for.
    pub(crate) fn is_some(&self) -> bool {
        self.groups.is_some()
    }

    /// Estimates the model in every group; with `resampling`, bootstraps it, the first group by the seed that was asked for,
    /// the others by those that follow it.
    pub(crate) fn run(
        &self,
        job: &Job,
        resampling: Option<&Resampling>,
        console: &Console,
    ) -> Result<Option<Grouped>, Failure> {
        let Some(typed) = &self.groups else { return Ok(None) };
        let Data::Answers(survey) = &job.data else {
            let problem = Diagnostic::error("TP0003", "groups need the answers, not only their correlations");
            return Err(problem.hint("give the survey file instead of the correlation table").into());
        };
        let (column, chosen) = match typed.split_once('=') {
            Some((column, names)) if survey.column(typed).is_none() => {
                (column, names.split(',').map(|name| name.trim().to_owned()).collect())
            }
            _ => (typed.as_str(), Vec::new()),
        };
        let split = survey.split(column, &chosen, &job.settings.data.missing_codes)?;
        if split.groups.len() > MOST {
            let message =
                format!("`{column}` has {} groups; at most {MOST} are drawn together", split.groups.len());
            let names: Vec<&str> = split.groups.iter().take(2).map(|(name, _)| name.as_str()).collect();
            return Err(Diagnostic::error("TP0244", message)
                .hint(format!("choose some: `--groups '{column}={}'`", names.join(",")))
                .into());
        }
        let size = |cases: usize| format!("{cases} case{}", if cases == 1 { "" } else { "s" });
        let small: Vec<Diagnostic> = split
            .groups
            .iter()
            .filter(|(_, cases)| cases.len() < SMALLEST)
            .map(|(name, cases)| {
                let message = format!(
                    "the group `{name}` of `{column}` is too small: it has {}, and at least {SMALLEST} are needed",
                    size(cases.len())
                );
                let problem =
                    Diagnostic::error("TP0244", message).in_file(&survey.file, None, Some(column));
                problem.hint(format!("choose the others: `--groups '{column}=…'`"))
            })
            .collect();
        if !small.is_empty() {
            return Err(Failure::Bad(small));
        }
        for (cases, why) in [(split.without, "without an answer in"), (split.others, "of other groups of")] {
            if cases > 0 {
                console.warn(&format!("{} {why} `{column}` left out", size(cases)));
            }
        }
        let mut runs = Vec::new();
        for (at, (name, cases)) in split.groups.iter().enumerate() {
            let who = format!("group `{name}` of `{column}` ({})", size(cases.len()));
            let part = Job {
                model_file: job.model_file.clone(),
                model: job.model.clone(),
                data: Data::Answers(survey.of_cases(cases)),
                settings: job.settings.clone(),
                conventions: job.conventions,
                thresholds: job.thresholds.clone(),
            };
            let fit = part.fit().map_err(|failure| inside(failure, &who))?;
            for words in part.assess(&fit).banner() {
                console.warn(&format!("{who}: {words}"));
            }
            if let Some(words) = few(&fit) {
                console.warn(&format!("{who}: {words}"));
            }
            let boot = match resampling {
                Some(resampling) => {
                    let mut settings = resampling.settings(&part);
                    settings.seed = settings.seed.wrapping_add(at as u64);
                    let scheme = resampling.scheme(&fit, &part.data)?;
                    let boot =
                        run(&settings, &fit, &scheme, console).map_err(|failure| inside(failure, &who))?;
                    for words in [inadmissible(&boot), boot.few()].into_iter().flatten() {
                        console.warn(&format!("{who}: {words}"));
                    }
                    warn_of_interruption(console, &boot);
                    Some(boot)
                }
                None => None,
            };
            runs.push(GroupRun { name: name.clone(), fit, boot });
        }
        Ok(Some(Grouped { column: column.to_owned(), runs }))
    }
}

/// Says in which group something went wrong.
fn inside(failure: Failure, who: &str) -> Failure {
    match failure {
        Failure::Bad(problems) => {
            Failure::Bad(problems.into_iter().map(|problem| problem.hint(format!("in the {who}"))).collect())
        }
        broken @ Failure::BrokenPipe => broken,
    }
}

/// Words about a group with few cases for the paths of its model.
fn few(fit: &PlsFit) -> Option<String> {
    let paths = fit.model.paths();
    let into = |to| paths.iter().filter(|path| path.to == to).count();
    let (to, most) = paths.iter().map(|path| (path.to, into(path.to))).max_by_key(|(_, count)| *count)?;
    (fit.n() < PER_PATH * most).then(|| {
        format!(
            "fewer than {PER_PATH} cases for each of the {most} paths into `{}`, so they are uncertain",
            fit.model.construct(to).name
        )
    })
}
