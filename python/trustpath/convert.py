"""Across from other programs: seminr, cSEM, SmartPLS, and to lavaan.

What a model of another program says and this one cannot is a warning that names it; nothing is dropped silently.
"""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ._errors import ConversionError
from ._model import Model, Part
from ._rcode import Call, Named, RText, evaluate_numbers, parse

_SEMINR_MODES = {
    "correlation_weights": "A",
    "mode_a": "A",
    "regression_weights": "B",
    "mode_b": "B",
    "unit_weights": "unit",
}
_SEMINR_PRODUCTS = {"two_stage": "two-stage", "product_indicator": "product-indicator", "orthogonal": "orthogonal"}
_SEMINR_SCHEMES = {"path_weighting": "path", "path_factorial": "factorial"}


def from_seminr(text: str) -> Model:
    """A model written for the R package seminr: its `constructs(…)` and `relationships(…)`, wherever they stand.

    `reflective` becomes `=~`, `composite` `<~` with its mode, `interaction_term` `A:B`, `higher_composite` a construct of
    constructs.

    >>> print(from_seminr('''
    ... measurement <- constructs(
    ...   reflective("PU", multi_items("PU", 1:3)),
    ...   composite("VEN", c("v1", "v2"), weights = mode_B),
    ...   composite("ATT", multi_items("att_", 1:2)))
    ... structure <- relationships(paths(from = c("PU", "VEN"), to = "ATT"))
    ... ''').text)
    PU =~ PU1 + PU2 + PU3
    VEN <~ v1 + v2
    #@ mode VEN B
    ATT <~ att_1 + att_2
    #@ mode ATT A
    ATT ~ PU + VEN
    """
    reader = _Seminr()
    for expression in parse(text):
        reader.top(expression)
    return reader.model()


