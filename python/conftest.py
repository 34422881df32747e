"""Tests and the examples in docstrings run from the top folder, where `models/` and `data/` are."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
from collections.abc import Callable

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def in_the_top_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def program() -> str | None:
    """The command line: `TRUSTPATH_CLI`, or what cargo built last."""
    given = os.environ.get("TRUSTPATH_CLI")
    if given:
        return given
    built = [ROOT / "target" / profile / "trustpath" for profile in ("debug", "release")]
    found = sorted((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    return str(found[-1]) if found else shutil.which("trustpath")


@pytest.fixture
def cli() -> Callable[..., str]:
    """Runs the command line and gives what it printed."""
    binary = program()
    if binary is None:
        pytest.skip("the command line is not built: `cargo build`")

    def run(*words: str) -> str:
        done = subprocess.run([binary, *words], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
