"""convexviz: two-layer ReLU networks trained to certified global optimality.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22, arXiv:2002.11219.

>>> import numpy as np, convexviz as cv
>>> X = np.linspace(-1, 1, 9)[:, None]
>>> s = cv.solve(X, np.abs(X[:, 0]), beta=0.1)
>>> s.certified
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import data as datasets
from .core.dual.certificate import Certificate, certify
from .core.dual.exact.proof import Proof, prove
from .core.errors import Infeasible, SolveError, Unprovable
from .core.ladder.missed import missed_neuron
from .core.line.optimal_set import OptimalSet, optimal_set
from .core.losses import LOSSES, Huber, Loss, Quantile
from .core.network import ReLUNetwork
from .core.paths.entries import entering_path
from .core.paths.path import beta_max, regularization_path
from .core.solution import Round, Solution
from .core.solve import solve
from .data.version import VERSION

if TYPE_CHECKING:
    from .core.rivals.descent import Run, train
    from .core.rivals.kernels import TangentKernelRidge, tangent_kernel
    from .core.rivals.least_norm import least_norm
    from .estimators import ConvexReLUClassifier, ConvexReLURegressor

__version__ = VERSION

__all__ = [
    "LOSSES",
    "Certificate",
    "ConvexReLUClassifier",
    "ConvexReLURegressor",
    "Huber",
    "Infeasible",
    "Loss",
    "OptimalSet",
    "Proof",
    "Quantile",
    "ReLUNetwork",
    "Round",
    "Run",
    "Solution",
    "SolveError",
    "TangentKernelRidge",
    "Unprovable",
    "beta_max",
    "certify",
    "datasets",
    "entering_path",
    "least_norm",
    "missed_neuron",
    "optimal_set",
    "prove",
    "regularization_path",
    "solve",
    "tangent_kernel",
    "train",
]

# Where those names live that bring scikit-learn, which `solve` does not need.
_ON_DEMAND = {
    "ConvexReLUClassifier": "estimators",
    "ConvexReLURegressor": "estimators",
    "Run": "core.rivals.descent",
    "TangentKernelRidge": "core.rivals.kernels",
    "least_norm": "core.rivals.least_norm",
    "tangent_kernel": "core.rivals.kernels",
    "train": "core.rivals.descent",
}


def __getattr__(name: str) -> Any:
    """The names that bring scikit-learn, once somebody asks for them."""
    if name in _ON_DEMAND:
        return getattr(import_module(f".{_ON_DEMAND[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
