//! Rules explained, thresholds of one's own, and programs side by side.

use super::{Study, example, shown, snapshot};

#[test]
fn a_rule_has_a_page() {
    snapshot!(Study::new().run("explain r08"));
}

#[test]
fn a_rule_as_markdown() {
    snapshot!(Study::new().run("explain X11 --format markdown"));
}

#[test]
fn a_rule_as_json() {
    snapshot!(Study::new().run("explain R01 --format json"));
}

#[test]
fn every_rule_is_listed_and_has_a_page() {
    let study = Study::new();
    let list = study.run("explain --format json");
    assert!(list.starts_with("exit code: 0"), "{list}");
    assert_eq!(list.matches("\"id\":").count(), 97);
    let text = study.run("explain");
    for id in ["D01", "R16", "F06", "S17", "P08", "M05", "G09", "X12", "C08"] {
        assert!(text.contains(id), "{id}");
        assert!(study.run(&format!("explain {id}")).starts_with("exit code: 0"), "{id}");
    }
}

#[test]
fn a_code_has_a_page() {
    snapshot!(Study::new().run("explain tp0203"));
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    snapshot!(Study::new().run("explain R80"));
}

#[test]
fn thresholds_of_ones_own_are_said_with_the_default() {
    snapshot!(
        Study::small()
            .run("fit m.sem d.csv --threshold R01=0.5,0.3 --threshold r08=0.95 --tables items,htmt")
    );
}

#[test]
fn thresholds_that_cannot_be_used() {
    snapshot!(
        Study::small().run("fit m.sem d.csv --threshold R99=1 --threshold D06=10 --threshold R01=0.4,0.6")
    );
}

#[test]
fn two_programs_side_by_side() {
    snapshot!(shown(&example(
        "differences models/initial-trust.sem data/initial-trust.csv --between seminr,csem --most 6"
    )));
}

#[test]
fn differences_as_json_hold_everything() {
    let run = shown(&example(
        "differences models/initial-trust.sem data/initial-trust.csv --between smartpls4,plspm --format json",
    ));
    assert!(run.starts_with("exit code: 0"), "{run}");
    for key in ["\"comparisons\"", "\"agree\"", "\"causes\"", "\"setting\":\"scheme\""] {
        assert!(run.contains(key), "{key}");
    }
}

#[test]
fn one_program_is_no_comparison() {
    snapshot!(Study::small().run("differences m.sem d.csv --between seminr,seminr"));
}
