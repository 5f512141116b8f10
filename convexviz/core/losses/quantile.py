"""Quantile loss: q r for r = y - f >= 0, (q - 1) r below; v in [q - 1, q], g(v) = y.v.

f estimates the q-quantile of the targets given x: q = 0.5 is half the absolute error, whose best constant is the
median. Koenker & Bassett (1978), Regression Quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from ..network import Array
from .base import Count, Loss
from .forms import LinearForm, ResidualForm
from .residuals import ResidualLoss, parameter, titled


@dataclass(frozen=True)
class Quantile(ResidualLoss):
    """q r above f, (1 - q) |r| below."""

    q: float = 0.5
    degree = 1

    def __post_init__(self) -> None:
        q = parameter(self.q, "q", 0.0, 1.0, "use Quantile(0.5) for the median")
        object.__setattr__(self, "q", q)
        object.__setattr__(self, "name", titled("quantile", q, 0.5))
        object.__setattr__(self, "family", ResidualForm(0.0, q - 1.0, q))
        object.__setattr__(self, "linear", LinearForm(margin=False, short=q, over=1.0 - q))
        object.__setattr__(self, "slope", max(q, 1.0 - q))

    def rounded(self, radius: float) -> Loss:
        return SmoothedQuantile(self.q, radius)

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        terms = cp.maximum(self.family.high * (y - f), self.family.low * (y - f))
        return cp.sum(cp.multiply(weight * np.ones(len(y)), terms)), []


@dataclass(frozen=True)
class SmoothedQuantile(Quantile):
    """The quantile loss with its kink rounded off, for descent: v = clip(r / radius, q - 1, q)."""

    radius: float = 1.0
    smooth = True

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "family", ResidualForm(self.radius, self.q - 1.0, self.q))
        object.__setattr__(self, "linear", None)
        object.__setattr__(self, "steepest", 1.0 / self.radius)
