"""Populations, simulated answers, Monte-Carlo studies here and on a cluster, published studies."""

from __future__ import annotations

import importlib.util
import pathlib
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import trustpath as tp

MODEL = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; C =~ c1 + c2 + c3; B ~ A; C ~ A + B"
TRUTH = {"paths": {"B ~ A": 0.5, "C ~ A": 0.2, "C ~ B": 0.4}, "defaults": {"loading": 0.8}}


def test_simulated_answers_are_the_command_lines(cli: Callable[..., str], tmp_path: Any) -> None:
    file = tmp_path / "drawn.csv"
    cli("simulate", "initial-trust", "-n", "50", "--seed", "3", "-o", str(file))
    here, there = tp.simulate("initial-trust", n=50, seed=3), tp.read(file)
    assert here.names == there.names and here._columns() == there._columns()


def test_populations_are_mappings_texts_and_files(tmp_path: Any) -> None:
    population = tp.Population(TRUTH)
    file = tmp_path / "truth.toml"
    file.write_text(population.to_toml(), encoding="utf-8")
    assert tp.Population.read(file) == tp.Population.parse(population.to_toml()) == population
    drawn = [tp.simulate(MODEL, n=30, population=given) for given in (population, TRUTH, file)]
    assert len({one.fingerprint for one in drawn}) == 1
    assert population.complete(MODEL).paths == TRUTH["paths"]
    with pytest.raises(tp.SettingsError, match="unknown field `path`"):
        tp.Population({"path": {}})
    with pytest.raises(tp.PlanError):
        tp.simulate(MODEL, population={"paths": {"B ~ Z": 0.5}})
    with pytest.raises(tp.PlanError):
        tp.simulate(MODEL, n=0)


def test_a_study_finds_what_is_true() -> None:
    study = tp.monte_carlo(MODEL, n=400, replications=40, population=TRUTH, consistent=True)
    result = study.run(progress=False)
    assert result.failures == {} and len(result.draws) == 120
    for row in result.paths:
        truth, mean, error = (float(row[key]) for key in ("truth", "mean", "error"))  # type: ignore[arg-type]
        # Answers on seven points attenuate a little (Bollen & Barb 1981), hence the .02.
        assert abs(mean - truth) < 4 * error + 0.02, row


def test_who_computes_which_replication_does_not_matter() -> None:
    study = tp.monte_carlo(MODEL, n=60, replications=7, resamples=40, population=TRUTH, seed=5)
    whole = study.run(progress=False)
    for size in (1, 3, 100):
        parts = [pickle.loads(pickle.dumps(study)).run_shard(shard) for shard in study.shards(size)]
        assert study.combine(parts[::-1]).to_json() == whole.to_json()
    other = tp.monte_carlo(MODEL, n=60, replications=7, resamples=40, population=TRUTH, seed=6).run(progress=False)
    assert other.to_json() != whole.to_json()
    with pytest.raises(ValueError, match="1 of 7 replications are missing"):
        study.combine([study.run_shard(range(6))])
    assert {"coverage", "power"} <= set(whole.paths.columns)


def test_replications_without_an_estimate_are_counted() -> None:
    result = tp.monte_carlo(MODEL, n=4, replications=30, population=TRUTH, consistent=True).run(progress=False)
    assert sum(result.failures.values()) > 0
    assert len({row["replication"] for row in _rows(result)}) + sum(result.failures.values()) == 30


def _rows(result: Any) -> list[dict[str, Any]]:
    columns = result.draws.to_dict()
    return [dict(zip(columns, cells)) for cells in zip(*columns.values())]


def test_a_cluster_gives_the_numbers_of_one_machine() -> None:
    pytest.importorskip("distributed")
    file = pathlib.Path(__file__).resolve().parents[2] / "examples" / "monte_carlo_dask.py"
    spec = importlib.util.spec_from_file_location("monte_carlo_dask", file)
    assert spec is not None and spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    clustered = example.main(replications=12, resamples=40, workers=2)
    assert clustered.to_json() == clustered.study.run(progress=False).to_json()
    assert len(clustered.paths) == len(tp.Model("initial-trust").arrows)


def test_published_studies_are_the_command_lines(cli: Callable[..., str]) -> None:
    again = tp.reproduce("crossler-2017")
    assert again.to_json() == cli("reproduce", "crossler-2017", "--format", "json")
    assert "<svg" in again.diagram().svg  # type: ignore[union-attr]
    names = tp.reproduce().studies["study"]
    assert "crossler-2017" in names
    with pytest.raises(tp.UnreadableError):
        tp.reproduce("nowhere-1999")


def test_built_in_models_are_opened_by_name() -> None:
    for name in tp.models().models["name"]:
        model = tp.Model(str(name))
        assert model.arrows and model.name == name
        assert len(tp.simulate(model, n=20)) == 20
    with pytest.raises(tp.UnreadableError):
        tp.Model("initial-trsut")
