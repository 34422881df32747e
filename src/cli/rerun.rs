//! `trustpath rerun MANIFEST`: the same run once more.

use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches};
use trustpath::diagnostic::Diagnostic;

use super::manifest::Manifest;
use super::{Cli, Console, Failure, Outcome, Verb};

const EXAMPLES: &str = "\
Examples:
  trustpath bootstrap model.sem answers.csv --manifest run.json
  trustpath rerun run.json
  trustpath rerun bootstrap.json -o again.json";

/// Repeat a bootstrap from its manifest, or from its result in JSON
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rerun {
    /// File that `--manifest` wrote, or a result in JSON; files are looked for where they lay
    manifest: PathBuf,
}

impl Rerun {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        let manifest = Manifest::read(&self.manifest)?;
        console.protect(&[Some(&self.manifest)], None)?;
        manifest.verify()?;
        let version = env!("CARGO_PKG_VERSION");
        if manifest.trustpath != version {
            console.warn(&format!(
                "the run was made by trustpath {}, this is {version}: numbers may differ in their last digits",
                manifest.trustpath
            ));
        }
        let words = std::iter::once("trustpath".to_owned()).chain(manifest.command.iter().cloned());
        let matches =
            Cli::command().try_get_matches_from(words).and_then(|found| Cli::from_arg_matches(&found));
        match matches {
            Ok(Cli { verb: Verb::Bootstrap(bootstrap), .. }) => bootstrap.repeat(console, Some(&manifest)),
            Ok(_) => Err(unusable(&self.manifest, "its command is no bootstrap")),
            Err(error) => {
                let words = error.to_string();
                let first = words.lines().next().unwrap_or_default();
                Err(unusable(&self.manifest, first.trim_start_matches("error: ")))
            }
        }
    }
}

fn unusable(file: &std::path::Path, why: &str) -> Failure {
    Diagnostic::error("TP0014", format!("`{}` is no manifest that can be repeated: {why}", file.display()))
        .hint("write one with `trustpath bootstrap … --manifest FILE`")
        .into()
}
