//! Figures: files of the right kind, the same bytes each time, and clear words where one cannot be drawn.

use crate::{example, output};

/// Draws the example into a file of a folder of its own.
fn draw(options: &str, file: &str) -> (std::process::Output, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join(file);
    let words = format!(
        "plot models/initial-trust.sem data/initial-trust.csv --resamples 100 {options} -o {}",
        target.display()
    );
    let run = example(&words);
    (run, std::fs::read(target).unwrap_or_default())
}

fn code(run: &std::process::Output) -> i32 {
    run.status.code().unwrap_or(-1)
}

fn stderr(run: &std::process::Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[test]
fn every_figure_is_written_as_svg_and_is_the_same_twice() {
    for figure in ["diagram", "loadings", "forest", "correlations", "missing", "htmt", "bootstrap", "answers"]
    {
        for lang in ["en", "zh"] {
            let options = format!("--figure {figure} --lang {lang}");
            let (run, bytes) = draw(&options, "figure.svg");
            assert_eq!(code(&run), 0, "{figure}: {}", stderr(&run));
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.starts_with("<svg") || text.starts_with("<?xml"), "{figure}");
            assert!(text.contains("role=\"img\"") && text.contains("<title"), "{figure}");
            assert!(!text.contains("NaN"), "{figure}");
            assert_eq!(text, String::from_utf8(draw(&options, "figure.svg").1).unwrap(), "{figure}");
        }
    }
}

#[test]
fn the_diagram_shows_every_construct_item_and_path() {
    let text = String::from_utf8(draw("", "figure.svg").1).unwrap();
    for words in ["Online", "NAV1", "ITR4", ".47***", "R² = .22", "Not significant"] {
        assert!(text.contains(words), "{words}");
    }
    let bare = String::from_utf8(draw("--no-items --names --no-bootstrap", "figure.svg").1).unwrap();
    assert!(!bare.contains(">NAV1<") && !bare.contains("***") && bare.contains("PEOU"));
}

#[cfg(feature = "png")]
#[test]
fn a_png_is_a_png() {
    let (run, bytes) = draw("--scale 1", "figure.png");
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
}

/// Draws a model without data into a file of a folder of its own.
fn draw_alone(options: &str, file: &str) -> (std::process::Output, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join(file);
    let run = example(&format!("plot models/initial-trust.sem {options} -o {}", target.display()));
    (run, std::fs::read(target).unwrap_or_default())
}

#[test]
fn the_model_alone_needs_no_data() {
    for file in ["m.svg", "m.tex", "m.dot", "m.json"] {
        let (run, bytes) = draw_alone("--show model", file);
        assert_eq!(code(&run), 0, "{file}: {}", stderr(&run));
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("NAV"), "{file}");
        assert!(file == "m.json" || text.contains("H10 (+)"), "{file}");
        assert!(!text.contains("R²") && !text.contains("NaN"), "{file}");
    }
    // The same picture as with the data.
    for options in ["--show model", "--show model --no-items --theme journal --lang zh"] {
        assert_eq!(draw_alone(options, "m.svg").1, draw(options, "m.svg").1, "{options}");
    }
    for (options, words) in [
        ("", "neither DATA nor `--correlations` is given"),
        ("--show estimates", "`--show model` draws the model alone"),
        ("--show model --figure forest", "neither DATA"),
        ("--show model --groups gender", "neither DATA"),
    ] {
        let (run, _) = draw_alone(options, "m.svg");
        assert_eq!(code(&run), 2, "{options}");
        assert!(stderr(&run).contains(words), "{options}: {}", stderr(&run));
    }
}

/// Numbers after a word in a drawing.
fn sizes(text: &str, word: &str) -> Vec<f64> {
    let mark = format!("{word}=\"");
    let found = text.split(&mark).skip(1);
    found.filter_map(|rest| rest.split('"').next()?.trim_end_matches("mm").parse().ok()).collect()
}

