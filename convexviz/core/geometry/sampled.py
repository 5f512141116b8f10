"""Support of Q where the activation patterns are too many to list: ascent from sampled directions, a lower bound.

v . (Xu)_+ has the gradient X^T D v on the cell of the pattern D. From each of the best directions steps along it are
tried, of several lengths up to the gradient's own direction, which is the best of the cell if it lies there; the
highest is kept. Ergen & Pilanci (2021), section 5, use such local searches for their cuts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network import Array
from ..oracles.plane import VIOLATED
from .candidates import unit

CLIMBERS = 64  # of the directions climb on
STEPS = 40  # of the ascent
LENGTHS = np.array([0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 1e6])  # of a step: zero stays, the last one forgets u


class SampledOracle:
    """A lower bound of M(v) for X (n, d) from the directions given, (k, d); proves nothing."""

    exact = False

    def __init__(self, X: Array, directions: Array) -> None:
        self.X, self.directions = np.asarray(X, float), unit(np.asarray(directions, float))
        self._activations = np.maximum(self.directions @ self.X.T, 0.0)

    def peak(self, v: Array) -> tuple[float, Array]:
        """The highest v . (Xu)_+ found, and its u (d,); zeros where nothing is above zero."""
        heights, U = self._climb(v)
        best = int(heights.argmax())
        return (float(heights[best]), U[best]) if heights[best] > 0 else (0.0, np.zeros(self.X.shape[1]))

    def maximum(self, v: Array) -> float:
        """The largest |N_v| found for `v` (n,)."""
        return max(self.peak(v)[0], self.peak(-v)[0])

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """As `NeuronOracle.violated`, among the directions found."""
        maximum, chosen, signs = 0.0, [np.empty((0, self.X.shape[1]))], []
        for sign in (1.0, -1.0):
            heights, U = self._climb(sign * v)
            maximum = max(maximum, float(heights.max()))
            worst = np.argsort(-heights, kind="stable")[:most]
            chosen.append(U[worst[heights[worst] > beta * (1 + VIOLATED)]])
            signs += [sign] * len(chosen[-1])
        return maximum, np.concatenate(chosen), np.zeros(len(signs)), np.array(signs)

    def _climb(self, v: Array) -> tuple[Array, Array]:
        """Heights (p,) and unit directions (p, d) at the end of every climb."""
        start = self.directions[np.argsort(-(self._activations @ v), kind="stable")[:CLIMBERS]]
        return climb(
            start,
            lambda U: np.maximum(U @ self.X.T, 0.0) @ v,
            lambda U: ((U @ self.X.T > 0) * v) @ self.X,
        )


def climb(U: Array, value: Callable[[Array], Array], gradient: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Ascent of `value` (..., d) -> (...) on the sphere from every row of U (p, d): heights (p,) and where (p, d)."""
    row = np.arange(len(U))
    for _ in range(STEPS):
        tried = unit(U[:, None, :] + LENGTHS[:, None] * unit(gradient(U))[:, None, :])
        best = value(tried).argmax(axis=1)
        if not best.any():
            break
        U = tried[row, best]
    return value(U), U
