#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

const MODEL: &str = "A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nD =~ d1 + d2\nC ~ A + B\nD ~ C + A\n";

fn population(text: &str) -> Population {
    Population::parse("p", text).unwrap()
}

#[test]
fn correlations_follow_from_the_tracing_rules() {
    let model = Model::parse(MODEL).unwrap();
    let stated = population(
        "[paths]\n\"C ~ A\" = 0.5\n\"C ~ B\" = 0.3\n\"D ~ C\" = 0.4\n\"D ~ A\" = 0.2\n[correlations]\n\"A ~~ B\" = 0.2\n",
    );
    let implied = Implied::of(&model, &stated).unwrap();
    let r = |a: &str, b: &str| implied.correlations().get(a, b).unwrap();
    assert!((r("A", "C") - (0.5 + 0.3 * 0.2)).abs() < 1e-14);
    assert!((r("B", "C") - (0.3 + 0.5 * 0.2)).abs() < 1e-14);
    assert!((r("A", "D") - (0.4 * 0.56 + 0.2)).abs() < 1e-14);
    assert!((implied.r_squared("C").unwrap() - (0.25 + 0.09 + 2.0 * 0.5 * 0.3 * 0.2)).abs() < 1e-14);
}

#[test]
fn unstated_paths_bring_the_outcome_to_the_default() {
    let model = Model::parse(MODEL).unwrap();
    let implied = Implied::of(&model, &Population::default()).unwrap();
    for outcome in ["C", "D"] {
        assert!((implied.r_squared(outcome).unwrap() - 0.4).abs() < 1e-12);
    }
    // One is stated; the other makes up the rest.
    let implied = Implied::of(&model, &population("[paths]\n\"C ~ A\" = 0.1\n")).unwrap();
    assert!((implied.r_squared("C").unwrap() - 0.4).abs() < 1e-12);
    assert_eq!(implied.paths()[0], ("C ~ A".to_owned(), 0.1));
}

#[test]
fn an_explained_composite_is_the_weighted_sum_of_its_parts() {
    let model = Model::parse(
        "A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nX =~ x1 + x2\nW <~ A + B + C\nW ~ X\nY =~ y1 + y2\nY ~ W\n",
    )
    .unwrap();
    let stated = population(
        "[paths]\n\"W ~ X\" = 0.5\n\"Y ~ W\" = 0.4\n[weights]\nA = 2\n[correlations]\n\"A ~~ B\" = 0.5\n\"A ~~ C\" = 0.2\n\"B ~~ C\" = 0.3\n",
    );
    let implied = Implied::of(&model, &stated).unwrap();
    let r = |a: &str, b: &str| implied.correlations().get(a, b).unwrap();
    // The parts correlate as stated, and the whole is 2A + B + C of variance 1.
    let size = (4.0_f64 + 1.0 + 1.0 + 2.0 * (2.0 * 0.5 + 2.0 * 0.2 + 0.3)).sqrt();
    for (part, sum) in [("A", 2.0 + 0.5 + 0.2), ("B", 1.0 + 0.3 + 1.0), ("C", 0.4 + 0.3 + 1.0)] {
        assert!((r(part, part) - 1.0).abs() < 1e-12);
        assert!((r(part, "W") - sum / size).abs() < 1e-12, "{part}");
        // What explains the whole reaches the parts through it.
        assert!((r(part, "X") - 0.5 * sum / size).abs() < 1e-12);
        assert!((r(part, "Y") - 0.4 * sum / size).abs() < 1e-12);
    }
    assert!(
        (r("A", "B") - 0.5).abs() < 1e-12
            && (r("B", "C") - 0.3).abs() < 1e-12
            && (r("A", "C") - 0.2).abs() < 1e-12
    );
    assert!((implied.r_squared("W").unwrap() - 0.25).abs() < 1e-12);
}

#[test]
fn residuals_of_outcomes_may_correlate() {
    let model = Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nB ~ A\nC ~ A\nB ~~ C\n").unwrap();
    let stated = population("[paths]\n\"B ~ A\" = 0.6\n\"C ~ A\" = 0.8\n[correlations]\n\"B ~~ C\" = 0.5\n");
    let implied = Implied::of(&model, &stated).unwrap();
    // .6 × .8 + .5 × .8 × .6
    assert!((implied.correlations().get("B", "C").unwrap() - 0.72).abs() < 1e-14);
}

#[test]
fn what_is_impossible_is_refused_in_words() {
    let model = Model::parse(MODEL).unwrap();
    for (text, code) in [
        ("[paths]\n\"C ~ A\" = 0.8\n\"C ~ B\" = 0.7\n", "TP1104"),
        ("[paths]\n\"C ~ D\" = 0.1\n", "TP1102"),
        ("[loadings]\na9 = 0.5\n", "TP1102"),
        ("[loadings]\na1 = 1.5\n", "TP1103"),
        ("[weights]\na1 = 0.5\n", "TP1102"),
        ("[correlations]\n\"a1 ~~ b1\" = 0.2\n", "TP1102"),
        ("[respondents]\nmissing = 2\n", "TP1103"),
        ("[correlations]\n\"A ~~ B\" = 1.0\n", "TP1105"),
    ] {
        let error = Implied::of(&model, &population(text)).unwrap_err().to_string();
        assert!(error.contains(code), "{text}: {error}");
    }
}
