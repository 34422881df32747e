"""Monte-Carlo studies: draw, estimate, bootstrap, many times; in one process or on any cluster, with the same numbers.

Replication r has a seed of its own, made of the study's seed and r, and the summary adds up exactly. So it does not matter who
computes which replication, in which order, on how many threads.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._errors import EstimationError, ResampleError, SurveyError
from ._fit import Frame
from ._verbs import Data, ModelLike, model_of, pls
from ._progress import Progress
from ._result import Cell, Table
from .plan import Population, simulate

Row = tuple[int, str, str, "float | None", "float | None", "float | None", "float | None"]
"""Replication, path, what went wrong (mostly nothing), estimate, interval, p."""


def stream(seed: int, replication: int) -> int:
    """The seed of a replication: both numbers, mixed so that neighbours have nothing in common (SplitMix64)."""
    mask = (1 << 64) - 1
    mixed = (seed * 0xD1342543DE82EF95 + replication * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)


@dataclass(frozen=True)
class MonteCarlo:
    """A study, ready to run: `tp.monte_carlo(…)` makes one.

    `run()` does all of it here. On a cluster, `run_shard` takes one of `shards()` and `combine` puts the parts together:

    >>> import trustpath as tp
    >>> study = tp.monte_carlo("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", n=80, replications=6, resamples=50)
    >>> whole = study.run(progress=False)
    >>> parts = [study.run_shard(shard) for shard in study.shards(2)]
    >>> study.combine(reversed(parts)) == whole
    True
    """

    model: str
    population: str
    n: int
    replications: int
    seed: int = 1
    resamples: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    def shards(self, size: int = 25) -> list[range]:
        """The replications in pieces of at most `size`."""
        return [range(first, min(first + size, self.replications)) for first in range(0, self.replications, size)]

    def run_shard(self, shard: Iterable[int]) -> list[Row]:
        """The replications of a shard, as plain data that travels."""
        population = Population.parse(self.population)
        return [row for replication in shard for row in self._replicate(replication, population)]

    def _replicate(self, replication: int, population: Population) -> list[Row]:
        seed = stream(self.seed, replication)
        try:
            drawn = simulate(self.model, n=self.n, seed=seed, population=population)
            fit = pls(self.model, drawn, **self.settings)
            if not fit.converged:
                return [(replication, "", "weights that did not settle", None, None, None, None)]
            if not fit.admissible:
                return [(replication, "", "an inadmissible estimate", None, None, None, None)]
            if not self.resamples:
                matrix = fit.path_coefficients
                return [
                    (replication, f"{to} ~ {source}", "", matrix[source, to], None, None, None)
                    for source, to in fit.model.arrows
                ]
            paths = fit.bootstrap(resamples=self.resamples, seed=seed, progress=False).paths
        except (SurveyError, EstimationError, ResampleError) as error:
            code = error.problems[0]["code"] if error.problems else type(error).__name__
            return [(replication, "", code, None, None, None, None)]
        rows: list[Row] = []
        for row in paths:
            estimate, low, high, p = (_number(row[key]) for key in ("original", "low", "high", "p"))
            rows.append((replication, f"{row['to']} ~ {row['from']}", "", estimate, low, high, p))
        return rows

    def combine(self, parts: Iterable[Sequence[Row]]) -> MonteCarloResult:
        """The result of the shards, in whatever order they come."""
        rows: list[Row] = sorted((tuple(row) for part in parts for row in part), key=lambda row: row[:3])  # type: ignore[misc]
        done = {row[0] for row in rows}
        if done != set(range(self.replications)):
            missing = len(set(range(self.replications)) - done)
            raise ValueError(f"{missing} of {self.replications} replications are missing")
        return MonteCarloResult(self, rows)

    def run(self, progress: bool = True) -> MonteCarloResult:
        """The whole study here."""
        parts = []
        with Progress(self.replications, "Replications", progress) as bar:
            for shard in self.shards(1):
                parts.append(self.run_shard(shard))
                bar(shard.stop)
        return self.combine(parts)


def _number(cell: Cell) -> float | None:
    return None if cell is None else float(cell)


class MonteCarloResult:
    """What came out: `paths` summarises, `draws` holds every replication, `failures` counts those without an estimate.

    In `paths`, `truth` is the population's value, `bias` the mean's distance from it and `error` the Monte-Carlo standard error of
    the mean; `coverage` is the share of intervals that hold the truth, `power` that of intervals without 0.
    """

    def __init__(self, study: MonteCarlo, rows: list[Row]) -> None:
        self.study = study
        self._rows = rows

    @property
    def failures(self) -> dict[str, int]:
        """Replications without an estimate, by reason."""
        counts: dict[str, int] = {}
        for _, _, problem, *_ in self._rows:
            if problem:
                counts[problem] = counts.get(problem, 0) + 1
        return counts

    @property
    def draws(self) -> Frame:
        """Estimate, interval and p of every path in every replication."""
        rows = [row for row in self._rows if not row[2]]
        names = ("replication", "path", "", "estimate", "low", "high", "p")
        return Frame([(name, [row[at] for row in rows]) for at, name in enumerate(names) if name])

    @property
    def paths(self) -> Table:
        """One row per path."""
        truth = Population.parse(self.study.population).complete(self.study.model).paths
        names = list(dict.fromkeys(row[1] for row in self._rows if not row[2]))
        columns = ["path", "truth", "replications", "mean", "bias", "error", "sd", "rmse"]
        columns += ["coverage", "power"] if self.study.resamples else []
        return Table(columns, [self._summary(name, truth.get(name)) for name in names])

    def _summary(self, name: str, truth: float | None) -> list[Any]:
        rows = [row for row in self._rows if row[1] == name]
        values = [row[3] for row in rows if row[3] is not None]
        count = len(values)
        # `fsum` rounds once, so that the order of the replications leaves no trace.
        mean = math.fsum(values) / count
        sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1)) if count > 1 else None
        bias = None if truth is None else mean - truth
        rmse = None if truth is None else math.sqrt(math.fsum((value - truth) ** 2 for value in values) / count)
        summary = [name, truth, count, mean, bias, None if sd is None else sd / math.sqrt(count), sd, rmse]
        if self.study.resamples:
            spans = [(row[4], row[5]) for row in rows if row[4] is not None and row[5] is not None]
            held = None if truth is None else sum(low <= truth <= high for low, high in spans) / len(spans)
            summary += [held, sum(low > 0 or high < 0 for low, high in spans) / len(spans)]
        return summary

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "replications": self.study.replications,
            "failures": self.failures,
            "paths": self.paths.to_dict(),
            "draws": self.draws.to_dict(),
        }

    def to_json(self) -> str:
        """Everything as text."""
        return json.dumps(self.to_dict())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MonteCarloResult) and self.study == other.study and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        failed = sum(self.failures.values())
        words = f"{self.study.replications - failed} of {self.study.replications} replications of n = {self.study.n}"
        return f"{words}\n\n{self.paths}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.paths._repr_html_()


def monte_carlo(
    model: ModelLike,
    *,
    n: int,
    replications: int,
    population: Data = None,
    seed: int = 1,
    resamples: int = 0,
    **settings: Any,
) -> MonteCarlo:
    """A Monte-Carlo study: `replications` data sets of `n` cases from a population of the model, each estimated with `settings`
    and, with `resamples`, bootstrapped.

    `population` is what `tp.simulate` takes. The settings are those of `tp.pls`; where items measure common factors,
    `consistent=True` estimates what the population states.
    """
    known = model_of(model)
    stated = Population.of(known, population)
    return MonteCarlo(known.text, stated.to_toml(), n, replications, seed, resamples, dict(settings))
