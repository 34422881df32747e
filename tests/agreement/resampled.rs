//! Resampling cases: the same resamples, estimated here.

use serde_json::Value;
use trustpath::assess::{Htmt, htmt};
use trustpath::pls::{PlsFit, Program};
use trustpath::resample::{
    Bootstrap, Bootstrapped, Imputation, Inadmissible, Kind, Quantity, Reason, Summary,
};

use crate::case::{Case, Comparison};
use crate::inference;
use crate::settings::Run;

/// Keys that belong to this file.
pub(crate) fn handles(key: &str) -> bool {
    key.starts_with("boot_")
        || key.starts_with("summary_")
        || matches!(key, "resamples" | "original" | "admissible")
}

/// Whether a case holds resamples, or what was made from them.
pub(crate) fn applies(case: &Case) -> bool {
    ["resamples", "resample_indices", "resampled_estimates"].iter().any(|key| !case.setting(key).is_null())
}

pub(crate) fn kind(key: &str) -> Option<Kind> {
    Some(match key {
        "paths" | "path" => Kind::Path,
        "weights" | "weight" => Kind::Weight,
        "loadings" | "loading" => Kind::Loading,
        "total_effects" | "total" => Kind::TotalEffect,
        "total_indirect" | "indirect" => Kind::IndirectEffect,
        "specific_indirect" => Kind::SpecificIndirect,
        "htmt" => Kind::Htmt,
        "r_squared" => Kind::RSquared,
        _ => return None,
    })
}

