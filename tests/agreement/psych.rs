//! Cases of psych: what items and scales say without a path model.

use std::collections::BTreeMap;

use serde_json::Value;
use trustpath::Survey;
use trustpath::assess::{
    Consistency, ItemAnalysis, SchmidLeiman, complete_cases, guttman, omega_one_factor, split_halves,
    squared_multiples,
};
use trustpath::stats::pairwise::{self, Pairwise};
use trustpath::stats::{describe, quantile};
use trustpath::survey::Values;

use crate::answer::{number, strings};
use crate::case::{Case, Comparison};

pub(crate) fn compare(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let name = &case.name;
    if name.contains("psych-describe") {
        descriptives(case, out)
    } else if name.contains("psych-alpha") {
        alpha(case, out)
    } else if name.contains("psych-omega-hs") || name.contains("psych-omega-thurstone") {
        omega(case, out)
    } else if name.contains("psych-scale-scores") {
        scores(case, out)
    } else {
        Err("psych: another kind of analysis".to_owned())
    }
}

type Column = (String, Vec<f64>);

/// Numbers of some columns; NaN where the answer is missing.
fn columns(survey: &Survey, names: &[String]) -> Result<Vec<Column>, String> {
    names
        .iter()
        .map(|name| match survey.column(name).map(|column| &column.values) {
            Some(Values::Numbers(cells)) => {
                Ok((name.clone(), cells.iter().map(|c| c.unwrap_or(f64::NAN)).collect()))
            }
            _ => Err(format!("{name} is no column of numbers")),
        })
        .collect()
}

fn views(columns: &[Column]) -> Vec<&[f64]> {
    columns.iter().map(|(_, column)| column.as_slice()).collect()
}

/// Every cell of a table, or of named values as a table of one row.
fn cells(value: &Value, mut see: impl FnMut(&str, &str, f64)) {
    if value["names"].is_array() {
        for (name, value) in strings(&value["names"]).iter().zip(value["values"].as_array().unwrap()) {
            if let Some(x) = number(value) {
                see(name, "", x);
            }
        }
        return;
    }
    let cols = strings(&value["cols"]);
    for (row, values) in strings(&value["rows"]).iter().zip(value["values"].as_array().into_iter().flatten())
    {
        for (col, value) in cols.iter().zip(values.as_array().unwrap()) {
            if let Some(x) = number(value) {
                see(row, col, x);
            }
        }
    }
}

fn coefficient(c: &Consistency, word: &str) -> Option<f64> {
    match word {
        "raw_alpha" => Some(c.raw_alpha),
        "std_alpha" => Some(c.std_alpha),
        "G6_smc" => c.g6_smc,
        "average_r" => Some(c.average_r),
        "S_N" => Some(c.signal_to_noise),
        "ase" | "alpha_se" => c.ase,
        "median_r" | "med_r" => Some(c.median_r),
        _ => None,
    }
}

/// Scales of a case: its constructs, or all its columns as one scale named "".
fn scales(case: &Case) -> Result<BTreeMap<String, Vec<Column>>, String> {
    let survey = case.survey()?;
    let text = case.json["model"].as_str().unwrap_or_default();
    let mut found = BTreeMap::new();
    if text.is_empty() {
        let mut all = columns(&survey, &strings(&case.json["columns"]))?;
        // Turned by the largest and smallest answer to any item of the scale.
        let seen = || all.iter().flat_map(|(_, column)| column).copied().filter(|x| !x.is_nan());
        let ends = seen().fold(f64::NEG_INFINITY, f64::max) + seen().fold(f64::INFINITY, f64::min);
        let reversed = strings(case.setting("reversed_items"));
        for (name, column) in all.iter_mut().filter(|(name, _)| reversed.contains(name)) {
            name.push('-');
            for x in column {
                *x = ends - *x;
            }
        }
        found.insert(String::new(), all);
    } else {
        for line in text.lines() {
            let (construct, items) = line.split_once("=~").ok_or("no scale")?;
            let items: Vec<String> = items.split('+').map(|item| item.trim().to_owned()).collect();
            found.insert(construct.trim().to_owned(), columns(&survey, &items)?);
        }
    }
    Ok(found)
}

