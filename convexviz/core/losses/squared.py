"""Squared loss: 1/2 (f - y)^2, v = y - f at the optimum, g(v) = y.v - 1/2 ||v||^2 (with weights 1/2 sum v^2 / s).

K outputs are the same entry by entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from ..network import Array
from .base import Count, Loss, by_rows, centred, row_mean


@dataclass(frozen=True)
class Squared(Loss):
    """1/2 (f - y)^2."""

    name = "squared"
    residual = True
    degree = 2
    merges = True
    quadratic = smooth = curved = True
    perceptron = True
    steepest = 1.0

    @property
    def several(self) -> Loss:
        return self

    def parts(self, f: Array, y: Array) -> Array:
        return 0.5 * (f - y) ** 2

    def dual_parts(self, v: Array, y: Array) -> Array:
        return y * v - 0.5 * v**2

    def gradient(self, f: Array, y: Array) -> Array:
        return y - f

    def curvature(self, f: Array, y: Array) -> Array:
        return np.ones(len(f))

    def hessian(self, B: Array, F: Array) -> Array:
        m, K = B.shape[1], F.shape[1]
        H = np.zeros((m, K, m, K))
        H[:, np.arange(K), :, np.arange(K)] = B.T @ B
        return H.reshape(m * K, m * K)

    def into_domain(self, v: Array, y: Array) -> Array:
        return v

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        return centred(v, count)

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        norm = float(np.sum(by_rows(count, v**2)))
        return float(np.clip(np.sum(by_rows(count, y * v)) / norm, 0.0, limit)) if norm > 0 else 0.0

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        if y.ndim == 2:
            return row_mean(y, count)
        weight = count * np.ones(len(y))  # from y_1, so that equal targets have themselves as their mean
        return float(y[0] + np.sum(weight * (y - y[0])) / weight.sum())

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        root = np.sqrt(weight)
        return 0.5 * cp.sum_squares(f - y if np.ndim(weight) == 0 else cp.multiply(root, f - y)), []
