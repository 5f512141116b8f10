"""Interpolation: f = y exactly, v free, g(v) = y.v, and beta counts as 1."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from ..network import Array
from .base import Count, Loss, centred
from .forms import LinearForm


@dataclass(frozen=True)
class Interpolate(Loss):
    """f = y."""

    name = "interpolate"
    residual = True
    constrained = interpolates = True
    linear = LinearForm(margin=False, short=np.inf)

    def parts(self, f: Array, y: Array) -> Array:
        return np.zeros(len(f))

    def dual_parts(self, v: Array, y: Array) -> Array:
        return y * v

    def into_domain(self, v: Array, y: Array) -> Array:
        return v

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        return centred(v, count)

    def violation(self, f: Array, y: Array) -> float:
        return float(np.abs(f - y).max())

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return limit if np.isfinite(limit) and np.sum(count * y * v) > 0 else 0.0

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        return cp.Constant(0.0), [f == y]