fn alpha(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let scales = scales(case)?;
    let analyses: BTreeMap<&str, ItemAnalysis> = scales
        .iter()
        .map(|(name, columns)| {
            let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
            (name.as_str(), ItemAnalysis::of(&names, &views(columns), 0.95).unwrap())
        })
        .collect();
    let item = |name: &str| analyses.values().flat_map(|a| &a.items).find(|item| item.item == name);
    for (key, value) in case.json["expected"].as_object().unwrap() {
        let tolerance = case.tolerance(key);
        let scale_of = |row: &str| analyses.get(row).or_else(|| analyses.get(""));
        // A single scale lists its numbers by name, several scales are rows.
        let word_of = |row: &str, col: &str| if col.is_empty() { row.to_owned() } else { col.to_owned() };
        let mut answered = true;
        cells(value, |row, col, expected| {
            let word = word_of(row, col);
            let complete = |name: &str| complete_cases(&views(&scales[name]));
            let got = match key.as_str() {
                "total" => scale_of(row).and_then(|a| match word.as_str() {
                    "mean" => Some(a.mean),
                    "sd" => Some(a.sd),
                    word => coefficient(&a.scale, word),
                }),
                "feldt_ci" => {
                    scale_of(row).and_then(|a| a.feldt_ci).map(|ci| ci[usize::from(word == "upper")])
                }
                "alpha_if_dropped" => {
                    item(row).and_then(|i| i.alpha_if_dropped.as_ref()).and_then(|c| match word.as_str() {
                        "var_r" => c.var_r,
                        word => coefficient(c, word),
                    })
                }
                "item_statistics" => item(row).and_then(|i| match word.as_str() {
                    "n" => Some(i.n as f64),
                    "raw_r" => i.raw_r,
                    "std_r" => i.std_r,
                    "r_cor" => i.r_cor,
                    "r_drop" => i.r_drop,
                    "mean" => Some(i.mean),
                    "sd" => Some(i.sd),
                    _ => None,
                }),
                "alpha_listwise" => {
                    let kept = complete(row);
                    let views: Vec<&[f64]> = kept.iter().map(Vec::as_slice).collect();
                    let m = Pairwise::of(&views).unwrap();
                    Consistency::of(&m.covariance, &m.correlation, kept.len(), kept[0].len())
                        .and_then(|c| coefficient(&c, &word))
                }
                "guttman" => lambdas(&scales[""], &word),
                "omega_one_factor" => match word.as_str() {
                    "n" => Some(complete(row)[0].len() as f64),
                    _ => omega_one_factor(&views(&scales[row])).map(|(omega, _)| omega),
                },
                _ => {
                    answered = false;
                    return;
                }
            };
            out.cell(&format!("{key}[{row}, {col}]"), expected, got, tolerance);
        });
        if !answered {
            out.missing_keys.push(key.clone());
        }
    }
    Ok(())
}

/// Guttman's bounds from correlations over the cases of each pair; two of the reference's keys are of covariances.
fn lambdas(columns: &[Column], word: &str) -> Option<f64> {
    let (k, views) = (columns.len(), views(columns));
    let pairs = |f: fn((usize, f64, f64)) -> f64| -> Vec<f64> {
        (0..k * k).map(|at| f(pairwise::covariance(views[at / k], views[at % k]).unwrap())).collect()
    };
    let (correlation, covariance) = (pairs(|(_, _, r)| r), pairs(|(_, c, _)| c));
    let g = guttman(&correlation, k)?;
    let halves = split_halves(&covariance, k);
    let balanced = halves.iter().filter(|(_, balanced)| *balanced).map(|(half, _)| *half);
    match word {
        "lambda1" => Some(g.lambda1),
        "lambda2" => Some(g.lambda2),
        "lambda3" => Some(g.lambda3),
        "lambda4_all_splits_correlation" => g.lambda4,
        "lambda4_all_splits_covariance" => halves.iter().map(|(half, _)| *half).reduce(f64::max),
        "lambda4_balanced_splits_correlation" => g.lambda4_balanced,
        "beta_worst_balanced_split_correlation" => g.beta,
        "mean_balanced_split_covariance" => Some(balanced.clone().sum::<f64>() / balanced.count() as f64),
        "lambda5" => Some(g.lambda5),
        _ => g.lambda6,
    }
}

