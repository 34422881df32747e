"""Models from parts, from text, from other programs."""

from __future__ import annotations

import pathlib
import zipfile
from typing import Any

import pytest

import trustpath as tp


def test_parts_make_the_model_of_the_text() -> None:
    text = """\
#@ title Trust
#@ scheme factorial
PU =~ PU1 + PU2 + PU3
#@ label PU Perceived usefulness
VEN <~ v1 + v2
#@ mode VEN A
TR =~ tr1 + tr2
#@ dominant tr2
#@ reliability TR 0.85
TR ~ PU
#@ hypothesis H1 TR ~ PU +
TR ~ b*VEN"""
    parts = [
        tp.construct("PU", tp.items("PU", 1, 3), label="Perceived usefulness"),
        tp.composite("VEN", ["v1", "v2"], mode="A"),
        tp.construct("TR", tp.items("tr", 1, 2), dominant="tr2", reliability=0.85),
        tp.path("PU", "TR", hypothesis="H1", sign="+"),
        tp.path("VEN", "TR", label="b"),
    ]
    model = tp.Model(parts, title="Trust", scheme="factorial")
    assert model.text == text
    assert tp.Model(text) == model == tp.Model(model.parts) == tp.Model(model)


def test_files_with_and_without_codebook(tmp_path: Any) -> None:
    model = tp.Model("models/initial-trust.sem")
    model.write(tmp_path / "m.sem")
    assert "items" in model.keys() and model.file == "models/initial-trust.sem"
    with pytest.raises(tp.UnreadableError, match="codebook"):
        tp.Model(tmp_path / "m.sem")
    alone = tp.Model(model.text, codebook="models/initial-trust.codebook.csv")
    assert alone.to_dict()["items"] == model.to_dict()["items"]
    assert tp.Model(pathlib.Path("models/initial-trust.sem")).parts == model.parts


def test_several_outcomes_and_interactions() -> None:
    paths = tp.path(["A", tp.interaction("A", "B")], ["C", "D"])
    assert [str(path) for path in paths] == ["C ~ A + A:B", "D ~ A + A:B"]  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="about one path"):
        tp.path(["A", "B"], "C", hypothesis="H1")


SEMINR = """
library(seminr)
# Corporate reputation
mm <- constructs(
  composite("QUAL", multi_items("qual_", 1:3), weights = mode_B),
  reflective("COMP", multi_items("comp_", c(1, 3))),
  composite("CUSA", single_item("cusa")),
  reflective("LIKE", multi_items("like_", 1:2)),
  reflective("CUSL", multi_items("cusl_", 1:2)),
  seminr::higher_composite("REP", dimensions = c("QUAL", "COMP"), method = two_stage),
  interaction_term(iv = "LIKE", moderator = "CUSA", method = two_stage)
)
sm = relationships(
  paths(from = "REP", to = c("CUSA", "CUSL")),
  paths(c("LIKE", "CUSA", 'LIKE*CUSA'), to = "CUSL"))
fit <- estimate_pls(data = df, mm, sm, inner_weights = path_factorial) |> summary()
"""


def test_seminr_is_read_as_r_reads_it() -> None:
    assert tp.from_seminr(SEMINR).text == """\
#@ scheme factorial
QUAL <~ qual_1 + qual_2 + qual_3
#@ mode QUAL B
COMP =~ comp_1 + comp_3
CUSA <~ cusa
#@ mode CUSA A
LIKE =~ like_1 + like_2
CUSL =~ cusl_1 + cusl_2
REP <~ QUAL + COMP
#@ mode REP A
CUSA ~ REP
CUSL ~ REP + LIKE + CUSA + LIKE:CUSA"""


