"""What can go wrong. Every exception carries the command line's text and hints; an option in them is named as a keyword."""

from __future__ import annotations

from typing import TypedDict


class Problem(TypedDict):
    """One problem of an error: its code, what it is, where it stands, how to mend it."""

    code: str
    message: str
    hints: list[str]
    file: str | None
    line: int | None
    column: str | None


class TrustpathError(ValueError):
    """Something that cannot be computed, with every problem found.

    >>> import trustpath as tp
    >>> try:
    ...     tp.Model("PEOU =~ e1 + e2\\nPU =~ u1 + u2\\nPU ~ PEOUU")
    ... except tp.ModelError as error:
    ...     print(error.problems[0]["code"], error.problems[0]["hints"][0])
    TP0120 did you mean `PEOU`?
    """

    problems: list[Problem]

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problems = []


class UnreadableError(TrustpathError, OSError):
    """A file that cannot be read."""


class ModelError(TrustpathError):
    """A model that breaks a rule."""


class SurveyError(TrustpathError):
    """Answers that cannot be used."""


class EstimationError(TrustpathError):
    """An estimate that does not exist."""


class ResampleError(TrustpathError):
    """Resamples without a result."""


class EffectError(TrustpathError):
    """An analysis that the model or the settings do not allow."""


class ReportError(TrustpathError):
    """A document that cannot be made."""


class SettingsError(TrustpathError, TypeError):
    """A keyword that does not exist, or a value it cannot take."""


class PlanError(TrustpathError):
    """A population, a simulation or a published study that contradicts itself."""


class FigureError(TrustpathError):
    """A figure that cannot be drawn."""


class ConversionError(TrustpathError):
    """A model of another program that cannot be carried over."""
