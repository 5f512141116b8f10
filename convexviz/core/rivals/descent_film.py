"""Networks of scikit-learn with a look at every iteration of their training, each brought to unit-norm form.

scikit-learn 1.9 has no callback for networks, so three private methods are overridden: `_initialize`,
`_update_no_improvement_count` (called after an epoch of Adam or SGD; `partial_fit` would do, at three to ten times the
time) and `_fit_lbfgs`, with the same loss and gradient and the same routine of scipy. So L-BFGS keeps its memory of
past steps over the whole run (a warm start begins without) and goes on where scipy's own tolerance, which scikit-learn
does not pass on, stops early. Tests hold every solver against scikit-learn's own runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import minimize
from sklearn.neural_network import MLPClassifier, MLPRegressor

from ..dual.certificate import objective
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import progress

MEMORY = 30  # pairs of steps and gradients; with scipy's 10 L-BFGS creeps where ReLUs switch
ALL_DIGITS = 0.0  # L-BFGS goes on while the objective falls; scipy's 2e-9 stops at up to 1 % above the end
EVALUATIONS = 100  # most per iteration of L-BFGS on average; its line search takes 20 at most
DIVERGED = 1e6  # times the first objective: steps too long, and no way back
VAST = 1e100  # parameters whose products overflow sooner or later
VANISHED = 1e-150  # largest entry of a u whose squares underflow: no direction is left in it

Outcome = Literal["converged", "iterations", "stopped", "diverged"]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The network after one iteration.

    Attributes
    ----------
    iteration : 0 is the random start.
    network : the same function with unit-norm u_j.
    objective : loss + beta sum |w_j| of it, as for every network elsewhere.
    weight_decay_objective : loss + (beta/2) sum_j (||u_j||^2 + w_j^2) as trained, n times scikit-learn's `loss_`.
    """

    iteration: int
    network: ReLUNetwork
    objective: float
    weight_decay_objective: float


def unit_norm(coefs: Sequence[Array], intercepts: Sequence[Array]) -> ReLUNetwork:
    """The function of a scikit-learn network with one hidden layer of ReLUs and one output, with unit-norm u_j.

    coefs : U (d, m) and w (m, 1); intercepts : b (m,) and c (1,), as in `coefs_` and `intercepts_`. A neuron without
    direction is a constant and moves into c; one without weight is left out.
    """
    U, w = np.asarray(coefs[0], float).T, np.asarray(coefs[1], float)[:, 0]
    at_work = w != 0
    U = np.where(np.abs(U).max(axis=1, keepdims=True) > VANISHED, U, 0.0)
    return ReLUNetwork.normalized(U[at_work], intercepts[0][at_work], w[at_work], float(intercepts[1][0]))


def schedule(iterations: int, frames: int) -> frozenset[int]:
    """Which of the iterations 0, 1, ..., `iterations` become snapshots: `frames` of them, at growing distances."""
    chosen = [0]
    while len(chosen) < frames and chosen[-1] < iterations:
        last = max(chosen[-1], 1)
        growth = (iterations / last) ** (1.0 / (frames - len(chosen)))
        chosen.append(max(chosen[-1] + 1, round(last * growth)))
    return frozenset(chosen)


class Film:
    """Looks at the network after every iteration."""

    outcome: Outcome | None = None  # set once somebody or something ends the run

    def __init__(
        self,
        X: Array,
        y: Array,
        beta: float,
        loss: Loss,
        iterations: int,
        frames: int,
        watch: Callable[[Snapshot], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.X, self.y, self.beta, self.loss = X, y, beta, loss
        self.most, self.chosen, self.watch, self.stop = iterations, schedule(iterations, frames), watch, stop
        self.values: list[tuple[float, float]] = []
        self.snapshots: list[Snapshot] = []

    def see(self, coefs: Sequence[Array], intercepts: Sequence[Array]) -> bool:
        """Note one more iteration; whether to go on."""
        snapshot = self._snapshot(coefs, intercepts)
        if snapshot is None:
            self.outcome = "diverged"
            return False
        self.last = snapshot
        self.values.append((snapshot.objective, snapshot.weight_decay_objective))
        progress.iterated(snapshot.objective)
        if snapshot.iteration in self.chosen:
            self._keep(snapshot)
        if snapshot.iteration == self.most:
            self.outcome = "iterations"
        elif self.stop is not None and self.stop():
            self.outcome = "stopped"
        return self.outcome is None

    def finish(self) -> Snapshot:
        """The last iteration, which is always kept."""
        if self.snapshots[-1] is not self.last:
            self._keep(self.last)
        return self.last

    def _keep(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)
        if self.watch is not None:
            self.watch(snapshot)

    def _snapshot(self, coefs: Sequence[Array], intercepts: Sequence[Array]) -> Snapshot | None:
        """None where the network has left all bounds."""
        if not all(np.abs(a).max() < VAST for a in (*coefs, *intercepts)):
            return None
        network = unit_norm(coefs, intercepts)
        value = objective(network, self.X, self.y, self.beta, self.loss)
        lengths = np.linalg.norm(coefs[0], axis=0)
        decayed = value + self.beta / 2 * float(np.sum((lengths - np.abs(coefs[1][:, 0])) ** 2))
        if not np.isfinite(decayed) or (self.values and decayed > DIVERGED * self.values[0][1]):
            return None
        return Snapshot(len(self.values), network, value, decayed)


class Filmed:
    """What scikit-learn's networks do privately, with somebody looking on."""

    film: Film
    going = True

    def _initialize(self: Any, *layers: Any) -> None:
        super()._initialize(*layers)  # type: ignore[misc]
        self.going = self.film.see(self.coefs_, self.intercepts_)

    def _fit_lbfgs(self: Any, X: Array, y: Array, *work: Any) -> None:
        """As scikit-learn's, but for `MEMORY`, `ALL_DIGITS` and the look at every iteration."""
        *work_space, (d, m, _) = work
        ends = np.cumsum([0, d * m, m, m, 1]).tolist()  # of U, w, b, c in one vector
        self._coef_indptr = [(*ends[:2], (d, m)), (*ends[1:3], (m, 1))]
        self._intercept_indptr = [tuple(ends[2:4]), tuple(ends[3:])]

        def look(intermediate_result: Any) -> None:
            self._unpack(intermediate_result.x)
            if not self.film.see(self.coefs_, self.intercepts_):
                raise StopIteration

        if not self.going:
            return
        best = minimize(
            self._loss_grad_lbfgs,
            np.hstack([part.ravel() for part in (*self.coefs_, *self.intercepts_)]),
            args=(X, y, *work_space),
            method="L-BFGS-B",
            jac=True,
            callback=look,
            options={
                "maxiter": self.max_iter,
                "maxfun": EVALUATIONS * self.max_iter,
                "maxcor": MEMORY,
                "ftol": ALL_DIGITS,
                "gtol": ALL_DIGITS,
            },
        )
        self.n_iter_, self.loss_ = best.nit, best.fun
        self._unpack(best.x)

    def _update_no_improvement_count(self: Any, *_: Any) -> None:
        """After each epoch of Adam and SGD scikit-learn counts those without progress, and stops at too many."""
        going = self.film.see(self.coefs_, self.intercepts_)
        self._no_improvement_count = 0 if going else np.inf


class FilmedRegressor(Filmed, MLPRegressor):  # type: ignore[misc]  # scikit-learn brings no types
    """Squared loss."""


class FilmedClassifier(Filmed, MLPClassifier):  # type: ignore[misc]  # scikit-learn brings no types
    """Logistic loss."""
