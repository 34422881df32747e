//! The rules for the line of column names.

use std::collections::BTreeMap;

use super::cell::{number, shorten};
use crate::diagnostic::Diagnostic;

/// What is wrong with the header of a file. `titled` says that later lines have more columns than the first.
pub(super) fn problems(file: &str, names: &[&str], line: usize, titled: bool) -> Vec<Diagnostic> {
    if let [only] = names {
        let one =
            Diagnostic::error("TP0204", format!("only one column found in `{file}`: `{}`", shorten(only)))
                .in_file(file, Some(line), None);
        let hint = if titled {
            "later lines have more columns: remove the lines above the column names"
        } else {
            "columns must be separated by comma, semicolon or tab; save the file as CSV"
        };
        return vec![one.hint(hint)];
    }
    if names.iter().all(|name| number(name).is_some()) {
        let message = format!("the first line of `{file}` holds only numbers, so it looks like data");
        return vec![
            Diagnostic::error("TP0205", message)
                .in_file(file, Some(line), None)
                .hint("the first line must hold the names of the columns: add one"),
        ];
    }
    name_problems(file, names, Some(line))
}

/// Columns without a name, and names that stand more than once.
pub(super) fn name_problems(file: &str, names: &[&str], line: Option<usize>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, name) in (1..).zip(names) {
        positions.entry(name).or_default().push(position);
    }
    if let Some(empty) = positions.remove("") {
        for position in empty {
            let problem = Diagnostic::error("TP0206", format!("column {position} has no name")).in_file(
                file,
                line,
                Some(&position.to_string()),
            );
            found.push(match position {
                1 => problem.hint(
                    "if it holds row names written by R, write the file with `row.names = FALSE`; otherwise name it",
                ),
                _ if position == names.len() => {
                    problem.hint("name it, or remove the delimiter at the end of every line")
                }
                _ => problem.hint("name it, or remove the column"),
            });
        }
    }
    let mut repeated: Vec<_> = positions.into_iter().filter(|(_, at)| at.len() > 1).collect();
    repeated.sort_by(|a, b| a.1.cmp(&b.1));
    for (name, at) in repeated {
        let at: Vec<String> = at.iter().map(usize::to_string).collect();
        let (last, before) =
            at.split_last().map_or(("", String::new()), |(last, rest)| (last, rest.join(", ")));
        let message = format!("column name `{name}` stands more than once: columns {before} and {last}");
        found.push(
            Diagnostic::error("TP0207", message)
                .in_file(file, line, Some(name))
                .hint("every column needs a name of its own"),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_name_is_reported_with_its_positions() {
        let found = problems("f", &["", "b", "a", "b", "a", "b", ""], 1, false);
        let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "column 1 has no name",
                "column 7 has no name",
                "column name `b` stands more than once: columns 2, 4 and 6",
                "column name `a` stands more than once: columns 3 and 5",
            ]
        );
    }

    #[test]
    fn numbers_are_not_names_but_one_word_among_them_is_enough() {
        assert_eq!(problems("f", &["1", "2.5"], 1, false)[0].code, "TP0205");
        assert!(problems("f", &["1", "x"], 1, false).is_empty());
    }
}
