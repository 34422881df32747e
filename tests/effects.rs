//! Conditional effects, regions of significance and tests of normality against reference results, which are read where they
//! lie.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::float_cmp, reason = "tests")]

mod common;
#[path = "../examples/recovery.rs"]
mod recovery;
use recovery::Population;

use serde_json::Value;
use trustpath::effects::{Controls, Equation, Term, joint_tests, without_controls};
use trustpath::stats::normality::{anderson_darling, cramer_von_mises, lilliefors};
use trustpath::survey::Values;
use trustpath::survey::{Column, code_factors};
use trustpath::{Bootstrap, Model, Pls, Survey};

/// A case and the survey it names; `None` where they are not at hand.
fn case(name: &str) -> Option<(Value, Survey)> {
    let text = std::fs::read_to_string(common::at_hand(&format!("cases/{name}.json"))?).unwrap();
    let case: Value = serde_json::from_str(&text).unwrap();
    let data = common::reference().join("data").join(case["data"].as_str().unwrap());
    let survey = Survey::read(data).unwrap();
    Some((case, survey))
}

fn rows(table: &Value) -> Vec<Vec<f64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    table["values"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn normality_tests_agree_with_nortest() {
    let mut cells = 0;
    for name in ["psych-normality-hs", "psych-normality-bfi"] {
        let Some((case, survey)) = case(name) else { continue };
        let table = &case["expected"]["tests"];
        let at = |key: &str| table["cols"].as_array().unwrap().iter().position(|col| col == key).unwrap();
        for (item, row) in table["rows"].as_array().unwrap().iter().zip(rows(table)) {
            let Values::Numbers(answers) = &survey.column(item.as_str().unwrap()).unwrap().values else {
                panic!("{item} holds words")
            };
            let values: Vec<f64> = answers.iter().flatten().copied().collect();
            for (test, statistic, p) in [
                (anderson_darling(&values), "anderson_darling_a", "anderson_darling_p"),
                (lilliefors(&values), "lilliefors_d", "lilliefors_p"),
                (cramer_von_mises(&values), "cramer_von_mises_w", "cramer_von_mises_p"),
            ] {
                let test = test.unwrap();
                let (expected, expected_p) = (row[at(statistic)], row[at(p)]);
                assert!((test.statistic - expected).abs() < 1e-8 * expected.max(1.0), "{item} {statistic}");
                assert!((test.p - expected_p).abs() < 1e-7, "{item} {p}: {} {expected_p}", test.p);
                cells += 2;
            }
        }
    }
    println!("normality: {cells} cells agree");
}

/// The moderation of the example, from the coefficients that an independent program found.
#[test]
fn simple_slopes_of_the_example_are_those_of_the_reference() {
    let text = include_str!("reference/initial-trust-interaction.json");
    let case: Value = serde_json::from_str(text).unwrap();
    let b: Vec<f64> = case["expected"]["product_score_regression"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .skip(1)
        .map(|x| x.as_f64().unwrap())
        .collect();
    let term = |path, factors: &[usize]| Term { path, factors: factors.to_vec() };
    let equation = Equation { outcome: 2, terms: vec![term(0, &[0]), term(1, &[1]), term(2, &[0, 1])] };
    let expected = case["expected"]["simple_slopes"]["values"].as_array().unwrap();
    for (z, expected) in [-1.0, 0.0, 1.0].iter().zip(expected) {
        let slope = equation.slope(&b, 0, &|f| if f == 1 { *z } else { 0.0 });
        assert!((slope - expected.as_f64().unwrap()).abs() < 1e-6);
    }
}

/// Two constructs, an age and a school, made up.
fn schools(cases: usize) -> Survey {
    let mut state = 9_u32;
    let mut u = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1_u32 << 24)
    };
    let mut columns = vec![Vec::new(); 5];
    let mut school = Vec::new();
    for i in 0..cases {
        let a = u();
        let b = 0.5 * a + 0.4 * u() + [0.0, 0.1, 0.5][i % 3];
        for (column, x) in columns.iter_mut().zip([
            a + 0.3 * u(),
            a + 0.3 * u(),
            b + 0.3 * u(),
            b + 0.3 * u(),
            20.0 + 40.0 * u(),
        ]) {
            column.push(Some(x));
        }
        school.push(["primary", "high school", "college"][i % 3].to_owned());
    }
    let numbers = ["a1", "a2", "b1", "b2", "age"]
        .iter()
        .zip(columns)
        .map(|(name, cells)| Column { name: (*name).to_owned(), values: Values::Numbers(cells) });
    let text =
        Column { name: "school".to_owned(), values: Values::Text(school.into_iter().map(Some).collect()) };
    Survey::from_columns("<test>", numbers.chain([text]).collect()).unwrap()
}

const SCHOOLS: &str =
    "#@ factor school ref=primary\n#@ control age school\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A";

#[test]
fn a_factor_becomes_one_dummy_less_than_it_has_categories() {
    let survey = schools(90);
    let (model, coded) =
        code_factors(&Model::parse(SCHOOLS).unwrap(), &survey, &Pls::default().data).unwrap().unwrap();
    assert_eq!(model.about.controls, ["age", "school.college", "school.high_school"]);
    assert_eq!(model.paths().len(), 4);
    let factor = &model.about.factors[0];
    assert_eq!((factor.reference.as_deref(), factor.levels.len()), (Some("primary"), 2));
    assert_eq!(factor.levels[1].label, "high school");
    let Values::Numbers(cells) = &coded.column("school.high_school").unwrap().values else { panic!() };
    assert_eq!(cells[..4], [Some(0.0), Some(1.0), Some(0.0), Some(0.0)]);
    // Coded once is coded.
    assert!(code_factors(&model, &coded, &Pls::default().data).unwrap().is_none());
}

