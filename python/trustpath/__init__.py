"""Path models from questionnaires: partial least squares, consistent PLS, and everything a reviewer asks for.

>>> import trustpath as tp
>>> fit = tp.pls("models/initial-trust.sem", "data/initial-trust.csv", consistent=True)
>>> boot = fit.bootstrap(resamples=500, seed=42)
>>> boot.paths["name"][0]
'NAV → PEOU'
"""

from ._errors import (
    ConversionError,
    EffectError,
    EstimationError,
    FigureError,
    ModelError,
    PlanError,
    Problem,
    ReportError,
    ResampleError,
    SettingsError,
    SurveyError,
    TrustpathError,
    UnreadableError,
)
from ._figure import Figure
from ._fit import (
    Bootstrap,
    Comparison,
    Controls,
    Differences,
    Endogeneity,
    Fit,
    Frame,
    Measurement,
    Mediation,
    Moderation,
    Nonlinearity,
    Screening,
    SemFit,
)
from ._model import Annotation, Construct, Model, Part, Path, composite, construct, interaction, items, path
from ._report import Report
from ._result import Matrix, Result, Table, Vector
from ._settings import defaults
from ._survey import Correlations, Survey, correlations, read
from ._trustpath import __version__, set_threads
from ._verbs import check, compare, differences, figures, plot_groups, pls, sem
from .advice import Explanation, Questionnaire, SampleSize, explain, new, questionnaire, sample_size
from .convert import from_csem, from_seminr, from_smartpls, to_lavaan
from .plan import Population, models, reproduce, simulate
from .study import MonteCarlo, monte_carlo

__all__ = [
    "Annotation",
    "Bootstrap",
    "Comparison",
    "Construct",
    "Controls",
    "ConversionError",
    "Correlations",
    "Differences",
    "EffectError",
    "Endogeneity",
    "EstimationError",
    "Explanation",
    "Figure",
    "FigureError",
    "Fit",
    "Frame",
    "Matrix",
    "Measurement",
    "Mediation",
    "Model",
    "ModelError",
    "Moderation",
    "MonteCarlo",
    "Nonlinearity",
    "Part",
    "Path",
    "PlanError",
    "Population",
    "Problem",
    "Questionnaire",
    "Report",
    "ReportError",
    "ResampleError",
    "Result",
    "SampleSize",
    "Screening",
    "SemFit",
    "SettingsError",
    "Survey",
    "SurveyError",
    "Table",
    "TrustpathError",
    "UnreadableError",
    "Vector",
    "__version__",
    "check",
    "compare",
    "composite",
    "construct",
    "correlations",
    "defaults",
    "differences",
    "explain",
    "figures",
    "from_csem",
    "from_seminr",
    "from_smartpls",
    "interaction",
    "items",
    "models",
    "monte_carlo",
    "new",
    "path",
    "plot_groups",
    "pls",
    "questionnaire",
    "read",
    "reproduce",
    "sample_size",
    "sem",
    "set_threads",
    "simulate",
    "to_lavaan",
]
