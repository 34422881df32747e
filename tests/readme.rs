//! The README tells the truth: the table it shows is the one the program makes.

#![allow(clippy::unwrap_used, reason = "tests")]

use trustpath::{Bootstrap, Model, Pls, Survey};

#[test]
fn the_table_of_paths_is_the_one_the_program_prints() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
    let survey = Survey::read(root.join("data/initial-trust.csv")).unwrap();
    let fit = Pls::default().fit(&model, &survey).unwrap();
    let table = Bootstrap::default().run(&fit).unwrap().paths().to_string();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for line in table.lines() {
        assert!(readme.contains(line), "the README lacks this line: {line}");
    }
}
