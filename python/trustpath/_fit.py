"""A fit, its bootstrap, and what is derived from them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

from . import _trustpath
from ._errors import UnreadableError
from ._figure import Figure
from ._model import Model
from ._progress import Progress
from ._report import Report
from ._result import Result, Table, _Frame
from ._result import Cell as _Cell
from ._settings import (
    BootstrapSettings,
    CopulaSettings,
    MeasurementSettings,
    ModerationSettings,
    PlotSettings,
    as_json,
    defaults,
    resamples_of,
    resampling,
    settings_of,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

_Layout = Union[str, "os.PathLike[str]", Mapping[str, Any]]
_Layouts = Union[_Layout, Sequence[_Layout], None]


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

    def __init__(self, native: _trustpath.Plain, boot: Bootstrap, settings: ModerationSettings) -> None:
        super().__init__(native)
        self._boot = boot
        self._settings = settings

    def plot(
        self,
        figure: str = "slopes",
        *,
        lang: str = "en",
        theme: str = "screen",
        width: float | None = None,
        font: str | None = None,
    ) -> Figure:
        """What was probed as a chart: `slopes`, `johnson-neyman` or `surface`; the settings of the analysis hold.

        >>> import trustpath as tp
        >>> boot = tp.pls("examples/moderation.sem", "data/initial-trust.csv").bootstrap(resamples=200)
        >>> boot.moderation(values={"DTT": [-2, 0, 2]}).plot("slopes")
        Figure('slopes')
        """
        return self._boot.plot(figure, lang=lang, theme=theme, width=width, font=font, **self._settings)


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
        list per resample. `fit_test` tests exact fit as well. `method="jackknife"` leaves out every case in turn, with `folds` so
        many groups of them, dealt `repeats` times.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> boot = fit.bootstrap(resamples=200, seed=1)
        >>> len(boot.paths) == len(fit.paths)
        True
        """
        total = resamples_of(settings) * (3 if fit_test else 1)
        given = resampling(settings, strata, cluster)
        lists = None if indices is None else [[int(case) for case in row] for row in indices]
        weights = None if case_weights is None else [[float(weight) for weight in row] for row in case_weights]
        with Progress(total, "Resamples", progress) as bar:
            native = self._native.bootstrap(given, lists, weights, fit_test, bar)
        shown = {**settings, "strata": strata, "cluster": cluster, "fit_test": fit_test or None}
        return Bootstrap(native, self, call_text("bootstrap", {key: it for key, it in shown.items() if it is not None}))

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

        With a bootstrap, points carry their intervals; `slopes`, `johnson-neyman` and `surface`, the charts of interactions,
        need one. `items`, `keep_items` (where letters are too small to read for
        them), `labels`, `show`, `lines` and `layout` are about the path diagram; `moderators`, `values` and
        `johnson_neyman` about interactions (`Bootstrap.moderation`); `lang`, `theme`, `width` (in millimetres) and `font`
        about every figure.

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
        nonlinearity: bool = False,
        measurement: bool = False,
        command: str | None = None,
    ) -> Report:
        """Everything in one document: verdicts, hypotheses, figures, tables, settings; the document of `trustpath report`.

        The extension of `file` picks the form: `.html`, `.docx`, `.xlsx`, `.md`, `.tex`. Without a file, a notebook shows the
        report, and `.save(file)` writes it. `sections` are some of `verdict`, `diagram`, `method`, `data`, `reflective`,
        `formative`, `fit`, `structure`, `effects`, `appendix`; `purpose` is `prediction` or `explanation`; `blind` leaves out
        names of files and sources. `layout` places the constructs of path diagrams: a file that a diagram of an HTML report saves,
        what `figure.layout` gave, or a list of them. With a bootstrap, `nonlinearity` adds the check of linearity, and `measurement`
        tetrads, redundancy and congruence; controls of the model are compared with and without. `command` is what stands there as the way to repeat the report; by default,
        the calls that made it.

        >>> import trustpath as tp
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> fit.bootstrap(resamples=200).report(lang="zh").title
        '顾客在线初始信任形成机理'
        """
        given: dict[str, Any] = {"title": title, "lang": None if lang == "en" else lang}
        given.update(sections=list(sections) or None, purpose=purpose, blind=blind or None)
        given.update(nonlinearity=nonlinearity or None, measurement=measurement or None)
        said = {key: value for key, value in given.items() if value is not None}
        if command is None:
            steps = [self._call, *([] if bootstrap is None else [bootstrap._call])]
            where = [] if file is None else [repr("REPORT" if blind else os.fspath(file))]
            steps.append(call_text("report", {**said, "title": "TITLE"} if blind and title else said, where))
            command = ".".join(steps)
            if blind:
                for name in (self._data_file, self._native.model().file):
                    command = command.replace(repr(name), "FILE") if name else command
        native = None if bootstrap is None else bootstrap._native
        report = Report(
            _trustpath.report(
                self._native,
                native,
                title,
                lang,
                list(sections),
                purpose,
                blind,
                command,
                _layouts(layout),
                nonlinearity,
                measurement,
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
        given = resampling(settings, strata, cluster)
        with Progress(resamples_of(settings), "Resamples", progress) as bar:
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
        given = resampling(settings, strata, cluster)
        with Progress(2 * resamples_of(settings), "Resamples", progress) as bar:
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
        return Moderation(_trustpath.moderation(self._native, as_json(settings)), self, settings)

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
        nonlinearity: bool = False,
        measurement: bool = False,
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
            nonlinearity=nonlinearity,
            measurement=measurement,
            command=command,
        )

    def _heading(self) -> list[str]:
        return [*super()._heading(), self._native.accounting()]

    def _shown(self) -> list[Table]:
        return [self.tables[key] for key in ("paths", "specific_indirect_effects") if key in self.tables]


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


def call_text(name: str, keywords: Mapping[str, Any], arguments: Sequence[str] = ()) -> str:
    """A call in words. What is too long to be typed is not repeated."""
    words = []
    for key, value in keywords.items():
        shown = repr(value)
        words.append(f"{key}={shown if len(shown) <= 120 else '…'}")
    return f"{name}({', '.join([*arguments, *words])})"


__all__ = [
    "Bootstrap",
    "Comparison",
    "Controls",
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
]
