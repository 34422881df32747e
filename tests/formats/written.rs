//! What the program itself writes: titles, chosen sections, arranged figures and blind reports in every form, and what people
//! can write into model, codebook, data and file names without harm.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::{Reader, Xlsx};

/// Every form of a report.
const FORMS: [&str; 5] = ["html", "docx", "xlsx", "md", "tex"];

fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trustpath"));
    command.current_dir(folder).args(words).env("NO_COLOR", "1").output().unwrap()
}

fn well(folder: &Path, words: &[&str]) {
    let run = run(folder, words);
    assert_eq!(run.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn root(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name).display().to_string()
}

/// Every text of a file: itself, or the files that are packed in it.
fn texts(file: &Path) -> Vec<(String, String)> {
    let bytes = std::fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    if !bytes.starts_with(b"PK") {
        return vec![(name, String::from_utf8_lossy(&bytes).into_owned())];
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .filter_map(|at| {
            let mut inner = archive.by_index(at).unwrap();
            let mut text = String::new();
            let is_text = inner.read_to_string(&mut text).is_ok();
            is_text.then(|| (format!("{name}/{}", inner.name()), text))
        })
        .collect()
}

/// What a reader sees of a file, without markup.
fn words(file: &Path) -> String {
    let all = texts(file).into_iter().filter(|(name, _)| {
        !name.contains('/') || name.contains("document.xml") || name.contains("sharedStrings")
    });
    // Markdown and LaTeX have no tags.
    let is_marked = |name: &str| !(name.ends_with(".md") || name.ends_with(".tex"));
    all.map(|(name, text)| if is_marked(&name) { super::stripped(&text) } else { text })
        .collect::<Vec<_>>()
        .join("\n")
}

/// A report in every form, as files in a folder.
fn reports(verb: &str, more: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let (model, data) = (root("models/initial-trust.sem"), root("data/initial-trust.csv"));
    let files = FORMS
        .iter()
        .map(|form| {
            let file = format!("out.{form}");
            let mut words = vec![verb, &model, &data];
            words.extend(more);
            words.extend(["-o", &file]);
            well(folder.path(), &words);
            folder.path().join(file)
        })
        .collect();
    (folder, files)
}

#[test]
fn a_title_and_chosen_sections_stand_in_every_form() {
    for (verb, more) in [("report", &["--no-bootstrap"][..]), ("sem", &[])] {
        let mut asked = vec!["--title", "Trust in shops", "--sections", "verdict,fit"];
        asked.extend(more);
        let (_folder, files) = reports(verb, &asked);
        for file in files {
            let words = words(&file);
            assert!(words.contains("Trust in shops"), "{verb} {}", file.display());
            assert!(words.contains("Hypotheses") && words.contains("Model fit"), "{verb} {}", file.display());
            for left_out in ["Settings", "Manifest", "Wording of the items", "Item statistics"] {
                assert!(!words.contains(left_out), "{verb} {}: {left_out}", file.display());
            }
        }
    }
}

#[test]
fn a_blind_report_names_no_file_and_no_source() {
    for (verb, more) in [("report", &["--no-bootstrap"][..]), ("sem", &[])] {
        let mut asked = vec!["--blind", "--purpose", "prediction"];
        asked.extend(more);
        let (_folder, files) = reports(verb, &asked);
        for file in files {
            for (name, text) in texts(&file) {
                for word in [
                    "initial-trust.sem",
                    "initial-trust.csv",
                    "initial-trust.codebook",
                    "Lu & Zhou",
                    "Lu &amp; Zhou",
                ] {
                    assert!(!text.contains(word), "{verb} {name}: {word}");
                }
            }
            let words = words(&file);
            assert!(
                words.contains("MODEL DATA"),
                "{verb} {}: the command with words for its files",
                file.display()
            );
            // Nobody predicted new cases, and nobody says so.
            assert!(words.contains("was not tested here"), "{verb} {}", file.display());
        }
    }
}

#[test]
fn an_arranged_figure_is_arranged_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let (model, data) = (root("models/initial-trust.sem"), root("data/initial-trust.csv"));
    let layout = folder.path().join("layout.json");
    let plain = folder.path().join("plain.json");
    well(folder.path(), &["plot", &model, "--show", "model", "--no-items", "-o", plain.to_str().unwrap()]);
    // As the program arranges it, with one construct moved.
    let text = std::fs::read_to_string(&plain).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let places = json.get_mut("nodes").and_then(|nodes| nodes.as_object_mut()).unwrap();
    let moved = places.get_mut("ITR").unwrap();
    moved[0] = serde_json::json!(moved[0].as_f64().unwrap() + 400.0);
    std::fs::write(&layout, json.to_string()).unwrap();
    for form in ["html", "md"] {
        let file = format!("arranged.{form}");
        let layout = layout.to_str().unwrap();
        let words = ["report", &model, &data, "--no-bootstrap", "--layout", layout, "-o", &file];
        well(folder.path(), &words);
        assert!(folder.path().join(&file).exists());
    }
    let width = |name: &str| {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        let (_, rest) = text.split_once("viewBox=\"").unwrap();
        let sizes: Vec<f64> =
            rest.split('"').next().unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
        sizes[2]
    };
    let usual = ["report", &model, &data, "--no-bootstrap", "-o", "usual.md"];
    well(folder.path(), &usual);
    let (usual, arranged) = (width("usual-path-diagram.svg"), width("arranged-path-diagram.svg"));
    assert!(arranged > usual + 300.0, "{arranged} and {usual}");
}

/// Words that would do harm if any form took them for more than words.
fn evil(length: usize) -> String {
    let start = "=cmd|' /C calc'!A0<script>alert(\"x\")</script><img src=x onerror=alert(1)>&'\\input{x}$^$";
    format!("{start}{}", "long ".repeat(length.saturating_sub(start.len()) / 5))
}

/// A study in which every word that a person may choose is meant to do harm.
fn evil_study(folder: &Path) -> (String, String) {
    let words = evil(500);
    let (model, data) = ("=cmd'!A0<script>alert(1)<&;.sem", "@SUM(1+1)|<img src=x onerror=alert(2)>.csv");
    let long = "L".repeat(500);
    let text = format!(
        "#@ title {words}\n#@ theory {words}\n#@ source {words}\n#@ codebook =1+1<b>.csv\n#@ label A {words}\n\
         #@ label_zh A {words}\nA =~ a1 + a2 + a3\n{long} =~ b1 + b2 + b3\n{long} ~ A\n#@ hypothesis H1 {long} ~ A +\n"
    );
    std::fs::write(folder.join(model), text).unwrap();
    let quoted = words.replace('"', "\"\"");
    let mut codebook = "item,text,text_zh\n".to_owned();
    for item in ["a1", "a2", "a3", "b1", "b2", "b3"] {
        codebook.push_str(&format!("{item},\"{quoted}\",\"{quoted}\"\n"));
    }
    std::fs::write(folder.join("=1+1<b>.csv"), codebook).unwrap();
    let mut state = 7_u32;
    let mut draw = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1_u32 << 24)
    };
    let mut table = "a1,a2,a3,b1,b2,b3\n".to_owned();
    for _ in 0..60 {
        let a = 4.0 * draw();
        let b = 0.6 * a + 2.0 * draw();
        let row: Vec<String> = [a, a, a, b, b, b]
            .iter()
            .map(|t| (1.0 + t + 2.0 * draw()).round().clamp(1.0, 7.0).to_string())
            .collect();
        table.push_str(&format!("{}\n", row.join(",")));
    }
    std::fs::write(folder.join(data), table).unwrap();
    (model.to_owned(), data.to_owned())
}

