"""Neurons held by the cutting-plane loop, and the answer of the problem over them.

For one output each has a known sign. Those of K outputs are shared: each has weights w_j in R^K.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..network import PARALLEL, Array, ReLUNetwork, indistinguishable

ON_THE_LINE = 1e-12  # a point this close to a neuron's line, relative to the data, lies on it
DROP, SHARED_DROP = 1e-12, 1e-11  # weights below this share of the largest are zero
SAME_WAY = 0.5  # cosine of weights from which the mean of two neurons is worth offering
CANCELS = 1e-9  # length of the mean of unit vectors that is rounding


@dataclass(frozen=True, eq=False)
class Weights:
    """Answer on the neurons held: weights w (m,) >= 0, constant c and the dual vector v (n,); w (m, K), c (K,) and
    v (n, K) for shared ones."""

    w: Array
    c: Any
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


@dataclass(frozen=True, eq=False)
class SharedColumns:
    """Neurons held that reach K outputs, as a network whose weights (m, K) and constant (K,) are a start for them."""

    held: ReLUNetwork

    def __len__(self) -> int:
        return self.held.width

    @property
    def U(self) -> Array:
        """Directions (m, d)."""
        return self.held.U

    @property
    def b(self) -> Array:
        """Biases (m,)."""
        return self.held.b

    def joined(self, other: SharedColumns) -> SharedColumns:
        """Both, these first."""
        return SharedColumns(self.held.joined(other.U, other.b, other.held.w))

    def network(self, answer: Weights, X: Array) -> ReLUNetwork:
        """The neurons in use."""
        return ReLUNetwork(self.U, self.b, answer.w, answer.c).pruned(SHARED_DROP)


def one_per_pattern(X: Array, U: Array, b: Array, sign: Array) -> tuple[Array, Array, Array]:
    """One neuron per activation pattern on X (n, d) and sign: a line is found from each point it passes."""
    active = np.packbits(X @ U.T + b > ON_THE_LINE * np.abs(X).max(), axis=0)
    keys = np.vstack([active, (sign > 0).astype(np.uint8)])
    _, first = np.unique(keys, axis=1, return_index=True)
    first = np.sort(first)
    return U[first], b[first], sign[first]


def merged(network: ReLUNetwork, X: Array) -> ReLUNetwork:
    """Neurons joined that agree on X (n, d) and whose weights are parallel; where not quite, their mean is added.

    f on the rows of X is unchanged, and sum ||w_j|| does not rise. What is joined comes in the order of its size.
    """
    size = network.sizes
    way = network.W / size[:, None]
    number, order = indistinguishable(network.preactivations(X), way, size, SAME_WAY), np.argsort(-size, kind="stable")
    U, b, W = [network.U[:0]], [network.b[:0]], [network.W[:0]]
    for group in (order[number[order] == g] for g in range(number.max(initial=-1) + 1)):
        mean = size[group] @ network.U[group]
        length = float(np.linalg.norm(mean))
        parallel = bool((way[group] @ way[group[0]]).min() >= PARALLEL)
        joins = len(group) > 1 and length > CANCELS * size[group].sum()
        if joins:
            U.append(mean[None] / length)
            b.append(size[group] @ network.b[group, None] / length)
            W.append((length if parallel else 0.0) * way[group[:1]])
        if not (joins and parallel):
            U.append(network.U[group])
            b.append(network.b[group])
            W.append(network.W[group])
    return ReLUNetwork(np.vstack(U), np.concatenate(b), np.vstack(W), network.c)
