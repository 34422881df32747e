//! Is the estimate a possible one? Findings stand on top of every output.
//!
//! The five checks of cSEM's `verify` (non-convergence, |loading| > 1, construct correlations not positive
//! semidefinite, reliability > 1, implied correlations not positive semidefinite), plus the remarks that follow from
//! the data.

use serde::Serialize;

use super::finding::Finding;
use super::implied::Implied;
use super::sample_size::{Tails, detectable};
use crate::model::downstream;
use crate::model::{HigherOrder, Kind, Mode, Model};
use crate::moments::Correlation;
use crate::pls::{Equation, Pls, PlsFit, Program, Weighting};
use crate::stats::eigen;
use crate::survey::SuspectCode;

/// Fewer cases than this are few whatever the model.
const SMALL: usize = 30;

/// How near an estimate is to being impossible: the numbers behind the checks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Largest loading by size; beyond 1 is a Heywood case.
    pub max_abs_loading: f64,
    /// Largest reliability of a score (rho_A where it is corrected, 1 where it is not).
    pub max_reliability: f64,
    /// Smallest eigenvalue of the construct correlations.
    pub min_eigenvalue_construct_cor: f64,
    /// Smallest eigenvalue of the implied item correlations.
    pub min_eigenvalue_implied_indicator_cor: f64,
}

impl Bounds {
    pub(super) fn of(fit: &PlsFit, implied: &Implied) -> Self {
        let estimate = &fit.estimate;
        let k = fit.plan.constructs();
        Self {
            max_abs_loading: estimate.loadings.iter().fold(0.0, |m, l| f64::max(m, l.abs())),
            max_reliability: estimate.reliability_roots.iter().fold(0.0, |m, q| f64::max(m, q * q)),
            min_eigenvalue_construct_cor: eigen::smallest(&estimate.construct_correlations, k),
            min_eigenvalue_implied_indicator_cor: eigen::smallest(&implied.items, fit.answer_moments().len()),
        }
    }
}

/// Every finding about a fit, inadmissible ones first.
pub(super) fn findings(fit: &PlsFit, implied: &Implied) -> Vec<Finding> {
    let mut found = Vec::new();
    let estimate = &fit.estimate;
    let names = fit.constructs();
    if !estimate.converged {
        found.push(Finding::NotConverged { iterations: estimate.iterations, change: estimate.change });
    }
    // Components are measured in earlier stages.
    let measured: Vec<(&PlsFit, Vec<usize>)> = std::iter::once((fit, (0..names.len()).collect()))
        .chain(fit.measured_before().into_iter().filter_map(|(at, own)| Some((fit.earlier().get(at)?, own))))
        .collect();
    for (stage, own) in &measured {
        let blocks = own.iter().map(|&j| &stage.plan.blocks[j]);
        for i in blocks.flat_map(|block| block.start..block.start + block.len) {
            let loading = stage.estimate.loadings[i];
            if loading.abs() > 1.0 + 1e-10 {
                found.push(Finding::LoadingAboveOne { item: stage.moments.items[i].clone(), loading });
            }
        }
    }
    // Correlations of data are positive semidefinite by nature; those found pair by pair need not be.
    if fit.settings.correlation == Correlation::Polychoric
        && let Some(smallest_eigenvalue) =
            eigen::negative(&fit.answer_moments().correlation, fit.answer_moments().len())
    {
        found.push(Finding::ItemCorrelationsNotPositive { smallest_eigenvalue });
    }
    // The reader of tables lets through what rounding explains.
    if fit.answers().is_none()
        && let Some(smallest_eigenvalue) =
            eigen::negative(&fit.answer_moments().correlation, fit.answer_moments().len())
    {
        found.push(Finding::PrintedCorrelationsNotPositive { smallest_eigenvalue });
    }
    if let Some(smallest_eigenvalue) = eigen::negative(&estimate.construct_correlations, names.len()) {
        found.push(Finding::ConstructCorrelationsNotPositive { smallest_eigenvalue });
    }
    for (stage, own) in &measured {
        let names = stage.constructs();
        for &j in own {
            let rho_a = stage.estimate.reliability_roots[j].powi(2);
            if rho_a > 1.0 + 1e-10 {
                found.push(Finding::ReliabilityAboveOne { construct: names[j].clone(), rho_a });
            }
        }
    }
    if let Some(smallest_eigenvalue) = eigen::negative(&implied.items, fit.answer_moments().len()) {
        found.push(Finding::ImpliedCorrelationsNotPositive { smallest_eigenvalue });
    }
    let codes = fit.answers().map(|sample| sample.suspect_codes()).unwrap_or_default();
    found.extend(codes.into_iter().map(|SuspectCode { code, answers, items }| Finding::SuspectCode {
        code,
        answers,
        items,
    }));
    let cases = fit.n();
    if let Some(detectable) = detectable(cases, Tails::Two).filter(|_| cases < SMALL) {
        found.push(Finding::SmallSample { cases, detectable });
    }
    found.extend(not_corrected(fit));
    found.extend(dependent_instruments(fit));
    found.extend(fit.written().codebook_contradiction().map(|words| Finding::Codebook { words }));
    found.extend(without_effect(fit));
    if fit.plan.paths == 0 {
        found.push(Finding::NoPaths);
    }
    let followed = fit.plan.chains.len();
    if followed >= Model::MOST_CHAINS && fit.model.chains_are_cut() {
        found.push(Finding::ChainsCut { followed });
    }
    found.extend(paths_beyond_one(fit));
    found.extend(explained_by_items(fit));
    for (stage, own) in &measured {
        found.extend(own.iter().flat_map(|&j| remarks(stage, j)));
    }
    found
}

