//! The same words and numbers in every form of output: each form is parsed back. What people write does no harm in any.

#![cfg(all(feature = "report", feature = "office"))]
#![allow(clippy::unwrap_used, reason = "a document that cannot be set should fail its test")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod access;
mod browser;

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use calamine::{Data, Reader, Xlsx};
use trustpath::assess::{Assessment, Conventions};
use trustpath::document::{Block, Document, Exhibit, Figure, Light, Part};
use trustpath::pls::PlsFit;
use trustpath::report::{Context, Report};
use trustpath::resample::Bootstrapped;
use trustpath::table::{Align, Cell, Column, Language, Table, Verdict};
use trustpath::{Bootstrap, Model, Pls, Survey};

/// Tables that no form has to split.
const TABLES: [&str; 6] = ["hypotheses", "items", "reliability", "structure", "explained", "fit"];

/// The example, estimated and resampled.
fn estimated() -> (PlsFit, Bootstrapped) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).unwrap();
    let survey = Survey::read(root.join("data/initial-trust.csv")).unwrap();
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

/// A cell as text without signs, blanks of alignment, and with a plain minus.
fn plain(text: &str) -> String {
    let text = text.replace('−', "-").replace(['\u{2007}', '\u{2008}'], "").replace('\u{a0}', " ");
    let text = text.trim();
    let text = text.strip_prefix("! ").or_else(|| text.strip_prefix("✗ ")).unwrap_or(text).trim();
    // A page shows the reason beside the verdict, not after a colon.
    text.replace("check: ", "check ").replace("fail: ", "fail ").replace("n/a: ", "n/a ")
}

/// The cells of a table as a reader sees them.
fn wanted(exhibit: &Exhibit) -> Vec<Vec<String>> {
    let table = &exhibit.table;
    (0..table.rows.len())
        .map(|r| (0..table.columns.len()).map(|c| plain(&table.shown(r, c))).collect())
        .collect()
}

fn exhibit(key: &str) -> &'static Exhibit {
    example().exhibits().find(|exhibit| exhibit.table.key == key).unwrap()
}

