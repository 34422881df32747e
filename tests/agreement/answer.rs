//! trustpath's answer to each key of a case.

use std::collections::BTreeMap;

use serde_json::Value;
use trustpath::assess::Criteria;
use trustpath::model::Mode;
use trustpath::pls::{Criterion, PlsFit, Program, SignRule};
use trustpath::stats::describe;
use trustpath::table::{Matrix, Vector};
use trustpath::{Assessment, Moments};

use crate::case::{Case, Comparison};
use crate::correlations;
use crate::settings::Run;

/// A number, named numbers, or a named matrix.
pub(crate) enum Answer {
    Number(f64),
    Vector(Vector),
    Matrix(Matrix),
    Map(BTreeMap<String, Vector>),
    Nothing,
}

pub(crate) struct Answers<'a> {
    run: &'a Run,
    fit: &'a PlsFit,
    assessment: Assessment,
    json: Value,
}

impl<'a> Answers<'a> {
    pub(crate) fn of(run: &'a Run, fit: &'a PlsFit) -> Self {
        let assessment = Assessment::of(fit, run.conventions);
        let json = serde_json::to_value(&assessment).unwrap();
        Self { run, fit, assessment, json }
    }

    #[allow(clippy::too_many_lines, reason = "one arm per key")]
    pub(crate) fn find(&self, key: &str) -> Answer {
        let fit = self.fit;
        if let Some(answer) = crate::stages::answer(key, fit, self.run) {
            return answer;
        }
        let a = &self.assessment;
        let names = fit.constructs();
        let csem = self.run.program == Program::Csem;
        let plspm = self.run.program == Program::Plspm;
        Answer::Matrix(match key {
            "n" => return Answer::Number(fit.n() as f64),
            // Nothing is iterated for unit weights; what packages count there differs.
            "iterations" if fit.plan.blocks.iter().all(|b| b.mode == Mode::Unit) => return Answer::Nothing,
            "iterations" if self.run.program == Program::Seminr => {
                // seminr's counter starts at 0.
                return Answer::Number(fit.estimate.iterations as f64 - 1.0);
            }
            "iterations" => return Answer::Number(fit.estimate.iterations as f64),
            "converged" => return Answer::Number(f64::from(u8::from(fit.estimate.converged))),
            "path_coefficients" | "direct_effects" => fit.path_coefficients(),
            // plspm turns scores but leaves their weights as the iteration gave them.
            "weights" if plspm => {
                let pls = trustpath::Pls { sign: SignRule::None, ..self.run.pls.clone() };
                pls.fit_sample(&self.run.model, fit.sample.as_deref().unwrap().clone()).unwrap().weights()
            }
            "weights" => fit.weights(),
            "loadings" => fit.loadings(),
            "cross_loadings" => fit.cross_loadings(),
            "proxy_correlations" | "construct_score_correlations" => fit.proxy_correlations(),
            "construct_correlations" => fit.construct_correlations(),
            "inner_weights" => fit.construct_matrix(&fit.estimate.inner_weights),
            "item_correlations" | "indicator_correlations" => {
                square(&fit.moments.items, &fit.moments.correlation)
            }
            "construct_scores" | "construct_scores_first5" => scores(fit),
            "construct_score_mean_abs" => {
                let scores = fit.scores().unwrap();
                let mean = |s: &Vec<f64>| s.iter().map(|x| x.abs()).sum::<f64>() / s.len() as f64;
                return Answer::Vector(Vector::from_pairs(names.into_iter().zip(scores.iter().map(mean))));
            }
            "r_squared" => return Answer::Vector(with_zeros(&names, &fit.r_squared(), plspm)),
            "adj_r_squared" => return Answer::Vector(fit.adj_r_squared()),
            "proxy_reliabilities" => {
                let q = fit.estimate.reliability_roots.iter().map(|q| q * q);
                return Answer::Vector(Vector::from_pairs(names.into_iter().zip(q)));
            }
            "item_means" => return items(fit, |m| m.mean.clone()),
            "item_sds" => return items(fit, |m| m.sd.clone()),
            "thresholds" => return Answer::Map(correlations::thresholds(fit)),
            "quantifications" => return Answer::Map(correlations::quantifications(fit)),
            "alpha" | "rho_dg" | "eigenvalue_1" | "eigenvalue_2" if plspm && fit.quantified.is_some() => {
                // plspm looks at the answers as they are, not at their quantifications.
                return match correlations::unquantified(self.run, fit) {
                    Some(plain) => Answers::of(self.run, &plain).find(key),
                    None => Answer::Nothing,
                };
            }
            "rho_dg" if plspm => return Answer::Vector(a.rho_c.clone()),
            "alpha" => return Answer::Vector(a.alpha.clone()),
            "rho_a" => return Answer::Vector(a.rho_a.clone()),
            "rho_c" => return Answer::Vector(a.rho_c.clone()),
            "ave" => return Answer::Vector(a.ave.clone()),
            "rho_c_sample_cor" => return Answer::Vector(a.rho_c_sample_cor.clone()),
            "rho_c_weighted_model_implied" => return Answer::Vector(a.rho_c_weighted_model_implied.clone()),
            "rho_t_weighted" => return Answer::Vector(a.rho_t_weighted.clone()),
            "gof_relative" => return Answer::Number(a.gof_relative.unwrap_or(f64::NAN)),
            "eigenvalue_1" => return Answer::Vector(a.eigenvalue_1.clone()),
            "eigenvalue_2" => return Answer::Vector(a.eigenvalue_2.clone()),
            // cSEM prints the size of the signed ratio.
            "htmt" if csem => full(&a.htmt, |x| x),
            "htmt_signed" => full(&a.htmt_signed, |x| x),
            "htmt2" => full(&a.htmt2, f64::abs),
            "htmt" => full(&a.htmt, |x| x),
            "fornell_larcker" if csem => a.fornell_larcker.clone(),
            "fornell_larcker" => {
                let lower = &a.fornell_larcker;
                Matrix::from_fn(lower.rows().to_vec(), lower.cols().to_vec(), |i, j| {
                    lower.at(i.max(j), i.min(j)).unwrap_or(f64::NAN)
                })
            }
            "f_squared_fixed_scores" => {
                let fixed =
                    trustpath::Conventions { f_squared: "fixed-weights".parse().unwrap(), ..a.conventions };
                Assessment::of(fit, fixed).f_squared
            }
            "f_squared" => a.f_squared.clone(),
            "total_effects" => a.total_effects.clone(),
            "indirect_effects" => a.indirect_effects.clone(),
            // cSEM divides rounding noise by rounding noise where there is no effect at all.
            "vaf" => Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                let expected = |m: &Matrix| m.at(i, j).unwrap_or(0.0);
                if expected(&a.total_effects) == 0.0 { f64::NAN } else { expected(&a.vaf) }
            }),
            "vif_indicators" => return Answer::Map(a.vif_indicators.clone()),
            "vif_indicators_mode_b" => {
                let mode_b = |name: &String| {
                    fit.model.find(name).is_some_and(|id| fit.plan.blocks[id.index()].mode == Mode::B)
                };
                let kept = a.vif_indicators.iter().filter(|(name, _)| mode_b(name));
                return Answer::Map(kept.map(|(n, v)| (n.clone(), v.clone())).collect());
            }
            "vif_antecedents" if fit.plan.instruments.iter().any(|z| !z.is_empty()) => instrument_vif(fit),
            "vif_antecedents" if csem => vif_matrix(&names, &a.vif_antecedents),
            "vif_antecedents" => return Answer::Map(a.vif_antecedents.clone()),
            "aic" | "aicc" | "aicu" | "bic" | "fpe" | "gm" | "hq" | "hqc" | "mallows_cp" => {
                return criteria(a, key);
            }
            "gof" if plspm || csem => return Answer::Number(a.gof.unwrap_or(f64::NAN)),
            "srmr"
            | "d_uls"
            | "d_g"
            | "d_g_log10"
            | "d_ml"
            | "chi_square"
            | "srmr_saturated"
            | "d_uls_saturated"
            | "d_g_saturated"
            | "d_g_log10_saturated"
            | "d_ml_saturated"
            | "chi_square_saturated"
            | "df"
            | "df_null_model"
            | "chi_square_df"
            | "cfi"
            | "ifi"
            | "nfi"
            | "nnfi"
            | "gfi_ml"
            | "gfi_gls"
            | "gfi_uls"
            | "rmsea"
            | "hoelter_cn_05"
            | "hoelter_cn_01"
            | "rms_theta"
            | "max_abs_loading"
            | "max_reliability"
            | "min_eigenvalue_construct_cor"
            | "min_eigenvalue_implied_indicator_cor" => {
                return Answer::Number(self.json[key].as_f64().unwrap_or(f64::NAN));
            }
            "implied_construct_correlations" => fit.construct_matrix(
                &trustpath::assess::Implied::of(fit, false, a.conventions.component_source).constructs,
            ),
            "implied_indicator_correlations" => square(
                &fit.moments.items,
                &trustpath::assess::Implied::of(fit, false, a.conventions.component_source).items,
            ),
            "implied_indicator_correlations_saturated" => square(
                &fit.moments.items,
                &trustpath::assess::Implied::of(fit, true, a.conventions.component_source).items,
            ),
            "objective_sum_of_correlations" => {
                return Answer::Number(fit.estimate.proxy_correlations.iter().sum());
            }
            "ols_path_coefficients" => self.least_squares().path_coefficients(),
            "ols_r_squared" => return Answer::Vector(self.least_squares().r_squared()),
            "model_criteria_structural" => return model_criteria(a.model_criteria_structural.as_ref()),
            "model_criteria_full" => return model_criteria(a.model_criteria_full.as_ref()),
            "alpha_closed_form_ci" => closed_form_ci(fit, a),
            "redundancy" if csem => return Answer::Vector(trustpath::assess::mode_a_redundancy(fit)),
            "verify" => return Answer::Vector(verify(a)),
            "communality" | "redundancy" if plspm => return communality(fit, key),
            "mean_communality" | "mean_redundancy" if plspm => return mean_communality(fit, key),
            _ => return Answer::Nothing,
        })
    }
}

