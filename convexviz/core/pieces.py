"""A network on the line as what it is, a piecewise linear function: its pieces, its kinks, its level sets.

f(x) = c + sum_j w_j (u_j (x - center) + b_j)_+ with u_j = +-1 bends at t_j = center - u_j b_j, where its slope grows by
w_j, whichever side the neuron is active on. Between two kinks the slope is that of the active neurons, sum u_j w_j.

What counts as one kink: positions that agree up to the rounding of a position. A kink at which the weights cancel up
to the rounding of their sum is none (w and -w there make a straight line), and the pieces beside it are one. Every
other bend is kept, however small: it is part of the network. A slope that is zero up to rounding is given as 0.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

EPS = float(np.finfo(float).eps)
ROUNDING = 4.0  # times EPS: what rounding does to a position, and to a sum of weights, relative to their sizes
LEVEL = 1e-10  # of the scale of f: values that near are one value, far below a pixel and above what solvers leave


@dataclass(frozen=True)
class Piece:
    """f(x) = slope x + intercept for start <= x <= stop.

    Far from the origin (dates, time stamps) slope x and intercept are large and nearly cancel; there
    f(x) = value + slope (x - anchor) keeps the digits that `intercept` must lose.

    Attributes
    ----------
    start, stop : the ends, -inf and +inf for the first and the last piece.
    slope, intercept : of the line, the latter being its value at x = 0.
    anchor, value : a place on the piece, and f there.
    """

    start: float
    stop: float
    slope: float
    intercept: float
    anchor: float
    value: float

    def __call__(self, x: Any) -> Any:
        """The line at x, a number or an array."""
        return self.value + self.slope * (x - self.anchor)


class Kink(NamedTuple):
    """Where f bends, and by how much its slope grows there."""

    position: float
    change: float


class Interval(NamedTuple):
    """start <= x <= stop; a single point where the two are equal, and the ends may be infinite."""

    start: float
    stop: float


class Line(Protocol):
    """What is asked of a network with one input and one output, see `convexviz.ReLUNetwork`."""

    @property
    def U(self) -> Array: ...
    @property
    def b(self) -> Array: ...
    @property
    def w(self) -> Array: ...
    @property
    def c(self) -> Any: ...
    @property
    def center(self) -> Array | None: ...
    @property
    def penalty(self) -> float: ...
    def kinks(self) -> Array: ...
    def predict(self, X: Array) -> Array: ...


def kinks(network: Line) -> tuple[Kink, ...]:
    """The places where f bends, from left to right."""
    t, w = _bends(network)
    return tuple(Kink(float(at), float(change)) for at, change in zip(t, w, strict=True))


def pieces(network: Line) -> tuple[Piece, ...]:
    """The linear pieces from left to right; they touch, and cover the line."""
    t, _ = _bends(network)
    anchors = np.concatenate([t[:1], t]) if len(t) else np.zeros(1) + _center(network)
    values = network.predict(anchors[:, None])
    ends = [-math.inf, *t.tolist(), math.inf]
    parts = zip(ends, ends[1:], _slopes(network, t), anchors.tolist(), values.tolist(), strict=False)
    return tuple(Piece(low, high, slope, at - slope * x, x, at) for low, high, slope, x, at in parts)


def level_set(network: Line, value: float) -> tuple[Interval, ...]:
    """All x with f(x) = value, from left to right: points, and intervals where f is level."""
    found = pieces(network)
    near = _tolerance(network, found, value)
    if len(found) == 1:
        return _on_a_line(found[0], value, near)
    heights = np.array([piece.value - value for piece in found[1:]])  # at the kinks
    places = [*_level(found, np.abs(heights) <= near), *_crossings(found, heights, near)]
    return tuple(sorted(places))


def as_csv(network: Line, x: str = "x", y: str = "y") -> str:
    """The pieces as a table, a row for each, every float as it is; the names of the axes are in its head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"{x} from", f"{x} to", "slope", f"intercept of {y}"])
    writer.writerows([piece.start, piece.stop, piece.slope, piece.intercept] for piece in pieces(network))
    return out.getvalue()


# ---------------------------------------------------------------- kinks and slopes


def _center(network: Line) -> float:
    return 0.0 if network.center is None else float(network.center[0])


