//! The real binary: exit code, standard output and standard error, word by word.
//!
//! Every test writes its input into a folder of its own and runs the binary there, so that file names in messages
//! are short and the same on every machine.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a run that cannot even be started should fail its test")]

mod bad_data;
mod bad_model;
mod chinese;
mod chinese_errors;
#[path = "../common/mod.rs"]
mod common;
mod effects;
#[cfg(feature = "plots")]
mod figures;
mod folds;
mod good_runs;
mod options;
mod planning;
#[cfg(feature = "report")]
mod reports;
mod resampling;
mod rules;
mod sem;
mod specification;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// Two constructs, three items each, one path.
const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n";

/// A folder with the files of one study.
struct Study(TempDir);

impl Study {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Model and answers of two constructs.
    fn small() -> Self {
        Self::new().with("m.sem", MODEL).with("d.csv", answers(40).csv())
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.0.path().join(name), content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn run(&self, words: &str) -> String {
        shown(&output(self.0.path(), words, &[]))
    }
}

/// Runs the binary in a folder; words are separated by blanks.
fn output(folder: &Path, words: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("trustpath"));
    command.current_dir(folder).args(words.split_whitespace());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TRUSTPATH_THREADS", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

/// Runs the binary where the example lies.
fn example(words: &str) -> Output {
    output(Path::new(env!("CARGO_MANIFEST_DIR")), words, &[])
}

/// Exit code and both streams as one text.
fn shown(output: &Output) -> String {
    let mut text = format!("exit code: {}\n", output.status.code().unwrap_or(-1));
    for (name, stream) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        writeln!(text, "----- {name} -----").unwrap();
        text.push_str(std::str::from_utf8(stream).unwrap());
    }
    text
}

/// A snapshot without the version, which changes with every release.
macro_rules! snapshot {
    ($shown:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(true);
        settings.set_omit_expression(true);
        settings.add_filter(r"trustpath \d+\.\d+\.\d+", "trustpath [VERSION]");
        settings.add_filter(r#""trustpath": "\d+\.\d+\.\d+""#, r#""trustpath": "[VERSION]""#);
        // The name under which the system starts the binary.
        settings.add_filter(r"trustpath\.exe", "trustpath");
        settings.bind(|| insta::assert_snapshot!($shown));
    }};
}
use snapshot;

/// A table of cells that a test can spoil.
struct Answers {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Answers from 1 to 7 to `a1 … b3`: a fixed sequence, the two constructs correlated.
fn answers(cases: usize) -> Answers {
    let mut state = 12_345_u32;
    let mut uniform = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1_u32 << 24)
    };
    let header = ["a1", "a2", "a3", "b1", "b2", "b3"].map(str::to_owned).to_vec();
    let rows = (0..cases)
        .map(|_| {
            let a = 4.0 * uniform();
            let b = 0.6 * a + 2.0 * uniform();
            let mut answer =
                |trait_: f64| ((1.0 + trait_ + 3.0 * uniform()).round().clamp(1.0, 7.0)).to_string();
            vec![answer(a), answer(a), answer(a), answer(b), answer(b), answer(b)]
        })
        .collect();
    Answers { header, rows }
}

impl Answers {
    /// One cell, rows and columns from 0.
    fn set(mut self, row: usize, column: usize, cell: &str) -> Self {
        cell.clone_into(&mut self.rows[row][column]);
        self
    }

    /// One column as a function of its row.
    fn column(mut self, column: usize, cell: impl Fn(&[String]) -> String) -> Self {
        for row in &mut self.rows {
            row[column] = cell(row);
        }
        self
    }

    fn csv(&self) -> String {
        let mut text = self.header.join(",");
        for row in &self.rows {
            text.push('\n');
            text.push_str(&row.join(","));
        }
        text.push('\n');
        text
    }
}
