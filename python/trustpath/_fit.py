"""The verbs: check, estimate, bootstrap."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Union

from . import _trustpath
from ._errors import SettingsError
from ._figure import Figure
from ._model import Model
from ._progress import Progress
from ._result import Result, Table, _Frame
from ._result import Cell as _Cell
from ._survey import Correlations, Survey, data_of, read

if TYPE_CHECKING:
    from typing_extensions import Unpack

Data = Any
"""A survey, a table of correlations, or whatever `read` takes."""

ModelLike = Union[Model, str, "os.PathLike[str]", Sequence[Any]]
"""A model, or whatever `Model` takes."""

_F = TypeVar("_F", bound=Callable[..., Any])


class SampleSettings(TypedDict, total=False):
    """How missing answers and weights of cases are treated."""

    missing: str
    missing_codes: Sequence[float]
    weight: str | None


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
    seed: int
    level: float
    more_levels: Sequence[float]
    intervals: Sequence[str]
    tails: str
    p_value: str
    bias_corrected: bool
    acceleration: str
    imputation: str
    inadmissible: str
    sign_change: str
    htmt: str
    record: Sequence[str]
    contrasts: Sequence[str]
    max_memory: int


def defaults(verb: str) -> dict[str, Any]:
    """The library's defaults of a verb: `pls`, `bootstrap`, `check`, `conventions`.

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


def model_of(model: ModelLike) -> Model:
    """What a verb was given, as a model."""
    return model if isinstance(model, Model) else Model(model)


class Screening(Result):
    """What a careful reader looks at before any estimate."""


class Mediation(Result):
    """What lies between predictors and outcomes."""


class Frame(_Frame):
    """Columns that become a frame."""

    def __init__(self, columns: list[tuple[str, list[_Cell]]]) -> None:
        self._data = columns

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [name for name, _ in self._data]

    def __getitem__(self, name: str) -> list[_Cell]:
        return dict(self._data)[name]

    def __len__(self) -> int:
        return len(self._data[0][1]) if self._data else 0

    def _columns(self) -> list[tuple[str, list[_Cell]]]:
        return self._data

    def __repr__(self) -> str:
        return f"Frame({len(self)} rows: {', '.join(self.columns)})"


class Fit(Result):
    """An estimated and assessed model; every key of `keys()` is an attribute.

    >>> import trustpath as tp
    >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv", consistent=True)
    >>> round(fit.path_coefficients["MOT", "ITR"], 3)
    0.536
    >>> fit.converged, fit.n
    (True, 480)
    >>> fit.paths.columns
    ['path', 'estimate']
    """

    _native: _trustpath.Fit

    @property
    def model(self) -> Model:
        """The model."""
        return Model._of(self._native.model())

    @property
    def scores(self) -> Frame | None:
        """Construct scores of the cases used, with their lines in the file; `None` without answers."""
        columns = self._native.scores()
        return None if columns is None else Frame([(name, list(cells)) for name, cells in columns])

    @settings_of("bootstrap")
    def bootstrap(
        self,
        *,
        indices: Sequence[Sequence[int]] | None = None,
        progress: bool = True,
        **settings: Unpack[BootstrapSettings],
    ) -> Bootstrap:
        """Standard errors, p-values and intervals of everything; the same seed gives the same numbers anywhere.

        `indices` are resamples given from outside, each a list of case numbers from 0 among the cases used.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> boot = fit.bootstrap(resamples=200, seed=1)
        >>> len(boot.paths) == len(fit.paths)
        True
        """
        total = int(settings.get("resamples", defaults("bootstrap")["resamples"]))
        with Progress(total, "Resamples", progress) as bar:
            native = self._native.bootstrap(as_json(settings), indices, bar)
        return Bootstrap(native, self)

    def diagram(
        self,
        bootstrap: Bootstrap | None = None,
        *,
        items: bool = True,
        labels: bool = True,
        language: str = "en",
        theme: str = "screen",
    ) -> Figure:
        """The path diagram; with a bootstrap, paths carry stars."""
        return self.plot("diagram", bootstrap, items=items, labels=labels, language=language, theme=theme)

    def plot(
        self,
        figure: str,
        bootstrap: Bootstrap | None = None,
        *,
        items: bool = True,
        labels: bool = True,
        language: str = "en",
        theme: str = "screen",
    ) -> Figure:
        """A figure: `diagram`, `loadings`, `htmt`, `answers`, `distributions`."""
        boot = None if bootstrap is None else bootstrap._native
        return Figure(self._native.figure(figure, boot, items, labels, language, theme), figure)

    def _heading(self) -> list[str]:
        return [*super()._heading(), *self._native.banner(), self._native.method()]

    def _shown(self) -> list[Table]:
        return [self.tables[key] for key in ("verdicts", "reliability", "structure") if key in self.tables]


