"""The training problem over neurons held, for vector outputs: a group lasso with a free constant.

    min over W (m, K), c (K,)   loss(1 c^T + A W, Y) + beta sum_j ||W_j||_2,     A (n, m) the activations.

Optimal where, with V = -d loss / d F, the constant has 1^T V = 0, a neuron in use has A_j^T V = beta W_j / ||W_j||, and
one of weight zero has ||A_j^T V|| <= beta. Neurons come into use as the last condition asks. On those in use:
block coordinate descent (Yuan & Lin 2006), which puts weights to exactly zero, and Newton steps on what is smooth,
which bring the digits. Every step lowers the objective, so no set of neurons comes back for ever.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from ..losses import Loss, by_rows, mass, row_mean
from ..network import Array, ReLUNetwork
from .base import Master
from .columns import SHARED_DROP, SharedColumns, Weights, merged

RESIDUAL = 1e-9  # of the optimality conditions, relative to beta, at which the problem counts as solved
FIRST_RESIDUAL = 1e-3  # of the first answer, and of later ones relative to the gap left
RIDGE = 1e-13  # relative to the diagonal of the Hessian: neurons in use may be all but dependent
EASY = 0.1  # share of the greatest gain to be had from outside to which those in use are settled before it comes in
AT_ONCE = 12  # neurons let in together
STILL = 1e-15  # decrease, relative to the objective, that is rounding
MOST_NEWTON, MOST_STEPS = 60, 300
LARGEST = 1500  # unknowns up to which Newton's system is formed; beyond, coordinates alone


class VectorMaster(Master[SharedColumns]):
    """The problem over neurons held; with a constant the columns of A are centred, which the constant makes up for.

    `halt` is asked between steps; once true, the weights so far come back. `residual` is the accuracy of the next
    answer, relative to beta: while the bounds are far apart there is no use in solving it to the last digit.
    """

    def __init__(
        self,
        X: Array,
        y: Array,
        beta: float,
        loss: Loss,
        bias: bool = True,
        halt: Callable[[], bool] = lambda: False,
        residual: float = RESIDUAL,
    ) -> None:
        super().__init__(X, y, beta, loss, bias)
        self.halt, self.residual = halt, residual
        self.root = float(np.sqrt(mass(loss.weight, len(y))))

    @property
    def settled(self) -> bool:  # type: ignore[override]
        """Whether the answers are as accurate as they will be."""
        return self.residual <= RESIDUAL

    def solve(self, columns: SharedColumns) -> Weights:
        """Optimum over `columns`, begun from the weights they carry."""
        held = columns.held
        return self.weights(held.activations(self.X), held.W, held.c)

    def kept(self, columns: SharedColumns, merged: SharedColumns) -> SharedColumns:
        """What the next round begins with: the neurons in use, merged."""
        return self.moved(merged.held)

    def columns(self, network: ReLUNetwork) -> SharedColumns:
        """The neurons of a network as columns."""
        return SharedColumns(network)

    def moved(self, network: ReLUNetwork) -> SharedColumns:
        """The neurons in use, those that agree on the data merged."""
        return SharedColumns(merged(network.pruned(SHARED_DROP), self.X))

    def found(self, *neurons: Array) -> SharedColumns:
        """Neurons U (k, d), b (k,) as columns."""
        U, b = neurons
        K = self.y.shape[1]
        return SharedColumns(ReLUNetwork(U, b, np.zeros((len(b), K)), np.zeros(K)))

    def adapt(self, network: ReLUNetwork, value: float, bound: float, gap: float, added: int) -> None:
        """Ask for more digits as the bounds come closer, and for all of them where no neuron is missing."""
        self.residual = max(RESIDUAL, min(self.residual if added else 0.0, FIRST_RESIDUAL * max(gap, 0.0)))

    def weights(self, A: Array, start: Array, c: Array) -> Weights:
        """Optimum over the activations A (n, m), from the weights `start` (m, K) and the constant c (K,)."""
        middle = row_mean(A, self.loss.weight) if self.bias else np.zeros(A.shape[1])
        point = _Point(self, A - middle, start.copy(), c + middle @ start)
        refused = np.zeros(len(start), bool)
        least = still = self.residual * self.beta
        for _ in range(MOST_STEPS):
            before = point.total
            point.settle(np.flatnonzero(point.W.any(axis=1)), still)
            gain = np.linalg.norm(point.B.T @ point.V, axis=1) - self.beta
            used = point.W.any(axis=1)
            if point.total < before * (1 - STILL):
                refused[:] = False
            entering = np.flatnonzero((gain > least) & ~used & ~refused)
            entering = entering[np.argsort(-gain[entering])[:AT_ONCE]]
            if self.halt():
                break
            if not len(entering):
                if still == least:
                    break
                still = least
                continue
            still = max(least, EASY * float(gain[entering[0]]))
            for j in entering:
                point.coordinate(int(j))
            refused[entering] = True
        return Weights(point.W, point.c - middle @ point.W, point.V)


class _Point:
    """Weights on the way: W (m, K), c (K,), outputs F, dual V and the objective `total`, kept in step."""

    def __init__(self, master: VectorMaster, B: Array, W: Array, c: Array) -> None:
        self.master, self.B, self.W, self.c = master, B, W, c
        self.square = np.einsum("nj,nj->j", B, by_rows(master.loss.weight, B))
        self._refresh()

    def _refresh(self) -> None:
        loss, Y = self.master.loss, self.master.y
        self.F = self.c + self.B @ self.W
        self.V = loss.gradient(self.F, Y)
        self.total = self._total(self.F, self.W)

    def _total(self, F: Array, W: Array) -> float:
        return self.master.loss.value(F, self.master.y) + self.master.beta * float(np.linalg.norm(W, axis=1).sum())

    def settle(self, used: np.ndarray, still: float) -> None:
        """Descend on the neurons in use, until the conditions hold to `still` or nothing moves."""
        for step in range(MOST_NEWTON):
            if self.master.halt():
                return
            before = self.total
            sweep = step == 0 or self._near_zero(used)
            if sweep:
                for j in used:
                    self.coordinate(j)
                self._refresh()
                used = used[self.W[used].any(axis=1)]
            if self._slope(used)[1] <= still:
                return
            moved = self._newton(used)
            used = used[self.W[used].any(axis=1)]
            if not moved or (self.total >= before * (1 - STILL) and self._slope(used)[1] <= 1e3 * still):
                if sweep and self.total >= before * (1 - STILL):
                    return
                for j in used:
                    self.coordinate(j)
                self._refresh()
                used = used[self.W[used].any(axis=1)]

    def _near_zero(self, used: np.ndarray) -> bool:
        size = np.linalg.norm(self.W[used], axis=1)
        return bool((size < 1e-3 * size.max(initial=0.0)).any())

    def _slope(self, used: np.ndarray) -> tuple[Array, float]:
        """Gradient in (c, W of those in use), and the greatest length of its rows."""
        size = np.linalg.norm(self.W[used], axis=1)[:, None]
        slope = self.master.beta * self.W[used] / size - self.B[:, used].T @ self.V
        if self.master.bias:
            root = self.master.root  # the constant's column counts like one of activations of length one
            slope = np.vstack([-self.V.sum(axis=0), slope])
            rest = float(np.linalg.norm(slope[1:], axis=1).max(initial=0.0))
            return slope, max(rest, float(np.linalg.norm(slope[0])) / root)
        return slope, float(np.linalg.norm(slope, axis=1).max(initial=0.0))

    def coordinate(self, j: int) -> None:
        """The best W_j for the others as they are (an upper bound on the curvature for the logistic loss)."""
        curvature = self.master.loss.steepest * self.square[j]
        if curvature <= 0.0:
            self.W[j] = 0.0
            return
        wish = self.B[:, j] @ self.V + curvature * self.W[j]
        length = float(np.linalg.norm(wish))
        new = wish * (max(0.0, 1.0 - self.master.beta / length) / curvature if length > 0 else 0.0)
        change = new - self.W[j]
        if change.any():
            self.W[j] = new
            self.F = self.F + np.outer(self.B[:, j], change)
            self.V = self.master.loss.gradient(self.F, self.master.y)

    def _newton(self, used: np.ndarray) -> bool:
        """A Newton step, as far as it lowers the objective; a weight it would lead through zero stops there."""
        bias, K = int(self.master.bias), self.W.shape[1]
        if (len(used) + bias) * K > LARGEST:
            return False
        slope, _ = self._slope(used)
        B = np.hstack([np.ones((len(self.B), bias)), self.B[:, used]])
        H = self.master.loss.hessian(B, self.F)
        W = self.W[used]
        size = np.linalg.norm(W, axis=1)
        for j, (w, length) in enumerate(zip(W, size, strict=True)):
            at = slice((j + bias) * K, (j + bias + 1) * K)
            H[at, at] += self.master.beta / length * (np.eye(K) - np.outer(w, w) / length**2)
        step = _solved(H, -slope.ravel()).reshape(-1, K)
        turn, shift = step[bias:], step[:bias].sum(axis=0)
        toward = np.einsum("jk,jk->j", W, turn)
        with np.errstate(divide="ignore"):
            room = np.where(toward < 0, size**2 / np.maximum(-toward, 1e-300), np.inf)
        first = float(room.min(initial=np.inf))
        for t in [1.0, *([first] if first < 1.0 else []), *(min(first, 1.0) * 0.5**k for k in range(1, 12))]:
            trial = self.W.copy()
            trial[used] = np.where((room <= t)[:, None], 0.0, W + t * turn)
            c = self.c + t * shift
            F = c + self.B @ trial
            if self._total(F, trial) < self.total or (t == 1.0 and first > 1.0 and self._tiny(slope, step)):
                self.W, self.c = trial, c
                self._refresh()
                return True
        return False

    def _tiny(self, slope: Array, step: Array) -> bool:
        """Whether the step promises less than the objective's rounding shows."""
        return -float(np.sum(slope * step)) <= 100 * STILL * max(abs(self.total), 1e-300)


def _solved(H: Array, rhs: Array) -> Array:
    """H^-1 rhs for positive semidefinite H, with the least ridge that lets it be factored."""
    ridge, diagonal = RIDGE, np.diag(H).copy()
    while True:
        np.fill_diagonal(H, diagonal + ridge * (diagonal + diagonal.mean()) + 1e-300)
        try:
            factor = cho_factor(H, lower=True, check_finite=False)
            solution: Array = cho_solve(factor, rhs, check_finite=False)
            return solution
        except LinAlgError:
            ridge *= 100
