//! Covariance-based models.

use serde_json::Value;

use super::{Study, answers, example, shown, snapshot};

const EXAMPLE: &str = "models/initial-trust.sem data/initial-trust.csv";

#[test]
fn fit_and_paths_of_the_example() {
    snapshot!(shown(&example(&format!("sem {EXAMPLE} --tables fit,paths"))));
}

#[test]
fn a_small_model_in_full() {
    snapshot!(Study::small().run("sem m.sem d.csv --modifications 3"));
}

#[test]
fn what_the_estimate_does_not_follow_is_said() {
    let model =
        "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n#@ mode A B\n#@ scheme centroid\n#@ ordinal b1 b2 b3\n";
    let weighted = answers(40).csv();
    let rows = weighted.lines().enumerate();
    let weighted: Vec<String> = rows
        .map(|(at, row)| if at == 0 { format!("{row},w") } else { format!("{row},{}", 1 + at % 2) })
        .collect();
    let study = Study::new().with("m.sem", model).with("d.csv", weighted.join("\n"));
    snapshot!(study.run("sem m.sem d.csv --weight w --tables fit"));
    let chinese = study.run("sem m.sem d.csv --weight w --tables fit --lang zh");
    assert!(
        chinese.contains("个案按 w 加权") && chinese.contains("类别被当作数值（b1, b2, b3）"),
        "{chinese}"
    );
    assert!(chinese.contains("只用于 PLS"), "{chinese}");
}

#[test]
fn a_composite_is_refused_with_a_reason() {
    let study = Study::small().with("c.sem", "A <~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n");
    snapshot!(study.run("sem c.sem d.csv"));
}

#[test]
fn json_and_tables_hold_the_same_numbers() {
    let run = example(&format!("sem {EXAMPLE} --format json"));
    let result: Value = serde_json::from_slice(&run.stdout).unwrap();
    let csv = example(&format!("sem {EXAMPLE} --tables paths --format csv"));
    let csv = String::from_utf8(csv.stdout).unwrap();
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let est = lines[0].iter().position(|key| *key == "est").unwrap();
    let paths: Vec<&Value> =
        result["parameters"].as_array().unwrap().iter().filter(|p| p["op"] == "~").collect();
    assert_eq!(paths.len(), lines.len() - 1);
    for line in &lines[1..] {
        let value: f64 = line[est].parse().unwrap();
        assert!(paths.iter().any(|p| p["est"].as_f64() == Some(value)), "{line:?}");
    }
    assert_eq!(result["fit_measures"]["npar"], result["n_free_parameters"]);
}

#[test]
fn strict_refuses_an_inadmissible_estimate() {
    let table = "item,a1,a2,a3,b1,b2,b3
a1,1,.9,.9,.3,.3,.3
a2,.9,1,.7,.2,.2,.2
a3,.9,.7,1,.2,.2,.2
b1,.3,.2,.2,1,.5,.5
b2,.3,.2,.2,.5,1,.5
b3,.3,.2,.2,.5,.5,1
";
    let study = Study::small().with("r.csv", table);
    snapshot!(study.run("sem m.sem --correlations r.csv --n 200 --strict --tables fit"));
}

#[test]
fn the_diagram_shows_standardised_estimates() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f.svg");
    let words = "sem models/initial-trust.sem data/initial-trust.csv --missing listwise --lang zh";
    let run = example(&format!("{words} --diagram {} -f json -q", file.display()));
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let paths: Vec<&serde_json::Value> =
        json["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["op"] == "~").collect();
    assert_eq!(paths.len(), 15);
    for path in paths {
        let shown = trustpath::table::apa(path["std_all"].as_f64().unwrap(), 2);
        let (from, to) = (path["rhs"].as_str().unwrap(), path["lhs"].as_str().unwrap());
        assert!(text.contains(&format!("{from} → {to}: {shown}")), "{from} {to} {shown}");
    }
    assert!(text.contains("标准化估计值，最大似然") && text.contains("χ²("));
    let run = example(&format!("{words} --diagram {} -q", folder.path().join("f.bmp").display()));
    assert_eq!(run.status.code(), Some(2));
}

#[cfg(feature = "report")]
#[test]
fn a_file_of_a_document_is_a_whole_report() {
    let study = Study::small();
    let run = study.run("sem m.sem d.csv --title Trust --purpose explanation -o r.md");
    assert!(run.starts_with("exit code: 0"), "{run}");
    let text = study.read("r.md");
    for words in [
        "# Trust",
        "## Verdict",
        "## Method",
        "## Model fit",
        "The purpose is explanation",
        "by maximum likelihood",
        "Table 1. Paths",
        "Largest residual correlations",
        "Settings",
        "command to repeat | trustpath sem m.sem d.csv",
        "Bollen, K. A. (1989)",
        "](<r-path-diagram.svg>)",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(study.read("r-path-diagram.svg").contains("<svg"));
    // The numbers are those of the tables.
    let paths = study.run("sem m.sem d.csv --tables paths -f markdown");
    let row = paths.lines().find(|line| line.starts_with("| A → B")).unwrap();
    assert!(text.contains(row), "{row} in {text}");
    // Tables asked for are tables, and what belongs to a report is told where there is none.
    study.run("sem m.sem d.csv --tables fit -o t.md");
    assert!(!study.read("t.md").contains("## Verdict"));
    for words in ["--title Trust", "--blind --tables fit -o t.html", "--sections fit -f json"] {
        let run = study.run(&format!("sem m.sem d.csv {words}"));
        assert!(run.contains("are for a report"), "{words}: {run}");
    }
}
