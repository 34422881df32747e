//! Congruence of constructs and tetrads (seminrExtras) and the Hausman test (cSEM), in given resamples.

use serde_json::Value;
use trustpath::resample::{
    Diagonal, Summary, TetradSet, congruence_given, hausman_given, tetrad_analysis_given,
};

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};
use crate::resampled::indices;
use trustpath::pls::PlsFit;

fn bootstrap(summary: Option<Summary>, col: &str) -> Option<f64> {
    let s = summary?;
    match col {
        "boot_mean" => Some(s.mean),
        "boot_sd" => s.sd,
        "ci_2.5" => Some(s.low),
        "ci_97.5" => Some(s.high),
        "estimate" => Some(s.original),
        "t" => s.t,
        _ => None,
    }
}

fn table(
    case: &Case,
    key: &str,
    value: &Value,
    out: &mut Comparison,
    find: impl Fn(&str, &str) -> Option<f64>,
) {
    for (row, values) in strings(&value["rows"]).iter().zip(value["values"].as_array().unwrap()) {
        for (col, value) in strings(&value["cols"]).iter().zip(values.as_array().unwrap()) {
            let tolerance = case.tolerance(if col == "t" { "t" } else { key });
            out.cell(&format!("{key}[{row}, {col}]"), number(value).unwrap(), find(row, col), tolerance);
        }
    }
}

/// A table of tetrads whose p-values are no smaller than so many resamples can tell, before and after Benjamini & Hochberg:
/// that program prints 0 where no resample lies beyond 0.
fn with_least(table: &Value, resamples: usize) -> Value {
    let column = |name: &str| strings(&table["cols"]).iter().position(|col| col == name).unwrap();
    let (p, p_bh) = (column("p"), column("p_bh"));
    let least = 2.0 / (resamples as f64 + 1.0);
    let mut table = table.clone();
    let rows = table["values"].as_array_mut().unwrap();
    let floored = rows.iter().map(|row| number(&row[p]).unwrap().max(least));
    let mut order: Vec<(usize, f64)> = floored.enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (tests, mut smallest) = (order.len() as f64, 1.0_f64);
    for (from_top, (at, value)) in order.into_iter().enumerate() {
        smallest = smallest.min(value * tests / (tests - from_top as f64));
        rows[at][p] = value.into();
        rows[at][p_bh] = smallest.into();
    }
    table
}

/// Compares one key; `false` if it is none of these.
pub(crate) fn compare(case: &Case, key: &str, value: &Value, fit: &PlsFit, out: &mut Comparison) -> bool {
    let diagonal = match key {
        "congruence_rho_a_diagonal" => Diagonal::RhoA,
        "congruence_unit_diagonal" => Diagonal::Unit,
        "tetrads" => {
            let blocks =
                tetrad_analysis_given(fit, TetradSet::All, &indices(case.setting("resamples")), 0.95)
                    .unwrap();
            for (construct, value) in value.as_object().unwrap() {
                let block = blocks.iter().find(|b| &b.construct == construct).unwrap();
                assert_eq!(block.tetrads.len(), value["rows"].as_array().unwrap().len(), "{construct}");
                let value = with_least(value, indices(case.setting("resamples")).len());
                table(case, "tetrads", &value, out, |row, col| {
                    let tetrad = block.tetrads.iter().find(|t| t.name == row)?;
                    match col {
                        "p" => Some(tetrad.p),
                        "p_bh" => Some(tetrad.p_bh),
                        col => bootstrap(tetrad.summary, col),
                    }
                });
            }
            return true;
        }
        "regressions" | "path_se" => {
            hausman(case, key, value, fit, out);
            return true;
        }
        _ => return false,
    };
    let pairs = congruence_given(fit, diagonal, &indices(case.setting("resamples")), 0.95).unwrap();
    table(case, key, value, out, |row, col| {
        let (a, b) = row.split_once(" -- ")?;
        let pair = pairs.iter().find(|p| p.from == a && p.to == b)?;
        match col {
            "congruence" => Some(pair.congruence),
            "threshold_minus_abs" => Some(pair.distance),
            "t" => pair.t,
            col => bootstrap(pair.summary, col),
        }
    });
    true
}

/// Regressions on predictors and first-stage residuals; the standard errors of paths are those of the predictors.
fn hausman(case: &Case, key: &str, value: &Value, fit: &PlsFit, out: &mut Comparison) {
    let tests = hausman_given(fit, &indices(case.setting("resample_indices")), 0.95).unwrap();
    let find = |outcome: &str, term: &str| -> Option<Summary> {
        let (construct, residual) = term.strip_prefix("Resid_").map_or((term, false), |name| (name, true));
        let test = tests.iter().find(|test| test.outcome == outcome)?;
        test.coefficients.iter().find(|c| c.construct == construct && c.residual == residual)?.summary
    };
    if key == "path_se" {
        for (name, value) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
            let (outcome, predictor) = name.split_once(" ~ ").unwrap();
            let got = find(outcome, predictor).and_then(|s| s.sd);
            out.cell(&format!("{key}[{name}]"), number(value).unwrap(), got, case.tolerance(key));
        }
        return;
    }
    for (outcome, value) in value.as_object().unwrap() {
        table(case, &format!("{key}.{outcome}"), value, out, |row, col| {
            let s = find(outcome, row)?;
            match col {
                "Estimate" => Some(s.original),
                "Std_error" => s.sd,
                "t_stat" => s.t,
                _ => s.p,
            }
        });
    }
}
