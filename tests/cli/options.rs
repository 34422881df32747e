//! Options that do not fit together, and where output goes.

use super::{MODEL, Study, answers, output, shown, snapshot};

#[test]
fn unknown_value_of_an_option() {
    snapshot!(Study::small().run("fit m.sem d.csv --scheme paht"));
}

#[test]
fn unknown_option() {
    snapshot!(Study::small().run("fit m.sem d.csv --consistant"));
}

#[test]
fn no_data() {
    snapshot!(Study::small().run("fit m.sem"));
}

#[test]
fn data_and_correlations() {
    snapshot!(Study::small().run("fit m.sem d.csv --correlations r.csv --n 9"));
}

#[test]
fn correlations_without_n() {
    snapshot!(Study::small().run("fit m.sem --correlations d.csv"));
}

#[test]
fn settings_out_of_range() {
    snapshot!(Study::small().run("fit m.sem d.csv --tolerance -1 --max-iterations 0"));
}

#[test]
fn level_out_of_range() {
    snapshot!(Study::small().run("bootstrap m.sem d.csv --resamples 10 --level 95"));
}

#[test]
fn a_level_is_printed_as_it_is() {
    let example = "models/initial-trust.sem data/initial-trust.csv --level 0.975";
    for words in [
        format!("bootstrap {example} --resamples 60"),
        format!("mediation {example} --resamples 60"),
        format!("measurement {example} --resamples 60 --tables congruence"),
        format!("sem {example} --tables paths"),
    ] {
        let run = shown(&crate::example(&words));
        assert!(run.contains("97.5 %") && !run.contains("98 %") && !run.contains("98%"), "{words}: {run}");
    }
}

#[test]
fn no_verb() {
    let run = Study::small().run("");
    assert!(run.starts_with("exit code: 2") && run.contains("Usage: trustpath"), "{run}");
}

#[test]
fn help_teaches() {
    snapshot!(Study::new().run("--help"));
}

#[test]
fn help_of_a_verb() {
    snapshot!(Study::new().run("bootstrap -h"));
}

#[test]
fn extension_without_a_form() {
    snapshot!(Study::small().run("fit m.sem d.csv -o result.odt"));
}

#[test]
fn extension_against_format() {
    snapshot!(Study::small().run("fit m.sem d.csv -o result.csv --format json"));
}

#[test]
fn input_is_never_overwritten() {
    let study = Study::small();
    let before = study.read("d.csv");
    snapshot!(study.run("fit m.sem d.csv -o ./d.csv"));
    assert!(study.run("fit m.sem d.csv --scores d.csv").starts_with("exit code: 2"));
    assert!(study.run("fit m.sem d.csv --scores x.csv -o x.csv").starts_with("exit code: 2"));
    assert_eq!(study.read("d.csv"), before);
}

#[test]
fn the_codebook_of_a_model_is_never_overwritten() {
    let codebook = "item,min,max\na1,1,7\n";
    let study = Study::small()
        .with("cb.csv", codebook)
        .with("cb.sem", format!("#@ codebook cb.csv\n{}", crate::MODEL));
    for words in [
        "fit cb.sem d.csv -o cb.csv --tables items",
        "fit cb.sem d.csv --scores ./cb.csv",
        "check cb.sem -o cb.csv",
        "compare m.sem cb.sem d.csv -o cb.csv",
        "mediation cb.sem d.csv -o cb.csv",
        "sem cb.sem d.csv -o cb.csv",
        "questionnaire cb.sem -o cb.csv",
        "simulate cb.sem -o cb.csv",
        "bootstrap cb.sem d.csv --save-resamples cb.csv",
    ] {
        let run = study.run(words);
        assert!(run.starts_with("exit code: 2") && run.contains("would be overwritten"), "{words}: {run}");
        assert_eq!(study.read("cb.csv"), codebook, "{words}");
    }
}

#[test]
fn two_outputs_are_two_files() {
    let study = Study::small();
    for words in [
        "bootstrap m.sem d.csv --resamples 20 --save-resamples z.csv --manifest z.csv",
        "bootstrap m.sem d.csv --resamples 20 --save-resamples z.csv -o ./z.csv",
        "bootstrap m.sem d.csv --resamples 20 --manifest z.csv -o z.csv",
    ] {
        let run = study.run(words);
        assert!(run.starts_with("exit code: 2") && run.contains("named for two outputs"), "{words}: {run}");
        assert!(!study.0.path().join("z.csv").exists(), "{words}");
    }
}

