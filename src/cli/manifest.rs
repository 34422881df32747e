//! The manifest of a run: what a reader needs to repeat it, and how to know that it was repeated.
//!
//! It holds the version, the command without what only says where output goes, the fingerprint of every file read, seed,
//! generator and count, and the fingerprint of all resampled values. `trustpath rerun` takes it from there.

use std::path::Path;

use serde::{Deserialize, Serialize};
use trustpath::diagnostic::Diagnostic;
use trustpath::resample::Bootstrapped;
use trustpath::survey::fingerprint;

use super::command;
use super::failure::{Failure, plain, unreadable};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputFile {
    /// As it was named on the command line.
    pub(crate) file: String,
    /// FNV-1a hash of its bytes.
    pub(crate) fingerprint: String,
}

/// What repeats a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Version of the program.
    pub(crate) trustpath: String,
    /// The verb and its words, without options of the output.
    pub(crate) command: Vec<String>,
    /// Files read.
    pub(crate) files: Vec<InputFile>,
    /// Seed, if one was used.
    pub(crate) seed: Option<u64>,
    /// Where random numbers came from.
    pub(crate) generator: String,
    /// Resamples that were finished.
    pub(crate) resamples: usize,
    /// Fingerprint of every resampled value.
    pub(crate) draws: String,
}

/// Options that only say where and how output is written, with whether a value follows.
const OUTPUT: [(&str, bool); 10] = [
    ("--output", true),
    ("-o", true),
    ("--format", true),
    ("-f", true),
    ("--threads", true),
    ("--manifest", true),
    ("--save-resamples", true),
    ("--quiet", false),
    ("-q", false),
    ("--no-color", false),
];

/// The words of a command without those of its output; an interrupted run asks for what it finished.
fn lasting(words: impl IntoIterator<Item = String>, finished: Option<usize>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        let replaced = finished.is_some() && name == "--resamples";
        let output = OUTPUT.iter().find(|(option, _)| *option == name).map(|(_, valued)| *valued);
        // `-ofile` and `-fjson` carry their value.
        let glued =
            word.len() > 2 && !word.starts_with("--") && ["-o", "-f"].iter().any(|s| word.starts_with(s));
        match output {
            _ if glued => {}
            Some(valued) => {
                if valued && !word.contains('=') {
                    words.next();
                }
            }
            None if replaced => {
                if !word.contains('=') {
                    words.next();
                }
            }
            None => kept.push(word),
        }
    }
    if let Some(finished) = finished {
        kept.extend(["--resamples".to_owned(), finished.to_string()]);
    }
    kept
}

impl Manifest {
    /// The manifest of this run.
    pub(crate) fn of(boot: &Bootstrapped, files: &[&Path]) -> Result<Self, Failure> {
        let files = files.iter().map(|file| InputFile::of(file)).collect::<Result<_, _>>()?;
        let seed = boot.is_seeded().then_some(boot.settings.seed);
        Ok(Self {
            trustpath: env!("CARGO_PKG_VERSION").to_owned(),
            command: lasting(command::typed(), boot.interrupted.map(|_| boot.requested)),
            files,
            seed,
            generator: boot.generator.to_owned(),
            resamples: boot.requested,
            draws: boot.fingerprint(),
        })
    }

    /// Reads a manifest, alone or as the key `manifest` of a result.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let text =
            std::fs::read_to_string(file).map_err(|error| unreadable(&name, &plain(&error.to_string())))?;
        let broken = |why: String| -> Failure {
            Diagnostic::error("TP0014", format!("`{name}` is no manifest: {why}"))
                .hint("write one with `trustpath bootstrap … --manifest FILE`, or take a result in JSON")
                .into()
        };
        let mut json: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        let inner = json.get_mut("manifest").map(serde_json::Value::take).unwrap_or(json);
        serde_json::from_value(inner).map_err(|error| broken(error.to_string()))
    }

    /// As it is written.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|error| {
            Diagnostic::error("TP0002", format!("cannot write the manifest: {error}")).into()
        })
    }

    /// Refuses if a file is not what it was.
    pub(crate) fn verify(&self) -> Result<(), Failure> {
        let mut problems = Vec::new();
        for wanted in &self.files {
            match InputFile::of(Path::new(&wanted.file)) {
                Err(Failure::Bad(more)) => problems.extend(more),
                Err(other) => return Err(other),
                Ok(found) if found.fingerprint != wanted.fingerprint => problems.push(
                    Diagnostic::error(
                        "TP0015",
                        format!(
                            "`{}` has the fingerprint {}, but the run saw {}",
                            wanted.file, found.fingerprint, wanted.fingerprint
                        ),
                    )
                    .hint("the file has changed since: find the version that was used"),
                ),
                Ok(_) => {}
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Failure::Bad(problems)) }
    }
}

impl InputFile {
    fn of(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|error| unreadable(&name, &plain(&error.to_string())))?;
        Ok(Self { file: name, fingerprint: fingerprint(&bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::lasting;

    #[test]
    fn what_only_says_where_output_goes_is_left_out() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let typed = "bootstrap m.sem d.csv -o x.json --seed 7 --format=json -q --threads 2 -fjson --level .9";
        assert_eq!(lasting(words(typed), None), words("bootstrap m.sem d.csv --seed 7 --level .9"));
        let typed = "bootstrap m.sem d.csv --resamples 100 --resamples=9";
        assert_eq!(lasting(words(typed), Some(40)), words("bootstrap m.sem d.csv --resamples 40"));
    }
}
