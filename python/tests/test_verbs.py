"""Settings, errors, interruption, progress."""

from __future__ import annotations

import inspect
import json
import re
import signal
import subprocess
import sys
import threading
import time
from typing import get_type_hints

import pytest

import trustpath as tp
from trustpath import _progress, _settings, _trustpath

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"


@pytest.mark.parametrize(
    ("function", "verb", "typed"),
    [
        (tp.pls, "pls", _settings.PlsSettings),
        (tp.check, "check", _settings.SampleSettings),
        (tp.sem, "sem", _settings.SemSettings),
        (tp.Fit.bootstrap, "bootstrap", _settings.BootstrapSettings),
    ],
)
def test_defaults_are_the_librarys(function: object, verb: str, typed: type) -> None:
    native = tp.defaults(verb)
    shown = {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()  # type: ignore[arg-type]
        if name in native
    }
    assert shown == native
    # What is typed exists. A setting that is newer than the types works all the same.
    assert set(get_type_hints(typed)) <= set(native)


def test_stated_defaults_change_nothing() -> None:
    given = {key: value for key, value in tp.defaults("pls").items() if value not in ({}, [])}
    assert tp.pls(MODEL, DATA, **given).to_json() == tp.pls(MODEL, DATA).to_json()  # type: ignore[arg-type]


def test_settings_reach_the_library() -> None:
    fit = tp.pls(MODEL, DATA, like="csem", consistent=False, missing_codes=[-9], conventions={"rho_a": "estimated"})
    settings = fit.settings
    assert (settings["tolerance"], settings["max_iterations"]) == (1e-5, 100)
    assert settings["consistent"] is False and settings["data"]["missing_codes"] == [-9]
    assert fit.conventions["rho_a"] == "estimated" and fit.conventions["d_g"] == "decimal"
    assert tp.pls(MODEL, DATA, thresholds=["R01=0.6,0.4"]).thresholds["R01"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"shceme": "path"}, "there is no setting `shceme`\n  hint: did you mean `scheme`?"),
        ({"scheme": "paths"}, "scheme: unknown variant `paths`, expected one of `path`, `factorial`, `centroid`"),
        ({"tolerance": "small"}, "tolerance: invalid type: string"),
        ({"like": "spss"}, "`spss` is not a program; choose from smartpls4"),
        ({"thresholds": ["R99=1"]}, "there is no rule `R99`"),
        ({"missing": object()}, "a setting cannot be a object"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, object], words: str) -> None:
    with pytest.raises(tp.SettingsError) as caught:
        tp.pls(MODEL, DATA, **settings)  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert isinstance(caught.value, (TypeError, ValueError))


def test_hints_name_keywords_instead_of_options() -> None:
    fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
    with pytest.raises(tp.ResampleError) as caught:
        fit.bootstrap(max_memory=1)
    assert '`record=["paths", "htmt"]`' in str(caught.value) and "--" not in str(caught.value)
    hints = caught.value.problems[0]["hints"]
    assert re.fullmatch(r"or allow more: `max_memory=\d+`", hints[1]), hints
    few = {"a1": [1, 2, None, 4], "a2": [1, 3, 2, None], "b1": [None, 1, 2, 3], "b2": [2, None, 3, 4]}
    with pytest.raises(tp.SurveyError, match='`missing="mean"`'):
        tp.pls("A =~ a1 + a2; B =~ b1 + b2; B ~ A", few, missing="listwise")


def test_few_resamples_and_formative_ratios_are_told_as_on_the_command_line() -> None:
    fit = tp.pls("A <~ NAV1 + NAV2; B =~ PU1 + PU2; B ~ A", DATA)
    boot = fit.bootstrap(resamples=10)
    assert "10 resamples are few" in str(boot) and "bounds at 95 % need at least 40" in boot.bootstrap["few"]
    assert boot.htmt["original"][0] is None and fit.htmt.values[1][0] is None
    with pytest.raises(tp.ResampleError, match="TP0606"):
        fit.measurement(resamples=500_000, max_memory=1)


