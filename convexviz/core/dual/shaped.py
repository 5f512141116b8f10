"""Both sides of the certificate of a problem with a shape, see `convexviz.core.shape` and docs/MATH.md section 13.

For every v in the domain of g with sum v = 0 and all multipliers lambda >= 0 of the rows A F <= a of the shape,

    loss(f) + beta sum |w| >= g(v) - v.f + beta sum |w| + lambda.(A F - a)  >=  g(v) - lambda.a

as long as |N_q| <= beta for q = v - A' lambda, since sum |w| beta >= q.f then. (v, lambda) is shrunk as one. On the
line N_q is N_v plus running sums of lambda (`Multipliers.right`), so that no spacing of the data is divided by.

The other side: a network that misses the shape by rounding is compared with the nearest spline that has it.
"""

from __future__ import annotations

import numpy as np

from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..neurons import least_penalty
from ..shape import Multipliers, Shape, pieces_between
from .rounding import EPS, ramp_heights

MISSED = 1e-9  # of the largest slope: a violation of the shape up to here is rounding, and what mends it is counted


def missed(network: ReLUNetwork, ends: tuple[float, float], shape: Shape) -> tuple[float, float]:
    """By how much the network misses the shape between two places, and the size of its slopes."""
    if ends[0] == ends[1]:
        return 0.0, 0.0
    slopes = pieces_between(network, ends)[1]
    bounds = [abs(bound) for bound in (shape.low, shape.high) if np.isfinite(bound)]
    return shape.missed(slopes), max([float(np.abs(slopes).max()), *bounds])


def mending(
    network: ReLUNetwork, f: Array, x: Array, y: Array, beta: float, loss: Loss, shape: Shape, value: float
) -> float:
    """What a network with the shape near this one may cost more, at outputs f (n,) of inputs x (n,) and objective
    `value`; infinite where the shape is missed by more than rounding. Points of weight 0 have no say in it."""
    there = loss.weight * np.ones(len(y)) > 0
    ends = float(x[there].min()), float(x[there].max())
    worst, size = missed(network, ends, shape)
    if worst == 0.0:
        return 0.0
    if worst > MISSED * size:
        return np.inf
    edges, slopes = pieces_between(network, ends)
    fitting = shape.projected(slopes)
    moved = np.concatenate([[0.0], np.cumsum((fitting - slopes) * np.diff(edges))])
    near = f + np.interp(x, edges, moved)
    penalty = least_penalty(fitting)
    if loss.constrained:  # the values move by less than what counts as met
        return max(0.0, penalty - network.penalty) + network.penalty * float(np.abs(moved).max())
    return max(0.0, loss.value(near, y) + beta * penalty - value) + EPS * abs(value)


def highest(x: Array, v: Array, multipliers: Multipliers) -> tuple[float, float]:
    """max |N_q| for inputs x (n,), v (n,) and multipliers at the distinct x, and a bound on its rounding."""
    order = np.argsort(x, kind="stable")
    where = np.searchsorted(multipliers.knots, x[order])
    mass, gaps = v[order].astype(np.longdouble), np.diff(x[order].astype(np.longdouble))
    left, left_error = ramp_heights(mass, gaps)
    right, right_error = ramp_heights(mass[::-1], gaps[::-1])
    wide = Multipliers(*(a.astype(np.longdouble) for a in (multipliers.knots, multipliers.slopes, multipliers.bends)))
    left, right = left + wide.left[where], right[::-1] + wide.right[where]
    added = (
        float(np.finfo(np.longdouble).eps)
        * len(x)
        * float(np.abs(wide.slopes).sum() + np.abs(wide.bends).max(initial=0))
    )
    top = float(max(np.abs(left).max(), np.abs(right).max()))
    return top, float(max(left_error, right_error)) + added + EPS * top


def scale(loss: Loss, v: Array, y: Array, limit: float, cost: float) -> float:
    """A good s in [0, limit] for g(s v) - s cost.

    Where g(v) = y.v - ..., the cost is a shift of the targets along v.
    """
    square = float(v @ v)
    if cost and square > 0.0 and not loss.classification:
        y = y - (cost / square) * v
    return loss.scale(v, y, limit)
