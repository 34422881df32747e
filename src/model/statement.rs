//! Parses the tokens of one statement.

use std::ops::Range;
use std::sync::Arc;

use super::document::{Name, Operator, Statement, Term};
use super::lexer::{Kind, Token};
use super::term::Cursor;
use crate::diagnostic::{Diagnostic, Source};

/// What every message about an operator ends with.
const OPERATORS: &str = "the operators are `=~` is measured by, `<~` is formed by, `~` is regressed on, \
                         `~~` covaries with, `:=` is defined as";

/// Large, and made only when something is wrong.
pub(super) type Problem = Box<Diagnostic>;

/// Where a run of tokens stands.
pub(super) fn span_of(tokens: &[Token]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    }
}

/// Parses one statement; knows the text that the tokens are cut from.
pub(super) struct StatementParser<'a> {
    source: &'a Arc<Source>,
}

impl<'a> StatementParser<'a> {
    /// A parser of the statements of this text.
    pub(super) fn new(source: &'a Arc<Source>) -> Self {
        Self { source }
    }

    /// What a token says.
    pub(super) fn text(&self, span: &Range<usize>) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default()
    }

    /// A problem in one place of the text.
    pub(super) fn problem(
        &self,
        code: &'static str,
        span: &Range<usize>,
        message: impl Into<String>,
        label: &str,
    ) -> Diagnostic {
        Diagnostic::error(code, message).at(self.source, span.clone(), label)
    }

    /// The statement that these tokens make; none of them is bad.
    pub(super) fn statement(&self, tokens: &[Token]) -> Result<Statement, Problem> {
        let mut operators = tokens.iter().enumerate().filter(|(_, token)| token.kind.is_operator());
        let Some((at, operator)) = operators.next() else {
            return Err(self.no_operator(tokens));
        };
        let (left, right) = (tokens.get(..at).unwrap_or_default(), tokens.get(at + 1..).unwrap_or_default());
        let symbol = self.text(&operator.span);
        let kind = match operator.kind {
            Kind::Op(kind) => kind,
            Kind::Unsupported(symbol) => return Err(self.unsupported(symbol, &operator.span)),
            _ => return Err(self.unknown(symbol, &operator.span)),
        };
        if left.is_empty() {
            let message = format!("nothing stands left of `{symbol}`");
            let problem = self.problem("TP0107", &operator.span, message, "a name is missing before this");
            return Err(problem.hint(shape(kind)).into());
        }
        if right.is_empty() {
            let message = format!("nothing stands right of `{symbol}`");
            let problem = self.problem("TP0108", &operator.span, message, "names are missing after this");
            return Err(problem.hint(shape(kind)).into());
        }
        if let Some((_, second)) = operators.next() {
            return Err(match second.kind {
                Kind::Unsupported(symbol) => self.unsupported(symbol, &second.span),
                Kind::Unknown(symbol) => self.unknown(symbol, &second.span),
                _ => {
                    let message =
                        format!("a second operator `{}` stands in one statement", self.text(&second.span));
                    self.problem("TP0110", &second.span, message, "one statement has one operator")
                        .hint("begin a new line or put `;` between two statements")
                        .into()
                }
            });
        }
        let left = self.left(left, kind)?;
        let (terms, expression) = if kind == Operator::Definition {
            (Vec::new(), self.expression(right)?)
        } else {
            (self.terms(right)?, String::new())
        };
        let (span, operator_span) = (span_of(tokens), operator.span.clone());
        Ok(Statement { left, operator: kind, terms, expression, span, operator_span })
    }

    fn no_operator(&self, tokens: &[Token]) -> Problem {
        let span = span_of(tokens);
        if let [Token { kind: Kind::Name, span: word }, Token { kind: Kind::Colon, .. }, _] = tokens
            && matches!(self.text(word), "group" | "level" | "block" | "class")
        {
            let message = format!(
                "`{}:` begins a block of a multi-group model, which is not supported",
                self.text(word)
            );
            return self.problem("TP0106", &span, message, "read, but not supported").into();
        }
        self.problem("TP0104", &span, "a statement has no operator", "no operator here")
            .hint(OPERATORS)
            .hint("a free comment begins with `#`")
            .into()
    }

    fn unsupported(&self, symbol: &str, span: &Range<usize>) -> Problem {
        let (what, hint) = match symbol {
            "|" => (
                "sets thresholds of an ordered item",
                "remove the line; answers are taken as they are coded, or `#@ ordinal`",
            ),
            "~*~" => (
                "sets the scale of an ordered item",
                "remove the line; `#@ ordinal` declares an ordered item",
            ),
            "<->" => ("is a covariance in other programs", "write a covariance as `a ~~ b`"),
            _ => ("constrains parameters", "remove the line; every parameter is estimated freely"),
        };
        let message = format!("`{symbol}` {what}, which trustpath reads but does not support");
        self.problem("TP0106", span, message, "not supported").hint(hint).into()
    }

    fn unknown(&self, symbol: &str, span: &Range<usize>) -> Problem {
        let hint = match symbol {
            "=-" | "=" => "did you mean `=~` (is measured by)?",
            "<-" => "did you mean `<~` (is formed by) or `~` (is regressed on)?",
            "->" | "=>" | "~>" => "write the outcome first: `Y ~ X` is the path from `X` to `Y`",
            _ => "did you mean `~` (is regressed on)?",
        };
        self.problem("TP0105", span, format!("`{symbol}` is not an operator"), "unknown operator")
            .hint(hint)
            .hint(OPERATORS)
            .into()
    }

    /// A token as a name.
    pub(super) fn name(&self, token: &Token) -> Name {
        Name { text: self.text(&token.span).to_owned(), span: token.span.clone() }
    }

    /// Names joined by `+`.
    fn left(&self, tokens: &[Token], kind: Operator) -> Result<Vec<Name>, Problem> {
        let mut cursor = Cursor::new(self, tokens);
        let mut names = Vec::new();
        loop {
            match cursor.next() {
                Some(token) if token.kind == Kind::Name => names.push(self.name(token)),
                found => return Err(cursor.expected(found, "a name", shape(kind))),
            }
            match cursor.next() {
                None if kind == Operator::Definition && names.len() > 1 => {
                    let problem = self.problem(
                        "TP0109",
                        &span_of(tokens),
                        "`:=` defines one name at a time",
                        "more than one name",
                    );
                    return Err(problem.hint(shape(kind)).into());
                }
                None => return Ok(names),
                Some(token) if token.kind == Kind::Plus => {}
                found => {
                    let hint = "the left side takes plain names joined by `+`";
                    return Err(cursor.expected(found, "`+` or the operator", hint));
                }
            }
        }
    }

    /// Terms joined by `+`.
    fn terms(&self, tokens: &[Token]) -> Result<Vec<Term>, Problem> {
        let mut cursor = Cursor::new(self, tokens);
        let mut terms = Vec::new();
        loop {
            terms.push(cursor.term()?);
            match cursor.next() {
                None => return Ok(terms),
                Some(token) if token.kind == Kind::Plus => {}
                found => {
                    return Err(cursor.expected(
                        found,
                        "`+` or the end of the statement",
                        "join names by `+`",
                    ));
                }
            }
        }
    }

    /// Checks an expression and gives it back with single spaces between its tokens.
    fn expression(&self, tokens: &[Token]) -> Result<String, Problem> {
        let wrong = |span: &Range<usize>, label: &str| {
            let message = format!("the expression breaks off at `{}`", self.text(span));
            let hint =
                "an expression is made of names, numbers, `+ - * / ^`, brackets and functions: `ab := a*b`";
            Problem::from(self.problem("TP0112", span, message, label).hint(hint))
        };
        // Open brackets, and whether each holds the arguments of a function.
        let mut open: Vec<(&Token, bool)> = Vec::new();
        let mut operand = true;
        let mut after_name = false;
        for token in tokens {
            let call = after_name && token.kind == Kind::Open;
            after_name = false;
            match token.kind {
                Kind::Open if operand || call => {
                    open.push((token, call));
                    operand = true;
                }
                Kind::Name | Kind::Number if operand => {
                    operand = false;
                    after_name = token.kind == Kind::Name;
                }
                Kind::Minus if operand => {}
                _ if operand => return Err(wrong(&token.span, "a name or a number should stand here")),
                Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::Caret => operand = true,
                Kind::Comma if open.last().is_some_and(|(_, call)| *call) => operand = true,
                Kind::Close if open.pop().is_some() => {}
                _ => {
                    return Err(wrong(
                        &token.span,
                        "an operator such as `+` or `*` should stand before this",
                    ));
                }
            }
        }
        if let Some((bracket, _)) = open.first() {
            return Err(self.unclosed(&bracket.span));
        }
        match tokens.last() {
            Some(last) if operand => Err(wrong(&last.span, "something should follow")),
            _ => Ok(tokens.iter().map(|token| self.text(&token.span)).collect::<Vec<_>>().join(" ")),
        }
    }

    /// A bracket without end.
    pub(super) fn unclosed(&self, span: &Range<usize>) -> Problem {
        self.problem("TP0113", span, "a bracket is never closed", "opened here")
            .hint("add the closing `)`")
            .into()
    }
}

/// What a statement with this operator looks like.
fn shape(kind: Operator) -> &'static str {
    match kind {
        Operator::Reflective => "write a construct and its items: `PU =~ PU1 + PU2 + PU3`",
        Operator::Composite => "write a construct and its items: `VEN <~ VEN1 + VEN2`",
        Operator::Regression => "write the outcome, then its predictors: `TR ~ PU + VEN`",
        Operator::Covariance => "write two items: `PU1 ~~ PU2`",
        Operator::Definition => "write a new name and an expression: `ab := a*b`",
    }
}
