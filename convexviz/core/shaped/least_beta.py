"""beta_max with a shape: the least M(q) over all v of the best constant and all multipliers of the rows that hold it.

A linear program. N_v of the neurons (x - t)_+ at the knots is the second sum of v, its multipliers add a running sum p
of those of the secants and the bends e, and the neurons (t - x)_+ see the same less its first value:

    min tau   s.t.   |R_k + p_k + e_k| <= tau,   |R_k + p_k + e_k - R_1 - p_1| <= tau
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from ..errors import SolveError
from ..losses import Loss
from ..network import Array
from ..shape import Shape


def shaped_beta_max(x: Array, y: Array, loss: Loss, shape: Shape) -> float:
    """For inputs x (n,), targets y (n,). ValueError where no constant has the shape; SolveError where HiGHS fails."""
    if not shape.level:
        raise ValueError(
            f"beta_max needs a shape that a constant has, got {shape.words}: without slope 0 there is no network "
            "without neurons. Pass betas."
        )
    knots, where = np.unique(x, return_inverse=True)
    if len(knots) == 1:
        return 0.0
    c = loss.best_constant(y)
    if loss.smooth:
        v = loss.project(loss.gradient(np.full(len(y), c), y), y)
        orient, low, high = np.ones(len(y)), v, v
    else:
        orient, low, high = loss.constant_duals(y, c)
    size = float(np.maximum(np.abs(low), np.abs(high)).max())
    if size == 0.0:
        return 0.0
    length = float(np.ptp(knots))
    return size * length * _least((knots - knots[0]) / length, where, orient, low / size, high / size, shape)


def _least(t: Array, where: Array, orient: Array, low: Array, high: Array, shape: Shape) -> float:
    """The program on knots t (N,), with v = orient a, low <= a <= high."""
    n, N = len(where), len(t)
    i, j, one = np.arange(N), np.arange(N - 1), np.ones(N - 1)
    S, R, p, e = n, n + N, n + 2 * N, n + 3 * N  # after the n numbers a
    tau = n + 4 * N
    after = np.where(i < N - 1, -1.0, 0.0)
    mass = _rows([(i, S + i, np.ones(N)), (j, S + j + 1, after[:-1]), (where, np.arange(n), -orient)], N, tau)
    sums = _rows([(j, R + j, one), (j, R + j + 1, -one), (j, S + j + 1, -np.diff(t))], N - 1, tau)
    slopes = _rows([(j, p + j, one), (j, p + j + 1, -one)], N - 1, tau)
    up, down = shape.low == 0.0, shape.high == 0.0
    equal = [mass, sums] + ([] if up or down else [slopes])
    right = _rows([(i, R + i, np.ones(N)), (i, p + i, np.ones(N)), (i, e + i, np.ones(N))], N, tau)
    shift = _rows([(i, np.full(N, R), np.ones(N)), (i, np.full(N, p), np.ones(N))], N, tau)
    below = sparse.csc_matrix((np.full(N, -1.0), (i, np.full(N, tau))), shape=(N, tau + 1))
    most = [side + below for height in (right, right - shift) for side in (height, -height)]
    if up != down:
        most.append(-slopes if up else slopes)
    bend = (0.0 if not shape.concave else None, 0.0 if not shape.convex else None)
    fixed, free = (0.0, 0.0), (None, None)
    bounds = [
        *zip(low, high, strict=True),
        *[fixed if k == 0 else free for k in range(N)],  # the sum of v
        *[fixed if k == N - 1 else free for k in range(N)],
        *[fixed if k == N - 1 else free for k in range(N)],
        *[bend if 0 < k < N - 1 else fixed for k in range(N)],
        (0.0, None),
    ]
    cost = np.zeros(tau + 1)
    cost[tau] = 1.0
    A, B = sparse.vstack(most, format="csc"), sparse.vstack(equal, format="csc")
    answer = linprog(cost, A, np.zeros(A.shape[0]), B, np.zeros(B.shape[0]), bounds, method="highs")
    if answer.status != 0:
        raise SolveError(f"HiGHS stopped with: {answer.message} Rescale the data.", answer.message)
    return float(answer.x[-1])


def _rows(entries: list[tuple[Array, Array, Array]], many: int, last: int) -> sparse.csc_matrix:
    """A matrix of `many` rows from (rows, columns, values)."""
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    return sparse.csc_matrix((value, (row, column)), shape=(many, last + 1))
