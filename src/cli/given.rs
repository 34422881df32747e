//! Resamples from a file: one per line, case numbers from 0 or case weights, separated by commas, semicolons or blanks.

use std::path::Path;

use trustpath::diagnostic::Diagnostic;
use trustpath::pls::PlsFit;

use super::failure::{Failure, plain};

/// Broken cells of a file of resamples that are reported one by one.
const MOST_PROBLEMS: usize = 5;

/// The cases that resamples are made of.
#[derive(Debug, Clone, Copy)]
struct Cases {
    used: usize,
    /// Those of the file that are not used.
    left_out: usize,
}

impl Cases {
    fn of(fit: &PlsFit) -> Self {
        let left_out = fit.answers().map_or(0, |sample| sample.account.cases_not_used());
        Self { used: fit.n(), left_out }
    }

    /// Why a line of another length is none of theirs, and how to mend it.
    fn wrong_length(self, count: usize, what: &str, how: &str) -> Option<Complaint> {
        if count == self.used {
            return None;
        }
        let Self { used, left_out } = self;
        let hint = match left_out {
            0 => how.to_owned(),
            left_out => {
                format!("{how}; {left_out} of the {} cases of the survey were left out", used + left_out)
            }
        };
        Some((format!("{count} {what} in a resample of {used} cases"), hint))
    }
}

/// Case numbers, one list per resample.
pub(crate) fn read_indices(file: &Path, fit: &PlsFit) -> Result<Vec<Vec<usize>>, Failure> {
    let name = file.display().to_string();
    parse_indices(&name, &text_of(file)?, Cases::of(fit))
}

/// Case weights, one per case and resample.
pub(crate) fn read_weights(file: &Path, fit: &PlsFit) -> Result<Vec<Vec<f64>>, Failure> {
    let name = file.display().to_string();
    parse_weights(&name, &text_of(file)?, Cases::of(fit))
}

fn text_of(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        super::failure::unreadable(&file.display().to_string(), &plain(&error.to_string())).into()
    })
}

fn parse_indices(name: &str, text: &str, cases: Cases) -> Result<Vec<Vec<usize>>, Failure> {
    let Cases { used, left_out } = cases;
    let number = |word: &str| match word.parse::<usize>() {
        Ok(case) if case < used => Ok(case),
        Ok(case) => Err((
            format!("case {case} does not exist: {used} cases are used"),
            match (used.saturating_sub(1), left_out) {
                (last, 0) => format!("cases are numbered from 0 to {last}"),
                (last, left_out) => format!(
                    "cases are numbered from 0 to {last} in the order of the survey, without the {left_out} that were left out"
                ),
            },
        )),
        Err(_) => Err((
            format!("`{word}` is not a case number"),
            "write whole numbers from 0, without a header line".to_owned(),
        )),
    };
    parse(name, text, number, |count| {
        cases.wrong_length(
            count,
            "case numbers",
            &format!("write {used} in each line, one for every case used"),
        )
    })
}

fn parse_weights(name: &str, text: &str, cases: Cases) -> Result<Vec<Vec<f64>>, Failure> {
    let number = |word: &str| match word.parse::<f64>() {
        Ok(weight) if weight.is_finite() && weight >= 0.0 => Ok(weight),
        Ok(_) => {
            Err((format!("`{word}` cannot be a weight"), "give every case a weight of 0 or more".to_owned()))
        }
        Err(_) => {
            Err((format!("`{word}` is not a number"), "write numbers, without a header line".to_owned()))
        }
    };
    parse(name, text, number, |count| {
        let how = format!("write {} in each line, one for every case used", cases.used);
        cases.wrong_length(count, "weights", &how)
    })
}

/// Message and hint.
type Complaint = (String, String);

fn parse<T>(
    name: &str,
    text: &str,
    number: impl Fn(&str) -> Result<T, Complaint>,
    wrong_length: impl Fn(usize) -> Option<Complaint>,
) -> Result<Vec<Vec<T>>, Failure> {
    let mut problems = Vec::new();
    let mut resamples = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let words: Vec<&str> =
            line.split([',', ';', ' ', '\t', '\r']).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            continue;
        }
        let problem = |(message, hint): Complaint| {
            Diagnostic::error("TP0004", message).in_file(name, Some(at + 1), None).hint(hint)
        };
        let resample: Result<Vec<T>, Complaint> = words.iter().map(|word| number(word)).collect();
        // The first problem of a line tells: the others are mostly like it.
        match (resample, wrong_length(words.len())) {
            (Ok(resample), None) => resamples.push(resample),
            (Err(complaint), _) | (Ok(_), Some(complaint)) => {
                problems.push(problem(complaint));
                resamples.push(Vec::new());
            }
        }
    }
    if resamples.len() < 2 {
        problems.push(
            Diagnostic::error(
                "TP0004",
                format!("`{name}` holds {} resamples; at least 2 are needed", resamples.len()),
            )
            .in_file(name, None, None),
        );
    }
    if problems.is_empty() {
        return Ok(resamples);
    }
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    if let (Some(last), 1..) = (problems.last_mut(), more) {
        last.hints.push(format!("there are {more} more problems like these"));
    }
    Err(Failure::Bad(problems))
}

#[cfg(test)]
#[allow(clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    fn messages<T>(found: Result<Vec<Vec<T>>, Failure>) -> Vec<String> {
        match found {
            Err(Failure::Bad(problems)) => problems.into_iter().map(|p| p.message).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn resamples_are_read_whatever_separates_them() {
        let read = parse_indices("r.csv", "0,1,2,3\n\n3 3\t3;3\r\n", all(4)).ok();
        assert_eq!(read, Some(vec![vec![0, 1, 2, 3], vec![3, 3, 3, 3]]));
        let read = parse_weights("r.csv", "0.5,1.5,1\n2 0 1\n", all(3)).ok();
        assert_eq!(read, Some(vec![vec![0.5, 1.5, 1.0], vec![2.0, 0.0, 1.0]]));
    }

    fn all(used: usize) -> Cases {
        Cases { used, left_out: 0 }
    }

    #[test]
    fn broken_cells_are_named() {
        let indices = |text: &str| messages(parse_indices("r.csv", text, all(4)));
        let found = indices("0,1,2,3\n0,x,9,1\n1\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("`x`") && found[1].contains("1 case numbers in a resample of 4 cases"));
        assert!(indices("0,1,2,3\n0,1,9,2\n")[0].contains("case 9"));
        assert!(indices("0 1 2 3\n")[0].contains("1 resamples"));
        assert_eq!(indices(&"a b c\n".repeat(9)).len(), MOST_PROBLEMS);
        let weights = messages(parse_weights("r.csv", "1 1\n1 -1 1\nnan 1 1\n", all(3)));
        assert!(
            weights[0].contains("2 weights") && weights[1].contains("`-1`") && weights[2].contains("`nan`")
        );
    }

    #[test]
    fn a_line_of_another_length_tells_how_many_cases_were_left_out() {
        let cases = Cases { used: 4, left_out: 2 };
        let Err(Failure::Bad(problems)) = parse_indices("r.csv", "0,1,2,3\n0,1,2,3,3,0\n", cases) else {
            panic!("six numbers are none of four cases")
        };
        let told = problems[0].to_string();
        assert!(
            told.contains("r.csv, line 2") && told.contains("6 case numbers in a resample of 4"),
            "{told}"
        );
        assert!(told.contains("write 4 in each line") && told.contains("2 of the 6 cases"), "{told}");
    }
}
