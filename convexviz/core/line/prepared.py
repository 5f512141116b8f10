"""One-dimensional data prepared for the spline solver: sorted, gathered on distinct knots, scaled to [0, 1].

Points with equal x share a knot; points with equal x and equal target (or, where the loss merges them, all targets at
one x) share a row with a count, which changes the objective by a constant only. Weights of the points add up in the
counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..losses import Loss
from ..network import Array

IntArray = np.ndarray


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows on sorted distinct knots t (N,), in their order: each row's knot index (R,); no knot is without a row."""

    t: Array
    knot: IntArray

    @cached_property
    def first(self) -> IntArray:
        """The first row of every knot, (N,)."""
        return np.flatnonzero(np.diff(self.knot, prepend=-1))

    @cached_property
    def place(self) -> Array:
        """The position of every row, (R,)."""
        places: Array = self.t[self.knot]
        return places

    def gather(self, row_mass: Array) -> Array:
        """Sum a row quantity (R,) on the knots: (N,)."""
        return np.add.reduceat(row_mass, self.first) if len(self.knot) > len(self.t) else row_mass


@dataclass(frozen=True, eq=False)
class LineData(Rows):
    """Rows (knot, target, count) on N sorted distinct knots.

    Attributes
    ----------
    t, knot : those of `Rows`; the knots are scaled to lie between 0 and 1.
    origin, length : x = origin + length * t maps the scaled knots back.
    target, count : (R,) each row's target in scaled units and number (weight) of its data points.
    row : (n,) each data point's row.
    shift, unit : y = shift + unit * target.
    weight : (n,) each data point's weight.
    """

    origin: float
    length: float
    target: Array
    count: Array
    row: IntArray
    shift: float
    unit: float
    weight: Array

    def spread(self, row_mass: Array) -> Array:
        """Divide a row's dual mass (R,) over its data points by their weights: (n,)."""
        shares: Array = (row_mass / self.count)[self.row] * self.weight
        return shares


def prepare(x: Array, y: Array, loss: Loss) -> LineData:
    """Gather `x`, `y` of shape (n,) for `loss`; needs at least two distinct x."""
    knots, where = np.unique(x, return_inverse=True)
    origin, length = float(knots[0]), float(knots[-1] - knots[0])
    t = (knots - origin) / length
    if (np.diff(t) <= 0).any():  # nearer to each other than a share of 2^-53 of the whole: one knot
        t, shared = np.unique(t, return_inverse=True)
        where = shared[where]
    weight = loss.weight * np.ones(len(x))
    if loss.classification:
        key = where * 2 + (y > 0)
        mass = np.bincount(key, weights=weight, minlength=2 * len(t))
        keys = np.flatnonzero(np.bincount(key, minlength=2 * len(t)))
        row = np.empty(2 * len(t), int)
        row[keys] = np.arange(len(keys))
        return LineData(t, keys // 2, origin, length, (keys % 2) * 2.0 - 1.0, mass[keys], row[key], 0.0, 1.0, weight)
    shift = float(y.mean()) if loss.residual else 0.0
    if not loss.merges:
        unit = float(np.abs(y - shift).max()) or 1.0 if loss.residual else 1.0
        row, first = _distinct(where, y)
        count = np.bincount(row, weights=weight)
        target = (y[first] - shift) / unit
        return LineData(t, where[first], origin, length, target, count, row, shift, unit, weight)
    count = np.bincount(where, weights=weight)
    mean = np.bincount(where, weights=weight * y) / count
    unit = float(np.abs(mean - shift).max()) or 1.0
    return LineData(t, np.arange(len(t)), origin, length, (mean - shift) / unit, count, where, shift, unit, weight)


def _distinct(where: IntArray, y: Array) -> tuple[IntArray, IntArray]:
    """The row of each point (n,) where points of equal knot and target share one, and a point of each row (R,)."""
    order = np.lexsort((y, where))
    fresh = np.concatenate([[True], (np.diff(where[order]) > 0) | (np.diff(y[order]) > 0)])
    row = np.empty(len(y), int)
    row[order] = np.cumsum(fresh) - 1
    return row, order[fresh]


@dataclass(frozen=True, eq=False)
class Hats:
    """Rows of the data in the basis of hat functions on the chosen knots: f_row = (1 - s) F_j + s F_{j+1}.

    Attributes
    ----------
    h : (k-1,) spacings of the chosen knots.
    first : (k-1,) the first row of each interval; the rows lie in order.
    s : (R,) the position of each row inside its interval, in [0, 1].
    """

    h: Array
    first: IntArray
    s: Array

    @classmethod
    def on(cls, data: Rows, chosen: IntArray) -> Hats:
        """Hat functions on the knots with indices `chosen` (sorted; first and last knot included)."""
        t, first = data.t[chosen], data.first[chosen[:-1]]
        h, many = np.diff(t), np.diff(first, append=len(data.knot))
        return cls(h, first, (data.place - np.repeat(t[:-1], many)) / np.repeat(h, many))

    @property
    def size(self) -> int:
        """Number of chosen knots k."""
        return len(self.h) + 1

    @cached_property
    def many(self) -> IntArray:
        """Number of rows in each interval, (k-1,)."""
        return np.diff(self.first, append=len(self.s))

    @cached_property
    def j(self) -> IntArray:
        """The interval of each row, (R,)."""
        return np.repeat(np.arange(len(self.h)), self.many)

    def values(self, F: Array) -> Array:
        """f at the rows, (R,), for values F (k,) on the knots."""
        values: Array = np.repeat(F[:-1], self.many) + self.s * np.repeat(np.diff(F), self.many)
        return values

    def _summed(self, r: Array) -> Array:
        """Sums of r (R,) over the intervals, (k-1,)."""
        return np.add.reduceat(r, self.first)

    def adjoint(self, r: Array) -> Array:
        """Transpose of `values`: (k,) for r (R,)."""
        result = np.zeros(self.size)
        result[:-1] = self._summed((1.0 - self.s) * r)
        result[1:] += self._summed(self.s * r)
        return result

    def gram(self, weight: Array, off: Array | None = None) -> tuple[Array, Array]:
        """Diagonal (k,) and off-diagonal (k-1,) of the tridiagonal H' W H.

        W has the diagonal `weight` (R,) and, where one is given, the off-diagonal `off` (R-1,) between neighbours.
        """
        rest, right = 1.0 - self.s, weight * self.s
        low, high, cross = weight * rest**2, right * self.s, right * rest
        if off is not None:  # a row and its successor lie in one interval, of which the successor may be the end
            after = np.append(self.s[1:], 1.0)
            after[self.first[1:] - 1] = 1.0
            link = np.append(off, 0.0)
            low += 2 * link * rest * (1.0 - after)
            high += 2 * link * self.s * after
            cross += link * (rest * after + self.s * (1.0 - after))
        diagonal = np.zeros(self.size)
        diagonal[:-1] = self._summed(low)
        diagonal[1:] += self._summed(high)
        return diagonal, self._summed(cross)
