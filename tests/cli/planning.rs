//! Before the data, and what was published: models, new, simulate, questionnaire, sample-size, reproduce.

use super::{Study, example, snapshot};

#[test]
fn models_are_searched_by_word_construct_and_language() {
    snapshot!(Study::new().run("models --search loyalty --construct tr --lang zh"));
    let none = Study::new().run("models --construct TRR");
    assert!(none.starts_with("exit code: 2") && none.contains("did you mean `TR`?"), "{none}");
}

#[test]
fn models_are_shown_by_number() {
    let shown = Study::new().run("models show m11");
    assert!(shown.contains("ACC   =~ ACC1 + ACC2 + ACC3") && shown.starts_with("exit code: 0"), "{shown}");
    let shown = Study::new().run("models show initial-trust --population");
    assert!(shown.contains("\"ITR ~ MOT\" = 0.60"), "{shown}");
    let unknown = Study::new().run("models show accept-identify-rly");
    assert!(unknown.contains("did you mean `accept-identify-rely`?"), "{unknown}");
}

#[test]
fn items_of_constructs_stand_in_both_languages() {
    snapshot!(Study::new().run("models construct itr SEC"));
}

#[test]
fn a_new_study_has_its_files_and_overwrites_nothing() {
    let study = Study::new();
    let first = study.run("new M11 s");
    assert!(first.starts_with("exit code: 0"), "{first}");
    snapshot!(study.read("s/analysis-plan.md"));
    let plan = study.read("s/analysis-plan.zh.md");
    assert!(plan.contains("| H1 | 接纳 (ACC) | 认同 (IDENT) | + |"), "{plan}");
    let again = study.run("new M11 s");
    assert!(again.starts_with("exit code: 2") && again.contains("TP0020"), "{again}");
    // One file in the way is enough, and nothing else is written then.
    let study = Study::new();
    std::fs::create_dir(study.0.path().join("t")).unwrap();
    let study = study.with("t/rehearsal.csv", "mine");
    assert!(study.run("new M11 t").contains("TP0020"));
    assert_eq!(study.read("t/rehearsal.csv"), "mine");
    assert!(!study.0.path().join("t/analysis-plan.md").exists());
    let unknown = Study::new().run("new M99 s");
    assert!(unknown.contains("TP0005"), "{unknown}");
}

#[test]
fn simulated_answers_follow_the_seed() {
    let study = Study::small();
    assert!(study.run("simulate m.sem -n 20 --seed 5 -o a.csv").starts_with("exit code: 0"));
    study.run("simulate m.sem -n 20 --seed 5 -o b.csv");
    study.run("simulate m.sem -n 20 --seed 6 -o c.csv");
    assert_eq!(study.read("a.csv"), study.read("b.csv"));
    assert_ne!(study.read("a.csv"), study.read("c.csv"));
    assert!(study.read("a.csv").starts_with("id,a1,a2,a3,b1,b2,b3\n1,"));
    snapshot!(study.run("simulate m.sem -n 4 --seed 5"));
}

#[test]
fn the_population_comes_out_complete_and_goes_in_again() {
    let study = Study::small();
    study.run("simulate m.sem -n 50 --population-out p.toml -o a.csv");
    let population = study.read("p.toml");
    assert!(
        population.contains("\"B ~ A\" = 0.632456") && population.contains("\"A\" = 0.8"),
        "{population}"
    );
    study.run("simulate m.sem -n 50 --population p.toml -o b.csv");
    assert_eq!(study.read("a.csv"), study.read("b.csv"));
}

#[test]
fn impossible_populations_are_refused_in_words() {
    let study =
        Study::small().with("p.toml", "[paths]\n\"B ~ A\" = 1.2\n").with("q.toml", "[path]\n\"B ~ A\" = 1\n");
    snapshot!(study.run("simulate m.sem --population p.toml"));
    snapshot!(study.run("simulate m.sem --population q.toml"));
}

#[test]
fn a_questionnaire_without_wording_says_so() {
    let study = Study::small();
    let shown = study.run("questionnaire m.sem --attention-checks 1");
    assert!(shown.contains("no wording in this language for a1, a2, a3, b1, b2, b3"), "{shown}");
    let wrong = study.run("questionnaire m.sem -o q.pdf");
    assert!(wrong.contains("end it in .md or .docx or .csv"), "{wrong}");
}

#[test]
fn a_questionnaire_in_chinese() {
    snapshot!(Study::new().run("questionnaire accept-identify-rely --lang zh --attention-checks 1"));
}

#[test]
fn the_sample_size_has_its_sentence() {
    snapshot!(example("sample-size models/initial-trust.sem --smallest-path 0.2 --lang zh").stdout_text());
    let nothing = Study::new().run("sample-size --smallest-path 0");
    assert!(nothing.starts_with("exit code: 2") && nothing.contains("TP1103"), "{nothing}");
}

#[test]
fn published_studies_are_listed_and_reproduced() {
    snapshot!(Study::new().run("reproduce"));
    snapshot!(Study::new().run("reproduce lancelot-2019"));
    let unknown = Study::new().run("reproduce lancelot-2018");
    assert!(unknown.contains("did you mean the built-in study `lancelot-2019`?"), "{unknown}");
}

#[test]
fn a_table_of_ones_own_is_reproduced_and_drawn() {
    let study = Study::new();
    assert!(study.run("reproduce wang-2009 --source -o own.toml").starts_with("exit code: 0"));
    let shown = study.run("reproduce own.toml --diagram d.svg --format json");
    assert!(shown.contains("\"agreement\"") && study.read("d.svg").contains("</svg>"), "{shown}");
    let broken = study.read("own.toml").replace("BENEFIT   .35", "BENEFIT   .3S");
    let study = study.with("own.toml", broken);
    snapshot!(study.run("reproduce own.toml"));
}

/// Standard output as text.
trait Stdout {
    fn stdout_text(&self) -> String;
}

impl Stdout for std::process::Output {
    fn stdout_text(&self) -> String {
        assert_eq!(self.status.code(), Some(0), "{}", super::shown(self));
        String::from_utf8(self.stdout.clone()).unwrap()
    }
}
