"""The same problem of K outputs where numbers are near one, and its certificate on the data as given.

What `convexviz.core.problem.units` does for one output: offsets of X and of the columns of Y removed, both scaled by
powers of two, which are exact symmetries. For the squared loss P = 2^2q P'(beta / 2^(p+q)), V = 2^q V'; for the
logistic loss, whose targets have no units, P = P'(beta / 2^p), V = V'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..dual.certificate import NEGLIGIBLE
from ..dual.rounding import EPS, sum_error
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..vector_network import vector_objective
from .units import Units


@dataclass(frozen=True, eq=False)
class VectorCertificate:
    """Both sides of weak duality for a network of K outputs; see `convexviz.core.dual.certificate.Certificate`."""

    objective: float
    lower_bound: float
    gap: float
    V: Array
    rounding: float


def certify_vector(
    network: ReLUNetwork, X: Array, Y: Array, beta: float, loss: Loss, bias: bool, V: Array, own: Units
) -> VectorCertificate:
    """Bounds on the data as given, from V (n, K) with M_Z(V) <= beta on the flat, both in the units of X and Y.

    M_X(V) <= |B| M_Z(V) + sum_i ||V_i|| ||r_i||, and what rounding may add is counted.
    """
    shifted, Y = ReLUNetwork(network.U, network.b, network.W, network.c - own.shift, network.center), Y - own.shift
    upper = vector_objective(shifted, X, Y, beta, loss)
    size = np.linalg.norm(V, axis=1)
    reach = np.linalg.norm(own.Z - (own.Z.mean(axis=0) if bias else 0.0), axis=1) * own.of_x
    adrift = float(np.linalg.norm([math.fsum(column) for column in V.T])) if bias else 0.0
    rounding = EPS * (len(V) / 8 + 32) * float(size @ (reach + reach.max()))
    highest = own.flat.stretch * (beta + rounding + 2 * adrift * float(reach.max())) + float(size @ own.flat.remainder)
    s = min(1.0, beta / highest)
    lower, hoped = loss.dual_value(s * V, Y), loss.dual_value(V, Y)
    error = _loss_error(shifted, X, Y, loss) + EPS * 40 * beta * network.penalty
    error += sum_error(loss.dual_terms(s * V, Y)) + 2 * sum_error(np.abs(Y * s * V).sum(axis=1))
    error += 2 * adrift * float(np.abs(Y).max())
    scale = max(abs(upper), NEGLIGIBLE * _baseline(Y, loss, bias), np.finfo(float).tiny)
    gap = (upper + error - lower) / scale
    return VectorCertificate(upper, lower, np.inf if gap < 0 else gap, s * V, error + max(0.0, hoped - lower))


def _baseline(Y: Array, loss: Loss, bias: bool) -> float:
    """Loss of the best constant network."""
    constant = loss.best_constant(Y) if bias else np.zeros(Y.shape[1])
    return loss.value(np.tile(constant, (len(Y), 1)), Y)


def _loss_error(network: ReLUNetwork, X: Array, Y: Array, loss: Loss) -> float:
    """Bound on the rounding of the data term."""
    offsets = X if network.center is None else X - network.center
    reach = np.abs(network.U) @ np.abs(offsets).max(axis=0) + np.abs(network.b)
    terms = np.abs(network.W).T @ reach + np.abs(network.c) + np.abs(Y).max(axis=0)
    each = EPS * (network.width + network.dimension + 8) * terms
    F = network.predict(X)
    steepest = np.abs(loss.gradient(F, Y)).sum(axis=0)
    weight = float(np.sum(loss.weight * np.ones(len(Y))))
    return float(steepest @ each) + weight * float(each @ each) + sum_error(loss.terms(F, Y))