/// Factors that stay as they are though consistent PLS was asked for, by the way their items are weighed.
fn not_corrected(fit: &PlsFit) -> Vec<Finding> {
    if !fit.settings.consistent {
        return Vec::new();
    }
    let stage = fit.first_stage();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (construct, block) in stage.model.constructs().iter().zip(&stage.plan.blocks) {
        let factor = construct.kind == Kind::Reflective && construct.factors().is_none() && block.len > 1;
        if !factor || block.corrected {
            continue;
        }
        let weights = match (stage.plan.weighting, block.mode) {
            (Weighting::PlsPm, mode) => format!("mode {mode}"),
            (other, _) => other.to_string(),
        };
        match found.iter_mut().find(|(known, _)| *known == weights) {
            Some((_, names)) => names.push(construct.name.clone()),
            None => found.push((weights, vec![construct.name.clone()])),
        }
    }
    found.into_iter().map(|(weights, constructs)| Finding::NotCorrected { constructs, weights }).collect()
}

/// Instruments downstream of their outcome; those of a model file are refused when it is read (TP0158).
fn dependent_instruments(fit: &PlsFit) -> Vec<Finding> {
    let model = fit.written();
    fit.instruments()
        .into_iter()
        .filter_map(|(outcome, named)| {
            let after = downstream(model.paths(), model.find(&outcome)?);
            let is_after = |name: &String| model.find(name).is_some_and(|id| after.contains(&id));
            let instruments: Vec<String> = named.into_iter().filter(is_after).collect();
            (!instruments.is_empty()).then_some(Finding::InstrumentsDependOnOutcome { outcome, instruments })
        })
        .collect()
}

