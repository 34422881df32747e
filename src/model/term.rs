//! Parses terms: `A`, `A:B`, `1`, and what stands before `*`.

use std::ops::Range;

use super::document::{Modifier, Name, Term};
use super::lexer::{Kind, Token};
use super::statement::{Problem, StatementParser, span_of};
use crate::diagnostic::Diagnostic;

/// Walks over one side of a statement.
pub(super) struct Cursor<'a> {
    parser: &'a StatementParser<'a>,
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor before the first token.
    pub(super) fn new(parser: &'a StatementParser<'a>, tokens: &'a [Token]) -> Self {
        Self { parser, tokens, at: 0 }
    }

    fn peek(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    /// Something else stands where `what` should; `None` is the end of the side.
    pub(super) fn expected(&self, found: Option<&Token>, what: &str, hint: &str) -> Problem {
        let parser = self.parser;
        let problem = match found.or(self.tokens.last()) {
            Some(token) if found.is_some() => {
                let message = format!("`{}` stands where {what} should", parser.text(&token.span));
                parser.problem("TP0109", &token.span, message, &format!("expected {what}"))
            }
            Some(token) => {
                let message = format!("{what} is missing after `{}`", parser.text(&token.span));
                parser.problem("TP0109", &token.span, message, &format!("expected {what} after this"))
            }
            None => Diagnostic::error("TP0109", format!("{what} is missing")),
        };
        problem.hint(hint).into()
    }

    fn modifier_problem(&self, span: &Range<usize>, message: String, label: &str) -> Problem {
        self.parser
            .problem("TP0111", span, message, label)
            .hint("before `*` stands a label `a*X`, a number `0.5*X`, `NA*X`, `start(0.5)*X` or `equal(\"a\")*X`")
            .into()
    }

    /// `modifier*A:B`, `A:B`, `1`.
    pub(super) fn term(&mut self) -> Result<Term, Problem> {
        let from = self.at;
        let modifier = match self.peek() {
            Some(Kind::Name | Kind::Number | Kind::Minus | Kind::Text) => self.modifier()?,
            _ => None,
        };
        let mut names = vec![self.factor()?];
        while self.peek() == Some(Kind::Colon) {
            self.next();
            match self.next() {
                Some(token) if token.kind == Kind::Name => names.push(self.parser.name(token)),
                found => return Err(self.expected(found, "a name", "an interaction joins names: `A:B`")),
            }
        }
        let span = span_of(self.tokens.get(from..self.at).unwrap_or_default());
        match self.tokens.get(self.at) {
            Some(Token { kind: Kind::Star, span: star }) if modifier.is_some() => {
                Err(self.modifier_problem(star, "a term has two modifiers".to_owned(), "a second `*`"))
            }
            Some(Token { kind: Kind::Star, .. }) => {
                let message = format!("`{}` is not a modifier", self.parser.text(&span));
                Err(self.modifier_problem(&span, message, "stands before `*`"))
            }
            _ => Ok(Term { modifier, names, span }),
        }
    }

    /// A name, or `1` for the intercept.
    fn factor(&mut self) -> Result<Name, Problem> {
        match self.next() {
            Some(token) if token.kind == Kind::Name => Ok(self.parser.name(token)),
            Some(token) if token.kind == Kind::Number && self.parser.text(&token.span) == "1" => {
                Ok(self.parser.name(token))
            }
            Some(token) if token.kind == Kind::Number => {
                let text = self.parser.text(&token.span);
                let hint = format!("a number stands before `*`, as in `{text}*X`; the intercept is `1`");
                Err(self.expected(Some(token), "a name", &hint))
            }
            found => Err(self.expected(found, "a name", "join names by `+`")),
        }
    }

    /// What stands before `*`; leaves the cursor where it was if no `*` follows.
    fn modifier(&mut self) -> Result<Option<Modifier>, Problem> {
        let from = self.at;
        let Some(first) = self.next() else { return Ok(None) };
        let text = self.parser.text(&first.span);
        let modifier = match first.kind {
            Kind::Name if self.peek() == Some(Kind::Open) => self.call(first)?,
            Kind::Name if self.peek() == Some(Kind::Star) && text == "NA" => Modifier::Free,
            Kind::Name if self.peek() == Some(Kind::Star) => Modifier::Label(text.to_owned()),
            Kind::Name => {
                self.at = from;
                return Ok(None);
            }
            Kind::Text => Modifier::Label(self.unquoted(first)?),
            _ => {
                self.at = from;
                let number = self.number()?;
                if self.peek() != Some(Kind::Star) && first.kind == Kind::Number {
                    self.at = from;
                    return Ok(None);
                }
                Modifier::Fixed(number)
            }
        };
        match self.next() {
            Some(token) if token.kind == Kind::Star => Ok(Some(modifier)),
            found => Err(self.expected(found, "`*`", "a modifier is joined to its name by `*`: `a*X`")),
        }
    }

    /// A number, perhaps negative, as written but without inner white space.
    fn number(&mut self) -> Result<String, Problem> {
        let minus = self.peek() == Some(Kind::Minus);
        if minus {
            self.next();
        }
        match self.next() {
            Some(token) if token.kind == Kind::Number => {
                Ok(format!("{}{}", if minus { "-" } else { "" }, self.parser.text(&token.span)))
            }
            found => {
                Err(self.expected(found, "a number", "terms are joined by `+`; `-` only begins a number"))
            }
        }
    }

    /// The inside of a quoted text.
    fn unquoted(&self, token: &Token) -> Result<String, Problem> {
        let quoted = self.parser.text(&token.span);
        let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        if inside.is_empty() {
            return Err(self.modifier_problem(
                &token.span,
                "a label is empty".to_owned(),
                "no text between the quotes",
            ));
        }
        Ok(inside.to_owned())
    }

    /// `start(0.5)`, `equal("a")`, `label("a")`, from the bracket on.
    fn call(&mut self, function: &Token) -> Result<Modifier, Problem> {
        let name = self.parser.text(&function.span);
        let Some(bracket) = self.next() else { return Err(self.expected(None, "`(`", "")) };
        let modifier = match name {
            "start" => Modifier::Start(self.number()?),
            "equal" | "label" => {
                let label = match self.next() {
                    Some(token) if token.kind == Kind::Text => self.unquoted(token)?,
                    Some(token) if token.kind == Kind::Name => self.parser.text(&token.span).to_owned(),
                    found => {
                        return Err(self.expected(
                            found,
                            "a label",
                            "write the label in quotes: `equal(\"a\")*X`",
                        ));
                    }
                };
                if name == "equal" { Modifier::Equal(label) } else { Modifier::Label(label) }
            }
            "c" => {
                let message = "`c(…)` gives one value per group, which is not supported".to_owned();
                return Err(self.modifier_problem(&function.span, message, "not supported"));
            }
            _ => {
                let message = format!("`{name}(…)` is not a modifier");
                return Err(self.modifier_problem(&function.span, message, "unknown modifier"));
            }
        };
        match self.next() {
            Some(token) if token.kind == Kind::Close => Ok(modifier),
            None => Err(self.parser.unclosed(&bracket.span)),
            found => Err(self.expected(found, "`)`", "a modifier takes one value in brackets")),
        }
    }
}