class Bootstrap(Result):
    """A bootstrapped fit; `boot.paths`, `boot.loadings`, `boot.htmt` … are tables."""

    _native: _trustpath.Boot

    def __init__(self, native: _trustpath.Boot, fit: Fit) -> None:
        super().__init__(native)
        self.fit = fit

    @property
    def draws(self) -> dict[tuple[str, str], list[float]]:
        """Every quantity in every resample that counts, by family (`paths`, `loadings` …) and name."""
        return {(kind, name): draws for kind, name, draws in self._native.draws()}

    def mediation(self) -> Mediation:
        """Every indirect effect: estimate, interval, type of mediation, size, differences.

        >>> import trustpath as tp
        >>> boot = tp.pls("models/initial-trust.sem", "data/initial-trust.csv").bootstrap(resamples=200)
        >>> boot.mediation().tables["mediation"].columns[:2]
        ['name', 'indirect']
        """
        return Mediation(self._native.mediation())

    def diagram(self, **options: Any) -> Figure:
        """The path diagram with stars: `Fit.diagram`."""
        return self.fit.diagram(self, **options)

    def plot(self, figure: str = "distributions", **options: Any) -> Figure:
        """A figure with intervals: `Fit.plot`."""
        return self.fit.plot(figure, self, **options)

    def _heading(self) -> list[str]:
        return [*super()._heading(), self._native.accounting()]

    def _shown(self) -> list[Table]:
        return [self.tables[key] for key in ("paths", "specific_indirect_effects") if key in self.tables]


@settings_of("check")
def check(model: ModelLike, data: Data, **settings: Unpack[SampleSettings]) -> Screening:
    """Screens the answers to a model's items before any estimate.

    >>> import trustpath as tp
    >>> screening = tp.check("models/initial-trust.sem", "data/initial-trust.csv")
    >>> screening.suspicious["check"][0]
    'line with one and the same answer'
    """
    return Screening(_trustpath.check(model_of(model)._native, read(data)._native, as_json(settings)))


@settings_of("pls")
def pls(
    model: ModelLike,
    data: Data,
    *,
    like: str | None = None,
    conventions: Mapping[str, Any] | None = None,
    thresholds: Sequence[str] = (),
    **settings: Unpack[PlsSettings],
) -> Fit:
    """Estimates and assesses a model by partial least squares.

    `data` is whatever `read` takes, or a table of `correlations`. `like` takes the defaults of another program
    (`smartpls4`, `seminr`, `csem`, `adanco`, `plspm`); every other keyword overrides them. `conventions` choose
    definitions where programs disagree, `thresholds` such as `"R01=0.6,0.4"` replace those of the rules.

    >>> import trustpath as tp
    >>> answers = {"x1": [1, 2, 3, 5, 4, 2], "x2": [2, 2, 4, 5, 5, 1],
    ...            "y1": [2, 1, 4, 4, 5, 3], "y2": [1, 2, 5, 4, 4, 2]}
    >>> fit = tp.pls("X =~ x1 + x2; Y =~ y1 + y2; Y ~ X", answers)
    >>> round(fit.r_squared["Y"], 2)
    0.74
    """
    given = None if conventions is None else as_json(conventions)
    native = _trustpath.pls(
        model_of(model)._native, data_of(data)._native, as_json(settings), like, given, list(thresholds)
    )
    return Fit(native)


__all__ = ["Bootstrap", "Correlations", "Fit", "Frame", "Screening", "Survey", "check", "defaults", "pls"]
