//! The JSON contract: one object, the field's words as keys, full precision, `null` for what does not apply.

use serde::Serialize;
use serde_json::{Map, Value, json};
use trustpath::Survey;
use trustpath::assess::Assessment;
use trustpath::model::Model;
use trustpath::pls::PlsFit;
use trustpath::table::{Table, Vector};

use super::inputs::{Data, Job};

/// An object with the program's version.
pub(crate) fn object() -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("trustpath".into(), env!("CARGO_PKG_VERSION").into());
    object
}

/// Anything that serialises; a number that is not finite becomes `null`.
pub(crate) fn value(of: &impl Serialize) -> Value {
    // Only maps with keys that are no strings fail, and there are none.
    serde_json::to_value(of).unwrap_or(Value::Null)
}

/// One key per line, each value on one line: short enough to keep, and two results can be compared by line.
pub(crate) fn text(object: &Map<String, Value>) -> String {
    let lines: Vec<String> =
        object.iter().map(|(key, value)| format!("  {}: {value}", Value::from(key.as_str()))).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// What every estimate begins with: version, title, settings, cases, data, how it ended.
pub(crate) fn head(job: &Job, fit: &PlsFit, assessment: &Assessment) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&job.model.about.title));
    let mut settings = value(&fit.settings);
    if let Some(settings) = settings.as_object_mut() {
        // What was used, not that nothing was asked for.
        settings.insert("scheme".into(), value(&fit.plan.scheme));
    }
    object.insert("settings".into(), settings);
    let modes: Map<String, Value> =
        fit.constructs().into_iter().zip(fit.modes()).map(|(name, mode)| (name, value(&mode))).collect();
    object.insert("modes".into(), modes.into());
    object.insert("n".into(), fit.n().into());
    object.insert(
        "data".into(),
        match &job.data {
            Data::Answers(survey) => {
                data(survey, &value(&fit.sample.as_ref().map(|sample| &sample.account)))
            }
            Data::Table { file, .. } => {
                json!({"file": file, "kind": "correlations", "fingerprint": null, "dialect": null, "account": null})
            }
        },
    );
    object.insert("iterations".into(), fit.estimate.iterations.into());
    object.insert("converged".into(), fit.estimate.converged.into());
    object.insert("admissible".into(), assessment.is_admissible().into());
    let findings: Vec<String> = assessment.findings.iter().map(ToString::to_string).collect();
    object.insert("findings".into(), findings.into());
    object
}

/// The survey behind a result.
pub(crate) fn data(survey: &Survey, account: &Value) -> Value {
    json!({
        "file": survey.file,
        "kind": "answers",
        "fingerprint": survey.fingerprint,
        "dialect": {
            "delimiter": survey.dialect.delimiter.to_string(),
            "encoding": survey.dialect.encoding,
            "decimal": survey.dialect.decimal.to_string(),
        },
        "account": account,
    })
}

/// A fit and its assessment.
pub(crate) fn fit(job: &Job, fit: &PlsFit, assessment: &Assessment) -> Map<String, Value> {
    let mut object = head(job, fit, assessment);
    object.insert("weights".into(), value(&fit.weights()));
    object.insert("loadings".into(), value(&fit.loadings()));
    object.insert("cross_loadings".into(), value(&fit.cross_loadings()));
    object.insert("path_coefficients".into(), value(&fit.path_coefficients()));
    object.insert("r_squared".into(), value(&fit.r_squared()));
    object.insert("adj_r_squared".into(), value(&fit.adj_r_squared()));
    object.insert("construct_correlations".into(), value(&fit.construct_correlations()));
    object.insert("proxy_correlations".into(), value(&fit.proxy_correlations()));
    if let Value::Object(keys) = value(assessment) {
        for (key, value) in keys {
            // Findings stand there in words already.
            object.entry(key).or_insert(value);
        }
    }
    for (key, vector) in criteria(fit, assessment) {
        object.insert(key, vector);
    }
    object
}

/// The information criteria once more, one named vector per criterion.
fn criteria(fit: &PlsFit, assessment: &Assessment) -> Vec<(String, Value)> {
    let outcomes = fit.r_squared();
    let mut vectors: Vec<(String, Vec<(String, f64)>)> = Vec::new();
    for outcome in outcomes.names() {
        let Value::Object(criteria) = value(&assessment.criteria.get(outcome)) else { continue };
        for (key, number) in criteria {
            let pair = (outcome.clone(), number.as_f64().unwrap_or(f64::NAN));
            match vectors.iter_mut().find(|(known, _)| *known == key) {
                Some((_, pairs)) => pairs.push(pair),
                None => vectors.push((key, vec![pair])),
            }
        }
    }
    vectors.into_iter().map(|(key, pairs)| (key, value(&Vector::from_pairs(pairs)))).collect()
}

/// Constructs, items and paths of a model as long tables.
pub(crate) fn tables(tables: &[Table]) -> Map<String, Value> {
    tables.iter().map(|table| (table.key.clone(), value(table))).collect()
}

/// Title and theory of a model.
pub(crate) fn about(model: &Model) -> Value {
    json!({
        "title": model.about.title,
        "title_zh": model.about.title_zh,
        "theory": model.about.theory,
        "source": model.about.source,
        "codebook": model.about.codebook,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_finite_become_null() {
        assert_eq!(value(&[f64::NAN, f64::INFINITY, 0.1]), json!([null, null, 0.1]));
    }

    #[test]
    fn the_text_is_one_line_per_key() {
        let mut map = Map::new();
        map.insert("a".into(), json!([1, 2]));
        map.insert("b\"".into(), json!({"c": null}));
        assert_eq!(text(&map), "{\n  \"a\": [1,2],\n  \"b\\\"\": {\"c\":null}\n}\n");
    }
}
