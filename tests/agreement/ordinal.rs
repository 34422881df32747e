//! Factor models of ordinal items: categorical omega (semTools), and what it stands on (lavaan): thresholds, polychoric
//! correlations, their asymptotic variances, loadings by diagonally weighted least squares.

use trustpath::Pls;
use trustpath::assess::{complete_cases, ordinal_reliability};
use trustpath::stats::confirmatory::simple_structure;
use trustpath::stats::polychoric::{correlation, thresholds};
use trustpath::stats::polychoric_variance::asymptotic_variance;
use trustpath::survey::{Missing, Sample, SampleSettings, Values};

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};

/// `false` if it is another kind of case.
pub(crate) fn compare(case: &Case, out: &mut Comparison) -> Result<bool, String> {
    match case.name.as_str() {
        "psych-omega-categorical-bfi" => omega(case, out)?,
        "lavaan-bfi-ordinal-wlsmv" | "lavaan-bfi-ordinal-dwls" => factors(case, out)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn omega(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let model = case.model("neuro ~ agree")?;
    let settings = SampleSettings { missing: Missing::Listwise, ..SampleSettings::default() };
    let sample = Sample::draw(&model, &case.survey()?, &settings).map_err(|error| error.to_string())?;
    let fit = Pls::default().fit_sample(&model, sample).map_err(|error| error.to_string())?;
    let found = ordinal_reliability(&fit);
    for (key, value) in case.json["expected"].as_object().unwrap() {
        for (name, expected) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
            let scale = found.constructs.iter().find(|scale| scale.construct == *name).unwrap();
            let got = match key.as_str() {
                "omega_ordinal_scale" => scale.omega_categorical,
                "omega_latent_response_scale" => scale.omega_latent,
                "alpha_ordinal_latent" => scale.alpha_ordinal,
                "ave" => scale.ave_ordinal,
                other => return Err(format!("{other} is unknown")),
            };
            out.cell(&format!("{key}[{name}]"), number(expected).unwrap(), got, case.tolerance(key));
        }
    }
    Ok(())
}

fn factors(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let names = strings(&case.json["columns"]);
    let survey = case.survey()?;
    let raw: Vec<Vec<f64>> = names
        .iter()
        .map(|name| match survey.column(name).map(|column| &column.values) {
            Some(Values::Numbers(cells)) => Ok(cells.iter().map(|c| c.unwrap_or(f64::NAN)).collect()),
            _ => Err(format!("{name} is no column of numbers")),
        })
        .collect::<Result<_, _>>()?;
    let columns = complete_cases(&raw.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let p = names.len();
    let counts = |i: usize| -> Vec<f64> {
        (1..=6).map(|c| columns[i].iter().filter(|x| **x == f64::from(c)).count() as f64).collect()
    };
    let (mut r, mut gamma) = (vec![1.0; p * p], vec![f64::NAN; p * p]);
    for i in 0..p {
        for j in 0..i {
            let mut table = vec![0.0; 36];
            for (a, b) in columns[i].iter().zip(&columns[j]) {
                let category = |x: f64| (1..=6).position(|c| x == f64::from(c)).unwrap();
                table[category(*a) * 6 + category(*b)] += 1.0;
            }
            let rho = correlation(&table, 6).unwrap();
            let variance = asymptotic_variance(&table, 6, rho).unwrap();
            for at in [i * p + j, j * p + i] {
                r[at] = rho;
                gamma[at] = variance;
            }
        }
    }
    let weight: Vec<f64> = gamma.iter().map(|variance| 1.0 / variance).collect();
    let factor: Vec<usize> = (0..p).map(|i| i / 5).collect();
    let model = simple_structure(&r, &weight, &factor).unwrap();
    let item = |name: &str| names.iter().position(|n| n == name);
    let expected = &case.json["expected"];
    for (key, value) in expected.as_object().unwrap() {
        match key.as_str() {
            "gamma_diag" => {
                for (name, x) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
                    let Some((i, j)) = name.split_once("~~").and_then(|(a, b)| item(a).zip(item(b))) else {
                        continue;
                    };
                    out.cell(
                        &format!("{key}[{name}]"),
                        number(x).unwrap(),
                        Some(gamma[i * p + j]),
                        case.tolerance(key),
                    );
                }
            }
            "sample_thresholds" => {
                for (name, x) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
                    let (i, t) = name.split_once("|t").unwrap();
                    let got = thresholds(&counts(item(i).unwrap())).unwrap()[t.parse::<usize>().unwrap() - 1];
                    out.cell(&format!("{key}[{name}]"), number(x).unwrap(), Some(got), case.tolerance(key));
                }
            }
            "sample_covariance" => {
                for (row, values) in strings(&value["rows"]).iter().zip(value["values"].as_array().unwrap()) {
                    for (col, x) in strings(&value["cols"]).iter().zip(values.as_array().unwrap()) {
                        let got = r[item(row).unwrap() * p + item(col).unwrap()];
                        out.cell(
                            &format!("{key}[{row}, {col}]"),
                            number(x).unwrap(),
                            Some(got),
                            case.tolerance(key),
                        );
                    }
                }
            }
            "parameters" => {
                // Factors have no direction: lavaan's has that of its first item.
                let turn = |i: usize| model.loadings[factor[i] * 5].signum();
                for one in value.as_array().unwrap() {
                    let word = |key: &str| one[key].as_str().unwrap_or_default();
                    let std = one["std_all"].as_f64().unwrap_or(f64::NAN);
                    let got = match word("op") {
                        "=~" => item(word("rhs")).map(|i| model.loadings[i] * turn(i)),
                        "~~" if (word("lhs"), word("rhs")) == ("agree", "neuro") => {
                            Some(model.correlation[1] * turn(0) * turn(5))
                        }
                        _ => continue,
                    };
                    let place = format!("{key}[{} {} {}]", word("lhs"), word("op"), word("rhs"));
                    out.cell(&place, std, got, case.tolerance("parameters_est"));
                }
            }
            // The rest is covariance-based modelling.
            _ => {}
        }
    }
    Ok(())
}
