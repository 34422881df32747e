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
