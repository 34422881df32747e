//! Cases with products and constructs of constructs: other programs' names, and what they report of their stages.

use serde_json::Value;
use trustpath::Assessment;
use trustpath::assess::{Htmt, htmt};
use trustpath::pls::{PlsFit, Program};
use trustpath::table::{Matrix, Vector};

use crate::answer::{Answer, Answers, compare_answer};
use crate::case::{Case, Comparison};
use crate::settings::Run;

/// Other programs' names of terms and repeated items in ours: `A*B` and `A.B` are `A:B`, `A*B_intxn` is its only item.
pub(crate) fn rename(json: &mut Value, program: &str) {
    let constructs: Vec<String> = json["model"]
        .as_str()
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once('~'))
        .map(|(left, _)| left.trim_end_matches(['=', '<']).trim().to_owned())
        .collect();
    let ours = |text: &str| match program {
        "seminr" => text.replace('*', ":").replace("_intxn", ""),
        "cSEM" => {
            let word = |word: &str| {
                let parts: Vec<&str> = word.split('.').collect();
                let all = parts.len() > 1 && parts.iter().all(|part| constructs.iter().any(|c| c == part));
                if all { parts.join(":") } else { word.replace("_2nd_", ".") }
            };
            text.split(' ').map(word).collect::<Vec<_>>().join(" ")
        }
        _ => text.to_owned(),
    };
    let by_line = |text: &str| text.lines().map(ours).collect::<Vec<_>>().join("\n");
    if let Some(text) = json["model"].as_str() {
        let text = by_line(text);
        json["model"] = Value::String(text);
    }
    if json["settings"]["interactions"].is_array() || program == "cSEM" {
        for key in ["expected", "settings"] {
            walk(&mut json[key], &ours);
        }
    }
}

/// Annotations that say how a case treats products and constructs of constructs.
pub(crate) fn annotations(case: &Case) -> Result<String, String> {
    let mut text = String::new();
    let interactions = case.setting("interactions").as_array().cloned().unwrap_or_default();
    if let Some(first) = interactions.first() {
        let method = first["method"].as_str().unwrap_or_default().replace('_', "-");
        text.push_str(&format!("#@ interaction {method}\n"));
        for one in &interactions {
            text.push_str(&format!(
                "#@ mode {} {}\n",
                one["name"].as_str().unwrap_or_default(),
                one["mode"].as_str().unwrap_or_default()
            ));
        }
    }
    if let Some(first) = case.setting("higher_order").as_array().and_then(|list| list.first()) {
        match first["method"].as_str() {
            Some("two_stage_disjoint") => text.push_str("#@ higher-order disjoint\n"),
            other => return Err(format!("higher order {other:?} is not estimated yet")),
        }
    }
    Ok(text)
}

/// The answer to a key as programs with their own ways about products give it; `None` for the usual one.
pub(crate) fn answer(key: &str, fit: &PlsFit, run: &Run) -> Option<Answer> {
    if run.program == Program::Seminr {
        return seminr(key, fit, run);
    }
    if run.program == Program::Csem { csem(key, fit, run) } else { plspm(key, fit) }
}

/// What seminr multiplies the scores of a construct with: for a product the mean standard deviation of its items,
/// weighted by their loadings, whatever its path refers to.
pub(crate) fn score_scale(fit: &PlsFit, j: usize) -> f64 {
    if fit.model.constructs()[j].factors().is_none() {
        return 1.0;
    }
    let block = &fit.plan.blocks[j];
    let k = fit.plan.constructs();
    let (mut sum, mut weight) = (0.0, 0.0);
    for i in block.start..block.start + block.len {
        let loading = fit.estimate.cross[i * k + j].abs();
        sum += loading * fit.moments.sd[i];
        weight += loading;
    }
    sum / weight
}

