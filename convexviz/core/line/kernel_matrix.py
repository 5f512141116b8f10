"""The kernel matrix of points on the line: training is the choice of a vector of least l1 norm.

    K (n, 2n),   K_ik = (x_i - x_k)_+,   K_i,n+k = (x_k - x_i)_+

Its columns are the ramps that switch on at a data point, to the right and to the left. A network with its kinks at the
data is f(X) = K w + c, its penalty is ||w||_1, and no network of any width is cheaper than the best of these (Ergen &
Pilanci 2021, section 4.1): min ||w||_1 subject to y_i ((K w)_i + c) >= 1 for the hard margin, K w + c = y for
interpolation, loss(K w + c, y) + beta ||w||_1 otherwise. For n distinct x two columns are zero: no point lies to the
right of the last or to the left of the first. For any values f on n >= 2 distinct x

    min { ||w||_1 : K w + c = f } = R(f) = max(TV, (TV + |s_1 + s_last|) / 2),

the least penalty of a network of any width with these values, so nothing is lost by leaving all other ramps out. The
proof that w is optimal is a v with sum v = 0 and |K'v| <= beta in every column, touched in those with w_k != 0.
"""

from __future__ import annotations

import numpy as np

from ..network import Array, ReLUNetwork

AT_DATA = 1e-9  # of the range of x: how far from its point a kink may be by rounding


def kernel_matrix(x: Array) -> Array:
    """K (n, 2n) of points x (n,): ramps to the right at x_1, ..., x_n, then ramps to the left."""
    apart = np.subtract.outer(x, x)
    K: Array = np.maximum(np.hstack([apart, -apart]), 0.0)
    return K


def column_of(network: ReLUNetwork, x: Array) -> np.ndarray:
    """The column (m,) of K that each neuron of a network on the line is; of equal x the first has it.

    Raises ValueError for a neuron with its kink elsewhere.
    """
    kinks, u = network.kinks(), network.U[:, 0]
    apart = np.abs(np.subtract.outer(kinks, x))
    nearest = np.argmin(apart, axis=1) if len(kinks) else np.empty(0, int)
    away = apart[np.arange(len(kinks)), nearest]
    if len(kinks) and away.max() > AT_DATA * (float(np.ptp(x)) or 1.0):
        raise ValueError(
            f"Every kink must be at a data point, got one at {kinks[np.argmax(away)]:.6g}, {away.max():.2g} away from "
            "the nearest; K has no column for it."
        )
    return np.asarray(np.where(u > 0, nearest, nearest + len(x)))


def column_weights(network: ReLUNetwork, x: Array) -> Array:
    """w (2n,) with network(X) = K w + c; raises ValueError for a neuron with its kink elsewhere."""
    return np.bincount(column_of(network, x), weights=network.w, minlength=2 * len(x))


def network_of_columns(x: Array, w: Array, c: float) -> ReLUNetwork:
    """The network K w + c, a neuron for each w_k (2n,) that is not zero."""
    used, u = np.flatnonzero(w), np.repeat([1.0, -1.0], len(x))
    return ReLUNetwork(u[used][:, None], (-u * np.tile(x, 2))[used], np.asarray(w, float)[used], float(c))


def borders(network: ReLUNetwork, low: float, high: float) -> Array:
    """Where the sign of a network on the line changes strictly between `low` and `high`, from left to right.

    Where it is zero on a whole piece between two signs, that is the middle of the piece.
    """
    kinks = network.kinks()
    t = np.unique(np.concatenate([[low, high], kinks[(kinks > low) & (kinks < high)]]))
    f = network.predict(t[:, None])
    signed = np.flatnonzero(f)
    before, after = signed[:-1], signed[1:]
    turned = f[before] * f[after] < 0
    before, after = before[turned], after[turned]
    share = f[before] / (f[before] - f[after])
    straight = t[before] + share * (t[after] - t[before])
    return np.asarray(np.where(after == before + 1, straight, (t[before + 1] + t[after - 1]) / 2))
