//! The JSON contract: one object per result, the field's words as keys, full precision, `null` for what does not apply.
//!
//! The command line prints these objects (`--format json`) and the Python package reads its results from them, so that
//! a number added here appears in both. Matrices are `{"rows", "cols", "values"}`, named vectors `{"names", "values"}`,
//! long tables `{"columns", "rows"}`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::assess::{
    Assessment, Comparison, Distance, Redundancy, Rivals, blindfolding, ordinal_reliability,
    sample_size_table, speaks_of_ordinal_items,
};
use crate::effects::Endogeneity;
use crate::model::Model;
use crate::pls::{Pls, PlsFit};
use crate::reproduce::{self, Study, comparison, findings};
use crate::resample::{
    BlockTetrads, Bootstrapped, Congruence, Hausman, Kind, MeasurementTests, Quantity, Summary,
};
use crate::sem::SemFit;
use crate::survey::{Account, Screening, Survey};
use crate::table::{Table, Vector};

/// What a result was estimated from.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a> {
    /// The answers of a survey.
    Answers(&'a Survey),
    /// A table of correlations or covariances: the file as the user named it.
    Table(&'a str),
}

/// An object with the program's version.
pub fn object() -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("trustpath".into(), env!("CARGO_PKG_VERSION").into());
    object
}

/// Anything that serialises; a number that is not finite becomes `null`.
pub fn value(of: &impl Serialize) -> Value {
    // Only maps with keys that are no strings fail, and there are none.
    serde_json::to_value(of).unwrap_or(Value::Null)
}

