"""The same numbers as the command line, bit for bit, and as an independent program."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable

import pytest

import trustpath as tp

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"


@pytest.mark.parametrize("settings", [{}, {"consistent": True}, {"scheme": "centroid", "missing": "listwise"}])
def test_a_fit_is_the_command_lines(cli: Callable[..., str], settings: dict[str, object]) -> None:
    words = []
    for key, value in settings.items():
        words += [f"--{key}"] if value is True else [f"--{key}", str(value)]
    fit = tp.pls(MODEL, DATA, **settings)  # type: ignore[arg-type]
    assert fit.to_json() == cli("fit", MODEL, DATA, "--format", "json", *words)


def test_a_bootstrap_is_the_command_lines(cli: Callable[..., str]) -> None:
    boot = tp.pls(MODEL, DATA, consistent=True).bootstrap(resamples=300, seed=7)
    printed = cli(
        "bootstrap", MODEL, DATA, "--consistent", "--resamples", "300", "--seed", "7", "--format", "json"
    )
    ours, theirs = json.loads(boot.to_json()), json.loads(printed)
    # How a run is repeated on the command line is no business of a notebook.
    for key in ("manifest", "command"):
        theirs.pop(key, None)
        ours.pop(key, None)
    assert ours == theirs


def test_a_screening_is_the_command_lines(cli: Callable[..., str]) -> None:
    assert tp.check(MODEL, DATA).to_json() == cli("check", MODEL, DATA, "--format", "json")
    assert tp.Model(MODEL).to_json() == cli("check", MODEL, "--format", "json")


def test_tables_are_the_command_lines(cli: Callable[..., str]) -> None:
    fit = tp.pls(MODEL, DATA)
    ordinal = cli("fit", MODEL, DATA, "--tables", "ordinal-reliability", "--format", "csv")
    assert fit.tables["ordinal_reliability"].to_csv() == ordinal
    assert fit.tables["structure"].to_csv() == cli("fit", MODEL, DATA, "--tables", "structure", "--format", "csv")


def test_other_programs_agree() -> None:
    case = json.loads(pathlib.Path("tests/reference/initial-trust-pls.json").read_text(encoding="utf-8"))
    expected = case["expected"]["path_coefficients"]
    fit = tp.pls(MODEL, DATA, like="seminr")
    compared = 0
    for row, values in zip(expected["rows"], expected["values"]):
        for col, value in zip(expected["cols"], values):
            if value:
                assert fit.path_coefficients[row, col] == pytest.approx(value, abs=1e-6)
                compared += 1
    assert compared == len(fit.paths)


def test_a_table_of_correlations_gives_the_same_paths() -> None:
    pandas = pytest.importorskip("pandas")
    model = tp.Model("PU =~ PU1 + PU2; PEOU =~ PEOU1 + PEOU2; PU ~ PEOU")
    frame = pandas.read_csv(DATA)[["PU1", "PU2", "PEOU1", "PEOU2"]].dropna()
    whole = tp.pls(model, frame)
    table = tp.pls(model, tp.correlations(frame.corr(), n=len(frame)))
    assert table.n == whole.n == len(frame)
    assert table.path_coefficients["PEOU", "PU"] == pytest.approx(whole.path_coefficients["PEOU", "PU"], abs=1e-12)
    assert table.scores is None


def test_given_resamples_are_taken() -> None:
    fit = tp.pls(MODEL, DATA)
    indices = [[(case * 7 + b) % fit.n for case in range(fit.n)] for b in range(20)]
    boot = fit.bootstrap(indices=indices)
    assert boot.bootstrap["resamples"] == 20 and boot.bootstrap["seed"] is None
