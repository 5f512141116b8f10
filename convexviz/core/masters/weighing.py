"""Weights of neurons held by block coordinate descent: rough, fast, for any smooth loss and any number of outputs.

    min over W (m, K), c (K,)   loss(1 c^T + A W, Y) + beta sum_j ||W_j||_2,     A (n, m) the activations

One neuron after the other takes the minimiser of its part under an upper bound on the curvature (Yuan & Lin 2006). That
puts weights to exactly zero and never raises the objective. `vector_master` solves the same problem to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from ..losses import Count, by_rows, mass, row_mean
from ..network import Array
from ..numerics.quasi_newton import never

SHIFTS = 2  # steps of the constant in a sweep


class Term(Protocol):
    """A smooth loss of F (n, K), with weights of the rows, and a bound on the curvature of a row of weight 1."""

    @property
    def steepest(self) -> float:
        """The bound."""
        ...

    @property
    def weight(self) -> Count:
        """(n,), or 1."""
        ...

    def value(self, F: Array, Y: Array) -> float:
        """Data term."""
        ...

    def gradient(self, F: Array, Y: Array) -> Array:
        """V = -d loss / d F, (n, K)."""
        ...


def weighed(
    A: Array,
    Y: Array,
    W: Array,
    c: Array,
    beta: float,
    loss: Term,
    bias: bool = True,
    sweeps: int = 2,
    halt: Callable[[], bool] = never,
) -> tuple[Array, Array]:
    """Better W (m, K) and c (K,) than those given, after so many sweeps, or when `halt` says so."""
    middle = row_mean(A, loss.weight) if bias else np.zeros(A.shape[1])
    B = np.ascontiguousarray((A - middle).T)
    curvature = loss.steepest * np.einsum("jn,nj->j", B, by_rows(loss.weight, B.T))
    total = loss.steepest * mass(loss.weight, len(A))
    W, c = W.copy(), c + middle @ W
    F = c + B.T @ W
    for _ in range(sweeps):
        for _ in range(SHIFTS if bias else 0):
            shift = loss.gradient(F, Y).sum(axis=0) / total
            c, F = c + shift, F + shift
        for j in np.argsort(-np.linalg.norm(W, axis=1), kind="stable"):
            if curvature[j] <= 0.0:
                continue
            if halt():
                return W, c - middle @ W
            wish = B[j] @ loss.gradient(F, Y) + curvature[j] * W[j]
            length = float(np.linalg.norm(wish))
            new = wish * (max(0.0, 1.0 - beta / length) / curvature[j]) if length > 0 else 0.0 * wish
            if (change := new - W[j]).any():
                W[j] = new
                F = F + B[j][:, None] * change
    return W, c - middle @ W
