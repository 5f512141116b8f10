"""Certificates from scratch: plain numpy from (U, b, w, c), nothing of `convexviz` is used or believed.

    objective = loss(f(X), y) + beta sum |w|            g(v) <= optimum for every v with sum v = 0, M(v) <= beta

M(v) is a maximum over all kinks at the data in both directions, written as a dense matrix. The dual vector comes from
the network's own outputs; where the loss leaves it open, a linear program over what complementary slackness leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.special import entr
from tolerances import CONSTRAINT, GAP, ROUNDING, SAME

LABELS = ("hinge", "logistic", "hard_margin")
CONSTRAINED = ("interpolate", "hard_margin")
LOSS_NAMES = ("squared", "hinge", "logistic", "interpolate", "hard_margin")
SLACK = 1e-5  # a margin this near 1 leaves its multiplier open; a larger value only makes the linear program larger
MOST_FREE = 120  # open multipliers up to which the dense linear program is quick


@dataclass(frozen=True)
class Bounds:
    """Objective of a network, a proved lower bound of the optimum, and their distance relative to the objective."""

    objective: float
    lower: float
    gap: float


def positions(X):
    """Where points on one line lie along it, (n,), for X (n, d)."""
    X = np.asarray(X, float)
    if X.shape[1] == 1:
        return X[:, 0]
    offsets = X - X[0]
    far = offsets[np.argmax(np.linalg.norm(offsets, axis=1))]
    length = np.linalg.norm(far)
    return offsets @ (far / length) if length > 0 else np.zeros(len(X))


def ramps(x):
    """(2k, n): row r is the neuron (x - t)_+ or (t - x)_+ with its kink at one of the k distinct inputs, at all x."""
    t = np.unique(x)
    ahead = x[None, :] - t[:, None]
    return np.maximum(np.vstack([ahead, -ahead]), 0.0)


def predicted(X, U, b, w, c):
    """f(X) in extended precision, (n,)."""
    X, U, b, w = (np.asarray(a, np.longdouble) for a in (X, U, b, w))
    return np.maximum(X @ U.T + b, 0) @ w + np.longdouble(c)


def objective_of(X, y, beta, loss, U, b, w, c):
    """loss(f(X), y) + beta sum |w|; infinity where a constraint fails by more than rounding."""
    f, y = predicted(X, U, b, w, c), np.asarray(y, np.longdouble)
    penalty = float(np.abs(np.asarray(w)).sum())
    if loss in CONSTRAINED:
        miss = np.abs(f - y).max() if loss == "interpolate" else np.maximum(0, 1 - y * f).max()
        return penalty if miss <= CONSTRAINT * np.abs(y).max() + _rounding(X, b, w, c) else np.inf
    return float(data_term(f, y, loss).sum()) + beta * penalty


def data_term(f, y, loss):
    """The loss of every point, (n,)."""
    if loss == "squared":
        return (f - y) ** 2 / 2
    return np.maximum(0, 1 - y * f) if loss == "hinge" else np.logaddexp(0, -y * f)


def _rounding(X, b, w, c):
    reach = np.abs(X).max() * np.sqrt(np.shape(X)[1])
    return ROUNDING * float(np.abs(w) @ (reach + np.abs(b)) + abs(c)) if len(w) else ROUNDING * abs(c)


def dual_value(v, y, loss):
    """g(v) for v with sum v = 0 in its domain."""
    if loss in ("squared", "interpolate"):
        v_y = float((y - y.mean()) @ v)  # sum v = 0, and the mean would only cost digits
        return v_y - float(v @ v) / 2 if loss == "squared" else v_y
    a = v * y
    return float((entr(a) + entr(1 - a)).sum()) if loss == "logistic" else float(a.sum())


def lower_bound(x, y, beta, loss, v):
    """The bound that the dual vector v (n,) proves for inputs x (n,), whatever v is."""
    v = _admissible(np.asarray(v, float), y, loss)
    M = np.abs(ramps(x) @ v).max()
    limit = (1.0 if loss in CONSTRAINED else beta) / M if M > 0 else np.inf
    if loss in CONSTRAINED:
        return max(0.0, dual_value(limit * v, y, loss)) if np.isfinite(limit) else 0.0
    s = min(1.0, limit)
    if loss == "squared" and v.any():
        s = np.clip((y - y.mean()) @ v / (v @ v), 0.0, limit)
    return dual_value(s * v, y, loss)


def _admissible(v, y, loss):
    if loss not in LABELS:
        return v - v.mean()
    a = np.clip(v * y, 0.0, np.inf if loss == "hard_margin" else 1.0)
    mass = [a[y == side].sum() for side in (1.0, -1.0)]
    share = [min(mass) / m if m > 0 else 0.0 for m in mass]
    return y * a * np.where(y > 0, *share)


def dual_vectors(x, y, beta, loss, f):
    """Dual vectors that the outputs f (n,) suggest: one for the smooth losses, at most one for the others."""
    f = np.asarray(f, float)
    if loss == "squared":
        return [y - f]
    if loss == "logistic":
        return [y / (1 + np.exp(np.minimum(y * f, 700.0)))]
    return _by_linear_program(x, y, beta, loss, f)


def _by_linear_program(x, y, beta, loss, f):
    """max g(v) s.t. |N_v| <= beta at every kink, sum v = 0, in units that keep the coefficients near one."""
    length = float(np.ptp(x)) or 1.0
    margin = y * f
    free = np.ones(len(y), bool) if loss == "interpolate" else np.abs(margin - 1) <= SLACK
    if free.sum() > MOST_FREE:
        return []
    if loss == "interpolate":
        sign, fixed, limit, ceiling = np.ones(len(y)), np.zeros(len(y)), 1.0, None
    else:
        room = 1.0 if loss == "hard_margin" else beta / length
        unit = min(1.0, room)
        ceiling = None if loss == "hard_margin" else 1.0 / unit
        sign, limit = y, room / unit
        fixed = np.where(~free & (margin < 1), ceiling or 0.0, 0.0)
    N = ramps((x - x.min()) / length) * sign
    reward = (y - y.mean()) / (np.ptp(y) or 1.0) if loss == "interpolate" else np.ones(len(y))
    rest = N @ fixed
    answer = linprog(
        -reward[free],
        A_ub=np.vstack([N[:, free], -N[:, free]]),
        b_ub=np.concatenate([limit - rest, limit + rest]),
        A_eq=sign[free][None, :],
        b_eq=[-float(sign @ fixed)],
        bounds=(None if loss == "interpolate" else 0.0, ceiling),
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if answer.x is None:
        return []
    z = fixed.copy()
    z[free] = answer.x
    return [sign * z * (unit if loss == "hinge" else 1.0)]


def certify_from_scratch(X, y, beta, loss, U, b, w, c, v=None):
    """Objective, lower bound and relative gap of the network (U, b, w, c); v, if given, is one more dual vector to try.

    Any v proves a valid bound, so trying the solver's takes nothing on trust.
    """
    X, y, w = np.asarray(X, float), np.asarray(y, float), np.asarray(w, float)
    if len(w):
        np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0, rtol=1e-9)
    x = positions(X)
    upper = objective_of(X, y, beta, loss, U, b, w, c)
    candidates = dual_vectors(x, y, beta, loss, predicted(X, U, b, w, c)) + ([] if v is None else [v])
    lower = max([lower_bound(x, y, beta, loss, candidate) for candidate in candidates], default=-np.inf)
    scale = max(abs(upper), 1e-9 * _without_neurons(y, loss), np.finfo(float).tiny)
    return Bounds(upper, lower, (upper - lower) / scale)


def _without_neurons(y, loss):
    """The loss of a simple constant: objectives far below it are rounding."""
    if loss in CONSTRAINED:
        return 1.0
    return float(data_term(np.full(len(y), y.mean() if loss == "squared" else 0.0), y, loss).sum())


def assert_certified(X, y, beta, loss, solution, tol=GAP):
    """The solution's own numbers are true, and they prove it optimal to the relative gap `tol`. Returns the bounds."""
    network = solution.network
    bounds = certify_from_scratch(X, y, beta, loss, network.U, network.b, network.w, network.c, solution.v)
    scale = max(abs(bounds.objective), 1e-9 * _without_neurons(np.asarray(y, float), loss))
    assert np.isfinite(bounds.objective), "a constraint of the loss is violated"
    assert abs(solution.objective - bounds.objective) <= max(SAME, 0.01 * tol) * scale
    assert abs(bounds.gap) <= tol, f"gap {bounds.gap:.3g} from scratch, the solver says {solution.gap:.3g}"
    proved = lower_bound(positions(X), np.asarray(y, float), beta, loss, solution.v)
    assert solution.lower_bound <= proved + max(SAME, 0.01 * tol) * scale, "v does not prove the lower bound"
    assert solution.certified
    return bounds
