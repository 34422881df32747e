//! `trustpath bootstrap MODEL DATA`: standard errors, p-values and intervals of everything.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use trustpath::assess::Thresholds;
use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;
use trustpath::resample::{Bootstrap as Settings, Bootstrapped, FitTest, Kind, Scheme};
use trustpath::table::{Table, Verdict, percent};

use super::console::{Format, unwritable};
use super::fit::verdict;
use super::given::{read_indices, read_weights};
use super::inputs::{Answered, Estimation, codebook_beside};
use super::judging::Judging;
use super::manifest::Manifest;
use super::page::{Page, header};
use super::resampling::{Resampling, run, test_fit};
use super::{Console, Failure, Outcome, command, json, progress};

const EXAMPLES: &str = "\
Examples:
  trustpath bootstrap model.sem answers.csv
  trustpath bootstrap model.sem answers.csv --resamples 1000 --seed 7 --tables paths,htmt
  trustpath bootstrap model.sem answers.csv --intervals bca,percentile --level .95,.99
  trustpath bootstrap model.sem answers.csv --contrast 'PU -> ATT - PEOU -> ATT'
  trustpath bootstrap model.sem answers.csv --consistent --fit-test -o bootstrap.json
  trustpath bootstrap model.sem answers.csv --method jackknife --folds 20 --repeats 10
  trustpath bootstrap model.sem answers.csv --indices resamples.csv";

/// More than this share of inadmissible resamples is worth a warning.
const MOST_INADMISSIBLE: f64 = 0.05;

/// Fewer clusters than this are worth a warning.
const FEW_CLUSTERS: usize = 30;

/// Estimate a model and bootstrap it: standard errors, p-values, intervals
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Bootstrap {
    #[command(flatten)]
    inputs: Answered,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
    #[command(flatten)]
    judging: Judging,
    /// Difference of two paths or chains, such as `A -> C - B -> C` (repeatable)
    #[arg(long, value_name = "EFFECTS", help_heading = "Bootstrap")]
    contrast: Vec<String>,
    /// Record only these families, separated by commas [default: all but d-uls, d-g, d-ml]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = families(false))]
    #[arg(help_heading = "Bootstrap", hide_possible_values = true)]
    record: Vec<Choice>,
    /// Test exact fit as well: SRMR, d_ULS, d_G, d_ML where the model holds
    #[arg(long, help_heading = "Bootstrap")]
    fit_test: bool,
    /// Take these resamples: one per line, as many case numbers as cases are used, counted from 0
    #[arg(long, value_name = "FILE", help_heading = "Bootstrap")]
    #[arg(conflicts_with_all = ["resamples", "folds", "repeats", "seed", "method", "strata", "cluster", "case_weights"])]
    indices: Option<PathBuf>,
    /// Take these resamples: one per line, a weight for every case used
    #[arg(long, value_name = "FILE", help_heading = "Bootstrap")]
    #[arg(conflicts_with_all = ["resamples", "folds", "repeats", "seed", "method", "strata", "cluster"])]
    case_weights: Option<PathBuf>,
    /// Tables to show, separated by commas, or `all` [default: paths]; one alone makes pure CSV
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = families(true))]
    #[arg(help_heading = "Output")]
    tables: Vec<Choice>,
    /// Write number, status and values of every resample to a file (.parquet or .csv)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    save_resamples: Option<PathBuf>,
    /// Write what `trustpath rerun` needs to repeat this run
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    manifest: Option<PathBuf>,
    /// Exit with 1 if the weights did not settle, the estimate is inadmissible, or too many resamples are (rule X11)
    #[arg(long, help_heading = "Output")]
    strict: bool,
}

/// One family, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    All,
    One(Kind),
}

/// Names of families with hyphens; underscores, as in JSON, are understood as well.
fn families(all: bool) -> impl TypedValueParser<Value = Choice> {
    let names = Kind::ALL.iter().map(|kind| clap::builder::PossibleValue::new(kind.word()).alias(kind.key()));
    let all = all.then(|| clap::builder::PossibleValue::new("all"));
    PossibleValuesParser::new(all.into_iter().chain(names)).try_map(|typed| {
        let key = typed.replace('-', "_");
        match Kind::ALL.iter().find(|kind| kind.key() == key) {
            Some(kind) => Ok(Choice::One(*kind)),
            // clap has checked the word already.
            None if typed == "all" => Ok(Choice::All),
            None => Err(format!("`{typed}` is no table")),
        }
    })
}

