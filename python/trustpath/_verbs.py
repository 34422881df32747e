"""The verbs that begin with a model and data: check, estimate, compare."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

from . import _trustpath
from ._errors import SettingsError
from ._fit import Bootstrap, Comparison, Differences, Fit, Screening, SemFit, _layout, call_text
from ._figure import Figure
from ._model import Model
from ._settings import PlotSettings, PlsSettings, SampleSettings, SemSettings, as_json, settings_of
from ._survey import Survey, data_of, read

if TYPE_CHECKING:
    from typing_extensions import Unpack

Data = Any
"""A survey, a table of correlations, or whatever `read` takes."""

ModelLike = Union[Model, str, "os.PathLike[str]", Sequence[Any]]
"""A model, or whatever `Model` takes."""


def model_of(model: ModelLike) -> Model:
    """What a verb was given, as a model."""
    return model if isinstance(model, Model) else Model(model)


@settings_of("check")
def check(
    model: ModelLike, data: Data, *, thresholds: Sequence[str] = (), **settings: Unpack[SampleSettings]
) -> Screening:
    """Screens the answers to a model's items before any estimate; `thresholds` such as `"D07=0.1"` replace those of the rules.

    >>> import trustpath as tp
    >>> screening = tp.check("models/initial-trust.sem", "data/initial-trust.csv")
    >>> screening.suspicious["check"][0]
    'line with one and the same answer'
    """
    native = _trustpath.check(model_of(model)._native, read(data)._native, as_json(settings), list(thresholds))
    return Screening(native)


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
    call = call_text("tp.pls", {key: value for key, value in said.items() if value is not None}, [shown, data_shown])
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


@settings_of("plot")
def plot_groups(
    column: str,
    groups: Mapping[str, Fit] | Mapping[str, Bootstrap],
    figure: str = "diagram",
    **settings: Unpack[PlotSettings],
) -> Figure:
    """Groups of respondents in one path diagram, or in one `forest` of paths: `trustpath plot --groups`.

    `groups` are the fits, or bootstraps, of one model by the names of the groups; `column` is what tells them apart. With
    `show="difference"` and two groups, the first less the second, with stars if both were bootstrapped. Paths of groups may
    be compared only if measurement is invariant, which is not tested here.

    >>> import trustpath as tp
    >>> import pandas as pd
    >>> answers = pd.read_csv("data/initial-trust.csv")
    >>> fits = {str(name): tp.pls("models/initial-trust.sem", part) for name, part in answers.groupby("gender")}
    >>> tp.plot_groups("gender", fits, show="difference", items=False)
    Figure('diagram of groups')
    """
    given: dict[str, Any] = dict(settings)
    if given.get("layout") is not None:
        given["layout"] = _layout(given["layout"])
    boots = [group._native for group in groups.values() if isinstance(group, Bootstrap)]
    fits = [group.fit if isinstance(group, Bootstrap) else group for group in groups.values()]
    if boots and len(boots) < len(fits):
        raise SettingsError("some groups are bootstrapped and others not\n  hint: give bootstraps of all, or fits of all")
    native = _trustpath.groups_figure(
        column, [str(name) for name in groups], [fit._native for fit in fits], boots, figure, as_json(given)
    )
    return Figure(native, f"{figure} of groups")


def _named(value: Any, otherwise: str) -> str:
    """A file as it was typed, anything else by a word."""
    return repr(os.fspath(value)) if isinstance(value, (str, os.PathLike)) and len(str(value)) < 200 else otherwise


__all__ = ["check", "compare", "differences", "figures", "plot_groups", "pls", "sem"]
