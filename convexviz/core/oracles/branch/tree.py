"""The tree of one sign: which points of positive v are active, decided one by one.

With z = Xu + b 1, (z_i)_+ = max(0, z_i), and for points i of positive and j of negative v

    (z_i)_+ - (z_j)_+ <= (z_i - z_j)_+ <= (z_i - z_j + r_ij) / 2,   r_ij = |x_i - x_j|,

the chord on |z_i - z_j| <= r_ij. Undecided points pass their v on to points of negative v by the cheapest transport,
whose cost enters the bound by half; what the negative points have left, -v_j (z_j)_+, is concave and bounded by
-x_j z_j, 0 <= x_j <= v_j. A decided point counts as z_i or as 0, and its constraint z_i >= 0 or <= 0 has a multiplier.
The lone chord (z_i)_+ <= (z_i + h_i) / 2 on |z_i| <= h_i is kept for what cannot be passed on. With everything
undecided this says 2 M(v) <= ||X^T v|| + W_1(v+, v-); with everything decided it is exact.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from ...network import Array
from .bounds import Nodes, upper_bounds

UNDECIDED, OFF, ON = -1, 0, 1
AT_ONCE = 6  # points: so few are decided in all their 64 ways at once, without a tree
PLANS = 16  # transports solved at most: between them the last plan serves, less the points decided since
PULL = 4.0  # largest multiplier of a decided sign, the total |v| being two: any is valid, more are never much better


class Tree:
    """Bounds of max v . (Xu + b)_+ for X (n, d) with ||x|| <= 1 and v (n,) with sum |v| = 2."""

    def __init__(self, X: Array, v: Array, reach: float | None) -> None:
        positive, negative = np.flatnonzero(v > 0), np.flatnonzero(v < 0)
        self.reach = reach
        self._lone = np.linalg.norm(X[positive], axis=1) + (reach or 0.0)
        self._far = np.linalg.norm(X[positive][:, None] - X[negative], axis=2)
        self.gain, self.loss = v[positive], -v[negative]
        few, order = len(positive) <= AT_ONCE, np.arange(len(positive))
        self._plans: dict[int, tuple[Array, Array]] = {}
        if not few:  # the dearest to pass on are decided first
            plan, cost = self._transport(order)
            order = np.argsort(-cost, kind="stable")
            self._plans[0] = plan[order], cost[order]
        self.gain, self._lone, self._far = self.gain[order], self._lone[order], self._far[order]
        self.rows = np.concatenate([positive[order], negative])
        self.X, self.v = X[self.rows], v[self.rows]
        self._stride = 1 + self.depth // PLANS
        self.states = _all(self.depth) if few else np.full((1, self.depth), UNDECIDED, np.int8)
        self.level = np.full(len(self.states), self.depth if few else 0)
        self.bound = np.full(len(self.states), np.inf)
        self.closed = 0.0  # the highest bound of a node let go

    @property
    def depth(self) -> int:
        """Number of points to decide."""
        return len(self.gain)

    @property
    def upper(self) -> float:
        """A bound on the maximum."""
        return max(self.closed, float(self.bound.max(initial=0.0)))

    def prune(self, enough: float) -> None:
        """Let go of all nodes that are bounded by `enough`."""
        gone = self.bound <= enough
        if gone.any():
            self.closed = max(self.closed, float(self.bound[gone].max()))
            self.states, self.level, self.bound = self.states[~gone], self.level[~gone], self.bound[~gone]

    def grow(self, most: int, enough: float) -> Array:
        """Branch on the `most` nodes of highest bound; directions (k, d) that their children's bounds point to."""
        chosen = np.argsort(-self.bound, kind="stable")[:most]
        states, level, parent = self.states[chosen], self.level[chosen], self.bound[chosen]
        kept = np.ones(len(self.bound), bool)
        kept[chosen] = False
        if len(parent) and np.isfinite(parent[0]):  # else they are the first ones, themselves not yet bounded
            states, parent = np.repeat(states, 2, axis=0), np.repeat(parent, 2)
            states[np.arange(len(states)), np.repeat(level, 2)] = np.tile([ON, OFF], len(level))
            level = np.repeat(level + 1, 2)
        bound, c = upper_bounds(self.X, self.reach, self._nodes(states, level), enough)
        bound = np.minimum(bound, parent)
        leaf = level == self.depth
        self.closed = max(self.closed, float(bound[leaf].max(initial=0.0)))
        self.states = np.concatenate([self.states[kept], states[~leaf]])
        self.level = np.concatenate([self.level[kept], level[~leaf]])
        self.bound = np.concatenate([self.bound[kept], bound[~leaf]])
        directions: Array = c @ self.X
        return directions

    def _nodes(self, states: np.ndarray, level: np.ndarray) -> Nodes:
        k, p = states.shape
        n = len(self.v)
        base, sigma, top, constant = np.zeros((k, n)), np.full((k, n), -1.0), np.zeros((k, n)), np.zeros(k)
        base[:, :p] = np.where(states == ON, self.gain, np.where(states == OFF, 0.0, 0.5 * self.gain))
        sigma[:, :p] = states == ON
        sigma[:, :p] -= states == OFF
        top[:, :p] = np.where(states == UNDECIDED, 0.0, PULL)
        for depth in np.unique(level):
            here = level == depth
            passed, constant[here] = self._rest(int(depth))
            base[here, p:] = -0.5 * passed
            top[here, p:] = self.loss - passed
        return Nodes(base, sigma, top, constant, level == p)

    def _rest(self, depth: int) -> tuple[Array, float]:
        """What the points of negative v are passed by those undecided at this depth, (q,), and half of its cost."""
        first = depth - depth % self._stride
        if first not in self._plans:
            self._plans[first] = self._transport(np.arange(first, self.depth))
        plan, cost = (part[depth - first :] for part in self._plans[first])
        return plan.sum(axis=0), 0.5 * float(cost.sum())

    def _transport(self, rows: np.ndarray) -> tuple[Array, Array]:
        """Cheapest plan (m, q) from these points of positive v to those of negative v, and the cost (m,) of each.

        Not trusted: whatever the program returns is cut to what is there, and the rest pays for its lone chord.
        """
        m, q = len(rows), len(self.loss)
        gain, far, lone = self.gain[rows], self._far[rows], self._lone[rows]
        plan = np.zeros((m, q))
        if m and q:
            left = np.arange(m * (q + 1))
            out = csr_array((np.ones(m * (q + 1)), (left // (q + 1), left)))
            into = csr_array((np.ones(m * q), (np.tile(np.arange(q), m), (left.reshape(m, -1)[:, :q]).ravel())),
                             shape=(q, m * (q + 1)))  # fmt: skip
            cost = np.column_stack([far, lone]).ravel()
            answer = linprog(cost, A_ub=into, b_ub=self.loss, A_eq=out, b_eq=gain, method="highs")
            if answer.x is not None:
                plan = np.maximum(answer.x.reshape(m, q + 1)[:, :q], 0.0)
        over = max(
            1.0,
            float((plan.sum(axis=0) / self.loss).max(initial=0.0)) if m else 0.0,
            float((plan.sum(axis=1) / gain).max(initial=0.0)) if q else 0.0,
        )
        plan /= over
        return plan, (plan * far).sum(axis=1) + (gain - plan.sum(axis=1)) * lone


def _all(depth: int) -> np.ndarray:
    """All decisions, shape (2^depth, depth)."""
    return ((np.arange(2**depth)[:, None] >> np.arange(depth)) % 2).astype(np.int8)