/// Choices that this estimate does not depend on. What a program's defaults ([`Pls::like`]) bring along was not chosen, unless
/// it is an inner scheme, which every reader of the Method line expects to be used.
fn without_effect(fit: &PlsFit) -> Vec<Finding> {
    let (settings, model, default) = (&fit.settings, fit.written(), Pls::default());
    let mut found = Vec::new();
    let mut note = |place: String, choices: &[(&str, bool)]| {
        let settings: Vec<String> =
            choices.iter().filter(|(_, chosen)| *chosen).map(|(name, _)| (*name).to_owned()).collect();
        if !settings.is_empty() {
            found.push(Finding::WithoutEffect { settings, place });
        }
    };
    let weighting = settings.weighting;
    if weighting != Weighting::PlsPm {
        note(
            format!("under `{weighting}` weights, which have neither an inner scheme nor modes to choose"),
            &[
                ("`scheme`", settings.scheme.is_some()),
                ("`#@ scheme`", settings.scheme.is_none() && model.about.scheme.is_some()),
                ("`mode`", settings.mode.is_some()),
                ("`#@ mode`", settings.mode.is_none() && model.constructs().iter().any(|c| c.mode.is_some())),
                ("`neighbours`", settings.neighbours != default.neighbours),
                ("`start_weights`", !settings.start_weights.is_empty()),
            ],
        );
    }
    if !fit.first_stage().plan.blocks.iter().any(|block| block.corrected) {
        note(
            "where nothing is corrected for attenuation".to_owned(),
            &[("`correction`", settings.correction != default.correction)],
        );
    }
    let brought = |is: &dyn Fn(&Pls) -> bool| Program::ALL.iter().any(|program| is(&Pls::like(*program)));
    let products = model.constructs().iter().any(|construct| construct.factors().is_some());
    let chosen = settings.interaction;
    if !products {
        note(
            "in a model without products of constructs".to_owned(),
            &[("`interaction`", chosen.is_some() && !brought(&|pls| pls.interaction == chosen))],
        );
    }
    let wholes = model.constructs().iter().any(|construct| construct.components().is_some());
    let chosen = settings.higher_order;
    if !wholes {
        note(
            "in a model without constructs of constructs".to_owned(),
            &[("`higher_order`", chosen.is_some() && !brought(&|pls| pls.higher_order == chosen))],
        );
    }
    found
}

/// Outcomes with standardised paths beyond ±1.
fn paths_beyond_one(fit: &PlsFit) -> Vec<Finding> {
    let (names, k) = (fit.constructs(), fit.plan.constructs());
    let paths = fit.standardised_paths();
    let r = |a: usize, b: usize| fit.estimate.construct_correlations[a * k + b];
    let of = |equation: &Equation| {
        let own: Vec<f64> = equation.paths.iter().map(|&path| paths[path]).collect();
        let (paths, pair) = beyond_one(&equation.predictors, &own, &names, r)?;
        Some(Finding::PathsBeyondOne { to: names[equation.outcome].clone(), paths, pair })
    };
    fit.plan.equations.iter().filter_map(of).collect()
}

/// The predictors of one outcome whose standardised paths lie beyond ±1, with these; and the two predictors that correlate
/// most, if there are two. `None` if no path does.
#[allow(clippy::type_complexity, reason = "said in one sentence above")]
pub(crate) fn beyond_one(
    predictors: &[usize],
    paths: &[f64],
    names: &[String],
    r: impl Fn(usize, usize) -> f64,
) -> Option<(Vec<(String, f64)>, Option<(String, String, f64)>)> {
    let beyond: Vec<(String, f64)> = predictors
        .iter()
        .zip(paths)
        .filter(|(_, path)| path.abs() > 1.0 + 1e-9)
        .map(|(&from, &path)| (names[from].clone(), path))
        .collect();
    if beyond.is_empty() {
        return None;
    }
    let pairs =
        predictors.iter().enumerate().flat_map(|(at, &a)| predictors[..at].iter().map(move |&b| (b, a)));
    let pair = pairs.max_by(|p, q| r(p.0, p.1).abs().total_cmp(&r(q.0, q.1).abs()));
    Some((beyond, pair.map(|(a, b)| (names[a].clone(), names[b].clone(), r(a, b)))))
}

