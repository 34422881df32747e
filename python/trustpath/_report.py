"""Documents: the report of a fit."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable
from pathlib import Path

from . import _trustpath
from ._errors import UnreadableError


class Report:
    """A report. A notebook shows it; `save` writes `.html`, `.docx`, `.xlsx`, `.md` or `.tex`.

    >>> import trustpath as tp
    >>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv")
    >>> report = fit.report(sections=["reflective", "structure"])
    >>> report
    Report("Formation of customers' online initial trust")
    >>> report.html.startswith("<!doctype html>")
    True
    """

    def __init__(self, native: _trustpath.Report) -> None:
        self._native = native
        self.files: list[str] = []
        """What `save` wrote last: the document, and its figures where it cannot hold them."""

    @property
    def title(self) -> str:
        """Its title."""
        return self._native.title()

    @property
    def html(self) -> str:
        """The page, which needs nothing else."""
        return self._native.html()

    def save(self, file: str | os.PathLike[str]) -> Report:
        """Writes it; the extension picks the form. Figures of Markdown and LaTeX lie in files beside it."""
        self.files = write_all((os.fspath(path), bytes(data)) for path, data in self._native.files(os.fspath(file)))
        return self

    def _repr_html_(self) -> str:
        # A page of its own inside the notebook: its styles and scripts touch nothing else.
        page = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{page}" title="{html.escape(self.title, quote=True)}" '
            'style="width:100%;height:640px;border:1px solid #ccc;border-radius:4px"></iframe>'
        )

    def __repr__(self) -> str:
        written = f" in {self.files[-1]!r}" if self.files else ""
        return f"Report({self.title!r}{written})"


def write_all(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Writes files, and says which."""
    written = []
    for file, data in files:
        try:
            Path(file).write_bytes(data)
        except OSError as error:
            raise UnreadableError(f"cannot write {file}: {error.strerror}") from None
        written.append(file)
    return written