/// seminr multiplies the score of a product by its scale, so that its loadings are covariances; its tables list the
/// components' values of the first stage, too.
fn seminr(key: &str, fit: &PlsFit, run: &Run) -> Option<Answer> {
    fit.staged.as_ref()?;
    let scaled = |matrix: Matrix| {
        Matrix::from_fn(matrix.rows().to_vec(), matrix.cols().to_vec(), |i, j| {
            matrix.at(i, j).unwrap_or(f64::NAN) * score_scale(fit, j)
        })
    };
    let names = fit.constructs();
    Some(match key {
        "loadings" => Answer::Matrix(with_components(fit, scaled(fit.loadings()), PlsFit::loadings)),
        "cross_loadings" => Answer::Matrix(fit.cross_loadings()),
        "weights" => Answer::Matrix(with_components(fit, fit.weights(), PlsFit::weights)),
        "construct_scores" => {
            let scores = fit.scores()?;
            let rows = fit.sample.as_deref()?.origin.iter().map(ToString::to_string).collect();
            Answer::Matrix(Matrix::from_fn(rows, names, |i, j| scores[j][i] * score_scale(fit, j)))
        }
        "construct_score_mean_abs" => {
            let scores = fit.scores()?;
            let mean = |j: usize| {
                scores[j].iter().map(|x| x.abs()).sum::<f64>() / scores[j].len() as f64 * score_scale(fit, j)
            };
            Answer::Vector(Vector::from_pairs(names.into_iter().enumerate().map(|(j, name)| (name, mean(j)))))
        }
        "interaction_score_sd" => {
            let products = fit.model.constructs().iter().enumerate().filter(|(_, c)| c.factors().is_some());
            Answer::Vector(Vector::from_pairs(products.map(|(j, c)| (c.name.clone(), score_scale(fit, j)))))
        }
        "interaction_indicators" => {
            let sample = fit.sample.as_deref()?;
            let rows = sample.origin.iter().map(ToString::to_string).collect();
            Answer::Matrix(Matrix::from_fn(rows, sample.items.clone(), |i, j| sample.columns[j][i]))
        }
        "alpha" | "rho_a" | "rho_c" | "ave" => Answer::Vector(reliability(key, fit, run)),
        "fornell_larcker" => {
            let ave = reliability("ave", fit, run);
            let k = names.len();
            Answer::Matrix(Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                if i == j {
                    return ave.get(&names[i]).map_or(f64::NAN, f64::sqrt);
                }
                fit.estimate.proxy_correlations[i * k + j]
            }))
        }
        "htmt" => Answer::Matrix(htmt_with_components(fit)?),
        _ => return None,
    })
}

/// Reliabilities of the last stage and of components; those of products from loadings that are covariances.
fn reliability(key: &str, fit: &PlsFit, run: &Run) -> Vector {
    let mut pairs: Vec<(String, f64)> = Vec::new();
    for stage in std::iter::once(fit).chain(fit.earlier().iter().rev()) {
        let assessment = Assessment::of(stage, run.conventions);
        let vector = match key {
            "alpha" => &assessment.alpha,
            "rho_a" => &assessment.rho_a,
            "rho_c" => &assessment.rho_c,
            _ => &assessment.ave,
        };
        for (j, name) in stage.constructs().into_iter().enumerate() {
            if pairs.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let block = &stage.plan.blocks[j];
            let product = stage.model.constructs()[j].factors().is_some() && block.len > 1;
            let scale = score_scale(stage, j);
            let own = stage.estimate.loadings[block.start..block.start + block.len].iter().map(|l| l * scale);
            let loadings: Vec<f64> = own.collect();
            let squares: f64 = loadings.iter().map(|l| l * l).sum();
            let sum = loadings.iter().sum::<f64>().powi(2);
            let value = match key {
                "rho_a" if product => Some(1.0),
                "rho_c" if product => Some(sum / (sum + block.len as f64 - squares)),
                "ave" if product => Some(squares / block.len as f64),
                _ => vector.at(j),
            };
            pairs.push((name, value.unwrap_or(f64::NAN)));
        }
    }
    Vector::from_pairs(pairs)
}

/// HTMT of all constructs of all stages, of the items that each has where it stands last.
fn htmt_with_components(fit: &PlsFit) -> Option<Matrix> {
    let mut names: Vec<String> = Vec::new();
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for stage in std::iter::once(fit).chain(fit.earlier().iter().rev()) {
        let sample = stage.sample.as_deref()?;
        for (name, block) in stage.constructs().into_iter().zip(&stage.plan.blocks) {
            if names.contains(&name) {
                continue;
            }
            names.push(name);
            let start = columns.len();
            columns.extend_from_slice(&sample.columns[block.start..block.start + block.len]);
            blocks.push((start..columns.len()).collect());
        }
    }
    let centred: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| {
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            column.iter().map(|x| x - mean).collect()
        })
        .collect();
    let dot = |a: usize, b: usize| centred[a].iter().zip(&centred[b]).map(|(x, y)| x * y).sum::<f64>();
    let r = |a: usize, b: usize| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    Some(Matrix::from_fn(names.clone(), names, |i, j| {
        if i == j { 1.0 } else { htmt(Htmt::Absolute, &blocks[i], &blocks[j], r).unwrap_or(f64::NAN) }
    }))
}

