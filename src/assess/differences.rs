//! Why two programs differ: their presets side by side, and each difference led back to the setting that causes it.
//!
//! From the settings of A one is led to those of B by changing one setting at a time, in the order in which they are
//! declared, and the model is estimated and assessed after each. What a number changes by at a step is the share of
//! that setting, so that the shares of a number add up to its whole difference.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::conventions::{Conventions, DgLogarithm};
use super::report::Assessment;
use crate::model::{Model, Scheme};
use crate::pls::{Pls, PlsError, PlsFit, Program};
use crate::survey::SampleSettings;
use crate::table::{Matrix, Vector};

/// All that a program decides for its user.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// The program's word.
    pub name: String,
    /// How it estimates.
    pub pls: Pls,
    /// How it assesses.
    pub conventions: Conventions,
}

impl Preset {
    /// A program's defaults for a model; missing answers are treated as said, as data are not a matter of the program.
    pub fn of(program: Program, model: &Model, data: &SampleSettings) -> Self {
        let pls = Pls::like(program);
        let scheme = pls.scheme.or(model.about.scheme).unwrap_or(Scheme::Path);
        Self {
            name: program.word().to_owned(),
            // Spelled out, so that the default and the same scheme by name are no difference.
            pls: Pls { scheme: Some(scheme), data: data.clone(), ..pls },
            conventions: Conventions::like(program),
        }
    }

    fn settings(&self) -> [Map<String, Value>; 2] {
        [object(&self.pls), object(&self.conventions)]
    }
}

fn object(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn read<T: DeserializeOwned>(map: &Map<String, Value>) -> Option<T> {
    serde_json::from_value(Value::Object(map.clone())).ok()
}

/// One setting in which two presets differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its word.
    pub setting: String,
    /// Its value in A.
    pub a: String,
    /// Its value in B.
    pub b: String,
    /// How many numbers it changes.
    pub numbers: usize,
    /// The number it changes most.
    pub most: Option<String>,
    /// By how much.
    pub by: Option<f64>,
}

/// A setting's share in a difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// The setting's word.
    pub setting: String,
    /// Its value in A.
    pub a: String,
    /// Its value in B.
    pub b: String,
    /// What the number changes by; `None` where it comes to exist or ceases to.
    pub by: Option<f64>,
}

/// A number that two presets give different values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// What it is, such as `HTMT Image ↔ Value`.
    pub number: String,
    /// Its value in A; `None` where A gives none.
    pub a: Option<f64>,
    /// Its value in B.
    pub b: Option<f64>,
    /// B minus A.
    pub difference: Option<f64>,
    /// The settings behind it, largest share first; the shares add up to the difference.
    pub causes: Vec<Cause>,
}

/// Two presets side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Word of the first program.
    pub a: String,
    /// Word of the second.
    pub b: String,
    /// Where their settings differ, in the order in which they were changed.
    pub settings: Vec<Setting>,
    /// Numbers that agree.
    pub agree: usize,
    /// Numbers that differ, worst first; those that one program lacks come last.
    pub differences: Vec<Difference>,
}

