//! The rules of drawing, one by one, without a model.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

fn survey(text: &str) -> Survey {
    Survey::from_bytes("s.csv", text.as_bytes()).unwrap()
}

fn specs(names: &[&str]) -> Vec<ItemSpec> {
    names.iter().map(|name| ItemSpec { name: (*name).into(), ..ItemSpec::default() }).collect()
}

fn scaled(name: &str, reverse: bool, missing: &[f64]) -> ItemSpec {
    ItemSpec {
        name: name.into(),
        min: Some(1.0),
        max: Some(7.0),
        reverse,
        missing: missing.to_vec(),
        observed: false,
    }
}

fn listwise() -> SampleSettings {
    SampleSettings { missing: Missing::Listwise, missing_codes: Vec::new(), weight: None }
}

/// Code, line, column and the message with its hints, of every problem.
fn problems(specs: &[ItemSpec], text: &str, settings: &SampleSettings) -> Vec<(&'static str, String)> {
    match draw(specs, &survey(text), settings) {
        Err(SurveyError::Invalid(found)) => found.0.iter().map(|one| (one.code, one.to_string())).collect(),
        other => vec![("none", format!("{other:?}"))],
    }
}

fn only(specs: &[ItemSpec], text: &str, settings: &SampleSettings) -> (&'static str, String) {
    let mut found = problems(specs, text, settings);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

const PLAIN: &str = "id,A,B,sex\n1,1,7,f\n2,,6,m\n3,3,,f\n4,,,m\n5,5,2,f\n6,2,3,f\n";

#[test]
fn mean_keeps_gaps_and_leaves_out_only_empty_cases() {
    let sample =
        draw(&[scaled("B", true, &[]), scaled("A", false, &[])], &survey(PLAIN), &SampleSettings::default())
            .unwrap();
    assert_eq!(sample.items, ["B", "A"]);
    assert_eq!(sample.origin, [0, 1, 2, 4, 5]);
    assert_eq!(sample.columns[0][..2], [1.0, 2.0]);
    assert!(sample.columns[0][2].is_nan() && sample.columns[1][1].is_nan());
    let expected = Account {
        cases_without_weight: 0,
        cases_read: 6,
        cases_used: 5,
        cases_left_out: 1,
        cases_empty: 1,
        cases_with_missing: 3,
        cells_missing: 4,
        cells_imputed: 2,
        cells_pairwise: 0,
        missing_per_item: [("A".to_owned(), 2), ("B".to_owned(), 2)].into(),
        reversed: vec!["B".into()],
        columns_unused: 2,
        missing: Some(Missing::Mean),
    };
    assert_eq!(sample.account, expected);
}

#[test]
fn listwise_keeps_only_full_cases() {
    let sample = draw(&specs(&["A", "B"]), &survey(PLAIN), &listwise()).unwrap();
    assert_eq!(sample.origin, [0, 4, 5]);
    assert_eq!(sample.columns, [vec![1.0, 5.0, 2.0], vec![7.0, 2.0, 3.0]]);
    assert_eq!((sample.account.cases_left_out, sample.account.cells_imputed), (3, 0));
    assert_eq!((sample.account.cases_empty, sample.account.cells_missing), (1, 4));
}

#[test]
fn missing_codes_are_taken_out_before_the_range_is_checked() {
    let text = "A,B\n1,5\n99,4\n-9,1\n4,99\n7,2\n";
    let settings = SampleSettings { missing_codes: vec![99.0], ..SampleSettings::default() };
    let sample =
        draw(&[scaled("A", true, &[-9.0]), scaled("B", false, &[])], &survey(text), &settings).unwrap();
    assert_eq!(sample.account.missing_per_item, [("A".to_owned(), 2), ("B".to_owned(), 1)].into());
    assert_eq!(sample.columns[0][0], 7.0);
    assert_eq!(sample.columns[0][4], 1.0);
}

#[test]
fn answers_outside_the_range_are_listed_with_lines() {
    let text = "A,B\n1,5\n0,4\n8,1\n9,2\n10,7\n11,2\n12,3\n3,1\n";
    let (code, message) = only(&[scaled("A", false, &[]), scaled("B", false, &[])], text, &listwise());
    assert_eq!(code, "TP0223");
    assert!(
        message.contains(
            "`A` has answers outside 1 to 7: `0` in line 3, `8` in line 4, `9` in line 5, `10` in line 6, \
             `11` in line 7 and 1 more"
        ),
        "{message}"
    );
    assert!(message.contains("in s.csv, line 3, column A"), "{message}");
    assert!(message.contains("`--missing-code 0`"), "{message}");
    let above = ItemSpec { min: None, ..scaled("A", false, &[]) };
    assert!(only(&[above], text, &listwise()).1.contains("above 7: `8` in line 4"));
    let below = ItemSpec { max: None, ..scaled("A", false, &[]) };
    assert!(only(&[below], "A,B\n1,1\n-99,2\n3,1\n", &listwise()).1.contains("`--missing-code=-99`"));
}

#[test]
fn an_item_that_is_no_column_gets_the_nearest_name() {
    let text = "peou1,PU1,PU_2\n1,2,3\n2,3,1\n3,1,5\n";
    let found = problems(&specs(&["PEOU1", "PU1", "PU2", "zzzzzz"]), text, &listwise());
    let codes: Vec<&str> = found.iter().map(|one| one.0).collect();
    assert_eq!(codes, ["TP0221"; 3]);
    assert!(found[0].1.contains("did you mean `peou1`? Capital"), "{}", found[0].1);
    assert!(found[1].1.contains("did you mean `PU_2`?"), "{}", found[1].1);
    assert!(found[2].1.contains("the columns are `peou1`, `PU1`, `PU_2`"), "{}", found[2].1);
    let many: Vec<String> = (0..14).map(|i| format!("item{i}")).collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    // Not one of them is there: another file.
    let found = problems(&specs(&many), text, &listwise());
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("none of the 14 items of the model is a column"), "{}", found[0].1);
    many.push("PU1");
    let found = problems(&specs(&many), text, &listwise());
    assert_eq!(found.len(), 11);
    assert!(
        found[10].1.contains("further items that are not columns of the data: `item10`"),
        "{}",
        found[10].1
    );
}

