//! From another program's settings to trustpath's.

use serde_json::Value;
use trustpath::model::Mode;
use trustpath::pls::{Correction, Criterion, Neighbours, Program};
use trustpath::survey::Missing;
use trustpath::{Conventions, Model, Pls};

use crate::case::Case;

/// A case in trustpath's words.
pub(crate) struct Run {
    pub(crate) model: Model,
    pub(crate) pls: Pls,
    pub(crate) conventions: Conventions,
    pub(crate) program: Program,
}

fn mode(word: &str) -> Option<Mode> {
    Some(match word {
        "A" | "modeA" => Mode::A,
        "B" | "modeB" => Mode::B,
        "unit" => Mode::Unit,
        "PCA" => Mode::Pca,
        "modeBNNLS" => Mode::Bnnls,
        _ => return None,
    })
}

pub(crate) fn run(case: &Case) -> Result<Run, String> {
    let program = match case.program.as_str() {
        "seminr" => Program::Seminr,
        "seminrExtras" if case.name.ends_with("-congruence") || case.name.ends_with("-cta") => {
            Program::Seminr
        }
        "cSEM" => Program::Csem,
        "plspm" => Program::Plspm,
        other => return Err(format!("{other} estimates something else")),
    };
    let mut pls = Pls::like(program);
    for (key, only) in [
        ("weighting", vec!["PLS-PM", "unit"]),
        ("path_estimator", vec!["OLS"]),
        ("indicator_correlation", vec!["none"]),
        ("estimator", vec!["pls", "plsc"]),
    ] {
        if let Some(word) = case.setting(key).as_str()
            && !only.contains(&word)
        {
            return Err(format!("{key} {word} is not estimated yet"));
        }
    }
    for key in [
        "user_reliabilities",
        "reliabilities",
        "dominant_indicators",
        "instruments",
        "group_column",
        "interactions",
        "higher_order",
        "folds",
        "n_folds",
        "technique",
        "scaling",
        "second_order",
        "ordinal_indicators",
        "classes",
    ] {
        if !case.setting(key).is_null() && case.setting(key) != &Value::Array(vec![]) {
            return Err(format!("{key} is not estimated yet"));
        }
    }
    if case.setting("weighting").as_str() == Some("unit") {
        pls.mode = Some(Mode::Unit);
    }
    let mut annotations = String::new();
    match case.setting("modes") {
        Value::Array(one) => {
            pls.mode = one.first().and_then(Value::as_str).and_then(mode);
        }
        Value::Object(map) => {
            for (construct, word) in map {
                if let Some(weights) = word.as_array() {
                    let weights = weights.iter().filter_map(Value::as_f64).collect();
                    pls.fixed_weights.insert(construct.clone(), weights);
                } else {
                    let word = word.as_str().and_then(mode).ok_or("unknown mode")?;
                    annotations.push_str(&format!("#@ mode {construct} {word}\n"));
                }
            }
        }
        _ => {}
    }
    if program == Program::Plspm && case.setting("modes").is_null() {
        return Err("no modes given".to_owned());
    }
    let model = case.model(&annotations)?;
    if pls.mode == Some(Mode::Unit)
        && case.setting("disattenuate").as_bool() == Some(true)
        && model.constructs().iter().any(|c| c.kind == trustpath::model::Kind::Reflective)
    {
        return Err("Croon's correction is not estimated yet".to_owned());
    }
    let scheme = case.setting("scheme").as_str().or(case.setting("inner_scheme").as_str());
    if let Some(scheme) = scheme {
        pls.scheme = Some(scheme.parse().map_err(|_| format!("scheme {scheme} is not estimated yet"))?);
    }
    pls.consistent = case.setting("estimator").as_str() == Some("plsc")
        || case.setting("disattenuate").as_bool() == Some(true);
    pls.correction = match case.setting("plsc_correction").as_str() {
        None | Some("dist_squared_euclid" | "see expected keys") => Correction::SquaredEuclid,
        Some(other) => return Err(format!("correction {other} is not estimated yet")),
    };
    if let Some(tolerance) = case.setting("tolerance").as_f64().or(case.setting("conv_tolerance").as_f64()) {
        pls.tolerance = tolerance;
    }
    if let Some(limit) = case.setting("max_iter").as_u64() {
        pls.max_iterations = usize::try_from(limit).unwrap();
    }
    pls.criterion = match case.setting("conv_criterion").as_str() {
        Some("diff_absolute") => Criterion::MaxAbsolute,
        Some("diff_squared") => Criterion::MaxSquared,
        Some("diff_relative") => Criterion::MaxRelative,
        _ => pls.criterion,
    };
    if case.setting("PLS_ignore_structural_model").as_bool() == Some(true) {
        pls.neighbours = Neighbours::All;
    }
    if let Value::Object(map) = case.setting("starting_values") {
        for values in map.values() {
            let names = values["names"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let numbers = values["values"].as_array().into_iter().flatten().filter_map(Value::as_f64);
            pls.start_weights.extend(names.map(str::to_owned).zip(numbers));
        }
    }
    pls.data.missing_codes =
        case.setting("missing_codes").as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if case.json["missing"].as_str() == Some("listwise") {
        pls.data.missing = Missing::Listwise;
    }
    Ok(Run { model, pls, conventions: Conventions::like(program), program })
}
