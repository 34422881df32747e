"""Answers in: files, data frames, arrays."""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import _trustpath
from ._errors import SurveyError
from ._result import Cell, Table, _Frame

if TYPE_CHECKING:
    from ._verbs import Data

_Column = tuple[str, "bytes | list[str | None]"]


class Survey(_Frame):
    """Answers as they are: columns of numbers, categories and free text, with their fingerprint."""

    def __init__(self, native: _trustpath.Survey) -> None:
        self._native = native

    @property
    def file(self) -> str:
        """The file, or what messages call the data."""
        return self._native.file

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return self._native.names()

    @property
    def fingerprint(self) -> str:
        """Two results with the same fingerprint saw the same data."""
        return self._native.fingerprint

    def __len__(self) -> int:
        return self._native.cases

    def _columns(self) -> list[tuple[str, list[Cell]]]:
        return [(name, list(cells)) for name, cells in self._native.columns()]

    def __repr__(self) -> str:
        return f"Survey({self.file!r}: {len(self)} cases, {len(self.names)} columns)"


class Correlations:
    """A table of correlations or covariances, and how many cases stand behind it."""

    def __init__(self, native: _trustpath.Correlations) -> None:
        self._native = native

    @property
    def names(self) -> list[str]:
        """Names of the items."""
        return self._native.names()

    @property
    def n(self) -> int:
        """Number of cases."""
        return self._native.n

    def __repr__(self) -> str:
        return f"Correlations({len(self.names)} items, n = {self.n})"


def read(data: Any, columns: Sequence[str] | None = None, *, name: str = "<data>") -> Survey:
    """Answers from wherever they are.

    `data` is the path of a survey file, a pandas or polars data frame, a pyarrow table, anything with an Arrow C stream,
    a mapping of columns, or a two-dimensional numpy array together with the names of its `columns`. `name` is what
    messages call it.

    Numbers and truth values become numbers; categories and strings become words, dates become words too; missing is what
    the frame calls missing, NaN, and in words the empty string, `NA` and their like. An index is left out. A column that is
    none of this is an error that names it.

    >>> import trustpath as tp
    >>> tp.read({"PU1": [5, 6, None], "sex": ["f", "m", "f"]})
    Survey('<data>': 3 cases, 2 columns)
    """
    if isinstance(data, Survey):
        return data
    if isinstance(data, (str, os.PathLike)):
        return Survey(_trustpath.Survey.read(data))
    if isinstance(data, Mapping):
        return _given(name, [(_name(key), _cells(key, values)) for key, values in data.items()])
    kind = type(data).__module__.partition(".")[0]
    if hasattr(data, "compute") and hasattr(data, "columns"):
        # A frame in parts, such as Dask's: its parts are needed together.
        return read(data.compute(), columns, name=name)
    if kind in ("pandas", "polars") and type(data).__name__ in ("Series", "Index"):
        raise SurveyError("a single column is no survey\n  hint: give a frame, cases in rows, items in columns")
    if kind == "pandas" and hasattr(data, "iloc"):
        return _given(name, _of_pandas(data))
    if kind == "polars":
        data = _of_polars(data)
    if hasattr(data, "__arrow_c_stream__"):
        return Survey(_trustpath.Survey.from_arrow(name, data.__arrow_c_stream__()))
    if hasattr(data, "__array__") and hasattr(data, "ndim"):
        return _given(name, _of_array(data, columns))
    raise SurveyError(
        f"answers cannot be read from a {type(data).__qualname__}\n"
        "  hint: give a file, a pandas or polars data frame, an Arrow table, a mapping of columns, or an array with `columns`"
    )


def correlations(
    data: Any, n: int, *, columns: Sequence[str] | None = None, covariance: bool = False
) -> Correlations:
    """A table of correlations or covariances behind `n` cases, such as one printed in a paper.

    `data` is the path of a CSV, a pandas data frame, or a square array with the names of its `columns`. A diagonal below 1
    may hold variances or roots of AVE: `covariance=True` says that it holds variances; a CSV says so in its first cell.

    >>> import trustpath as tp
    >>> tp.correlations([[1, 0.5], [0.5, 1]], n=120, columns=["x1", "x2"])
    Correlations(2 items, n = 120)
    """
    if isinstance(data, (str, os.PathLike)):
        if covariance:
            raise SurveyError(
                "a CSV of covariances says so itself\n  hint: write `covariance` into the first cell of its header"
            )
        return Correlations(_trustpath.Correlations.read(data, n))
    if columns is None:
        columns = [str(key) for key in getattr(data, "columns", [])]
    rows = data.to_numpy().tolist() if hasattr(data, "to_numpy") else [list(row) for row in data]
    lines = [",".join(["covariance" if covariance else "", *columns])]
    # A list that is too long or too short is the reader's to refuse.
    names = [*columns, *([""] * (len(rows) - len(columns)))]
    for key, row in zip(names, rows):
        lines.append(",".join([key, *("" if cell is None or cell != cell else repr(float(cell)) for cell in row)]))
    return Correlations(_trustpath.Correlations.parse("<table>", "\n".join(lines) + "\n", n))


