"""Every verb of the command line has a face here, and both say the same."""

from __future__ import annotations

import inspect
import json
import pathlib
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

import trustpath as tp
from trustpath import _settings

MODEL, DATA = "models/initial-trust.sem", "data/initial-trust.csv"
MODERATED = "examples/moderation.sem"
FEW = ("--resamples", "200", "--seed", "7")

FACES: dict[str, Callable[..., Any]] = {
    "check": tp.check,
    "fit": tp.pls,
    "sem": tp.sem,
    "bootstrap": tp.Fit.bootstrap,
    "mediation": tp.Bootstrap.mediation,
    "measurement": tp.Fit.measurement,
    "endogeneity": tp.Fit.endogeneity,
    "compare": tp.compare,
    "moderation": tp.Bootstrap.moderation,
    "controls": tp.Fit.controls,
    "nonlinearity": tp.Fit.nonlinearity,
    "plot": tp.Fit.plot,
    "report": tp.Fit.report,
    "differences": tp.differences,
    "explain": tp.explain,
    "models": tp.models,
    "new": tp.new,
    "questionnaire": tp.questionnaire,
    "sample-size": tp.sample_size,
    "simulate": tp.simulate,
    "reproduce": tp.reproduce,
}

NEEDLESS = {
    "rerun": "repeats a command line; a notebook is run again",
    "completions": "about shells",
    "help": "`help(tp.pls)`",
}


def test_every_verb_of_the_command_line_has_a_face(cli: Callable[..., str]) -> None:
    listed = cli("--help").partition("Commands:")[2].partition("\n\n")[0]
    verbs = set(re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE))
    assert verbs == set(FACES) | set(NEEDLESS), "see docs/python-verbs.md: a new verb gets a Python face"
    for verb, face in FACES.items():
        assert (face.__doc__ or "").strip(), verb


def test_every_figure_and_section_of_the_command_line_is_known(cli: Callable[..., str]) -> None:
    assert set(choices(cli("plot", "--help"), "--figure")) == set(tp.figures())
    shown = choices(cli("plot", "--help"), "--show")
    assert {"model", "estimates", "significance", "intervals", "difference"} <= set(shown)
    shown.remove("difference")  # of groups: see below
    fit = tp.pls(MODEL, DATA)
    for word in shown:
        assert "<svg" in fit.diagram(show=word).svg


def choices(text: str, option: str) -> list[str]:
    """The words that an option of a long help takes."""
    part = re.split(r"\n      (?=--?\w)|\n  -", text.partition(f"      {option} ")[2])[0]
    inline = re.search(r"\[possible values: ([^\]]+)\]", part)
    if inline:
        return [word.strip() for word in inline.group(1).split(",")]
    return re.findall(r"^\s+- ([a-z-]+)", part, re.MULTILINE)


@pytest.mark.parametrize(
    ("function", "verb", "typed"),
    [
        (tp.Bootstrap.moderation, "moderation", _settings.ModerationSettings),
        (tp.Fit.endogeneity, "endogeneity", _settings.CopulaSettings),
        (tp.Fit.measurement, "measurement", _settings.MeasurementSettings),
        (tp.Fit.plot, "plot", _settings.PlotSettings),
        (tp.Fit.diagram, "plot", _settings.PlotSettings),
        (tp.Fit.nonlinearity, "bootstrap", _settings.BootstrapSettings),
        (tp.Fit.controls, "bootstrap", _settings.BootstrapSettings),
        (tp.compare, "pls", _settings.PlsSettings),
        (tp.differences, "check", _settings.SampleSettings),
    ],
)
def test_defaults_are_the_librarys(function: Any, verb: str, typed: Any) -> None:
    native = tp.defaults(verb)
    parameters = inspect.signature(function).parameters
    assert {name: parameters[name].default for name in native} == native
    assert set(typed.__annotations__) | set(typed.__base__.__dict__.get("__annotations__", {})) <= set(native) | set(
        _settings.SampleSettings.__annotations__
    )


