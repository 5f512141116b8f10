"""Three ways to the same optimum: this package, and two well-known solvers on the dense dictionary of 2n ramps."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import cvxpy as cp
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso

import convexviz as cv

from .problems import Array, Fit

LASSO_TOLERANCE = 1e-8
LASSO_SWEEPS = 20_000  # it stops there whether or not it has converged; the excess tells

Train = Callable[[Array, Array, float], Fit]


def convexviz(x: Array, y: Array, beta: float) -> Fit:
    """`cv.solve` as everyone calls it, certificate included."""
    network = cv.solve(x[:, None], y, beta=beta).network
    return Fit(network.U[:, 0], network.b, network.w, network.c)


def ramps(x: Array) -> tuple[Array, Array, Array]:
    """The 2n ramps with kinks at the data: their values Phi (n, 2n), directions u and biases b (2n,)."""
    u = np.repeat([1.0, -1.0], len(x))
    b = -u * np.tile(x, 2)
    return np.maximum(np.outer(x, u) + b, 0.0), u, b


def clarabel(x: Array, y: Array, beta: float) -> Fit:
    """The problem as one writes it down, in cvxpy with Clarabel at its default accuracy."""
    Phi, u, b = ramps(x)
    w, c = cp.Variable(len(u)), cp.Variable()
    cp.Problem(cp.Minimize(0.5 * cp.sum_squares(Phi @ w + c - y) + beta * cp.norm1(w))).solve(solver=cp.CLARABEL)
    return Fit(u, b, np.asarray(w.value, dtype=float), float(np.asarray(c.value)))


def lasso(x: Array, y: Array, beta: float) -> Fit:
    """Coordinate descent of scikit-learn, whose objective is divided by n."""
    Phi, u, b = ramps(x)
    model = Lasso(alpha=beta / len(x), tol=LASSO_TOLERANCE, max_iter=LASSO_SWEEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(np.asfortranarray(Phi), y)
    return Fit(u, b, model.coef_, float(model.intercept_))


CONTESTANTS: dict[str, Train] = {
    "convexviz": convexviz,
    "cvxpy + Clarabel": clarabel,
    "scikit-learn Lasso": lasso,
}
