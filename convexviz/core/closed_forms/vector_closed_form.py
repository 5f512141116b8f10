"""Vector outputs on whitened data: one neuron per class, in closed form.

For X X^T = I, targets Y (n, K) and networks without biases, F = sum_j (Xu_j)_+ W_j^T with ||u_j|| = 1,

    P(beta) = min  1/2 ||F - Y||_F^2 + beta sum_j ||W_j||_2.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, for one-hot Y. That any
directions at no acute angle will do, for which one-hot rows are an example, goes beyond the paper.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import ArrayLike

from ...data.validation import check_targets
from ..dual.certificate import relative_gap
from ..losses import Squared
from ..network import Array, ReLUNetwork
from ..solution import Solution
from ..vector_network import vector_objective
from .closed_form import CERTIFIED, SOURCE, checked
from .whitening import check_whitened

SAME_DIRECTION = 1e-9  # distance of unit rows that differ by rounding; also a cosine that counts as zero
METHOD = f"closed form for vector outputs on whitened data, {SOURCE}"


def vector_whitened(X: ArrayLike, Y: ArrayLike, beta: float) -> Solution:
    """The optimum of 1/2 ||F - Y||_F^2 + beta sum_j ||W_j||_2, bias-free, for X X^T = I (n, d) and targets Y (n, K).

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
    U = lengths[used] @ X
    network = ReLUNetwork(
        U / np.linalg.norm(U, axis=1)[:, None],
        np.zeros(len(U)),
        (size[used] - beta)[:, None] * G[used],
        np.zeros(Y.shape[1]),
    )
    V, lower = _vector_bound(Y - network.predict(X), X, Y, beta, G, member)
    upper = vector_objective(network, X, Y, beta)
    gap = relative_gap(upper, lower, Squared(), Y.ravel())
    seconds = time.perf_counter() - begin
    return Solution(network, upper, lower, gap, gap <= CERTIFIED, V, (), METHOD, seconds, float(beta), "squared")


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


def _vector_bound(V: Array, X: Array, Y: Array, beta: float, G: Array, member: Array) -> tuple[Array, float]:
    """The best feasible multiple of V (n, K) and its dual value <Y, V> - 1/2 ||V||_F^2; see `vector_whitened`."""
    T = np.maximum((G @ V.T) * member, 0.0)  # row k is t_k
    remainder = float(np.linalg.norm(V - T.T @ G))
    cosine = float(np.max(G @ G.T - np.eye(len(G)), initial=0.0))
    longest = float(np.linalg.norm(T, axis=1).max(initial=0.0))
    maximum = float(np.linalg.norm(X, 2)) * (np.sqrt(1.0 + len(G) * cosine) * longest + remainder)
    s = Squared().scale(V.ravel(), Y.ravel(), beta / maximum if maximum > 0 else np.inf)
    return s * V, Squared().dual_value(s * V.ravel(), Y.ravel())
