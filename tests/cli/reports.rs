//! Reports: one file that loads nothing, on the example and on real surveys.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::{Path, PathBuf};

use crate::{example, output};

fn stderr(run: &std::process::Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// A file that a browser shows without a network, and in which nothing went wrong.
fn sound(html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>") || html.starts_with("<!doctype html>"));
    for forbidden in ["NaN", "src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for part in ["id=\"verdict\"", "id=\"diagram\"", "id=\"method\"", "<svg", "<caption"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn the_first_command_of_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.html");
    let words = format!(
        "report models/initial-trust.sem data/initial-trust.csv --resamples 500 -o {}",
        target.display()
    );
    let run = example(&words);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let html = std::fs::read_to_string(&target).unwrap();
    sound(&html);
    for words in ["Online initial trust", "顾客在线初始信任形成机理", "seed 42", "962f0df8dac22e43", "H10"]
    {
        assert!(html.contains(words), "{words}");
    }
    // The same command makes the same file.
    let again = example(&words);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), html);
}

#[test]
fn real_surveys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reference = std::env::var_os("TRUSTPATH_REFERENCE")
        .map_or_else(|| root.join("../shared/reference"), PathBuf::from);
    for name in
        ["mobi", "corp_rep", "csem-satisfaction", "influencer", "trust-utaut2-trello", "trust-tra-condom"]
    {
        let data = reference.join("data").join(format!("{name}.csv"));
        if !data.is_file() {
            eprintln!("skipped: no survey {name}.csv at hand (set TRUSTPATH_REFERENCE)");
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let words = format!(
            "report {} {} --missing-code -99 --resamples 200 -o report.html",
            root.join("tests/surveys").join(format!("{name}.sem")).display(),
            data.display()
        );
        let run = output(folder.path(), &words, &[]);
        assert_eq!(run.status.code(), Some(0), "{name}: {}", stderr(&run));
        sound(&std::fs::read_to_string(folder.path().join("report.html")).unwrap());
    }
}

#[test]
fn a_correlation_table_makes_a_report_without_intervals() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.sem"), "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n").unwrap();
    let table = ",a1,a2,b1,b2\na1,1,,,\na2,.6,1,,\nb1,.3,.35,1,\nb2,.25,.3,.5,1\n";
    std::fs::write(folder.path().join("r.csv"), table).unwrap();
    let run = output(folder.path(), "report m.sem --correlations r.csv --n 200", &[]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    sound(&String::from_utf8_lossy(&run.stdout));
}
