"""Huber loss: 1/2 r^2 for |r| <= delta, delta |r| - delta^2 / 2 beyond; v = clip(r, -delta, delta), r = y - f.

Huber (1964), Robust Estimation of a Location Parameter. It is least squares on r less outliers e at the price
delta |e|, which is the cone program here; targets that share an x do not merge to their mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from ..network import Array
from .base import Count, Loss
from .forms import ConicForm, ResidualForm
from .residuals import ResidualLoss, parameter, titled


@dataclass(frozen=True)
class Huber(ResidualLoss):
    """Squared up to residuals of `delta`, absolute beyond."""

    delta: float = 1.0
    degree = 2
    smooth = True
    steepest = 1.0

    def __post_init__(self) -> None:
        delta = parameter(self.delta, "delta", 0.0, np.inf, "use Huber(1.0)")
        object.__setattr__(self, "delta", delta)
        object.__setattr__(self, "name", titled("huber", delta, 1.0))
        object.__setattr__(self, "family", ResidualForm(1.0, -delta, delta))

    def rescaled(self, unit: float) -> Loss:
        return Huber(self.delta / unit)

    def conic(self, y: Array, count: Array) -> ConicForm:
        """z = (a, p, m): f + t a + p - m = y with p, m >= 0 at the cost 1/2 count (t a)^2 + delta count (p + m), where
        t = min(1, delta) is the unit, too."""
        R, t = len(y), min(1.0, self.delta)
        row, ones = np.arange(R), np.ones(R)
        entries = np.concatenate([t * ones, ones, -ones, -ones, -ones])
        rows = np.concatenate([row, row, row, R + row, 2 * R + row])
        columns = np.concatenate([row, R + row, 2 * R + row, R + row, 2 * R + row])
        return ConicForm(
            cost=self.delta / t * np.concatenate([np.zeros(R), count, count]),
            curved=np.concatenate([t * count, np.zeros(2 * R)]),
            of_f=(row, row, ones),
            of_z=sparse.csc_matrix((entries, (rows, columns)), shape=(3 * R, 3 * R)),
            b=np.concatenate([y, np.zeros(2 * R)]),
            zero=R,
            nonnegative=2 * R,
            unit=t,
        )

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        terms = 0.5 * self.delta**2 * cp.huber((f - y) / self.delta)
        return cp.sum(cp.multiply(weight * np.ones(len(y)), terms)), []
