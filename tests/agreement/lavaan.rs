//! Covariance-based models of lavaan: estimates, standard errors, standardised solution, fit, residuals, modification indices.

use serde_json::Value;
use trustpath::sem::{
    Identification, Information, Likelihood, Operator, Parameter, Sem, SemFit, TotalVariance,
};
use trustpath::table::Matrix;
use trustpath::{Model, Moments};

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};

/// Keys that hold the input, notes, or what this estimator does not claim.
const LEFT: [&str; 4] = ["n_obs", "iterations_lavaan_nlminb", "sample_mean", "converged"];

/// The model's fit, or why there is none.
fn fit(case: &Case) -> Result<SemFit, String> {
    let setting = |key: &str| case.setting(key).as_str().unwrap_or_default().to_owned();
    if setting("estimator") != "ML" || setting("se") != "standard" {
        return Err("an estimator of covariance-based models that trustpath lacks".to_owned());
    }
    if case.setting("meanstructure").as_bool() == Some(true) {
        return Err("a mean structure".to_owned());
    }
    let coding = case.setting("effect_coding");
    if !(coding.is_null() || coding.as_str() == Some("")) {
        return Err("effect coding".to_owned());
    }
    if case.setting("information")[0].as_str() == Some("first.order") {
        return Err("an estimator of covariance-based models that trustpath lacks".to_owned());
    }
    let sem = Sem {
        identification: if case.setting("std_lv").as_bool() == Some(true) {
            Identification::Variance
        } else {
            Identification::Marker
        },
        likelihood: if setting("likelihood") == "wishart" { Likelihood::Wishart } else { Likelihood::Normal },
        information: if case.setting("information")[0].as_str() == Some("observed") {
            Information::Observed
        } else {
            Information::Expected
        },
        fixed_x: case.setting("fixed_x").as_bool() == Some(true),
        ..Sem::default()
    };
    let model = case.model("")?;
    match table(case, &model)? {
        Some(moments) => sem.fit_moments(&model, &moments).map_err(|error| error.to_string()),
        None => sem.fit(&model, &case.survey()?).map_err(|error| error.to_string()),
    }
}

/// Covariances or correlations in place of answers.
fn table(case: &Case, model: &Model) -> Result<Option<Moments>, String> {
    let rows = std::fs::read_to_string(&case.data).map_err(|error| error.to_string())?;
    let named = rows.lines().nth(1).and_then(|line| line.split(',').next().map(str::to_owned));
    let first = named.unwrap_or_default();
    let first = first.trim_matches('"').to_owned();
    if !model.indicators().iter().any(|item| item.name == first) {
        return Ok(None);
    }
    let n = case.json["expected"]["n_obs"][0].as_u64().ok_or("no number of cases")?;
    let n = usize::try_from(n).map_err(|error| error.to_string())?;
    // A last line of means is no part of the covariances.
    let kept: Vec<&str> = rows.lines().filter(|line| !line.trim_matches('"').starts_with("mean")).collect();
    Moments::parse_table("table", &kept.join("\n"), n).map(Some).map_err(|error| error.to_string())
}

/// Compares a case of lavaan.
pub(crate) fn compare(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let fit = fit(case)?;
    let expected = case.json["expected"].as_object().ok_or("no expected values")?;
    for (key, value) in expected {
        match key.as_str() {
            "n_free_parameters" => {
                out.cell(key, value.as_f64().unwrap(), Some(fit.n_free_parameters() as f64), 0.0);
            }
            "parameters" => parameters(case, value, &fit, out),
            "standardized_solution" => standardised(case, value, &fit, out),
            "fit_measures" => measures(case, value, &fit, out),
            "rmsea_ci_exact" => {
                let m = &fit.measures;
                for (name, got) in [("lower", m.rmsea_ci_lower), ("upper", m.rmsea_ci_upper)] {
                    let at = strings(&value["names"]).iter().position(|n| n == name).unwrap();
                    if let Some(x) = number(&value["values"][at]) {
                        out.cell(&format!("{key}[{name}]"), x, got, case.tolerance(key));
                    }
                }
            }
            "r_squared" => {
                let found = fit.r_squared();
                named(case, key, value, &|name| found.get(name), out);
            }
            "semtools_omega" => {
                named(case, key, value, &|name| Some(fit.reliability(name, TotalVariance::Observed)?.0), out);
            }
            "semtools_omega_model_implied_total" => {
                named(case, key, value, &|name| Some(fit.reliability(name, TotalVariance::Implied)?.0), out);
            }
            "semtools_ave" => {
                named(case, key, value, &|name| Some(fit.reliability(name, TotalVariance::Observed)?.1), out);
            }
            "sample_covariance" => matrix(case, key, value, &fit.sample_covariance(), out),
            "implied_covariance" => matrix(case, key, value, &fit.implied_covariance(), out),
            "latent_covariance" => matrix(case, key, value, &fit.latent_covariance(), out),
            "latent_correlation" => matrix(case, key, value, &fit.latent_correlation(), out),
            "residuals_raw" => matrix(case, key, &value["cov"], &fit.residuals(), out),
            "residuals_cor_bollen" => matrix(case, key, value, &fit.residual_correlations(), out),
            "modification_indices_top10" | "modification_indices" => modifications(case, value, &fit, out),
            key if LEFT.contains(&key) => {}
            _ => out.missing_keys.push(key.clone()),
        }
    }
    Ok(())
}