/// Position of a quantity by another program's name for it.
pub(crate) fn position(boot: &Bootstrapped, kind: Kind, name: &str) -> Option<usize> {
    let ends = |text: &str, mark: &str| -> Option<(String, String)> {
        text.split_once(mark).map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    let wanted = name.replace(" -> ", " → ");
    boot.quantities.iter().position(|q| {
        if q.kind != kind {
            return false;
        }
        match kind {
            Kind::SpecificIndirect => q.name == wanted,
            Kind::RSquared => q.name == name,
            _ => {
                // `y ~ x`, `c =~ i`, `c <~ i`, `a -- b`, `from -> to`
                let pair = ends(name, " ~ ")
                    .or_else(|| ends(name, " =~ "))
                    .or_else(|| ends(name, " <~ "))
                    .map(|(to, from)| (from, to))
                    .or_else(|| ends(name, " -- "))
                    .or_else(|| ends(name, " -> "))
                    // plspm: construct-item
                    .or_else(|| ends(name, "-").map(|(to, from)| (from, to)));
                pair.is_some_and(|(from, to)| {
                    (q.from == from && q.to == to) || (kind == Kind::Htmt && q.from == to && q.to == from)
                })
            }
        }
    })
}

pub(crate) fn indices(value: &Value) -> Vec<Vec<usize>> {
    let row = |row: &Value| {
        row.as_array().unwrap().iter().map(|i| usize::try_from(i.as_u64().unwrap()).unwrap()).collect()
    };
    value.as_array().unwrap().iter().map(row).collect()
}

fn names(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Compares a case of resamples; `true` if nothing of it is left for others.
pub(crate) fn compare(case: &Case, run: &Run, fit: &PlsFit, out: &mut Comparison) -> Result<bool, String> {
    if inference::compare(case, fit, out) {
        return Ok(true);
    }
    // What was made from resamples that the case does not hold cannot be made again.
    if ["resamples", "resample_indices"].iter().all(|key| case.setting(key).is_null()) {
        return Ok(false);
    }
    let given = match case.setting("resamples") {
        Value::Null => indices(case.setting("resample_indices")),
        given => indices(given),
    };
    // cSEM keeps the signs of correlations in HTMT.
    let htmt = if run.program == Program::Csem { Htmt::Signed } else { Htmt::Absolute };
    // These programs say HTMT of formative constructs as well.
    let formative = run.conventions.formative;
    let settings = Bootstrap { inadmissible: Inadmissible::Keep, htmt, formative, ..Bootstrap::default() };
    let boot = settings.run_given(fit, &given).map_err(|error| error.to_string())?;
    let boot = if run.program == Program::Seminr { with_products(boot, run, fit, &given) } else { boot };
    let once = Bootstrap { imputation: Imputation::Once, ..settings }.run_given(fit, &given).unwrap();
    let expected = case.json["expected"].as_object().unwrap();
    for (key, value) in expected {
        let tolerance = case.tolerance(key);
        if let Some(word) = key.strip_prefix("boot_") {
            let (boot, word) = match word.strip_suffix("_imputed_first") {
                Some(word) => (&once, word),
                None => (&boot, word),
            };
            draws(boot, kind(word).unwrap(), key, value, tolerance, out);
        } else if let Some(word) = key.strip_prefix("summary_") {
            summaries(&boot, kind(word).unwrap(), key, value, tolerance, out);
        } else if key == "resamples" {
            for (word, value) in value.as_object().unwrap() {
                if let Some(kind) = kind(word) {
                    draws(&boot, kind, &format!("{key}.{word}"), value, tolerance, out);
                }
            }
        } else if key == "admissible" && run.program == Program::Csem {
            for (b, value) in value.as_array().unwrap().iter().enumerate() {
                let got = f64::from(u8::from(boot.flags[b].is_none()));
                let want = f64::from(u8::from(value.as_bool().unwrap()));
                out.cell(&format!("admissible[{b}]"), want, Some(got), 0.0);
            }
        }
    }
    Ok(false)
}

/// seminr's loadings of the items of products are covariances with scores that keep the scale of the products, and it has HTMT
/// of products, which a bootstrap here does not list: both are found by a fit of each resample.
fn with_products(boot: Bootstrapped, run: &Run, fit: &PlsFit, given: &[Vec<usize>]) -> Bootstrapped {
    let mut boot = boot;
    let constructs = fit.model.constructs();
    let product = |name: &str| constructs.iter().any(|c| c.name == name && c.factors().is_some());
    let mut own: Vec<usize> = (0..boot.quantities.len())
        .filter(|&at| boot.quantities[at].kind == Kind::Loading && product(&boot.quantities[at].to))
        .collect();
    if own.is_empty() {
        return boot;
    }
    for (j, to) in constructs.iter().enumerate().filter(|(_, c)| c.factors().is_some()) {
        for from in &constructs[..j] {
            own.push(boot.quantities.len());
            boot.quantities.push(Quantity {
                kind: Kind::Htmt,
                name: format!("{} ↔ {}", from.name, to.name),
                from: from.name.clone(),
                to: to.name.clone(),
            });
            boot.original.push(f64::NAN);
            boot.draws.push(Vec::new());
            boot.summaries.push(None);
        }
    }
    let quantities = boot.quantities.clone();
    let covariances = |fit: &PlsFit, at: usize| {
        let (item, construct) = (&quantities[at].from, &quantities[at].to);
        let j = fit.model.find(construct).unwrap().index();
        if quantities[at].kind == Kind::Htmt {
            let items = |name: &str| {
                let block = &fit.plan.blocks[fit.model.find(name).unwrap().index()];
                (block.start..block.start + block.len).collect::<Vec<_>>()
            };
            return htmt(Htmt::Absolute, &items(item), &items(construct), |a, b| fit.moments.r(a, b))
                .unwrap();
        }
        fit.loadings().get(item, construct).unwrap() * crate::stages::score_scale(fit, j)
    };
    let original: Vec<f64> = own.iter().map(|&at| covariances(fit, at)).collect();
    let answers = fit.answers().unwrap();
    let draws: Vec<Vec<f64>> = given
        .iter()
        .map(|cases| {
            let mut sample = answers.as_ref().clone();
            for column in &mut sample.columns {
                *column = cases.iter().map(|&case| column[case]).collect();
            }
            sample.origin.clone_from(cases);
            let fit = run.pls.fit_sample(&run.model, sample).unwrap();
            own.iter().map(|&at| covariances(&fit, at)).collect()
        })
        .collect();
    for (position, &at) in own.iter().enumerate() {
        boot.original[at] = original[position];
        boot.draws[at] = draws.iter().map(|row| row[position]).collect();
        boot.summaries[at] = Summary::of(original[position], &boot.draws[at], boot.settings.level);
    }
    boot
}

/// Whether a resample with this finding has no estimate at all.
fn lost(reason: Reason) -> bool {
    matches!(reason, Reason::NoVariance | Reason::NoAnswer | Reason::Collinear | Reason::NoReliability)
}

pub(crate) fn draws(
    boot: &Bootstrapped,
    kind: Kind,
    key: &str,
    value: &Value,
    tolerance: f64,
    out: &mut Comparison,
) {
    for (c, name) in names(&value["cols"]).iter().enumerate() {
        let at = position(boot, kind, name);
        for (b, row) in value["values"].as_array().unwrap().iter().enumerate() {
            if let Some(expected) = row[c].as_f64() {
                // Resamples without an estimate have no row on either side.
                let before = boot.flags[..b].iter().flatten().filter(|reason| lost(**reason)).count();
                let got = at.and_then(|at| boot.draws[at].get(b - before).copied());
                let got = if kind == Kind::Htmt { got.map(f64::abs) } else { got };
                out.cell(&format!("{key}[{b}, {name}]"), expected, got, tolerance);
            }
        }
    }
}

/// Share of values below a bound.
fn share_below(draws: &[f64], bound: f64) -> f64 {
    draws.iter().filter(|x| **x < bound).count() as f64 / draws.len() as f64
}

fn summaries(
    boot: &Bootstrapped,
    kind: Kind,
    key: &str,
    value: &Value,
    tolerance: f64,
    out: &mut Comparison,
) {
    for (row, values) in names(&value["rows"]).iter().zip(value["values"].as_array().unwrap()) {
        let at = position(boot, kind, row);
        let summary = at.and_then(|at| boot.summaries[at]);
        for (col, expected) in names(&value["cols"]).iter().zip(values.as_array().unwrap()) {
            let Some(expected) = expected.as_f64() else { continue };
            let place = format!("{key}[{row}, {col}]");
            let got = summary.and_then(|s| match col.as_str() {
                "original" => Some(s.original),
                "mean" => Some(s.mean),
                "sd" => s.sd,
                "t" => s.t,
                "ci_2.5" => Some(s.low),
                "ci_97.5" => Some(s.high),
                _ => None,
            });
            match col.as_str() {
                // The cases ask for 1e-4 max(1, |t|): t grows as the standard error shrinks. Where nothing
                // varies (a single item's loading) their t is rounding noise and ours does not apply.
                "t" if expected.abs() > 1e6 => {}
                "t" => out.cell(&place, expected, got, 1e-4 * expected.abs().max(1.0)),
                // Of HTMT that program tests 1 instead of 0, which is a share of the resamples above 1.
                "p_newer_seminr" if kind == Kind::Htmt => {
                    let below = at.map(|at| share_below(&boot.draws[at], 1.0));
                    let p = below.map(|below| 2.0 * below.min(1.0 - below));
                    out.cell(&place, expected, p, tolerance);
                }
                // That program prints 0 where no resample lies beyond 0; ours is the least that so many can tell.
                "p_newer_seminr" if expected == 0.0 => {
                    let fewest = at.map(|at| {
                        let (below, count) = (share_below(&boot.draws[at], 0.0), boot.draws[at].len() as f64);
                        let p = summary.and_then(|s| s.p_percentile).unwrap();
                        assert!((p - 2.0 / (count + 1.0)).abs() < 1e-15, "{place}: {p}");
                        below.min(1.0 - below)
                    });
                    out.cell(&place, expected, fewest, tolerance);
                }
                "p_newer_seminr" => {
                    out.cell(&place, expected, summary.and_then(|s| s.p_percentile), tolerance);
                }
                _ => out.cell(&place, expected, got, tolerance),
            }
        }
    }
}
