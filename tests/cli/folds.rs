//! The jackknife of groups: `--method jackknife --folds K`.

use serde_json::Value;

use super::{Study, answers, output, snapshot};

/// Forty cases in five strata of eight and twenty pairs.
fn study() -> Study {
    let mut data = answers(40);
    data.header.extend(["shop".to_owned(), "pair".to_owned()]);
    for (i, row) in data.rows.iter_mut().enumerate() {
        row.push(format!("s{}", i % 5));
        row.push(format!("p{}", i / 2));
    }
    let model = "A =~ a1 + a2\nB =~ a3 + b1\nC =~ b2 + b3\nB ~ A\nC ~ A + B\n";
    Study::new().with("m.sem", model).with("d.csv", data.csv())
}

fn json(study: &Study, words: &str) -> Value {
    let words = format!("bootstrap m.sem d.csv --method jackknife {words} -f json");
    let run = output(study.0.path(), &words, &[]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

/// Values of the first path in every resample that was saved.
fn saved(study: &Study, file: &str) -> Vec<f64> {
    let text = study.read(file);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = header.iter().position(|name| name.contains("A → B")).unwrap();
    lines.map(|line| line.split(',').nth(column).unwrap().parse().unwrap()).collect()
}

/// `(k − 1)/k Σ (θ_i − θ̄)²`.
fn variance(values: &[f64]) -> f64 {
    let k = values.len() as f64;
    let mean = values.iter().sum::<f64>() / k;
    (k - 1.0) / k * values.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
}

/// Estimate, mean and standard error of the first path.
fn first(result: &Value) -> [f64; 3] {
    [3, 4, 5].map(|at| result["paths"]["rows"][0][at].as_f64().unwrap())
}

#[test]
fn as_many_groups_as_cases_are_the_ordinary_jackknife() {
    let study = study();
    for words in ["", " --cluster pair"] {
        let units = if words.is_empty() { 40 } else { 20 };
        let every = json(&study, &format!("--p-value t{words}"));
        let groups = json(&study, &format!("--folds {units}{words}"));
        for table in ["paths", "weights", "loadings", "htmt", "r_squared", "srmr", "intervals"] {
            assert!(every[table].is_object() && every[table] == groups[table], "{table}{words}");
        }
        assert_eq!(groups["bootstrap"]["seed"], Value::Null);
        assert_eq!(groups["bootstrap"]["generator"], "no random numbers");
    }
}

#[test]
fn the_standard_error_is_that_of_the_formula() {
    let study = study();
    let once = json(&study, "--folds 8 --save-resamples r.csv");
    let values = saved(&study, "r.csv");
    assert_eq!(values.len(), 8);
    let [estimate, mean, error] = first(&once);
    assert!((error - variance(&values).sqrt()).abs() < 1e-12);
    assert!((mean - values.iter().sum::<f64>() / 8.0).abs() < 1e-12);
    // The 97.5 % quantile of Student's t with 7 degrees of freedom.
    let row = once["intervals"]["rows"].as_array().unwrap()[0].clone();
    assert_eq!((row[1].as_str(), row[2].as_str()), (Some("A → B"), Some("t")));
    assert!((row[5].as_f64().unwrap() - estimate - 2.364_624_251_592_785 * error).abs() < 1e-9);
    assert_eq!(once["bootstrap"]["p_value"], "t");
    // Over several deals, the mean of their variances.
    let thrice = json(&study, "--folds 8 --repeats 3 --save-resamples r.csv");
    let values = saved(&study, "r.csv");
    let mean = values.chunks(8).map(variance).sum::<f64>() / 3.0;
    assert_eq!(values.len(), 24);
    assert!((first(&thrice)[2] - mean.sqrt()).abs() < 1e-12 && first(&thrice)[2] != error);
    assert_eq!(thrice["bootstrap"]["scheme"], "jackknife of 8 groups of cases, dealt 3 times");
    assert_eq!(thrice["bootstrap"]["folds"], 8);
    assert_eq!(thrice["bootstrap"]["repeats"], 3);
    assert_eq!(thrice["bootstrap"]["resamples"], 24);
    // The seed deals the cases.
    assert!(first(&json(&study, "--folds 8 --seed 7"))[2] != error);
    snapshot!(study.run("bootstrap m.sem d.csv --method jackknife --folds 8 --repeats 3"));
}

#[test]
fn clusters_are_left_out_as_a_whole_and_strata_are_spread() {
    let study = study();
    for (words, scheme) in [
        ("--folds 5 --cluster pair", "jackknife of 5 groups of 20 clusters (`pair`)"),
        ("--folds 4 --strata shop", "jackknife of 4 groups of cases within 5 strata (`shop`)"),
    ] {
        let result = json(&study, words);
        assert_eq!(result["bootstrap"]["scheme"], scheme);
        let [.., error] = first(&result);
        let plain = first(&json(&study, words.split_once(" --").unwrap().0))[2];
        assert!(error > 0.02 && error < 0.6 && error != plain, "{words} {error} {plain}");
    }
    let few = study.run("bootstrap m.sem d.csv --method jackknife --folds 5 --cluster pair");
    assert!(few.contains("20 clusters are few"), "{few}");
}

#[test]
fn what_has_no_effect_or_cannot_be_dealt_is_refused() {
    let study = study().with("i.csv", "0\n");
    let mut told = Vec::new();
    for language in ["en", "zh"] {
        for words in [
            "--folds 5",
            "--method bayesian --folds 5",
            "--method jackknife --repeats 2",
            "--method jackknife --folds 41",
            "--method jackknife --folds 21 --cluster pair",
            "--method jackknife --folds 40 --repeats 2",
            "--method jackknife --folds 20 --repeats 2 --cluster pair",
            "--method jackknife --folds 9 --strata shop",
            "--method jackknife --strata shop",
            "--method jackknife --folds 5 --intervals percentile",
            "--method jackknife --folds 1",
            "--indices i.csv --folds 5",
        ] {
            let run = study.run(&format!("bootstrap m.sem d.csv {words} --lang {language}"));
            assert!(run.starts_with("exit code: 2"), "{words}: {run}");
            told.push(format!("{words}\n{run}"));
        }
    }
    snapshot!(told.join("\n"));
    let resamples = study.run("bootstrap m.sem d.csv --method jackknife --folds 5 --resamples 100");
    assert!(resamples.starts_with("exit code: 0") && resamples.contains("`--resamples` does not apply"));
    let derived = study.run("mediation m.sem d.csv --method jackknife --folds 5");
    assert!(derived.starts_with("exit code: 2") && derived.contains("TP0003"), "{derived}");
}

#[test]
fn a_manifest_repeats_it() {
    let study = study();
    let words = "bootstrap m.sem d.csv --method jackknife --folds 6 --repeats 2 --seed 5 --manifest run.json";
    assert!(study.run(words).starts_with("exit code: 0"));
    let manifest: Value = serde_json::from_str(&study.read("run.json")).unwrap();
    assert_eq!(manifest["settings"]["folds"], 6);
    assert_eq!(manifest["settings"]["repeats"], 2);
    assert_eq!((&manifest["seed"], &manifest["resamples"]), (&5.into(), &12.into()));
    assert!(study.run("rerun run.json").contains("every result is the same to the last bit"));
    let edited = study.read("run.json").replacen("\"folds\": 6", "\"folds\": 7", 1);
    let study = study.with("edited.json", edited);
    let told = study.run("rerun edited.json");
    assert!(told.contains("setting `folds` is 6 here, 7 in the manifest"), "{told}");
}
