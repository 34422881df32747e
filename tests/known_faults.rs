//! Faults that users of other programs met, each as a test that trustpath does not have it.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;

use trustpath::assess::{Htmt, htmt, indicator_vif, rule};
use trustpath::model::Mode;
use trustpath::pls::{Program, SignRule};
use trustpath::survey::Sample;
use trustpath::table::Verdict;
use trustpath::{Assessment, Bootstrap, Conventions, Model, Pls, PlsFit, Survey};

/// A survey that lies beside the project; `None` where it is not at hand.
fn survey(name: &str) -> Option<Survey> {
    Some(Survey::read(common::survey(name)?).unwrap())
}

fn mobi(pls: &Pls) -> Option<PlsFit> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("tests/surveys/mobi.sem")).unwrap();
    Some(pls.fit(&model, &survey("mobi")?).unwrap())
}

/// The project's own example.
fn example(pls: &Pls) -> PlsFit {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
    pls.fit(&model, &Survey::read(root.join("data/initial-trust.csv")).unwrap()).unwrap()
}

fn assess(fit: &PlsFit) -> Assessment {
    Assessment::of(fit, Conventions::default())
}

/// Answers of six items in two blocks from a fixed sequence.
fn items(turn: f64) -> Sample {
    let mut state = 7_u32;
    let mut uniform = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1_u32 << 24) - 0.5
    };
    let mut columns = vec![Vec::new(); 6];
    for _ in 0..200 {
        let a = 2.0 * uniform();
        let b = 0.7 * a + uniform();
        for (j, column) in columns.iter_mut().enumerate() {
            let x = if j < 3 { a } else { b } + uniform();
            column.push(if j == 0 { turn * x } else { x });
        }
    }
    Sample::from_columns(["a1", "a2", "a3", "b1", "b2", "b3"].map(str::to_owned).to_vec(), columns).unwrap()
}

/// A package that gives successors the regression of the path scheme, too, prints .214, .466 and .045.
#[test]
fn path_scheme_on_metric_data_gives_the_loyalty_equation_of_the_field() {
    let Some(fit) = mobi(&Pls::default()) else { return };
    let paths = fit.path_coefficients();
    for (from, known) in [("Image", 0.196), ("Satisfaction", 0.486), ("Complaints", 0.067)] {
        assert!((paths.get(from, "Loyalty").unwrap() - known).abs() < 1e-3, "{from}");
    }
}

/// Some programs test HTMT against 0, which every pair passes: what must be refuted is .85, .90 or 1.
#[test]
fn htmt_is_judged_against_its_cut_offs_and_not_against_0() {
    for id in ["R08", "R09"] {
        let rule = rule(id).unwrap();
        assert_eq!(rule.judge(Some(0.05)), Verdict::Ok, "near 0 is what one hopes for");
        assert_eq!(rule.judge(Some(1.0)), Verdict::Fail);
    }
    assert_eq!(rule("R08").unwrap().judge(Some(0.86)), Verdict::Check);
    assert_eq!(rule("R09").unwrap().judge(Some(0.95)), Verdict::Check);
    let fit = example(&Pls::default());
    let boot = Bootstrap { resamples: 100, ..Bootstrap::default() }.run(&fit).unwrap();
    let keys: Vec<String> = boot.htmt().columns.iter().map(|column| column.key.clone()).collect();
    assert!(keys.iter().any(|key| key == "upper"), "the bound is what is compared");
    assert!(!keys.iter().any(|key| key == "t" || key == "p"), "no test against 0");
}

/// VIF of a formative block was seen computed across blocks: it is that of the item on the rest of its own block.
#[test]
fn vif_of_a_mode_b_block_is_that_of_the_block() {
    let fit = example(&Pls { mode: Some(Mode::B), ..Pls::default() });
    let assessment = assess(&fit);
    for (j, name) in fit.constructs().iter().enumerate() {
        let block = &fit.plan.blocks[j];
        let own: Vec<usize> = (block.start..block.start + block.len).collect();
        let expected = indicator_vif(&own, |a, b| fit.moments.r(a, b)).unwrap();
        for (at, &i) in own.iter().enumerate() {
            let got = assessment.vif_indicators[name].get(&fit.moments.items[i]).unwrap();
            assert!((got - expected[at]).abs() < 1e-12, "{name}");
        }
    }
}

/// NFI was seen printed as GFI: they are two numbers.
#[test]
fn gfi_is_not_nfi() {
    let json = serde_json::to_value(assess(&example(&Pls::default()))).unwrap();
    let nfi = json["nfi"].as_f64().unwrap();
    for key in ["gfi_ml", "gfi_gls", "gfi_uls"] {
        assert!((json[key].as_f64().unwrap() - nfi).abs() > 1e-3, "{key}");
    }
    // One minus the ratio of the minima, not of chi-squares with different factors.
    let f0 = -log_det(&example(&Pls::default()));
    let f = json["d_ml"].as_f64().unwrap();
    assert!((nfi - (f0 - f) / f0).abs() < 1e-9);
}

/// ln |S| by elimination.
fn log_det(fit: &PlsFit) -> f64 {
    let p = fit.moments.len();
    let mut a = fit.moments.correlation.clone();
    let mut sum = 0.0;
    for k in 0..p {
        sum += a[k * p + k].ln();
        for i in k + 1..p {
            let factor = a[i * p + k] / a[k * p + k];
            for j in k..p {
                a[i * p + j] -= factor * a[k * p + j];
            }
        }
    }
    sum
}

