"""What it costs to make a network meet its constraints exactly, which it meets but for rounding.

What is missing at the points, r_i = y_i - f(x_i), is added by a spline along a direction a that tells them apart.
On t = a.x the spline through (t_i, r_i) with slopes s costs max(TV, (TV + |s_first + s_last|) / 2) |a|, TV the total
variation of the slopes. So the exact optimum is at most that much above the network's own penalty.
"""

from __future__ import annotations

import numpy as np

from ..network import Array, ReLUNetwork, line_values
from ..neurons import least_penalty
from .rounding import EPS, output_error

DIRECTIONS = 48  # tried for the cheapest
MOST_WIDE = 4_000_000  # products that are computed in extended precision


def missing(network: ReLUNetwork, X: Array, y: Array) -> tuple[Array, float]:
    """y - f(X), (n,), in extended precision where there are not too many terms, and a bound on its error."""
    error = output_error(network, X) + EPS * float(np.abs(y).max(initial=0.0))
    wide = np.longdouble
    if network.dimension == 1 and network.center is None:
        rest = (y.astype(wide) - line_values(network, X[:, 0].astype(wide))).astype(float)
        return rest, error * float(np.finfo(wide).eps) / EPS + EPS * float(np.abs(rest).max(initial=0.0))
    if network.dimension * network.width * len(X) > MOST_WIDE:
        return y - network.predict(X), error
    offsets = X.astype(wide) if network.center is None else X.astype(wide) - network.center
    hidden = np.maximum(offsets @ network.U.astype(wide).T + network.b, 0)
    rest = (y.astype(wide) - network.c - hidden @ network.w.astype(wide)).astype(float)
    return rest, error * float(np.finfo(wide).eps) / EPS + EPS * float(np.abs(rest).max(initial=0.0))


def cheapest(X: Array, r: Array, error: float = 0.0) -> tuple[float, Array]:
    """Least cost of adding r (n,), each known up to `error`, to a network on X (n, d), and the direction (d,) for it.

    Infinite where no direction tells apart points that ask for different values.
    """
    distinct, first, where = np.unique(X, axis=0, return_index=True, return_inverse=True)
    if (r != r[first][where.reshape(-1)]).any():
        return np.inf, np.eye(X.shape[1])[0]
    X, r = distinct, r[first]
    if X.shape[1] == 1:
        return _cost(X[:, 0], r, error), np.ones(1)
    rng = np.random.default_rng(0)
    spread = np.ptp(X, axis=0)
    directions = np.vstack([np.eye(X.shape[1]), rng.standard_normal((DIRECTIONS, X.shape[1]))])
    directions /= np.where(spread > 0, spread, 1.0)
    offsets = X - X[0]
    costs = [_cost(offsets @ a, r, error) * float(np.linalg.norm(a)) for a in directions]
    best = int(np.argmin(costs))
    return costs[best], directions[best]


def _cost(t: Array, r: Array, error: float) -> float:
    """R of the spline through (t, r), r known up to `error`; infinite where two t are the same."""
    if len(t) == 1:
        return 0.0
    order = np.argsort(t)
    gaps = np.diff(t[order])
    if not gaps.all():
        return np.inf
    return least_penalty(np.diff(r[order]) / gaps) + 4 * error * float((1.0 / gaps).sum())
