//! The same words and numbers in every form of output: each form is parsed back. What people write does no harm in any.

#![cfg(all(feature = "report", feature = "office"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a document that cannot be set should fail its test")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "files that these tests name")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod access;
mod browser;
mod cells;
#[cfg(feature = "cli")]
mod written;

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use calamine::{Reader, Xlsx};
use cells::{stripped, unpacked};
use trustpath::assess::{Assessment, Conventions, Thresholds};
use trustpath::document::{Block, Document, Exhibit, Figure, Light, Part};
use trustpath::pls::PlsFit;
use trustpath::report::{Context, Report};
use trustpath::resample::{
    Bootstrapped, MeasurementTests, congruence, congruence_table, tetrad_analysis, tetrads_table,
};
use trustpath::sem::Sem;
use trustpath::survey::Screening;
use trustpath::table::{Align, Cell, Column, Language, Table, Verdict};
use trustpath::{Bootstrap, Model, Pls, Survey};

/// Tables that no form has to split.
const TABLES: [&str; 6] = ["hypotheses", "items", "reliability", "structure", "explained", "fit"];

/// Model and answers of the example.
fn read() -> (Model, Survey) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
    (model, Survey::read(root.join("data/initial-trust.csv")).unwrap())
}

/// The example, estimated and resampled.
fn estimated() -> (PlsFit, Bootstrapped) {
    let (model, survey) = read();
    let fit = Pls::default().fit(&model, &survey).unwrap();
    let boot = Bootstrap { resamples: 200, seed: 42, ..Bootstrap::default() }.run(&fit).unwrap();
    (fit, boot)
}

fn report(language: Language) -> Report {
    let (fit, boot) = estimated();
    let assessment = Assessment::of(&fit, Conventions::default());
    let context = Context { language, ..Context::default() };
    Report::of(&fit, &assessment, Some(&boot), None, context)
}

/// The report of the example, gathered once.
fn example() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| report(Language::English).document(&[]))
}

/// Tables of what tests the measurement, as `report --measurement` has them besides.
const MEASUREMENT: [&str; 2] = ["tetrads", "congruence"];

/// Tables of the report of a covariance-based model.
const SEM: [&str; 13] = [
    "hypotheses",
    "screening",
    "sem_loadings",
    "sem_constructs",
    "htmt",
    "fornell_larcker",
    "fit_measures",
    "residual_correlations",
    "modification_indices",
    "sem_paths",
    "explained",
    "sem_covariances",
    "settings",
];

/// The report of the example as a covariance-based model.
fn covariance_report(language: Language) -> Report {
    let (model, survey) = read();
    let settings = Sem::default();
    let fit = settings.fit(&model, &survey).unwrap();
    let thresholds = Thresholds::default();
    let screening = Screening::read(&model, &survey, &settings.data).unwrap();
    let context = Context { language, ..Context::default() };
    Report::of_sem(&fit, &thresholds, Some(&screening), context)
}

#[test]
fn html_has_every_cell() {
    cells::in_html(&example().to_html().unwrap(), example(), &TABLES);
}

#[test]
fn markdown_has_every_cell() {
    cells::in_markdown(&example().to_markdown(), example(), &TABLES);
}

#[test]
fn latex_has_every_cell() {
    cells::in_latex(&example().to_latex(), example(), &TABLES);
}

#[test]
fn word_has_every_cell() {
    cells::in_word(&example().to_docx().unwrap(), example(), &TABLES);
}

#[test]
fn excel_has_every_number_at_full_precision() {
    cells::in_excel(example().to_xlsx().unwrap(), example(), &TABLES);
}

#[test]
fn json_has_every_number_at_full_precision() {
    cells::in_json(example(), &TABLES);
}

#[test]
fn tests_of_the_measurement_have_every_cell_in_every_form() {
    let (fit, _) = estimated();
    let tests = MeasurementTests { resamples: 100, ..MeasurementTests::default() };
    let blocks = tetrad_analysis(&fit, &tests).unwrap();
    let pairs = congruence(&fit, &tests).unwrap();
    let tables = [
        tetrads_table(&blocks, tests.tetrads, tests.level),
        congruence_table(&pairs, tests.diagonal, tests.level),
    ];
    let document = report(Language::English).with_measurement(tables).document(&[]);
    cells::in_every_form(&document, &MEASUREMENT);
}

