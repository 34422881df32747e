"""Figures that show themselves in a notebook."""

from __future__ import annotations

import os

from . import _trustpath
from ._errors import FigureError


class Figure:
    """A drawing. A notebook shows it; `save` writes SVG or PNG."""

    def __init__(self, native: _trustpath.Figure, title: str) -> None:
        self._native = native
        self.title = title

    @property
    def svg(self) -> str:
        """The drawing as SVG."""
        return self._native.svg()

    def png(self, scale: float = 2.0) -> bytes:
        """The drawing as PNG; scale 1 is 96 dots per inch."""
        return bytes(self._native.png(scale))

    def save(self, file: str | os.PathLike[str], scale: float = 2.0) -> None:
        """Writes `.svg` or `.png`."""
        path = os.fspath(file)
        ending = os.path.splitext(path)[1].lower()
        if ending == ".svg":
            with open(path, "w", encoding="utf-8") as out:
                out.write(self.svg)
        elif ending == ".png":
            with open(path, "wb") as out_bytes:
                out_bytes.write(self.png(scale))
        else:
            raise FigureError(f"a figure cannot be written as `{ending or path}`\n  hint: end the name in .svg or .png")

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"
