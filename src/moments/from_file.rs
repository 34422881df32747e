//! Correlations or covariances from a file: a published table is as good as a survey.
//!
//! The file is a CSV table in any encoding that a survey may have. Its header names the items; the first column may repeat
//! the names. Cells above the diagonal may be empty (a lower triangle as papers print it) and vice versa.
//!
//! # The diagonal
//! A diagonal of ones, or none, makes correlations; variances make covariances. A diagonal of at most 1, with some below,
//! beside cells of at most 1 may be either: variances of answers on a narrow scale, or the roots of the AVE (or
//! reliabilities) that papers print there (Fornell & Larcker 1981, doi:10.1177/002224378101800104). Reading the one for the
//! other divides every correlation by a product of loadings, so such a table is refused unless the cell above the row names
//! says `covariance`.
//!
//! # Rounding
//! A printed table is `R + E` with `|eᵢⱼ| ≤ u/2` off the diagonal, `u` being one unit of the last decimal. By Weyl's
//! inequality its smallest eigenvalue lies at most `‖E‖₂` below that of `R`, and by Gershgorin's theorem `‖E‖₂` is at most
//! the largest row sum of `|E|`: `(p − 1) u / 2` for correlations. A table whose smallest eigenvalue is negative by no more
//! than that can be a rounded correlation matrix and is used as it stands; the estimate carries a finding that says so.
//! One that is more negative is refused (TP0512).
//!
//! PLS does not need a positive definite table. It inverts the correlations of the constructs, those of the items within
//! a block under Mode B, and nothing larger, and asks of the rest only that every composite `w'Rw` has a variance; each is
//! checked where it is needed (TP0410, TP0411, TP0412). Only covariance-based estimation (`sem`) inverts the whole.

use std::path::Path;

use super::Moments;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::stats::eigen;
use crate::survey::{SurveyError, decode, line_of};

/// Why a correlation table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MomentsError {
    /// The file cannot be read at all.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The table breaks one or more rules.
    #[error("{0}")]
    Invalid(Diagnostics),
}

impl Moments {
    /// Reads a correlation or covariance table; `cases` is the sample size behind it.
    ///
    /// A diagonal of ones makes it a correlation table, otherwise the diagonal holds variances. What may be either is
    /// refused (TP0513), unless the first cell of the header says `covariance`.
    ///
    /// # Errors
    /// [`MomentsError`] names file, line and column of every broken rule.
    pub fn read_table(file: impl AsRef<Path>, cases: usize) -> Result<Self, MomentsError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let bytes = std::fs::read(file)
            .map_err(|error| MomentsError::Unreadable { file: name.clone(), reason: error.to_string() })?;
        let (text, _) = decode(&name, &bytes)?;
        Self::parse_table(&name, &text, cases)
    }

    /// [`Moments::read_table`] for a text in memory.
    ///
    /// # Errors
    /// As [`Moments::read_table`].
    pub fn parse_table(name: &str, text: &str, cases: usize) -> Result<Self, MomentsError> {
        build(name, parse(name, text)?, cases)
    }
}

impl From<SurveyError> for MomentsError {
    fn from(error: SurveyError) -> Self {
        match error {
            SurveyError::Unreadable { file, reason } => Self::Unreadable { file, reason },
            SurveyError::Invalid(problems) => Self::Invalid(problems),
        }
    }
}

/// What stands in a table.
struct Parsed {
    items: Vec<String>,
    cells: Vec<Vec<Option<f64>>>,
    /// The line of each row of cells.
    lines: Vec<usize>,
    /// Whether the cell above the row names says that these are covariances.
    says_covariance: bool,
    /// The most decimals of any cell off the diagonal; `None` if one has an exponent, as no printed table does.
    decimals: Option<u32>,
}

/// What the cell above the row names may say.
const COVARIANCE: [&str; 6] = ["covariance", "covariances", "cov", "variance", "variances", "协方差"];

