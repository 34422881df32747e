//! Measurement, endogeneity, rival models, blindfolding, sample size.

use super::{Study, answers, example, shown, snapshot};

const EXAMPLE: &str = "models/initial-trust.sem data/initial-trust.csv";

/// Three constructs, one of them formative, and a column that asks for the whole of it.
fn study() -> Study {
    let mut table = answers(60);
    table.header.push("whole".to_owned());
    for row in &mut table.rows {
        let sum: f64 = row[..3].iter().map(|cell| cell.parse::<f64>().unwrap()).sum();
        row.push((sum / 3.0).round().to_string());
    }
    Study::new()
        .with("m.sem", "A <~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n")
        .with("smaller.sem", "A =~ a1 + a2\nC =~ a3\nB =~ b1 + b2 + b3\nB ~ A\nA ~ C\n")
        .with("larger.sem", "A =~ a1 + a2\nC =~ a3\nB =~ b1 + b2 + b3\nB ~ A + C\nA ~ C\n")
        .with("iv.sem", "A =~ a1 + a2\nZ =~ a3\nB =~ b1 + b2 + b3\nA ~ Z\nB ~ A\n#@ instruments B Z\n")
        .with("d.csv", table.csv())
}

#[test]
fn measurement_of_the_example() {
    snapshot!(shown(&example(&format!("measurement {EXAMPLE} --resamples 100 --seed 1"))));
}

#[test]
fn measurement_with_a_global_item() {
    snapshot!(
        study()
            .run("measurement m.sem d.csv --resamples 50 --global A=whole --tables redundancy,tetrad-tests")
    );
}

#[test]
fn measurement_as_json_holds_everything() {
    let run = study().run("measurement m.sem d.csv --resamples 50 --format json");
    for key in ["tetrads", "redundancy", "congruence", "tetrad_set", "congruence_diagonal"] {
        assert!(run.contains(&format!("  \"{key}\": ")), "{key}: {run}");
    }
    assert!(run.contains("\"donor\":\"A\"") || run.contains("\"donor\":null"), "{run}");
}

#[test]
fn global_items_that_cannot_be() {
    let study = study();
    snapshot!(
        ["A=b9", "A=a1", "X=whole", "A"]
            .map(|global| study.run(&format!("measurement m.sem d.csv --resamples 10 --global {global}")))
            .join("\n")
    );
}

#[test]
fn rivals_side_by_side() {
    snapshot!(study().run("compare smaller.sem larger.sem d.csv"));
}

#[test]
fn rivals_as_json() {
    let run = study().run("compare smaller.sem larger.sem d.csv --format json");
    for key in ["outcomes", "models", "not_compared", "n", "same_items"] {
        assert!(run.contains(&format!("  \"{key}\": ")), "{key}: {run}");
    }
    assert!(run.contains("\"nested_in\":[\"larger\"]"), "{run}");
}

#[test]
fn rivals_that_cannot_be_compared() {
    let study = study().with("other.sem", "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n").with("broken.sem", "A =~\n");
    snapshot!(
        [
            "compare smaller.sem d.csv",
            "compare smaller.sem other.sem d.csv",
            "compare smaller.sem broken.sem missing.csv",
            "compare d.csv smaller.sem larger.sem",
        ]
        .map(|words| study.run(words))
        .join("\n")
    );
}

#[test]
fn endogeneity_with_an_instrument() {
    snapshot!(study().run("endogeneity iv.sem d.csv --resamples 100 --seed 1 --tables hausman"));
}

#[test]
fn endogeneity_without_instruments() {
    snapshot!(study().run("endogeneity smaller.sem d.csv --resamples 100 --tables hausman"));
}

#[test]
fn blindfolding_of_the_example() {
    snapshot!(shown(&example(&format!("fit {EXAMPLE} --tables blindfolding"))));
}

#[test]
fn blindfolding_that_cannot_be() {
    // 60 cases: 5 divides them.
    snapshot!(study().run("fit m.sem d.csv --tables blindfolding --omission-distance 5"));
}

#[test]
fn thresholds_of_the_model_file_and_the_command_line() {
    let model = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n#@ threshold R01 = .5, .3\n";
    let study = study().with("t.sem", model).with("wrong.sem", model.replace("R01", "R0l"));
    let of_file = study.run("fit t.sem d.csv --tables items");
    assert!(of_file.contains("≥ .500 ok") && of_file.contains("set by hand"), "{of_file}");
    let typed = study.run("fit t.sem d.csv --tables items --threshold R01=0.9");
    assert!(typed.contains("≥ .900 ok") && !typed.contains("≥ .500 ok"), "{typed}");
    snapshot!(study.run("fit wrong.sem d.csv --tables items"));
}

#[test]
fn reliability_of_ordinal_items() {
    let study = study()
        .with("o.sem", "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n#@ ordinal a1 a2 a3 b1 b2 b3\n")
        .with("mixed.sem", "A <~ a1 + a2\nC =~ a3\nB =~ b1 + b2 + b3\nB ~ A + C\n#@ ordinal a3 b1 b2\n");
    snapshot!(
        [
            "fit o.sem d.csv --tables ordinal-reliability",
            "fit mixed.sem d.csv --tables ordinal-reliability",
            "fit o.sem d.csv --tables ordinal_reliability --threshold R16=.8",
        ]
        .map(|words| study.run(words))
        .join("\n")
    );
    // Shown without being asked for where the model says that items are ordinal, and only there.
    assert!(study.run("fit o.sem d.csv").contains("ω (categorical)"));
    assert!(!study.run("fit m.sem d.csv").contains("ω (categorical)"));
    assert!(study.run("fit o.sem d.csv --format json").contains("\"omega_categorical\":0."));
    assert!(study.run("report o.sem d.csv --no-bootstrap").contains("Categorical omega is lowest for"));
}

