"""Optimal networks in closed form, each with its certificate: whitened, spike-free and rank-one data, vector outputs.

>>> import numpy as np
>>> from convexviz import closed_form
>>> white = closed_form.whiten(np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0]]))
>>> s = closed_form.whitened(white.X, np.array([1.0, -2.0]), beta=0.5)
>>> s.certified, s.network.w.round(6).tolist()
(True, [0.5, -1.5])

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22, arXiv:2002.11219.
"""

from .core.closed_forms.closed_form import rank_one, spike_free, vector_whitened, whitened
from .core.closed_forms.whitening import Whitened, whiten
from .core.network import ReLUNetwork as VectorNetwork
from .core.solution import Solution as VectorSolution

__all__ = [
    "VectorNetwork",
    "VectorSolution",
    "Whitened",
    "rank_one",
    "spike_free",
    "vector_whitened",
    "whiten",
    "whitened",
]