/// Closer numbers count as the same.
const SAME: f64 = 1e-6;
/// Items that a message lists before it counts the rest.
const MOST_SHOWN: usize = 5;

/// Cells that hold no number on purpose.
const EMPTY: [&str; 3] = ["", "NA", "-"];

fn invalid(diagnostic: Diagnostic) -> MomentsError {
    MomentsError::Invalid(diagnostic.into())
}

fn parse(name: &str, text: &str) -> Result<Parsed, MomentsError> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|&d| first.bytes().filter(|&b| b == d).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows: Vec<(usize, csv::StringRecord)> = Vec::new();
    loop {
        // The reader gives a record the line of the blank lines before it.
        let at = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let blank = text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let line = line_of(text.as_bytes(), at.saturating_add(blank));
        let mut record = csv::StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(true) if rows.is_empty() || record.iter().any(|cell| !cell.is_empty()) => {
                rows.push((line, record));
            }
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let problem = Diagnostic::error("TP0501", error.to_string())
                    .hint("a correlation table is text with commas, semicolons or tabs between its cells");
                return Err(invalid(problem.in_file(name, Some(line), None)));
            }
        }
    }
    let Some(((header_line, header), rows)) = rows.split_first() else {
        return Err(invalid(
            Diagnostic::error("TP0502", "the correlation table is empty")
                .in_file(name, None, None)
                .hint("the first line names the items, each further line holds one row of the table"),
        ));
    };
    // A label column is there if no item stands above it, or if its first cell is a word.
    let says_covariance =
        header.get(0).is_some_and(|cell| COVARIANCE.contains(&cell.to_lowercase().as_str()))
            && rows.len() + 1 == header.len();
    let labelled = says_covariance
        || header.get(0).is_some_and(str::is_empty)
        || rows
            .first()
            .and_then(|(_, row)| row.get(0))
            .is_some_and(|cell| !EMPTY.contains(&cell) && cell.parse::<f64>().is_err());
    let items: Vec<String> = header.iter().skip(usize::from(labelled)).map(str::to_owned).collect();
    let mut problems = Vec::new();
    let mut cells: Vec<Vec<Option<f64>>> = Vec::new();
    let mut decimals = Some(0);
    for (line, row) in rows {
        if labelled
            && let (Some(label), Some(item)) = (row.get(0), items.get(cells.len()))
            && label != item
        {
            problems.push(
                Diagnostic::error("TP0503", format!("row `{label}` stands where `{item}` is expected"))
                    .in_file(name, Some(*line), None)
                    .hint("rows and columns must name the same items in the same order"),
            );
        }
        let mut out = Vec::new();
        for (c, cell) in row.iter().skip(usize::from(labelled)).enumerate() {
            let value = cell.parse::<f64>().ok().filter(|value| value.is_finite());
            if value.is_none() && !EMPTY.contains(&cell) {
                problems.push(
                    Diagnostic::error("TP0504", format!("`{cell}` is not a number"))
                        .in_file(name, Some(*line), items.get(c).map(String::as_str))
                        .hint("write correlations with a decimal point, such as 0.42"),
                );
            }
            if value.is_some() && c != cells.len() {
                decimals = decimals.zip(decimals_of(cell)).map(|(most, own)| most.max(own));
            }
            out.push(value);
        }
        cells.push(out);
    }
    if cells.len() != items.len() {
        problems.push(
            Diagnostic::error(
                "TP0505",
                format!("the table has {} columns but {} rows", items.len(), cells.len()),
            )
            .in_file(name, None, None)
            .hint("a correlation table is square; empty cells above the diagonal are fine"),
        );
    }
    for (i, item) in items.iter().enumerate() {
        if items[..i].contains(item) {
            problems.push(
                Diagnostic::error("TP0506", format!("the item `{item}` stands twice in the header"))
                    .in_file(name, Some(*header_line), Some(item))
                    .hint("name every item once, or remove one of the two columns and its row"),
            );
        }
    }
    if !problems.is_empty() {
        return Err(MomentsError::Invalid(Diagnostics(problems)));
    }
    let lines = rows.iter().map(|(line, _)| *line).collect();
    Ok(Parsed { items, cells, lines, says_covariance, decimals })
}

