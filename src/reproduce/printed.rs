//! Numbers and tables as a paper prints them.

use crate::diagnostic::{Diagnostic, Source};
use std::sync::Arc;

/// A number as it stands in print: `.31` may be anything from .305 to .315.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Printed {
    /// The number.
    pub value: f64,
    /// Decimals in print.
    pub digits: usize,
}

impl Printed {
    /// Reads a number in print: a leading zero may lack, stars and brackets do not matter, `−` and `–` are minus signs.
    ///
    /// ```
    /// use trustpath::reproduce::Printed;
    ///
    /// assert_eq!(Printed::parse("−.204***"), Some(Printed { value: -0.204, digits: 3 }));
    /// assert_eq!(Printed::parse("(0.88)"), Some(Printed { value: 0.88, digits: 2 }));
    /// assert_eq!(Printed::parse("n.s."), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let bare: String = text
            .trim()
            .trim_matches(|c: char| matches!(c, '*' | '†' | '‡' | '(' | ')' | '[' | ']'))
            .replace(['−', '–'], "-");
        let digits = bare.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let plain = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        let value = bare.parse::<f64>().ok().filter(|value| value.is_finite() && plain)?;
        Some(Self { value, digits })
    }

    /// Half a unit of the last decimal. A correlation printed as `1` is exact.
    pub fn half_unit(&self) -> f64 {
        if self.digits == 0 { 0.0 } else { 0.5 * 10_f64.powi(-i32::try_from(self.digits).unwrap_or(15)) }
    }

    /// As it was printed, in APA form.
    pub fn show(&self) -> String {
        crate::table::apa(self.value, self.digits)
    }
}

/// A lower triangle with names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Triangle {
    /// The variables, in order.
    pub names: Vec<String>,
    /// For each variable, its numbers with those before it.
    pub rows: Vec<Vec<Printed>>,
    /// What stands on the diagonal, where anything does.
    pub diagonal: Vec<Option<Printed>>,
}

impl Triangle {
    /// Number of variables.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Position of a variable.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The number of two variables.
    pub fn at(&self, a: usize, b: usize) -> Option<Printed> {
        let (low, high) = (a.min(b), a.max(b));
        if low == high {
            self.diagonal.get(a).copied().flatten()
        } else {
            self.rows.get(high)?.get(low).copied()
        }
    }
}

/// Where a text stands in the file, for messages.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl Block<'_> {
    /// A problem with one line of the text.
    pub(super) fn problem(
        &self,
        code: &'static str,
        line: &str,
        message: impl Into<String>,
        label: &str,
    ) -> Diagnostic {
        let from = self.source.text.get(self.start..).and_then(|rest| rest.find(line)).unwrap_or(0);
        let start = self.start + from;
        Diagnostic::error(code, message).at(self.source, start..start + line.len().max(1), label)
    }
}

/// Reads a lower triangle, one line per variable: its name, its numbers with the variables before it, and perhaps the
/// diagonal.
pub(super) fn triangle(block: &Block<'_>, covariances: bool, problems: &mut Vec<Diagnostic>) -> Triangle {
    let mut out = Triangle::default();
    for line in block.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        let before = out.len();
        let mut numbers = Vec::new();
        let mut good = true;
        for word in words {
            if let Some(number) = Printed::parse(word) {
                numbers.push(number);
            } else {
                good = false;
                let message = format!("`{word}` in the row of `{name}` is not a number");
                problems.push(block.problem("TP1202", line, message, "here"));
            }
        }
        if out.position(name).is_some() {
            problems.push(block.problem("TP1203", line, format!("`{name}` has two rows"), "the second"));
            continue;
        }
        if good && numbers.len() != before && numbers.len() != before + 1 {
            let message = format!(
                "the row of `{name}` has {} numbers; as number {} of a lower triangle it needs {before}, and perhaps its diagonal",
                numbers.len(),
                before + 1
            );
            problems.push(
                block
                    .problem("TP1203", line, message, "too few or too many")
                    .hint("the n-th row holds n − 1 numbers: those with the variables above it"),
            );
        }
        let diagonal = (numbers.len() > before).then(|| numbers.get(before).copied()).flatten();
        numbers.truncate(before);
        if !covariances {
            for number in numbers.iter().filter(|number| number.value.abs() > 1.0) {
                let message = format!("{} in the row of `{name}` is no correlation", number.value);
                problems.push(block.problem("TP1202", line, message, "beyond −1 or 1"));
            }
        } else if diagonal.is_none_or(|number| number.value <= 0.0) {
            let message = format!("the row of `{name}` does not end in a variance above 0");
            problems.push(block.problem("TP1203", line, message, "no variance"));
        }
        out.names.push(name.to_owned());
        out.rows.push(numbers);
        out.diagonal.push(diagonal);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn read(text: &str) -> (Triangle, Vec<&'static str>) {
        let source = Source::new("t.toml", text);
        let mut problems = Vec::new();
        let triangle = triangle(&Block { source: &source, start: 0, text }, false, &mut problems);
        (triangle, problems.into_iter().map(|problem| problem.code).collect())
    }

    #[test]
    fn a_triangle_is_read_as_it_is_printed() {
        let (t, problems) = read("\nPU (.88)\nPEOU .41** .90\nTR −.30 .2 1\n");
        assert_eq!(problems, Vec::<&str>::new());
        assert_eq!(t.names, ["PU", "PEOU", "TR"]);
        assert_eq!(t.at(2, 0), Some(Printed { value: -0.3, digits: 2 }));
        assert_eq!(t.at(0, 2), t.at(2, 0));
        assert_eq!(t.at(1, 1).map(|p| p.value), Some(0.9));
    }

    #[test]
    fn rows_that_do_not_fit_are_named() {
        assert_eq!(read("A\nB .1\nC .2\n").1, ["TP1203"]);
        assert_eq!(read("A\nB x\n").1, ["TP1202"]);
        assert_eq!(read("A\nB 1.2\n").1, ["TP1202"]);
        assert_eq!(read("A\nA .1\n").1, ["TP1203"]);
    }

    #[test]
    fn half_units_follow_the_print() {
        assert_eq!(Printed::parse(".31").unwrap().half_unit(), 0.005);
        assert_eq!(Printed::parse("1").unwrap().half_unit(), 0.0);
        assert_eq!(Printed::parse(".").map(|p| p.value), None);
    }
}