#[test]
fn the_report_judges_by_the_thresholds_in_force() {
    let mut table = answers(60);
    for row in table.rows.iter_mut().take(9) {
        row[0] = String::new();
    }
    let study = study().with("holes.csv", table.csv());
    let report = |words: &str| study.run(&format!("report m.sem holes.csv --no-bootstrap {words}"));
    let (plain, set) =
        (report(""), report("--threshold D07=0.3,0.4 --threshold S11=0.2,0.3 --threshold R08=.5"));
    assert!(plain.contains("below 5 % mean replacement is tolerable (Hair"), "{plain}");
    assert!(set.contains("&lt; .300 ok, .300 to .400 check, ≥ .400 fail (set by hand"), "{set}");
    assert!(plain.contains("class=\"n fail\" data-v=\"15\"") && set.contains("class=\"n ok\" data-v=\"15\""));
    assert!(set.contains(", below .20, and"), "SRMR's words name the threshold in force");
    // Blindfolding stands beside what is explained.
    assert!(plain.contains("Blindfolding Q²") && plain.contains("Q² is lowest for B"));
    assert!(report("--threshold D99=1").contains("TP0450"));
}

#[test]
fn settings_and_conventions_by_name() {
    let study = study();
    let fit = |words: &str| study.run(&format!("fit m.sem d.csv --format json {words}"));
    assert!(fit("--set htmt=signed").contains("\"htmt\":\"signed\""));
    assert!(fit("--set score_divisor=n --set d-g=decimal").contains("\"score_divisor\":\"n\""));
    snapshot!(
        ["--set hmt=signed", "--set htmt=sined --set tolerance=x", "--set htmt"]
            .map(|words| study.run(&format!("fit m.sem d.csv {words}")))
            .join("\n")
    );
}

#[test]
fn what_a_convention_reports_of_a_single_item_is_not_judged() {
    let study = study().with("single.sem", "A =~ a1\nB =~ b1 + b2 + b3\nB ~ A\n");
    for like in ["seminr", "plspm", "csem"] {
        let run = study.run(&format!("fit single.sem d.csv --like {like} --tables reliability,verdicts"));
        assert!(run.contains("1.000") && run.contains("n/a: single item"), "{like}: {run}");
        assert!(!run.contains("A 1.000"), "{like}: {run}");
    }
}

#[test]
fn an_outcome_with_instruments_has_no_r_squared_and_says_why() {
    let run = study().run("fit iv.sem d.csv --tables structure,explained");
    assert!(run.contains("n/a: 2SLS") && run.contains("least squares of two stages"), "{run}");
    assert!(!run.contains("too few cases"), "{run}");
}

#[test]
fn a_model_without_paths_has_no_empty_tables() {
    let study = study().with("free.sem", "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\n");
    let run = study.run("fit free.sem d.csv");
    assert!(run.contains("Reliability") && run.contains("has no paths"), "{run}");
    for absent in ["Structural model", "Explained variance", "Effects\n"] {
        assert!(!run.contains(absent), "{absent}: {run}");
    }
    assert!(study.run("fit free.sem d.csv --tables structure").contains("Structural model"));
}

#[test]
fn a_code_for_missing_answers_that_was_not_declared_is_suspected() {
    let study =
        study().with("codes.csv", answers(60).set(3, 0, "-99").set(9, 4, "-99").set(9, 1, "99").csv());
    let run = study.run("fit m.sem codes.csv --tables verdicts");
    assert!(run.contains("The number -99 stands 2 times among the answers to a1, b2"), "{run}");
    assert!(run.contains("The number 99 stands 1 time among the answers to a2"), "{run}");
    let told = study.run("fit m.sem codes.csv --tables verdicts --missing-code -99 --missing-code 99");
    assert!(!told.contains("does it mean"), "{told}");
    assert!(!study.run("fit m.sem d.csv").contains("does it mean"));
}

#[test]
fn compare_and_differences_account_for_cases() {
    let study = study();
    let csv = study.read("d.csv");
    let mut rows: Vec<String> = csv.lines().map(str::to_owned).collect();
    rows[3] = rows[3].split_once(',').map(|(_, rest)| format!(",{rest}")).unwrap();
    let study = study.with("g.csv", rows.join("\n"));
    let run = study.run("compare smaller.sem larger.sem g.csv");
    assert!(run.contains("fingerprint") && run.contains("used of"), "{run}");
    assert!(run.contains("1 answer in 1 case; 1 replaced by item means"), "{run}");
    let run = study.run("differences larger.sem g.csv --between seminr,plspm");
    assert!(
        run.contains("fingerprint") && run.contains("1 answer in 1 case; 1 replaced by item means"),
        "{run}"
    );
    for words in
        ["compare smaller.sem larger.sem g.csv", "differences larger.sem g.csv --between seminr,plspm"]
    {
        let run = study.run(&format!("{words} --format json"));
        let json = run.split_once("----- stdout -----\n").unwrap().1.split_once("----- stderr").unwrap().0;
        let found: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(found["data"]["file"], "g.csv", "{words}");
        let account = &found["data"]["account"];
        let account = if words.starts_with("compare") { &account["smaller"] } else { account };
        assert_eq!(account["cells_imputed"], 1, "{words}");
    }
}
