"""The Python package beside plspm, openpls-engine and semopy: one model, one data set, one run, ratios of medians.

    python3 -m venv target/bench-venv && target/bench-venv/bin/pip install ./python "pandas<3" polars pyarrow plspm openpls-engine semopy
    target/bench-venv/bin/python benches/python.py

Run from the top folder. Programs that are not installed are left out. Ours are medians of several runs in this one process, the others' single
runs; what the programs compute besides paths differs (trustpath assesses everything), and semopy estimates a covariance-based
model, so that its ratio says what an analyst waits, not what an algorithm costs. The last lines time a frame of 1,000,000 × 50.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import trustpath as tp

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"
RESAMPLES = 100


def median(work: Callable[[], Any], times: int) -> float:
    """Seconds of the middle run; one run before warms up."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def once(work: Callable[[], Any]) -> float:
    """Seconds of a single run, for what takes long."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plspm_like(package: str, frame: pd.DataFrame, model: tp.Model) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Estimate, and estimate with bootstrap, in plspm or its fork."""
    from importlib import import_module

    config_of, mode, scheme = (import_module(f"{package}.{name}") for name in ("config", "mode", "scheme"))
    plspm = import_module(f"{package}.plspm").Plspm

    def config() -> Any:
        # A structure can be asked for its paths once only.
        structure = config_of.Structure()
        for source, outcome in model.arrows:
            structure.add_path([source], [outcome])
        made = config_of.Config(structure.path(), scaled=True)
        for part in model.parts:
            if isinstance(part, tp.Construct):
                made.add_lv(part.name, mode.Mode.A, *(config_of.MV(item) for item in part.items))
        return made

    def run(**more: Any) -> Any:
        return plspm(frame, config(), scheme.Scheme.PATH, 300, 1e-7, **more)

    return run, lambda: run(bootstrap=True, bootstrap_iterations=RESAMPLES, processes=2)


def peers() -> None:
    model = tp.Model(MODEL)
    # Complete cases: the peers do not replace missing answers alike. SEC4 is turned by hand, they have no codebook.
    frame = pd.read_csv(DATA).dropna(subset=model._native.items()).reset_index(drop=True)
    turned = frame.assign(SEC4=8 - frame["SEC4"])
    fit = tp.pls(model, frame)
    ours = {
        "estimate": median(lambda: tp.pls(model, frame), 15),
        "bootstrap": median(lambda: tp.pls(model, frame).bootstrap(resamples=RESAMPLES, progress=False), 7),
    }
    print(f"n = {len(frame)}, {len(model._native.items())} items, {len(model.arrows)} paths, {RESAMPLES} resamples")
    print(f"{'':28}{'estimate':>12}{'ratio':>9}{'bootstrap':>12}{'ratio':>9}")
    print(f"{'trustpath ' + tp.__version__:28}{ours['estimate']:11.4f}s{1:9.0f}{ours['bootstrap']:11.4f}s{1:9.0f}")
    for package in ("plspm", "openpls"):
        try:
            estimate, bootstrap = plspm_like(package, turned, model)
        except ImportError:
            print(f"{package:28}{'not installed':>12}")
            continue
        try:
            found = estimate().path_coefficients()
        except Exception as error:  # noqa: BLE001
            print(f"{package:28} does not run here: {error}")
            continue
        worst = max(abs(abs(found.loc[to, source]) - abs(fit.path_coefficients[source, to])) for source, to in model.arrows)
        # The estimate has warmed up already.
        theirs = {"estimate": once(estimate), "bootstrap": once(bootstrap)}
        line(package, theirs, ours)
        print(f"{'':4}largest difference of a path: {worst:.1e}")
    try:
        import semopy
    except ImportError:
        print(f"{'semopy':28}{'not installed':>12}")
        return

    def covariance_based() -> Any:
        made = semopy.Model(model.to_lavaan())
        made.fit(turned)
        return made

    line("semopy (covariance-based)", {"estimate": once(covariance_based)}, ours)


def line(name: str, theirs: dict[str, float], ours: dict[str, float]) -> None:
    cells = "".join(
        f"{theirs[key]:11.4f}s{theirs[key] / ours[key]:9.0f}" if key in theirs else f"{'–':>12}{'–':>9}"
        for key in ("estimate", "bootstrap")
    )
    print(f"{name:28}{cells}")


def large() -> None:
    """1,000,000 × 50 from Arrow: what reading costs beside the estimate."""
    cases, columns = 1_000_000, 50
    random = np.random.default_rng(1)
    traits = random.normal(size=(cases, 10))
    answers = {
        f"x{at}": np.clip(np.rint(4 + traits[:, at // 5] + random.normal(size=cases)), 1, 7) for at in range(columns)
    }
    parts: list[Any] = [tp.construct(f"F{at}", [f"x{5 * at + item}" for item in range(5)]) for at in range(10)]
    model = tp.Model([*parts, tp.path([f"F{at}" for at in range(9)], "F9")])
    kinds: list[tuple[str, Callable[[], Any]]] = []
    try:
        import pyarrow

        table = pyarrow.table(answers)
        kinds.append(("pyarrow, doubles", lambda: table))
        small = table.cast(pyarrow.schema([(name, pyarrow.int8()) for name in answers]))
        kinds.append(("pyarrow, int8", lambda: small))
    except ImportError:
        pass
    try:
        import polars

        frame = polars.DataFrame(answers)
        kinds.append(("polars, doubles", lambda: frame))
    except ImportError:
        pass
    pandas = pd.DataFrame(answers)
    kinds.append(("pandas, doubles", lambda: pandas))
    print(f"\n{cases:,} × {columns}{'':12}{'read':>8}{'read and estimate':>20}")
    for name, given in kinds:
        read = median(lambda: tp.read(given()), 3)  # noqa: B023
        whole = median(lambda: tp.pls(model, given()), 1)  # noqa: B023
        print(f"{name:24}{read:9.2f}s{whole:19.2f}s", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if "--large" not in sys.argv:
        peers()
    if "--peers" not in sys.argv:
        large()