#[test]
fn the_path_of_a_dummy_is_the_difference_to_the_reference() {
    let survey = schools(90);
    let text = "#@ factor school ref=primary\nB =~ b1 + b2\nB ~ school";
    let fit = Pls::default().fit(&Model::parse(text).unwrap(), &survey).unwrap();
    let scores = fit.scores().unwrap();
    let b = &scores[fit.model.find("B").unwrap().index()];
    let mean = |k: usize| b.iter().skip(k).step_by(3).sum::<f64>() / 30.0;
    let path = |level: &str| fit.path_coefficients().get(level, "B").unwrap();
    assert!((path("school.high_school") - (mean(1) - mean(0))).abs() < 1e-10);
    assert!((path("school.college") - (mean(2) - mean(0))).abs() < 1e-10);
    // One-way analysis of variance of the score.
    let within: f64 =
        (0..3).map(|k| b.iter().skip(k).step_by(3).map(|x| (x - mean(k)).powi(2)).sum::<f64>()).sum();
    let between: f64 = (0..3).map(|k| 30.0 * mean(k).powi(2)).sum();
    let tests = joint_tests(&fit, None);
    assert!((tests[0].f.unwrap() - (between / 2.0) / (within / 87.0)).abs() < 1e-8);
}

#[test]
fn controls_enter_every_outcome_and_leave_together() {
    let survey = schools(90);
    let fit = Pls::default().fit(&Model::parse(SCHOOLS).unwrap(), &survey).unwrap();
    let plain = fit.refit(&without_controls(fit.written()).unwrap()).unwrap();
    assert_eq!(plain.model.construct_names(), ["A", "B"]);
    let direct =
        Pls::default().fit(&Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A").unwrap(), &survey).unwrap();
    assert_eq!(plain.estimate.paths, direct.estimate.paths);
    let boot = Bootstrap { resamples: 100, ..Bootstrap::default() };
    let controls = Controls::of((&fit, &boot.run(&fit).unwrap()), (&plain, &boot.run(&plain).unwrap()));
    assert_eq!((controls.paths.len(), controls.control_paths.len()), (1, 3));
    assert!(controls.r_squared[0].with > controls.r_squared[0].without.unwrap());
    assert_eq!(controls.joint_tests[0].df, 2);
    assert!(controls.joint_tests[0].wald_p.unwrap() < 0.01);
}

#[test]
fn factors_and_controls_that_cannot_be_are_explained() {
    let survey = schools(30);
    let message = |text: &str| match Model::parse(text) {
        Ok(model) => Pls::default().fit(&model, &survey).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    let base = "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A";
    for (annotations, expected) in [
        ("#@ control age\n#@ factor age", "30 categories"),
        ("#@ control school\n#@ factor school ref=primry", "did you mean `primary`?"),
        ("#@ control school", "`school` must be numbers"),
        ("#@ control nothing\n#@ factor nothing", "not a column"),
        ("#@ factor school", "stands in no path"),
        ("#@ control age\n#@ control age", "a control already"),
        ("#@ control B", "which cannot be a control"),
        ("#@ factor B", "an outcome"),
        ("#@ factor A", "measured by items"),
        ("#@ control a1", "is an item"),
        ("#@ control age,school", "not the name of a control"),
        ("#@ factor", "not complete"),
    ] {
        let found = message(&format!("{annotations}\n{base}"));
        assert!(found.contains(expected), "{annotations}: {found}");
    }
}

/// The simulation study of `examples/recovery.rs`, smaller.
#[test]
fn means_of_estimates_lie_where_the_population_is() {
    for population in [Population::Factors, Population::Composites] {
        for one in recovery::study(population, &population.estimator(), 60, 500, 1).unwrap() {
            // Of 16 means one in 23 such studies would have one beyond 3 standard errors if nothing were biased.
            assert!(one.distance().abs() < 3.0, "{population:?} {one:?}");
            assert!(one.error < 0.008, "{population:?} {one:?}");
        }
    }
}

#[test]
fn the_targets_follow_from_the_population() {
    for population in [Population::Factors, Population::Composites] {
        let targets = population.target(&population.estimator()).unwrap();
        for (target, (name, truth)) in targets.into_iter().zip(recovery::TRUTH) {
            assert_eq!(target.is_none(), name.contains(':'));
            assert!(target.is_none_or(|target| (target - truth).abs() < 1e-7), "{name}: {target:?}");
        }
    }
    // Uncorrected weights on factors are consistent for something else, which the study would notice.
    let attenuated = Population::Factors.target(&Pls::default()).unwrap();
    assert!(attenuated[1].unwrap() < 0.46, "{attenuated:?}");
    let found = recovery::study(Population::Factors, &Pls::default(), 30, 500, 1).unwrap();
    assert!(found[1].distance() < -5.0, "{:?}", found[1]);
    assert!(((found[1].mean - attenuated[1].unwrap()) / found[1].error).abs() < 3.0, "{:?}", found[1]);
}