def test_variables_and_pipes_of_r() -> None:
    model = tp.from_seminr(
        'block <- paste0("x", 1:2)\nconstructs(reflective("X", block), reflective("Y", c("y1", "y2")))\n'
        'relationships(paths(from = "X", to = "Y"))'
    )
    assert model.text == "X =~ x1 + x2\nY =~ y1 + y2\nY ~ X"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x <- 1", "no `constructs"),
        ('constructs(reflective("X", c("a", "b"))', "bracket is never closed"),
        ('constructs(reflective("X", block))', "`block` is not defined"),
        ("constructs(\\)", "in line 1 is not understood"),
    ],
)
def test_what_is_no_seminr_is_said(text: str, words: str) -> None:
    with pytest.raises(tp.ConversionError, match=words):
        tp.from_seminr(text)


def test_what_seminr_says_and_we_cannot_is_a_warning() -> None:
    with pytest.warns(UserWarning, match="not carried over"):
        tp.from_seminr(
            'constructs(composite("X", c("a", "b"), weights = mode_C), reflective("Y", c("c", "d")))\n'
            'relationships(paths("X", "Y"))'
        )


def test_csem_keeps_dots_that_are_names() -> None:
    model = tp.from_csem("A.x =~ a.1 + a.2  # a comment\nB =~ b1 + b2\nB ~ A.x")
    assert model.text == "A.x =~ a.1 + a.2\nB =~ b1 + b2\nB ~ A.x"
    with pytest.raises(tp.ConversionError, match="2 models"):
        tp.from_csem('a <- "X =~ x1"; b <- "X =~ x2"')


SPLSM = """<?xml version="1.0" encoding="ISO-8859-1"?>
<model>
  <manifest datacolumn="pu1" name="pu1" id="1"/><manifest datacolumn="pu2" name="pu2" id="2"/>
  <manifest datacolumn="v1" name="v1" id="3"/><manifest datacolumn="v2" name="v2" id="4"/>
  <latent name="Perceived usefulness" id="10"/><latent name="v1" id="11"/>
  <connection source="10" target="1"/><connection source="10" target="2"/>
  <connection source="4" target="11"/><connection source="3" target="11"/>
  <connection source="11" target="10"/>
</model>"""

FROM_SPLSM = """\
Perceived_usefulness =~ pu1 + pu2
#@ label Perceived_usefulness Perceived usefulness
v1_ <~ v1 + v2
#@ label v1_ v1
Perceived_usefulness ~ v1_"""


def test_smartpls_files_folders_and_archives(tmp_path: Any) -> None:
    (tmp_path / "trust.splsm").write_text(SPLSM, encoding="latin-1")
    (tmp_path / "study.splsp").write_text("project", encoding="latin-1")
    assert tp.from_smartpls(tmp_path / "trust.splsm").text == FROM_SPLSM
    assert tp.from_smartpls(tmp_path / "study.splsp").text == FROM_SPLSM
    assert tp.from_smartpls(tmp_path).text == FROM_SPLSM
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.writestr("p/trust.splsm", SPLSM)
        archive.writestr("p/other.splsm", "<model/>")
    with pytest.raises(tp.ConversionError, match="the models are: trust, other"):
        tp.from_smartpls(tmp_path / "study.zip")
    assert tp.from_smartpls(tmp_path / "study.zip", model="trust").text == FROM_SPLSM
    with pytest.raises(tp.ConversionError, match="holds no constructs"):
        tp.from_smartpls(tmp_path / "study.zip", model="other")
    with pytest.raises(tp.ConversionError, match="cannot read"):
        tp.from_smartpls(tmp_path / "nowhere.splsm")


def test_newer_smartpls_projects_are_refused_with_a_way_out(tmp_path: Any) -> None:
    database = tmp_path / "study.splsp"
    database.write_bytes(b"SQLite format 3\0" + bytes(84))
    with pytest.raises(tp.ConversionError, match="is a database.*not public.*\n.*hint: export"):
        tp.from_smartpls(database)
    database.write_bytes(b"\x00\x01project")
    with pytest.raises(tp.ConversionError, match="no `.splsm` lies beside it(.|\n)*`PU =~ PU1"):
        tp.from_smartpls(database)
    unknown = tmp_path / "new.splsm"
    unknown.write_text("<workspace><node/></workspace>", encoding="utf-8")
    with pytest.raises(tp.ConversionError, match="no constructs and arrows of the known form"):
        tp.from_smartpls(unknown)
    unknown.write_bytes(b"\x00\x01")
    with pytest.raises(tp.ConversionError, match="is no model of SmartPLS"):
        tp.from_smartpls(unknown)


def test_lavaan_gets_no_annotations() -> None:
    lavaan = tp.Model("models/initial-trust.sem").to_lavaan()
    assert "#" not in lavaan and lavaan.startswith("NAV =~ NAV1")
    # A model that is carried there and back is the same but for what lavaan has no word for.
    assert tp.Model(lavaan).to_lavaan() == lavaan