/// How many digits stand behind the point; `None` for a number with an exponent.
fn decimals_of(cell: &str) -> Option<u32> {
    if cell.contains(['e', 'E']) {
        return None;
    }
    u32::try_from(cell.split_once('.').map_or(0, |(_, digits)| digits.len())).ok()
}

/// A diagonal that may hold variances or, beside correlations, roots of AVE or reliabilities.
fn ambiguous(values: &[f64], items: &[String]) -> Option<(usize, String)> {
    let p = items.len();
    let at = |i: usize, j: usize| values[i * p + j];
    let small = (0..p).all(|i| (0..=i).all(|j| at(i, j).abs() <= 1.0 + SAME));
    let below: Vec<usize> = (0..p).filter(|&i| at(i, i) < 1.0 - SAME).collect();
    let first = *below.first().filter(|_| small)?;
    let listed: Vec<String> =
        below.iter().take(MOST_SHOWN).map(|&i| format!("{} (`{}`)", at(i, i), items[i])).collect();
    let more = if below.len() > MOST_SHOWN { ", …" } else { "" };
    Some((first, format!("{}{more}", listed.join(", "))))
}

/// What rounding to `decimals` can take from the smallest eigenvalue: the largest row sum of the errors of correlations.
/// Those of covariances `c = r s t` err by `u/2` in `c`, and by the errors of the two variances.
fn rounding(values: &[f64], variances: &[f64], decimals: Option<u32>) -> f64 {
    let p = variances.len();
    let Some(places) = decimals.and_then(|decimals| i32::try_from(decimals).ok()) else { return 0.0 };
    let exact_diagonal = variances.iter().all(|v| (v - 1.0).abs() <= SAME);
    // Correlations without decimals are 0 and 1 by design.
    if exact_diagonal && places == 0 {
        return 0.0;
    }
    let half = 0.5 * 10.0_f64.powi(-places);
    let error = |i: usize, j: usize| {
        let own = half / (variances[i] * variances[j]).sqrt();
        let of_diagonal = 0.5 * half * (1.0 / variances[i] + 1.0 / variances[j]);
        own + if exact_diagonal { 0.0 } else { values[i * p + j].abs() * of_diagonal }
    };
    let row = |i: usize| (0..p).filter(|&j| j != i).map(|j| error(i, j)).sum::<f64>();
    (0..p).map(row).fold(0.0, f64::max)
}