SAME: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "mediation": (lambda: boot(MODEL).mediation(), ("mediation", MODEL, DATA, *FEW)),
    "moderation": (lambda: boot(MODERATED).moderation(), ("moderation", MODERATED, DATA, *FEW)),
    "moderation, chosen values": (
        lambda: boot(MODERATED).moderation(values={"DTT": [-2, 0, 2]}, johnson_neyman="covariance"),
        ("moderation", MODERATED, DATA, *FEW, "--at", "DTT=-2,0,2", "--johnson-neyman", "covariance"),
    ),
    "nonlinearity": (
        lambda: tp.pls(MODEL, DATA).nonlinearity(resamples=200, seed=7),
        ("nonlinearity", MODEL, DATA, *FEW),
    ),
    "endogeneity": (
        lambda: tp.pls(MODEL, DATA).endogeneity(resamples=200, seed=7, outcomes=["PU"]),
        ("endogeneity", MODEL, DATA, *FEW, "--outcome", "PU"),
    ),
    "measurement": (
        lambda: tp.pls(MODEL, DATA).measurement(resamples=200, seed=7),
        ("measurement", MODEL, DATA, *FEW),
    ),
    "differences": (
        lambda: tp.differences(MODEL, DATA, between=["seminr", "csem"]),
        ("differences", MODEL, DATA, "--between", "seminr,csem"),
    ),
    "sample size": (
        lambda: tp.sample_size(MODEL, smallest_path=0.2),
        ("sample-size", MODEL, "--smallest-path", "0.2"),
    ),
    "explain": (lambda: tp.explain("R08"), ("explain", "R08")),
    "explain a code": (lambda: tp.explain("TP0120"), ("explain", "TP0120")),
    "explain all": (lambda: tp.explain(), ("explain",)),
}


def boot(model: str) -> tp.Bootstrap:
    return tp.pls(model, DATA).bootstrap(resamples=200, seed=7)


@pytest.mark.parametrize("name", SAME)
def test_a_verb_says_what_the_command_line_says(name: str, cli: Callable[..., str]) -> None:
    face, words = SAME[name]
    result = face()
    assert result.to_json() == cli(*words, "--format", "json")
    assert all(str(table) for table in result.tables.values()) and "<table>" in result._repr_html_()


