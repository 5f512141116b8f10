"""Hard margin: y f >= 1 exactly, v = y a with a >= 0, g(v) = sum a, and beta counts as 1."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from ..network import Array, ReLUNetwork
from ..neurons import exact_margin
from .base import Count
from .forms import LinearForm
from .labels import MarginLoss


@dataclass(frozen=True)
class HardMargin(MarginLoss):
    """y f >= 1."""

    name = "hard_margin"
    constrained = True
    linear = LinearForm(margin=True, short=np.inf)
    supported = True
    ceiling = np.inf

    def parts(self, f: Array, y: Array) -> Array:
        return np.zeros(len(f))

    def dual_parts(self, v: Array, y: Array) -> Array:
        return v * y

    def violation(self, f: Array, y: Array) -> float:
        return float(max(0.0, 1.0 - (y * f).min()))

    def enforced(self, network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
        return exact_margin(network, X, y)

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return limit if np.isfinite(limit) else 0.0

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        return cp.Constant(0.0), [cp.multiply(y, f) >= 1]
