"""The convex training problem over given neurons, as written on paper, through cvxpy: slow, plain, independent.

    min_{w, c}  loss(Phi w + c, y) + beta ||w||_1,      Phi_ij = (u_j x_i + b_j)_+

On the line the neurons with kinks at the data suffice, so with all of them this is the exact problem (Ergen & Pilanci
2021, section 4.1). It is the second opinion of the spline solver and the solver of the bias-free problem.
"""

from __future__ import annotations

import warnings
from typing import Any

import cvxpy as cp
import numpy as np

from ..dual.certificate import objective
from ..errors import Infeasible, SolveError
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..numerics.highs import OutOfTime
from .spline import solve_spline

DROP = 1e-9  # weights below this share of the largest are the interior point's distance from zero
# Numbers of the dictionary that cvxpy takes in, at most; a row counts this many more. Only a time limit asks.
ENTRIES_A_SECOND = 5e5
MORE_A_ROW = 50
NEARLY = 1.0 - 1e-6  # what is left of v.f decides between signs that are equal but for the accuracy of the program
NOTHING = 1e-12  # weights below this move the values, of size one here, by nothing that counts

# HiGHS answers linear programs at a vertex, where constraints and duals are exact; through scipy it prints nothing.
SMOOTH_SOLVERS = (cp.CLARABEL, cp.SCS)
LINEAR_SOLVERS = (cp.SCIPY, cp.CLARABEL)


def line_dictionary(x: Array, bias: bool) -> tuple[Array, Array]:
    """Directions u (m,) and biases b (m,) of all neurons with kinks at the data, or the two bias-free ones."""
    if not bias:
        return np.array([1.0, -1.0]), np.zeros(2)
    knots = np.unique(x)
    u = np.concatenate([np.ones(len(knots)), -np.ones(len(knots))])
    return u, -u * np.concatenate([knots, knots])


def solve_dictionary(
    x: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float, deadline: float = clock.NEVER
) -> tuple[ReLUNetwork, tuple[Array, ...]]:
    """Train over the dictionary of `x` (n,): the network and dual candidates (n,).

    Past `deadline`, a value of `clock.now()`, it is the cheapest network there is. Raises Infeasible when the
    constraints contradict themselves, SolveError when no solver answers.
    """
    try:
        return _trained(x, y, beta, loss, bias, tol, deadline)
    except OutOfTime:
        return _cheapest(x, y, beta, loss, bias, tol)


def _cheapest(
    x: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float
) -> tuple[ReLUNetwork, tuple[Array, ...]]:
    """The best constant, or a network that meets the constraints if there is one."""
    if bias and np.ptp(x) > 0:
        answer = solve_spline(x, y, beta, loss, tol, deadline=-np.inf)
        return answer.network, answer.duals
    network = ReLUNetwork.constant(0.0 if loss.constrained or not bias else loss.best_constant(y), 1)
    if loss.constrained and not bias:
        sides = [np.flatnonzero(side * x > 0) for side in (1.0, -1.0)]
        w = np.array([_slope_of(np.abs(x[side]), y[side], loss) for side in sides])
        network = ReLUNetwork(np.array([[1.0], [-1.0]])[w != 0], np.zeros(int((w != 0).sum())), w[w != 0], 0.0)
    return network, (loss.weight * y,)


def _slope_of(x: Array, y: Array, loss: Loss) -> float:
    """The slope through the origin that meets the constraints at x > 0 (k,), if any does: 0 without points."""
    if not len(x):
        return 0.0
    i = int(np.argmin(x) if loss.classification else np.argmax(x))  # where an error would show most
    return float(y[i] / x[i])


def _trained(
    x: Array, y: Array, beta: float, loss: Loss, bias: bool, tol: float, deadline: float
) -> tuple[ReLUNetwork, tuple[Array, ...]]:
    origin, length = (float(x.min()), float(np.ptp(x)) or 1.0) if bias else (0.0, float(np.abs(x).max()) or 1.0)
    shift = float(y.mean()) if loss.residual and bias else 0.0
    unit = float(np.abs(y - shift).max()) or 1.0 if loss.residual else 1.0
    z = (x - origin) / length
    u, b = line_dictionary(z, bias)
    target, scaled = (y - shift) / unit, _scaled_beta(beta, loss, length, unit)
    network, dual = _program(z, target, u, b, scaled, loss.rescaled(unit), bias, tol, deadline)
    # f(x) = shift + unit g(z), z = (x - origin) / length: a slope-w neuron on z has slope w unit / length on x.
    U = network.U
    b = network.b * length - U[:, 0] * origin
    result = ReLUNetwork(U, b, network.w * unit / length, network.c * unit + shift)
    result = loss.enforced(result, x[:, None], y)
    if not bias and not loss.constrained and _as_good_without(result, x[:, None], y, beta, loss):
        result = ReLUNetwork.constant(0.0, 1)
    return result, (dual * (1.0 / length if loss.constrained else unit ** (loss.degree - 1)),)


