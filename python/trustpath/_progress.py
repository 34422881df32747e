"""A progress bar: in a notebook a bar, on a terminal a line, elsewhere nothing."""

from __future__ import annotations

import sys
import time
from typing import Any

_PATIENCE = 0.5
"""Seconds before a bar shows at all."""


class Progress:
    """Called with the steps done; a context that tidies up behind itself."""

    def __init__(self, total: int, what: str, shown: bool = True) -> None:
        self.total = max(total, 1)
        self.what = what
        self._start = time.monotonic()
        self._handle: Any = None
        self._drawn = False
        self._kind = _surface() if shown else ""

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int) -> None:
        spent = time.monotonic() - self._start
        if not self._kind or spent < _PATIENCE:
            return
        rate = done / spent
        left = (self.total - done) / rate if rate else 0.0
        words = f"{self.what} {done:,}/{self.total:,}  {rate:,.0f}/s  {left:.0f} s left"
        if self._kind == "notebook":
            self._in_notebook(done, words)
        else:
            filled = int(30 * done / self.total)
            sys.stderr.write(f"\r{'█' * filled}{'░' * (30 - filled)} {words}\x1b[K")
            sys.stderr.flush()
        self._drawn = True

    def _in_notebook(self, done: int, words: str) -> None:
        from IPython.display import HTML, display

        bar = HTML(f'<progress value="{done}" max="{self.total}"></progress> <small>{words}</small>')
        if self._handle is None:
            self._handle = display(bar, display_id=True)
        else:
            self._handle.update(bar)

    def __exit__(self, *_: object) -> None:
        if not self._drawn:
            return
        if self._handle is not None:
            from IPython.display import HTML

            self._handle.update(HTML(""))
        else:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _surface() -> str:
    shell = sys.modules.get("IPython")
    if shell is not None:
        here = shell.get_ipython()
        if here is not None and type(here).__name__ == "ZMQInteractiveShell":
            return "notebook"
    return "terminal" if sys.stderr.isatty() else ""
