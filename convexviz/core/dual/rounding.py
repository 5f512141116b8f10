"""What rounding may do to the two sides of a certificate, bounded from above (Higham 2002, chapters 3 and 4).

A sum of k terms computed in any order errs by at most k eps sum |terms|, by pairs (as numpy does) log2(k) eps. These
bounds are worst cases: true errors are far smaller, and in the problems one meets even the bounds do not show.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..losses import Loss, by_rows
from ..network import Array, ReLUNetwork

EPS = float(np.finfo(float).eps)
PAIRWISE = 128  # numpy sums so many terms one after another before it sums by pairs
LANES = {1: 12, 2: 8}  # partial sums side by side in a product with v (n,) and with v (n, K)
FEW = 8  # operations of a formula on a number


def sum_error(terms: Array) -> float:
    """Bound on the error of numpy's sum of `terms` (n,), each of them computed by a few operations."""
    return EPS * (FEW + _depth(len(terms))) * float(np.abs(terms).sum())


def _depth(n: int) -> float:
    return min(n, PAIRWISE / 8 + math.log2(max(n, 2)))  # eight partial sums side by side


def lengths(v: Array) -> Array:
    """|v_i| of v (n,), ||v_i|| of v (n, K), shape (n,)."""
    return np.abs(v) if v.ndim == 1 else np.linalg.norm(v, axis=1)


def output_error(network: ReLUNetwork, X: Array) -> Any:
    """Bound on the error of f(x_i) over the rows of X (n, d): a number, or (K,) for K outputs."""
    if not network.width:
        return EPS * np.abs(network.c)
    offsets = X if network.center is None else X - network.center
    if network.dimension == 1:  # u x is exact, and x - t is rounded once
        ends = np.array([[offsets.min()], [offsets.max()]])
        reach = np.abs(ends * network.U[:, 0] + network.b).max(axis=0)
    else:
        reach = np.abs(network.U) @ np.abs(offsets).max(axis=0) + np.abs(network.b)
    terms = np.abs(network.w).T @ reach
    return EPS * (network.width + network.dimension + FEW) * (terms + np.abs(network.c))


def loss_error(loss: Loss, f: Array, y: Array, f_error: Any) -> float:
    """Bound on the error of the data term at outputs f, (n,) or (n, K), each known to `f_error`, (K,) for K."""
    if loss.constrained:  # the data term is zero, and whether it is met is judged with `output_error`
        return 0.0
    weight = loss.weight * np.ones(len(y))
    terms = loss.parts(f, y).ravel()
    each = f_error + EPS * (np.abs(f) + np.abs(y))  # of what a residual or a margin is computed from
    if loss.smooth and np.isfinite(loss.steepest):
        bent = 0.5 * float(np.sum(f_error**2)) * float(weight.sum()) * max(1.0, loss.steepest)
        return float(np.vdot(by_rows(weight, np.abs(loss.plain.gradient(f, y))), each)) + bent + sum_error(terms)
    if np.isfinite(loss.slope):
        return float((weight * loss.slope) @ each) + sum_error(terms)
    highest = np.maximum(loss.terms(f + each, y), loss.terms(f - each, y))  # a convex function falls no steeper
    return float(np.sum(highest - terms)) + 3 * sum_error(highest)


def penalty_error(network: ReLUNetwork) -> float:
    """Bound on the error of sum ||w_j|| ||u_j||, where ||u_j|| is 1 up to rounding."""
    return EPS * (2 * FEW + _depth(network.width) + network.dimension + network.outputs - 1) * network.penalty


def line_maximum(x: Array, v: Array) -> tuple[float, float]:
    """M(v) for inputs x (n,) and its error, in extended precision where the machine has one.

    N_v(1, t) and N_v(-1, t) are piecewise linear in t with breakpoints at the data. The error is bounded along the way
    (Higham 2002, section 3.3): each step of a running sum rounds the sum so far, not all that went into it.
    """
    order = np.argsort(x)
    mass, gaps = v[order].astype(np.longdouble), np.diff(x[order].astype(np.longdouble))
    left, left_error = _ramps(mass, gaps)
    right, right_error = _ramps(mass[::-1], gaps[::-1])
    return float(max(left, right)), float(max(left_error, right_error))


def _ramps(mass: Array, gaps: Array) -> tuple[float, float]:
    """max_k |sum_i<k mass_i (t_k - t_i)| for masses (n,) at places that are `gaps` (n-1,) apart, and its error."""
    height, error = ramp_heights(mass, gaps)
    top = np.abs(height).max()
    return top, error + EPS * top


def ramp_heights(mass: Array, gaps: Array) -> tuple[Array, float]:
    """sum_i<k mass_i (t_k - t_i) for every k, (n,), and a bound on the error of each, in the precision of `mass`."""
    eps = np.finfo(np.longdouble).eps
    below = np.cumsum(mass)[:-1]
    steps = below * gaps
    height = np.cumsum(steps)
    steps_error = eps * (np.cumsum(np.abs(below)) * gaps + 2 * np.abs(steps))
    error = np.sum(steps_error) + eps * np.sum(np.abs(height))
    return np.concatenate([np.zeros(1, height.dtype), height]), error


def maximum_error(X: Array, v: Array, bias: bool) -> float:
    """Bound on the error of M(v) = max |sum_i v_i (u.x_i + b)_+| summed in double precision over the rows of X.

    With biases the sums are taken about a data point, without them about the origin.
    """
    offsets = X - X.mean(axis=0) if bias else X
    reach = np.sqrt((offsets**2).sum(axis=1))
    terms = float(lengths(v) @ (reach + reach.max()))
    return EPS * (len(v) / LANES[v.ndim] + 4 * FEW) * terms
