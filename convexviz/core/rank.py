"""Exact reduction of rank: data that lie on a line or in a plane are one- or two-dimensional data.

If x_i = centre + B' z_i with orthonormal rows of B (r, d), a neuron sees u.x_i + b = (Bu).z_i + b', and |w| is spent
best on a u in the span of B: the training problem on z is the same problem (Ergen & Pilanci 2021, rank-one data).

What is left over, r_i = x_i - centre - B' z_i, is rounding as far as one can tell, but nobody need believe that: with
s^2 the largest row sum of |B B'|, M_X(v) <= s M_Z(v) + sum_i |v_i| ||r_i|| for every v, so a feature that was dropped
shows up in the certificate as a large remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import qr

from .network import Array, ReLUNetwork

ROUNDING = 1e-12  # a singular value this small, relative to the first, is rounding in data of one scale
FEW = 8
RESOLUTION = FEW * float(np.finfo(float).eps)  # relative to an entry: what sums of a few roundings change in it
APART = 32.0  # distance from the origin, in units of the spread, from which an offset costs digits
FAR = 1e7  # distance from the origin, in units of the spread, from which a bias would lose digits that matter


@dataclass(frozen=True, eq=False)
class Reduction:
    """x = centre + z basis + remainder; coordinates `Z` (n, r), orthonormal `basis` (r, d), `centre` (d,).

    `remainder` (n,) holds the lengths of what is left over, rounding of its computation included.
    """

    Z: Array
    basis: Array
    centre: Array
    remainder: Array

    @property
    def rank(self) -> int:
        """Number of coordinates r; one for points that all coincide."""
        return int(self.Z.shape[1])

    @cached_property
    def stretch(self) -> float:
        """At or above the largest singular value of the basis, which is 1 up to rounding."""
        rows = np.abs(self.basis @ self.basis.T).sum(axis=1)
        return float(np.sqrt(rows.max() * (1 + len(self.centre) * RESOLUTION)))

    @cached_property
    def far(self) -> bool:
        """Whether the data lie so far from the origin that a network on x needs a center.

        On the line it never does: kinks are at data points, and -x_k holds the same digits as x_k.
        """
        if not self.centre.any() or len(self.centre) == 1:
            return False
        spread = np.abs(self.Z @ self.basis).max(axis=0)
        return bool((np.abs(self.centre) > FAR * np.where(spread > 0, spread, np.inf)).any())

    def lift(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on z as a network on x: the same function on the data, the same sum |w|."""
        U = network.U @ self.basis
        if self.far:
            return ReLUNetwork(U, network.b, network.w, network.c, self.centre)
        return ReLUNetwork(U, network.b - U @ self.centre, network.w, network.c)

    def restrict(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on x as a network on z: the same function on the data, sum |w| not larger."""
        centre = self.centre if network.center is None else self.centre - network.center
        return ReLUNetwork.normalized(network.U @ self.basis.T, network.b + network.U @ centre, network.w, network.c)


def reduce_rank(X: Array, centred: bool = True) -> Reduction:
    """Coordinates of X (n, d) in the smallest flat that holds the points; those of full rank keep their axes.

    Not `centred`, in the smallest flat through the origin too: what neurons without bias need. Columns are judged each
    on its own scale and by its own rounding, so that neither units nor offsets decide what counts as a feature.
    """
    n, d = X.shape
    centre = offset(X) if centred else np.zeros(d)
    offsets = X - centre
    if d == 1:
        return Reduction(offsets, np.eye(1), centre, np.zeros(n))
    from_first = offsets - offsets[0] if centred else offsets
    spread = np.abs(from_first).max(axis=0)
    if not spread.any():  # all points coincide
        return _reduction(X, offsets, np.eye(1, d), centre)
    scale = np.where(spread > 0, spread, 1.0)
    _, singular, directions = np.linalg.svd(from_first / scale, full_matrices=False)
    noise = (
        RESOLUTION * np.sqrt(n) * np.linalg.norm(directions * (np.abs(X).max(axis=0) / scale * (spread > 0)), axis=1)
    )
    rank = max(1, int((singular > np.maximum(noise, ROUNDING * singular[0])).sum()))
    if rank == d:
        return Reduction(offsets, np.eye(d), centre, np.zeros(n))
    if centred and not centre.any():
        centre, offsets = X[0].copy(), from_first
    elif centred:
        centre, offsets = centre + offsets[0], from_first
    return _reduction(X, offsets, _orthonormal(directions[:rank] * spread), centre)


def offset(values: Array) -> Array:
    """For every column of values (n, d) an entry of it, where all lie far from the origin but close together; else 0.

    Then subtracting it is exact, since all entries are within a factor of two of it (Sterbenz 1974).
    """
    low, high = values.min(axis=0), values.max(axis=0)
    middle = np.partition(values, len(values) // 2, axis=0)[len(values) // 2]
    return np.where(np.abs(middle) > APART * (high - low), middle, 0.0)


def _reduction(X: Array, offsets: Array, basis: Array, centre: Array) -> Reduction:
    """Coordinates of the offsets on the basis, and what they leave over of X."""
    Z = offsets @ basis.T
    wide = np.longdouble
    apart = X.astype(wide) - centre
    near = Z.astype(wide) @ basis.astype(wide)
    rounding = FEW * float(np.finfo(wide).eps) * (np.abs(apart) + np.abs(Z) @ np.abs(basis))
    left = (np.abs(apart - near) + rounding).astype(float)
    return Reduction(Z, basis, centre, np.sqrt((left**2).sum(axis=1)))


def _orthonormal(rows: Array) -> Array:
    """Orthonormal rows (r, d) with the span of `rows` (r, d), whose columns may differ by many orders of magnitude.

    Householder's method with pivoting keeps small coordinates accurate if the large ones come first (Cox & Higham
    1998).
    """
    order = np.argsort(-np.abs(rows).max(axis=0), kind="stable")
    q = qr(rows.T[order], mode="economic", pivoting=True)[0]
    basis = np.empty_like(rows)
    basis[:, order] = q.T
    return basis
