"""Descent on all parameters of a few neurons: the training problem in its weight-decay form, which is not convex.

    min  loss(F, Y) + (beta / 2) sum_j (||u_j||^2 + ||W_j||^2),    F = c + sum_j (X u_j + b_j)_+ W_j,    by L-BFGS

At the best scaling of every neuron the penalty is beta sum_j ||W_j|| for unit u_j (Ergen & Pilanci 2021, section 2), so
a network that goes down here goes down there. Column generation moves no neuron, it only names new ones; descent moves
those held to where they are worth most, in the time of a round. Taking turns is the sliding Frank-Wolfe method of
Denoyelle, Duval, Peyre & Soubies (2020), here with L-BFGS from scipy. Nothing is proved: that is the oracle's business.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import numpy as np
from scipy.optimize import minimize

from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..vector_losses import VectorLoss
from ..vector_network import VectorNetwork

FIRST_WIDTH = 24  # neurons to begin with: few are soon in place, and what they leave the rounds find
FIRST_WEIGHT = 0.05  # of them: small, so that none begins far from where it is wanted
FIRST_STEPS = 300  # of L-BFGS from there
STEPS = 200  # of L-BFGS in a round
FALL = 1e-9  # relative fall of a step at which L-BFGS ends
LEVEL = 1e-7  # slope, relative to beta, that is none
CLOCK = 16  # evaluations between two looks at the clock

N = TypeVar("N", ReLUNetwork, VectorNetwork)


class Polish:
    """Descends from networks on X (n, d), Y (n,) or (n, K), for a smooth loss; `bias` frees b and c."""

    def __init__(
        self,
        X: Array,
        Y: Array,
        beta: float,
        loss: Loss | VectorLoss,
        bias: bool = True,
        halt: Callable[[], bool] = lambda: False,
        seed: int = 0,
    ) -> None:
        self.X, self.Y, self.beta, self.loss, self.bias, self._halt = X, Y, beta, loss, bias, halt
        self._rng = np.random.default_rng(seed)
        self._inputs = np.column_stack([X, np.ones(len(X))]) if bias else X

    def first(self) -> Any:
        """A network of a few random neurons, their planes through data points, descended from."""
        n, d = self.X.shape
        U = self._rng.standard_normal((FIRST_WIDTH, d))
        U /= np.linalg.norm(U, axis=1)[:, None]
        through = self.X[self._rng.integers(0, n, FIRST_WIDTH)]
        b = -(U * through).sum(axis=1) if self.bias else np.zeros(FIRST_WIDTH)
        if self.Y.ndim == 1:
            w = FIRST_WEIGHT * np.where(np.arange(FIRST_WIDTH) % 2, 1.0, -1.0)
            return self(ReLUNetwork(U, b, w, 0.0), FIRST_STEPS)
        W = self._rng.standard_normal((FIRST_WIDTH, self.Y.shape[1]))
        W *= FIRST_WEIGHT / np.linalg.norm(W, axis=1)[:, None]
        return self(VectorNetwork(U, b, W, np.zeros(self.Y.shape[1])), FIRST_STEPS)

    def __call__(self, network: N, steps: int = STEPS) -> N:
        """The network after at most so many steps; its objective has not risen."""
        if not network.width:
            return network
        W = network.w[:, None] if isinstance(network, ReLUNetwork) else network.W
        length = np.linalg.norm(W, axis=1)
        there = length > 0
        size = np.sqrt(length[there])[:, None]  # both layers of the same length: there the penalty is least
        rows = np.column_stack([network.U, network.b])[there, : self._inputs.shape[1]]
        T, W, c = self._descend((rows * size).T, W[there] / size, np.atleast_1d(network.c), steps)
        U, b = T[: self.X.shape[1]].T, T[-1] if self.bias else np.zeros(len(W))
        if isinstance(network, ReLUNetwork):
            return ReLUNetwork.normalized(U, b, W[:, 0], float(c[0]))
        return VectorNetwork.normalized(U, b, W, c)

    def _descend(self, T: Array, W: Array, c: Array, steps: int) -> tuple[Array, Array, Array]:
        """From the first layer T (p, m), its last row the biases if there are any, W (m, K) and c (K,)."""
        start = np.concatenate([T.ravel(), W.ravel(), c])
        best = _Best(start, self._halt)
        options = {"maxiter": steps, "maxfun": 2 * steps, "ftol": FALL, "gtol": LEVEL * self.beta}
        with suppress(_OutOfTime):
            minimize(best.of(self._value), start, jac=True, method="L-BFGS-B", options=options)
        return self._parts(best.x, len(c))

    def _parts(self, x: Array, K: int) -> tuple[Array, Array, Array]:
        """T (p, m), W (m, K) and c (K,)."""
        p = self._inputs.shape[1]
        m = (len(x) - K) // (p + K)
        return x[: p * m].reshape(p, m), x[p * m : len(x) - K].reshape(m, K), x[len(x) - K :]

    def _value(self, x: Array) -> tuple[float, Array]:
        """Objective in weight-decay form and its gradient."""
        single, d = self.Y.ndim == 1, self.X.shape[1]
        T, W, c = self._parts(x, 1 if single else self.Y.shape[1])
        z = self._inputs @ T
        h = np.maximum(z, 0.0)
        F = h @ W + c * self.bias
        F = F[:, 0] if single else F
        V = self.loss.gradient(F, self.Y).reshape(len(z), -1)
        value = self.loss.value(F, self.Y) + 0.5 * self.beta * (float((T[:d] ** 2).sum()) + float((W**2).sum()))
        if single:
            slope_T = -(self._inputs.T @ np.where(z > 0.0, V, 0.0)) * W.T
        else:
            slope_T = -(self._inputs.T @ np.where(z > 0.0, V @ W.T, 0.0))
        slope_T[:d] += self.beta * T[:d]
        slope_W = self.beta * W - h.T @ V
        return value, np.concatenate([slope_T.ravel(), slope_W.ravel(), -V.sum(axis=0) * self.bias])


class _OutOfTime(Exception):
    """Ends the library's loop from within."""


class _Best:
    """The lowest point evaluated, and an eye on the clock."""

    def __init__(self, start: Array, halt: Callable[[], bool]) -> None:
        self.x, self.value = start.copy(), np.inf
        self._halt, self._count = halt, 0

    def of(self, value: Callable[[Array], tuple[float, Array]]) -> Callable[[Array], tuple[float, Array]]:
        """`value`, watched."""

        def watched(x: Array) -> tuple[float, Array]:
            found = value(x)
            if found[0] < self.value:
                self.x, self.value = x.copy(), found[0]
            self._count += 1
            if self._count % CLOCK == 0 and self._halt():
                raise _OutOfTime
            return found

        return watched
