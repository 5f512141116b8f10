"""Neurons held by the cutting-plane loop, each with a known sign, and the answer of the problem over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Array, ReLUNetwork

ON_THE_LINE = 1e-12  # a point this close to a neuron's line, relative to the data, lies on it
DROP = 1e-12  # weights below this share of the largest are zero


@dataclass(frozen=True, eq=False)
class Weights:
    """Answer on the neurons held: weights w (m,) >= 0, constant c and the dual vector v (n,)."""

    w: Array
    c: float
    v: Array


@dataclass(frozen=True, eq=False)
class Columns:
    """Neurons held, with signs: U (m, d), b (m,), sign (m,), and a start for their weights (m,)."""

    U: Array
    b: Array
    sign: Array
    w: Array

    def __len__(self) -> int:
        return len(self.b)

    def signed(self, X: Array) -> Array:
        """Signed activations (n, m)."""
        parts: Array = self.sign * np.maximum(X @ self.U.T + self.b, 0.0)
        return parts

    def joined(self, other: Columns) -> Columns:
        """Both, these first."""
        return Columns(
            np.vstack([self.U, other.U]),
            np.concatenate([self.b, other.b]),
            np.concatenate([self.sign, other.sign]),
            np.concatenate([self.w, other.w]),
        )

    def network(self, answer: Weights, X: Array) -> ReLUNetwork:
        """The neurons in use, those of one activation pattern on the data X (n, d) merged."""
        used = answer.w > DROP * answer.w.max(initial=0.0)
        whole = ReLUNetwork(self.U[used], self.b[used], (self.sign * answer.w)[used], answer.c)
        return whole.merge(X)

    @classmethod
    def of(cls, network: ReLUNetwork) -> Columns:
        """The neurons of a network as columns."""
        return cls(network.U, network.b, np.sign(network.w), np.abs(network.w))

    @classmethod
    def new(cls, U: Array, b: Array, sign: Array) -> Columns:
        """Neurons of weight zero."""
        return cls(U, b, sign, np.zeros(len(b)))


def one_per_pattern(X: Array, U: Array, b: Array, sign: Array) -> tuple[Array, Array, Array]:
    """One neuron per activation pattern on X (n, d) and sign: a line is found from each point it passes."""
    active = np.packbits(X @ U.T + b > ON_THE_LINE * np.abs(X).max(), axis=0)
    keys = np.vstack([active, (sign > 0).astype(np.uint8)])
    _, first = np.unique(keys, axis=1, return_index=True)
    first = np.sort(first)
    return U[first], b[first], sign[first]
