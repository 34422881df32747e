"""What results become: numbers, frames, pictures, text."""

from __future__ import annotations

import math
import pathlib
import pickle
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import trustpath as tp

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"


@pytest.fixture(scope="module")
def fit() -> tp.Fit:
    root = pathlib.Path(__file__).resolve().parents[2]
    return tp.pls(root / MODEL, root / DATA, consistent=True)


@pytest.fixture(scope="module")
def boot(fit: tp.Fit) -> tp.Bootstrap:
    return fit.bootstrap(resamples=200)


def test_scalars_are_numbers_and_keys_are_attributes(fit: tp.Fit) -> None:
    assert isinstance(fit.srmr, float) and isinstance(fit.n, int) and fit.converged is True
    assert fit["alpha"]["PU"] == fit.alpha["PU"]
    assert {"alpha", "htmt", "path_coefficients", "verdicts", "paths"} <= set(fit.keys()) <= set(dir(fit))
    with pytest.raises(AttributeError, match="there is no `alhpa`; did you mean `alpha`"):
        fit.alhpa  # noqa: B018


def test_matrices_and_vectors_become_frames(fit: tp.Fit) -> None:
    frame = fit.path_coefficients.to_pandas()
    assert frame.loc["MOT", "ITR"] == fit.path_coefficients["MOT", "ITR"]
    assert math.isnan(fit.htmt.to_pandas().iloc[0, 0]) and fit.htmt.values[0][0] is None
    assert fit.htmt.to_numpy().shape == (11, 11)
    assert fit.alpha.to_pandas()["PU"] == fit.alpha["PU"]
    table = pl.DataFrame(fit.htmt)
    assert table.columns[0] == "name" and table.height == 11 and table["NAV"].null_count() == 1
    assert pa.table(fit.alpha).column("value").to_pylist() == list(fit.alpha.values())
    with pytest.raises(KeyError):
        fit.htmt["nowhere", "NAV"]


def test_tables_become_frames(boot: tp.Bootstrap) -> None:
    paths = boot.paths
    frame, table = paths.to_pandas(), paths.to_polars()
    assert list(frame["original"]) == list(table["original"]) == paths["original"]
    assert frame["original"].dtype == float and len(frame) == len(paths) == 15
    assert pl.DataFrame(paths).columns == paths.columns
    assert next(iter(paths))["name"] == "NAV → PEOU"
    assert {"low", "high"} <= set(boot.tables["loadings"].columns)
    # Not applicable is missing, not 0.
    assert boot.htmt.to_pandas()["p"].isna().all()


def test_texts_and_html(fit: tp.Fit, boot: tp.Bootstrap) -> None:
    assert "Reliability" in str(fit) or "rho_A" in str(fit)
    assert "resamples count" in str(boot) and "NAV → PEOU" in str(boot.paths)
    for shown in (fit, boot, boot.paths, fit.htmt, fit.alpha, fit.model):
        page = f"<div>{shown._repr_html_()}</div>"
        assert "<table>" in page
        ElementTree.fromstring(page.replace("&nbsp;", " "))
    assert boot.tables["paths"].to_markdown().startswith("**")


def test_labels_cannot_become_markup() -> None:
    model = '#@ title <script>alert(1)</script>\nX =~ x1 + x2; Y =~ y1 + y2; Y ~ X\n#@ label X <b onload="x">'
    cells = {name: [(case * step) % 7 for case in range(20)] for name, step in zip(("x1", "x2", "y1", "y2"), (1, 2, 3, 5))}
    fit = tp.pls(model, cells)
    assert "<script" not in fit._repr_html_() and "<b onload" not in fit.model._repr_html_()
    assert "<script" not in fit.diagram().svg


def test_figures_show_themselves_and_are_written(fit: tp.Fit, boot: tp.Bootstrap, tmp_path: Any) -> None:
    for figure in (fit.diagram(), boot.diagram(items=False, theme="journal"), fit.plot("htmt"), boot.plot()):
        ElementTree.fromstring(figure._repr_svg_())
    fit.diagram(lang="zh").save(tmp_path / "d.svg")
    boot.plot("loadings").save(tmp_path / "l.png", scale=1)
    assert (tmp_path / "l.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(tp.FigureError, match="cannot be written"):
        fit.diagram().save(tmp_path / "d.gif")
    with pytest.raises(tp.FigureError, match="nothing to draw"):
        fit.plot("distributions")
    with pytest.raises(tp.SettingsError, match="no figure"):
        fit.plot("pie")


def test_a_figure_is_no_wider_than_the_page(fit: tp.Fit) -> None:
    shown = fit.diagram()._repr_svg_()
    root = ElementTree.fromstring(shown)
    assert root.get("style") == "max-width:100%;height:auto" and root.get("viewBox")


def test_a_table_of_pairs_shows_each_once() -> None:
    pairs = tp.Matrix(["A", "B"], ["A", "B"], [[None, None], [0.4, None]])
    assert repr(pairs).splitlines()[1:] == ["A                ", "B   0.400        "]
    assert repr(tp.Matrix(["A"], ["B"], [[None]])).endswith("n/a")
    assert "n/a" not in pairs._repr_html_()


def test_scores_are_standardised_and_know_their_lines(fit: tp.Fit) -> None:
    scores = fit.scores
    assert scores is not None
    frame = scores.to_pandas()
    assert frame["line"].iloc[0] == 2 and len(frame) == fit.n
    assert np.allclose(frame.drop(columns="line").std(), 1)


def test_draws_are_those_of_the_summary(boot: tp.Bootstrap) -> None:
    draws = boot.draws["paths", "NAV → PEOU"]
    assert np.std(draws, ddof=1) == pytest.approx(boot.paths["sd"][0], abs=1e-12)


def test_a_model_survives_pickling(fit: tp.Fit) -> None:
    model = tp.Model(MODEL)
    again = pickle.loads(pickle.dumps(model))
    assert again == model and again.to_json() == model.to_json()
    assert fit.model == model
