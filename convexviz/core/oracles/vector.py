"""Oracles of vector outputs: M(V) = max over ||u|| = 1 and b of ||V^T (Xu + b)_+||_2 for V (n, K).

For fixed u the vector V^T (Xu + b)_+ is piecewise linear in b, and constant far out when 1^T V = 0; a norm is convex,
so it is greatest at a breakpoint: the neuron's hyperplane passes through a data point, whatever K.

On the line the breakpoints are all there is to look at. In the plane turn the line about each data point x_k: between
two meetings with other points V^T (.)_+ = G u(t), G = sum_active V_i (x_i - x_k)^T (K, 2) constant, and

    ||G u(t)||^2 = (A + C) / 2 + (A - C) / 2 cos 2t + B sin 2t,     G^T G = [[A, B], [B, C]],

peaks at t = atan2(2B, A - C) / 2, if that lies on the arc, else at an end. So M(V) is exact in O(n^2 (log n + K)) for
every number of outputs. Without biases the only pivot is the origin. In more dimensions see `vector_ascent`.

This goes beyond Ergen & Pilanci (2021), who treat vector outputs by relaxations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..network import Array
from .plane import VIOLATED

BLOCK = 100_000  # numbers per array of a block of pivots: few enough to stay in cache
KEPT = 4_000_000  # pairs (pivot, point) up to which all that does not depend on V is kept, 40 bytes each


class VectorOracle(Protocol):
    """Names neurons whose ||V^T (Xu + b)_+|| exceeds beta; `maximum` is M(V), proved if `exact`."""

    exact: bool

    def maximum(self, V: Array) -> float:
        """M(V) for V (n, K), 1^T V = 0 with biases."""
        ...

    def violated(self, V: Array, beta: float, most: int) -> tuple[float, Array, Array]:
        """M(V), and at most `most` neurons above beta, the worst first: U (k, d), b (k,)."""
        ...


class VectorLineOracle:
    """M(V) for X of shape (n, 1): neurons (x - t)_+ and (t - x)_+ at the data t, or (x)_+ and (-x)_+ without biases."""

    exact = True

    def __init__(self, X: Array, bias: bool = True) -> None:
        self.bias = bias
        self.knots, self._where = np.unique(X[:, 0], return_inverse=True)

    def heights(self, V: Array) -> Array:
        """||V^T (.)_+|| of the neurons facing right and left at each knot, (2, k); without biases (2, 1)."""
        mass = np.zeros((len(self.knots), V.shape[1]))
        np.add.at(mass, self._where.reshape(-1), V)
        if not self.bias:
            sides = np.maximum(np.outer([1.0, -1.0], self.knots), 0.0)
            lone: Array = np.linalg.norm(sides @ mass, axis=1)[:, None]
            return lone
        spacing = np.diff(self.knots)[:, None]
        right, left = np.zeros_like(mass), np.zeros_like(mass)
        above = np.cumsum(mass[::-1], axis=0)[::-1]
        right[:-1] = np.cumsum((spacing * above[1:])[::-1], axis=0)[::-1]
        left[1:] = np.cumsum(spacing * np.cumsum(mass, axis=0)[:-1], axis=0)
        sizes: Array = np.linalg.norm(np.stack([right, left]), axis=2)
        return sizes

    def maximum(self, V: Array) -> float:
        """M(V) for V (n, K), 1^T V = 0 with biases."""
        return float(self.heights(V).max())

    def violated(self, V: Array, beta: float, most: int) -> tuple[float, Array, Array]:
        """M(V), and at most `most` neurons above beta that top their neighbours: U (k, 1), b (k,)."""
        height = self.heights(V)
        padded = np.pad(height, ((0, 0), (1, 1)), constant_values=-np.inf)
        peak = (height >= padded[:, :-2]) & (height >= padded[:, 2:]) & (height > beta * (1 + VIOLATED))
        side, knot = np.nonzero(peak)
        worst = np.argsort(-height[side, knot], kind="stable")[:most]
        sign = 1.0 - 2.0 * side[worst]
        t = self.knots[knot[worst]] if self.bias else np.zeros(len(worst))
        return float(height.max()), sign[:, None], -sign * t


@dataclass(frozen=True, eq=False)
class _Turn:
    """Half a turn about a block of p pivots; the points in the order in which the line meets them."""

    order: np.ndarray  # (p, n)
    change: Array  # (p, n, 2) +-(x_i - x_k), by which G changes in V_i at the meeting
    active: Array  # (p, n, 2) x_i - x_k in the order of the data, zero for those not active at first
    start: Array  # (p, n + 1) angles between which the pattern holds
    end: Array


class VectorPlaneOracle:
    """M(V) for X of shape (n, 2), V (n, K), every K; sorts once, then O(n^2 K) a call."""

    exact = True

    def __init__(self, X: Array, bias: bool = True) -> None:
        self.X, self.bias = np.asarray(X, float), bias
        self.pivots = self.X if bias else np.zeros((1, 2))
        n, p = len(self.X), len(self.pivots)
        rows = max(1, BLOCK // n)
        self._blocks = [slice(start, min(start + rows, p)) for start in range(0, p, rows)]
        self._turns = [self._turn(block) for block in self._blocks] if n * p <= KEPT else None

    def _turn(self, block: slice) -> _Turn:
        offset = self.X - self.pivots[block, None]
        meeting = (np.arctan2(offset[..., 1], offset[..., 0]) + np.pi / 2) % (2 * np.pi)
        leaves = meeting < np.pi  # active from the start; the others enter when met
        meeting = np.where(leaves, meeting, meeting - np.pi).clip(0.0, np.pi)
        order = np.argsort(meeting, axis=1)
        change = np.where(leaves[..., None], -offset, offset)
        meeting = np.take_along_axis(meeting, order, axis=1)
        edge = np.zeros((len(offset), 1))
        return _Turn(
            order,
            np.take_along_axis(change, order[..., None], axis=1),
            np.where(leaves[..., None], offset, 0.0),
            np.hstack([edge, meeting]),
            np.hstack([meeting, edge + np.pi]),
        )

    def arcs(self, V: Array) -> tuple[Array, Array]:
        """Height and angle of the best neuron of every pivot (p, 2, n + 1), or the best arc of each pivot, (p,).

        With biases the best of each pivot; without, every arc of the only one.
        """
        heights, angles = [], []
        for i, block in enumerate(self._blocks):
            turn = self._turns[i] if self._turns else self._turn(block)
            height, angle = _best_on_arcs(turn, V, self.X, self.pivots[block])
            if self.bias:
                best = height.argmax(axis=1)[:, None]
                height, angle = np.take_along_axis(height, best, 1), np.take_along_axis(angle, best, 1)
            heights.append(height.ravel())
            angles.append(angle.ravel())
        return np.concatenate(heights), np.concatenate(angles)

    def maximum(self, V: Array) -> float:
        """M(V) for V (n, K), 1^T V = 0 with biases."""
        return float(self.arcs(V)[0].max())

    def violated(self, V: Array, beta: float, most: int) -> tuple[float, Array, Array]:
        """M(V), and at most `most` neurons above beta, the worst first, no two alike: U (k, 2), b (k,)."""
        height, angle = self.arcs(V)
        worst = np.argsort(-height, kind="stable")[: 4 * most]
        worst = worst[height[worst] > beta * (1 + VIOLATED)]
        U = np.column_stack([np.cos(angle[worst]), np.sin(angle[worst])])
        b = -(U * self.pivots[worst]).sum(axis=1) if self.bias else np.zeros(len(worst))
        first = first_of_pattern(self.X, U, b)[:most]
        return float(height.max()), U[first], b[first]


def first_of_pattern(X: Array, U: Array, b: Array) -> np.ndarray:
    """Indices of the first neuron of each activation pattern on X (n, d), in the order given."""
    if not len(U):
        return np.arange(0)
    active = np.packbits(X @ U.T + b > 1e-12 * np.abs(X).max(), axis=0)
    return np.sort(np.unique(active, axis=1, return_index=True)[1])


def _best_on_arcs(turn: _Turn, V: Array, X: Array, pivots: Array) -> tuple[Array, Array]:
    """Greatest ||G u|| on every arc of the whole turn and its angle, (p, 2 (n + 1)) each.

    Component by component of the output, so that no array of all of G is needed.
    """
    shape = turn.start.shape
    sums = np.zeros((2, 3, *shape))  # A, B, C of the half turn and of the other
    for v in V.T:
        G = np.empty((*shape, 2))
        G[:, 0] = v @ turn.active
        G[:, 1:] = v[turn.order][..., None] * turn.change
        np.cumsum(G, axis=1, out=G)
        rest = G - (v @ X - v.sum() * pivots)[:, None]  # what the other side of the line sums up to, negated
        for half, g in zip(sums, (G, rest), strict=True):
            half[0] += g[..., 0] ** 2
            half[1] += g[..., 0] * g[..., 1]
            half[2] += g[..., 1] ** 2
    middle, lean, B = (sums[:, 0] + sums[:, 2]) / 2, (sums[:, 0] - sums[:, 2]) / 2, sums[:, 1]
    ends = [middle + lean * np.cos(2 * t) + B * np.sin(2 * t) for t in (turn.start, turn.end)]
    peak = (np.arctan2(B, lean) / 2) % np.pi
    inside = (turn.start <= peak) & (peak <= turn.end)
    square = np.where(inside, middle + np.hypot(lean, B), np.maximum(*ends))
    angle = np.where(inside, peak, np.where(ends[0] >= ends[1], turn.start, turn.end))
    angle[1] += np.pi
    height = np.sqrt(np.maximum(square, 0.0))
    return np.concatenate(list(height), axis=1), np.concatenate(list(angle), axis=1)