/// One key per line, each value on one line: short enough to keep, and two results can be compared by line.
pub fn text(object: &Map<String, Value>) -> String {
    let lines: Vec<String> =
        object.iter().map(|(key, value)| format!("  {}: {value}", Value::from(key.as_str()))).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// What every estimate begins with: version, title, settings, cases, data, how it ended.
pub fn head(fit: &PlsFit, assessment: &Assessment, origin: Origin<'_>) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&fit.model.about.title));
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
    let account = value(&fit.sample.as_ref().map(|sample| &sample.account));
    object.insert("data".into(), source(origin, &account));
    object.insert("iterations".into(), fit.estimate.iterations.into());
    object.insert("converged".into(), fit.estimate.converged.into());
    object.insert("admissible".into(), assessment.is_admissible().into());
    let findings: Vec<String> = assessment.findings.iter().map(ToString::to_string).collect();
    object.insert("findings".into(), findings.into());
    object
}

/// The survey or table behind a result.
fn source(origin: Origin<'_>, account: &Value) -> Value {
    match origin {
        Origin::Answers(survey) => data(survey, account),
        Origin::Table(file) => {
            json!({"file": file, "kind": "correlations", "fingerprint": null, "dialect": null, "account": null})
        }
    }
}

/// A covariance-based fit.
pub fn sem(fit: &SemFit, origin: Origin<'_>) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&fit.model.about.title));
    object.insert("settings".into(), value(&fit.settings));
    object.insert("n".into(), fit.n.into());
    let account = value(&fit.sample.as_ref().map(|sample| &sample.account));
    object.insert("data".into(), source(origin, &account));
    object.insert("iterations".into(), fit.iterations.into());
    object.insert("converged".into(), fit.converged.into());
    object.insert("admissible".into(), fit.is_admissible().into());
    let findings: Vec<String> = fit.findings.iter().map(ToString::to_string).collect();
    object.insert("findings".into(), findings.into());
    object.insert("n_free_parameters".into(), fit.n_free_parameters().into());
    for (key, item) in [
        ("parameters", value(&fit.parameters)),
        ("definitions", value(&fit.definitions)),
        ("fit_measures", value(&fit.measures)),
        ("r_squared", value(&fit.r_squared())),
        ("latent_covariance", value(&fit.latent_covariance())),
        ("latent_correlation", value(&fit.latent_correlation())),
        ("sample_covariance", value(&fit.sample_covariance())),
        ("implied_covariance", value(&fit.implied_covariance())),
        ("residual_correlations", value(&fit.residual_correlations())),
        ("modification_indices", value(&fit.modifications())),
    ] {
        object.insert(key.into(), item);
    }
    object
}

/// The survey behind a result.
pub fn data(survey: &Survey, account: &Value) -> Value {
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
pub fn fit(fit: &PlsFit, assessment: &Assessment, origin: Origin<'_>) -> Map<String, Value> {
    let mut object = head(fit, assessment, origin);
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
    object.insert("blindfolding".into(), value(&blindfolding(fit, Distance::Usual)));
    if speaks_of_ordinal_items(fit) {
        object.insert("ordinal_reliability".into(), value(&ordinal_reliability(fit)));
    }
    if !fit.model.definitions().is_empty() {
        object.insert("definitions".into(), value(&fit.definitions()));
    }
    if !fit.earlier().is_empty() {
        let stages: Vec<Value> = fit.earlier().iter().map(|earlier| stage(earlier, assessment)).collect();
        object.insert("earlier_stages".into(), stages.into());
    }
    object
}

/// A stage before the last: where the components of constructs of constructs are measured.
fn stage(fit: &PlsFit, assessment: &Assessment) -> Value {
    let own = Assessment::of(fit, assessment.conventions);
    json!({
        "iterations": fit.estimate.iterations,
        "converged": fit.estimate.converged,
        "weights": fit.weights(),
        "loadings": fit.loadings(),
        "path_coefficients": fit.path_coefficients(),
        "r_squared": fit.r_squared(),
        "construct_correlations": fit.construct_correlations(),
        "alpha": own.alpha,
        "rho_a": own.rho_a,
        "rho_c": own.rho_c,
        "ave": own.ave,
        "htmt": own.htmt,
        "vif_indicators": own.vif_indicators,
    })
}

/// A fit and its bootstrap.
pub fn bootstrap(
    fit: &PlsFit,
    assessment: &Assessment,
    origin: Origin<'_>,
    boot: &Bootstrapped,
) -> Map<String, Value> {
    let mut object = head(fit, assessment, origin);
    object.insert("bootstrap".into(), accounting(boot));
    object.extend(long_tables(boot));
    object
}

/// A fit, its bootstrap if there is one, and the fields of what was derived from them (mediation, moderation, …).
pub fn derived(
    fit: &PlsFit,
    assessment: &Assessment,
    origin: Origin<'_>,
    boot: Option<&Bootstrapped>,
    result: &impl Serialize,
) -> Map<String, Value> {
    let mut object = head(fit, assessment, origin);
    if let Some(boot) = boot {
        object.insert("bootstrap".into(), accounting(boot));
    }
    if let Value::Object(fields) = value(result) {
        object.extend(fields);
    }
    object
}

/// What tests of endogeneity found.
#[derive(Debug, Serialize)]
pub struct EndogeneityTests {
    /// Tests of the equations with instruments, if there are any.
    pub hausman: Option<Vec<Hausman>>,
    /// Copulas, unless only the Hausman test was asked for.
    #[serde(flatten)]
    pub copulas: Option<Endogeneity>,
}

/// Tests of how constructs are measured, after what every estimate begins with; `None` for what was not asked for.
pub fn measurement(
    mut head: Map<String, Value>,
    tests: &MeasurementTests,
    tetrads: Option<&[BlockTetrads]>,
    redundancy: Option<&[Redundancy]>,
    congruence: Option<&[Congruence]>,
) -> Map<String, Value> {
    head.insert(
        "bootstrap".into(),
        json!({
            "resamples": tests.resamples,
            "seed": tests.seed,
            "level": tests.level,
            "max_memory": tests.max_memory,
        }),
    );
    head.insert("tetrad_set".into(), value(&tests.tetrads));
    head.insert("tetrads".into(), value(&tetrads));
    head.insert("redundancy".into(), value(&redundancy));
    head.insert("congruence_diagonal".into(), value(&tests.diagonal));
    head.insert("congruence".into(), value(&congruence));
    head
}

/// Rival models of the same answers.
///
/// Models of other items leave out other cases, so that every model has an account of its own.
pub fn rivals(
    settings: &Pls,
    rivals: &Rivals,
    origin: Origin<'_>,
    fits: &[(String, &PlsFit)],
) -> Map<String, Value> {
    let mut object = object();
    object.insert("settings".into(), value(settings));
    let accounts: Map<String, Value> =
        fits.iter().filter_map(|(name, fit)| Some((name.clone(), value(&fit.answers()?.account)))).collect();
    object.insert("data".into(), source(origin, &accounts.into()));
    if let Value::Object(keys) = value(rivals) {
        object.extend(keys);
    }
    object
}

/// The defaults of programs side by side: their paths, and every pair compared.
pub fn differences(
    model: &Model,
    (origin, account): (Origin<'_>, Option<&Account>),
    least: f64,
    paths: &Table,
    found: &[Comparison],
) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&model.about.title));
    object.insert("data".into(), source(origin, &value(&account)));
    object.insert("least".into(), least.into());
    object.insert("paths".into(), value(paths));
    object.insert("comparisons".into(), value(&found));
    object
}

/// How many answers a study needs, and the sentence that says so.
pub fn sample_size(table: &Table, sentence: &str) -> Map<String, Value> {
    let mut object = object();
    object.insert("sample_size".into(), value(table));
    object.insert("sentence".into(), sentence.into());
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

/// A model alone: what it says about itself, and its tables.
pub fn model(model: &Model) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&model.about.title));
    object.insert(
        "about".into(),
        json!({
            "title": model.about.title,
            "title_zh": model.about.title_zh,
            "theory": model.about.theory,
            "source": model.about.source,
            "codebook": model.about.codebook,
        }),
    );
    object.extend(model.tables().iter().map(|table| (table.key.clone(), value(table))));
    object
}

