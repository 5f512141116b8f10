"""The certificate that makes "global" honest: a lower bound from any dual vector, in plain numpy.

Take a v, move it into the domain of the dual with sum v = 0, compute M(v) = max |N_v| with an exact oracle and shrink
v by s <= beta / M(v). Weak duality gives g(s v) <= P(beta) <= objective of the network, whatever produced either.
Nothing here trusts a solver: both sides are recomputed from the returned network and the vector v. Weights of the
points are part of the loss, see `convexviz.core.losses`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..data.validation import check_weights
from .arguments import check_candidate
from .losses import Loss, best_constant, get_loss, mass
from .network import Array, ReLUNetwork
from .oracles.line import LineOracle
from .oracles.origin import OriginOracle

# Objectives below this share of the loss of the best constant network are rounding, so the gap is relative to at
# least that much: without it an optimum of exactly zero (a constant target) would have an undefined gap.
NEGLIGIBLE = 1e-9
FEASIBLE = 1e-9  # violation of a constraint, relative to the targets, that is rounding and not a wrong answer


class Oracle(Protocol):
    """Computes M(v) = max over neurons of |N_v|; `exact` says whether the maximum is proved."""

    exact: bool

    def maximum(self, v: Array) -> float:
        """M(v) for v of shape (n,) with sum v = 0."""
        ...


@dataclass(frozen=True)
class Certificate:
    """Both sides of weak duality for one network.

    Attributes
    ----------
    objective : loss(f(X), y) + beta sum |w|; infinity if a constraint of the loss is violated.
    lower_bound : g(s v), at most the optimum; -infinity without an exact oracle.
    gap : (objective - lower_bound) relative to the objective.
    v : (n,) the feasible dual vector s v that proves the bound.
    dual_maximum : M(s v), at most beta.
    """

    objective: float
    lower_bound: float
    gap: float
    v: Array
    dual_maximum: float

    def holds(self, tol: float) -> bool:
        """Whether the network is proved optimal to the relative tolerance `tol`."""
        return bool(self.gap <= tol)


def objective(
    network: ReLUNetwork, X: Array, y: Array, beta: float, loss: str | Loss, sample_weight: Array | None = None
) -> float:
    """loss(f(X), y) + beta sum |w|, recomputed from the network; X (n, d), y (n,), sample_weight (n,) or None.

    For `interpolate` and `hard_margin` beta counts as 1 and a violated constraint gives infinity.
    """
    loss = _loss(loss, sample_weight, len(y))
    f = network.predict(X)
    if loss.violation(f, y) > _rounding(network, X, y):
        return np.inf
    return loss.value(f, y) + (1.0 if loss.constrained else beta) * network.penalty


def certify(
    network: ReLUNetwork,
    X: Array,
    y: Array,
    beta: float,
    loss: str | Loss = "squared",
    duals: Iterable[Array] = (),
    oracle: Oracle | None = None,
    bias: bool = True,
    sample_weight: Array | None = None,
) -> Certificate:
    """Objective, lower bound and gap of a candidate network.

    Parameters
    ----------
    network : the candidate.
    X, y : (n, d) inputs and (n,) targets.
    beta : weight-decay strength; `interpolate` and `hard_margin` use 1.
    loss : one of `LOSSES`.
    duals : dual vectors (n,) to try besides the one the network itself implies. Any vector gives a valid bound.
    oracle : exact oracle for M(v); on the line it is chosen by itself, elsewhere None means "no bound".
    bias : whether the problem has biases and a constant; without them sum v = 0 is not asked for.
    sample_weight : (n,) weights s_i >= 0 of the points in the loss; None for 1 each.

    Raises
    ------
    ValueError
        If the arguments are not usable, or the loss does not determine v from the network and no dual vector is given.
    """
    if not isinstance(loss, Loss):  # the package's own calls come with a `Loss`, and data that are checked already
        loss = get_loss(loss)
        X, y, beta, duals = check_candidate(network, X, y, beta, loss, duals, oracle, bias)
    loss = _loss(loss, sample_weight, len(y))
    beta = 1.0 if loss.constrained else beta
    if oracle is None and X.shape[1] == 1:
        oracle = LineOracle(X) if bias else OriginOracle(X)
    candidates = [np.asarray(v, float) for v in duals]
    if loss.smooth:
        candidates.append(loss.gradient(network.predict(X), y))
    if not candidates:
        raise ValueError(
            f"The loss {loss.name!r} does not determine a dual vector from the network; got none. Pass duals=[v]."
        )
    upper = objective(network, X, y, beta, loss)
    bounds = [_bound(v, y, beta, loss, oracle, bias) for v in candidates]
    lower, v, maximum = max(bounds, key=lambda bound: bound[0])
    if lower == -np.inf:
        return Certificate(upper, lower, np.inf, v, maximum)
    return Certificate(upper, lower, relative_gap(upper, lower, loss, y), v, maximum)


def relative_gap(upper: float, lower: float, loss: Loss, y: Array) -> float:
    """(upper - lower) / upper, not below zero; where the optimum is zero, relative to a trifle of the data's scale."""
    if not np.isfinite(upper):
        return np.inf
    base = 1.0 if loss.constrained else loss.value(np.full(len(y), best_constant(loss, y)), y)
    # Of equal targets, whose mean rounds.
    rounding = mass(loss.weight, len(y)) * (NEGLIGIBLE * float(np.abs(y).max())) ** 2
    scale = max(abs(upper), NEGLIGIBLE * base, rounding, np.finfo(float).tiny)
    return max(0.0, (upper - lower) / scale)


def _loss(loss: str | Loss, sample_weight: Array | None, n: int) -> Loss:
    loss = get_loss(loss)
    return loss if sample_weight is None else loss.weighted(check_weights(sample_weight, n))


def _bound(
    v: Array, y: Array, beta: float, loss: Loss, oracle: Oracle | None, bias: bool
) -> tuple[float, Array, float]:
    v = loss.project(v, y) if bias else loss.into_domain(v, y)
    if oracle is None:
        return -np.inf, v, np.nan
    maximum = oracle.maximum(v)
    if not oracle.exact:  # asked afterwards: some oracles know only then whether they had a proof
        return -np.inf, v, np.nan
    s = loss.scale(v, y, beta / maximum if maximum > 0 else np.inf)
    return loss.dual_value(s * v, y), s * v, s * maximum


def _rounding(network: ReLUNetwork, X: Array, y: Array) -> float:
    """How far f(X) may be from a constraint by rounding alone: the size of the summed terms times epsilon."""
    reach = float(np.abs(X).max()) * np.sqrt(X.shape[1])
    terms = float(np.abs(network.w) @ (reach + np.abs(network.b))) if network.width else 0.0
    return FEASIBLE * float(np.abs(y).max()) + 8 * np.finfo(float).eps * (terms + abs(network.c))
