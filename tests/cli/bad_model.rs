//! Model files that cannot be estimated: every message points to its place and says how to mend it.

use super::{Study, answers, snapshot};

fn fit(model: &str) -> String {
    Study::new()
        .with("m.sem", model)
        .with("d.csv", answers(20).csv())
        .run("fit m.sem d.csv --tables structure")
}

#[test]
fn item_in_two_constructs() {
    snapshot!(fit("A =~ a1 + a2 + a3\nB =~ b1 + b2 + a3\nB ~ A\n"));
}

#[test]
fn construct_without_items() {
    snapshot!(fit("A =~ a1 + a2 + a3\nB =~\nB ~ A\n"));
}

#[test]
fn path_to_an_unknown_construct() {
    snapshot!(fit("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A + PRICE\n"));
}

#[test]
fn typo_in_a_construct() {
    snapshot!(fit("TRUST =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ TRUSST\n"));
}

#[test]
fn typo_in_an_annotation() {
    snapshot!(fit("#@ titel My study\nA =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n"));
}

#[test]
fn cycle() {
    snapshot!(fit("A =~ a1 + a2\nB =~ b1 + b2\nC =~ a3 + b3\nB ~ A\nC ~ B\nA ~ C\n"));
}

#[test]
fn two_models_in_one_file() {
    snapshot!(fit("A =~ a1\nB =~ a2 + a3\nC =~ b1\nD =~ b2 + b3\nB ~ A\nD ~ C\n"));
}

#[test]
fn interaction_without_a_main_effect() {
    snapshot!(fit("A =~ a1 + a2\nC =~ a3 + b3\nB =~ b1 + b2\nB ~ A + A:C\nC ~ A\n"));
}

#[test]
fn nothing_at_all() {
    snapshot!(fit(""));
}

#[test]
fn wide_characters_before_the_caret() {
    snapshot!(fit("信任 =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ 信任 + a3\n"));
}

#[test]
fn several_problems_at_once() {
    snapshot!(fit("A =~ a1 + a2\nB =~ b1 + a2\nB ~ A + b1\nA ~ 1\n"));
}

#[test]
fn missing_model() {
    snapshot!(Study::small().run("fit n.sem d.csv"));
}

#[test]
fn a_built_in_model_by_name() {
    snapshot!(Study::small().run("fit initial-trust d.csv"));
}

#[test]
fn missing_codebook() {
    let study = Study::small().with("m.sem", "#@ codebook book.csv\nA =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n");
    snapshot!(study.run("check m.sem"));
}

#[test]
fn a_model_checked_alone() {
    let model = "#@ title A small study\n#@ hypothesis H1 B ~ A +\n#@ label A Appeal\nA =~ a1 + a2 + a3\nB <~ b1 + b2 + b3\nB ~ A\n";
    snapshot!(Study::new().with("m.sem", model).run("check m.sem"));
}
