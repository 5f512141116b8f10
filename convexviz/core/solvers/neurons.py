"""From a linear spline back to the network that writes it with the least sum |w|.

For slopes s and kinks c_k = s_k - s_{k-1}, TV = sum |c_k| and D = s_1 + s_last, the least sum |w| is

    R = max(TV, (TV + |D|) / 2).

Weights w+_k on (x - x_k)_+ and w-_k on (x_k - x)_+ must satisfy w+_k + w-_k = c_k and sum (w+_k - w-_k) = D.
If |D| <= TV: d_k in [-|c_k|, |c_k|] with sum D, at most one strictly inside, w+- = (c_k +- d_k) / 2.
Otherwise d_k = sign(D) |c_k| and one neuron active on all the data carries what is left. Savarese et al. (2019) give R
for functions on the line; the reading back on finite data is elementary.
"""

from __future__ import annotations

import numpy as np

from ..network import Array, ReLUNetwork

STRAIGHT = 1e-10  # a kink below this share of the total variation is rounding, not a neuron


def least_penalty(slopes: Array) -> float:
    """R for the slopes (k-1,) of a linear spline, in the units of the slopes."""
    variation = float(np.abs(np.diff(slopes)).sum())
    return max(variation, (variation + abs(float(slopes[0] + slopes[-1]))) / 2)


def drop_straight(x: Array, F: Array) -> tuple[Array, Array]:
    """Remove the knots at which the spline through (x, F) does not bend; the ends stay."""
    slopes = np.diff(F) / np.diff(x)
    kinks = np.abs(np.diff(slopes))
    # An interval's slope is only known to the rounding of its values, which matters where points lie close.
    noise = 4 * np.finfo(float).eps * np.abs(F).max() / np.diff(x)
    bent = kinks > STRAIGHT * kinks.sum() + noise[1:] + noise[:-1]
    keep = np.concatenate([[True], bent, [True]])
    return x[keep], F[keep]


def spline_network(x: Array, F: Array) -> ReLUNetwork:
    """The network of least sum |w| equal to the spline through knots `x` (k,) sorted, values `F` (k,), straight outside.

    Neurons come sorted by the position of their kink; there is at most one more of them than there are kinks.
    """
    if len(x) < 2:
        return ReLUNetwork.constant(float(F[0]), 1)
    x, F = drop_straight(x, F)
    slopes = np.diff(F) / np.diff(x)
    c = np.diff(slopes)
    size = np.abs(c)
    D = float(slopes[0] + slopes[-1])
    variation = float(size.sum())
    budget = np.clip((D + variation) / 2, 0.0, variation)
    before = np.concatenate([[0.0], np.cumsum(size)[:-1]])
    d = 2 * np.clip(budget - before, 0.0, size) - size
    rest = 0.0
    if abs(D) > variation:
        d = np.sign(D) * size
        rest = (D - float(d.sum())) / 2
    right, left = (c + d) / 2, (c - d) / 2
    knots = np.concatenate([[x[0]], x[1:-1], x[1:-1]])
    u = np.concatenate([[1.0], np.ones(len(c)), -np.ones(len(c))])
    w = np.concatenate([[rest], right, left])
    used = np.abs(w) > STRAIGHT * max(variation, abs(D)) * 1e-3
    knots, u, w = knots[used], u[used], w[used]
    order = np.argsort(knots, kind="stable")
    knots, u, w = knots[order], u[order], w[order]
    constant = float(F[0] - w @ np.maximum(u * (x[0] - knots), 0.0))
    return ReLUNetwork(u[:, None], -u * knots, w, constant)


MARGIN_SLACK = 1e-6  # a smallest margin this close below 1 is made exactly 1 by scaling the network


def exact_margin(network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
    """Scale the network so that its smallest margin on X (n, d), y (n,) is 1 to the last digit."""
    for _ in range(2):  # once for the solver's tolerance, once for the rounding of the division
        margin = float((y * network.predict(X)).min())
        if not 1.0 - MARGIN_SLACK < margin < 1.0:
            break
        network = ReLUNetwork(network.U, network.b, network.w / margin, network.c / margin)
    return network
