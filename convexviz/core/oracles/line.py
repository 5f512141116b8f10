"""Exact oracle on the line: M(v) = max over u = +-1 and b of |sum_i v_i (u x_i + b)_+|, in O(n log n).

With sum v = 0 both b -> N_v(+1, b) and b -> N_v(-1, b) are piecewise linear and constant outside the data, with
breakpoints at the data, so the maximum sits at a data point (MATH: Ergen & Pilanci 2021, section 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array


@dataclass(frozen=True)
class LineDual:
    """The dual function over neuron space of one-dimensional data, at its breakpoints.

    Attributes
    ----------
    knots : (k,) sorted distinct inputs.
    right : (k,) N_v of the neuron (x - t)_+ switching on at each knot t.
    left : (k,) N_v of the neuron (t - x)_+.
    """

    knots: Array
    right: Array
    left: Array

    @property
    def maximum(self) -> float:
        """M(v), exact up to rounding."""
        return float(max(np.abs(self.right).max(), np.abs(self.left).max()))

    def at(self, t: Array) -> tuple[Array, Array]:
        """(right, left) at any kink positions t: linear between knots, constant outside."""
        return np.interp(t, self.knots, self.right), np.interp(t, self.knots, self.left)


def dual_function(knots: Array, v: Array) -> LineDual:
    """N_v at sorted distinct `knots` (k,) for the dual mass `v` (k,) gathered on them, sum v = 0."""
    spacing = np.diff(knots)
    above = np.cumsum(v[::-1])[::-1]  # sum of v_i over x_i >= knot
    below = np.cumsum(v)
    right = np.zeros(len(knots))
    left = np.zeros(len(knots))
    right[:-1] = np.cumsum((spacing * above[1:])[::-1])[::-1]
    left[1:] = np.cumsum(spacing * below[:-1])
    return LineDual(knots, right, left)


def line_dual(x: Array, v: Array) -> LineDual:
    """N_v for inputs `x` (n,) in any order, repeated values allowed, and dual vector `v` (n,)."""
    knots, where = np.unique(x, return_inverse=True)
    return dual_function(knots, np.bincount(where, weights=v, minlength=len(knots)))


class LineOracle:
    """M(v) for data X of shape (n, 1); sorts once, then O(n) a call."""

    exact = True

    def __init__(self, X: Array) -> None:
        self.knots, self.where = np.unique(X[:, 0], return_inverse=True)

    def dual(self, v: Array) -> LineDual:
        """The whole dual function for `v` (n,)."""
        return dual_function(self.knots, np.bincount(self.where, weights=v, minlength=len(self.knots)))

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,), sum v = 0."""
        return self.dual(v).maximum

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, 1), b (k,), sign (k,)."""
        dual = self.dual(v)
        N, u = np.concatenate([dual.right, dual.left]), np.repeat([1.0, -1.0], len(self.knots))
        b = -u * np.tile(self.knots, 2)
        above = [np.flatnonzero(sign * N > beta) for sign in (1.0, -1.0)]
        worst = np.concatenate([index[np.argsort(-np.abs(N[index]), kind="stable")[:most]] for index in above])
        return dual.maximum, u[worst][:, None], b[worst], np.sign(N[worst])
