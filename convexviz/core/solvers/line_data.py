"""One-dimensional data prepared for the spline solver: sorted, gathered on distinct knots, scaled to [0, 1].

Points with equal x share a knot; points with equal x and equal label (or, for the squared loss, all targets at one x)
share a row with a count, which changes the objective by a constant only. Weights of the points add up in the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..losses import Loss
from ..network import Array

IntArray = np.ndarray


@dataclass(frozen=True, eq=False)
class LineData:
    """Rows (knot, target, count) on N sorted distinct knots.

    Attributes
    ----------
    origin, length : x = origin + length * t maps the scaled knots back.
    t : (N,) scaled knots from 0 to 1.
    knot, target, count : (R,) each row's knot index, target in scaled units and number (weight) of its data points.
    row : (n,) each data point's row.
    weight : (n,) each data point's weight.
    shift, unit : y = shift + unit * target.
    """

    origin: float
    length: float
    t: Array
    knot: IntArray
    target: Array
    count: Array
    row: IntArray
    shift: float
    unit: float
    weight: Array

    def gather(self, row_mass: Array) -> Array:
        """Sum a row quantity (R,) on the knots: (N,)."""
        return np.bincount(self.knot, weights=row_mass, minlength=len(self.t))

    def spread(self, row_mass: Array) -> Array:
        """Divide a row's dual mass (R,) over its data points by their weights: (n,)."""
        return (row_mass / self.count)[self.row] * self.weight


def prepare(x: Array, y: Array, loss: Loss) -> LineData:
    """Gather `x`, `y` of shape (n,) for `loss`; needs at least two distinct x."""
    knots, where = np.unique(x, return_inverse=True)
    origin, length = float(knots[0]), float(knots[-1] - knots[0])
    t = (knots - origin) / length
    weight = loss.weight * np.ones(len(x))
    if loss.classification:
        keys, row = np.unique(where * 2 + (y > 0), return_inverse=True)
        count = np.bincount(row, weights=weight)
        return LineData(origin, length, t, keys // 2, (keys % 2) * 2.0 - 1.0, count, row, 0.0, 1.0, weight)
    count = np.bincount(where, weights=weight)
    mean = np.bincount(where, weights=weight * y) / count
    shift = float(y.mean())
    unit = float(np.abs(mean - shift).max()) or 1.0
    return LineData(origin, length, t, np.arange(len(t)), (mean - shift) / unit, count, where, shift, unit, weight)


@dataclass(frozen=True, eq=False)
class Hats:
    """Rows of the data in the basis of hat functions on the chosen knots: f_row = (1 - s) F_j + s F_{j+1}.

    Attributes
    ----------
    h : (k-1,) spacings of the chosen knots.
    j : (R,) the interval of each row.
    s : (R,) the position inside it, in [0, 1].
    """

    h: Array
    j: IntArray
    s: Array

    @classmethod
    def on(cls, data: LineData, chosen: IntArray) -> Hats:
        """Hat functions on the knots with indices `chosen` (sorted; first and last knot included)."""
        t = data.t[chosen]
        j = np.clip(np.searchsorted(chosen, data.knot, side="right") - 1, 0, len(chosen) - 2)
        h = np.diff(t)
        s = (data.t[data.knot] - t[j]) / h[j]
        return cls(h, j, s)

    @property
    def size(self) -> int:
        """Number of chosen knots k."""
        return len(self.h) + 1

    def values(self, F: Array) -> Array:
        """f at the rows, (R,), for values F (k,) on the knots."""
        return F[self.j] + self.s * (F[self.j + 1] - F[self.j])

    def adjoint(self, r: Array) -> Array:
        """Transpose of `values`: (k,) for r (R,)."""
        left = np.bincount(self.j, weights=(1.0 - self.s) * r, minlength=self.size)
        return left + np.bincount(self.j + 1, weights=self.s * r, minlength=self.size)

    def gram(self, weight: Array) -> tuple[Array, Array]:
        """Diagonal (k,) and off-diagonal (k-1,) of the tridiagonal H' diag(weight) H."""
        rest = 1.0 - self.s
        diagonal = np.bincount(self.j, weights=weight * rest**2, minlength=self.size)
        diagonal += np.bincount(self.j + 1, weights=weight * self.s**2, minlength=self.size)
        return diagonal, np.bincount(self.j, weights=weight * rest * self.s, minlength=self.size - 1)