#[test]
fn words_in_an_item_are_shown_with_their_lines() {
    let text = "A,B,C\n1,agree,\"1,5\"\nx,disagree,\"2,5\"\n3,agree,\"1,5\"\n4,agree,\"1,5\"\n";
    let found = problems(&specs(&["A", "B", "C"]), text, &listwise());
    assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), ["TP0222"; 3]);
    assert!(found[0].1.contains("`A` must be numbers but holds `x` in line 3"), "{}", found[0].1);
    assert!(found[0].1.contains("line 3, column A") && found[0].1.contains("mend these"), "{}", found[0].1);
    assert!(found[1].1.contains("`agree` in line 2, `disagree` in line 3"), "{}", found[1].1);
    assert!(found[1].1.contains("as codes"), "{}", found[1].1);
    assert!(found[2].1.contains("decimal points"), "{}", found[2].1);
}

#[test]
fn items_without_information_are_refused() {
    let text = "A,B,C\n4,,1\n4,,2\n,NA,3\n4,,1\n";
    let found = problems(&specs(&["A", "B", "C"]), text, &SampleSettings::default());
    assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), ["TP0225", "TP0224"]);
    assert!(found[0].1.contains("every answer to `A` is 4"), "{}", found[0].1);
    assert!(found[1].1.contains("`B` has no answer in any of the 4 cases"), "{}", found[1].1);
    // The value is the one in the file, not the turned one.
    let (_, message) =
        only(&[scaled("A", true, &[]), scaled("C", false, &[])], "A,C\n2,1\n2,2\n2,4\n", &listwise());
    assert!(message.contains("every answer to `A` is 2:"), "{message}");
}

#[test]
fn an_item_may_become_constant_by_leaving_out_cases() {
    let text = "A,B\n4,1\n4,2\n5,\n4,3\n";
    assert!(draw(&specs(&["A", "B"]), &survey(text), &SampleSettings::default()).is_ok());
    let (code, message) = only(&specs(&["A", "B"]), text, &listwise());
    assert_eq!(code, "TP0225");
    assert!(message.contains("is 4 in the 3 cases left") && message.contains("--missing mean"), "{message}");
}

