"""The regularisation path: beta_max and warm-started solutions from there down.

P(beta) is nondecreasing and concave in beta, sum |w| nonincreasing; at and above beta_max the best constant is optimal.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from ..data.validation import check_problem
from .errors import SolveError
from .losses import best_constant, get_loss
from .network import Array
from .oracles.line import LineOracle
from .rank import reduce_to_line
from .solution import Solution
from .solve import solve

PATH_LENGTH = 41
PATH_DEPTH = 1e-4  # the default path ends at this share of beta_max


def beta_max(X: Array, y: Array, loss: str = "squared") -> float:
    """The least beta at which the network without neurons is optimal.

    X (n, d) on a line, y (n,). Equals M(v) at the best constant network; for the hinge loss, whose v is not determined
    there, the least M(v) over all admissible v (a linear program). Raises ValueError for the losses without a beta.
    """
    term = get_loss(loss)
    X, y = check_problem(X, y, classification=term.classification)
    if term.constrained:
        raise ValueError(f"beta_max needs a loss with a beta, got {loss!r}; use squared, hinge or logistic.")
    line = reduce_to_line(X)
    if line is None:
        raise ValueError(
            f"X must lie on one line in this version; got shape {X.shape} of higher rank. Use one feature."
        )
    oracle = LineOracle(line.t[:, None])
    if term.smooth:
        f = np.full(len(y), best_constant(term, y))
        return oracle.maximum(term.project(term.gradient(f, y), y))
    return _hinge_beta_max(oracle, y)


def _hinge_beta_max(oracle: LineOracle, y: Array) -> float:
    """min M(y a) over 0 <= a <= 1 with a = 1 on the minority class and equal mass in both classes."""
    knots, where = oracle.knots, oracle.where
    minority = y == (-1.0 if (y > 0).sum() > len(y) / 2 else 1.0)
    n = len(y)
    ramps = np.maximum(knots[where][:, None] - knots[None, :], 0.0) * y[:, None]
    other = np.maximum(knots[None, :] - knots[where][:, None], 0.0) * y[:, None]
    N = np.hstack([ramps, other]).T
    A = np.vstack([np.hstack([N, -np.ones((len(N), 1))]), np.hstack([-N, -np.ones((len(N), 1))])])
    bounds = [(1.0, 1.0) if small else (0.0, 1.0) for small in minority]
    answer = linprog(
        np.concatenate([np.zeros(n), [1.0]]),
        A_ub=A,
        b_ub=np.zeros(len(A)),
        A_eq=np.concatenate([y, [0.0]])[None, :],
        b_eq=[0.0],
        bounds=[*bounds, (0.0, None)],
        method="highs",
    )
    if answer.status != 0:
        raise SolveError(f"HiGHS stopped with: {answer.message} Rescale the data.", answer.message)
    return float(answer.x[-1])


def regularization_path(
    X: Array,
    y: Array,
    betas: Sequence[float] | Array | None = None,
    loss: str = "squared",
    tol: float = 1e-6,
    time_limit: float | None = None,
) -> list[Solution]:
    """Certified solutions from large to small beta, each started from the one before.

    Without `betas`, 41 of them, evenly spaced in log beta from beta_max down to 1e-4 beta_max. After `time_limit`
    seconds the path ends early: the list may be shorter than `betas`, never empty. X (n, d), y (n,).
    """
    begin = time.perf_counter()
    if betas is None:
        top = beta_max(X, y, loss)
        betas = top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]
    path: list[Solution] = []
    for beta in sorted((float(b) for b in betas), reverse=True):
        path.append(solve(X, y, beta=beta, loss=loss, tol=tol, start=path[-1] if path else None))
        if time_limit is not None and time.perf_counter() - begin > time_limit:
            break
    if not path:
        raise ValueError("betas must hold at least one positive number, got none; leave it out for the default path.")
    return path
