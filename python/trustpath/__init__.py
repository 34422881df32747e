"""Path models from questionnaires: partial least squares, consistent PLS, and everything a reviewer asks for.

>>> import trustpath as tp
>>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv", consistent=True)
>>> boot = fit.bootstrap(resamples=500, seed=42)
>>> boot.paths["name"][0]
'NAV → PEOU'
"""

from ._errors import (
    ConversionError,
    EstimationError,
    FigureError,
    ModelError,
    PlanError,
    Problem,
    ResampleError,
    SettingsError,
    SurveyError,
    TrustpathError,
    UnreadableError,
)
from ._figure import Figure
from ._fit import Bootstrap, Fit, Frame, Screening, check, defaults, pls
from ._model import Annotation, Construct, Model, Part, Path, composite, construct, interaction, items, path
from ._result import Matrix, Result, Table, Vector
from ._survey import Correlations, Survey, correlations, read
from ._trustpath import __version__, set_threads
from .convert import from_csem, from_seminr, from_smartpls, to_lavaan
from .plan import Population, models, reproduce, simulate
from .study import MonteCarlo, monte_carlo

__all__ = [
    "Annotation",
    "Bootstrap",
    "Construct",
    "ConversionError",
    "Correlations",
    "EstimationError",
    "Figure",
    "FigureError",
    "Fit",
    "Frame",
    "Matrix",
    "Model",
    "ModelError",
    "MonteCarlo",
    "Part",
    "Path",
    "PlanError",
    "Population",
    "Problem",
    "ResampleError",
    "Result",
    "Screening",
    "SettingsError",
    "Survey",
    "SurveyError",
    "Table",
    "TrustpathError",
    "UnreadableError",
    "Vector",
    "__version__",
    "check",
    "composite",
    "construct",
    "correlations",
    "defaults",
    "from_csem",
    "from_seminr",
    "from_smartpls",
    "interaction",
    "items",
    "models",
    "monte_carlo",
    "path",
    "pls",
    "read",
    "reproduce",
    "set_threads",
    "simulate",
    "to_lavaan",
]
