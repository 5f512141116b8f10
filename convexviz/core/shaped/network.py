"""From a spline with a shape back to the network that writes it with the least sum |w|, shape and all.

The directions of `convexviz.core.neurons` hold whatever the shape; what is open is where the neuron that is active on
all the data has its kink, before the first data point or after the last. It is put where the shape goes on: for a
convex function at the end where its weight bends up, for a concave one where it bends down; else where the slope
stays within its bounds. Slopes are rounded to a common grid of binary numbers first, so that sums of weights are exact
and a level piece is level to the last digit.
"""

from __future__ import annotations

import math

import numpy as np

from ..network import Array, ReLUNetwork
from ..neurons import NO_WEIGHT, STRAIGHT, directions_of
from ..shape import Shape

DIGITS = 48  # binary digits of the steepest slope that the grid keeps: sums of a few weights need some, too
HARMLESS = 1e-13  # of the range of the values: what the grid may move f by


def shaped_network(x: Array, first: float, slopes: Array, shape: Shape) -> ReLUNetwork:
    """The spline through (x_1, first) with these slopes (k-1,) between the knots x (k,), which have the shape."""
    x, slopes = _merged(x, slopes)
    slopes = _gridded(x, slopes, shape)
    kinks, (right, left, rest) = x[1:-1], directions_of(slopes)
    before, after = _ends(slopes, rest, shape)
    knots = np.concatenate([x[:1], kinks, kinks[::-1], x[-1:]])
    u = np.repeat([1.0, -1.0], len(kinks) + 1)
    w = np.concatenate([[before], right, left[::-1], [-after]])
    used = np.abs(w) > NO_WEIGHT * np.abs(w).max(initial=0.0)
    knots, u, w = knots[used], u[used], w[used]
    return ReLUNetwork(u[:, None], -u * knots, w, float(first - w @ np.maximum(u * (x[0] - knots), 0.0)))


def _merged(x: Array, slopes: Array) -> tuple[Array, Array]:
    """Pieces whose slopes differ by rounding become one, of their mean slope, which keeps bounds and order."""
    kinks = np.abs(np.diff(slopes))
    bent = kinks > STRAIGHT * max(float(kinks.sum()), float(np.abs(slopes).max(initial=0.0)))
    first = np.concatenate([[0], 1 + np.flatnonzero(bent)])
    h = np.diff(x)
    means = np.add.reduceat(h * slopes, first) / np.add.reduceat(h, first)
    low, high = np.minimum.reduceat(slopes, first), np.maximum.reduceat(slopes, first)
    return np.append(x[first], x[-1]), np.clip(means, low, high)


def _gridded(x: Array, slopes: Array, shape: Shape) -> Array:
    """Multiples of a power of two within the bounds; as they are where that would move f, or leaves no room."""
    steepest = float(np.abs(slopes).max())
    if steepest == 0.0:
        return slopes
    unit = 2.0 ** (math.frexp(steepest)[1] - DIGITS)
    rise = float(np.abs(slopes) @ np.diff(x))
    low, high = (
        (math.ceil(shape.low / unit) * unit if np.isfinite(shape.low) else -np.inf),
        (math.floor(shape.high / unit) * unit if np.isfinite(shape.high) else np.inf),
    )
    if unit * float(np.ptp(x)) > HARMLESS * rise or low > high:
        return slopes
    return np.clip(np.round(slopes / unit) * unit, low, high)


def _ends(slopes: Array, rest: float, shape: Shape) -> tuple[float, float]:
    """The weight `rest` that is active on all the data, divided: before the first knot and after the last one.

    Beyond the knots the slopes are s_1 - before and s_last - after, and f bends by `before` and by -`after` there.
    """
    if rest == 0.0 or shape.convex == shape.concave:
        bound, sign = (shape.low, 1.0) if rest > 0 else (shape.high, -1.0)
        room = max(0.0, sign * (float(slopes[0]) - bound))
        before = sign * min(abs(rest), room)
        return before, rest - before
    at_first = (rest > 0) == shape.convex
    return (rest, 0.0) if at_first else (0.0, rest)
