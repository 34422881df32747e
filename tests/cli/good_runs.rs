//! Runs that succeed: what stands on the page, and what programs read.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{MODEL, Study, answers, example, output, shown, snapshot};

const EXAMPLE: &str = "models/initial-trust.sem data/initial-trust.csv";

/// Standard output of a run that must succeed, as JSON.
fn parsed(words: &str) -> Value {
    let run = example(words);
    assert_eq!(run.status.code(), Some(0), "{}", shown(&run));
    serde_json::from_slice(&run.stdout).unwrap()
}

#[test]
fn fit_of_the_example() {
    snapshot!(shown(&example(&format!("fit {EXAMPLE}"))));
}

#[test]
fn consistent_fit_of_the_example() {
    snapshot!(shown(&example(&format!("fit {EXAMPLE} --consistent --tables reliability,structure,fit"))));
}

#[test]
fn check_of_the_example() {
    snapshot!(shown(&example(&format!("check {EXAMPLE}"))));
}

#[test]
fn bootstrap_of_the_example() {
    snapshot!(shown(&example(&format!("bootstrap {EXAMPLE} --resamples 200 --seed 1"))));
}

#[test]
fn fit_as_json_keeps_the_contract() {
    let result = parsed(&format!("fit {EXAMPLE} --format json"));
    let keys: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    snapshot!(keys.join("\n"));
    assert_eq!(result["n"], 480);
    assert_eq!(result["converged"], true);
    assert_eq!(result["data"]["account"]["reversed"], serde_json::json!(["SEC4"]));
    let paths = &result["path_coefficients"];
    let row = paths["rows"].as_array().unwrap().iter().position(|name| name == "MOT").unwrap();
    let column = paths["cols"].as_array().unwrap().iter().position(|name| name == "ITR").unwrap();
    let beta = paths["values"][row][column].as_f64().unwrap();
    // One predictor: β² = R², at full precision.
    assert!((beta * beta - result["r_squared"]["values"][4].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!(result["aic"]["names"], result["r_squared"]["names"]);
    assert_eq!(result["bic"]["values"][2], result["criteria"]["ATT"]["bic"]);
    assert_eq!(result["vif_antecedents"]["ITR"]["values"], serde_json::json!([null]));
}

#[test]
fn bootstrap_as_json_keeps_the_contract() {
    let result = parsed(&format!("bootstrap {EXAMPLE} --resamples 200 --seed 1 --format json"));
    let keys: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    snapshot!(keys.join("\n"));
    assert_eq!(result["bootstrap"]["resamples"], 200);
    assert_eq!(result["bootstrap"]["seed"], 1);
    for key in ["paths", "weights", "total_effects", "indirect_effects", "specific_indirect_effects", "htmt"]
    {
        let table = &result[key];
        let columns: Vec<&str> =
            table["columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        assert_eq!(
            &columns[..10],
            ["name", "from", "to", "original", "mean", "sd", "t", "p", "low", "high"],
            "{key}"
        );
        for row in table["rows"].as_array().unwrap() {
            let row = row.as_array().unwrap();
            assert_eq!(row.len(), columns.len(), "{key}");
            assert!(row[8].as_f64().unwrap() <= row[9].as_f64().unwrap(), "{key}: {row:?}");
        }
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let run = |threads: usize| {
        example(&format!("bootstrap {EXAMPLE} --resamples 200 --seed 1 --format json --threads {threads}"))
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one.status.code(), Some(0));
    assert!(one.stdout == two.stdout);
    let other_seed = example(&format!("bootstrap {EXAMPLE} --resamples 200 --seed 2 --format json"));
    assert!(one.stdout != other_seed.stdout);
}

#[test]
fn given_resamples_are_used() {
    // Every case once: each resample is the sample itself.
    let all: Vec<String> = (0..40).map(|case| case.to_string()).collect();
    let lines = format!("{0}\n{0}\n", all.join(" "));
    let study = Study::small().with("i.txt", lines);
    let run = output(study.0.path(), "bootstrap m.sem d.csv --indices i.txt -f json", &[]);
    let result: Value = serde_json::from_slice(&run.stdout).unwrap();
    let path = result["paths"]["rows"][0].as_array().unwrap();
    assert!((path[3].as_f64().unwrap() - path[4].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!(result["bootstrap"]["generator"], "given resamples");
    assert_eq!(result["bootstrap"]["seed"], Value::Null);
}

#[test]
fn hypotheses_stand_beside_their_paths() {
    let model = format!("#@ hypothesis H1 B ~ A +\n{MODEL}");
    let study = Study::small().with("m.sem", model);
    snapshot!(study.run("bootstrap m.sem d.csv --resamples 200 --tables paths,htmt"));
    let study = study.with("m.sem", format!("#@ hypothesis H1 B ~ A -\n{MODEL}"));
    assert!(study.run("bootstrap m.sem d.csv --resamples 200 --tables paths").contains("no: opposite sign"));
}

#[test]
fn what_polychoric_correlations_leave_out_is_not_said_to_be_replaced() {
    let text = shown(&example(&format!("fit {EXAMPLE} --correlation polychoric")));
    assert!(text.contains("167 answers in 145 cases; 167 left out pair by pair"), "{text}");
    assert!(!text.contains("replaced"), "{text}");
}

#[test]
fn hypotheses_are_corrected_for_their_number() {
    let run = example(&format!("bootstrap {EXAMPLE} --resamples 100 --tables paths --format csv"));
    let text = String::from_utf8(run.stdout).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |key: &str| header.iter().position(|column| *column == key).unwrap();
    let mut tests: Vec<(f64, f64)> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[at("p")].parse().unwrap(), cells[at("p_holm")].parse().unwrap())
        })
        .collect();
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(tests.len(), 15);
    let mut largest: f64 = 0.0;
    for (rank, (p, corrected)) in tests.iter().enumerate() {
        largest = largest.max((15 - rank) as f64 * p).min(1.0);
        assert!((corrected - largest).abs() < 1e-12, "{rank}: {p} {corrected} {largest}");
    }
}

#[test]
fn many_inadmissible_resamples_are_warned_of() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(12).csv());
    snapshot!(study.run("bootstrap m.sem d.csv --consistent --resamples 200 --tables paths"));
}

