"""Multi-start ascent on |N_v|, N_v(u, b) = sum_i v_i (u . x_i + b)_+, ||u|| = 1: cuts in any dimension, without proof.

Where the active points stay the same N_v = G . u + const with G = sum_active v_i (x_i - x_k), so u <- G / |G| is the
natural step (Ergen & Pilanci 2021, section 5). It can overshoot, since points with the wrong sign of v come in. So the
neuron turns about its pivot x_k from u towards G along a great circle, all around which the maximum is found exactly,
as in the plane: sort the angles at which points enter or leave, take cumulative sums. Where the best angle is one at
which a point is met, the neuron goes on turning with that point held on its plane, in one dimension less; this walks
along the ridges of N_v, where most of its maxima are. When nothing is left to climb, the points are let go and the best
bias is sought: for fixed u it puts the plane through a data point, sum v = 0, so sort and take cumulative sums again.

All starts climb side by side, O(starts n log n) a step. What is found is attained: a lower estimate of M(v).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..network import Array
from ..numerics import clock
from ..rank import Reduction, reduce_rank

TRIED = 4  # directions looked at for every start, of which the best are climbed from
WARM = 4  # at most one in so many starts is a neuron of last time
FEW = 8  # one in so many starts is tried first; where these few find something, the others are not needed
FOUND = 1e-4  # excess over beta, relative, that counts as something then
WORTH = 1e-8  # excess over beta, relative, that is worth a cut: without a proof at the end, less would go on for ever
LEVEL = 1e-9  # slope, relative to sum |v| spread, below which there is nothing to climb
GAINED = 1e-7  # relative rise of a round (climb, let go, new bias) that asks for another
MOST_ROUNDS = 12  # of them; nearly all starts settle in three or four
TOUCH = 1e-10  # distance, relative to the spread, at which a point lies on the plane
SMALL = 1e-300  # keeps a quotient of zeros finite


@dataclass(eq=False)
class _Climbers:
    """Neurons on their way: U (s, r), pivot points (s, r), sign (s,) of N_v, heights (s,), held normals (s, r, r)."""

    U: Array
    pivots: Array
    sign: Array
    heights: Array
    held: Array
    count: np.ndarray  # (s,) of the held

    def put(self, index: np.ndarray, other: _Climbers) -> None:
        """Write `other` to the rows `index`."""
        for name in ("U", "pivots", "sign", "heights", "held", "count"):
            getattr(self, name)[index] = getattr(other, name)

    def at(self, index: np.ndarray) -> _Climbers:
        """The rows of an index or mask."""
        return _Climbers(
            self.U[index],
            self.pivots[index],
            self.sign[index],
            self.heights[index],
            self.held[index],
            self.count[index],
        )


class AscentOracle:
    """What many climbs find of M(v), for data X of shape (n, d); not a proof. Remembers its best neurons for next time.

    Parameters
    ----------
    X : (n, d) data.
    bias : whether neurons have biases; then v satisfies sum v = 0.
    starts : climbs for each sign of N_v.
    seed : of the random directions; the same calls in the same order give the same neurons.
    deadline : of `clock.now()`, after which climbs end where they are: what they found is attained all the same.
    """

    exact = False

    def __init__(
        self, X: Array, bias: bool = True, starts: int = 64, seed: int = 0, deadline: float = clock.NEVER
    ) -> None:
        if starts < 1:
            raise ValueError(f"starts must be a whole number from 1 up, got {starts}; 64 is the default.")
        self.bias, self.starts, self._deadline = bias, starts, deadline
        self._few = -(-starts // FEW)
        self._X = np.asarray(X, float)
        self._rng = np.random.default_rng(seed)

    @cached_property
    def _flat(self) -> Reduction:
        """The data in the coordinates of their rank, once somebody asks: an oracle may be made and never be needed."""
        return reduce_rank(self._X, centred=self.bias)

    @cached_property
    def _warm(self) -> Array:
        """The best directions of last time, none at first."""
        return np.empty((0, self._Z.shape[1]))

    @cached_property
    def _spread(self) -> float:
        """Greatest distance of a point from the middle."""
        middle = self._Z.mean(axis=0) if self.bias else 0.0
        return max(float(np.linalg.norm(self._Z - middle, axis=1).max()), SMALL)

    @property
    def _Z(self) -> Array:
        return self._flat.Z

    def maximum(self, v: Array) -> float:
        """The greatest |N_v| found for `v` (n,): at most M(v)."""
        return float(self._search(v).heights.max(initial=0.0))

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """The greatest |N_v| found, and at most `most` neurons of each sign with |N_v| > beta, of different patterns.

        U (k, d), b (k,), sign (k,).
        """
        found = self._search(v, self._few)
        if found.heights.max(initial=0.0) <= beta * (1 + FOUND) and not clock.passed(self._deadline):
            found = self._search(v)
        maximum = float(found.heights.max(initial=0.0))
        found = found.at(np.argsort(-found.heights, kind="stable"))
        found = found.at(found.heights > beta * (1 + WORTH))
        found = found.at(self._different(found))
        rank = np.where(found.sign > 0, np.cumsum(found.sign > 0), np.cumsum(found.sign < 0))
        found = found.at(rank <= most)
        U = found.U @ self._flat.basis
        U /= np.linalg.norm(U, axis=1, keepdims=True)
        b = -(found.U * found.pivots).sum(axis=1) - U @ self._flat.centre
        return maximum, U, b if self.bias else np.zeros(len(b)), found.sign

    def _different(self, found: _Climbers) -> np.ndarray:
        z = found.U @ self._Z.T - (found.U * found.pivots).sum(axis=1)[:, None]
        keys = np.column_stack([np.packbits(z > TOUCH * self._spread, axis=1), found.sign > 0])
        return np.sort(np.unique(keys, axis=0, return_index=True)[1])

    def _search(self, v: Array, starts: int | None = None) -> _Climbers:
        """All climbs to their ends, from so many starts for each sign, U in the coordinates of the flat."""
        v = np.asarray(v, float)
        climbers = self._begin(v, self.starts if starts is None else starts)
        live = np.arange(len(climbers.sign))
        for _ in range(MOST_ROUNDS):
            part = climbers.at(live)
            before = part.heights.copy()
            self._climb(part, v)
            self._let_go(part, v)
            climbers.put(live, part)
            live = live[part.heights > before * (1 + GAINED)]
            if not len(live) or clock.passed(self._deadline):
                break
        order = climbers.at(np.argsort(-climbers.heights, kind="stable"))
        self._warm = order.U[self._different(order)][: self.starts // WARM]
        return climbers

    def _begin(self, v: Array, starts: int) -> _Climbers:
        """The best of many directions for either sign; those of last time all."""
        U = np.concatenate([self._warm, self._directions(v)])
        warm = np.arange(len(self._warm))
        parts = []
        for sign in (1.0, -1.0):
            heights, pivots = self._best_bias(U, np.full(len(U), sign), v)
            fresh = len(warm) + np.argsort(-heights[len(warm) :], kind="stable")
            best = np.concatenate([warm, fresh])[:starts]
            parts.append((U[best], pivots[best], np.full(len(best), sign), heights[best]))
        U, pivots, signs, heights = (np.concatenate(column) for column in zip(*parts, strict=True))
        s, r = U.shape
        return _Climbers(U, pivots, signs, heights, np.zeros((s, r, r)), np.zeros(s, int))

    def _directions(self, v: Array) -> Array:
        """Random directions, between two points, and the G of random neurons; unit rows."""
        n, r = self._Z.shape
        k = -(-TRIED * self.starts // 3)
        anywhere = self._rng.standard_normal((k, r))
        i, j = self._rng.integers(0, n, (2, k))
        between = self._Z[i] - self._Z[j] if self.bias else self._Z[i]
        U = np.concatenate([anywhere, between, self._sums(anywhere, self._rng.integers(0, n, k), v)])
        norm = np.linalg.norm(U, axis=1)
        U = U[norm > 0.0] / norm[norm > 0.0, None]
        return np.concatenate([U, -U])

    def _sums(self, U: Array, through: np.ndarray, v: Array) -> Array:
        z = U @ self._Z.T
        if not self.bias:
            return ((z > 0) * v) @ self._Z
        active = (z > np.take_along_axis(z, through[:, None], axis=1)) * v
        sums: Array = active @ self._Z - active.sum(axis=1)[:, None] * self._Z[through]
        return sums

    def _best_bias(self, U: Array, sign: Array, v: Array) -> tuple[Array, Array]:
        """The best height of sign N_v over b, (s,), and the pivot point of it, (s, r)."""
        z = U @ self._Z.T
        if not self.bias:
            return sign * (np.maximum(z, 0.0) @ v), np.zeros_like(U)
        order = np.argsort(-z, axis=1)
        z, w = np.take_along_axis(z, order, axis=1), v[order]
        z -= z[:, :1]
        N = sign[:, None] * (np.cumsum(w * z, axis=1) - z * np.cumsum(w, axis=1))
        best = N.argmax(axis=1)
        row = np.arange(len(U))
        return N[row, best], self._Z[order[row, best]]

    def _climb(self, part: _Climbers, v: Array) -> None:
        """Turn along great circles, holding what is met, until no slope is left."""
        live = np.arange(len(part.sign))
        for _ in range(2 * part.U.shape[1] + 2):
            now = part.at(live)
            toward = self._slope(now, v)
            steep = np.linalg.norm(toward, axis=1) > LEVEL * self._spread * np.abs(v).sum()
            live, now, toward = live[steep], now.at(steep), toward[steep]
            if not len(live) or clock.passed(self._deadline):
                return
            self._turn(now, toward / np.linalg.norm(toward, axis=1)[:, None], v)
            part.put(live, now)

    def _slope(self, now: _Climbers, v: Array) -> Array:
        """sign G along the sphere and along all that is held, (s, r)."""
        z = now.U @ self._Z.T - (now.U * now.pivots).sum(axis=1)[:, None]
        active = (z > TOUCH * self._spread) * v
        G: Array = now.sign[:, None] * (active @ self._Z - active.sum(axis=1)[:, None] * now.pivots)
        for _ in range(2):  # the second time for what rounding left
            G -= np.einsum("sij,si->sj", now.held, np.einsum("sij,sj->si", now.held, G))
            G -= (G * now.U).sum(axis=1)[:, None] * now.U
        return G

    def _turn(self, now: _Climbers, toward: Array, v: Array) -> None:
        """To the best place on the circle through u and `toward` (s, r), both ways round."""
        p, q = (axis @ self._Z.T - (axis * now.pivots).sum(axis=1)[:, None] for axis in (now.U, toward))
        place, height, met = _best_on_circle(p, q, v, now.sign)
        up = height > now.heights
        U = place[:, :1] * now.U + place[:, 1:] * toward
        now.U[up] = U[up] / np.linalg.norm(U[up], axis=1)[:, None]
        now.heights[up] = height[up]
        # Where nothing is higher, u is the best place on its circle because of a point there: that point is held.
        self._hold(now, met)

    def _hold(self, now: _Climbers, met: np.ndarray) -> None:
        """Add the points met (s,), -1 for none, to what is held."""
        normal = np.where(met[:, None] >= 0, self._Z[met] - now.pivots, 0.0)
        length = np.linalg.norm(normal, axis=1)
        for _ in range(2):
            normal -= np.einsum("sij,si->sj", now.held, np.einsum("sij,sj->si", now.held, normal))
        rest = np.linalg.norm(normal, axis=1)
        new = np.flatnonzero((rest > TOUCH * length) & (now.count < now.U.shape[1]))
        now.held[new, now.count[new]] = normal[new] / rest[new, None]
        now.count[new] += 1

    def _let_go(self, part: _Climbers, v: Array) -> None:
        """Hold nothing, and take the best bias."""
        part.held[:], part.count[:] = 0.0, 0
        heights, pivots = self._best_bias(part.U, part.sign, v)
        better = heights > part.heights
        part.heights[better], part.pivots[better] = heights[better], pivots[better]


def _best_on_circle(p: Array, q: Array, v: Array, sign: Array) -> tuple[Array, Array, np.ndarray]:
    """The best sum v_i (p_i cos t + q_i sin t)_+ times sign: (cos t, sin t) (s, 2), height (s,), the point met or -1.

    p, q (s, n). See `plane` for the half turn that stands for a whole one.
    """
    row = np.arange(len(p))
    s = np.where(np.where(p == 0.0, q > 0.0, p < 0.0), -1.0, 1.0)
    with np.errstate(over="ignore"):
        slope = np.divide(s * q, np.abs(p), out=np.full_like(p, -np.inf), where=p != 0.0)
    order = np.argsort(slope, axis=1)
    x, y = np.take_along_axis(s * p, order, axis=1), np.take_along_axis(s * q, order, axis=1)
    y[(x == 0.0) & (y == 0.0)] = -SMALL  # the pivot is met at once
    w = v[order]
    Cx, Cy = np.cumsum(w * x, axis=1), np.cumsum(w * y, axis=1)
    Hx, Hy = 0.5 * Cx[:, -1:] - Cx, 0.5 * Cy[:, -1:] - Cy
    half_x, half_y = 0.5 * (p @ v)[:, None], 0.5 * (q @ v)[:, None]
    r = np.hypot(x, y)
    x, y = x / r, y / r
    across, tilt = sign[:, None] * (Hy * x - Hx * y), sign[:, None] * (half_y * x - half_x * y)
    ends = across + np.abs(tilt)
    at = ends.argmax(axis=1)
    height, met = ends[row, at], order[row, at]
    place = np.where(tilt[row, at] >= 0, 1.0, -1.0)[:, None] * np.column_stack([-y[row, at], x[row, at]])
    after_x, after_y = np.hstack([x[:, 1:], -x[:, :1]]), np.hstack([y[:, 1:], -y[:, :1]])
    for side in (1.0, -1.0):
        Gx, Gy = sign[:, None] * (Hx + side * half_x), sign[:, None] * (Hy + side * half_y)
        inside = (Gx * x + Gy * y < 0.0) & (Gx * after_x + Gy * after_y > 0.0)
        peaks = np.where(inside, np.hypot(Gx, Gy), -np.inf)
        at = peaks.argmax(axis=1)
        higher = peaks[row, at] > height
        top, g = row[higher], np.column_stack([Gx[row, at], Gy[row, at]])[higher]
        height[top], met[top] = peaks[top, at[higher]], -1
        place[top] = side * g / np.linalg.norm(g, axis=1)[:, None]
    return place, height, met
