"""Descent on all parameters of a few neurons: the training problem in its weight-decay form, which is not convex.

    min  loss(F, Y) + (beta / 2) sum_j (||u_j||^2 + ||W_j||^2),    F = c + sum_j (X u_j + b_j)_+ W_j

At the best scaling of every neuron the penalty is beta sum_j ||W_j|| for unit u_j (Ergen & Pilanci 2021, section 2), so
a network that goes down here goes down there. Column generation moves no neuron, it only names new ones; descent moves
those held to where they are worth most, in the time of a round. Taking turns is the sliding Frank-Wolfe method of
Denoyelle, Duval, Peyre & Soubies (2020). Nothing is proved: that is the oracle's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from ..network import Array, ReLUNetwork
from ..numerics.quasi_newton import QuasiNewton, never

FIRST_WIDTH = 24  # neurons to begin with: few are soon in place, and what they leave the rounds find
FIRST_WEIGHT = 0.05  # of them: small, so that none begins far from where it is wanted
FIRST_STEPS = 300  # evaluations from there
STEPS = 200  # evaluations in a round


class Smooth(Protocol):
    """A loss of outputs F (n,) or (n, K) that has a slope."""

    def value(self, F: Array, Y: Array) -> float:
        """Data term."""
        ...

    def gradient(self, F: Array, Y: Array) -> Array:
        """V = -d loss / d F, of the shape of F."""
        ...


class Polish:
    """Descends from networks on X (n, d), Y (n,) or (n, K), for a smooth loss; `bias` frees b and c.

    `units` (d,) are the sizes in which the entries of u are measured: conditioning, nothing else.
    """

    def __init__(
        self,
        X: Array,
        Y: Array,
        beta: float,
        loss: Smooth,
        bias: bool = True,
        halt: Callable[[], bool] = never,
        seed: int = 0,
        units: Array | float = 1.0,
    ) -> None:
        self.X, self.Y, self.beta, self.loss, self.bias, self._halt = X, Y, beta, loss, bias, halt
        self._rng = np.random.default_rng(seed)
        self._units = (units * np.ones(X.shape[1]))[:, None]
        scaled = X * self._units[:, 0]
        self._inputs = np.ascontiguousarray(np.column_stack([scaled, np.ones(len(X))]) if bias else scaled)
        self._room = np.empty((len(X), 0)), np.empty((len(X), 0))
        self._price = beta * self._units**2  # of the square of an entry of u

    def first(self) -> ReLUNetwork:
        """A network of a few random neurons, their planes through data points, descended from."""
        return self(self.random(), FIRST_STEPS)

    def random(self) -> ReLUNetwork:
        """A network of a few small random neurons, their planes through data points."""
        n, d = self.X.shape
        U = self._rng.standard_normal((FIRST_WIDTH, d)) * self._units[:, 0]
        U /= np.linalg.norm(U, axis=1)[:, None]
        through = self.X[self._rng.integers(0, n, FIRST_WIDTH)]
        b = -(U * through).sum(axis=1) if self.bias else np.zeros(FIRST_WIDTH)
        if self.Y.ndim == 1:
            w = FIRST_WEIGHT * np.where(np.arange(FIRST_WIDTH) % 2, 1.0, -1.0)
            return ReLUNetwork(U, b, w, 0.0)
        W = self._rng.standard_normal((FIRST_WIDTH, self.Y.shape[1]))
        if W.shape[1] == 1:
            W = np.where(np.arange(FIRST_WIDTH) % 2, 1.0, -1.0)[:, None]
        W *= FIRST_WEIGHT / np.linalg.norm(W, axis=1)[:, None]
        return ReLUNetwork(U, b, W, np.zeros(self.Y.shape[1]))

    def __call__(self, network: ReLUNetwork, steps: int = STEPS) -> ReLUNetwork:
        """The network after about so many evaluations; its objective has not risen."""
        if not network.width:
            return network
        descent = Descent(self, network)
        descent.run(steps)
        return descent.network()

    def packed(self, network: ReLUNetwork) -> Array:
        """First layer T (p, m), its last row the biases if there are any, second layer (m, K) and c, as one vector."""
        W = network.W
        length = np.linalg.norm(W, axis=1)
        there = length > 0
        size = np.sqrt(length[there])[:, None]  # both layers of the same length: there the penalty is least
        rows = [network.U[there] / self._units[:, 0], *([network.b[there, None]] if self.bias else [])]
        T = (np.hstack(rows) * size).T
        return np.concatenate([T.ravel(), (W[there] / size).ravel(), np.atleast_1d(network.c)])

    def unpacked(self, x: Array) -> ReLUNetwork:
        """The network of a vector: the inverse of `packed`, but for the scaling of the layers."""
        T, W, c = self._parts(x)
        U, b = (T[: self.X.shape[1]] * self._units).T, T[-1] if self.bias else np.zeros(len(W))
        if self.Y.ndim == 1:
            return ReLUNetwork.normalized(U, b, W[:, 0], float(c[0]))
        return ReLUNetwork.normalized(U, b, W, c)

    def _parts(self, x: Array) -> tuple[Array, Array, Array]:
        """T (p, m), W (m, K) and c (K,)."""
        p, K = self._inputs.shape[1], 1 if self.Y.ndim == 1 else self.Y.shape[1]
        m = (len(x) - K) // (p + K)
        return x[: p * m].reshape(p, m), x[p * m : len(x) - K].reshape(m, K), x[len(x) - K :]

    def _room_for(self, m: int) -> tuple[Array, Array]:
        """Two arrays (n, m) that are written to again and again: to ask for new ones takes as long as to fill them."""
        if self._room[0].shape[1] != m:
            self._room = np.empty((len(self.X), m)), np.empty((len(self.X), m))
        return self._room

    def _value(self, x: Array) -> tuple[float, Array]:
        """Objective in weight-decay form and its gradient."""
        d = self.X.shape[1]
        T, W, c = self._parts(x)
        h, mass = self._room_for(len(W))
        np.matmul(self._inputs, T, out=h)
        np.maximum(h, 0.0, out=h)
        F = h @ W + c * self.bias
        F = F[:, 0] if self.Y.ndim == 1 else F
        V = self.loss.gradient(F, self.Y).reshape(len(h), -1)
        priced = self._price * T[:d]
        value = self.loss.value(F, self.Y) + 0.5 * (float(np.vdot(priced, T[:d])) + self.beta * float(np.vdot(W, W)))
        slope_W = self.beta * W - h.T @ V
        if W.shape[1] == 1:
            slope_T = self._inputs.T @ np.multiply(h > 0.0, V, out=mass)
            slope_T *= -W[:, 0]
        else:
            np.matmul(V, -W.T, out=mass)
            mass *= h > 0.0
            slope_T = self._inputs.T @ mass
        slope_T[:d] += priced
        return value, np.concatenate([slope_T.ravel(), slope_W.ravel(), -V.sum(axis=0) * self.bias])


class Descent:
    """One descent, which may be looked at and gone on with."""

    def __init__(self, polish: Polish, network: ReLUNetwork) -> None:
        self._polish = polish
        self._method = QuasiNewton(polish._value, polish.packed(network), polish._halt)

    @property
    def ended(self) -> bool:
        """Whether no step is lower any more."""
        return self._method.ended

    def run(self, evaluations: int) -> int:
        """Go on for about so many evaluations; how many there were."""
        before = self._method.evaluations
        self._method.run(evaluations)
        return self._method.evaluations - before

    def network(self) -> ReLUNetwork:
        """Where it is."""
        return self._polish.unpacked(self._method.x)