fn build(name: &str, parsed: Parsed, cases: usize) -> Result<Moments, MomentsError> {
    let Parsed { items, cells, lines, says_covariance, decimals } = parsed;
    let p = items.len();
    let cell = |i: usize, j: usize| cells.get(i).and_then(|row| row.get(j)).copied().flatten();
    let mut problems = Vec::new();
    let mut values = vec![0.0; p * p];
    for i in 0..p {
        for j in 0..=i {
            let place = |d: Diagnostic| d.in_file(name, lines.get(i).copied(), Some(&items[j]));
            let value = match (cell(i, j), cell(j, i)) {
                (Some(a), Some(b)) if (a - b).abs() > 1e-6 * a.abs().max(b.abs()).max(1.0) => {
                    problems.push(place(Diagnostic::error(
                        "TP0507",
                        format!("`{}` with `{}` is {a} below the diagonal but {b} above", items[i], items[j]),
                    ).hint("a table of correlations is symmetric: correct one of the two, or leave the upper half empty")));
                    a
                }
                (Some(a), _) | (None, Some(a)) => a,
                (None, None) if i == j => 1.0,
                (None, None) => {
                    problems.push(place(
                        Diagnostic::error(
                            "TP0508",
                            format!("no value for `{}` with `{}`", items[i], items[j]),
                        )
                        .hint("fill in the cell below the diagonal, or the one above"),
                    ));
                    0.0
                }
            };
            values[i * p + j] = value;
            values[j * p + i] = value;
        }
        if values[i * p + i] <= 0.0 {
            problems.push(
                Diagnostic::error(
                    "TP0509",
                    format!("the diagonal of `{}` is {}", items[i], values[i * p + i]),
                )
                .in_file(name, lines.get(i).copied(), Some(&items[i]))
                .hint("the diagonal holds 1 (correlations) or variances (covariances)"),
            );
        }
    }
    if cases < 3 {
        problems.push(
            Diagnostic::error("TP0510", format!("a sample size of {cases} is too small"))
                .hint("give the number of respondents behind the table with `--n`"),
        );
    }
    if problems.is_empty()
        && !says_covariance
        && let Some((first, listed)) = ambiguous(&values, &items)
    {
        problems.push(
            Diagnostic::error(
                "TP0513",
                format!("the diagonal holds {listed}: variances, or roots of AVE beside correlations?"),
            )
            .in_file(name, lines.get(first).copied(), Some(&items[first]))
            .hint("correlations: write 1 on the diagonal, or leave it empty")
            .hint("covariances: write `covariance` into the first cell of the header, above the names of the rows"),
        );
    }
    if problems.is_empty() {
        let variances: Vec<f64> = (0..p).map(|i| values[i * p + i]).collect();
        let sd: Vec<f64> = (0..p).map(|i| values[i * p + i].sqrt()).collect();
        for i in 0..p {
            for j in 0..p {
                let r = values[i * p + j] / (sd[i] * sd[j]);
                values[i * p + j] = if i == j { 1.0 } else { r };
                if j < i && r.abs() > 1.0 + 1e-9 {
                    problems.push(
                        Diagnostic::error(
                            "TP0511",
                            format!(
                                "the correlation of `{}` with `{}` is {r:.3}, outside −1 to 1",
                                items[i], items[j]
                            ),
                        )
                        .in_file(name, lines.get(i).copied(), Some(&items[j]))
                        .hint("a covariance beside standard deviations of another unit, or a slip of the pen: compare with the source"),
                    );
                }
            }
        }
        if problems.is_empty() {
            let explained = rounding(&values, &variances, decimals);
            if let Some(smallest) = eigen::negative(&values, p).filter(|smallest| *smallest < -explained) {
                let problem = Diagnostic::error(
                    "TP0512",
                    format!("the table is no correlation matrix: its smallest eigenvalue is {smallest:.4}"),
                )
                .in_file(name, None, None)
                .hint("look for a misprinted cell, or for correlations from different subsamples");
                problems.push(if explained > 0.0 {
                    problem.hint(format!(
                        "rounding cannot explain it: it takes at most {explained:.4} from an eigenvalue of these {p} items"
                    ))
                } else {
                    problem
                });
            }
        }
        if problems.is_empty() {
            return Ok(Moments { items, cases, mean: vec![0.0; p], sd, correlation: values });
        }
    }
    Err(MomentsError::Invalid(Diagnostics(problems)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn reads_a_lower_triangle_with_labels() {
        let moments = Moments::parse_table("t.csv", ",a,b,c\na,1,,\nb,.5,1,\nc,.2,.3,1\n", 100).unwrap();
        assert_eq!(moments.items, ["a", "b", "c"]);
        assert_eq!(moments.r(0, 2), 0.2);
        assert_eq!(moments.r(2, 1), 0.3);
    }

    #[test]
    fn covariances_become_correlations() {
        let moments = Moments::parse_table("t.csv", "a;b\n4;1\n1;9\n", 10).unwrap();
        assert_eq!(moments.sd, [2.0, 3.0]);
        assert!((moments.r(0, 1) - 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn problems_have_the_line_they_stand_in() {
        let line = |text: &str| match Moments::parse_table("t.csv", text, 10) {
            Err(MomentsError::Invalid(found)) => found.0[0].place.as_ref().and_then(|place| place.line),
            other => panic!("{other:?}"),
        };
        assert_eq!(line("a,b\n\n\n1,.5\nx,1\n"), Some(5));
        assert_eq!(line("a,b\r\n\r\n1,.5\r\n,,\r\n.4,1\r\n"), Some(5));
        assert_eq!(line("\na,b\n1,1.5\n\n1.5,1\n"), Some(5));
        assert_eq!(line("\n\na,a\n1,.5\n.5,1\n"), Some(3));
    }

    #[test]
    fn an_empty_first_cell_is_no_label() {
        for first in ["NA", "-", ""] {
            let moments = Moments::parse_table("t.csv", &format!("a,b\n{first},.5\n,1\n"), 10).unwrap();
            assert_eq!((moments.items.len(), moments.r(0, 1)), (2, 0.5), "{first}");
        }
        // Labels may be numbers where nothing stands above them.
        let moments = Moments::parse_table("t.csv", ",1,2\n1,1,\n2,.5,1\n", 10).unwrap();
        assert_eq!((moments.items, moments.correlation[1]), (vec!["1".to_owned(), "2".to_owned()], 0.5));
    }

    #[test]
    fn a_table_may_have_the_encoding_of_a_survey() {
        let (bytes, _, _) = encoding_rs::GB18030.encode(",信任,态度\n信任,1,\n态度,.5,1\n");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.csv");
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(Moments::read_table(&file, 10).unwrap().items, ["信任", "态度"]);
        std::fs::write(&file, b"PK\x03\x04").unwrap();
        assert!(Moments::read_table(&file, 10).unwrap_err().to_string().contains("workbook"));
    }

    #[test]
    fn every_rule_has_its_code() {
        let codes = |text: &str, n: usize| match Moments::parse_table("t.csv", text, n) {
            Err(MomentsError::Invalid(found)) => found.0.iter().map(|d| d.code).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(codes("", 10), ["TP0502"]);
        assert_eq!(codes(",a,b\na,1,\nc,.5,1\n", 10), ["TP0503"]);
        assert_eq!(codes("a,b\n1,x\n.5,1\n", 10), ["TP0504"]);
        assert_eq!(codes("a,b\n1,.5\n", 10), ["TP0505"]);
        assert_eq!(codes("a,a\n1,.5\n.5,1\n", 10), ["TP0506"]);
        assert_eq!(codes("a,b\n1,.5\n.4,1\n", 10), ["TP0507"]);
        assert_eq!(codes("a,b\n1,\n,1\n", 10), ["TP0508"]);
        assert_eq!(codes("a,b\n1,.5\n.5,-1\n", 10), ["TP0509"]);
        assert_eq!(codes("a,b\n1,.5\n.5,1\n", 2), ["TP0510"]);
        assert_eq!(codes("a,b\n1,1.5\n1.5,1\n", 10), ["TP0511"]);
        assert_eq!(codes("a,b,c\n1,,\n.9,1,\n-.9,.9,1\n", 10), ["TP0512"]);
        assert_eq!(codes("a,b\n.8,\n.5,.7\n", 10), ["TP0513"]);
    }

    #[test]
    fn roots_of_ave_are_not_taken_for_variances() {
        let refused = |text: &str| Moments::parse_table("t.csv", text, 10).unwrap_err().to_string();
        let found = refused(",a,b,c\na,.81,,\nb,.5,,\nc,.2,.3,.9\n");
        assert!(found.contains("0.81 (`a`), 0.9 (`c`)"), "{found}");
        assert!(found.contains("line 2"), "{found}");
        // Even where no covariances could be such.
        assert!(refused("a,b\n.5,\n.8,.6\n").contains("TP0513"));
        // Said to be variances, they are.
        for says in ["covariance", "Covariances", "协方差"] {
            let moments =
                Moments::parse_table("t.csv", &format!("{says},a,b\na,.25,\nb,.1,.16\n"), 10).unwrap();
            assert_eq!((moments.items.len(), moments.sd.clone()), (2, vec![0.5, 0.4]));
            assert!((moments.r(0, 1) - 0.5).abs() < 1e-15);
        }
        // Row names that are numbers do not hide what is said.
        assert!(Moments::parse_table("t.csv", "covariance,1,2\n1,.25,\n2,.1,.16\n", 10).is_ok());
        // A diagonal of 1 as programs write it, and variances of which one is larger, are clear.
        assert!(
            (Moments::parse_table("t.csv", "a,b\n0.9999999,.5\n.5,1\n", 10).unwrap().r(0, 1) - 0.5).abs()
                < 1e-7
        );
        assert_eq!(Moments::parse_table("t.csv", "a,b\n.25,.1\n.1,1.21\n", 10).unwrap().sd, [0.5, 1.1]);
    }

    /// The printed table of `items` times `factors` loadings, without errors, so that its rank is that of the factors.
    fn rounded(items: usize, decimals: usize) -> (String, f64) {
        let angle = |i: usize| 0.37 * i as f64;
        let names: Vec<String> = (0..items).map(|i| format!("v{i}")).collect();
        let mut text = names.join(",");
        let mut values = vec![0.0; items * items];
        for i in 0..items {
            text.push('\n');
            for j in 0..items {
                let cell = if i == j {
                    "1".to_owned()
                } else {
                    format!("{:.decimals$}", (angle(i) - angle(j)).cos())
                };
                values[i * items + j] = cell.parse().unwrap();
                text.push_str(&cell);
                text.push(if j + 1 < items { ',' } else { ' ' });
            }
        }
        (text, eigen::smallest(&values, items))
    }

    #[test]
    fn what_rounding_explains_is_read() {
        for (items, decimals) in [(6, 2), (12, 3), (8, 1)] {
            let (text, smallest) = rounded(items, decimals);
            let bound = (items - 1) as f64 * 0.5 * 10.0_f64.powf(-(decimals as f64));
            assert!(smallest < -1e-5 && smallest >= -bound, "{items} items: {smallest} and {bound}");
            assert!(Moments::parse_table("t.csv", &text, 100).is_ok(), "{items} items, {decimals} decimals");
        }
        // The same table with more digits than it has, or with one cell off, is explained by nothing.
        let (text, _) = rounded(6, 2);
        let refused = |text: &str| Moments::parse_table("t.csv", text, 100).unwrap_err().to_string();
        assert!(refused(&text.replacen(",0.93", ",0.9300000", 1)).contains("rounding cannot explain it"));
        assert!(refused(&text.replace("0.93", "0.73")).contains("at most 0.0250"));
    }

    #[test]
    fn the_bound_of_covariances_grows_with_the_unit() {
        let within = |decimals| rounding(&[1.0, 0.5, 0.5, 1.0], &[4.0, 9.0], Some(decimals));
        // 0.005/6 of the cell, and half of 0.005/4 + 0.005/9 for each unit of correlation.
        assert!((within(2) - (0.005 / 6.0 + 0.25 * (0.005 / 4.0 + 0.005 / 9.0))).abs() < 1e-15);
        assert!((within(1) / within(2) - 10.0).abs() < 1e-9);
        assert_eq!(rounding(&[1.0, 0.0, 0.0, 1.0], &[1.0, 1.0], Some(0)), 0.0);
        assert_eq!(rounding(&[1.0, 0.5, 0.5, 1.0], &[4.0, 9.0], None), 0.0);
    }
}
