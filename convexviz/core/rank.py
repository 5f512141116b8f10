"""Exact reduction of rank: data that lie on a line or in a plane are one- or two-dimensional data.

If x_i = centre + B' z_i with orthonormal rows of B (r, d), a neuron sees u.x_i + b = (Bu).z_i + b', and |w| is spent
best on a u in the span of B: the training problem on z is the same problem (Ergen & Pilanci 2021, rank-one data).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .network import Array, ReLUNetwork

ROUNDING = 1e-12  # a singular value this small, relative to the first, is rounding


@dataclass(frozen=True, eq=False)
class Reduction:
    """x = centre + z basis; coordinates `Z` (n, r), orthonormal `basis` (r, d), `centre` (d,)."""

    Z: Array
    basis: Array
    centre: Array

    @property
    def rank(self) -> int:
        """Number of coordinates r; one for points that all coincide."""
        return self.Z.shape[1]

    def lift(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on z as a network on x: the same function on the data, the same sum |w|."""
        U = network.U @ self.basis
        return ReLUNetwork(U, network.b - U @ self.centre, network.w, network.c)

    def restrict(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on x as a network on z: the same function on the data, sum |w| not larger."""
        return ReLUNetwork.normalized(
            network.U @ self.basis.T, network.b + network.U @ self.centre, network.w, network.c
        )


def reduce_rank(X: Array, centred: bool = True) -> Reduction:
    """Coordinates of X (n, d) in the smallest flat that holds the points; those of full rank stay as they are.

    Not `centred`, in the smallest flat through the origin too: what neurons without bias need.
    """
    d = X.shape[1]
    whole = Reduction(X, np.eye(d), np.zeros(d))
    if d == 1:
        return whole
    centre = X[0] if centred else np.zeros(d)
    offsets = X - centre
    _, singular, directions = np.linalg.svd(offsets, full_matrices=False)
    rank = max(1, int((singular > ROUNDING * max(singular[0], np.abs(X).max())).sum()))
    if rank == d:
        return whole
    basis = directions[:rank] / np.linalg.norm(directions[:rank], axis=1)[:, None]
    return Reduction(offsets @ basis.T, basis, centre)
