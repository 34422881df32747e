//! The guides tell the truth: every command in them runs, and what they say about numbers is computed.

#![cfg(all(unix, feature = "cli", feature = "report", feature = "office"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;

use trustpath::plan::thresholds;

/// All `sh` blocks of a page, one after the other.
fn commands(page: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(page)).unwrap();
    let mut script = String::from("set -eu\n");
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

/// Runs a page in an empty folder and returns what it wrote there.
fn run(page: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let binary = assert_cmd::cargo::cargo_bin!("trustpath");
    let path =
        format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .arg("-c")
        .arg(commands(page))
        .current_dir(folder.path())
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{page}: {words}");
    (folder, String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_guide_runs() {
    let (folder, shown) = run("GUIDE.md");
    for file in [
        "my-study/report.html",
        "my-study/figure1.svg",
        "my-study/questionnaire.docx",
        "lancelot.svg",
        "internet.csv",
    ] {
        assert!(folder.path().join(file).metadata().is_ok_and(|meta| meta.len() > 500), "{file}");
    }
    assert!(shown.contains("275") && shown.contains("initial-trust-direct"), "{shown}");
}

#[test]
fn the_chinese_guide_runs() {
    let (folder, shown) = run("GUIDE.zh.md");
    assert!(folder.path().join("my-study/report.html").exists());
    assert!(shown.contains("顾客在线初始信任形成机理") && shown.contains("最小样本量为 275"), "{shown}");
}

#[test]
fn both_guides_have_the_same_steps() {
    let steps = |page: &str| commands(page).lines().filter(|line| line.starts_with("trustpath")).count();
    // The Chinese figure of the English guide is the only figure of the Chinese one.
    assert_eq!(steps("GUIDE.md"), steps("GUIDE.zh.md") + 1);
}

#[test]
fn the_commands_of_a_new_study_run() {
    let folder = tempfile::tempdir().unwrap();
    let binary = assert_cmd::cargo::cargo_bin!("trustpath");
    let path =
        format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let script =
        "set -eu; trustpath new M11 s; cd s; sh commands.sh; test -s report.html; test -s diagram.svg";
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_survey_figure_is_computed_as_the_guides_say() {
    let shares = [0.017, 0.057, 0.546, 0.323, 0.057];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mean: f64 = shares.iter().enumerate().map(|(at, share)| (at as f64 + 1.0) * share).sum();
    let square: f64 = shares.iter().enumerate().map(|(at, share)| (at as f64 + 1.0).powi(2) * share).sum();
    let tau = thresholds(&shares);
    let mut numbers: Vec<String> = tau.iter().map(|t| format!("{t:.3}").replace('-', "−")).collect();
    numbers.push(format!("{mean:.3}"));
    numbers.push(format!("{:.3}", (square - mean * mean).sqrt()).trim_start_matches('0').to_owned());
    numbers.push(format!("{:.2}", tau[2] - tau[1]));
    numbers.push(format!("{:.2}", tau[1] - tau[0]));
    for page in ["GUIDE.md", "GUIDE.zh.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for number in &numbers {
            assert!(text.contains(number.as_str()), "{page} lacks {number}");
        }
    }
}