fn find<'a>(fit: &'a SemFit, row: &Value) -> Option<&'a Parameter> {
    let (lhs, rhs) = (row["lhs"].as_str()?, row["rhs"].as_str()?);
    match row["op"].as_str()? {
        "=~" => fit.parameter(lhs, Operator::Loading, rhs),
        "~" => fit.parameter(lhs, Operator::Path, rhs),
        "~~" => fit.parameter(lhs, Operator::Covariance, rhs),
        ":=" => fit.definitions.iter().find(|d| d.lhs == lhs),
        _ => None,
    }
}

fn name(row: &Value) -> String {
    ["lhs", "op", "rhs"].map(|key| row[key].as_str().unwrap_or_default()).join(" ")
}

fn parameters(case: &Case, value: &Value, fit: &SemFit, out: &mut Comparison) {
    for row in value.as_array().unwrap() {
        let got = find(fit, row);
        for (key, of) in [
            ("est", (|p| Some(p.est)) as fn(&Parameter) -> Option<f64>),
            ("se", |p| p.se),
            ("z", |p| p.z),
            ("pvalue", |p| p.pvalue),
            ("ci_lower", |p| Some(p.ci_lower)),
            ("ci_upper", |p| Some(p.ci_upper)),
            ("std_lv", |p| Some(p.std_lv)),
            ("std_all", |p| Some(p.std_all)),
        ] {
            let Some(x) = number(&row[key]) else { continue };
            let tolerance = case.tolerance(if key == "est" || key == "pvalue" {
                "parameters_est"
            } else {
                "parameters_se"
            });
            // z divides by an error that has its own tolerance.
            let tolerance = if key == "z" { 10.0 * tolerance } else { tolerance };
            out.cell(&format!("parameters[{}].{key}", name(row)), x, got.and_then(of), tolerance);
        }
    }
}

fn standardised(case: &Case, value: &Value, fit: &SemFit, out: &mut Comparison) {
    let tolerance = case.tolerance("standardized_solution");
    for row in value.as_array().unwrap() {
        let got = find(fit, row);
        if let Some(x) = number(&row["est"]) {
            out.cell(&format!("standardized[{}].est", name(row)), x, got.map(|p| p.std_all), tolerance);
        }
        // Of defined quantities lavaan standardises the error as well; trustpath gives that of the raw one.
        if let Some(x) = number(&row["se"])
            && row["op"] != ":="
        {
            out.cell(&format!("standardized[{}].se", name(row)), x, got.and_then(|p| p.std_se), tolerance);
        }
    }
}

fn measures(case: &Case, value: &Value, fit: &SemFit, out: &mut Comparison) {
    let named = fit.measures.named();
    for (name, x) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
        let Some(x) = number(x) else { continue };
        let own = match name.as_str() {
            "nnfi" => "tli",
            "bic2" => "sabic",
            "srmr_bentler" | "srmr_bentler_nomean" => "srmr",
            "rmr_nomean" => "rmr",
            "crmr_nomean" => "crmr",
            "srmr_mplus_nomean" => "srmr_mplus",
            "rmsea_ci_level" | "rmsea_close_h0" | "rmsea_notclose_h0" => continue,
            own => own,
        };
        let Some((_, got)) = named.iter().find(|(key, _)| key == own) else {
            out.missing_keys.push(format!("fit_measures.{name}"));
            continue;
        };
        let key = if name.starts_with("rmsea_ci") { "rmsea_ci_lavaan" } else { "fit_measures" };
        out.cell(&format!("fit_measures[{name}]"), x, *got, case.tolerance(key));
    }
}

fn named(case: &Case, key: &str, value: &Value, find: &dyn Fn(&str) -> Option<f64>, out: &mut Comparison) {
    for (name, x) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
        if let Some(x) = number(x) {
            out.cell(&format!("{key}[{name}]"), x, find(name), case.tolerance(key));
        }
    }
}

fn matrix(case: &Case, key: &str, value: &Value, found: &Matrix, out: &mut Comparison) {
    for (row, values) in strings(&value["rows"]).iter().zip(value["values"].as_array().unwrap()) {
        for (col, x) in strings(&value["cols"]).iter().zip(values.as_array().unwrap()) {
            if let Some(x) = number(x) {
                out.cell(&format!("{key}[{row}, {col}]"), x, found.get(row, col), case.tolerance(key));
            }
        }
    }
}

fn modifications(case: &Case, value: &Value, fit: &SemFit, out: &mut Comparison) {
    let all = fit.modifications();
    for row in value.as_array().unwrap() {
        let (lhs, op, rhs) =
            (row["lhs"].as_str().unwrap(), row["op"].as_str().unwrap(), row["rhs"].as_str().unwrap());
        let same = |a: &str, b: &str, x: &trustpath::sem::Modification| x.lhs == a && x.rhs == b;
        let found = all
            .iter()
            .find(|m| m.op.symbol() == op && (same(lhs, rhs, m) || (op == "~~" && same(rhs, lhs, m))));
        // Intercepts, and variances that are fixed, are not among the candidates.
        let Some(found) = found else {
            out.missing_keys.push(format!("modification {op} of constructs"));
            continue;
        };
        let tolerance = case.tolerance("modification_indices");
        // lavaan multiplies by n under Wishart, too; here an index is the fall of χ², which is (n − 1) F.
        let n = fit.n as f64;
        let stretch = if fit.settings.likelihood == Likelihood::Wishart { n / (n - 1.0) } else { 1.0 };
        for (key, got) in [("mi", found.mi * stretch), ("epc", found.epc), ("sepc_all", found.sepc_all)] {
            if let Some(x) = number(&row[key]) {
                out.cell(&format!("modification[{}].{key}", name(row)), x, Some(got), tolerance);
            }
        }
    }
}