/// Compares two presets. `fit` estimates the model under given settings; numbers that differ by less than `least`
/// agree.
///
/// # Errors
/// As `fit`, if either program's own settings give no estimate.
pub fn compare(
    a: &Preset,
    b: &Preset,
    least: f64,
    fit: impl Fn(&Pls) -> Result<PlsFit, PlsError>,
) -> Result<Comparison, PlsError> {
    let run = |preset: &Preset| -> Result<BTreeMap<String, Option<f64>>, PlsError> {
        let fit = fit(&preset.pls)?;
        Ok(numbers(&fit, &Assessment::of(&fit, preset.conventions)).into_iter().collect())
    };
    let first = run(a)?;
    let last = run(b)?;
    let mut steps = steps(a, b);
    let mut state = a.settings();
    let mut traces: BTreeMap<&str, Trace> =
        first.iter().map(|(number, value)| (number.as_str(), Trace::of(*value))).collect();
    let end = steps.len();
    for (at, (part, setting)) in steps.iter().enumerate() {
        if let (Some(map), Some(value)) =
            (state.get_mut(*part), b.settings().get(*part).and_then(|map| map.get(&setting.setting)))
        {
            map.insert(setting.setting.clone(), value.clone());
        }
        let here = if at + 1 == end {
            Some(last.clone())
        } else {
            // What no program does need not be estimable; its share then falls to the next setting.
            match (read(&state[0]), read(&state[1])) {
                (Some(pls), Some(conventions)) => run(&Preset { name: String::new(), pls, conventions }).ok(),
                _ => None,
            }
        };
        if let Some(here) = here {
            for (number, trace) in &mut traces {
                trace.step(at, here.get(*number).copied().flatten());
            }
        }
    }
    let mut agree = 0;
    let mut differences = Vec::new();
    for (number, trace) in &traces {
        let (from, to) = (first.get(*number).copied().flatten(), last.get(*number).copied().flatten());
        let difference = from.zip(to).map(|(from, to)| to - from);
        match (from, to) {
            (None, None) => continue,
            (Some(_), Some(_)) if difference.is_some_and(|d| d.abs() < least) => {
                agree += 1;
                continue;
            }
            _ => {}
        }
        let mut causes: Vec<Cause> = trace
            .shares
            .iter()
            .filter_map(|(at, by)| {
                let setting = &steps.get(*at)?.1;
                let (a, b) = (setting.a.clone(), setting.b.clone());
                Some(Cause { setting: setting.setting.clone(), a, b, by: *by })
            })
            .collect();
        causes.sort_by(|x, y| size(y.by).total_cmp(&size(x.by)));
        differences.push(Difference { number: (*number).to_owned(), a: from, b: to, difference, causes });
    }
    for (number, trace) in &traces {
        for (at, by) in &trace.shares {
            if let Some((_, setting)) = steps.get_mut(*at)
                && by.is_none_or(|by| by.abs() >= least)
            {
                setting.numbers += 1;
                // Of numbers that change alike the first is named, whatever their last digits.
                if by
                    .is_some_and(|by| setting.by.is_none_or(|most: f64| by.abs() > most.abs() * (1.0 + 1e-9)))
                {
                    (setting.by, setting.most) = (*by, Some((*number).to_owned()));
                }
            }
        }
    }
    differences.sort_by(|x, y| y.rank().total_cmp(&x.rank()));
    Ok(Comparison {
        a: a.name.clone(),
        b: b.name.clone(),
        settings: steps.into_iter().map(|(_, setting)| setting).collect(),
        agree,
        differences,
    })
}

/// Appearing and vanishing stand before any share.
fn size(by: Option<f64>) -> f64 {
    by.map_or(f64::INFINITY, f64::abs)
}

impl Difference {
    /// How much it matters: relative where numbers exceed 1, so that criteria do not drown paths.
    fn rank(&self) -> f64 {
        let scale = [self.a, self.b].into_iter().flatten().map(f64::abs).fold(1.0, f64::max);
        self.difference.map_or(-1.0, |d| d.abs() / scale)
    }
}

/// What a number does on the way from A to B.
struct Trace {
    seen: Option<f64>,
    present: bool,
    shares: Vec<(usize, Option<f64>)>,
}

impl Trace {
    fn of(value: Option<f64>) -> Self {
        Self { seen: value, present: value.is_some(), shares: Vec::new() }
    }

    fn step(&mut self, at: usize, value: Option<f64>) {
        match (self.seen, value) {
            // A number that was away for a while has changed by what it comes back with.
            (Some(before), Some(now)) => {
                if !self.present
                    && let Some(at) = self.shares.iter().rposition(|(_, by)| by.is_none())
                {
                    self.shares.remove(at);
                }
                if now != before {
                    self.shares.push((at, Some(now - before)));
                }
            }
            (None, Some(_)) => self.shares.push((at, None)),
            (_, None) if self.present => self.shares.push((at, None)),
            (_, None) => {}
        }
        self.present = value.is_some();
        self.seen = value.or(self.seen);
    }
}

