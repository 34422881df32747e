//! Mediation, moderation and their like.

use serde_json::Value;

use super::{Study, answers, example, shown, snapshot};

const EXAMPLE: &str = "models/initial-trust.sem data/initial-trust.csv";

/// Standard output of a run that must succeed, as JSON.
fn parsed(words: &str) -> Value {
    let run = example(words);
    assert_eq!(run.status.code(), Some(0), "{}", shown(&run));
    serde_json::from_slice(&run.stdout).unwrap()
}

/// A mediation with a direct path, in made-up answers.
fn mediated() -> Study {
    let mut data = answers(60);
    data.header.extend(["c1".to_owned(), "c2".to_owned()]);
    for row in &mut data.rows {
        let number = |cell: &str| cell.parse::<f64>().unwrap();
        let c = f64::midpoint(number(&row[3]), number(&row[4]));
        let c2 = f64::midpoint(number(&row[0]), number(&row[5]));
        row.extend([c.to_string(), c2.to_string()]);
    }
    let model = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2\nB ~ A\nC ~ A + B\n";
    Study::new().with("m.sem", model).with("d.csv", data.csv())
}

#[test]
fn mediation_with_a_direct_path() {
    snapshot!(mediated().run("mediation m.sem d.csv --resamples 200 --seed 1"));
}

#[test]
fn mediation_of_the_example() {
    snapshot!(shown(&example(&format!(
        "mediation {EXAMPLE} --resamples 200 --seed 1 --tables total-indirect"
    ))));
}

#[test]
fn mediation_as_json_agrees_with_the_bootstrap() {
    let result = parsed(&format!("mediation {EXAMPLE} --resamples 100 --seed 1 --format json"));
    let boot = parsed(&format!("bootstrap {EXAMPLE} --resamples 100 --seed 1 --format json"));
    let specific = result["specific"].as_array().unwrap();
    let rows = boot["specific_indirect_effects"]["rows"].as_array().unwrap();
    assert_eq!(specific.len(), rows.len());
    for row in rows {
        let one = specific.iter().find(|one| one["name"] == row[0]).unwrap();
        // The same products of the same draws: name, from, to, original, mean, sd, t, p, low, high.
        for (key, at) in [("original", 3), ("sd", 5), ("low", 8), ("high", 9)] {
            let (a, b) = (one["effect"][key].as_f64().unwrap(), row[at].as_f64().unwrap());
            assert!((a - b).abs() < 1e-12, "{} {key}: {a} {b}", row[0]);
        }
        let effect = one["effect"]["original"].as_f64().unwrap();
        assert!((one["upsilon"]["original"].as_f64().unwrap() - effect * effect).abs() < 1e-15);
    }
    // No construct of the example has both a direct and an indirect effect on another.
    assert!(result["total"].as_array().unwrap().iter().all(|one| one["direct"].is_null()));
    assert_eq!(result["contrasts"].as_array().unwrap().len(), 5 * 3);
}

#[test]
fn a_model_without_mediator_is_told_what_one_is() {
    snapshot!(Study::small().run("mediation m.sem d.csv --resamples 50"));
}
