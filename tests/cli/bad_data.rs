//! Data that cannot be used, or only just.

use super::{Answers, MODEL, Study, answers, snapshot};

fn fit(data: impl AsRef<[u8]>) -> String {
    Study::new().with("m.sem", MODEL).with("d.csv", data).run("fit m.sem d.csv")
}

#[test]
fn empty_file() {
    snapshot!(fit(""));
}

#[test]
fn header_only() {
    snapshot!(fit("a1,a2,a3,b1,b2,b3\n"));
}

#[test]
fn two_respondents() {
    snapshot!(fit("a1,a2,a3,b1,b2,b3\n1,2,7,3,5,2\n4,3,2,6,1,5\n"));
}

#[test]
fn fewer_cases_than_items() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(5).csv());
    snapshot!(study.run("fit m.sem d.csv --tables explained,fit"));
}

#[test]
fn fewer_cases_than_items_under_mode_b() {
    let study = Study::new()
        .with("m.sem", MODEL)
        .with("d.csv", "a1,a2,a3,b1,b2,b3\n1,2,7,3,5,2\n4,3,2,6,1,5\n6,7,5,2,4,3\n");
    snapshot!(study.run("fit m.sem d.csv --mode B --tables explained"));
}

#[test]
fn ragged_rows() {
    snapshot!(fit("a1,a2,a3,b1,b2,b3\n1,2,3,4,5,6\n1,2,3,4,5\n2,3,1,5,6,7,8\n3,2,1,2,3,1\n"));
}

#[test]
fn text_in_an_item() {
    snapshot!(fit(answers(8).set(2, 1, "agree").set(4, 1, "disagree").csv()));
}

#[test]
fn out_of_range_answer() {
    let study = Study::new()
        .with("m.sem", format!("#@ codebook c.csv\n{MODEL}"))
        .with("c.csv", "item,min,max\na1,1,7\na2,1,7\na3,1,7\nb1,1,7\nb2,1,7\nb3,1,7\n")
        .with("d.csv", answers(8).set(3, 0, "77").set(5, 4, "-99").csv());
    snapshot!(study.run("fit m.sem d.csv"));
}

#[test]
fn constant_item() {
    snapshot!(fit(answers(8).column(2, |_| "4".to_owned()).csv()));
}

#[test]
fn duplicated_item() {
    snapshot!(fit(answers(8).column(2, |row| row[0].clone()).csv()));
}

#[test]
fn all_answers_of_an_item_missing() {
    snapshot!(fit(answers(8).column(5, |_| String::new()).csv()));
}

#[test]
fn everything_missing_by_its_code() {
    let study =
        Study::new().with("m.sem", MODEL).with("d.csv", answers(8).column(1, |_| "-99".to_owned()).csv());
    snapshot!(study.run("fit m.sem d.csv --missing-code -99"));
}

/// The third item of A is the sum of the other two.
fn collinear() -> Answers {
    let digit = |cell: &String| cell.parse::<u32>().unwrap();
    answers(20).column(2, move |row| (digit(&row[0]) + digit(&row[1])).to_string())
}

#[test]
fn collinear_items_under_mode_b() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", collinear().csv());
    snapshot!(study.run("fit m.sem d.csv --mode B"));
}

#[test]
fn collinear_items_under_mode_a() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", collinear().csv());
    snapshot!(study.run("fit m.sem d.csv --tables items,fit"));
}

#[test]
fn neither_utf_8_nor_gb18030() {
    snapshot!(fit(b"a1,a2,a3,b1,b2,b3\n1,2,3,4,5,\xff\xff\n".as_slice()));
}

#[test]
fn a_model_that_is_not_utf_8() {
    let study = Study::small().with("m.sem", b"A =~ a1 # caf\xe9\n".as_slice());
    snapshot!(study.run("fit m.sem d.csv"));
}

#[test]
fn ten_of_two_hundred_columns() {
    let base = answers(30);
    let mut header = base.header.clone();
    header.extend((0..194).map(|i| format!("x{i}")));
    let rows = base.rows.iter().enumerate().map(|(r, row)| {
        let extra = (0..194).map(|c| ((r * (c + 3) * 5 + r * r * (c + 1) + r / 3 + c) % 7 + 1).to_string());
        row.iter().cloned().chain(extra).collect()
    });
    let wide = Answers { rows: rows.collect(), header };
    let model = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ x0 + x1 + x2 + x3\nB ~ A + C\n";
    let study = Study::new().with("m.sem", model).with("d.csv", wide.csv());
    snapshot!(study.run("fit m.sem d.csv --tables structure"));
}

#[test]
fn an_item_the_data_lack() {
    let study = Study::small().with("m.sem", MODEL.replace("b3", "B_3"));
    snapshot!(study.run("fit m.sem d.csv"));
}