class _Seminr:
    """Reads the calls of seminr; everything else in the text is passed over."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.measured: list[str] = []
        self.paths: list[tuple[str, str]] = []
        self.methods: set[str] = set()
        self.scheme: str | None = None
        self.found = False

    def top(self, expression: Any) -> None:
        if isinstance(expression, Named):
            self.known[expression.name] = expression.value
            expression = expression.value
        for call in _calls(expression):
            self.take(call)

    def take(self, call: Call) -> None:
        if call.name in ("constructs", "relationships"):
            self.found = True
        reflective = call.name in ("reflective", "higher_reflective")
        if reflective or call.name in ("composite", "higher_composite"):
            name = self.word(call, "construct_name", 0)
            block = self.words(call.argument("item_names", 1) or call.argument("dimensions", 1))
            self.measured.append(f"{_plain(name)} {'=~' if reflective else '<~'} {' + '.join(map(_plain, block))}")
            weights = _symbol(call.argument("weights", None))
            if not reflective:
                mode = _SEMINR_MODES.get(weights.lower(), "" if weights else "A")
                if mode:
                    self.measured.append(f"#@ mode {_plain(name)} {mode}")
                else:
                    _warn(f"the weights `{weights}` of `{name}` are not carried over")
            method = _symbol(call.argument("method", None))
            if method not in ("", "two_stage"):
                _warn(f"`{name}` is estimated in two stages here, not by `{method}`")
        elif call.name in ("interaction_term", "quadratic_term"):
            method = _symbol(call.argument("method", 2)) or "product_indicator"
            self.methods.add(_SEMINR_PRODUCTS.get(method, ""))
            if method not in _SEMINR_PRODUCTS:
                _warn(f"the method `{method}` of `{call.name}` is not carried over")
        elif call.name == "paths":
            outcomes = self.words(call.argument("to", 1))
            predictors = self.words(call.argument("from", 0))
            self.paths.extend((outcome, predictor) for outcome in outcomes for predictor in predictors)
        elif call.name in ("estimate_pls", "estimate_cbsem"):
            weights = _symbol(call.argument("inner_weights", None))
            self.scheme = _SEMINR_SCHEMES.get(weights)
        elif call.name in ("associations", "item_errors"):
            _warn(f"`{call.name}(…)` is not carried over")

    def word(self, call: Call, name: str, at: int) -> str:
        words = self.words(call.argument(name, at))
        if len(words) != 1:
            raise ConversionError(f"`{call.name}(…)` does not say its `{name}`")
        return words[0]

    def words(self, value: Any) -> list[str]:
        """What an argument stands for: `"a"`, `c(…)`, `multi_items(…)`, `single_item(…)`, `paste0(…)`, a variable."""
        if isinstance(value, RText):
            return [value.text]
        if isinstance(value, str):
            if value in self.known and self.known[value] is not value:
                return self.words(self.known[value])
            raise ConversionError(f"`{value}` is not defined in the text\n  hint: give the text that defines it, too")
        if isinstance(value, Call):
            if value.name == "c":
                return [word for part in value.arguments for word in self.words(part)]
            if value.name == "single_item":
                return self.words(value.argument("item", 0))
            if value.name == "multi_items":
                stem = self.words(value.argument("item_name", 0))[0]
                numbers = evaluate_numbers(value.argument("item_numbers", 1))
                text = {key: value.argument(key, None) for key in ("prefix", "mid", "suffix")}
                before, mid, after = (part.text if isinstance(part, RText) else "" for part in text.values())
                return [f"{before}{stem}{mid}{number}{after}" for number in numbers]
            if value.name == "paste0" and len(value.arguments) == 2:
                stem = self.words(value.arguments[0])[0]
                return [f"{stem}{number}" for number in evaluate_numbers(value.arguments[1])]
        raise ConversionError(f"`{value}` is not understood where names should stand")

    def model(self) -> Model:
        if not self.found or not self.measured:
            raise ConversionError(
                "there is no `constructs(…)` in the text\n  hint: give the R code of the measurement and structural model"
            )
        lines = [] if self.scheme in (None, "path") else [f"#@ scheme {self.scheme}"]
        if len(self.methods) > 1:
            _warn("several methods for products there; here one model has one, and takes the default")
        elif self.methods - {"two-stage", ""}:
            lines.append(f"#@ interaction {self.methods.pop()}")
        lines += self.measured
        outcomes = list(dict.fromkeys(outcome for outcome, _ in self.paths))
        for outcome in outcomes:
            predictors = dict.fromkeys(source for target, source in self.paths if target == outcome)
            terms = [":".join(map(_plain, source.split("*"))) for source in predictors]
            lines.append(f"{_plain(outcome)} ~ {' + '.join(terms)}")
        return Model("\n".join(lines) + "\n")


def _calls(expression: Any) -> Iterator[Call]:
    """Every call, outermost first, in order."""
    if isinstance(expression, Named):
        yield from _calls(expression.value)
    elif isinstance(expression, Call):
        yield expression
        for argument in expression.arguments:
            yield from _calls(argument)


def _symbol(value: Any) -> str:
    """A bare name, a quoted one, or the name of a call."""
    if isinstance(value, Named):
        value = value.value
    if isinstance(value, RText):
        return value.text
    if isinstance(value, Call):
        return value.name
    return value if isinstance(value, str) else ""


def from_csem(text: str) -> Model:
    """A model written for the R package cSEM: lavaan's syntax, products as `A.B`.

    >>> print(from_csem('''model <- "
    ...   ATT =~ a1 + a2
    ...   SN  =~ s1 + s2
    ...   INT <~ i1 + i2
    ...   INT ~ ATT + SN + ATT.SN"''').text)
    ATT =~ a1 + a2
    SN =~ s1 + s2
    INT <~ i1 + i2
    INT ~ ATT + SN + ATT:SN
    """
    quoted = [found for _, found in re.findall(r"(['\"])(.*?)\1", text, re.DOTALL) if "=~" in found or "<~" in found]
    if len(quoted) > 1:
        raise ConversionError(f"there are {len(quoted)} models in the text\n  hint: give one")
    body = quoted[0] if quoted else text
    if "=~" not in body and "<~" not in body:
        raise ConversionError("there is no `=~` or `<~` in the text, so it measures nothing")
    constructs = set(re.findall(r"^\s*([\w.]+)\s*(?:=~|<~)", body, re.MULTILINE))

    def product(found: re.Match[str]) -> str:
        name = found.group()
        parts = name.split(".")
        return ":".join(parts) if name not in constructs and all(part in constructs for part in parts) else name

    lines = []
    for line in body.splitlines():
        code, mark, comment = line.partition("#")
        lines.append(re.sub(r"[\w.]*\w\.\w[\w.]*", product, code) + mark + comment)
    return Model("\n".join(lines) + "\n")


def from_smartpls(file: str | os.PathLike[str], model: str | None = None) -> Model:
    """A model drawn in SmartPLS: a `.splsm` file, or a project (`.splsp`, a folder or an archive) with `model` by name.

    An arrow from a construct to its item makes it reflective, one from the item formative. Names that are no words become
    labels. The form is that of SmartPLS 2, in XML; projects of another form are refused with what to do instead.
    """
    name, text = _splsm(os.fspath(file), model)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ConversionError(f"`{name}` is no model of SmartPLS: {error}") from None
    latents = {node.get("id", ""): node.get("name", "") for node in root.iter("latent")}
    manifests = {node.get("id", ""): node.get("datacolumn") or node.get("name") or "" for node in root.iter("manifest")}
    arrows = [(node.get("source", ""), node.get("target", "")) for node in root.iter("connection")]
    if not latents or not arrows:
        raise ConversionError(
            f"`{name}` holds no constructs and arrows of the known form (`latent`, `manifest`, `connection`)\n"
            "  hint: write the model by hand, or with `tp.construct` and `tp.path`"
        )
    names = _names(latents, set(manifests.values()))
    lines = []
    for key, label in latents.items():
        outward = [at for source, at in arrows if source == key and at in manifests]
        inward = [at for at, target in arrows if target == key and at in manifests]
        if outward and inward:
            raise ConversionError(f"`{label}` has items with arrows in both directions, in `{name}`")
        inner = [
            (target if source == key else source)
            for source, target in arrows
            if (source == key and target in latents) or (target == key and source in latents)
        ]
        items = [item for at, item in manifests.items() if at in outward or at in inward]
        if not items:
            if inner:
                _warn(f"`{label}` has no items in `{name}`: say what it is measured by")
            continue
        lines.append(f"{names[key]} {'=~' if outward else '<~'} {' + '.join(items)}")
        if names[key] != label:
            lines.append(f"#@ label {names[key]} {label}")
    for key in latents:
        predictors = [names[source] for source, target in arrows if target == key and source in latents]
        if predictors:
            lines.append(f"{names[key]} ~ {' + '.join(predictors)}")
    return Model("\n".join(lines) + "\n")


def _splsm(path: str, model: str | None) -> tuple[str, bytes]:
    """Name and content of a `.splsm`, out of whatever holds it."""
    if path.lower().endswith(".splsm"):
        return path, _bytes(path)
    if os.path.isfile(path) and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            name = _choose(path, [entry for entry in archive.namelist() if entry.lower().endswith(".splsm")], model)
            return name, archive.read(name)
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    if not os.path.isdir(path) and _bytes(path).startswith(b"SQLite format 3"):
        raise _closed(path, "is a database")
    here = sorted(entry for entry in os.listdir(folder) if entry.lower().endswith(".splsm"))
    if not here and not os.path.isdir(path):
        raise _closed(path, "names no model, and no `.splsm` lies beside it")
    name = os.path.join(folder, _choose(path, here, model))
    return name, _bytes(name)


def _closed(path: str, why: str) -> ConversionError:
    """A project whose form is not public."""
    return ConversionError(
        f"`{path}` {why}: the form of newer projects of SmartPLS is not public, so it is not guessed at\n"
        "  hint: export the project as an archive (.zip) and give that, or one of its `.splsm` files, if there are any\n"
        "  hint: or write the model down: a construct and its items per line, `PU =~ PU1 + PU2`, an outcome and its predictors"
        " per line, `ATT ~ PU`; export the data as .csv"
    )


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConversionError(f"cannot read `{path}`: {error.strerror}") from None


def _choose(project: str, found: list[str], model: str | None) -> str:
    stems = {os.path.splitext(os.path.basename(entry))[0]: entry for entry in found}
    if model is not None and model in stems:
        return stems[model]
    if model is None and len(found) == 1:
        return found[0]
    known = ", ".join(stems) or "none"
    what = "holds more than one model" if model is None and found else f"holds no model `{model or '*.splsm'}`"
    raise ConversionError(f"`{project}` {what}\n  hint: the models are: {known}; name one: `model=…`")


def _names(latents: dict[str, str], items: set[str]) -> dict[str, str]:
    """A word for every construct, unlike every item and every other."""
    taken = set(items)
    names: dict[str, str] = {}
    for key, label in latents.items():
        name = re.sub(r"\W+", "_", label).strip("_") or "C"
        name = f"C{name}" if name[0].isdigit() else name
        while name in taken:
            name += "_"
        taken.add(name)
        names[key] = name
    return names


def to_lavaan(model: Model) -> str:
    """The model as text for lavaan: annotations left out, everything else as it stands.

    >>> import trustpath as tp
    >>> print(to_lavaan(tp.Model("#@ title T\\nA =~ a1 + a2\\nB =~ b1 + b2\\nB ~ A")))
    A =~ a1 + a2
    B =~ b1 + b2
    B ~ A
    """
    lines = []
    for part in model.parts:
        text = _text(part)
        if text.startswith("#@"):
            continue
        operator = " ~ " in text and " ~~ " not in text
        if operator and ":" in text.split(" ~ ", 1)[1]:
            _warn(f"`{text}`: lavaan takes products of observed variables only, not of constructs")
        lines.append(text)
    return "\n".join(lines)


def _text(part: Part) -> str:
    return part.text


def _plain(name: str) -> str:
    """A name as model files have it."""
    return name if re.fullmatch(r"\w[\w.]*", name) else re.sub(r"[^\w.]+", "_", name).strip("_")


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=4)
