"""What the figures of the plane share: the window, the colours of values, the points, networks in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork
from convexviz.core.solution import Solution

from ..parts import Range, Spec, Traces
from ..spec import Colorscale, Marker, Trace
from ..theme import FIT, OTHER_CLASS

View = tuple[Range, Range]  # limits of x1 and x2
Names = tuple[str, str]  # of the two axes
PLAIN: Names = ("x₁", "x₂")

PAD = 0.12  # of the data's extent, on each side of it
NEUTRAL = "#e8e8e8"  # values in the middle: readable on white paper and on black
POINT_EDGE = "#202020"


def view_of(X: Array) -> View:
    """A window around X, shape (n, 2)."""
    low, high = X.min(axis=0), X.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    low, high = low - PAD * extent, high + PAD * extent
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def line_in_window(normal: Array, height: float, window: View) -> Array:
    """Ends (2, 2) of the line {q : normal . q = height} in the window; (0, 2) where it passes by."""
    size = float(np.hypot(*normal))
    if size == 0:
        return np.empty((0, 2))
    foot, along = height * normal / size**2, np.array([-normal[1], normal[0]]) / size
    sides = np.array(window)  # (2, 2): limits of either axis
    with np.errstate(divide="ignore", invalid="ignore"):  # a line along an axis meets its sides at infinity or always
        at = (sides - foot[:, None]) / along[:, None]
    outside = (along == 0) & ((foot < sides[:, 0]) | (foot > sides[:, 1]))
    at[along == 0] = [-np.inf, np.inf]
    first, last = at.min(axis=1).max(), at.max(axis=1).min()
    if outside.any() or first >= last:
        return np.empty((0, 2))
    return np.array([foot + first * along, foot + last * along])


def grid(view: View, across: int, up: int | None = None) -> tuple[Array, Array]:
    """Evenly spaced positions along both axes, ends included."""
    return np.linspace(*view[0], across), np.linspace(*view[1], up or across)


def spaced(ends: Sequence[float]) -> Array:
    """The positions that `TraceMeta` names by the first, the last and their number."""
    low, high, count = ends
    return np.linspace(low, high, int(count))


def heights(network: ReLUNetwork, xs: Array, ys: Array) -> Array:
    """f on the grid, one row per y."""
    x, y = np.meshgrid(xs, ys)
    return network.predict(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)


def by_size(network: ReLUNetwork) -> ReLUNetwork:
    """The same network, its neurons sorted by |w|, the largest first: the order in which a page counts them."""
    return network.at_origin().take(np.argsort(-np.abs(network.w), kind="stable"))


def is_classes(solution: Solution) -> bool:
    """Whether the solution's loss tells two classes apart."""
    return get_loss(solution.loss).classification


def default_z_range(solution: Solution, X: Array, y: Array) -> Range:
    """Values that hold targets and fit with some air; the same distance to both sides of zero for classes."""
    values = np.concatenate([y, solution.network.predict(X)])
    if is_classes(solution):
        reach = max(1.5, 1.1 * float(np.abs(values).max()))
        return -reach, reach
    low, high = float(values.min()), float(values.max())
    air = 0.1 * ((high - low) or 1.0)
    return low - air, high + air


def diverging() -> Colorscale:
    """Colours of values, low to high, as on the board."""
    return [[0.0, OTHER_CLASS], [0.5, NEUTRAL], [1.0, FIT]]


def faded(colour: str, opacity: float) -> str:
    """A colour given as #rrggbb, with an opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def class_groups(y: Array) -> list[tuple[Array, str, str, str]]:
    """Members (n,) of bool, colour, symbol and name of the classes +1 and -1."""
    return [(y > 0, FIT, "circle", "class +1"), (y <= 0, OTHER_CLASS, "square", "class −1")]


def filled(spec: Spec, data: Traces) -> go.Figure:
    """The figure of a spec whose first traces get their data here instead of in the browser."""
    traces: Traces = []
    for i, trace in enumerate(spec["data"]):
        extra: Trace = data[i] if i < len(data) else {}
        marker: Marker = trace.get("marker", {}) | extra.get("marker", {})
        traces.append(trace | extra | ({"marker": marker} if marker else {}))
    return on_white(spec | {"data": traces})


def on_white(spec: Spec) -> go.Figure:
    """A figure for notebooks and slides; the page brings its own paper and ink."""
    return go.Figure(spec).update_layout(template="plotly_white")