/// Compares cell by cell and names what differs.
fn compare(form: &str, key: &str, found: &[Vec<String>]) {
    let wanted = wanted(exhibit(key));
    assert_eq!(found.len(), wanted.len(), "{form}: rows of {key}");
    for (r, (row, expected)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(row, expected, "{form}: row {r} of {key}");
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// Text between tags.
fn stripped(markup: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    unescape(&out)
}

#[test]
fn html_has_every_cell() {
    let html = example().to_html().unwrap();
    for key in TABLES {
        let (_, rest) = html.split_once(&format!("<div class=\"exhibit\" id=\"table-{key}\"")).unwrap();
        let (_, rest) = rest.split_once("<tbody>").unwrap();
        let (body, _) = rest.split_once("</tbody>").unwrap();
        let found: Vec<Vec<String>> = body
            .split("<tr")
            .skip(1)
            .map(|row| {
                let row = row.replace("<td", "<th").replace("</td>", "</th>");
                row.split("<th ")
                    .skip(1)
                    .map(|cell| {
                        let cell = cell.split("</th>").next().unwrap_or_default();
                        let cell = format!("<th {cell}");
                        // Labels below and the words of signs are not the cell.
                        let cell = cell.split("<span class=\"below\">").next().unwrap_or_default().to_owned();
                        let cell = match cell.split_once("<span class=\"hidden\">") {
                            Some((before, after)) => {
                                let (_, after) = after.split_once("</span></span>").unwrap();
                                let before = before.split("<span class=\"sign\">").next().unwrap_or_default();
                                format!("{before}{after}")
                            }
                            None => cell,
                        };
                        plain(&stripped(&cell))
                    })
                    .collect()
            })
            .collect();
        compare("HTML", key, &found);
    }
}

#[test]
fn markdown_has_every_cell() {
    let markdown = example().to_markdown();
    for key in TABLES {
        let title = &exhibit(key).table.title;
        let (_, rest) = markdown.split_once(&format!(". {title}**\n\n")).unwrap();
        let found: Vec<Vec<String>> = rest
            .lines()
            .take_while(|line| line.starts_with('|'))
            .skip(2)
            .enumerate()
            .map(|(r, line)| {
                let cells = line.trim_start_matches("| ").trim_end_matches(" |").split(" | ");
                cells
                    .enumerate()
                    .map(|(c, cell)| {
                        let below = exhibit(key).below.get(&(r, c));
                        let below = below.map_or_else(String::new, |words| format!(" ({words})"));
                        plain(cell.strip_suffix(below.as_str()).unwrap_or(cell))
                    })
                    .collect()
            })
            .collect();
        compare("Markdown", key, &found);
    }
}

/// The text behind what our LaTeX writes.
fn from_latex(cell: &str) -> String {
    let mut text = cell.trim().to_owned();
    for command in ["\\phantom{", "\\llap{"] {
        while let Some(start) = text.find(command) {
            let end = start + text[start..].find('}').unwrap();
            text.replace_range(start..=end, "");
        }
    }
    for (from, to) in [
        ("$\\rightarrow$", "→"),
        ("$\\leftrightarrow$", "↔"),
        ("$\\checkmark$", "✓"),
        ("$\\otimes$", "✗"),
        ("$-$", "-"),
        ("$<$", "<"),
        ("$>$", ">"),
        ("$\\rho$", "ρ"),
        ("--", "–"),
        ("\\textasciitilde{}", "~"),
        ("\\_", "_"),
        ("\\%", "%"),
        ("$^2$", "²"),
    ] {
        text = text.replace(from, to);
    }
    plain(&text)
}

#[test]
fn latex_has_every_cell() {
    let latex = example().to_latex();
    for key in TABLES {
        let (_, rest) = latex.split_once(&format!("\\label{{tab:{}}}", key.replace('_', "-"))).unwrap();
        // A table too wide for the page stands in parts, each with the first column again.
        let region = rest.split("\\label{tab:").next().unwrap();
        let marker = if region.contains("\\endlastfoot") { "\\endlastfoot\n" } else { "\\midrule\n" };
        let mut found: Vec<Vec<String>> = Vec::new();
        for (at, part) in region.split(marker).skip(1).enumerate() {
            let end = part.find("\\bottomrule").unwrap_or(part.len()).min(part.find("\\end{").unwrap());
            let rows = part[..end].lines().filter(|line| {
                line.ends_with("\\\\") && !line.contains("\\scriptsize") && !line.contains("\\tiny")
            });
            for (r, line) in rows.enumerate() {
                let cells = line.trim_end_matches("\\\\").split(" & ").map(from_latex);
                if at == 0 {
                    found.push(cells.collect());
                } else {
                    found[r].extend(cells.skip(1));
                }
            }
        }
        compare("LaTeX", key, &found);
    }
    assert_eq!(latex.matches("\\begin{").count(), latex.matches("\\end{").count());
}

/// A file inside of a packed one.
fn unpacked(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn word_has_every_cell() {
    let bytes = example().to_docx().unwrap();
    let xml = unpacked(&bytes, "word/document.xml");
    for key in TABLES {
        let title = &exhibit(key).table.title;
        let at = xml.find(&format!(">{title}</w:t>")).unwrap();
        let (_, rest) = xml[at..].split_once("<w:tbl>").unwrap();
        let (body, _) = rest.split_once("</w:tbl>").unwrap();
        let found: Vec<Vec<String>> = body
            .split("<w:tr>")
            .skip(2)
            .map(|row| {
                row.split("<w:tc>")
                    .skip(1)
                    .map(|cell| {
                        let first = cell.split("</w:p>").next().unwrap_or_default();
                        let text: String = first
                            .split("<w:t ")
                            .skip(1)
                            .map(|run| {
                                let (_, text) = run.split_once('>').unwrap();
                                text.split("</w:t>").next().unwrap_or_default().to_owned()
                            })
                            .collect();
                        plain(&unescape(&text))
                    })
                    .collect()
            })
            .collect();
        compare("Word", key, &found);
        // The row of headings repeats on each page.
        assert!(body.split("<w:tr>").nth(1).unwrap().contains("<w:tblHeader />"), "{key}");
    }
}

#[test]
fn excel_has_every_number_at_full_precision() {
    let bytes = example().to_xlsx().unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    for key in TABLES {
        let table = &exhibit(key).table;
        let sheet = book.worksheet_range(key).unwrap();
        let headings: Vec<String> = (0..sheet.width())
            .map(|c| {
                sheet.get_value((1, u32::try_from(c).unwrap())).map(ToString::to_string).unwrap_or_default()
            })
            .collect();
        let column = |words: &str| headings.iter().position(|heading| heading == words).unwrap();
        // The title and the headings stand above.
        for (row, r) in (2_u32..).zip(0..table.rows.len()) {
            for (c, column_of_table) in table.columns.iter().enumerate() {
                let at = |words: &str| {
                    let c = u32::try_from(column(words)).unwrap();
                    sheet.get_value((row, c)).cloned().unwrap_or(Data::Empty)
                };
                match &table.rows[r][c] {
                    Cell::Number { value, .. } | Cell::Probability(value) => {
                        assert_eq!(at(&column_of_table.heading), Data::Float(*value), "{key}, row {r}");
                    }
                    Cell::Integer(value) => {
                        assert_eq!(
                            at(&column_of_table.heading).to_string(),
                            value.to_string(),
                            "{key}, row {r}"
                        );
                    }
                    Cell::Interval { low, high, .. } => {
                        assert_eq!(at(&format!("{}, low", column_of_table.heading)), Data::Float(*low));
                        assert_eq!(at(&format!("{}, high", column_of_table.heading)), Data::Float(*high));
                    }
                    _ if table.is_interval(c) => {}
                    Cell::Blank => {}
                    other => assert_eq!(
                        plain(&at(&column_of_table.heading).to_string()),
                        plain(&other.show()),
                        "{key}, row {r}"
                    ),
                }
            }
        }
    }
}

#[test]
fn json_has_every_number_at_full_precision() {
    for key in TABLES {
        let table = &exhibit(key).table;
        let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(table).unwrap()).unwrap();
        for (r, row) in table.rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                if let Some(value) = cell.value() {
                    assert_eq!(json["rows"][r][c].as_f64(), Some(value), "{key}, row {r}, column {c}");
                }
            }
        }
    }
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

#[test]
fn chinese_leaves_no_english_sentence_behind() {
    let report = report(Language::Chinese);
    let english = example();
    let document = report.document(&[]);
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
