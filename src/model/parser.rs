//! Turns a model text into a [`Document`].
//!
//! A statement ends at `;` or at the end of its line, unless the line ends or the next line begins with
//! something that joins (`+`, `*`, `:`, `,`, an operator) or a bracket is still open. Each statement is
//! parsed for itself, so that one error does not hide the next statement's.
//!
//! | code | meaning |
//! |---|---|
//! | TP0101 | a character that means nothing |
//! | TP0102 | a word that begins with a digit |
//! | TP0103 | a quoted text without end |
//! | TP0104 | a statement without operator |
//! | TP0105 | something that looks like an operator and is none |
//! | TP0106 | an operator of lavaan that is not supported |
//! | TP0107 | nothing left of the operator |
//! | TP0108 | nothing right of the operator |
//! | TP0109 | something else where a name or `+` should stand |
//! | TP0110 | a second operator in one statement |
//! | TP0111 | a modifier (`…*X`) that cannot be read |
//! | TP0112 | an expression (`:=`) that cannot be read |
//! | TP0113 | a bracket without end |
//! | TP0114 | an annotation without key |
//! | TP0115 | a file that is not UTF-8 |

use std::sync::Arc;

use super::ModelError;
use super::document::{Document, Item};
use super::lexer::{self, Kind, Token};
use super::statement::StatementParser;
use crate::diagnostic::{Diagnostic, Diagnostics, Source};

/// The text of a model or codebook file, which must be UTF-8; a byte order mark is dropped.
pub(super) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, ModelError> {
    decode_as("TP0115", name, bytes)
}

/// [`decode`] under another code.
pub(super) fn decode_as(code: &'static str, name: &str, bytes: Vec<u8>) -> Result<String, ModelError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default());
            let before = before.strip_prefix('\u{feff}').unwrap_or(&before).to_owned();
            let bad = bytes.get(valid).copied().unwrap_or_default();
            let (line, column) = Source { name: String::new(), text: before }.position(usize::MAX);
            let guess = match bytes {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file looks like UTF-16; save it as UTF-8",
                _ => "save the file as UTF-8 (in a spreadsheet: `CSV UTF-8`)",
            };
            let problem =
                Diagnostic::error(code, format!("`{name}` is not UTF-8: byte 0x{bad:02X} is no text"))
                    .in_file(name, Some(line), Some(&column.to_string()))
                    .hint(guess);
            Err(ModelError::Invalid(problem.into()))
        }
    }
}

impl Document {
    /// Parses a model text without asking what its names mean.
    ///
    /// # Errors
    /// Every statement and annotation that cannot be read, in the order of the text.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Diagnostics> {
        let lexed = lexer::lex(source);
        let mut problems = lexed.problems;
        let mut items: Vec<(usize, Item)> = lexed
            .annotations
            .into_iter()
            .map(|annotation| (annotation.key_span.start, Item::Annotation(annotation)))
            .collect();
        for tokens in statements(&lexed.tokens) {
            // A bad token is reported already, and what it was meant to be is unknown.
            if tokens.iter().any(|token| token.kind.is_bad()) {
                continue;
            }
            match StatementParser::new(source).statement(&tokens) {
                Ok(statement) => items.push((statement.span.start, Item::Statement(statement))),
                Err(problem) => problems.push(*problem),
            }
        }
        if problems.is_empty() {
            items.sort_by_key(|(start, _)| *start);
            Ok(Self { items: items.into_iter().map(|(_, item)| item).collect() })
        } else {
            problems.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
            Err(Diagnostics(problems))
        }
    }
}

/// A statement that may go on in the next line.
#[derive(Default)]
struct Pending {
    tokens: Vec<Token>,
    operator: bool,
    depth: usize,
}

