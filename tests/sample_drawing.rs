//! From a model and a survey to the sample, and what screening finds in it.

use trustpath::diagnostic::Diagnostic;
use trustpath::model::{Codebook, CodebookItem, Model};
use trustpath::survey::{CaseRepeat, Missing, Sample, SampleSettings, Screening, Survey, SurveyError};

const MODEL: &str = "A =~ A1 + A2 + A3\nB =~ B1 + B2\nB ~ A\n";

fn model(codebook: Vec<CodebookItem>) -> Model {
    Model::parse(MODEL)
        .unwrap_or_else(|error| unreachable!("{error}"))
        .with_codebook(Codebook { file: "book.csv".into(), items: codebook })
}

fn entry(item: &str, reverse: bool, missing: &[f64]) -> CodebookItem {
    CodebookItem {
        item: item.into(),
        construct: None,
        construct_label: None,
        construct_label_zh: None,
        text: None,
        text_zh: None,
        min: Some(1.0),
        max: Some(5.0),
        reverse,
        missing: missing.to_vec(),
        source: None,
    }
}

fn survey(text: &str) -> Survey {
    Survey::from_bytes("s.csv", text.as_bytes()).unwrap_or_else(|error| unreachable!("{error}"))
}

fn refused(model: &Model, survey: &Survey, settings: &SampleSettings) -> Vec<Diagnostic> {
    match Sample::draw(model, survey, settings) {
        Err(SurveyError::Invalid(found)) => found.0,
        other => unreachable!("{other:?}"),
    }
}

fn listwise() -> SampleSettings {
    SampleSettings { missing: Missing::Listwise, missing_codes: Vec::new(), weight: None }
}

const DATA: &str = "\
B2,B1,extra,A3,A2,A1
1,2,x,5,1,1
2,,y,4,2,2
3,4,x,9,3,4
5,5,y,1,5,5
,,x,,,
4,3,x,2,77,3
";

#[test]
fn items_come_in_the_order_of_the_model_with_the_codebook_applied() {
    let model = model(vec![entry("A3", true, &[9.0]), entry("A2", false, &[])]);
    let settings = SampleSettings { missing_codes: vec![77.0], ..SampleSettings::default() };
    let sample =
        Sample::draw(&model, &survey(DATA), &settings).unwrap_or_else(|error| unreachable!("{error}"));
    assert_eq!(sample.items, ["A1", "A2", "A3", "B1", "B2"]);
    assert_eq!(sample.origin, [0, 1, 2, 3, 5]);
    assert_eq!(sample.columns[0], [1.0, 2.0, 4.0, 5.0, 3.0]);
    let turned: Vec<Option<f64>> =
        sample.columns[2].iter().map(|value| (!value.is_nan()).then_some(*value)).collect();
    assert_eq!(turned, [Some(1.0), Some(2.0), None, Some(5.0), Some(4.0)]);
    assert_eq!(sample.account.reversed, ["A3"]);
    assert_eq!((sample.account.cases_empty, sample.account.cases_left_out), (1, 1));
    assert_eq!((sample.account.cells_missing, sample.account.cells_imputed), (8, 3));
    assert_eq!(sample.account.columns_unused, 1);
    assert_eq!(sample.account.missing_per_item["A2"], 2);
}

#[test]
fn a_missing_code_that_is_not_declared_is_suggested() {
    let found = refused(&model(vec![entry("A2", false, &[])]), &survey(DATA), &SampleSettings::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "TP0223");
    let place = found[0].place.as_ref();
    assert_eq!(place.and_then(|place| place.line), Some(7));
    assert_eq!(place.and_then(|place| place.column.as_deref()), Some("A2"));
    assert!(found[0].hints[0].contains("--missing-code 77"), "{}", found[0]);
}

#[test]
fn every_problem_of_every_item_is_reported_at_once() {
    let text = "a1,A2,A3,B1,B2\n1,low,3,1,2\n2,high,3,2,3\n3,low,3,9,4\n";
    let found = refused(&model(vec![entry("B1", false, &[])]), &survey(text), &listwise());
    let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["TP0221", "TP0222", "TP0225", "TP0223"]);
    assert!(found[0].hints[0].contains("`a1`"), "{}", found[0]);
}

#[test]
fn copies_are_refused_within_a_block_and_across_blocks() {
    let within = "A1,A2,A3,B1,B2\n1,1,3,1,2\n2,2,5,2,3\n4,4,4,5,4\n3,3,1,1,1\n";
    let across = "A1,A2,A3,B1,B2\n1,2,3,1,2\n2,2,5,2,3\n4,3,4,4,4\n3,1,1,3,1\n";
    for (text, second) in [(within, "`A2`"), (across, "`B1`")] {
        let found = refused(&model(vec![]), &survey(text), &listwise());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "TP0226");
        assert!(found[0].message.contains("`A1`") && found[0].message.contains(second), "{}", found[0]);
    }
}

#[test]
fn the_built_in_study_is_drawn_and_screened() {
    let model = Model::read("models/initial-trust.sem").unwrap_or_else(|error| unreachable!("{error}"));
    let survey = Survey::read("data/initial-trust.csv").unwrap_or_else(|error| unreachable!("{error}"));
    let draw =
        |settings| Sample::draw(&model, &survey, &settings).unwrap_or_else(|error| unreachable!("{error}"));
    let mean = draw(SampleSettings::default());
    assert_eq!((mean.cases(), mean.items.len()), (480, 43));
    assert_eq!(mean.account.reversed, ["SEC4"]);
    assert_eq!((mean.account.columns_unused, mean.account.cases_with_missing), (6, 145));
    assert_eq!(mean.account.cells_imputed, mean.account.cells_missing);
    let full = draw(listwise());
    assert_eq!((full.cases(), full.account.cases_left_out), (335, 145));
    assert!(full.columns.iter().flatten().all(|value| value.is_finite()));

    let screening = Screening::of(&model, &survey, &mean);
    assert_eq!(screening.items.len(), 43);
    let sec4 = screening.items.iter().find(|item| item.item == "SEC4");
    assert!(sec4.is_some_and(|item| item.reversed && item.construct == "SEC" && !item.suspect_direction));
    assert!(screening.items.iter().all(|item| item.scale_min == Some(1.0) && item.frequencies.is_some()));
}

#[test]
fn screening_speaks_of_lines_of_the_file() {
    let text = "A1,A2,A3,B1,B2\n\n2,2,2,2,2\n1,2,5,4,3\n1,2,5,4,3\n5,,4,1,2\n4,5,1,3,1\n";
    let survey = survey(text);
    let model = model(vec![entry("A3", true, &[])]);
    let sample = Sample::draw(&model, &survey, &SampleSettings::default())
        .unwrap_or_else(|error| unreachable!("{error}"));
    let screening = Screening::of(&model, &survey, &sample);
    assert_eq!(screening.straight_liners, [3]);
    assert_eq!(screening.repeats, [CaseRepeat { line: 5, first_line: 4 }]);
    assert_eq!(screening.sparse.iter().map(|case| case.line).collect::<Vec<_>>(), [6]);
}