/// Rows and columns of components that the last stage does not show.
fn with_components(fit: &PlsFit, last: Matrix, of: impl Fn(&PlsFit) -> Matrix) -> Matrix {
    let mut matrices = vec![last];
    matrices.extend(fit.earlier().iter().rev().map(of));
    let union = |names: &dyn Fn(&Matrix) -> Vec<String>| {
        let mut all: Vec<String> = Vec::new();
        for name in matrices.iter().flat_map(names) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    };
    let (rows, cols) = (union(&|m| m.rows().to_vec()), union(&|m| m.cols().to_vec()));
    Matrix::from_fn(rows.clone(), cols.clone(), |i, j| {
        // A construct's column is that of the last stage that has it.
        let owner = matrices.iter().find(|m| m.cols().contains(&cols[j]));
        owner.and_then(|m| m.get(&rows[i], &cols[j])).unwrap_or(0.0)
    })
}

/// cSEM adjusts R² by n − k where products stand in the model.
fn csem(key: &str, fit: &PlsFit, run: &Run) -> Option<Answer> {
    let stages = [fit.earlier(), std::slice::from_ref(fit)].concat();
    if let Some((stage, key)) = key.split_once("_stage_") {
        let stage = stages.get(match stage {
            "first" => 0,
            _ => 1,
        })?;
        let roots =
            stage.constructs().into_iter().zip(stage.estimate.reliability_roots.iter().map(|q| q * q));
        return Some(match key {
            "loadings" => Answer::Matrix(stage.loadings()),
            "weights" => Answer::Matrix(stage.weights()),
            "reliabilities" => Answer::Vector(Vector::from_pairs(roots)),
            "construct_correlations" => Answer::Matrix(stage.construct_correlations()),
            "proxy_correlations" => Answer::Matrix(stage.proxy_correlations()),
            "indicator_correlations" => {
                let p = stage.moments.len();
                let items = stage.moments.items.clone();
                Answer::Matrix(Matrix::from_fn(items.clone(), items, |i, j| {
                    stage.moments.correlation[i * p + j]
                }))
            }
            _ => return None,
        });
    }
    if fit.model.constructs().iter().any(|c| c.components().is_some()) {
        let mixed = fit.settings.higher_order == Some(trustpath::model::HigherOrder::Embedded);
        return match key {
            // Repeated indicators: cSEM counts the repeated items once more, and lists the whole twice.
            "df" | "gof" | "alpha" | "rho_a" | "rho_c" | "ave" if mixed => Some(Answer::Nothing),
            "alpha" | "rho_a" | "rho_c" | "ave" => Some(Answer::Vector(by_first_stage(key, fit, run))),
            "implied_indicator_correlations" => {
                let moments = fit.answer_moments();
                let implied =
                    trustpath::assess::Implied::of(fit, false, run.conventions.component_source).items;
                let (p, items) = (moments.len(), moments.items.clone());
                Some(Answer::Matrix(Matrix::from_fn(items.clone(), items, |i, j| implied[i * p + j])))
            }
            _ => None,
        };
    }
    if !fit.is_by_moments() {
        return None;
    }
    let linear = fit.earlier().last()?;
    Some(match key {
        "adj_r_squared" => {
            let n = fit.n() as f64;
            let r2 = fit.r_squared();
            let adjusted = r2.names().iter().zip(&fit.plan.equations).map(|(name, equation)| {
                let r2 = r2.get(name).unwrap_or(f64::NAN);
                (name.clone(), 1.0 - (1.0 - r2) * (n - 1.0) / (n - equation.predictors.len() as f64))
            });
            Answer::Vector(Vector::from_pairs(adjusted.collect::<Vec<_>>()))
        }
        "construct_correlations" => Answer::Matrix(linear.construct_correlations()),
        "proxy_correlations" => Answer::Matrix(linear.proxy_correlations()),
        // A single predictor has a VIF of 1 there.
        "vif_antecedents" => {
            let names = fit.constructs();
            let assessment = Assessment::of(fit, run.conventions);
            Answer::Matrix(Matrix::from_fn(names.clone(), names.clone(), |i, j| {
                let vif = assessment.vif_antecedents.get(&names[j]);
                let known = vif.filter(|vif| vif.names().contains(&names[i]));
                known.map_or(f64::NAN, |vif| vif.get(&names[i]).unwrap_or(1.0))
            }))
        }
        _ => return None,
    })
}

