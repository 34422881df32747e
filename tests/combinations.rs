//! Every combination of what a model can hold and what can be asked of it, end to end: interaction × higher order × PLSc ×
//! bootstrap × fit × diagram × report. Where theory forbids one, the error says why and what to use.
#![cfg(all(feature = "plots", feature = "report"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use std::path::Path;

use trustpath::assess::{
    CrossValidated, Distance, GlobalItem, blindfolding, global_item_redundancy, redundancy,
};
use trustpath::model::{HigherOrder, Interaction};
use trustpath::moments::Moments;
use trustpath::plot::Theme;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::report::{Context, Report};
use trustpath::resample::{Diagonal, MeasurementTests, congruence_given, tetrad_analysis};
use trustpath::resample::{Inadmissible, Kind};
use trustpath::survey::{Sample, SampleSettings, Screening};
use trustpath::{Assessment, Bootstrap, Conventions, Model, Pls, PlsFit, Survey};

const BLOCKS: &str = "\
NAV =~ NAV1 + NAV2 + NAV3 + NAV4
REP =~ REP1 + REP2 + REP3 + REP4
INFO =~ INFO1 + INFO2 + INFO3 + INFO4
ATT =~ ATT1 + ATT2 + ATT3 + ATT4
DTT =~ DTT1 + DTT2 + DTT3 + DTT4
MOT =~ MOT1 + MOT2 + MOT3 + MOT4
";

/// The same constructs in a survey of customers of mobile phones.
const MOBI: &str = "\
NAV =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
REP =~ PERQ1 + PERQ2 + PERQ3 + PERQ4
INFO =~ PERV1 + PERV2
ATT =~ CUSA1 + CUSA2 + CUSA3
DTT =~ CUEX1 + CUEX2 + CUEX3
MOT =~ CUSL1 + CUSL2 + CUSL3
";

/// What a model holds.
const MODELS: [(&str, &str); 12] = [
    ("plain", "ATT ~ a*NAV + REP + INFO\nMOT ~ b*ATT + DTT\nab := a*b"),
    ("interaction", "ATT ~ a*NAV + REP + INFO\nMOT ~ b*ATT + DTT + m*ATT:DTT\nab := a*b\nlow := a*(b - m)"),
    ("quadratic", "ATT ~ NAV + REP + INFO\nMOT ~ ATT + DTT + ATT:ATT"),
    ("three-way", "ATT ~ NAV + REP + INFO\nMOT ~ ATT + DTT + NAV + ATT:DTT:NAV"),
    ("two products", "ATT ~ NAV + REP + INFO + NAV:REP\nMOT ~ ATT + DTT + ATT:DTT"),
    ("second order", "SIG <~ NAV + REP + INFO\nATT ~ a*SIG\nMOT ~ b*ATT + DTT\nab := a*b"),
    ("second-order factor", "SIG =~ NAV + REP + INFO\nATT ~ SIG\nMOT ~ ATT + DTT"),
    ("second order in an interaction", "SIG <~ NAV + REP + INFO\nATT ~ SIG + DTT + SIG:DTT\nMOT ~ ATT"),
    ("a cube", "ATT ~ NAV + REP + INFO\nMOT ~ ATT + DTT + ATT:ATT + ATT:ATT:ATT"),
    (
        "two wholes, one by repeated indicators",
        "#@ higher-order ALL repeated\nSIG <~ NAV + REP\nALL =~ DTT + INFO\nATT ~ SIG + ALL + SIG:ALL\nMOT ~ ATT",
    ),
    (
        "a repeated whole in a whole",
        "#@ higher-order SIG repeated\nSIG <~ NAV + REP\nALL <~ SIG + INFO\nATT ~ ALL\nMOT ~ ATT + DTT",
    ),
    ("third order", "SIG <~ NAV + REP\nALL <~ SIG + INFO\nATT ~ ALL\nMOT ~ ATT + DTT + ATT:DTT"),
];

fn survey() -> Survey {
    Survey::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/initial-trust.csv")).unwrap()
}

