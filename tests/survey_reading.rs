//! Reading survey files: what is understood, and what is refused with which code and line.

use encoding_rs::GB18030;
use proptest::prelude::*;
use trustpath::diagnostic::Diagnostic;
use trustpath::survey::{Survey, SurveyError, Values};

fn read(text: &str) -> Survey {
    match Survey::from_bytes("s.csv", text.as_bytes()) {
        Ok(survey) => survey,
        Err(error) => unreachable!("{error}"),
    }
}

fn problems(bytes: &[u8]) -> Vec<Diagnostic> {
    match Survey::from_bytes("s.csv", bytes) {
        Err(SurveyError::Invalid(found)) => found.0,
        other => unreachable!("{other:?}"),
    }
}

/// Code and line of every problem.
fn found(text: &str) -> Vec<(&'static str, Option<usize>)> {
    problems(text.as_bytes())
        .iter()
        .map(|one| (one.code, one.place.as_ref().and_then(|place| place.line)))
        .collect()
}

fn numbers(survey: &Survey, name: &str) -> Vec<Option<f64>> {
    match survey.column(name).map(|column| &column.values) {
        Some(Values::Numbers(cells)) => cells.clone(),
        other => unreachable!("{name}: {other:?}"),
    }
}

fn levels(survey: &Survey, name: &str) -> Vec<String> {
    match survey.column(name).map(|column| &column.values) {
        Some(Values::Categories { levels, .. }) => levels.clone(),
        other => unreachable!("{name}: {other:?}"),
    }
}

#[test]
fn the_built_in_data_are_read() {
    let survey = Survey::read("data/initial-trust.csv").unwrap_or_else(|error| unreachable!("{error}"));
    assert_eq!((survey.cases, survey.columns.len()), (480, 49));
    assert_eq!((survey.lines[0], survey.lines[479]), (2, 481));
    let mut sexes = levels(&survey, "gender");
    sexes.sort();
    assert_eq!(sexes, ["female", "male"]);
    assert_eq!(numbers(&survey, "NAV1").iter().filter(|cell| cell.is_none()).count(), 4);
    assert_eq!(
        (survey.dialect.delimiter, survey.dialect.encoding, survey.dialect.decimal),
        (',', "UTF-8", '.')
    );
    assert_eq!(survey.fingerprint.len(), 16);
}

#[test]
fn the_fingerprint_is_of_the_bytes() {
    // FNV-1a 64 of these bytes, computed apart from this program.
    assert_eq!(read("a,b\n1,2\n3,4\n").fingerprint, "1e5a3f328e3d386c");
    assert_ne!(read("a,b\n1,2\n3,5\n").fingerprint, read("a,b\n1,2\n3,4\n").fingerprint);
}

#[test]
fn cells_are_numbers_categories_or_text() {
    let survey = read("n,c,t,m\n1,yes,one,\n-2.5e1,no,two,NA\n 3 , yes ,three,.\nNaN,null,N/A,null\n");
    assert_eq!(numbers(&survey, "n"), [Some(1.0), Some(-25.0), Some(3.0), None]);
    assert_eq!(levels(&survey, "c"), ["yes", "no"]);
    assert_eq!(numbers(&survey, "m"), [None; 4]);
    let text = survey.column("t").map(|column| column.values.show(2));
    assert_eq!(text, Some(Some("three".to_owned())));
    // What looks like a number in a column of words stays as it is written.
    let survey = read("a,b\n007,1\nx,1\n007,2\n");
    assert_eq!(levels(&survey, "a"), ["007", "x"]);
}

#[test]
fn every_line_end_is_understood_and_blank_lines_keep_their_numbers() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "a,b", "", "1,2", "   ", "", "\"3\",4", "5,\"6", "\"", "7,8"].join(end);
        let survey = read(&text);
        assert_eq!(survey.lines, [4, 7, 8, 10], "{end:?}");
        assert_eq!(numbers(&survey, "a"), [Some(1.0), Some(3.0), Some(5.0), Some(7.0)]);
        assert_eq!(numbers(&survey, "b"), [Some(2.0), Some(4.0), Some(6.0), Some(8.0)]);
    }
}

#[test]
fn tabs_semicolons_and_decimal_commas_are_understood() {
    let survey = read("a\tb\n1\t2\n3\t4\n");
    assert_eq!((survey.dialect.delimiter, survey.dialect.decimal), ('\t', '.'));
    let survey = read("x;y;z\n1,5;2;one\n-3;4,25;two\n;7;one\n");
    assert_eq!((survey.dialect.delimiter, survey.dialect.decimal), (';', ','));
    assert_eq!(numbers(&survey, "x"), [Some(1.5), Some(-3.0), None]);
    assert_eq!(numbers(&survey, "y"), [Some(2.0), Some(4.25), Some(7.0)]);
    let survey = read("x;y\n1.5;2\n3;4\n");
    assert_eq!((survey.dialect.delimiter, survey.dialect.decimal), (';', '.'));
    // Between commas, a decimal comma is a word.
    assert!(!matches!(read("x,y\n\"1,5\",2\n3,4\n").columns[0].values, Values::Numbers(_)));
}

