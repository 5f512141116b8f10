"""convexviz: two-layer ReLU networks trained to certified global optimality.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22, arXiv:2002.11219.

>>> import numpy as np, convexviz as cv
>>> X = np.linspace(-1, 1, 9)[:, None]
>>> s = cv.solve(X, np.abs(X[:, 0]), beta=0.1)
>>> s.certified
True
"""

from typing import TYPE_CHECKING, Any

from . import data as datasets
from .core.certificate import Certificate, certify
from .core.errors import Infeasible, SolveError
from .core.losses import LOSSES
from .core.network import ReLUNetwork
from .core.optimal_set import OptimalSet, optimal_set
from .core.path import beta_max, regularization_path
from .core.solution import Round, Solution
from .core.solve import solve

if TYPE_CHECKING:
    from .estimators import ConvexReLUClassifier, ConvexReLURegressor

__version__ = "0.1.0"

__all__ = [
    "LOSSES",
    "Certificate",
    "ConvexReLUClassifier",
    "ConvexReLURegressor",
    "Infeasible",
    "OptimalSet",
    "ReLUNetwork",
    "Round",
    "Solution",
    "SolveError",
    "beta_max",
    "certify",
    "datasets",
    "optimal_set",
    "regularization_path",
    "solve",
]


def __getattr__(name: str) -> Any:
    """The estimators, once somebody asks for them: they bring scikit-learn, which `solve` does not need."""
    if name in ("ConvexReLUClassifier", "ConvexReLURegressor"):
        from . import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
