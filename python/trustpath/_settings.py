"""Settings: their types, their defaults, their way to the library."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from . import _trustpath
from ._errors import SettingsError

_F = TypeVar("_F", bound=Callable[..., Any])


class SampleSettings(TypedDict, total=False):
    """How missing answers and weights of cases are treated."""

    missing: str
    missing_codes: Sequence[float]
    weight: str | None


class SemSettings(SampleSettings, total=False):
    """How a covariance-based model is estimated. `tp.sem` lists the defaults, which are the library's."""

    identification: str
    likelihood: str
    information: str
    fixed_x: bool
    level: float
    tolerance: float
    max_iterations: int


class PlsSettings(SampleSettings, total=False):
    """How a model is estimated. `tp.pls` lists the defaults, which are the library's."""

    weighting: str
    scheme: str | None
    mode: str | None
    composite_mode: str
    consistent: bool
    disattenuate: str
    correction: str
    tolerance: float
    max_iterations: int
    criterion: str
    sign: str
    neighbours: str
    score_divisor: str
    start_weights: Mapping[str, float]
    fixed_weights: Mapping[str, Sequence[float]]
    reliabilities: Mapping[str, float]
    instruments: Mapping[str, Sequence[str]]
    factor_divisor: str
    interaction: str | None
    higher_order: str | None
    product_scale: str
    normality: bool
    moment_divisor: str
    correlation: str
    polyserial: str


class BootstrapSettings(TypedDict, total=False):
    """How a fit is bootstrapped. `Fit.bootstrap` lists the defaults, which are the library's."""

    method: str
    resamples: int
    folds: int | None
    repeats: int | None
    seed: int
    level: float
    more_levels: Sequence[float]
    intervals: Sequence[str]
    tails: str
    p_value: str | None
    bias_corrected: bool
    acceleration: str
    imputation: str
    inadmissible: str
    sign_change: str
    htmt: str
    formative: str
    record: Sequence[str]
    contrasts: Sequence[str]
    max_memory: int


class ModerationSettings(TypedDict, total=False):
    """What is probed in interactions."""

    moderators: Sequence[str]
    values: Mapping[str, Sequence[float]]
    johnson_neyman: str | None


class CopulaSettings(TypedDict, total=False):
    """How endogeneity is tested."""

    resamples: int
    seed: int
    level: float
    distribution: str
    outcomes: Sequence[str]
    endogenous: Sequence[str]
    max_memory: int


class MeasurementSettings(TypedDict, total=False):
    """What is tested about how constructs are measured."""

    tetrads: str
    diagonal: str
    resamples: int
    seed: int
    level: float
    max_memory: int


class PlotSettings(TypedDict, total=False):
    """How a figure looks. `Fit.plot` lists the defaults, which are those of `trustpath plot`."""

    items: bool
    keep_items: bool
    labels: bool
    show: str
    lines: str
    layout: str | os.PathLike[str] | Mapping[str, Any] | None
    lang: str
    theme: str
    width: float | None
    font: str | None
    moderators: Sequence[str]
    values: Mapping[str, Sequence[float]]
    johnson_neyman: str | None


def defaults(verb: str) -> dict[str, Any]:
    """The library's defaults of a verb: `pls`, `bootstrap`, `check`, `conventions`, `moderation`, `endogeneity`,
    `measurement`, `plot`.

    >>> import trustpath as tp
    >>> tp.defaults("bootstrap")["resamples"]
    10000
    """
    found: dict[str, Any] = {}
    for key, value in json.loads(_trustpath.defaults(verb)).items():
        # Settings of the sample stand among those of the estimate.
        found.update(value if key == "data" else {key: value})
    return found


def settings_of(verb: str) -> Callable[[_F], _F]:
    """Writes the library's defaults into the signature of a function that takes `**settings`."""

    def decorate(function: _F) -> _F:
        signature = inspect.signature(function)
        plain = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
        keywords = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=value)
            for key, value in defaults(verb).items()
        ]
        function.__signature__ = signature.replace(parameters=[*plain, *keywords])  # type: ignore[attr-defined]
        return function

    return decorate


def as_json(settings: Mapping[str, Any]) -> str:
    """Settings on their way to the library."""
    try:
        return json.dumps(settings, default=_listed)
    except (TypeError, ValueError) as error:
        raise SettingsError(str(error)) from None


def _listed(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"a setting cannot be a {type(value).__qualname__}")


def resamples_of(settings: Mapping[str, Any]) -> int:
    """How many resamples are asked for, or the default."""
    if folds := settings.get("folds"):
        return int(folds) * int(settings.get("repeats") or 1)
    return int(settings.get("resamples", defaults("bootstrap")["resamples"]))


def resampling(settings: Mapping[str, Any], strata: str | None, cluster: str | None) -> str:
    """Settings of a bootstrap with the columns that group the cases, as JSON."""
    return as_json({**settings, "strata": strata, "cluster": cluster})
