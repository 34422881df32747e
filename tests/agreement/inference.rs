//! Intervals, sign changes, HTMT inference and tests of fit: cSEM's numbers, from the same resamples.

use serde_json::Value;
use trustpath::assess::{ComponentSource, FitIndices, Formative, Htmt, Implied};
use trustpath::pls::PlsFit;
use trustpath::resample::{
    Bootstrap, Bootstrapped, Centre, Evidence, Inadmissible, Inference, IntervalKind, Kind, Method, Scheme,
    SignChange, Watch, acceleration,
};

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};
use crate::resampled::{indices, kind, position};

/// Compares the cases of this file; `false` if it is another kind of case.
pub(crate) fn compare(case: &Case, fit: &PlsFit, out: &mut Comparison) -> bool {
    let expected = &case.json["expected"];
    if expected["inference"].is_object() {
        stored_inference(case, fit, out);
        if !case.setting("resample_indices").is_null() {
            estimated_again(case, fit, out);
        }
    } else if expected["ci_t_interval"].is_object() {
        studentized(case, fit, out);
    } else if expected["individual_reestimate"].is_object() {
        sign_changes(case, fit, out);
    } else if !case.setting("htmt_resampled").is_null() {
        htmt(case, fit, out);
    } else if expected["reference_distribution"].is_object() {
        exact_fit(case, fit, out);
    } else {
        return false;
    }
    true
}

/// A stored matrix by column.
fn columns(value: &Value) -> Vec<(String, Vec<f64>)> {
    let rows = value["values"].as_array().unwrap();
    let column = |c: usize| rows.iter().map(|row| number(&row[c]).unwrap_or(f64::NAN)).collect();
    strings(&value["cols"]).into_iter().enumerate().map(|(c, name)| (name, column(c))).collect()
}

/// Value of a named vector.
fn named(value: &Value, name: &str) -> Option<f64> {
    let at = strings(&value["names"]).iter().position(|n| n == name)?;
    number(&value["values"][at])
}

/// Cell of a matrix by names.
fn cell(value: &Value, row: &str, col: &str) -> Option<f64> {
    let r = strings(&value["rows"]).iter().position(|n| n == row)?;
    let c = strings(&value["cols"]).iter().position(|n| n == col)?;
    number(&value["values"][r][c])
}

const KINDS: [(&str, IntervalKind); 6] = [
    ("CI_standard_z", IntervalKind::Normal),
    ("CI_standard_t", IntervalKind::T),
    ("CI_percentile", IntervalKind::Percentile),
    ("CI_basic", IntervalKind::Basic),
    ("CI_bc", IntervalKind::Bc),
    ("CI_bca", IntervalKind::Bca),
];

/// Intervals of one quantity against a table whose rows are called `95%L`, `95%U`.
fn intervals(
    place: &str,
    table: &Value,
    name: &str,
    found: &[trustpath::resample::Interval],
    kind: IntervalKind,
    tolerance: f64,
    out: &mut Comparison,
) {
    for row in strings(&table["rows"]) {
        let Some(expected) = cell(table, &row, name) else { continue };
        let level: f64 = row.trim_end_matches(['L', 'U', '%']).parse().unwrap();
        let same = found.iter().find(|i| i.kind == kind && (i.level * 100.0 - level).abs() < 1e-9);
        let got = same.map(|i| if row.ends_with('L') { i.low } else { i.high });
        out.cell(&format!("{place}[{row}, {name}]"), expected, got, tolerance);
    }
}

fn how(fit: &PlsFit, bias_corrected: bool) -> Inference {
    Inference {
        intervals: IntervalKind::ALL.to_vec(),
        levels: vec![0.99, 0.95, 0.90],
        bias_corrected,
        acceleration: Centre::Estimate,
        df: fit.n() as f64 - 1.0,
        ..Inference::default()
    }
}

