"""Maxima over the unit ball of functions that are linear or quadratic on every cell of the arrangement of X.

The maximum over a closed cell lies in the relative interior of one of its faces F, where it is stationary on the
subspace of F. With N an orthonormal basis of it and D the pattern of F these points are

    v . (Xu)_+ = v . DXu         u = N N^T X^T D v, normalised,
    ||T (Xu)_+||^2 = ||T DXu||^2     u = N e, e an eigenvector of (T D X N)^T (T D X N).

Every unit u bounds the maximum from below and the maximiser is among these, so each is tried at its true value and none
needs to be checked for lying in its cell. A repeated eigenvalue does no harm: a maximiser in an eigenspace of two or
more dimensions can be moved in it, at the same value, to a smaller face (the cells are pointed, X having full column
rank), at last to one where the eigenvalue is simple or which is a ray.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..network import Array
from ..oracles.arrangements import Stratum

AT_ONCE = 4_000_000  # numbers held at a time: 32 MB


def linear_candidates(Z: Array, strata: Sequence[Stratum], V: Array) -> Array:
    """Unit directions (k, p, r) among which v . (Zu)_+ is largest, if it is above zero, for V (k, n)."""
    found = []
    for stratum in strata:
        p, _, m = stratum.bases.shape
        image = stratum.patterns[:, :, None] * (Z @ stratum.bases)  # (p, n, m)
        g = (V @ image.transpose(1, 0, 2).reshape(len(Z), p * m)).reshape(len(V), p, m)
        found.append(unit(np.einsum("prm,kpm->kpr", stratum.bases, g)))
    return np.concatenate(found, axis=1)


def highest(Z: Array, strata: Sequence[Stratum], V: Array) -> tuple[Array, Array]:
    """max over the unit ball of v . (Zu)_+, (k,), and maximisers (k, r): zeros where nothing is above zero."""
    p = sum(len(stratum.patterns) for stratum in strata)
    chunk = max(1, AT_ONCE // (p * (Z.shape[1] + len(Z))))
    heights, points = np.zeros(len(V)), np.zeros((len(V), Z.shape[1]))
    for first in range(0, len(V), chunk):
        rows = slice(first, first + chunk)
        U = linear_candidates(Z, strata, V[rows])
        value = (np.maximum(U @ Z.T, 0.0) @ V[rows, :, None])[:, :, 0]
        best, k = value.argmax(axis=1), np.arange(len(value))
        above = value[k, best] > 0
        heights[rows] = np.where(above, value[k, best], 0.0)
        points[rows] = np.where(above[:, None], U[k, best], 0.0)
    return heights, points


def longest(Z: Array, strata: Sequence[Stratum], T: Array) -> tuple[float, Array]:
    """max over unit u of ||T (Zu)_+|| and a maximiser (r,), for T (q, n)."""
    found = []
    for stratum in strata:
        image = T @ (stratum.patterns[:, :, None] * (Z @ stratum.bases))  # (p, q, m)
        vectors = np.linalg.eigh(image.transpose(0, 2, 1) @ image)[1]
        U = (stratum.bases @ vectors).transpose(0, 2, 1).reshape(-1, Z.shape[1])
        found += [U, -U]
    U = unit(np.concatenate(found))
    length = lengths(Z, T, U)
    best = int(length.argmax())
    return float(length[best]), U[best]


def lengths(Z: Array, T: Array, U: Array) -> Array:
    """||T (Zu)_+|| for directions U (..., r): shape (...)."""
    size: Array = np.linalg.norm(np.maximum(U @ Z.T, 0.0) @ T.T, axis=-1)
    return size


def unit(U: Array) -> Array:
    """Rows (last axis) scaled to length one; zeros stay."""
    norm = np.linalg.norm(U, axis=-1, keepdims=True)
    return U / np.where(norm > 0, norm, 1.0)
