"""Exact reduction to one dimension: data whose points lie on one line are one-dimensional data.

If x_i = centre + t_i a with ||a|| = 1, a neuron u sees u.x_i + b = (u.a) t_i + b', and |w| is spent best on u = +-a:
the training problem on (t_i) is the same problem (Ergen & Pilanci 2021, rank-one data).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .network import Array, ReLUNetwork

ON_THE_LINE = 1e-12  # second singular value, relative to the first, that is rounding


@dataclass(frozen=True, eq=False)
class LineReduction:
    """x = centre + t direction; `t` (n,) the positions, `direction` (d,) of norm one, `centre` (d,)."""

    t: Array
    direction: Array
    centre: Array

    def lift(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network on t as a network on x: u = +-direction, biases moved by the centre."""
        U = network.U[:, :1] * self.direction
        return ReLUNetwork(U, network.b - U @ self.centre, network.w, network.c)


def reduce_to_line(X: Array) -> LineReduction | None:
    """The reduction for X (n, d), or None where the points do not lie on one line."""
    if X.shape[1] == 1:
        return LineReduction(X[:, 0], np.ones(1), np.zeros(1))
    centre = X[0]
    offsets = X - centre
    _, singular, directions = np.linalg.svd(offsets, full_matrices=False)
    if len(singular) > 1 and singular[1] > ON_THE_LINE * max(singular[0], np.abs(X).max()):
        return None
    direction = directions[0] / np.linalg.norm(directions[0])
    return LineReduction(offsets @ direction, direction, centre)
