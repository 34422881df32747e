//! Conditional effects, regions of significance and simple slopes (cSEM), from given resampled coefficients.

use serde_json::Value;
use trustpath::effects::{Band, Draws, Equation, Term, crossings};
use trustpath::pls::PlsFit;

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};

fn rows(table: &Value) -> Vec<Vec<f64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|x| number(x).unwrap()).collect();
    table["values"].as_array().unwrap().iter().map(row).collect()
}

/// The equation of the case, its constructs by position in the model.
fn equation(case: &Case, fit: &PlsFit) -> Equation {
    let position = |name: &str| fit.model.find(name).unwrap().index();
    let term = |(path, name): (usize, String)| {
        let (_, predictor) = name.split_once(" ~ ").unwrap();
        Term { path, factors: predictor.split(':').map(position).collect() }
    };
    let names = strings(&case.setting("resampled_estimates")["cols"]);
    let outcome = position(case.setting("dependent").as_str().unwrap());
    Equation { outcome, terms: names.into_iter().enumerate().map(term).collect() }
}

/// Compares one key; `false` if it is none of these.
pub(crate) fn compare(case: &Case, key: &str, value: &Value, fit: &PlsFit, out: &mut Comparison) -> bool {
    if !["original", "effects_at_moderator_values", "floodlight", "johnson_neyman", "simple_effects"]
        .contains(&key)
    {
        return false;
    }
    let tolerance = case.tolerance(key);
    let equation = equation(case, fit);
    let place = |key: &str| fit.model.find(case.setting(key).as_str().unwrap()).unwrap().index();
    let (focal, moderator) = (place("independent"), place("moderator"));
    let names = strings(&case.setting("resampled_estimates")["cols"]);
    let paths: Vec<f64> = names
        .iter()
        .map(|name| {
            let (to, from) = name.split_once(" ~ ").unwrap();
            fit.path_coefficients().get(from, to).unwrap()
        })
        .collect();
    let draws = Draws::given(paths.clone(), &rows(case.setting("resampled_estimates")), 0.95);
    let band = |z: f64| {
        let at = |f: usize| if f == moderator { z } else { 0.0 };
        let s = draws.summary(|b| equation.slope(b, focal, &at)).unwrap();
        Band { at: z, effect: s.original, low: s.low, high: s.high }
    };
    match key {
        "original" => {
            for ((name, value), path) in names.iter().zip(value["values"].as_array().unwrap()).zip(&paths) {
                out.cell(&format!("{key}[{name}]"), number(value).unwrap(), Some(*path), tolerance);
            }
        }
        "johnson_neyman" => {
            let table = case.json["expected"]["floodlight"].clone();
            let grid: Vec<f64> = rows(&table).iter().map(|row| row[1]).collect();
            let found = crossings(&grid, &band);
            let expected = value.as_array().unwrap();
            // How many there are is a cell of its own.
            out.cell(&format!("{key}, number"), expected.len() as f64, Some(found.len() as f64), tolerance);
            for (at, value) in expected.iter().enumerate() {
                out.cell(&format!("{key}[{at}]"), number(value).unwrap(), found.get(at).copied(), tolerance);
            }
        }
        "simple_effects" => {
            // cSEM takes the mean of a product to be that of the scores over the product of the reliabilities.
            let linear = fit.earlier().last().unwrap();
            let scores = |a: usize, b: usize| {
                linear.estimate.proxy_correlations[a * linear.plan.constructs() + b]
                    / (linear.estimate.reliability_roots[a] * linear.estimate.reliability_roots[b]).powi(2)
            };
            let mean = |term: &Term| match *term.factors.as_slice() {
                [a, b] => scores(a, b),
                _ => 0.0,
            };
            for (at, row) in rows(value).into_iter().enumerate() {
                let stand = |f: usize| match f {
                    f if f == focal => row[1],
                    f if f == moderator => row[2],
                    _ => 0.0,
                };
                let got = equation.predict(&paths, &stand, &mean);
                out.cell(&format!("{key}[{at}]"), row[0], Some(got), tolerance);
            }
        }
        _ => {
            for row in rows(value) {
                let found = band(row[1]);
                for (col, expected, got) in [
                    ("effect", row[0], found.effect),
                    ("lower", row[2], found.low),
                    ("upper", row[3], found.high),
                ] {
                    out.cell(&format!("{key}[{}, {col}]", row[1]), expected, Some(got), tolerance);
                }
            }
        }
    }
    true
}
