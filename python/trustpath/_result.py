"""Results: named vectors, matrices, tables, and what they become."""

from __future__ import annotations

import difflib
import html
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _trustpath
from ._errors import SettingsError, UnreadableError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl

Cell = float | int | str | bool | None


def number(value: float | None, digits: int = 3) -> str:
    """A number as tables show it."""
    if value is None:
        return "n/a"
    return f"{value:.{digits}f}".replace("-", "−")


class _Frame:
    """What named columns can become. A subclass says what its columns are."""

    def _columns(self) -> list[tuple[str, list[Cell]]]:
        raise NotImplementedError

    def to_dict(self) -> dict[str, list[Cell]]:
        """Columns by name."""
        return dict(self._columns())

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame."""
        import pandas

        return pandas.DataFrame({name: _plain(cells) for name, cells in self._columns()})

    def to_polars(self) -> pl.DataFrame:
        """As a polars data frame."""
        import polars

        return polars.DataFrame({name: cells for name, cells in self._columns()}, strict=False)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """For whatever takes Arrow: `pl.DataFrame(table)`, `pyarrow.table(table)`, DuckDB."""
        return _trustpath.arrow_stream([(name, _uniform(cells)) for name, cells in self._columns()])


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _uniform(cells: Sequence[Cell]) -> list[float | None] | list[str | None]:
    """Numbers if all are, words otherwise."""
    if all(cell is None or _is_number(cell) for cell in cells):
        return [None if cell is None else float(cell) for cell in cells]
    return [None if cell is None else str(cell) for cell in cells]


def _plain(cells: list[Cell]) -> list[Any]:
    """Missing numbers as NaN, which pandas expects in a column of floats."""
    numbers = [cell for cell in cells if cell is not None]
    if len(numbers) < len(cells) and all(_is_number(cell) for cell in numbers):
        return [math.nan if cell is None else cell for cell in cells]
    return cells


class Vector(_Frame, Mapping[str, "float | None"]):
    """Named numbers; `None` where one does not apply.

    >>> from trustpath import Vector
    >>> alpha = Vector(["PU", "PEOU"], [0.91, None])
    >>> alpha["PU"], alpha["PEOU"]
    (0.91, None)
    >>> dict(alpha)
    {'PU': 0.91, 'PEOU': None}
    """

    def __init__(self, names: Sequence[str], values: Sequence[float | None]) -> None:
        self.names = list(names)
        self.values_list = list(values)
        self._at = {name: at for at, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> float | None:
        return self.values_list[self._at[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def _columns(self) -> list[tuple[str, list[Cell]]]:
        return [("name", list(self.names)), ("value", list(self.values_list))]

    def to_pandas(self) -> pd.Series:
        """As a pandas series."""
        import pandas

        return pandas.Series(self.to_numpy(), index=self.names)

    def to_numpy(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """As an array, NaN where a number does not apply."""
        import numpy

        array: np.ndarray[Any, np.dtype[np.float64]] = numpy.array(
            [math.nan if value is None else value for value in self.values_list]
        )
        return array

    def __repr__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        return "\n".join(f"{name:{width}}  {number(value)}" for name, value in self.items())

    def _repr_html_(self) -> str:
        return _html_table("", ["", ""], [[name, number(value)] for name, value in self.items()], [])


class Matrix(_Frame):
    """Numbers with named rows and columns; `None` where one does not apply.

    >>> from trustpath import Matrix
    >>> paths = Matrix(["PEOU"], ["PU", "ATT"], [[0.4, 0.2]])
    >>> paths["PEOU", "ATT"]
    0.2
    >>> paths["PEOU"]
    {'PU': 0.4, 'ATT': 0.2}
    """

    def __init__(
        self, rows: Sequence[str], cols: Sequence[str], values: Sequence[Sequence[float | None]]
    ) -> None:
        self.rows = list(rows)
        self.cols = list(cols)
        self.values = [list(row) for row in values]

    def __getitem__(self, at: str | tuple[str, str]) -> Any:
        if isinstance(at, tuple):
            row, col = at
            return self.values[_position(self.rows, row)][_position(self.cols, col)]
        return dict(zip(self.cols, self.values[_position(self.rows, at)]))

    def _columns(self) -> list[tuple[str, list[Cell]]]:
        columns: list[tuple[str, list[Cell]]] = [("name", list(self.rows))]
        columns.extend((col, [row[at] for row in self.values]) for at, col in enumerate(self.cols))
        return columns

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame with the names of the rows as its index."""
        import pandas

        return pandas.DataFrame(self.to_numpy(), index=self.rows, columns=self.cols)

    def to_numpy(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """As an array, NaN where a number does not apply."""
        import numpy

        array: np.ndarray[Any, np.dtype[np.float64]] = numpy.array(
            [[math.nan if value is None else value for value in row] for row in self.values]
        ).reshape(len(self.rows), len(self.cols))
        return array

    def _cells(self, name: str, row: list[float | None]) -> list[str]:
        """A row as it is shown: nothing stands on or above the diagonal of a table of pairs."""
        start = self.cols.index(name) if self.rows == self.cols else len(row)
        return ["" if value is None and at >= start else number(value) for at, value in enumerate(row)]

    def __repr__(self) -> str:
        names = max((len(row) for row in self.rows), default=0)
        widths = [max(len(col), 6) for col in self.cols]
        head = " " * names + "".join(f"  {col:>{width}}" for col, width in zip(self.cols, widths))
        lines = [head]
        for name, row in zip(self.rows, self.values):
            cells = "".join(f"  {cell:>{width}}" for cell, width in zip(self._cells(name, row), widths))
            lines.append(f"{name:{names}}{cells}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        body = [[name, *self._cells(name, row)] for name, row in zip(self.rows, self.values)]
        return _html_table("", ["", *self.cols], body, [])


def _position(names: list[str], name: str) -> int:
    try:
        return names.index(name)
    except ValueError:
        raise KeyError(name) from None


class Table(_Frame):
    """A table: columns by key, a title, notes. Prints as the command line prints it.

    `table["key"]` is a column, `len(table)` its number of rows, `for row in table` gives dictionaries;
    `to_pandas()`, `to_polars()`, `to_csv()`, `to_markdown()` and anything that takes Arrow do the rest.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        look: _trustpath.Table | None = None,
    ) -> None:
        self._look = look
        # Whether the columns are those that are printed; those of the contract are more.
        self._shown_as_is = False
        self._data: list[tuple[str, list[Cell]]] = []
        for at, key in enumerate(columns):
            cells = [row[at] for row in rows]
            if any(isinstance(cell, list) for cell in cells):
                # An interval is two numbers, so that a frame can hold it.
                low, high = ("low", "high") if key == "interval" else (f"{key}_low", f"{key}_high")
                self._data.append((low, [cell[0] if isinstance(cell, list) else None for cell in cells]))
                self._data.append((high, [cell[1] if isinstance(cell, list) else None for cell in cells]))
            else:
                self._data.append((key, cells))
        self._length = len(rows)

    @classmethod
    def _of(cls, look: _trustpath.Table) -> Table:
        described = json.loads(look.json())
        keys = [column["key"] for column in described["columns"]]
        table = cls(keys, described["rows"], look)
        table._shown_as_is = True
        return table

    def _described(self) -> dict[str, Any]:
        if self._look is None:
            return {}
        described: dict[str, Any] = json.loads(self._look.json())
        return described

    @property
    def columns(self) -> list[str]:
        """Keys of the columns."""
        return [key for key, _ in self._data]

    @property
    def title(self) -> str:
        """The title above it."""
        return str(self._described().get("title", ""))

    @property
    def notes(self) -> list[str]:
        """The notes below it."""
        return list(self._described().get("notes", []))

    def __getitem__(self, key: str) -> list[Cell]:
        return dict(self._data)[key]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        for at in range(self._length):
            yield {key: cells[at] for key, cells in self._data}

    def _columns(self) -> list[tuple[str, list[Cell]]]:
        return [(key, list(cells)) for key, cells in self._data]

    def to_csv(self) -> str:
        """As CSV with full precision."""
        if self._look is not None and self._shown_as_is:
            return self._look.csv()
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*(cells for _, cells in self._data)))
        return out.getvalue()

    def to_markdown(self, lang: str = "en") -> str:
        """As Markdown, rounded as it is printed."""
        return self._look.markdown(lang) if self._look is not None else str(self)

    def to_latex(self, lang: str = "en") -> str:
        """For LaTeX (booktabs), to be read by `\\input`."""
        return _document("", [self], "tex", lang).decode()

    def save(self, file: str | os.PathLike[str], lang: str = "en") -> None:
        """Writes `.docx` (APA's form), `.xlsx`, `.tex`, `.md`, `.html`, `.csv` (full precision) or `.txt`.

        >>> import trustpath as tp, tempfile, pathlib
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "reliability.docx"
        >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
        >>> fit.tables["reliability"].save(file)
        >>> file.read_bytes()[:2]
        b'PK'
        """
        save(file, self.title, [self], lang)

    def __str__(self) -> str:
        if self._look is not None:
            return self._look.text("en").rstrip("\n")
        shown = [[key, *(_cell(cell) for cell in cells)] for key, cells in self._data]
        widths = [max(map(len, column)) for column in shown]
        rows = zip(*shown)
        return "\n".join("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths)) for row in rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        described = self._described()
        if not described:
            rows = zip(*([_cell(cell) for cell in cells] for _, cells in self._data))
            return _html_table("", self.columns, [list(row) for row in rows], [])
        headings = [column["heading"] for column in described["columns"]]
        left = [column["align"] == "left" for column in described["columns"]]
        return _html_table(described["title"], headings, described["shown"], described["notes"], left)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return number(cell) if isinstance(cell, float) else str(cell)


def _html_table(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    left: Sequence[bool] | None = None,
) -> str:
    sides = left if left is not None else [at == 0 for at in range(len(headings))]
    align = ["left" if side else "right" for side in sides]

    def line(cells: Sequence[str], tag: str) -> str:
        filled = "".join(
            f'<{tag} style="text-align:{side}">{html.escape(cell)}</{tag}>' for cell, side in zip(cells, align)
        )
        return f"<tr>{filled}</tr>"

    caption = f'<caption style="text-align:left"><b>{html.escape(title)}</b></caption>' if title else ""
    head = f"<thead>{line(headings, 'th')}</thead>" if any(headings) else ""
    body = "".join(line(row, "td") for row in rows)
    foot = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in notes)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>{foot}"


def _document(title: str, tables: Sequence[Table], ending: str, lang: str) -> bytes:
    looks = [table._look for table in tables if table._look is not None]
    if len(looks) < len(tables):
        raise SettingsError("this table was made in Python and has no look\n  hint: `.to_pandas()` or `.to_csv()` take it on")
    return bytes(_trustpath.document(title, looks, ending, lang))


def save(file: str | os.PathLike[str], title: str, tables: Sequence[Table], lang: str) -> None:
    """Tables as a file; the extension picks the form."""
    ending = os.path.splitext(os.fspath(file))[1].lower().removeprefix(".")
    if ending == "csv":
        parts = [table.to_csv() for table in tables]
        titles = [table.title for table in tables]
        several = "\n".join(f"# {said}\n{part}" for said, part in zip(titles, parts))
        _write(file, (parts[0] if len(parts) == 1 else several).encode())
    elif ending == "txt":
        texts = [str(table) if table._look is None else table._look.text(lang).rstrip("\n") for table in tables]
        _write(file, ("\n\n".join(texts) + "\n").encode())
    else:
        _write(file, _document(title, tables, ending, lang))


def _write(file: str | os.PathLike[str], data: bytes) -> None:
    try:
        with open(file, "wb") as out:
            out.write(data)
    except OSError as error:
        raise UnreadableError(f"cannot write {os.fspath(file)}: {error.strerror}") from None


def wrap(value: Any, look: _trustpath.Table | None = None) -> Any:
    """A value of the JSON contract as the type it stands for."""
    if isinstance(value, dict):
        keys = set(value)
        if keys == {"rows", "cols", "values"}:
            return Matrix(value["rows"], value["cols"], value["values"])
        if keys == {"names", "values"}:
            return Vector(value["names"], value["values"])
        if keys == {"columns", "rows"}:
            return Table(value["columns"], value["rows"], look)
        return {key: wrap(inner) for key, inner in value.items()}
    return value


class Result:
    """A result: every key of the JSON contract is an attribute, and so is every table.

    `keys()` lists them, `result["key"]` is the same as `result.key`, `to_dict()` gives the contract as plain data,
    `to_json()` as text: byte for byte what the command line prints.
    """

    def __init__(self, native: Any) -> None:
        self._native = native
        self._contract: dict[str, Any] | None = None
        self._looks: dict[str, _trustpath.Table] | None = None

    def _keys(self) -> dict[str, Any]:
        if self._contract is None:
            self._contract = json.loads(self._native.json())
        return self._contract

    def _tables(self) -> dict[str, _trustpath.Table]:
        if self._looks is None:
            self._looks = dict(self._native.tables())
        return self._looks

    def keys(self) -> list[str]:
        """What can be asked for by name."""
        return [*self._keys(), *(key for key in self._tables() if key not in self._keys())]

    def __getitem__(self, key: str) -> Any:
        if key in self._keys():
            return wrap(self._keys()[key], self._tables().get(key))
        if key in self._tables():
            return Table._of(self._tables()[key])
        raise KeyError(key)

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        try:
            return self[key]
        except KeyError:
            near = difflib.get_close_matches(key, self.keys(), 1)
            known = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(self.keys())}"
            raise AttributeError(f"there is no `{key}`; {known}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.keys()]

    @property
    def tables(self) -> dict[str, Table]:
        """Every table as the command line shows it, by key."""
        return {key: Table._of(look) for key, look in self._tables().items()}

    def to_dict(self) -> dict[str, Any]:
        """The JSON contract as plain data."""
        contract: dict[str, Any] = json.loads(self._native.json())
        return contract

    def to_json(self) -> str:
        """The JSON contract as text."""
        text: str = self._native.json()
        return text

    def save(self, file: str | os.PathLike[str], lang: str = "en") -> None:
        """Writes every table: `.docx`, `.xlsx` (one sheet per table), `.tex`, `.md`, `.html`, `.csv` or `.txt`; `.json` is the
        contract.
        """
        if os.path.splitext(os.fspath(file))[1].lower() == ".json":
            _write(file, self.to_json().encode())
            return
        heading = self._heading()
        save(file, heading[0] if heading else "", list(self.tables.values()), lang)

    def _shown(self) -> list[Table]:
        """The tables of its summary."""
        return list(self.tables.values())

    def _heading(self) -> list[str]:
        """The lines above them."""
        title = self._keys().get("title")
        return [title] if title else []

    def __str__(self) -> str:
        return "\n\n".join(["\n".join(self._heading()), *map(str, self._shown())]).strip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        heading = "".join(f"<p>{html.escape(line)}</p>" for line in self._heading())
        return heading + "".join(table._repr_html_() for table in self._shown())
