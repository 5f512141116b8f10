"""The polar set C^o = {v : |v . q| <= 1 on Q} and the gauge of C = Conv(Q u -Q), which is trained networks in disguise.

    gauge(y) = inf{t : y in tC} = min sum |w| over bias-free networks with f(X) = y = max{y . v : v in C^o}

The first two are equal because points of tC are sums of w_j (X u_j)_+ with sum |w| <= t, the last is strong duality.
y / gauge(y) lies on the boundary of C; there v supports C, touching it at the neurons in use. Along a direction phi
the boundary of C^o lies at 1 / max(h(phi), h(-phi)), h the support function of Q. Ergen & Pilanci (2021), section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..cutting.cutting_plane import solve_cutting_plane
from ..cutting.run import Plan
from ..cutting.sparse import at_most_n_neurons, without_the_idle
from ..dual.certificate import Certificate, certify
from ..errors import Infeasible, SolveError
from ..losses import Interpolate
from ..network import Array, ReLUNetwork
from ..numerics.threads import one_thread
from ..oracles.protocol import NeuronOracle
from ..solve import solve

OUTSIDE = 1e-9  # share of y off the span of C that is rounding
TOLERANCE = 1e-9  # relative gap at which a gauge is settled; the linear programs behind it end at vertices
UNBOUNDED = 1e-12  # support relative to the largest that is the rounding of zero
CUTS = 10  # times n: neurons of each sign added per round; far fewer rounds than one per round, see the oracle's cost
REACH = 100.0  # the polar is cut off this many times farther out than its nearest boundary point


@dataclass(frozen=True, eq=False)
class PolarBoundary:
    """Boundary of C^o along directions in sample space.

    Attributes
    ----------
    points : (k, 2), a closed curve, or (k, k, 3) a mesh.
    height : max(h(phi), h(-phi)) of every direction, (k,) or (k, k); the boundary lies at its inverse.
    bounded : whether C^o is bounded: whether C has full dimension.
    reach : the largest distance drawn; farther points, at infinity if not `bounded`, are cut off there.
    """

    points: Array
    height: Array
    bounded: bool
    reach: float


@dataclass(frozen=True, eq=False)
class Gauge:
    """min sum |w| over bias-free networks with f(X) = y.

    Attributes
    ----------
    value : the minimum; inf if no network has these values.
    network : optimal neurons with f(X) = y and sum |w| = value; None where there is none.
    v : (n,) a point of C^o with y . v = lower; if `value` is inf, the direction in which C^o is unbounded along y.
    lower : proved lower bound on the gauge, -inf without an exact oracle.
    gap : (value - lower) / value; zero where both are infinite.
    outside : (n,) part of y off the span of C; zero where the gauge is finite.
    reason : why there is no network, in words; else empty.
    """

    value: float
    network: ReLUNetwork | None
    v: Array
    lower: float
    gap: float
    outside: Array
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Contact:
    """The supporting hyperplane {q : v . q = 1} of C at y / gauge(y), and the neurons that touch it.

    Attributes
    ----------
    point : (n,) y / gauge(y) = sum_j w_j (X u_j)_+, on the boundary of C.
    v : (n,) normal, in C^o.
    U : (m, d) unit directions of the neurons.
    w : (m,) their weights, sum |w| = 1.
    q : (m, n) the touching points sign(w_j) (X u_j)_+, of which `point` is the mean with weights |w_j|.
    """

    point: Array
    v: Array
    U: Array
    w: Array
    q: Array


def polar_points(phi: Array, height: Array, bounded: bool) -> PolarBoundary:
    """Boundary points along unit directions `phi` (..., n) of support `height` (...)."""
    largest = float(height.max())
    reach = REACH / largest if largest > 0 else 1.0
    far = height <= UNBOUNDED * largest
    radius = np.minimum(1.0 / np.where(far, 1.0, height), reach)
    return PolarBoundary(phi * np.where(far, reach, radius)[..., None], height, bounded, reach)


def gauge_of(X: Array, Z: Array, basis: Array, y: Array, span: Array, oracle: NeuronOracle | None) -> Gauge:
    """The gauge of y (n,), X = Z basis (n, d), C spanning the columns of `span` (n, s).

    Without `oracle` the data must be of rank two, and `solve` finds its own; rank one needs none.
    """
    d, n, size = X.shape[1], len(y), float(np.abs(y).max(initial=0.0))
    outside = y - span @ (span.T @ y)
    away = float(np.linalg.norm(outside))
    if away > OUTSIDE * np.linalg.norm(y):
        return Gauge(np.inf, None, outside / away, np.inf, 0.0, outside, _reason(outside))
    if size == 0:
        return Gauge(0.0, ReLUNetwork.constant(0.0, d), np.zeros(n), 0.0, 0.0, np.zeros(n))
    target = _agreed(X, y - outside) / size
    if Z.shape[1] == 1:
        flat, v, lower, gap = _on_a_line(Z[:, 0], target)
    else:
        flat, v, lower, gap = _trained(Z, target, oracle)
    network = ReLUNetwork.normalized(flat.U @ basis, flat.b, flat.w * size, 0.0)
    return Gauge(network.penalty, network, v, lower * size, gap, np.zeros(n))


Trained = tuple[ReLUNetwork, Array, float, float]  # network on Z, v, lower bound, gap


def _agreed(X: Array, y: Array) -> Array:
    """Targets in the span of C agree on equal rows of X up to rounding; here to the last digit."""
    _, where, count = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    where = where.reshape(-1)
    return (np.bincount(where, weights=y) / count)[where]


def _on_a_line(z: Array, y: Array) -> Trained:
    """Rank one: y = a (z)_+ + b (-z)_+, of which no sample feels both, and v balances the two."""
    parts = [np.maximum(z, 0.0), np.maximum(-z, 0.0)]
    w = np.array([q @ y / max(q @ q, np.finfo(float).tiny) for q in parts])
    v = np.zeros(len(z))
    for q, weight in zip(parts, w, strict=True):
        v += np.sign(weight) * q / max(q @ q, np.finfo(float).tiny)
    used, penalty = w != 0, float(np.abs(w).sum())
    network = ReLUNetwork(np.array([[1.0], [-1.0]])[used], np.zeros(used.sum()), w[used], 0.0)
    lower = float(v @ y) / max(1.0, *(abs(float(v @ q)) for q in parts))
    return network, v, lower, max(0.0, 1.0 - lower / penalty)


def _trained(Z: Array, y: Array, oracle: NeuronOracle | None) -> Trained:
    failure: Infeasible | None = None
    try:
        if oracle is None:
            s = solve(Z, y, loss="interpolate", bias=False, tol=TOLERANCE)
            answer = s.network, s.v, s.lower_bound, s.gap
            value = s.objective
        else:
            network, proof = _interpolate(Z, y, oracle)
            answer, value = (network, proof.v, proof.lower_bound, proof.gap), proof.objective
    except Infeasible as error:  # y lies in the span of C, so this is a matter of rounding
        failure = error
    if failure is not None or not np.isfinite(value):
        raise SolveError(
            "No network meets the targets to rounding: two samples almost coincide, or one almost lies at the origin. "
            "Move the samples apart.",
            "targets missed",
        ) from failure
    return answer


def _interpolate(Z: Array, y: Array, oracle: NeuronOracle) -> tuple[ReLUNetwork, Certificate]:
    """Cutting planes with `oracle`, then as few neurons as the proof allows."""
    loss, plan = Interpolate(), Plan(TOLERANCE, bias=False, cuts=CUTS * len(y))
    with one_thread():
        network, duals, _ = solve_cutting_plane(Z, y, 1.0, loss, oracle, plan)
        first = certify(network, Z, y, 1.0, loss, duals, oracle, bias=False)
        if not first.holds(TOLERANCE):
            return network, first
        fewer = at_most_n_neurons(network, Z)
        fewer = without_the_idle(fewer, Z, y, 1.0, loss, first.lower_bound, TOLERANCE, bias=False)
        proof = certify(fewer, Z, y, 1.0, loss, [first.v], oracle, bias=False)
    return (fewer, proof) if proof.holds(TOLERANCE) else (network, first)


def _reason(outside: Array) -> str:
    worst = int(np.abs(outside).argmax())
    return (
        f"y is not in the span of C: no bias-free network takes these values, sample {worst + 1} is missed by at least "
        f"{abs(float(outside[worst])):.3g}. Samples at the origin, repeated samples and samples on one line bind each "
        "other; move them or the target, or use biases."
    )


def contact_of(X: Array, y: Array, gauge: Gauge) -> Contact:
    """Contact of C (n samples X) and its supporting hyperplane at y / gauge."""
    if gauge.network is None:
        raise ValueError(f"y must lie in the span of C to have a contact point. {gauge.reason}")
    if gauge.value == 0:
        raise ValueError("y must not be zero: the origin lies inside C. Give a target with a nonzero entry.")
    network = gauge.network
    q = (np.sign(network.w) * network.activations(X)).T
    return Contact(y / gauge.value, gauge.v, network.U, network.w / gauge.value, q)