fn omega(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let names = strings(&case.json["columns"]);
    let k = names.len();
    let correlation = if case.json["data"].as_str().is_some_and(|file| file.ends_with("_cor.csv")) {
        let table = std::fs::read_to_string(&case.data).map_err(|error| error.to_string())?;
        let lines: Vec<Vec<String>> = table
            .lines()
            .map(|line| line.split(',').map(|cell| cell.trim().trim_matches('"').to_owned()).collect())
            .collect();
        let at = |name: &String| lines[0].iter().position(|cell| cell == name).unwrap();
        let offset = lines[0].len() - k;
        names
            .iter()
            .flat_map(|row| names.iter().map(move |col| (row, col)))
            .map(|(row, col)| lines[at(row) + 1 - offset][at(col)].parse::<f64>().unwrap())
            .collect()
    } else {
        let found = columns(&case.survey()?, &names)?;
        Pairwise::of(&views(&found)).unwrap().correlation
    };
    let m = usize::try_from(case.setting("nfactors").as_u64().unwrap()).unwrap();
    let solution = SchmidLeiman::of(&correlation, k, m).ok_or("no solution")?;
    let scale = Consistency::of(&correlation, &correlation, k, 1).unwrap();
    let smc = squared_multiples(&correlation, k).unwrap();
    assert_eq!(smc.len(), k);
    let expected = case.json["expected"].as_object().unwrap();
    // Which of our factors is F1, F2, …: the one that loads most alike.
    let pattern = &expected["oblique_loadings"]["values"];
    let mine: Vec<usize> = (0..m)
        .map(|theirs| {
            let alike = |f: usize| -> f64 {
                (0..k).map(|i| number(&pattern[i][theirs]).unwrap() * solution.oblique[i * m + f]).sum()
            };
            (0..m).max_by(|&a, &b| alike(a).total_cmp(&alike(b))).unwrap()
        })
        .collect();
    let item = |name: &str| names.iter().position(|n| n == name).unwrap();
    let factor = |name: &str| mine[name[1..2].parse::<usize>().unwrap() - 1];
    for (key, value) in expected {
        let tolerance = case.tolerance(key);
        let single = match key.as_str() {
            "omega_hierarchical" => Some(solution.omega_hierarchical),
            "omega_total" => Some(solution.omega_total),
            "omega_lim" => Some(solution.omega_limit),
            "ecv" => Some(solution.ecv),
            "alpha" => Some(scale.std_alpha),
            "g6" => scale.g6_smc,
            _ => None,
        };
        if let Some(got) = single {
            out.cell(key, number(value).unwrap(), Some(got), tolerance);
            continue;
        }
        let mut answered = true;
        cells(value, |row, col, expected| {
            let got = match key.as_str() {
                "schmid_leiman" => {
                    let i = item(row);
                    let h2 = 1.0 - solution.uniqueness[i];
                    match col {
                        "g" => solution.general[i],
                        "h2" => h2,
                        "u2" => 1.0 - h2,
                        "p2" => solution.general[i].powi(2) / h2,
                        group => solution.group[i * m + factor(group)],
                    }
                }
                "oblique_loadings" => solution.oblique[item(row) * m + factor(col)],
                "factor_correlations" => solution.factor_correlations[factor(row) * m + factor(col)],
                "general_loadings_of_factors" => solution.general_of_factors[factor(row)],
                "omega_group" => {
                    let at = if row == "g" { 0 } else { 1 + factor(row) };
                    let shares = solution.omega_group[at];
                    match col {
                        "total" => shares.total,
                        "general" => shares.general,
                        _ => shares.group,
                    }
                }
                _ => {
                    answered = false;
                    return;
                }
            };
            out.cell(&format!("{key}[{row}, {col}]"), expected, Some(got), tolerance);
        });
        if !answered {
            out.missing_keys.push(key.clone());
        }
    }
    Ok(())
}