/// Everything that reads a fit reads this one, and every number is one or is said not to apply.
fn everything(name: &str, model: &Model, survey: &Survey, fit: &PlsFit) {
    let assessment = Assessment::of(fit, Conventions::default());
    assert!(fit.estimate.paths.iter().all(|b| b.is_finite()), "{name}");
    for table in [
        assessment.items(fit),
        assessment.reliability(fit),
        assessment.htmt_table(fit),
        assessment.structure(fit),
        assessment.explained(fit),
        assessment.effects(fit),
        assessment.global_fit(),
        assessment.verdicts(fit),
        fit.definitions_table(),
    ] {
        assert!(!table.to_string().contains("NaN"), "{name}: {table}");
    }
    let higher = model.constructs().iter().any(|c| c.components().is_some());
    let hidden =
        model.constructs().iter().any(|c| c.factors().is_none() && fit.model.find(&c.name).is_none());
    // Or constructs that the last stage knows by their scores.
    let by_scores = fit.settings.interaction == Some(Interaction::TwoStageScores) && fit.products().is_some();
    assert_eq!(!assessment.components(fit).is_empty(), (higher && hidden) || by_scores, "{name}");
    // Products are never compared by HTMT, nor a whole with its parts.
    for (j, construct) in fit.model.constructs().iter().enumerate() {
        if construct.factors().is_some() {
            assert!((0..j).all(|i| assessment.htmt.at(j, i).is_none()), "{name}");
        }
    }
    let srmr = assessment.fit.srmr();
    assert!(srmr > 0.0 && srmr < 0.5, "{name}: {srmr}");
    let json = serde_json::to_string(&trustpath::contract::fit(
        fit,
        &assessment,
        trustpath::contract::Origin::Answers(survey),
    ))
    .unwrap();
    assert!(!json.contains("NaN"), "{name}");

    let boot = Bootstrap { resamples: 12, inadmissible: Inadmissible::Keep, ..Bootstrap::default() }
        .run(fit)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(boot.of_kind(Kind::Defined).count(), model.definitions().len(), "{name}");
    for (quantity, summary, draws) in boot.of_kind(Kind::Path).chain(boot.of_kind(Kind::Defined)) {
        let summary = summary.unwrap_or_else(|| panic!("{name}: {}", quantity.name));
        assert!(summary.low <= summary.high && draws.len() > 6, "{name}: {}", quantity.name);
    }
    components_are_resampled(name, fit, &boot);
    // A resample of every case once is the sample itself, and case weights give the same as repeated cases.
    let all: Vec<usize> = (0..fit.n()).collect();
    let same = Bootstrap { inadmissible: Inadmissible::Keep, ..Bootstrap::default() }
        .run_given(fit, &[all.clone(), all])
        .unwrap();
    for (draws, original) in same.draws.iter().zip(&same.original) {
        let near = (draws[0] - original).abs() < 1e-6 || (draws[0].is_nan() && original.is_nan());
        assert!(near, "{name}: {} {original}", draws[0]);
    }

    let theme = Theme::screen();
    {
        let options = DiagramOptions { items: true, ..DiagramOptions::default() };
        let svg = results::diagram(fit, Some(&boot), options).svg(&theme).unwrap().to_string();
        // A product is an arrow onto the path it moderates, under the names of its factors.
        for construct in fit.model.constructs() {
            for part in construct.name.split(':') {
                assert!(svg.contains(part), "{name}: {part} is not drawn");
            }
        }
    }
    let screening = fit.answers().map(|sample| Screening::of(fit.written(), survey, sample));
    let html =
        Report::of(fit, &assessment, Some(&boot), screening.as_ref(), Context::default()).to_html().unwrap();
    assert!(html.len() > 10_000 && !html.contains(">NaN<"), "{name}");
}

