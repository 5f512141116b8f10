"""The function of least norm in the space of the tangent kernel, under the constraints or the loss of a network.

    min  loss(f(X), y) + (beta/2) ||f||^2,     f(x) = sum_i alpha_i Theta(x, x_i),     ||f||^2 = alpha' Theta alpha

with beta = 1 and no loss but the constraint f(X) = y or y_i f(x_i) >= 1 where the loss is one. There is no constant:
the kernel carries its bias as a feature. It is a squared l2 norm over *all* neurons where weight decay on both layers
is an l1 norm: to a neuron (u.x + b)_+ of the random first layer this function gives an output weight in proportion to

    N_alpha(u, b) = sum_i alpha_i (u.x_i + b)_+,

on the line to the k-th column of the kernel matrix K in proportion to (K'alpha)_k. Jacot, Gabriel & Hongler (2018);
for margins it is a support vector machine without a constant (Cortes & Vapnik 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from ..errors import SolveError
from ..losses import Loss, get_loss
from ..network import Array
from .kernels import TangentKernelRidge, tangent_kernel

ACCURACY = 1e-10  # of the quadratic program
SHORT = 1e-6  # by which a margin may fall short of 1 before it is scaled to it
NOTHING = 1e-7  # share of the largest multiplier below which an interior point means zero


@dataclass(frozen=True, eq=False)
class LeastNorm:
    """f(x) = sum_i alpha_i Theta(x, x_i), inputs X (n, d), alpha (n,), its values (n,) at X and its norm."""

    X: Array
    alpha: Array
    values: Array
    norm: float

    def predict(self, Z: ArrayLike) -> Array:
        """f at the rows of Z (k, d), shape (k,)."""
        return np.asarray(tangent_kernel(Z, self.X) @ self.alpha)


def least_norm(X: Array, y: Array, loss: str | Loss, beta: float = 1.0) -> LeastNorm:
    """The least-norm function for X (n, d), y (n,) under a squared, hinge or constraining loss.

    Raises ValueError for any other loss, and where the targets of points that coincide or nearly do contradict each
    other under `interpolate`; SolveError where the quadratic program of the margins has no answer.
    """
    loss = get_loss(loss)
    if loss.quadratic or loss.interpolates:
        ridge = TangentKernelRidge(ridge=beta if loss.quadratic else 0.0).fit(X, y)
        alpha = ridge.dual_coef_
    elif loss.linear is not None and loss.linear.margin:
        alpha = _margins(tangent_kernel(X), y, np.inf if loss.linear.hard else loss.linear.short / beta)
    else:
        raise ValueError(
            f"The least-norm function is known for squared, hinge, interpolate and hard_margin, got {loss.name!r}; use "
            "one of these."
        )
    values = tangent_kernel(X) @ alpha
    return LeastNorm(X, alpha, values, float(np.sqrt(max(alpha @ values, 0.0))))


def _margins(kernel: Array, y: Array, cap: float) -> Array:
    """alpha = y mu of the dual  max sum mu - (1/2) (y mu)' Theta (y mu),  0 <= mu <= cap."""
    n = len(y)
    capped = bool(np.isfinite(cap))
    rows = [-sparse.identity(n), *([sparse.identity(n)] if capped else [])]
    b = np.concatenate([np.zeros(n), np.full(n, cap)]) if capped else np.zeros(n)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = ACCURACY
    P = sparse.csc_matrix(np.triu(kernel * np.outer(y, y)))
    A = sparse.vstack(rows, format="csc")
    answer = clarabel.DefaultSolver(P, -np.ones(n), A, b, [clarabel.NonnegativeConeT(len(b))], settings).solve()
    mu = np.clip(np.asarray(answer.x), 0.0, cap)
    if not np.isfinite(mu).all() or not mu.any():
        raise _unsolved(str(answer.status))
    if capped:
        return np.asarray(y * np.where(mu > NOTHING * mu.max(), mu, 0.0))
    mu = _polished(kernel * np.outer(y, y), mu)
    least = float((y * (kernel @ (y * mu))).min())
    if not least >= 1.0 - SHORT:
        raise _unsolved(str(answer.status))
    return np.asarray(y * mu / min(least, 1.0))


def _polished(Q: Array, mu: Array) -> Array:
    """The vertex next to an interior point: margins of exactly 1 where mu > 0, and zeros elsewhere, if it is one."""
    held = mu > NOTHING * mu.max()
    exact = np.zeros(len(mu))
    exact[held] = np.linalg.lstsq(Q[np.ix_(held, held)], np.ones(int(held.sum())), rcond=None)[0]
    return exact if exact.min() >= 0.0 and (Q @ exact).min() >= 1.0 - SHORT else mu


def _unsolved(status: str) -> SolveError:
    return SolveError(
        f"The tangent kernel separates these points no better than rounding allows ({status}). Move points of "
        "different classes apart, or use the hinge loss.",
        status,
    )