def data_of(data: Data) -> Survey | Correlations:
    """What a verb was given, read."""
    return data if isinstance(data, Correlations) else read(data)


def _given(name: str, columns: list[_Column]) -> Survey:
    return Survey(_trustpath.Survey.from_columns(name, columns))


def _name(key: Any) -> str:
    if isinstance(key, tuple):
        raise SurveyError(
            f"column {key!r} has a name of several levels\n  hint: join them first: "
            "`frame.columns = ['_'.join(map(str, key)) for key in frame.columns]`"
        )
    return str(key)


def _refused(key: Any, what: str) -> SurveyError:
    return SurveyError(
        f"column `{key}` {what}\n  hint: make it all numbers or all words, or leave it out"
    )


def _cells(key: Any, values: Any) -> bytes | list[str | None]:
    """A list of anything: numbers if all are, words if all are."""
    if type(values).__module__.partition(".")[0] == "pandas" and hasattr(values, "dtype"):
        return _of_series(key, values)
    if hasattr(values, "__array__") and getattr(getattr(values, "dtype", None), "kind", "O") in "biuf":
        import numpy

        numbers: bytes = numpy.ascontiguousarray(values, dtype=numpy.float64).tobytes()
        return numbers
    cells = [None if _missing(cell) else cell for cell in values]
    kinds = {type(cell) for cell in cells if cell is not None}
    if all(issubclass(kind, str) for kind in kinds) and kinds:
        return cells
    if all(issubclass(kind, (int, float, Decimal)) or hasattr(kind, "__float__") for kind in kinds):
        return array("d", [float("nan") if cell is None else float(cell) for cell in cells]).tobytes()
    if any(issubclass(kind, str) for kind in kinds) and len(kinds) > 1:
        raise _refused(key, "mixes words with numbers or other things")
    if all(hasattr(kind, "isoformat") for kind in kinds):
        return [None if cell is None else str(cell) for cell in cells]
    raise _refused(key, f"holds {', '.join(sorted(kind.__name__ for kind in kinds))}")


def _missing(cell: Any) -> bool:
    """None, NaN, and what pandas calls missing (which is not even equal to itself)."""
    if cell is None:
        return True
    if isinstance(cell, (str, bytes, int)):
        return False
    try:
        return bool(cell != cell)
    except (TypeError, ValueError):
        # `pandas.NA != pandas.NA` is `NA`, which has no truth value.
        return type(cell).__name__ in ("NAType", "NaTType")


def _of_pandas(frame: Any) -> list[_Column]:
    # By position: a name may stand twice, which is the library's to refuse.
    return [(_name(key), _of_series(key, frame.iloc[:, at])) for at, key in enumerate(frame.columns)]


def _of_series(key: Any, series: Any) -> bytes | list[str | None]:
    """A column of pandas."""
    import numpy
    import pandas

    dtype, types = series.dtype, pandas.api.types
    if isinstance(dtype, pandas.CategoricalDtype):
        levels = [None if _missing(level) else level for level in dtype.categories.tolist()]
        codes = series.cat.codes.tolist()
        return _cells(key, [levels[code] if code >= 0 else None for code in codes])
    if types.is_complex_dtype(dtype):
        raise _refused(key, "holds complex numbers")
    if types.is_numeric_dtype(dtype) or types.is_bool_dtype(dtype):
        numbers = series.to_numpy(dtype=numpy.float64, na_value=numpy.nan)
        cells: bytes = numpy.ascontiguousarray(numbers).tobytes()
        return cells
    if (
        types.is_datetime64_any_dtype(dtype)
        or types.is_timedelta64_dtype(dtype)
        or isinstance(dtype, (pandas.PeriodDtype, pandas.IntervalDtype))
    ):
        return [None if gone else str(cell) for cell, gone in zip(series, series.isna())]
    return _cells(key, series.tolist())


def _of_polars(frame: Any) -> Any:
    import polars

    whole = frame.collect() if isinstance(frame, polars.LazyFrame) else frame
    # A column of nothing has a type of its own, which not every reader of Arrow takes from polars.
    empty = [name for name, kind in whole.schema.items() if kind == polars.Null]
    return whole.with_columns(polars.col(empty).cast(polars.Float64)) if empty else whole


def _of_array(values: Any, columns: Sequence[str] | None) -> list[_Column]:
    import numpy

    given = numpy.ma.filled(values.astype(float), numpy.nan) if numpy.ma.isMaskedArray(values) else numpy.asarray(values)
    if given.ndim != 2:
        raise SurveyError(
            f"an array of {given.ndim} dimensions is no survey\n  hint: give cases in rows, items in columns"
        )
    if columns is None or len(columns) != given.shape[1]:
        named = "are not named" if columns is None else f"have {len(columns)} names"
        raise SurveyError(
            f"the {given.shape[1]} columns of the array {named}\n"
            "  hint: give their names: `tp.read(array, columns=[…])`"
        )
    return [(_name(key), _cells(key, given[:, at])) for at, key in enumerate(columns)]