/// Composites by repeated indicators whose components leave nothing to other predictors (Becker, Klein & Wetzels 2012).
fn explained_by_items(fit: &PlsFit) -> Vec<Finding> {
    let Some(staged) = &fit.staged else { return Vec::new() };
    let constructs = fit.model.constructs();
    let found = staged.stages.last().repeating().filter(|&j| constructs[j].kind == Kind::Composite);
    found
        .filter_map(|j| {
            let parts = constructs[j].components()?;
            let from = fit.plan.predecessors[j].iter().map(|&x| constructs[x].name.clone());
            let (inside, predictors): (Vec<String>, Vec<String>) =
                from.partition(|name| parts.contains(name));
            let construct = constructs[j].name.clone();
            let approach = fit.written().approach(&construct, fit.settings.higher_order);
            let extended = approach == HigherOrder::ExtendedRepeated;
            (!inside.is_empty() && !predictors.is_empty()).then_some(Finding::ExplainedByItems {
                construct,
                predictors,
                extended,
            })
        })
        .collect()
}

/// What is remarkable about the measurement of one construct.
fn remarks(fit: &PlsFit, j: usize) -> Vec<Finding> {
    let (construct, block) = (&fit.model.constructs()[j], &fit.plan.blocks[j]);
    let mut found = Vec::new();
    if block.mode == Mode::B && fit.n() < 3 * block.len {
        let construct = construct.name.clone();
        found.push(Finding::FewCases { cases: fit.n(), items: block.len, construct });
    }
    let range = block.start..block.start + block.len;
    let negative: Vec<String> =
        range.filter(|&i| fit.estimate.loadings[i] < 0.0).map(|i| fit.moments.items[i].clone()).collect();
    // The items of a product have no direction of their own, and a component's is that of its items.
    let of_items = construct.factors().is_none() && construct.components().is_none();
    if block.mode != Mode::B && of_items && !negative.is_empty() {
        found.push(Finding::MixedSigns { construct: construct.name.clone(), items: negative });
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Moments;
    use crate::model::{Interaction, Scheme};
    use crate::pls::Correction;
    use crate::table::Language;

    #[test]
    fn findings_have_chinese_words() {
        let name = || "ATT".to_owned();
        let found = [
            Finding::NotConverged { iterations: 300, change: 1e-3 },
            Finding::LoadingAboveOne { item: "ATT1".into(), loading: 1.042 },
            Finding::ConstructCorrelationsNotPositive { smallest_eigenvalue: -0.0123 },
            Finding::ItemCorrelationsNotPositive { smallest_eigenvalue: -0.0123 },
            Finding::PrintedCorrelationsNotPositive { smallest_eigenvalue: -0.0012 },
            Finding::ReliabilityAboveOne { construct: name(), rho_a: 1.234 },
            Finding::ImpliedCorrelationsNotPositive { smallest_eigenvalue: -0.0123 },
            Finding::FewCases { cases: 12, items: 5, construct: name() },
            Finding::NoPaths,
            Finding::InstrumentsDependOnOutcome { outcome: name(), instruments: vec!["PU".into()] },
            Finding::WithoutEffect {
                settings: vec!["`#@ mode`".into(), "`#@ scheme`".into()],
                place: "under `gsca` weights, which have neither an inner scheme nor modes to choose".into(),
            },
            Finding::WithoutEffect {
                settings: vec!["`correction`".into()],
                place: "where nothing is corrected for attenuation".into(),
            },
            Finding::WithoutEffect {
                settings: vec!["`interaction`".into()],
                place: "in a model without products of constructs".into(),
            },
            Finding::WithoutEffect {
                settings: vec!["`higher_order`".into()],
                place: "in a model without constructs of constructs".into(),
            },
            Finding::ExplainedByItems { construct: name(), predictors: vec!["PU".into()], extended: true },
            Finding::ExplainedByItems { construct: name(), predictors: vec!["PU".into()], extended: false },
            Finding::ChainsCut { followed: 100_000 },
            Finding::PathsBeyondOne {
                to: name(),
                paths: vec![("PU".into(), 2.1), ("PEOU".into(), -1.3)],
                pair: Some(("PU".into(), "PEOU".into(), 0.96)),
            },
            Finding::SuspectCode { code: -99.0, answers: 4, items: vec!["ATT1".into(), "ATT2".into()] },
            Finding::SuspectCode { code: -99.0, answers: 1, items: vec!["ATT1".into()] },
            Finding::MixedSigns { construct: name(), items: vec!["ATT1".into()] },
            Finding::MixedSigns { construct: name(), items: vec!["ATT1".into(), "ATT3".into()] },
        ];
        // Names, options and symbols stay; no run of English words does.
        let english = |text: &str| {
            let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
            words.windows(2).any(|pair| pair.iter().all(|word| word.len() > 3))
        };
        for finding in found {
            let plain = Language::Chinese.say(&finding.to_string()).into_owned();
            let kept = plain.replace("--max-iterations", "").replace("--correlation pearson", "");
            let kept = kept.replace("#@ higher-order disjoint", "").replace("extended-repeated", "");
            let kept = kept.replace("--missing-code", "");
            let kept =
                ["`#@ mode`", "`#@ scheme`", "`gsca`", "`correction`", "`interaction`", "`higher_order`"]
                    .iter()
                    .fold(kept, |kept, name| kept.replace(name, ""));
            assert!(!english(&kept), "{finding} → {plain}");
            if finding.is_inadmissible() {
                let words = format!("INADMISSIBLE: {finding}");
                assert!(Language::Chinese.say(&words).starts_with("不可接受："), "{words}");
            }
        }
    }

    #[test]
    fn what_changes_nothing_is_said() {
        let table = "a1,a2,b1,b2\n1,,,\n.6,1,,\n.4,.3,1,\n.3,.4,.5,1\n";
        let moments = Moments::parse_table("r.csv", table, 200).unwrap();
        let model = Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n").unwrap();
        let said = |model: &Model, pls: Pls| -> Vec<Vec<String>> {
            let fit = pls.fit_moments(model, moments.clone()).unwrap();
            let found = findings(&fit, &Implied::of(&fit, false, crate::assess::ComponentSource::Constructs));
            found
                .into_iter()
                .filter_map(|finding| match finding {
                    Finding::WithoutEffect { settings, .. } => Some(settings),
                    _ => None,
                })
                .collect()
        };
        let own =
            |settings: &[&str]| vec![settings.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>()];
        let chosen = || Pls { scheme: Some(Scheme::Centroid), mode: Some(Mode::B), ..Pls::default() };
        assert!(said(&model, chosen()).is_empty());
        for weighting in [Weighting::Gsca, Weighting::Pca, Weighting::Unit, Weighting::Maxvar] {
            assert_eq!(said(&model, Pls { weighting, ..chosen() }), own(&["scheme", "mode"]), "{weighting}");
            assert!(said(&model, Pls { weighting, ..Pls::default() }).is_empty(), "{weighting}");
        }
        let written =
            Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n#@ mode A B\n#@ scheme factorial\n").unwrap();
        assert!(said(&written, Pls::default()).is_empty());
        let pca = Pls { weighting: Weighting::Pca, ..Pls::default() };
        assert_eq!(said(&written, pca), own(&["#@ scheme", "#@ mode"]));
        let corrected =
            |consistent| Pls { correction: Correction::MeanGeometric, consistent, ..Pls::default() };
        assert_eq!(said(&model, corrected(false)), own(&["correction"]));
        assert!(said(&model, corrected(true)).is_empty());
        let product = Pls { interaction: Some(Interaction::Orthogonal), ..Pls::default() };
        assert_eq!(said(&model, product), own(&["interaction"]));
        // Defaults of a program are no choices.
        for program in Program::ALL {
            assert!(said(&model, Pls::like(*program)).is_empty(), "{program}");
        }
    }
}
