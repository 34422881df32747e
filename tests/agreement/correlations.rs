//! Correlations other than Pearson's, and what goes with them: thresholds, quantifications.

use std::collections::BTreeMap;

use serde_json::Value;
use trustpath::moments::{Correlation, Polyserial, Recipe};
use trustpath::pls::PlsFit;
use trustpath::stats::{polychoric, polyserial};
use trustpath::survey::{Missing, Sample, SampleSettings, Values};
use trustpath::table::{Matrix, Vector};
use trustpath::{Model, Moments, Pls};

use crate::answer::{Answer, compare_answer};
use crate::case::{Case, Comparison};
use crate::settings::Run;

/// The case's fit. A robust correlation that hangs on random subsets is given as input by its case.
pub(crate) fn fit(case: &Case, run: &Run, sample: Sample) -> Result<PlsFit, String> {
    let given = case.setting("indicator_correlations_given");
    if given.is_null() {
        return run.pls.fit_sample(&run.model, sample).map_err(|error| error.to_string());
    }
    let names = run.model.indicator_names();
    let mut moments = Moments::of(&sample);
    let at = |list: &str, name: &String| {
        given[list].as_array().unwrap().iter().position(|n| n.as_str() == Some(name)).unwrap()
    };
    for (i, a) in names.iter().enumerate() {
        for (j, b) in names.iter().enumerate() {
            let r = given["values"][at("rows", a)][at("cols", b)].as_f64().unwrap();
            moments.correlation[i * names.len() + j] = r;
        }
    }
    // How far our own search is from the subset of the other program.
    let ours = Recipe::new(&run.model, &sample, run.pls.correlation, Polyserial::AdHoc)
        .unwrap()
        .moments(&sample, None)
        .map_err(|_| "no correlations".to_owned())?;
    let apart =
        ours.correlation.iter().zip(&moments.correlation).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    println!("{}: our own search gives correlations within {apart:.1e} of those given", case.name);
    let mut fit = run.pls.fit_moments(&run.model, moments).map_err(|error| error.to_string())?;
    fit.sample = Some(std::sync::Arc::new(sample));
    Ok(fit)
}