impl Bootstrap {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        self.repeat(console, None)
    }

    /// Runs; if this repeats the run of a manifest, says whether the resampled values are the same.
    pub(crate) fn repeat(&self, console: &Console, repeated: Option<&Manifest>) -> Result<Outcome, Failure> {
        let format = console.format()?;
        let [model, data] = self.inputs.files();
        let given = self.indices.as_deref().or(self.case_weights.as_deref());
        let read = [model, data, given];
        let written = [&self.save_resamples, &self.manifest].into_iter().flatten();
        console.protect(&read, written.map(PathBuf::as_path))?;
        if let Some(file) = &self.save_resamples {
            Saved::of(file)?;
        }
        let job = self.judging.open(&self.inputs.inputs(), &self.estimation)?;
        let fit = job.fit()?;
        let settings = Settings { formative: job.conventions.formative, ..self.settings() };
        let scheme = match (&self.indices, &self.case_weights) {
            (Some(file), _) => Scheme::Indices(read_indices(file, &fit)?),
            (None, Some(file)) => Scheme::Weights(read_weights(file, &fit)?),
            (None, None) => self.resampling.scheme(&fit, &job.data)?,
        };
        // Of an interrupted run only what was finished is repeated.
        let scheme = match repeated {
            Some(run) => of_given(scheme, run.resamples),
            None => scheme,
        };
        self.resampling.warn_of_unused(console);
        let boot = run(&settings, &fit, &scheme, console)?.judged_by(&job.thresholds);
        warn_of_few_clusters(console, &scheme);
        let test =
            self.fit_test.then(|| Test::run(&settings, &fit, &scheme, console, repeated)).transpose()?;
        let fit_test = test.as_ref().and_then(|test| test.found.as_ref());
        let assessment = job.assess(&fit);
        Page::warn(console, format, &assessment);
        warn_of_inadmissible(console, &boot);
        warn_of_few(console, &boot);
        warn_of_interruption(console, &boot);
        if let Some(test) = &test {
            test.warn_of_interruption(console);
        }
        let object = || {
            let mut object = json::bootstrap(&job, &fit, &assessment, &boot);
            if let Some(test) = fit_test {
                object.insert("fit_test".into(), json::value(test));
            }
            object
        };
        let wanted =
            repeated.is_some() || self.manifest.is_some() || format == Format::Json || self.saves_manifest();
        let manifest = if wanted {
            let codebook = codebook_beside(&self.inputs.model);
            let files: Vec<&Path> = read.into_iter().flatten().chain(codebook.as_deref()).collect();
            let tested = test.as_ref().map(Test::finished);
            let mut manifest = Manifest::of(&boot, tested, &files, &object())?;
            if let Some(repeated) = repeated {
                manifest.command.clone_from(&repeated.command);
            }
            Some(manifest)
        } else {
            None
        };
        if !command::is_unicode() && (self.manifest.is_some() || format == Format::Json) {
            console
                .warn("a file name is no Unicode, so that `rerun` cannot repeat this run: rename the file");
        }
        if format == Format::Json {
            if !self.tables.is_empty() {
                console.warn("JSON holds everything, `--tables` does not apply");
            }
            let mut object = object();
            object.insert("manifest".into(), json::value(&manifest));
            console.write(&json::text(&object))?;
        } else {
            let mut header = header(&job, &fit);
            header.push(("Bootstrap", boot.accounting()));
            let tables = self.chosen(&boot, fit_test);
            console.write(&Page { banner: assessment.banner(), header, tables }.render(format))?;
            if self.tables.is_empty() && format == Format::Text {
                console.note("everything else: `--tables all`, or some of loadings, htmt, r-squared, …");
            }
        }
        if let Some(file) = &self.save_resamples {
            let shown = file.display().to_string();
            let out = std::fs::File::create(file).map_err(|error| unwritable(&shown, &error))?;
            let out = BufWriter::new(out);
            let written = match Saved::of(file)? {
                Saved::Csv => boot.write_csv(out),
                #[cfg(feature = "parquet")]
                Saved::Parquet => {
                    let text = manifest.as_ref().map(Manifest::text).transpose()?.unwrap_or_default();
                    boot.write_parquet(out, &[("manifest", text)])
                }
            };
            written.map_err(|error| unwritable(&shown, &error))?;
            console.note(&format!("wrote `{shown}`"));
        }
        if let (Some(file), Some(manifest)) = (&self.manifest, &manifest) {
            console.write_file(file, &manifest.text()?)?;
        }
        if let (Some(repeated), Some(manifest)) = (repeated, &manifest) {
            repeated.compare(manifest, console);
        }
        if boot.interrupted.is_some() || test.is_some_and(|test| test.interrupted) {
            return Ok(Outcome::Interrupted);
        }
        if refuses(console, self.strict, &job.thresholds, &boot) {
            return Ok(Outcome::Refused);
        }
        Ok(verdict(console, self.strict, &fit, &assessment))
    }

    /// The files that are read, each with the option that says where it lies.
    pub(crate) fn read_files(&mut self) -> Vec<(&'static str, &mut PathBuf)> {
        let mut files = vec![("--model", &mut self.inputs.model), ("--data", &mut self.inputs.data)];
        files.extend(self.indices.as_mut().map(|file| ("--indices", file)));
        files.extend(self.case_weights.as_mut().map(|file| ("--case-weights", file)));
        files
    }

    /// Whether the file of resamples holds the manifest.
    fn saves_manifest(&self) -> bool {
        self.save_resamples.as_deref().and_then(|file| Saved::of(file).ok()).is_some_and(
            |saved| match saved {
                Saved::Csv => false,
                #[cfg(feature = "parquet")]
                Saved::Parquet => true,
            },
        )
    }

    fn settings(&self) -> Settings {
        let kinds = |choices: &[Choice]| {
            let one = |choice: &Choice| if let Choice::One(kind) = choice { Some(*kind) } else { None };
            choices.iter().filter_map(one).collect::<Vec<Kind>>()
        };
        let mut record = kinds(&self.record);
        // What is to be shown must be recorded, and what was asked for is not forgotten.
        if !record.is_empty() {
            record.extend(kinds(&self.tables));
            record.push(Kind::Path);
        } else if self
            .tables
            .iter()
            .any(|choice| matches!(choice, Choice::One(Kind::DUls | Kind::DG | Kind::DMl)))
        {
            record = Kind::ALL.to_vec();
        }
        if !record.is_empty() && !self.contrast.is_empty() {
            record.push(Kind::Contrast);
        }
        Settings { contrasts: self.contrast.clone(), record, ..self.resampling.resolve() }
    }

    /// The tables asked for; paths, and what they would mislead without.
    fn chosen(&self, boot: &Bootstrapped, fit_test: Option<&FitTest>) -> Vec<Table> {
        let all = self.tables.contains(&Choice::All);
        let wanted = |kind: Kind| {
            let alone = self.tables.is_empty() && matches!(kind, Kind::Path | Kind::Contrast | Kind::Defined);
            all || alone || self.tables.contains(&Choice::One(kind))
        };
        let mut tables = Vec::new();
        for &kind in Kind::ALL.iter().filter(|kind| wanted(**kind)) {
            let table = boot.table(kind);
            let named = self.tables.contains(&Choice::One(kind));
            // A model without mediators has no indirect effect to show.
            if table.rows.is_empty() && !named {
                continue;
            }
            tables.push(if kind == Kind::Path { boot.hypotheses() } else { table });
            tables.extend(boot.intervals_table(kind));
        }
        if (self.tables.is_empty() || all) && boot.inadmissible_share() > MOST_INADMISSIBLE {
            tables.extend(boot.both_treatments());
        }
        tables.extend(fit_test.map(FitTest::table));
        tables
    }
}

