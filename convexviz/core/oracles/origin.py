"""Exact oracles of the bias-free problem: every neuron's line passes through the origin.

On the line only two unit neurons exist, (x)_+ and (-x)_+. In the plane u(t) = (cos t, sin t) turns about the origin:
a point is active for half a turn, between the events N_v = G . u(t) with constant G = sum_active v_i x_i, and the best
angle of an arc is G's own direction if it lies inside, else an end. O(n log n).
"""

from __future__ import annotations

import numpy as np

from ..network import Array
from .plane import VIOLATED


class OriginOracle:
    """M(v) = max(|sum v_i (x_i)_+|, |sum v_i (-x_i)_+|) for X of shape (n, 1); v is free of sum v = 0."""

    exact = True

    def __init__(self, X: Array) -> None:
        self._features = np.maximum(np.column_stack([X[:, 0], -X[:, 0]]), 0.0)

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,)."""
        return float(np.abs(self._features.T @ v).max())

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and those of the two neurons with |N_v| > beta: U (k, 1), b = 0 (k,), sign (k,)."""
        N = self._features.T @ v
        above = np.abs(N) > beta
        return float(np.abs(N).max()), np.array([[1.0], [-1.0]])[above], np.zeros(int(above.sum())), np.sign(N[above])


class OriginPlaneOracle:
    """M(v) = max over u on the circle of |sum v_i (u . x_i)_+| for X of shape (n, 2)."""

    exact = True

    def __init__(self, X: Array) -> None:
        self.X = np.asarray(X, float)
        middle = np.arctan2(self.X[:, 1], self.X[:, 0])
        events = np.concatenate([middle - np.pi / 2, middle + np.pi / 2]) % (2 * np.pi)
        self._order = np.argsort(events, kind="stable")
        self._start = events[self._order]
        self._end = np.append(self._start[1:], self._start[0] + 2 * np.pi)
        # A point that the turn begins inside of is active before the first event.
        self._at_first = (events[: len(X)] > events[len(X) :]).astype(float)

    def best_directions(self, v: Array) -> tuple[Array, Array, Array, Array]:
        """On every arc between events the greatest N_v and its angle, the least N_v and its angle; (2n,) each."""
        steps = np.vstack([v[:, None] * self.X, -v[:, None] * self.X])[self._order]
        G = (self._at_first * v) @ self.X + np.cumsum(steps, axis=0)
        return *self._peaks(G, 1.0), *self._peaks(G, -1.0)

    def _peaks(self, G: Array, sign: float) -> tuple[Array, Array]:
        own = np.arctan2(sign * G[:, 1], sign * G[:, 0]) % (2 * np.pi)
        own = np.where(own < self._start, own + 2 * np.pi, own)
        at = [np.stack([np.cos(t), np.sin(t)], axis=1) for t in (self._start, self._end)]
        ends = np.stack([np.einsum("kd,kd->k", G, u) for u in at])
        better = (sign * ends).argmax(axis=0)
        edge, column = np.where(better, self._end, self._start), np.arange(len(G))
        inside = own <= self._end
        value = np.where(inside, sign * np.hypot(G[:, 0], G[:, 1]), ends[better, column])
        return value, np.where(inside, own, edge)

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,); no sum v = 0 is asked for."""
        high, _, low, _ = self.best_directions(v)
        return float(max(high.max(initial=0.0), -low.min(initial=0.0)))

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, 2), b = 0 (k,), sign (k,)."""
        high, high_angle, low, low_angle = self.best_directions(v)
        angles, signs = [], []
        for height, angle, sign in ((high, high_angle, 1.0), (-low, low_angle, -1.0)):
            worst = np.argsort(-height, kind="stable")[:most]
            worst = worst[height[worst] > beta * (1 + VIOLATED)]
            angles.append(angle[worst])
            signs.append(np.full(len(worst), sign))
        t, sign_of = np.concatenate(angles), np.concatenate(signs)
        U = np.column_stack([np.cos(t), np.sin(t)])
        return float(max(high.max(initial=0.0), -low.min(initial=0.0))), U, np.zeros(len(t)), sign_of