#[test]
fn strict_refuses_what_did_not_converge() {
    let study = Study::small();
    snapshot!(study.run("fit m.sem d.csv --max-iterations 1 --strict --tables explained"));
    assert!(study.run("fit m.sem d.csv --max-iterations 1").starts_with("exit code: 0"));
    assert!(study.run("fit m.sem d.csv --strict").starts_with("exit code: 0"));
    assert!(
        study.run("fit m.sem d.csv --max-iterations 1 --strict -f json").contains("\nwarning: INADMISSIBLE")
    );
}

#[test]
fn one_table_as_csv_and_as_markdown() {
    let study = Study::small();
    snapshot!(study.run("fit m.sem d.csv --tables structure --format csv"));
    assert!(study.run("fit m.sem d.csv --tables items,fit --format csv").contains("\n\n# Model fit\nindex,"));
    assert!(study.run("fit m.sem d.csv --tables items --format markdown").contains("| a1 | A |"));
}

#[test]
fn scores_are_joined_by_line() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(10).set(1, 0, "").csv());
    study.run("fit m.sem d.csv --missing listwise --scores s.csv");
    let scores = study.read("s.csv");
    let lines: Vec<&str> = scores.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(lines, ["line", "2", "4", "5", "6", "7", "8", "9", "10", "11"]);
    let sum: f64 = scores.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().parse::<f64>().unwrap()).sum();
    assert!(sum.abs() < 1e-9, "scores are centred");
}

#[test]
fn conventions_of_another_program() {
    let result = parsed(&format!("fit {EXAMPLE} --like seminr --max-iterations 77 --format json"));
    assert_eq!(result["conventions"]["f_squared"], "reestimated");
    assert_eq!(result["settings"]["criterion"], "sum-absolute");
    assert_eq!(result["settings"]["max_iterations"], 77);
}

#[test]
fn built_in_models() {
    let study = Study::new();
    snapshot!(study.run("models"));
    snapshot!(study.run("models show initial-turst"));
    study.run("models show initial-trust -o initial-trust.sem");
    study.run("models show initial-trust --codebook -o initial-trust.codebook.csv");
    assert!(study.run("check initial-trust.sem").starts_with("exit code: 0"));
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/initial-trust.sem");
    assert_eq!(study.read("initial-trust.sem"), std::fs::read_to_string(given).unwrap());
}

#[test]
fn completions_name_every_verb() {
    for shell in ["bash", "zsh", "fish"] {
        let run = Study::new().run(&format!("completions {shell}"));
        for verb in ["check", "fit", "bootstrap", "models"] {
            assert!(run.contains(verb), "{shell} {verb}");
        }
    }
}

#[test]
fn a_closed_pipe_is_a_success() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("trustpath"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["fit", "models/initial-trust.sem", "data/initial-trust.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The reader leaves before the first line.
    drop(child.stdout.take());
    let run = child.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(0));
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
}
