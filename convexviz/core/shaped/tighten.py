"""The multipliers that prove most together with a given v: a linear program.

    min  lambda.a + beta R tau   over lambda >= 0 and tau >= 0   s.t.   |N_v + lambda's running sums| <= beta (1 + tau)

An excess tau shrinks (v, lambda) by 1 / (1 + tau), which costs g about beta R tau. An interior point's multipliers
belong to its own v, those found here to the v of the last digits.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from ..line.conic import QUICK, Way, solve_linear_program
from ..network import Array
from ..numerics import clock
from ..oracles.line import line_dual
from ..shape import Multipliers, Shape

SHARP: Way = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def tightened(
    x: Array, v: Array, beta: float, penalty: float, shape: Shape, deadline: float = clock.NEVER
) -> Multipliers:
    """For inputs x (n,), v (n,) with sum v = 0 and a network of this penalty, above 0.

    Raises SolveError where HiGHS gives no answer, OutOfTime at the deadline.
    """
    dual = line_dual(x, v)
    knots, V = dual.knots, dual.right / beta
    N = len(knots)
    # Variables, in units of beta: p (N,), up (N-1,), down (N-1,), bend (N,), tau.
    p, up, down, bend, tau = 0, N, 2 * N - 1, 3 * N - 2, 4 * N - 2
    i, j = np.arange(N), np.arange(N - 1)
    eye, ones = sparse.eye_array(N, format="csc"), np.ones(N - 1)
    chain = sparse.csc_matrix(
        (
            np.concatenate([ones, -ones, -ones, ones]),
            (np.tile(j, 4), np.concatenate([p + j, p + j + 1, up + j, down + j])),
        ),
        shape=(N - 1, tau + 1),
    )
    height = sparse.hstack([eye, sparse.csc_matrix((N, 2 * N - 2)), eye], format="csc")
    shift = sparse.csc_matrix((np.full(N, -1.0), (i, np.zeros(N, int))), shape=(N, tau))
    sides, values = [height, height + shift], [V, V - V[0]]
    rows, low, high = [chain], [np.zeros(N - 1)], [np.zeros(N - 1)]
    for side, value in zip(sides, values, strict=True):
        for way in (1.0, -1.0):  # way (value + side z) <= 1 + tau
            rows.append(sparse.hstack([way * side, sparse.csc_matrix(np.full((N, 1), -1.0))], format="csc"))
            low.append(np.full(N, -np.inf))
            high.append(1.0 - way * value)
    # What may not be is kept out by columns of zeros: the program of `line.conic` has lower bounds only.
    frozen = [p + N - 1, bend, bend + N - 1]
    frozen += [] if np.isfinite(shape.low) else [*(up + j)]
    frozen += [] if np.isfinite(shape.high) else [*(down + j)]
    inner = bend + i[1:-1]
    frozen += [] if shape.convex or shape.concave else [*inner]
    keep = np.setdiff1d(np.arange(tau + 1), np.array(frozen, int))
    lower = np.full(tau + 1, -np.inf)
    lower[up : 3 * N - 2] = 0.0
    lower[tau] = 0.0
    sign = np.ones(tau + 1)
    if shape.convex != shape.concave:  # bends of one sign, as variables above 0
        lower[inner] = 0.0
        sign[inner] = 1.0 if shape.convex else -1.0
    cost = np.zeros(tau + 1)
    cost[up + j] = -shape.low if np.isfinite(shape.low) else 0.0
    cost[down + j] = shape.high if np.isfinite(shape.high) else 0.0
    cost[tau] = penalty
    A = (sparse.vstack(rows, format="csc") @ sparse.diags_array(sign)).tocsc()[:, keep]
    answer, _ = solve_linear_program(
        cost[keep], lower[keep], A, np.concatenate(low), np.concatenate(high), (SHARP, QUICK), deadline
    )
    z = np.zeros(tau + 1)
    z[keep] = answer
    z *= sign
    slopes = np.maximum(z[up : up + N - 1], 0.0) - np.maximum(z[down : down + N - 1], 0.0)
    return Multipliers(knots, beta * slopes, beta * z[inner])
