"""A network that nearly meets f(X) = y made to meet it to the last digit: Newton's method on all neurons.

Within its activation pattern a neuron is linear in p_j = |w_j| (u_j, b_j); a point on its line stays there. So f is
linear in all p and c at once, with many more unknowns than points, and the shortest step, measured in the size of each
neuron, that makes f = y changes sum |w| by as little as the multipliers say.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from ..network import Array, ReLUNetwork

TOUCH = 1e-9  # a point this close to a neuron's line, relative to the data, lies on it
STEPS = 8
CLOSE = 1e-13  # largest |f - y|, relative to the largest |y|, that is none
RIDGE = 1e-14  # of the mean of the diagonal: points may be all but dependent
DEPENDENT = 1e-12  # eigenvalue, relative to the largest, of a direction in which the points on a line do not differ


def interpolant(network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
    """The network after at most `STEPS` steps towards f(X) = y; how close it came is for the caller to see."""
    points = np.column_stack([X, np.ones(len(X))])
    best, best_miss = network, float(np.abs(y - network.predict(X)).max())
    for _ in range(STEPS):
        if best_miss <= CLOSE * float(np.abs(y).max(initial=0.0)) or not network.width:
            break
        network = _stepped(network, points, y - network.predict(X))
        miss = float(np.abs(y - network.predict(X)).max())
        if not miss < best_miss:
            break
        best, best_miss = network, miss
    return best


def _stepped(network: ReLUNetwork, points: Array, rest: Array) -> ReLUNetwork:
    """One step; `points` (n, d + 1) are the data with a column of ones, `rest` (n,) is what is missing to y."""
    size = np.abs(network.w)
    P = np.column_stack([network.U, network.b])
    z = points @ P.T
    on = np.abs(z) <= TOUCH * float(np.abs(points).max())
    slopes = (z > 0.0) & ~on
    free = _free(points, on)
    J = np.einsum("nj,nk,jkl->njl", slopes * network.w, points, free, optimize=True).reshape(len(points), -1)
    gram = J @ J.T + 1.0
    gram.flat[:: len(gram) + 1] += RIDGE * np.trace(gram) / len(gram)
    try:
        multiplier = cho_solve(cho_factor(gram), rest)
    except LinAlgError:
        return network
    step = np.einsum("jkl,jl->jk", free, (J.T @ multiplier).reshape(len(size), -1))
    P = (P + step) * size[:, None]
    return ReLUNetwork.normalized(P[:, :-1], P[:, -1], np.sign(network.w), network.c + float(multiplier.sum()))


def _free(points: Array, on: np.ndarray) -> Array:
    """Projections (m, d + 1, d + 1) on the changes of (u, b) that leave the points on each line, `on` (n, m), there."""
    width = points.shape[1]
    moments = np.einsum("nj,nk,nl->jkl", on.astype(float), points, points, optimize=True)
    values, vectors = np.linalg.eigh(moments)
    fixed = values > DEPENDENT * np.maximum(values[:, -1:], np.finfo(float).tiny)
    projectors: Array = np.eye(width) - np.einsum("jkl,jl,jml->jkm", vectors, fixed.astype(float), vectors)
    return projectors
