"""The notebooks run from top to bottom, and their numbers are the command line's, bit for bit."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
TRUST = ("models/initial-trust.sem", "data/initial-trust.csv", "--consistent")
BOOT = ("--resamples", "1000", "--seed", "42")
MODERATED = ("examples/moderation.sem", "data/initial-trust.csv")
SECOND = ("examples/second-order.sem", "data/initial-trust.csv")

SAME: dict[str, dict[str, tuple[str, ...]]] = {
    "1-initial-trust.ipynb": {"fit": ("fit", *TRUST), "boot": ("bootstrap", *TRUST, *BOOT)},
    "2-published-study.ipynb": {"again": ("reproduce", "crossler-2017")},
    "3-moderation-and-higher-order.ipynb": {
        "fit": ("fit", *MODERATED),
        "boot": ("bootstrap", *MODERATED, *BOOT),
        "probed": ("moderation", *MODERATED, *BOOT),
        "second_fit": ("fit", *SECOND),
        "second_boot": ("bootstrap", *SECOND, *BOOT),
    },
    "4-planning-a-study.ipynb": {},
}


def test_every_notebook_is_run() -> None:
    assert {file.name for file in EXAMPLES.glob("*.ipynb")} == set(SAME)


@pytest.mark.parametrize("name", SAME)
def test_a_notebook_runs_and_agrees(name: str, cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    notebook = nbformat.read(EXAMPLES / name, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs are not kept: clear them"
    variables = list(SAME[name])
    notebook.cells.append(nbformat.v4.new_code_cell(f"print('\\f'.join(it.to_json() for it in [{', '.join(variables)}]))"))
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}
    )
    done = client.execute()
    printed = "".join(output.get("text", "") for output in done.cells[-1].outputs)
    for variable, text in zip(variables, printed.split("\f")):
        command = cli(*SAME[name][variable], "--format", "json")
        assert plain(text) == plain(command), variable


def test_a_notebook_shows_a_bar_while_it_waits_and_the_report_after() -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(
            "import os, trustpath as tp; from trustpath import _progress; os.chdir('..'); _progress._PATIENCE = 0.0\n"
            "boot = tp.pls('models/initial-trust.sem', 'data/initial-trust.csv').bootstrap(resamples=20_000)"
        ),
        nbformat.v4.new_code_cell("boot.report()"),
        nbformat.v4.new_code_cell("boot.plot('htmt')"),
    ]
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}
    )
    seen: list[str] = []
    told = client.process_message

    def watch(message: Any, *more: Any) -> Any:
        html = message["content"].get("data", {}).get("text/html") if message.get("content") else None
        seen.append(str(html or ""))
        return told(message, *more)

    client.process_message = watch  # type: ignore[method-assign]
    done = client.execute()
    # It comes, counts up, and leaves nothing behind.
    bars = [int(found.group(1)) for html in seen if (found := re.search(r'<progress value="(\d+)" max="20000"', html))]
    assert bars and bars == sorted(bars)
    assert "<progress" not in str(done.cells[0].outputs)
    assert done.cells[1].outputs[0]["data"]["text/html"].startswith("<iframe")
    assert "<svg" in done.cells[2].outputs[0]["data"]["image/svg+xml"]


def plain(text: str) -> Any:
    """The contract, less how the command line repeats itself."""
    result = json.loads(text)
    for key in ("manifest", "command"):
        result.pop(key, None)
    return result