fn stored_inference(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let expected = &case.json["expected"];
    let tolerance = case.tolerance("inference");
    for (family, table) in expected["inference"].as_object().unwrap() {
        let left_out = columns(&case.setting("jackknife_estimates")[family]);
        for ((name, draws), (_, left_out)) in
            columns(&case.setting("resampled_estimates")[family]).iter().zip(&left_out)
        {
            let original = named(&expected["original"][family], name).unwrap();
            let evidence = Evidence { original, draws, left_out, ..Evidence::default() };
            let (summary, found) = how(fit, true).of(evidence).unwrap();
            let (_, plain) = how(fit, false).of(evidence).unwrap();
            for (key, got) in [("mean", Some(summary.mean)), ("sd", summary.sd), ("bias", Some(summary.bias))]
            {
                let expected = named(&table[key], name).unwrap();
                out.cell(&format!("inference.{family}.{key}[{name}]"), expected, got, tolerance);
            }
            for (key, kind) in KINDS {
                let place = format!("inference.{family}.{key}");
                intervals(&place, &table[key], name, &found, kind, tolerance, out);
                let table = &expected["inference_without_bias_correction"][family][key];
                if table.is_object() {
                    let place = format!("inference_without_bias_correction.{family}.{key}");
                    intervals(&place, table, name, &plain, kind, tolerance, out);
                }
            }
            if let Some(a) = named(&expected["bca_acceleration"][family], name) {
                let got = acceleration(original, left_out, Centre::Estimate);
                out.cell(&format!("bca_acceleration.{family}[{name}]"), a, Some(got), tolerance);
            }
            let jackknife =
                Inference { method: Method::Jackknife, intervals: vec![IntervalKind::T], ..how(fit, false) };
            let (of_left_out, _) = jackknife.of(Evidence { draws: left_out, ..evidence }).unwrap();
            let table = &expected["jackknife"][family];
            for (key, got) in
                [("mean", Some(of_left_out.mean)), ("sd", of_left_out.sd), ("bias", Some(of_left_out.bias))]
            {
                if let Some(expected) = named(&table[key], name) {
                    out.cell(&format!("jackknife.{family}.{key}[{name}]"), expected, got, tolerance);
                }
            }
            let key = match family.as_str() {
                "path" => "path_table",
                "total" => "total_effect_table",
                _ => continue,
            };
            let got = [
                ("Estimate", Some(original)),
                ("Std_err", summary.sd),
                ("t_stat", summary.t),
                ("p_value", summary.p),
            ];
            for (col, got) in got {
                let expected = cell(&expected[key], name, col).unwrap();
                out.cell(&format!("{key}[{name}, {col}]"), expected, got, tolerance);
            }
        }
    }
}

/// Values of a family in our result, column by column, against a stored matrix.
fn draws(
    boot: &Bootstrapped,
    family: &str,
    table: &Value,
    place: &str,
    tolerance: f64,
    out: &mut Comparison,
) {
    for (name, expected) in columns(table) {
        let at = position(boot, kind(family).unwrap(), &name).unwrap();
        assert_eq!(boot.draws[at].len(), expected.len(), "{place} {name}");
        for (b, (want, got)) in expected.iter().zip(&boot.draws[at]).enumerate() {
            out.cell(&format!("{place}[{b}, {name}]"), *want, Some(*got), tolerance);
        }
    }
}

/// The stored matrices once more, from the answers.
fn estimated_again(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let given = indices(case.setting("resample_indices"));
    let boot = Bootstrap::default().run_given(fit, &given).unwrap();
    for (b, admissible) in case.json["expected"]["admissible"].as_array().unwrap().iter().enumerate() {
        let got = f64::from(u8::from(boot.flags[b].is_none()));
        out.cell(&format!("admissible[{b}]"), number(admissible).unwrap(), Some(got), 0.0);
    }
    let jackknife = Bootstrap { method: Method::Jackknife, ..Bootstrap::default() };
    let left_out = jackknife.run(fit).unwrap();
    let bca = Bootstrap { intervals: vec![IntervalKind::Bca], ..Bootstrap::default() };
    let with_bca = bca.run_given(fit, &given).unwrap();
    assert_eq!(with_bca.left_out, left_out.draws);
    for (family, table) in case.setting("resampled_estimates").as_object().unwrap() {
        draws(&boot, family, table, "resampled_estimates", 1e-9, out);
    }
    for (family, table) in case.setting("jackknife_estimates").as_object().unwrap() {
        draws(&left_out, family, table, "jackknife_estimates", 1e-9, out);
    }
}