/// Items of components with intervals, their reliabilities, and HTMT where it tells constructs apart.
fn components_are_resampled(name: &str, fit: &PlsFit, boot: &trustpath::resample::Bootstrapped) {
    let written = fit.written();
    for (quantity, ..) in boot.of_kind(Kind::Htmt) {
        assert!(!quantity.name.contains(':'), "{name}: {}", quantity.name);
        for (whole, part) in [(&quantity.from, &quantity.to), (&quantity.to, &quantity.from)] {
            let parts = written.find(whole).and_then(|id| written.construct(id).components());
            assert!(parts.is_none_or(|parts| !parts.contains(part)), "{name}: {}", quantity.name);
        }
    }
    for (at, own) in fit.measured_before() {
        let stage = &fit.earlier()[at];
        for j in own {
            let construct = &stage.model.constructs()[j];
            for id in &construct.indicators {
                let item = &stage.model.indicator(*id).name;
                for (kind, values) in
                    [(Kind::Loading, &stage.estimate.loadings), (Kind::Weight, &stage.estimate.weights)]
                {
                    let found = boot.find(kind, item, &construct.name);
                    let found = found.unwrap_or_else(|| panic!("{name}: {item} of {}", construct.name));
                    assert!((found.original - values[id.index()]).abs() < 1e-12 && found.low <= found.high);
                }
            }
            if construct.indicators.len() > 1 && stage.plan.blocks[j].reflective {
                let found = boot.find(Kind::Ave, &construct.name, &construct.name).unwrap();
                assert!(found.low > 0.0, "{name}: {}", construct.name);
            }
            // Every component is told apart from the other constructs of its stage.
            for (k, other) in stage.model.constructs().iter().enumerate() {
                if other.components().is_none() && construct.components().is_none() && k != j {
                    let found = [(&construct.name, &other.name), (&other.name, &construct.name)]
                        .map(|(a, b)| boot.find(Kind::Htmt, a, b).is_some());
                    assert!(found[0] != found[1], "{name}: {} and {}", construct.name, other.name);
                }
            }
        }
    }
    let mut names: Vec<_> = boot.quantities.iter().map(|q| (q.kind, &q.name)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), boot.quantities.len(), "{name}: a quantity is listed twice");
}

#[test]
fn every_combination_goes_through_everything_or_says_why_not() {
    every_combination(BLOCKS, &survey());
}

/// A survey of others; none where it is not at hand.
fn mobi() -> Option<Survey> {
    Some(Survey::read(common::survey("mobi")?).unwrap())
}

#[test]
fn every_combination_goes_through_everything_on_a_real_survey() {
    if let Some(survey) = mobi() {
        every_combination(MOBI, &survey);
    }
}

fn every_combination(blocks: &str, survey: &Survey) {
    let approaches = [
        (Interaction::TwoStage, HigherOrder::Disjoint),
        (Interaction::ProductIndicator, HigherOrder::Embedded),
        (Interaction::Orthogonal, HigherOrder::Disjoint),
        (Interaction::Moments, HigherOrder::Repeated),
        (Interaction::MomentsReplace, HigherOrder::ExtendedRepeated),
        (Interaction::TwoStage, HigherOrder::Saturated),
        (Interaction::TwoStageScores, HigherOrder::Disjoint),
    ];
    let mut done = 0;
    for (title, paths) in MODELS {
        let model = Model::parse(&format!("{blocks}{paths}")).unwrap();
        let named = !model.about.higher_order_of.is_empty();
        let products = model.constructs().iter().any(|c| c.factors().is_some());
        let highest =
            (0..model.constructs().len()).map(|at| model.order(trustpath::model::ConstructId::new(at))).max();
        for consistent in [false, true] {
            let mut tried = Vec::new();
            for (interaction, higher_order) in approaches {
                // One run per choice that makes a difference.
                let choice = (products.then_some(interaction), (highest > Some(1)).then_some(higher_order));
                if tried.contains(&choice) || (highest > Some(2) && higher_order == HigherOrder::Saturated) {
                    continue;
                }
                tried.push(choice);
                let name = format!("{title}, {interaction}, {higher_order}, consistent {consistent}");
                let pls = Pls {
                    consistent,
                    interaction: Some(interaction),
                    // What the model says of single constructs stands.
                    higher_order: (!named).then_some(higher_order),
                    ..Pls::default()
                };
                if named && higher_order != HigherOrder::Disjoint {
                    continue;
                }
                let indicators =
                    matches!(interaction, Interaction::ProductIndicator | Interaction::Orthogonal);
                let repeated = matches!(higher_order, HigherOrder::Repeated | HigherOrder::ExtendedRepeated)
                    || model.approach("ALL", pls.higher_order) == HigherOrder::Repeated;
                let forbidden = [
                    (products && indicators && consistent, "TP0433", "`#@ interaction moments`"),
                    (highest > Some(1) && repeated && consistent, "TP0436", "`#@ higher-order disjoint`"),
                ];
                let why = forbidden.iter().filter(|(applies, ..)| *applies);
                match pls.fit(&model, survey) {
                    Ok(fit) => {
                        assert_eq!(why.count(), 0, "{name} has no theory");
                        everything(&name, &model, survey, &fit);
                        done += 1;
                    }
                    Err(error) => {
                        let error = error.to_string();
                        let said = |(_, code, hint): &(bool, &str, &str)| {
                            error.contains(code) && error.contains(hint)
                        };
                        assert!(why.clone().any(said), "{name}: {error}");
                    }
                }
            }
        }
    }
    assert!(done > 60, "{done}");
}

