//! From another program's settings to trustpath's.

use serde_json::Value;
use trustpath::model::{HigherOrder, Interaction, Mode};
use trustpath::moments::Correlation;
use trustpath::pls::{Correction, Criterion, Neighbours, ProductScale, Program, SignRule, Weighting};
use trustpath::survey::Missing;
use trustpath::{Conventions, Model, Pls};

use crate::case::Case;
use crate::stages;

/// A case in trustpath's words.
pub(crate) struct Run {
    pub(crate) model: Model,
    pub(crate) pls: Pls,
    pub(crate) conventions: Conventions,
    pub(crate) program: Program,
}

/// Other correlations, and what the codes of items mean.
fn scales(case: &Case, annotations: &mut String, pls: &mut Pls) {
    pls.correlation = match case.setting("indicator_correlation").as_str() {
        Some("spearman") => Correlation::Spearman,
        Some("mcd") => Correlation::Mcd,
        _ => Correlation::Pearson,
    };
    for item in case.setting("ordinal_indicators").as_array().into_iter().flatten().filter_map(Value::as_str)
    {
        pls.correlation = Correlation::Polychoric;
        annotations.push_str(&format!("#@ ordinal {item}\n"));
    }
    if let Value::Object(blocks) = case.setting("scaling") {
        pls.correlation = Correlation::Quantified;
        if case.setting("sign_rule").as_str() == Some("none") {
            pls.sign = SignRule::None;
        }
        // Items in the model's order, block by block.
        let plain = case.model("").unwrap();
        for (construct, words) in blocks {
            let items = &plain.construct(plain.find(construct).unwrap()).indicators;
            for (item, word) in items.iter().zip(words.as_array().unwrap()) {
                let name = &plain.indicator(*item).name;
                annotations.push_str(&format!("#@ scale {name} {}\n", word.as_str().unwrap()));
            }
        }
    }
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
        ("path_estimator", vec!["OLS", "2SLS"]),
        ("indicator_correlation", vec!["none", "spearman", "mcd"]),
        ("estimator", vec!["pls", "plsc"]),
    ] {
        if let Some(word) = case.setting(key).as_str()
            && !only.contains(&word)
        {
            return Err(format!("{key} {word} is not estimated yet"));
        }
    }
    for key in ["user_reliabilities", "group_column", "folds", "n_folds", "technique", "classes"] {
        if !case.setting(key).is_null() && case.setting(key) != &Value::Array(vec![]) {
            return Err(format!("{key} is not estimated yet"));
        }
    }
    let mut annotations = stages::annotations(case)?;
    for (key, word) in [("dominant_indicators", "dominant"), ("instruments", "instruments")] {
        for (construct, value) in case.setting(key).as_object().into_iter().flatten() {
            let line = match value {
                Value::Array(names) => {
                    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                    format!("{construct} {}", names.join(" "))
                }
                value => value.as_str().unwrap().to_owned(),
            };
            annotations.push_str(&format!("#@ {word} {line}\n"));
        }
    }
    for (construct, value) in case.setting("reliabilities").as_object().into_iter().flatten() {
        pls.reliabilities.insert(construct.clone(), value.as_f64().unwrap());
    }
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
    if case.json["source"]["call"].as_str().is_some_and(|call| call.contains("\"replace\"")) {
        pls.interaction = Some(Interaction::MomentsReplace);
    }
    if case.setting("approach_2ndorder")[0].as_str() == Some("mixed") {
        pls.higher_order = Some(HigherOrder::Embedded);
    }
    pls.normality = case.setting("normality").as_bool() == Some(true);
    // seminr corrects the correlations of a standardised product, so that its path is standardised, too.
    if program == Program::Seminr && case.setting("estimator").as_str() == Some("plsc") {
        pls.product_scale = ProductScale::Standardized;
    }
    scales(case, &mut annotations, &mut pls);
    let model = case.model(&annotations)?;
    let disattenuate = case.setting("disattenuate").as_bool() == Some(true);
    pls.weighting = match case.setting("weighting").as_str() {
        None | Some("PLS-PM") => Weighting::PlsPm,
        // cSEM's GSCA is the version with unique parts as soon as there is something to disattenuate.
        Some("GSCA")
            if disattenuate
                && model.constructs().iter().any(|c| c.kind == trustpath::model::Kind::Reflective) =>
        {
            Weighting::GscaM
        }
        Some(word) => {
            word.to_lowercase().parse().map_err(|_| format!("weighting {word} is not estimated yet"))?
        }
    };
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