impl Answers<'_> {
    /// The same without instruments.
    fn least_squares(&self) -> PlsFit {
        let names = self.fit.constructs().into_iter().map(|name| (name, Vec::new()));
        let pls = trustpath::Pls { instruments: names.collect(), ..self.run.pls.clone() };
        pls.fit_sample(&self.run.model, self.fit.sample.as_deref().unwrap().clone()).unwrap()
    }
}

/// Compares one key; `false` if trustpath has no answer to it.
pub(crate) fn compare(
    case: &Case,
    key: &str,
    expected: &Value,
    answers: &Answers,
    out: &mut Comparison,
) -> bool {
    if matches!(
        key,
        "package_output"
            | "with"
            | "without"
            | "runs"
            | "by_variant"
            | "with_starting_values"
            | "default_start"
    ) {
        return nested(case, key, expected, answers, out);
    }
    if matches!(key, "item_statistics" | "construct_statistics") {
        return statistics(case, key, expected, answers, out);
    }
    if key == "inner_model" {
        inner_model(case, key, expected, answers, out);
        return true;
    }
    let answer = answers.find(key);
    compare_answer(key, expected, &answer, case.tolerance(key), out)
}

pub(crate) fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(|b| f64::from(u8::from(b))))
}

pub(crate) fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub(crate) fn compare_answer(
    key: &str,
    expected: &Value,
    answer: &Answer,
    tolerance: f64,
    out: &mut Comparison,
) -> bool {
    match (answer, expected) {
        (Answer::Number(got), expected) => {
            if let Some(expected) = number(expected) {
                out.cell(key, expected, Some(*got).filter(|g| g.is_finite()), tolerance);
            }
        }
        (Answer::Vector(got), Value::Object(object)) if object.contains_key("names") => {
            for (name, value) in strings(&object["names"]).iter().zip(object["values"].as_array().unwrap()) {
                if let Some(expected) = number(value) {
                    out.cell(&format!("{key}[{name}]"), expected, got.get(name), tolerance);
                }
            }
        }
        (Answer::Matrix(got), Value::Object(object)) if object.contains_key("names") => {
            // A vector over items: each item's only non-zero cell.
            for (name, value) in strings(&object["names"]).iter().zip(object["values"].as_array().unwrap()) {
                let row = got.cols().iter().filter_map(|col| got.get(name, col)).find(|x| *x != 0.0);
                out.cell(&format!("{key}[{name}]"), number(value).unwrap(), row, tolerance);
            }
        }
        (Answer::Matrix(got), Value::Object(object)) if object.contains_key("cols") => {
            let cols = strings(&object["cols"]);
            for (row, values) in strings(&object["rows"]).iter().zip(object["values"].as_array().unwrap()) {
                for (col, value) in cols.iter().zip(values.as_array().unwrap()) {
                    let answer = got.get(row, col);
                    if key == "vaf" && answer.is_none() {
                        continue;
                    }
                    if let Some(expected) = number(value) {
                        out.cell(&format!("{key}[{row}, {col}]"), expected, answer, tolerance);
                    }
                }
            }
        }
        (Answer::Map(got), Value::Object(object)) => {
            for (name, vector) in object {
                let answer = got.get(name).cloned().unwrap_or_default();
                if let Some(values) = correlations::positions(vector) {
                    for (at, value) in values.into_iter().enumerate() {
                        out.cell(&format!("{key}.{name}[{at}]"), value, answer.at(at), tolerance);
                    }
                    continue;
                }
                compare_answer(&format!("{key}.{name}"), vector, &Answer::Vector(answer), tolerance, out);
            }
        }
        _ => return false,
    }
    true
}