impl Pending {
    fn extend(&mut self, line: &[Token]) {
        for token in line {
            self.operator |= token.kind.is_operator();
            match token.kind {
                Kind::Open => self.depth += 1,
                Kind::Close => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.tokens.push(token.clone());
        }
    }

    /// Whether `line` belongs to the same statement.
    fn goes_on(&self, line: &[Token]) -> bool {
        // Two operators never make one statement: rather take the second for a new one, so that a line
        // that breaks off does not spoil the next.
        if self.operator && line.iter().any(|token| token.kind.is_operator()) {
            return false;
        }
        self.depth > 0
            || self.tokens.last().is_some_and(|token| token.kind.joins())
            || line.first().is_some_and(|token| token.kind.joins())
    }
}

/// Cuts the tokens into statements.
fn statements(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut all = Vec::new();
    let mut pending = Pending::default();
    for line in tokens.split_inclusive(|token| matches!(token.kind, Kind::Newline | Kind::Semicolon)) {
        let (line, ends) = match line {
            [line @ .., Token { kind: Kind::Newline, .. }] => (line, false),
            [line @ .., Token { kind: Kind::Semicolon, .. }] => (line, true),
            _ => (line, false),
        };
        if !line.is_empty() && !pending.goes_on(line) {
            all.push(std::mem::take(&mut pending).tokens);
        }
        pending.extend(line);
        if ends {
            all.push(std::mem::take(&mut pending).tokens);
        }
    }
    all.push(pending.tokens);
    all.retain(|tokens| !tokens.is_empty());
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    /// The codes and the texts they point at.
    fn found(text: &str) -> Vec<(&'static str, String)> {
        let source = Source::new("m", text);
        match Document::parse(&source) {
            Ok(_) => Vec::new(),
            Err(Diagnostics(all)) => {
                all.into_iter().map(|one| (one.code, text[one.span.unwrap()].to_owned())).collect()
            }
        }
    }

    fn printed(text: &str) -> String {
        Document::parse(&Source::new("m", text)).unwrap().to_string()
    }

    #[test]
    fn every_syntax_error_has_its_code_and_place() {
        for (text, code, span) in [
            ("A =~ a1 ? a2", "TP0101", "?"),
            ("A =~ 1st", "TP0102", "1st"),
            ("A ~ \"a*B", "TP0103", "\"a*B"),
            ("A + B", "TP0104", "A + B"),
            ("A =- a1", "TP0105", "=-"),
            ("A -> B", "TP0105", "->"),
            ("A = a1", "TP0105", "="),
            ("A ~ B = C", "TP0105", "="),
            ("a == b", "TP0106", "=="),
            ("a > 0", "TP0106", ">"),
            ("a < 0", "TP0106", "<"),
            ("a | t1 + t2", "TP0106", "|"),
            ("a ~*~ a", "TP0106", "~*~"),
            ("a <-> b", "TP0106", "<->"),
            ("group: 1", "TP0106", "group: 1"),
            ("~ B", "TP0107", "~"),
            ("A =~", "TP0108", "=~"),
            ("A ~ ;B ~ C", "TP0108", "~"),
            ("A ~ B C", "TP0109", "C"),
            ("A ~ B +", "TP0109", "+"),
            ("A ~ B + + C", "TP0109", "+"),
            ("A ~ B - C", "TP0109", "-"),
            ("A ~ -B", "TP0109", "B"),
            ("A ~ 0", "TP0109", "0"),
            ("A ~ B:", "TP0109", ":"),
            ("a*A ~ B", "TP0109", "*"),
            ("a + b := c", "TP0109", "a + b"),
            ("A ~ B ~ C", "TP0110", "~"),
            ("A ~ f(1)*B", "TP0111", "f"),
            ("A ~ c(1, 2)*B", "TP0111", "c"),
            ("A ~ a*b*C", "TP0111", "*"),
            ("A ~ B:C*D", "TP0111", "B:C"),
            ("A ~ ''*B", "TP0111", "''"),
            ("ab := a * ", "TP0112", "*"),
            ("ab := a b", "TP0112", "b"),
            ("ab := a, b", "TP0112", ","),
            ("ab := a)", "TP0112", ")"),
            ("ab := (a + b", "TP0113", "("),
            ("A ~ start(0.5", "TP0113", "("),
            ("#@", "TP0114", "#@"),
        ] {
            assert_eq!(found(text), [(code, span.to_owned())], "{text}");
        }
    }

    #[test]
    fn all_errors_of_a_file_are_found_at_once() {
        assert_eq!(found("A ~\nB ～ C"), [("TP0108", "~".to_owned()), ("TP0101", "～".to_owned())]);
        let text = "A =~\nB =~ b1 +\nC ~ A + B\nA = a1\n@\n#@\nab := (a\nD ~ B\nE ~ start(1\nF ~ G";
        let codes: Vec<_> = found(text).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["TP0108", "TP0109", "TP0105", "TP0101", "TP0114", "TP0113", "TP0113"]);
    }

    #[test]
    fn statements_go_on_over_lines_as_in_lavaan() {
        for text in [
            "A ~ B +\n\n # note\n C",
            "A ~ B\r\n ! note\r\n + C",
            "A\n~\nB\n+C",
            "A ~ B\n#@ title x\n + C",
            "A ~ B + C; ",
        ] {
            assert!(printed(text).contains("A ~ B + C\n"), "{text}");
        }
        assert_eq!(printed("A ~ start(\n0.5\n)*B:\nC"), "A ~ start(0.5)*B:C\n");
        assert_eq!(printed("A =~ a; B =~ b\nC =~ c"), "A =~ a\nB =~ b\nC =~ c\n");
    }

    #[test]
    fn an_expression_keeps_its_tokens() {
        assert_eq!(printed("t:=-(a+b)^2*pnorm(a,1)/-3"), "t := - ( a + b ) ^ 2 * pnorm ( a , 1 ) / - 3\n");
    }

    #[test]
    fn statements_and_annotations_keep_the_order_of_the_text() {
        let document = Document::parse(&Source::new("m", "#@ title x\nA ~ B\n#@ mode A\n")).unwrap();
        let kinds: Vec<_> = document.items.iter().map(|item| matches!(item, Item::Annotation(_))).collect();
        assert_eq!(kinds, [true, false, true]);
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_its_place() {
        let error = decode("m.sem", b"\xef\xbb\xbfA =~ a\nB\xe9 =~ b".to_vec()).unwrap_err().to_string();
        assert!(
            error.contains("TP0115") && error.contains("line 2, column 2") && error.contains("0xE9"),
            "{error}"
        );
        let utf16 = decode("m.sem", vec![0xff, 0xfe, b'A', 0]).unwrap_err().to_string();
        assert!(utf16.contains("UTF-16"), "{utf16}");
        assert_eq!(decode("m.sem", b"\xef\xbb\xbfA".to_vec()).unwrap(), "A");
    }
}
