"""The package keeps its own types, and those who use it can keep theirs."""

from __future__ import annotations

import pathlib
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("mypy")

USE = """
import trustpath as tp
fit = tp.pls("m.sem", "d.csv", consistent=True, scheme="path")
boot = fit.bootstrap(resamples=100, seed=1)
names: list[str] = boot.fit.model.text.split()
figure: tp.Figure = fit.diagram(boot, items=False)
fit.bootstrap(resamples="many")
tp.pls("m.sem", "d.csv", shceme="path")
"""


def test_the_package_is_typed() -> None:
    package = pathlib.Path(__file__).resolve().parents[1]
    checked = mypy(package / "trustpath", "--config-file", str(package / "pyproject.toml"))
    assert checked.returncode == 0, checked.stdout


def test_a_wrong_call_is_found_before_it_runs(tmp_path: Any) -> None:
    file = tmp_path / "use.py"
    file.write_text(USE, encoding="utf-8")
    found = [line for line in mypy(file).stdout.splitlines() if "error:" in line]
    lines = sorted(int(line.split(":")[1]) for line in found)
    assert lines == [7, 8], found


def mypy(path: Any, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *more, str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=False)