#[cfg(feature = "png")]
#[test]
fn a_column_of_a_journal_can_be_read() {
    for (lang, said, key) in [("en", "items are left out", "NAV: "), ("zh", "未画出题项", "NAV：")] {
        let (run, bytes) = draw(&format!("--theme journal --width 84 --lang {lang}"), "f.tex");
        assert_eq!(code(&run), 0, "{}", stderr(&run));
        assert!(stderr(&run).contains(said) && !stderr(&run).contains(" pt "), "{}", stderr(&run));
        assert!(String::from_utf8_lossy(&bytes).contains(key), "{lang}");
    }
    let (run, bytes) = draw("--theme journal --width 84", "f.svg");
    assert_eq!(code(&run), 0);
    let text = String::from_utf8(bytes).unwrap();
    // Words are outlines; what is said stays in title and description.
    assert!(!text.contains("<text") && text.contains("<path") && text.contains("PEOU → ATT: "));
    assert!(sizes(&text, " width")[0] <= 84.0);
    let (run, bytes) = draw("--theme journal --width 84 --items", "f.svg");
    assert!(stderr(&run).contains("the smallest letters are"), "{}", stderr(&run));
    assert!(!stderr(&run).contains("items are left out"), "{}", stderr(&run));
    assert!(!bytes.is_empty());
    for figure in ["htmt", "correlations", "missing", "loadings", "forest", "bootstrap", "answers"] {
        for mm in ["84", "174"] {
            let options = format!("--theme journal --width {mm} --figure {figure}");
            let (run, _) = draw(&options, "f.pdf");
            assert_eq!(code(&run), 0, "{options}: {}", stderr(&run));
            assert!(!stderr(&run).contains("smallest letters"), "{options}: {}", stderr(&run));
        }
    }
}

#[cfg(feature = "png")]
#[test]
#[allow(clippy::print_stdout, reason = "says what is left out")]
fn words_of_a_pdf_can_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, words) in
        [("en", ["Site navigation", "R² = .22", ".47***"]), ("zh", ["网站导航", "R² = .22", ".47***"])]
    {
        let target = folder.path().join(format!("{lang}.pdf"));
        let run = example(&format!(
            "plot models/initial-trust.sem data/initial-trust.csv --resamples 100 --lang {lang} --no-items -o {}",
            target.display()
        ));
        assert_eq!(code(&run), 0, "{}", stderr(&run));
        let bytes = std::fs::read(&target).unwrap();
        let has = |words: &[u8]| bytes.windows(words.len()).any(|part| part == words);
        assert!(has(b"/FontFile2") && has(b"/ToUnicode"));
        // A program of its own reads it back, where it is installed.
        let Ok(read) = std::process::Command::new("pdftotext").arg(&target).arg("-").output() else {
            println!("left out: pdftotext is not installed");
            continue;
        };
        let text = String::from_utf8_lossy(&read.stdout).into_owned();
        for words in words {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(read.stderr.is_empty(), "{}", String::from_utf8_lossy(&read.stderr));
    }
}

#[test]
fn charts_name_constructs_by_their_labels() {
    for (lang, label, level) in
        [("en", "Merchant reputation signal", "95 % "), ("zh", "商家声誉信号", "95% ")]
    {
        for figure in ["htmt", "correlations", "bootstrap", "forest"] {
            let text =
                String::from_utf8(draw(&format!("--figure {figure} --lang {lang}"), "f.svg").1).unwrap();
            let words = text.replace("</text>", "");
            let words: String = words
                .split("<text")
                .skip(1)
                .filter_map(|part| part.split_once('>'))
                .map(|part| part.1)
                .collect();
            let words: String = words.split_whitespace().collect();
            let said: String = label.split_whitespace().collect();
            assert!(words.contains(&said) || text.contains(label), "{figure} {lang}");
            let level: String = level.split_whitespace().collect();
            assert!(figure == "correlations" || words.contains(&level), "{figure} {lang}: level");
        }
    }
}