#[test]
fn what_theory_forbids_is_said_with_what_to_use() {
    let survey = survey();
    let model = |paths: &str| Model::parse(&format!("{BLOCKS}{paths}")).unwrap();
    let product = model(MODELS[1].1);
    let second = model(MODELS[5].1);
    let refused = |model: &Model, pls: &Pls| pls.fit(model, &survey).unwrap_err().to_string();
    for (correlation, code, model) in [
        ("spearman", "TP0431", &product),
        ("polychoric", "TP0431", &product),
        ("quantified", "TP0430", &second),
    ] {
        let error = refused(model, &Pls { correlation: correlation.parse().unwrap(), ..Pls::default() });
        assert!(error.contains(code) && error.contains("`--correlation pearson`"), "{error}");
    }
    let instruments = [("MOT".to_owned(), ["NAV", "REP", "INFO"].map(str::to_owned).to_vec())];
    let error = refused(&product, &Pls { instruments: instruments.into(), ..Pls::default() });
    assert!(error.contains("TP0432"), "{error}");
    // From correlations alone: a construct of constructs, but no product.
    let plain = Pls::default().fit(&second, &survey).unwrap();
    let moments = plain.answer_moments().clone();
    let again = Pls::default().fit_moments(&second, moments.clone()).unwrap();
    for (a, b) in again.estimate.paths.iter().zip(&plain.estimate.paths) {
        assert!((a - b).abs() < 1e-12);
    }
    let error = Pls::default().fit_moments(&product, moments).unwrap_err().to_string();
    assert!(error.contains("TP0434") && error.contains("give the survey file"), "{error}");
}

/// With all constructs by their scores the second stage is least squares on scores and their product.
#[test]
fn two_stages_by_scores_are_least_squares() {
    let survey = survey();
    for at in [1, 7] {
        let model = Model::parse(&format!("{BLOCKS}{}", MODELS[at].1)).unwrap();
        let pls = Pls { interaction: Some(Interaction::TwoStageScores), ..Pls::default() };
        let fit = pls.fit(&model, &survey).unwrap();
        let before = fit.earlier().last().unwrap();
        let scores = before.scores().unwrap();
        let product = fit.model.constructs().iter().find(|c| c.factors().is_some()).unwrap();
        let of = |name: &str| scores[before.model.find(name).unwrap().index()].clone();
        let outcome = fit.model.paths().iter().find(|p| fit.model.construct(p.from).name == product.name);
        let outcome = &fit.model.construct(outcome.unwrap().to).name;
        let id = fit.model.find(outcome).unwrap();
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let mut names = Vec::new();
        for x in fit.model.predecessors(id) {
            let name = fit.model.construct(x).name.clone();
            columns.push(
                name.split(':').map(of).reduce(|a, b| a.iter().zip(b).map(|(a, b)| a * b).collect()).unwrap(),
            );
            names.push(name);
        }
        let k = columns.len();
        columns.push(of(outcome));
        names.push(outcome.clone());
        let moments = Moments::of(&Sample::from_columns(names.clone(), columns).unwrap());
        let x: Vec<usize> = (0..k).collect();
        let (b, _) = trustpath::stats::linear::regress(|a, b| moments.r(a, b), &x, k).unwrap();
        for (at, name) in names[..k].iter().enumerate() {
            let expected = b[at] * moments.sd[k] / moments.sd[at];
            let got = fit.path_coefficients().get(name, outcome).unwrap();
            assert!((got - expected).abs() < 1e-9, "{name}: {got} {expected}");
        }
    }
}