/// A construct that comes out turned round was seen reported with a negative path and no word about it: by default
/// constructs point where their items point, whatever the start of the iteration.
#[test]
fn a_weight_sign_flip_does_not_reach_the_paths() {
    let mut pls = Pls::default();
    let straight = example(&pls);
    for item in &straight.moments.items {
        pls.start_weights.insert(item.clone(), -1.0);
    }
    let turned = example(&pls);
    for (a, b) in straight.estimate.paths.iter().zip(&turned.estimate.paths) {
        assert!((a - b).abs() < 1e-5);
    }
    let as_left = example(&Pls { sign: SignRule::None, ..pls });
    assert!(as_left.estimate.loadings.iter().filter(|l| **l < 0.0).count() > as_left.moments.len() / 2);
}

/// plspm turns a score without its weights: trustpath turns both, so that scores are what the weights make of them.
#[test]
fn scores_are_what_the_weights_make_of_them() {
    let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n").unwrap();
    let mut pls = Pls { sign: SignRule::Majority, ..Pls::default() };
    for item in ["a1", "a2", "a3"] {
        pls.start_weights.insert(item.to_owned(), -1.0);
    }
    let fit = pls.fit_sample(&model, items(1.0)).unwrap();
    for (i, loading) in fit.estimate.loadings.iter().enumerate() {
        assert!(*loading > 0.0 && fit.estimate.weights[i] > 0.0, "{i}");
    }
}

/// A reverse-coded item ruins reliability silently elsewhere: here its loading is judged with its sign.
#[test]
fn an_item_that_was_not_turned_is_seen() {
    let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n").unwrap();
    let fit = Pls::default().fit_sample(&model, items(-1.0)).unwrap();
    let table = assess(&fit).items(&fit).to_string();
    let line = table.lines().find(|line| line.contains("a1")).unwrap();
    assert!(line.contains("fail"), "{line}");
    assert!(assess(&fit).alpha.get("A").unwrap() < 0.5);
    // plspm shows a negative alpha as 0; by default it stays to be seen.
    let plspm = Assessment::of(&fit, Conventions::like(Program::Plspm));
    assert!(plspm.alpha.get("A").unwrap() >= 0.0);
}

/// cSEM squares base-10 logarithms into d_G: the distance is defined with natural ones.
#[test]
fn d_g_has_natural_logarithms() {
    let assessment = assess(&example(&Pls::default()));
    let (natural, decimal) = (assessment.fit.d_g().0.unwrap(), assessment.fit.d_g_log10().0.unwrap());
    assert!((natural / decimal - 10.0_f64.ln().powi(2)).abs() < 1e-9);
}

/// seminr corrects composites as soon as one construct is a factor: a composite is what it is.
#[test]
fn a_composite_is_not_corrected_for_attenuation() {
    let model = Model::parse("A <~ a1 + a2 + a3\n#@ mode A A\nB =~ b1 + b2 + b3\nB ~ A\n").unwrap();
    let ours = Pls { consistent: true, ..Pls::default() }.fit_sample(&model, items(1.0)).unwrap();
    assert_eq!(ours.estimate.reliability_roots[0], 1.0);
    let theirs = Pls { consistent: true, ..Pls::like(Program::Seminr) };
    let theirs = theirs.fit_sample(&model, items(1.0)).unwrap();
    assert!(theirs.estimate.reliability_roots[0] < 1.0);
    assert!(theirs.estimate.paths[0] > ours.estimate.paths[0]);
}

/// A mean of signed correlations lets opposite signs cancel, so that a pair with mixed signs passes: absolute ones do not.
#[test]
fn opposite_signs_do_not_cancel_in_htmt() {
    let r = |a: usize, b: usize| match (a, b) {
        (0 | 1, 0 | 1) | (2 | 3, 2 | 3) => 0.6,
        (0, _) | (_, 0) => 0.55,
        _ => -0.55,
    };
    let absolute = htmt(Htmt::Absolute, &[0, 1], &[2, 3], r).unwrap();
    let signed = htmt(Htmt::Signed, &[0, 1], &[2, 3], r).unwrap();
    assert!(signed.abs() < 1e-12 && absolute > 0.9);
}

/// Re-estimating the weights for f² answers another question: by default the scores stay.
#[test]
fn f_squared_keeps_the_scores() {
    let Some(fit) = mobi(&Pls::default()) else { return };
    let fixed = assess(&fit).f_squared;
    let seminr = Assessment::of(&fit, Conventions::like(Program::Seminr)).f_squared;
    let (r2, without) = (fit.r_squared().get("Loyalty").unwrap(), fixed.get("Image", "Loyalty").unwrap());
    assert!(without >= 0.0 && without < r2 / (1.0 - r2));
    assert!((without - seminr.get("Image", "Loyalty").unwrap()).abs() > 1e-6);
}

/// 1 as the reliability of a single item is a claim, not an estimate.
#[test]
fn a_single_item_has_no_reliability() {
    let Some(fit) = mobi(&Pls::default()) else { return };
    let assessment = assess(&fit);
    for vector in [&assessment.alpha, &assessment.rho_a, &assessment.rho_c, &assessment.ave] {
        assert_eq!(vector.get("Complaints"), None);
    }
    let json = serde_json::to_value(&assessment).unwrap();
    assert!(!json.to_string().contains("NaN"));
}

/// An inadmissible estimate was seen printed like any other: it is said first.
#[test]
fn an_impossible_estimate_is_said_first() {
    let Some(fit) = mobi(&Pls { consistent: true, ..Pls::default() }) else { return };
    let assessment = assess(&fit);
    assert_eq!(
        assessment.banner().iter().any(|words| words.starts_with("INADMISSIBLE")),
        !assessment.is_admissible()
    );
}
