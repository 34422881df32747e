"""Before the data: built-in models, published studies, populations and simulated answers."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from . import _trustpath
from ._figure import Figure
from ._model import Model
from ._result import Result, Table
from ._survey import Survey


class Population:
    """What is true: paths, loadings, correlations, how people answer. What is not stated takes a default.

    >>> population = Population({"paths": {"B ~ A": 0.5}, "respondents": {"missing": 0.02}})
    >>> population.paths
    {'B ~ A': 0.5}
    """

    def __init__(self, stated: Mapping[str, Any] | None = None) -> None:
        self._native = _trustpath.Population.of_json(json.dumps(dict(stated or {})))

    @classmethod
    def _of(cls, native: _trustpath.Population) -> Population:
        population = cls.__new__(cls)
        population._native = native
        return population

    @classmethod
    def parse(cls, text: str) -> Population:
        """From the text of a population file (TOML)."""
        return cls._of(_trustpath.Population.parse("<population>", text))

    @classmethod
    def read(cls, file: str | os.PathLike[str]) -> Population:
        """From a population file (TOML)."""
        return cls._of(_trustpath.Population.read(file))

    @classmethod
    def of(cls, model: Model, given: Any) -> Population:
        """What a verb was given: a population, a mapping, a file, or `None` for the model's own, or the defaults."""
        if isinstance(given, Population):
            return given
        if given is None:
            own = _trustpath.built_in_population(model.name) if model.name else None
            return cls() if own is None else cls._of(own)
        return cls(given) if isinstance(given, Mapping) else cls.read(given)

    def complete(self, model: Model | str) -> Population:
        """With every path and loading of a model stated, defaults filled in."""
        known = model if isinstance(model, Model) else Model(model)
        return Population._of(self._native.complete(known._native))

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        stated: dict[str, Any] = json.loads(self._native.json())
        return stated

    def to_toml(self) -> str:
        """As the text of a population file."""
        return self._native.toml()

    @property
    def paths(self) -> dict[str, float]:
        """Paths by `OUTCOME ~ PREDICTOR`."""
        paths: dict[str, float] = self.to_dict()["paths"]
        return paths

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Population) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self.to_toml()


def simulate(
    model: Model | str | os.PathLike[str],
    n: int = 300,
    *,
    seed: int = 1,
    population: Population | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    continuous: bool = False,
) -> Survey:
    """Answers drawn from a population of the model, to rehearse a study or to try a method.

    Case i depends on the seed and i alone, so the first hundred of a thousand are those of a hundred. `continuous` gives real numbers
    in place of answers on a scale.

    >>> import trustpath as tp
    >>> drawn = tp.simulate("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", n=200, seed=7)
    >>> tp.pls("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", drawn).n
    200
    """
    known = model if isinstance(model, Model) else Model(model)
    stated = Population.of(known, population)
    return Survey(_trustpath.simulate(known._native, stated._native, n, seed, continuous))


class Models(Result):
    """The built-in models."""


def models() -> Models:
    """The models of online trust and loyalty that come with the package; `tp.Model(name)` opens one.

    >>> import trustpath as tp
    >>> tp.models().models["name"][0]
    'initial-trust'
    """
    return Models(_trustpath.models())


class Reproduction(Result):
    """A published study beside its reproduction."""

    _native: _trustpath.Reproduction

    def diagram(self, *, theme: str = "screen") -> Figure:
        """The paths: published above, reproduced below."""
        return Figure(self._native.diagram(theme), "reproduction")

    def _heading(self) -> list[str]:
        return [str(self._keys()["citation"]), *map(str, self._keys()["findings"])]


class Studies(Result):
    """The published studies that come with the package."""


def reproduce(study: str | os.PathLike[str] | None = None) -> Reproduction | Studies:
    """A published study, estimated again from what the paper printed; without a name, the list of them.

    `study` is a name or a study file (TOML).

    >>> import trustpath as tp
    >>> again = tp.reproduce("crossler-2017")
    >>> "published" in again.reproduction.columns
    True
    """
    if study is None:
        return Studies(_trustpath.studies())
    return Reproduction(_trustpath.reproduce(os.fspath(study)))


__all__ = ["Models", "Population", "Reproduction", "Studies", "Table", "models", "reproduce", "simulate"]
