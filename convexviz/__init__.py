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

if TYPE_CHECKING:
    from . import data as datasets
    from .core.dual.certificate import Certificate, certify
    from .core.dual.exact.proof import Proof, prove
    from .core.errors import Infeasible, SolveError, Unprovable
    from .core.ladder.missed import missed_neuron
    from .core.line.optimal_set import OptimalSet, optimal_set
    from .core.losses import LOSSES, Huber, Loss, Quantile
    from .core.network import ReLUNetwork
    from .core.paths.cross_validation import CrossValidation, cross_validate
    from .core.paths.entries import entering_path
    from .core.paths.exact import ExactPath, exact_path
    from .core.paths.few_kinks import FewKinks, at_most_kinks
    from .core.paths.path import beta_max, regularization_path
    from .core.pieces import Piece
    from .core.rivals.descent import Run, train
    from .core.rivals.kernels import TangentKernelRidge, tangent_kernel
    from .core.rivals.least_norm import least_norm
    from .core.shape import Multipliers
    from .core.solution import Round, Solution
    from .core.solve import solve
    from .estimators import ConvexReLUClassifier, ConvexReLURegressor
    from .figures.plotting import plot

    __version__: str

__all__ = [
    "LOSSES",
    "Certificate",
    "ConvexReLUClassifier",
    "ConvexReLURegressor",
    "CrossValidation",
    "ExactPath",
    "FewKinks",
    "Huber",
    "Infeasible",
    "Loss",
    "Multipliers",
    "OptimalSet",
    "Piece",
    "Proof",
    "Quantile",
    "ReLUNetwork",
    "Round",
    "Run",
    "Solution",
    "SolveError",
    "TangentKernelRidge",
    "Unprovable",
    "at_most_kinks",
    "beta_max",
    "certify",
    "cross_validate",
    "datasets",
    "entering_path",
    "exact_path",
    "least_norm",
    "missed_neuron",
    "optimal_set",
    "plot",
    "prove",
    "regularization_path",
    "solve",
    "tangent_kernel",
    "train",
]

# Where the names live. They are looked up when somebody asks: cvxpy and scikit-learn take a second, which the checker
# of proofs and the help of the command line do not need.
_HOMES = {
    "core.dual.certificate": ("Certificate", "certify"),
    "core.dual.exact.proof": ("Proof", "prove"),
    "core.errors": ("Infeasible", "SolveError", "Unprovable"),
    "core.ladder.missed": ("missed_neuron",),
    "core.line.optimal_set": ("OptimalSet", "optimal_set"),
    "core.losses": ("LOSSES", "Huber", "Loss", "Quantile"),
    "core.network": ("ReLUNetwork",),
    "core.paths.cross_validation": ("CrossValidation", "cross_validate"),
    "core.paths.entries": ("entering_path",),
    "core.paths.exact": ("ExactPath", "exact_path"),
    "core.paths.few_kinks": ("FewKinks", "at_most_kinks"),
    "core.paths.path": ("beta_max", "regularization_path"),
    "core.pieces": ("Piece",),
    "core.rivals.descent": ("Run", "train"),
    "core.rivals.kernels": ("TangentKernelRidge", "tangent_kernel"),
    "core.rivals.least_norm": ("least_norm",),
    "core.shape": ("Multipliers",),
    "core.solution": ("Round", "Solution"),
    "core.solve": ("solve",),
    "estimators": ("ConvexReLUClassifier", "ConvexReLURegressor"),
    "figures.plotting": ("plot",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {"datasets": "data", "core": "core", "data": "data", "verify": "verify"}


def __getattr__(name: str) -> Any:
    """A public name, from where it lives; from then on it is here."""
    if name in _HOME:
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    elif name in _MODULES:
        value = import_module(f".{_MODULES[name]}", __name__)
    elif name == "__version__":
        value = import_module(".data.version", __name__).VERSION
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What is here, and what comes when asked for."""
    return sorted({*globals(), *__all__, *_MODULES, "__version__"})