#[test]
fn the_report_of_a_covariance_model_has_every_cell_in_every_form() {
    let document = covariance_report(Language::English).document(&[]);
    cells::in_every_form(&document, &SEM);
    // Every sentence stands in it as well.
    assert!(document.exhibits().filter(|exhibit| !exhibit.reading.is_empty()).count() >= 10);
}

#[test]
fn chinese_of_a_covariance_model_leaves_no_english_sentence_behind() {
    let (english, chinese) = (covariance_report(Language::English), covariance_report(Language::Chinese));
    let (english, chinese) = (english.document(&[]), chinese.document(&[]));
    assert_eq!(left_english(&chinese, &english), Vec::<String>::new(), "add these to src/table/chinese");
    for key in SEM {
        let numbers = |document: &Document| -> Vec<Option<f64>> {
            cells::exhibit(document, key).table.rows.iter().flatten().map(Cell::value).collect()
        };
        assert_eq!(numbers(&chinese), numbers(&english), "{key}");
    }
    let method = |document: &Document| {
        document.parts.iter().flat_map(|part| &part.blocks).find_map(|block| match block {
            Block::Paste(words) => Some(words.clone()),
            _ => None,
        })
    };
    let words = method(&chinese).unwrap();
    assert!(!words.contains(" the ") && words.contains("最大似然"), "{words}");
}

#[test]
fn every_form_says_the_same_sentences() {
    let document = example();
    let html = stripped(&document.to_html().unwrap());
    let word = stripped(&unpacked(&document.to_docx().unwrap(), "word/document.xml"));
    let excel = stripped(&unpacked(&document.to_xlsx().unwrap(), "xl/sharedStrings.xml"));
    let mut count = 0;
    for exhibit in document.exhibits().filter(|exhibit| !exhibit.reading.is_empty()) {
        for (form, text) in [("HTML", &html), ("Word", &word), ("Excel", &excel)] {
            assert!(text.contains(&exhibit.reading), "{form}: {}", exhibit.reading);
        }
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

/// A document in which every word is meant to do harm.
fn evil() -> (String, Document) {
    let evil = format!(
        "=cmd|' /C calc'!A0<script>alert(\"x\")</script>&'\u{7}\\input{{/etc/passwd}} {}",
        "long ".repeat(100)
    );
    let mut table = Table::new(
        &evil,
        evil.as_str(),
        vec![Column::words("a", &evil), Column::numbers("b", "=1+1"), Column::words("c", "@x")],
    );
    for start in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", evil.as_str()] {
        table.push(vec![
            Cell::text(start),
            Cell::bounded(0.5),
            Cell::Verdict(Verdict::Check, start.to_owned()),
        ]);
    }
    table.note(evil.as_str());
    let mut exhibit = Exhibit::new(table.clone()).reading(evil.as_str());
    exhibit.below.insert((0, 0), evil.clone());
    exhibit.below.insert((1, 1), evil.clone());
    let light = Light {
        rule: evil.clone(),
        quantity: evil.clone(),
        verdict: Verdict::Fail,
        tally: evil.clone(),
        worst: evil.clone(),
        advice: evil.clone(),
        table: evil.clone(),
    };
    let figure = Figure {
        id: evil.clone(),
        title: evil.clone(),
        caption: evil.clone(),
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><desc>&lt;b&gt;</desc></svg>".to_owned(),
        paper: None,
        file: Some(evil.clone()),
    };
    let blocks = vec![
        Block::Paragraph(evil.clone()),
        Block::Lead(evil.clone()),
        Block::Note(evil.clone()),
        Block::Paste(evil.clone()),
        Block::Alarm(Verdict::Fail, evil.clone(), vec![evil.clone()]),
        Block::Checks(vec![light]),
        Block::Exhibit(exhibit),
        Block::Exhibit(Exhibit::new(table)),
        Block::Figure(figure),
        Block::References(evil.clone(), vec![evil.clone()]),
    ];
    let document = Document {
        kind: evil.clone(),
        title: evil.clone(),
        other_title: Some((evil.clone(), Language::Chinese)),
        subtitle: vec![evil.clone()],
        strip: vec![(evil.clone(), evil.clone())],
        parts: vec![Part { anchor: "part".to_owned(), heading: evil.clone(), blocks }],
        language: Language::English,
    };
    (evil, document)
}

#[test]
fn nothing_that_people_write_does_harm() {
    let (_, document) = evil();
    let html = document.to_html().unwrap();
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"));
    assert!(!html.contains("\"x\")</"));
    let word = unpacked(&document.to_docx().unwrap(), "word/document.xml");
    assert!(!word.contains("<script") && !word.contains('\u{7}'));
    let latex = document.to_latex();
    assert!(!latex.contains("\\input{") && latex.contains("\\textbackslash{}input"));
    let markdown = document.to_markdown();
    assert!(!markdown.replace("\\<", "").contains("<script>alert"));
}

#[test]
fn excel_has_no_formula_and_legal_sheets() {
    let (_, document) = evil();
    let bytes = document.to_xlsx().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        if file.name().contains("worksheets/sheet") {
            let text = String::from_utf8(text).unwrap();
            assert!(!text.contains("<f>") && !text.contains("<f "), "{} has a formula", file.name());
        }
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    for name in &names {
        assert!(
            name.encode_utf16().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
            "{name}"
        );
    }
    let sheet = book.worksheet_range(&names[2]).unwrap();
    let cells: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for start in ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}"] {
        assert!(cells.iter().any(|cell| cell == start), "{start} in {cells:?}");
    }
}

