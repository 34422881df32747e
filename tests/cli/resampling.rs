//! Schemes, intervals, contrasts, the test of fit, manifests: what they print and what they refuse.

use serde_json::Value;

use super::{MODEL, Study, answers, output, snapshot};

/// Three constructs, so that there is something to compare and to mediate.
const THREE: &str = "A =~ a1 + a2\nB =~ a3 + b1\nC =~ b2 + b3\nB ~ A\nC ~ A + B\n";

fn three() -> Study {
    // A column of groups beside the answers: five strata of eight, twenty pairs.
    let mut data = answers(40);
    data.header.extend(["shop".to_owned(), "pair".to_owned()]);
    for (i, row) in data.rows.iter_mut().enumerate() {
        row.push(format!("s{}", i % 5));
        row.push(format!("p{}", i / 2));
    }
    Study::new().with("m.sem", THREE).with("d.csv", data.csv())
}

fn json(study: &Study, words: &str) -> Value {
    let run = output(study.0.path(), &format!("bootstrap m.sem d.csv {words} -f json"), &[]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

/// Rows of the table of intervals that belong to one quantity.
fn intervals(result: &Value, family: &str, name: &str) -> Vec<(String, f64, f64, f64)> {
    let rows = result["intervals"]["rows"].as_array().unwrap().iter();
    rows.filter(|row| row[0] == family && row[1] == name)
        .map(|row| {
            (
                row[2].as_str().unwrap().to_owned(),
                row[3].as_f64().unwrap(),
                row[4].as_f64().unwrap(),
                row[5].as_f64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn several_kinds_and_levels_stand_side_by_side() {
    let study = three();
    snapshot!(study.run("bootstrap m.sem d.csv --resamples 300 --intervals bca,percentile --level .95,.9"));
    let result = json(
        &study,
        "--resamples 200 --level .95,.9 --intervals percentile,bca,bc,basic,normal,t,studentized",
    );
    let found = intervals(&result, "paths", "A → B");
    assert_eq!(found.len(), 14);
    for pair in found.chunks(2) {
        let ((kind, wide, low, high), (_, narrow, inner_low, inner_high)) = (&pair[0], &pair[1]);
        assert!(wide > narrow && low <= inner_low && inner_high <= high, "{kind}");
    }
    // The studentized interval is an interval of its own.
    assert!(found[12].0 == "studentized" && (found[12].2 - found[8].2).abs() > 1e-6);
    let one = json(&study, "--resamples 200 --tails one --level .95");
    let two = json(&study, "--resamples 200 --level .9");
    assert_eq!(intervals(&one, "paths", "A → B")[0].2, intervals(&two, "paths", "A → B")[0].2);
    let p = |result: &Value| result["paths"]["rows"][0][7].as_f64().unwrap();
    assert!((2.0 * p(&one) - p(&two)).abs() < 1e-12);
}

#[test]
fn contrasts_are_recorded_and_mistakes_in_them_named() {
    let study = three();
    let run = |contrast: &str| {
        let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("trustpath"));
        command.current_dir(study.0.path()).env("NO_COLOR", "1");
        command.args(["bootstrap", "m.sem", "d.csv", "--resamples", "200", "--contrast", contrast]);
        command.output().unwrap()
    };
    let good = run("A -> C - B -> C");
    let text = String::from_utf8(good.stdout).unwrap();
    assert!(
        text.contains("Differences of effects, bootstrapped") && text.contains("A → C − B → C"),
        "{text}"
    );
    snapshot!(String::from_utf8(run("A -> C - BB -> C").stderr).unwrap());
    assert_eq!(run("A -> C").status.code(), Some(2));
    let result = json(&study, "--resamples 200");
    assert!(result.get("contrasts").is_none());
}

#[test]
fn strata_clusters_weights_and_the_jackknife() {
    let study = three();
    for (words, scheme) in [
        ("--strata shop", "bootstrap of cases within 5 strata (`shop`)"),
        ("--cluster pair", "bootstrap of 20 clusters (`pair`)"),
        ("--method bayesian", "Bayesian bootstrap of cases"),
        ("--method bayesian --cluster pair", "Bayesian bootstrap of 20 clusters (`pair`)"),
    ] {
        let result = json(&study, &format!("--resamples 200 {words}"));
        assert_eq!(result["bootstrap"]["scheme"], scheme);
        let sd = result["paths"]["rows"][0][5].as_f64().unwrap();
        assert!(sd > 0.02 && sd < 0.5, "{words} {sd}");
    }
    let jackknife = json(&study, "--method jackknife");
    assert_eq!(jackknife["bootstrap"]["resamples"], 40);
    assert_eq!(jackknife["bootstrap"]["seed"], Value::Null);
    assert_eq!(jackknife["paths"]["rows"][0][12], Value::Null, "a jackknife has no Monte Carlo error");
    snapshot!(study.run("bootstrap m.sem d.csv --method jackknife"));
    snapshot!(study.run("bootstrap m.sem d.csv --method jackknife --intervals percentile"));
    snapshot!(study.run("bootstrap m.sem d.csv --cluster shops"));
    snapshot!(study.run("bootstrap m.sem d.csv --strata pair --cluster shop"));
    // Weights of 1 are the sample itself.
    let ones = vec!["1"; 40].join(",");
    let study = study.with("w.csv", format!("{ones}\n{ones}\n"));
    let same = json(&study, "--case-weights w.csv");
    let row = &same["paths"]["rows"][0];
    assert!((row[3].as_f64().unwrap() - row[4].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!(same["bootstrap"]["generator"], "given weights");
    let study = study.with("w.csv", "1 2 3\nx\n");
    snapshot!(study.run("bootstrap m.sem d.csv --case-weights w.csv"));
}

#[test]
fn exact_fit_is_tested_on_request() {
    let study = three();
    let run = study.run("bootstrap m.sem d.csv --resamples 200 --fit-test");
    snapshot!(run);
    let result = json(&study, "--resamples 200 --fit-test");
    let distances = result["fit_test"]["distances"].as_array().unwrap();
    assert_eq!(distances.len(), 8);
    assert!(distances.iter().all(|d| d["hi95"].as_f64().unwrap() <= d["hi99"].as_f64().unwrap()));
    assert_eq!(json(&study, "--resamples 200")["fit_test"], Value::Null);
}

#[test]
fn inadmissible_resamples_are_dropped_kept_or_replaced() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(14).csv());
    let of =
        |treatment: &str| json(&study, &format!("--consistent --resamples 100 --inadmissible {treatment}"));
    let (drop, keep, replace) = (of("drop"), of("keep"), of("replace"));
    let count = |result: &Value, key: &str| result["bootstrap"][key].as_u64().unwrap();
    assert!(count(&drop, "admissible") < 100 && count(&keep, "admissible") > count(&drop, "admissible"));
    assert_eq!(count(&replace, "admissible"), 100);
    assert!(count(&replace, "drawn") > 100 && count(&drop, "drawn") == 100);
    // Each treatment shows what the other one says.
    let sd = |result: &Value, column: usize| result["both_treatments"]["rows"][0][column].as_f64().unwrap();
    assert!((sd(&drop, 4) - sd(&keep, 2)).abs() < 1e-12 && (sd(&drop, 2) - sd(&keep, 4)).abs() < 1e-12);
    let text =
        study.run("bootstrap m.sem d.csv --consistent --resamples 100 --inadmissible replace --tables paths");
    assert!(text.contains("Replaced by others"), "{text}");
}

#[test]
fn resamples_are_saved_line_by_line() {
    let study = three();
    study.run("bootstrap m.sem d.csv --resamples 50 --record paths --save-resamples draws.csv");
    let saved = study.read("draws.csv");
    let lines: Vec<&str> = saved.lines().collect();
    assert_eq!(lines.len(), 51);
    assert_eq!(lines[0], "resample,status,paths: A → B,paths: A → C,paths: B → C");
    assert!(lines[50].starts_with("49,ok,"));
    let result = json(&study, "--resamples 50 --record paths");
    assert_eq!(result["bootstrap"]["memory_mib"], 0.0);
    let mean = result["paths"]["rows"][0][4].as_f64().unwrap();
    let sum: f64 = lines[1..].iter().map(|l| l.split(',').nth(2).unwrap().parse::<f64>().unwrap()).sum();
    assert!((sum / 50.0 - mean).abs() < 1e-12);
    assert!(result.get("weights").is_none(), "only what was recorded is reported");
    snapshot!(study.run("bootstrap m.sem d.csv --resamples 50 --save-resamples draws.xlsx"));
}

/// `script` and pyarrow, or a note that the test was skipped.
#[allow(clippy::panic, clippy::print_stdout, reason = "tests")]
fn python(script: &str, file: &std::path::Path) -> Option<String> {
    let run = std::process::Command::new("python3").arg("-c").arg(script).arg(file).output();
    match run {
        Ok(run) if run.status.success() => Some(String::from_utf8(run.stdout).unwrap()),
        Ok(run) if String::from_utf8_lossy(&run.stderr).contains("No module named") => {
            println!("skipped: pyarrow is not installed");
            None
        }
        Ok(run) => panic!("{}", String::from_utf8_lossy(&run.stderr)),
        Err(_) => {
            println!("skipped: there is no python3");
            None
        }
    }
}

#[test]
fn resamples_are_saved_as_parquet_with_their_manifest() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(14).csv());
    let words = "bootstrap m.sem d.csv --consistent --resamples 100 --record paths,r-squared";
    study.run(&format!("{words} --save-resamples draws.csv"));
    let told = study.run(&format!("{words} --save-resamples draws.parquet"));
    assert!(told.contains("wrote `draws.parquet`"), "{told}");
    let script = "import sys, pyarrow.parquet as pq, json\nt = pq.read_table(sys.argv[1])\n\
                  m = {k.decode(): v.decode() for k, v in t.schema.metadata.items()}\n\
                  print(json.dumps({'names': t.column_names, 'types': [str(x) for x in t.schema.types], 'meta': m, \
                  'rows': list(map(list, zip(*[c.to_pylist() for c in t.columns])))}))";
    let Some(read) = python(script, &study.0.path().join("draws.parquet")) else { return };
    let read: Value = serde_json::from_str(&read).unwrap();
    let saved = study.read("draws.csv");
    let mut lines = saved.lines();
    let names: Vec<&str> = read["names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    assert_eq!(lines.next().unwrap(), names.join(","));
    assert_eq!(read["types"][0], "int64");
    assert_eq!(read["types"][1], "string");
    assert!(read["types"].as_array().unwrap()[2..].iter().all(|t| t == "double"));
    assert_eq!(read["meta"]["seed"], "42");
    let manifest: Value = serde_json::from_str(read["meta"]["manifest"].as_str().unwrap()).unwrap();
    assert_eq!(manifest["draws"], read["meta"]["fingerprint"]);
    // Every line of the CSV is a row of the table, those that do not count with their reason and without values.
    let rows = read["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 100);
    for (line, row) in lines.zip(rows) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], row[0].to_string());
        assert_eq!(cells[1], row[1].as_str().unwrap());
        for (cell, value) in cells[2..].iter().zip(&row.as_array().unwrap()[2..]) {
            assert_eq!(cell.parse::<f64>().ok(), value.as_f64(), "{line}");
        }
    }
    assert!(rows.iter().any(|row| row[1] == "loading_above_one" && row[2].is_null()));
}

#[test]
fn thresholds_set_by_hand_judge_the_bootstrap() {
    let study = three();
    let words = "bootstrap m.sem d.csv --resamples 100 --tables htmt";
    let default = study.run(words);
    let set = study.run(&format!("{words} --threshold R08=0.8,0.875"));
    for (cut, by_default, by_hand) in [
        ("0.85", true, false),
        ("0.90", true, false),
        ("0.80", false, true),
        ("0.875", false, true),
        ("1.00", true, true),
    ] {
        let column = format!("P(≥ {cut})");
        assert_eq!(default.contains(&column), by_default, "{default}");
        assert_eq!(set.contains(&column), by_hand, "{set}");
    }
    assert!(study.run(&format!("{words} --threshold R99=1")).contains("there is no rule `R99`"));
}

#[test]
fn few_clusters_are_warned_of() {
    let study = three();
    let told = study.run("bootstrap m.sem d.csv --resamples 50 --cluster pair");
    assert!(told.contains("20 clusters are few"), "{told}");
    assert!(!study.run("bootstrap m.sem d.csv --resamples 50").contains("clusters are few"));
}

#[test]
fn memory_is_bounded_and_said() {
    snapshot!(three().run("bootstrap m.sem d.csv --resamples 1000000 --max-memory 16"));
}

#[test]
fn a_manifest_repeats_a_run() {
    let study = three();
    let first = study
        .run("bootstrap m.sem d.csv --resamples 200 --seed 5 --strata shop --manifest run.json -o a.json");
    assert!(first.contains("wrote `run.json`"), "{first}");
    let again = study.run("rerun run.json -o b.json");
    assert!(again.contains("the same to the last bit"), "{again}");
    assert_eq!(study.read("a.json"), study.read("b.json"));
    // A result in JSON is a manifest, too.
    assert!(study.run("rerun a.json -o c.json").contains("the same to the last bit"));
    let edited = study.read("d.csv").replacen(",s1,", ",s2,", 1);
    let study = study.with("d.csv", edited);
    let changed = study.run("rerun run.json");
    assert!(changed.starts_with("exit code: 2") && changed.contains("TP0015"), "{changed}");
    assert!(changed.contains("`d.csv` has the fingerprint"), "{changed}");
    let study = study.with("no.json", "{}");
    snapshot!(study.run("rerun no.json"));
}

#[test]
fn an_edited_manifest_is_no_repetition_and_says_what_differs() {
    let study = three();
    study.run("bootstrap m.sem d.csv --resamples 200 --seed 5 --manifest run.json");
    let manifest = study.read("run.json");
    assert!(study.run("rerun run.json").contains("every result is the same to the last bit"));
    let edited = |from: &str, to: &str| {
        assert!(manifest.contains(from), "{from}: {manifest}");
        let study = study.0.path();
        std::fs::write(study.join("edited.json"), manifest.replacen(from, to, 1)).unwrap();
        let told = super::shown(&output(study, "rerun edited.json", &[]));
        assert!(told.contains("this is not the run of the manifest") && !told.contains("last bit"), "{told}");
        told
    };
    let seed = edited("\"seed\": 5", "\"seed\": 7");
    assert!(seed.contains("`seed` is 5 here, 7 in the manifest"), "{seed}");
    let other_seed = edited("\"--seed\",\n    \"5\"", "\"--seed\",\n    \"7\"");
    assert!(
        other_seed.contains("`seed` is 7 here, 5 in the manifest")
            && other_seed.contains("resampled values differ"),
        "{other_seed}"
    );
    let level = edited("\"--seed\"", "\"--level\",\n    \".9\",\n    \"--seed\"");
    assert!(
        level.contains("setting `level` is 0.9 here, 0.95 in the manifest")
            && level.contains("results differ; the resampled values themselves do not"),
        "{level}"
    );
    assert!(edited("\"tolerance\": 1e-7", "\"tolerance\": 1e-6").contains("setting `tolerance`"));
    assert!(edited("\"resamples\": 200", "\"resamples\": 300").contains("`resamples` is 200 here"));
    let draws: Value = serde_json::from_str(&manifest).unwrap();
    let draws = draws["draws"].as_str().unwrap();
    assert!(edited(draws, "0000000000000000").contains("resampled values differ"));
}

#[test]
fn a_manifest_finds_its_files_beside_itself_and_where_it_is_told() {
    let study = three().with("code.csv", "item,text\na1,First\na2,Second\n");
    let model = format!("{THREE}#@ codebook code.csv\n");
    let study = study.with("m.sem", model);
    study.run("bootstrap m.sem d.csv --resamples 100 --manifest run.json");
    let folder = study.0.path();
    std::fs::create_dir(folder.join("away")).unwrap();
    // From another folder the files lie beside the manifest, the codebook where the model says.
    let run = |words: &str| super::shown(&output(&folder.join("away"), words, &[]));
    assert!(run("rerun ../run.json").contains("the same to the last bit"));
    // The manifest alone: nothing lies beside it.
    std::fs::copy(folder.join("run.json"), folder.join("away/run.json")).unwrap();
    let lost = run("rerun run.json");
    assert!(lost.contains("`--model FILE`") && lost.contains("`--data FILE`"), "{lost}");
    assert!(run("rerun run.json --model ../m.sem --data ../d.csv").contains("the same to the last bit"));
    let wrong = run("rerun run.json --model ../m.sem --data ../code.csv");
    assert!(wrong.contains("TP0015") && wrong.contains("code.csv` has the fingerprint"), "{wrong}");
    // A file of the same name that is another one does not hide the right one beside the manifest.
    std::fs::write(folder.join("away/d.csv"), "a1\n1\n").unwrap();
    assert!(run("rerun ../run.json").contains("the same to the last bit"));
    std::fs::write(folder.join("code.csv"), "item,text\na1,Other\n").unwrap();
    assert!(run("rerun ../run.json").contains("code.csv` has the fingerprint"));
}

#[test]
fn given_resamples_hold_every_case_used() {
    // One case of forty has no answer at all, and one line is too long.
    let mut data = answers(40);
    data.rows[3] = vec![String::new(); data.header.len()];
    let good = (0..39).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    let study = Study::new()
        .with("m.sem", THREE)
        .with("d.csv", data.csv())
        .with("i.csv", format!("{good}\n{good},0\n"))
        .with("w.csv", format!("{}\n{good}\n", vec!["1"; 40].join(" ")));
    snapshot!(study.run("bootstrap m.sem d.csv --indices i.csv"));
    snapshot!(study.run("bootstrap m.sem d.csv --case-weights w.csv"));
}

#[test]
fn few_resamples_are_warned_of_and_tell_no_more_than_they_can() {
    let study = three();
    snapshot!(study.run("bootstrap m.sem d.csv --resamples 10 --p-value percentile --tables paths,htmt"));
    let ten = json(&study, "--resamples 10 --p-value percentile");
    assert!(ten["bootstrap"]["few"].as_str().unwrap().contains("at least 40"));
    let columns: Vec<&str> =
        ten["paths"]["columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let at = |name: &str| columns.iter().position(|c| *c == name).unwrap();
    for row in ten["paths"]["rows"].as_array().unwrap() {
        let (p, least) = (row[at("p")].as_f64().unwrap(), row[at("p_least")].as_f64().unwrap());
        assert!((least - 2.0 / 11.0).abs() < 1e-15 && p >= least, "{row}");
    }
    for words in ["mediation m.sem d.csv --resamples 10", "measurement m.sem d.csv --resamples 10"] {
        assert!(study.run(words).contains("warning: 10 resamples are few"), "{words}");
    }
    let enough = study.run("bootstrap m.sem d.csv --resamples 100 --tables paths");
    assert!(!enough.contains("are few"), "{enough}");
    assert!(study.run("bootstrap m.sem d.csv --resamples 100 --level .99").contains("need at least 200"));
}

#[test]
fn p_and_interval_that_disagree_are_named() {
    // Forty answers and a path near the threshold: by the normal distribution another verdict than by ranks.
    let study = three();
    let mut found = 0;
    for seed in 1..30 {
        let words = format!("--resamples 100 --seed {seed} --level .8 --intervals basic");
        let result = json(&study, &words);
        let odd = |row: &Value| {
            let (p, low, high) =
                (row[7].as_f64().unwrap(), row[8].as_f64().unwrap(), row[9].as_f64().unwrap());
            (p < 1.0 - 0.8) != (low > 0.0 || high < 0.0)
        };
        let disagree = result["paths"]["rows"].as_array().unwrap().iter().any(odd);
        let told = study.run(&format!("bootstrap m.sem d.csv {words} --tables paths"));
        assert_eq!(told.contains("p and interval disagree about 0"), disagree, "{told}");
        found += usize::from(disagree);
    }
    // A p that cannot fall below the level for want of resamples is no contradiction.
    let few = study.run("bootstrap m.sem d.csv --resamples 10 --p-value percentile");
    assert!(few.contains("< .182") && !few.contains("disagree"), "{few}");
    assert!(found > 0, "the study no longer holds a disagreement");
}

#[test]
fn strict_refuses_what_became_of_the_resamples() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(14).csv());
    let words = "bootstrap m.sem d.csv --consistent --resamples 100 --tables paths";
    assert!(study.run(words).starts_with("exit code: 0"));
    let strict = study.run(&format!("{words} --strict"));
    assert!(strict.starts_with("exit code: 1") && strict.contains("rule X11"), "{strict}");
    assert!(strict.contains("Most often because of the correlation of A ↔ B in"), "{strict}");
    let allowed = study.run(&format!("{words} --strict --threshold X11=0.99"));
    assert!(allowed.starts_with("exit code: 0"), "{allowed}");
}

#[test]
fn what_a_jackknife_has_no_use_for_is_said() {
    let study = three();
    let told = study.run("bootstrap m.sem d.csv --method jackknife --resamples 500 --seed 3");
    assert!(told.contains("`--resamples` does not apply") && told.contains("`--seed` does not"), "{told}");
    assert!(!study.run("bootstrap m.sem d.csv --method jackknife").contains("does not apply"));
    let strata = study.run("bootstrap m.sem d.csv --method jackknife --strata shop");
    assert!(strata.starts_with("exit code: 2") && strata.contains("TP0603"), "{strata}");
}

#[test]
fn help_and_completions_offer_a_table_of_correlations_only_where_it_works() {
    let study = Study::small();
    for (verb, offers) in [
        ("fit", true),
        ("sem", true),
        ("measurement", true),
        ("plot", true),
        ("bootstrap", false),
        ("mediation", false),
        ("moderation", false),
        ("nonlinearity", false),
        ("endogeneity", false),
        ("controls", false),
    ] {
        let help = study.run(&format!("{verb} --help"));
        assert_eq!(help.contains("--correlations"), offers, "{verb}");
        assert!(offers || help.contains("<MODEL> <DATA>"), "{verb}: {help}");
        if !offers {
            let refused = study.run(&format!("{verb} m.sem --correlations r.csv --n 9"));
            assert!(refused.contains("needs the answers, not only their correlations"), "{verb}: {refused}");
        }
    }
    let script = study.run("completions fish");
    let offered = |verb: &str| {
        script
            .lines()
            .any(|line| line.contains(&format!("subcommand {verb}\"")) && line.contains("-l correlations "))
    };
    assert!(offered("fit") && !offered("bootstrap") && !offered("mediation"), "{script}");
}

#[test]
fn memory_counts_what_intervals_need_besides() {
    let study = three();
    // 58 quantities: 1,000 resamples take .44 MiB, with standard errors in each .88.
    let run = |words: &str| study.run(&format!("bootstrap m.sem d.csv --max-memory 1 {words}"));
    assert!(run("--resamples 2000").starts_with("exit code: 0"));
    let told = run("--resamples 2000 --intervals studentized");
    assert!(told.contains("TP0606") && told.contains("standard errors in every resample"), "{told}");
    let told = run("--resamples 2300 --intervals bca");
    assert!(told.contains("40 samples with a case left out (BCa)"), "{told}");
    for verb in ["measurement", "endogeneity"] {
        let told = study.run(&format!("{verb} m.sem d.csv --resamples 200000 --max-memory 1"));
        assert!(told.contains("TP0606") && told.contains("--max-memory"), "{verb}: {told}");
    }
}

#[test]
fn formative_constructs_have_no_htmt_anywhere() {
    let study = Study::new()
        .with("m.sem", "A <~ a1 + a2 + a3\nB =~ b1 + b2\nC =~ b3\nB ~ A\nC ~ A + B\n")
        .with("d.csv", answers(40).csv());
    let rows = |result: &Value| result["htmt"]["rows"].as_array().unwrap().clone();
    let boot = json(&study, "--resamples 120");
    for row in rows(&boot) {
        let formative = row[1] == "A" || row[2] == "A";
        assert_eq!(row[3].is_null() && row[10].is_null(), formative, "{row}");
    }
    let shown = |words: &str| {
        let run = output(study.0.path(), words, &[]);
        String::from_utf8(run.stdout).unwrap()
    };
    let fit: Value = serde_json::from_str(&shown("fit m.sem d.csv -f json")).unwrap();
    assert!(
        fit["htmt"]["values"][1][0].is_null() && !fit["htmt"]["values"][2][1].is_null(),
        "{}",
        fit["htmt"]
    );
    // One convention for both.
    let like = json(&study, "--resamples 120 --set formative=reported");
    assert!(rows(&like).iter().all(|row| row[3].is_f64()));
    let fit: Value =
        serde_json::from_str(&shown("fit m.sem d.csv -f json --set formative=reported")).unwrap();
    assert!(fit["htmt"]["values"][1][0].is_f64());
}

#[test]
fn more_threads_than_cores_do_not_change_a_bit() {
    let study = three();
    let run = |threads: usize| {
        let words = format!(
            "bootstrap m.sem d.csv --resamples 700 --intervals bca --fit-test -f json --threads {threads}"
        );
        output(study.0.path(), &words, &[]).stdout
    };
    let one = run(1);
    assert!(one.len() > 1_000 && one == run(2) && one == run(8));
}

/// Whether a process has a handler for Ctrl-C (signal 2) yet.
#[cfg(target_os = "linux")]
fn catches_interrupts(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 0b10 != 0)
}

