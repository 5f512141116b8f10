"""Ascent for M(V) = max ||V^T (Xu + b)_+|| in any dimension: what it finds is attained, so at most M(V).

With w = V^T a / ||V^T a|| the height is the scalar N_{Vw}(u, b), whose gradient in u is X^T D V w on the activation
pattern D (minus the pivot's share, as the neuron's hyperplane stays on a data point). Every start steps towards it, or
a part of the way where the pattern changes too soon, with the best b for its u each time: the alternation of
Ergen & Pilanci (2021) between output and input weights, for many starts at once. A proof needs `vector_cover`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array
from .plane import VIOLATED
from .vector import first_of_pattern

STARTS = 48
MOST_STEPS = 40
SHORTEST = 1e-7  # step, as a part of the way to the gradient's direction, below which a start is left alone


@dataclass(frozen=True, eq=False)
class _At:
    """Neurons of directions U (S, d) at their best offsets: heights (S,), b (S,) and the gradient in u (S, d)."""

    U: Array
    height: Array
    b: Array
    slope: Array

    def part(self, index: np.ndarray) -> _At:
        """Some of them."""
        return _At(self.U[index], self.height[index], self.b[index], self.slope[index])

    def take(self, index: np.ndarray, other: _At) -> None:
        """Others in their place."""
        for mine, new in zip(vars(self).values(), vars(other).values(), strict=True):
            mine[index] = new


class VectorAscentOracle:
    """What multi-start ascent finds of M(V), for X (n, d) and V (n, K)."""

    exact = False

    def __init__(self, X: Array, bias: bool = True, starts: int = STARTS, seed: int = 0) -> None:
        self.X, self.bias, self.starts = np.asarray(X, float), bias, starts
        self._rng = np.random.default_rng(seed)
        self._known = np.empty((0, self.X.shape[1]))

    def remember(self, U: Array) -> None:
        """Directions (k, d) to start from as well, from now on: neurons in use move little from round to round."""
        self._known = U

    def maximum(self, V: Array) -> float:
        """The greatest height found, at most M(V)."""
        return float(self._climb(V).height.max(initial=0.0))

    def violated(self, V: Array, beta: float, most: int) -> tuple[float, Array, Array]:
        """The greatest height found, and at most `most` neurons above beta: U (k, d), b (k,)."""
        top = self._climb(V)
        order = np.argsort(-top.height, kind="stable")
        worst = order[top.height[order] > beta * (1 + VIOLATED)]
        worst = worst[first_of_pattern(self.X, top.U[worst], top.b[worst])][:most]
        return float(top.height.max(initial=0.0)), top.U[worst], top.b[worst]

    def _climb(self, V: Array) -> _At:
        top = self._at(self._first(V), V)
        moving, step = np.arange(len(top.U)), np.ones(len(top.U))
        for _ in range(MOST_STEPS):
            now = top.part(moving)
            goal = now.U + step[moving, None] * (_unit(now.slope, now.U) - now.U)
            then = self._at(_unit(goal, now.U), V)
            better = then.height > now.height * (1 + 1e-12)
            top.take(moving[better], then.part(better))
            step[moving] = np.where(better, np.minimum(1.0, 2 * step[moving]), step[moving] / 4)
            moving = moving[step[moving] > SHORTEST]
            if not len(moving):
                break
        return top

    def _first(self, V: Array) -> Array:
        """Starts (S, d): those remembered, differences of data points, and along random combinations of rows."""
        n, d = self.X.shape
        pairs = self._rng.integers(0, n, (2, self.starts // 2))
        between = self.X[pairs[0]] - self.X[pairs[1]] if self.bias else self.X[pairs[0]]
        mixed = self._rng.standard_normal((self.starts - len(between), n)) * np.linalg.norm(V, axis=1) @ self.X
        U = np.vstack([self._known, between, mixed])
        return _unit(U, _unit(self._rng.standard_normal(U.shape), np.eye(1, d)))

    def _at(self, U: Array, V: Array) -> _At:
        Z = U @ self.X.T  # (S, n)
        if self.bias:
            order = np.argsort(-Z, axis=1)
            z = np.take_along_axis(Z, order, axis=1)[..., None]
            sorted_V = V[order]  # (S, n, K)
            sums = np.cumsum(sorted_V * z, axis=1) - z * np.cumsum(sorted_V, axis=1)
            k = np.linalg.norm(sums, axis=2).argmax(axis=1)
            rows = np.arange(len(U))
            pivot, best = self.X[order[rows, k]], sums[rows, k]
        else:
            pivot, best = np.zeros_like(U), np.maximum(Z, 0.0) @ V
        t = np.einsum("sd,sd->s", U, pivot)
        height = np.linalg.norm(best, axis=1)
        w = best / np.where(height > 0, height, 1.0)[:, None]
        mass = np.where(t[:, None] < Z, w @ V.T, 0.0)
        return _At(U, height, -t, mass @ self.X - mass.sum(axis=1)[:, None] * pivot)


def _unit(U: Array, otherwise: Array) -> Array:
    """Rows of unit length, those of zeros replaced."""
    length = np.linalg.norm(U, axis=1, keepdims=True)
    return np.where(length > 0, U / np.where(length > 0, length, 1.0), otherwise)
