//! Resamples from a file: one per line, case numbers from 0 or case weights, separated by commas, semicolons or blanks.

use std::path::Path;

use trustpath::diagnostic::Diagnostic;

use super::failure::{Failure, plain};

/// Broken cells of a file of resamples that are reported one by one.
const MOST_PROBLEMS: usize = 5;

/// Case numbers, one list per resample.
pub(crate) fn read_indices(file: &Path, cases: usize) -> Result<Vec<Vec<usize>>, Failure> {
    let name = file.display().to_string();
    parse_indices(&name, &text_of(file)?, cases)
}

/// Case weights, one per case and resample.
pub(crate) fn read_weights(file: &Path, cases: usize) -> Result<Vec<Vec<f64>>, Failure> {
    let name = file.display().to_string();
    parse_weights(&name, &text_of(file)?, cases)
}

fn text_of(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        super::failure::unreadable(&file.display().to_string(), &plain(&error.to_string())).into()
    })
}

fn parse_indices(name: &str, text: &str, cases: usize) -> Result<Vec<Vec<usize>>, Failure> {
    let number = |word: &str| match word.parse::<usize>() {
        Ok(case) if case < cases => Ok(case),
        Ok(case) => Err((
            format!("case {case} does not exist: {cases} cases are used"),
            format!("cases are numbered from 0 to {}", cases.saturating_sub(1)),
        )),
        Err(_) => Err((
            format!("`{word}` is not a case number"),
            "write whole numbers from 0, without a header line".to_owned(),
        )),
    };
    parse(name, text, number, |count| {
        (count < 3).then(|| {
            (
                format!("a resample of {count} cases; at least 3 are needed"),
                "each line holds all cases of one resample".to_owned(),
            )
        })
    })
}

fn parse_weights(name: &str, text: &str, cases: usize) -> Result<Vec<Vec<f64>>, Failure> {
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
        (count != cases).then(|| {
            (
                format!("{count} weights for {cases} cases"),
                "each line holds one weight for every case used".to_owned(),
            )
        })
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
        problems.extend(wrong_length(words.len()).map(problem));
        let resample: Result<Vec<T>, Complaint> = words.iter().map(|word| number(word)).collect();
        match resample {
            Ok(resample) => resamples.push(resample),
            Err(complaint) => {
                // The first of a line tells: the others are mostly like it.
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
        let read = parse_indices("r.csv", "0,1,2,3\n\n3 3\t3;3\r\n", 4).ok();
        assert_eq!(read, Some(vec![vec![0, 1, 2, 3], vec![3, 3, 3, 3]]));
        let read = parse_weights("r.csv", "0.5,1.5,1\n2 0 1\n", 3).ok();
        assert_eq!(read, Some(vec![vec![0.5, 1.5, 1.0], vec![2.0, 0.0, 1.0]]));
    }

    #[test]
    fn broken_cells_are_named() {
        let indices = |text: &str| messages(parse_indices("r.csv", text, 4));
        let found = indices("0,1,2\n0,x,9\n1\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("`x`") && found[1].contains("1 cases"));
        assert!(indices("0,1,2\n0,1,9\n")[0].contains("case 9"));
        assert!(indices("0 1 2\n")[0].contains("1 resamples"));
        assert_eq!(indices(&"a b c\n".repeat(9)).len(), MOST_PROBLEMS);
        let weights = messages(parse_weights("r.csv", "1 1\n1 -1 1\nnan 1 1\n", 3));
        assert!(
            weights[0].contains("2 weights") && weights[1].contains("`-1`") && weights[2].contains("`nan`")
        );
    }
}