/// Scale scores: means of the answers at hand, and what the scales say of complete cases.
fn scores(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let survey = case.survey()?;
    let ends = case.setting("min").as_f64().unwrap() + case.setting("max").as_f64().unwrap();
    let mut scales: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    for (scale, keys) in case.setting("keys").as_object().unwrap() {
        for key in strings(keys) {
            let turned = key.starts_with('-');
            let mut column = columns(&survey, &[key.trim_start_matches('-').to_owned()])?.pop().unwrap().1;
            if turned {
                for x in &mut column {
                    *x = ends - *x;
                }
            }
            scales.entry(scale.clone()).or_default().push(column);
        }
    }
    let expected = &case.json["expected"];
    let views = |scale: &str| scales[scale].iter().map(Vec::as_slice).collect::<Vec<&[f64]>>();
    cells(&expected["scores_first10"], |row, col, expected| {
        let at = row.parse::<usize>().unwrap() - 1;
        let got = pairwise::case_means(&views(col))[at];
        out.cell(&format!("scores_first10[{row}, {col}]"), expected, Some(got), case.tolerance(""));
    });
    // Complete on the items of all scales.
    let all: Vec<&[f64]> = scales.values().flatten().map(Vec::as_slice).collect();
    let mut kept = complete_cases(&all).into_iter();
    let complete: BTreeMap<&String, Vec<Vec<f64>>> =
        scales.iter().map(|(name, items)| (name, kept.by_ref().take(items.len()).collect())).collect();
    let together: Vec<&[f64]> = complete.values().flatten().map(Vec::as_slice).collect();
    let multiples = squared_multiples(&Pairwise::of(&together).unwrap().correlation, together.len()).unwrap();
    let mut rest = multiples.as_slice();
    let multiples: BTreeMap<&String, &[f64]> = complete
        .iter()
        .map(|(name, items)| {
            let (own, after) = rest.split_at(items.len());
            rest = after;
            (*name, own)
        })
        .collect();
    for (key, value) in expected["complete_cases"].as_object().unwrap() {
        if !matches!(key.as_str(), "alpha" | "av_r" | "g6" | "mean" | "sd") {
            out.missing_keys.push(format!("complete_cases.{key}"));
            continue;
        }
        cells(value, |row, _, expected| {
            let items: Vec<&[f64]> = complete[&row.to_owned()].iter().map(Vec::as_slice).collect();
            let names: Vec<String> = (0..items.len()).map(|i| i.to_string()).collect();
            let a = ItemAnalysis::of(&names, &items, 0.95).unwrap();
            let got = match key.as_str() {
                "alpha" => Some(a.scale.raw_alpha),
                // There it is the correlation that equal items with this raw alpha would have.
                "av_r" => {
                    let (alpha, k) = (a.scale.raw_alpha, items.len() as f64);
                    Some(alpha / (k - alpha * (k - 1.0)))
                }
                // There it is no lambda-6 of the scale: each item's squared multiple correlation is that with
                // the items of all scales, and it takes covariances, `1 − Σ (1 − smc) var / Σ cov`.
                "g6" => {
                    let c = Pairwise::of(&items).unwrap().covariance;
                    let k = items.len();
                    let unexplained: f64 = multiples[&row.to_owned()]
                        .iter()
                        .enumerate()
                        .map(|(i, smc)| (1.0 - smc) * c[i * k + i])
                        .sum();
                    Some(1.0 - unexplained / c.iter().sum::<f64>())
                }
                "mean" => Some(a.mean),
                _ => Some(a.sd),
            };
            out.cell(&format!("complete_cases.{key}[{row}]"), expected, got, case.tolerance(""));
        });
    }
    Ok(())
}

fn descriptives(case: &Case, out: &mut Comparison) -> Result<(), String> {
    let survey = case.survey()?;
    let names = strings(&case.json["columns"]);
    let found: BTreeMap<String, Vec<f64>> = columns(&survey, &names)?.into_iter().collect();
    for (key, value) in case.json["expected"].as_object().unwrap() {
        let mut answered = false;
        let tolerance = case.tolerance(key);
        cells(value, |row, col, expected| {
            let Some(all) = found.get(row) else { return };
            let seen: Vec<f64> = all.iter().copied().filter(|x| !x.is_nan()).collect();
            let n = seen.len() as f64;
            let type3 = |x: f64| x * (1.0 - 1.0 / n).powi(2) - 3.0;
            let at = |p: f64| quantile::quantile(&mut seen.clone(), p);
            let got = match (key.as_str(), col) {
                ("describe" | "describe_type3", "n") => Some(n),
                ("describe" | "describe_type3", "mean") => Some(describe::mean(&seen)),
                ("describe" | "describe_type3", "sd") => Some(describe::sd(&seen)),
                ("describe" | "describe_type3", "median") => Some(describe::median(&seen)),
                ("describe" | "describe_type3", "min") => at(0.0),
                ("describe" | "describe_type3", "max") => at(1.0),
                ("describe_type3", "se") => Some(describe::sd(&seen) / n.sqrt()),
                ("describe_type3", "Q0_05") => at(0.05),
                ("describe_type3", "Q0_25") => at(0.25),
                ("describe_type3", "Q0_75") => at(0.75),
                ("describe_type3", "Q0_95") => at(0.95),
                ("skew", "type1" | "type_1") => Some(describe::skewness(&seen)),
                ("skew", "type2" | "type_2") => Some(describe::skewness_type2(&seen)),
                // Type 1 of that file counts missing cells into n; type 3 tells the same moment.
                ("describe_type3", "kurtosis") | ("kurtosis_excess", "type3" | "type_3") => {
                    Some(type3(describe::kurtosis(&seen)))
                }
                ("kurtosis_excess", "type2" | "type_2") => Some(describe::excess_kurtosis_type2(&seen)),
                ("missing_count", _) => Some(all.len() as f64 - n),
                _ => return,
            };
            answered = true;
            out.cell(&format!("{key}[{row}, {col}]"), expected, got, tolerance);
        });
        if !answered {
            out.missing_keys.push(key.clone());
        }
    }
    Ok(())
}