/// Keys that hold several fits with other settings.
fn nested(case: &Case, key: &str, expected: &Value, answers: &Answers, out: &mut Comparison) -> bool {
    let refit = |change: &dyn Fn(&mut trustpath::Pls)| {
        let mut pls = answers.run.pls.clone();
        change(&mut pls);
        pls.fit_sample(&answers.run.model, answers.fit.sample.as_deref().unwrap().clone()).unwrap()
    };
    let parts: Vec<(String, &Value, PlsFit)> = match key {
        "runs" => expected
            .as_array()
            .unwrap()
            .iter()
            .map(|run| {
                let scheme = run["inner_scheme"].as_str().unwrap();
                let rule = run["conv_criterion"].as_str().unwrap();
                let fit = refit(&|pls| {
                    pls.scheme = Some(scheme.parse().unwrap());
                    pls.criterion = match rule {
                        "diff_absolute" => Criterion::MaxAbsolute,
                        "diff_squared" => Criterion::MaxSquared,
                        _ => Criterion::MaxRelative,
                    };
                });
                (format!("{scheme}/{rule}"), run, fit)
            })
            .collect(),
        "by_variant" => expected
            .as_object()
            .unwrap()
            .iter()
            .map(|(variant, value)| {
                let word = variant.replace("dist_", "").replace('_', "-");
                (variant.clone(), value, refit(&|pls| pls.correction = word.parse().unwrap()))
            })
            .collect(),
        "default_start" => vec![(key.to_owned(), expected, refit(&|pls| pls.start_weights.clear()))],
        _ => vec![(key.to_owned(), expected, refit(&|_| {}))],
    };
    for (name, value, mut fit) in parts {
        if name == "without" {
            let text = case.json["model"].as_str().unwrap().parse::<trustpath::Model>().unwrap();
            fit = answers.run.pls.fit_sample(&text, fit.sample.as_deref().unwrap().clone()).unwrap();
        }
        let inner = Answers::of(answers.run, &fit);
        for (key, value) in value.as_object().unwrap() {
            let tolerance = match name.as_str() {
                "fisher_transformed" | "package_output" => case.tolerance(&name),
                _ => case.tolerance(key),
            };
            // weights of the runs are vectors over items; iterations are counted from 1 in cSEM
            let answer = inner.find(key);
            if let Answer::Nothing = answer {
                continue;
            }
            compare_answer(&format!("{name}.{key}"), value, &answer, tolerance, out);
        }
    }
    true
}