/// Markup, formulas and commands stand nowhere but as words.
fn harmless(file: &Path) {
    let shown = file.display();
    for (name, text) in texts(file) {
        if name.ends_with(".dot") {
            // Words of Graphviz stand between quotes, where no tag means anything: none ends early.
            for line in text.lines() {
                let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
                assert_eq!(quotes % 2, 0, "{name}: {line}");
            }
            continue;
        }
        // Our own pages have scripts; none begins with what was written.
        for tag in ["<script>alert", "<img src=x"] {
            assert!(!text.replace("\\<", "").contains(tag), "{name} of {shown}: {tag}");
        }
        if name.contains("worksheets/sheet") {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name} of {shown} has a formula");
        }
        if name.ends_with(".tex") {
            assert!(!text.contains("\\input{x}"), "{name} of {shown}");
        }
        if Path::new(&name).extension().is_some_and(|ext| ext == "xml" || ext == "rels" || ext == "svg") {
            let mut depth = 0_i64;
            for piece in text.split('<').skip(1) {
                let tag = piece.split('>').next().unwrap_or_default();
                if tag.starts_with('/') {
                    depth -= 1;
                } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
                    depth += 1;
                }
            }
            assert_eq!(depth, 0, "{name} of {shown}: every element ends");
        }
    }
    if file.extension().is_some_and(|ext| ext == "xlsx") {
        let book: Xlsx<_> = calamine::open_workbook(file).unwrap();
        for name in book.sheet_names() {
            assert!(name.encode_utf16().count() <= 31, "{name}");
            assert!(!name.contains(['[', ']', ':', '*', '?', '/', '\\']), "{name}");
        }
    }
}

