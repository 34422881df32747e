//! Every model that comes with the program can be read, simulated, estimated, drawn and asked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use trustpath::assess::Assessment;
use trustpath::plan::built_in::MODELS;
use trustpath::plan::{Language, Questionnaire, QuestionnaireSettings, Simulate};
use trustpath::{Conventions, Pls};

#[test]
fn every_built_in_model_goes_all_the_way() {
    for built_in in MODELS {
        let name = built_in.name;
        let model = built_in.read().unwrap_or_else(|error| panic!("{name}: {error}"));
        // What the folder holds is what the program holds.
        let file = format!("{}/models/{name}.sem", env!("CARGO_MANIFEST_DIR"));
        let read = trustpath::Model::read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.indicator_names(), model.indicator_names(), "{name}");

        let population = built_in.population().unwrap();
        let draw = Simulate { cases: 400, seed: 3, population, ..Simulate::default() };
        let drawn = draw.run(&model).unwrap_or_else(|error| panic!("{name}: {error}"));
        let survey = drawn.survey().unwrap();
        for pls in [Pls::default(), Pls { consistent: true, ..Pls::default() }] {
            let fit = pls.fit(&model, &survey).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(fit.convergence().converged, "{name}");
            let paths = fit.path_coefficients();
            // Hypothesised paths that the population makes large have the hypothesised sign.
            for path in model.paths() {
                let Some(sign) = path.hypothesis.as_ref().and_then(|h| h.sign) else { continue };
                let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
                let truth =
                    drawn.implied[0].paths().into_iter().find(|(key, _)| *key == format!("{to} ~ {from}"));
                let truth = truth.map_or(0.0, |(_, value)| value);
                let found = paths.get(from, to).unwrap();
                let expected = if sign == trustpath::model::Sign::Negative { -1.0 } else { 1.0 };
                assert!(truth * expected >= 0.0, "{name}: {from} -> {to} is {truth} in the population");
                // 400 cases: a standard error of about .05, larger after correction.
                assert!((found - truth).abs() < 0.3, "{name}: {from} -> {to} is {found}, not {truth}");
            }
            let assessment = Assessment::of(&fit, Conventions::default());
            assert!(!assessment.reliability(&fit).rows.is_empty(), "{name}");
            diagram(&fit, name);
        }
        for language in Language::ALL {
            let settings = QuestionnaireSettings { language: *language, ..QuestionnaireSettings::default() };
            let questionnaire = Questionnaire::of(&model, &settings);
            assert_eq!(questionnaire.without_wording, Vec::<String>::new(), "{name}");
            let text = questionnaire.markdown();
            for item in model.indicators() {
                assert!(text.contains(&item.name), "{name}: {}", item.name);
            }
            let rows = questionnaire.xlsform().lines().filter(|line| line.starts_with(",select_one")).count();
            assert_eq!(rows, model.indicators().len(), "{name}");
            #[cfg(feature = "office")]
            assert!(questionnaire.docx().unwrap().starts_with(b"PK"), "{name}");
        }
    }
}

#[cfg(feature = "plots")]
fn diagram(fit: &trustpath::PlsFit, name: &str) {
    use trustpath::plot::{Theme, results};
    // Nothing covers anything, whatever is drawn and however paths run.
    for mode in [results::Mode::Model, results::Mode::Estimates] {
        for lines in [trustpath::plot::Lines::Curved, trustpath::plot::Lines::Orthogonal] {
            for items in [true, false] {
                let options = results::DiagramOptions { mode, lines, items, ..Default::default() };
                let layout = results::diagram(fit, None, options).layout(&Theme::screen());
                let layout = layout.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(layout.overlaps(), Vec::<String>::new(), "{name}, {options:?}");
            }
        }
    }
    let diagram = results::diagram(fit, None, results::DiagramOptions::default());
    let svg = diagram.svg(&Theme::screen()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(svg.as_str().contains("</svg>"), "{name}");
}

#[cfg(not(feature = "plots"))]
fn diagram(_: &trustpath::PlsFit, _: &str) {}
