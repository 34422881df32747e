//! Cuts a model text into tokens with byte spans.
//!
//! Comments (`#`, `!`) vanish here; annotations (`#@`) are taken out whole, because they follow their own
//! rules; everything else becomes a [`Token`]. A character that means nothing becomes a bad token
//! and a diagnostic, so that the parser can pass over the statement and go on with the next.

use std::ops::Range;
use std::sync::Arc;

use super::document::{Annotation, Operator};
use crate::diagnostic::{Diagnostic, Source};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name.
    Name,
    /// A number without sign.
    Number,
    /// A quoted text, quotes included.
    Text,
    /// An operator that statements may have.
    Op(Operator),
    /// An operator of lavaan that is read, but that nothing here can estimate.
    Unsupported(&'static str),
    /// Something that looks like an operator and is none.
    Unknown(&'static str),
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;`
    Semicolon,
    /// End of a line.
    Newline,
    /// Already reported.
    Bad,
    /// Already reported, and meant as an operator.
    BadOperator,
}

impl Kind {
    /// Whether it stands between the two sides of a statement.
    pub(super) fn is_operator(self) -> bool {
        matches!(self, Self::Op(_) | Self::Unsupported(_) | Self::Unknown(_) | Self::BadOperator)
    }

    /// Whether it is reported already.
    pub(super) fn is_bad(self) -> bool {
        matches!(self, Self::Bad | Self::BadOperator)
    }

    /// Whether it joins what stands before and after it, so that no statement begins or ends with it.
    pub(super) fn joins(self) -> bool {
        self.is_operator()
            || matches!(
                self,
                Self::Plus | Self::Minus | Self::Star | Self::Slash | Self::Caret | Self::Colon | Self::Comma
            )
    }
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it stands.
    pub(super) span: Range<usize>,
}

/// A whole text in pieces.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    /// Tokens of the statements, in order.
    pub(super) tokens: Vec<Token>,
    /// The annotations, in order.
    pub(super) annotations: Vec<Annotation>,
    /// Everything that is wrong so far.
    pub(super) problems: Vec<Diagnostic>,
}

/// Symbols, longer ones before their beginnings.
const SYMBOLS: &[(&str, Kind)] = &[
    ("~*~", Kind::Unsupported("~*~")),
    ("<->", Kind::Unsupported("<->")),
    ("=~", Kind::Op(Operator::Reflective)),
    ("<~", Kind::Op(Operator::Composite)),
    ("~~", Kind::Op(Operator::Covariance)),
    (":=", Kind::Op(Operator::Definition)),
    ("==", Kind::Unsupported("==")),
    ("<=", Kind::Unsupported("<=")),
    (">=", Kind::Unsupported(">=")),
    ("=-", Kind::Unknown("=-")),
    ("=>", Kind::Unknown("=>")),
    ("->", Kind::Unknown("->")),
    ("<-", Kind::Unknown("<-")),
    ("~=", Kind::Unknown("~=")),
    ("~>", Kind::Unknown("~>")),
    ("~", Kind::Op(Operator::Regression)),
    ("=", Kind::Unknown("=")),
    ("<", Kind::Unsupported("<")),
    (">", Kind::Unsupported(">")),
    ("|", Kind::Unsupported("|")),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("^", Kind::Caret),
    (":", Kind::Colon),
    (",", Kind::Comma),
    ("(", Kind::Open),
    (")", Kind::Close),
    (";", Kind::Semicolon),
];

/// Characters that input methods and word processors put in place of the plain ones.
const LOOKALIKES: &[(&str, &str)] = &[
    ("～∼˜〜", "~"),
    ("＝", "="),
    ("＋", "+"),
    ("＊×", "*"),
    ("－−–—", "-"),
    ("：", ":"),
    ("；", ";"),
    ("，、", ","),
    ("（", "("),
    ("）", ")"),
    ("＜", "<"),
    ("＞", ">"),
    ("＃", "#"),
    ("！", "!"),
    ("“”„‘’", "\""),
];

/// Whether a name may begin with this character.
pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '.'
}

/// Whether a name may go on with this character; combining accents are how some systems write `é`.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.' || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether a text is one name from end to end.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let number = text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char) && !number
}

/// Cuts the text of a source into tokens.
pub(super) fn lex(source: &Arc<Source>) -> Lexed {
    let mut lexer = Lexer { source, at: 0, lexed: Lexed::default() };
    if source.text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    while let Some(c) = lexer.rest().chars().next() {
        lexer.step(c);
    }
    lexer.lexed
}

struct Lexer<'a> {
    source: &'a Arc<Source>,
    at: usize,
    lexed: Lexed,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.text.get(self.at..).unwrap_or_default()
    }

    /// The rest of the line, without its end.
    fn line(&self) -> &'a str {
        self.rest().split(['\n', '\r']).next().unwrap_or_default()
    }

    /// Takes the next `length` bytes as one token.
    fn push(&mut self, kind: Kind, length: usize) -> Range<usize> {
        let span = self.at..self.at + length;
        self.lexed.tokens.push(Token { kind, span: span.clone() });
        self.at = span.end;
        span
    }

    /// Takes the next `length` bytes as a token that is wrong.
    fn bad(&mut self, kind: Kind, length: usize, problem: Diagnostic, label: &str) {
        let span = self.push(kind, length);
        self.lexed.problems.push(problem.at(self.source, span, label));
    }

    fn step(&mut self, c: char) {
        let rest = self.rest();
        match c {
            '\n' | '\r' => {
                self.push(Kind::Newline, 1);
            }
            _ if c.is_whitespace() => self.at += c.len_utf8(),
            '#' if rest.starts_with("#@") => self.annotation(),
            '#' | '!' => self.at += self.line().len(),
            '"' | '\'' => self.quoted(c),
            _ if number_length(rest) > 0 => self.number(),
            _ if is_name_start(c) => {
                let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
                self.push(Kind::Name, length);
            }
            _ => self.symbol(),
        }
    }

    fn number(&mut self) {
        let rest = self.rest();
        let number = number_length(rest);
        let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        if length <= number {
            self.push(Kind::Number, number);
            return;
        }
        let word = rest.get(..length).unwrap_or_default();
        let problem = Diagnostic::error("TP0102", format!("`{word}` is neither a number nor a name"))
            .hint("a name begins with a letter, `_` or `.`; rename the column, for example to `q1`");
        self.bad(Kind::Bad, length, problem, "begins with a digit");
    }

    fn quoted(&mut self, quote: char) {
        let line = self.line();
        if let Some(end) = line.get(1..).and_then(|rest| rest.find(quote)) {
            self.push(Kind::Text, end + 2);
        } else {
            let problem = Diagnostic::error("TP0103", "a quoted text is never closed")
                .hint(format!("add the closing {quote} on the same line"));
            self.bad(Kind::Bad, line.len(), problem, "opened here");
        }
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        if let Some((symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            self.push(*kind, symbol.len());
            return;
        }
        // One report for a run of such characters, not one for each.
        let known = |(at, c): (usize, char)| {
            at > 0
                && (c.is_whitespace()
                    || is_name_char(c)
                    || "#!\"'".contains(c)
                    || SYMBOLS.iter().any(|(symbol, _)| symbol.starts_with(c)))
        };
        let length = rest.char_indices().find(|&pair| known(pair)).map_or(rest.len(), |(at, _)| at);
        let run = rest.get(..length).unwrap_or_default();
        let mut problem = Diagnostic::error("TP0101", format!("unexpected `{}`", run.escape_debug()));
        let plain = LOOKALIKES.iter().find(|(like, _)| run.chars().next().is_some_and(|c| like.contains(c)));
        problem = match plain {
            Some((_, plain)) => problem.hint(format!(
                "type the plain `{plain}`; full-width and typographic characters have no meaning here"
            )),
            None => problem.hint("a name holds letters, digits, `_` and `.`; a comment begins with `#`"),
        };
        let kind = match plain {
            Some((_, "~" | "=" | "<" | ">")) => Kind::BadOperator,
            _ => Kind::Bad,
        };
        self.bad(kind, length, problem, "has no meaning in a model");
    }

    fn annotation(&mut self) {
        let line = self.line();
        let start = self.at;
        self.at += line.len();
        let body = line.get(2..).unwrap_or_default();
        let end = comment_start(body).unwrap_or(body.len());
        let body = body.get(..end).unwrap_or_default();
        let key = body.split_whitespace().next().unwrap_or_default();
        if key.is_empty() {
            let problem = Diagnostic::error("TP0114", "an annotation `#@` says nothing")
                .at(self.source, start..start + 2, "no key follows")
                .hint("write a key and a value, such as `#@ title Trust in a new shop`")
                .hint("a free comment begins with `#` alone");
            self.lexed.problems.push(problem);
            return;
        }
        let key_start = start + 2 + (body.len() - body.trim_start().len());
        let key_span = key_start..key_start + key.len();
        let after = body.get(key_span.end - start - 2..).unwrap_or_default();
        let value = after.trim();
        let value_start =
            key_span.end + if value.is_empty() { 0 } else { after.len() - after.trim_start().len() };
        self.lexed.annotations.push(Annotation {
            key: key.to_owned(),
            value: value.to_owned(),
            key_span,
            value_span: value_start..value_start + value.len(),
        });
    }
}

