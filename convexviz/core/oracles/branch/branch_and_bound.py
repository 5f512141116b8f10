"""M(v) = max over ||u|| = 1 and b of |sum_i v_i (u . x_i + b)_+| with a proof, in any dimension: branch and bound.

Terms of positive v are convex, and active or not; terms of negative v are concave and need no decision. A node of the
tree has decided some points of positive v; the undecided ones are bounded by chords (`branch_tree`), every node's bound
is a small convex problem whose dual is solved for hundreds of nodes at once and is valid wherever it is stopped
(`branch_bounds`); the best neuron known comes from climbs (`branch_climb`). The node of highest bound is branched on
first. The whole is done for v and for -v, with one incumbent.

Biases: for fixed u, b -> N_v is piecewise linear, zero for b -> -infinity and constant for b -> infinity as sum v = 0,
so some best line u . x + b = 0 passes through a data point: |b| <= max ||x_i||, measured from the centre of the data.

Beyond Ergen & Pilanci (2021), who relax the problem. The bound of the root is new here as far as we know:
2 max N_v <= ||X^T v|| + W_1(v+, v-), the transport distance between the positive and the negative part of v.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...network import Array
from ...numerics import clock
from ...numerics.threads import one_thread
from ...rank import reduce_rank
from ..plane import VIOLATED
from .climb import best_biases, climb, hasty_climb, unit
from .tree import Tree

# Nodes that a call may bound unless told otherwise, for one point and no dimension: bounding one takes some 1e-7 s
# times n (d + 6), so that this is about ten seconds, counted in work that is the same on every machine.
WORK = 8e7
EXTRA = 6  # what a node costs beside its d dimensions
PROVED = 1e-9  # relative gap between what was found and what was proved, at which M(v) is known
ROUNDING = 1e-13  # of the sum of |v_i| times the radius of the data: what the bounds may be off by rounding
STARTS = 24  # random directions to climb from, per sign
BATCH = 256  # nodes at once: few enough to waste none, enough to outweigh the overhead of numpy
CLIMBERS = 4  # of a batch go on climbing where the incumbent was beaten
BALANCED = 1e-7  # |sum v| relative to sum |v| that is rounding
NEGLIGIBLE = 1e-17  # |v_i| relative to the sum that is zero: n of them are within ROUNDING
EXCESS = 0.05  # a call for violations knows M(v) to this share of the excess over beta, and spends no more on it
SURPASSED = 1e-12  # by how much, relative, an incumbent must be beaten
SAME = 1e-6  # neurons this close are one


@dataclass(frozen=True, eq=False)
class Proof:
    """value <= M(v) <= upper.

    Attributes
    ----------
    value : the largest |N_v| found, attained by the neuron (u, b).
    upper : proved upper bound, whatever made the search end.
    u, b : unit direction (d,) and bias of that neuron.
    sign : of N_v there.
    nodes : nodes bounded.
    closed : whether the two meet to the accuracy asked for, up to rounding.
    """

    value: float
    upper: float
    u: Array
    b: float
    sign: float
    nodes: int
    closed: bool


class BranchAndBoundOracle:
    """M(v) for X of shape (n, d), proved where time allows, bounded from both sides always.

    `maximum` and `violated` return the proved upper bound, which is M(v) to 1e-9 if `exact`; thus they never claim too
    little. `prove` returns both sides.

    Parameters
    ----------
    X : (n, d) data; equal points are joined, and dimensions that they do not span left out.
    bias : whether neurons have biases; then v must have sum v = 0. Without, b = 0 and v is free.
    nodes : that a call may bound beyond the roots; None for `WORK` over what one costs.
    deadline : of `clock.now()`, after which a call ends early; what is proved by then holds.

    Attributes
    ----------
    exact : whether the last call proved its M(v); False before the first.
    """

    def __init__(self, X: Array, bias: bool = True, nodes: int | None = None, deadline: float = clock.NEVER) -> None:
        X = np.asarray(X, float)
        if X.ndim != 2 or not X.size or not np.isfinite(X).all():
            raise ValueError(
                f"X must be finite and of shape (n, d) with n, d >= 1, got {X.shape}; "
                "use X.reshape(-1, 1) for one feature, and remove what is missing."
            )
        self.X, self.bias, self.deadline = X, bias, deadline
        self.nodes = int(WORK / node_cost(*X.shape)) if nodes is None else nodes
        self.exact = False
        points, self._where = np.unique(X, axis=0, return_inverse=True)
        self._where = self._where.reshape(-1)
        reduction = reduce_rank(points, centred=bias)
        self._basis = reduction.basis
        self._centre = reduction.Z.mean(axis=0) if bias else np.zeros(reduction.rank)
        self._origin = reduction.centre + self._centre @ reduction.basis
        offsets = reduction.Z - self._centre
        self._radius = float(np.linalg.norm(offsets, axis=1).max())
        self._Z = offsets / (self._radius or 1.0)

    def prove(self, v: Array, nodes: int | None = None, rel: float = PROVED, deadline: float | None = None) -> Proof:
        """Both sides of M(v) for `v` (n,), to the relative gap `rel`, or as far as `nodes` nodes or the time go."""
        with one_thread():
            return self._search(v, nodes, lambda value: rel, deadline)[0]

    def maximum(self, v: Array) -> float:
        """Upper bound on M(v) for `v` (n,): M(v) itself to 1e-9 if `exact` says so afterwards."""
        return self.prove(v).upper

    def bound(self, v: Array, nodes: int | None = None) -> float:
        """A number >= M(v) for `v` (n,), however few the nodes."""
        return self.prove(v, nodes).upper

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """Upper bound on M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, d), b (k,), sign (k,).

        Where something is violated the bound is as sharp as the violation is worth.
        """
        with one_thread():
            proof, found = self._search(
                v, None, lambda value: max(PROVED, EXCESS * (1.0 - beta / value)) if value > beta else PROVED
            )
        U, b, sign, height = found
        chosen = _distinct(U, b / (self._radius or 1.0), sign, height, beta, most)
        return proof.upper, U[chosen], b[chosen], sign[chosen]

    def _search(
        self, v: Array, nodes: int | None, accuracy: Callable[[float], float], deadline: float | None = None
    ) -> tuple[Proof, tuple[Array, Array, Array, Array]]:
        """The proof, and all local maxima met: U (k, d), b (k,), sign (k,), |N_v| (k,)."""
        v = np.asarray(v, float)
        w, unit_of_v = self._weights(v)
        used = np.flatnonzero(w)
        end = self.deadline if deadline is None else deadline
        search = _Search(self._Z[used], w[used], 1.0 if self.bias else None, end)
        search.start()
        upper, rel = search.close(self.nodes if nodes is None else nodes, accuracy)
        unit_of_N = unit_of_v * self._radius
        U, b, sign, height = search.found()
        U = U @ self._basis
        b = b * self._radius - U @ self._origin
        height = height * unit_of_N
        upper = max(upper, search.best) * unit_of_N + ROUNDING * unit_of_N
        best = int(height.argmax())
        value = float(sign[best] * (v @ np.maximum(self.X @ U[best] + b[best], 0.0)))  # again, from the data
        self.exact = bool(upper <= value * (1 + rel) + 2 * ROUNDING * unit_of_N)
        proof = Proof(value, upper, U[best], float(b[best]), float(sign[best]), search.nodes, self.exact)
        return proof, (U, b, sign, height)

    def _weights(self, v: Array) -> tuple[Array, float]:
        """v of the different points, scaled to sum |v| = 2, and the scale."""
        if v.shape != (len(self.X),) or not np.isfinite(v).all():
            raise ValueError(f"v must be finite and of shape ({len(self.X)},), one number per row of X; got {v.shape}.")
        total = float(np.abs(v).sum())
        if self.bias and abs(v.sum()) > BALANCED * total:
            raise ValueError(
                f"With biases v must have sum v = 0, else M(v) is infinite; got sum v = {v.sum():.3g}. "
                "Subtract the mean, or use bias=False."
            )
        w = np.bincount(self._where, weights=v, minlength=len(self._Z))
        w[np.abs(w) <= NEGLIGIBLE * total] = 0.0
        scale = 0.5 * float(np.abs(w).sum())
        return w / (scale or 1.0), scale


class _Search:
    """Both trees and what has been found, data and v scaled to one."""

    def __init__(self, X: Array, v: Array, reach: float | None, deadline: float) -> None:
        self.X, self.v, self.reach, self.deadline = X, v, reach, deadline
        self.nodes, self.best = 0, 0.0
        self._unbounded = 0.0  # bound of the roots for which there was no time
        self._found: list[tuple[Array, Array, Array, Array]] = []
        self._trees: list[Tree] = []

    def start(self) -> None:
        """Climb from everywhere, and bound both roots; late, what costs next to nothing."""
        d = self.X.shape[1]
        self._record(1.0, np.zeros(1), np.eye(1, d), np.zeros(1))
        if not len(self.v):
            return
        random = np.random.default_rng(0).standard_normal((STARTS, d))
        linear = self.v @ self.X
        first = unit(np.vstack([random, linear, -linear]))
        for sign in (1.0, -1.0):
            if clock.passed(self.deadline):
                self._record(sign, *hasty_climb(self.X, sign * self.v, first, self.reach))
                self._unbounded = transport_bound(self.X, self.v)
                continue
            self._climb(sign, first)
            self._trees.append(Tree(self.X, sign * self.v, self.reach))
            self._grow(len(self._trees) - 1, -1.0)

    def close(self, most: int, accuracy: Callable[[float], float]) -> tuple[float, float]:
        """Branch until the bound is within `accuracy` of what was found, or `most` nodes or the time are used up."""
        most += self.nodes
        while True:
            rel = accuracy(self.best)
            enough = self.best * (1 + rel)
            for tree in self._trees:
                tree.prune(enough)
            highest = [float(tree.bound.max(initial=0.0)) for tree in self._trees]
            upper = max((tree.upper for tree in self._trees), default=0.0)
            if max(highest, default=0.0) <= enough or self.nodes >= most or clock.passed(self.deadline):
                return max(upper, self._unbounded), rel
            self._grow(int(np.argmax(highest)), enough, most - self.nodes)

    def found(self) -> tuple[Array, Array, Array, Array]:
        """All local maxima met: U (k, d), b (k,), sign (k,), height (k,)."""
        sign, height, U, b = (np.concatenate(part) for part in zip(*self._found, strict=True))
        return U, b, sign, height

    def _grow(self, which: int, enough: float, most: int = BATCH) -> None:
        tree, sign = self._trees[which], 1.0 - 2.0 * which
        U = unit(tree.grow(min(BATCH, max(1, most // 2)), enough))
        self.nodes += len(U)
        heights, _ = best_biases(tree.X, tree.v, U, self.reach is not None)
        if heights.max() > self.best * (1 + SURPASSED):
            self._climb(sign, U[np.argsort(-heights)[:CLIMBERS]])

    def _climb(self, sign: float, U: Array) -> None:
        self._record(sign, *climb(self.X, sign * self.v, U, self.reach))

    def _record(self, sign: float, heights: Array, U: Array, b: Array) -> None:
        self._found.append((np.full(len(b), sign), heights, U, b))
        self.best = max(self.best, float(heights.max()))


def node_cost(n: int, d: int) -> int:
    """What bounding a node costs for X (n, d), in units of `WORK`."""
    return n * (d + EXTRA)


def transport_bound(X: Array, v: Array) -> float:
    """The bound of the root with all mass carried through the origin: M(v) <= (||X^T v|| + |v| . r) / 2.

    With biases for any origin, as sum v = 0; without, for that of the data.
    """
    return 0.5 * float(np.linalg.norm(v @ X) + np.abs(v) @ np.linalg.norm(X, axis=1))


def _distinct(U: Array, b: Array, sign: Array, height: Array, beta: float, most: int) -> np.ndarray:
    """At most `most` of each sign, the highest first, with |N_v| > beta and none like another."""
    chosen: list[int] = []
    count = {1.0: 0, -1.0: 0}
    for k in np.argsort(-height, kind="stable"):
        if height[k] <= beta * (1 + VIOLATED) or min(count.values()) >= most:
            break
        s = float(sign[k])
        like = any(sign[j] == s and np.abs(U[j] - U[k]).max() <= SAME and abs(b[j] - b[k]) <= SAME for j in chosen)
        if count[s] < most and not like:
            chosen.append(int(k))
            count[s] += 1
    return np.array(chosen, int)
