"""Before the data and beside them: sample sizes, questionnaires, studies to begin with, rules explained."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from . import _trustpath
from ._errors import PlanError
from ._verbs import ModelLike, model_of
from ._report import write_all
from ._result import Result


class SampleSize(Result):
    """How many answers a study needs; `sentence` is for the Method section."""

    def _heading(self) -> list[str]:
        return []


def sample_size(model: ModelLike | None = None, *, smallest_path: float = 0.15, lang: str = "en") -> SampleSize:
    """How many answers a study needs that must not miss a path of this size.

    With a model, the ten-times rule is told as well.

    >>> import trustpath as tp
    >>> size = tp.sample_size(smallest_path=0.2)
    >>> size.sample_size["n"][0]
    155
    """
    native = None if model is None else model_of(model)._native
    return SampleSize(_trustpath.sample_size(native, smallest_path, lang))


class Questionnaire:
    """A questionnaire. A notebook shows it; `save` writes `.md`, `.docx`, or `.csv` (XLSForm, for ODK, KoboToolbox, SurveyCTO)."""

    def __init__(self, native: _trustpath.Questionnaire) -> None:
        self._native = native

    @property
    def markdown(self) -> str:
        """The pages as Markdown."""
        return self._native.markdown()

    @property
    def xlsform(self) -> str:
        """The form for survey programs, as CSV."""
        return self._native.xlsform()

    def save(self, file: str | os.PathLike[str]) -> None:
        """Writes it; the extension picks the form."""
        ending = os.path.splitext(os.fspath(file))[1].lower()
        if ending == ".md":
            data = self.markdown.encode()
        elif ending == ".csv":
            data = self.xlsform.encode()
        elif ending == ".docx":
            data = bytes(self._native.docx())
        else:
            raise PlanError(f"a questionnaire cannot be written as `{ending}`\n  hint: end the name in .md, .docx or .csv")
        write_all([(os.fspath(file), data)])

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __str__(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return f"Questionnaire({self.markdown.partition(chr(10))[0].lstrip('# ')!r})"


def questionnaire(
    model: ModelLike,
    *,
    lang: str = "en",
    shuffle: int | None = None,
    attention_checks: int = 0,
    anchors: tuple[str, str] | None = None,
) -> Questionnaire:
    """The questionnaire of a model, in English or Chinese.

    `shuffle` is the seed by which the items of all constructs are mixed, `anchors` the words for the lowest and the highest
    answer.

    >>> import trustpath as tp
    >>> pages = tp.questionnaire("initial-trust", shuffle=7, attention_checks=1)
    >>> pages.markdown.startswith("# ")
    True
    """
    native = _trustpath.Questionnaire.of(model_of(model)._native, lang, shuffle, attention_checks, anchors)
    unworded = native.without_wording()
    if unworded:
        warnings.warn(f"no wording in this language for {', '.join(unworded)}: their names stand in its place", stacklevel=2)
    return Questionnaire(native)


def new(
    model: str,
    folder: str | os.PathLike[str],
    *,
    smallest_path: float = 0.15,
    seed: int = 1,
    lang: str = "en",
) -> list[str]:
    """Begins a study: model, codebook, questionnaires, analysis plan, commands, simulated answers, written into a folder.

    Gives the files; nothing that is there already is written over. Questionnaires and plan come in both languages; `lang` is
    that of the commands.
    """
    files = _trustpath.study(model, smallest_path, seed, lang)
    there = [name for name, _ in files if (Path(folder) / name).exists()]
    if there:
        raise PlanError(
            f"`{os.fspath(folder)}` holds {', '.join(there)} already, and nothing is overwritten\n  hint: name another folder"
        )
    Path(folder).mkdir(parents=True, exist_ok=True)
    return write_all((os.fspath(Path(folder) / name), bytes(data)) for name, data in files)


class Explanation(Result):
    """The page of a rule or of a diagnostic code, or all rules."""

    def _heading(self) -> list[str]:
        return []


def explain(id: str | None = None) -> Explanation:
    """Explains a rule of the verdicts (`R08`) or a diagnostic code (`TP0123`); without one, lists all rules.

    >>> import trustpath as tp
    >>> tp.explain("TP0120").meaning
    'a path names something close to a construct'
    """
    return Explanation(_trustpath.explain(id))


__all__ = ["Explanation", "Questionnaire", "SampleSize", "explain", "new", "questionnaire", "sample_size"]