#[test]
fn a_copied_item_is_found_also_behind_reverse_coding() {
    let text = "A,B,C\n1,1,7\n2,2,6\n,,\n5,5,3\n3,3,1\n";
    let (code, message) = only(&specs(&["A", "B", "C"]), text, &SampleSettings::default());
    assert_eq!(code, "TP0226");
    assert!(message.contains("`A` and `B` have identical answers in all 4 cases"), "{message}");
    let text = "A,C\n1,7\n2,6\n5,3\n";
    let (_, message) = only(&[scaled("A", false, &[]), scaled("C", true, &[])], text, &listwise());
    assert!(message.contains("after reverse coding"), "{message}");
    // A different gap is a different item.
    let text = "A,B\n1,1\n2,2\n,4\n5,5\n";
    assert!(draw(&specs(&["A", "B"]), &survey(text), &SampleSettings::default()).is_ok());
    assert_eq!(only(&specs(&["A", "B"]), text, &listwise()).0, "TP0226");
}

#[test]
fn three_cases_are_needed_before_and_after_deletion() {
    let (code, message) = only(&specs(&["A", "B"]), "A,B\n1,2\n2,3\n", &listwise());
    assert_eq!(code, "TP0227");
    assert!(message.contains("has 2 cases, and at least 3"), "{message}");
    let (code, message) = only(&specs(&["A", "B"]), "A,B\n1,2\n2,3\n,1\n4,\n", &listwise());
    assert_eq!(code, "TP0227");
    assert!(message.contains("has 2 cases of 4 left") && message.contains("--missing mean"), "{message}");
}

#[test]
fn reverse_coding_needs_a_range_and_a_model_needs_items() {
    let spec = ItemSpec { max: None, ..scaled("A", true, &[]) };
    assert_eq!(only(&[spec], "A,B\n1,2\n2,3\n3,1\n", &listwise()).0, "TP0228");
    assert_eq!(only(&[], "A,B\n1,2\n2,3\n3,1\n", &listwise()).0, "TP0229");
}

#[test]
fn problems_of_every_kind_come_together() {
    let text = "A,B,C,D,E\n9,x,4,1,1\n2,y,4,2,2\n3,x,4,3,3\n";
    let found = problems(
        &[
            scaled("A", false, &[]),
            scaled("B", false, &[]),
            scaled("C", false, &[]),
            scaled("D", false, &[]),
            scaled("E", false, &[]),
            scaled("F", false, &[]),
        ],
        text,
        &listwise(),
    );
    let codes: Vec<&str> = found.iter().map(|one| one.0).collect();
    assert_eq!(codes, ["TP0221", "TP0223", "TP0222", "TP0225", "TP0226"]);
}

#[test]
fn more_items_than_cases_are_no_problem_here() {
    let sample =
        draw(&specs(&["A", "B", "C", "D"]), &survey("A,B,C,D\n1,2,3,4\n2,1,4,1\n5,3,1,2\n"), &listwise());
    assert_eq!(sample.unwrap().cases(), 3);
}

#[test]
fn columns_of_a_program_are_checked_alike() {
    let (a, b) = (vec![1.0, 2.0, f64::NAN, 4.0], vec![2.0, 1.0, 3.0, -0.0]);
    let sample = Sample::from_columns(["a", "b"], vec![a.clone(), b]).unwrap();
    assert_eq!((sample.cases(), sample.account.cells_imputed), (4, 1));
    assert!(sample.columns[1][3].is_sign_positive());
    let code = |error: SurveyError| match error {
        SurveyError::Invalid(found) => found.0[0].code,
        SurveyError::Unreadable { .. } => "",
    };
    assert_eq!(code(Sample::from_columns(["a"], vec![]).unwrap_err()), "TP0212");
    assert_eq!(code(Sample::from_columns(["a", "b"], vec![a.clone(), a.clone()]).unwrap_err()), "TP0226");
    assert_eq!(code(Sample::from_columns(["a", "a"], vec![a.clone(), a]).unwrap_err()), "TP0207");
}
