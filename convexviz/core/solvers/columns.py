"""The convex training problem over neurons held, each with a known sign: min loss(c + A w, y) + beta sum w, w >= 0.

A (n, m) holds the signed activations of the neurons; the constant c is free. Smooth losses go by a primal active-set
Newton method on the few neurons in use (non-negative least squares by Lawson & Hanson 1974, with a Newton step for the
logistic loss); the others are linear programs for HiGHS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from ..losses import Loss
from ..network import Array
from .conic import solve_linear_program

TOUCH = 1e-11  # reduced gain, relative to beta, below which a neuron held is no gain
STILL = 1e-24  # predicted decrease relative to the objective that is rounding
RIDGE = 1e-13  # relative to the diagonal: neurons in use may be all but dependent
AT_ONCE = 8  # neurons let in together
MOST_STEPS = 2000


@dataclass(frozen=True, eq=False)
class Weights:
    """Answer on the neurons held: weights w (m,) >= 0, constant c and the dual vector v (n,)."""

    w: Array
    c: float
    v: Array


def solve_columns(
    A: Array, y: Array, beta: float, loss: Loss, start: Array | None = None, price: float = np.inf
) -> Weights:
    """Optimum over the signed neurons A (n, m). `start` (m,) are weights to begin from, for the smooth losses.

    For `interpolate` and `hard_margin` a finite `price` lets the constraint be missed at that price per unit, which
    bounds |v_i| by it; from some price on nothing is missed. Raises SolveError, with status "infeasible" when a
    constraint cannot be met by the neurons held.
    """
    if loss.smooth:
        return _Active(A, y, beta, loss).solve(np.zeros(A.shape[1]) if start is None else start)
    return _linear(A, y, beta, loss, 1.0 if loss.name == "hinge" else price)


class _Active:
    """Active-set Newton method for a smooth loss."""

    def __init__(self, A: Array, y: Array, beta: float, loss: Loss) -> None:
        self.A, self.y, self.beta, self.loss = A, y, beta, loss

    def solve(self, start: Array) -> Weights:
        w = np.maximum(start, 0.0)
        used = w > 0
        c = self._constant(self.A @ w)
        f = c + self.A @ w
        let_in = AT_ONCE
        for _ in range(MOST_STEPS):
            w, c, f, used = self._settle(w, c, f, used)
            v = self.loss.gradient(f, self.y)
            gain = self.A.T @ v - self.beta
            gain[used] = -np.inf
            better = np.flatnonzero(gain > TOUCH * self.beta)
            if not len(better):
                break
            before = used.copy()
            used[better[np.argsort(-gain[better])[:let_in]]] = True
            let_in = 1 if np.array_equal(before, used) else AT_ONCE
        return Weights(w, c, self.loss.gradient(f, self.y))

    def _constant(self, rest: Array) -> float:
        """A constant to begin from."""
        return float((self.y - rest).mean()) if not self.loss.classification else 0.0

    def _settle(self, w: Array, c: float, f: Array, used: np.ndarray) -> tuple[Array, float, Array, np.ndarray]:
        """Newton steps on the neurons in use; one that would turn negative leaves."""
        w, used = w.copy(), used.copy()
        for _ in range(MOST_STEPS):
            index = np.flatnonzero(used)
            B = np.column_stack([np.ones(len(f)), self.A[:, index]])
            v = self.loss.gradient(f, self.y)
            slope = np.concatenate([[-v.sum()], self.beta - self.A[:, index].T @ v])
            step = self._newton(B, f, -slope)
            decrease = -float(slope @ step)
            scale = self._total(f, w)
            if decrease <= STILL * max(scale, 1e-300):
                break
            down = step[1:] < 0
            room = np.full(len(index), np.inf)
            room[down] = -w[index][down] / step[1:][down]
            longest = float(room.min(initial=np.inf))
            if longest <= 0.0:  # a neuron just let in wants to go the other way
                used[index[room <= 0.0]] = False
                continue
            t = min(1.0, longest)
            move = B @ step
            while t > 1e-8 and decrease > 1e-12 * scale and self._total_at(f, move, w, index, step, t) > scale:
                t /= 2
            w[index] += t * step[1:]
            c, f = c + t * float(step[0]), f + t * move
            if t == longest:
                gone = index[room <= longest]
                w[gone] = 0.0
                used[gone] = False
            elif not self.loss.classification and t == 1.0:
                break  # a quadratic is done in one step
        return w, c, f, used

    def _newton(self, B: Array, f: Array, rhs: Array) -> Array:
        H = B.T @ (B * self.loss.curvature(f, self.y)[:, None])
        ridge = RIDGE
        while True:
            try:
                return cho_solve(cho_factor(H + np.diag(ridge * np.diag(H) + 1e-300), check_finite=False), rhs)
            except LinAlgError:
                ridge *= 100

    def _total(self, f: Array, w: Array) -> float:
        return self.loss.value(f, self.y) + self.beta * float(w.sum())

    def _total_at(self, f: Array, move: Array, w: Array, index: np.ndarray, step: Array, t: float) -> float:
        return self.loss.value(f + t * move, self.y) + self.beta * float(w.sum() + t * step[1:].sum())


def _linear(A: Array, y: Array, beta: float, loss: Loss, price: float) -> Weights:
    """Margins y (A w + c) + xi >= 1, or values A w + c + xi - zeta = y, with slacks xi, zeta >= 0 at `price` each."""
    n, m = A.shape
    sign = y if loss.classification else np.ones(n)
    blocks = [sparse.csc_matrix(np.column_stack([sign[:, None] * A, sign]))]
    slacks = 0
    if np.isfinite(price):
        eye = sparse.identity(n, format="csc")
        blocks += [eye] if loss.classification else [eye, -eye]
        slacks = n * (len(blocks) - 1)
    cost = np.concatenate([np.full(m, beta), [0.0], np.full(slacks, price)])
    lower = np.concatenate([np.zeros(m), [-np.inf], np.zeros(slacks)])
    right = np.ones(n) if loss.classification else y
    upper = np.full(n, np.inf) if loss.classification else y
    x, multiplier = solve_linear_program(cost, lower, sparse.hstack(blocks, format="csc"), right, upper)
    return Weights(np.maximum(x[:m], 0.0), float(x[m]), sign * multiplier)
