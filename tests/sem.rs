//! Properties of covariance-based estimates that hold for any data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use trustpath::sem::{Identification, Information, Likelihood, Operator, Sem, SemError, SemFit};
use trustpath::{Model, Moments, Survey};

const MODEL: &str =
    "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nB ~ p*A\nC ~ q*B + r*A\nindirect := p*q\n";

/// Covariances of a known population: loadings, paths, disturbances as below.
fn population() -> (Vec<String>, Vec<f64>) {
    let (a, b, r, q) = (1.5, 0.6, 0.3, 0.5);
    // η: A, B = .6 A + ζ, C = .3 A + .5 B + ζ.
    let var_b = b * b * a + 0.8;
    let (cov_ab, cov_ac) = (b * a, r * a + q * b * a);
    let cov_bc = r * cov_ab + q * var_b;
    let var_c = r * cov_ac + q * cov_bc + 0.7;
    let phi = [[a, cov_ab, cov_ac], [cov_ab, var_b, cov_bc], [cov_ac, cov_bc, var_c]];
    let lambda = [1.0, 0.8, 1.2, 1.0, 0.9, 0.7, 1.0, 1.1, 0.6];
    let theta = [0.5, 0.6, 0.4, 0.7, 0.5, 0.6, 0.3, 0.8, 0.9];
    let names: Vec<String> =
        ["a", "b", "c"].iter().flat_map(|c| (1..=3).map(move |i| format!("{c}{i}"))).collect();
    let mut sigma = vec![0.0; 81];
    for i in 0..9 {
        for j in 0..9 {
            sigma[i * 9 + j] =
                lambda[i] * lambda[j] * phi[i / 3][j / 3] + if i == j { theta[i] } else { 0.0 };
        }
    }
    (names, sigma)
}

fn moments(names: &[String], sigma: &[f64], n: usize, units: impl Fn(usize) -> f64) -> Moments {
    let p = names.len();
    // The sample covariances have the divisor n − 1; the likelihood's the divisor n.
    let stretch = n as f64 / (n as f64 - 1.0);
    let sd: Vec<f64> = (0..p).map(|i| (sigma[i * p + i] * stretch).sqrt() * units(i)).collect();
    let correlation =
        (0..p * p).map(|at| sigma[at] / (sigma[at / p * (p + 1)] * sigma[at % p * (p + 1)]).sqrt()).collect();
    Moments { items: names.to_vec(), cases: n, mean: vec![0.0; p], sd, correlation }
}

fn fitted(sem: &Sem, text: &str) -> SemFit {
    let (names, sigma) = population();
    sem.fit_moments(&Model::parse(text).unwrap(), &moments(&names, &sigma, 400, |_| 1.0)).unwrap()
}

fn est(fit: &SemFit, lhs: &str, op: Operator, rhs: &str) -> f64 {
    fit.parameter(lhs, op, rhs).unwrap_or_else(|| panic!("{lhs} {op} {rhs}")).est
}

#[test]
fn a_population_gives_its_own_parameters_back() {
    let fit = fitted(&Sem::default(), MODEL);
    assert!(fit.converged && fit.findings.is_empty(), "{:?}", fit.findings);
    for (lhs, op, rhs, truth) in [
        ("A", Operator::Loading, "a2", 0.8),
        ("C", Operator::Loading, "c3", 0.6),
        ("B", Operator::Path, "A", 0.6),
        ("C", Operator::Path, "A", 0.3),
        ("C", Operator::Path, "B", 0.5),
        ("A", Operator::Covariance, "A", 1.5),
        ("C", Operator::Covariance, "C", 0.7),
        ("b1", Operator::Covariance, "b1", 0.7),
    ] {
        assert!((est(&fit, lhs, op, rhs) - truth).abs() < 1e-7, "{lhs} {op} {rhs}");
    }
    assert!((fit.definitions[0].est - 0.3).abs() < 1e-7);
    assert!(fit.measures.chisq < 1e-9 && fit.measures.df == 24);
    assert!((fit.measures.cfi - 1.0).abs() < 1e-12 && fit.measures.srmr < 1e-8);
    // Nothing is to be gained.
    assert!(fit.modifications().iter().all(|m| m.mi < 1e-6));
}