/// The answers to a model's items, screened.
pub fn screening(model: &Model, survey: &Survey, screening: &Screening) -> Map<String, Value> {
    let mut object = object();
    object.insert("title".into(), value(&model.about.title));
    object.insert("n".into(), screening.account.cases_used.into());
    object.insert("data".into(), data(survey, &value(&screening.account)));
    object.insert("suspicious".into(), value(&screening.suspicious()));
    object.insert("sample_size".into(), value(&sample_size_table(screening.account.cases_used)));
    object.insert("screening".into(), value(screening));
    object
}

/// A published study and its reproduction.
pub fn reproduction(study: &Study, comparisons: &[reproduce::Comparison]) -> Map<String, Value> {
    let words: Vec<String> = findings(study, comparisons).iter().map(ToString::to_string).collect();
    let mut object = object();
    object.insert("study".into(), study.key.clone().into());
    object.insert("citation".into(), study.citation.clone().into());
    object.insert("doi".into(), study.doi.clone().into());
    object.insert("findings".into(), value(&words));
    object.insert("reproduction".into(), value(&comparison(study, comparisons)));
    object
}

/// Settings and accounting of a bootstrap.
fn accounting(boot: &Bootstrapped) -> Value {
    let mut object = Map::new();
    for (key, item) in [
        ("resamples", boot.requested.into()),
        ("admissible", boot.admissible.into()),
        ("drawn", boot.flags.len().into()),
        ("interrupted", value(&boot.interrupted)),
        ("reasons", value(&boot.reasons)),
        ("culprits", value(&boot.culprits)),
        ("few", value(&boot.few())),
        ("seed", if boot.is_seeded() { boot.settings.seed.into() } else { Value::Null }),
        ("generator", boot.generator.into()),
        ("scheme", boot.scheme_name().into()),
        ("memory_mib", ((boot.memory() * 10.0).round() / 10.0).into()),
    ] {
        object.insert(key.into(), item);
    }
    if let Value::Object(settings) = value(&boot.settings) {
        for (key, setting) in settings {
            object.entry(key).or_insert(setting);
        }
    }
    object.into()
}

/// One long table per family of bootstrapped quantities, and all intervals in one. Where there is no hypothesis of 0, t and
/// p do not apply.
fn long_tables(boot: &Bootstrapped) -> Map<String, Value> {
    const COLUMNS: [&str; 21] = [
        "name",
        "from",
        "to",
        "original",
        "mean",
        "sd",
        "t",
        "p",
        "low",
        "high",
        "upper",
        "bias",
        "p_error",
        "low_error",
        "high_error",
        "upper_error",
        "p_normal",
        "p_t",
        "p_percentile",
        "draws",
        "p_least",
    ];
    let row = |kind: Kind, (quantity, summary): (&Quantity, &Option<Summary>)| {
        let mut row: Vec<Value> =
            vec![quantity.name.clone().into(), quantity.from.clone().into(), quantity.to.clone().into()];
        if let Some(s) = summary {
            let tested = |p: Option<f64>| value(&p.filter(|_| kind.is_tested()));
            row.extend([value(&s.original), value(&s.mean), value(&s.sd), tested(s.t), tested(s.p)]);
            row.extend([value(&s.low), value(&s.high), value(&s.upper), value(&s.bias), tested(s.p_error)]);
            row.extend([value(&s.low_error), value(&s.high_error), value(&s.upper_error)]);
            row.extend([tested(s.p_normal), tested(s.p_t), tested(s.p_percentile), s.draws.into()]);
            row.push(tested(s.p_least));
        }
        row.resize(COLUMNS.len(), Value::Null);
        row
    };
    let mut tables = Map::new();
    for &kind in Kind::ALL {
        let rows: Vec<_> = boot.of_kind(kind).map(|(q, s, _)| row(kind, (q, s))).collect();
        if !rows.is_empty() || matches!(kind, Kind::SpecificIndirect | Kind::IndirectEffect) {
            tables.insert(kind.key().into(), json!({"columns": COLUMNS, "rows": rows}));
        }
    }
    let all = boot.quantities.iter().zip(&boot.intervals);
    let intervals: Vec<Value> = all
        .flat_map(|(quantity, intervals)| intervals.iter().map(move |i| (quantity, i)))
        .map(|(q, i)| {
            json!([
                q.kind.key(),
                q.name,
                i.kind,
                i.level,
                value(&i.low),
                value(&i.high),
                i.low_error,
                i.high_error
            ])
        })
        .collect();
    let columns = ["family", "name", "kind", "level", "low", "high", "low_error", "high_error"];
    tables.insert("intervals".into(), json!({"columns": columns, "rows": intervals}));
    tables.insert("both_treatments".into(), value(&boot.both_treatments()));
    tables
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