/// Reliabilities of all constructs where they have items; rho_A of a whole from the weights and loadings reported.
fn by_first_stage(key: &str, fit: &PlsFit, run: &Run) -> Vector {
    let mut pairs: Vec<(String, f64)> = Vec::new();
    for stage in fit.earlier().iter().chain(std::iter::once(fit)) {
        let assessment = Assessment::of(stage, run.conventions);
        let vector = match key {
            "alpha" => &assessment.alpha,
            "rho_a" => &assessment.rho_a,
            "rho_c" => &assessment.rho_c,
            _ => &assessment.ave,
        };
        for (j, construct) in stage.model.constructs().iter().enumerate() {
            if pairs.iter().any(|(known, _)| *known == construct.name) {
                continue;
            }
            let block = &stage.plan.blocks[j];
            let own = block.start..block.start + block.len;
            let value = if key == "rho_a" && construct.components().is_some() {
                let (w, l) = (&stage.estimate.weights[own.clone()], &stage.estimate.loadings[own.clone()]);
                let s = |a: usize, b: usize| stage.moments.r(block.start + a, block.start + b);
                let variance: f64 = (0..block.len)
                    .flat_map(|a| (0..block.len).map(move |b| (a, b)))
                    .map(|(a, b)| w[a] * w[b] * s(a, b))
                    .sum();
                Some(w.iter().zip(l).map(|(w, l)| w * l).sum::<f64>().powi(2) / variance)
            } else {
                vector.at(j)
            };
            pairs.push((construct.name.clone(), value.unwrap_or(f64::NAN)));
        }
    }
    Vector::from_pairs(pairs)
}

/// plspm lists a repeated item once, its value for each construct in that construct's column.
fn plspm(key: &str, fit: &PlsFit) -> Option<Answer> {
    fit.staged.as_ref()?;
    let matrix = match key {
        "weights" => {
            let pls = trustpath::Pls { sign: trustpath::pls::SignRule::None, ..fit.settings.clone() };
            pls.fit_sample(fit.written(), fit.answers()?.as_ref().clone()).ok()?.weights()
        }
        "loadings" => fit.loadings(),
        "communality" | "redundancy" => {
            let r2 = fit.r_squared();
            let loadings = fit.loadings();
            Matrix::from_fn(loadings.rows().to_vec(), loadings.cols().to_vec(), |i, j| {
                let own = loadings.at(i, j).unwrap_or(0.0).powi(2);
                own * if key == "redundancy" { r2.get(&loadings.cols()[j]).unwrap_or(0.0) } else { 1.0 }
            })
        }
        _ => return None,
    };
    let base = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let mut rows: Vec<String> = matrix.rows().iter().map(|row| base(row)).collect();
    rows.dedup();
    Some(Answer::Matrix(Matrix::from_fn(rows.clone(), matrix.cols().to_vec(), |i, j| {
        let all = matrix.rows().iter().enumerate().filter(|(_, row)| base(row) == rows[i]);
        all.map(|(at, _)| matrix.at(at, j).unwrap_or(0.0)).sum()
    })))
}

/// Compares keys that are objects of their own; `false` for all others.
pub(crate) fn compare(
    case: &Case,
    key: &str,
    value: &Value,
    run: &Run,
    fit: &PlsFit,
    out: &mut Comparison,
) -> bool {
    if key != "first_stage" {
        return false;
    }
    let Some(first) = fit.earlier().first() else { return false };
    let answers = Answers::of(run, first);
    for (inner, value) in value.as_object().into_iter().flatten() {
        let answer = answers.find(inner);
        if !compare_answer(&format!("{key}.{inner}"), value, &answer, case.tolerance(inner), out) {
            out.missing_keys.push(format!("{key}.{inner}"));
        }
    }
    true
}

/// Every text and key inside of a value, in our words.
fn walk(value: &mut Value, ours: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = ours(text),
        Value::Array(list) => list.iter_mut().for_each(|value| walk(value, ours)),
        Value::Object(map) => {
            *map = std::mem::take(map)
                .into_iter()
                .map(|(key, mut value)| {
                    walk(&mut value, ours);
                    (ours(&key), value)
                })
                .collect();
        }
        _ => {}
    }
}
