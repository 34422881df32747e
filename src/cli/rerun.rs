//! `trustpath rerun MANIFEST`: the same run once more.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, FromArgMatches};
use trustpath::diagnostic::Diagnostic;

use super::bootstrap::Bootstrap;
use super::inputs::codebook_beside;
use super::manifest::{InputFile, Manifest};
use super::{Cli, Console, Failure, Outcome, Verb};

const EXAMPLES: &str = "\
Examples:
  trustpath bootstrap model.sem answers.csv --manifest run.json
  trustpath rerun run.json
  trustpath rerun study/run.json --data ~/surveys/answers.csv
  trustpath rerun bootstrap.json -o again.json";

/// Repeat a bootstrap from its manifest, or from its result in JSON
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rerun {
    /// File that `--manifest` wrote, or a result in JSON; files are looked for where they lay, and beside it
    manifest: PathBuf,
    /// Where the model file lies now
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Where the survey file lies now
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

impl Rerun {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let manifest = Manifest::read(&self.manifest)?;
        console.protect(&[Some(&self.manifest)], None)?;
        let mut bootstrap = self.command(&manifest)?;
        self.find_files(&manifest, &mut bootstrap)?;
        let version = env!("CARGO_PKG_VERSION");
        if manifest.trustpath != version {
            console.warn(&format!(
                "the run was made by trustpath {}, this is {version}: numbers may differ in their last digits",
                manifest.trustpath
            ));
        }
        bootstrap.repeat(console, Some(&manifest))
    }

    /// The command of the manifest, read as if it had been typed.
    fn command(&self, manifest: &Manifest) -> Result<Box<Bootstrap>, Failure> {
        let words = std::iter::once("trustpath".to_owned()).chain(manifest.command.iter().cloned());
        let matches =
            Cli::command().try_get_matches_from(words).and_then(|found| Cli::from_arg_matches(&found));
        match matches {
            Ok(Cli { verb: Verb::Bootstrap(bootstrap), .. }) => Ok(Box::new(bootstrap)),
            Ok(_) => Err(unusable(&self.manifest, "its command is no bootstrap")),
            Err(error) => {
                let words = error.to_string();
                let first = words.lines().next().unwrap_or_default();
                Err(unusable(&self.manifest, first.trim_start_matches("error: ")))
            }
        }
    }

    /// Puts the files that the command reads where they lie now, and refuses if one is not what it was.
    fn find_files(&self, manifest: &Manifest, bootstrap: &mut Bootstrap) -> Result<(), Failure> {
        let mut problems = Vec::new();
        let mut known = Vec::new();
        let mut model = PathBuf::new();
        for (option, file) in bootstrap.read_files() {
            let Some(wanted) = manifest.file(file) else {
                let why = format!("it has no fingerprint of `{}`", file.display());
                return Err(unusable(&self.manifest, &why));
            };
            known.push(wanted.file.clone());
            let told = match option {
                "--model" => self.model.as_deref(),
                "--data" => self.data.as_deref(),
                _ => None,
            };
            match self.find(wanted, file, told, option) {
                Ok(found) => *file = found,
                Err(Failure::Bad(more)) => problems.extend(more),
                Err(other) => return Err(other),
            }
            if option == "--model" {
                model.clone_from(file);
            }
        }
        // The codebook lies where the model file says.
        let codebook = manifest.files.iter().find(|file| !known.contains(&file.file));
        if let (Some(wanted), true) = (codebook, problems.is_empty()) {
            let lies = codebook_beside(&model).unwrap_or_else(|| PathBuf::from(&wanted.file));
            let found = InputFile::of(&lies)?;
            if found.fingerprint != wanted.fingerprint {
                problems.push(changed(&found, wanted));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Failure::Bad(problems)) }
    }

    /// Where a file lies: where it is said to, where it lay, or beside the manifest.
    fn find(
        &self,
        wanted: &InputFile,
        typed: &Path,
        told: Option<&Path>,
        option: &str,
    ) -> Result<PathBuf, Failure> {
        let folder = self.manifest.parent().unwrap_or(Path::new(""));
        let mut places = Vec::new();
        if let Some(told) = told {
            places.push(told.to_owned());
        } else {
            places.extend([typed.to_owned(), folder.join(typed)]);
            places.extend(typed.file_name().map(|name| folder.join(name)));
        }
        let mut other = None;
        for place in &places {
            match InputFile::of(place) {
                Ok(found) if found.fingerprint == wanted.fingerprint => return Ok(place.clone()),
                Ok(found) => other = other.or(Some(found)),
                Err(_) => {}
            }
        }
        if let Some(found) = other {
            return Err(changed(&found, wanted).into());
        }
        let nowhere = InputFile::of(places.first().map_or(typed, PathBuf::as_path)).err();
        let say = if matches!(option, "--model" | "--data") {
            format!("say where it lies now: `{option} FILE`")
        } else {
            "put it there, or beside the manifest".to_owned()
        };
        Err(match nowhere {
            Some(Failure::Bad(problems)) => {
                Failure::Bad(problems.into_iter().map(|problem| problem.hint(say.clone())).collect())
            }
            _ => unusable(&self.manifest, "a file cannot be read"),
        })
    }
}

fn changed(found: &InputFile, wanted: &InputFile) -> Diagnostic {
    Diagnostic::error(
        "TP0015",
        format!(
            "`{}` has the fingerprint {}, but the run saw {}",
            found.file, found.fingerprint, wanted.fingerprint
        ),
    )
    .hint("the file has changed since: find the version that was used")
}

fn unusable(file: &Path, why: &str) -> Failure {
    Diagnostic::error("TP0014", format!("`{}` is no manifest that can be repeated: {why}", file.display()))
        .hint("write one with `trustpath bootstrap … --manifest FILE`")
        .into()
}