def _as_good_without(network: ReLUNetwork, X: Array, y: Array, beta: float, loss: Loss) -> bool:
    """Whether no neurons do as well: from beta_max on what an interior-point method leaves of them is dust."""
    nothing = loss.value(np.zeros(len(y)), y)
    return nothing <= objective(network, X, y, beta, loss) * (1 + NOTHING)


def _scaled_beta(beta: float, loss: Loss, length: float, unit: float) -> float:
    return 1.0 if loss.constrained else beta / (length * unit ** (loss.degree - 1))


def _program(
    x: Array, y: Array, u: Array, b: Array, beta: float, loss: Loss, bias: bool, tol: float, deadline: float
) -> tuple[ReLUNetwork, Array]:
    if clock.left(deadline) < len(x) * (len(u) + MORE_A_ROW) / ENTRIES_A_SECOND:
        raise OutOfTime
    Phi = np.maximum(np.outer(x, u) + b, 0.0)
    w, f = cp.Variable(len(u)), cp.Variable(len(x))
    c = cp.Variable() if bias else cp.Constant(0.0)
    definition = f == Phi @ w + c
    term, constraints = loss.cvxpy_term(f, y)
    problem = cp.Problem(cp.Minimize(term + beta * cp.norm1(w)), [definition, *constraints])
    failures = []
    for solver in LINEAR_SOLVERS if loss.linear is not None else SMOOTH_SOLVERS:
        if clock.passed(deadline):
            raise OutOfTime
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # "may be inaccurate": the certificate tells
                problem.solve(solver=solver, **_tight(solver, tol, deadline))
        except cp.SolverError as error:
            failures.append(f"{solver}: {error}")
            continue
        if problem.status in ("infeasible", "infeasible_inaccurate"):
            raise Infeasible(
                "No network satisfies the constraints exactly: two points with equal x ask for different values, or "
                "bias=False cannot reach the targets. Use the squared or hinge loss, or bias=True."
            )
        finished = problem.status != cp.USER_LIMIT or deadline == clock.NEVER
        if finished and w.value is not None and definition.dual_value is not None:
            least = NOTHING if solver == cp.SCIPY else max(DROP * np.abs(w.value).max(), NOTHING)
            network = _network(u, b, w.value, float(np.asarray(c.value)), least)
            return network, oriented(definition.dual_value, np.asarray(f.value), y, loss)
        failures.append(f"{solver}: {problem.status}")
    if clock.passed(deadline):
        raise OutOfTime
    raise SolveError(
        f"No solver answered ({'; '.join(failures)}). Rescale the data, use a larger beta or more time.", failures[-1]
    )


def _tight(solver: str, tol: float, deadline: float) -> dict[str, Any]:
    """The solver's options: accuracy, and what time is left."""
    accuracy, seconds = min(1e-9, tol * 1e-3), clock.left(deadline)
    limited = deadline < clock.NEVER
    if solver == cp.CLARABEL:
        limit = {"time_limit": seconds} if limited else {}
        return {"tol_gap_abs": accuracy, "tol_gap_rel": accuracy, "tol_feas": accuracy, **limit}
    if solver == cp.SCS:
        return {"eps_abs": accuracy, "eps_rel": accuracy, **({"time_limit_secs": seconds} if limited else {})}
    return {"scipy_options": {"time_limit": seconds}} if limited else {}


def _network(u: Array, b: Array, w: Array, c: float, least: float) -> ReLUNetwork:
    used = np.abs(w) > least
    return ReLUNetwork(u[used][:, None], b[used], w[used], c if abs(c) > NOTHING else 0.0)


def oriented(multiplier: Array, f: Array, y: Array, loss: Loss) -> Array:
    """The sign of an equality's multiplier is the modelling tool's choice; that of v brings Fenchel's inequality
    loss(f) >= g(v) - v.f nearer to an equality, and where a constraint, or a loss of nothing, makes it one anyway, g(v)
    is larger."""

    def reach(v: Array) -> float:
        v = loss.into_domain(v, y)
        return loss.dual_value(v, y) - (0.0 if loss.constrained else NEARLY * float(v @ f))

    return max(multiplier, -multiplier, key=reach)
