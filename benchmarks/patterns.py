"""The convex program over all activation patterns in the plane, a yardstick that shares nothing with the solver.

    min  loss(f, y) + beta sum_{p, s} ||u_ps||,    f = c 1 + sum_{p, s} s D_p (X u_ps + b_ps 1),    s = +1, -1,
    s.t. (2 D_p - I)(X u_ps + b_ps 1) >= 0,        D_p = diag(p) for every pattern p in {0, 1}^n that a line cuts out.

Inside the cone of its pattern a neuron is linear in (u, b), so with all patterns in, the program has the optimum of
training. Pilanci & Ergen (2020), Neural Networks are Convex Regularizers, here with free biases b and constant c.

Points in general position have n^2 - n + 2 patterns: the cells into which the n planes u.x_i + b = 0 cut the space of
(u, b). Only about four points bound a cell on average. `facets_only` drops the constraints of all others, which the
paper does not; it changes nothing about the optimum and makes the program as small as it can be.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations, product

import cvxpy as cp
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import convexviz as cv

Array = NDArray[np.float64]
Patterns = NDArray[np.bool_]

CONSTRAINED = ("interpolate", "hard_margin")  # beta counts as 1
UNUSED = 1e-8  # size of (u, b) below which a vector is what an interior-point method leaves of zero


@dataclass(frozen=True, eq=False)
class PatternAnswer:
    """The optimum as the program reports it, its network, and where the time went.

    Attributes
    ----------
    seconds : wall time of everything: patterns, cvxpy's compilation, Clarabel.
    solver_seconds : Clarabel's own part.
    patterns : how many there are.
    """

    objective: float
    network: cv.ReLUNetwork
    seconds: float
    solver_seconds: float
    patterns: int


def activation_patterns(X: Array) -> Patterns:
    """All patterns [u.x_i + b > 0], (n^2 - n + 2, n), of X (n, 2) in general position.

    Every line can be pushed until it meets two points, without passing another; so take the lines through all pairs,
    with the two points on either side.

    Raises
    ------
    ValueError
        If points coincide or three lie on a line, up to rounding.
    """
    n = len(X)
    i, j = np.array(list(combinations(range(n), 2)), dtype=int).reshape(-1, 2).T
    along = X[j] - X[i]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    beside = normal @ X.T > np.sum(normal * X[i], axis=1)[:, None]
    found = [np.zeros((1, n), dtype=bool)]
    for at_i, at_j in product((False, True), repeat=2):
        row, side = np.arange(len(i)), beside.copy()
        side[row, i], side[row, j] = at_i, at_j
        found.append(side)
    half = np.concatenate(found)
    patterns = np.unique(np.concatenate([half, ~half]), axis=0)
    if len(patterns) != n * n - n + 2:
        raise ValueError(f"X must be in general position: {n * n - n + 2} patterns, got {len(patterns)}. Move a point.")
    return patterns


def facets(patterns: Patterns) -> Patterns:
    """Which points bound the cone of each pattern: those without which another pattern results, (P, n)."""
    known = {row.tobytes() for row in np.packbits(patterns, axis=1)}
    bounds = np.zeros_like(patterns)
    for i in range(patterns.shape[1]):
        flipped = patterns.copy()
        flipped[:, i] ^= True
        bounds[:, i] = [row.tobytes() in known for row in np.packbits(flipped, axis=1)]
    return bounds


def solve_patterns(
    X: Array, y: Array, beta: float, loss: str = "squared", facets_only: bool = False, **solver: float
) -> PatternAnswer:
    """Build and solve the program for X (n, 2), y (n,), vectorised; `solver` are settings of Clarabel."""
    begin = time.perf_counter()
    patterns = activation_patterns(X)
    kept = facets(patterns) if facets_only else np.ones_like(patterns)
    useful = patterns.any(axis=1)  # the empty pattern adds nothing
    patterns, kept = patterns[useful], kept[useful]
    points = np.column_stack([X, np.ones(len(X))])
    values, cones = _matrices(points, patterns, kept)
    both = 2 * len(patterns)
    z, c = cp.Variable((both, 3)), cp.Variable()  # rows (u, b): first s = +1, then s = -1
    flat = cp.reshape(z, (3 * both,), order="C")
    f = sparse.hstack([values, -values], format="csr") @ flat + c
    term, constraints = _data_term(f, y, loss)
    constraints.append(sparse.block_diag([cones, cones], format="csr") @ flat >= 0)
    strength = 1.0 if loss in CONSTRAINED else beta
    problem = cp.Problem(cp.Minimize(term + strength * cp.sum(cp.norm(z[:, :2], 2, axis=1))), constraints)
    problem.solve(solver=cp.CLARABEL, **solver)
    return PatternAnswer(
        float(problem.value),
        _network(np.asarray(z.value), float(np.asarray(c.value))),
        time.perf_counter() - begin,
        float(problem.solver_stats.solve_time or np.nan),
        len(patterns),
    )


def _matrices(points: Array, patterns: Patterns, kept: Patterns) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """From all (u, b) in one vector, pattern by pattern: their values on the points, and what the cones keep >= 0."""
    i, p = np.nonzero(patterns.T)
    columns = 3 * p[:, None] + np.arange(3)
    shape = (len(points), 3 * len(patterns))
    rows = np.repeat(i, 3)
    values = sparse.csr_matrix((points[i].ravel(), (rows, columns.ravel())), shape=shape)
    p, i = np.nonzero(kept)
    signed = np.where(patterns[p, i], 1.0, -1.0)[:, None] * points[i]
    columns = 3 * p[:, None] + np.arange(3)
    rows = np.repeat(np.arange(len(p)), 3)
    return values, sparse.csr_matrix((signed.ravel(), (rows, columns.ravel())), shape=(len(p), shape[1]))


def _data_term(f: cp.Expression, y: Array, loss: str) -> tuple[cp.Expression, list[cp.Constraint]]:
    margin = cp.multiply(y, f)
    if loss == "squared":
        return 0.5 * cp.sum_squares(f - y), []
    if loss == "hinge":
        return cp.sum(cp.pos(1 - margin)), []
    if loss == "logistic":
        return cp.sum(cp.logistic(-margin)), []
    return cp.Constant(0.0), [f == y if loss == "interpolate" else margin >= 1]


def _network(z: Array, c: float) -> cv.ReLUNetwork:
    """The neurons that are left of the vectors (u, b), (2 P, 3). Without u but with b they are constants, and stay."""
    sign = np.repeat([1.0, -1.0], len(z) // 2)
    used = np.abs(z).max(axis=1) > UNUSED
    return cv.ReLUNetwork.normalized(z[used, :2], z[used, 2], sign[used], c)