/// What looks at items looks at those that answers are, in every stage.
#[test]
fn measurement_is_tested_where_answers_are_items() {
    let survey = survey();
    let model = |paths: &str| Model::parse(&format!("{BLOCKS}{paths}")).unwrap();
    let plain = Pls::default().fit(&model(MODELS[0].1), &survey).unwrap();
    let moderated = Pls::default().fit(&model(MODELS[1].1), &survey).unwrap();
    // The stage before the product is the plain model: the same tetrads, the product none of its own.
    let tests = MeasurementTests { resamples: 40, seed: 1, ..MeasurementTests::default() };
    let tetrads = |fit: &PlsFit| tetrad_analysis(fit, &tests).unwrap();
    assert_eq!(tetrads(&plain), tetrads(&moderated));
    let indicators = Pls { interaction: Some(Interaction::ProductIndicator), ..Pls::default() };
    let indicators = indicators.fit(&model(MODELS[1].1), &survey).unwrap();
    let blocks = tetrads(&indicators);
    assert_eq!(blocks.iter().find(|block| block.construct == "ATT:DTT").unwrap().reason, "a product");
    let whole = Pls::default().fit(&model(MODELS[5].1), &survey).unwrap();
    let names: Vec<String> = tetrads(&whole).into_iter().map(|block| block.construct).collect();
    assert_eq!(names, ["NAV", "REP", "INFO", "ATT", "DTT", "MOT"]);

    // A resample of every case once is the sample itself, and products are told apart from nothing.
    let all: Vec<usize> = (0..plain.n()).collect();
    for fit in [&plain, &moderated, &indicators, &whole] {
        let pairs = congruence_given(fit, Diagonal::RhoA, &[all.clone(), all.clone()], 0.95).unwrap();
        assert!(pairs.iter().all(|pair| !pair.from.contains(':') && !pair.to.contains(':')));
        for pair in &pairs {
            let summary = pair.summary.unwrap();
            assert!((summary.mean - pair.congruence).abs() < 1e-9, "{pair:?}");
        }
    }
    let pairs = congruence_given(&moderated, Diagonal::RhoA, &[all.clone(), all], 0.95).unwrap();
    assert_eq!(pairs.len(), 6 * 5 / 2);

    // A construct of constructs is formed by its components; a global item asks for the whole of it.
    let global = [GlobalItem { construct: "SIG".to_owned(), item: "SIZE1".to_owned() }];
    let found = redundancy(&whole, Some(&survey), &global).unwrap();
    assert_eq!(found.len(), 1);
    let scores = whole.first_stage().scores().unwrap();
    let size = survey.column("SIZE1").unwrap().clone();
    let trustpath::survey::Values::Numbers(cells) = size.values else { panic!("numbers") };
    // The multiple correlation by regression on the scores.
    let item: Vec<f64> = cells.into_iter().map(|x| x.unwrap_or(f64::NAN)).collect();
    let columns = vec![scores[0].clone(), scores[1].clone(), scores[2].clone(), item];
    let names = ["a", "b", "c", "g"].map(str::to_owned).to_vec();
    let moments = Moments::of(&Sample::from_columns(names, columns).unwrap());
    let expected = global_item_redundancy(&moments, &[0, 1, 2], 3).unwrap();
    assert!((found[0].path.unwrap() - expected).abs() < 1e-9, "{found:?} {expected}");
    assert!(found[0].mode_a.is_some_and(|r| r > 0.9 && r <= 1.0 + 1e-12));
    assert!(redundancy(&moderated, Some(&survey), &[]).unwrap().is_empty());

    // Blindfolding hides answers of the last stage; where paths follow from moments it has no theory.
    let moments = Pls { consistent: true, ..Pls::default() }.fit(&model(MODELS[1].1), &survey).unwrap();
    let q2 = |fit: &PlsFit| blindfolding(fit, Distance::Usual).constructs;
    assert!(q2(&moments).iter().all(|one| one.q2_redundancy.is_none()));
    let of = |list: &[CrossValidated], name: &str| {
        list.iter().find(|c| c.construct == name).unwrap().q2_redundancy
    };
    assert!((of(&q2(&moderated), "MOT").unwrap() - of(&q2(&plain), "MOT").unwrap()).abs() < 0.1);
}