#[test]
fn one_column_may_not_mix_decimal_marks() {
    let text = "x;y\n1,5;2\n3;4.5\n2.5;4\n1,5;x\n";
    assert_eq!(found(text), [("TP0211", Some(4))]);
    let message = &problems(text.as_bytes())[0].message;
    assert!(message.contains("`1,5` in line 2 and `2.5` in line 4"), "{message}");
    // In a column of words both may stand.
    assert_eq!(read("x;y\n1,5;2\nx;3\n2.5;4\n").cases, 3);
}

#[test]
fn quotation_marks_protect_delimiters_and_themselves() {
    let survey = read("\"a\",\"b, c\"\n\"x, \"\"y\"\"\",1\nz,2\nz,3\n");
    assert_eq!(survey.columns[1].name, "b, c");
    assert_eq!(survey.columns[0].values.show(0).as_deref(), Some("x, \"y\""));
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_found_where_it_opens() {
    assert_eq!(found("a,b\n1,2\n3,\"4\n5,6\n7,8\n"), [("TP0210", Some(3))]);
    assert_eq!(found("a,\"b\n1,2\n3,4\n").last(), Some(&("TP0210", Some(1))));
}

#[test]
fn encodings_are_recognised() {
    let text = "编号,性别,信任\n1,男,5\n2,女,4\n3,男,3\n";
    let (gb, _, _) = GB18030.encode(text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16_be: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, encoding) in [
        (gb.as_ref(), "GB18030"),
        (&utf16, "UTF-16LE"),
        (&utf16_be, "UTF-16BE"),
        (&bom, "UTF-8"),
        (text.as_bytes(), "UTF-8"),
    ] {
        let survey =
            Survey::from_bytes("s.csv", bytes).unwrap_or_else(|error| unreachable!("{encoding}: {error}"));
        assert_eq!(survey.dialect.encoding, encoding);
        assert_eq!(survey.columns[0].name, "编号");
        assert_eq!(levels(&survey, "性别"), ["男", "女"]);
        assert_eq!(numbers(&survey, "信任"), [Some(5.0), Some(4.0), Some(3.0)]);
    }
}

#[test]
fn bytes_of_no_known_encoding_are_located() {
    let problem = &problems(b"name,x\nAnna,1\nJos\xE9,2\n")[0];
    assert_eq!(problem.code, "TP0203");
    let place = problem.place.as_ref();
    assert_eq!(place.and_then(|place| place.line), Some(3));
    assert_eq!(place.and_then(|place| place.column.as_deref()), Some("4"));
    assert!(problem.hints.iter().any(|hint| hint.contains("UTF-8")));
    assert_eq!(problems(b"PK\x03\x04")[0].code, "TP0202");
    assert_eq!(problems(b"a,b\n1,\0\n")[0].code, "TP0202");
}

#[test]
fn a_wide_file_is_read() {
    let header: Vec<String> = (0..200).map(|i| format!("v{i}")).collect();
    let rows: Vec<String> = (0..30)
        .map(|case| {
            (0..200).map(|item| ((case * 31 + item * 17) % 7).to_string()).collect::<Vec<_>>().join(";")
        })
        .collect();
    let survey = read(&format!("{}\r\n{}", header.join(";"), rows.join("\r\n")));
    assert_eq!((survey.cases, survey.columns.len()), (30, 200));
    assert_eq!(numbers(&survey, "v199")[29], Some(f64::from((29 * 31 + 199 * 17) % 7)));
}

#[test]
fn unreadable_and_empty_files_are_told_apart() {
    let missing = Survey::read("no/such/file.csv");
    assert!(matches!(missing, Err(SurveyError::Unreadable { file, .. }) if file == "no/such/file.csv"));
    assert_eq!(found(""), [("TP0201", None)]);
    assert_eq!(found("\n \r\n\n"), [("TP0201", None)]);
    assert_eq!(problems(b"\xEF\xBB\xBF")[0].code, "TP0201");
    assert_eq!(found("\na,b,c\n\n"), [("TP0208", Some(2))]);
}

#[test]
fn a_file_of_one_column_gets_a_hint_about_delimiters_or_titles() {
    assert_eq!(found("a|b\n1|2\n"), [("TP0204", Some(1))]);
    assert!(problems(b"a|b\n1|2\n")[0].hints[0].contains("semicolon"));
    let titled = &problems(b"Survey of 2024\na,b\n1,2\n3,4\n")[0];
    assert_eq!(titled.code, "TP0204");
    assert!(titled.hints[0].contains("above the column names"), "{titled}");
}

#[test]
fn a_header_of_numbers_looks_like_data() {
    assert_eq!(found("1,5,3\n2,4,4\n"), [("TP0205", Some(1))]);
    assert!(problems(b"1,5,3\n2,4,4\n")[0].hints[0].contains("names"));
}

#[test]
fn bad_names_are_reported_together_with_bad_rows() {
    assert_eq!(
        found("a,,b,a\n1,2,3,4\n1,2,3\n"),
        [("TP0206", Some(1)), ("TP0207", Some(1)), ("TP0209", Some(3))]
    );
    let found = problems(b"a,,b,a\n1,2,3,4\n");
    assert!(found[0].message.contains("column 2"), "{}", found[0]);
    assert!(found[1].message.contains("`a`") && found[1].message.contains("columns 1 and 4"), "{}", found[1]);
}

#[test]
fn ragged_rows_are_listed_and_then_counted() {
    let mut text = String::from("a,b,c\n1,2,3\n");
    for row in 0..17 {
        text.push_str(if row % 2 == 0 { "1,2\n" } else { "1,2,3,4\n" });
    }
    let found = problems(text.as_bytes());
    assert_eq!(found.len(), 6);
    assert!(found.iter().all(|one| one.code == "TP0209"));
    assert!(found[0].message.contains("line 3 has 2 fields where the header has 3"), "{}", found[0]);
    assert!(found[1].message.contains("line 4 has 4 fields where the header has 3"), "{}", found[1]);
    assert!(found[5].message.contains("and 12 more"), "{}", found[5]);
    let five = problems(b"a,b\n1\n2\n3\n4\n5\n1,2\n");
    assert_eq!(five.len(), 5);
    let from_r = problems(b"a,b\n1,1,2\n2,3,4\n");
    assert!(from_r[0].hints[0].contains("row.names"), "{}", from_r[0]);
    let quoted = problems(b"a,b,c\n1,\"2,3\n4,5\",6,7\n1,2,3\n");
    assert_eq!(quoted[0].place.as_ref().and_then(|place| place.line), Some(2));
    assert!(quoted[0].hints[0].contains("quotation mark"), "{}", quoted[0]);
}

/// Either a survey whose parts fit together, or at least one problem.
fn holds_together(bytes: &[u8]) {
    match Survey::from_bytes("random", bytes) {
        Ok(survey) => {
            assert!(survey.cases > 0 && survey.columns.len() > 1);
            assert!(survey.columns.iter().all(|column| column.values.len() == survey.cases));
            assert_eq!(survey.lines.len(), survey.cases);
            assert!(survey.lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
        Err(SurveyError::Invalid(found)) => assert!(!found.0.is_empty() && !found.to_string().is_empty()),
        Err(other) => unreachable!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds_together(&bytes);
    }

    #[test]
    fn random_separated_text_never_panics(text in "[a-c1-3,;\t\"\r\n. NA信-]{0,200}") {
        holds_together(text.as_bytes());
    }

    #[test]
    fn tables_of_random_cells_never_panic(
        cells in proptest::collection::vec("[0-9]{0,2}|[a-b]|NA|-?[0-9],[0-9]|[0-9]\\.[0-9]|\"[^\"]{0,3}\"", 3..60)
    ) {
        for delimiter in [",", ";", "\t"] {
            let rows: Vec<String> = cells.chunks(3).map(|row| row.join(delimiter)).collect();
            let header = ["x", "y", "z"].join(delimiter);
            holds_together(format!("{header}\n{}", rows.join("\r\n")).as_bytes());
        }
    }

    #[test]
    fn numbers_come_back_as_written(
        rows in proptest::collection::vec((-1e6..1e6_f64, proptest::option::of(-99..99_i32)), 1..40)
    ) {
        let body: Vec<String> = rows
            .iter()
            .map(|(x, y)| format!("{x},{}\n", y.map(|y| y.to_string()).unwrap_or_default()))
            .collect();
        let survey = read(&format!("x,y\n{}", body.concat()));
        prop_assert_eq!(numbers(&survey, "x"), rows.iter().map(|(x, _)| Some(*x)).collect::<Vec<_>>());
        prop_assert_eq!(numbers(&survey, "y"), rows.iter().map(|(_, y)| y.map(f64::from)).collect::<Vec<_>>());
    }
}
