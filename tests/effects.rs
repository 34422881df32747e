//! Conditional effects, regions of significance and tests of normality against reference results, which are read where they
//! lie.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::float_cmp, reason = "tests")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use trustpath::Survey;
use trustpath::effects::{Band, Draws, Equation, Term, crossings};
use trustpath::stats::normality::{anderson_darling, cramer_von_mises, lilliefors};
use trustpath::survey::Values;

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("TRUSTPATH_REFERENCE").map_or_else(|| root.join("../shared/reference"), PathBuf::from)
}

/// A case and the survey it names; `None` where they are not at hand.
fn case(name: &str) -> Option<(Value, Survey)> {
    let file = folder().join("cases").join(format!("{name}.json"));
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("skipped: no case {name} at hand (set TRUSTPATH_REFERENCE)");
        return None;
    };
    let case: Value = serde_json::from_str(&text).unwrap();
    let survey = Survey::read(folder().join("data").join(case["data"].as_str().unwrap())).unwrap();
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

/// cSEM's analysis of `Int ~ Trust + PrCon + Risk + Trust.Risk`, from its own resampled coefficients.
#[test]
fn conditional_effects_and_floodlight_agree_with_csem() {
    let Some((case, _)) = case("csem-lancelot-moderation") else { return };
    let original: Vec<f64> = case["expected"]["original"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect();
    let draws = Draws::given(original, &rows(&case["settings"]["resampled_estimates"]), 0.95);
    assert_eq!(draws.len(), 499);
    // Constructs: 0 PrCon, 1 Trust, 2 Risk, 3 Int.
    let term = |path, factors: &[usize]| Term { path, factors: factors.to_vec() };
    let equation =
        Equation { outcome: 3, terms: vec![term(0, &[0]), term(1, &[1]), term(2, &[2]), term(3, &[1, 2])] };
    let band = |z: f64| {
        let s = draws.summary(|b| equation.slope(b, 1, &|f| if f == 2 { z } else { 0.0 })).unwrap();
        Band { at: z, effect: s.original, low: s.low, high: s.high }
    };
    let mut cells = 0;
    for key in ["effects_at_moderator_values", "floodlight"] {
        for row in rows(&case["expected"][key]) {
            let found = band(row[1]);
            for (got, expected) in [(found.effect, row[0]), (found.low, row[2]), (found.high, row[3])] {
                assert!((got - expected).abs() < 1e-6, "{key} at {}: {got} {expected}", row[1]);
                cells += 1;
            }
        }
    }
    let grid: Vec<f64> = rows(&case["expected"]["floodlight"]).iter().map(|row| row[1]).collect();
    assert_eq!(crossings(&grid, &band).len(), case["expected"]["johnson_neyman"].as_array().unwrap().len());
    println!("moderation: {cells} cells agree");
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