/// seminr's table of item or score statistics.
fn statistics(case: &Case, key: &str, expected: &Value, answers: &Answers, out: &mut Comparison) -> bool {
    let sample = answers.fit.sample.as_deref().unwrap();
    let scores = answers.fit.scores().unwrap();
    let columns: BTreeMap<String, Vec<f64>> = if key == "item_statistics" {
        sample.items.iter().cloned().zip(sample.columns.iter().cloned()).collect()
    } else {
        let scale = |j: usize| match answers.run.program {
            Program::Seminr => crate::stages::score_scale(answers.fit, j),
            _ => 1.0,
        };
        let scaled = scores
            .into_iter()
            .enumerate()
            .map(|(j, column)| column.into_iter().map(|x| x * scale(j)).collect());
        answers.fit.constructs().into_iter().zip(scaled).collect()
    };
    for (row, values) in strings(&expected["rows"]).iter().zip(expected["values"].as_array().unwrap()) {
        let all = &columns[row];
        let seen: Vec<f64> = all.iter().copied().filter(|x| !x.is_nan()).collect();
        for (col, value) in strings(&expected["cols"]).iter().zip(values.as_array().unwrap()) {
            let got = match col.as_str() {
                "Missing" => Some((all.len() - seen.len()) as f64),
                "Mean" => Some(describe::mean(&seen)),
                "Median" => Some(describe::median(&seen)),
                "Min" => seen.iter().copied().reduce(f64::min),
                "Max" => seen.iter().copied().reduce(f64::max),
                "Std.Dev." => Some(describe::sd(&seen)),
                "Kurtosis" => Some(describe::kurtosis(&seen)),
                "Skewness" => Some(describe::skewness(&seen)),
                _ => return false,
            };
            if let Some(expected) = number(value) {
                // Scores agree to the tolerance of the weights, not of the items.
                let tolerance = if key == "item_statistics" { case.tolerance(key) } else { 1e-5 };
                out.cell(&format!("{key}[{row}, {col}]"), expected, got, tolerance);
            }
        }
    }
    true
}