/// A name in Latin-1, as an old archive unpacks it.
#[cfg(unix)]
#[test]
fn names_that_are_no_unicode_are_names() {
    use std::os::unix::ffi::OsStrExt;
    let study = Study::small();
    let name = std::ffi::OsStr::from_bytes(b"caf\xE9.csv");
    // Some file systems have no such names.
    if std::fs::copy(study.0.path().join("d.csv"), study.0.path().join(name)).is_err() {
        return;
    }
    for words in [
        "bootstrap m.sem --resamples 20 --manifest run.json",
        "report m.sem --no-bootstrap --blind -o r.html",
    ] {
        let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("trustpath"));
        let run = command.current_dir(study.0.path()).args(words.split(' ')).arg(name).output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&run.stderr));
        let warned =
            String::from_utf8_lossy(&run.stderr).contains("no Unicode, so that `rerun` cannot repeat");
        assert_eq!(warned, words.starts_with("bootstrap"), "{words}");
    }
    assert!(study.read("run.json").contains("caf\u{fffd}.csv"));
}

#[test]
fn unwritable_output() {
    snapshot!(Study::small().run("fit m.sem d.csv -o nowhere/result.json"));
}

#[test]
fn output_to_a_file() {
    let study = Study::small();
    let printed = study.run("fit m.sem d.csv --format markdown --tables explained");
    assert_eq!(
        study.run("fit m.sem d.csv --tables explained -o result.md"),
        "exit code: 0\n----- stdout -----\n----- stderr -----\nnote: wrote `result.md`\n"
    );
    assert!(printed.contains(&study.read("result.md")), "{printed}");
    assert_eq!(
        study.run("fit m.sem d.csv -q -o result.txt"),
        "exit code: 0\n----- stdout -----\n----- stderr -----\n"
    );
    assert!(!study.read("result.txt").contains('\u{1b}'));
}