/// Columns of a case, as a model of single items would draw them.
fn draw(case: &Case, missing: Missing) -> Result<(Model, Sample), String> {
    let columns: Vec<&str> =
        case.json["columns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let last = columns.len() - 1;
    let constructs: Vec<String> = columns.iter().enumerate().map(|(i, c)| format!("C{i} =~ {c}")).collect();
    let paths: Vec<String> = (0..last).map(|i| format!("C{last} ~ C{i}")).collect();
    let model = Model::parse(&[constructs, paths].concat().join("\n")).map_err(|error| error.to_string())?;
    let settings = SampleSettings { missing, ..SampleSettings::default() };
    let sample = Sample::draw(&model, &case.survey()?, &settings).map_err(|error| error.to_string())?;
    Ok((model, sample))
}

fn correlations(
    case: &Case,
    missing: Missing,
    kind: Correlation,
    mixed: Polyserial,
) -> Result<Matrix, String> {
    let (model, sample) = draw(case, missing)?;
    let moments = Recipe::new(&model, &sample, kind, mixed)
        .map_err(|error| error.to_string())?
        .moments(&sample, None)
        .map_err(|why| format!("{why:?}"))?;
    let p = moments.len();
    Ok(Matrix::from_fn(moments.items.clone(), moments.items.clone(), |i, j| moments.correlation[i * p + j]))
}

/// Thresholds of a column of answers.
fn cuts(column: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let counts: Vec<f64> = values.chunk_by(|a, b| a == b).map(|same| same.len() as f64).collect();
    polychoric::thresholds(&counts).unwrap()
}

/// Cases of psych and polycor; `false` if it is another kind of case.
pub(crate) fn compare(case: &Case, out: &mut Comparison) -> Result<bool, String> {
    let expected = case.json["expected"].as_object().unwrap();
    if expected.contains_key("two_step_rho") {
        polyserial_case(case, out)?;
        return Ok(true);
    }
    let known = ["polychoric_two_step", "tetrachoric_two_step"];
    if !known.iter().any(|key| expected.contains_key(*key)) {
        return Ok(false);
    }
    let (_, sample) = draw(case, Missing::Listwise)?;
    let ordinal = correlations(case, Missing::Listwise, Correlation::Polychoric, Polyserial::Likelihood)?;
    for (key, value) in expected {
        let answer = match key.as_str() {
            "polychoric_two_step"
            | "tetrachoric_two_step"
            | "lavaan_cor"
            | "psych_rho_global"
            | "psych_rho_uncorrected" => Answer::Matrix(ordinal.clone()),
            // Of binary items only, where no cell is empty that psych could correct.
            "psych_rho" if expected.contains_key("tetrachoric_two_step") => Answer::Matrix(ordinal.clone()),
            "polychoric_two_step_pairwise" => Answer::Matrix(correlations(
                case,
                Missing::Mean,
                Correlation::Polychoric,
                Polyserial::Likelihood,
            )?),
            "phi" | "pearson" => Answer::Matrix(correlations(
                case,
                Missing::Listwise,
                Correlation::Pearson,
                Polyserial::Likelihood,
            )?),
            "thresholds_lavaan" | "thresholds" => {
                let named = sample.items.iter().zip(&sample.columns).flat_map(|(item, column)| {
                    cuts(column)
                        .into_iter()
                        .enumerate()
                        .map(move |(t, tau)| (format!("{item}|t{}", t + 1), tau))
                });
                Answer::Vector(Vector::from_pairs(named))
            }
            "psych_tau" if value.get("cols").is_some() => {
                let cols: Vec<String> = (1..10).map(|t| t.to_string()).collect();
                let rows: Vec<Vec<f64>> = sample.columns.iter().map(|column| cuts(column)).collect();
                Answer::Matrix(Matrix::from_fn(sample.items.clone(), cols, |i, t| {
                    rows[i].get(t).copied().unwrap_or(f64::NAN)
                }))
            }
            "psych_tau" => Answer::Vector(Vector::from_pairs(
                sample.items.iter().cloned().zip(sample.columns.iter().map(|column| cuts(column)[0])),
            )),
            _ => Answer::Nothing,
        };
        if !compare_answer(key, value, &answer, case.tolerance(key), out) {
            out.missing_keys.push(key.clone());
        }
    }
    Ok(true)
}

/// The value that polycor prints as two-step is no longer the closed form once a standard error is asked for: it is the
/// maximum of the conditional likelihood with the continuous answers standardised by n − 1 instead of n. Ours is
/// compared with lavaan's maximum likelihood and psych's closed form.
fn polyserial_case(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let survey = case.survey()?;
    let column = |name: &str| -> Vec<f64> {
        match &survey.column(name).unwrap().values {
            Values::Numbers(cells) => cells.iter().map(|c| c.unwrap()).collect(),
            _ => panic!("{name} holds words"),
        }
    };
    let (x, y) = (column("x1"), column("x2"));
    let mut values = y.clone();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let category: Vec<usize> = y.iter().map(|y| values.iter().position(|v| v == y).unwrap()).collect();
    let weight = vec![1.0; x.len()];
    let pairs = polyserial::Pairs { x: &x, category: &category, weight: &weight, categories: values.len() };
    let expected = &case.json["expected"];
    let tolerance = case.tolerance("rho");
    let psych = expected["psych_polyserial"].as_f64().unwrap();
    out.cell("psych_polyserial", psych, polyserial::ad_hoc(pairs), tolerance);
    let ml = polyserial::maximum_likelihood(pairs);
    let lavaan = &expected["lavaan_two_step_ml"]["values"][0][1];
    out.cell("lavaan_two_step_ml[x1, x2]", lavaan.as_f64().unwrap(), ml, tolerance);
    out.missing_keys.extend(["two_step_rho", "ml_rho", "ml_se", "ml_chisq"].map(str::to_owned));
    Ok(())
}

/// Thresholds of the ordinal items of a fit.
pub(crate) fn thresholds(fit: &PlsFit) -> BTreeMap<String, Vector> {
    let sample = fit.sample.as_deref().unwrap();
    let named = |column: &Vec<f64>| {
        Vector::from_pairs(cuts(column).into_iter().enumerate().map(|(t, tau)| (t.to_string(), tau)))
    };
    sample.items.iter().cloned().zip(sample.columns.iter().map(named)).collect()
}

/// Quantified values of each non-numeric item, in the order of its answers.
pub(crate) fn quantifications(fit: &PlsFit) -> BTreeMap<String, Vector> {
    let named = |pairs: Vec<(f64, f64)>| {
        Vector::from_pairs(pairs.into_iter().enumerate().map(|(at, (_, q))| (at.to_string(), q)))
    };
    let all = fit.quantifications().unwrap_or_default();
    all.into_iter().map(|(item, pairs)| (item, named(pairs))).collect()
}

/// Numbers known by their position only: a bare list, or the second column of a table of values.
pub(crate) fn positions(value: &Value) -> Option<Vec<f64>> {
    if let Some(list) = value.as_array() {
        return list.iter().map(Value::as_f64).collect();
    }
    let table = value.get("cols")?.as_array()?.get(1)?.as_str() == Some("quantified");
    table.then(|| value["values"].as_array().unwrap().iter().filter_map(|row| row[1].as_f64()).collect())
}

/// The same model from Pearson's correlations of the answers.
pub(crate) fn unquantified(run: &Run, fit: &PlsFit) -> Option<PlsFit> {
    let pls = Pls { correlation: Correlation::Pearson, ..run.pls.clone() };
    pls.fit_sample(&run.model, fit.sample.as_deref()?.clone()).ok()
}
