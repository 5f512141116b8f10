"""The training problem over neurons held, for smooth losses: min loss(c + A w, y) + beta sum w over w >= 0.

A (n, m) holds the signed activations; the constant c is free. Squared loss: non-negative least squares by active sets
(Lawson & Hanson 1974), many neurons let in at once. Other losses: the same with a Newton step on the neurons in use.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dposv
from scipy.optimize import brentq

from ..losses import Loss, by_rows, row_mean
from ..network import Array
from ..numerics import clock
from .base import SignedMaster
from .columns import Columns, Weights

FALLS = 1e-13  # relative decrease of the objective that is none
STILL = 1e-24  # predicted decrease relative to the objective that is rounding
FLAT = 1e-10  # slope, relative to beta, at which a Newton step would settle nothing that the gap shows
RIDGE = 1e-13  # relative to the diagonal: neurons in use may be all but dependent
TINY = 1e-300
SHORTEST = 1e-8  # part of a Newton step that is none
HALVINGS = 2000  # of an interval of floats, until nothing lies between its ends
LEVEL = 1e-6  # accuracy of the constant to begin with
AT_ONCE = 8  # neurons let in together
MOST_STEPS = 2000


class SmoothMaster(SignedMaster):
    """The problem over the neurons held; between rounds only the merged ones are kept."""

    most_steps = MOST_STEPS

    def solve(self, columns: Columns) -> Weights:
        """Optimum over `columns`, begun from the weights they carry; less than that once the deadline has passed."""
        A = columns.signed(self.X)
        if self.loss.quadratic:
            return self._least_squares(A, columns.w)
        newton = Newton(A, self.y, self.beta, self.loss, self.bias, self.deadline)
        return newton.solve(columns.w, self.least_gain)

    def kept(self, columns: Columns, merged: Columns) -> Columns:
        """What the next round begins with: the merged neurons, whose weights it begins from.

        Merging moves lines off the points they passed through; for the squared loss, where a column more costs
        nothing, those of the round before stay too, and fewer rounds are spent on finding them again.
        """
        if not self.loss.quadratic:
            return merged
        used = columns.w > 0
        return merged.joined(Columns.new(columns.U[used], columns.b[used], columns.sign[used]))

    def _least_squares(self, A: Array, start: Array) -> Weights:
        """The best c is the mean of what is left, so centred columns do; weights multiply rows by their roots."""
        weight, root = self.loss.weight, np.sqrt(self.loss.weight)
        middle = row_mean(A, weight) if self.bias else np.zeros(A.shape[1])
        level = float(row_mean(self.y, weight)) if self.bias else 0.0
        B, r = by_rows(root, A - middle), root * (self.y - level)
        w, v = _least_squares(B, r, self.beta, start, self.least_gain, self.most_steps, self.deadline)
        return Weights(w, level - float(middle @ w), root * v)


def _least_squares(
    B: Array,
    r: Array,
    beta: float,
    start: Array,
    least_gain: float,
    most_steps: int = MOST_STEPS,
    deadline: float = clock.NEVER,
) -> tuple[Array, Array]:
    """min 1/2 ||B w - r||^2 + beta sum w over w >= 0: w (m,) and the residual (n,)."""
    G, q = B.T @ B, B.T @ r - beta
    w = np.maximum(start, 0.0)
    used, door = w > 0, _Door(len(w))
    for _ in range(most_steps):
        w, used = _feasible(G, q, w, used)
        v = r - B[:, used] @ w[used]
        gain = B.T @ v - beta  # from the residual, not from G: it keeps its digits where columns nearly agree
        entering = door.next(0.5 * float(v @ v) + beta * float(w.sum()), gain, used, least_gain)
        if not len(entering) or clock.passed(deadline):
            break
        used[entering] = True
    return w, v


class _Door:
    """Which neurons come into use next: many at once while the objective falls, one by one when it stands still.

    One that came alone and brought nothing, because it all but equals others in use, is refused until the objective
    falls again; so no set of neurons comes back for ever.
    """

    def __init__(self, m: int) -> None:
        self._best = np.inf
        self._refused = np.zeros(m, dtype=bool)
        self._entered = np.zeros(0, dtype=int)
        self._at_once = AT_ONCE

    def next(self, value: float, gain: Array, used: np.ndarray, least: float) -> np.ndarray:
        """Indices of the neurons with the greatest gains above `least`; none ends the search."""
        if value < self._best - FALLS * abs(self._best) or not np.isfinite(self._best):
            self._best, self._at_once = value, AT_ONCE
            self._refused[:] = False
        else:
            self._refused[self._entered] = self._at_once == 1
            self._at_once = 1
        open_to = np.flatnonzero((gain > least) & ~used & ~self._refused)
        self._entered = open_to[np.argsort(-gain[open_to])[: self._at_once]]
        return self._entered


def _feasible(G: Array, q: Array, w: Array, used: np.ndarray) -> tuple[Array, np.ndarray]:
    """The least-squares weights of the neurons in use; one that would turn negative leaves on the way."""
    w, used = w.copy(), used.copy()
    while used.any():
        index = np.flatnonzero(used)
        goal = _solved(G.take(index, axis=0).take(index, axis=1), q[index])  # thrice as fast as np.ix_
        down = goal <= 0.0
        if not down.any():
            w[index] = goal
            break
        # A neuron without weight that does not want any leaves at once; the others as the way to the goal meets zero.
        held = w[index][down]
        room = np.where(held > 0, held / np.maximum(held - goal[down], TINY), 0.0)
        t = float(room.min())
        w[index] += t * (goal - w[index])
        gone = index[down][room <= t]
        w[gone] = 0.0
        used[gone] = False
    w[~used] = 0.0
    return w, used


def _solved(H: Array, rhs: Array) -> Array:
    """H^-1 rhs for positive semidefinite H, with the least ridge that lets it be factored.

    LAPACK directly: scipy's wrappers cost more than the factors of so small matrices.
    """
    ridge, diagonal = RIDGE, np.diag(H).copy()
    if not len(H):
        return np.zeros(0)
    x: Array
    while True:
        raised = H.copy()
        raised.flat[:: len(H) + 1] += ridge * diagonal + TINY
        _, x, failed = dposv(raised.T, rhs, overwrite_a=True)  # the transpose is in LAPACK's order
        if not failed:
            return x
        ridge *= 100


class Newton:
    """Active-set Newton method for a smooth loss that is curved, or is so near the optimum."""

    def __init__(self, A: Array, y: Array, beta: float, loss: Loss, bias: bool, deadline: float = clock.NEVER) -> None:
        self.A, self.y, self.beta, self.loss, self.bias, self.deadline = A, y, beta, loss, bias, deadline

    def solve(self, start: Array, least_gain: float, c: float | None = None) -> Weights:
        """Optimum from weights `start` (m,) on, beside the constant c if one is known."""
        w = np.maximum(start, 0.0)
        used = w > 0
        c = self._level(self.A @ w) if c is None else c
        f = self.A @ w + c
        door = _Door(len(w))
        for _ in range(MOST_STEPS):
            w, c, f, used = self._settle(w, c, f, used)
            gain = self.A.T @ self.loss.gradient(f, self.y) - self.beta
            entering = door.next(self._total(f, w), gain, used, least_gain)
            if not len(entering) or clock.passed(self.deadline):
                break
            used[entering] = True
        return Weights(w, c, self.loss.gradient(f, self.y))

    def _level(self, f: Array) -> float:
        """The best constant beside outputs f (n,): from far away Newton's steps go astray where all terms are flat."""
        if not self.bias:
            return 0.0
        reach = float(np.abs(f).max()) + abs(self.loss.best_constant(self.y)) + 1.0  # there all signs are those of c

        def slope(c: float) -> float:
            return float(self.loss.gradient(f + c, self.y).sum())

        return float(brentq(slope, -reach, reach, xtol=LEVEL, rtol=LEVEL, maxiter=HALVINGS))

    def _settle(self, w: Array, c: float, f: Array, used: np.ndarray) -> tuple[Array, float, Array, np.ndarray]:
        """Newton steps on the neurons in use; one that would turn negative leaves."""
        w, used = w.copy(), used.copy()
        ones = np.ones((len(f), int(self.bias)))
        for _ in range(MOST_STEPS):
            index = np.flatnonzero(used)
            B = np.hstack([ones, self.A[:, index]])
            v = self.loss.gradient(f, self.y)
            slope = np.concatenate([-v.sum() * np.ones(int(self.bias)), self.beta - self.A[:, index].T @ v])
            step = _solved(B.T @ (B * self.loss.curvature(f, self.y)[:, None]), -slope)
            decrease = -float(slope @ step)
            scale = self._total(f, w)
            settled = decrease <= STILL * max(scale, 1e-300) or np.abs(slope).max(initial=0.0) <= FLAT * self.beta
            if settled or clock.passed(self.deadline):
                break
            turn = step[int(self.bias) :]
            room = np.full(len(index), np.inf)
            room[turn < 0] = -w[index][turn < 0] / turn[turn < 0]
            longest = float(room.min(initial=np.inf))
            if longest <= 0.0:  # a neuron just let in wants to go the other way
                used[index[room <= 0.0]] = False
                continue
            whole = t = min(1.0, longest)
            move = B @ step
            while t > SHORTEST and decrease > 1e-12 * scale and self._total_at(f, move, w, turn, t) > scale:
                t /= 2
            if t < whole and t <= SHORTEST:  # nothing is lower this way, up to rounding
                break
            w[index] += t * turn
            c, f = c + t * float(step[0]) * self.bias, f + t * move
            if t == longest:
                gone = index[room <= longest]
                w[gone] = 0.0
                used[gone] = False
        return w, c, f, used

    def _total(self, f: Array, w: Array) -> float:
        return self.loss.value(f, self.y) + self.beta * float(w.sum())

    def _total_at(self, f: Array, move: Array, w: Array, turn: Array, t: float) -> float:
        return self.loss.value(f + t * move, self.y) + self.beta * float(w.sum() + t * turn.sum())