fn square(names: &[String], values: &[f64]) -> Matrix {
    let k = names.len();
    Matrix::from_fn(names.to_vec(), names.to_vec(), |i, j| values[i * k + j])
}

/// Both triangles, since the order of constructs differs between programs.
fn full(lower: &Matrix, size: impl Fn(f64) -> f64) -> Matrix {
    Matrix::from_fn(lower.rows().to_vec(), lower.cols().to_vec(), |i, j| {
        if i == j { 1.0 } else { lower.at(i.max(j), i.min(j)).map_or(f64::NAN, &size) }
    })
}

fn scores(fit: &PlsFit) -> Matrix {
    let scores = fit.scores().unwrap();
    let origin = &fit.sample.as_deref().unwrap().origin;
    let rows = origin.iter().map(ToString::to_string).collect();
    Matrix::from_fn(rows, fit.constructs(), |i, j| scores[j][i])
}

fn items(fit: &PlsFit, f: impl Fn(&Moments) -> Vec<f64>) -> Answer {
    Answer::Vector(Vector::from_pairs(fit.moments.items.iter().cloned().zip(f(&fit.moments))))
}

/// plspm lists exogenous constructs with R² = 0.
fn with_zeros(names: &[String], values: &Vector, zeros: bool) -> Vector {
    if !zeros {
        return values.clone();
    }
    Vector::from_pairs(names.iter().map(|name| (name.clone(), values.get(name).unwrap_or(0.0))))
}

fn communality(fit: &PlsFit, key: &str) -> Answer {
    let r2 = fit.r_squared();
    let names = fit.constructs();
    Answer::Vector(Vector::from_pairs(fit.moments.items.iter().enumerate().map(|(i, item)| {
        let own = fit.estimate.loadings[i].powi(2);
        let factor = if key == "redundancy" { r2.get(&names[fit.block_of(i)]).unwrap_or(0.0) } else { 1.0 };
        (item.clone(), own * factor)
    })))
}

fn mean_communality(fit: &PlsFit, key: &str) -> Answer {
    let Answer::Vector(items) = communality(fit, key.trim_start_matches("mean_")) else {
        return Answer::Nothing;
    };
    Answer::Vector(Vector::from_pairs(fit.constructs().into_iter().zip(&fit.plan.blocks).map(
        |(name, block)| {
            let sum: f64 = (block.start..block.start + block.len).filter_map(|i| items.at(i)).sum();
            (name, sum / block.len as f64)
        },
    )))
}

/// Under two-stage least squares cSEM gives the VIF of the instruments for that of the predictors.
fn instrument_vif(fit: &PlsFit) -> Matrix {
    let names = fit.constructs();
    let k = names.len();
    let p = &fit.estimate.construct_correlations;
    Matrix::from_fn(names.clone(), names, |i, j| {
        let z = &fit.plan.instruments[j];
        let Some(at) = z.iter().position(|&z| z == i) else { return f64::NAN };
        let matrix: Vec<f64> = z.iter().flat_map(|&a| z.iter().map(move |&b| p[a * k + b])).collect();
        trustpath::stats::linear::inverse(&matrix, z.len()).unwrap()[at * z.len() + at]
    })
}

