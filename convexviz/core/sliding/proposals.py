"""Neurons worth having, found fast: random directions at their best bias, the best of them climbed from.

For V (n, K) the height of a neuron is ||V^T a||, a = (Xu + b)_+, which is the scalar N_v for v = V w with the output
direction w = V^T a / ||V^T a||. For fixed u and v the best plane passes through a data point, as sum v = 0: sort, take
cumulative sums. A step goes from u towards G = sum_active v_i (x_i - x_k), the slope of N_v (Ergen & Pilanci 2021,
section 5), then w is chosen anew. Rougher than `oracles.ascent`, which walks along the ridges, and ten times as fast:
descent moves these neurons anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..network import Array
from ..numerics.quasi_newton import never

CLIMBED = 4  # times as many are climbed from as are asked for
NEAR, BESIDE = 0.95, 0.1  # cosine of directions and distance of planes, in spreads, of neurons that are too alike
SHORTER = 0.3  # a step that led down is tried again so much shorter
TINY = 1e-300


@dataclass(eq=False)
class _Batch:
    """Neurons U (t, d) of pivots (t,), their v (t, n), output directions (t, K), heights (t,) and Z = U X^T (t, n)."""

    U: Array
    pivot: np.ndarray
    v: Array
    way: Array
    height: Array
    Z: Array

    def at(self, index: np.ndarray) -> _Batch:
        """Some of them."""
        return _Batch(*(part[index] for part in vars(self).values()))

    def put(self, index: np.ndarray, other: _Batch) -> None:
        """Others in their place."""
        for mine, new in zip(vars(self).values(), vars(other).values(), strict=True):
            mine[index] = new


class Proposals:
    """Random neurons on X (n, d), centred, with random differences of its points; `units` (d,) stretch the former.

    `halt` is asked before every climb; once true, neurons stay where they are.
    """

    def __init__(
        self, X: Array, bias: bool, units: Array | float, seed: int = 0, halt: Callable[[], bool] = never
    ) -> None:
        self.X, self.bias, self._units, self._halt = X, bias, units, halt
        self._rng = np.random.default_rng(seed)
        self._spread = max(float(np.sqrt((X**2).sum() / len(X))), TINY)

    def above(
        self, V: Array, beta: float, most: int, tries: int, climbs: int, known: Array | None = None
    ) -> tuple[Array, Array, float]:
        """At most `most` neurons above beta, no two alike, U (k, d), b (k,), and the greatest height found.

        From random directions and those of neurons `known` (k, d), near which there may be higher ones.
        """
        U = self._directions(tries)
        found = self._scored(U if known is None else np.vstack([U, known]), V, None)
        found = found.at(np.argsort(-found.height, kind="stable")[: CLIMBED * most])
        step = np.ones((len(found.U), 1))
        for _ in range(climbs):
            if self._halt():
                break
            goal = found.U + step * _unit(self._slope(found))
            then = self._scored(_unit(goal), V, found.way)
            higher = then.height > found.height
            step[~higher] *= SHORTER
            found.put(np.flatnonzero(higher), then.at(np.flatnonzero(higher)))
        top = float(found.height.max(initial=0.0))
        found = found.at(self._distinct(found, beta, most))
        b = -found.Z[np.arange(len(found.U)), found.pivot] if self.bias else np.zeros(len(found.U))
        return found.U, b, top

    def _directions(self, tries: int) -> Array:
        n, d = self.X.shape
        anywhere = self._rng.standard_normal((tries // 2, d)) * self._units
        i, j = self._rng.integers(0, n, (2, tries - tries // 2))
        U = np.vstack([anywhere, self.X[i] - self.X[j] if self.bias else self.X[i]])
        length = np.linalg.norm(U, axis=1)
        unit: Array = U[length > 0] / length[length > 0, None]
        return unit

    def _scored(self, U: Array, V: Array, way: Array | None) -> _Batch:
        """At the best bias for the output directions `way` (t, K), or for those that random planes ask for."""
        Z, rows = U @ self.X.T, np.arange(len(U))
        if V.shape[1] == 1:
            way = np.ones((len(U), 1))
        elif way is None:
            through = self._rng.integers(0, len(self.X), len(U)) if self.bias else None
            shift = Z[rows, through][:, None] if through is not None else 0.0
            way = _unit(np.maximum(Z - shift, 0.0) @ V)
        v = way @ V.T
        if not self.bias:
            N, pivot = np.einsum("tn,tn->t", np.maximum(Z, 0.0), v), rows * 0
        else:
            order = np.argsort(-Z, axis=1)
            z, w = np.take_along_axis(Z, order, axis=1), np.take_along_axis(v, order, axis=1)
            every = np.cumsum(w * z, axis=1) - z * np.cumsum(w, axis=1)
            best = np.abs(every).argmax(axis=1)
            N, pivot = every[rows, best], order[rows, best]
        sign = np.where(N < 0, -1.0, 1.0)[:, None]
        if V.shape[1] == 1:
            return _Batch(U, pivot, sign * v, sign * way, np.abs(N), Z)
        shift = Z[rows, pivot][:, None] if self.bias else 0.0
        out = np.maximum(Z - shift, 0.0) @ V
        way = _unit(out)
        return _Batch(U, pivot, way @ V.T, way, np.linalg.norm(out, axis=1), Z)

    def _slope(self, found: _Batch) -> Array:
        """G (t, d)."""
        if not self.bias:
            return np.asarray(((found.Z > 0.0) * found.v) @ self.X)
        shift = found.Z[np.arange(len(found.U)), found.pivot][:, None]
        active = (shift < found.Z) * found.v
        return np.asarray(active @ self.X - active.sum(axis=1)[:, None] * self.X[found.pivot])

    def _distinct(self, found: _Batch, beta: float, most: int) -> np.ndarray:
        b = found.Z[np.arange(len(found.U)), found.pivot] * self.bias
        chosen: list[int] = []
        for j in np.argsort(-found.height, kind="stable"):
            if found.height[j] <= beta or len(chosen) == most:
                break
            like = (found.U[chosen] @ found.U[j] > NEAR) & (found.way[chosen] @ found.way[j] > 0.5)
            if not (like & (np.abs(b[chosen] - b[j]) < BESIDE * self._spread)).any():
                chosen.append(int(j))
        return np.array(chosen, int)


def _unit(R: Array) -> Array:
    unit: Array = R / np.maximum(np.linalg.norm(R, axis=1, keepdims=True), TINY)
    return unit