#[test]
fn neither_units_nor_identification_change_the_fit() {
    // A misfitting model, so that χ² is not 0: C does not depend on A.
    let text = MODEL.replace(" + r*A", "");
    let model = Model::parse(&text).unwrap();
    let (names, sigma) = population();
    let plain = fitted(&Sem::default(), &text);
    assert!(plain.measures.chisq > 1.0);
    let stretched = moments(&names, &sigma, 400, |i| 10_f64.powf(i as f64 - 4.0));
    let variance = Sem { identification: Identification::Variance, ..Sem::default() };
    for other in [
        Sem::default().fit_moments(&model, &stretched).unwrap(),
        variance.fit_moments(&model, &stretched).unwrap(),
        fitted(&variance, &text),
    ] {
        assert!((other.measures.chisq - plain.measures.chisq).abs() < 1e-8, "{}", other.measures.chisq);
        for (a, b) in other
            .parameters
            .iter()
            .filter(|p| p.op == Operator::Path)
            .zip(plain.parameters.iter().filter(|p| p.op == Operator::Path))
        {
            assert!(
                (a.std_all - b.std_all).abs() < 1e-8 && (a.std_se.unwrap() - b.std_se.unwrap()).abs() < 1e-6
            );
        }
    }
}

#[test]
fn expected_and_observed_information_agree_where_the_model_holds() {
    let expected = fitted(&Sem::default(), MODEL);
    let observed = fitted(&Sem { information: Information::Observed, ..Sem::default() }, MODEL);
    for (a, b) in expected.parameters.iter().zip(&observed.parameters) {
        assert!((a.se.unwrap() - b.se.unwrap()).abs() < 1e-6, "{} {} {}", a.lhs, a.op, a.rhs);
    }
    let wishart = fitted(&Sem { likelihood: Likelihood::Wishart, ..Sem::default() }, MODEL);
    let ratio = (400.0_f64 / 399.0).sqrt();
    let (a, b) = (&expected.parameters[1], &wishart.parameters[1]);
    assert!((b.se.unwrap() / a.se.unwrap() - ratio).abs() < 1e-6);
}

#[test]
fn a_single_item_with_known_reliability_is_corrected() {
    let (names, sigma) = population();
    let all = moments(&names, &sigma, 400, |_| 1.0);
    let text = "A =~ a1\nB =~ b1 + b2 + b3\nB ~ A\n";
    let plain = Sem::default().fit_moments(&Model::parse(text).unwrap(), &all).unwrap();
    // Of a1's variance 2, the construct has 1.5.
    let model = Model::parse(&format!("#@ reliability A 0.75\n{text}")).unwrap();
    let corrected = Sem::default().fit_moments(&model, &all).unwrap();
    assert!((est(&corrected, "B", Operator::Path, "A") - 0.6).abs() < 1e-7);
    assert!((est(&plain, "B", Operator::Path, "A") - 0.45).abs() < 1e-7);
}