fn studentized(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let expected = &case.json["expected"];
    let stored = columns(case.setting("resampled_estimates"));
    let inner = case.setting("inner_standard_errors").as_array().unwrap();
    for (c, (name, draws)) in stored.iter().enumerate() {
        let errors: Vec<f64> = inner.iter().map(|row| row[c].as_f64().unwrap()).collect();
        let original = named(case.setting("original"), name).unwrap();
        let evidence = Evidence { original, draws, errors: &errors, ..Evidence::default() };
        for (key, corrected) in [("ci_t_interval", false), ("ci_t_interval_bias_corrected", true)] {
            let (summary, found) = how(fit, corrected).of(evidence).unwrap();
            let kind = IntervalKind::Studentized;
            intervals(key, &expected[key], name, &found, kind, case.tolerance(key), out);
            let sd = named(&expected["sd"], name).unwrap();
            out.cell(&format!("sd[{name}]"), sd, summary.sd, case.tolerance("sd"));
        }
    }
}

fn sign_changes(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let given = indices(case.setting("resample_indices"));
    for (key, sign_change) in [
        ("none", SignChange::None),
        ("individual_reestimate", SignChange::Individual),
        ("construct_reestimate", SignChange::Construct),
    ] {
        let settings = Bootstrap { sign_change, inadmissible: Inadmissible::Keep, ..Bootstrap::default() };
        let boot = settings.run_given(fit, &given).unwrap();
        for (family, table) in case.json["expected"][key].as_object().unwrap() {
            draws(&boot, family, table, &format!("{key}.{family}"), case.tolerance(key), out);
        }
    }
}

fn htmt(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let given = indices(case.setting("resample_indices"));
    for (key, ratio) in [("htmt", Htmt::Signed), ("htmt2", Htmt::Geometric)] {
        let settings = Bootstrap {
            htmt: ratio,
            record: vec![Kind::Htmt],
            formative: Formative::Reported,
            inadmissible: Inadmissible::Keep,
            tails: trustpath::assess::Tails::One,
            ..Bootstrap::default()
        };
        let boot = settings.run_given(fit, &given).unwrap();
        let expected = &case.json["expected"][key];
        let at: Vec<(String, usize)> = strings(&expected["estimate"]["names"])
            .into_iter()
            .map(|name| (name.clone(), position(&boot, Kind::Htmt, &name).unwrap()))
            .collect();
        let stored = columns(case.setting(&format!("{key}_resampled")));
        // The case leaves out a resample in which any pair is undefined; we leave it out for that pair alone.
        let whole: Vec<usize> =
            (0..given.len()).filter(|&b| at.iter().all(|(_, q)| boot.draws[*q][b].is_finite())).collect();
        out.cell(
            &format!("{key}.number_used"),
            number(&expected["number_used"]).unwrap(),
            Some(whole.len() as f64),
            0.0,
        );
        for (name, q) in &at {
            let tolerance = case.tolerance(key);
            let estimate = named(&expected["estimate"], name).unwrap();
            out.cell(&format!("{key}.estimate[{name}]"), estimate, Some(boot.original[*q]), tolerance);
            let values: Vec<f64> = whole.iter().map(|&b| boot.draws[*q][b]).collect();
            if let Some((_, stored)) = stored.iter().find(|(n, _)| n == name)
                && stored.len() == values.len()
            {
                for (b, (want, got)) in stored.iter().zip(&values).enumerate() {
                    out.cell(&format!("{key}_resampled[{b}, {name}]"), *want, Some(*got), tolerance);
                }
            }
            let evidence = Evidence { original: boot.original[*q], draws: &values, ..Evidence::default() };
            let (summary, _) = boot.settings.inference(fit.n()).of(evidence).unwrap();
            for (row, got) in [("lower", summary.low), ("upper", summary.high), ("upper", summary.upper)] {
                let want = cell(&expected["quantiles"], row, name).unwrap();
                out.cell(&format!("{key}.quantiles[{row}, {name}]"), want, Some(got), tolerance);
            }
        }
    }
}

