"""The certificate that makes "global" honest: a lower bound from any dual vector, in plain numpy.

Take a v, move it into the domain of the dual with sum v = 0, compute M(v) = max |N_v| with an exact oracle and shrink
v by s <= beta / M(v). Weak duality gives g(s v) <= P(beta) <= objective of the network, whatever produced either.
Nothing here trusts a solver: both sides are recomputed from the returned network and the vector v. Weights of the
points are part of the loss, see `convexviz.core.losses`. For K outputs v is (n, K), its columns sum to zero, and
|N_v| is ||v^T (Xu + b)_+||.

An offset of the targets is taken from them and from c first, which changes nothing but the digits that are kept. What
rounding may still have moved is bounded (`convexviz.core.dual.rounding`) and counts as part of the gap; proofs without
any rounding are `convexviz.core.dual.exact`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from ...data.scalars import shown
from ...data.validation import check_weights, has_columns
from ..arguments import check_candidate
from ..losses import Loss, get_loss
from ..network import Array, ReLUNetwork
from ..oracles.line import LineOracle
from ..oracles.origin import OriginOracle
from ..oracles.vector import VectorLineOracle
from ..rank import offset
from ..shape import Multipliers, Shape, check_shape
from ..solution import relative_gap
from . import shaped
from .repair import cheapest, missing
from .rounding import EPS, lengths, line_maximum, loss_error, maximum_error, output_error, penalty_error, sum_error

# Objectives below this share of the loss of the best constant network are rounding, so the gap is relative to at
# least that much: without it an optimum of exactly zero would have an undefined gap.
NEGLIGIBLE = 1e-9
FEASIBLE = 1e-9  # violation of a constraint, relative to the range of the targets, that is no wrong answer


class Oracle(Protocol):
    """Computes M(v) = max over neurons of |N_v|; `exact` says whether the maximum is proved."""

    @property
    def exact(self) -> bool:
        """Whether the last maximum was proved."""
        ...

    def maximum(self, v: Array) -> float:
        """M(v) for v of shape (n,) or (n, K) with sum v = 0."""
        ...


@dataclass(frozen=True)
class Certificate:
    """Both sides of weak duality for one network.

    Attributes
    ----------
    objective : loss(f(X), y) + beta sum ||w_j||; infinity if a constraint of the loss is violated.
    lower_bound : g(s v), at most the optimum; -infinity without an exact oracle.
    gap : (objective - lower_bound + rounding) relative to the objective; infinity where a bound is missing, and where
        they contradict each other.
    v : (n,) or (n, K) the feasible dual vector s v that proves the bound.
    dual_maximum : M(s v), at most beta.
    rounding : what rounding costs: by how much it may have moved the two bounds, together with what the lower one was
        lowered by so that it holds all the same.
    multipliers : of a problem with a shape: those of its rows that prove the bound together with v.
    """

    objective: float
    lower_bound: float
    gap: float
    v: Array
    dual_maximum: float
    rounding: float = 0.0
    multipliers: Multipliers | None = None

    def holds(self, tol: float) -> bool:
        """Whether the network is proved optimal to the relative tolerance `tol`."""
        return bool(self.gap <= tol)


@dataclass(frozen=True)
class _Bound:
    """A number and by how much rounding may have moved it."""

    value: float
    error: float


@dataclass(frozen=True)
class _Dual:
    """A lower bound with the vector that gives it, M of that vector, and what rounding may have moved.

    `allowance` is by how much the bound is lower because the rounding of M counts as part of M.
    """

    value: float
    error: float
    v: Array
    maximum: float
    allowance: float = 0.0
    multipliers: Multipliers | None = None


def objective(
    network: ReLUNetwork, X: Array, y: Array, beta: float, loss: str | Loss, sample_weight: Array | None = None
) -> float:
    """loss(f(X), y) + beta sum ||w_j||, recomputed from the network; X (n, d), y (n,) or (n, K), sample_weight (n,).

    For `interpolate` and `hard_margin` beta counts as 1 and a violated constraint gives infinity.
    """
    loss = _loss(loss, sample_weight, y)
    return _upper(*_without_offset(network, y, loss), X, beta, loss)[0].value


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
    only: bool = False,
    shape: Any = None,
    slope: Any = None,
    multipliers: Iterable[Multipliers] = (),
) -> Certificate:
    """Objective, lower bound and gap of a candidate network.

    Parameters
    ----------
    network : the candidate.
    X, y : (n, d) inputs and (n,) targets, or (n, K) for a network of K outputs.
    beta : weight-decay strength; `interpolate` and `hard_margin` use 1.
    loss : one of `LOSSES`.
    duals : dual vectors like y to try besides the one the network itself implies. Any vector gives a valid bound.
    oracle : exact oracle for M(v); on the line it is chosen by itself, elsewhere None means "no bound".
    bias : whether the problem has biases and a constant; without them sum v = 0 is not asked for.
    sample_weight : (n,) weights s_i >= 0 of the points in the loss; None for 1 each.
    only : whether to try none but these.
    shape, slope : of a problem with a shape on the line, as `convexviz.solve` takes them. A network that misses the
        shape by more than rounding has an infinite objective; what mends less than that counts as rounding.
    multipliers : for a shape: what to try with each of the duals and, the last of them, with the network's own; any
        give a valid bound, none are zeros.

    Raises
    ------
    ValueError
        If the arguments are not usable, or the loss does not determine v from the network and no dual vector is given.
    """
    if not isinstance(loss, Loss):  # the package's own calls come with a `Loss`, and data that are checked already
        loss = get_loss(loss, several=has_columns(y))
        X, y, beta, duals = check_candidate(network, X, y, beta, loss, duals, oracle, bias)
    loss = _loss(loss, sample_weight, y)
    beta = 1.0 if loss.constrained else beta
    form = shape if isinstance(shape, Shape) else check_shape(shape, slope)
    if form is not None:
        return _certify_shaped(network, X, y, beta, loss, list(duals), list(multipliers), form)
    if oracle is None and X.shape[1] == 1:
        oracle = _line_oracle(X, bias, y.ndim > 1)
    network, y = _without_offset(network, y, loss) if bias else (network, y)
    upper, f = _upper(network, y, X, beta, loss, bias)
    candidates = [np.asarray(v, float) for v in duals]
    if loss.smooth and not (only and candidates):
        candidates.append(loss.gradient(f, y))
    if not candidates:
        raise ValueError(
            f"The loss {loss.name!r} does not determine a dual vector from the network; got none. Pass duals=[v]."
        )
    lower = max((_lower(v, X, y, beta, loss, oracle, bias) for v in candidates), key=lambda d: d.value - d.error)
    return _compared(upper, lower, loss, y)


def _certify_shaped(
    network: ReLUNetwork,
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    duals: list[Array],
    multipliers: list[Multipliers],
    shape: Shape,
) -> Certificate:
    """The same for the networks with a shape, points X (n, 1): each dual vector with its multipliers."""
    there = loss.weight * np.ones(len(y)) > 0
    knots = np.unique(X[there, 0])
    network, y = _without_offset(network, y, loss)
    upper, f = _upper(network, y, X, beta, loss)
    if np.isfinite(upper.value):
        more = shaped.mending(network, f, X[:, 0], y, beta, loss, shape, upper.value)
        upper = _Bound(upper.value, upper.error + more) if np.isfinite(more) else _Bound(np.inf, 0.0)
    for given in multipliers:
        if not isinstance(given, Multipliers) or len(given.knots) != len(knots):
            raise ValueError(
                f"multipliers must be Multipliers at the {len(knots)} distinct points, got {shown(given)}; pass those "
                "of a solution of the same problem."
            )
    weighed = [m.allowed(shape) for m in multipliers] or [Multipliers.none(knots)]
    last = weighed[-1]
    pairs = [(np.asarray(v, float), weighed[min(k, len(weighed) - 1)]) for k, v in enumerate(duals)]
    if loss.smooth:
        pairs.append((loss.gradient(f, y), last))
    pairs.append((np.zeros(len(y)), Multipliers.none(knots)))
    lower = max((_lower_shaped(v, m, X, y, beta, loss, shape) for v, m in pairs), key=lambda d: d.value - d.error)
    return _compared(upper, lower, loss, y)


def _lower_shaped(
    v: Array, multipliers: Multipliers, X: Array, y: Array, beta: float, loss: Loss, shape: Shape
) -> _Dual:
    """g(s v) - s lambda.a for the best s there is with s |N_q| <= beta, see `shaped`."""
    v = loss.feasible(v, y, True)
    there = loss.weight * np.ones(len(y)) > 0
    maximum, error = shaped.highest(X[there, 0], v[there], multipliers)
    adrift, reach = abs(math.fsum(v)), float(np.ptp(X[there, 0]))
    highest, cost = maximum + error + 2 * adrift * reach, multipliers.cost(shape)
    s = shaped.scale(loss, v, y, beta / highest if highest > 0 else np.inf, cost)
    value, parts = loss.dual_value(s * v, y) - s * cost, np.abs(loss.dual_parts(s * v, y))
    hoped = shaped.scale(loss, v, y, beta / maximum if maximum > 0 else np.inf, cost)
    lost = loss.dual_value(hoped * v, y) - hoped * cost - value
    if not loss.classification:
        parts = parts + 2 * np.abs(y * s * v)
    bounds = [abs(bound) for bound in (shape.low, shape.high) if np.isfinite(bound)]
    of_cost = EPS * len(y) * s * float(np.abs(multipliers.slopes).sum()) * max([0.0, *bounds])
    error = sum_error(parts) + of_cost + 2 * s * adrift * float(np.abs(y).max())
    return _Dual(value, error, s * v, s * highest, max(0.0, lost), s * multipliers)


def _compared(upper: _Bound, lower: _Dual, loss: Loss, y: Array) -> Certificate:
    """The two bounds, and the gap between them with all that rounding may have moved."""
    if lower.value == -np.inf:
        return Certificate(upper.value, lower.value, np.inf, lower.v, lower.maximum)
    unsure = upper.error + lower.error
    rounding = unsure + lower.allowance
    gap = gap_of(upper.value + unsure, lower.value, loss, y)
    if gap < 0.0:  # the lower bound lies above the objective by more than rounding explains: neither is to be trusted
        gap = np.inf
    return Certificate(upper.value, lower.value, gap, lower.v, lower.maximum, rounding, lower.multipliers)


def gap_of(upper: float, lower: float, loss: Loss, y: Array) -> float:
    """The relative gap of two bounds on a problem.

    Where the optimum is next to zero, relative to a trifle of the best constant's loss, which no offset of y changes.
    """
    return relative_gap(upper, lower, NEGLIGIBLE * loss.baseline(y))


def _loss(loss: str | Loss, sample_weight: Array | None, y: Array) -> Loss:
    loss = get_loss(loss, several=y.ndim > 1)
    return loss if sample_weight is None else loss.weighted(check_weights(sample_weight, len(y)))


def _line_oracle(X: Array, bias: bool, several: bool) -> Oracle:
    """The exact oracle of points on the line, X (n, 1)."""
    if several:
        return VectorLineOracle(X, bias)
    return LineOracle(X) if bias else OriginOracle(X)


def _without_offset(network: ReLUNetwork, y: Array, loss: Loss) -> tuple[ReLUNetwork, Array]:
    """The same losses from targets nearer to zero: an offset of y and c would take digits from f - y."""
    if not loss.residual:
        return network, y
    shift = offset(y.reshape(len(y), -1)).reshape(y.shape[1:])
    return (replace(network, c=network.c - shift), y - shift) if shift.any() else (network, y)


def _upper(
    network: ReLUNetwork, y: Array, X: Array, beta: float, loss: Loss, bias: bool = True
) -> tuple[_Bound, Array]:
    """The objective, and the outputs f, (n,) or (n, K), it was computed from."""
    f = network.predict(X)
    error = output_error(network, X)
    reach = float(np.ptp(y)) if not loss.classification else 1.0
    if loss.constrained and loss.violation(f, y) > FEASIBLE * reach + error:
        return _Bound(np.inf, 0.0), f
    beta = 1.0 if loss.constrained else beta
    value = loss.value(f, y) + beta * network.penalty
    error = loss_error(loss, f, y, error) + beta * penalty_error(network) + 2 * EPS * value
    return _Bound(value, error + _mending(network, f, y, X, loss, bias)), f


def _mending(network: ReLUNetwork, f: Array, y: Array, X: Array, loss: Loss, bias: bool) -> float:
    """By how much a network that meets the constraints exactly may have to cost more than this one."""
    if not loss.constrained:
        return 0.0
    if loss.linear is None:  # what else it may take to meet a constraint nobody has said
        return np.inf
    if loss.linear.margin:  # w and c divided by the least margin
        short = loss.violation(f, y) + output_error(network, X)
        return float(network.penalty * short / max(1.0 - short, EPS))
    if not bias:  # no such network may exist: the violation is what is said of it
        return 0.0
    there = loss.weight * np.ones(len(y)) > 0
    return cheapest(X[there], *missing(network, X[there], y[there]))[0]


def _lower(v: Array, X: Array, y: Array, beta: float, loss: Loss, oracle: Oracle | None, bias: bool) -> _Dual:
    v = loss.feasible(v, y, bias)
    if oracle is None:
        return _Dual(-np.inf, 0.0, v, np.nan)
    maximum, error = _maximum(oracle, X, v, bias)
    if not oracle.exact:  # asked afterwards: some oracles know only then whether they had a proof
        return _Dual(-np.inf, 0.0, v, np.nan)
    # The true sum v = 0 is reached by a change of the size of what the sum is.
    adrift = float(np.linalg.norm([math.fsum(column) for column in v.reshape(len(v), -1).T])) if bias else 0.0
    reach = float(np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=1).max()))
    highest = maximum + error + 2 * adrift * reach
    s = loss.scale(v, y, beta / highest if highest > 0 else np.inf)
    value, parts = loss.dual_value(s * v, y), np.abs(loss.dual_parts(s * v, y))
    hoped = loss.dual_value(loss.scale(v, y, beta / maximum if maximum > 0 else np.inf) * v, y)
    if not loss.classification:  # differences of two numbers
        parts = parts + 2 * np.abs(y * s * v)
    error = sum_error(parts.ravel()) + 2 * s * adrift * float(np.abs(y).max())
    return _Dual(value, error, s * v, s * highest, max(0.0, hoped - value))


def _maximum(oracle: Oracle, X: Array, v: Array, bias: bool) -> tuple[float, float]:
    """M(v) and a bound on its rounding."""
    if isinstance(oracle, LineOracle):
        return line_maximum(X[:, 0], v)
    if isinstance(oracle, Judge):
        return oracle.judged(v)
    return oracle.maximum(v), maximum_error(X, v, bias)


@dataclass(frozen=True, eq=False)
class Judge:
    """M(v) on the data as given, from that on coordinates of a flat that nearly holds them.

    x_i = centre + B' (of_x z_i) + r_i gives M_X(v) <= of_x |B| M_Z(v) + sum_i ||v_i|| ||r_i||.
    """

    oracle: Oracle
    Z: Array
    of_x: float
    stretch: float
    remainder: Array
    bias: bool = True
    exact: bool = True

    def maximum(self, v: Array) -> float:
        """At or above M(v) for `v` (n,) or (n, K) with sum v = 0."""
        return sum(self.judged(v))

    def judged(self, v: Array) -> tuple[float, float]:
        """M(v) on the flat, in the units of x, and what remainders and rounding may add."""
        maximum, error = _maximum(self.oracle, self.Z, v, self.bias)
        rest = float(lengths(v) @ self.remainder)
        return self.of_x * self.stretch * maximum, self.of_x * self.stretch * error + rest


@dataclass(frozen=True, eq=False)
class Known:
    """An oracle's M(v) for one v on the points Z (n, r), remembered, for its multiples."""

    v: Array
    height: float
    Z: Array
    exact: bool = True

    def maximum(self, v: Array) -> float:
        """M(v) for a multiple of the v it is known for, and what the difference from one may add."""
        size = float(np.abs(self.v).max())
        factor = float(np.abs(v).max()) / size if size > 0 else 0.0
        reach = float(np.sqrt(((self.Z - self.Z.mean(axis=0)) ** 2).sum(axis=1).max()))
        return abs(factor) * self.height + 2 * reach * float(np.abs(v - factor * self.v).sum())
