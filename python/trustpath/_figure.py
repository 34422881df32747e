"""Figures that show themselves in a notebook."""

from __future__ import annotations

import json
import os
import warnings
from typing import Any

from . import _trustpath
from ._errors import FigureError


class Figure:
    """A drawing. A notebook shows it; `save` writes it as `.svg`, `.png` or `.pdf`, a path diagram also for LaTeX (`.tex`), for
    Graphviz (`.dot`) and as the places of its constructs (`.json`), which `layout=` reads.
    """

    def __init__(self, native: _trustpath.Figure, title: str) -> None:
        self._native = native
        self.title = title
        for words in native.warnings():
            warnings.warn(words, stacklevel=3)

    @property
    def svg(self) -> str:
        """The drawing as SVG."""
        return self._native.svg()

    @property
    def tikz(self) -> str:
        """A path diagram for LaTeX."""
        return self._diagram(self._native.tikz(), "TikZ")

    @property
    def dot(self) -> str:
        """A path diagram for Graphviz."""
        return self._diagram(self._native.dot(), "Graphviz")

    @property
    def layout(self) -> dict[str, Any]:
        """Where the constructs of a path diagram stand, to be changed and given back by `layout=`."""
        places: dict[str, Any] = json.loads(self._diagram(self._native.layout(), "layouts"))
        return places

    def png(self, scale: float | None = None) -> bytes:
        """The drawing as PNG; scale 1 is 96 dots per inch. Without one it is 2, or 3.125 (300 dots) for a width on paper."""
        if scale is None:
            # A width on paper is stated in millimetres.
            scale = 3.125 if 'mm"' in self.svg[:120] else 2.0
        return bytes(self._native.png(scale))

    def pdf(self) -> bytes:
        """The drawing as PDF."""
        return bytes(self._native.pdf())

    def save(self, file: str | os.PathLike[str], scale: float | None = None) -> None:
        """Writes it; the extension picks the form, `scale` the pixels of a `.png` per unit of the drawing."""
        path = os.fspath(file)
        ending = os.path.splitext(path)[1].lower()
        if ending == ".svg":
            data = self.svg.encode()
        elif ending == ".png":
            data = self.png(scale)
        elif ending == ".pdf":
            data = self.pdf()
        elif ending == ".tex":
            data = self.tikz.encode()
        elif ending == ".dot":
            data = self.dot.encode()
        elif ending == ".json":
            data = self._diagram(self._native.layout(), "layouts").encode()
        else:
            raise FigureError(
                f"a figure cannot be written as `{ending or path}`\n"
                "  hint: end the name in .svg, .png or .pdf; a path diagram also in .tex, .dot or .json"
            )
        with open(path, "wb") as out:
            out.write(data)

    def _diagram(self, text: str | None, what: str) -> str:
        if text is None:
            raise FigureError(f"{what} are for path diagrams only\n  hint: write a chart as .svg, .png or .pdf")
        return text

    def _repr_svg_(self) -> str:
        # As wide as the page at most: a notebook cuts off what is wider.
        return self.svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"
