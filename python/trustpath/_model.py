"""Models: from a file, from a text, from parts; and back."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import _trustpath
from ._figure import Figure
from ._result import Result, Table


@dataclass(frozen=True)
class Part:
    """A line or two of a model file. `str(part)` is the text."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Construct(Part):
    """A construct and its block of items (or, of a higher order, of constructs)."""

    name: str = ""
    items: tuple[str, ...] = ()
    composite: bool = False
    annotations: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Path(Part):
    """Paths from predictors to an outcome."""

    predictors: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Annotation(Part):
    """A line `#@ key value`."""

    key: str = ""
    value: str = ""


def items(stem: str, first: int, last: int) -> list[str]:
    """Names of items that are numbered.

    >>> items("PU", 1, 4)
    ['PU1', 'PU2', 'PU3', 'PU4']
    """
    return [f"{stem}{number}" for number in range(first, last + 1)]


def construct(
    name: str,
    items: str | Sequence[str],
    *,
    composite: bool = False,
    mode: str | None = None,
    dominant: str | None = None,
    reliability: float | None = None,
    label: str | None = None,
    label_zh: str | None = None,
) -> Construct:
    """A construct: a common factor that its items reflect, or a composite that they form.

    `items` may be constructs, which makes one of a higher order. `mode` is how the weights are found (`A`, `B`, `unit`,
    `pca`, `bnnls`), `dominant` the item that fixes the sign, `reliability` one that is given.

    >>> print(construct("VEN", items("VEN", 1, 3), composite=True, mode="A"))
    VEN <~ VEN1 + VEN2 + VEN3
    #@ mode VEN A
    """
    block = (items,) if isinstance(items, str) else tuple(items)
    notes = {
        "mode": mode,
        "dominant": dominant,
        "reliability": None if reliability is None else repr(float(reliability)),
        "label": label,
        "label_zh": label_zh,
    }
    given = tuple((key, value) for key, value in notes.items() if value is not None)
    lines = [f"{name} {'<~' if composite else '=~'} {' + '.join(block)}"]
    # An item belongs to one construct, so that a dominant item needs no more than its name.
    lines += [f"#@ {key} {value}" if key == "dominant" else f"#@ {key} {name} {value}" for key, value in given]
    return Construct("\n".join(lines), name, block, composite, given)


def composite(name: str, items: str | Sequence[str], **more: Any) -> Construct:
    """`construct(…, composite=True)`."""
    return construct(name, items, composite=True, **more)


def path(
    predictors: str | Sequence[str],
    outcome: str | Sequence[str],
    *,
    hypothesis: str | None = None,
    sign: str | None = None,
    label: str | None = None,
) -> Path | list[Path]:
    """A path, or one from each predictor to each outcome.

    `hypothesis` numbers a single path, `sign` (`+` or `-`) is what it expects, `label` names its coefficient. A predictor
    `A:B` is an interaction; `interaction("A", "B")` writes it.

    >>> print(path(["PU", "PEOU"], "ATT"))
    ATT ~ PU + PEOU
    >>> print(path("PU", "ATT", hypothesis="H1", sign="+"))
    ATT ~ PU
    #@ hypothesis H1 ATT ~ PU +
    """
    sources = (predictors,) if isinstance(predictors, str) else tuple(predictors)
    if not isinstance(outcome, str):
        paths = [path(sources, one, hypothesis=hypothesis, sign=sign, label=label) for one in outcome]
        return [one for one in paths if isinstance(one, Path)]
    if hypothesis is not None and len(sources) != 1:
        raise ValueError("a hypothesis is about one path\n  hint: write each path with its own `path(…)`")
    before = "" if label is None else f"{label}*"
    lines = [f"{outcome} ~ {' + '.join(before + source for source in sources)}"]
    if hypothesis is not None:
        lines.append(f"#@ hypothesis {hypothesis} {outcome} ~ {sources[0]}{'' if sign is None else ' ' + sign}")
    return Path("\n".join(lines), sources, outcome)


def interaction(*names: str) -> str:
    """The product of constructs as a predictor; the same one twice is its square.

    >>> interaction("ATT", "SN")
    'ATT:SN'
    """
    return ":".join(names)


