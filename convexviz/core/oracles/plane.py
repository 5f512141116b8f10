"""Exact oracle in the plane: M(v) = max over ||u|| = 1 and b of |sum_i v_i (u . x_i + b)_+|, in O(n^2) once sorted.

For fixed u the sum is piecewise linear in b and bounded when sum v = 0, so the best line u.x + b = 0 passes through a
data point x_k, the pivot. Turn the line about the pivot by half a turn, from pointing down over right to up: its
direction e meets every other point x_i once, at e_i = +-(x_i - x_k) / r_i, and they do so in the order of the slopes.
The active side lies to the left, u = (-e_y, e_x). A point ahead leaves it, a point behind enters it; both change
G = sum_active v_i (x_i - x_k) by -v_i r_i e_i. Between two meetings N = G . u with G constant, and since the sides swap
after half a turn,

    G = H + T/2,   H = (sum of v_i r_i e_i over those still to come - over those met) / 2,   T = sum_i v_i (x_i - x_k),

in this half turn, and N = (H - T/2) . u in the other. The greater of the two at a meeting is H . u + |T . u| / 2.
On an arc the greatest N is |G| if u passes the direction of G there, else at an end. Such a peak is at most the higher
end over cos(width / 2), so few arcs have to be looked at: those whose end comes close enough to the highest, and the
widest arc. All others are at most a quarter turn wide.

This goes beyond Ergen & Pilanci (2021), who relax the problem; the sweep is the classical rotating line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..network import Array
from ..numerics import clock
from .maxima import Maxima

BLOCK = 64_000  # pairs (pivot, point) handled at once: few enough to stay in cache, enough to outweigh the overhead
LANES, SHORTEST = 12, 20  # the meetings are summed in at most so many lanes side by side, of about so many or more
KEPT_SWEEPS = 8_000_000  # pairs up to which all that does not depend on v is kept, 26 bytes each: 2800 points, 200 MB
KEPT_ORDERS = 100_000_000  # pairs up to which the order is kept, 2 bytes each: 10,000 points, 200 MB
SIDES = np.array([[1.0], [-1.0]])  # u in the half turn described above, then -u in the other
VIOLATED = 1e-10  # excess over beta, relative, that is rounding
MANY = 800  # points from which a full sweep is dear enough that the pivots violating most are asked again before it
FEW = 12  # these are at most one in so many


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
    """The meetings of a block of pivots. Meeting c L + i of pivot k is at [i, k, c] of arrays of shape (L, p, m)."""

    pivots: np.ndarray  # (p,)
    order: np.ndarray  # (L, p, m) the point met
    r: Array  # (L, p, m) its distance
    e: Array  # (2, L, p, m) direction of the line
    widest: np.ndarray  # (p,) flat index of the meeting at which the widest arc begins
    shrink: Array  # (p,) cos(width / 2) of the second widest


class PlaneOracle:
    """M(v) for data X of shape (n, 2); sorts once, at the first call, then O(n^2) a call.

    A call that the `deadline` (see `clock`) cuts short has no answer: it returns infinity, and `exact` says so.
    """

    def __init__(self, X: Array, deadline: float = clock.NEVER) -> None:
        self.X = np.asarray(X, float)
        self.exact, self.dear = True, MANY
        self._deadline = deadline
        n = len(self.X)
        # From left to right, of one abscissa from above to below: then what comes before a pivot lies to its left.
        self._points = np.lexsort((-self.X[:, 1], self.X[:, 0]))
        self._unit = _power_of_two(float(np.ptp(self.X, axis=0).max(initial=0.0)))
        self._x, self._y = np.ascontiguousarray((self.X[self._points] / self._unit).T)
        self._lanes = min(LANES, 1 + n // SHORTEST)
        self._rows = max(1, BLOCK // max(n, 1))
        self._blocks = [np.arange(start, min(start + self._rows, n)) for start in range(0, n, self._rows)]
        self._orders: dict[int, np.ndarray] = {}
        self._sweeps: dict[int, _Sweep] = {}
        self._arcs: dict[int, tuple[np.ndarray, Array]] = {}
        self._hot: list[_Sweep] = []
        self._known = Maxima(float(np.linalg.norm(np.ptp(self.X, axis=0))))

    def _order(self, pivots: np.ndarray) -> np.ndarray:
        """The points in the order in which the lines through the pivots meet them, in lanes (L, p, m)."""
        dx, dy = self._x - self._x[pivots, None], self._y - self._y[pivots, None]
        np.negative(dy, out=dy, where=np.arange(len(self.X)) < pivots[:, None])
        np.abs(dx, out=dx)
        with np.errstate(over="ignore"):
            slope = np.divide(dy, dx, out=np.full_like(dx, -np.inf), where=dx > 0.0)
        # The pivot itself, which counts nowhere, fills the lanes up in front.
        fill = np.broadcast_to(pivots[:, None], (len(pivots), -len(self.X) % self._lanes))
        order = np.hstack([fill, np.argsort(slope, axis=1)])
        lanes = order.reshape(len(pivots), -1, self._lanes).transpose(2, 0, 1)
        return np.ascontiguousarray(lanes, np.int16 if len(self.X) < 2**15 else np.int32)

    def _block_order(self, block: int) -> np.ndarray:
        """That of a block of pivots, kept where there is room."""
        if block in self._orders:
            return self._orders[block]
        order = self._order(self._blocks[block])
        if len(self.X) ** 2 <= KEPT_ORDERS:
            self._orders[block] = order
        return order

    def _block_sweep(self, block: int) -> _Sweep:
        """That of a block of pivots, kept where there is room; its arcs are kept in any case."""
        if block in self._sweeps:
            return self._sweeps[block]
        sweep = self._sweep(self._blocks[block], self._block_order(block), self._arcs.get(block))
        self._arcs[block] = sweep.widest, sweep.shrink
        if len(self.X) ** 2 <= KEPT_SWEEPS:
            self._sweeps[block] = sweep
        return sweep

    def _sweep(self, pivots: np.ndarray, order: np.ndarray, arcs: tuple[np.ndarray, Array] | None = None) -> _Sweep:
        e, (dx, dy) = np.empty((2, *order.shape)), (c.take(order, mode="clip") for c in (self._x, self._y))
        dx -= self._x[pivots, None]
        dy -= self._y[pivots, None]
        right = np.where(order < pivots[:, None].astype(order.dtype), -1.0, 1.0)
        dx *= right
        dy *= right
        r = dx * dx
        np.multiply(dy, dy, out=right)
        r += right
        np.sqrt(r, out=r)
        there = np.flatnonzero(r == 0.0)  # a point at the pivot is met at once
        r.ravel()[there] = 1.0
        np.divide(dx, r, out=e[0])
        np.divide(dy, r, out=e[1])
        e[1].ravel()[there] = -1.0
        r.ravel()[there] = 0.0
        return _Sweep(pivots, order, r, e, *(arcs or _arcs(e)))

    def best_lines(self, v: Array) -> PlaneDual:
        """The best and the worst line through every data point, for `v` (n,) with sum v = 0."""
        lines = self._turned((self._block_sweep(i) for i in range(len(self._blocks))), v)
        self.exact = len(lines.pivots) == len(self.X)
        where = np.argsort(lines.pivots)
        return PlaneDual(*(field[where] for field in vars(lines).values()))

    def _turned(self, sweeps: Iterable[_Sweep], v: Array) -> PlaneDual:
        """The best and the worst line through the pivots of the sweeps, as far as the time allows."""
        v = v[self._points]
        # From the corner of the data, so that no offset rounds.
        half = 0.5 * np.array([v @ (self._x - self._x[0]), v @ (self._y - self._y[0])])
        work, parts, pivots, before = np.empty(0), [], [np.zeros(0, int)], 0
        for sweep in sweeps:
            if clock.passed(self._deadline):
                break
            if work.size != 5 * sweep.r.size:
                work = np.empty((5, *sweep.r.shape))
            parts.append(_turn(sweep, v, half, before, work))
            pivots.append(sweep.pivots)
            before += len(sweep.pivots)
        at = self._points[np.concatenate(pivots)]
        if not parts:
            return PlaneDual(at, *np.zeros((4, 0)))
        best, e, pivot, H, e_start, e_end = (np.concatenate(column, axis=-1) for column in zip(*parts, strict=True))
        side = np.where(half[1] * e[0] >= half[0] * e[1], 1.0, -1.0) * SIDES
        angle = np.arctan2(side * e[0], -side * e[1])
        _raise_to_peaks(best, angle, pivot, H[:, None] + SIDES * half[:, None, None], e_start, e_end)
        return PlaneDual(at, self._unit * best[0], -self._unit * best[1], angle[0], angle[1])

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,), sum v = 0; of a multiple of a vector that is known there is nothing to compute."""
        known = self._known.recalled(v)
        if known is not None:
            self.exact = True
            return known
        lines = self.best_lines(v)
        return self._known.learned(v, lines.maximum) if self.exact else np.inf

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, 2), b (k,), sign (k,)."""
        lines = self.best_lines(v)
        maximum = self._known.learned(v, lines.maximum) if self.exact else np.inf
        if self.exact:
            self._heat(lines, beta)
        return maximum, *self._neurons(lines, beta, most)

    def part(self, index: np.ndarray) -> PlaneOracle:
        """The oracle of some of the points."""
        return PlaneOracle(self.X[index], self._deadline)

    def again(self, v: Array, beta: float, most: int) -> tuple[Array, Array, Array]:
        """As `violated`, among the points through which the last full sweep found the most violating lines: cheap."""
        return self._neurons(self._turned(self._hot, v), beta, most)

    def _heat(self, lines: PlaneDual, beta: float) -> None:
        """Keep at hand the pivots that violate most, where they are few among all."""
        height = np.maximum(lines.high, -lines.low)
        order = np.argsort(-height, kind="stable")[: len(self.X) // FEW]
        hot = np.flatnonzero(np.isin(self._points, order[height[order] > beta * (1 + VIOLATED)]))
        if len(self.X) < MANY or len(self.X) ** 2 > KEPT_ORDERS:
            hot = hot[:0]
        parts = [hot[i : i + self._rows] for i in range(0, len(hot), self._rows)]
        self._hot = [self._sweep(part, self._rows_of(part)) for part in parts]

    def _rows_of(self, pivots: np.ndarray) -> np.ndarray:
        """The orders of these pivots, from those of their blocks."""
        rows = [self._orders[k // self._rows][:, k % self._rows] for k in pivots.tolist()]
        return np.ascontiguousarray(np.stack(rows, axis=1))

    def _neurons(self, lines: PlaneDual, beta: float, most: int) -> tuple[Array, Array, Array]:
        height = np.stack([lines.high, -lines.low])
        worst = np.argsort(-height, axis=1, kind="stable")[:, :most]
        side, rank = np.nonzero(np.take_along_axis(height, worst, axis=1) > beta * (1 + VIOLATED))
        which = worst[side, rank]
        angles = np.where(side == 0, lines.high_angle[which], lines.low_angle[which])
        U = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return U, -(U * self.X[lines.pivots[which]]).sum(axis=1), 1.0 - 2.0 * side


def _power_of_two(size: float) -> float:
    """The power of two next to a length, by which coordinates are divided without rounding."""
    return float(2.0 ** np.round(np.log2(size))) if size > 0.0 else 1.0


def _arcs(e: Array) -> tuple[np.ndarray, Array]:
    """Flat index of the widest arc of every pivot, and cos(width / 2) of the second widest, (p,) each."""
    # The last arc runs to half a turn past the first meeting, where e changes its sign.
    wrapped = np.concatenate([e[:, :1, :, 1:], -e[:, :1, :, :1]], axis=3)
    x, y = e * np.concatenate([e[:, 1:], wrapped], axis=1)
    cosine = x + y  # of the width of each arc
    widest = _highest(-cosine[None])[1][0]
    cosine.ravel()[widest] = 1.0
    return widest, np.sqrt(0.5 + 0.5 * cosine.min(axis=(0, 2)).clip(0.0, 1.0))


def _turn(sweep: _Sweep, v: Array, half: Array, first: int, work: Array) -> tuple[Array, ...]:
    """The block's greatest N and -N at a meeting (2, p), e there (2, 2, p), and the arcs that may hold a peak.

    Of these the pivot (a,), counted from `first`, H (2, a), and e at both ends (2, a). `half` is T/2 (2,), `work`
    (5, L, p, m) is room.
    """
    H, ends, spare, across, tilt = work[:2], work[2:4], work[2], work[3], work[4]
    np.take(-v, sweep.order, out=spare, mode="clip")
    spare *= sweep.r
    np.multiply(spare, sweep.e, out=H)
    _sum_up(H)
    _dot_normal(H, sweep.e, across, spare)
    _dot_normal(half, sweep.e, tilt, spare)
    np.abs(tilt, out=tilt)
    np.add(tilt, across, out=ends[0])
    np.subtract(tilt, across, out=ends[1])
    best, top = _highest(ends)
    # Where the highest end is not above zero there is no peak either.
    near = ends >= np.where(best > 0.0, best * sweep.shrink, np.inf)[:, None, :, None]
    meeting = np.flatnonzero(near[0] | near[1])
    ahead, behind, turn = _neighbours(*sweep.r.shape)
    start = np.concatenate([meeting, behind[meeting], sweep.widest])
    end = ahead[start]
    e = sweep.e.reshape(2, -1)
    arcs = H.reshape(2, -1).take(start, axis=1), e.take(start, axis=1), e.take(end, axis=1) * turn[end]
    _, p, m = tilt.shape
    return best, e.take(top, axis=1), start // m % p + first, *arcs


@lru_cache(maxsize=8)
def _neighbours(L: int, p: int, m: int) -> tuple[np.ndarray, np.ndarray, Array]:
    """Of each meeting, by flat index: the flat index of the next and of the one before; the sign of e on arrival."""
    index = np.arange(L * p * m, dtype=np.int32).reshape(L, p, m).transpose(1, 2, 0).reshape(p, L * m)
    ahead, behind, turn = np.empty(index.size, np.int32), np.empty(index.size, np.int32), np.ones(index.size)
    ahead[index], behind[index] = np.roll(index, -1, axis=1), np.roll(index, 1, axis=1)
    turn[index[:, 0]] = -1.0
    return ahead, behind, turn


def _sum_up(H: Array) -> None:
    """From -v_i r_i e_i (2, L, p, m) to H after each meeting, in place: along the lanes, then from lane to lane."""
    for i in range(1, H.shape[1]):
        H[:, i] += H[:, i - 1]
    through = H[:, -1].cumsum(axis=2)
    before = through - H[:, -1] - 0.5 * through[:, :, -1:]
    H += before[:, None]


def _dot_normal(g: Array, e: Array, out: Array, spare: Array) -> None:
    """g . u with the normal u = (-e_y, e_x)."""
    np.multiply(g[1], e[0], out=out)
    np.multiply(g[0], e[1], out=spare)
    out -= spare


def _highest(ends: Array) -> tuple[Array, np.ndarray]:
    """Greatest of `ends` (s, L, p, m) along L and m, and its flat index, both (s, p)."""
    signs, _, p, m = ends.shape
    sign, k = np.arange(signs)[:, None], np.arange(p)
    tops = ends.max(axis=1)
    c = tops.argmax(axis=2)
    i = ends[sign, :, k, c].argmax(axis=2)
    return tops[sign, k, c], (i * p + k) * m + c


def _raise_to_peaks(best: Array, angle: Array, pivot: np.ndarray, G: Array, e_start: Array, e_end: Array) -> None:
    """Raise `best` (2, n), with its `angle`, to |G| where N = G . u peaks inside an arc; G (2, 2, a) on both sides."""
    falling = (G * e_start[:, None]).sum(axis=0)  # -dN/dt
    side, arc = np.nonzero(np.sign(falling) * (G * e_end[:, None]).sum(axis=0) < 0.0)
    x, y = G[:, side, arc]
    least = (falling[side, arc] > 0.0).astype(int)
    at = least, pivot[arc]
    height = np.hypot(x, y)
    np.maximum.at(best, at, height)
    won = height >= best[at]
    turn = np.where(side == least, 1.0, -1.0)
    angle[least[won], at[1][won]] = np.arctan2(turn * y, turn * x)[won]
