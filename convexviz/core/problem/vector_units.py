"""The same problem of K outputs where numbers are near one, and its certificate on the data as given.

What `convexviz.core.problem.units` does for one output: offsets of X and of the columns of Y removed, both scaled by
powers of two, which are exact symmetries. For the squared loss P = 2^2q P'(beta / 2^(p+q)), V = 2^q V'; for the
logistic loss, whose targets have no units, P = P'(beta / 2^p), V = V'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..dual.certificate import NEGLIGIBLE
from ..dual.rounding import EPS, sum_error
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..rank import Reduction, offset, reduce_rank
from ..solution import Round
from ..vector_network import vector_objective
from .units import power_of_two


@dataclass(frozen=True, eq=False)
class VectorUnits:
    """The problem solved instead, and the way back; see `convexviz.core.problem.units.Units`.

    Attributes
    ----------
    flat : the data reduced to their rank.
    Z : (n, r) inputs of the problem solved.
    target : (n, K) its targets.
    beta : its strength of weight decay.
    of_x, of_y : 2^p and 2^q.
    shift : (K,) offsets of the targets.
    """

    flat: Reduction
    Z: Array
    target: Array
    beta: float
    of_x: float
    of_y: float
    shift: Array

    def given(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on z as one on x, the heaviest neurons first."""
        order = np.argsort(-network.sizes, kind="stable")
        U, b = network.U[order] @ self.flat.basis, network.b[order] * self.of_x
        W, c = network.W[order] * (self.of_y / self.of_x), self.shift + self.of_y * network.c
        if self.flat.far:
            return ReLUNetwork(U, b, W, c, self.flat.centre)
        return ReLUNetwork(U, b - U @ self.flat.centre, W, c)

    def solved(self, network: ReLUNetwork, bias: bool) -> ReLUNetwork:
        """A network on x as one on z."""
        centre = self.flat.centre if network.center is None else self.flat.centre - network.center
        U, b = network.U @ self.flat.basis.T, (network.b + network.U @ centre) / self.of_x
        W, c = network.W * (self.of_x / self.of_y), (network.c - self.shift) / self.of_y
        there = U.any(axis=1) | bias
        return ReLUNetwork.normalized(U[there], b[there] * bias, W[there], c * bias)

    def round_given(self, seen: Round) -> Round:
        """Bounds of a round of the problem solved as those of the problem given."""
        if self.of_y == 1.0:
            return seen
        return replace(seen, upper=self.of_y**2 * seen.upper, lower=self.of_y**2 * seen.lower)


def vector_units(X: Array, Y: Array, beta: float, loss: Loss, bias: bool) -> VectorUnits:
    """The problem of X (n, d), Y (n, K) in units of its own."""
    flat = reduce_rank(X, centred=bias)
    of_x, of_y, shift = power_of_two(float(np.abs(flat.Z).max())), 1.0, np.zeros(Y.shape[1])
    if loss.residual:
        shift = offset(Y) if bias else shift
        of_y = power_of_two(float(np.abs(Y - shift).max()))
    target = (Y - shift) / of_y if shift.any() or of_y != 1.0 else Y
    return VectorUnits(flat, flat.Z / of_x if of_x != 1.0 else flat.Z, target, beta / of_x / of_y, of_x, of_y, shift)


@dataclass(frozen=True, eq=False)
class VectorCertificate:
    """Both sides of weak duality for a network of K outputs; see `convexviz.core.dual.certificate.Certificate`."""

    objective: float
    lower_bound: float
    gap: float
    V: Array
    rounding: float


def certify_vector(
    network: ReLUNetwork, X: Array, Y: Array, beta: float, loss: Loss, bias: bool, V: Array, own: VectorUnits
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