def test_rivals_and_controls_are_the_command_lines(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    block = "A =~ NAV1 + NAV2\nB =~ REP1 + REP2\nC =~ ITR1 + ITR2\n"
    files = []
    for name, paths in (("both", "C ~ A + B\n"), ("chain", "B ~ A\nC ~ B\n")):
        files.append(tmp_path / f"{name}.sem")
        files[-1].write_text(block + paths, encoding="utf-8")
    there = cli("compare", *map(str, files), DATA, "--format", "json")
    assert tp.compare(files, DATA).to_json() == there
    assert tp.compare({"both": files[0], "chain": files[1]}, DATA).to_json() == there
    with pytest.raises(tp.SettingsError, match="two models"):
        tp.compare(files[:1], DATA)
    controlled = tmp_path / "controlled.sem"
    controlled.write_text(block + "C ~ A + B + AGE\n#@ control AGE\nAGE =~ SIZE1\n", encoding="utf-8")
    found = tp.pls(controlled, DATA).controls(resamples=200, seed=7)
    assert found.to_json() == cli("controls", str(controlled), DATA, *FEW, "--format", "json")
    with pytest.raises(tp.EffectError, match="TP0806"):
        tp.pls(files[0], DATA).controls(resamples=200)


def test_what_cannot_be_analysed_is_said() -> None:
    plain = tp.pls("A =~ NAV1 + NAV2; C =~ ITR1 + ITR2; C ~ A", DATA).bootstrap(resamples=50)
    with pytest.raises(tp.EffectError, match="TP0801"):
        plain.mediation()
    with pytest.raises(tp.EffectError, match="TP0802"):
        plain.moderation()
    leaves = tp.pls(MODERATED, DATA).bootstrap(method="jackknife", record=["path"])
    with pytest.raises(tp.EffectError, match="jackknife"):
        leaves.moderation()
    several = tp.pls(MODERATED, DATA).bootstrap(resamples=50, level=0.975, more_levels=[0.9])
    assert "(percentile, 97.5 %)" in str(several.moderation())
    with pytest.raises(tp.SettingsError, match="did you mean `values`"):
        plain.moderation(value={})  # type: ignore[call-arg]
    with pytest.raises(tp.SettingsError, match="did you mean `R08`|there is no rule"):
        tp.explain("R088")


OF_INTERACTIONS = ["slopes", "johnson-neyman", "surface"]


@pytest.mark.parametrize("figure", tp.figures())
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_are_the_command_lines(figure: str, lang: str, cli: Callable[..., str]) -> None:
    model = MODERATED if figure in OF_INTERACTIONS else MODEL
    fit = tp.pls(model, DATA)
    resampled = fit.bootstrap(resamples=200, seed=7)
    there = cli("plot", model, DATA, *FEW, "--figure", figure, "--lang", lang)
    # What shows no estimate is drawn without a bootstrap.
    here = fit.plot(figure, resampled if figure not in ("answers", "missing", "correlations") else None, lang=lang)
    assert here.svg == there


@pytest.mark.parametrize("figure", OF_INTERACTIONS)
def test_charts_of_interactions_take_the_values_that_were_probed(figure: str, cli: Callable[..., str]) -> None:
    resampled = boot(MODERATED)
    words = ("--at", "DTT=-2,0,2", "--johnson-neyman", "covariance", "--theme", "journal", "--width", "120")
    there = cli("plot", MODERATED, DATA, *FEW, "--figure", figure, *words)
    probed = resampled.moderation(values={"DTT": [-2, 0, 2]}, johnson_neyman="covariance")
    assert probed.plot(figure, theme="journal", width=120).svg == there
    assert resampled.plot(figure).svg != there
    with pytest.raises(tp.EffectError, match="bootstrap"):
        resampled.fit.plot(figure)
    with pytest.raises(tp.EffectError, match="product"):
        boot(MODEL).plot(figure)


@pytest.mark.parametrize(
    ("figure", "show"), [("diagram", "significance"), ("diagram", "difference"), ("forest", "significance")]
)
def test_groups_are_the_command_lines(figure: str, show: str, cli: Callable[..., str]) -> None:
    pd = pytest.importorskip("pandas")
    there = cli("plot", MODEL, DATA, *FEW, "--groups", "gender", "--figure", figure, "--show", show, "--no-items")
    parts = pd.read_csv(DATA).groupby("gender")
    boots = {
        str(name): tp.pls(MODEL, part).bootstrap(resamples=200, seed=7 + at) for at, (name, part) in enumerate(parts)
    }
    assert tp.plot_groups("gender", boots, figure, show=show, items=False).svg == there
    with pytest.raises(tp.SettingsError, match="others not"):
        tp.plot_groups("gender", {"a": boots["female"], "b": boots["male"].fit})  # type: ignore[dict-item]


def test_diagrams_are_the_command_lines(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    fit = tp.pls(MODEL, DATA)
    resampled = fit.bootstrap(resamples=200, seed=7)
    words = ("--no-items", "--names", "--show", "intervals", "--lines", "orthogonal", "--theme", "journal", "--width", "120")
    figure = resampled.diagram(
        items=False, labels=False, show="intervals", lines="orthogonal", theme="journal", width=120
    )
    assert figure.svg == cli("plot", MODEL, DATA, *FEW, *words)
    for ending in ("tex", "dot", "json", "pdf", "png", "svg"):
        here, there = tmp_path / f"here.{ending}", tmp_path / f"there.{ending}"
        figure.save(here)
        cli("plot", MODEL, DATA, *FEW, *words, "-o", str(there))
        assert here.read_bytes() == there.read_bytes(), ending
    # Places go out and come back, from a file or as data.
    layout = fit.diagram(items=False).layout
    layout["nodes"]["NAV"][0] += 10.0
    moved = fit.diagram(items=False, layout=layout)
    file = tmp_path / "layout.json"
    file.write_text(json.dumps(layout), encoding="utf-8")
    assert moved.svg == fit.diagram(items=False, layout=file).svg != fit.diagram(items=False).svg
    layout["nodes"]["STRANGER"] = [0.0, 0.0]
    with pytest.warns(UserWarning, match="STRANGER"):
        fit.diagram(items=False, layout=layout)
    with pytest.raises(tp.FigureError, match="for path diagrams only"):
        fit.plot("htmt").save(tmp_path / "h.tex")
    with pytest.raises(tp.SettingsError, match="lines: `straight`"):
        fit.diagram(lines="straight")
    with pytest.raises(tp.UnreadableError, match="cannot read nowhere.json"):
        fit.diagram(layout="nowhere.json")


@pytest.mark.parametrize("ending", ["html", "docx", "xlsx", "md", "tex"])
def test_a_report_is_the_command_lines(ending: str, cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    name = f"report.{ending}"
    words = ("report", MODEL, DATA, *FEW, "--purpose", "prediction", "--title", "A title", "-o", str(there / name))
    cli(*words)
    command = "trustpath " + " ".join(f"'{word}'" if " " in word else word for word in words)
    report = tp.pls(MODEL, DATA).bootstrap(resamples=200, seed=7).report(
        here / name, title="A title", purpose="prediction", command=command
    )
    written = sorted(file.name for file in there.iterdir())
    assert sorted(file.name for file in here.iterdir()) == written
    assert report.files[-1] == str(here / name)
    for file in written:
        first, second = (here / file).read_bytes(), (there / file).read_bytes()
        if ending in ("docx", "xlsx"):
            assert contents(here / file) == contents(there / file)
        else:
            assert first == second, file


def contents(file: pathlib.Path) -> dict[str, bytes]:
    """What an Office file holds, but for when it was made."""
    with zipfile.ZipFile(file) as archive:
        return {
            name: re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"", archive.read(name)) for name in archive.namelist()
        }


def test_a_report_has_its_options(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    fit = tp.pls(MODEL, DATA, consistent=True)
    resampled = fit.bootstrap(resamples=200, seed=7)
    whole = resampled.report()
    assert f"tp.pls('{MODEL}', '{DATA}', consistent=True)" in whole._native.html().replace("&#x27;", "'").replace(
        "&#39;", "'"
    ).replace("&#x2f;", "/")
    page = whole._repr_html_()
    assert page.startswith("<iframe") and "&lt;html" in page and "<script" not in page
    blind = resampled.report(blind=True).html
    assert "initial-trust" not in blind
    assert "结构模型" in resampled.report(lang="zh").html
    # Without a bootstrap as with `--no-bootstrap`.
    target = tmp_path / "plain.md"
    cli("report", MODEL, DATA, "--no-bootstrap", "--sections", "reflective,structure", "-o", str(target))
    plain = tp.pls(MODEL, DATA).report(tmp_path / "here.md", sections=["reflective", "structure"])
    shown = (tmp_path / "here.md").read_text(encoding="utf-8").replace("here-", "plain-")
    assert shown == target.read_text(encoding="utf-8") and repr(plain).startswith("Report(")
    with pytest.raises(tp.SettingsError, match="sections: `results` is unknown"):
        fit.report(sections=["results"])
    with pytest.raises(tp.SettingsError, match="picks no form"):
        fit.report(tmp_path / "report.pdf")
    with pytest.raises(tp.UnreadableError, match="cannot write"):
        fit.report(tmp_path / "nowhere" / "report.html")


def test_a_report_holds_what_rests_on_further_resamples(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    here, there = tmp_path / "here.md", tmp_path / "there.md"
    model = tmp_path / "controlled.sem"
    model.write_text(
        "A =~ PU1 + PU2 + PU3\nB =~ ATT1 + ATT2 + ATT3\nB ~ A\n#@ control age\n", encoding="utf-8"
    )
    words = ("report", str(model), DATA, *FEW, "--nonlinearity", "--measurement", "-o", str(there))
    cli(*words)
    resampled = tp.pls(model, DATA).bootstrap(resamples=200, seed=7)
    command = "trustpath " + " ".join(words)
    resampled.report(here, nonlinearity=True, measurement=True, command=command)
    shown = here.read_text(encoding="utf-8").replace("here-", "there-")
    assert shown == there.read_text(encoding="utf-8")
    for part in ("RESET", "Tetrad", "Congruence", "Without controls"):
        assert part.lower() in shown.lower(), part
    with pytest.raises(tp.SettingsError, match="rest on a bootstrap"):
        tp.pls(model, DATA).report(nonlinearity=True)


def test_a_report_places_its_constructs(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    fit = tp.pls(MODEL, DATA)
    layout = fit.diagram(items=False).layout
    layout["nodes"]["NAV"][0] += 10.0
    file = tmp_path / "layout.json"
    file.write_text(json.dumps(layout), encoding="utf-8")
    words = ("report", MODEL, DATA, "--no-bootstrap", "--sections", "diagram", "--layout", str(file))
    target = tmp_path / "there.html"
    cli(*words, "-o", str(target))
    there = target.read_text(encoding="utf-8")
    assert fit.report(sections=["diagram"], layout=file).html == there
    assert fit.report(sections=["diagram"], layout=[layout]).html == there
    assert fit.report(sections=["diagram"]).html != there


def test_a_report_of_a_frame_names_no_file() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.read_csv(DATA)
    page = tp.pls(tp.Model(MODEL), frame).report(sections=["data", "appendix"]).html
    assert "separated by" not in page and "&lt;data&gt;" in page


def test_tables_are_written_in_every_form(tmp_path: pathlib.Path, cli: Callable[..., str]) -> None:
    fit = tp.pls(MODEL, DATA)
    table = fit.tables["reliability"]
    for ending, start in [("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!"), ("tex", b""), ("md", b""), ("txt", b"")]:
        file = tmp_path / f"t.{ending}"
        table.save(file, lang="zh")
        fit.save(tmp_path / f"all.{ending}")
        assert file.read_bytes().startswith(start) and file.stat().st_size > 100, ending
    assert table.to_latex() == cli("fit", MODEL, DATA, "--tables", "reliability", "--format", "latex")
    table.save(tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == cli(
        "fit", MODEL, DATA, "--tables", "reliability", "--format", "csv"
    )
    fit.save(tmp_path / "all.json")
    assert (tmp_path / "all.json").read_text(encoding="utf-8") == fit.to_json()
    assert table.to_markdown(lang="zh") != table.to_markdown()
    with pytest.raises(tp.SettingsError, match="picks no form"):
        table.save(tmp_path / "t.odt")


def test_groups_of_cases_and_given_weights(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.read_csv(DATA)
    frame["shop"] = [case % 40 for case in range(len(frame))]
    file = tmp_path / "grouped.csv"
    frame.to_csv(file, index=False)
    for option in ("strata", "cluster"):
        there = json.loads(cli("bootstrap", MODEL, str(file), *FEW, f"--{option}", "shop", "--format", "json"))
        here = tp.pls(MODEL, file).bootstrap(resamples=200, seed=7, **{option: "shop"}).to_dict()  # type: ignore[arg-type]
        assert here["paths"] == there["paths"] and here["bootstrap"] == there["bootstrap"]
    with pytest.raises(tp.ResampleError, match="shops"):
        tp.pls(MODEL, file).bootstrap(resamples=200, strata="shops")
    there = json.loads(
        cli("bootstrap", MODEL, DATA, *"--method jackknife --folds 10 --repeats 2".split(), "--format", "json")
    )
    groups = tp.pls(MODEL, DATA).bootstrap(method="jackknife", folds=10, repeats=2).to_dict()
    assert groups["paths"] == there["paths"] and groups["bootstrap"] == there["bootstrap"]
    with pytest.raises(tp.ResampleError, match="only a jackknife"):
        tp.pls(MODEL, DATA).bootstrap(folds=10)
    fit = tp.pls(MODEL, DATA)
    ones = [[1.0] * fit.n, [2.0] * fit.n]
    weighted = fit.bootstrap(case_weights=ones)
    assert weighted.paths["mean"] == pytest.approx(fit.paths["estimate"], abs=1e-6)
    tested = fit.bootstrap(resamples=100, seed=7, fit_test=True)
    there = json.loads(
        cli("bootstrap", MODEL, DATA, "--resamples", "100", "--seed", "7", "--fit-test", "--format", "json")
    )
    assert tested.to_dict()["fit_test"] == there["fit_test"] and "fit_test" in tested.tables


def test_thresholds_of_the_model_file_count(tmp_path: pathlib.Path, cli: Callable[..., str]) -> None:
    file = tmp_path / "strict.sem"
    file.write_text(
        "#@ threshold R08=0.4\nA =~ NAV1 + NAV2\nB =~ REP1 + REP2\nC =~ ITR1 + ITR2\nC ~ A + B\n", encoding="utf-8"
    )
    assert tp.pls(file, DATA).to_json() == cli("fit", str(file), DATA, "--format", "json")


def test_studies_and_questionnaires_are_the_command_lines(cli: Callable[..., str], tmp_path: pathlib.Path) -> None:
    cli("new", "initial-trust", str(tmp_path / "there"))
    written = tp.new("initial-trust", tmp_path / "here")
    names = sorted(file.name for file in (tmp_path / "there").iterdir())
    assert sorted(pathlib.Path(file).name for file in written) == names
    for name in names:
        if not name.endswith(".docx"):
            assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name
    with pytest.raises(tp.PlanError, match="nothing is overwritten"):
        tp.new("initial-trust", tmp_path / "here")
    with pytest.raises(tp.PlanError, match="did you mean `initial-trust`"):
        tp.new("initial-trsut", tmp_path / "other")
    pages = tp.questionnaire("initial-trust", lang="zh", shuffle=3, attention_checks=2)
    options = ("--lang", "zh", "--shuffle", "--seed", "3", "--attention-checks", "2")
    assert pages.markdown == cli("questionnaire", "initial-trust", *options)
    for ending in ("md", "csv", "docx"):
        pages.save(tmp_path / f"q.{ending}")
        assert (tmp_path / f"q.{ending}").stat().st_size > 500
    with pytest.raises(tp.PlanError, match="cannot be written"):
        pages.save(tmp_path / "q.pdf")
