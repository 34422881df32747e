//! Reports: one file that loads nothing, on the example and on real surveys.

use std::path::Path;

use crate::{MODEL, Study, answers, common, example, output};

fn stderr(run: &std::process::Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// A file that a browser shows without a network, and in which nothing went wrong.
fn sound(html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>") || html.starts_with("<!doctype html>"));
    for forbidden in ["NaN", "src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for part in ["id=\"verdict\"", "id=\"diagram\"", "id=\"method\"", "<svg", "<caption"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn the_first_command_of_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.html");
    let words = format!(
        "report models/initial-trust.sem data/initial-trust.csv --resamples 500 -o {}",
        target.display()
    );
    let run = example(&words);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let html = std::fs::read_to_string(&target).unwrap();
    sound(&html);
    for words in ["Online initial trust", "顾客在线初始信任形成机理", "seed 42", "962f0df8dac22e43", "H10"]
    {
        assert!(html.contains(words), "{words}");
    }
    // The same command makes the same file.
    let again = example(&words);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), html);
}

#[test]
fn real_surveys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in
        ["mobi", "corp_rep", "csem-satisfaction", "influencer", "trust-utaut2-trello", "trust-tra-condom"]
    {
        let Some(data) = common::survey(name) else { continue };
        let folder = tempfile::tempdir().unwrap();
        let words = format!(
            "report {} {} --missing-code -99 --resamples 200 -o report.html",
            root.join("tests/surveys").join(format!("{name}.sem")).display(),
            data.display()
        );
        let run = output(folder.path(), &words, &[]);
        assert_eq!(run.status.code(), Some(0), "{name}: {}", stderr(&run));
        sound(&std::fs::read_to_string(folder.path().join("report.html")).unwrap());
    }
}

#[test]
fn a_correlation_table_makes_a_report_without_intervals() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.sem"), "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n").unwrap();
    let table = ",a1,a2,b1,b2\na1,1,,,\na2,.6,1,,\nb1,.3,.35,1,\nb2,.25,.3,.5,1\n";
    std::fs::write(folder.path().join("r.csv"), table).unwrap();
    let run = output(folder.path(), "report m.sem --correlations r.csv --n 200", &[]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    sound(&String::from_utf8_lossy(&run.stdout));
}

/// Where a construct stands in the diagram of a page.
fn place(html: &str, figure: &str, name: &str) -> [f64; 2] {
    let (_, figure) = html.split_once(&format!("<figure id=\"{figure}\">")).unwrap();
    let (_, node) = figure.split_once(&format!("data-node=\"{name}\"")).unwrap();
    ["x", "y"].map(|key| {
        let (_, value) = node.split_once(&format!("data-{key}=\"")).unwrap();
        value.split('"').next().unwrap().parse().unwrap()
    })
}

#[test]
fn a_layout_places_the_constructs_of_the_diagram_that_it_was_saved_from() {
    let layout = r#"{"trustpath_layout": 1, "figure": "figure-path-diagram", "nodes": {"A": [0, 0], "B": [40, 300], "Z": [1, 1]}}"#;
    let study = Study::small().with("places.json", layout);
    let said = study.run("report m.sem d.csv --no-bootstrap --layout places.json -o r.html");
    assert!(said.contains("`places.json` places what is not in the model: Z"), "{said}");
    let html = study.read("r.html");
    let apart = |figure: &str| {
        let ([ax, ay], [bx, by]) = (place(&html, figure, "A"), place(&html, figure, "B"));
        [bx - ax, by - ay]
    };
    let [dx, dy] = apart("figure-path-diagram");
    assert!((dx - 40.0).abs() < 0.02 && (dy - 300.0).abs() < 0.02, "{dx} {dy}");
    assert!((apart("figure-path-diagram-items")[1] - 300.0).abs() > 1.0);
    let refused = study.with("wrong.json", "{}").run("report m.sem d.csv --layout wrong.json -o x.html");
    assert!(refused.contains("exit code: 2") && refused.contains("the layout cannot be read"), "{refused}");
}

#[cfg(feature = "office")]
#[test]
fn names_of_files_and_labels_do_no_harm() {
    let label = format!("=cmd|'/C calc'!A0 <script>alert(1)</script> \"{}", "very long ".repeat(50));
    let model = format!("#@ title {label}\n#@ label A {label}\n#@ label_zh A {label}\n{MODEL}");
    let data = "=1+1|<b>'x'&.csv";
    let study = Study::new().with("m.sem", model).with(data, answers(40).csv());
    for file in ["r.html", "r.docx", "r.xlsx", "r.md", "r.tex"] {
        let said = study.run(&format!("report m.sem {data} --resamples 60 -o {file} -q"));
        assert!(said.starts_with("exit code: 0"), "{file}: {said}");
    }
    let html = study.read("r.html");
    sound(&html);
    assert!(!html.contains("<script>alert") && !html.contains("<b>'x'"));
    assert!(html.contains("&lt;script&gt;alert"));
    assert!(!study.read("r.md").replace("\\<", "").contains("<script>alert"));
    for file in ["r.docx", "r.xlsx"] {
        let bytes = std::fs::read(study.0.path().join(file)).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut part, &mut text).unwrap();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains("<script>") && !text.contains("<f>"), "{file}: {}", part.name());
        }
    }
}

#[test]
fn a_blind_report_tells_no_name_of_a_file() {
    let study = Study::small().with("smith-model.sem", MODEL);
    for (words, file) in [
        ("-o smith-et-al.md", "smith-et-al.md"),
        ("-osmith-et-al.md", "smith-et-al.md"),
        ("--output=smith-et-al.md --title=Smith", "smith-et-al.md"),
    ] {
        let run = output(
            study.0.path(),
            &format!("report smith-model.sem d.csv --no-bootstrap --blind {words}"),
            &[],
        );
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let text = study.read(file);
        let told = text.lines().find(|line| line.contains("trustpath report")).unwrap_or_default();
        assert!(told.contains("MODEL DATA") && told.contains("REPORT"), "{words}: {told}");
        assert!(!told.to_lowercase().contains("smith"), "{words}: {told}");
    }
    let table = ",a1,a2,a3,b1,b2,b3\na1,1\na2,.5,1\na3,.5,.5,1\nb1,.3,.3,.3,1\nb2,.3,.3,.3,.5,1\nb3,.3,.3,.3,.5,.5,1\n";
    let study = study.with("smithtable.csv", table);
    let words = "report m.sem --correlations=smithtable.csv --n 200 --blind -o r.md";
    let run = output(study.0.path(), words, &[]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(!study.read("r.md").contains("smithtable"), "{}", study.read("r.md"));
}

#[test]
fn the_settings_tell_where_p_comes_from_and_what_a_jackknife_leaves_out() {
    let study = Study::small();
    let report = |words: &str| {
        let run = study.run(&format!("report m.sem d.csv {words} -o r.md -q"));
        assert!(run.starts_with("exit code: 0"), "{run}");
        study.read("r.md")
    };
    let plain = report("--resamples 100");
    assert!(plain.contains("| bootstrap | p value | normal |  |"), "{plain}");
    let groups = report("--method jackknife --folds 8");
    for words in [
        "| bootstrap | folds | 8 | none |",
        "| bootstrap | p value | t | normal |",
        "over the estimates with each of k = 8 groups left out (Kott 2001); t = β / SE",
        "a jackknife of 8 groups of cases",
    ] {
        assert!(groups.contains(words), "{words}: {groups}");
    }
    assert!(!groups.contains("draw at least 10,000 resamples"));
}