/// Titles, sentences, notes and headings that are the same in both languages.
fn left_english(document: &Document, english: &Document) -> Vec<String> {
    let mut left = Vec::new();
    for (exhibit, original) in document.exhibits().zip(english.exhibits()) {
        for (words, english) in
            [(&exhibit.table.title, &original.table.title), (&exhibit.reading, &original.reading)]
                .into_iter()
                .chain(exhibit.table.notes.iter().zip(&original.table.notes))
        {
            if words == english && words.chars().any(|c| c.is_ascii_alphabetic()) {
                left.push(words.clone());
            }
        }
        for (column, original) in exhibit.table.columns.iter().zip(&original.table.columns) {
            let name = original.key == original.heading;
            // Symbols are the same in both.
            let symbol = original.heading.chars().count() <= 3 || !original.heading.is_ascii();
            if !name && !symbol && column.heading == original.heading && column.heading != "AVE" {
                left.push(column.heading.clone());
            }
        }
    }
    left
}

#[test]
fn chinese_leaves_no_english_sentence_behind() {
    let report = report(Language::Chinese);
    let english = example();
    let document = report.document(&[]);
    let left = left_english(&document, english);
    assert_eq!(left, Vec::<String>::new(), "add these to src/table/chinese");
    assert!(document.parts.iter().all(|part| !part.heading.is_ascii()), "headings");
    assert_eq!(document.title, "顾客在线初始信任形成机理");
    // Numbers are the same.
    for key in TABLES {
        let numbers = |document: &Document| -> Vec<Option<f64>> {
            let exhibit = document.exhibits().find(|exhibit| exhibit.table.key == key).unwrap();
            exhibit.table.rows.iter().flatten().map(Cell::value).collect()
        };
        assert_eq!(numbers(&document), numbers(english), "{key}");
    }
    assert!(
        document.exhibits().all(|exhibit| exhibit
            .table
            .columns
            .iter()
            .all(|c| c.align != Align::Decimal || !c.key.is_empty()))
    );
}

/// Runs a program if it is there.
fn found(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success())
}

#[test]
fn libreoffice_opens_what_is_written() {
    if !found("soffice") {
        eprintln!("skipped: no LibreOffice at hand");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    std::fs::write(folder.path().join("report.docx"), example().to_docx().unwrap()).unwrap();
    std::fs::write(folder.path().join("tables.xlsx"), example().to_xlsx().unwrap()).unwrap();
    for name in ["report.docx", "tables.xlsx"] {
        let run = Command::new("soffice")
            .args(["--headless", &profile, "--convert-to", "pdf", "--outdir"])
            .args([folder.path(), &folder.path().join(name)])
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&run.stderr).to_lowercase();
        assert!(run.status.success() && !words.contains("error"), "{name}: {words}");
        let pdf = folder.path().join(name).with_extension("pdf");
        assert!(std::fs::read(pdf).unwrap().starts_with(b"%PDF"), "{name}");
    }
}

#[test]
fn chromium_shows_the_page_without_complaint() {
    if !found("chromium") {
        eprintln!("skipped: no Chromium at hand");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    std::fs::write(&page, example().to_html().unwrap()).unwrap();
    let run = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&run.stderr);
    assert!(!log.contains("CONSOLE"), "{log}");
    let page = String::from_utf8_lossy(&run.stdout);
    // The script ran: tables have buttons.
    assert!(page.matches("class=\"copy\"").count() >= 10, "no buttons");
}
