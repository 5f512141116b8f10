"""Exact oracle in space: M(v) = max over ||u|| = 1 and b of |sum_i v_i (u . x_i + b)_+| for X (n, 3), in O(n^3 log n).

For fixed u the sum is piecewise linear in b and bounded when sum v = 0, so the best plane passes through a data point
x_k, the pivot. With d_i = x_i - x_k the great circles u . d_i = 0 cut the sphere into cells, and on each of them
N = G . u with constant G = sum_active v_i d_i. Hence the greatest N on a closed cell is found

1. inside: at u* = G / |G|, and it is |G|;
2. inside an edge, on the circle of some x_l: the plane turns about the axis a through x_k and x_l. Seen along a this is
   the line that turns about a point of the plane, see `plane`: it peaks where the projection G' of G along a points;
3. at a vertex: where the plane, turning about an axis, meets a third point.

Sweeping about the axes of all pairs finds 2 and 3. It finds 1 too: let e be the edge nearest to u*. The greatest cap
about u* that fits into the cell touches its boundary there, at the foot of the perpendicular from u* to the circle of
e. No vertex can be that point (both its edges would be tangents of the cap in one point), so the foot lies inside e,
and as the foot is the direction of G', the sweep has a peak of kind 2 on e. So at every peak look at the cells on both
sides of the circle, for both pivots: their G have the G' of the peak and differ along a. Whether u* lies in its cell
need not be asked: N is evaluated at u*, and the claim |G| only tells in what order, and when to stop.

The argument needs a foot less than a quarter turn away, which only a cell of half the sphere lacks: points on one line.
Those, and points in one plane, are handed to the sweep of the plane; equal points are one point, their v added.
The least N comes along: it is the greatest for -v. So does the other half turn about an axis, see `plane`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array
from ..numerics import clock
from ..rank import reduce_rank
from .maxima import Maxima
from .plane import VIOLATED, PlaneOracle

BLOCK = 64_000  # triples (axis, point) handled at once: few enough to stay in cache
KEPT = 4_000_000  # triples up to which all that does not depend on v is kept, 42 bytes each: 200 points, 170 MB
# Cells between the circles of points this near to one axis are left out: M falls by its square at most, relative.
ON_AXIS = 1e-9  # distance from an axis, relative to the spread of the points, below which a point lies on it
TINY = 1e-150  # distance at which the pivot itself, to have a direction, is met at once; its square is no zero
NEAR_PEAK = 1e-8  # slope at an end of an arc, relative to sum |v| spread, whose sign may be rounding
CLOSE = 1e-12  # a claim above the best value by less than this, relative, need not be looked at
KEPT_ORDERS = 100_000_000  # triples up to which the order is kept, 2 bytes each: 580 points, 200 MB
MANY = 60  # points from which a full search is dear enough that the axes violating most are asked again before it
FEW = 24  # these are at most one in so many
AT_ONCE = 256  # claims evaluated together
LEAST = 16  # claims of each sign looked at in every block where cuts are wanted, so that these are many


@dataclass(frozen=True, eq=False)
class Planes:
    """Planes through the data with their heights sign N_v: U (k, 3), pivots (k,), sign (k,), heights (k,)."""

    U: Array
    pivots: np.ndarray
    sign: Array
    heights: Array

    @staticmethod
    def joined(parts: list[Planes]) -> Planes:
        """All of them."""
        fields = zip(*((p.U, p.pivots, p.sign, p.heights) for p in parts), strict=True)
        return Planes(*(np.concatenate(field) for field in fields))

    def at(self, index: np.ndarray) -> Planes:
        """Those of an index or mask."""
        return Planes(self.U[index], self.pivots[index], self.sign[index], self.heights[index])


@dataclass(frozen=True, eq=False)
class _Sweep:
    """A block of p axes, and the points in the order in which the plane that turns about each meets them."""

    k: np.ndarray  # (p,) the axis leads from x_k
    l: np.ndarray  # (p,) to x_l  # noqa: E741
    length: Array  # (p,) of x_l - x_k
    frame: Array  # (p, 3, 3) rows: two directions across the axis, and its own
    order: np.ndarray  # (p, n) the point met
    D: Array  # (4, p, n) s (x, y, height, 1) of it, s = +-1 so that (x, y) points right; last two 0 on the axis
    inverse: Array  # (p, n) 1 / |(x, y)|
    on: tuple[np.ndarray, np.ndarray, Array]  # axis, point and height of the points on an axis


NO_PLANES = Planes(np.empty((0, 3)), np.empty(0, int), np.empty(0), np.empty(0))


class SpaceOracle:
    """M(v) for data X of shape (n, 3); with biases, so v satisfies sum v = 0.

    A call that the `deadline` (see `clock`) cuts short has no answer: it returns infinity, and `exact` says so.
    """

    def __init__(self, X: Array, deadline: float = clock.NEVER) -> None:
        self.X = np.asarray(X, float)
        self.exact, self.dear = True, MANY
        self._deadline = deadline
        if self.X.ndim != 2 or self.X.shape[1] != 3:
            raise ValueError(
                f"X must have shape (n, 3), got {self.X.shape}; use reduce_rank(X).Z for points of rank three."
            )
        self._flat = reduce_rank(self.X)
        if self._flat.rank < 3:
            Z = self._flat.Z
            self._plane = PlaneOracle(np.column_stack([Z, np.zeros(len(Z))])[:, :2], deadline)
            return
        self._points, where = np.unique(self.X, axis=0, return_inverse=True)
        self._where = where.reshape(-1)
        self._spread = float(np.linalg.norm(np.ptp(self._points, axis=0)))
        n = len(self._points)
        self._pairs = np.triu_indices(n, 1)
        self._rows = max(1, BLOCK // n)
        self._starts = range(0, len(self._pairs[0]), self._rows)
        self._orders: dict[int, np.ndarray] = {}
        self._kept: dict[int, _Sweep] = {}
        self._hot: list[_Sweep] = []
        self._known = Maxima(self._spread)

    def maximum(self, v: Array) -> float:
        """M(v) for `v` (n,), sum v = 0."""
        if self._flat.rank < 3:
            maximum = self._plane.maximum(v)
            self.exact = self._plane.exact
            return maximum
        known = self._known.recalled(v)
        if known is not None:
            self.exact = True
            return known
        found = self._search(v, 0)
        return self._known.learned(v, float(found.heights.max(initial=0.0))) if self.exact else np.inf

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, 3), b (k,), sign (k,).

        The best plane of every pivot, the highest first.
        """
        if self._flat.rank < 3:
            maximum, U, b, sign = self._plane.violated(v, beta, most)
            self.exact = self._plane.exact
            U = U[:, : self._flat.rank] @ self._flat.basis
            norm = np.linalg.norm(U, axis=1)
            return maximum, U / norm[:, None], (b - U @ self._flat.centre) / norm, sign
        found = self._search(v, LEAST, heat=beta)
        maximum = self._known.learned(v, float(found.heights.max(initial=0.0))) if self.exact else np.inf
        return maximum, *self._neurons(found, beta, most)

    def part(self, index: np.ndarray) -> SpaceOracle:
        """The oracle of some of the points."""
        return SpaceOracle(self.X[index], self._deadline)

    def again(self, v: Array, beta: float, most: int) -> tuple[Array, Array, Array]:
        """As `violated`, on the axes on which the last full search found the most violating planes: cheap."""
        if self._flat.rank < 3 or not self._hot:
            return np.empty((0, 3)), np.empty(0), np.empty(0)
        v = np.bincount(self._where, weights=v, minlength=len(self._points))
        return self._neurons(Planes.joined([self._heights(sweep, v, 0.0, LEAST) for sweep in self._hot]), beta, most)

    def _neurons(self, found: Planes, beta: float, most: int) -> tuple[Array, Array, Array]:
        found = found.at(found.heights > beta * (1 + VIOLATED))
        chosen = Planes.joined([_best_of_pivots(found.at(found.sign == s), most) for s in (1.0, -1.0)])
        return chosen.U, -(chosen.U * self._points[chosen.pivots]).sum(axis=1), chosen.sign

    def _search(self, v: Array, least: int, heat: float = np.inf) -> Planes:
        """Heights on all axes, and those of the cells that may top them or are among the `least` that claim most.

        The axes with heights above `heat` are kept at hand for `again`.
        """
        v = np.bincount(self._where, weights=v, minlength=len(self._points))
        parts: list[Planes] = []
        tops, best = [np.zeros(0)], 0.0
        self.exact = False
        for start in self._starts:
            if clock.passed(self._deadline):
                return Planes.joined([*parts, NO_PLANES])
            sweep = self._block_sweep(start)
            found = self._heights(sweep, v, best, least)
            best = max(best, float(found.heights.max(initial=0.0)))
            parts.append(found if least else found.at(found.heights >= best))
            tops.append(found.heights[: 2 * len(sweep.k)].reshape(2, -1).max(axis=0))  # the edges come first
        self.exact = True
        if least and len(self._points) >= MANY:
            self._heat(np.concatenate(tops), heat)
        return Planes.joined(parts)

    def _heat(self, tops: Array, level: float) -> None:
        """Keep the axes at hand whose edges reach highest, where they are few among all."""
        order = np.argsort(-tops, kind="stable")[: len(tops) // FEW]
        hot = np.sort(order[tops[order] > level * (1 + VIOLATED)])
        self._hot = [self._sweep(hot[i : i + self._rows]) for i in range(0, len(hot), self._rows)]

    def _block_sweep(self, start: int) -> _Sweep:
        """That of the axes from `start` on; what does not depend on v is kept where there is room."""
        if start in self._kept:
            return self._kept[start]
        axes = np.arange(start, min(start + self._rows, len(self._pairs[0])))
        sweep = self._sweep(axes, self._orders.get(start))
        triples = len(self._points) * len(self._pairs[0])
        if triples <= KEPT:
            self._kept[start] = sweep
        elif triples <= KEPT_ORDERS:
            self._orders[start] = sweep.order
        return sweep

    def _heights(self, sweep: _Sweep, v: Array, best: float, least: int) -> Planes:
        """Those of a block of axes: first the edges, for +N and for -N, then the cells that were looked at."""
        edges, claims = self._turn(sweep, v)
        best = max(best, float(edges.heights.max(initial=0.0)))
        return Planes.joined([edges, self._look(claims, v, best, least)])

    def _sweep(self, axes: np.ndarray, order: np.ndarray | None = None) -> _Sweep:
        k, l = (index[axes] for index in self._pairs)  # noqa: E741
        along = self._points[l] - self._points[k]
        length = np.linalg.norm(along, axis=1)
        frame = _frames(along / length[:, None])
        x, y, h = self._along(frame, k)
        if order is None:
            order = _order(x, y)
        flat = order + len(self._points) * np.arange(len(k))[:, None]
        x, y, h = (c.ravel().take(flat, mode="clip") for c in (x, y, h))
        r = np.sqrt(x * x + y * y)
        s = np.where(x < 0.0, -1.0, 1.0)
        np.copyto(s, -1.0, where=(x == 0.0) & (y > 0.0))
        D = np.stack([x, y, h, np.ones_like(h)])
        D *= s
        axis, at = np.nonzero(r <= ON_AXIS * self._spread)
        D[2:, axis, at] = 0.0
        small = np.int16 if len(self._points) < 2**15 else np.int32
        on = axis, order[axis, at].astype(int), h[axis, at]
        return _Sweep(k, l, length, frame, order.astype(small, copy=False), D, 1.0 / r, on)

    def _along(self, frame: Array, k: np.ndarray) -> tuple[Array, Array, Array]:
        """All points, (p, n) each, in the frames (p, 3, 3) about the points k (p,): two across the axis, one along."""
        offsets = [c - c[k, None] for c in np.ascontiguousarray(self._points.T)]
        # Sums over three are many small products to BLAS, and slow.
        x, y, h = (sum(row[:, j, None] * d for j, d in enumerate(offsets)) for row in frame.transpose(1, 0, 2))
        y[(x == 0.0) & (y == 0.0)] = -TINY
        return x, y, h

    def _turn(self, sweep: _Sweep, v: Array) -> tuple[Planes, Planes]:
        """The best plane of every axis and sign, and the claims of the cells beside the peaks."""
        C = np.cumsum(v[sweep.order] * sweep.D, axis=2)
        H = 0.5 * C[:, :, -1:] - C
        half = 0.5 * self._totals(sweep, v)
        at_meetings = _meetings(sweep, H, half)
        axis, sign, G, sure = _peaks(sweep, H, half, NEAR_PEAK * float(np.abs(v).sum()) * self._spread)
        edges = _best_of_axes(sweep, at_meetings, axis[sure], sign[sure], G[:2, sure])
        return edges, _claims(sweep, axis, sign, G, v)

    def _totals(self, sweep: _Sweep, v: Array) -> Array:
        """sum of v_i (x, y, height, 1) along every axis, (4, p), the last two without the points on it."""
        T = np.einsum("pij,j->ip", sweep.frame, v @ (self._points - self._points[0]))
        axis, point, h = sweep.on
        p = len(sweep.k)
        mass = float(v.sum())
        T[2] -= np.bincount(axis, v[point] * h, p)
        return np.vstack([T, mass - np.bincount(axis, v[point], p)])

    def _look(self, claims: Planes, v: Array, best: float, least: int) -> Planes:
        """Claims evaluated, the highest first, until none above `best` is left and `least` of each sign are done."""
        claims = claims.at(np.argsort(-claims.heights, kind="stable"))
        parts = [claims.at(np.zeros(0, int))]
        rank = np.where(claims.sign > 0, np.cumsum(claims.sign > 0), np.cumsum(claims.sign < 0))
        wanted = rank <= least
        for start in range(0, len(rank), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            due = np.arange(len(rank))[part][wanted[part] | (claims.heights[part] > best * (1 + CLOSE))]
            if not len(due):
                break
            parts.append(self._evaluated(claims.at(due), v))
            best = max(best, float(parts[-1].heights.max()))
        return Planes.joined(parts)

    def _evaluated(self, planes: Planes, v: Array) -> Planes:
        """With the heights that they have."""
        z = planes.U @ self._points.T - (planes.U * self._points[planes.pivots]).sum(axis=1)[:, None]
        return Planes(planes.U, planes.pivots, planes.sign, planes.sign * (np.maximum(z, 0.0) @ v))


def _order(x: Array, y: Array) -> np.ndarray:
    """The order in which a plane that turns about each axis meets the points (x, y), (p, n) each."""
    sign = np.where(np.where(x == 0.0, y > 0.0, x < 0.0), -1.0, 1.0)
    with np.errstate(over="ignore"):
        slope = np.divide(sign * y, np.abs(x), out=np.full_like(x, -np.inf), where=x != 0.0)
    return np.argsort(slope, axis=1)


def _frames(a: Array) -> Array:
    """Right-handed orthonormal frames (p, 3, 3) whose last row is the unit vector a (p, 3); Duff et al. (2017)."""
    x, y, z = a.T
    sign = np.where(z < 0, -1.0, 1.0)
    s = -1.0 / (sign + z)
    t = x * y * s
    first = np.stack([1.0 + sign * x * x * s, sign * t, -sign * x], axis=1)
    second = np.stack([t, sign + y * y * s, -y], axis=1)
    return np.stack([first, second, a], axis=1)


def _meetings(sweep: _Sweep, H: Array, half: Array) -> Planes:
    """The highest meeting of every axis for +N, then for -N."""
    x, y = sweep.D[:2]
    across = (H[1] * x - H[0] * y) * sweep.inverse
    tilt = np.abs(half[1][:, None] * x - half[0][:, None] * y) * sweep.inverse
    p = np.arange(len(sweep.k))
    U, heights = [], []
    for sign in (1.0, -1.0):
        ends = tilt + sign * across
        at = ends.argmax(axis=1)
        e = np.stack([x[p, at], y[p, at]]) * sweep.inverse[p, at]
        side = np.where(sign * (half[1] * e[0] - half[0] * e[1]) >= 0, 1.0, -1.0)
        U.append(np.einsum("ip,pij->pj", side * np.stack([-e[1], e[0]]), sweep.frame[:, :2]))
        heights.append(ends[p, at])
    both = np.repeat([1.0, -1.0], len(p))
    return Planes(np.concatenate(U), np.tile(sweep.k, 2), both, np.concatenate(heights))


def _peaks(sweep: _Sweep, H: Array, half: Array, near: float) -> tuple[np.ndarray, Array, Array, np.ndarray]:
    """Arcs on which N peaks, or may but for rounding: axis (a,), sign (a,) of N, G (4, a) with sum v last, and whether.

    All arcs are shorter than half a turn or exactly that, so N has a peak if and only if its slopes at the ends differ
    in sign.
    """
    e = sweep.D[:2] * sweep.inverse
    after = np.concatenate([e[:, :, 1:], -e[:, :, :1]], axis=2)
    here, there = H[0] * e[0] + H[1] * e[1], H[0] * after[0] + H[1] * after[1]
    tilt, tilt_after = (half[0][:, None] * d[0] + half[1][:, None] * d[1] for d in (e, after))
    axes, signs, sums, sure = [], [], [], []
    for side in (1.0, -1.0):
        start, end = here + side * tilt, there + side * tilt_after
        axis, arc = np.nonzero((start * end <= 0.0) | (np.minimum(np.abs(start), np.abs(end)) <= near))
        G = side * H[:, axis, arc] + half[:, axis]
        rising = end[axis, arc] > start[axis, arc]  # -dN/dt grows from the start to the end of an arc with a maximum
        axes.append(axis)
        signs.append(np.where(rising, 1.0, -1.0))
        sums.append(G)
        sure.append(start[axis, arc] * end[axis, arc] < 0.0)
    return np.concatenate(axes), np.concatenate(signs), np.concatenate(sums, axis=1), np.concatenate(sure)


def _best_of_axes(sweep: _Sweep, ends: Planes, axis: np.ndarray, sign: Array, G: Array) -> Planes:
    """The meetings (one per axis and sign, first all +, then all -), each replaced by a higher peak of its axis."""
    height = np.hypot(G[0], G[1])
    slot = axis + np.where(sign > 0, 0, len(sweep.k))
    higher = np.flatnonzero(height > ends.heights[slot])
    order = higher[np.argsort(height[higher], kind="stable")]
    highest = np.full(len(ends.heights), -1)
    highest[slot[order]] = order  # of several the last, which is the highest, stays
    where = np.flatnonzero(highest >= 0)
    top = highest[where]
    U, heights = ends.U.copy(), ends.heights.copy()
    U[where], heights[where] = _turned(sweep.frame, axis[top], sign[top], G[:, top]), height[top]
    return Planes(U, ends.pivots, ends.sign, heights)


def _claims(sweep: _Sweep, axis: np.ndarray, sign: Array, G: Array, v: Array) -> Planes:
    """What the cells on both sides of every peak, for both pivots, would reach if u* lay inside."""
    on, point, h = sweep.on
    p = len(sweep.k)
    parts = []
    for pivots, base in ((sweep.k, np.zeros(p)), (sweep.l, sweep.length)):
        above = h - base[on]
        for side in (1.0, -1.0):
            active = np.bincount(on, v[point] * side * np.maximum(side * above, 0.0), p)
            along = G[2] - base[axis] * G[3] + active[axis]
            on_its_side = np.flatnonzero(side * sign * along > 0.0)
            g = np.stack([G[0], G[1], along])[:, on_its_side]
            its, s = axis[on_its_side], sign[on_its_side]
            U = _turned(sweep.frame, its, s, g)
            parts.append(Planes(U, pivots[its], s, np.linalg.norm(g, axis=0)))
    return Planes.joined(parts)


def _turned(frame: Array, axis: np.ndarray, sign: Array, g: Array) -> Array:
    """Unit vectors sign g / |g| (a, 3) from coordinates g (2 or 3, a) in the frames of their axes."""
    U = sign[:, None] * np.einsum("ia,aij->aj", g, frame[axis, : len(g)])
    norm = np.linalg.norm(U, axis=1)
    turned: Array = np.where(norm[:, None] > 0.0, U / np.where(norm > 0.0, norm, 1.0)[:, None], frame[axis, 0])
    return turned


def _best_of_pivots(planes: Planes, most: int) -> Planes:
    """The highest plane of every pivot, at most `most`, the highest first."""
    planes = planes.at(np.argsort(-planes.heights, kind="stable"))
    _, first = np.unique(planes.pivots, return_index=True)
    return planes.at(np.sort(first)[:most])