/// The first of the resamples of a scheme whose rows are given; others have as many as they are asked for.
fn of_given(mut scheme: Scheme, rows: usize) -> Scheme {
    match &mut scheme {
        Scheme::Indices(all) => all.truncate(rows),
        Scheme::Weights(all) => all.truncate(rows),
        Scheme::Drawn(..) | Scheme::Folds(..) => {}
    }
    scheme
}

/// The test of exact fit that was asked for, and what became of it.
struct Test {
    /// None if not a single resample was finished.
    found: Option<FitTest>,
    /// Whether the run was interrupted before it was complete.
    interrupted: bool,
}

impl Test {
    /// Runs it; if this repeats the run of a manifest, with as many resamples as were finished there.
    fn run(
        settings: &Settings,
        fit: &PlsFit,
        scheme: &Scheme,
        console: &Console,
        repeated: Option<&Manifest>,
    ) -> Result<Self, Failure> {
        let finished = repeated.and_then(|run| run.fit_test);
        if finished == Some(0) {
            return Ok(Self { found: None, interrupted: false });
        }
        if progress::interrupted() {
            return Ok(Self { found: None, interrupted: true });
        }
        let resamples = finished.unwrap_or(settings.resamples);
        let settings = Settings { resamples, ..settings.clone() };
        let repeated = finished.map(|finished| of_given(scheme.clone(), finished));
        let test = test_fit(&settings, fit, repeated.as_ref().unwrap_or(scheme), console)?;
        let interrupted = test.interrupted.is_some();
        Ok(Self { found: Some(test).filter(|test| test.resamples > 0), interrupted })
    }