#[test]
fn no_color_is_respected() {
    let study = Study::small();
    let coloured = |words: &str, variables: &[(&str, &str)]| {
        let run = output(study.0.path(), words, variables);
        shown(&run).contains('\u{1b}')
    };
    for words in ["fit m.sem d.csv", "fit m.sem missing.csv"] {
        assert!(!coloured(words, &[]), "{words}: no terminal, no colour");
        assert!(coloured(words, &[("CLICOLOR_FORCE", "1")]), "{words}: forced");
        assert!(!coloured(words, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "{words}: NO_COLOR");
        assert!(!coloured(&format!("{words} --no-color"), &[("CLICOLOR_FORCE", "1")]), "{words}: --no-color");
    }
}

#[test]
fn options_about_answers_are_refused_where_there_are_none() {
    let study = crate::Study::small().with("r.csv", ",a1,a2,a3,b1,b2,b3\na1,1,.5,.5,.3,.3,.3\na2,.5,1,.5,.3,.3,.3\na3,.5,.5,1,.3,.3,.3\nb1,.3,.3,.3,1,.5,.5\nb2,.3,.3,.3,.5,1,.5\nb3,.3,.3,.3,.5,.5,1\n");
    for verb in ["fit", "differences", "sem"] {
        let words = format!("{verb} m.sem --correlations r.csv --n 90");
        assert!(study.run(&words).starts_with("exit code: 0"), "{}", study.run(&words));
        for option in ["--missing mean", "--missing-code -99", "--weight w"] {
            let told = study.run(&format!("{words} {option}"));
            assert!(told.starts_with("exit code: 2") && told.contains("says how answers are read"), "{told}");
        }
    }
    assert!(study.run("check m.sem --missing-code 9").contains("without DATA there are none"));
    assert!(study.run("fit m.sem d.csv --n 9").starts_with("exit code: 2"));
}

#[test]
fn settings_without_effect_are_said() {
    let study = Study::small();
    let run = study.run("fit m.sem d.csv --weighting gsca --mode B --scheme centroid");
    assert!(run.contains("Chosen, but without effect under `gsca` weights"), "{run}");
    assert!(run.contains("`scheme`, `mode`"), "{run}");
    for plain in [
        "fit m.sem d.csv --mode B --scheme centroid",
        "fit m.sem d.csv --weighting gsca",
        "fit m.sem d.csv --like csem",
    ] {
        let run = study.run(plain);
        assert!(!run.contains("without effect"), "{plain}: {run}");
    }
    // Every verb that estimates says so, not `fit` alone.
    let run = study.run("bootstrap m.sem d.csv --resamples 50 --weighting pca --scheme centroid");
    assert!(run.contains("without effect under `pca` weights"), "{run}");
    let run = study.run("fit m.sem d.csv --weighting pca --mode A --format json");
    assert!(run.contains("without effect under `pca` weights"), "{run}");
}

#[test]
fn check_judges_by_thresholds_of_ones_own() {
    let csv = answers(40).set(0, 0, "").set(1, 0, "").set(2, 0, "").csv();
    let study =
        Study::small().with("d.csv", &csv).with("t.sem", format!("{MODEL}#@ threshold D07 = 0.2, 0.3\n"));
    let run = study.run("check m.sem d.csv");
    assert!(run.contains("item with ≥ 5 % missing") && run.contains("a1 (8 %)"), "{run}");
    assert!(run.contains("line with > 15 % missing") && run.contains("2 (1 missing)"), "{run}");
    for words in ["check t.sem d.csv", "check m.sem d.csv --threshold D07=0.2,0.3"] {
        let run = study.run(words);
        assert!(run.contains("item with ≥ 20 % missing") && !run.contains("a1 (8 %)"), "{run}");
    }
    let run = study.run("check m.sem d.csv --threshold D08=0.5");
    assert!(run.contains("line with ≥ 50 % missing") && !run.contains("(1 missing)"), "{run}");
    let run = study.run("check m.sem --threshold D08=0.5");
    assert!(
        run.starts_with("exit code: 2") && run.contains("`--threshold` says how numbers are judged"),
        "{run}"
    );
    let run = study.run("check m.sem d.csv --threshold D8=0.5");
    assert!(run.contains("TP0450"), "{run}");
}

#[test]
fn check_says_what_weights_do() {
    let csv = answers(40).csv();
    let rows = csv.lines().enumerate();
    let csv: Vec<String> = rows
        .map(|(at, row)| if at == 0 { format!("{row},w") } else { format!("{row},{}", at % 3) })
        .collect();
    let run = Study::small().with("d.csv", csv.join("\n")).run("check m.sem d.csv --weight w");
    assert!(
        run.contains("Weights  w; cases of weight 0 are left out, the others count once each here"),
        "{run}"
    );
}

#[test]
fn a_codebook_that_contradicts_the_model_is_named() {
    let study = Study::small()
        .with("c.csv", "item,construct\na1,A\na2,B\nb1,A\nb2,B\n")
        .with("m.sem", format!("{MODEL}#@ codebook c.csv\n"));
    for words in ["fit m.sem d.csv", "check m.sem d.csv", "check m.sem", "sem m.sem d.csv"] {
        let run = study.run(words);
        assert!(
            run.contains("The codebook counts a2 among B, the model among A, and 1 more"),
            "{words}: {run}"
        );
    }
    let run = study.run("check m.sem --format json");
    assert!(run.contains("warning: The codebook counts a2"), "{run}");
    let run = study.run("check m.sem --lang zh");
    assert!(run.contains("编码簿把 a2 归入 B"), "{run}");
}

#[test]
fn attention_checks_beyond_the_questions_are_said() {
    let study = Study::small();
    let run = study.run("questionnaire m.sem --attention-checks 9");
    assert!(
        run.contains("9 attention checks were asked for, but the questionnaire has 6 questions"),
        "{run}"
    );
    assert!(!study.run("questionnaire m.sem --attention-checks 6").contains("were asked for"));
}

#[test]
fn redundancy_is_not_asked_of_common_factors() {
    let csv = answers(40).csv();
    let rows = csv.lines().enumerate();
    let csv: Vec<String> = rows
        .map(|(at, row)| if at == 0 { format!("{row},g") } else { format!("{row},{}", at * at % 7) })
        .collect();
    let study = Study::small().with("d.csv", csv.join("\n")).with("f.sem", MODEL.replace("A =~", "A <~"));
    let run = study.run("measurement m.sem d.csv --global A=g --resamples 50");
    assert!(run.starts_with("exit code: 2") && run.contains("`A` is a common factor"), "{run}");
    let run = study.run("measurement f.sem d.csv --global A=g --resamples 50 --tables redundancy");
    assert!(run.starts_with("exit code: 0"), "{run}");
}

#[test]
fn instruments_stand_in_the_header_and_do_not_depend_on_the_outcome() {
    let model = "A =~ a1 + a2\nZ =~ a3\nB =~ b1 + b2\nC =~ b3\nA ~ Z\nB ~ A\nC ~ B\n";
    let study = Study::small()
        .with("i.sem", format!("{model}#@ instruments B Z\n"))
        .with("c.sem", format!("{model}#@ instruments B C\n"))
        .with("n.sem", model);
    let run = study.run("fit i.sem d.csv");
    assert!(run.contains("Instruments  B by Z"), "{run}");
    let run = study.run("fit c.sem d.csv");
    assert!(run.starts_with("exit code: 2") && run.contains("TP0158"), "{run}");
    assert!(run.contains("`C` depends on `B` by the model's paths"), "{run}");
    let output = output(study.0.path(), "fit n.sem d.csv --set instruments={\"B\":[\"C\"]}", &[]);
    let run = shown(&output);
    assert!(run.contains("B acts on instruments of its own equation (C)"), "{run}");
}

#[test]
fn sizes_of_effects_follow_thresholds_set_by_hand() {
    let model = "A =~ a1 + a2\nB =~ a3 + b1\nC =~ b2 + b3\nB ~ A\nC ~ A + B\n";
    let sizes = |threshold: &str| {
        let study = Study::small().with("c.sem", format!("{model}#@ threshold {threshold}\n"));
        study.run("mediation c.sem d.csv --resamples 60 --tables mediation")
    };
    let high = sizes("M03 = 0.9");
    assert!(
        high.contains("negligible") && high.contains("≥ .900 ok") && high.contains("set by hand"),
        "{high}"
    );
    let low = sizes("M03 = 0");
    assert!(low.starts_with("exit code: 0") && !low.contains("negligible"), "{low}");
}