#[test]
fn a_report_prints_what_can_be_read_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report.html");
    let words = format!(
        "report models/initial-trust.sem data/initial-trust.csv --resamples 100 -o {}",
        target.display()
    );
    let run = example(&words);
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let text = std::fs::read_to_string(target).unwrap();
    let printed: Vec<&str> = text.split("<div class=\"plate on-paper\">").skip(1).collect();
    assert_eq!(printed.len(), 2, "structure and whole model");
    assert!(text.contains(".on-paper { display: none; }") && text.contains(".on-screen { display: none; }"));
    for (at, drawing) in printed.iter().enumerate() {
        let drawing = drawing.split_once("</svg>").unwrap().0;
        assert!(sizes(drawing, " width")[0] <= 160.0 && sizes(drawing, " height")[0] <= 200.0);
        assert_eq!(drawing.contains(">NAV1<") && drawing.contains(">ITR4<"), at == 1);
        assert_eq!(drawing.contains("data-edge="), at == 0, "the measurement model has no paths");
    }
}

#[test]
fn components_stay_without_items() {
    let run = example("plot models/initial-trust-second-order.sem --show model --no-items");
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(text.contains(">Component<") && text.contains(">Higher-order construct<"));
}

#[cfg(feature = "png")]
#[test]
fn the_model_alone_is_a_picture_too() {
    assert_eq!(&draw_alone("--show model", "m.png").1[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(&draw_alone("--show model", "m.pdf").1[..5], b"%PDF-");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let (run, bytes) = draw("", "figure.bmp");
    assert_eq!(code(&run), 2);
    assert!(
        stderr(&run).contains("picks no form of output") && stderr(&run).contains(".svg or .png or .pdf")
    );
    assert!(bytes.is_empty());
    let (run, _) = draw("--figure bootstrap --no-bootstrap", "figure.svg");
    assert_eq!(code(&run), 2);
    assert!(stderr(&run).contains("--no-bootstrap"), "{}", stderr(&run));
}

#[test]
fn a_correlation_table_has_a_diagram_but_no_answers() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.sem"), "A =~ a\nB =~ b\nB ~ A\n").unwrap();
    std::fs::write(folder.path().join("r.csv"), ",a,b\na,1,\nb,.4,1\n").unwrap();
    let run = output(folder.path(), "plot m.sem --correlations r.csv --n 200", &[]);
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    assert!(String::from_utf8_lossy(&run.stdout).contains(">.40<"));
    let run = output(folder.path(), "plot m.sem --correlations r.csv --n 200 --figure answers", &[]);
    assert_eq!(code(&run), 2);
    assert!(stderr(&run).contains("needs the answers"));
}

/// The estimate of a path in some cases of the example, from a fit of those cases alone.
fn path_of(gender: &str) -> f64 {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("data/initial-trust.csv")).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .enumerate()
        .filter(|(at, line)| *at == 0 || line.contains(gender))
        .map(|(_, line)| line)
        .collect();
    let survey = trustpath::Survey::from_bytes("part.csv", kept.join("\n").as_bytes()).unwrap();
    let model = trustpath::Model::read(root.join("models/initial-trust.sem")).unwrap();
    let fit = trustpath::Pls::default().fit(&model, &survey).unwrap();
    *fit.estimate.paths.last().unwrap()
}

#[test]
fn groups_stand_side_by_side_and_their_difference_too() {
    let (women, men) = (path_of(",female,"), path_of(",male,"));
    assert!((women - men).abs() > 0.01, "{women} {men}");
    let show = |value: f64| trustpath::table::apa(value, 2);
    let (run, bytes) = draw("--groups gender --no-items", "figure.svg");
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    assert!(stderr(&run).contains("measurement is invariant"), "{}", stderr(&run));
    let text = String::from_utf8(bytes).unwrap();
    for words in [
        &format!(">{}*** / {}***<", show(women), show(men)),
        "MICOM",
        "gender: female (n = ",
        "In this order: female / male.",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let (run, bytes) =
        draw("--groups gender=male,female --no-items --show difference --lang zh", "figure.svg");
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let text = String::from_utf8(bytes).unwrap();
    for words in [&format!(">Δ {}", show(men - women)), "male 的路径减去 female 的路径", "测量具有不变性"]
    {
        assert!(text.contains(words), "{words}");
    }
    for (options, file) in
        [("--figure forest", "f.svg"), ("--lang zh", "f.tex"), ("", "f.dot"), ("--show model", "f.svg")]
    {
        let (run, bytes) = draw(&format!("--groups gender {options}"), file);
        assert_eq!(code(&run), 0, "{file}: {}", stderr(&run));
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            options.contains("model") || (text.contains("female (n = ") || text.contains("female（n = ")),
            "{options} {file}"
        );
    }
}