fn vif_matrix(names: &[String], map: &BTreeMap<String, Vector>) -> Matrix {
    Matrix::from_fn(names.to_vec(), names.to_vec(), |i, j| {
        map.get(&names[j]).and_then(|vif| vif.get(&names[i])).unwrap_or(f64::NAN)
    })
}

fn criteria(a: &Assessment, key: &str) -> Answer {
    let pick = |c: &Criteria| match key {
        "aic" => Some(c.aic),
        "aicc" => Some(c.aicc),
        "aicu" => Some(c.aicu),
        "bic" => Some(c.bic),
        "fpe" => Some(c.fpe),
        "hq" => Some(c.hq),
        "hqc" => Some(c.hqc),
        "gm" => c.gm,
        "mallows_cp" => c.mallows_cp,
        _ => None,
    };
    if a.criteria.values().any(|c| pick(c).is_none()) {
        return Answer::Nothing;
    }
    Answer::Vector(Vector::from_pairs(a.criteria.iter().map(|(n, c)| (n.clone(), pick(c).unwrap()))))
}

fn model_criteria(criteria: Option<&trustpath::assess::ModelCriteria>) -> Answer {
    criteria.map_or(Answer::Nothing, |c| {
        let pairs = [("AIC", c.aic), ("BIC", c.bic), ("HQ", c.hq)];
        Answer::Vector(Vector::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value))))
    })
}

fn closed_form_ci(fit: &PlsFit, a: &Assessment) -> Matrix {
    let names = fit.constructs();
    let sample = fit.sample.as_deref().unwrap();
    let scores = fit.scores().unwrap();
    let bounds: Vec<Option<[f64; 2]>> = (0..names.len())
        .map(|j| {
            let block = &fit.plan.blocks[j];
            let columns: Vec<Vec<f64>> = (block.start..block.start + block.len)
                .map(|i| {
                    sample.columns[i].iter().map(|x| (x - fit.moments.mean[i]) / fit.moments.sd[i]).collect()
                })
                .collect();
            trustpath::assess::alpha_closed_form_ci(a.alpha.at(j)?, &columns, &scores[j], 0.95)
        })
        .collect();
    let cols = vec!["lower_95".to_owned(), "upper_95".to_owned()];
    Matrix::from_fn(names, cols, |i, j| bounds[i].map_or(f64::NAN, |b| b[j]))
}

/// plspm's table of each equation.
fn inner_model(case: &Case, key: &str, expected: &Value, answers: &Answers, out: &mut Comparison) {
    for (outcome, table) in expected.as_object().unwrap() {
        for (row, values) in strings(&table["rows"]).iter().zip(table["values"].as_array().unwrap()) {
            let line = answers.assessment.inner_model.get(outcome).and_then(|lines| {
                lines.iter().find(|l| l.predictor.as_deref().unwrap_or("Intercept") == row)
            });
            for (col, value) in strings(&table["cols"]).iter().zip(values.as_array().unwrap()) {
                let got = line.map(|l| match col.as_str() {
                    "estimate" => l.estimate,
                    "std_error" => l.std_error,
                    "t" => l.t,
                    _ => l.p,
                });
                let place = format!("{key}.{outcome}[{row}, {col}]");
                out.cell(&place, number(value).unwrap(), got, case.tolerance(key));
            }
        }
    }
}

/// cSEM's five checks, 1 where the check fails.
fn verify(a: &Assessment) -> Vector {
    use trustpath::assess::Finding as F;
    let any = |f: &dyn Fn(&F) -> bool| f64::from(u8::from(a.findings.iter().any(f)));
    Vector::from_pairs([
        ("1_not_converged".to_owned(), any(&|f| matches!(f, F::NotConverged { .. }))),
        ("2_abs_loading_gt_1".to_owned(), any(&|f| matches!(f, F::LoadingAboveOne { .. }))),
        (
            "3_construct_cor_not_psd".to_owned(),
            any(&|f| matches!(f, F::ConstructCorrelationsNotPositive { .. })),
        ),
        ("4_reliability_gt_1".to_owned(), any(&|f| matches!(f, F::ReliabilityAboveOne { .. }))),
        (
            "5_implied_indicator_cor_not_psd".to_owned(),
            any(&|f| matches!(f, F::ImpliedCorrelationsNotPositive { .. })),
        ),
    ])
}