/// The settings in which the presets differ, with the part of the preset they belong to.
fn steps(a: &Preset, b: &Preset) -> Vec<(usize, Setting)> {
    let (ours, theirs) = (a.settings(), b.settings());
    let mut steps = Vec::new();
    for (part, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        for (key, value) in ours {
            let other = theirs.get(key).unwrap_or(&Value::Null);
            if value != other {
                let (a, b) = (word(value), word(other));
                let setting = Setting { setting: key.clone(), a, b, numbers: 0, most: None, by: None };
                steps.push((part, setting));
            }
        }
    }
    steps
}

fn word(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Null => "not set".to_owned(),
        other => other.to_string(),
    }
}

/// Every named number of a fit and its assessment.
pub fn numbers(fit: &PlsFit, assessment: &Assessment) -> Vec<(String, Option<f64>)> {
    let mut all: Vec<(String, Option<f64>)> = Vec::new();
    let names = fit.constructs();
    for (path, b) in fit.model.paths().iter().zip(&fit.estimate.paths) {
        let name = |id| &fit.model.construct(id).name;
        all.push((format!("β {} → {}", name(path.from), name(path.to)), Some(*b)));
    }
    for (i, item) in fit.moments.items.iter().enumerate() {
        let construct = names.get(fit.block_of(i)).map_or("", String::as_str);
        all.push((format!("weight {item} ({construct})"), fit.estimate.weights.get(i).copied()));
        all.push((format!("loading {item} ({construct})"), fit.estimate.loadings.get(i).copied()));
    }
    let mut vector = |what: &str, vector: &Vector| {
        all.extend(vector.iter().map(|(name, value)| (format!("{what} {name}"), value)));
    };
    vector("R²", &fit.r_squared());
    vector("adj. R²", &fit.adj_r_squared());
    vector("alpha", &assessment.alpha);
    vector("rho_A", &assessment.rho_a);
    vector("rho_C", &assessment.rho_c);
    vector("AVE", &assessment.ave);
    for (construct, vif) in &assessment.vif_indicators {
        vector(&format!("VIF in {construct}:"), vif);
    }
    for (outcome, vif) in &assessment.vif_antecedents {
        all.extend(vif.iter().map(|(from, value)| (format!("VIF {from} → {outcome}"), value)));
    }
    for (outcome, criteria) in &assessment.criteria {
        let pair = |name: &str, value| (format!("{name} {outcome}"), Some(value));
        all.extend([pair("AIC", criteria.aic), pair("BIC", criteria.bic)]);
    }
    let mut matrix = |what: &str, matrix: &Matrix, arrow: &str, keep: &dyn Fn(usize, usize) -> bool| {
        for (i, from) in matrix.rows().iter().enumerate() {
            for (j, to) in matrix.cols().iter().enumerate().filter(|(j, _)| keep(i, *j)) {
                let name = if i == j { from.clone() } else { format!("{from} {arrow} {to}") };
                all.push((format!("{what} {name}"), matrix.at(i, j)));
            }
        }
    };
    let lower = |i: usize, j: usize| j < i;
    matrix("HTMT", &assessment.htmt, "↔", &lower);
    matrix("correlation", &fit.construct_correlations(), "↔", &lower);
    matrix("Fornell-Larcker", &assessment.fornell_larcker, "↔", &|i, j| j <= i);
    let paths = fit.path_coefficients();
    matrix("f²", &assessment.f_squared, "→", &|i, j| paths.at(i, j).is_some_and(|b| b != 0.0));
    let indirect = &assessment.indirect_effects;
    let joined = |i: usize, j: usize| indirect.at(i, j).is_some_and(|b| b != 0.0);
    matrix("total effect", &assessment.total_effects, "→", &joined);
    matrix("indirect effect", indirect, "→", &joined);
    let index = &assessment.fit;
    let (d_g, d_g_saturated) = match assessment.conventions.d_g {
        DgLogarithm::Natural => index.d_g(),
        DgLogarithm::Decimal => index.d_g_log10(),
    };
    let fit_indices = [
        ("SRMR, estimated", Some(index.srmr())),
        ("SRMR, saturated", Some(index.srmr_saturated())),
        ("d_ULS, estimated", Some(index.d_uls().0)),
        ("d_ULS, saturated", Some(index.d_uls().1)),
        ("d_G, estimated", d_g),
        ("d_G, saturated", d_g_saturated),
        ("NFI", index.nfi()),
        ("GoF", assessment.gof),
    ];
    all.extend(fit_indices.into_iter().map(|(name, value)| (name.to_owned(), value)));
    all.retain(|(_, value)| value.is_none_or(f64::is_finite));
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Survey;
    use crate::assess::FornellLarcker;

    /// The example with both of its files.
    fn example() -> (Model, Survey) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
        (model, Survey::read(root.join("data/initial-trust.csv")).unwrap())
    }

    #[test]
    fn shares_add_up_to_the_difference() {
        let (model, survey) = example();
        let preset = |program| Preset::of(program, &model, &SampleSettings::default());
        for (a, b) in [
            (Program::Seminr, Program::Csem),
            (Program::Csem, Program::Seminr),
            (Program::Plspm, Program::Smartpls4),
            (Program::Adanco, Program::Plspm),
        ] {
            let found = compare(&preset(a), &preset(b), 5e-4, |pls| pls.fit(&model, &survey)).unwrap();
            assert!(!found.differences.is_empty() && found.agree > 0, "{a} {b}");
            for difference in &found.differences {
                assert!(!difference.causes.is_empty(), "{}", difference.number);
                if let Some(whole) = difference.difference {
                    let sum: f64 = difference.causes.iter().filter_map(|cause| cause.by).sum();
                    assert!((sum - whole).abs() < 1e-9 * whole.abs().max(1.0), "{}", difference.number);
                }
            }
            assert!(found.differences.is_sorted_by(|x, y| x.rank() >= y.rank()));
        }
    }

    #[test]
    fn a_program_agrees_with_itself() {
        let (model, survey) = example();
        let preset = Preset::of(Program::Seminr, &model, &SampleSettings::default());
        let found = compare(&preset, &preset, 1e-12, |pls| pls.fit(&model, &survey)).unwrap();
        assert!(found.differences.is_empty() && found.settings.is_empty() && found.agree > 100);
    }

    #[test]
    fn a_single_setting_is_named() {
        let (model, survey) = example();
        let a = Preset::of(Program::Smartpls4, &model, &SampleSettings::default());
        let mut b = a.clone();
        b.conventions.fornell_larcker = FornellLarcker::Squared;
        let found = compare(&a, &b, 5e-4, |pls| pls.fit(&model, &survey)).unwrap();
        assert_eq!(found.settings.len(), 1);
        assert!(found.differences.iter().all(|d| d.number.starts_with("Fornell-Larcker")));
        let cause = &found.differences[0].causes[0];
        assert_eq!(
            (cause.setting.as_str(), cause.a.as_str(), cause.b.as_str()),
            ("fornell_larcker", "root", "squared")
        );
    }

    #[test]
    fn numbers_that_come_and_go_are_led_back() {
        let mut trace = Trace::of(Some(1.0));
        trace.step(0, None);
        trace.step(1, Some(3.0));
        assert_eq!(trace.shares, [(1, Some(2.0))]);
        trace.step(2, None);
        assert_eq!(trace.shares, [(1, Some(2.0)), (2, None)]);
        let mut trace = Trace::of(None);
        trace.step(0, None);
        trace.step(1, Some(1.0));
        trace.step(2, Some(1.5));
        assert_eq!(trace.shares, [(1, None), (2, Some(0.5))]);
    }
}