/// Where a trailing comment of an annotation begins: `#` at the start or after white space.
fn comment_start(body: &str) -> Option<usize> {
    let mut free = true;
    for (at, c) in body.char_indices() {
        if c == '#' && free {
            return Some(at);
        }
        free = c.is_whitespace();
    }
    None
}

/// Length of the number a text begins with, 0 if it begins with none.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let next = |at: usize| text.as_bytes().get(at).copied();
    let mut end = digits(0);
    if next(end) == Some(b'.') {
        let fraction = digits(end + 1);
        if end == 0 && fraction == end + 1 {
            return 0;
        }
        end = fraction;
    }
    if end > 0 && matches!(next(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(next(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, String)> {
        let source = Source::new("m", text);
        let lexed = lex(&source);
        lexed.tokens.into_iter().map(|token| (token.kind, text[token.span].to_owned())).collect()
    }

    fn pieces(text: &str) -> Vec<String> {
        kinds(text).into_iter().map(|(_, piece)| piece).collect()
    }

    #[test]
    fn tokens_are_cut_at_the_longest_symbol() {
        assert_eq!(pieces("A=~a1+-0.5*b2"), ["A", "=~", "a1", "+", "-", "0.5", "*", "b2"]);
        assert_eq!(pieces("x~~-1e-3*y:z"), ["x", "~~", "-", "1e-3", "*", "y", ":", "z"]);
        assert_eq!(pieces("ab:=a*b # product"), ["ab", ":=", "a", "*", "b"]);
        assert_eq!(pieces("y ~*~ y ! scale"), ["y", "~*~", "y"]);
        assert_eq!(pieces("信任 =~ 信任1 + .x"), ["信任", "=~", "信任1", "+", ".x"]);
        assert_eq!(pieces("y ~ .5*x + 1.*z"), ["y", "~", ".5", "*", "x", "+", "1.", "*", "z"]);
    }

    #[test]
    fn bad_pieces_are_reported_once_per_run() {
        let source = Source::new("m", "A =~ a1 @@ a2\nB ～ A\n2b ~ \"open\n");
        let lexed = lex(&source);
        let found: Vec<_> = lexed
            .problems
            .iter()
            .map(|problem| (problem.code, &source.text[problem.span.clone().unwrap_or_default()]))
            .collect();
        assert_eq!(found, [("TP0101", "@@"), ("TP0101", "～"), ("TP0102", "2b"), ("TP0103", "\"open")]);
        assert!(lexed.problems[1].hints[0].contains("`~`"));
    }

    #[test]
    fn annotations_drop_trailing_comments_only_after_white_space() {
        let text =
            "\u{feff}#@ title  C# for all  # not this\r\n #@mode B\n#@\n# #@ free\nA ~ B #@ label A x #y";
        let source = Source::new("m", text);
        let lexed = lex(&source);
        let found: Vec<_> = lexed.annotations.iter().map(|a| (a.key.as_str(), a.value.as_str())).collect();
        assert_eq!(found, [("title", "C# for all"), ("mode", "B"), ("label", "A x")]);
        for annotation in &lexed.annotations {
            assert_eq!(text[annotation.key_span.clone()], annotation.key);
            assert_eq!(text[annotation.value_span.clone()], annotation.value);
        }
        assert_eq!(lexed.problems.len(), 1);
        assert_eq!(lexed.problems[0].code, "TP0114");
    }

    #[test]
    fn names_are_recognised_whole() {
        for name in ["a", "_", ".x", "信任", "a.1", "é"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", ".5", "a b", "a-b", "a:b", "a*"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
