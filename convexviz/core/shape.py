"""A shape on the line: bounds of the slope and a way to bend, between the first data point and the last.

    low <= f' <= high,   f' nondecreasing (convex), f' nonincreasing (concave)          on [x_1, x_N]

"increasing" is low = 0, "decreasing" is high = 0. Of f only its values F at the N distinct data points x_1 < ... < x_N
matter: whatever function has the shape, its secants s_j = (F_j+1 - F_j) / (x_j+1 - x_j) keep the bounds (mean value
theorem) and their order (three-chord lemma); and where the secants do, the linear spline through the values has the
shape. So the constraint on all networks is one on N numbers, linear, with one multiplier for each row: the weak
duality of docs/MATH.md section 13.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..data.scalars import check_choice, real_number, shown
from .network import Array, ReLUNetwork

SHAPES = ("increasing", "decreasing", "convex", "concave")
Slope = tuple[float | None, float | None]


@dataclass(frozen=True)
class Shape:
    """low <= f' <= high, infinite for an open end, and whether f' may only rise (convex), or only fall (concave)."""

    low: float = -math.inf
    high: float = math.inf
    convex: bool = False
    concave: bool = False
    names: tuple[str, ...] = ()
    slope: tuple[float, float] | None = None

    @property
    def level(self) -> bool:
        """Whether a constant has the shape."""
        return self.low <= 0.0 <= self.high

    @property
    def cone(self) -> bool:
        """Whether any positive multiple of what has the shape has it: no bound but 0."""
        return self.low in (-math.inf, 0.0) and self.high in (math.inf, 0.0)

    @property
    def least(self) -> float:
        """The allowed slope nearest to zero."""
        return min(max(0.0, self.low), self.high)

    def scaled(self, unit: float) -> Shape:
        """The shape where slopes are measured in this unit, above 0."""
        return Shape(self.low / unit, self.high / unit, self.convex, self.concave, self.names, self.slope)

    def missed(self, slopes: Array) -> float:
        """By how much the worst of these slopes (k,), from left to right, misses the shape; 0 where none does."""
        if not len(slopes):
            return 0.0
        rise = np.diff(slopes)
        worst = [self.low - slopes.min(), slopes.max() - self.high]
        worst += [-rise.min(initial=0.0)] * self.convex + [rise.max(initial=0.0)] * self.concave
        return float(max(0.0, *worst))

    def projected(self, slopes: Array) -> Array:
        """Slopes (k,) that have the shape, equal to the given ones where these have it."""
        slopes = np.clip(slopes, self.low, self.high)
        if self.convex and self.concave:
            return np.full_like(slopes, np.clip(np.median(slopes), self.low, self.high)) if np.ptp(slopes) else slopes
        if self.convex:
            return np.maximum.accumulate(slopes)
        return np.minimum.accumulate(slopes) if self.concave else slopes

    @property
    def words(self) -> str:
        """In words: "increasing, concave, slope between 0 and 2"."""
        words = list(self.names)
        if self.slope is not None:
            low, high = self.slope
            if low == high:
                words.append(f"slope {low:g}")
            elif math.isinf(high):
                words.append(f"slope at least {low:g}")
            elif math.isinf(low):
                words.append(f"slope at most {high:g}")
            else:
                words.append(f"slope between {low:g} and {high:g}")
        return ", ".join(words)


@dataclass(frozen=True, eq=False)
class Multipliers:
    """What the rows of a shape are worth, in the dual.

    Attributes
    ----------
    knots : (N,) the distinct data points, sorted (those of weight above 0).
    slopes : (N-1,) of the secants: above 0 where the lower bound of the slope holds f up, below 0 where the upper one
        holds it down.
    bends : (N-2,) of the changes of slope at the inner knots: above 0 where "convex" holds, below 0 where "concave".
    """

    knots: Array
    slopes: Array
    bends: Array

    @classmethod
    def none(cls, knots: Array) -> Multipliers:
        """Zeros."""
        return cls(knots, np.zeros(max(len(knots) - 1, 0)), np.zeros(max(len(knots) - 2, 0)))

    @cached_property
    def inner(self) -> Array:
        """The bends at all knots, (N,): none at the ends."""
        return np.concatenate([[0.0], self.bends, [0.0]])[: len(self.knots)]

    @property
    def right(self) -> Array:
        """What they add to N_v of the neurons (x - t)_+ at the knots, (N,)."""
        return np.append(np.cumsum(self.slopes[::-1])[::-1], 0.0) + self.inner

    @property
    def left(self) -> Array:
        """What they add to N_v of the neurons (t - x)_+ at the knots, (N,)."""
        return np.append(0.0, -np.cumsum(self.slopes)) + self.inner

    @property
    def mass(self) -> Array:
        """What they add to v, gathered on the knots, (N,)."""
        gaps = np.diff(self.knots)
        rate = self.slopes / gaps if len(gaps) else self.slopes
        bend = np.diff(self.inner) / gaps if len(gaps) else np.zeros(0)
        return np.diff(np.concatenate([[0.0], rate, [0.0]])) * -1.0 + np.diff(np.concatenate([[0.0], bend, [0.0]]))

    def allowed(self, shape: Shape) -> Multipliers:
        """Without those that have no row in the shape, which would be negative multipliers."""
        slopes = np.where(self.slopes > 0, self.slopes if shape.low > -math.inf else 0.0, 0.0)
        slopes = slopes + np.where(self.slopes < 0, self.slopes if shape.high < math.inf else 0.0, 0.0)
        bends = np.clip(self.bends, None if shape.concave else 0.0, None if shape.convex else 0.0)
        return Multipliers(self.knots, slopes, bends)

    def cost(self, shape: Shape) -> float:
        """What the bounds of the slope take from the dual value: high sum (lambda)_- - low sum (lambda)_+."""
        up, down = float(self.slopes[self.slopes > 0].sum()), -float(self.slopes[self.slopes < 0].sum())
        return (shape.high * down if down else 0.0) - (shape.low * up if up else 0.0)

    def __mul__(self, factor: float) -> Multipliers:
        return Multipliers(self.knots, factor * self.slopes, factor * self.bends)

    __rmul__ = __mul__

    def moved(self, factor: float, knots: Array) -> Multipliers:
        """In other units, at the same knots as they are measured there."""
        return Multipliers(knots, factor * self.slopes, factor * self.bends)


def check_shape(shape: Any, slope: Any) -> Shape | None:
    """The shape asked for, None for none; ValueError where it is unknown or contradicts itself."""
    names = _names(shape)
    bounds = _bounds(slope)
    if not names and bounds is None:
        return None
    low, high = bounds or (-math.inf, math.inf)
    tight_low = max(low, 0.0) if "increasing" in names else low
    tight_high = min(high, 0.0) if "decreasing" in names else high
    if tight_low > tight_high:
        raise ValueError(
            f"slope must leave room for shape={shape!r}, got slope={slope!r}: no slope is {' and '.join(names)} and "
            "between these bounds. Change one of them."
        )
    return Shape(tight_low, tight_high, "convex" in names, "concave" in names, names, bounds)


def _names(shape: Any) -> tuple[str, ...]:
    if shape is None or (isinstance(shape, str) and not shape):
        return ()
    several = [shape] if isinstance(shape, str) else shape
    if not isinstance(several, Iterable):
        several = [shape]
    known = "None leaves it out; several go in a tuple, as in shape=('increasing', 'concave')."
    chosen = [check_choice(name, "shape", SHAPES, known) for name in several]
    return tuple(name for name in SHAPES if name in chosen)


PAIR = 2


def _bounds(slope: Any) -> tuple[float, float] | None:
    """(low, high) as floats, infinite for an open end; None for no bounds."""
    if slope is None:
        return None
    remedy = "use for instance slope=(0, 2), with None for an open end."
    if isinstance(slope, str | bytes) or not isinstance(slope, Iterable) or len(ends := list(slope)) != PAIR:
        raise ValueError(f"slope must be two numbers (low, high), got {shown(slope)}; {remedy}")
    numbers = [
        open_end if end is None else real_number(end) for end, open_end in zip(ends, (-math.inf, math.inf), strict=True)
    ]
    low, high = numbers
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        raise ValueError(f"slope must be two numbers (low, high), got {shown(slope)}; {remedy}")
    if low > high or low == math.inf or high == -math.inf:
        raise ValueError(f"slope must have low <= high, got {shown(slope)}; {remedy}")
    return None if low == -math.inf and high == math.inf else (low, high)


def pieces_between(network: ReLUNetwork, ends: tuple[float, float]) -> tuple[Array, Array]:
    """Where f bends between two places, these included (p + 1,), and its slopes there from left to right (p,)."""
    kinks = network.kinks()
    inside = np.unique(kinks[(kinks > ends[0]) & (kinks < ends[1])])
    edges = np.concatenate([[ends[0]], inside, [ends[1]]])
    u, w = network.U[:, 0], network.w.astype(np.longdouble)
    to_right, to_left = u > 0, u < 0
    slopes = _running(kinks[to_right], w[to_right], edges[:-1]) + _running(-kinks[to_left], -w[to_left], -edges[1:])
    return edges, slopes.astype(float)


def _running(kinks: Array, w: Array, places: Array) -> Any:
    """The sums of w (m,) over the kinks at or left of each place (p,)."""
    order = np.argsort(kinks, kind="stable")
    sums = np.concatenate([np.zeros(1, w.dtype), np.cumsum(w[order])])
    return sums[np.searchsorted(kinks[order], places, side="right")]


def slopes_on_the_line(network: ReLUNetwork) -> Array:
    """The slopes of f on the whole line, from left to right."""
    return pieces_between(network, (-np.inf, np.inf))[1]
