//! Mediation, moderation and their like.

use serde_json::Value;

use super::{Study, answers, common, example, shown, snapshot};

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
fn effect_sizes_of_squares_follow_the_convention() {
    let squares = |more: &str| {
        let result = parsed(&format!("nonlinearity {EXAMPLE} --resamples 20 --format json {more}"));
        let all = result["quadratic_effects"].as_array().unwrap();
        all.iter().map(|one| one["f_squared"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let (fixed, again) = (squares(""), squares("--set f_squared=reestimated"));
    assert_eq!(fixed.len(), again.len());
    assert!(fixed.iter().zip(&again).any(|(a, b)| (a - b).abs() > 1e-6), "{fixed:?} {again:?}");
}

#[test]
fn chains_beyond_all_counting_are_said_to_be_missing() {
    let mut state = 7_u32;
    let mut answer = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (1 + (state >> 16) % 7).to_string()
    };
    let names: Vec<String> = (0..24).map(|i| format!("x{i}")).collect();
    let mut model: Vec<String> = names.iter().map(|x| format!("C{x} =~ {x}")).collect();
    for to in 1..24 {
        let from: Vec<String> = names[..to].iter().map(|x| format!("C{x}")).collect();
        model.push(format!("C{} ~ {}", names[to], from.join(" + ")));
    }
    let mut csv = vec![names.join(",")];
    csv.extend((0..80).map(|_| names.iter().map(|_| answer()).collect::<Vec<_>>().join(",")));
    let study = Study::new().with("m.sem", model.join("\n")).with("d.csv", csv.join("\n"));
    let run = study.run("fit m.sem d.csv --tables fit");
    assert!(run.starts_with("exit code: 0") && run.contains("! The model has more chains of paths"), "{run}");
    let run = study.run("mediation m.sem d.csv --resamples 10");
    assert!(run.starts_with("exit code: 2") && run.contains("error[TP0809]"), "{run}");
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

/// Every kind of interval and of p-value that a bootstrap of the paths has, derived effects have as well.
#[test]
fn derived_effects_have_the_intervals_of_the_bootstrap() {
    let options = [
        "--intervals bca",
        "--intervals bc",
        "--intervals basic",
        "--intervals normal",
        "--intervals t --p-value t",
        "--intervals bca --tails one --p-value percentile",
        "--level 0.9",
    ];
    for options in options {
        let words = format!("{EXAMPLE} --resamples 120 --seed 1 {options} --format json");
        let (result, boot) = (parsed(&format!("mediation {words}")), parsed(&format!("bootstrap {words}")));
        let rows = boot["specific_indirect_effects"]["rows"].as_array().unwrap();
        for row in rows {
            let specific = result["specific"].as_array().unwrap();
            let one = specific.iter().find(|one| one["name"] == row[0]).unwrap();
            for (key, at) in [("sd", 5), ("p", 7), ("low", 8), ("high", 9)] {
                let (a, b) = (one["effect"][key].as_f64().unwrap(), row[at].as_f64().unwrap());
                assert!((a - b).abs() < 1e-10, "{options}, {} {key}: {a} {b}", row[0]);
            }
        }
    }
    let run = shown(&example(&format!("mediation {EXAMPLE} --resamples 50 --intervals studentized")));
    assert!(run.contains("theirs are percentile") && run.contains("Percentile intervals"), "{run}");
    let run = shown(&example(&format!("mediation {EXAMPLE} --resamples 50 --intervals bca,normal")));
    assert!(run.contains("one interval each") && run.contains("BCa intervals"), "{run}");
}

#[test]
fn a_model_without_mediator_is_told_what_one_is() {
    snapshot!(Study::small().run("mediation m.sem d.csv --resamples 50"));
}

/// A mediation whose second step a binary column moderates, with a control and a factor, in made-up answers.
fn moderated() -> Study {
    let mut data = answers(120);
    data.header.extend(["c1", "c2", "w", "age", "school"].map(str::to_owned));
    for (i, row) in data.rows.iter_mut().enumerate() {
        let number = |cell: &str| cell.parse::<f64>().unwrap();
        let w = i % 2;
        let (a, b) = (number(&row[0]), number(&row[3]));
        let noise = [0.0, 1.0, 2.0, 0.5, 1.5][i % 5];
        let c = 0.4 * a + (0.2 + 0.6 * w as f64) * b + noise;
        let school = ["low", "middle", "high"][(i / 3) % 3];
        let more = [
            format!("{:.2}", c + [0.3, 0.0, 0.6][i % 3]),
            format!("{:.2}", c - [0.2, 0.7, 0.1, 0.4][i % 4]),
            w.to_string(),
            (20 + (i * 7) % 40).to_string(),
            school.to_owned(),
        ];
        row.extend(more);
    }
    let model = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2\nB ~ A\nC ~ A + B + w + B:w\n";
    let controlled = format!("#@ control age school\n#@ factor school ref=low\n{model}");
    let few = data.header.join(",")
        + "\n"
        + &data.rows[..6].iter().map(|r| r.join(",")).collect::<Vec<_>>().join("\n");
    Study::new().with("m.sem", model).with("c.sem", controlled).with("d.csv", data.csv()).with("few.csv", few)
}

#[test]
fn moderation_by_a_binary_column() {
    snapshot!(moderated().run("moderation m.sem d.csv --resamples 200 --seed 1"));
}

const INTERACTION: &str = "NAV =~ NAV1 + NAV2 + NAV3 + NAV4\nATT =~ ATT1 + ATT2 + ATT3 + ATT4\nDTT =~ DTT1 + DTT2 + DTT3 + DTT4\nMOT =~ MOT1 + MOT2 + MOT3 + MOT4\nITR =~ ITR1 + ITR2 + ITR3 + ITR4\nATT ~ NAV\nMOT ~ ATT + DTT + ATT:DTT + NAV\nITR ~ MOT\n";

/// The example's survey with mediation and an interaction.
fn interaction() -> Study {
    let survey = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
    Study::new().with("m.sem", INTERACTION).with("d.csv", survey)
}

#[test]
fn moderation_of_the_example() {
    snapshot!(interaction().run("moderation m.sem d.csv --resamples 200 --seed 1"));
}

#[test]
fn moderation_at_values_of_ones_own() {
    let words =
        "moderation m.sem d.csv --resamples 100 --seed 1 --at DTT=-2,2 --tables simple-slopes --format csv";
    snapshot!(interaction().run(words));
    let swapped = "moderation m.sem d.csv --resamples 100 --seed 1 --moderator ATT --johnson-neyman covariance \
                   --tables johnson-neyman --format csv";
    snapshot!(interaction().run(swapped));
}

#[test]
fn moderation_as_json_agrees_with_the_paths() {
    let study = interaction();
    let run = |words: &str| -> Value {
        let run = super::output(study.0.path(), words, &[]);
        assert_eq!(run.status.code(), Some(0), "{}", shown(&run));
        serde_json::from_slice(&run.stdout).unwrap()
    };
    let result = run("moderation m.sem d.csv --resamples 100 --seed 1 --format json");
    let boot = run("bootstrap m.sem d.csv --resamples 100 --seed 1 --format json");
    let path = |name: &str| {
        let rows = boot["paths"]["rows"].as_array().unwrap();
        rows.iter().find(|row| row[0] == name).unwrap()[3].as_f64().unwrap()
    };
    let (main, product) = (path("ATT → MOT"), path("ATT:DTT → MOT"));
    let slopes = result["simple_slopes"].as_array().unwrap();
    assert_eq!(slopes.len(), 3);
    for (slope, z) in slopes.iter().zip([-1.0, 0.0, 1.0]) {
        let got = slope["effect"]["original"].as_f64().unwrap();
        assert!((got - main - product * z).abs() < 1e-12);
    }
    // NAV → ATT → MOT: the index is the first path times the product's.
    let index = result["moderated_mediation"].as_array().unwrap();
    let of = |name: &str| index.iter().find(|one| one["name"] == name).unwrap();
    let got = of("NAV → ATT → MOT")["index"]["original"].as_f64().unwrap();
    assert!((got - path("NAV → ATT") * product).abs() < 1e-12);
    let got = of("ATT → MOT → ITR")["index"]["original"].as_f64().unwrap();
    assert!((got - product * path("MOT → ITR")).abs() < 1e-12);
    let share: f64 = result["johnson_neyman"][0]["regions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|region| region[1].as_f64().unwrap())
        .sum();
    assert!((share - 1.0).abs() < 1e-12);
    // The same bits whatever the number of threads.
    let one = run("moderation m.sem d.csv --resamples 100 --seed 1 --format json --threads 1");
    assert_eq!(result, one);
}

#[cfg(feature = "plots")]
#[test]
fn moderation_is_drawn() {
    let study = interaction().with("q.sem", format!("{INTERACTION}MOT ~ ATT:ATT + DTT:NAV + ATT:DTT:NAV\n"));
    let text =
        study.run("moderation m.sem d.csv --resamples 60 --seed 1 --figures p.svg --tables interactions");
    assert!(text.contains("wrote `p-slopes.svg`") && text.contains("wrote `p-surface.svg`"), "{text}");
    let slopes = study.read("p-slopes.svg");
    for words in ["DTT −1 SD", "DTT mean", "DTT +1 SD", "ATT × DTT → MOT"] {
        assert!(slopes.contains(words), "{words}");
    }
    assert_eq!(slopes.matches("<polyline points=").count(), 3);
    assert!(study.read("p-johnson-neyman.svg").contains("Slope (ATT → MOT)"));
    assert!(study.read("p-surface.svg").matches("<polygon").count() > 100);
    // The same picture by the other verb.
    for chart in ["slopes", "johnson-neyman", "surface"] {
        let text = study.run(&format!("plot m.sem d.csv --resamples 60 --seed 1 --figure {chart} -o o.svg"));
        assert!(text.starts_with("exit code: 0"), "{text}");
        assert_eq!(study.read("o.svg"), study.read(&format!("p-{chart}.svg")), "{chart}");
    }
    // Three ways: one chart per value of the further moderator, and a curve where there is a square.
    let text = study.run("plot q.sem d.csv --resamples 60 --seed 1 --figure slopes --at NAV=-1,1 -o o.svg");
    assert!(text.starts_with("exit code: 0"), "{text}");
    let drawn = study.read("o.svg");
    for words in
        ["ATT × DTT → MOT (NAV −1 SD)", "ATT × DTT → MOT (NAV +1 SD)", "DTT × NAV → MOT", ">ATT → MOT<"]
    {
        assert!(drawn.contains(words), "{words}");
    }
    // A binary moderator has two lines and nothing between them.
    let binary = moderated();
    let text =
        binary.run("moderation m.sem d.csv --resamples 60 --seed 1 --figures p.svg --tables interactions");
    assert!(text.contains("no johnson-neyman to draw: a binary moderator"), "{text}");
    assert_eq!(binary.read("p-slopes.svg").matches("<polyline points=").count(), 2);
    assert!(binary.read("p-slopes.svg").contains("w = 1"));
    for words in [
        "moderation m.sem d.csv --figures p.bmp",
        "plot m.sem d.csv --resamples 60 --figure surface",
        "plot m.sem d.csv --figure slopes --no-bootstrap",
        "plot m.sem d.csv --figure slopes --at A=x",
    ] {
        let text = binary.run(words);
        assert!(text.starts_with("exit code: 2") && text.contains("error"), "{text}");
    }
    let text = Study::small().run("plot m.sem d.csv --figure slopes");
    assert!(text.contains("TP0802"), "{text}");
}

#[test]
fn nonlinearity_of_the_example() {
    snapshot!(shown(&example(&format!("nonlinearity {EXAMPLE} --resamples 100 --seed 1"))));
}

#[test]
fn controls_and_a_factor_stand_beside_the_model_without_them() {
    snapshot!(moderated().run("controls c.sem d.csv --resamples 200 --seed 1"));
}

/// Every copula term has an estimate, and the assumptions are printed.
fn has_copula_terms(text: &str, expected: &[&str]) {
    assert!(text.starts_with("exit code: 0"), "{text}");
    for words in expected.iter().chain(&[
        "Normality of the predictors' scores",
        "by a Gaussian copula",
        "an intercept",
    ]) {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("collinear"), "{text}");
}

#[test]
fn endogeneity_of_one_outcome() {
    let words = "--resamples 50 --seed 1 --outcome PU --endogenous NAV,INFO";
    has_copula_terms(
        &shown(&example(&format!("endogeneity {EXAMPLE} {words}"))),
        &["c(NAV)", "c(INFO)", "NAV, INFO"],
    );
}

#[test]
fn endogeneity_has_every_combination() {
    let result =
        parsed(&format!("endogeneity {EXAMPLE} --resamples 20 --seed 1 --outcome MOT --format json"));
    let models = result["models"].as_array().unwrap();
    assert_eq!(models.len(), 4);
    assert!(models.iter().all(|model| {
        let len = |key: &str| model[key].as_array().unwrap().len();
        len("copulas") == len("endogenous") && len("paths") == 2
    }));
    // Without copula terms the paths are those of the fit.
    let fit = parsed(&format!("fit {EXAMPLE} --format json"));
    let paths = &fit["path_coefficients"];
    let at = |key: &str, name: &str| paths[key].as_array().unwrap().iter().position(|n| n == name).unwrap();
    for path in models[0]["paths"].as_array().unwrap() {
        let name = path["predictor"].as_str().unwrap();
        let beta = paths["values"][at("rows", name)][at("cols", "MOT")].as_f64().unwrap();
        assert!((path["effect"]["original"].as_f64().unwrap() - beta).abs() < 1e-9, "{name}");
    }
}

#[test]
fn what_cannot_be_analysed_is_said_in_words() {
    let small = Study::small();
    let mut text = String::new();
    for verb in ["moderation", "controls"] {
        text.push_str(&small.run(&format!("{verb} m.sem d.csv --resamples 50")));
    }
    // The same answers with a constant moderator and twice the age.
    let spoiled: Vec<String> = moderated()
        .read("d.csv")
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            let twice = cells[9].parse::<f64>().map_or("age2".to_owned(), |age| (2.0 * age).to_string());
            if i > 0 {
                cells[8] = "1".to_owned();
            }
            cells.push(twice);
            cells.join(",")
        })
        .collect();
    let study = moderated()
        .with("spoiled.csv", spoiled.join("\n"))
        .with("twice.sem", "#@ control age age2\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A")
        .with("single.sem", "#@ control w\n#@ factor w\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A")
        .with("ref.sem", moderated().read("c.sem").replace("ref=low", "ref=lo"))
        .with("gone.sem", moderated().read("c.sem").replace("school", "schooling"))
        .with("out.sem", "#@ control B\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A")
        .with("lone.sem", "#@ factor school\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A")
        .with("all.sem", "A =~ a1 + a2\nD <~ d1 + d2 + d3\nA ~ D")
        .with("all.csv", dummies());
    for words in [
        "moderation m.sem d.csv --at C=1 --resamples 50",
        "moderation m.sem d.csv --at B --resamples 50",
        "fit ref.sem d.csv",
        "fit gone.sem d.csv",
        "fit out.sem d.csv",
        "fit lone.sem d.csv",
        "fit all.sem all.csv",
        "moderation m.sem few.csv --resamples 50",
        "moderation m.sem spoiled.csv --resamples 50",
        "controls twice.sem spoiled.csv --resamples 50",
        "fit single.sem spoiled.csv",
    ] {
        text.push_str(&study.run(words));
    }
    snapshot!(text);
}

/// All three categories of a variable as columns of 0 and 1.
fn dummies() -> String {
    let mut data = answers(30);
    data.header.extend(["d1", "d2", "d3"].map(str::to_owned));
    for (i, row) in data.rows.iter_mut().enumerate() {
        row.extend((0..3).map(|k| u8::from(i % 3 == k).to_string()));
    }
    data.csv()
}

/// A survey of others, read where it lies, with a model for it; `None` where it is not at hand.
fn survey_of_others(name: &str, model: &str) -> Option<Study> {
    let bytes = std::fs::read(common::survey(name)?).unwrap();
    Some(Study::new().with("m.sem", model).with("d.csv", bytes))
}

#[test]
fn every_verb_on_a_survey_of_1090_internet_users() {
    let model = "Trust =~ trust1 + trust2\nPrCon =~ privcon1 + privcon2 + privcon3 + privcon4\n\
                 Risk =~ risk1 + risk2 + risk3\nInt =~ intent1 + intent2\nTrust ~ PrCon\n\
                 Risk ~ Trust + PrCon\nInt ~ Trust + PrCon + Risk + Trust:Risk\n";
    let Some(study) = survey_of_others("csem-lancelot", model) else { return };
    for words in [
        "mediation m.sem d.csv --resamples 200 --seed 1 --tables mediation",
        "moderation m.sem d.csv --resamples 200 --seed 1 --tables simple-slopes,johnson-neyman,moderated-mediation",
        "nonlinearity m.sem d.csv --resamples 100 --seed 1",
    ] {
        snapshot!(study.run(words));
    }
    let run = study.run("endogeneity m.sem d.csv --resamples 50 --seed 1 --outcome Risk");
    has_copula_terms(&run, &["c(Trust)", "c(PrCon)"]);
}

#[test]
fn controls_on_a_survey_of_software_users() {
    let model = "#@ control age gender\nPE =~ PE1 + PE2 + PE3 + PE4\nHAB =~ HAB1 + HAB2 + HAB3 + HAB4\nBI =~ INT1 + INT2 + INT3\nBI ~ PE + HAB\n";
    let Some(study) = survey_of_others("trust-utaut2-trello", model) else { return };
    snapshot!(study.run("controls m.sem d.csv --resamples 200 --seed 1"));
}
