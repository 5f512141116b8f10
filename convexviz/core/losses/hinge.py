"""Hinge loss: max(0, 1 - y f), v = y a with 0 <= a <= 1, g(v) = sum a."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from ..network import Array
from .base import Count, Loss
from .forms import LinearForm
from .labels import MarginLoss, class_masses


@dataclass(frozen=True)
class Hinge(MarginLoss):
    """max(0, 1 - y f)."""

    name = "hinge"
    linear = LinearForm(margin=True, short=1.0)
    supported = True
    slope = 1.0

    def parts(self, f: Array, y: Array) -> Array:
        return np.maximum(0.0, 1.0 - y * f)

    def dual_parts(self, v: Array, y: Array) -> Array:
        return v * y

    def rounded(self, radius: float) -> Loss:
        return SmoothedHinge(radius)

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        positive, negative = class_masses(y, count)
        return float(np.sign(positive - negative))  # the majority's label; at a tie any value in between

    def constant_duals(self, y: Array, c: float) -> tuple[Array, Array, Array]:
        """The class whose margin is missed has a = 1, the one that just keeps it any a up to 1."""
        margin = y * c
        return y, (margin < 1.0).astype(float), (margin <= 1.0).astype(float)

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        terms = cp.pos(1 - cp.multiply(y, f))
        return cp.sum(terms if np.ndim(weight) == 0 else cp.multiply(weight, terms)), []


@dataclass(frozen=True)
class SmoothedHinge(Hinge):
    """The hinge loss with its kink rounded off, for descent: the Huberised hinge, for a radius r > 0.

        l_r(t) = 0 for t <= 0,   t^2 / (2 r) for 0 <= t <= r,   t - r / 2 beyond,       t = 1 - y f

    It lies below the hinge loss by at most r / 2 a point, and its v = y clip(t / r, 0, 1) lies in the domain of the
    dual of the hinge loss, so that it may serve there as it is. Chapelle (2007), Training a Support Vector Machine in
    the Primal.
    """

    radius: float
    smooth = True
    linear = None  # type: ignore[assignment]

    @property
    def steepest(self) -> float:  # type: ignore[override]
        return 1.0 / self.radius

    def parts(self, f: Array, y: Array) -> Array:
        t = 1.0 - y * f
        a = np.clip(t / self.radius, 0.0, 1.0)
        return a * (t - 0.5 * self.radius * a)

    def dual_parts(self, v: Array, y: Array) -> Array:
        return v * y - 0.5 * self.radius * v**2

    def gradient(self, f: Array, y: Array) -> Array:
        return y * np.clip((1.0 - y * f) / self.radius, 0.0, 1.0)

    def curvature(self, f: Array, y: Array) -> Array:
        t = 1.0 - y * f
        return np.where((t > 0.0) & (t < self.radius), 1.0 / self.radius, 0.0)