class Model(Result):
    """A checked model.

    From a file, from a text in lavaan's syntax, from parts, or a built-in one by its name (`models()`); keywords are annotations (`title`, `scheme`, `theory` …).

    >>> import trustpath as tp
    >>> model = tp.Model([
    ...     tp.construct("PU", tp.items("PU", 1, 3)),
    ...     tp.construct("ATT", tp.items("ATT", 1, 3)),
    ...     tp.path("PU", "ATT"),
    ... ], title="A small model")
    >>> print(model.text)
    #@ title A small model
    PU =~ PU1 + PU2 + PU3
    ATT =~ ATT1 + ATT2 + ATT3
    ATT ~ PU
    >>> tp.Model(model.text) == model
    True
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | Sequence[Any] | Model,
        *,
        codebook: str | os.PathLike[str] | None = None,
        **annotations: str,
    ) -> None:
        notes = "".join(f"#@ {key} {value}\n" for key, value in annotations.items())
        self._codebook = codebook
        self._name: str | None = None
        if isinstance(source, Model):
            self._codebook = codebook or source._codebook
            source = source.text
        if isinstance(source, os.PathLike) or (isinstance(source, str) and _is_file(source)):
            built_in = None if os.path.exists(source) else _trustpath.Model.built_in(os.fspath(source))
            if not notes and codebook is None:
                self._name = None if built_in is None else os.fspath(source)
                super().__init__(built_in or _trustpath.Model.read(source))
                return
            with open(source, encoding="utf-8") as file:
                source = file.read()
        text = source if isinstance(source, str) else "\n".join(_lines(source))
        super().__init__(_trustpath.Model.parse(notes + text, "<model>", self._codebook))

    @classmethod
    def _of(cls, native: _trustpath.Model) -> Model:
        """A model of the native half."""
        model = cls.__new__(cls)
        Result.__init__(model, native)
        model._codebook = model._name = None
        return model

    @property
    def text(self) -> str:
        """The model file in canonical form: one statement or annotation a line."""
        text: str = self._native.text()
        return text.rstrip("\n")

    @property
    def file(self) -> str | None:
        """The file it was read from."""
        name: str | None = self._native.file
        return name

    @property
    def name(self) -> str | None:
        """Its name, if it is a built-in model."""
        return self._name

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """Every path as (predictor, outcome), products as `A:B`.

        >>> import trustpath as tp
        >>> tp.Model("A =~ a1 + a2\\nB =~ b1 + b2\\nB ~ A").arrows
        [('A', 'B')]
        """
        return [
            (term.rpartition("*")[2], outcome)
            for part in self.parts
            if isinstance(part, Path)
            for outcome in part.outcome.split(" + ")
            for term in part.predictors
        ]

    @property
    def parts(self) -> list[Part]:
        """The model as parts, which make the same model again.

        >>> import trustpath as tp
        >>> [type(part).__name__ for part in tp.Model("A =~ a1 + a2\\nB =~ b1 + b2\\nB ~ A").parts]
        ['Construct', 'Construct', 'Path']
        """
        parts: list[Part] = []
        for entry in json.loads(self._native.document()):
            if len(entry) == 2:
                key, value = entry
                parts.append(Annotation(f"#@ {key} {value}".rstrip(), key, value))
                continue
            left, operator, terms = entry
            text = f"{' + '.join(left)} {operator} {' + '.join(terms)}"
            if operator in ("=~", "<~"):
                parts.append(Construct(text, left[0], tuple(terms), operator == "<~"))
            elif operator == "~":
                parts.append(Path(text, tuple(terms), " + ".join(left)))
            else:
                parts.append(Part(text))
        return parts

    def diagram(
        self,
        *,
        items: bool = True,
        keep_items: bool = False,
        labels: bool = True,
        lines: str = "curved",
        layout: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        lang: str = "en",
        theme: str = "screen",
        width: float | None = None,
        font: str | None = None,
    ) -> Figure:
        """The model alone as a path diagram: constructs, items, hypotheses and expected signs, no data. The same settings as
        `Fit.diagram`; `trustpath plot --show model`.

        >>> import trustpath as tp
        >>> tp.Model("A =~ a1 + a2\\nB =~ b1 + b2\\nB ~ A").diagram(items=False)
        Figure('diagram')
        """
        from ._fit import _layout

        given = {
            "items": items,
            "keep_items": keep_items,
            "labels": labels,
            "show": "model",
            "lines": lines,
            "layout": None if layout is None else _layout(layout),
            "lang": lang,
            "theme": theme,
            "width": width,
            "font": font,
        }
        return Figure(self._native.figure(json.dumps(given)), "diagram")

    def write(self, file: str | os.PathLike[str]) -> None:
        """Writes the model file."""
        with open(file, "w", encoding="utf-8") as out:
            out.write(self.text + "\n")

    def to_lavaan(self) -> str:
        """The model for lavaan: `to_lavaan(model)`."""
        from .convert import to_lavaan

        return to_lavaan(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (self.file or self._name, self.text, self._codebook))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        counts = f"{len(self.constructs)} constructs, {len(self._native.items())} items"
        return f"Model({self._keys()['title'] or self.file or '<model>'!r}: {counts})"

    def _shown(self) -> list[Table]:
        return [self.tables[key] for key in ("constructs", "paths")]


def _again(file: str | None, text: str, codebook: Any) -> Model:
    return Model(pathlib.Path(file)) if file else Model(text, codebook=codebook)


def _is_file(source: str) -> bool:
    """A text of a model has an operator; a name of a file has none, and no second line."""
    return "\n" not in source and "~" not in source


def _lines(parts: Sequence[Any]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, (list, tuple)):
            lines.extend(_lines(part))
        else:
            lines.append(str(part))
    return lines
