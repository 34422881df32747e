"""The verbs: check, estimate, bootstrap."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Union

from . import _trustpath
from ._errors import SettingsError, UnreadableError
from ._figure import Figure
from ._model import Model
from ._progress import Progress
from ._report import Report
from ._result import Result, Table, _Frame
from ._result import Cell as _Cell
from ._survey import Correlations, Survey, data_of, read

if TYPE_CHECKING:
    from typing_extensions import Unpack

Data = Any
"""A survey, a table of correlations, or whatever `read` takes."""

ModelLike = Union[Model, str, "os.PathLike[str]", Sequence[Any]]
"""A model, or whatever `Model` takes."""

_Layout = Union[str, "os.PathLike[str]", Mapping[str, Any]]
_Layouts = Union[_Layout, Sequence[_Layout], None]

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


class MeasurementSettings(TypedDict, total=False):
    """What is tested about how constructs are measured."""

    tetrads: str
    diagonal: str
    resamples: int
    seed: int
    level: float


class PlotSettings(TypedDict, total=False):
    """How a figure looks. `Fit.plot` lists the defaults, which are those of `trustpath plot`."""

    items: bool
    labels: bool
    show: str
    lines: str
    layout: str | os.PathLike[str] | Mapping[str, Any] | None
    lang: str
    theme: str
    width: float | None
    font: str | None


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


def model_of(model: ModelLike) -> Model:
    """What a verb was given, as a model."""
    return model if isinstance(model, Model) else Model(model)


class Screening(Result):
    """What a careful reader looks at before any estimate."""


class _Derived(Result):
    """A result with remarks, such as what was left out."""

    _native: _trustpath.Plain

    def _heading(self) -> list[str]:
        return [*super()._heading(), *self._native.remarks()]


class Mediation(_Derived):
    """What lies between predictors and outcomes."""


class Moderation(_Derived):
    """Interactions, probed."""


class Nonlinearity(_Derived):
    """Whether straight lines are enough."""


class Controls(_Derived):
    """A model with and without its controls."""


class Endogeneity(_Derived):
    """Whether predictors go with the error of their equation."""


class Measurement(_Derived):
    """How constructs are measured: tetrads, redundancy, congruence."""


class SemFit(_Derived):
    """A covariance-based model: estimates, fit, what would improve it."""


class Comparison(_Derived):
    """Rival models of the same answers."""


class Differences(_Derived):
    """What other programs would print."""


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

    def __init__(self, native: _trustpath.Fit, call: str = "fit", data_file: str = "") -> None:
        super().__init__(native)
        self._call = call
        self._data_file = data_file

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
        strata: str | None = None,
        cluster: str | None = None,
        indices: Sequence[Sequence[int]] | None = None,
        case_weights: Sequence[Sequence[float]] | None = None,
        fit_test: bool = False,
        progress: bool = True,
        **settings: Unpack[BootstrapSettings],
    ) -> Bootstrap:
        """Standard errors, p-values and intervals of everything; the same seed gives the same numbers anywhere.

        `strata` names a column within whose groups cases are drawn, `cluster` one whose groups are drawn whole. `indices` are
        resamples given from outside, each a list of case numbers from 0 among the cases used; `case_weights` are given weights, one
        list per resample. `fit_test` tests exact fit as well.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> boot = fit.bootstrap(resamples=200, seed=1)
        >>> len(boot.paths) == len(fit.paths)
        True
        """
        total = _resamples(settings) * (3 if fit_test else 1)
        given = _resampling(settings, strata, cluster)
        lists = None if indices is None else [[int(case) for case in row] for row in indices]
        weights = None if case_weights is None else [[float(weight) for weight in row] for row in case_weights]
        with Progress(total, "Resamples", progress) as bar:
            native = self._native.bootstrap(given, lists, weights, fit_test, bar)
        shown = {**settings, "strata": strata, "cluster": cluster, "fit_test": fit_test or None}
        return Bootstrap(native, self, _call("bootstrap", {key: it for key, it in shown.items() if it is not None}))

    @settings_of("plot")
    def diagram(self, bootstrap: Bootstrap | None = None, **settings: Unpack[PlotSettings]) -> Figure:
        """The path diagram; with a bootstrap, paths carry stars.

        `show` is what stands on the paths: `model`, `estimates`, `significance`, `intervals`. `lines` run `curved` or
        `orthogonal`. `layout` is a file of places, or what `figure.layout` gave.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> figure = fit.diagram(items=False, show="estimates", lines="orthogonal")
        >>> sorted(figure.layout["nodes"])[:2]
        ['ATT', 'DTT']
        """
        return self.plot("diagram", bootstrap, **settings)

    @settings_of("plot")
    def plot(
        self, figure: str, bootstrap: Bootstrap | None = None, **settings: Unpack[PlotSettings]
    ) -> Figure:
        """A figure, drawn as `trustpath plot --figure` draws it: one of `tp.figures()`.

        With a bootstrap, points carry their intervals. `items`, `labels`, `show`, `lines` and `layout` are about the path
        diagram; `lang`, `theme`, `width` (in millimetres) and `font` about every figure.

        >>> import trustpath as tp
        >>> tp.pls("models/initial-trust.sem", "data/initial-trust.csv").plot("correlations", lang="zh")
        Figure('correlations')
        """
        given: dict[str, Any] = dict(settings)
        if given.get("layout") is not None:
            given["layout"] = _layout(given["layout"])
        native = None if bootstrap is None else bootstrap._native
        return Figure(self._native.figure(figure, native, as_json(given)), figure)

    def report(
        self,
        file: str | os.PathLike[str] | None = None,
        bootstrap: Bootstrap | None = None,
        *,
        title: str | None = None,
        lang: str = "en",
        sections: Sequence[str] = (),
        purpose: str | None = None,
        blind: bool = False,
        layout: _Layouts = None,
        command: str | None = None,
    ) -> Report:
        """Everything in one document: verdicts, hypotheses, figures, tables, settings; the document of `trustpath report`.

        The extension of `file` picks the form: `.html`, `.docx`, `.xlsx`, `.md`, `.tex`. Without a file, a notebook shows the
        report, and `.save(file)` writes it. `sections` are some of `verdict`, `diagram`, `method`, `data`, `reflective`,
        `formative`, `fit`, `structure`, `effects`, `appendix`; `purpose` is `prediction` or `explanation`; `blind` leaves out
        names of files and sources. `layout` places the constructs of path diagrams: a file that a diagram of an HTML report saves,
        what `figure.layout` gave, or a list of them. `command` is what stands there as the way to repeat the report; by default,
        the calls that made it.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> fit.bootstrap(resamples=200).report(lang="zh").title
        '顾客在线初始信任形成机理'
        """
        given: dict[str, Any] = {"title": title, "lang": None if lang == "en" else lang}
        given.update(sections=list(sections) or None, purpose=purpose, blind=blind or None)
        said = {key: value for key, value in given.items() if value is not None}
        if command is None:
            steps = [self._call, *([] if bootstrap is None else [bootstrap._call])]
            where = [] if file is None else [repr("REPORT" if blind else os.fspath(file))]
            steps.append(_call("report", {**said, "title": "TITLE"} if blind and title else said, where))
            command = ".".join(steps)
            if blind:
                for name in (self._data_file, self._native.model().file):
                    command = command.replace(repr(name), "FILE") if name else command
        native = None if bootstrap is None else bootstrap._native
        report = Report(
            _trustpath.report(
                self._native, native, title, lang, list(sections), purpose, blind, command, _layouts(layout)
            )
        )
        return report if file is None else report.save(file)

    @settings_of("bootstrap")
    def nonlinearity(
        self,
        *,
        strata: str | None = None,
        cluster: str | None = None,
        progress: bool = True,
        **settings: Unpack[BootstrapSettings],
    ) -> Nonlinearity:
        """Ramsey's RESET per outcome, and the squares of all predictors, bootstrapped.

        >>> import trustpath as tp
        >>> fit = tp.pls("X =~ NAV1 + NAV2; Y =~ ITR1 + ITR2 + ITR3; Y ~ X", "data/initial-trust.csv")
        >>> check = fit.nonlinearity(resamples=200)
        >>> check.tables["reset"].columns[0]
        'outcome'
        """
        given = _resampling(settings, strata, cluster)
        with Progress(_resamples(settings), "Resamples", progress) as bar:
            return Nonlinearity(_trustpath.nonlinearity(self._native, given, bar))

    @settings_of("bootstrap")
    def controls(
        self,
        *,
        strata: str | None = None,
        cluster: str | None = None,
        progress: bool = True,
        **settings: Unpack[BootstrapSettings],
    ) -> Controls:
        """The model with and without its controls (`#@ control AGE GENDER`), side by side."""
        given = _resampling(settings, strata, cluster)
        with Progress(2 * _resamples(settings), "Resamples", progress) as bar:
            return Controls(_trustpath.controls(self._native, given, bar))

    @settings_of("endogeneity")
    def endogeneity(self, *, progress: bool = True, **settings: Unpack[CopulaSettings]) -> Endogeneity:
        """Gaussian copulas, and the Hausman test of equations with instruments (`#@ instruments`).

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> found = fit.endogeneity(resamples=100, outcomes=["PU"])
        >>> found.hausman is None
        True
        """
        total = int(settings.get("resamples", defaults("endogeneity")["resamples"]))
        with Progress(total, "Resamples", progress) as bar:
            return Endogeneity(_trustpath.endogeneity(self._native, as_json(settings), bar))

    @settings_of("measurement")
    def measurement(
        self, *, global_items: Mapping[str, str] | None = None, **settings: Unpack[MeasurementSettings]
    ) -> Measurement:
        """Tests how constructs are measured: tetrads (CTA-PLS), redundancy of formative blocks, congruence.

        `global_items` names for a construct the column that asks for the whole of it.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> sorted(fit.measurement(resamples=100).tables)
        ['congruence', 'redundancy', 'tetrad_tests', 'tetrads']
        """
        named = [(str(key), str(item)) for key, item in (global_items or {}).items()]
        return Measurement(_trustpath.measurement(self._native, named, as_json(settings)))

    def _heading(self) -> list[str]:
        return [*super()._heading(), *self._native.banner(), self._native.method()]

    def _shown(self) -> list[Table]:
        return [self.tables[key] for key in ("verdicts", "reliability", "structure") if key in self.tables]


class Bootstrap(Result):
    """A bootstrapped fit; `boot.paths`, `boot.loadings`, `boot.htmt` … are tables."""

    _native: _trustpath.Boot

    def __init__(self, native: _trustpath.Boot, fit: Fit, call: str = "bootstrap()") -> None:
        super().__init__(native)
        self.fit = fit
        self._call = call

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
        return Mediation(_trustpath.mediation(self._native))

    @settings_of("moderation")
    def moderation(self, **settings: Unpack[ModerationSettings]) -> Moderation:
        """Probes interactions: simple slopes, regions of significance, conditional indirect effects.

        `moderators` choose the factor of a product that moderates, `values` the values at which it stands, such as
        `{"DTT": [-2, 0, 2]}`, in standard deviations; `johnson_neyman` is `percentile` or `covariance`.

        >>> import trustpath as tp
        >>> boot = tp.pls("examples/moderation.sem", "data/initial-trust.csv").bootstrap(resamples=200)
        >>> boot.moderation().tables["interactions"].columns[0]
        'name'
        """
        return Moderation(_trustpath.moderation(self._native, as_json(settings)))

    @settings_of("plot")
    def diagram(self, **settings: Unpack[PlotSettings]) -> Figure:
        """The path diagram with stars: `Fit.diagram`."""
        return self.fit.diagram(self, **settings)

    @settings_of("plot")
    def plot(self, figure: str = "bootstrap", **settings: Unpack[PlotSettings]) -> Figure:
        """A figure with intervals: `Fit.plot`."""
        return self.fit.plot(figure, self, **settings)

    def report(
        self,
        file: str | os.PathLike[str] | None = None,
        *,
        title: str | None = None,
        lang: str = "en",
        sections: Sequence[str] = (),
        purpose: str | None = None,
        blind: bool = False,
        layout: _Layouts = None,
        command: str | None = None,
    ) -> Report:
        """Everything in one document: `Fit.report` with this bootstrap."""
        return self.fit.report(
            file,
            self,
            title=title,
            lang=lang,
            sections=sections,
            purpose=purpose,
            blind=blind,
            layout=layout,
            command=command,
        )

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


def _resamples(settings: Mapping[str, Any]) -> int:
    return int(settings.get("resamples", defaults("bootstrap")["resamples"]))


def _resampling(settings: Mapping[str, Any], strata: str | None, cluster: str | None) -> str:
    return as_json({**settings, "strata": strata, "cluster": cluster})


def _layout(given: Any) -> str:
    """The text of a layout file."""
    if isinstance(given, Mapping):
        return as_json(given)
    try:
        with open(given, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise UnreadableError(f"cannot read {os.fspath(given)}: {error.strerror}") from None


def _layouts(given: _Layouts) -> list[str]:
    if given is None:
        return []
    several = [given] if isinstance(given, (str, os.PathLike, Mapping)) else given
    return [_layout(one) for one in several]


def _call(name: str, keywords: Mapping[str, Any], arguments: Sequence[str] = ()) -> str:
    """A call in words. What is too long to be typed is not repeated."""
    words = []
    for key, value in keywords.items():
        shown = repr(value)
        words.append(f"{key}={shown if len(shown) <= 120 else '…'}")
    return f"{name}({', '.join([*arguments, *words])})"


def _named(value: Any, otherwise: str) -> str:
    """A file as it was typed, anything else by a word."""
    return repr(os.fspath(value)) if isinstance(value, (str, os.PathLike)) and len(str(value)) < 200 else otherwise


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
    known, answers = model_of(model), data_of(data)
    native = _trustpath.pls(known._native, answers._native, as_json(settings), like, given, list(thresholds))
    said = {"like": like, "conventions": conventions, "thresholds": list(thresholds) or None, **settings}
    shown = _named(known.file or (model if isinstance(model, (str, os.PathLike)) else None), "model")
    file = answers.file if isinstance(answers, Survey) else ""
    data_shown = repr(file) if file and not file.startswith("<") else "data"
    call = _call("tp.pls", {key: value for key, value in said.items() if value is not None}, [shown, data_shown])
    return Fit(native, call, file)


@settings_of("sem")
def sem(
    model: ModelLike, data: Data, *, thresholds: Sequence[str] = (), **settings: Unpack[SemSettings]
) -> SemFit:
    """Estimates a model of common factors from covariances, by maximum likelihood.

    `data` is whatever `read` takes, or a table of `correlations`; cases with missing answers are left out. Composites (`<~`) and
    products are refused: `tp.pls` estimates these.

    >>> import trustpath as tp
    >>> fit = tp.sem("models/initial-trust.sem", "data/initial-trust.csv")
    >>> fit.fit_measures["df"], round(fit.fit_measures["cfi"], 3)
    (830, 0.983)
    """
    known, answers = model_of(model), data_of(data)
    return SemFit(_trustpath.sem(known._native, answers._native, as_json(settings), list(thresholds)))


@settings_of("pls")
def compare(
    models: Sequence[ModelLike] | Mapping[str, ModelLike],
    data: Data,
    *,
    like: str | None = None,
    **settings: Unpack[PlsSettings],
) -> Comparison:
    """Compares rival models of the same answers: AIC, BIC and GM per shared outcome, with weights.

    `models` are two or more, in a list or by names of their own.

    >>> import trustpath as tp
    >>> block = "A =~ NAV1 + NAV2; B =~ REP1 + REP2; C =~ ITR1 + ITR2; "
    >>> rivals = {"both": block + "C ~ A + B", "chain": block + "B ~ A; C ~ B"}
    >>> sorted(tp.compare(rivals, "data/initial-trust.csv").tables)
    ['models', 'outcomes']
    """
    answers = data_of(data)
    given = models if isinstance(models, Mapping) else dict(zip(_model_names(models), models))
    if len(given) < 2:
        raise SettingsError("a comparison needs two models\n  hint: give a list of them, or names and models")
    fits = [pls(model, answers, like=like, **settings)._native for model in given.values()]
    return Comparison(_trustpath.compare([str(name) for name in given], fits))


def _model_names(models: Sequence[ModelLike]) -> list[str]:
    """The files without folder and extension, or numbers where these are not different."""
    files = [model.file if isinstance(model, Model) else model for model in models]
    short = [
        os.path.splitext(os.path.basename(os.fspath(file)))[0] if isinstance(file, (str, os.PathLike)) else ""
        for file in files
    ]
    if len(set(short)) == len(short) and all(name.isprintable() and name for name in short):
        return short
    return [f"model {at}" for at in range(1, len(files) + 1)]


@settings_of("check")
def differences(
    model: ModelLike,
    data: Data,
    *,
    between: Sequence[str] = (),
    least: float = 0.0005,
    **settings: Unpack[SampleSettings],
) -> Differences:
    """Runs the defaults of other programs side by side and says which setting causes each difference.

    `between` are two or more of `smartpls4`, `seminr`, `csem`, `adanco`, `plspm`, by default all; numbers that differ by less
    than `least` agree.

    >>> import trustpath as tp
    >>> found = tp.differences("models/initial-trust.sem", "data/initial-trust.csv", between=["seminr", "csem"])
    >>> found.paths.columns
    ['number', 'seminr', 'csem']
    """
    native = _trustpath.differences(
        model_of(model)._native, data_of(data)._native, list(between), least, as_json(settings)
    )
    return Differences(native)


def figures() -> list[str]:
    """Names of the figures that `Fit.plot` draws.

    >>> import trustpath as tp
    >>> "forest" in tp.figures()
    True
    """
    return _trustpath.figures()


__all__ = [
    "Bootstrap",
    "Comparison",
    "Controls",
    "Correlations",
    "Differences",
    "Endogeneity",
    "Fit",
    "Frame",
    "Measurement",
    "Mediation",
    "Moderation",
    "Nonlinearity",
    "Screening",
    "SemFit",
    "Survey",
    "check",
    "compare",
    "defaults",
    "differences",
    "figures",
    "pls",
    "sem",
]