#[test]
fn what_cannot_be_estimated_says_why() {
    let (names, sigma) = population();
    let all = moments(&names, &sigma, 400, |_| 1.0);
    let refused =
        |text: &str, all: &Moments| match Sem::default().fit_moments(&Model::parse(text).unwrap(), all) {
            Err(SemError::Invalid(found)) => found.0.iter().map(|d| d.code.to_string()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
    assert_eq!(refused("A <~ a1 + a2\nB =~ b1 + b2\nB ~ A", &all), ["TP1401"]);
    assert_eq!(refused("A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nC ~ A + B + A:B", &all), ["TP1401"]);
    assert_eq!(refused("A =~ a1 + zz\nB =~ b1 + b2\nB ~ A", &all), ["TP1402"]);
    assert_eq!(refused("A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\na1 ~~ a2\nb1 ~~ b2", &all), ["TP1404"]);
    let mut singular = all.clone();
    for at in 0..9 {
        singular.correlation[at] = singular.correlation[9 + at];
        singular.correlation[at * 9] = singular.correlation[at * 9 + 1];
    }
    singular.correlation[0] = 1.0;
    assert_eq!(refused("A =~ a1 + a2 + a3\nB =~ b1 + b2\nB ~ A", &singular), ["TP1403"]);
    let level = Sem { level: 1.5, ..Sem::default() };
    assert!(level.fit_moments(&Model::parse(MODEL).unwrap(), &all).is_err());
}

#[test]
fn a_heywood_case_is_found_and_said() {
    let names: Vec<String> = ["a1", "a2", "a3", "b1", "b2", "b3"].map(str::to_owned).to_vec();
    // Of a1 the others leave less than nothing: .9 · .9 / .7 > 1.
    let rows = [
        [1.0, 0.9, 0.9, 0.3, 0.3, 0.3],
        [0.9, 1.0, 0.7, 0.2, 0.2, 0.2],
        [0.9, 0.7, 1.0, 0.2, 0.2, 0.2],
        [0.3, 0.2, 0.2, 1.0, 0.5, 0.5],
        [0.3, 0.2, 0.2, 0.5, 1.0, 0.5],
        [0.3, 0.2, 0.2, 0.5, 0.5, 1.0],
    ];
    let sigma: Vec<f64> = rows.concat();
    let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A").unwrap();
    let fit = Sem::default().fit_moments(&model, &moments(&names, &sigma, 200, |_| 1.0)).unwrap();
    assert!(fit.banner()[0].starts_with("INADMISSIBLE"), "{:?}", fit.findings);
    assert!(fit.banner().iter().any(|words| words.contains("a1") && words.contains("Heywood")));
}

#[test]
fn paths_beyond_one_are_pointed_out_and_not_refused() {
    // Two predictors that are nearly the same, with effects in opposite directions.
    let names: Vec<String> = ["a1", "a2", "b1", "b2", "c1", "c2"].map(str::to_owned).to_vec();
    let phi = [[1.0, 0.97, 0.30], [0.97, 1.0, 0.10], [0.30, 0.10, 1.0]];
    let sigma: Vec<f64> = (0..36)
        .map(|at| 0.8 * phi[at / 6 / 2][at % 6 / 2] + if at / 6 == at % 6 { 0.2 } else { 0.0 })
        .collect();
    let model = Model::parse("A =~ a1 + a2\nB =~ b1 + b2\nC =~ c1 + c2\nC ~ A + B").unwrap();
    let fit = Sem::default().fit_moments(&model, &moments(&names, &sigma, 300, |_| 1.0)).unwrap();
    assert!(
        fit.banner().iter().any(|words| words.contains("to C lie beyond 1") && words.contains("A and B")),
        "{:?}",
        fit.findings
    );
    assert!(fit.is_admissible());
}

#[test]
fn every_built_in_model_of_factors_is_estimated_from_what_it_simulates() {
    use trustpath::plan::Simulate;
    use trustpath::plan::built_in::MODELS;
    let (mut estimated, mut refused) = (Vec::new(), Vec::new());
    for built_in in MODELS {
        let name = built_in.name;
        let model = built_in.read().unwrap();
        let draw = Simulate {
            cases: 600,
            seed: 5,
            population: built_in.population().unwrap(),
            ..Simulate::default()
        };
        let drawn = draw.run(&model).unwrap();
        match Sem::default().fit(&model, &drawn.survey().unwrap()) {
            Ok(fit) => {
                assert!(fit.converged, "{name}");
                assert!(fit.findings.iter().all(|f| !f.is_inadmissible()), "{name}: {:?}", fit.findings);
                // Answers on seven points from the model itself: it fits.
                assert!(fit.measures.rmsea < 0.05, "{name}: {}", fit.measures.rmsea);
                for (to, truth) in drawn.implied[0].paths() {
                    let (lhs, rhs) = to.split_once(" ~ ").unwrap();
                    let Some(path) = fit.parameter(lhs, Operator::Path, rhs) else { continue };
                    assert!(
                        (path.std_all - truth).abs() < 0.25,
                        "{name}: {to} is {}, not {truth}",
                        path.std_all
                    );
                }
                estimated.push(name);
            }
            Err(SemError::Invalid(found)) => {
                assert!(found.0.iter().all(|problem| problem.code == "TP1401"), "{name}: {found}");
                refused.push(name);
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert_eq!(refused.len() + estimated.len(), MODELS.len());
    assert_eq!(estimated.len(), 14, "{estimated:?}, without common factors: {refused:?}");
    assert!(estimated.contains(&"initial-trust"));
}

#[test]
fn missing_answers_leave_the_case_out_or_are_said() {
    let root = env!("CARGO_MANIFEST_DIR");
    let model = Model::read(format!("{root}/models/initial-trust.sem")).unwrap();
    let survey = Survey::read(format!("{root}/data/initial-trust.csv")).unwrap();
    let fit = Sem::default().fit(&model, &survey).unwrap();
    let account = &fit.sample.as_ref().unwrap().account;
    assert_eq!(fit.n, account.cases_used);
    assert!(account.cases_left_out > 0 && account.cells_imputed == 0);
    let mut imputing = Sem::default();
    imputing.data.missing = trustpath::survey::Missing::Mean;
    let imputed = imputing.fit(&model, &survey).unwrap();
    assert!(imputed.n > fit.n);
    assert!(imputed.banner().iter().any(|words| words.contains("replaced by means")));
}

/// What lavaan 0.6-14 gives for paths and covariances of constructs that the model leaves out.
#[test]
fn paths_between_constructs_have_modification_indices() {
    let model = Model::parse(
        "PU =~ PU1 + PU2 + PU3\nPEOU =~ PEOU1 + PEOU2 + PEOU3\nATT =~ ATT1 + ATT2 + ATT3\nMOT =~ MOT1 + MOT2 + MOT3\n\
         PU ~ PEOU\nATT ~ PU\nMOT ~ ATT\n",
    )
    .unwrap();
    let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
    let mut sem = Sem::default();
    sem.data.missing_codes = vec![-99.0];
    let fit = sem.fit(&model, &survey).unwrap();
    assert_eq!(fit.n, 440);
    let found = fit.modifications();
    let lavaan = [
        ("PU", "~~", "ATT", 40.471, -0.564, -0.766),
        ("PU", "~~", "MOT", 1.515, 0.088, 0.099),
        ("PEOU", "~~", "ATT", 40.471, 0.437, 0.484),
        ("PEOU", "~~", "MOT", 2.732, 0.111, 0.102),
        ("ATT", "~~", "MOT", 5.541, -0.179, -0.222),
        ("PU", "~", "ATT", 40.471, -0.847, -0.878),
        ("PU", "~", "MOT", 0.265, -0.036, -0.038),
        ("ATT", "~", "MOT", 5.541, -0.184, -0.189),
        ("ATT", "~", "PEOU", 40.471, 0.357, 0.357),
        ("MOT", "~", "PU", 5.541, 0.188, 0.177),
        ("MOT", "~", "PEOU", 2.732, 0.091, 0.089),
        ("PEOU", "~", "ATT", 40.471, 0.657, 0.656),
        ("PEOU", "~", "MOT", 12.552, 0.228, 0.234),
    ];
    let structural = |m: &&trustpath::sem::Modification| {
        m.op == Operator::Path || (m.op == Operator::Covariance && model.find(&m.lhs).is_some())
    };
    assert_eq!(found.iter().filter(structural).count(), lavaan.len());
    for (lhs, op, rhs, mi, epc, sepc) in lavaan {
        let own = found
            .iter()
            .find(|m| {
                m.op.symbol() == op
                    && ((m.lhs == lhs && m.rhs == rhs) || (op == "~~" && m.lhs == rhs && m.rhs == lhs))
            })
            .unwrap_or_else(|| panic!("{lhs} {op} {rhs}"));
        for (value, known) in [(own.mi, mi), (own.epc, epc), (own.sepc_all, sepc)] {
            assert!((value - known).abs() < 0.0006, "{lhs} {op} {rhs}: {value} and {known}");
        }
    }
}

#[test]
fn what_the_estimate_leaves_out_is_said() {
    use trustpath::sem::Finding;
    let text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n";
    let mut rows = String::from("a1,a2,a3,b1,b2,b3,w\n");
    for case in 0..60 {
        let x = |k: usize| ((case * (k + 3) * 7 + k * k * 5) % 11) as f64 / 3.0 + (case % 7) as f64;
        rows.push_str(&format!("{},{},{},{},{},{},{}\n", x(1), x(2), x(3), x(4), x(5), x(6), 1 + case % 2));
    }
    let survey = Survey::from_bytes("d.csv", rows.as_bytes()).unwrap();
    let findings = |more: &str| {
        let model = Model::parse(&format!("{text}{more}")).unwrap();
        let found = Sem::default().fit(&model, &survey).unwrap().findings;
        found.into_iter().filter(|finding| !finding.is_inadmissible()).collect::<Vec<_>>()
    };
    let plain = findings("");
    let added = |more: &str| findings(more).into_iter().filter(|f| !plain.contains(f)).collect::<Vec<_>>();
    assert_eq!(added("#@ weight w\n"), [Finding::Weighted { column: "w".into() }]);
    assert_eq!(added("#@ ordinal a1 b2\n"), [Finding::Categories { items: vec!["a1".into(), "b2".into()] }]);
    assert_eq!(
        added("#@ mode A B\n#@ scheme centroid\n"),
        [Finding::Unused { annotations: vec!["`#@ mode`".into(), "`#@ scheme`".into()] }]
    );
}
