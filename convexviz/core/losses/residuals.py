"""Losses of the residual r = y - f that grow like |r| at last, their slopes kept between two limits.

    l(r) = sup over low <= v <= high of  r v - q v^2 / 2,     low <= 0 <= high, q >= 0
    v = clip(r / q, low, high) at the optimum,  between low and high where r = q = 0
    g(v) = y.v - q/2 ||v||^2  for low <= v <= high            (with weights: sum of q v^2 / (2 s), s low <= v <= s high)

The squared loss is q = 1 without limits; a proof needs the three numbers and nothing else (`convexviz.verify`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...data.scalars import real_number, shown
from ..network import Array
from .base import Count, Loss, by_rows
from .forms import ResidualForm


class ResidualLoss(Loss):
    """sum_i l(y_i - f_i), `family` holds q and the limits."""

    residual = True
    family: ResidualForm

    def parts(self, f: Array, y: Array) -> Array:
        r = y - f
        v = self._slopes(r)
        return r * v - 0.5 * self.family.curvature * v**2

    def dual_parts(self, v: Array, y: Array) -> Array:
        return y * v - 0.5 * self.family.curvature * v**2

    def into_domain(self, v: Array, y: Array) -> Array:
        return np.clip(v, self.family.low, self.family.high)

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        gain, square = float(np.sum(by_rows(count, y * v))), self.family.curvature * float(np.sum(by_rows(count, v**2)))
        if gain <= 0.0:
            return 0.0
        return min(1.0, limit, gain / square if square > 0.0 else 1.0)

    def gradient(self, f: Array, y: Array) -> Array:
        return self._slopes(y - f) if self.smooth else super().gradient(f, y)

    def curvature(self, f: Array, y: Array) -> Array:
        if not self.smooth:
            return super().curvature(f, y)
        r, q = y - f, self.family.curvature
        return np.where((r > q * self.family.low) & (r < q * self.family.high), 1.0 / q, 0.0)

    def constant_dual(self, y: Array, c: float, count: Count = 1.0) -> Array:
        """Where v is open it is as far between its limits as makes the sum zero, if any does."""
        _, low, high = self.constant_duals(y, c)
        room = float(np.sum(count * (high - low)))
        share = -float(np.sum(count * low)) / room if room > 0.0 else 0.0
        return low + min(max(share, 0.0), 1.0) * (high - low)

    def constant_duals(self, y: Array, c: float) -> tuple[Array, Array, Array]:
        """Below and above the constant v is at its limits; where y = c any v between them will do."""
        low, high = (
            np.where(y > c, self.family.high, self.family.low),
            np.where(y < c, self.family.low, self.family.high),
        )
        return np.ones(len(y)), low, high

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        """Where the slopes add up to zero: they fall with c, along straight lines between y - q high and y - q low."""
        weight, q = count * np.ones(len(y)), self.family.curvature
        corners = np.unique(np.concatenate([y - q * self.family.high, y - q * self.family.low]))

        def slope(c: float) -> float:
            return float(weight @ self._slopes(y - c))

        left, right = (
            0,
            len(corners) - 1,
        )  # all slopes are at their upper limit on the left, at their lower on the right
        while right - left > 1:
            middle = (left + right) // 2
            left, right = (middle, right) if slope(corners[middle]) > 0.0 else (left, middle)
        above, below = slope(corners[left]), slope(corners[right])
        if q == 0.0:  # it jumps at the targets, where it counts as it is on their left
            return float(corners[right if below > 0.0 else left])
        return float(corners[left] + (corners[right] - corners[left]) * above / (above - below))

    def _slopes(self, r: Array) -> Array:
        """The v at which the supremum is attained, of the shape of r; for q = 0 the upper limit where r = 0."""
        family = self.family
        if family.curvature > 0.0:
            return np.clip(r / family.curvature, family.low, family.high)
        return np.where(r >= 0.0, family.high, family.low)


def parameter(value: Any, name: str, low: float, high: float, remedy: str) -> float:
    """A number strictly between two others."""
    number = real_number(value)
    if number is None or not low < number < high:
        between = f"between {low:g} and {high:g}" if high < np.inf else "positive and finite"
        raise ValueError(f"{name} must be {between}, got {shown(value)}; {remedy}.")
    return number


def titled(name: str, value: float, usual: float) -> str:
    """The name with its parameter, which `get_loss` reads again; without where it is the usual one."""
    return name if value == usual else f"{name}({value!r})"