#[test]
fn missing_data_file() {
    snapshot!(Study::small().run("fit m.sem dd.csv"));
}

#[test]
fn a_folder_for_data() {
    snapshot!(Study::small().run("fit m.sem ."));
}

#[test]
fn model_and_data_swapped() {
    snapshot!(Study::small().run("fit d.csv m.sem"));
}

#[test]
fn model_and_data_both_wrong() {
    let study =
        Study::new().with("m.sem", "A =~ a1 + a2\nB =~ b1\nB ~ a1\n").with("d.csv", "a1,a1\n1,2\n3,4\n");
    snapshot!(study.run("fit m.sem d.csv"));
}

const TABLE: &str = "\
,a1,a2,a3,b1,b2,b3
a1,1,,,,,
a2,.60,1,,,,
a3,.55,.58,1,,,
b1,.30,.28,.31,1,,
b2,.25,.33,.27,.62,1,
b3,.29,.26,.30,.57,.59,1
";

#[test]
fn correlation_table() {
    let study = Study::new().with("m.sem", MODEL).with("r.csv", TABLE);
    snapshot!(study.run("fit m.sem --correlations r.csv --n 200 --consistent --tables items,structure"));
}

#[test]
fn broken_correlation_table() {
    let study = Study::new().with("m.sem", MODEL).with("r.csv", TABLE.replace(".60", "1.60"));
    assert!(study.run("fit m.sem --correlations r.csv --n 200").contains("outside −1 to 1"));
    let study = study.with("r.csv", TABLE.replace(".31", "y").replace(".28", "x"));
    snapshot!(study.run("fit m.sem --correlations r.csv --n 200"));
}

#[test]
fn impossible_correlation_table() {
    let study = Study::new().with("m.sem", MODEL).with("r.csv", TABLE.replace(".60", "-.60"));
    snapshot!(study.run("fit m.sem --correlations r.csv --n 200"));
}

#[test]
fn roots_of_ave_on_the_diagonal() {
    let table = TABLE.lines().enumerate().map(|(row, line)| match row {
        0 => line.to_owned(),
        _ => line.replace(",1", ",.81"),
    });
    let table: Vec<String> = table.collect();
    let said = format!("covariance{}", table.join("\n"));
    assert!(said.contains(",.81"));
    let study = Study::new().with("m.sem", MODEL).with("r.csv", table.join("\n")).with("c.csv", said);
    snapshot!(study.run("fit m.sem --correlations r.csv --n 200"));
    let run = study.run("fit m.sem --correlations c.csv --n 200");
    assert!(run.starts_with("exit code: 0"), "{run}");
}

#[test]
fn rounding_that_makes_a_table_impossible_is_said() {
    let study = Study::new().with("m.sem", "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n").with(
        "r.csv",
        "a1,a2,a3,b1,b2,b3\n1,,,,,\n.93,1,,,,\n.74,.93,1,,,\n.44,.74,.93,1,,\n.09,.44,.74,.93,1,\n-.28,.09,.44,.74,.93,1\n",
    );
    let run = study.run("fit m.sem --correlations r.csv --n 200");
    assert!(run.starts_with("exit code: 0"), "{run}");
    assert!(run.contains("not positive semidefinite (smallest eigenvalue -0.0032), as rounding"), "{run}");
}

#[test]
fn numbers_beyond_what_can_be_squared() {
    let study = Study::new().with("m.sem", MODEL).with("d.csv", answers(40).set(4, 1, "1e200").csv());
    snapshot!(study.run("fit m.sem d.csv"));
    let coded = study.run("fit m.sem d.csv --missing-code=1e200");
    assert!(coded.starts_with("exit code: 0") && coded.contains("1 answer in 1 case"), "{coded}");
}

#[test]
fn numbers_too_close_together() {
    let tiny = answers(40).column(0, |row| format!("{}e-170", row[0]));
    let study = Study::new().with("m.sem", MODEL).with("d.csv", tiny.csv());
    snapshot!(study.run("fit m.sem d.csv"));
}

#[test]
fn correlation_table_without_an_item() {
    let study = Study::new().with("m.sem", MODEL.replace("a3", "a4")).with("r.csv", TABLE);
    snapshot!(study.run("fit m.sem --correlations r.csv --n 200"));
}

#[test]
fn bootstrap_of_a_correlation_table() {
    let study = Study::new().with("m.sem", MODEL).with("r.csv", TABLE);
    snapshot!(study.run("bootstrap m.sem --correlations r.csv --n 200"));
}

#[test]
fn broken_resamples() {
    let study = Study::small().with("i.csv", "case,case,case\n0,1,2\n0,1,99\n");
    snapshot!(study.run("bootstrap m.sem d.csv --indices i.csv"));
}