    /// Resamples of each model that were finished.
    fn finished(&self) -> usize {
        self.found.as_ref().map_or(0, |test| test.resamples)
    }

    fn warn_of_interruption(&self, console: &Console) {
        match &self.found {
            Some(FitTest { resamples, interrupted: Some(asked), .. }) => console.warn(&format!(
                "interrupted after {resamples} of {asked} resamples of the test of exact fit: it stands on those"
            )),
            None if self.interrupted => {
                console.warn(
                    "interrupted before a resample of the test of exact fit was finished: the test is left out",
                );
            }
            _ => {}
        }
    }
}

/// A form in which resampled values are written.
enum Saved {
    Csv,
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Saved {
    /// The form that the extension of a file names.
    fn of(file: &Path) -> Result<Self, Failure> {
        let ends = |wanted: &str| file.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
        if ends("csv") {
            return Ok(Self::Csv);
        }
        #[cfg(feature = "parquet")]
        if ends("parquet") {
            return Ok(Self::Parquet);
        }
        let message = format!("the extension of `{}` picks no form of output", file.display());
        let hint = if cfg!(feature = "parquet") {
            "end it in .parquet or .csv"
        } else {
            "end it in .csv; this program was built without the feature `parquet`"
        };
        Err(Diagnostic::error("TP0003", message).hint(hint).into())
    }
}

/// Too few clusters make standard errors too small.
fn warn_of_few_clusters(console: &Console, scheme: &Scheme) {
    let Some(clusters) = scheme.design().and_then(|design| design.clusters.as_ref()) else { return };
    let units = clusters.len();
    if units < FEW_CLUSTERS {
        console.warn(&format!(
            "{units} clusters are few: with less than {FEW_CLUSTERS} standard errors tend to be too small \
             (Cameron, Gelbach & Miller 2008)"
        ));
    }
}

/// Words about resamples without a possible estimate, if there are many.
pub(crate) fn inadmissible(boot: &Bootstrapped) -> Option<String> {
    let share = boot.inadmissible_share();
    (share > MOST_INADMISSIBLE).then(|| {
        let look = boot.culprits.first().map_or_else(
            || "Look for the construct that causes them".to_owned(),
            |culprit| format!("Look at `{}` first", culprit.name),
        );
        format!(
            "{:.0} % of the resamples are inadmissible ({}); intervals from the rest are too narrow. {look}",
            share * 100.0,
            boot.lost()
        )
    })
}

pub(crate) fn warn_of_inadmissible(console: &Console, boot: &Bootstrapped) {
    if let Some(words) = inadmissible(boot) {
        console.warn(&words);
    }
}

pub(crate) fn warn_of_few(console: &Console, boot: &Bootstrapped) {
    if let Some(words) = boot.few() {
        console.warn(&words);
    }
}

/// Whether `--strict` refuses what became of the resamples.
pub(crate) fn refuses(console: &Console, strict: bool, thresholds: &Thresholds, boot: &Bootstrapped) -> bool {
    let share = boot.inadmissible_share();
    let refused = strict && matches!(boot.verdict(thresholds), Verdict::Check | Verdict::Fail);
    if refused {
        console.refuse(&format!(
            "{} % of the resamples are inadmissible (`--strict`, rule X11)",
            percent((share * 1000.0).round() / 1000.0)
        ));
    }
    refused
}

pub(crate) fn warn_of_interruption(console: &Console, boot: &Bootstrapped) {
    if let Some(asked) = boot.interrupted {
        console.warn(&format!(
            "interrupted after {} of {asked} resamples: the result stands on those",
            boot.requested
        ));
    }
}