/// An observed code and its product, on a real survey where it is at hand.
#[test]
fn a_code_keeps_its_units_in_products() {
    let survey = survey();
    // A code 1/2 from an item: below or above the middle of the scale.
    let mut survey = survey;
    let item = survey.column("SIZE1").unwrap().clone();
    let trustpath::survey::Values::Numbers(cells) = item.values else { panic!("numbers") };
    let cells = cells.into_iter().map(|x| x.map(|x| if x > 4.0 { 1.0 } else { 0.0 })).collect();
    survey.columns.push(trustpath::survey::Column {
        name: "LARGE".to_owned(),
        values: trustpath::survey::Values::Numbers(cells),
    });
    let text =
        |more: &str| format!("{more}{BLOCKS}ATT ~ NAV + REP + INFO\nMOT ~ ATT + DTT + LARGE + ATT:LARGE");
    let raw = Model::parse(&text("#@ unstandardized LARGE\n")).unwrap();
    let fit = Pls::default().fit(&raw, &survey).unwrap();
    let standard = Pls::default().fit(&Model::parse(&text("")).unwrap(), &survey).unwrap();
    let b = |fit: &PlsFit, from: &str| fit.path_coefficients().get(from, "MOT").unwrap();
    // Scores of ATT come out of the first stage alike; the rest is a change of origin and unit of LARGE.
    let large = fit.model.find("LARGE").unwrap().index();
    let (sd, mean) = (fit.scales[large], fit.answer_moments().mean[fit.answer_moments().len() - 1]);
    assert!((b(&fit, "ATT:LARGE") - b(&standard, "ATT:LARGE") / sd).abs() < 2e-3);
    let at_zero = b(&standard, "ATT") - b(&standard, "ATT:LARGE") * mean / sd;
    assert!((b(&fit, "ATT") - at_zero).abs() < 2e-3, "{} {at_zero}", b(&fit, "ATT"));
    assert!((fit.r_squared().get("MOT").unwrap() - standard.r_squared().get("MOT").unwrap()).abs() < 1e-3);
    everything("a code", &raw, &survey, &fit);
}

/// The same on other people's data.
#[test]
fn real_surveys_take_interactions_and_second_order() {
    let Some(survey) = mobi() else { return };
    let text = "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5\nExpectation =~ CUEX1 + CUEX2 + CUEX3\n\
                Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5\nValue =~ PERV1 + PERV2\n\
                Satisfaction =~ CUSA1 + CUSA2 + CUSA3\nOffer <~ Quality + Value\n\
                Satisfaction ~ Image + Expectation + Offer + Image:Offer + CUSCO";
    let model = Model::parse(text).unwrap();
    for consistent in [false, true] {
        let fit = Pls { consistent, ..Pls::default() }.fit(&model, &survey).unwrap();
        assert_eq!(fit.is_by_moments(), consistent);
        everything(&format!("mobi, consistent {consistent}"), &model, &survey, &fit);
        let drawn = Sample::draw(&model, &survey, &SampleSettings::default()).unwrap();
        assert_eq!(Some(&drawn), fit.answers().map(AsRef::as_ref));
    }
}
