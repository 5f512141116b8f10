"""Optimal networks without a solver's loop: whitened, spike-free and rank-one data.

All are bias-free (b = 0, c = 0) with the squared loss,

    P(beta) = min  1/2 ||sum_j (Xu_j)_+ w_j - y||^2 + beta sum_j ||w_j||,   ||u_j|| = 1,                           (1)

of one output, or of K on whitened data: w_j in R^K and the Frobenius norm.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, for several outputs with
one-hot Y: that any directions at no acute angle will do goes beyond the paper. Every answer carries the
certificate of `convexviz.core.dual.certificate`: the objective recomputed from the network, and the dual value of
v = y - f(X) shrunk by M(v) = max_u |v . (Xu)_+|, which each case knows, and bounds from above where X misses its
condition by rounding. So no certificate relies on the formula that it proves.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import nnls

from ...data.validation import check_problem, check_targets
from ..arguments import check_beta
from ..dual.certificate import certify, objective
from ..errors import SolveError
from ..geometry import spike_free as spikes
from ..losses import Squared
from ..network import Array, ReLUNetwork
from ..rank import reduce_rank
from ..solution import Solution
from ..solve import solve
from .whitening import check_whitened

SQUARED = Squared()
CERTIFIED = 1e-6  # relative gap at which the optimum counts as proved, as in `solve`
AS_GOOD = 1e-9  # relative rise of the objective that is the conic solver's accuracy
TIGHT = {"tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12}

SOURCE = "Ergen & Pilanci 2021"
WHITENED = f"closed form for whitened data, {SOURCE}"
SEVERAL_WHITENED = f"closed form for vector outputs on whitened data, {SOURCE}"
SAME_DIRECTION = 1e-9  # distance of unit rows that differ by rounding; also a cosine that counts as zero
RANK_ONE = f"closed form for rank-one data, {SOURCE}"
SPIKE_FREE = f"cone program for spike-free data, {SOURCE}"


def whitened(X: ArrayLike, y: ArrayLike, beta: float) -> Solution:
    """The optimum of (1) for X (n, d) with X X^T = I: at most two neurons, one for each sign of y (n,).

    With the parts y = y+ - y-:  u = X^T y+ / ||y+||, w = (||y+|| - beta)_+  and  u = X^T y- / ||y-||,
    w = -(||y-|| - beta)_+; a part that is zero or no longer than beta has no neuron.

    Proof. X maps the unit ball onto the unit ball, so (Xu)_+ runs through q >= 0, ||q|| <= 1, whence
    max_u v . (Xu)_+ = ||v+|| (q = v+ / ||v+||) and M(v) = max(||v+||, ||v-||). Here v+ = min(1, beta / ||y+||) y+ and
    likewise v-, so M(v) <= beta, with equality where a neuron stands: v is feasible and complementary.
    In general v . (Xu)_+ <= ||v+|| ||X||_2, which bounds M for an X that is whitened up to rounding.
    """
    begin = time.perf_counter()
    X, y = checked(X, y, beta)
    check_whitened(X)
    parts = [(sign, np.maximum(sign * y, 0.0)) for sign in (1.0, -1.0)]
    network = _network(
        X, [(X.T @ part, sign * (np.linalg.norm(part) - beta)) for sign, part in parts if np.linalg.norm(part) > beta]
    )
    stretch = float(np.linalg.norm(X, 2))
    return _solution(
        network,
        X,
        y,
        beta,
        _Height(_either_sign(lambda v: stretch * float(np.linalg.norm(np.maximum(v, 0.0))))),
        WHITENED,
        begin,
    )


def vector_whitened(X: ArrayLike, Y: ArrayLike, beta: float) -> Solution:
    """The optimum of (1) for X X^T = I (n, d) and K outputs, targets Y (n, K): one neuron for each class.

    Condition: different directions g_1, g_2, ... of the rows of Y have inner products <= 0. One-hot rows do, so do +-1
    (K = 1, the two parts of `whitened`), one number other than zero in each row, and corners of a regular simplex.
    Rows y_i = s_i g_k(i) then give one neuron per direction: with s_k the vector of the s_i of direction k,

        u_k = X^T s_k / ||s_k||,   W_k = (||s_k|| - beta)_+ g_k;      one-hot: s_k = y_k, the column, and g_k = e_k.

    Proof. V = Y - F has rows t_i g_k(i), t_k = min(1, beta / ||s_k||) s_k >= 0. (Xu)_+ runs through q >= 0, ||q|| <= 1,
    so that t_k . q >= 0, the cross terms are <= 0, and with the part q_k of q on the rows of direction k

        ||V^T q||^2 = ||sum (t_k . q_k) g_k||^2 <= sum (t_k . q_k)^2 <= sum ||t_k||^2 ||q_k||^2 <= max ||t_k||^2.

    q = t_k / ||t_k|| attains it: M(V) = max_k ||t_k|| <= beta, with equality where a neuron stands. Without the
    condition M(V)^2 = max over q >= 0 of q^T V V^T q is a copositive program, and there is no closed form.
    Rounding: inner products up to e > 0 among m directions and a remainder R of V off those rows give
    M(V) <= ||X||_2 (sqrt(1 + m e) max_k ||t_k|| + ||R||_F).

    Raises ValueError if X is not whitened or Y does not meet the condition.
    """
    begin = time.perf_counter()
    Y = check_targets(Y)
    X, _ = checked(X, Y[:, 0], beta)
    check_whitened(X)
    G, member = _directions(Y)
    lengths = np.linalg.norm(Y, axis=1) * member  # (m, n), row k is s_k
    size = np.linalg.norm(lengths, axis=1)
    used = size > beta
    U, w = lengths[used] @ X, (size[used] - beta)[:, None] * G[used]
    network = ReLUNetwork(U / np.linalg.norm(U, axis=1)[:, None], np.zeros(len(U)), w, np.zeros(Y.shape[1]))
    stretch = float(np.linalg.norm(X, 2))
    height = _Height(lambda V: stretch * _longest_part(V, G, member))
    return _solution(network, X, Y, beta, height, SEVERAL_WHITENED, begin)


def _directions(Y: Array) -> tuple[Array, Array]:
    """Directions G (m, K) of the rows of Y (n, K) and which row has which, (m, n) of 0 and 1; zero rows have none.

    Raises ValueError unless inner products of different directions are at most zero.
    """
    length = np.linalg.norm(Y, axis=1)
    rows = Y / np.where(length > 0, length, 1.0)[:, None]
    G, members = np.empty((0, Y.shape[1])), []
    for row, known in zip(rows, length > 0, strict=True):
        same = np.linalg.norm(G - row, axis=1) <= SAME_DIRECTION
        if known and not same.any():
            G = np.vstack([G, row])
            same = np.append(same, True)
        members.append(np.flatnonzero(same)[0] if known else -1)
    cosines = G @ G.T - np.eye(len(G))
    if cosines.max(initial=0.0) > SAME_DIRECTION:
        i, j = np.unravel_index(cosines.argmax(), cosines.shape)
        raise ValueError(
            "Rows of Y must point along directions with inner products of at most zero, as one-hot rows do; got rows "
            f"{members.index(int(i))} and {members.index(int(j))} (counted from 0) with a cosine of {cosines[i, j]:.3g}"
            ". Encode classes as one-hot rows, or fit every output alone with `whitened`."
        )
    return G, (np.arange(len(G))[:, None] == np.array(members)).astype(float)


def _longest_part(V: Array, G: Array, member: Array) -> float:
    """A number >= max of ||V^T q|| over q >= 0, ||q|| <= 1; see `vector_whitened`."""
    T = np.maximum((G @ V.T) * member, 0.0)  # row k is t_k
    remainder = float(np.linalg.norm(V - T.T @ G))
    cosine = float(np.max(G @ G.T - np.eye(len(G)), initial=0.0))
    longest = float(np.linalg.norm(T, axis=1).max(initial=0.0))
    return float(np.sqrt(1.0 + len(G) * cosine) * longest + remainder)


def rank_one(X: ArrayLike, y: ArrayLike, beta: float, bias: bool = False) -> Solution:
    """The optimum for X = z a^T (n, d), y (n,): two soft thresholds.

    Without biases (Xu)_+ = |a . u| (+-z)_+ is on one of two rays, farthest for u = +-a / ||a||. With r = ||a|| (+-z)_+,
    whose supports do not meet, (1) falls apart into w = sign(r . y) (|r . y| - beta)_+ / ||r||^2 for each of the two,
    and M(v) is the larger |r . v|. An X that is of rank one only up to rounding E adds ||E||_2 ||v|| to M.

    With `bias` the problem is a linear spline along a: `convexviz.solve` reduces to it (any points on a line will do).

    Raises ValueError if X has a larger rank.
    """
    begin = time.perf_counter()
    X, y = checked(X, y, beta)
    flat = reduce_rank(X, centred=bias)
    if flat.rank > 1:
        raise ValueError(
            f"X must have rank one, X = z a^T (with bias=True: points on a line); got shape {X.shape} of rank "
            f"{flat.rank}. Project on one direction, or use convexviz.solve(X, y, beta, bias={bias})."
        )
    if bias:
        return solve(X, y, beta)
    rays = np.maximum(np.outer([1.0, -1.0], flat.Z[:, 0]), 0.0)
    found = []
    for sign, ray in zip((1.0, -1.0), rays, strict=True):
        along = float(ray @ y)
        if abs(along) > beta:
            found.append((sign * flat.basis[0], np.sign(along) * (abs(along) - beta) / float(ray @ ray)))
    error = float(np.linalg.norm(X - flat.Z @ flat.basis, 2))
    height = _Height(_either_sign(lambda v: float((rays @ v).max()) + error * float(np.linalg.norm(v))))
    return _solution(_network(X, found), X, y, beta, height, RANK_ONE, begin)


def spike_free(X: ArrayLike, y: ArrayLike, beta: float, check: bool = True) -> Solution:
    """The optimum of (1) for spike-free X (n, d), y (n,), at most two neurons, by one second-order cone program.

    Spike-free means that (Xu)_+ over the unit ball runs through {Xu : Xu >= 0, ||u|| <= 1}, which is convex: neurons
    of one sign add up to one, and (1) is

        min over p, q >= 0 in the range of X of  1/2 ||p - q - y||^2 + beta (||X^+ p|| + ||X^+ q||),  p = Xa, q = Xc.

    Its dual function h(v) = max {v . Xu : Xu >= 0, ||u|| <= 1} is the length of the projection of X^T v on the cone
    Xu >= 0, which is min over m >= 0 of ||X^T (v + m)|| (Moreau): non-negative least squares, where any m bounds h from
    above.

    Parameters
    ----------
    check : whether to have X tested. Where the test could only sample, or is left out, the network is the optimum
        provided that X is spike-free, nothing is proved, and `method` says so.

    Raises
    ------
    ValueError
        If X is not spike-free, with a direction u that shows it.
    SolveError
        If the cone program has no answer.
    """
    begin = time.perf_counter()
    X, y = checked(X, y, beta)
    proved, remark = _spike_free_verdict(X) if check else (False, "taken on trust")
    Z = reduce_rank(X, centred=False)
    a, c = _cone_program(Z.Z, y, beta)
    both = [(a @ Z.basis, np.linalg.norm(a)), (c @ Z.basis, -np.linalg.norm(c))]
    networks = [_network(X, chosen) for chosen in ([], both[:1], both[1:], both)]
    values = [objective(network, X, y, beta, SQUARED) for network in networks]
    best = min(values) * (1 + AS_GOOD)
    network = next(network for network, value in zip(networks, values, strict=True) if value <= best)
    height = _Height(_either_sign(lambda v: _longest_in_cone(Z.Z, v)), proved)
    return _solution(network, X, y, beta, height, f"{SPIKE_FREE}; {remark}", begin)


@dataclass(eq=False)
class _Height:
    """An `Oracle`: M(v), or a bound on it from above."""

    maximum: Callable[[Array], float]
    exact: bool = True


def _either_sign(h: Callable[[Array], float]) -> Callable[[Array], float]:
    """M(v) from h(v) = max_u v . (Xu)_+, which is at least 0: the larger of h(v) and h(-v)."""
    return lambda v: max(0.0, h(v), h(-v))


def _network(X: Array, neurons: Sequence[tuple[Array, Any]]) -> ReLUNetwork:
    """Of neurons (direction (d,), of any length; weight); one without a direction is none."""
    neurons = [neuron for neuron in neurons if neuron[0].any()]
    U = np.array([u / np.linalg.norm(u) for u, _ in neurons]).reshape(len(neurons), X.shape[1])
    return ReLUNetwork(U, np.zeros(len(U)), np.array([w for _, w in neurons]), 0.0)


def _solution(
    network: ReLUNetwork, X: Array, y: Array, beta: float, height: _Height, method: str, begin: float
) -> Solution:
    proof = certify(network, X, y, beta, SQUARED, (), height, bias=False)
    return Solution(
        network=network,
        objective=proof.objective,
        lower_bound=proof.lower_bound,
        gap=proof.gap,
        certified=proof.holds(CERTIFIED),
        v=proof.v,
        history=(),
        method=method,
        seconds=time.perf_counter() - begin,
        beta=float(beta),
        loss="squared",
    )


def checked(X: ArrayLike, y: ArrayLike, beta: float) -> tuple[Array, Array]:
    """X (n, d) and y (n,) as float64; ValueError unless they and beta can be used."""
    X, y = check_problem(X, y, classification=False)
    check_beta(beta, "choose one such as 0.1")
    return X, y


def _spike_free_verdict(X: Array) -> tuple[bool, str]:
    """Whether X is proved to be spike-free, and how; ValueError if it is not."""
    result = spikes.spike_free(X)
    if not result.verdict:
        witness = np.array2string(np.asarray(result.witness), 10_000, 6, separator=", ", threshold=8)
        raise ValueError(
            f"X must be spike-free; got shape {X.shape} with a spike of margin {result.margin:.3g} at u = {witness}, "
            "whose (Xu)_+ lies outside the ellipsoid. Whiten the data, or use convexviz.solve(X, y, beta, bias=False)."
        )
    return not result.proved.startswith("sampled"), f"spike-free: {result.proved}"


def _cone_program(Z: Array, y: Array, beta: float) -> tuple[Array, Array]:
    """min 1/2 ||Z(a - c) - y||^2 + beta (||a|| + ||c||), Za >= 0, Zc >= 0: a and c (r,); solved in units of Z and y."""
    reach, unit = float(np.linalg.norm(Z, 2)), float(np.abs(y).max())
    if reach == 0 or unit == 0:
        return np.zeros(Z.shape[1]), np.zeros(Z.shape[1])
    a, c = cp.Variable(Z.shape[1]), cp.Variable(Z.shape[1])
    A = Z / reach
    misfit = 0.5 * cp.sum_squares(A @ (a - c) - y / unit)
    penalty = beta / (reach * unit) * (cp.norm2(a) + cp.norm2(c))
    problem = cp.Problem(cp.Minimize(misfit + penalty), [A @ a >= 0, A @ c >= 0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "may be inaccurate": the certificate tells
        problem.solve(solver=cp.CLARABEL, **TIGHT)
    if a.value is None or c.value is None:
        raise SolveError(
            f"The cone program must have an answer; Clarabel said {problem.status!r}. Rescale the data or use a larger "
            "beta.",
            str(problem.status),
        )
    return unit / reach * a.value, unit / reach * c.value


def _longest_in_cone(Z: Array, v: Array) -> float:
    """min over m >= 0 of ||Z^T (v + m)||, by non-negative least squares and then evaluated: a bound from above."""
    size = float(np.linalg.norm(v))
    if size == 0:
        return 0.0
    v = v / size
    try:
        m, _ = nnls(Z.T, -(Z.T @ v))
    except RuntimeError:  # too many steps; this m bounds h by ||Z^T v+||
        m = np.maximum(-v, 0.0)
    return size * float(np.linalg.norm(Z.T @ (v + m)))