#[test]
fn groups_that_cannot_be_drawn_are_said() {
    for (options, said) in [
        ("--groups sexe", "not a column"),
        ("--groups age", "different answers"),
        ("--groups gender=female,diverse", "no case has the answer `diverse`"),
        ("--groups gender=female", "one group"),
        ("--show difference", "needs two groups"),
        ("--groups gender --figure htmt", "path diagram and the forest only"),
        ("--groups gender --show difference --intervals bca", "no BCa interval of the difference"),
        ("--groups student --show difference --method jackknife", "jackknife"),
    ] {
        let (run, bytes) = draw(options, "figure.svg");
        assert_eq!(code(&run), 2, "{options}: {}", stderr(&run));
        assert!(stderr(&run).contains(said), "{options}: {}", stderr(&run));
        assert!(bytes.is_empty());
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.sem"), "A =~ a1 + a2\nB =~ b1 + b2\nB ~ A\n").unwrap();
    let mut rows = "g,a1,a2,b1,b2\n".to_owned();
    for case in 0..40_u32 {
        let g = if case < 4 {
            "few"
        } else if case < 20 {
            "many"
        } else if case < 38 {
            "more"
        } else {
            ""
        };
        let x = |by: u32| (case * by + by) % 7;
        rows.push_str(&format!(
            "{g},{},{},{},{}\n",
            x(3),
            x(3) + x(5) % 2,
            x(3) + x(11) % 3,
            x(3) + x(13) % 2
        ));
    }
    std::fs::write(folder.path().join("d.csv"), rows).unwrap();
    let run = output(folder.path(), "plot m.sem d.csv --groups g --resamples 50 -o f.svg", &[]);
    assert_eq!(code(&run), 2);
    assert!(stderr(&run).contains("the group `few` of `g` is too small: it has 4 cases"), "{}", stderr(&run));
    let run = output(folder.path(), "plot m.sem d.csv --groups g=many,more --resamples 50 -o f.svg", &[]);
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    assert!(
        stderr(&run).contains("2 cases without an answer")
            && stderr(&run).contains("4 cases of other groups")
    );
    // What goes wrong inside a group says in which.
    let flat = "g,a1,a2,b1,b2\n".to_owned()
        + &(0..24)
            .map(|i| {
                format!("{},{},{},{},{}\n", i % 2, if i % 2 == 0 { 3 } else { i % 5 }, i % 7, i % 4, i % 3)
            })
            .collect::<Vec<_>>()
            .concat();
    std::fs::write(folder.path().join("flat.csv"), flat).unwrap();
    let run = output(folder.path(), "plot m.sem flat.csv --groups g --no-bootstrap -o f.svg", &[]);
    assert_eq!(code(&run), 2);
    assert!(stderr(&run).contains("in the group `0` of `g` (12 cases)"), "{}", stderr(&run));
    // Names of groups are text.
    let evil = "g,a1,a2,b1,b2\n".to_owned()
        + &(0..40_u32)
            .map(|i| {
                let x = |by: u32| (i * by + by) % 7;
                let g = if i % 2 == 0 { "<b>x</b>" } else { "\"=cmd|' /C calc'!A1\"" };
                format!("{g},{},{},{},{}\n", x(3), x(3) + x(5) % 2, x(3) + x(11) % 3, x(3) + x(13) % 2)
            })
            .collect::<Vec<_>>()
            .concat();
    std::fs::write(folder.path().join("evil.csv"), evil).unwrap();
    for file in ["e.svg", "e.dot", "e.tex"] {
        let words = format!("plot m.sem evil.csv --groups g --resamples 50 -o {file}");
        let run = output(folder.path(), &words, &[]);
        assert_eq!(code(&run), 0, "{}", stderr(&run));
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(file == "e.dot" || !text.contains("<b>x"), "{file}");
        assert!(file != "e.svg" || text.contains("&lt;b&gt;x"), "{file}");
    }
}