/// The output of a run that gets Ctrl-C so long after it has begun to listen for it.
#[cfg(target_os = "linux")]
fn interrupted(study: &Study, words: &str, after: std::time::Duration) -> std::process::Output {
    use std::process::{Command, Stdio};
    use std::time::Duration;
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("trustpath"))
        .current_dir(study.0.path())
        .args(words.split(' '))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..6_000 {
        if catches_interrupts(child.id()) || child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(after);
    if child.try_wait().unwrap().is_none() {
        // Where the run has ended since, there is nothing to interrupt.
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    }
    child.wait_with_output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_reports_what_was_finished() {
    let study = three();
    let words = "bootstrap m.sem d.csv --resamples 9000000 --record paths -f json";
    let run = interrupted(&study, words, std::time::Duration::from_millis(1_500));
    let told = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(130), "{told}");
    assert!(told.contains("interrupted after"), "{told}");
    let result: Value = serde_json::from_slice(&run.stdout).unwrap();
    let finished = result["bootstrap"]["resamples"].as_u64().unwrap();
    assert!(finished > 0 && finished < 9_000_000);
    assert_eq!(result["bootstrap"]["interrupted"], 9_000_000);
    // What the manifest repeats is what was finished.
    let command: Vec<&str> =
        result["manifest"]["command"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert_eq!(command[command.len() - 2..], ["--resamples", finished.to_string().as_str()]);
}

/// Ctrl-C in the bootstrap leaves the test of exact fit out, Ctrl-C in the test ends it early: either is repeated.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_test_of_exact_fit_is_repeated() {
    use std::time::{Duration, Instant};
    let study = three();
    let words = "bootstrap m.sem d.csv --resamples 20000 --record paths";
    let begun = Instant::now();
    assert!(study.run(words).starts_with("exit code: 0"));
    let bootstrap = begun.elapsed();
    let (mut left_out, mut ended) = (false, false);
    // How fast the machine is just then is not known: the moment is looked for.
    for share in [0.3, 1.6, 2.5, 0.1, 1.3, 2.0, 3.0, 0.2, 1.1, 4.0] {
        let after = Duration::from_secs_f64(share * bootstrap.as_secs_f64());
        let run = interrupted(&study, &format!("{words} --fit-test --manifest run.json -f json"), after);
        let told = String::from_utf8_lossy(&run.stderr);
        let Ok(result) = serde_json::from_slice::<Value>(&run.stdout) else { continue };
        let again = study.run("rerun run.json -o again.json");
        assert!(again.contains("every result is the same to the last bit"), "{share}: {told}{again}");
        assert!(again.starts_with("exit code: 0"), "{again}");
        let repeated: Value = serde_json::from_str(&study.read("again.json")).unwrap();
        assert_eq!(repeated["fit_test"]["distances"], result["fit_test"]["distances"]);
        match run.status.code() {
            Some(130) if result["fit_test"].is_null() => {
                assert!(told.contains("the test is left out"), "{told}");
                assert_eq!(result["manifest"]["fit_test"], 0);
                left_out = true;
            }
            Some(130) => {
                let finished = result["fit_test"]["resamples"].as_u64().unwrap();
                assert!(finished > 0 && finished < 20_000);
                assert!(
                    told.contains(&format!("interrupted after {finished} of 20000 resamples of the test"))
                );
                assert_eq!(result["fit_test"]["interrupted"], 20_000);
                assert_eq!(result["manifest"]["fit_test"], finished);
                // The bootstrap before it was complete.
                assert_eq!(result["bootstrap"]["resamples"], 20_000);
                assert_eq!(repeated["fit_test"]["resamples"], finished);
                ended = true;
            }
            code => assert_eq!((code, &result["fit_test"]["interrupted"]), (Some(0), &Value::Null), "{told}"),
        }
        if left_out && ended {
            return;
        }
    }
    panic!("no run was caught in time: left out {left_out}, ended {ended}");
}

#[test]
fn narrower_vectors_give_the_same_bits() {
    let study = three();
    let words = "bootstrap m.sem d.csv --resamples 150 -f json --record paths,weights,htmt,htmt2,f-squared,srmr,rho-a,d-g";
    let run = |vectors: &str| {
        let run = output(study.0.path(), words, &[("TRUSTPATH_VECTORS", vectors)]);
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        run.stdout
    };
    let widest = run("");
    assert!(String::from_utf8_lossy(&widest).contains("\"draws\""));
    assert!(run("avx2") == widest && run("baseline") == widest);
}