fn exact_fit(case: &Case, fit: &PlsFit, out: &mut Comparison) {
    let expected = &case.json["expected"];
    let saturated = case.setting("saturated").as_bool() == Some(true);
    let model = if saturated { "saturated model" } else { "estimated model" };
    let given = Scheme::Indices(indices(case.setting("resample_indices")));
    let test = Bootstrap::default().test_fit_scheme(fit, &given, Watch::default()).unwrap();
    let tenth = std::f64::consts::LN_10.powi(2);
    let measures = [
        ("d_g_log10", Kind::DG, tenth),
        ("srmr", Kind::Srmr, 1.0),
        ("d_uls", Kind::DUls, 1.0),
        ("d_ml", Kind::DMl, 1.0),
    ];
    let count = test.admissible.get(model).copied().unwrap_or(0) as f64;
    out.cell("number_admissible", number(&expected["number_admissible"]).unwrap(), Some(count), 0.0);
    let reference = &expected["reference_distribution"];
    for (key, kind, unit) in measures {
        let tolerance = case.tolerance(key);
        let distance = test.distances.iter().find(|d| d.model == model && d.measure == kind).unwrap();
        let original = distance.original.map(|x| x / unit);
        let statistic = named(&expected["test_statistic"], key).unwrap();
        out.cell(&format!("test_statistic[{key}]"), statistic, original, tolerance);
        let (_, column) = columns(reference).into_iter().find(|(name, _)| name == key).unwrap();
        let wanted: Vec<f64> = column.into_iter().filter(|x| x.is_finite()).collect();
        assert_eq!(wanted.len(), distance.draws.len());
        for (b, (want, got)) in wanted.iter().zip(&distance.draws).enumerate() {
            out.cell(&format!("reference_distribution[{b}, {key}]"), *want, Some(got / unit), tolerance);
        }
        for (col, alpha) in [("99%", 0.01), ("95%", 0.05), ("90%", 0.10)] {
            let critical = distance.critical(alpha).map(|x| x / unit);
            let want = cell(&expected["critical_values"], key, col).unwrap();
            out.cell(&format!("critical_values[{key}, {col}]"), want, critical, tolerance);
            let kept = cell(&expected["not_rejected"], key, col).unwrap();
            let ours = original.zip(critical).map(|(o, c)| f64::from(u8::from(o < c)));
            out.cell(&format!("not_rejected[{key}, {col}]"), kept, ours, 0.0);
        }
    }
    // The transformed answers have exactly the implied correlations.
    let implied = Implied::of(fit, saturated, ComponentSource::Constructs).items;
    let p = fit.moments.len();
    let stored = &expected["transformed_data_correlations"];
    for (i, a) in fit.moments.items.iter().enumerate() {
        for (j, b) in fit.moments.items.iter().enumerate() {
            let want = cell(stored, a, b).unwrap();
            out.cell(
                &format!("transformed_data_correlations[{a}, {b}]"),
                want,
                Some(implied[i * p + j]),
                1e-6,
            );
        }
    }
    let apart = FitIndices::of(&fit.moments.correlation, &implied, p, fit.n());
    assert!(apart.srmr >= 0.0);
}