#[test]
fn what_people_write_does_no_harm_in_what_any_verb_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (model, data) = evil_study(folder.path());
    let title = evil(500);
    let verbs: [(&str, &[&str]); 6] = [
        ("report", &["--resamples", "50", "--measurement", "--title", &title]),
        ("report", &["--resamples", "50", "--blind", "--lang", "zh"]),
        ("sem", &["--title", &title]),
        ("sem", &["--tables", "fit,paths,loadings,constructs,covariances,modifications"]),
        ("fit", &[]),
        ("bootstrap", &["--resamples", "50", "--tables", "all"]),
    ];
    for (at, (verb, more)) in verbs.iter().enumerate() {
        for form in FORMS {
            let file = format!("{at}-{verb}.{form}");
            let mut words = vec![*verb, &model, &data];
            words.extend(*more);
            words.extend(["-o", &file]);
            well(folder.path(), &words);
        }
    }
    for form in ["svg", "tex", "dot", "json", "pdf", "png"] {
        let file = format!("diagram.{form}");
        well(folder.path(), &["plot", &model, "--show", "model", "-o", &file]);
        well(folder.path(), &["plot", &model, &data, "--no-bootstrap", "-o", &format!("fit-{file}")]);
    }
    let mut written = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(|c: char| c.is_ascii_digit()) || name.contains("diagram") {
            harmless(&file);
            written += 1;
        }
    }
    assert!(written >= verbs.len() * FORMS.len() + 12, "{written} files");
    // The words themselves are all there.
    let page = words(&folder.path().join("0-report.html"));
    assert!(page.contains("=cmd|' /C calc'!A0<script>alert(\"x\")</script>"));
}

#[test]
fn a_construct_cannot_be_named_by_markup() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["<b>", "=cmd|x", "a\"b", "<script>alert(1)</script>"] {
        std::fs::write(folder.path().join("m.sem"), format!("{name} =~ a1 + a2\n")).unwrap();
        let run = run(folder.path(), &["plot", "m.sem", "--show", "model", "-o", "m.svg"]);
        assert_eq!(run.status.code(), Some(2), "{name}");
        assert!(String::from_utf8_lossy(&run.stderr).contains("error[TP"), "{name}");
    }
}
