"""The training problem on the line in scaled units, min_F loss(F, y) + beta R(F), and the bounds of any candidate.

R(F) = max(TV, (TV + |s_1 + s_last|) / 2) is the least sum |w| of a network with values F, TV the total variation of its
slopes (see `convexviz.core.neurons`). Whatever solver it comes from, a spline and a dual mass on the rows give
an upper and a lower bound here, on all knots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..losses import Loss
from ..network import Array
from ..neurons import drop_straight, least_penalty
from ..oracles.line import LineDual, dual_function
from .active import Curvature
from .prepared import Hats, LineData

CLOSE = 1e-12  # relative distance of the bounds at which the optimum is exact
PEAK = 1e-10  # |N_v| above beta by less than this share is rounding


@dataclass(frozen=True, eq=False)
class Point:
    """A candidate on some knots: their indices, values, dual mass of the rows (R,), bounds in scaled units."""

    chosen: np.ndarray
    F: Array
    mass: Array
    upper: float
    lower: float
    right: Array
    left: Array

    def dual(self, knots: Array) -> LineDual:
        """The dual function on all knots."""
        return LineDual(knots, self.right, self.left)

    @property
    def height(self) -> Array:
        """|N_v| at all knots, (N,)."""
        return np.maximum(np.abs(self.right), np.abs(self.left))

    @property
    def distance(self) -> float:
        """How far the bounds are apart."""
        return self.upper - self.lower

    def meets(self, share: float) -> bool:
        """Whether the bounds are closer than this share of the upper one."""
        return self.distance <= share * max(abs(self.upper), CLOSE)


class LineProblem:
    """The scaled problem; as the model of a smooth loss it gives the data term of the rows' values f (R,)."""

    def __init__(self, data: LineData, loss: Loss, beta: float) -> None:
        self.data, self.loss, self.beta = data, loss, beta
        self.rows = data.target, data.count

    def at(self, beta: float) -> LineProblem:
        """The same at another beta."""
        return LineProblem(self.data, self.loss, beta)

    def value(self, f: Array) -> float:
        """Data term."""
        target, count = self.rows
        return self.loss.value(f, target, count)

    def slope(self, f: Array) -> Array:
        """Its gradient, (R,)."""
        target, count = self.rows
        return -count * self.loss.gradient(f, target)

    def curvature(self, f: Array) -> Curvature:
        """Its second derivative, diagonal."""
        target, count = self.rows
        return count * self.loss.curvature(f, target), None

    def total(self, hats: Hats, F: Array) -> float:
        """Data term and penalty of values F on the knots of `hats`."""
        return self.value(hats.values(F)) + self.beta * least_penalty(np.diff(F) / hats.h)

    def bound(self, chosen: np.ndarray, F: Array, hats: Hats, mass: Array | None = None) -> Point:
        """Upper and lower bound of the spline (chosen, F) with the rows' dual mass (R,), or that of a smooth loss."""
        target, count = self.rows
        f = hats.values(F)
        upper = self.value(f) + self.beta * least_penalty(np.diff(F) / hats.h)
        v = self.loss.project(self.loss.gradient(f, target) if mass is None else mass / count, target, count)
        dual = dual_function(self.data.t, self.data.gather(count * v))
        room = self.beta / dual.maximum if dual.maximum > 0 else np.inf
        scale = self.loss.scale(v, target, room, count)
        lower = self.loss.dual_value(scale * v, target, count)
        return Point(chosen, F, count * v, upper, lower, dual.right, dual.left)

    def cheapest(self) -> tuple[np.ndarray, Array, Array | None]:
        """The spline that costs next to no time: knots, values and dual mass of the rows, None where f determines it.

        It is the best constant, or for a hard margin the spline through the labels where they change.
        """
        target, count = self.rows
        if self.loss.constrained:
            change = np.flatnonzero(np.diff(target))
            chosen = np.unique(np.concatenate([[0], self.data.knot[change], self.data.knot[change + 1], self._last]))
            return chosen, target[self.data.first[chosen]], count * target
        c = self.loss.best_constant(target, count)
        return (
            np.concatenate([[0], self._last]),
            np.full(2, c),
            None if self.loss.smooth else count * self.loss.constant_dual(target, c, count),
        )

    def start(self) -> Point:
        """The cheapest spline with its bounds. Of a smooth loss its dual function peaks at beta_max."""
        chosen, F, mass = self.cheapest()
        return self.bound(chosen, F, Hats.on(self.data, chosen), mass)

    @property
    def _last(self) -> np.ndarray:
        return np.array([len(self.data.t) - 1])

    def through_all(self) -> Point:
        """The spline through all targets with beta times its own dual vector: optimal but for terms in beta^2.

        For a tiny beta the residuals y - f, about beta in size, are lost to rounding, and with them any other proof.
        """
        every = np.arange(len(self.data.t))
        F = self.data.target
        return self.bound(every, F, Hats.on(self.data, every), self.beta * interpolation_dual(self.data.t, F))

    def violated(self, point: Point, most: int) -> np.ndarray:
        """Knots at the local maxima of |N_v| above beta, at most so many, the worst first, not yet among its own."""
        height = point.height
        padded = np.concatenate([[-np.inf], height, [-np.inf]])
        peak = (height >= padded[:-2]) & (height >= padded[2:]) & (height > self.beta * (1 + PEAK))
        peaks = np.setdiff1d(np.flatnonzero(peak), point.chosen)
        return np.sort(peaks[np.argsort(-height[peaks], kind="stable")[:most]])


def interpolation_dual(knots: Array, F: Array) -> Array:
    """A dual vector (k,) with M(v) = 1 that proves the penalty of the spline through (knots, F) least.

    v.f = s_1 S + sum_k c_k A_k with A_k = N_v(x - x_k)_+ in [S - 1, 1] (S >= 0) or [-1, S + 1] (S < 0); taking each
    A_k at the end its kink's sign asks for and S in {0, sign D} attains R.
    """
    x, F = drop_straight(knots, F)  # kinks that are rounding would put huge masses into v
    slopes = np.diff(F) / np.diff(x)
    c = np.diff(slopes)
    D = slopes[0] + slopes[-1]
    S = float(np.sign(D)) if abs(D) > np.abs(c).sum() else 0.0
    A = np.concatenate([[S], np.where(c > 0, min(1.0, S + 1.0), max(-1.0, S - 1.0)), [0.0]])
    rate = np.diff(np.interp(knots, x, A)) / np.diff(knots)
    return np.diff(np.concatenate([[0.0], rate, [0.0]]))
