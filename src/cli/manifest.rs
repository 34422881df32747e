//! The manifest of a run: what a reader needs to repeat it, and how to know that it was repeated.
//!
//! It holds the version, the command without what only says where output goes, the fingerprint of every file read, seed,
//! generator and count, all settings, and the fingerprints of the resampled values and of what is reported. `trustpath rerun`
//! takes it from there.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trustpath::diagnostic::Diagnostic;
use trustpath::resample::{Bootstrapped, Method};
use trustpath::survey::fingerprint;

use super::failure::{Failure, plain, unreadable};
use super::{Console, command, json};

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
    /// Those of the test of exact fit, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fit_test: Option<usize>,
    /// Fingerprint of every resampled value.
    pub(crate) draws: String,
    /// Settings of the estimate and of the bootstrap.
    #[serde(default)]
    pub(crate) settings: Map<String, Value>,
    /// Fingerprint of everything that is reported, without the names of files.
    #[serde(default)]
    pub(crate) results: String,
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
    pub(crate) fn of(
        boot: &Bootstrapped,
        fit_test: Option<usize>,
        files: &[&Path],
        result: &Map<String, Value>,
    ) -> Result<Self, Failure> {
        let files = files.iter().map(|file| InputFile::of(file)).collect::<Result<_, _>>()?;
        // Given resamples and those of a jackknife are as many as there are.
        let drawn = boot.is_seeded() && boot.settings.method != Method::Jackknife;
        let finished = boot.interrupted.filter(|_| drawn).map(|_| boot.requested);
        let seed = boot.is_seeded().then_some(boot.settings.seed);
        Ok(Self {
            trustpath: env!("CARGO_PKG_VERSION").to_owned(),
            command: lasting(command::typed(), finished),
            files,
            seed,
            generator: boot.generator.to_owned(),
            resamples: boot.requested,
            fit_test,
            draws: boot.fingerprint(),
            settings: settings(boot, finished, result),
            results: fingerprint(json::text(&reported(result)).as_bytes()),
        })
    }

    /// Says of a repetition whether it is the run of this manifest, and if not, what differs.
    pub(crate) fn compare(&self, again: &Self, console: &Console) {
        let mut differs = Vec::new();
        let shown = |seed: Option<u64>| seed.map_or("none".to_owned(), |seed| seed.to_string());
        let pairs = [
            ("seed", shown(self.seed), shown(again.seed)),
            ("generator", self.generator.clone(), again.generator.clone()),
            ("resamples", self.resamples.to_string(), again.resamples.to_string()),
        ];
        for (what, before, now) in pairs {
            if before != now {
                differs.push(format!("`{what}` is {now} here, {before} in the manifest"));
            }
        }
        // Manifests of older versions hold no settings.
        for (name, now) in again.settings.iter().filter(|_| !self.settings.is_empty()) {
            let before = self.settings.get(name).unwrap_or(&Value::Null);
            let told = pairs_hold(name) && !differs.is_empty();
            if before != now && !told {
                differs.push(format!("the setting `{name}` is {now} here, {before} in the manifest"));
            }
        }
        let same_draws = self.draws == again.draws;
        if !same_draws {
            differs.push("resampled values differ".to_owned());
        }
        let same_results = self.results.is_empty() || self.results == again.results;
        if !same_results {
            differs.push("results differ".to_owned());
        }
        if differs.is_empty() {
            console.note(if self.results.is_empty() {
                "every resampled value is the same to the last bit"
            } else {
                "every resampled value and every result is the same to the last bit"
            });
            return;
        }
        if same_draws && !same_results {
            differs.push("the resampled values themselves do not".to_owned());
        }
        console.warn(&format!("this is not the run of the manifest: {}", differs.join("; ")));
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

    /// What is recorded of the file that the command names so.
    pub(crate) fn file(&self, named: &Path) -> Option<&InputFile> {
        let name = named.display().to_string();
        self.files.iter().find(|file| file.file == name)
    }
}

/// Whether a setting is told of by the manifest itself as well.
fn pairs_hold(name: &str) -> bool {
    matches!(name, "seed" | "resamples")
}

/// The settings in force; an interrupted run asks for what it finished.
fn settings(boot: &Bootstrapped, finished: Option<usize>, result: &Map<String, Value>) -> Map<String, Value> {
    let part = |value: Value| value.as_object().cloned().unwrap_or_default();
    let mut all = part(result.get("settings").cloned().unwrap_or_default());
    all.extend(part(json::value(&boot.settings)));
    if let Some(finished) = finished {
        all.insert("resamples".into(), finished.into());
    }
    // How much memory was allowed changes no number.
    all.remove("max_memory");
    all
}

/// What is reported, without what names files or tells how the run went.
fn reported(result: &Map<String, Value>) -> Map<String, Value> {
    let silent = ["title", "data", "bootstrap"];
    let told = result.iter().filter(|(key, _)| !silent.contains(&key.as_str()));
    let mut told: Map<String, Value> = told.map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Some(Value::Object(test)) = told.get_mut("fit_test") {
        test.remove("interrupted");
    }
    told
}

impl InputFile {
    pub(crate) fn of(file: &Path) -> Result<Self, Failure> {
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