def test_errors_carry_text_hints_and_places() -> None:
    with pytest.raises(tp.ModelError) as model:
        tp.Model("PEOU =~ e1 + e2\nPU =~ u1 + u2\nPU ~ PEOUU\nPU =~ u3")
    first = model.value.problems[0]
    assert (first["code"], first["line"], first["column"]) == ("TP0120", 3, "6")
    assert "hint: did you mean `PEOU`?" in str(model.value)
    with pytest.raises(tp.SurveyError) as survey:
        tp.pls(MODEL, {"NAV1": [1, 2, 3]})
    assert len(survey.value.problems) > 1 and survey.value.problems[0]["code"] == "TP0221"
    with pytest.raises(tp.UnreadableError, match="cannot read nowhere.csv"):
        tp.read("nowhere.csv")
    with pytest.raises(OSError):
        tp.Model("nowhere.sem")
    cells = {"x1": [1, 2, 3, 4], "x2": [2, 4, 6, 8], "x3": [1, 1, 2, 1], "y": [1, 3, 2, 5]}
    with pytest.raises(tp.EstimationError, match="TP0411"):
        tp.pls("X <~ x1 + x2 + x3; Y =~ y; Y ~ X", cells)
    fit = tp.pls(MODEL, DATA)
    with pytest.raises(tp.ResampleError, match=r"TP0602.*resample 0 holds 3 case numbers, but \d+ cases are used"):
        fit.bootstrap(indices=[[0, 1, 2], [0, 1, 2]])
    with pytest.raises(tp.ResampleError, match="TP0602.*resample 1 names case 9999"):
        fit.bootstrap(indices=[[0] * fit.n, [9999] * fit.n])


WORK = """
import signal, sys, trustpath as tp
# A parent in the background hands down deaf ears.
signal.signal(signal.SIGINT, signal.default_int_handler)
fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
print("ready", flush=True)
try:
    CALL
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    "call",
    [
        'fit.bootstrap(resamples=3_000_000, record=["paths"])',
        'fit.nonlinearity(resamples=3_000_000, record=["paths"])',
        'fit.endogeneity(resamples=3_000_000, outcomes=["ATT"])',
        "tp.monte_carlo(fit.model, n=300, replications=100_000, resamples=200).run()",
    ],
)
def test_ctrl_c_stops_long_work(call: str) -> None:
    words = [sys.executable, "-c", WORK.replace("CALL", call)]
    work = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert work.stdout is not None and work.stdout.readline().strip() == "ready"
    time.sleep(1.0)
    work.send_signal(signal.SIGINT)
    try:
        out, err = work.communicate(timeout=60)
    finally:
        work.kill()
    assert (out.strip(), work.returncode) == ("stopped", 0), err
    assert "panicked" not in err


def test_families_go_by_the_names_of_their_tables() -> None:
    boot = tp.pls(MODEL, DATA).bootstrap(resamples=50, record=["paths", "r-squared", "htmt2"])
    assert {"paths", "r_squared", "htmt2"} <= set(boot.tables) and "loadings" not in boot.tables
    assert {kind for kind, _ in boot.draws} == {"paths", "r_squared", "htmt2"}
    with pytest.raises(tp.SettingsError, match="record: unknown variant `path_s`"):
        tp.pls(MODEL, DATA).bootstrap(resamples=50, record=["path_s"])


def test_other_threads_run_meanwhile() -> None:
    fit = tp.pls(MODEL, DATA)
    beats = 0
    done = threading.Event()

    def beat() -> None:
        nonlocal beats
        while not done.is_set():
            beats += 1
            time.sleep(0.001)

    thread = threading.Thread(target=beat)
    thread.start()
    start = time.monotonic()
    fit.bootstrap(resamples=10_000)
    spent = time.monotonic() - start
    done.set()
    thread.join()
    # Held throughout, the lock would let one beat through.
    assert beats > min(20, spent * 20)


def test_progress_is_told_and_counts_up() -> None:
    told: list[int] = []
    native = tp.pls(MODEL, DATA)._native
    native.bootstrap(json.dumps({"resamples": 10_000}), None, None, False, told.append)
    assert told and told == sorted(told) and told[-1] <= 10_000


def test_a_bar_shows_itself_and_goes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(_progress, "_surface", lambda: "terminal")
    with _progress.Progress(1000, "Resamples") as bar:
        bar(250)
    drawn = capsys.readouterr().err
    assert "Resamples 250/1,000" in drawn and drawn.endswith("\r\x1b[K")
    with _progress.Progress(1000, "Resamples", shown=False) as bar:
        bar(250)
    assert capsys.readouterr().err == ""


def test_the_same_seed_gives_the_same_bits() -> None:
    fit = tp.pls(MODEL, DATA)
    # As text, for an undefined draw (a negative HTMT2) is not equal to itself.
    assert repr(fit.bootstrap(resamples=300).draws) == repr(fit.bootstrap(resamples=300, progress=False).draws)
    assert fit.bootstrap(resamples=300, seed=43).draws != fit.bootstrap(resamples=300).draws


def test_versions_are_one() -> None:
    assert tp.__version__ == _trustpath.__version__ == tp.pls(MODEL, DATA).to_dict()["trustpath"]
