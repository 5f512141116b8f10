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

from .network import Array, ReLUNetwork

STRAIGHT = 1e-10  # a kink below this share of the total variation is rounding, not a neuron
LEVEL = 1e-8  # ... unless leaving it out would move the values by more than this share of them
NO_WEIGHT = 4 * np.finfo(float).eps  # a weight below this share of the largest is the rounding of a sum


def least_penalty(slopes: Array) -> float:
    """R for the slopes (k-1,) of a linear spline, in the units of the slopes."""
    variation = float(np.abs(np.diff(slopes)).sum())
    return max(variation, (variation + abs(float(slopes[0] + slopes[-1]))) / 2)


def drop_straight(x: Array, F: Array) -> tuple[Array, Array]:
    """Remove the knots at which the spline through (x, F) does not bend; the ends stay."""
    keep = bent_knots(x, F)
    return x[keep], F[keep]


def bent_knots(x: Array, F: Array) -> Array:
    """Indices of the knots that are left when those that do not bend are gone; both ends are among them.

    Of neighbours only every other one goes at a time: the two slopes at one of a pair of close knots are rounding,
    the bend of the pair is not.
    """
    kept = np.arange(len(x))
    while True:
        straight = ~bends(x[kept], F[kept])
        run = np.arange(len(kept)) - np.maximum.accumulate(np.where(straight, 0, np.arange(len(kept))))
        gone = straight & (run % 2 == 1)
        if not gone.any():
            return kept
        kept = kept[~gone]


def bends(x: Array, F: Array) -> np.ndarray:
    """Knots at which the spline through (x, F) bends by more than rounding, and the two ends: (k,) mask."""
    h = np.diff(x)
    kinks = np.abs(np.diff(np.diff(F) / h))
    size = np.maximum(np.abs(F[1:]), np.abs(F[:-1]))
    # An interval's slope is only known to the rounding of its values, which matters where points lie close.
    noise = 4 * np.finfo(float).eps * size / h
    # Beside a nearly vertical piece no other kink looks like much, but the distance from its neighbours' chord tells.
    away = kinks * h[1:] * h[:-1] / (h[1:] + h[:-1])
    matters = (kinks > STRAIGHT * kinks.sum()) | (away > LEVEL * np.maximum(size[1:], size[:-1]))
    return np.concatenate([[True], matters & (kinks > noise[1:] + noise[:-1]), [True]])


def spline_network(x: Array, F: Array) -> ReLUNetwork:
    """The network of least sum |w| that equals the spline through knots `x` (k,), sorted, with values `F` (k,).

    Outside the knots the spline runs straight on.

    There is at most one more neuron than there are kinks. First come the neurons active to the right, from left to
    right, then those active to the left, from right to left: where the spline has a level place the sums of the first
    1, 2, ... neurons then equal it on an ever longer stretch around that place.
    """
    if len(x) < 2:
        return ReLUNetwork.constant(float(F[0]), 1)
    x, F = drop_straight(x, F)
    slopes = np.diff(F) / np.diff(x)
    return directed_network(x, F, *directions_of(slopes))


def directed_network(x: Array, F: Array, right: Array, left: Array, rest: float) -> ReLUNetwork:
    """The network with right- and left-active neurons of weights (k-2,) each at the inner knots x (k,), and one of
    weight `rest` that is active on all the data; its value at the first knot is F[0]."""
    kinks = x[1:-1]
    knots = np.concatenate([x[:1], kinks, kinks[::-1]])
    u = np.concatenate([[1.0], np.ones(len(kinks)), -np.ones(len(kinks))])
    w = np.concatenate([[rest], right, left[::-1]])
    used = np.abs(w) > NO_WEIGHT * np.abs(w).max(initial=0.0)
    knots, u, w = knots[used], u[used], w[used]
    constant = float(F[0] - w @ np.maximum(u * (x[0] - knots), 0.0))
    return ReLUNetwork(u[:, None], -u * knots, w, constant)


def directions_of(slopes: Array) -> tuple[Array, Array, float]:
    """Weights of the right- and left-active neurons at the kinks, (k-2,) each, and of one active on all the data.

    Three cases, each attaining R: the slope passes zero (from there outward every kink needs one neuron, the kink at
    zero perhaps two); it does not, yet |D| <= TV; and |D| > TV.
    """
    c = np.diff(slopes)
    size = np.abs(c)
    D, variation = float(slopes[0] + slopes[-1]), float(size.sum())
    if slopes.min() <= 0.0 <= slopes.max():
        return *_outward(slopes, c), 0.0
    if abs(D) <= variation:
        before = np.concatenate([[0.0], np.cumsum(size)[:-1]])
        d = 2 * np.clip((D + variation) / 2 - before, 0.0, size) - size
        return (c + d) / 2, (c - d) / 2, 0.0
    d = np.sign(D) * size
    return (c + d) / 2, (c - d) / 2, (D - float(d.sum())) / 2


def _outward(slopes: Array, c: Array) -> tuple[Array, Array]:
    """Kinks left of the level place nearest the middle get left-active neurons, kinks right of it right-active ones."""
    changes = np.flatnonzero(slopes[:-1] * slopes[1:] <= 0.0)  # kinks whose two slopes enclose zero
    if not len(changes):  # one piece, level
        return np.zeros(len(c)), np.zeros(len(c))
    m = int(changes[np.argmin(np.abs(changes - len(c) / 2))])
    right, left = np.where(np.arange(len(c)) > m, c, 0.0), np.where(np.arange(len(c)) < m, c, 0.0)
    left[m], right[m] = -slopes[m], slopes[m + 1]
    return right, left


MARGIN_SLACK = 1e-6  # a smallest margin this close below 1 is made exactly 1 by scaling the network


def met_margins(network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
    """Scale the network so that margins a linear program meets to its tolerance are met to the last digit.

    Next to a tiny beta what each of them misses would count in the hinge loss.
    """
    margins = y * network.predict(X)
    short = margins[(margins > 1.0 - MARGIN_SLACK) & (margins < 1.0)]
    if not len(short):
        return network
    least = float(short.min())
    return ReLUNetwork(network.U, network.b, network.w / least, network.c / least)


def exact_margin(network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
    """Scale the network so that its smallest margin on X (n, d), y (n,) is 1 to the last digit."""
    for _ in range(2):  # once for the solver's tolerance, once for the rounding of the division
        margin = float((y * network.predict(X)).min())
        if not 1.0 - MARGIN_SLACK < margin < 1.0:
            break
        network = ReLUNetwork(network.U, network.b, network.w / margin, network.c / margin)
    return network
