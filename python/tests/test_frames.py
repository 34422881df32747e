"""Whatever holds the answers: the same estimate, or a clear error."""

from __future__ import annotations

import csv
import datetime
from typing import Any

import numpy as np
import pytest

import trustpath as tp

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"
SMALL = "X =~ x1 + x2; Y =~ y1 + y2; Y ~ X"
CELLS: dict[str, list[float | None]] = {
    "x1": [1, 2, 3, 5, 4, 2, 3],
    "x2": [2, 2, 4, 5, None, 1, 3],
    "y1": [2, 1, 4, None, 5, 3, 2],
    "y2": [1, 2, 5, 4, 4, 2, 3],
}


def path(data: Any, **more: Any) -> float:
    value: float = tp.pls(SMALL, data, **more).path_coefficients["X", "Y"]
    return value


EXPECTED = 0.0


@pytest.fixture(autouse=True)
def expected(tmp_path: Any) -> None:
    """The estimate from a file."""
    global EXPECTED
    file = tmp_path / "answers.csv"
    rows = [list(CELLS), *([("" if cell is None else cell) for cell in row] for row in zip(*CELLS.values()))]
    with open(file, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    EXPECTED = path(file)


def with_nan() -> Any:
    return np.array([[np.nan if cell is None else cell for cell in row] for row in zip(*CELLS.values())])


def test_every_container_gives_the_estimate_of_the_file() -> None:
    frame = pd.DataFrame(CELLS)
    table = pl.DataFrame(CELLS)
    given: dict[str, Any] = {
        "mapping": CELLS,
        "mapping of series": {name: frame[name].astype("Int64") for name in CELLS},
        "mapping of polars series": {name: pl.Series(cells) for name, cells in CELLS.items()},
        "pandas": frame,
        "pandas, nullable integers": frame.astype("Int64"),
        "pandas, small nullable integers": frame.astype("Int8"),
        "pandas, nullable floats": frame.astype("Float32"),
        "pandas, objects": frame.astype(object),
        "pandas, another index": frame.set_axis([f"r{at}" for at in range(len(frame))], axis=0),
        "pandas, every other row of more": pd.concat([frame, frame]).sort_index().iloc[::2],
        "pandas, arrow": frame.convert_dtypes(dtype_backend="pyarrow"),
        "pandas, categories of numbers": frame.astype("category"),
        "polars": table,
        "polars, lazy": table.lazy(),
        "polars, floats": table.cast(pl.Float32),
        "polars, small integers": table.cast(pl.UInt8),
        "polars, decimals": table.cast(pl.Decimal(10, 2)),
        "polars, in chunks": pl.concat([table[:3], table[3:]], rechunk=False),
        "polars, a slice": pl.concat([table, table])[len(table) :],
        "pyarrow": table.to_arrow(),
        "pyarrow, in batches": pa.Table.from_batches(table.to_arrow().to_batches(max_chunksize=2)),
        "pyarrow, dictionaries": pa.table({name: pa.array(cells).dictionary_encode() for name, cells in CELLS.items()}),
        "a reader of batches": table.to_arrow().to_reader(),
        "itself": tp.read(CELLS),
    }
    for name, data in given.items():
        assert path(data) == EXPECTED, name
    array = with_nan()
    columns = list(CELLS)
    for values in (array, np.asfortranarray(array), array.astype(object), np.ma.masked_invalid(array)):
        assert path(tp.read(values, columns=columns)) == EXPECTED


def test_a_frame_is_the_file_it_was_read_from() -> None:
    file = tp.pls(MODEL, DATA)
    assert tp.pls(MODEL, pd.read_csv(DATA)).path_coefficients.values == file.path_coefficients.values
    assert tp.pls(MODEL, pl.read_csv(DATA)).path_coefficients.values == file.path_coefficients.values
    first, second = tp.read(pd.read_csv(DATA)), tp.read(pl.read_csv(DATA))
    assert first.fingerprint == second.fingerprint


def test_columns_that_are_no_items_do_not_matter() -> None:
    frame = pd.DataFrame(CELLS)
    frame["sex"] = pd.Categorical(["f", "m", None, "f", "m", "m", "f"])
    frame["note"] = ["one", None, "two", "three", "", "NA", "four"]
    frame["when"] = pd.date_range("2026-01-01", periods=7)
    frame["paid"] = [True, False, True, True, False, True, False]
    frame[7] = 1.5
    assert path(frame) == EXPECTED
    table = pl.DataFrame(CELLS).with_columns(
        pl.Series("sex", ["f", "m", None, "f", "m", "m", "f"], dtype=pl.Categorical),
        pl.Series("kind", ["a", "b", "a", "a", "b", "a", None], dtype=pl.Enum(["a", "b"])),
        pl.Series("note", ["one", None, "two", "three", "", "NA", "four"]),
        pl.Series("day", [datetime.date(2026, 1, 1)] * 7),
        pl.Series("when", [datetime.datetime(2026, 1, 1, 9)] * 6 + [None]),
        pl.Series("nothing", [None] * 7),
    )
    assert path(table) == EXPECTED
    words = dict(tp.read(table)._columns())
    assert words["sex"] == ["f", "m", None, "f", "m", "m", "f"] == dict(tp.read(frame)._columns())["sex"]
    assert words["note"] == ["one", None, "two", "three", None, None, "four"]
    assert words["day"][0] == "2026-01-01" and words["nothing"] == [None] * 7
    assert dict(tp.read(frame)._columns())["paid"] == [1, 0, 1, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pd.DataFrame([[1, 2, 3]] * 4, columns=["x1", "x1", "y1"]), "column name `x1` stands more than once"),
        (pa.table([[1, 2], [3, 4]], names=["a", "a"]), "column name `a` stands more than once"),
        (pd.DataFrame({"a": [1, "two", 3]}), "column `a` mixes words with numbers"),
        (pd.DataFrame({("a", "b"): [1, 2, 3]}), "name of several levels"),
        (pd.DataFrame({"a": [1 + 2j, 2, 3]}), "column `a` holds complex numbers"),
        (pd.DataFrame({"a": [[1], [2], [3]]}), "column `a` holds list"),
        (pl.DataFrame({"a": [[1], [2], [3]]}), "column `a` has the unsupported type List"),
        (pl.DataFrame({"a": [1.0, float("inf"), 2.0]}), "column `a` holds an infinite number"),
        (pd.DataFrame({"a": []}), "has no cases"),
        ({}, "has no column"),
        ({"a": [1, 2], "b": [1]}, "column `b` has 1 cells"),
        (np.zeros((3, 2)), "columns of the array are not named"),
        (np.zeros(3), "an array of 1 dimensions"),
        (42, "cannot be read from a int"),
        (pd.Series([1, 2, 3], name="a"), "a single column is no survey"),
        (pl.Series("a", [1, 2, 3]), "a single column is no survey"),
        ([{"a": 1}, {"a": 2}], "cannot be read from a list"),
    ],
)
def test_what_is_no_survey_is_refused_by_name(data: Any, words: str) -> None:
    with pytest.raises(tp.SurveyError) as caught:
        tp.read(data)
    assert words in str(caught.value) and "hint" in str(caught.value) or "TP02" in str(caught.value)


def test_words_in_an_item_are_named() -> None:
    with pytest.raises(tp.SurveyError, match="`x1` must be numbers but holds `low`"):
        path({**CELLS, "x1": ["low", "high", "low", "high", "low", "low", "low"]})


def test_numbers_written_as_words_are_told_so() -> None:
    for data in (pl.DataFrame(CELLS).with_columns(pl.col("x1").cast(pl.String)), pd.DataFrame(CELLS).astype({"x1": "string"})):
        with pytest.raises(tp.SurveyError, match="numbers written as words: give the column as numbers"):
            path(data)


def test_a_frame_in_parts_is_put_together() -> None:
    dask = pytest.importorskip("dask.dataframe")
    assert path(dask.from_pandas(pd.DataFrame(CELLS), npartitions=2)) == EXPECTED


def test_a_survey_goes_out_as_it_came_in() -> None:
    survey = tp.read(pl.DataFrame(CELLS))
    assert survey.to_polars().equals(pl.DataFrame(CELLS).cast(pl.Float64))
    assert pa.table(survey).column_names == list(CELLS)
    assert len(survey) == 7 and survey.names == list(CELLS)
