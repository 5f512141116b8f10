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
    """Objective of a network, a proved lower bound of the optimum, and their distance relative to the objective.

    `resolution` is what rounding may add to or hide from `gap`: f(X) is a sum of terms far larger than itself where
    points nearly coincide, and v a difference of such sums that a tiny beta scales down.
    """

    objective: float
    lower: float
    gap: float
    resolution: float


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
        return penalty if miss <= CONSTRAINT * np.abs(y).max() + ROUNDING * _size_of_terms(X, b, w, c) else np.inf
    return float(data_term(f, y, loss).sum()) + beta * penalty


def data_term(f, y, loss):
    """The loss of every point, (n,)."""
    if loss == "squared":
        return (f - y) ** 2 / 2
    return np.maximum(0, 1 - y * f) if loss == "hinge" else np.logaddexp(0, -y * f)


def _size_of_terms(X, b, w, c):
    reach = np.abs(X).max() * np.sqrt(np.shape(X)[1])
    return float(np.abs(w) @ (reach + np.abs(b)) + abs(c)) if len(w) else abs(c)


def dual_value(v, y, loss):
    """g(v) for v with sum v = 0 in its domain."""
    if loss in ("squared", "interpolate"):
        v_y = float((y - y.mean()) @ v)  # sum v = 0, and the mean would only cost digits
        return v_y - float(v @ v) / 2 if loss == "squared" else v_y
    a = v * y
    return float((entr(a) + entr(1 - a)).sum()) if loss == "logistic" else float(a.sum())


def lower_bound(x, y, beta, loss, v):
    """(bound, s v): what the dual vector v (n,) proves for inputs x (n,), whatever v is."""
    v = _admissible(np.nan_to_num(np.asarray(v, float)), y, loss)
    M = np.abs(ramps(x) @ v).max()
    limit = (1.0 if loss in CONSTRAINED else beta) / M if M > 0 else np.inf
    if loss in CONSTRAINED:
        s = limit if np.isfinite(limit) else 0.0
    elif loss == "squared" and v.any():
        s = np.clip((y - y.mean()) @ v / (v @ v), 0.0, limit)
    else:
        s = min(1.0, limit)
    return dual_value(s * v, y, loss), s * v


def _rounding_of_gap(x, y, beta, loss, f, lower, v, terms):
    """How far rounding may move (objective - bound), from terms of the size `terms` in f (n,) and the vector v (n,)."""
    reach = np.ptp(x)
    df = ROUNDING * (terms + np.abs(y).max())
    dM = ROUNDING * float(np.abs(v).sum()) * reach
    if loss in CONSTRAINED:
        missing = np.abs(f - y) if loss == "interpolate" else np.maximum(0, 1 - y * f)
        return float(np.abs(v) @ missing) + df * float(np.abs(v).sum()) + abs(lower) * dM
    slope = np.abs(f - y) if loss == "squared" else np.ones(len(y))
    dM += 0.0 if loss == "hinge" else len(y) * df * reach  # v follows f
    return float(slope.sum()) * df + abs(lower) * min(1.0, dM / beta)


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
    if not 0 < free.sum() <= MOST_FREE:
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
    f = predicted(X, U, b, w, c)
    candidates = dual_vectors(x, y, beta, loss, f) + ([] if v is None else [v])
    proofs = [lower_bound(x, y, beta, loss, candidate) for candidate in candidates]
    lower, v = max(proofs, key=lambda proof: proof[0], default=(-np.inf, np.zeros(len(y))))
    scale = scale_of(upper, y, loss)
    rounding = _rounding_of_gap(x, y, beta, loss, f, lower, v, _size_of_terms(X, b, w, c))
    return Bounds(upper, lower, (upper - lower) / scale, rounding / scale)


def scale_of(objective, y, loss):
    """What a gap is relative to: the objective, but at least a trifle of the loss of a simple constant."""
    y = np.asarray(y, float)
    constant = np.full(len(y), y.mean() if loss == "squared" else 0.0)
    base = 1.0 if loss in CONSTRAINED else float(data_term(constant, y, loss).sum())
    return max(abs(objective), 1e-9 * base, np.finfo(float).tiny)


def assert_honest(X, y, beta, loss, solution):
    """The solution's own numbers are true, whether it is certified or not. Returns the bounds from scratch."""
    network = solution.network
    bounds = certify_from_scratch(X, y, beta, loss, network.U, network.b, network.w, network.c, solution.v)
    scale, slack = scale_of(bounds.objective, y, loss), 0.1 * GAP + bounds.resolution
    assert np.isfinite(bounds.objective), "a constraint of the loss is violated"
    assert abs(solution.objective - bounds.objective) <= slack * scale, "the objective is not the network's"
    assert bounds.gap >= -SAME - bounds.resolution, f"a lower bound above the objective, {bounds.gap:.3g}"
    excess, room = _excess(X, np.asarray(y, float), beta, loss, solution, bounds.objective)
    assert excess <= max(slack, 0.1 * GAP + room), f"v does not prove the lower bound, by {excess:.3g}"
    assert bounds.gap <= solution.gap + slack, f"gap {bounds.gap:.3g}, the solver says {solution.gap:.3g}"
    return bounds


def _excess(X, y, beta, loss, solution, objective):
    """By how much the solution's lower bound exceeds what its v proves, and what rounding explains, both relative."""
    network, x = solution.network, positions(X)
    proved, v = lower_bound(x, y, beta, loss, solution.v)
    f = predicted(X, network.U, network.b, network.w, network.c)
    rounding = _rounding_of_gap(x, y, beta, loss, f, proved, v, _size_of_terms(X, network.b, network.w, network.c))
    return (solution.lower_bound - proved) / scale_of(objective, y, loss), rounding / scale_of(objective, y, loss)


def assert_certified(X, y, beta, loss, solution, tol=GAP):
    """The network is the global optimum to the relative gap `tol`, by numbers from scratch. Returns the bounds."""
    bounds = assert_honest(X, y, beta, loss, solution)
    assert bounds.gap <= tol, f"gap {bounds.gap:.3g} from scratch, the solver says {solution.gap:.3g}"
    assert solution.certified, f"gap {solution.gap:.3g}"
    return bounds


def assert_as_good_as_rounding_allows(X, y, beta, loss, solution, tol=GAP):
    """Certified, or uncertified by no more than what rounding takes from a network with these weights."""
    bounds = assert_honest(X, y, beta, loss, solution)
    least = tol + bounds.resolution
    assert bounds.gap <= least, f"gap {bounds.gap:.3g} from scratch, rounding explains {bounds.resolution:.3g}"
    assert solution.gap <= least, f"the solver says {solution.gap:.3g}, rounding explains {bounds.resolution:.3g}"
    assert solution.certified == (solution.gap <= tol)
    return bounds
