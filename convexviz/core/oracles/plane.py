"""Exact oracle in the plane: M(v) = max over ||u|| = 1 and b of |sum_i v_i (u . x_i + b)_+|, in O(n^2 log n).

For fixed u the sum is piecewise linear in b and bounded when sum v = 0, so the best line u.x + b = 0 passes through a
data point x_k, the pivot. Turn u(t) = (cos t, sin t) about the pivot: points enter and leave the active side at the
angles orthogonal to d_i = x_i - x_k, and between two such angles N = G . u(t) with the constant G = sum_active v_i d_i.
The best angle of an arc is that of G itself if it lies inside, else an end. Half a turn suffices, as the other half has
the complementary active set: N(t + pi) = (G - T) . u(t) with T = sum_i v_i d_i.

This goes beyond Ergen & Pilanci (2021), who relax the problem; the sweep is the classical rotating line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array

BLOCK = 400_000  # pairs (pivot, point) handled at once: some 30 MB of working arrays
KEPT_PAIRS = 2_300_000  # up to here the sorted angles, which do not depend on v, are kept: 1500 points, 100 MB
TURN = np.pi
VIOLATED = 1e-10  # excess over beta, relative, that is rounding


@dataclass(frozen=True, eq=False)
class PlaneDual:
    """The most violating neurons of every pivot.

    Attributes
    ----------
    pivots : (p,) indices of the data points the lines pass through.
    high, low : (p,) greatest and least N_v of the lines through each pivot.
    high_angle, low_angle : (p,) their angles; u = (cos, sin), b = -u . x_pivot.
    """

    pivots: np.ndarray
    high: Array
    low: Array
    high_angle: Array
    low_angle: Array

    @property
    def maximum(self) -> float:
        """M(v), exact up to rounding."""
        return float(max(self.high.max(initial=0.0), -self.low.min(initial=0.0)))


@dataclass(frozen=True, eq=False)
class _Sweep:
    """Points sorted by the angle at which they cross the line through each pivot of a block, (p, n) each."""

    order: np.ndarray
    angle: Array
    cos: Array
    sin: Array
    leave: Array  # -1 where the point leaves the active side there, +1 where it enters
    dx: Array
    dy: Array


class PlaneOracle:
    """M(v) for data X of shape (n, 2); sorts once, then O(n^2) a call."""

    exact = True

    def __init__(self, X: Array) -> None:
        self.X = np.asarray(X, float)
        n = len(self.X)
        rows = max(1, BLOCK // max(n, 1))
        self._blocks = [np.arange(start, min(start + rows, n)) for start in range(0, n, rows)]
        self._kept = {i: self._sort(b) for i, b in enumerate(self._blocks)} if n * n <= KEPT_PAIRS else {}

    def _sort(self, pivots: np.ndarray) -> _Sweep:
        dx = self.X[None, :, 0] - self.X[pivots, 0][:, None]
        dy = self.X[None, :, 1] - self.X[pivots, 1][:, None]
        # u(t).d falls through zero at the angle of d plus a quarter turn. If that lies in this half turn the point
        # leaves there; else it enters half a turn earlier or later. Both follow from one number, so rounding cannot
        # make them disagree.
        leaves_at = np.arctan2(dx, -dy)
        first = (leaves_at >= 0.0) & (leaves_at < TURN)
        crossing = np.where(first, leaves_at, np.where(leaves_at < 0.0, leaves_at + TURN, 0.0))
        order = np.argsort(crossing, axis=1).astype(np.int32)
        angle = np.take_along_axis(crossing, order, axis=1)
        sorted_first = np.take_along_axis(first, order, axis=1)
        return _Sweep(
            order,
            angle,
            np.cos(angle),
            np.sin(angle),
            np.where(sorted_first, -1.0, 1.0),
            np.take_along_axis(dx, order, axis=1),
            np.take_along_axis(dy, order, axis=1),
        )

    def best_lines(self, v: Array) -> PlaneDual:
        """The best and the worst line through every data point, for `v` (n,) with sum v = 0."""
        parts = [self._turn(i, pivots, v) for i, pivots in enumerate(self._blocks)]
        stacked = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return PlaneDual(np.arange(len(self.X)), *stacked)

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,), sum v = 0."""
        return self.best_lines(v).maximum

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, 2), b (k,), sign (k,)."""
        lines = self.best_lines(v)
        chosen: list[tuple[Array, Array, Array]] = []
        for height, angle, sign in ((lines.high, lines.high_angle, 1.0), (-lines.low, lines.low_angle, -1.0)):
            worst = np.argsort(-height, kind="stable")[:most]
            worst = worst[height[worst] > beta * (1 + VIOLATED)]
            chosen.append((worst, angle[worst], np.full(len(worst), sign)))
        pivots, angles, signs = (np.concatenate(column) for column in zip(*chosen, strict=True))
        U = np.column_stack([np.cos(angles), np.sin(angles)])
        return lines.maximum, U, -np.einsum("kd,kd->k", U, self.X[pivots]), signs

    def _turn(self, block: int, pivots: np.ndarray, v: Array) -> tuple[Array, Array, Array, Array]:
        sweep = self._kept.get(block) or self._sort(pivots)
        weight = v[sweep.order]
        vx, vy = weight * sweep.dx, weight * sweep.dy
        active = sweep.leave < 0
        start_x, start_y = (vx * active).sum(axis=1, keepdims=True), (vy * active).sum(axis=1, keepdims=True)
        total_x, total_y = vx.sum(axis=1, keepdims=True), vy.sum(axis=1, keepdims=True)
        # G on the arc that begins at each crossing; before the first crossing it is the start's, which by
        # N(t + pi) = (G - T).u(t) is the arc after the last crossing of the other half turn.
        gx = start_x + np.cumsum(sweep.leave * vx, axis=1)
        gy = start_y + np.cumsum(sweep.leave * vy, axis=1)
        halves = [self._arcs(sweep, gx, gy), self._arcs(sweep, gx - total_x, gy - total_y, turned=True)]
        high = np.stack([half[0] for half in halves])
        low = np.stack([half[2] for half in halves])
        row = np.arange(len(pivots))
        top, bottom = high.argmax(axis=0), low.argmin(axis=0)
        high_angle = np.stack([half[1] for half in halves])[top, row]
        low_angle = np.stack([half[3] for half in halves])[bottom, row]
        return high[top, row], low[bottom, row], high_angle, low_angle

    def _arcs(self, sweep: _Sweep, gx: Array, gy: Array, turned: bool = False) -> tuple[Array, Array, Array, Array]:
        """Greatest and least G.u(t) over the arcs that begin at the crossings, with their angles (full turn)."""
        ends = gx * sweep.cos + gy * sweep.sin
        rate = gy * sweep.cos - gx * sweep.sin
        # The last arc runs to half a turn past the first crossing, where cosine and sine change their sign.
        until = gy * np.roll(sweep.cos, -1, axis=1) - gx * np.roll(sweep.sin, -1, axis=1)
        until[:, -1] *= -1.0
        inside = rate * until < 0.0  # the derivative changes sign on the arc: G's own direction, or its opposite
        value = np.where(inside, np.copysign(np.hypot(gx, gy), rate), ends)
        shift = TURN if turned else 0.0
        found = []
        for sign in (1.0, -1.0):
            row, peak, end = np.arange(len(ends)), (sign * value).argmax(axis=1), (sign * ends).argmax(axis=1)
            at_peak = sign * value[row, peak] > sign * ends[row, end]
            own = np.arctan2(sign * gy[row, peak], sign * gx[row, peak])
            found.append(np.where(at_peak, value[row, peak], ends[row, end]))
            found.append(np.where(at_peak, own, sweep.angle[row, end]) + shift)
        return found[0], found[1], found[2], found[3]
