"""As much of R's syntax as model definitions use: calls, names, strings, numbers, `c(…)`, `1:4`, assignments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ._errors import ConversionError

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]+ | \#[^\n]*)
  | (?P<line>[\n;])
  | (?P<text>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*')
  | (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?L?)
  | (?P<name>[A-Za-z.\u0080-\uffff][\w.\u0080-\uffff]* | `[^`]*`)
  | (?P<mark><<?- | :::? | \|> | %[^%\n]*% | [-+*/^<>=!&|~$@?:(),\[\]{}]+? )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class RText:
    """A quoted text."""

    text: str


@dataclass(frozen=True)
class Named:
    """`name = value` or `name <- value`."""

    name: str
    value: Any


@dataclass(frozen=True)
class Call:
    """`name(…)`; `1:4` is a call of `:`."""

    name: str
    arguments: tuple[Any, ...]

    def argument(self, name: str, at: int | None) -> Any:
        """An argument by name, or else by its place among those without one."""
        for argument in self.arguments:
            if isinstance(argument, Named) and argument.name == name:
                return argument.value
        plain = [argument for argument in self.arguments if not isinstance(argument, Named)]
        return plain[at] if at is not None and at < len(plain) else None


def parse(text: str) -> list[Any]:
    """The expressions of a text: names as `str`, numbers as `float`, and the classes above.

    >>> parse('x <- c("a", 1:2)')
    [Named(name='x', value=Call(name='c', arguments=(RText(text='a'), Call(name=':', arguments=(1.0, 2.0)))))]
    """
    tokens: list[tuple[str, str]] = []
    at = depth = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise ConversionError(f"`{text[at]}` in line {line} is not understood as R")
        kind, word = str(found.lastgroup), found.group()
        at = found.end()
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(word, 0) if kind == "mark" else 0
        # Within brackets a line end means nothing.
        if kind != "space" and not (kind == "line" and depth > 0):
            tokens.append((kind, word))
    reader = _Reader(tokens)
    expressions = []
    while reader.at < len(tokens):
        if reader.peek()[0] == "line":
            reader.at += 1
            continue
        expressions.append(reader.expression())
    return expressions


def evaluate_numbers(value: Any) -> list[int]:
    """`1:4`, `c(1, 3)`, `2`."""
    if isinstance(value, float):
        return [int(value)]
    if isinstance(value, Call) and value.name == ":":
        first, last = (evaluate_numbers(part)[0] for part in value.arguments)
        return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))
    if isinstance(value, Call) and value.name == "c":
        return [number for part in value.arguments for number in evaluate_numbers(part)]
    raise ConversionError(f"`{value}` is not understood where numbers should stand")


class _Reader:
    """Precedence does not matter for model definitions: operators are taken from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def expression(self) -> Any:
        left = self.primary()
        while True:
            kind, word = self.peek()
            if kind != "mark" or word in (")", ",", "]", "}"):
                return left
            self.at += 1
            if word in ("<-", "<<-", "="):
                return Named(left if isinstance(left, str) else getattr(left, "text", ""), self.expression())
            # A pipe hands its left side on as the first argument.
            right = self.primary()
            if word in ("|>", "%>%") and isinstance(right, Call):
                left = Call(right.name, (left, *right.arguments))
            elif word in ("::", ":::"):
                left = right
            else:
                left = Call(word, (left, right))

    def primary(self) -> Any:
        kind, word = self.next()
        if kind == "text":
            return RText(re.sub(r"\\(.)", r"\1", word[1:-1]))
        if kind == "number":
            return float(word.rstrip("L"))
        if kind == "name":
            name: Any = word.strip("`")
            while self.peek() == ("mark", "("):
                self.at += 1
                name = Call(name if isinstance(name, str) else "", self.arguments(")"))
            if self.peek() == ("mark", "{"):
                self.at += 1
                self.arguments("}")
            return name
        if word in ("(", "{", "["):
            inner = self.arguments({"(": ")", "{": "}", "[": "]"}[word])
            return inner[0] if len(inner) == 1 else Call(word, inner)
        if kind == "mark" and word in ("-", "+", "!", "~", "?", "$", "@"):
            return Call(word, (self.primary(),))
        if kind in ("end", "line"):
            raise ConversionError("the R text breaks off in the middle of an expression")
        raise ConversionError(f"`{word}` is not understood as R where a name should stand")

    def arguments(self, end: str) -> tuple[Any, ...]:
        found: list[Any] = []
        while True:
            kind, word = self.peek()
            if kind == "end":
                raise ConversionError(f"a bracket is never closed: `{end}` is missing")
            if kind == "mark" and word == end:
                self.at += 1
                return tuple(found)
            if (kind == "mark" and word == ",") or kind == "line":
                self.at += 1
                continue
            found.append(self.expression())