def _bends(network: Line) -> tuple[Array, Array]:
    """Positions (k,) and changes of slope (k,) of the kinks, in order: neurons that bend in one place together."""
    t, w = network.kinks(), network.w
    order = np.argsort(t, kind="stable")
    t, w = t[order], w[order]
    room = ROUNDING * EPS * np.maximum(np.abs(t), np.abs(_center(network)))
    first = np.concatenate([[True], np.diff(t) > room[1:]])[: len(t)]
    starts = np.flatnonzero(first)
    if not len(starts):
        return np.empty(0), np.empty(0)
    change, size = np.add.reduceat(w, starts), np.add.reduceat(np.abs(w), starts)
    bent = np.abs(change) > ROUNDING * EPS * size
    return t[starts][bent], change[bent]


def _slopes(network: Line, t: Array) -> list[float]:
    """Slope of each of the pieces between kinks t (k,), shape (k + 1,).

    The neurons active to the right and those active to the left are summed apart, each from the side where it is zero:
    so the slope beyond the last kink knows no rounding of the others.
    """
    at, u = network.kinks(), network.U[:, 0]
    middle = _inside(t)
    right, left = _active(at[u > 0], network.w[u > 0], middle), _active(-at[u < 0], network.w[u < 0], -middle)
    slope, size = right[0] - left[0], right[1] + left[1]
    slopes: list[float] = np.where(np.abs(slope) <= ROUNDING * EPS * size, 0.0, slope).tolist()
    return slopes


def _inside(t: Array) -> Array:
    """A place inside each of the pieces between kinks t (k,), shape (k + 1,)."""
    if not len(t):
        return np.zeros(1)
    return np.concatenate([[-np.inf], t[:-1] + 0.5 * np.diff(t), [np.inf]])


def _active(at: Array, w: Array, x: Array) -> tuple[Array, Array]:
    """Sum of the weights, and of their sizes, of the neurons that begin at `at` (m,) before x (k,)."""
    order = np.argsort(at, kind="stable")
    before = np.searchsorted(at[order], x, side="left")
    total, size = (np.concatenate([[0.0], np.cumsum(values[order])])[before] for values in (w, np.abs(w)))
    return total, size


# ---------------------------------------------------------------- level sets


def _tolerance(network: Line, found: Sequence[Piece], value: float) -> float:
    """How near two values of f are one: a share of its scale, and no less than what rounding does to it."""
    heights = [abs(piece.value) for piece in found]
    reach = float(np.abs(network.b).max(initial=0.0)) + abs(network.c)
    return float(LEVEL * max(abs(value), *heights) + ROUNDING * EPS * network.penalty * reach)


def _on_a_line(line: Piece, value: float, near: float) -> tuple[Interval, ...]:
    if line.slope == 0.0:
        return (Interval(-math.inf, math.inf),) if abs(line.value - value) <= near else ()
    return _points([line.anchor + (value - line.value) / line.slope])


def _points(places: Sequence[float]) -> tuple[Interval, ...]:
    return tuple(Interval(x, x) for x in places if math.isfinite(x))


def _level(found: Sequence[Piece], met: np.ndarray) -> list[Interval]:
    """The kinks at which the value is met (k,): neighbours of them make an interval, the outermost may make a ray."""
    made: list[Interval] = []
    for k in np.flatnonzero(met).tolist():
        joins = k > 0 and met[k - 1]
        start = made.pop().start if joins else found[k + 1].start
        if k == 0 and found[0].slope == 0.0:
            start = -math.inf
        last = k == len(met) - 1 and found[-1].slope == 0.0
        made.append(Interval(start, math.inf if last else found[k + 1].start))
    return made


def _crossings(found: Sequence[Piece], heights: Array, near: float) -> list[Interval]:
    """The points inside pieces where the value is crossed; `heights` (k,) are f less the value at the kinks."""
    sign = np.where(np.abs(heights) <= near, 0.0, np.sign(heights))
    places = [
        found[k + 1].anchor - heights[k] / found[k + 1].slope for k in np.flatnonzero(sign[:-1] * sign[1:] < 0).tolist()
    ]
    for piece, height, way, side in ((found[0], heights[0], 1.0, sign[0]), (found[-1], heights[-1], -1.0, sign[-1])):
        if way * side * np.sign(piece.slope) > 0:  # f runs toward the value on the way out
            places.append(piece.anchor - height / piece.slope)
    return list(_points([float(x) for x in places]))
